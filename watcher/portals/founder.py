"""Founder 方正: digital newspapers and bulletins of 翔宇, with ``<founder-content>``, ``<!--enpcontent-->`` and a comment of properties."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 46
NEEDLES: tuple[str, ...] = ("<founder-content", "<!--enpcontent", "<!--enpproperty")
BODY: tuple[str, ...] = ("founder-content", "#ozoom", "#articleContent")
DROP: tuple[str, ...] = ()
TITLE: tuple[str, ...] = ("founder-title", ".font01", "#PrintTxt strong", "h1")
HEAD: tuple[str, ...] = ()
FILES: tuple[str, ...] = ()


def recognises(page: Source) -> bool:
    """By the tags and comments that its publisher writes around an article."""
    return page.has(*NEEDLES)
