"""A sign of life to an address of the operator's: who misses it knows that the service stands still."""

from __future__ import annotations

from datetime import datetime, timedelta

from watcher.errors import ConfigError, FetchError
from watcher.pipeline.context import Context
from watcher.settings import Secret

EVERY = timedelta(minutes=1)


class Heartbeat:
    """Asked after every good tick, sent at most once a minute; a failure is logged once, and so is the first success after it."""

    def __init__(self) -> None:
        self.last: datetime | None = None
        self.failing = False

    def due(self, now: datetime) -> bool:
        """Whether a minute is over (or the clock was put back)."""
        return self.last is None or not timedelta(0) <= now - self.last < EVERY

    async def beat(self, context: Context) -> None:
        """One GET of the address through the gate. Never raises for what the far end does; never logs the address, which may be a secret."""
        where = context.sources.upkeep.heartbeat
        now = context.now()
        if where is None or context.gate is None or not self.due(now):
            return
        self.last = now
        try:
            address = where.reveal() if isinstance(where, Secret) else where
            answer = await context.gate.request("GET", address, headers={}, body=b"")
            problem = "" if answer.status < 400 else f"HTTP {answer.status}"
        except (FetchError, ConfigError) as error:
            problem = getattr(error, "kind", "") or "the address is not set"
        if problem and not self.failing:
            context.log.warning("heartbeat.failed", said=problem)
        elif not problem and self.failing:
            context.log.info("heartbeat.back")
        self.failing = bool(problem)
