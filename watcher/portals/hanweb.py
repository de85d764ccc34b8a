"""Hanweb 大汉 JCMS: comments such as ``<!--ZJEG_RSS.content.begin-->``, ``#zoom``, addresses ``/art/Y/M/D/art_COL_ID.html``."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from watcher.portals._family import Source
from watcher.portals._lists import FORM, MAX_ITEMS, ColumnPage, ListRequest, ListSource, resolve, unique
from watcher.portals._rows import record_items

RANK = 30
NEEDLES: tuple[str, ...] = ("_RSS.content.begin", "<!--GS_0", "hanweb.css", "/jcms", "dataproxy.jsp", "/art/art_")
BODY: tuple[str, ...] = (
    "#zoom",
    ".main-txt",
    ".article_zoom",
    "#Zoom",
    ".bt_content",
    "#barrierfree_container .zoom",
    ".article-content",
    ".main-fl-con",
)
DROP: tuple[str, ...] = (".share", "#share", ".ewm", ".bszn_qr", ".bottom_tool")
TITLE: tuple[str, ...] = (".title", ".main-fl-tit", "h1")
HEAD: tuple[str, ...] = (".xxgk_top", ".xxgk_table", ".zfxxgk_top", "table.xxgkb", ".main-fl-gn")
FILES: tuple[str, ...] = (".fujian", ".fj", ".attach")


def recognises(page: Source) -> bool:
    """By its comments, its style sheet, or the meta that its generator writes."""
    return page.has(*NEEDLES) or "maketime" in page.metas


_TOTAL = re.compile(r"<totalrecord>\s{0,9}(\d{1,8})|totalRecord\s{0,5}[:=]\s{0,5}['\"]?(\d{1,8})", re.IGNORECASE)
_HREF = re.compile(r"href\s{0,3}=\s{0,3}[\"']([^\"']{1,1500})[\"']", re.IGNORECASE)
_PROXY = re.compile(r"[\"']([^\"']{0,200}dataproxy\.jsp)[^\"']{0,600}[\"']", re.IGNORECASE)
_PARAMETER = re.compile(
    r"\b(col|appid|webid|path|columnid|sourceContentType|unitid|webname|permissiontype|perPage|groupSize|totalRecord)[\"']?\s{0,5}:\s{0,5}(?:\"([^\"]{0,200})\"|'([^']{0,200})'|([\w./\-]{1,200}))"
)
_RANGE = ("startrecord", "endrecord", "perpage")


def column(source: ListSource) -> ColumnPage | None:
    """jpage lists: records embedded in the page (``<script type="text/xml">``) or answered by ``dataproxy.jsp``.

    What follows comes from ``<nextgroup>``, from the range in the address of an answer, or from the page's script.
    """
    html = source.html
    if "<record" not in html and "<RECORD" not in html and "dataproxy.jsp" not in html:
        return None
    stores = _inside(html, "datastore") or [html]
    store = max(stores, key=lambda text: text.count("<![CDATA["))
    records = [_unwrap(record) for record in _inside(store, "record")[:MAX_ITEMS]]
    items = unique(item for record in records for item in record_items(record, source.base))
    match = _TOTAL.search(store) or _TOTAL.search(html)
    total = int(match[1] or match[2]) if match else None
    group = _inside(store[:20000], "nextgroup")
    link = _HREF.search(group[0]) if group else None
    if link and items:
        return ColumnPage(items, resolve(source.base, link[1].replace("&amp;", "&")) or None, total)
    if "startrecord=" in source.url:
        return ColumnPage(items, _following(source.url, total) if items else None, total)
    first = _by_script(source, total)
    if items:
        return ColumnPage(items, _after(first, len(items), total), total)
    return ColumnPage((), None, total, (first,)) if first else None


def _inside(text: str, tag: str) -> list[str]:
    """What stands inside each ``<tag>…</tag>``; linear, and an unclosed one counts for nothing."""
    parts = re.split(f"<{tag}>", text, flags=re.IGNORECASE)[1:]
    halves = (re.split(f"</{tag}>", part, maxsplit=1, flags=re.IGNORECASE) for part in parts)
    return [half[0] for half in halves if len(half) == 2]


def _unwrap(record: str) -> str:
    """A record without its CDATA; records inside records' strings are escaped once more by some templates."""
    return record.replace("<![CDATA[", "").replace("]]>", "")


def _by_script(source: ListSource, total: int | None) -> ListRequest | None:
    """The request for the first group of records, as ``$('#5413284').jpage({proxyUrl: …, ajaxParam: {…}})`` makes it."""
    proxy = _PROXY.search(source.html)
    if proxy is None:
        return None
    around = source.html[max(0, proxy.start() - 3000) : proxy.end() + 3000]
    found = {match[1]: match[2] or match[3] or match[4] or "" for match in _PARAMETER.finditer(around)}
    if "columnid" not in found and "unitid" not in found:
        return None
    page = int(found.pop("perPage", "15")) if found.get("perPage", "15").isdigit() else 15
    size = page * (int(found.pop("groupSize", "3")) if found.get("groupSize", "3").isdigit() else 3)
    found.pop("totalRecord", None)
    return _request(resolve(source.base, proxy[1]), found, 1, min(size, total or size), page)


def _request(address: str, fields: dict[str, str], start: int, end: int, page: int) -> ListRequest:
    """The fields stand in the address too, so that an answer's own address says how to go on."""
    query = {"startrecord": str(start), "endrecord": str(end), "perpage": str(page), **fields}
    return ListRequest(f"{address}?{urlencode(query)}", "POST", {"content-type": FORM}, urlencode(fields).encode())


def _after(first: ListRequest | None, count: int, total: int | None) -> ListRequest | None:
    """The request for the records behind the ``count`` ones that the page itself holds."""
    if first is None or total is None or total <= count:
        return None
    split = urlsplit(first.url)
    fields = dict(parse_qsl(split.query, keep_blank_values=True))
    page, size = int(fields["perpage"]), int(fields["endrecord"])
    rest = {name: value for name, value in fields.items() if name not in _RANGE}
    return _request(urlunsplit(split._replace(query="")), rest, count + 1, min(count + max(size, 1), total), page)


def _following(url: str, total: int | None) -> ListRequest | None:
    split = urlsplit(url)
    fields = dict(parse_qsl(split.query, keep_blank_values=True))
    if not all(fields.get(name, "").isdigit() for name in _RANGE) or total is None:
        return None
    start, end = int(fields["startrecord"]), int(fields["endrecord"])
    if end >= total or end < start:
        return None
    rest = {name: value for name, value in fields.items() if name not in _RANGE}
    return _request(
        urlunsplit(split._replace(query="")), rest, end + 1, min(2 * end - start + 1, total), int(fields["perpage"])
    )
