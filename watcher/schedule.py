"""When a source is checked next. Pure: the clock and the dice come from the caller."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from watcher.settings import Schedule

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

BACKOFF_CAP = 86400.0
"""A failing source is still asked once a day."""
QUIET_AFTER = timedelta(days=120)
"""A document that has not moved for so long is asked half as often, after twice that a quarter."""


@lru_cache(maxsize=4096)
def _cron(expression: str, timezone: str) -> CronTrigger:
    from apscheduler.triggers.cron import CronTrigger

    return CronTrigger.from_crontab(expression, timezone=timezone)


def next_check(
    schedule: Schedule,
    now: datetime,
    *,
    dice: float,
    failures: int = 0,
    retry_after: float | None = None,
    fresh_for: float | None = None,
    quiet_for: timedelta | None = None,
    urgent: bool = False,
) -> datetime:
    """The next time to ask a source, never before ``now``.

    ``dice`` is 0 to 1 and spreads checks by the schedule's jitter. ``failures`` in a row lengthen the wait up to a day;
    ``retry_after`` and ``fresh_for`` are what the server asked for, in seconds (the latter counts up to one interval more);
    ``quiet_for`` is how long the text has not moved; ``urgent``: a consultation is open or a final is expected.
    """
    if schedule.cron is not None:
        due: datetime | None = _cron(schedule.cron, schedule.timezone).get_next_fire_time(None, now + timedelta(seconds=1))
        if due is None:
            due = now + timedelta(seconds=BACKOFF_CAP)
        due += timedelta(seconds=dice * schedule.jitter * 600)
        return max(due, now + timedelta(seconds=retry_after or 0))
    every = schedule.every if schedule.every is not None else 21600.0
    wait = every
    if failures:
        wait = min(max(every, BACKOFF_CAP), every * 2 ** min(failures - 1, 6))
    elif urgent:
        wait = every / 2
    elif quiet_for is not None and quiet_for > QUIET_AFTER:
        wait = every * (4 if quiet_for > 2 * QUIET_AFTER else 2)
    if fresh_for is not None and not failures:
        wait = max(wait, min(fresh_for, 2 * every))
    wait = max(wait * (1 + dice * schedule.jitter), retry_after or 0)
    return _within_hours(schedule, now + timedelta(seconds=wait))


def _within_hours(schedule: Schedule, due: datetime) -> datetime:
    """Moves a time outside working hours to the next opening, in the source's time zone."""
    if schedule.hours is None:
        return due
    opens, closes = schedule.hours
    local = due.astimezone(ZoneInfo(schedule.timezone))
    inside = opens <= local.hour < closes if opens < closes else local.hour >= opens or local.hour < closes
    if inside or opens == closes:
        return due
    opening = local.replace(hour=opens % 24, minute=local.minute, second=local.second)
    if opening <= local:
        opening += timedelta(days=1)
    return opening.astimezone(due.tzinfo)
