"""The decisive part of a page alone, for tests of how an unchanged page is known."""

from __future__ import annotations

from watcher.errors import FormatError
from watcher.read import read_closely
from watcher.read.decisive import Decisive


def decisive(body: bytes, *, url: str = "") -> Decisive | None:
    """``None`` too where the body cannot be read."""
    try:
        return read_closely(body, url=url)[1]
    except FormatError:
        return None
