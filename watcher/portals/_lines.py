"""Which links of a page may be titles, and the lines that they stand in. A helper of the drawer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.lexicon.dates import find_dates
from watcher.portals._boxes import TOP, cell_before, term_before
from watcher.portals._cells import BULLET, Budget, date_below, date_of, href_of, is_written, title_of
from watcher.portals._days import is_period, short_days
from watcher.portals._lists import is_cut, resolve
from watcher.portals._openers import Openers
from watcher.text import squeeze, tidy
from watcher.types import Item

MAX_LINKS = 3000
"""Links of one page that are looked at."""
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


class Link(NamedTuple):
    """A link that may be the title of an item."""

    node: LexborNode
    address: str
    title: str


@dataclass
class Row:
    """One line of a list."""

    node: LexborNode
    item: Item
    cut: bool = False


def links_of(tree: LexborHTMLParser, base: str) -> list[Link]:
    """The links of a page that say something and lead somewhere; rows that a script opens stand for links."""
    openers = Openers(tree)
    found, mute = [], []
    for node in [*tree.css("a")[:MAX_LINKS], *_clickable(tree, openers)]:
        address = _MARK.sub("", resolve(base, href_of(node) or openers.address(node)))
        if not address:
            continue
        if _could_be_title(title := title_of(node)):
            found.append(Link(node, address, title))
        elif _MUTE.fullmatch(title):
            mute.append(Link(node, address, ""))
    return found + _named_beside(mute, found) if mute else found


_MUTE = re.compile(
    r"[\[【]?(?:点击|立即|我要)?(?:查看|详情|详细|阅读|参与)(?:全文|详情|详细|内容|原文|征集|调查)?[\]】>》\s]{0,3}"
)
_NAMES = "h2, h3, h4, h5, h6, .title, .tit, .bt, .name, dt, strong"


def _named_beside(mute: Sequence[Link], titled: Sequence[Link]) -> list[Link]:
    """Links that only say 查看, with the title that their row prints beside them: its heading, or the longest cell of its line."""
    taken = {ancestor.mem_id for link in titled for ancestor in ancestors(link.node)}
    found = []
    for link in mute:
        for box in ancestors(link.node):
            if box.mem_id in taken or box.tag in TOP or box.tag in ("ul", "ol", "tbody", "table"):
                break
            if box.tag == "tr":
                said = [tidy(cell.text(deep=True)) for cell in box.css("td")[:20] if cell.css_first("a") is None]
            else:
                said = [tidy(name.text(deep=True)) for name in box.css(_NAMES)[:5] if name.css_first("a") is None][:1]
            named = max(
                (one for one in said if len(one) >= _NAMED and _could_be_title(one) and not find_dates(one[:12])),
                key=len,
                default="",
            )
            if named:
                found.append(Link(link.node, link.address, named[:500]))
                break
    return found


_NAMED = 6
"""Characters of a title that stands beside its link."""


_MARK = re.compile("#[A-Za-z]{1,20}$")
"""A place on a page (``detail?id=31#jg``): one item's links differ in it alone."""


def _clickable(tree: LexborHTMLParser, openers: Openers) -> list[LexborNode]:
    """Rows that a script opens when they are clicked, without a link in them that leads anywhere."""
    found = tree.css(_CLICKED)[:MAX_LINKS]
    return (
        [node for node in found if (href_of(node) or openers.address(node)) and not _leads_itself(node, openers)]
        if len(found) >= _FEWEST
        else []
    )


def _leads_itself(node: LexborNode, openers: Openers) -> bool:
    """Whether a row that can be clicked holds a link that leads somewhere by itself: then that is the row's."""
    return any(href_of(link) or openers.address(link) for link in node.css("a[href], a[onclick]")[:5])


_CLICKED = ", ".join(
    f"{tag}[{name}]" for tag in ("li", "tr", "div", "p", "td") for name in ("onclick", "data-href", "data-url")
)
_FEWEST = 3
"""Rows that make a list of clickable ones: one or two are buttons."""


def row_of(link: LexborNode, crowd: dict[int, set[str]]) -> LexborNode:
    """The element that holds one item: its li or tr, else the highest one around the link that holds no other item."""
    node, steps = link, 0
    highest = link
    alone = True
    while (parent := node.parent) is not None and parent.tag not in TOP and steps < _MAX_CLIMB:
        others = len(crowd.get(parent.mem_id, ()))
        if parent.tag in _ROW_TAGS and others <= 4:
            return parent if others > 1 else _whole_list(parent, crowd) if parent.tag == "li" else _line_around(parent)
        alone = alone and others <= 1
        if not alone and others > 4:
            break
        if alone and parent.tag == "dl" and node.tag == "dd" and is_period(term_before(node)):
            break
        if alone and parent.tag not in ("ul", "ol", "table", "tbody"):
            highest = parent
        node, steps = parent, steps + 1
    return highest


def _line_around(line: LexborNode) -> LexborNode:
    """The line of a table whose only content is a table with this one line: old pages draw each row so."""
    outer = line.parent
    for _ in range(5):
        if outer is None or outer.tag == "tr":
            break
        outer = outer.parent
    if outer is None or outer.tag != "tr":
        return line
    return outer if outer.text(deep=True).strip() == line.text(deep=True).strip() else line


def _whole_list(line: LexborNode, crowd: dict[int, set[str]]) -> LexborNode:
    """The list around a line, where it is a row itself: its lines are one title and its date or number, without another link."""
    box = line.parent
    if box is None or box.tag not in ("ul", "ol") or len(crowd.get(box.mem_id, ())) != 1:
        return line
    beside = [node for node in (line.next, line.prev, line.next and line.next.next) if node is not None]
    return box if any(node.tag == "li" and node.text(deep=True).strip() for node in beside) else line


def rows_of(row: LexborNode, links: Sequence[Link], budget: Budget, heading: str) -> Iterator[Row]:
    """A row's items: one, by its weightiest link; two where the row is a line of a two-column list with a date for each."""
    distinct: dict[str, Link] = {}
    for link in links:
        old = distinct.get(link.address)
        if old is None or _says_more(link) > _says_more(old):
            distinct[link.address] = link
    if len(distinct) > 1:
        if row.tag == "tr" and (days := _one_each(row, [link.node for link in distinct.values()])) is not None:
            for link, date in zip(distinct.values(), days, strict=True):
                yield Row(row, Item(link.title, link.address, date))
            return
        if row.tag == "tr" and _fills_cells(row, list(distinct.values())):
            yield from (Row(row, Item(link.title, link.address), is_cut(link.title)) for link in distinct.values())
            return
        own = of_themselves([link.title for link in distinct.values()])
        distinct = {address: link for at, (address, link) in enumerate(distinct.items()) if at in own}
    link = max(
        distinct.values(),
        key=lambda one: (_FILE.search(one.address) is None, _LABELLED.fullmatch(one.title) is None, len(one.title)),
    )
    day = date_of(row, link.node, link.address, budget)
    if day is None and budget.left > 0:
        day = date_below(term_before(row) or cell_before(row) or heading, row, link.node)
    title = _whole(link.title, row) if is_cut(link.title) and budget.left > 0 else link.title
    yield Row(row, Item(title, link.address, day), is_cut(title))


def _whole(title: str, row: LexborNode) -> str:
    """A cut title as the row prints it elsewhere, in a tip that a mouse brings up or in a cell beside it (信息名称：…); else as it is."""
    begun = tidy(title.rstrip("> .…．。"))
    if len(begun) < _NAMED or row.text(deep=True)[:_READ].count(begun[:_NAMED]) < 2:
        return title
    leaves = [node for node in row.css(_PARTS)[:60] if all(one.mem_id == node.mem_id for one in node.css(_PARTS)[:2])]
    said = [_NAME.sub("", tidy(leaf.text(deep=True)[:600])) for leaf in leaves]
    whole = [
        one
        for one in said
        if one.startswith(begun) and len(one) <= _LONGEST and not is_cut(one) and not _SENTENCE.search(one)
    ]
    return max((one for one in whole if one[len(begun) :][:1] not in (".", "…", "．")), key=len, default=title)


_SENTENCE = re.compile("[。；;]")
_PARTS = "p, td, span, div, li, dd, em"
_NAME = re.compile(r"(?:信息|文件|公文)?(?:名\s?称|标\s?题)\s?[:：]\s?")
_LONGEST = 200
_READ = 8000
"""Characters of a row that are looked through for a title that it prints twice."""


def _says_more(link: Link) -> tuple[bool, bool, int]:
    """What goes before among links to one address: a written one before a picture, a whole title before its copy for narrow screens."""
    return is_written(link.node), not is_cut(link.title), len(link.title)


def of_themselves(titles: Sequence[str]) -> set[int]:
    """Places of the titles of one row that speak of themselves: not of what came of another one, and not with another one in them (《…》解读)."""
    bare = [squeeze(title) for title in titles]
    quoting = {
        at
        for at, title in enumerate(bare)
        if any(len(other) >= _NAMED and other in title and other != title for other in bare)
    }
    following = {at for at, title in enumerate(titles) if _FOLLOWS_UP.search(title)}
    places = set(range(len(titles)))
    return places - quoting - following or places - quoting or places


def _fills_cells(row: LexborNode, links: Sequence[Link]) -> bool:
    """Whether a line of a table is nothing but titles, one a cell: a list in several columns without days."""
    if any(_FOLLOWS_UP.search(link.title) for link in links):
        return False
    said = [text for cell in row.css("td")[:20] if (text := tidy(cell.text(deep=True)).lstrip(BULLET))]
    return sorted(said) == sorted(link.title for link in links)


def _one_each(row: LexborNode, links: Sequence[LexborNode]) -> list[str | None] | None:
    """A day for each link of a line, before or behind it (``None`` where its year is not told), or nothing where the line is one item."""
    text, parts = row.text(deep=True, separator=" ")[:4000], []
    for link in links:
        before, said, text = text.partition(link.text(deep=True, separator=" "))
        if not said:
            return None
        parts.append(before)
    parts.append(text)
    for beside in (parts[1:], parts[:-1]):
        days = [find_dates(part, limit=2) for part in beside]
        if all(len(found) == 1 for found in days):
            return [found[0] for found in days]
        if not any(days) and all(len(short_days(part)) == 1 for part in beside):
            return [None] * len(links)
    return None


_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)(?:[?#]|$)", re.IGNORECASE)
"""A file beside a page is its attachment, however long its name is."""
_LABELLED = re.compile(r"[\[【(（<〔].{1,30}[\]】)）>〕]")
"""A link in brackets before a title: who published it, of which kind it is."""
_FOLLOWS_UP = re.compile("(?:采纳|征集|反馈|征求意见)(?:的)?(?:情况|结果)|反馈(?:意见|公告|说明)|解读|一图读懂|图解")
"""What a row links besides its document: what came of it, what it means."""


def _could_be_title(title: str) -> bool:
    return (
        len(title) >= 4
        and title not in _STOP
        and _BUTTON.fullmatch(title) is None
        and not title.isdigit()
        and _WORDS.search(title) is not None
    )


_WORDS = re.compile(r"[\u3400-\u9fff]{2}|[A-Za-z]{4}")


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent, steps = node.parent, 0
    while parent is not None and steps < _MAX_CLIMB + 1:
        yield parent
        parent, steps = parent.parent, steps + 1
