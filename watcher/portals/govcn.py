"""gov.cn, the State Council's own site: metas ``manuscriptId`` and ``firstpublishedtime``, body ``#UCAP-CONTENT``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 10
BODY: tuple[str, ...] = ("#UCAP-CONTENT", ".pages_content", ".article-content", "#content_body")
DROP: tuple[str, ...] = (".pages_print", ".editor", ".related", "#qr_container", ".share")
TITLE: tuple[str, ...] = ("#ti", "h1")
HEAD: tuple[str, ...] = ("table.bd1", ".bd1", ".policyLibraryOverview_header")
FILES: tuple[str, ...] = (".pages_content", ".annex")


def recognises(page: Source) -> bool:
    """By its metas, which no other family has."""
    return "manuscriptid" in page.metas and ("firstpublishedtime" in page.metas or "lastmodifiedtime" in page.metas)
