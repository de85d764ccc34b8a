"""Items of an HTML list: rows found by their links, grouped by where they stand; the group that looks most like a column wins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.lexicon.dates import find_dates
from watcher.markup import tame
from watcher.portals._boxes import TOP, cell_before, heading_before, says_empty, term_before, weight_of, year_above
from watcher.portals._cells import (
    Budget,
    class_of,
    date_below,
    date_of,
    href_of,
    is_period,
    short_days,
    text_without,
    title_of,
)
from watcher.portals._lists import is_cut, resolve, unique
from watcher.portals._openers import Openers
from watcher.types import Item

_MAX_LINKS = 3000
_MAX_CLIMB = 7
_ROW_TAGS = ("li", "tr")
_STOP = frozenset(
    (
        "更多", "首页", "尾页", "末页", "上一页", "下一页", "上页", "下页",
        "前一页", "后一页", "详情", "详细", "查看", "阅读全文",
        "全文", "返回", "返回顶部", "网站首页", "进入", "点击进入",
        "参与", "立即参与", "结果反馈", "意见反馈", "反馈结果", "采纳情况", "征集结果", "文字解读", "图文解读", "图片解读", "视频解读", "相关解读",
        "附件下载", "无障碍", "登录", "注册", "邮箱", "设为首页", "加入收藏",
        "网站地图", "联系我们", "关于我们", "政务公开", "政务服务", "互动交流", "新闻中心", "信息公开",
        "办事服务", "公众参与", "通知公告", "政策文件", "政策解读", "更多>>", "更多+",
    )
)  # fmt: skip
_BUTTON = re.compile(
    "(?:查看|我要|我来|点击|立即|在线|下载)[\u4e00-\u9fff]{1,4}|.{0,4}快照.{0,4}|(?:https?://|www\\.)\\S{1,2000}"
)
"""What a link beside a title says: 查看结果, 我要参与, 网页快照, or its own address."""
_INDEX = re.compile(r"(?:/|/index\.\w{3,5}|/list\.\w{3,5})$", re.IGNORECASE)


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
        links = [node] if node.tag == "a" else [link for link in node.css("a") if resolve(base, href_of(link))]
        if links:
            link = max(links, key=lambda candidate: len(title_of(candidate)))
            items.append(
                Item(
                    title_of(link),
                    resolve(base, href_of(link)),
                    date_of(node.parent or node if node.tag == "a" else node, link),
                )
            )
    return unique(items)


def best_group(tree: LexborHTMLParser, base: str) -> Group | None:
    """The group of rows that is the column's list, ``None`` when no group looks like one."""
    groups = [group for group in _groups(tree, base) if _plausible(group)]
    if groups and says_empty(tree):
        groups = [group for group in groups if group.dated and group.weight >= _BESIDE]
    own = urlsplit_path(base).rpartition("/")[0] + "/"
    best = max(groups, key=lambda group: group.score * _affinity(group, own), default=None)
    return _own_box(best, own) if best is not None and own != "/" else best


def _own_box(group: Group, own: str) -> Group:
    """A group without the boxes beside the column's own: boxes built alike, under headings of their own, that all lead elsewhere."""
    boxes: dict[int, list[Row]] = {}
    for row in group.rows:
        boxes.setdefault(row.node.parent.mem_id if row.node.parent is not None else 0, []).append(row)
    inside = {box: sum(urlsplit_path(row.item.url).startswith(own) for row in rows) for box, rows in boxes.items()}
    if not any(inside[box] == len(rows) for box, rows in boxes.items()):
        return group
    away = {box for box, rows in boxes.items() if not inside[box] and _is_titled_box(rows[0].node.parent)}
    rows = [row for box, held in boxes.items() if box not in away for row in held]
    return Group(rows, group.weight) if away else group


def _is_titled_box(box: LexborNode | None) -> bool:
    return box is not None and bool(heading := heading_before(box)) and not is_period(heading)


def _affinity(group: Group, own: str) -> float:
    """More than one for rows that lead into the column's own folder: what stands beside a list leads elsewhere."""
    if own == "/" or not group.rows:
        return 1.0
    inside = sum(path.startswith(own) and path != own for row in group.rows if (path := urlsplit_path(row.item.url)))
    return 1.0 + _OWN * inside / len(group.rows)


def fragment_items(tree: LexborHTMLParser, base: str) -> tuple[Item, ...]:
    """Every item of a fragment that is known to be a list (a record, an answer's html): nothing is chosen, only rows are made."""
    return unique(row.item for group in _groups(tree, base, chosen=False) for row in group.rows)


