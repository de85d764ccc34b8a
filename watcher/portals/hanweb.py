"""Hanweb 大汉 JCMS: comments such as ``<!--ZJEG_RSS.content.begin-->``, ``#zoom``, addresses ``/art/Y/M/D/art_COL_ID.html``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 30
BODY: tuple[str, ...] = (
    "#zoom",
    ".main-txt",
    ".article_zoom",
    "#Zoom",
    ".bt_content",
    "#barrierfree_container .zoom",
    ".article-content",
    ".main-fl-con",
)
DROP: tuple[str, ...] = (".share", "#share", ".ewm", ".bszn_qr", ".bottom_tool")
TITLE: tuple[str, ...] = (".title", ".main-fl-tit", "h1")
HEAD: tuple[str, ...] = (".xxgk_top", ".xxgk_table", ".zfxxgk_top", "table.xxgkb", ".main-fl-gn")
FILES: tuple[str, ...] = (".fujian", ".fj", ".attach")


def recognises(page: Source) -> bool:
    """By its comments, its style sheet, or the meta that its generator writes."""
    return (
        page.has(
            "_RSS.content.begin",
            "<!--GS_0",
            "hanweb.css",
            "/jcms",
            "dataproxy.jsp",
            "/art/art_",
            "<!--<$[信息内容]>begin-->",
        )
        or "maketime" in page.metas
    )
