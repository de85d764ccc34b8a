"""gkmlpt, the disclosure platform of Guangdong: ``window._CONFIG`` with ``SID`` and ``TREE``, addresses ``/gkmlpt/content/…/post_N.html``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from watcher.portals._family import Source
from watcher.portals._feeds import feed_items, feed_total, next_query
from watcher.portals._lists import ColumnPage, ListRequest, ListSource, resolve

RANK = 15
NEEDLES: tuple[str, ...] = ("window._CONFIG", "/gkmlpt/")
BODY: tuple[str, ...] = (".article-content", "#zoomcon", ".content-article")
DROP: tuple[str, ...] = (".share", ".article-related", ".qrcode")
TITLE: tuple[str, ...] = ("h1.title", ".article-title", "h1")
HEAD: tuple[str, ...] = (".classify", "table.classify", ".doc-info")
FILES: tuple[str, ...] = (".nfw-cms-attachment", ".attachment")


def recognises(page: Source) -> bool:
    """By its configuration script."""
    return page.has(*NEEDLES) and page.has("article-content", "content-article", "zoomcon")


_SID = re.compile(r"\bSID[\"']?\s{0,5}:\s{0,5}[\"']?(\d{1,12})")
_WRITTEN = 20
"""Characters that the container of an article holds, which on a list's page is empty or missing."""
_PAGE = 100
"""Articles in one full answer."""


def column(source: ListSource) -> ColumnPage | None:
    """Answers of ``/gkmlpt/api/all/<category>?page=&sid=`` and the shell that asks for them (its category stands behind ``#``)."""
    if source.json is not None:
        articles = source.json.get("articles") if isinstance(source.json, Mapping) else None
        if not isinstance(articles, list):
            return None
        items, total = feed_items(articles, source.base), feed_total(source.json)
        page = (
            int(next(iter(parse_qs(urlsplit(source.url).query).get("page", ["1"])), "1") or 1)
            if "page=" in source.url
            else 1
        )
        size = len(items) if page <= 1 and len(items) < _PAGE else _PAGE
        return ColumnPage(items, next_query(source.url, len(items), total, size=size), total)
    sid = _SID.search(source.html) if "_CONFIG" in source.html and "gkmlpt" in source.html + source.url else None
    if sid is None or "/gkmlpt/content/" in source.url or _is_article(source):
        return None
    split = urlsplit(source.url)
    category = split.fragment if split.fragment.isdigit() else "0"
    prefix = split.path.partition("/gkmlpt")[0]
    return ColumnPage(
        requests=(ListRequest(resolve(source.url, f"{prefix}/gkmlpt/api/all/{category}?page=1&sid={sid[1]}")),)
    )


def _is_article(source: ListSource) -> bool:
    """Whether the page shows a document: one saved elsewhere has lost the address that says so."""
    return any(len(node.text(deep=True, strip=True)) >= _WRITTEN for node in source.tree.css(", ".join(BODY))[:5])
