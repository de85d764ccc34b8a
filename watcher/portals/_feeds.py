"""Items of JSON answers, whatever their fields are called. A helper of the drawer, not a member."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from watcher.lexicon.dates import iso
from watcher.portals._days import day_in_china
from watcher.portals._lists import MAX_ITEMS, resolve, strip_tags, unique
from watcher.portals._rows import list_items, record_items
from watcher.types import Item

TITLES = (
    "title",
    "doctitle",
    "articletitle",
    "infotitle",
    "showtitle",
    "docsubtitle",
    "filename",
    "topic",
    "name",
    "biaoti",
    "subject",
    "headline",
    "file_name",
    "标题",
    "名称",
    "文件名称",
)
_ADDRESSES = (
    "url",
    "post_url",
    "docpuburl",
    "doc_pub_url",
    "link",
    "href",
    "linkurl",
    "puburl",
    "loc",
    "pcurl",
    "contenturl",
    "articleurl",
    "infourl",
    "htmlurl",
    "visiturl",
    "srcurl",
    "docurl",
    "detailurl",
    "pageurl",
    "path",
    "链接",
    "网址",
)
DATES = (
    "publishedtimestr", "display_publish_time", "publishedtime", "pubtime", "pubtimestr", "publishtime", "publish_time", "publishdate", "docrelpubtime", "docreltime", "docpubtime", "pubdate",
    "releasetime", "releasedate", "infodate", "first_publish_time", "firstpublishtime", "date", "ptime", "showdate", "writetime", "crtime", "published", "published_at", "publishedat", "datepublished", "create_time", "created_at", "createtime", "createdate", "publish", "time", "发布日期", "发布时间", "公开日期", "日期",
)  # fmt: skip
_TOTALS = (
    "total",
    "totalcount",
    "totalrecord",
    "totalrecords",
    "totalrow",
    "totalnum",
    "count",
    "totalelements",
    "rowcount",
)
PAGES = (
    "page", "pageindex", "pageno", "pagenum", "p", "currentpage", "curpage", "pn", "nowpage", "offset_page", "pagenumber", "current", "cpage", "pagecurrent", "currpage",
)  # fmt: skip
SIZES = ("_pagesize", "pagesize", "n", "size", "rows", "limit", "perpage", "per_page", "ps", "page_size")
_DEEP = 7


def feed_items(answer: object, base: str) -> tuple[Item, ...]:
    """Items of the list that holds the most of them: objects with a title and an address, dates where one is known."""
    best: tuple[Item, ...] = ()
    for rows in _lists(answer, _DEEP):
        items = unique(item for row in rows[:MAX_ITEMS] for item in _items_of(row, base))
        if len(items) < len(rows):
            items = max(items, _alike(rows, base), key=len)
        if len(items) > len(best):
            best = items
    return best


def _items_of(row: object, base: str) -> Iterator[Item]:
    """The item that a row is; where it is none, those of the only list that it holds (``{"groupData": [{"data": {…}}]}``)."""
    if not isinstance(row, Mapping):
        return
    if item := feed_item(row, base):
        yield item
        return
    held = [value for value in list(row.values())[:80] if isinstance(value, list)]
    for inner in held[0][:MAX_ITEMS] if len(held) == 1 else ():
        if isinstance(inner, Mapping) and (item := feed_item(inner, base)):
            yield item


def feed_item(row: Mapping[object, object], base: str, depth: int = 3) -> Item | None:
    """One object as an item, ``None`` when it has no title or leads nowhere."""
    fields = {str(name).lower(): value for name, value in list(row.items())[:80]}
    inner = fields.get("_source") or (next(iter(fields.values())) if len(fields) == 1 else None)
    if isinstance(inner, Mapping) and depth:
        return feed_item(inner, base, depth - 1)  # a search engine's hit, or an object in a wrapper
    address = next(
        (
            resolved
            for name in _ADDRESSES
            if isinstance(value := fields.get(name), str) and (resolved := resolve(base, value))
        ),
        "",
    )
    if not address:
        return _by_looks(fields, base)
    title = next((text for name in TITLES if (text := strip_tags(_said(fields.get(name))[:2000]))), "")
    date = next((found for name in DATES if (found := _date(fields.get(name)))), None) or _day_by_name(fields)
    return Item(title[:500], address, date) if title else _by_looks(fields, base)


def _said(value: object) -> str:
    """A title as text, which some answers wrap (``{"title": {"rendered": "…"}}``)."""
    if isinstance(value, Mapping):
        value = next((value[name] for name in ("rendered", "text", "value") if name in value), "")
    return value if isinstance(value, str) else ""


_DAY_NAME = re.compile("(?:date|time|riqi|rq|sj|fbsj|day)(?:str|text|_?format)?$")
_OTHER_DAY = re.compile(
    "end|close|dead|expire|valid|effect|implement|start|begin|modif|update|edit|cwrq|cwsj|sxrq|jzrq|jzsj|ssrq|sign|form"
)


def _day_by_name(fields: Mapping[str, object]) -> str | None:
    """The day of a field that is called a date, whatever goes before (``docDate``, ``releaseDay``); days of other things are none."""
    names = [name for name in fields if _DAY_NAME.search(name) and not _OTHER_DAY.search(name)]
    begun = [name for name in fields if _DAY_NAME.search(name) and _BEGIN.search(name)]
    return next((found for name in (*names, *begun) if (found := _date(fields[name]))), None)


_BEGIN = re.compile("start|begin")
"""Where only the window of a consultation is told, it begins on its day."""


def _alike(rows: list[object], base: str) -> tuple[Item, ...]:
    """Items of rows whose fields have names that say nothing, or none: what most rows have as title and address, every row has."""
    fields: list[dict[object, object]] = []
    for row in rows[:MAX_ITEMS]:
        if isinstance(row, Mapping):
            fields.append({str(name).lower(): value for name, value in list(row.items())[:80]})
        elif isinstance(row, list) and _is_cells(row):
            fields.append(dict(enumerate(row)))
    by_looks = [_by_looks(row, base) for row in fields]
    places = Counter(
        places
        for row, item in zip(fields, by_looks, strict=True)
        if item is not None and (places := _places(row, item, base)) is not None
    )
    if not places:
        return ()
    (title, address), _ = places.most_common(1)[0]
    return unique(item or _at(row, title, address, base) for row, item in zip(fields, by_looks, strict=True))


def _places(row: Mapping[object, object], item: Item, base: str) -> tuple[object, object] | None:
    """The names of the fields that hold an item's title and its address."""
    texts = {name: value.strip() for name, value in list(row.items())[:80] if isinstance(value, str)}
    title = next((name for name, value in texts.items() if strip_tags(value[:2000]) == item.title), None)
    address = next((name for name, value in texts.items() if resolve(base, value) == item.url), None)
    return (title, address) if title is not None and address is not None else None


