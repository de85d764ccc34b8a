"""Names of article containers that single sites gave theirs: commissions and departments of provinces, ministries.

Each one is distinct enough to be nobody else's, and was read in code that scrapes the site.
"""

from __future__ import annotations

NAMES: tuple[str, ...] = (
    ".main_con_zw",
    ".ze-art",
    ".yMain",
    ".zfwjwzcontent",
    ".tys-main-zt",
    ".article_con",
    "#artibody",
    ".wy_contMain",
    ".news_show_conter",
    ".neiright_JPZ_GK_CP",
    ".moe-detail-box",
    "#art_content",
    ".content-content",
    "#insMainConTxt",
    ".weinei_left",
    ".uedit",
    ".danye",
    ".wzcon",
)
"""Selectors of one class or one id, tried in order."""
