"""What would be sent of a document's last change, as text."""

from __future__ import annotations

from watcher.alert import events
from watcher.alert.events import DocumentFacts
from watcher.alert.message import compose
from watcher.channels.console import payload
from watcher.errors import NotFound
from watcher.pipeline.context import Context
from watcher.pipeline.finding import find_document
from watcher.pipeline.telling import read_facts
from watcher.words import tr


def preview(context: Context, words: str) -> str:
    """The message of the newest change of the document that ``words`` means. Raises ``NotFound``."""
    document_id = find_document(context, words)
    newest = context.store.changes.feed(document_id=document_id, limit=1)
    if not newest:
        raise NotFound(
            tr(
                f"{document_id} 还没有变更，没有可发的通知",
                f"no change of {document_id} is stored; there is nothing to send",
            )
        )
    row = newest[0]
    diff = context.store.changes.diff(row["id"])
    about = DocumentFacts(document_id, row["title"], row["region"], row["to_stage"], row["url"])
    alerting = context.sources.alerting
    version = context.store.versions.numbered(document_id, row["to_number"])
    read = read_facts(context, version) if version is not None else None
    if row["kind"] == "stage":
        event = events.stage_changed(about, diff, context.now(), read=read)
    else:
        edition, stage = context.store.versions.holding(document_id)
        holding = stage if version is not None and version.edition_id != edition else None
        event = events.changed(about, diff, context.now(), read=read, holding=holding)
    return payload(compose(event, alerting.language, alerting.link, context.sources.schedule.timezone))
