"""WPS Writer files (.wps, .wpt): Word's compound file under another name."""

from __future__ import annotations

from watcher.formats import doc
from watcher.types import Block


def recognises(body: bytes, name: str = "") -> bool:
    """A compound file with a Word stream that is called .wps or .wpt."""
    return doc.is_word(body) and name.lower().endswith((".wps", ".wpt"))


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """As ``doc.blocks``. Raises ``FormatError`` as that does."""
    return doc.blocks(body)
