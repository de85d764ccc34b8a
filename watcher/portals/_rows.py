"""Items of an HTML list: rows found by their links, grouped by where they stand; the group that looks most like a column wins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.lexicon.dates import find_dates, iso
from watcher.portals._lists import is_cut, resolve, strip_tags, unique
from watcher.text import tidy
from watcher.types import Item

_MAX_LINKS = 3000
_MAX_CLIMB = 7
_ROW_TAGS = ("li", "tr")
_STOP = frozenset(
    (
        "更多", "首页", "尾页", "末页", "上一页", "下一页", "上页", "下页",
        "前一页", "后一页", "详情", "详细", "查看", "查看详情", "查看更多", "阅读全文",
        "全文", "返回", "返回顶部", "网站首页", "进入", "点击进入", "我要留言", "我要参与",
        "参与", "立即参与", "无障碍", "登录", "注册", "邮箱", "设为首页", "加入收藏",
        "网站地图", "联系我们", "关于我们", "政务公开", "政务服务", "互动交流", "新闻中心", "信息公开",
        "办事服务", "公众参与", "通知公告", "政策文件", "政策解读", "更多>>", "更多+",
    )
)  # fmt: skip
_CHROME = re.compile(
    r"(?:^|[\s_\-])(?:nav|menu|foot|footer|header|top|topbar|crumb|crumbs|breadcrumb|breadcrumbs|position|location|weizhi|dqwz|banner|links?|friend|friendlink|yqlj|login|search|sitemap|copyright|pages?|pager|paging|pagination|subnav|sidenav|leftnav|navbar|mainnav|tree|share|logo)(?:$|[\s_\-\d])"
    r"|(?:nav|menu|footer|crumb|friendlink|pagination)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"relat|hot|recommend|tuijian|xiangguan|side|aside|rank|latest|focus|slide|swiper|xgjd|xgwj|tjyd", re.IGNORECASE
)
_ASIDE_HEADING = re.compile(
    r"相关(?:链接|解读|文件|政策|阅读|信息|新闻|稿件)|热点|热门|推荐|排行|延伸阅读|友情链接|猜你"
)
_DATE_CLASS = re.compile(r"date|time|riqi|rq|sj|shijian|fbsj|pubdate|day", re.IGNORECASE)
_DATE_HEAD = re.compile(r"(?:发布|公开|发文|公布|印发|更新|发布的?)(?:日期|时间)|^(?:日期|时间)$")
_OTHER_HEAD = re.compile(r"成文|生效|实施|截止|结束|失效")
_EDGE_DATE = re.compile(
    r"^\s*[\[(（【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*|\s*[\[(（【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*$"
)
_BULLET = "·•●◆■▪▶►▸>》»→※★☆-—| "
_TAIL = ">» |"
_ONCLICK = re.compile(
    r"['\"]((?:https?:/)?[./\w\-%]{1,300}(?:\.s?html?|\.jhtml|\.jspx?|\.aspx|\.do|\?[\w=&%.\-]{1,200}))['\"]"
)
_INDEX = re.compile(r"(?:/|/index\.\w{3,5}|/list\.\w{3,5})$", re.IGNORECASE)
_URL_DAY = re.compile(
    r"(?:t|/)((?:19|20)\d\d)(\d\d)(\d\d)(?:_|/)|/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/|/((?:19|20)\d\d)-?(\d\d)/(\d\d)/"
)
# In a title 2022年1月29日 may belong to it (…疫情通报); a date with strokes, or in brackets, was put there by the list.
_TITLE_DATE = re.compile(
    r"^\s*(?:[\[(（【](?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*"
    r"|\s*(?:[\[(（【](?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]|(?<!\d)(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*$"
)
_NO_YEAR = re.compile(r"(?<![\d\-/.])(\d{1,2})[-/.月](\d{1,2})日?(?![\d\-/.])")


@dataclass
class Row:
    """One line of a list."""

    node: LexborNode
    item: Item
    cut: bool = False


@dataclass
class Group:
    """Rows that stand together."""

    rows: list[Row] = field(default_factory=list)
    weight: float = 1.0

    @property
    def dated(self) -> int:
        """Rows with a date."""
        return sum(row.item.date is not None for row in self.rows)

    @property
    def score(self) -> float:
        """How much it looks like the list of a column: dated rows, long titles, links that lead to articles."""
        if not self.rows:
            return 0.0
        length = sum(min(len(row.item.title), 30) for row in self.rows) / len(self.rows)
        article = sum(0.4 if _INDEX.search(urlsplit_path(row.item.url)) else 1.0 for row in self.rows) / len(self.rows)
        return (self.dated + 0.2 * (len(self.rows) - self.dated)) * (length / 15) * article * self.weight


def urlsplit_path(url: str) -> str:
    """Path of an address, ``""`` when it has none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def selected(tree: LexborHTMLParser, selector: str, base: str) -> tuple[Item, ...]:
    """Items by a CSS selector of one row (or of its link)."""
    items = []
    for node in tree.css(selector)[:_MAX_LINKS]:
        links = [node] if node.tag == "a" else [link for link in node.css("a") if resolve(base, _href(link))]
        if links:
            link = max(links, key=lambda candidate: len(_title(candidate)))
            items.append(
                Item(
                    _title(link),
                    resolve(base, _href(link)),
                    _date(node.parent or node if node.tag == "a" else node, link),
                )
            )
    return unique(items)


