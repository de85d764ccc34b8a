"""Gathers visits and writes them, many in one transaction."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from watcher.pipeline.changed import Told
from watcher.pipeline.columns import ColumnVisit, keep_column
from watcher.pipeline.context import Context
from watcher.pipeline.counters import counters
from watcher.pipeline.keeping import expected, keep
from watcher.pipeline.outage import settle_outage
from watcher.pipeline.tracing import trace
from watcher.pipeline.visiting import Visit
from watcher.store import TROUBLE

BATCH = 12
"""Visits that are written in one transaction; nothing else happens meanwhile."""
HELD = 2 * BATCH
"""Visits that may wait to be written before nothing else happens until they are."""
BREATH = 0.002
"""Seconds between two batches: whoever has an answer asks for the next page, so that nobody idles while the next batch is written."""
PATIENCE = 0.5
"""Seconds after which a smaller batch is written too."""

Progress = Callable[[str, str], None]
"""Called with a source's name and its verdict after each visit."""


@dataclass(slots=True)
class Report:
    """How a round went."""

    checked: int = 0
    versions: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, verdict, note of every source that could not be read."""
    found: int = 0
    """Documents that columns announced."""
    told: Told = field(default_factory=Told)
    """Edits that were compared where they were read."""

    def add(self, other: Report) -> None:
        """Counts another report in."""
        self.checked += other.checked
        self.versions += other.versions
        self.verdicts += other.verdicts
        self.failed += other.failed
        self.found += other.found
        self.told.add(other.told)


class Keeper:
    """Gathers visits and writes them, many in one transaction."""

    def __init__(self, context: Context, report: Report, progress: Progress | None) -> None:
        self.context = context
        self.report = report
        self.progress = progress
        self.batch: list[Visit | ColumnVisit] = []
        self.since = context.now()
        self._writing: asyncio.Task[None] | None = None
        self._bug: Exception | None = None

    def add(self, done: Visit | ColumnVisit) -> None:
        """Keeps a visit, to be written soon; where the disk or the database is in trouble it waits for the next flush."""
        self.batch.append(done)
        if len(self.batch) >= HELD:
            with contextlib.suppress(*TROUBLE):
                self.flush()
        elif self._due() and self._writing is None:
            self._writing = asyncio.create_task(self._write())

    def _due(self) -> bool:
        return len(self.batch) >= BATCH or (self.context.now() - self.since).total_seconds() > PATIENCE

    async def _write(self) -> None:
        try:
            with contextlib.suppress(*TROUBLE):
                while self.batch and self._due():
                    await asyncio.sleep(BREATH)
                    self.flush(BATCH)
        except Exception as error:
            self._bug = error
        finally:
            self._writing = None

    def flush(self, limit: int | None = None) -> None:
        """Writes what waits (up to ``limit``), all of it or nothing: after an error the visits wait on. Raises ``store.TROUBLE``;
        and what went wrong when nobody was there to hear it.
        """
        if self._bug is not None:
            raise self._bug
        if limit is None and self._writing is not None:
            self._writing.cancel()
        batch, self.batch = (self.batch, []) if limit is None else (self.batch[:limit], self.batch[limit:])
        self.since = self.context.now()
        if not batch:
            return
        found = versions = 0
        edits = Told()
        outlook = self.context.outlook
        for done in batch:
            outlook.saw(urlsplit(done.row.url).hostname, done.wire, well_before=done.row.failures == 0)
        was = outlook.told
        try:
            with self.context.store.atomic():
                told = settle_outage(self.context, self.since)
                for done in batch:
                    if isinstance(done, ColumnVisit):
                        found += keep_column(self.context, done)
                    else:
                        versions += keep(self.context, done, edits)
        except TROUBLE:
            self.batch = batch + self.batch
            raise
        outlook.told = told
        if told != bool(was):
            if told:
                self.context.log.warning("network.gone", what="no host can be reached; sources are not blamed")
            else:
                self.context.log.info("network.back")
        self.report.found += found
        self.report.versions += versions
        self.report.told.add(edits)
        for done in batch:
            self.report.checked += 1
            self.report.verdicts[done.verdict] += 1
            elapsed, unchanged = (done.elapsed, done.unchanged) if isinstance(done, Visit) else (None, False)
            counters.fetched(done.verdict, elapsed, unchanged=unchanged)
            self.context.log.debug(
                "checked",
                trace=trace(done.row.id, done.at),
                source=done.row.name,
                verdict=done.verdict,
                status=done.status,
                seconds=elapsed,
                unchanged=unchanged,
                note=done.note,
            )
            if not done.good and not expected(done):
                self.report.failed.append((done.row.name, done.verdict, done.note))
            if self.progress is not None:
                self.progress(done.row.name, done.verdict)
