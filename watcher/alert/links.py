"""Addresses on our own page that messages link to. One place, because the page and the messages must agree. Pure."""

from __future__ import annotations

from urllib.parse import quote

INCIDENTS = "/incidents"
"""What cannot be read at the moment."""


def document_path(document: str) -> str:
    """The story of a document."""
    return f"/documents/{quote(document, safe='')}"


def diff_path(document: str, before: int, after: int) -> str:
    """Two versions side by side."""
    return f"{document_path(document)}/diff/{before}...{after}"


def join(base: str, path: str) -> str:
    """The public address; ``""`` where no base is set."""
    return f"{base.rstrip('/')}{path}" if base else ""
