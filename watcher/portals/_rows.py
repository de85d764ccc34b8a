"""Items of an HTML list: rows found by their links, grouped by where they stand; the group that looks most like a column wins."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from watcher.markup import tame
from watcher.portals._boxes import TOP, heading_before, holds_empty_list, says_empty, weight_of, year_above
from watcher.portals._cells import (
    Budget,
    class_of,
    date_of,
    href_of,
    title_of,
)
from watcher.portals._days import is_period
from watcher.portals._lines import MAX_LINKS, Link, Row, ancestors, links_of, of_themselves, row_of, rows_of
from watcher.portals._lists import resolve, unique
from watcher.types import Item

_INDEX = re.compile(r"(?:/|/index\.\w{3,5}|/list\.\w{3,5})$", re.IGNORECASE)


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
    for node in tree.css(selector)[:MAX_LINKS]:
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
    own = urlsplit_path(base).rpartition("/")[0] + "/"
    groups = [group for group in _groups(tree, base) if _plausible(group)]
    if groups and says_empty(tree):
        groups = [
            group
            for group in groups
            if group.dated and group.weight >= _BESIDE and not _is_another_box(group, own, tree)
        ]
    if groups and not any(group.dated or _leads_into(group, own) for group in groups) and holds_empty_list(tree):
        return None
    inside = _of_own_folder(groups, own)
    best = max(inside or groups, key=lambda group: group.score * _affinity(group, own), default=None)
    if best is not None and len(inside) > 1:
        return _with_kin(best, inside)
    return _own_box(best, own) if best is not None and own != "/" else best


def _is_another_box(group: Group, own: str, tree: LexborHTMLParser) -> bool:
    """Whether rows that all lead elsewhere stand under the heading of another box (政策解读) than the page itself or a state (已结束)."""
    heading = heading_before(box) if (box := group.rows[0].node.parent) is not None else ""
    title = tree.css_first("title")
    if not heading or own == "/" or _leads_into(group, own) or _STATE.search(heading):
        return False
    return title is None or heading not in title.text(deep=True)


_STATE = re.compile("结束|截止|往期|历史|历次|进行|征集|征求|反馈|公示|列表|(?:19|20)[0-9][0-9]")


def _leads_into(group: Group, own: str) -> bool:
    return own == "/" or any(urlsplit_path(row.item.url).startswith(own) for row in group.rows)


def _of_own_folder(groups: list[Group], own: str) -> list[Group]:
    """The groups whose dated rows all lead into the column's own folder, where that is deep enough to be the column's alone."""
    if own.count("/") < _DEEP:
        return []
    return [
        group
        for group in groups
        if group.weight >= _BESIDE
        and group.dated == len(group.rows) > 1
        and all((path := urlsplit_path(row.item.url)).startswith(own) and path != own for row in group.rows)
    ]


def _with_kin(best: Group, groups: list[Group]) -> Group:
    """A group with the others that are built alike in boxes of other names beside it: what is running and what has ended."""

    def built(group: Group) -> tuple[object, ...]:
        box = group.rows[0].node.parent
        return group.rows[0].node.tag, box.tag if box is not None else None

    kin = [group for group in groups if built(group) == built(best)]
    return Group([row for group in kin for row in group.rows], best.weight)


_DEEP = 3
"""Strokes in the folder of a column (``/gzcy/yjzj/``); what is above holds other columns too."""


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
    if len(group.rows) >= 3 and group.weight >= _BESIDE and all(ISSUE.search(row.item.title) for row in group.rows):
        return True
    return len(group.rows) >= 3 and titles >= 11 and articles * 2 > len(group.rows) and group.weight >= 0.9


ISSUE = re.compile(
    r"(?:19|20)\d\d年?\s?(?:[(（]?第\s?[\d一二三四五六七八九十]{1,4}\s?[期号辑]|[\d一二三四五六七八九十]{1,3}期)"
)
"""The title of an issue of a gazette: 2025年第10期."""


def _groups(tree: LexborHTMLParser, base: str, *, chosen: bool = True) -> list[Group]:
    links = links_of(tree, base)
    crowd: dict[int, set[str]] = {}
    for link in links:
        for ancestor in ancestors(link.node):
            crowd.setdefault(ancestor.mem_id, set()).add(link.address)
    rows: dict[int, tuple[LexborNode, list[Link]]] = {}
    for link in links:
        row = row_of(link.node, crowd)
        rows.setdefault(row.mem_id, (row, []))[1].append(link)
    _without_labels(rows)
    groups: dict[tuple[object, ...], Group] = {}
    weights: dict[int, float] = {}
    headings: dict[int, str] = {}
    budget = Budget()
    for row, held in rows.values():
        parent = row.parent
        if parent is None:
            continue
        if parent.mem_id not in weights:
            weights[parent.mem_id] = weight_of(parent) if chosen else 1.0
            headings[parent.mem_id] = year_above(parent)
        weight, heading = weights[parent.mem_id], headings[parent.mem_id]
        group = groups.setdefault(_kinship(row, parent, weight, heading), Group(weight=weight))
        group.rows.extend(rows_of(row, held, budget, heading))
    found = [
        _without_menu(group if group.dated == len(group.rows) else _dated_beside(group, budget))
        for group in groups.values()
    ]
    return _of_themselves(found)


def _of_themselves(groups: list[Group]) -> list[Group]:
    """Groups without those that link, in the boxes of another group, what speaks of its documents: an interpretation under each title."""
    same: dict[tuple[int, ...], list[Group]] = {}
    for group in groups:
        same.setdefault(tuple(row.node.mem_id for row in group.rows), []).append(group)
    about: set[int] = set()
    for held in same.values():
        if len(held) < 2:
            continue
        own = [
            of_themselves([row.item.title for row in rows])
            for rows in zip(*(group.rows for group in held), strict=True)
        ]
        times = [sum(at in places for places in own) for at in range(len(held))]
        about |= {id(group) for group, count in zip(held, times, strict=True) if 2 * count < max(times)}
    return [group for group in groups if id(group) not in about]


def _without_labels(rows: dict[int, tuple[LexborNode, list[Link]]]) -> None:
    """Takes out of each row the links that other rows have too, where it has one of its own: departments, kinds, tags, and buttons called alike."""
    several = [held for _, held in rows.values() if len(held) > 1]
    if not several:
        return
    seen = Counter(address for _, held in rows.values() for address in {link.address for link in held})
    called = Counter(title for held in several for title in {link.title for link in held})
    for held in several:
        own = [link for link in held if seen[link.address] == 1 and called[link.title] == 1]
        if own and len(own) < len(held):
            held[:] = own


def _dated_beside(group: Group, budget: Budget) -> Group:
    """A group whose rows print their days beside the box of the title: what is around each is one row too, when it is built alike.

    Beside a title a row may link who published it.
    """
    boxes: dict[int, list[Row]] = {}
    for row in group.rows:
        boxes.setdefault(row.node.parent.mem_id if row.node.parent is not None else 0, []).append(row)
    held = list(boxes.values())
    if len(held) < 2 or (group.rows[0].node.tag in _LINES and len(held) < len(group.rows)):
        return group
    if any(len(rows) > _LINKED or sum(row.item.date is not None for row in rows) > 1 for rows in held):
        return group
    around = [_table_of(box) for rows in held if (box := rows[0].node.parent) is not None]
    first = around[0].parent if len(around) == len(held) else None
    if first is None or any(
        box.parent is None or box.parent.mem_id != first.mem_id or class_of(box) != class_of(around[0])
        for box in around
    ):
        return group
    rows = []
    for box, inside in zip(around, held, strict=True):
        own = of_themselves([one.item.title for one in inside])
        row = max((one for at, one in enumerate(inside) if at in own), key=lambda one: len(one.item.title))
        link = row.node if row.node.tag == "a" else row.node.css_first("a")
        if link is None or budget.left <= 0:
            return group
        day = date_of(box, link, row.item.url, budget)
        rows.append(Row(box, Item(row.item.title, row.item.url, day), row.cut))
    return Group(rows, group.weight) if 2 * sum(row.item.date is not None for row in rows) >= len(rows) else group


def _table_of(box: LexborNode) -> LexborNode:
    """The table of a body of lines, where each document has a table of its own; any other box as it is."""
    return box.parent if box.tag == "tbody" and box.parent is not None else box


_LINES = ("li", "tr", "dd", "dt")
_LINKED = 3
"""Links of a row that may stand in boxes of their own."""


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
