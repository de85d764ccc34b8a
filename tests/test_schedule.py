"""When a source is due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.schedule import BACKOFF_CAP, QUIET_AFTER, next_check
from watcher.settings import Schedule

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
HOUR = 3600.0


def wait(schedule: Schedule, **more: object) -> float:
    return (next_check(schedule, NOW, dice=0.0, **more) - NOW).total_seconds()  # type: ignore[arg-type]


def test_the_interval_holds_and_jitter_only_lengthens() -> None:
    assert wait(Schedule(every=HOUR)) == HOUR
    assert (next_check(Schedule(every=HOUR, jitter=0.1), NOW, dice=1.0) - NOW).total_seconds() == pytest.approx(
        1.1 * HOUR
    )


def test_failures_lengthen_the_wait_up_to_a_day() -> None:
    waits = [wait(Schedule(every=HOUR), failures=count) for count in range(12)]
    assert waits == sorted(waits)
    assert waits[1] == HOUR
    assert waits[2] == 2 * HOUR
    assert max(waits) <= BACKOFF_CAP


def test_what_the_server_asks_for_is_kept() -> None:
    assert wait(Schedule(every=60.0), retry_after=900.0) == 900.0
    assert wait(Schedule(every=HOUR), fresh_for=1.5 * HOUR) == 1.5 * HOUR
    assert wait(Schedule(every=HOUR), fresh_for=99 * HOUR) == 2 * HOUR


def test_an_open_consultation_is_asked_more_often_and_an_old_text_less_often() -> None:
    assert wait(Schedule(every=HOUR), urgent=True) == HOUR / 2
    assert wait(Schedule(every=HOUR), quiet_for=QUIET_AFTER + timedelta(days=1)) == 2 * HOUR
    assert wait(Schedule(every=HOUR), quiet_for=3 * QUIET_AFTER) == 4 * HOUR


def test_cron_fires_in_its_own_time_zone() -> None:
    due = next_check(Schedule(cron="30 9 * * 1-5", timezone="Asia/Shanghai"), NOW, dice=0.0)
    assert due == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_outside_working_hours_a_source_waits_for_the_next_opening() -> None:
    late = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # 21:00 in Shanghai
    due = next_check(Schedule(every=HOUR, hours=(8, 20)), late, dice=0.0)
    assert due == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # 08:00 the next day


@given(
    st.floats(1, 10**6), st.integers(0, 40), st.floats(0, 1), st.one_of(st.none(), st.floats(0, 10**6)),
    st.one_of(st.none(), st.tuples(st.integers(0, 24), st.integers(0, 24))),
)  # fmt: skip
def test_the_next_check_is_never_in_the_past(
    every: float, failures: int, dice: float, retry_after: float | None, hours: tuple[int, int] | None
) -> None:
    due = next_check(Schedule(every=every, hours=hours), NOW, dice=dice, failures=failures, retry_after=retry_after)
    assert due >= NOW + timedelta(seconds=retry_after or 0) - timedelta(seconds=1)


def test_a_page_that_was_not_asked_because_its_host_wants_rest_comes_when_the_rest_is_over() -> None:
    for schedule in (Schedule(every=6 * HOUR), Schedule(cron="0 9 * * 1-5")):
        assert wait(schedule, retry_after=HOUR, unasked=True, failures=1) == HOUR
    closed = Schedule(every=HOUR, hours=(8, 10))
    assert next_check(closed, NOW, dice=0.0, retry_after=2 * HOUR, unasked=True) > NOW + timedelta(hours=20)
