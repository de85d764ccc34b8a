"""Where the article of a page is: by the source's own selector, by the portal that knows the page, or by weight."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from watcher.portals import _family
from watcher.read import generic, html_blocks, labels
from watcher.read.boilerplate import is_chrome
from watcher.read.page import Page
from watcher.settings import Selectors
from watcher.text import tidy


@dataclass(frozen=True, slots=True)
class Article:
    """Where the article of a page is, and which portal says so."""

    node: LexborNode | None
    portal: str
    degraded: bool
    drop: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def locate(page: Page, selectors: Selectors) -> Article:
    """The article's node: the source's own selector, the portal's, or the densest part (degraded).

    A selector of the source that finds nothing makes the reading degraded too: the page is not the one it was written for.
    """
    member = _family.family(page)
    drop = tuple(selectors.drop)
    title = (selectors.title,) if selectors.title else ()
    name = member.__name__.rsplit(".", 1)[-1] if member else "generic"
    files: tuple[str, ...] = member.FILES if member else ()
    head: tuple[str, ...] = member.HEAD if member else ()
    if member:
        drop += member.DROP
        title += member.TITLE
    if selectors.body:
        node = page.first(selectors.body)
        if node is not None:
            return Article(node, name if member else "selectors", False, drop, title, head, files)
    elif member:
        node = page.first(*member.BODY)
        if node is not None:
            return Article(_with_paragraphs(node), name, False, drop, title, head, files)
    if page.tree.body is not None:
        _without_forms(page.tree.body)
        page.tree.body.strip_tags(html_blocks.TAGS, recursive=True)
    return Article(
        generic.body_of(page), name if member and not selectors.body else "generic", True, drop, title, head, files
    )


def _with_paragraphs(node: LexborNode) -> LexborNode:
    """An editor's box, or what holds it: where paragraphs of the document stand around the box and nothing else does."""
    holder = node.parent
    if holder is None or holder.tag in ("body", "html", "td", "form", None):
        return node
    told = False
    child = holder.first_child
    for _ in range(_BESIDE):
        if child is None:
            return holder if told else node
        if child.mem_id != node.mem_id and child.tag not in _SILENT:
            if child.tag != "p":
                return node
            line = tidy(child.text(deep=True) or "")
            told = told or (_OWN.search(line) is not None and not is_chrome(line, "tail") and not labels.pairs(line))
        child = child.next
    return node


_BESIDE = 60
_SILENT = frozenset(("-text", "-comment", "script", "style", "br", "hr"))
_OWN = re.compile("。|^各.{1,40}[:：]$|^(?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日$")
"""What paragraphs of a document say: a sentence, whom it is for, the day of its signature."""
_FORM = 400
"""Characters that a form for opinions says around its fields; a longer one holds the page."""


def _without_forms(body: LexborNode) -> None:
    """Takes forms to write in (opinions, comments, searches) out of a page: their labels are no sentences."""
    for form in body.css("form"):
        if form.css_first("textarea, button, input[type=submit]") is None:
            continue
        text = form.text(deep=True)
        if len(text) <= _FORM and "。" not in text:  # the form of an ASP.NET page holds all of it
            form.decompose(recursive=True)
