"""What keeps the database small and safe: folding, trimming, giving space back, backups with rotation, the weekly check."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from watcher.pipeline import chores
from watcher.pipeline.context import Context
from watcher.pipeline.vigil import DATABASE, service_incident
from watcher.store.database import moment

KEPT_FOR_INSPECTION = 5
"""Bytes of other verdicts than ``document`` that are kept, a source."""
CHECK_EVERY = timedelta(days=7)
CHECK_DAMAGED_EVERY = timedelta(days=1)
SPARE: Final = 0.1
"""Share of the file that may be empty: room for what comes next."""
AT_ONCE: Final = 256
"""Pages that are given back in one transaction: a few milliseconds."""
SLACK = timedelta(minutes=10)
"""By so much a stored instant may lie ahead of the clock before it counts as one of a clock that was wrong."""
STAMP: Final = "%Y%m%dT%H%M%SZ"


async def keep_up(context: Context) -> list[str]:
    """Does what is due; returns what was done, in words for the log. Raises ``store.TROUBLE``."""
    store, now, settings = context.store, context.now(), context.sources.upkeep
    done: list[str] = []
    folded = store.sources.fold(now - timedelta(seconds=settings.keep_checks))
    trimmed = store.snapshots.trim(KEPT_FOR_INSPECTION)
    if folded or trimmed:
        done.append(f"folded {folded} checks, dropped {trimmed} snapshots")
    store.outbox.release_abandoned(now)
    if given := await _give_back(context):
        done.append(f"gave back {given} pages")
    damaged = DATABASE in store.incidents.open_subjects()
    if due(store.fact("verified"), CHECK_DAMAGED_EVERY if damaged else CHECK_EVERY, now):
        bad = await chores.verify(store.path)
        damaged = bool(bad)
        store.set_fact("verified", store.stamp(now))
        done.append("verified" if not bad else f"DAMAGED: {bad[0]}")
        if bad:
            context.log.error("store.damaged", places=len(bad), first=bad[0])
        service_incident(context, DATABASE, "damaged", now, damaged, bad[0] if bad else "")
    # A copy of what is damaged would push the last good one out.
    if settings.backup_every is not None and not damaged:
        every = timedelta(seconds=settings.backup_every)
        if due(store.fact("backup"), every, now):
            name = store.path.name
            await chores.backup(store.path, store.path.with_name(f"{name}.backup-{now:{STAMP}}"))
            for old in surplus(store.path.parent.glob(f"{name}.backup-*Z"), settings.backups, now):
                old.unlink()
            store.set_fact("backup", store.stamp(now))
            done.append("backup written")
    for one in done:
        context.log.info("upkeep", done=one)
    return done


async def _give_back(context: Context) -> int:
    """Returns empty pages to the disk, some at a time; returns how many."""
    store, given = context.store, 0
    free, total = store.space()
    while free > total * SPARE:
        if not (went := store.give_back(min(AT_ONCE, free))):
            break  # of a release that could not
        given += went
        free, total = store.space()
        await asyncio.sleep(0)
    return given


def due(last: str | None, every: timedelta, now: datetime) -> bool:
    """Whether what was done at ``last`` is to be done again. What was done in the future was done by a wrong clock: it is."""
    return last is None or not -SLACK <= now - moment(last) < every


def surplus(backups: Iterable[Path], keep: int, now: datetime) -> list[Path]:
    """The backups that go, by the instants in their names: those of the future (of a wrong clock) first, then the oldest."""
    written: list[tuple[bool, datetime, Path]] = []
    for file in backups:
        try:
            at = datetime.strptime(file.name.rpartition("-")[2], STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue  # not one of ours
        written.append((at - now <= SLACK, at, file))
    return [file for _, _, file in sorted(written)[:-keep]]
