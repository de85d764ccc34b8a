"""TRS WCM 拓尔思: classes ``TRS_Editor``, ``TRS_UEDITOR``, ``trs_editor_view``; addresses ``/YYYYMM/tYYYYMMDD_ID.html``, images ``W0…``, files ``P0…``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 40
NEEDLES: tuple[str, ...] = (
    "TRS_Editor",
    "TRS_UEDITOR",
    "trs_editor_view",
    "TRS_PreAppend",
    "trs_paper_default",
    "Custom_UnionStyle",
)
BODY: tuple[str, ...] = (
    ".TRS_Editor",
    ".TRS_UEDITOR",
    ".trs_editor_view",
    ".TRS_PreAppend",
    ".Custom_UnionStyle",
    ".trs_paper_default",
)
DROP: tuple[str, ...] = (".TRS_Editor style", ".fontdx", ".share", ".xlewm", "#qr_container", ".gwds_ewm")
TITLE: tuple[str, ...] = (".wrapper_deatil_title", ".article_title", "h1")
HEAD: tuple[str, ...] = (".xxgk_head", ".top-l", ".top-r", ".wzxl", ".zwgk_head")
FILES: tuple[str, ...] = ("table.enclosure", ".fjlist", ".fujian", ".file", ".fj", ".attachment")


def recognises(page: Source) -> bool:
    """By the classes of its editors."""
    return page.has(*NEEDLES)
