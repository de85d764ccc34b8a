"""When a source is checked next. Pure: the clock and the dice come from the caller."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from watcher.settings import Schedule

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

PAUSE_SPREAD = 0.1
"""Share of the pause that a host asked for by which its pages come back one after the other."""
BACKOFF_CAP = 86400.0
"""A failing source is still asked once a day."""
QUIET_AFTER = timedelta(days=120)
"""A document that has not moved for so long is asked half as often, after twice that a quarter."""


_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@lru_cache(maxsize=4096)
def cron_trigger(expression: str, timezone: str) -> CronTrigger:
    """A cron expression of five fields as crontab(5) means it. Raises ``ValueError``.

    APScheduler counts weekdays from Monday where crontab counts from Sunday, so its own reading of ``1-5`` is
    Tuesday to Saturday; numbers are therefore turned into names first.
    """
    from apscheduler.triggers.cron import CronTrigger

    fields = expression.split()
    if len(fields) != 5:
        raise ValueError(f"{len(fields)} fields")
    minute, hour, day, month, weekday = fields
    return CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday), timezone=timezone
    )


def _weekdays(field: str) -> str:
    """The weekday field with names for numbers; ranges are spelled out, so that ``0-6`` and ``5-7`` hold too."""
    days: list[str] = []
    for part in field.split(","):
        found = re.fullmatch(r"([0-7])(?:-([0-7]))?(?:/([1-7]))?", part)
        if found is None:
            if re.search(r"\d", part.partition("/")[0]):
                raise ValueError(f"weekday {part!r}")
            days.append(part)
            continue
        first = int(found[1])
        last = int(found[2]) if found[2] else first
        if last < first:
            raise ValueError(f"weekday {part!r}")
        days += [_DAYS[number % 7] for number in range(first, last + 1, int(found[3] or 1))]
    return ",".join(dict.fromkeys(days))


def next_check(
    schedule: Schedule,
    now: datetime,
    *,
    dice: float,
    failures: int = 0,
    retry_after: float | None = None,
    unasked: bool = False,
    fresh_for: float | None = None,
    quiet_for: timedelta | None = None,
    urgent: bool = False,
) -> datetime:
    """The next time to ask a source, never before ``now``.

    ``dice`` is 0 to 1 and spreads checks by the schedule's jitter. ``failures`` in a row lengthen the wait up to a day;
    ``unasked``: the host had asked for a pause over another page, so this one was not asked at all: it comes when the pause
    is over, or a page that always asks for one would starve its neighbours.
    ``retry_after`` and ``fresh_for`` are what the server asked for, in seconds (the latter counts up to one interval more);
    ``quiet_for`` is how long the text has not moved; ``urgent``: a consultation is open or a final is expected.
    """
    if unasked and retry_after is not None:
        return _within_hours(schedule, now + timedelta(seconds=retry_after * (1 + dice * PAUSE_SPREAD)))
    if schedule.cron is not None:
        due: datetime | None = cron_trigger(schedule.cron, schedule.timezone).get_next_fire_time(
            None, now + timedelta(seconds=1)
        )
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
