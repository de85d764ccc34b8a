"""A whole round: check, catch up, deliver."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.pipeline.catching_up import catch_up
from watcher.pipeline.changed import Told
from watcher.pipeline.checking import check
from watcher.pipeline.context import Context
from watcher.pipeline.delivering import Vanguard, deliver
from watcher.pipeline.reminding import remind
from watcher.pipeline.writing import Progress, Report
from watcher.store import TROUBLE, SourceRow


@dataclass(frozen=True, slots=True)
class Round:
    """How a whole round went."""

    report: Report
    told: Told
    sent: Counter[str]


LOOK = 0.05
"""Seconds between two looks at what a round that goes on has brought, and at most that are spent on it at a time."""


async def whole_round(context: Context, rows: Sequence[SourceRow], progress: Progress | None = None) -> Round:
    """Check, catch up, deliver; as far as it can be, each of them while others are still visited."""
    told, ahead, over = Told(), Vanguard(), asyncio.Event()
    beside = asyncio.create_task(_meanwhile(context, told, ahead, over))
    try:
        report = await check(context, rows, progress)
        if report.found:  # what columns announced just now is read in the same round
            fresh = context.store.sources.never_checked()
            more = await check(context, fresh, progress)
            report.add(more)
    except BaseException:
        beside.cancel()
        await asyncio.gather(beside, return_exceptions=True)
        raise
    over.set()
    await beside
    told.add(report.told)
    told.add(await catch_up(context))
    remind(context)
    return Round(report, told, ahead.counts + await deliver(context))


async def _meanwhile(context: Context, told: Told, ahead: Vanguard, over: asyncio.Event) -> None:
    while not over.is_set():
        with contextlib.suppress(*TROUBLE):  # lasting trouble stops the round itself
            told.add(await catch_up(context, LOOK))
            await ahead.send(context)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), LOOK)