def list_items(html: str, base: str) -> tuple[Item, ...]:
    """Items of a piece of HTML that is known to hold a list (and perhaps its pager): the best group, else every row."""
    tree = LexborHTMLParser(tame(html))
    group = best_group(tree, base)
    return unique(row.item for row in group.rows) if group else fragment_items(tree, base)


def record_items(record: str, base: str) -> tuple[Item, ...]:
    """Items of one record of a data store: one, by its weightiest link, unless it holds several lines."""
    record = tame(record)
    lowered = record[:200].lstrip().lower()
    tree = LexborHTMLParser(f"<table>{record}</table>" if lowered.startswith(("<tr", "<td")) else record)
    if record.count("<li") > 1 or record.count("<tr") > 1:
        return fragment_items(tree, base)
    links = [link for link in tree.css("a")[:40] if resolve(base, href_of(link)) and title_of(link)]
    if not links or tree.body is None:
        return ()
    link = max(links, key=lambda candidate: len(title_of(candidate)))
    address = resolve(base, href_of(link))
    return (Item(title_of(link), address, date_of(tree.body, link, address)),)


def _plausible(group: Group) -> bool:
    """One dated row is a list; undated ones must be several, with whole titles that lead to articles."""
    if group.dated:
        return group.weight > 0.15
    titles = sum(len(row.item.title) for row in group.rows) / max(1, len(group.rows))
    articles = sum(not _INDEX.search(urlsplit_path(row.item.url)) for row in group.rows)
    return len(group.rows) >= 3 and titles >= 11 and articles * 2 > len(group.rows) and group.weight >= 0.9


