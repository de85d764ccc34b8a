"""One visit: fetch an address, decide as early as possible that nothing changed, otherwise read it. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from watcher.errors import FetchError
from watcher.fetch.validators import freshness, retry_after, validators
from watcher.fetch.verdict import Shape, verdict_of_error
from watcher.pipeline.attached import FetchedAttachment, files_of, noted, parts_of, with_bytes
from watcher.pipeline.bringing import HERE, bring, fetch, run
from watcher.pipeline.comparing import Before
from watcher.pipeline.context import Context
from watcher.pipeline.errands import Errand
from watcher.pipeline.examine import Examined, Job, body_digest
from watcher.pipeline.hints import still
from watcher.pipeline.rules import rules_of
from watcher.read.boilerplate import counter_moved, learn_noise
from watcher.settings import DocumentSource
from watcher.store import Head, SourceRow, Version
from watcher.store.codec import reading_digest
from watcher.types import Attachment, Fetched, Verdict
from watcher.words import both, told


@dataclass(frozen=True, slots=True)
class Visit:
    """How one visit ended."""

    row: SourceRow
    at: datetime
    verdict: Verdict
    note: str = ""
    status: int | None = None
    unchanged: bool = False
    fetched: Fetched | None = None
    examined: Examined | None = None
    attachments: tuple[FetchedAttachment, ...] = ()
    retry_after: float | None = None
    fresh_for: float | None = None
    rules: str = ""
    remade: tuple[Examined, str] | None = None
    """The last version under today's rules, when they read it otherwise than it was read (and those rules)."""
    learned: frozenset[str] = frozenset()
    kind: str | None = None
    """The kind of incident where the verdict alone does not say it."""
    digest: bytes | None = None
    """Of the page's bytes (``body_digest``)."""
    hint: bytes | None = None
    etag: str | None = None
    last_modified: str | None = None
    bug: bool = False
    wire: str | None = None
    """The kind of error that kept an answer away, None when one came."""
    elapsed: float | None = None
    """Seconds until the page's answer was there."""

    @property
    def good(self) -> bool:
        """A document was read, or is known to be as it was."""
        return self.verdict == "document"


async def visit(
    context: Context, row: SourceRow, plan: DocumentSource, chrome: frozenset[str], *, whole: bool = False
) -> Visit:
    """One check of one page. Raises only bugs, and ``ClusterError`` where workers are given up for lost.

    ``whole``: indicators are extracted even where the reading says what it said.
    """
    at = context.now()
    rules = rules_of(plan.selectors, chrome)
    known = row.version_id is not None and row.rules == rules and not _attachments_due(row, at)
    errand = Errand(row.url, plan.network)
    if known:
        errand = replace(errand, etag=row.etag, last_modified=row.last_modified, digest=row.body, hint=row.hint)
    task: Task | None = None
    if (context.workers or HERE).far:
        # Nobody can ask back from there: what the store knows travels along.
        task = await _task(context, row, plan, chrome, rules, whole)
        errand = replace(errand, then=task.job)
    try:
        brought = await bring(context, errand, found=row.column_id is not None)
    except FetchError as error:
        return Visit(
            row,
            at,
            verdict_of_error(error),
            error.both,
            retry_after=error.retry_after,
            rules=rules,
            kind=_refusal(error),
            wire=error.kind,
        )
    fetched = brought.fetched
    start = Visit(
        row,
        at,
        "error",
        status=fetched.status,
        elapsed=fetched.elapsed,
        rules=rules,
        retry_after=retry_after(fetched.headers, at),
        fresh_for=freshness(fetched.headers, at),
        digest=brought.digest,
    )
    if brought.unchanged:
        if fetched.status == 304:
            return replace(start, verdict="document", unchanged=True)
        seen = validators(fetched)
        return replace(
            start,
            verdict="document",
            unchanged=True,
            hint=row.hint,
            etag=seen.etag,
            last_modified=seen.last_modified,
        )
    if task is None:
        task = await _task(context, row, plan, chrome, rules, whole)
    task = replace(task, job=replace(task.job, fetched=fetched))
    examined = brought.examined or await run(context, task.job)
    return await _examined(context, plan, chrome, task, examined, start)


ATTACHMENTS_EVERY = timedelta(hours=20)
"""Files can be replaced in their place while their page stays: they are fetched again about once a day."""


def _attachments_due(row: SourceRow, now: datetime) -> bool:
    return row.attachments_at is not None and now - datetime.fromisoformat(row.attachments_at) >= ATTACHMENTS_EVERY


def _refusal(error: FetchError) -> str | None:
    return "configuration" if error.kind in ("refused", "robots") else None


_UNKNOWN = Fetched("", "", 0, {}, b"", datetime.fromtimestamp(0, UTC))


@dataclass(frozen=True, slots=True)
class Task:
    """How to examine what stands at an address now, and what it is compared with."""

    job: Job
    last: Head | None = None
    known: bytes | None = None
    """Digest of the last version's reading, under today's rules."""
    remade: Examined | None = None
    """The last version under today's rules, where others read it."""
    before: Before | None = None
    """The last version, where it can be compared with as it is kept."""


