"""Kaipu UCAP 开普: its own tags (``<UCAPTITLE>``, ``<ucapcontent>``) or ``#UCAP-CONTENT``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 20
BODY: tuple[str, ...] = ("#UCAP-CONTENT", "ucapcontent", "#detailContent", ".detail-news")
DROP: tuple[str, ...] = ("#qr_container", ".sweep", ".share", ".xgwd", ".relevant")
TITLE: tuple[str, ...] = ("ucaptitle", "h1")
HEAD: tuple[str, ...] = (".xxgk-head", ".detail-table", "table.table1", ".article-table")
FILES: tuple[str, ...] = (".fjlist", ".file", ".fujian", ".fj")


def recognises(page: Source) -> bool:
    """By its own tags or the id of its article."""
    return page.has("UCAP-CONTENT", "<ucapcontent", "<UCAPCONTENT", "<UCAPTITLE", "<ucaptitle")
