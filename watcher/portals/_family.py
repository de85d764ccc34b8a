"""What a portal file may say, and how its parts are found on a page. A helper of the drawer, not a member.

A member is one module with these constants and one function:

- ``recognises(page) -> bool``: fingerprint, cheap (strings of the source before selectors).
- ``NEEDLES``: ASCII strings that its fingerprint looks for; those of all members are searched in one pass.
- ``BODY``: CSS selectors of the article, tried in order. ``DROP``: selectors inside it that are not the article.
- ``TITLE``, ``HEAD`` (the 信息公开 head table), ``FILES`` (attachments outside the article): selectors, optional.
- ``RANK``: members are asked in this order, the most particular first.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Protocol

import re2

from watcher import drawers


class Source(Protocol):
    """The part of ``watcher.read.page.Page`` that a fingerprint may look at."""

    html: str

    def has(self, *needles: str) -> bool:
        """Whether any of these strings stands in the source."""
        ...

    @property
    def metas(self) -> dict[str, str]:
        """Metas by lower-case name."""
        ...


def family(page: Source) -> ModuleType | None:
    """The member that knows this page, ``None`` when no fingerprint fits."""
    return next((member for member in _ranked() if member.recognises(page)), None)


@cache
def _ranked() -> tuple[ModuleType, ...]:
    return tuple(sorted(drawers.members("portals"), key=lambda member: (member.RANK, member.__name__)))


@cache
def _search() -> tuple[re2.Set, tuple[str, ...]]:
    needles = tuple(sorted({needle for member in _ranked() for needle in member.NEEDLES}))
    found = re2.Set.SearchSet()
    for needle in needles:
        found.Add(re2.escape(needle))
    found.Compile()
    return found, needles


def marks(source: bytes | str) -> frozenset[str]:
    """Which needles of all members stand in a page's source; bytes are searched faster than text."""
    search, needles = _search()
    return frozenset(needles[i] for i in search.Match(source) or ())


@cache
def known() -> frozenset[str]:
    """All needles: what ``marks`` was asked about, so that absence from it means absence from the page."""
    return frozenset(_search()[1])