async def _task(
    context: Context, row: SourceRow, plan: DocumentSource, chrome: frozenset[str], rules: str, whole: bool
) -> Task:
    last = None if row.version_id is None else context.store.versions.heads_of_source(row.id)
    remade = None
    shape = known = None
    if last is not None:
        known, characters, tables = last.digest, last.characters, last.tables
        if last.rules != rules:
            remade = await remake(context, plan, chrome, context.store.versions.get(last.version_id))
        if remade is not None and remade.content is not None:
            known, gist = reading_digest(remade.content.reading), remade.content.gist
            characters, tables = gist.characters, gist.tables
        shape = Shape(characters=characters, tables=tables, shrunken_rounds=row.shrunken)
    before = None
    if last is not None and last.rules == rules and not (whole or (context.workers or HERE).far):
        before = Before(last.version_id, context.store.versions.said(last.version_id))
    job = Job(
        _UNKNOWN,
        plan.selectors,
        chrome,
        shape,
        patience=plan.shrunken_rounds,
        known=None if whole else known,
        hint=not row.url.startswith("file:"),
        # Files belong to what it said: it is compared when they are there too.
        before=before if row.attachments_at is None else None,
    )
    return Task(job, last, known, remade, before)


async def _examined(
    context: Context, plan: DocumentSource, chrome: frozenset[str], task: Task, examined: Examined, start: Visit
) -> Visit:
    """A page that is not as it was: what belongs to it is fetched too, then it is what this visit brings."""
    fetched = task.job.fetched
    base = replace(
        start,
        verdict=examined.verdict,
        note=examined.reason if examined.verdict != "document" else "",
        status=fetched.status,
        fetched=fetched,
        examined=examined,
        kind=examined.incident,
    )
    if examined.content is None or examined.verdict not in ("document", "empty", "shrunken"):
        return base
    try:
        parts = await parts_of(context, plan, examined.content.about)
    except FetchError as error:
        return replace(
            base,
            verdict=verdict_of_error(error),
            note=both(f"文章的后续页：{told(error.both, 'zh')}", f"a part of the article: {told(error.both, 'en')}"),
            retry_after=error.retry_after,
        )
    attachments = parts + (await files_of(context, plan, examined.content.about, task.last) if plan.attachments else ())
    if any(one.fetched is not None for one in attachments):
        examined = await run(context, replace(task.job, attachments=with_bytes(attachments), before=task.before))
        attachments = noted(attachments, examined.reading)
    if examined.verdict != "document" or examined.content is None:
        return replace(
            base,
            verdict=examined.verdict,
            note=examined.reason,
            fetched=fetched,
            examined=examined,
            attachments=attachments,
        )
    seen = validators(fetched)
    done = replace(
        base,
        verdict="document",
        note="",
        fetched=fetched,
        examined=examined,
        attachments=attachments,
        etag=seen.etag,
        last_modified=seen.last_modified,
        hint=examined.hint,
    )
    done = replace(done, remade=(task.remade, done.rules) if task.remade is not None else None)
    if task.last is None or task.known == examined.said or done.row.url.startswith("file:"):
        return done
    return await _ask_twice(context, plan, chrome, task.last, done)


async def _ask_twice(
    context: Context,
    plan: DocumentSource,
    chrome: frozenset[str],
    head: Head,
    done: Visit,
) -> Visit:
    """Where nothing moved but what may be a counter, the page is fetched once more: what moves again is one, and chrome from now on."""
    content, compared = (done.examined.content, done.examined.compared) if done.examined is not None else (None, None)
    versions = context.store.versions

    def before() -> str:
        """The text of the last version: not kept, because many visits at a time may wait for their second fetch."""
        remade = done.remade[0].content if done.remade is not None else None
        return remade.text if remade is not None else versions.printed(head.version_id)[1]

    if content is None or not (compared.counter if compared is not None else counter_moved(before(), content.text)):
        return done
    try:
        again = await fetch(context, done.row.url, plan.network)
    except FetchError:
        return done
    if still(done.hint, again):
        return done  # nothing that is read moved between the two
    files = with_bytes(done.attachments)
    second = await run(context, Job(again, plan.selectors, chrome, attachments=files, extract=False))
    if second.content is None or second.verdict != "document":
        return done
    noise = learn_noise(*(text.split("\n") for text in (content.text, second.content.text, before())))
    if not noise:
        return done
    chrome |= noise
    rules = rules_of(plan.selectors, chrome)
    remade = await remake(context, plan, chrome, versions.get(head.version_id))
    if remade is None or remade.reading is None:
        return done
    # Where nothing else moved, the two read the same: no version comes of it, and no indicator is wanted.
    known = reading_digest(remade.reading)
    cleaned = await run(context, Job(again, plan.selectors, chrome, attachments=files, known=known, hint=True))
    if cleaned.verdict != "document":
        return done
    return replace(
        done,
        fetched=again,
        examined=cleaned,
        remade=(remade, rules),
        learned=noise,
        rules=rules,
        digest=body_digest(again.body),
        hint=cleaned.hint,
    )


async def remake(context: Context, plan: DocumentSource, chrome: frozenset[str], last: Version) -> Examined | None:
    """The last version read again, from its own bytes, by today's rules; None when they no longer make a document of it."""
    snapshot = context.store.snapshots.get(last.snapshot_id)
    fetched = Fetched(snapshot.url, snapshot.url, snapshot.status, snapshot.headers, snapshot.body, snapshot.fetched_at)
    attachments = tuple(
        (Attachment(one["name"], one["url"], one["format"]), context.store.snapshots.get(one["snapshot_id"]).body)
        for one in context.store.versions.attachments(last.id)
        if one["snapshot_id"] is not None
    )
    examined = await run(context, Job(fetched, plan.selectors, chrome, attachments=attachments))
    return examined if examined.verdict == "document" and examined.content is not None else None
