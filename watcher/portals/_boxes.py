"""Where rows stand: in menus, footers and boxes of related links, below which headings, years and terms. A helper of the drawer."""

from __future__ import annotations

import re
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.portals._cells import class_of, element_beside
from watcher.portals._days import EDGE_DATE, is_period

TOP = ("body", "html", "-undef")
_CHROME = re.compile(
    r"(?:^|[\s_\-])(?:nav|menu|foot|footer|header|topbar|crumb|crumbs|breadcrumb|breadcrumbs|location|weizhi|dqwz|banner|links?|friend|friendlink|yqlj|login|sitemap|copyright|pager|paging|pagination|subnav|sidenav|leftnav|navbar|mainnav|tree|share|logo)(?:$|[\s_\-\d])"
    r"|(?:nav|menu|footer|crumb|friendlink|pagination)"
    r"|(?:^|[\s_\-])(?:pages?|position|search|top)(?:$|[\s\d]|[_\-](?!(?:content|main|list|con|cont|result|results|wrap|wrapper|body|container|inner|relative|news)(?:$|[\s_\-\d])))",
    re.IGNORECASE,
)
"""Names of menus, footers and pagers; what is called the content of a page is none (``page-content``)."""
_ASIDE = re.compile(
    r"relat|hot|recommend|tuijian|xiangguan|side|aside|rank|latest|focus|slide|swiper|xgjd|xgwj|tjyd", re.IGNORECASE
)
_ASIDE_HEADING = re.compile(
    r"相关(?:链接|解读|文件|政策|阅读|信息|新闻|稿件)|最新(?:信息|公开|发布|动态|资讯|文章|新闻|要闻)|热点|热门|推荐|排行|延伸阅读|友情链接|猜你"
)


def weight_of(container: LexborNode) -> float:
    """Less than one inside menus, footers and boxes of related links."""
    weight, steps = 1.0, 0
    node: LexborNode | None = container
    while node is not None and steps < 12 and node.tag not in TOP:
        called = _called(class_of(node)[:_LONGEST])
        if node.tag in ("nav", "footer", "header") or called == "chrome":
            weight *= 0.12 if steps < 3 or node.tag in ("nav", "footer") else 0.5
        elif called == "aside":
            weight *= 0.4
        if steps < 3 and (before := heading_before(node)) and _ASIDE_HEADING.search(before):
            weight *= 0.3
        node, steps = node.parent, steps + 1
    return weight


@lru_cache(maxsize=1024)
def _called(name: str) -> str:
    """What a class or an id says that a box is: ``"chrome"``, ``"aside"`` or nothing. Pages of one template say the same."""
    if not name:
        return ""
    return "chrome" if _CHROME.search(name) else "aside" if _ASIDE.search(name) else ""


_LONGEST = 300


def heading_before(node: LexborNode) -> str:
    """The short text right before a container: the heading of its box."""
    before, steps = node.prev, 0
    while before is not None and steps < 3:
        if before.tag not in ("-text", "-comment", "script", "style"):
            text = before.text(deep=True).strip()
            if text:
                return text if len(text) <= 20 else ""
        before, steps = before.prev, steps + 1
    return ""


def term_before(row: LexborNode) -> str:
    """The term that a ``dd`` stands under, ``""`` for any other row."""
    node = row.prev if row.tag == "dd" else None
    for _ in range(_TERMS):
        if node is None or node.tag == "dt":
            break
        node = node.prev
    return node.text(deep=True).strip()[:20] if node is not None and node.tag == "dt" else ""


def cell_before(row: LexborNode) -> str:
    """The cell of an earlier row that spans this one and says a year: 2024年 beside four lines of a table."""
    node, back = row.prev if row.tag == "tr" else None, 1
    while node is not None and back < _SPANNED:
        if node.tag == "tr":
            cell = node.css_first("td[rowspan], th[rowspan]")
            if cell is not None:
                span = (cell.attributes.get("rowspan") or "").strip()
                said = cell.text(deep=True).strip()[:20]
                return said if span.isdigit() and back < int(span[:4]) and is_period(said) else ""
            back += 1
        node = node.prev
    return ""


