"""Rules of sources.yaml decide who gets what and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.samples import DRAFT, MOVES, NOW, PLAN, diff, samples
from watcher.alert import events
from watcher.alert.clock import last_at, next_at, quiet_until
from watcher.alert.routes import decide, fits
from watcher.settings import Alerting, Route
from watcher.types import Event

ZONE = "Asia/Shanghai"
CHANGED = samples()["document.changed"]
NIGHT = datetime(2026, 3, 9, 15, 30, tzinfo=UTC)
"""23:30 in Shanghai."""


def decided(event: Event, alerting: Alerting, now: datetime = NOW) -> tuple[str, datetime | None]:
    """What and when."""
    decision = decide(event, "team", alerting, now, ZONE)
    return decision.deliver, decision.at


def test_without_rules_everything_goes_at_once() -> None:
    for event in samples().values():
        assert decided(event, Alerting()) == ("now", None)


def test_a_first_load_is_silent_unless_asked_for() -> None:
    first = events.first_seen(DRAFT, NOW, first_load=True)
    later = events.first_seen(DRAFT, NOW)
    assert decided(first, Alerting())[0] == "never"
    assert decided(later, Alerting())[0] == "now"
    assert decided(first, Alerting(first_seen=True))[0] == "now"
    assert decided(first, Alerting(routes=(Route(types=("document.first_seen",)),)))[0] == "now"
    assert decided(first, Alerting(routes=(Route(),)))[0] == "never"


@pytest.mark.parametrize(
    ("route", "fit"),
    [
        (Route(), True),
        (Route(channels=("team",)), True),
        (Route(channels=("other",)), False),
        (Route(documents=(PLAN.id,)), True),
        (Route(documents=("other",)), False),
        (Route(columns=("yunzhou-wjw-consultations",)), True),
        (Route(columns=("other",)), False),
        (Route(regions=("云州",)), True),
        (Route(regions=("丙市",)), False),
        (Route(indicators=("infant-mortality",)), True),
        (Route(indicators=("婴儿死亡率",)), True),
        (Route(indicators=("beds-x",)), False),
        (Route(stages=("final",)), True),
        (Route(stages=("draft",)), False),
        (Route(effects=("relaxed", "removed")), True),
        (Route(effects=("merged",)), False),
        (Route(types=("document.changed",)), True),
        (Route(types=("document",)), True),
        (Route(types=("document.*",)), True),
        (Route(types=("doc",)), False),
        (Route(types=("incident",)), False),
        (Route(regions=("云州",), effects=("merged",)), False),
    ],
)
def test_a_route_fits_when_all_its_rules_do(route: Route, fit: bool) -> None:
    assert fits(route, CHANGED, "team") is fit


def test_the_first_route_that_fits_decides() -> None:
    alerting = Alerting(
        routes=(Route(regions=("丙市",)), Route(effects=("relaxed",), deliver="never"), Route(deliver="daily"))
    )
    assert decided(CHANGED, alerting)[0] == "never"
    tight = events.changed(PLAN, diff(MOVES[:1], []), NOW)
    assert decided(tight, alerting) == ("digest", datetime(2026, 3, 10, 1, 0, tzinfo=UTC))


def test_a_weekly_digest_waits_for_its_day() -> None:
    alerting = Alerting(routes=(Route(deliver="weekly", weekday=4, at="18:00"),))
    assert decided(CHANGED, alerting) == ("digest", datetime(2026, 3, 13, 10, 0, tzinfo=UTC))


def test_quiet_hours_keep_and_settling_waits() -> None:
    quiet = Alerting(quiet_hours=("22:00", "07:00"))
    assert decided(CHANGED, quiet, NIGHT) == ("later", datetime(2026, 3, 9, 23, 0, tzinfo=UTC))
    assert decided(CHANGED, quiet) == ("now", None)
    settling = Alerting(settle=600)
    decision = decide(CHANGED, "team", settling, NOW, ZONE)
    assert (decision.deliver, decision.at, decision.settle) == ("later", NOW + timedelta(minutes=10), True)
    assert decided(samples()["document.stage_changed"], settling)[0] == "now"
    assert decided(samples()["test"], replace(quiet, settle=600), NIGHT)[0] == "now"


MOMENTS = st.integers(0, 12 * 366 * 86400).map(
    lambda second: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
)
TIMES = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
ZONES = st.sampled_from([ZONE, "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"])


@given(MOMENTS, TIMES, ZONES, st.none() | st.integers(0, 6))
@settings(max_examples=150)
def test_the_next_and_the_last_time_enclose_now(now: datetime, at: str, zone: str, weekday: int | None) -> None:
    before, after = last_at(now, at, zone, weekday), next_at(now, at, zone, weekday)
    days = 7 if weekday is not None else 1
    assert before <= now < after
    assert after - before <= timedelta(days=days, hours=1, minutes=1)


@given(MOMENTS, TIMES, TIMES, ZONES)
@settings(max_examples=150)
def test_quiet_hours_end_after_now_and_then_are_over(now: datetime, begin: str, end: str, zone: str) -> None:
    until = quiet_until(now, (begin, end), zone)
    if until is not None:
        assert now < until <= now + timedelta(days=1, hours=1)
        if zone in ("UTC", ZONE):
            assert quiet_until(until, (begin, end), zone) is None
