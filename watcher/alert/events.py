"""What happened, as events: a change, a stage, a consultation, an incident. Pure constructors.

An event is all that a message needs: it is written into the outbox beside the change and rendered when it is
delivered, from itself alone. Its ``data`` is what the webhook channel posts, JSON types only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Literal, cast, get_args

from watcher.types import Event, EventType, Link, Period
from watcher.words import within

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What every event about a document says of it."""

    id: str
    title: str
    region: str | None = None
    stage: str | None = None
    url: str | None = None
    """The address of the page at the government."""
    page_link: str | None = None
    """The path of the document on our own page, ``/…``; None lets the message make it from the id."""
    column: str | None = None
    """The id of the column that announced it."""


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """How a version was read, for the last line of a message."""

    portal: str = "generic"
    degraded: bool = False
    suspect: bool = False
    format: str = "html"
    """``html``, ``txt``, ``pdf``, ``docx`` … of what was fetched."""
    files: tuple[str, ...] = ()
    """Formats of the attachments that were read with it."""


@dataclass(frozen=True, slots=True)
class AttachmentMove:
    """An attachment that was added, replaced (same name, other bytes) or removed."""

    kind: Literal["added", "replaced", "removed"]
    name: str
    url: str
    format: str = ""


def spoken(event: Event, language: str) -> Event:
    """The event with its reason in one language (``words.both``), those in a digest too: what messages and webhooks are made of."""
    if "reason" in event.data:
        return replace(event, data={**event.data, "reason": within(event.data["reason"], language)})
    if event.type == "digest":
        return replace(event, data={**event.data, "events": within(event.data.get("events"), language)})
    return event


def _about(document: DocumentFacts) -> dict[str, object]:
    return {
        "document": document.id,
        "title": document.title,
        "region": document.region,
        "stage": document.stage,
        "url": document.url,
        "page_link": document.page_link,
        "column": document.column,
    }


def _read(read: ReadFacts | None) -> dict[str, object]:
    return {"read": {**asdict(read), "files": list(read.files)}} if read else {}


def changed(
    document: DocumentFacts,
    diff: Json,
    now: datetime,
    *,
    read: ReadFacts | None = None,
    holding: str | None = None,
    shared: Sequence[tuple[str, str]] = (),
    renamed: tuple[str, str] | None = None,
) -> Event:
    """``document.changed``: the diff (``document``, ``from``, ``to``, ``moves``, ``edits``) and what document it is. ``holding``: the
    later stage that stays the document's text where an earlier one was edited. ``shared``: id and title of the other documents that
    sources.yaml has at this address. ``renamed``: the page's title before and after, where it says something else.
    """
    more: dict[str, object] = {"holding": holding} if holding else {}
    if renamed:
        more["renamed"] = {"before": renamed[0], "after": renamed[1]}
    if shared:
        more["shared"] = [{"document": document_id, "title": title} for document_id, title in shared]
    return Event("document.changed", now, {**diff, **_about(document), **_read(read), **more})


def stage_changed(document: DocumentFacts, diff: Json, now: datetime, *, read: ReadFacts | None = None) -> Event:
    """``document.stage_changed``: another edition appeared (draft → final); the diff between the two, with all moves."""
    return Event("document.stage_changed", now, {**diff, **_about(document), **_read(read)})


def first_seen(
    document: DocumentFacts,
    now: datetime,
    *,
    indicators: int = 0,
    first_load: bool = False,
    read: ReadFacts | None = None,
) -> Event:
    """``document.first_seen``. ``first_load``: it was there when its column or the product itself was first loaded."""
    data = {
        **_about(document),
        "indicators": indicators,
        "first_load": first_load,
        "seen_at": stamp(now),
        **_read(read),
    }
    return Event("document.first_seen", now, data)


def gone(document: DocumentFacts, now: datetime, *, reason: str = "") -> Event:
    """``document.gone``: the page answers that it is no longer there, and did so as often as it must."""
    return Event("document.gone", now, {**_about(document), "reason": reason})


def back(document: DocumentFacts, now: datetime) -> Event:
    """``document.back``: a page that was gone stands there again."""
    return Event("document.back", now, _about(document))


def _consultation(
    kind: EventType, document: DocumentFacts, now: datetime, opens: str | None, closes: str | None, **more: object
) -> Event:
    return Event(kind, now, {**_about(document), "opens": opens, "closes": closes, **more})


