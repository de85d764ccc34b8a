"""Mark-up made harmless before it is parsed: pure.

The HTML standard's tree construction is quadratic in several ways that a page of a few kilobytes can use: every tag is
looked up along the whole stack of open elements (200,000 nested ``<div>`` take minutes), and formatting elements that
were never closed are opened again in every later block (1,000 ``<font>`` and 5,000 ``<p>``, 36 kB, take 2 GB). Browsers
bound both (Blink stops at a depth of 512); lexbor does not, so it is done before it sees the page. So it is with tens of
thousands of attributes on one tag and of options in one choice.
"""

from __future__ import annotations

import re
from itertools import islice

import re2
from selectolax.lexbor import LexborHTMLParser

FEW = 1000
"""Tags that cannot hurt however they stand."""
MANY = 5000
"""Tags from which on nesting is measured."""
DEPTH = 512
FORMATTING = 64
"""Formatting elements that may be open at a time."""
_FORMATTING = "[biusBIUS]|[fF][oO][nN][tT]|[eE][mM]|[sS][tT][rR][oO][nN][gG]|[sS][tT][rR][iI][kK][eE]|[sS][mM][aA][lL][lL]|[bB][iI][gG]|[tT][tT]|[cC][oO][dD][eE]|[nN][oO][bB][rR]"
_OPENS = re2.compile(rf"<(?:{_FORMATTING})[\s/>]".encode())
_FORMAT_TAG = re.compile(rf"<(/?)(?:{_FORMATTING})(?=[\s/>])")
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]{0,40})")
ATTRIBUTES = 1000
"""Attributes of one tag from which on it loses them all: a parser compares each with every other."""
_LONG = 2 * ATTRIBUTES
"""Bytes that a tag with so many attributes has at least."""
# As the HTML standard has it: a quotation mark counts only behind the "=" of an attribute that has a name.
_ATTRIBUTE = (
    rb"""(?:[ \t\n\f\r/]+|[^ \t\n\f\r/>][^ \t\n\f\r/>=]*(?:[ \t\n\f\r]*=[ \t\n\f\r]*"""
    rb"""(?:"[^"]*(?:"|\z)|'[^']*(?:'|\z)|[^ \t\n\f\r>"'][^ \t\n\f\r>]*)?)?)"""
)
_BYTES = re2.Options()
_BYTES.encoding = re2.Options.Encoding.LATIN1
_ATTRIBUTES = re2.compile(_ATTRIBUTE, _BYTES)
_TAG_NAME = rb"</?[a-zA-Z][^ \t\n\f\r/>]*"
_NAME = re.compile(_TAG_NAME)
_WHOLE_TAG = re2.compile(_TAG_NAME + _ATTRIBUTE + b"*", _BYTES)
_BEGINS = re.compile(b"</?[a-zA-Z]")
SHIELDED = """</?[a-zA-Z][^>]*=[ \\t\\n\\f\\r]*(?:"[^">]*>|'[^'>]*>)"""
"""An expression for ``re2``: a tag of which a quoted value hides a ``>``. Where none stands, tags end at the next ``>``."""
_SHIELDED = re2.compile(SHIELDED.encode())
_UNQUOTED = bytes.maketrans(b"\"'", b"  ")
_OPTION = re.compile(r"<(/?)option(?=[\s/>])", re.IGNORECASE)
_NOTHING = "wbr"
"""What a tag that is one too many becomes: a void element, which keeps attributes and text where they are."""
_CLOSED_BY_OTHERS = frozenset(
    [
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "option",
        "optgroup",
        "rp",
        "rt",
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
"""Void elements, and those whose end tag may be left out: they do not nest by themselves."""


def parse(html: str, source: bytes = b"", *, shielded: bool = True) -> LexborHTMLParser:
    """The tree of a page, tamed where it must be. ``source`` is the same page in UTF-8, where the caller has it already.

    ``shielded=False`` where the caller knows that ``SHIELDED`` does not stand in it.
    """
    source = source or html.encode("utf-8", "ignore")
    return LexborHTMLParser(source if _harmless(source, shielded) else _tamed(html))


def tame(html: str) -> str:
    """``html`` itself, or, where it nests deeper than 512 elements, leaves more than 64 formatting elements open or has
    a tag of more than a thousand attributes, the same text with the tags that do made void or bare. Linear in its length.
    """
    return html if _harmless(html.encode("utf-8", "ignore")) else _tamed(html)


def _harmless(source: bytes, shielded: bool = True) -> bool:
    """Whether nothing need be counted: bytes are searched several times faster than text."""
    if _crowded(source, shielded) != []:
        return False
    tags = source.count(b"<")
    return tags <= FEW or (tags <= MANY and len(_OPENS.findall(source)) <= FORMATTING)


def _tamed(html: str) -> str:
    source = html.encode("utf-8", "ignore")
    thinned = _thinned(source)
    html = html if thinned is source else thinned.decode("utf-8")
    tags = html.count("<")
    if tags <= FEW:
        return html
    if tags > MANY and len(_OPTION.findall(html)) > MANY:
        # A choice looks at all its options again for every one of them.
        html = _OPTION.sub(rf"<\1{_NOTHING}", html)
    if _most_open(html) > FORMATTING:
        html = _FORMAT_TAG.sub(rf"<\1{_NOTHING}", html)
    return _shallow(html) if tags > MANY else html


def _thinned(source: bytes) -> bytes:
    """A page without the attributes of crowded tags; without any quotation mark where these hide which tags are crowded."""
    for page in (source, source.translate(_UNQUOTED)):
        crowded = _crowded(page)
        if crowded is None:
            continue
        at, kept = 0, []
        for begin, end in crowded:
            if begin >= at:
                kept.append(page[at:begin])
                at = end
        page = b"".join((*kept, page[at:])) if kept else page
        if not _crowded(page):
            return page
    return page


def _crowded(source: bytes, shielded: bool = True) -> list[tuple[int, int]] | None:
    """Where the attributes of tags stand that have more than ``ATTRIBUTES`` of them, ``None`` when it takes too long to tell.

    Comments and scripts are not told from the rest, so what only looks like a tag does not hide one that begins in it.
    """
    if len(source) <= _LONG:
        return []
    starts = _in_long_stretches(source)
    if shielded:
        starts = sorted({*starts, *(found.start() for found in _SHIELDED.finditer(source))})
    crowded = []
    effort = 2 * len(source)
    for start in starts:
        tag = _WHOLE_TAG.match(source, start)
        if tag is None:
            continue
        effort -= len(tag[0])
        if effort < 0:
            return None
        if len(tag[0]) > _LONG and (name := _NAME.match(tag[0])) and _many(tag[0], name.end()):
            crowded.append((start + name.end(), tag.end()))
    return crowded


def _many(tag: bytes, at: int) -> bool:
    named = (found for found in _ATTRIBUTES.finditer(tag, at) if found[0][0] not in b" \t\n\f\r/")
    return next(islice(named, ATTRIBUTES, None), None) is not None


def _in_long_stretches(source: bytes) -> list[int]:
    """Where a tag begins more than ``_LONG`` bytes before the next ``>``, which is looked for backwards; the first one before each."""
    found = []
    at, last = 0, len(source) - _LONG
    while at < last:
        end = source.rfind(b">", at, at + _LONG + 1)
        if end < 0:
            end = source.find(b">", at + _LONG)
            end = len(source) if end < 0 else end
            first = source.find(b"<", at, end)
            if first >= 0 and (tag := _BEGINS.search(source, first, end)) is not None:
                found.append(tag.start())
        at = end + 1
    return found


def _most_open(html: str) -> int:
    """The most formatting elements that can be open at a time, and those that nobody closes."""
    now = most = 0
    for match in _FORMAT_TAG.finditer(html):
        now = max(0, now - 1) if match[1] else now + 1
        most = max(most, now)
    return most


def _shallow(html: str) -> str:
    kept: list[str] = []
    depth = at = excess = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _CLOSED_BY_OTHERS:
            continue
        if match[1]:
            if not excess:
                depth = max(0, depth - 1)
                continue
            excess -= 1
        elif depth < DEPTH:
            depth += 1
            continue
        else:
            excess += 1
        kept.append(html[at : match.start(2)])
        kept.append(_NOTHING)
        at = match.end()
    if not kept:
        return html
    kept.append(html[at:])
    return "".join(kept)