def year_above(box: LexborNode) -> str:
    """The heading before a list, or before what it stands in, where that is nothing but a period.

    A whole day counts where several lists stand each below its own: one alone is the date of an article above.
    """
    heading = heading_before(box)
    if EDGE_DATE.fullmatch(heading) and not _is_one_of_days(box):
        return ""
    for _ in range(2):
        if heading or box.parent is None or box.parent.tag in TOP:
            break
        box = box.parent
        heading = found if is_period(found := heading_before(box)) else ""
    return heading


def _is_one_of_days(box: LexborNode) -> bool:
    behind, before = element_beside(box, "next"), element_beside(box, "prev")
    above = element_beside(before, "prev") if before is not None else None
    below = behind.text(deep=True).strip()[:20] if behind is not None else ""
    return (above is not None and above.tag == box.tag) or (bool(below) and EDGE_DATE.fullmatch(below) is not None)


_SPANNED = 60
"""Lines of a table that are looked back over for the cell that spans one."""
_TERMS = 200
"""Nodes of one list of terms that are looked back over."""


_EMPTY = re.compile(
    r"(?:(?:对不起|抱歉|非常抱歉|很抱歉)[，,！!]?)?(?:(?:本|该|此|当前)?(?:栏目|目录|分类|频道|列表)?(?:下|中|内)?(?:暂时|目前|尚)?(?:暂?没有|暂?无|未找到|未查询到|没有找到|查无|找不到))"
    r"(?:任何|相关|符合条件的?|更多|您要找的)?的?(?:信息|数据|内容|记录|结果|文章|文件|公告)[哦呢！!。.…~]{0,3}"
)
_NONE = re.compile(
    "404|拦截|拒绝|禁止访问|受限|暂停服务|维护|系统繁忙|服务器错误|不存在|已(?:被)?删除|暂无|没有|未找到|未查询|查无|找不到|尚无|目前无|无(?:相关)?[信数记]"
)
_NOTICES = "li, p, div, td, span, dd, em, h1, h2, h3, h4, center"


_GONE = re.compile(
    r".{0,12}(?:访问|查看|查找|请求|浏览)的?(?:页面|内容|信息|栏目|网页|资源|文件).{0,12}(?:不存在|删除|找不到|没有找到|无法).{0,12}|(?:错误\s?)?404.{0,30}(?:不存在|找不到|[Nn]ot [Ff]ound)?.{0,12}|.{0,24}(?:拦截|拒绝访问|访问被拒绝|禁止访问|访问受限|暂停服务|正在维护|系统维护|系统繁忙|服务器错误).{0,16}"
)


def says_empty(tree: LexborHTMLParser) -> bool:
    """Whether a page says in a line of its own, which is not hidden, that its list is empty (暂无信息) or not there."""
    body = tree.body
    if body is None or _NONE.search(body.text(deep=True)) is None:
        return False
    for node in body.css(_NOTICES)[:_MOST_NOTICES]:
        text = node.text(deep=True).strip()
        if len(text) <= 40 and (_EMPTY.fullmatch(text) or _GONE.fullmatch(text)) and not _is_linked(node):
            return not _is_hidden(node)
    return False


def _is_linked(node: LexborNode) -> bool:
    """Whether a text is a link's, or holds one that does more than lead back: the title of an item may speak of upkeep, too."""
    around: LexborNode | None = node
    for _ in range(3):
        if around is not None and around.tag == "a":
            return True
        around = around.parent if around is not None else None
    return any(_BACK.search(link.text(deep=True)) is None for link in node.css("a")[:5])


_BACK = re.compile("返回|首页|点击|刷新|重试")


def holds_empty_list(tree: LexborHTMLParser) -> bool:
    """Whether a list or the rows of a table stand empty on a page, or as a pattern of one row: a script has not filled them."""
    return tree.css_first("[v-for], [ng-repeat], [data-ng-repeat]") is not None or any(
        box.child is None or (not box.text(deep=True).strip() and next(box.iter(), None) is None)
        for box in tree.css("ul, ol, tbody")[:_MOST_NOTICES]
    )


_MOST_NOTICES = 4000


def _is_hidden(node: LexborNode) -> bool:
    around: LexborNode | None = node
    for _ in range(3):
        if around is None:
            break
        style = re.sub(r"\s", "", around.attributes.get("style") or "").lower()
        if "display:none" in style or around.tag in ("template", "script", "noscript") or "hidden" in around.attributes:
            return True
        around = around.parent
    return False
