"""What one row of an HTML list says: where its link leads, its whole title, its date. A helper of the drawer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborNode

from watcher.lexicon.dates import find_dates, iso
from watcher.portals._days import EDGE_DATE, LABEL, NO_YEAR, day_below, settle
from watcher.portals._lists import is_cut, strip_tags
from watcher.text import tidy

_DATE_CLASS = re.compile(r"date|time|riqi|rq|sj|shijian|fbsj|pubdate|day", re.IGNORECASE)


_CLOSING_CLASS = re.compile(r"end|close|dead|jiezhi|jzsj|jzrq", re.IGNORECASE)
"""The day on which a consultation closes is not the day on which it was published, where both are printed."""


_DATE_HEAD = re.compile(r"(?:发布|公开|发文|公布|印发|更新|开始|起始|发布的?)(?:日期|时间)|^(?:日期|时间)$")


_OTHER_HEAD = re.compile(r"成文|生效|实施|截止|结束|失效")


BULLET = "·•●◆■▪▶►▸>》»→※★☆-—| "


_TAIL = ">» |"


_ONCLICK = re.compile(
    r"['\"]((?:https?:/)?[./\w\-%]{1,300}(?:\.s?html?|\.jhtml|\.jspx?|\.aspx|\.do|\?[\w=&%.\-]{1,200}))['\"]"
)


# In a title 2022年1月29日 may belong to it (…疫情通报); a date with strokes, or in brackets, was put there by the list.
_TITLE_DATE = re.compile(
    r"^\s*(?:[\[(（【](?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*"
    r"|\s*(?:[\[(（【](?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]|(?<!\d)(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*$"
)


def href_of(link: LexborNode) -> str:
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


_MARKED = re.compile(
    r"^\s*(?:[\[【(（]?(?:置顶|推荐|最新|图文|组图|热点|新)[\]】)）]|(?:NEW|HOT)(?=[\s\d\u3400-\u9fff“《（]))\s*|\s*(?:(?<![A-Za-z])(?:NEW|New|new|HOT|Hot|hot)!?|[\[【](?:图|组图|视频|新)[\]】])\s*$"
)
"""What a list puts before or behind a title to draw the eye to it."""


def title_of(link: LexborNode) -> str:
    """The whole title: ``title=`` where the text is cut or missing, a heading inside the link, else the text without dates at its edges."""
    text = ""
    if link.first_child is not None:
        inner = link.css_first("h1, h2, h3, h4, h5, .title, .tit, .bt") or _first_box(link)
        text = tidy((inner or link).text(deep=True, separator=" ") if inner else _joined_text(link))
    text = _MARKED.sub("", _TITLE_DATE.sub("", text)).lstrip(BULLET).rstrip(_TAIL)
    given = strip_tags(link.attributes.get("title") or link.attributes.get("data-title") or "")
    given = re.sub(
        r"^(?:标题|信息标题|文章标题)[:：]\s*|\s*(?:作\s?者|来\s?源|(?:发布|更新|添加|录入)?(?:时间|日期)|(?:点击|浏览|阅读)(?:次?数|率|量)?)\s?[:：].*$",
        "",
        given,
    ).strip()
    if given and (not text or (is_cut(text) and _tells(given, text)) or _continues(given, text)):
        return given[:500]
    return (text or _pictured(link))[:500]


def _pictured(link: LexborNode) -> str:
    """What a link that is only a picture says in its ``alt``: not the name of a file."""
    picture = link.css_first("img[alt]")
    said = tidy(picture.attributes.get("alt") or "") if picture is not None else ""
    return "" if re.search(r"\.\w{3,4}$", said) else said


def is_written(link: LexborNode) -> bool:
    """Whether a link says something in letters, not only in a picture."""
    return bool(link.text(deep=True).strip())


def _leaves(link: LexborNode) -> list[LexborNode]:
    """The boxes of a card that hold no other box and say something, its own ones first to last."""
    boxes = link.css("div, p, dt, dd, td, h6, section, li")[:40]
    return [
        box
        for box in boxes
        if box.mem_id != link.mem_id
        and all(inner.mem_id == box.mem_id for inner in box.css("div, p, td, section, li")[:2])
        and box.text(deep=True).strip()
    ]


def _first_box(link: LexborNode) -> LexborNode | None:
    """The box of a card that is its title: the first of several that says more than a day."""
    leaves = _leaves(link)
    if len(leaves) < 2:
        return None
    return next(
        (
            box
            for box in leaves
            if len(text := box.text(deep=True).strip()) >= 6
            and not _looks_dated(box)
            and not find_dates(text[:20], limit=1)
        ),
        None,
    )


def _tells(given: str, text: str) -> bool:
    """Whether ``given`` is the whole of a cut ``text``, not a hint for all rows (点击查看)."""
    begun, whole = (re.sub(r"[\s.…．。]", "", said) for said in (text, given))
    return begun[:6] in whole or whole[:6] in begun


def _continues(given: str, text: str) -> bool:
    bare = re.sub(r"\s", "", text)
    return len(given) > len(text) and re.sub(r"\s", "", given).startswith(bare)


def _joined_text(link: LexborNode) -> str:
    """Text of a link whose parts may be spans: a title broken over <br> or spans is one title, a date in a span of its own is none of it."""
    spans = [
        span
        for span in link.css("span, em, i, time, b, p, div")
        if _looks_dated(span) or _is_byline(span) or _is_tail(span)
    ]
    if not spans:
        return link.text(deep=True)
    text = link.text(deep=True, separator="\n")
    for span in spans:
        text = text.replace(span.text(deep=True, separator="\n"), " ", 1)
    return re.sub(r"\n", "", text)


def _edge_day(link: LexborNode) -> str | None:
    """The day with which a link's text begins or ends, set apart from its words: one that goes on in them is a part of the title."""
    text = link.text(deep=True, separator=" ")
    match = EDGE_DATE.search(text)
    if match is None or not match[0].strip():
        return None
    apart = "年" not in match[0] or match[0] != match[0].strip() or match[0].strip()[0] in "[(（【"
    return iso(match[0]) if apart else None