def _at(row: Mapping[object, object], title: object, address: object, base: str) -> Item:
    """The item of a row by the names of its fields; one without title or address is none, which ``unique`` leaves out."""
    said, leads = row.get(title), row.get(address)
    day = next(
        (iso(value) for value in list(row.values())[:80] if isinstance(value, str) and _A_DAY.fullmatch(value.strip())),
        None,
    )
    return Item(
        strip_tags(said[:2000])[:500] if isinstance(said, str) else "",
        resolve(base, leads) if isinstance(leads, str) and leads.strip() else "",
        day,
    )


_CELLS = 20
"""Cells of a row that is a list of values (``["标题", "/a.html", "2025-11-02"]``)."""


def _by_looks(fields: Mapping[Any, object], base: str) -> Item | None:
    """An object whose fields have names that say nothing (``t``, ``lj``, ``fbsj``): one address, one day and a title, by their looks."""
    texts = [value.strip() for value in fields.values() if isinstance(value, str) and len(value) <= 2000]
    days = [value for value in texts if _A_DAY.fullmatch(value)]
    linked = next((value for value in texts if "<a " in value and "href" in value), "")
    if linked and days and (inside := record_items(linked, base)):
        return Item(inside[0].title, inside[0].url, iso(days[0]))
    addresses = [value for value in texts if _A_PAGE.fullmatch(value) and not _PICTURE.search(value)]
    titles = [text for value in texts if _HAN.search(value) and (text := strip_tags(value)) and _TITLED.fullmatch(text)]
    address = resolve(base, addresses[0]) if addresses and days and titles else ""
    named = next((found for name in DATES if (found := _date(fields.get(name)))), None)
    return Item(titles[0], address, named or iso(days[0])) if address else None


_A_DAY = re.compile("(?:19|20)\\d\\d[-/.年]\\d{1,2}[-/.月]\\d{1,2}日?(?:[T\\s].{0,20})?")
_A_PAGE = re.compile(
    "(?:https?://[^\\s<>]{1,100}/|\\.{0,2}/)[^\\s<>\\u3000-\\uffff]{1,400}|[\\w/\\-]{1,200}\\.(?:s?html?|jhtml|jspx?|aspx)(?:\\?\\S{1,200})?",
    re.ASCII,
)
_PICTURE = re.compile("\\.(?:jpe?g|png|gif|svg|webp|ico|js|css)(?:\\?|$)", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]{4}")
_TITLED = re.compile("(?!.{0,200}(?:局|厅|委|委员会|政府|办公室|中心|大队|支队)$)[^。；\\n]{8,200}")


