"""Hanweb JPaaS: parts of the page are built by ``<script parseType="buildstatic">``; addresses ``/art/YYYY/art_<hex>.html``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 25
BODY: tuple[str, ...] = ("#con_con", ".ccontent", "#zoom", ".main-txt", ".article_zoom", ".article-content")
DROP: tuple[str, ...] = (".share", ".bottom", "#share", ".ewm")
TITLE: tuple[str, ...] = (".title", "h1")
HEAD: tuple[str, ...] = (".xxgk_top", ".xxgk-head", "table.xxgk", ".zfxxgk_head")
FILES: tuple[str, ...] = (".fujian", ".fj", ".attach")


def recognises(page: Source) -> bool:
    """By the script that builds its parts."""
    return page.has('parseType="buildstatic"', 'parsetype="buildstatic"', "jpaas-publish-server")