_BYLINE = re.compile(
    r"\s*(?:来源|发布(?:单位|机构|时间|日期)?|时间|日期|作者|浏览|点击|阅读|信息来源)(?:次数|量)?\s?[:：]"
)


def _is_byline(node: LexborNode) -> bool:
    """Whether a part of a link is the line below its title: 来源：市卫健委　2025-08-01　浏览：10."""
    text = node.text(deep=True)
    return len(text) <= 80 and _BYLINE.match(text) is not None


_TAIL_DAY = re.compile(r"(?:(?<![\d.])\d{1,2}[-/月]\d{1,2}日?|今天|昨天|前天|\d{1,2}\s?(?:天|小时|分钟)前)\s*$")


def _is_tail(node: LexborNode) -> bool:
    """Whether a part of a link behind its title is short and ends in a day: 市发展改革委 11月17日."""
    if node.prev is None or node.next is not None:
        return False
    text = node.text(deep=True)
    return len(text) <= 24 and _TAIL_DAY.search(text) is not None


def _looks_dated(node: LexborNode) -> bool:
    text = node.text(deep=True).strip()
    return (4 <= len(text) <= 30 and bool(EDGE_DATE.fullmatch(text))) or (
        bool(_DATE_CLASS.search(class_of(node))) and bool(re.fullmatch(r"[\d\s\-/.年月日:：\[\]()（）]{2,30}", text))
    )


@dataclass
class Budget:
    """Elements that the rows of one page may be searched for dates: rows that stand in one another cost their square."""

    left: int = 300_000


def date_of(row: LexborNode, link: LexborNode, address: str = "", budget: Budget | None = None) -> str | None:
    """The row's date: the cell under a heading of dates, an element that is called date, else the last date outside the title.

    ``None`` where ``budget`` is used up.
    """
    budget = budget or Budget()
    if budget.left <= 0:
        return None
    whole = row.text(deep=True, separator=" ")
    budget.left -= len(whole) // 4
    if row.mem_id == link.mem_id:
        return (
            (settle(_following(link), address) if link.tag == "a" else None)
            or _edge_day(link)
            or next((found for box in reversed(_leaves(link)) if (found := _day_in(box, address))), None)
            or _beside_heading(link, address)
        )
    cell = _cell_by_heading(row) if row.tag == "tr" else _cell_by_head_line(row) if _TWO_DAYS.search(whole) else ""
    if cell and (found := settle(cell, address)):
        return found
    nodes = row.css("span, em, i, td, div, p, time, dd, font, b, label, h6, li, a")
    budget.left -= len(nodes)
    closing: list[LexborNode] = []
    for node in nodes:
        if node.tag in ("li", "a"):
            continue
        if _CLOSING_CLASS.search(class_of(node)):
            closing.append(node)
            continue
        said = node.attributes.get("datetime") or node.attributes.get("title") or ""
        if said and (match := EDGE_DATE.match(said)) and (found := iso(match[0])):
            return found
        if (
            _DATE_CLASS.search(class_of(node))
            and not node.css_first("a[href]")
            and (found := settle(node.text(deep=True, separator=" "), address))
        ):
            return found
    inner = link.css("span, em, i, time, b, p, div")
    for node in inner:
        if (_looks_dated(node) or _is_byline(node)) and (found := settle(node.text(deep=True, separator=" "), address)):
            return found
    return (
        settle(text_without(row, [link, *closing], whole), address)
        or _edge_day(link)
        # Where a list prints closing days alone, they still tell it from a menu.
        or next((found for node in closing if (found := settle(node.text(deep=True), address))), None)
        or (_below(row, address) if row.tag == "dt" else None)
        or _day_in_title(link)
    )


def _day_in_title(link: LexborNode) -> str | None:
    """The day that a link tells only to a mouse: ``title="标题：…&#10;发布时间：2025-11-02"``."""
    said = link.attributes.get("title") or ""
    told = LABEL.search(said) or _TOLD.search(said)
    return iso(told[1]) if told is not None else None


