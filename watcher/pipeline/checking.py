"""A round of checks: every due source once, hosts side by side, results written in batches."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from watcher.alert.incidents import kind_of
from watcher.errors import ClusterError
from watcher.pipeline.catching_up import settle
from watcher.pipeline.changed import Told
from watcher.pipeline.columns import ColumnVisit, keep_column, visit_column
from watcher.pipeline.context import Context
from watcher.pipeline.counters import counters
from watcher.pipeline.examine import Examined
from watcher.pipeline.expecting import final_awaited
from watcher.pipeline.incidents import settle_incident
from watcher.pipeline.outage import RETRY, settle_outage
from watcher.pipeline.tracing import trace
from watcher.pipeline.visiting import HERE, Visit, visit
from watcher.schedule import next_check
from watcher.settings import Schedule
from watcher.store import TROUBLE, CheckResult, Content, NewVersion, SourceRow
from watcher.store.codec import encode_content, reading_digest
from watcher.store.database import moment
from watcher.types import Attachment, Cause
from watcher.words import both

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


async def check(context: Context, rows: Sequence[SourceRow], progress: Progress | None = None) -> Report:
    """Visits every row once and stores what came of it."""
    checker = Checker(context, progress)
    try:
        checker.submit(rows)
        await checker.drain()
    finally:
        await checker.stop()
    return checker.report


def host_of(url: str) -> str:
    """What stands for the server of an address (host and port): its sources are visited one after the other."""
    return urlsplit(url).netloc


class Checker:
    """Visits sources: hosts side by side, one host's sources one after the other, so that a slow host delays only itself."""

    def __init__(self, context: Context, progress: Progress | None = None) -> None:
        self.context = context
        self.report = Report()
        self.keeper = _Keeper(context, self.report, progress)
        self.chrome = context.store.sources.chrome()
        # The gate bounds what is on the wire; here are mostly visits that wait for their host's spacing.
        self._running = asyncio.Semaphore((context.workers or HERE).room(context.sources.network))
        self._queues: dict[str, deque[SourceRow]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight: set[int] = set()

    @property
    def in_flight(self) -> int:
        """How many sources wait for their visit or are being visited."""
        return len(self._in_flight)

    def waiting(self) -> dict[str, int]:
        """How many sources wait behind the running visit of each host."""
        return {host: len(queue) for host, queue in self._queues.items()}

    def submit(self, rows: Iterable[SourceRow]) -> int:
        """Queues rows that are not in flight; returns how many were new."""
        count = 0
        for row in rows:
            if row.id in self._in_flight:
                continue
            self._in_flight.add(row.id)
            count += 1
            host = host_of(row.url)
            if host in self._queues:
                self._queues[host].append(row)
                continue
            self._queues[host] = deque([row])
            task = asyncio.create_task(self._host(host))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return count

    async def _host(self, host: str) -> None:
        queue = self._queues[host]
        try:
            while queue:
                row = queue.popleft()
                try:
                    await self._row(row)
                finally:
                    self._in_flight.discard(row.id)
        finally:
            self._in_flight.difference_update(row.id for row in queue)
            del self._queues[host]

    async def _row(self, row: SourceRow) -> None:
        """One visit. Apart from ``_host``, so that a host that waits for its next turn does not hold on to its last page."""
        async with self._running:
            done = await _guarded(self.context, row, self.chrome.get(row.id, frozenset()))
        if done is None:
            return
        if isinstance(done, Visit) and done.learned:
            self.chrome[row.id] = self.chrome.get(row.id, frozenset()) | done.learned
        self.keeper.add(done)

    async def drain(self) -> None:
        """Waits until nothing is in flight, and writes what is left."""
        while self._tasks:
            await asyncio.gather(*self._tasks)
        self.keeper.flush()

    async def stop(self, grace: float = 0.0) -> None:
        """Takes no more rows; running visits get ``grace`` seconds; what was finished is written."""
        for queue in self._queues.values():
            self._in_flight.difference_update(row.id for row in queue)
            queue.clear()
        if self._tasks and grace > 0:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self.keeper.flush()


async def _guarded(context: Context, row: SourceRow, chrome: frozenset[str]) -> Visit | ColumnVisit | None:
    """One visit; a bug in it is logged loudly, becomes an incident, and pushes only this source back."""
    try:
        if row.kind == "column":
            column = context.column(row)
            return None if column is None else await visit_column(context, row, column)
        plan = context.document(row)
        if plan is None:
            return None
        return await visit(context, row, plan, chrome)
    except (asyncio.CancelledError, ClusterError):
        raise
    except Exception as error:
        context.log.error(
            "check.bug", source=row.name, error=type(error).__name__, trace=traceback.format_exc(limit=12)
        )
        return Visit(
            row,
            context.now(),
            "error",
            both(
                f"程序缺陷（{type(error).__name__}），详见日志",
                f"a bug in watcher ({type(error).__name__}); see the log",
            ),
            bug=True,
            kind="bug",
        )


class _Keeper:
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
            if not done.good and not _expected(done):
                self.report.failed.append((done.row.name, done.verdict, done.note))
            if self.progress is not None:
                self.progress(done.row.name, done.verdict)


def _expected(done: Visit | ColumnVisit) -> bool:
    """A page that was never there yet is awaited, not broken."""
    return done.verdict == "gone" and done.row.version_id is None and done.row.kind == "page"


def keep(context: Context, done: Visit, told: Told) -> int:
    """Writes one visit and what it changed; returns how many versions it gave. Call inside a transaction."""
    store, row, at = context.store, done.row, done.at
    plan = context.document(row)
    schedule = plan.schedule if plan is not None else Schedule()
    versions = 0
    snapshot_id: int | None = None
    note = done.note
    if done.learned:
        store.sources.learn_chrome(row.id, done.learned, at)
    if done.good and not done.unchanged and plan is not None:
        versions, snapshot_id, note = _keep_reading(context, done, told)
    elif not done.good and done.fetched is not None:
        store.snapshots.add(row.id, done.fetched, done.verdict, row.snapshot_id)
    awaited = _expected(done)
    excused = context.outlook.excuses(done.wire)
    failures = 0 if done.good or awaited else row.failures if excused else row.failures + 1
    due = (
        at + timedelta(seconds=RETRY * (1 + context.dice()))
        if excused
        else next_check(
            schedule,
            at,
            dice=context.dice(),
            failures=failures,
            retry_after=done.retry_after,
            fresh_for=done.fresh_for,
            quiet_for=_quiet(context, row, versions),
            urgent=awaited or final_awaited(context, row, at),
        )
    )
    store.sources.record(
        [
            CheckResult(
                source_id=row.id,
                at=at,
                verdict=done.verdict,
                status=done.status,
                note=note,
                next_at=due,
                failures=failures,
                shrunken=row.shrunken + 1 if done.verdict == "shrunken" else 0,
                etag=done.etag,
                last_modified=done.last_modified,
                body=done.digest,
                hint=done.hint,
                snapshot_id=snapshot_id,
                attachments_at=at if done.attachments else None,
                good=done.good and done.status != 304 and note != DEGRADED,
            )
        ]
    )
    if not awaited and not excused:
        kind = None
        if note == DEGRADED:
            kind = "degraded"
        elif not done.good:
            kind = done.kind or kind_of(done.verdict) or "error"
        settle_incident(context, row, at, failures, kind, note)
    return versions


DEGRADED = both("网页改版：正文靠推断读出", "the page was redesigned: read by guess")


def _quiet(context: Context, row: SourceRow, versions: int) -> timedelta | None:
    if versions or row.changed_at is None:
        return None
    return context.now() - moment(row.changed_at)


def _keep_reading(context: Context, done: Visit, told: Told) -> tuple[int, int | None, str]:
    """A page that was read: its version when it says something else than the last one did."""
    store, row = context.store, done.row
    examined = done.examined
    assert examined is not None
    assert examined.reading is not None
    assert done.fetched is not None
    head = store.versions.heads_of_source(row.id)
    said = examined.said or reading_digest(examined.reading)
    written = 0
    if head is not None:
        digest = head.digest
        if examined.reading.degraded and not head.degraded:
            store.snapshots.add(row.id, done.fetched, "shrunken", row.snapshot_id)
            return 0, None, DEGRADED
        if done.remade is not None:
            remade, new_rules = done.remade
            assert remade.reading is not None
            written += store_remade(context, row, head.version_id, digest, remade, new_rules, done.at)
            digest = reading_digest(remade.reading)
        elif head.rules != done.rules:
            store.versions.mark_rules(head.version_id, done.rules)
        if digest == said:
            return written, None, ""
    assert row.document_id is not None
    content = examined.content or encode_content(examined.reading, examined.indicators)
    snapshot_id = store.snapshots.add(row.id, done.fetched, "document", row.snapshot_id, content)
    attachments = tuple(
        (
            one.attachment,
            store.snapshots.add(row.id, one.fetched, "document") if one.fetched is not None else None,
            one.note,
        )
        for one in done.attachments
    )
    cause: Cause = "first" if head is None else "content"
    version_id = store.versions.add(
        _version(row, snapshot_id, examined, cause, done.rules, done.at, attachments, content, said)
    )
    counters.versions[cause] += 1
    context.log.info(
        "version.kept", trace=trace(row.id, done.at), document=row.document_id, cause=cause,
        indicators=len(examined.indicators), url=row.url,
    )  # fmt: skip
    if examined.reading.metadata.consultation.closes:
        store.lineage.set_consultation(row.document_id, examined.reading.metadata.consultation, row.id)
    if (
        (edit := examined.compared) is not None
        and head is not None
        and edit.before == head.version_id
        and head.compared
        and not (written or head.degraded)
    ):
        settle(context, version_id, Content.of(examined.reading, examined.indicators), edit, told)
    return written + 1, snapshot_id, ""


def store_remade(
    context: Context, row: SourceRow, version_id: int, digest: bytes, remade: Examined, rules: str, at: datetime
) -> bool:
    """The last version as today's rules read it: a version of cause ``rules`` where they read it otherwise.

    Call inside a transaction. True when a version was written.
    """
    versions = context.store.versions
    assert remade.reading is not None
    if reading_digest(remade.reading) == digest:
        versions.mark_rules(version_id, rules)
        return False
    last = versions.get(version_id)
    kept = tuple(
        (Attachment(one["name"], one["url"], one["format"]), one["snapshot_id"], one["note"])
        for one in versions.attachments(version_id)
    )
    versions.add(_version(row, last.snapshot_id, remade, "rules", rules, at, kept))
    counters.versions["rules"] += 1
    return True


def _version(
    row: SourceRow,
    snapshot_id: int,
    examined: Examined,
    cause: Cause,
    rules: str,
    at: datetime,
    attachments: tuple[tuple[Attachment, int | None, str], ...] = (),
    content: bytes | None = None,
    digest: bytes | None = None,
) -> NewVersion:
    assert row.document_id is not None
    assert examined.reading is not None
    edit = examined.compared
    return NewVersion(
        document_id=row.document_id,
        source_id=row.id,
        snapshot_id=snapshot_id,
        stage=row.stage or examined.reading.stage,
        cause=cause,
        rules=rules,
        seen_at=at,
        reading=examined.reading,
        indicators=examined.indicators,
        attachments=attachments,
        content=content,
        digest=digest,
        terms=examined.terms,
        moved=None if edit is None else (edit.before, edit.gone, edit.come),
    )
