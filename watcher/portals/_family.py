"""What a portal file may say, and how its parts are found on a page. A helper of the drawer, not a member.

A member is one module with these constants and one function:

- ``recognises(page) -> bool``: fingerprint, cheap (strings of the source before selectors).
- ``NEEDLES``: ASCII strings that its fingerprint looks for; those of all members are searched in one pass.
- ``BODY``: CSS selectors of the article, tried in order. ``DROP``: selectors inside it that are not the article.
- ``TITLE``, ``HEAD`` (the 信息公开 head table), ``FILES`` (attachments outside the article): selectors, optional.
- ``RANK``: members are asked in this order, the most particular first.
"""

from __future__ import annotations

import re
from functools import cache
from types import ModuleType
from typing import Protocol

import re2

from watcher import drawers

WORDS = frozenset(("<base", "<iframe", "<frame", "<embed", "<object", "createpagehtml"))
"""What every page is asked besides, lower case."""
SELECTORS = ("BODY", "DROP", "TITLE", "HEAD", "FILES")


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


_WORD = re.compile("[.#=][\"']?([\\w-]+)")


@cache
def words(selector: str) -> tuple[str, ...]:
    """Words, lower case, that must all stand in a page's source for this selector to find anything; a tag's is ``<tag``.

    ``()`` for a list of selectors, which is not taken apart.
    """
    if "," in selector:
        return ()
    found = _WORD.findall(selector)
    tag = re.fullmatch("[a-zA-Z][a-zA-Z0-9]*", selector)
    return tuple(word.lower() for word in found) or ((f"<{tag[0].lower()}",) if tag else ())


@cache
def _search() -> tuple[re2.Set, tuple[str, ...], tuple[str, ...]]:
    needles = tuple(sorted({needle for member in _ranked() for needle in member.NEEDLES}))
    selectors = {selector for member in _ranked() for name in SELECTORS for selector in getattr(member, name)}
    names = tuple(sorted({word for selector in selectors for word in words(selector)} | WORDS))
    found = re2.Set.SearchSet()
    for needle in needles:
        found.Add(re2.escape(needle))
    for name in names:
        found.Add("(?i)" + re2.escape(name))
    found.Compile()
    return found, needles, names


def look(source: bytes | str) -> tuple[frozenset[str], frozenset[str]]:
    """``(needles, words)``: which needles of all members, and which words of their selectors, stand in a page's source.

    One pass; bytes are searched faster than text. To look for a selector in the tree costs a walk over all of it.
    """
    search, needles, names = _search()
    found = search.Match(source) or ()
    first = len(needles)
    return frozenset(needles[i] for i in found if i < first), frozenset(names[i - first] for i in found if i >= first)


def marks(source: bytes | str) -> frozenset[str]:
    """Which needles of all members stand in a page's source."""
    return look(source)[0]


@cache
def known() -> frozenset[str]:
    """All needles: what ``marks`` was asked about, so that absence from it means absence from the page."""
    return frozenset(_search()[1])


@cache
def known_words() -> frozenset[str]:
    """All words of selectors that ``look`` asks about."""
    return frozenset(_search()[2])
