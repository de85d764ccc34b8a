"""The only room that names every stage, and the only one that catches a stage's errors.

One way: ``check`` (fetch, keep the snapshot, verdict, read, extract, keep a version if the reading differs), ``catch_up``
(every version not yet compared: change, moves and alert rows in one transaction), ``deliver`` (every unsent alert is
sent, then marked). Each joint is a row that the next stage drains, so a crash anywhere is resumed by the next tick.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.pipeline.catching_up import Told, catch_up
from watcher.pipeline.checking import Progress, Report, check
from watcher.pipeline.context import Context
from watcher.pipeline.delivering import deliver
from watcher.pipeline.reminding import remind
from watcher.pipeline.rereading import Reread, reread
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
    told = await catch_up(context)
    remind(context)
    return Round(report, told, await deliver(context))


__all__ = [
    "Context",
    "Progress",
    "Report",
    "Reread",
    "Round",
    "Told",
    "catch_up",
    "check",
    "deliver",
    "remind",
    "reread",
    "whole_round",
]
