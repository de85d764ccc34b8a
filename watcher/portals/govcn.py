"""gov.cn, the State Council's own site: metas ``manuscriptId`` and ``firstpublishedtime``, body ``#UCAP-CONTENT``."""

from __future__ import annotations

from collections.abc import Mapping

from watcher.portals._family import Source
from watcher.portals._feeds import feed_items, feed_total, next_query
from watcher.portals._lists import ColumnPage, ListSource

RANK = 10
NEEDLES: tuple[str, ...] = ()
BODY: tuple[str, ...] = ("#UCAP-CONTENT", ".pages_content", ".article-content", "#content_body")
DROP: tuple[str, ...] = (".pages_print", ".editor", ".related", "#qr_container", ".share")
TITLE: tuple[str, ...] = ("#ti", "h1")
HEAD: tuple[str, ...] = ("table.bd1", ".bd1", ".policyLibraryOverview_header")
FILES: tuple[str, ...] = (".pages_content", ".annex")


def recognises(page: Source) -> bool:
    """By its metas, which no other family has."""
    return "manuscriptid" in page.metas and ("firstpublishedtime" in page.metas or "lastmodifiedtime" in page.metas)


def column(source: ListSource) -> ColumnPage | None:
    """Answers of the policy library (``searchVO.listVO`` or ``searchVO.catMap``); the other feeds are plain JSON lists."""
    found = source.json.get("searchVO") if isinstance(source.json, Mapping) else None
    if not isinstance(found, Mapping):
        return None
    items, total = feed_items(found, source.base), feed_total(found)
    return ColumnPage(items, next_query(source.url, len(items), total), total)
