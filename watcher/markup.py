"""Mark-up made harmless before it is parsed: pure.

The HTML standard's tree construction is quadratic in several ways that a page of a few kilobytes can use: every tag is
looked up along the whole stack of open elements (200,000 nested ``<div>`` take minutes), and formatting elements that
were never closed are opened again in every later block (1,000 ``<font>`` and 5,000 ``<p>``, 36 kB, take 2 GB). Browsers
bound both (Blink stops at a depth of 512); lexbor does not, so it is done before it sees the page. So it is with tens of
thousands of attributes on one tag and of options in one choice.
"""

from __future__ import annotations

import re

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
_LONG = 8192
_TAGS = re.compile(rb"""<[a-zA-Z][^"'>]*+(?:(?:"[^"]*+"|'[^']*+')[^"'>]*+)*+""")
_WHOLE_TAG = re.compile(r"""<([a-zA-Z][^\s/<>]{0,40})((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>?""")
_QUOTED = re.compile(r"""=\s{0,9}(?:"[^"]*+"|'[^']*+')""")
_ATTRIBUTE = re.compile(r"[\s/]++[^\s/]")
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


def parse(html: str, source: bytes = b"") -> LexborHTMLParser:
    """The tree of a page, tamed where it must be. ``source`` is the same page in UTF-8, where the caller has it already."""
    source = source or html.encode("utf-8", "ignore")
    return LexborHTMLParser(source if _harmless(source) else _tamed(html))


def tame(html: str) -> str:
    """``html`` itself, or, where it nests deeper than 512 elements or leaves more than 64 formatting elements open, the
    same text with the tags that do made void. Linear in its length; an ordinary page costs a fraction of a millisecond.
    """
    return html if _harmless(html.encode("utf-8", "ignore")) else _tamed(html)


def _harmless(source: bytes) -> bool:
    """Whether nothing need be counted: bytes are searched several times faster than text."""
    if len(source) > _LONG and max(map(len, _TAGS.findall(source)), default=0) > 2 * ATTRIBUTES:
        return False
    tags = source.count(b"<")
    return tags <= FEW or (tags <= MANY and len(_OPENS.findall(source)) <= FORMATTING)


def _tamed(html: str) -> str:
    thinned = _WHOLE_TAG.sub(_few_attributes, html) if len(html) > _LONG else html
    html = thinned if len(thinned) != len(html) else html
    tags = html.count("<")
    if tags <= FEW:
        return html
    if tags > MANY and len(_OPTION.findall(html)) > MANY:
        # A choice looks at all its options again for every one of them.
        html = _OPTION.sub(rf"<\1{_NOTHING}", html)
    if _most_open(html) > FORMATTING:
        html = _FORMAT_TAG.sub(rf"<\1{_NOTHING}", html)
    return _shallow(html) if tags > MANY else html


def _few_attributes(tag: re.Match[str]) -> str:
    if len(tag[2]) <= 2 * ATTRIBUTES or len(_ATTRIBUTE.findall(_QUOTED.sub(" q", tag[2]))) <= 2 * ATTRIBUTES:
        return tag[0]
    return f"<{tag[1]}>"


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