def best_group(tree: LexborHTMLParser, base: str) -> Group | None:
    """The group of rows that is the column's list, ``None`` when no group looks like one."""
    groups = [group for group in _groups(tree, base) if _plausible(group)]
    return max(groups, key=lambda group: group.score, default=None)


def fragment_items(tree: LexborHTMLParser, base: str) -> tuple[Item, ...]:
    """Every item of a fragment that is known to be a list (a record, an answer's html): nothing is chosen, only rows are made."""
    return unique(row.item for group in _groups(tree, base, chosen=False) for row in group.rows)


def list_items(html: str, base: str) -> tuple[Item, ...]:
    """Items of a piece of HTML that is known to hold a list (and perhaps its pager): the best group, else every row."""
    tree = LexborHTMLParser(html)
    group = best_group(tree, base)
    return unique(row.item for row in group.rows) if group else fragment_items(tree, base)


def record_items(record: str, base: str) -> tuple[Item, ...]:
    """Items of one record of a data store: one, by its weightiest link, unless it holds several lines."""
    lowered = record[:200].lstrip().lower()
    tree = LexborHTMLParser(f"<table>{record}</table>" if lowered.startswith(("<tr", "<td")) else record)
    if record.count("<li") > 1 or record.count("<tr") > 1:
        return fragment_items(tree, base)
    links = [link for link in tree.css("a")[:40] if resolve(base, _href(link)) and _title(link)]
    if not links or tree.body is None:
        return ()
    link = max(links, key=lambda candidate: len(_title(candidate)))
    address = resolve(base, _href(link))
    return (Item(_title(link), address, _date(tree.body, link, address)),)


def _plausible(group: Group) -> bool:
    """One dated row is a list; undated ones must be several, with whole titles that lead to articles."""
    if group.dated:
        return group.weight > 0.15
    titles = sum(len(row.item.title) for row in group.rows) / max(1, len(group.rows))
    articles = sum(not _INDEX.search(urlsplit_path(row.item.url)) for row in group.rows)
    return len(group.rows) >= 3 and titles >= 11 and articles * 2 > len(group.rows) and group.weight >= 0.9


def _groups(tree: LexborHTMLParser, base: str, *, chosen: bool = True) -> list[Group]:
    links = [
        (link, address)
        for link in tree.css("a")[:_MAX_LINKS]
        if (address := resolve(base, _href(link))) and _could_be_title(link)
    ]
    crowd: dict[int, set[str]] = {}
    for link, address in links:
        for ancestor in _ancestors(link):
            crowd.setdefault(ancestor.mem_id, set()).add(address)
    rows: dict[int, list[tuple[LexborNode, LexborNode, str]]] = {}
    for link, address in links:
        row = _row_of(link, crowd)
        rows.setdefault(row.mem_id, []).append((row, link, address))
    groups: dict[tuple[object, ...], Group] = {}
    weights: dict[int, float] = {}
    for members in rows.values():
        row = members[0][0]
        parent = row.parent
        if parent is None:
            continue
        if parent.mem_id not in weights:
            weights[parent.mem_id] = _weight(parent) if chosen else 1.0
        weight = weights[parent.mem_id]
        group = groups.setdefault(_kinship(row, parent, weight), Group(weight=weight))
        group.rows.extend(
            _rows(row, [(link, address) for _, link, address in members], {address for _, address in links}, base)
        )
    return list(groups.values())


def _kinship(row: LexborNode, parent: LexborNode, weight: float) -> tuple[object, ...]:
    """Rows of one list, even where it is broken into several lists (five lines each, or a tab for 征集中 and one for 已结束)."""
    grand = parent.parent
    great = grand.parent if grand is not None else None
    return (
        row.tag,
        parent.tag,
        _class(parent),
        (grand.tag, _class(grand)) if grand is not None else None,
        great.mem_id if great is not None else None,
        round(weight, 3),
    )


