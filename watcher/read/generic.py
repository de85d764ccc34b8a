"""The article of a page that no portal file knows: where most of the sentences are, tables counted with them."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from watcher.read.page import Page

_SENTENCE = re.compile("[，。；：！？、]")
_NAMED = (
    "#zoom",
    "#Zoom",
    "#content",
    "#article",
    ".article-content",
    ".article_content",
    ".news_content",
    ".TRS_Editor",
    "article",
    "main",
)
MAX_NODES = 6000
_ENOUGH = 1.25
_UP = 8


def body_of(page: Page) -> LexborNode | None:
    """The node that holds the article, ``None`` when the page has no text. Never smaller than the paragraph with most text."""
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for node in page.tree.css("p,br,table,h2,h3,li")[:MAX_NODES]:
        tag = node.tag
        holder = node.parent
        if holder is None or holder.tag in ("html", "head", None):
            continue
        identity = holder.mem_id
        if tag == "br":
            if identity in scores and scores[identity] < 0:
                continue
            text = holder.text(deep=False) or ""
        else:
            text = node.text(deep=True) or ""
        weight = _weight(text)
        if tag == "li":
            weight /= 3
        if tag == "table" and node.css_first("table") is None and len(text) < 20000:
            weight += len(node.css("td")) * 4
        if weight:
            scores[identity] = scores.get(identity, 0.0) + weight
            nodes[identity] = holder
    if not scores:
        return _largest(page)
    best = nodes[max(scores, key=scores.__getitem__)]
    return _widen(best)


def _weight(text: str) -> float:
    """Characters, counted only where there is punctuation of sentences (menus have none)."""
    marks = len(_SENTENCE.findall(text[:20000]))
    return min(len(text), 12.0 + marks * 40.0) if marks else 0.0


def _plain_length(node: LexborNode) -> int:
    linked = sum(len(link.text(deep=True)) for link in node.css("a")[:400])
    return max(0, len(" ".join(node.text(deep=True).split())) - linked)


def _widen(node: LexborNode) -> LexborNode:
    """Climbs while the parent holds clearly more text that is not links: articles are often cut into sections."""
    size = _plain_length(node)
    for _ in range(_UP):
        parent = node.parent
        if parent is None or parent.tag in ("body", "html", None):
            break
        wider = _plain_length(parent)
        if wider > size * _ENOUGH and wider - size > 60:
            size = wider
            node = parent
        elif node.tag in ("td", "tr", "tbody", "p", "span", "table"):
            node = parent
        else:
            break
    return node


def _largest(page: Page) -> LexborNode | None:
    for selector in _NAMED:
        node = page.tree.css_first(selector)
        if node is not None and len(node.text(deep=True, strip=True)) > 20:
            return node
    return page.tree.body
