"""A message never says less than the change: merged, joined or cut, every move is shown or counted."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.rendering import RENDER
from tests.channels.samples import DRAFT, EDITS, NOW, PAGE, PLAN, diff, move, side
from watcher.alert import events, settle
from watcher.alert.message import compose
from watcher.alert.moves import move_line, objects
from watcher.alert.same_edit import fingerprint, join
from watcher.types import Event

NAMES = ("婴儿死亡率", "每千人口床位数", "人均预期寿命")
MORE = re.compile(r"另有(\d+)项指标变动")


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Versions of one plan in which statements come, go, change and come back; several may bear one name."""
    told = []
    now: list[tuple[str, str]] = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("567")), max_size=5))
    for at in range(draw(st.integers(1, 4))):
        moves, new = [], []
        for name, value in now:
            after = draw(st.sampled_from([value, value, "5", "6", "7", "8", None]))
            if after is not None:
                new.append((name, after))
            if after != value:
                moves.append(_move(name, value, after))
        for name, value in draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("56")), max_size=2)):
            new.append((name, value))
            moves.append(_move(name, None, value))
        now = new
        if moves:
            told.append(events.changed(PLAN, diff(moves, EDITS[:1]), NOW + timedelta(minutes=at)))
    return told


def _move(name: str, before: str | None, after: str | None) -> dict[str, object]:
    kind = "added" if before is None else "removed" if after is None else "changed"
    sides = [side("=", value) if value else None for value in (before, after)]
    return move(name, "‰", kind, kind if kind != "changed" else "raised", *sides)


def _balance(moves: list[object]) -> Counter[tuple[str, str]]:
    """What came minus what went, by name and value."""
    found: Counter[tuple[str, str]] = Counter()
    for one in objects(moves):
        for end, sign in (("before", -1), ("after", 1)):
            if isinstance(said := one.get(end), dict):
                found[str(one["name"]), said["value"]] += sign
    return Counter({key: count for key, count in found.items() if count})


@given(stories())
def test_merged_changes_lead_from_the_first_text_to_the_last(story: list[Event]) -> None:
    if not story:
        return
    every: list[object] = [one for event in story for one in objects(event.data["moves"])]
    merged = settle.merge(story)
    kept = objects(merged.data["moves"])
    assert _balance(list(kept)) == _balance(every)
    # A chain of n moves is one; what is not shown came back and is counted.
    assert len(kept) + int(str(merged.data.get("restored") or 0)) <= len(every)
    assert len(compose(merged).moves) == len(kept)


@given(stories())
def test_merging_twice_counts_as_merging_once(story: list[Event]) -> None:
    if len(story) < 3:
        return
    once, twice = settle.merge(story), settle.merge([settle.merge(story[:2]), *story[2:]])
    assert twice.data["changes"] == once.data["changes"] == len(story)
    assert _balance(list(objects(twice.data["moves"]))) == _balance(list(objects(once.data["moves"])))


def test_two_statements_of_one_name_stay_two_when_merged() -> None:
    county, city = _move(NAMES[0], "6", "5"), _move(NAMES[0], "8", "7")
    merged = settle.merge(
        [events.changed(PLAN, diff(one, []), NOW) for one in ([county, city], [_move(NAMES[1], "6", "7")])]
    )
    assert [line.text for line in compose(merged).moves] == [
        move_line(one).text for one in (county, city, _move(NAMES[1], "6", "7"))
    ]


@pytest.mark.parametrize("kind", sorted(set(RENDER) - {"webhook"}))
@given(count=st.integers(0, 320), width=st.integers(1, 70))
@settings(max_examples=6)
def test_every_move_is_shown_or_counted_however_a_channel_cuts(kind: str, count: int, width: int) -> None:
    moves = [
        move(f"第{at}号{'指标' * width}", "%", "changed", "raised", side("=", "1"), side("=", "2"))
        for at in range(count)
    ]
    event = events.changed(PLAN, diff(moves, EDITS), NOW)
    text = _text(kind, event)
    shown = len(set(re.findall(r"第(\d+)号", text)))
    assert shown + sum(map(int, MORE.findall(text)[:1])) == count


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
@settings(max_examples=15)
def test_every_move_of_a_digest_is_shown_or_counted(sizes: list[int]) -> None:
    inner = []
    for document, size in enumerate(sizes):
        facts = events.DocumentFacts(f"d{document}", f"第{document}市规划", "云州市", "final", "https://a.example")
        moves = [
            move(f"第{document}·{at}号指标", "%", "changed", "raised", side("=", "1"), side("=", "2"))
            for at in range(size)
        ]
        inner.append(events.changed(facts, diff(moves, EDITS, document=facts), NOW))
    event = events.digest(inner, NOW)
    message = compose(event)
    assert len(message.moves) == sum(sizes)
    assert len(message.facts) == sizes.count(0)
    for kind in ("wecom", "ntfy", "slack", "feishu", "console"):
        text = _text(kind, event)
        shown = len(set(re.findall(r"第(\d+·\d+)号", text)))
        assert shown + sum(map(int, MORE.findall(text)[:1])) == sum(sizes)


def _text(kind: str, event: Event) -> str:
    text = RENDER[kind](compose(event, "zh", PAGE), event)
    return json.dumps(json.loads(text), ensure_ascii=False) if text.startswith("{") else text


def test_an_edit_of_many_pages_is_joined_only_where_nothing_moved() -> None:
    moved = events.changed(DRAFT, diff(document=DRAFT), NOW)
    assert fingerprint(moved) is None
    plain = events.changed(PLAN, diff([]), NOW)
    joined = compose(join(plain, [events.changed(DRAFT, diff([], document=DRAFT), NOW)] * 40))
    assert "41个页面" in joined.facts[0]
    assert len(joined.edits) + joined.hidden_edits == 4


@pytest.mark.parametrize("ends", [("逐年提高", "保持稳定"), ("", "并保持稳定")])
def test_long_words_that_differ_at_their_end_show_where(ends: tuple[str, str]) -> None:
    same = "建立覆盖城乡的公共卫生服务体系，" * 12
    line = move_line(move("目标", "", "changed", None, *(side("text", None, text=same + end) for end in ends)))
    assert "→" in line.text
    assert all(end in line.text for end in ends)
    assert len(line.text) < 200
