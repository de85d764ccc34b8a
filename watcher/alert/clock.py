"""Times of day in a time zone: the next 09:00, the next Monday, the end of quiet hours. Pure; now is given."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def time_of(text: str) -> time:
    """``"09:00"`` as a time. Raises ``ValueError``."""
    hours, _, minutes = text.partition(":")
    return time(int(hours), int(minutes or 0))


def _at(day: date, moment: time, zone: ZoneInfo) -> datetime:
    # A local time that a change of clocks skips lands just after the gap: by way of UTC and back.
    return datetime.combine(day, moment, zone).astimezone(UTC)


def next_at(now: datetime, at: str, timezone: str, weekday: int | None = None) -> datetime:
    """The first moment after ``now`` at which the clock of ``timezone`` shows ``at`` (on ``weekday``, 0 is Monday). In UTC."""
    zone, moment = ZoneInfo(timezone), time_of(at)
    day = now.astimezone(zone).date()
    for ahead in range(9):
        candidate = day + timedelta(days=ahead)
        if weekday is not None and candidate.weekday() != weekday:
            continue
        when = _at(candidate, moment, zone)
        if when > now:
            return when
    raise ValueError(f"no day of the week is {weekday}")


def last_at(now: datetime, at: str, timezone: str, weekday: int | None = None) -> datetime:
    """The latest such moment that is not after ``now``. In UTC."""
    zone, moment = ZoneInfo(timezone), time_of(at)
    day = now.astimezone(zone).date()
    for back in range(-1, 9):
        candidate = day - timedelta(days=back)
        if weekday is not None and candidate.weekday() != weekday:
            continue
        when = _at(candidate, moment, zone)
        if when <= now:
            return when
    raise ValueError(f"no day of the week is {weekday}")


def quiet_until(now: datetime, hours: tuple[str, str] | None, timezone: str) -> datetime | None:
    """When the quiet hours that ``now`` falls into end (UTC); None outside them or where there are none.

    ``("22:00", "07:00")`` goes over midnight; equal ends mean no quiet hours.
    """
    if hours is None or hours[0] == hours[1]:
        return None
    begin, end = last_at(now, hours[0], timezone), next_at(now, hours[1], timezone)
    length = timedelta(
        minutes=(_minutes(time_of(hours[1])) - _minutes(time_of(hours[0]))) % (24 * 60),
    )
    return end if now < begin + length and end - now <= length else None


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