_TOLD = re.compile(r"(?:时间|日期)\s?[:：]\s?((?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)")


def _beside_heading(link: LexborNode, address: str) -> str | None:
    """The day that a row which is one link prints beside its heading, with a counter or a source."""
    heading = link.css_first("h1, h2, h3, h4, h5, .title, .tit, .bt")
    text = text_without(link, [heading]) if heading is not None else ""
    return settle(text, address) if len(text) <= 60 else None


def _below(row: LexborNode, address: str) -> str | None:
    """The date of a term of a list, which stands in what follows it."""
    node = row.next
    while node is not None and node.tag not in ("dt", None):
        if node.tag == "dd":
            return settle(node.text(deep=True, separator=" "), address)
        node = node.next
    return None


def _day_in(box: LexborNode, address: str) -> str | None:
    """The day that a box of a card prints, alone or beside a source and a counter."""
    text = box.text(deep=True, separator=" ").strip()
    return settle(text, address) if len(text) <= 60 else None


_AGO = re.compile(r"今天|昨天|前天|\d{1,2}\s?(?:天|小时|分钟)前")


def prints_day(row: LexborNode, title: str) -> bool:
    """Whether a row prints a day beside its title, though perhaps not in which year: 11-22, 昨天, 3天前."""
    beside = row.text(deep=True, separator=" ")[:4000].replace(title, " ", 1)
    return NO_YEAR.search(beside) is not None or _AGO.search(beside) is not None


def date_below(heading: str, row: LexborNode, link: LexborNode) -> str | None:
    """The day of a row (``06-15``, or ``15日`` alone) below a heading that says the rest (``2023年6月``)."""
    return day_below(heading, tidy(text_without(row, [link]))) if heading[:2] in ("19", "20") else None


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


_TWO_DAYS = re.compile(r"(?:19|20)\d\d[-/.年].{3,80}(?:19|20)\d\d[-/.年]", re.DOTALL)
"""More than one day in a row: only its head says which is which."""


def _cell_by_head_line(row: LexborNode) -> str:
    """The part of a row below 发布日期 in the line of heads, in a list whose lines are cut into as many parts as that line."""
    parent = row.parent
    if parent is None:
        return ""
    parts = [node for node in row.iter() if node.tag != "-text"][:20]
    for head in (next(parent.iter(), None), element_beside(parent, "prev")):
        if head is None or head.mem_id == row.mem_id:
            continue
        names = [tidy(node.text(deep=True)).replace(" ", "") for node in head.iter() if node.tag != "-text"][:20]
        if len(names) == len(parts) > 2:
            for name, part in zip(names, parts, strict=True):
                if _DATE_HEAD.search(name) and not _OTHER_HEAD.search(name):
                    return part.text(deep=True, separator=" ")
    return ""


def element_beside(node: LexborNode, side: Literal["next", "prev"]) -> LexborNode | None:
    """The element next to another one, over the text between them."""
    beside = node.next if side == "next" else node.prev
    while beside is not None and beside.tag == "-text":
        beside = beside.next if side == "next" else beside.prev
    return beside


def _following(link: LexborNode) -> str:
    """Text behind a link up to the next one, or before it on its own line, for lists without an element per row."""
    return (
        _beside(link, forward=True, lines=False)
        or _beside(link, forward=False, lines=False)
        or _beside(link, forward=True, lines=True)
    )


def _beside(link: LexborNode, *, forward: bool, lines: bool) -> str:
    """Text beside a link up to another one, or to the end of its line unless ``lines`` are crossed; ``""`` where it holds no digit.

    Before a link it counts only from where the line begins: behind another link it is that one's.
    """
    parts: list[str] = []
    node = link.next if forward else link.prev
    while node is not None and len(parts) < 6:
        if node.tag == "a" or (node.tag not in ("-text", "#text", None) and node.css_first("a[href]")):
            if not forward:
                return ""
            break
        if node.tag == "br" and (parts or not lines):
            break
        text = (node.text_content or "") if node.tag in ("-text", "#text") else node.text(deep=True, separator=" ")
        if text and text.strip():
            parts.append(text)
        node = node.next if forward else node.prev
    text = " ".join(parts if forward else reversed(parts))[:200]
    return text if _DIGIT.search(text) else ""


_DIGIT = re.compile(r"[\d〇○零]")


def text_without(row: LexborNode, links: Sequence[LexborNode], whole: str | None = None) -> str:
    """The row's text (``whole``, where it is at hand) without its links' texts: a date inside a title is no date of publication."""
    text = (row.text(deep=True, separator=" ") if whole is None else whole)[:4000]
    for link in links:
        inner = link.text(deep=True, separator=" ")
        if inner:
            text = text.replace(inner, " ", 1)
    return text


def class_of(node: LexborNode) -> str:
    attributes = node.attributes
    return re.sub(r"\d+", "", f"{attributes.get('class') or ''} {attributes.get('id') or ''}").strip()