def _row_of(link: LexborNode, crowd: dict[int, set[str]]) -> LexborNode:
    """The element that holds one item: its li or tr, else the highest one around the link that holds no other item."""
    node, steps = link, 0
    highest = link
    alone = True
    while (parent := node.parent) is not None and parent.tag not in ("body", "html", "-undef") and steps < _MAX_CLIMB:
        others = len(crowd.get(parent.mem_id, ()))
        if parent.tag in _ROW_TAGS and others <= 4:
            return parent
        alone = alone and others <= 1
        if not alone and others > 4:
            break
        if (alone and parent.tag not in ("ul", "ol", "table", "tbody", "dl")) or (alone and parent.tag == "dl"):
            highest = parent
        node, steps = parent, steps + 1
    return highest


def _rows(row: LexborNode, links: Sequence[tuple[LexborNode, str]], known: set[str], base: str) -> Iterator[Row]:
    """A row's items: one, by its weightiest link; two where the row is a line of a two-column list with a date for each."""
    distinct: dict[str, LexborNode] = {}
    for link, address in links:
        old = distinct.get(address)
        if old is None or len(_title(link)) > len(_title(old)):
            distinct[address] = link
    if len(distinct) > 1 and row.tag == "tr":
        dates = find_dates(_text_without(row, list(distinct.values())), limit=9)
        if len(dates) == len(distinct):
            for (address, link), date in zip(distinct.items(), dates, strict=True):
                yield Row(row, Item(_title(link), address, date))
            return
    address, link = max(distinct.items(), key=lambda pair: len(_title(pair[1])))
    title = _title(link)
    if title:
        yield Row(row, Item(title, address, _date(row, link, address)), is_cut(title))


def _could_be_title(link: LexborNode) -> bool:
    title = _title(link)
    return (
        len(title) >= 4
        and title not in _STOP
        and not title.isdigit()
        and re.search(r"[\u3400-\u9fff]{2}|[A-Za-z]{4}", title) is not None
    )


def _href(link: LexborNode) -> str:
    """Where a link leads: its ``href``, or the page that its script opens (``onclick="window.open('/art/…html')"``)."""
    attributes = link.attributes
    href = (attributes.get("href") or "").strip()
    if href and not href.lower().startswith(("javascript:", "#")):
        return href
    for name in ("data-url", "data-href", "onclick", "href"):
        value = (attributes.get(name) or "")[:500]
        if name.startswith("data") and value:
            return value
        if match := _ONCLICK.search(value):
            return match[1]
    return ""


def _title(link: LexborNode) -> str:
    """The whole title: ``title=`` where the text is cut or missing, a heading inside the link, else the text without dates at its edges."""
    text = ""
    if link.first_child is not None:
        inner = link.css_first("h1, h2, h3, h4, h5, .title, .tit, .bt")
        text = tidy((inner or link).text(deep=True, separator=" ") if inner else _joined_text(link))
    text = _TITLE_DATE.sub("", text).lstrip(_BULLET).rstrip(_TAIL)
    given = strip_tags(link.attributes.get("title") or link.attributes.get("data-title") or "")
    given = re.sub(r"^(?:标题|信息标题|文章标题)[:：]\s*|\s*(?:发布时间|发布日期|时间)[:：].*$", "", given).strip()
    if given and (not text or is_cut(text) or _continues(given, text)):
        return given[:500]
    return text[:500]


def _continues(given: str, text: str) -> bool:
    bare = re.sub(r"\s", "", text)
    return len(given) > len(text) and re.sub(r"\s", "", given).startswith(bare)


def _joined_text(link: LexborNode) -> str:
    """Text of a link whose parts may be spans: a title broken over <br> or spans is one title, a date in a span of its own is none of it."""
    spans = [span for span in link.css("span, em, i, time, b, p, div") if _looks_dated(span)]
    if not spans:
        return link.text(deep=True)
    text = link.text(deep=True, separator="\n")
    for span in spans:
        text = text.replace(span.text(deep=True, separator="\n"), " ", 1)
    return re.sub(r"\n", "", text)


def _looks_dated(node: LexborNode) -> bool:
    text = node.text(deep=True).strip()
    return (4 <= len(text) <= 30 and bool(_EDGE_DATE.fullmatch(text))) or (
        bool(_DATE_CLASS.search(_class(node))) and bool(re.fullmatch(r"[\d\s\-/.年月日:：\[\]()（）]{2,30}", text))
    )