def consultation_opened(
    document: DocumentFacts, now: datetime, *, opens: str | None, closes: str | None, contact: str | None = None
) -> Event:
    """``consultation.opened``; dates as ``YYYY-MM-DD`` or None."""
    return _consultation("consultation.opened", document, now, opens, closes, contact=contact)


def consultation_closing(
    document: DocumentFacts,
    now: datetime,
    *,
    days: int,
    closes: str,
    opens: str | None = None,
    contact: str | None = None,
) -> Event:
    """``consultation.closing``: ``days`` are left (0: it is the last day)."""
    return _consultation("consultation.closing", document, now, opens, closes, days=days, contact=contact)


def consultation_closed(document: DocumentFacts, now: datetime, *, closes: str, opens: str | None = None) -> Event:
    """``consultation.closed``: the last day is over."""
    return _consultation("consultation.closed", document, now, opens, closes)


def consultation_result(document: DocumentFacts, now: datetime, *, result_title: str, result_url: str) -> Event:
    """``consultation.result``: what became of the opinions (采纳情况) was published."""
    data = {**_about(document), "result_title": result_title, "result_url": result_url}
    return Event("consultation.result", now, data)


def attachment_changed(document: DocumentFacts, moves: Sequence[AttachmentMove], now: datetime) -> Event:
    """``attachment.changed``: files added, replaced or removed."""
    return Event("attachment.changed", now, {**_about(document), "attachments": [asdict(move) for move in moves]})


def link_proposed(
    document: DocumentFacts, other: DocumentFacts, link: Link, now: datetime, *, proposal: int | None = None
) -> Event:
    """``link.proposed``: two documents may be one; somebody must decide. ``proposal`` is its number in the store."""
    data = {
        **_about(document),
        "other": {"document": other.id, "title": other.title, "region": other.region, "url": other.url},
        "relation": link.relation,
        "confidence": link.confidence,
        "reasons": list(link.reasons),
        "proposal": proposal,
    }
    return Event("link.proposed", now, data)


def incident_opened(
    source: DocumentFacts,
    kind: str,
    now: datetime,
    *,
    since: datetime | None = None,
    failures: int = 0,
    reason: str = "",
    incident: int | None = None,
) -> Event:
    """``incident.opened``: a source that cannot be read, or a part of the product that does not work.

    ``kind`` is a word of :data:`watcher.alert.incidents.ADVICE`; ``source.id`` may be a document, a column or, for
    ``channel-dead``, a channel. ``reason`` is free of secrets.
    """
    data = {
        **_about(source),
        "incident": incident,
        "kind": kind,
        "since": stamp(since) if since else None,
        "failures": failures,
        "reason": reason,
    }
    return Event("incident.opened", now, data)


def incident_closed(
    source: DocumentFacts, kind: str, now: datetime, *, since: datetime | None = None, incident: int | None = None
) -> Event:
    """``incident.closed``: it works again; ``since`` is when it had begun."""
    data = {**_about(source), "incident": incident, "kind": kind, "since": stamp(since) if since else None}
    return Event("incident.closed", now, data)


def digest(events: Sequence[Event], now: datetime, *, period: Period = "daily") -> Event:
    """``digest``: the events that waited, oldest first. Raises ``ValueError`` for none: an empty digest is never sent."""
    if not events:
        raise ValueError("a digest needs events")
    return Event("digest", now, {"period": period, "events": [to_json(event) for event in events]})


def test(channel: str, now: datetime) -> Event:
    """``test``: what ``watcher test-channel`` sends."""
    return Event("test", now, {"channel": channel})


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with ``Z``."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_json(event: Event) -> dict[str, object]:
    """``{"type", "timestamp", "data"}``."""
    return {"type": event.type, "timestamp": stamp(event.timestamp), "data": dict(event.data)}


def from_json(value: object) -> Event:
    """The event of a :func:`to_json` value. Raises ``ValueError`` where it is not one."""
    if not isinstance(value, dict):
        raise ValueError("not an event")
    kind, when, data = value.get("type"), value.get("timestamp"), value.get("data")
    if kind not in get_args(EventType) or not isinstance(when, str) or not isinstance(data, dict):
        raise ValueError("not an event")
    return Event(cast(EventType, kind), datetime.fromisoformat(when), data)


def document_of(event: Event) -> str:
    """What alerts of this event are kept in order by: the document's (or source's) id, ``""`` for none."""
    value = event.data.get("document")
    return value if isinstance(value, str) else ""
