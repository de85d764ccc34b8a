"""What becomes of a try, how fast a robot may be used, and what is told together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.samples import EDITS, MOVES, NOW, PLAN, diff, move, samples, side
from watcher.alert import events
from watcher.alert.backoff import LONGEST, delay, fate
from watcher.alert.message import compose
from watcher.alert.rates import horizon, robot, wait_for
from watcher.alert.same_edit import PAGES, fingerprint, join
from watcher.alert.settle import merge
from watcher.settings import Alerting, Channel, Secret
from watcher.types import Delivered, Event, Undelivered

ALERTING = Alerting(tries=8)


def test_success_is_sent() -> None:
    assert fate(Delivered("ok"), 1, NOW, ALERTING, 0.5).state == "sent"


@given(st.integers(1, 7), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 1e6))
@settings(max_examples=100)
def test_a_failure_waits_longer_each_time_and_never_less_than_asked(
    tries: int, chance: float, asked: float | None
) -> None:
    result = fate(Undelivered("503", retry_after=asked), tries, NOW, ALERTING, chance)
    assert result.state == "retry"
    assert result.not_before is not None
    wait = (result.not_before - NOW).total_seconds()
    # datetime keeps microseconds.
    assert wait >= min(asked or 0, 86400) - 1e-5
    assert wait >= delay(tries, 0) - 1e-5
    assert delay(tries, chance) <= LONGEST * 1.25
    assert delay(tries + 1, 0) >= delay(tries, 0)


def test_the_last_try_makes_a_dead_letter() -> None:
    result = fate(Undelivered("503"), 8, NOW, ALERTING, 0.0)
    assert result.state == "dead"
    assert "试了8次" in result.reason


def test_a_permanent_error_stops_the_channel_and_a_refused_message_does_not() -> None:
    assert fate(Undelivered("93000", permanent=True), 1, NOW, ALERTING, 0).state == "stopped"
    refused = fate(Undelivered("40058", rejected=True), 1, NOW, ALERTING, 0)
    assert (refused.state, refused.rejected) == ("dead", True)


def test_eight_tries_reach_over_a_night() -> None:
    assert 10 * 3600 < sum(delay(tries, 0) for tries in range(1, 8)) < 48 * 3600


WINDOWS = st.lists(st.tuples(st.integers(1, 5), st.sampled_from([1.0, 5.0, 60.0])), min_size=1, max_size=3)


@given(WINDOWS, st.integers(1, 40))
@settings(max_examples=60)
def test_a_sender_that_waits_never_exceeds_any_window(windows: list[tuple[int, float]], messages: int) -> None:
    now = NOW
    sent: list[datetime] = []
    for _ in range(messages):
        wait = wait_for(sent, windows, now)
        now += timedelta(seconds=wait + 1e-6)
        assert wait_for(sent, windows, now) <= 0
        sent.append(now)
    for count, seconds in windows:
        for first, later in zip(sent, sent[count:], strict=False):
            assert (later - first).total_seconds() >= seconds


def test_an_idle_robot_may_be_used_at_once() -> None:
    assert wait_for([], [(20, 60.0)], NOW) == 0
    assert wait_for([NOW - timedelta(seconds=61)] * 20, [(20, 60.0)], NOW) == 0
    assert wait_for([NOW] * 19, [(20, 60.0)], NOW) == 0
    assert wait_for([NOW] * 20, [(20, 60.0)], NOW) == 60
    assert horizon([(5, 1.0), (100, 60.0)]) == 60
    assert horizon([]) == 0
    with pytest.raises(ValueError, match="above zero"):
        wait_for([], [(0, 1.0)], NOW)


def test_channels_with_one_address_are_one_robot() -> None:
    first = Channel("a", "wecom", Secret("env:TEAM"))
    assert robot(first) == robot(Channel("b", "wecom", Secret("env:TEAM")))
    assert robot(first) != robot(Channel("c", "wecom", Secret("env:OTHER")))
    assert robot(Channel("d", "console")) == "console:d"


def page(
    number: int, edits: list[dict[str, object]], moves: list[dict[str, object]] | None = None, host: str = "a.gov.cn"
) -> Event:
    """A change of one of many pages."""
    document = events.DocumentFacts(f"d{number}", f"文件{number}", "云州市", "final", f"https://{host}/{number}.html")
    return events.changed(document, diff(moves or [], edits, document=document), NOW)


def footer_edit(number: int) -> list[dict[str, object]]:
    """The same change inside paragraphs that differ."""
    return [{
        "kind": "replace", "section": f"第{number}节", "before": f"第{number}页 主办：甲", "after": f"第{number}页 主办：乙",
        "spans": [["equal", f"第{number}页 主办："], ["delete", "甲"], ["insert", "乙"]],
    }]  # fmt: skip


def test_a_template_change_is_one_message() -> None:
    assert PAGES == 3
    pages = [page(n, footer_edit(n)) for n in range(30)]
    assert len({fingerprint(one) for one in pages}) == 1
    assert fingerprint(page(99, EDITS[:1])) != fingerprint(pages[0])
    joined = join(pages[0], pages[1:])
    also = joined.data["also"]
    assert isinstance(also, list)
    assert len(also) == 29
    message = compose(joined)
    assert message.facts[0] == "同一处改动同时出现在本站30个页面（可能是模板改动），除本文件外还有："
    assert message.facts[1] == "文件1"


def test_moves_and_other_sites_are_told_on_their_own() -> None:
    assert fingerprint(page(0, footer_edit(0), MOVES[:1])) is None
    assert len({fingerprint(page(n, footer_edit(n), host=f"h{n}.gov.cn")) for n in range(5)}) == 5
    assert {fingerprint(one) for one in samples().values() if one.type != "document.changed"} == {None}


def step(before: str, after: str, version: int) -> Event:
    """One small change of one indicator."""
    moved = move(
        "婴儿死亡率", "‰", "changed", "tightened", side("<=", before), side("<=", after), key="infant-mortality"
    )
    return events.changed(PLAN, diff([moved], [], versions=(version, version + 1)), NOW + timedelta(minutes=version))


def test_several_changes_within_the_settling_time_are_one() -> None:
    merged = merge([step("6", "5.5", 1), step("5.5", "5", 2)])
    message = compose(merged)
    assert [line.text for line in message.moves] == ["婴儿死亡率(2030)≤6‰ → ≤5‰"]
    assert message.moves[0].word == "收紧"
    assert "短时间内改动了2次，合并为一条" in message.facts
    assert merged.data["from"]["version"] == 1  # type: ignore[index]
    assert merged.data["to"]["version"] == 3  # type: ignore[index]


def test_what_came_back_is_said_and_not_listed() -> None:
    message = compose(merge([step("6", "5", 1), step("5", "6", 2)]))
    assert message.moves == ()
    assert "其间有1项指标改动后又恢复原值" in message.facts


def test_only_changes_of_one_document_are_merged() -> None:
    alone = step("6", "5", 1)
    assert merge([alone]) is alone
    for wrong in ([], [alone, page(1, EDITS)], [alone, samples()["document.gone"]]):
        with pytest.raises(ValueError, match=r"merged|different"):
            merge(wrong)
