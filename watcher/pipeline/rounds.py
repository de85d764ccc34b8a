"""A whole round: check, catch up, deliver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.pipeline.catching_up import Told, catch_up
from watcher.pipeline.checking import Progress, Report, check
from watcher.pipeline.context import Context
from watcher.pipeline.delivering import deliver
from watcher.pipeline.reminding import remind
from watcher.store import SourceRow


@dataclass(frozen=True, slots=True)
class Round:
    """How a whole round went."""

    report: Report
    told: Told
    sent: Counter[str]


async def whole_round(context: Context, rows: Sequence[SourceRow], progress: Progress | None = None) -> Round:
    """Check, catch up, deliver."""
    report = await check(context, rows, progress)
    if report.found:  # what columns announced just now is read in the same round
        fresh = context.store.sources.never_checked()
        more = await check(context, fresh, progress)
        report.add(more)
    told = report.told
    told.add(await catch_up(context))
    remind(context)
    return Round(report, told, await deliver(context))