def _date(value: object) -> str | None:
    if isinstance(value, Mapping):  # java.util.Date as a bean: years from 1900, months from 0
        year, month, day = (value.get(name) for name in ("year", "month", "date"))
        if isinstance(year, int) and isinstance(month, int) and isinstance(day, int):
            return iso(f"{1900 + year}-{month + 1}-{day}")
        return _date(value.get("time"))
    if isinstance(value, list) and 3 <= len(value) <= 7 and all(isinstance(part, int) for part in value):
        return iso("-".join(str(part) for part in value[:3]))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(int(value)) if isinstance(value, float) and abs(value) < 1e15 else str(value)[:60]
    if text.isdigit() and len(text) not in (8, 10, 13):
        return None
    return day_in_china(text)


_BESIDE = re.compile(
    r"(?:hot|recommend\w{0,8}|related?|friend|banner|slide|carousel|rank)s?(?:_?(?:list|data|items?|news|rows|articles?|info|docs?|links?))?"
    r"|attach\w{0,20}|annex\w{0,10}|appendix|append(?:ices|list)|enclosures?|res_?list|fujian"
    r"|(?:menu|nav|navigation|bread_?crumb|crumb|link|tag|categor(?:y|ie)|column|channel|site|dept)s?(?:_?(?:list|data|tree))?",
    re.IGNORECASE,
)
"""Names of what an answer holds beside its list: menus, what is read most, the files of one document."""


def _lists(value: object, depth: int) -> Iterator[list[object]]:
    """Every list of objects in a JSON answer, within the depth; groups of lists (catMap) are joined as one too."""
    if depth <= 0:
        return
    if isinstance(value, list):
        if any(isinstance(row, Mapping) or _is_cells(row) for row in value):
            yield value
        for row in value[:MAX_ITEMS]:
            if isinstance(row, Mapping | list):
                yield from _lists(row, depth - 2)
    elif isinstance(value, Mapping):
        joined: list[object] = []
        for name, inner in list(value.items())[:200]:
            if isinstance(inner, Mapping | list) and _BESIDE.fullmatch(str(name)) is None:
                for rows in _lists(inner, depth - 1):
                    yield rows
                    if isinstance(inner, Mapping):
                        joined.extend(rows)
        if joined:
            yield joined


def written_items(answer: object, base: str) -> tuple[Item, ...]:
    """Items of a list that a JSON answer holds as HTML (``{"html": "<li>…</li>"}``): of its longest text with links."""
    best, stack = "", [(answer, 4)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, str):
            if len(value) > len(best) and "<a" in value and "href" in value:
                best = value
        elif depth and isinstance(value, Mapping | list):
            inner = value.values() if isinstance(value, Mapping) else value
            stack.extend((one, depth - 1) for one in list(inner)[:200])
    return list_items(best, base) if best else ()


def _is_cells(row: object) -> bool:
    return (
        isinstance(row, list) and 2 <= len(row) <= _CELLS and all(isinstance(cell, str | int | float) for cell in row)
    )


def feed_total(answer: object) -> int | None:
    """How many items an answer says that the whole list has."""
    stack: list[tuple[object, int]] = [(answer, 4)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, Mapping):
            for name, inner in list(value.items())[:200]:
                if (
                    str(name).lower() in _TOTALS
                    and not isinstance(inner, bool)
                    and (isinstance(inner, int) or (isinstance(inner, str) and inner.isdigit() and len(inner) < 9))
                ):
                    return int(inner)
                if str(name).lower() in _TOTALS and isinstance(inner, Mapping) and isinstance(inner.get("value"), int):
                    return int(inner["value"])
                if depth and isinstance(inner, Mapping):
                    stack.append((inner, depth - 1))
    return None


def next_query(url: str, count: int, total: int | None, *, size: int | None = None) -> str | None:
    """The address with its page number raised by one, ``None`` when nothing is left or it has no page number.

    ``count`` items came; without a ``total`` a page is followed as long as it is full (``size`` or the size in the address), or not empty
    where no size is known.
    """
    try:
        split = urlsplit(url)
    except ValueError:  # an address that is none
        return None
    pairs = parse_qsl(split.query, keep_blank_values=True)
    named = {name.lower(): value for name, value in pairs}
    key = next((name for name, value in pairs if name.lower() in PAGES and value.isdigit()), None)
    if key is None or not count:
        return None
    at = int(dict(pairs)[key])
    size = next((int(named[name]) for name in SIZES if named.get(name, "").isdigit()), size)
    if total is not None:
        if (max(at, 1) if at else 1) * (size or count) >= total:
            return None
    elif size is not None and count < size:
        return None
    return urlunsplit(
        split._replace(query=urlencode([(name, str(at + 1) if name == key else value) for name, value in pairs]))
    )