def _date(row: LexborNode, link: LexborNode, address: str = "") -> str | None:
    """The row's date: the cell under a heading of dates, an element that is called date, else the last date outside the title."""
    if row.mem_id == link.mem_id:
        return _settle(_following(link), address) or _settle(link.text(deep=True, separator=" "), address, edges=True)
    if row.tag == "tr" and (cell := _cell_by_heading(row)) and (found := _settle(cell, address)):
        return found
    for node in row.css("span, em, i, td, div, p, time, dd, font, b, label, h6"):
        if (
            _DATE_CLASS.search(_class(node))
            and not node.css_first("a[href]")
            and (found := _settle(node.text(deep=True, separator=" "), address))
        ):
            return found
    inner = link.css("span, em, i, time, b, p, div")
    for node in inner:
        if _looks_dated(node) and (found := _settle(node.text(deep=True, separator=" "), address)):
            return found
    return _settle(_text_without(row, [link]), address) or _settle(
        link.text(deep=True, separator=" "), address, edges=True
    )


def _settle(text: str, address: str, *, edges: bool = False) -> str | None:
    """One date out of a text: the first of a span (2026-09-17至2026-10-17), else the last; without a year only where the address confirms it."""
    text = tidy(text)[-400:]
    if edges:
        match = _EDGE_DATE.search(text)
        return iso(match[0]) if match and match[0].strip() else None
    dates = find_dates(text, limit=8)
    if dates:
        return dates[0] if len(dates) == 2 and re.search(r"\d[日号]?\s*(?:至|到|~|—|--|－)\s*\d", text) else dates[-1]
    if len(text) <= 60:
        if whole := iso(text):
            return whole
        if (match := _NO_YEAR.search(text)) and (day := _URL_DAY.search(address)):
            year, month, number = (part for part in day.groups() if part)
            if int(month) == int(match[1]) and int(number) == int(match[2]):
                return iso(f"{year}-{month}-{number}")
    return None


def _cell_by_heading(row: LexborNode) -> str:
    """The text of the cell whose column is headed 发布日期 or the like."""
    table: LexborNode | None = row
    for _ in range(4):
        table = table.parent if table is not None else None
        if table is not None and table.tag == "table":
            break
    if table is None or table.tag != "table":
        return ""
    first = table.css_first("tr")
    if first is None or first.mem_id == row.mem_id:
        return ""
    headings = [tidy(cell.text(deep=True)).replace(" ", "") for cell in first.css("th, td")][:20]
    cells = row.css("td, th")[:20]
    for at, heading in enumerate(headings):
        if _DATE_HEAD.search(heading) and not _OTHER_HEAD.search(heading) and at < len(cells):
            return cells[at].text(deep=True, separator=" ")
    return ""


def _following(link: LexborNode) -> str:
    """Text behind a link up to the next one, for lists without an element per row."""
    parts: list[str] = []
    node = link.next
    while node is not None and len(parts) < 6:
        if node.tag == "a" or (node.tag not in ("-text", "#text", None) and node.css_first("a[href]")):
            break
        if node.tag == "br" and parts:
            break
        text = (node.text_content or "") if node.tag in ("-text", "#text") else node.text(deep=True, separator=" ")
        if text and text.strip():
            parts.append(text)
        node = node.next
    return " ".join(parts)[:200]


def _text_without(row: LexborNode, links: Sequence[LexborNode]) -> str:
    """The row's text without its links' texts: a date inside a title is no date of publication."""
    text = row.text(deep=True, separator=" ")[:4000]
    for link in links:
        inner = link.text(deep=True, separator=" ")
        if inner:
            text = text.replace(inner, " ", 1)
    return text


def _class(node: LexborNode) -> str:
    attributes = node.attributes
    return re.sub(r"\d+", "", f"{attributes.get('class') or ''} {attributes.get('id') or ''}").strip()


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent, steps = node.parent, 0
    while parent is not None and steps < _MAX_CLIMB + 1:
        yield parent
        parent, steps = parent.parent, steps + 1


def _weight(container: LexborNode) -> float:
    """Less than one inside menus, footers and boxes of related links."""
    weight, node, steps = 1.0, container, 0
    while node is not None and steps < 12 and node.tag not in ("body", "html", "-undef"):
        name = _class(node)
        if node.tag in ("nav", "footer", "header") or (name and _CHROME.search(name)):
            weight *= 0.12 if steps < 3 or node.tag in ("nav", "footer") else 0.5
        elif name and _ASIDE.search(name):
            weight *= 0.4
        if steps < 3 and (before := _heading_before(node)) and _ASIDE_HEADING.search(before):
            weight *= 0.3
        node, steps = node.parent, steps + 1  # type: ignore[assignment]
    return weight


def _heading_before(node: LexborNode) -> str:
    """The short text right before a container: the heading of its box."""
    before, steps = node.prev, 0
    while before is not None and steps < 3:
        if before.tag not in ("-text", "#text", "-comment", "!--", "script", "style"):
            text = before.text(deep=True).strip()
            if text:
                return text if len(text) <= 20 else ""
        before, steps = before.prev, steps + 1
    return ""
