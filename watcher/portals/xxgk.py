"""Pages of no known family with a 信息公开 head table (索引号 …) above an article of a usual name."""

from __future__ import annotations

from watcher.portals._family import Source
from watcher.portals._named import NAMES

RANK = 90
NEEDLES: tuple[str, ...] = ()
BODY: tuple[str, ...] = (
    "#detailContent",
    "#zoom",
    "#Zoom",
    ".xxgk_content",
    ".xxgk-content",
    ".zfxxgk_content",
    ".pages_content",
    ".article-content",
    ".con_zw",
    ".zwxl-article",
    ".news_content",
    ".content_zw",
    *NAMES,
)
DROP: tuple[str, ...] = (".share", "#share", ".ewm", ".qrcode", ".moe-detail-shuxing")
TITLE: tuple[str, ...] = ("h1", ".title")
HEAD: tuple[str, ...] = (".xxgk_head", ".top-l", ".top-r", "table.bd1", ".moe-detail-shuxing")
FILES: tuple[str, ...] = (".fjlist", ".fujian", ".fj", ".attach")


def recognises(page: Source) -> bool:
    """By the index number that every disclosure page prints, spaced or not."""
    return page.has(
        "索引号", "索 引 号", "索&nbsp;引&nbsp;号", "索  引  号", "索\u3000引\u3000号", "信息索引"
    ) and page.has("发文", "发布机构", "发布机关", "公开", "文号", "文 号", "发布日期", "制发日期", "成文")
