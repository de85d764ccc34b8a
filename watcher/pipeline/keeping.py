"""What one visit leaves in the store: its check, its version, what that changed, its incident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.alert.incidents import kind_of
from watcher.pipeline.catching_up import settle
from watcher.pipeline.changed import Told
from watcher.pipeline.columns import ColumnVisit
from watcher.pipeline.context import Context
from watcher.pipeline.counters import counters
from watcher.pipeline.examine import SEEN, Examined
from watcher.pipeline.expecting import final_awaited
from watcher.pipeline.incidents import settle_incident
from watcher.pipeline.lost_files import settle_files
from watcher.pipeline.outage import RETRY
from watcher.pipeline.tracing import trace
from watcher.pipeline.visiting import Visit
from watcher.schedule import next_check
from watcher.settings import Schedule
from watcher.store import CheckResult, NewVersion, SourceRow
from watcher.store.codec import reading_digest
from watcher.store.database import moment
from watcher.types import Attachment, Cause
from watcher.words import both


def keep(context: Context, done: Visit, told: Told) -> int:
    """Writes one visit and what it changed; returns how many versions it gave. Call inside a transaction."""
    store, row, at = context.store, done.row, done.at
    plan = context.document(row)
    schedule = plan.schedule if plan is not None else Schedule()
    kept = _Kept()
    if done.learned:
        store.sources.learn_chrome(row.id, done.learned, at)
    if done.good and not done.unchanged and plan is not None:
        kept = _keep_reading(context, done, told)
        settle_files(context, done)
    elif not done.good and done.fetched is not None:
        store.snapshots.add(row.id, done.fetched, done.verdict, row.snapshot_id)
    note = REDESIGNED if kept.degraded else done.note
    awaited = expected(done)
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
            unasked=done.wire == "busy",
            fresh_for=done.fresh_for,
            quiet_for=_quiet(context, row, kept.versions),
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
                body=done.digest and done.digest[:SEEN],
                hint=done.hint,
                snapshot_id=kept.snapshot_id,
                attachments_at=at if done.attachments else None,
                good=done.good and done.status != 304 and not kept.degraded,
            )
        ]
    )
    if not awaited and not excused:
        kind = None
        if kept.degraded:
            kind = "degraded"
        elif not done.good:
            kind = done.kind or kind_of(done.verdict) or "error"
        settle_incident(context, row, at, failures, kind, note)
    return kept.versions


REDESIGNED = both("网页改版：正文靠推断读出", "the page was redesigned: read by guess")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a page that was read left: versions, the snapshot that is its newest, whether it was only guessed at and so left none."""

    versions: int = 0
    snapshot_id: int | None = None
    degraded: bool = False


def _quiet(context: Context, row: SourceRow, versions: int) -> timedelta | None:
    if versions or row.changed_at is None:
        return None
    return context.now() - moment(row.changed_at)


def _keep_reading(context: Context, done: Visit, told: Told) -> _Kept:
    """A page that was read: its version when it says something else than the last one did."""
    store, row = context.store, done.row
    examined = done.examined
    assert examined is not None
    assert examined.content is not None
    assert done.fetched is not None
    content, about = examined.content, examined.content.about
    head = store.versions.heads_of_source(row.id)
    said = examined.said or reading_digest(content.reading)
    written = 0
    if head is not None:
        digest = head.digest
        if about.degraded and not head.degraded:
            store.snapshots.add(row.id, done.fetched, "shrunken", row.snapshot_id)
            return _Kept(degraded=True)
        if done.remade is not None:
            remade, new_rules = done.remade
            assert remade.reading is not None
            written += store_remade(context, row, head.version_id, digest, remade, new_rules, done.at)
            digest = reading_digest(remade.reading)
        elif head.rules != done.rules:
            store.versions.mark_rules(head.version_id, done.rules)
        if digest == said:
            return _Kept(written)
    assert row.document_id is not None
    snapshot_id = store.snapshots.add(row.id, done.fetched, "document", row.snapshot_id, content, done.digest)
    attachments = tuple(
        (
            one.attachment,
            store.snapshots.add(row.id, one.fetched, "document") if one.fetched is not None else None,
            one.note,
        )
        for one in done.attachments
    )
    cause: Cause = "first" if head is None else "content"
    version_id = store.versions.add(_version(row, snapshot_id, examined, cause, done.rules, done.at, attachments, said))
    counters.versions[cause] += 1
    context.log.info(
        "version.kept", trace=trace(row.id, done.at), document=row.document_id, cause=cause,
        indicators=content.gist.indicators, url=row.url,
    )  # fmt: skip
    if about.metadata.consultation.closes:
        store.lineage.set_consultation(row.document_id, about.metadata.consultation, row.id)
    if (
        (edit := examined.compared) is not None
        and head is not None
        and edit.before == head.version_id
        and head.compared
        and not (written or head.degraded)
    ):
        settle(context, version_id, content, edit, told)
    return _Kept(written + 1, snapshot_id)


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
    digest: bytes | None = None,
) -> NewVersion:
    assert row.document_id is not None
    assert examined.content is not None
    edit = examined.compared
    return NewVersion(
        document_id=row.document_id,
        source_id=row.id,
        snapshot_id=snapshot_id,
        stage=row.stage or examined.content.about.stage,
        cause=cause,
        rules=rules,
        seen_at=at,
        content=examined.content,
        attachments=attachments,
        digest=digest,
        moved=None if edit is None else (edit.before, edit.gone, edit.come),
        rows=None if edit is None else edit.rows,
    )


def expected(done: Visit | ColumnVisit) -> bool:
    """A page that was never there yet is awaited, not broken."""
    return done.verdict == "gone" and done.row.version_id is None and done.row.kind == "page"
