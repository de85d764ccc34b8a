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
from functools import cache, lru_cache
from types import ModuleType
from typing import NamedTuple, Protocol

import re2

from watcher import drawers, markup

UNPRINTED = ("<nav", "noprint", "no-print", "print-none", "mw-editsection", '"navigation"')
"""What stands in pages that hold parts which are not printed."""
PERMALINKS = (">#</a>", ">¶</a>")
PAGERS = ("下一页", "下页")
WORDS = frozenset(
    ("<base", "<iframe", "<frame", "<embed", "<object", "createpagehtml", *UNPRINTED, *PERMALINKS, *PAGERS)
)
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


_WORD = re.compile("([.#=])[\"']?([\\w-]+)")


@cache
def words(selector: str) -> tuple[str, ...]:
    """Words, lower case, that must all stand in a page's source for this selector to find anything; a tag's is ``<tag``,
    and ``=`` goes before a class or an id, which stands there as a whole one.

    ``()`` for a list of selectors, which is not taken apart.
    """
    if "," in selector:
        return ()
    found = _WORD.findall(selector)
    tag = re.fullmatch("[a-zA-Z][a-zA-Z0-9]*", selector)
    return tuple(f"{'=' if sign != '=' else ''}{word.lower()}" for sign, word in found) or (
        (f"<{tag[0].lower()}",) if tag else ()
    )


def _expression(word: str) -> str:
    """What finds a word of a selector in any case of letters: a class or an id ends where the value, or it in a list of them, does."""
    whole = "[\\s\"'=;]" + re2.escape(word[1:]) + "[\\s\"'>&]" if word[0] == "=" else re2.escape(word)
    return f"(?i){whole}"


CONTROLS, LATE_METAS, SHIELDED = "control characters", "late metas", "shielded"
_TRAITS = {
    CONTROLS: "[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f]|&#0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|127)(?:[^0-9]|$)"
    "|&#[xX]0*(?:[0-8bBeEfF]|1[0-9a-fA-F]|7[fF])(?:[^0-9a-fA-F]|$)",
    LATE_METAS: "(?is:</head.*<meta[\\s/>])",
    SHIELDED: markup.SHIELDED,
}
"""What else is looked for on the way: control characters and references to them, metas behind the head, tags that hide a ``>``."""


class Seen(NamedTuple):
    """What stands in a page's source."""

    needles: frozenset[str]
    """Needles of all members."""
    words: frozenset[str]
    """Words of their selectors, lower case."""
    traits: frozenset[str]
    """``CONTROLS``, ``LATE_METAS``, ``SHIELDED``."""


@cache
def _search() -> tuple[re2.Set, tuple[str, ...], tuple[str, ...]]:
    needles = tuple(sorted({needle for member in _ranked() for needle in member.NEEDLES}))
    selectors = {selector for member in _ranked() for name in SELECTORS for selector in getattr(member, name)}
    names = tuple(sorted({word for selector in selectors for word in words(selector)} | WORDS))
    found = re2.Set.SearchSet()
    for needle in needles:
        found.Add(re2.escape(needle))
    for name in names:
        found.Add(_expression(name))
    for trait in _TRAITS.values():
        found.Add(trait)
    found.Compile()
    return found, needles, names


def look(source: bytes | str) -> Seen:
    """Which needles of all members, which words of their selectors and which traits stand in a page's source.

    One pass; bytes are searched faster than text. To look for a selector in the tree costs a walk over all of it.
    """
    search = _search()[0]
    return _told(frozenset(search.Match(source) or ()))


@lru_cache(maxsize=512)
def _told(found: frozenset[int]) -> Seen:
    """Pages of one template have the same in them."""
    _, needles, names = _search()
    first, last = len(needles), len(needles) + len(names)
    traits = tuple(_TRAITS)
    return Seen(
        frozenset(needles[i] for i in found if i < first),
        frozenset(names[i - first] for i in found if first <= i < last),
        frozenset(traits[i - last] for i in found if i >= last),
    )


@cache
def known() -> frozenset[str]:
    """All needles: what ``look`` asks about, so that absence from it means absence from the page."""
    return frozenset(_search()[1])


@cache
def asked(selector: str) -> frozenset[str]:
    """Words of a selector that ``look`` asks about: only the members' own are."""
    return frozenset(words(selector)) & frozenset(_search()[2])
