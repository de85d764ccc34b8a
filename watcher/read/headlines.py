"""The headline of a page that no portal file knows: where the title is printed, and which box it heads."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from watcher.read import html_blocks, printed, titles
from watcher.read.headinfo import title_of
from watcher.read.links import format_of
from watcher.read.page import Page

LONG = 6
"""Characters of the shortest title that tells a place on a page."""
_TITLES = "h1,h2,h3,h4,[class*=title],[class*=Title],[class*=tit],[class*=bt]"
_PART = 0.3
"""Part of the heaviest box's sentences that the box below the title must hold to be the article."""


def headlines(page: Page, title: str) -> list[LexborNode]:
    """The elements that print the page's title (``titles.key`` of it is ``title``), in page order, whatever they are called."""
    if len(title) < LONG:
        return []
    words = _PLAIN.match(title_of(page))
    found = page.tree.css(f'*:lexbor-contains("{words[0]}")')[:20] if words is not None else []
    shown = [node for node in found if node.tag not in _UNPRINTED and titles.key(node.text(deep=True) or "") == title]
    return shown or [node for node in page.tree.css(_TITLES)[:200] if titles.key(node.text(deep=True) or "") == title]


_PLAIN = re.compile("[\u3001-\u301f\u3400-\u9fff\uff08\uff09“”a-zA-Z0-9]{6,20}")
"""The beginning of a title by which its elements are found: a line break may follow."""
_UNPRINTED = frozenset(("title", "a", "option", "script"))


def around(heads: list[LexborNode]) -> frozenset[int]:
    """The identities of what holds the first headline; later ones may be the document's own."""
    holder = heads[0] if heads else None
    found: set[int] = set()
    while holder is not None and holder.tag not in ("body", "html"):
        found.add(holder.mem_id)
        holder = holder.parent
    return frozenset(found)


def below(
    heads: list[LexborNode],
    best: LexborNode,
    masses: tuple[dict[int, float], dict[int, float]],
    nodes: dict[int, LexborNode],
) -> LexborNode | None:
    """Where most sentences are in the box that prints the page's title, when it holds about as many as any: comments may hold more."""
    for head in heads:
        holder: LexborNode | None = head
        while holder is not None and holder.tag != "body" and not masses[0].get(holder.mem_id):
            holder = holder.parent
        if holder is None or holder.tag == "body" or masses[0][holder.mem_id] < _PART * masses[1][best.mem_id]:
            holder = _with_files(head)
        if holder is not None:
            within = {node.mem_id for node in holder.css("*")} | {holder.mem_id}
            inside = [one for one in masses[1] if one in within]
            return nodes[max(inside, key=masses[1].__getitem__)] if inside else holder
    return None


def _with_files(head: LexborNode) -> LexborNode | None:
    """The box around a title that offers files: the whole notice, where there are hardly sentences."""
    holder = head.parent
    for _ in range(_LEVELS):
        if holder is None or holder.tag in ("body", "html", None):
            return None
        if any(format_of(link.attributes.get("href") or "") for link in holder.css("a[href]")[:100]):
            return holder
        holder = holder.parent
    return None


_LEVELS = 3


def is_whole(box: LexborNode, title: str) -> bool:
    """Whether a box prints the headline and a day of posting below it: with the text in it, it is the whole of an article."""
    lines = html_blocks.lines_of_html((box.html or "")[:_MARKUP])[:_HEAD_LINES]
    return bool(title) and bool(printed.posted(printed.around_title(lines, title)[1][:_BYLINE_LINES]))


_HEAD_LINES, _BYLINE_LINES = 12, 2
_MARKUP = 20_000
"""Characters of mark-up in which a headline and its byline stand."""