def _groups(tree: LexborHTMLParser, base: str, *, chosen: bool = True) -> list[Group]:
    openers = Openers(tree)
    links = [
        (link, address)
        for link in [*tree.css("a")[:_MAX_LINKS], *_clickable(tree, openers)]
        if (address := _MARK.sub("", resolve(base, href_of(link) or openers.address(link)))) and _could_be_title(link)
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
    headings: dict[int, str] = {}
    budget = Budget()
    for members in rows.values():
        row = members[0][0]
        parent = row.parent
        if parent is None:
            continue
        if parent.mem_id not in weights:
            weights[parent.mem_id] = weight_of(parent) if chosen else 1.0
            headings[parent.mem_id] = year_above(parent)
        weight, heading = weights[parent.mem_id], headings[parent.mem_id]
        group = groups.setdefault(_kinship(row, parent, weight, heading), Group(weight=weight))
        group.rows.extend(_rows(row, [(link, address) for _, link, address in members], budget, heading))
    return [_without_menu(_dated_beside(group, budget) if not group.dated else group) for group in groups.values()]


def _dated_beside(group: Group, budget: Budget) -> Group:
    """A group whose rows print their days beside the box of the title: what is around each row is one row too, when it is built alike."""
    boxes = {row.node.parent.mem_id: row.node.parent for row in group.rows if row.node.parent is not None}
    if not 1 < len(boxes) == len(group.rows):
        return group
    around = list(boxes.values())
    first = around[0].parent
    if first is None or any(
        box.parent is None or box.parent.mem_id != first.mem_id or class_of(box) != class_of(around[0])
        for box in around
    ):
        return group
    days = []
    for row, box in zip(group.rows, around, strict=True):
        link = row.node if row.node.tag == "a" else row.node.css_first("a")
        days.append(date_of(box, link, row.item.url, budget) if link is not None and budget.left > 0 else None)
    if 2 * sum(day is not None for day in days) < len(days):
        return group
    rows = [
        Row(box, Item(row.item.title, row.item.url, day), row.cut)
        for row, box, day in zip(group.rows, around, days, strict=True)
    ]
    return Group(rows, group.weight)


_MARK = re.compile("#[A-Za-z]{1,20}$")
"""A place on a page (``detail?id=31#jg``): one item's links differ in it alone."""


def _without_menu(group: Group) -> Group:
    """A group of dated rows without the short undated ones: layout tables have their menus in rows too."""
    if group.dated * 4 >= 3 * len(group.rows) and group.dated < len(group.rows):
        group.rows = [row for row in group.rows if row.item.date is not None or len(row.item.title) > _SHORT]
    return group


_BESIDE = 0.9
"""What a group weighs less than that stands in a menu or in a box of hot, latest or related items."""
_SHORT = 8
_OWN = 1.5
"""How much more rows weigh that all lead into the column's own folder."""


def _clickable(tree: LexborHTMLParser, openers: Openers) -> list[LexborNode]:
    """Rows that a script opens when they are clicked, without a link in them."""
    found = tree.css(_CLICKED)[:_MAX_LINKS]
    return (
        [
            node
            for node in found
            if (href_of(node) or openers.address(node)) and node.css_first("a[href], a[onclick]") is None
        ]
        if len(found) >= _FEWEST
        else []
    )


_CLICKED = ", ".join(
    f"{tag}[{name}]" for tag in ("li", "tr", "div", "p", "td") for name in ("onclick", "data-href", "data-url")
)
_FEWEST = 3
"""Rows that make a list of clickable ones: one or two are buttons."""


def _kinship(row: LexborNode, parent: LexborNode, weight: float, heading: str) -> tuple[object, ...]:
    """Rows of one list, even where it is broken into several lists (five lines each, or a tab for 征集中 and one for 已结束)."""
    grand = parent.parent
    great = grand.parent if grand is not None else None
    if great is not None and great.tag not in TOP and is_period(heading):
        great = great.parent  # one box a year: the boxes are one list
    return (
        row.tag,
        parent.tag,
        class_of(parent),
        (grand.tag, class_of(grand)) if grand is not None else None,
        great.mem_id if great is not None else None,
        round(weight, 3),
    )


def _row_of(link: LexborNode, crowd: dict[int, set[str]]) -> LexborNode:
    """The element that holds one item: its li or tr, else the highest one around the link that holds no other item."""
    node, steps = link, 0
    highest = link
    alone = True
    while (parent := node.parent) is not None and parent.tag not in TOP and steps < _MAX_CLIMB:
        others = len(crowd.get(parent.mem_id, ()))
        if parent.tag in _ROW_TAGS and others <= 4:
            return _whole_list(parent, crowd) if parent.tag == "li" and others == 1 else parent
        alone = alone and others <= 1
        if not alone and others > 4:
            break
        if alone and parent.tag == "dl" and node.tag == "dd" and is_period(term_before(node)):
            break
        if alone and parent.tag not in ("ul", "ol", "table", "tbody"):
            highest = parent
        node, steps = parent, steps + 1
    return highest


def _whole_list(line: LexborNode, crowd: dict[int, set[str]]) -> LexborNode:
    """The list around a line, where it is a row itself: its lines are one title and its date or number, without another link."""
    box = line.parent
    if box is None or box.tag not in ("ul", "ol") or len(crowd.get(box.mem_id, ())) != 1:
        return line
    beside = [node for node in (line.next, line.prev, line.next and line.next.next) if node is not None]
    return box if any(node.tag == "li" and node.text(deep=True).strip() for node in beside) else line


def _rows(row: LexborNode, links: Sequence[tuple[LexborNode, str]], budget: Budget, heading: str) -> Iterator[Row]:
    """A row's items: one, by its weightiest link; two where the row is a line of a two-column list with a date for each."""
    distinct: dict[str, LexborNode] = {}
    for link, address in links:
        old = distinct.get(address)
        if old is None or len(title_of(link)) > len(title_of(old)):
            distinct[address] = link
    if len(distinct) > 1 and row.tag == "tr":
        beside = text_without(row, list(distinct.values()))
        dates: Sequence[str | None] = find_dates(beside, limit=9)
        if not dates and len(short_days(beside)) == len(distinct):
            dates = [None] * len(distinct)
        if len(dates) == len(distinct):
            for (address, link), date in zip(distinct.items(), dates, strict=True):
                yield Row(row, Item(title_of(link), address, date))
            return
    address, link = max(distinct.items(), key=lambda pair: len(title_of(pair[1])))
    title = title_of(link)
    if title:
        day = date_of(row, link, address, budget)
        if day is None and budget.left > 0:
            day = date_below(term_before(row) or cell_before(row) or heading, row, link)
        yield Row(row, Item(title, address, day), is_cut(title))


def _could_be_title(link: LexborNode) -> bool:
    title = title_of(link)
    return (
        len(title) >= 4
        and title not in _STOP
        and _BUTTON.fullmatch(title) is None
        and not title.isdigit()
        and re.search(r"[\u3400-\u9fff]{2}|[A-Za-z]{4}", title) is not None
    )


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent, steps = node.parent, 0
    while parent is not None and steps < _MAX_CLIMB + 1:
        yield parent
        parent, steps = parent.parent, steps + 1
