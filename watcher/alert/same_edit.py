"""The same edit on many pages of one site in one round is a template change and becomes one message. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from watcher.alert.edits import real_edits
from watcher.alert.moves import objects, string
from watcher.text import plain
from watcher.types import Event

PAGES = 3
"""From so many pages on; two documents can truly share an edit."""


def fingerprint(event: Event) -> str | None:
    """What equals for two pages with the same edit; None for events that are never joined.

    Only text edits are joined: an indicator that moved is always told for its own document.
    """
    if event.type != "document.changed" or objects(event.data.get("moves")):
        return None
    edits = real_edits(objects(event.data.get("edits")))
    host = urlsplit(string(event.data.get("url"))).hostname or ""
    if not edits or not host:
        return None
    digest = hashlib.sha256(host.encode("utf-8", "replace"))
    for edit in edits:
        for part in _changed(edit):
            digest.update(b"\0" + plain(part).encode("utf-8", "replace"))
    return digest.hexdigest()


def _changed(edit: Mapping[str, object]) -> tuple[str, ...]:
    """What an edit took away and put in; the text around it may differ from page to page."""
    spans = edit.get("spans")
    pairs = (
        [span for span in spans if isinstance(span, list | tuple) and len(span) == 2]
        if isinstance(spans, list | tuple)
        else []
    )
    parts = tuple(f"{kind}:{text}" for kind, text in pairs if kind != "equal")
    return parts or (f"-{string(edit.get('before'))}", f"+{string(edit.get('after'))}")


def join(event: Event, others: Sequence[Event]) -> Event:
    """The event with ``also``: ``[{"document", "title", "url"}]`` of the others, which have its :func:`fingerprint`."""
    also = [{name: other.data.get(name) for name in ("document", "title", "url")} for other in others]
    return Event(event.type, event.timestamp, {**event.data, "also": also})
