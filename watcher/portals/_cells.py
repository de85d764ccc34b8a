"""What one row of an HTML list says: where its link leads, its whole title, its date. A helper of the drawer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from watcher.lexicon.dates import find_dates, iso
from watcher.portals._lists import is_cut, strip_tags
from watcher.text import tidy

_DATE_CLASS = re.compile(r"date|time|riqi|rq|sj|shijian|fbsj|pubdate|day", re.IGNORECASE)


_CLOSING_CLASS = re.compile(r"end|close|dead|jiezhi|jzsj|jzrq", re.IGNORECASE)
"""The day on which a consultation closes is not the day on which it was published, where both are printed."""


_DATE_HEAD = re.compile(r"(?:发布|公开|发文|公布|印发|更新|开始|起始|发布的?)(?:日期|时间)|^(?:日期|时间)$")


_OTHER_HEAD = re.compile(r"成文|生效|实施|截止|结束|失效")


_EDGE_DATE = re.compile(
    r"^\s*[\[(（【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*|\s*[\[(（【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*$"
)


_BULLET = "·•●◆■▪▶►▸>》»→※★☆-—| "


_TAIL = ">» |"


_ONCLICK = re.compile(
    r"['\"]((?:https?:/)?[./\w\-%]{1,300}(?:\.s?html?|\.jhtml|\.jspx?|\.aspx|\.do|\?[\w=&%.\-]{1,200}))['\"]"
)


_URL_DAY = re.compile(
    r"(?:t|/)((?:19|20)\d\d)(\d\d)(\d\d)(?:_|/)|/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/|/((?:19|20)\d\d)-?(\d\d)/(\d\d)/"
)


# In a title 2022年1月29日 may belong to it (…疫情通报); a date with strokes, or in brackets, was put there by the list.
_TITLE_DATE = re.compile(
    r"^\s*(?:[\[(（【](?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?!\d))(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*"
    r"|\s*(?:[\[(（【](?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]|(?<!\d)(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*$"
)


_NO_YEAR = re.compile(r"(?<![\d\-/.])(\d{1,2})[-/.月](\d{1,2})日?(?![\d\-/.])")


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
    r"^\s*(?:[\[【(（]?(?:置顶|推荐|最新|图文|组图|热点|新)[\]】)）]|(?:NEW|HOT)\s)\s*|\s*(?:(?<![A-Za-z])(?:NEW|New|new|HOT|Hot|hot)!?|[\[【](?:图|组图|视频|新)[\]】])\s*$"
)
"""What a list puts before or behind a title to draw the eye to it."""


def title_of(link: LexborNode) -> str:
    """The whole title: ``title=`` where the text is cut or missing, a heading inside the link, else the text without dates at its edges."""
    text = ""
    if link.first_child is not None:
        inner = link.css_first("h1, h2, h3, h4, h5, .title, .tit, .bt") or _first_box(link)
        text = tidy((inner or link).text(deep=True, separator=" ") if inner else _joined_text(link))
    text = _MARKED.sub("", _TITLE_DATE.sub("", text)).lstrip(_BULLET).rstrip(_TAIL)
    given = strip_tags(link.attributes.get("title") or link.attributes.get("data-title") or "")
    given = re.sub(r"^(?:标题|信息标题|文章标题)[:：]\s*|\s*(?:发布时间|发布日期|时间)[:：].*$", "", given).strip()
    if given and (not text or is_cut(text) or _continues(given, text)):
        return given[:500]
    return text[:500]


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
            (_settle(_following(link), address) if link.tag == "a" else None)
            or _settle(link.text(deep=True, separator=" "), address, edges=True)
            or next((found for box in reversed(_leaves(link)) if (found := _day_in(box, address))), None)
            or _beside_heading(link, address)
        )
    if row.tag == "tr" and (cell := _cell_by_heading(row)) and (found := _settle(cell, address)):
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
        if said and (match := _EDGE_DATE.match(said)) and (found := iso(match[0])):
            return found
        if (
            _DATE_CLASS.search(class_of(node))
            and not node.css_first("a[href]")
            and (found := _settle(node.text(deep=True, separator=" "), address))
        ):
            return found
    inner = link.css("span, em, i, time, b, p, div")
    for node in inner:
        if _looks_dated(node) and (found := _settle(node.text(deep=True, separator=" "), address)):
            return found
    return (
        _settle(text_without(row, [link, *closing], whole), address)
        or _settle(link.text(deep=True, separator=" "), address, edges=True)
        # Where a list prints closing days alone, they still tell it from a menu.
        or next((found for node in closing if (found := _settle(node.text(deep=True), address))), None)
        or (_below(row, address) if row.tag == "dt" else None)
    )


def _beside_heading(link: LexborNode, address: str) -> str | None:
    """The day that a row which is one link prints beside its heading, with a counter or a source."""
    heading = link.css_first("h1, h2, h3, h4, h5, .title, .tit, .bt")
    text = text_without(link, [heading]) if heading is not None else ""
    return _settle(text, address) if len(text) <= 60 else None


def _below(row: LexborNode, address: str) -> str | None:
    """The date of a term of a list, which stands in what follows it."""
    node = row.next
    while node is not None and node.tag not in ("dt", None):
        if node.tag == "dd":
            return _settle(node.text(deep=True, separator=" "), address)
        node = node.next
    return None


def _day_in(box: LexborNode, address: str) -> str | None:
    """The day that a box of a card prints, alone or beside a source and a counter."""
    text = box.text(deep=True, separator=" ").strip()
    return _settle(text, address) if len(text) <= 60 else None


def _settle(text: str, address: str, *, edges: bool = False) -> str | None:
    """One date out of a text: the first of a span (2026-09-17至2026-10-17), else the last; without a year only where the address confirms it."""
    text = tidy(text)
    if not edges and (pieced := _pieced(text)):
        return pieced
    text = text[-400:]
    if edges:
        match = _EDGE_DATE.search(text)
        return iso(match[0]) if match and match[0].strip() else None
    dates = find_dates(text, limit=8)
    if len(dates) > 1 and (said := _LABEL.search(text) or _BEGINS.search(text)) is not None and (day := iso(said[1])):
        return day
    if dates:
        return (
            dates[0]
            if len(dates) == 2 and re.search(r"\d[日号]?\s*(?:至|到|~|～|—|--|－|(?<=\s)-(?=\s))\s*\d", text)
            else dates[-1]
        )
    if text.isascii() and (english := list(_ENGLISH.finditer(text))):
        told = english[-1]
        at = _MONTHS.index((told["m"] or told["n"]).lower()) + 1
        return iso(f"{told['y'] or told['z']}-{at}-{told['d'] or told['e']}")
    if len(text) <= 60:
        if whole := iso(text):
            return whole
        if brief := _SHORT_YEAR.search(text):
            return iso(f"20{brief[1]}-{brief[3]}-{brief[4]}")
        if (match := _NO_YEAR.search(text)) and (named := _URL_DAY.search(address)):
            year, month, number = (part for part in named.groups() if part)
            if int(month) == int(match[1]) and int(number) == int(match[2]):
                return iso(f"{year}-{month}-{number}")
    return None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"\b(?P<m>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? (?P<d>[0-3]?\d)(?:st|nd|rd|th)?,? ?(?P<y>(?:19|20)\d\d)\b"
    r"|\b(?P<e>[0-3]?\d)[ -](?P<n>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?,?[ -](?P<z>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
"""A day on an English page: November 21, 2025; 21 Nov 2025."""
_LABEL = re.compile(
    r"(?:发布|公开|公布|印发|发文)(?:日期|时间)?\s?[:：]\s?((?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)"
)
"""Where a row tells several days apart, the one of publication is its date, else the one on which it begins."""
_BEGINS = re.compile(
    r"(?:开始|起始)(?:日期|时间)?\s?[:：]\s?((?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)"
)
_SHORT_YEAR = re.compile(r"(?:^|[\s\[(（])(\d\d)([-/.])(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])[\])）]?$")
"""25-04-18 at the end of a row: no row prints a day before its month."""
_Y, _M, _D = "(?P<y>(?:19|20)\\d\\d)", "(?P<m>\\d{1,2})", "(?P<d>\\d{1,2})"
_PIECES = [
    re.compile(form)
    for form in (
        f"{_D}日?\\s?/?\\s{_Y}\\s?[-./年]\\s?{_M}月?(?![-./年月]?\\d)",
        f"{_M}[-./月]{_D}日?\\s/?\\s?{_Y}年?(?![-./年月]?\\d)",
        f"{_Y}年?\\s/?\\s?{_M}[-./月]{_D}日?(?![-./年月:：]?\\d)",
        f"{_Y}\\s?[-./年]\\s?{_M}月?\\s/?\\s?{_D}日?(?![-./年月:：]?\\d)",
    )
]
"""A calendar leaf: the day in a box of its own, before or behind the rest (17 over 2024.06, 06-17 over 2024)."""
_LEAF = 16
"""Characters that a leaf has, when it stands behind the row's other words."""


