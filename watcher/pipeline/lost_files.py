"""Files that a version has and its page no longer gives: told once for the page, and once more when they are back or given up."""

from __future__ import annotations

from collections.abc import Sequence

from watcher.alert import events
from watcher.pipeline.attached import FetchedAttachment
from watcher.pipeline.context import Context
from watcher.pipeline.telling import facts_of, tell
from watcher.pipeline.visiting import Visit
from watcher.store.database import moment
from watcher.words import both, told

KIND = "attachment"
NAMED = 3
"""Lost files that the incident names; the rest is counted."""


def settle_files(context: Context, done: Visit) -> None:
    """What the files of a page that was read mean for its incident. Call inside a transaction.

    Files are asked for about once a day; so many looks in a row as ``incident_after`` says must miss one that a version has.
    """
    row, store = done.row, context.store
    if not done.attachments and row.attachments_at is None:
        return  # it never had any: most pages
    lost = [one for one in done.attachments if one.lost]
    fact, subject = f"lost files {row.id}", f"{row.name} files"
    missed = int(store.fact(fact) or 0)
    if not lost and not missed:
        return
    store.set_fact(fact, str(missed + 1 if lost else 0))
    if not lost:
        for closed in store.incidents.close(subject, done.at):
            event = events.incident_closed(
                facts_of(context, row), KIND, done.at, since=moment(closed["opened_at"]), incident=closed["id"]
            )
            tell(context, event, document_id=row.document_id, source_id=row.id)
        return
    if missed + 1 < context.sources.alerting.incident_after:
        return
    reason = _named(lost)
    opened = store.incidents.open(subject, KIND, reason, done.at, row.id)
    if opened is not None:
        event = events.incident_opened(
            facts_of(context, row), KIND, done.at, failures=missed + 1, reason=reason, incident=opened
        )
        tell(context, event, document_id=row.document_id, source_id=row.id)


def _named(lost: Sequence[FetchedAttachment]) -> str:
    """The lost files and why they cannot be had, in both languages."""

    def said(language: str) -> str:
        return "; ".join(f"{one.attachment.name[:80]}: {told(one.note, language)}" for one in lost[:NAMED])

    more = len(lost) - NAMED
    zh, en = (f"; 另有 {more} 个", f"; {more} more") if more > 0 else ("", "")
    return both(said("zh") + zh, said("en") + en)
