"""easysite (customs and others): classes ``easysite-news-*``; addresses ``…/ID/index.html``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 55
NEEDLES: tuple[str, ...] = ("easysite-news", "easysiteText")
BODY: tuple[str, ...] = (".easysite-news-peruse", ".easysite-news-content", "#easysiteText", ".easysite-news-text")
DROP: tuple[str, ...] = (".easysite-share", ".easysite-news-pager")
TITLE: tuple[str, ...] = (".easysite-news-title h2", ".easysite-news-title", "h1", "h2")
HEAD: tuple[str, ...] = (".easysite-news-describe", ".xxgk-table")
FILES: tuple[str, ...] = (".easysite-attach", ".attach")


def recognises(page: Source) -> bool:
    """By the prefix of its classes."""
    return page.has(*NEEDLES)
