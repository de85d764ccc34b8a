"""How the product is, in figures: for ``watcher status``, ``/healthz`` and ``/metrics``."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from watcher.pipeline.context import Context
from watcher.pipeline.locking import holder
from watcher.store.database import moment

ALIVE = timedelta(seconds=90)
"""A service whose last tick is older hangs."""


def ticks(last: datetime, now: datetime) -> bool:
    """Whether the last tick is young; one of the future was noted before the clock was put back."""
    return abs(now - last) < ALIVE


def gather(context: Context) -> dict[str, Any]:
    """Counts, the last tick, what is overdue, alerts by state, whether the service is alive.

    ``running``: a process holds the lock of the service now, ``pid`` is its number; ``ticking``: it runs, and its last tick
    is young.

    ``counters`` are those of the service (``pipeline.counters``) as it noted them last, a few seconds ago; null before its
    first note. Inside the service ``pipeline.counters.snapshot()`` has them to the second.
    """
    store, now = context.store, context.now()
    last_tick = store.fact("tick")
    pid = holder(store.path)
    return {
        **store.counts(),
        "running": pid is not None,
        "pid": pid,
        "ticking": pid is not None and last_tick is not None and ticks(moment(last_tick), now),
        "last_tick": last_tick,
        "overdue": store.sources.count_due(now - timedelta(minutes=15)),
        "due": store.sources.count_due(now),
        "alerts": store.outbox.counts(),
        "stopped_channels": store.outbox.stopped_channels(),
        "verdicts": store.sources.verdicts(),
        "queue": store.outbox.counts().get("waiting", 0),
        "counters": json.loads(store.fact("counters") or "null"),
    }
