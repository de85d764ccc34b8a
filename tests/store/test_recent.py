"""What is remembered for a moment: never more than allowed, never anything else than was added, and still there when it is needed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from watcher.store.recent import Recent

_steps = st.lists(st.tuples(st.integers(0, 12), st.binary(max_size=30)), max_size=60)


@given(_steps, st.booleans())
def test_it_gives_what_was_added_last_or_nothing_and_holds_no_more_than_it_may(
    steps: list[tuple[int, bytes]], in_turn: bool
) -> None:
    recent: Recent[int] = Recent(64, 20, in_turn=in_turn)
    last: dict[int, bytes] = {}
    for key, data in steps:
        recent.add(key, data)
        last[key] = data
        assert recent.get(key) == (data if len(data) <= 20 else None)
        there = {one: found for one in last if (found := recent.get(one)) is not None}
        assert all(found == last[one] for one, found in there.items())
        assert sum(map(len, there.values())) <= 64


def test_the_one_asked_for_longest_ago_gives_way() -> None:
    recent: Recent[str] = Recent(3)
    for key in "abc":
        recent.add(key, b"1")
    recent.get("a")
    recent.add("d", b"1")
    assert [key for key in "abcd" if recent.get(key)] == ["a", "c", "d"]


def test_what_is_asked_for_in_turn_is_mostly_there_though_not_all_of_it_fits() -> None:
    def hits(recent: Recent[int]) -> int:
        found = 0
        for key in [one * 7919 for one in range(50)] * 20:
            if recent.get(key):
                found += 1
            else:
                recent.add(key, b"1")
        return found

    assert hits(Recent(40)) == 0
    assert hits(Recent(40, in_turn=True)) > 400


def test_forgotten_is_forgotten_and_there_is_room_again() -> None:
    recent: Recent[int] = Recent(2)
    recent.add(1, b"12")
    recent.clear()
    assert recent.get(1) is None
    recent.add(2, b"34")
    assert recent.get(2) == b"34"
