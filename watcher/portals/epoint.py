"""Epoint 新点: classes that begin with ``ewb-``; addresses ``/<cat>/YYYYMMDD/<guid>.html``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 50
NEEDLES: tuple[str, ...] = ("ewb-article", "ewb-main", "ewb-info", "ewb-details")
BODY: tuple[str, ...] = (
    ".ewb-article-info",
    ".ewb-article-content",
    ".ewb-details-info",
    ".ewb-info-content",
    ".ewb-right-info",
    ".ewb-article",
)
DROP: tuple[str, ...] = (".ewb-article-sources", ".ewb-share", ".ewb-article-pre", ".ewb-page-turn", ".ewb-qrcode")
TITLE: tuple[str, ...] = (".ewb-article-tt", ".ewb-article-title", "h1", "h3")
HEAD: tuple[str, ...] = (".ewb-article-table", ".ewb-info-table")
FILES: tuple[str, ...] = (".ewb-attach", ".ewb-article-attach", ".attach")


def recognises(page: Source) -> bool:
    """By the prefix of its classes."""
    return page.has(*NEEDLES)