def _pieced(text: str) -> str | None:
    """The date of a calendar leaf with which a row's text begins or ends."""
    for form in _PIECES:
        match = form.match(text)
        if match is None and (match := form.search(text, max(0, len(text) - _LEAF))) is not None:
            match = match if match.end() == len(text) and not text[: match.start()][-1:].isdigit() else None
        if match is not None and (day := iso(f"{match['y']}-{match['m']}-{match['d']}")):
            return day
    return None


_AGO = re.compile(r"今天|昨天|前天|\d{1,2}\s?(?:天|小时|分钟)前")


def prints_day(row: LexborNode, title: str) -> bool:
    """Whether a row prints a day beside its title, though perhaps not in which year: 11-22, 昨天, 3天前."""
    beside = row.text(deep=True, separator=" ")[:4000].replace(title, " ", 1)
    return _NO_YEAR.search(beside) is not None or _AGO.search(beside) is not None


def short_days(text: str) -> list[str]:
    """The days without a year that a text prints, in order."""
    return [match[0] for match in _NO_YEAR.finditer(text)]


_YEAR = re.compile(r"((?:19|20)\d\d)(?:\s?年|$)")
_PERIOD = re.compile(r"(?:19|20)\d\d\s?(?:年度?(?:\s?\d{1,2}\s?月)?)?")


def is_period(heading: str) -> bool:
    """Whether a heading says a year (and a month) and nothing else: 2023年, 2023年6月."""
    return _PERIOD.fullmatch(heading) is not None


def date_below(heading: str, row: LexborNode, link: LexborNode) -> str | None:
    """The day without a year of a row (``06-15``) below a heading that says the year (``2023年6月``)."""
    year = _YEAR.search(heading)
    day = _NO_YEAR.search(tidy(text_without(row, [link]))) if year else None
    return iso(f"{year[1]}-{day[1]}-{day[2]}") if year and day else None


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
