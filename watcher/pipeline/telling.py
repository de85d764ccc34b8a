"""From an event to rows in the outbox: which channels hear it, when. Always inside the transaction of its cause."""

from __future__ import annotations

from typing import Final

from watcher import drawers
from watcher.alert import routes
from watcher.alert.events import DocumentFacts, ReadFacts
from watcher.alert.moves import string
from watcher.pipeline.context import Context
from watcher.store import SourceRow, Version
from watcher.types import Event, Period

PERIODS: Final[tuple[Period, ...]] = ("daily", "weekly")


def digest_thread(period: Period) -> str:
    """The thread of what waits for a digest, and of the digest itself: which of them it is."""
    return f"{period} digest"


def composed(kind: str) -> bool:
    """Whether a kind of channel shows messages to people; others take the events themselves."""
    return getattr(drawers.member("channels", kind), "COMPOSED", True) is True


def facts_of(context: Context, row: SourceRow) -> DocumentFacts:
    """What an event about a source says of its document or column."""
    if row.document_id is None:
        column = context.column(row)
        return DocumentFacts(row.name, column.title if column else row.name, url=row.url, column=row.name)
    found = context.store.document(row.document_id)
    return DocumentFacts(
        id=found["id"],
        title=found["title"],
        region=found["region"],
        stage=row.stage,
        url=row.url,
        column=found["column_id"],
    )


def read_facts(context: Context, version: Version) -> ReadFacts:
    """How it was read: what has no template is a file, and goes by its format."""
    about = version.about
    portal = about.portal
    form = portal if portal in drawers.names("formats") else "txt" if portal == "text" else "html"
    files = (one for one in context.store.versions.attachments(version.id) if one["snapshot_id"] and not one["note"])
    return ReadFacts(portal, about.degraded, about.suspect, form, tuple(one["format"] for one in files))


def decision_of(
    context: Context, event: Event, channel: str, document_id: str | None, column_id: str | None
) -> routes.Decision:
    """What the routes make of an event on a channel now."""
    return routes.decide(
        event,
        channel,
        context.sources.alerting,
        context.now(),
        context.timezone_of(document_id, column_id),
        document=document_id or "",
        columns=(column_id,) if column_id else (),
        quiet_zone=context.sources.schedule.timezone,
    )


def tell(
    context: Context,
    event: Event,
    *,
    document_id: str | None = None,
    source_id: int | None = None,
    change_id: int | None = None,
    column_id: str | None = None,
    channels: tuple[str, ...] | None = None,
    thread: str = "",
) -> int:
    """Writes the event and one alert a channel that is to hear of it; returns the event's row id.

    ``thread``: what it is kept in order with, where that is not its document.
    """
    store, now = context.store, context.now()
    event_id = store.changes.add_event(event, document_id=document_id, source_id=source_id, change_id=change_id)
    thread = thread or document_id or f"source {source_id or ''}"
    column_id = column_id or string(event.data.get("column")) or None
    for name in context.channels_of(document_id, column_id) if channels is None else channels:
        decision = decision_of(context, event, name, document_id, column_id)
        if decision.deliver == "digest":
            store.outbox.add(event_id, name, digest_thread(decision.period), decision.at or now, now, digest=True)
        elif decision.deliver != "never":
            store.outbox.add(event_id, name, thread, decision.at or now, now)
    return event_id
