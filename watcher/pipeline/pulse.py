"""The service's jobs go by the machine's own clock, whatever happens to the one on the wall.

APScheduler waits for instants of the wall clock. Put ahead by a year, a job of every second would be listed thirty million times
before it runs once; put back by a day, no job would run for a day.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.base import BaseTrigger

from watcher.pipeline.context import Context
from watcher.store.database import moment

LOOK = 1.0
"""Seconds between two looks at the wall clock."""
BACK = 2.0
"""Seconds by which it may be put back without anybody caring."""
AHEAD = timedelta(minutes=2)
"""By so much the last tick may lie ahead of the clock before a clock was wrong when it was noted."""


class Every(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """A job's next run is one interval after the last, and never in the past: what was missed is not made up for."""

    def __init__(self, seconds: float) -> None:
        self.interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """As APScheduler asks for it."""
        due = (previous_fire_time or now) + self.interval
        return due if due > now else now + self.interval


async def keep_time(scheduler: BaseScheduler, wall: Callable[[], float] = time.time, look: float = LOOK) -> None:
    """Brings the jobs along whenever the wall clock is put back; until it is cancelled."""
    offset = wall() - time.monotonic()
    while True:
        await asyncio.sleep(look)
        before, offset = offset, wall() - time.monotonic()
        if offset - before > -BACK:
            continue
        for job in scheduler.get_jobs():
            if job.next_run_time is not None:
                job.modify(next_run_time=job.next_run_time + timedelta(seconds=offset - before))


def after_a_wrong_clock(context: Context) -> None:
    """For a service that begins: where the last one's clock was ahead, what waits for those times waits as long as it did then."""
    store, now = context.store, context.now()
    noted = store.fact("tick")
    ahead = moment(noted) - now if noted else timedelta(0)
    if ahead > AHEAD:
        context.log.warning("clock.jumped", seconds=-round(ahead.total_seconds()))
        store.sources.shift(ahead.total_seconds(), now)
