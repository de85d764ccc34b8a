"""Hanweb JPaaS: parts of the page are built by ``<script parseType="buildstatic">``; addresses ``/art/YYYY/art_<hex>.html``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from watcher.portals._family import Source
from watcher.portals._lists import ColumnPage, ListRequest, ListSource, resolve, with_query
from watcher.portals._rows import list_items

RANK = 25
NEEDLES: tuple[str, ...] = ('parseType="buildstatic"', 'parsetype="buildstatic"', "jpaas-publish-server")
BODY: tuple[str, ...] = ("#con_con", ".ccontent", "#zoom", ".main-txt", ".article_zoom", ".article-content")
DROP: tuple[str, ...] = (".share", ".bottom", "#share", ".ewm")
TITLE: tuple[str, ...] = (".title", "h1")
HEAD: tuple[str, ...] = (".xxgk_top", ".xxgk-head", "table.xxgk", ".zfxxgk_head")
FILES: tuple[str, ...] = (".fujian", ".fj", ".attach")


def recognises(page: Source) -> bool:
    """By the script that builds its parts."""
    return page.has(*NEEDLES)


_FIELD = re.compile(r"['\"](\w{1,40})['\"]\s{0,5}:\s{0,5}['\"]([^'\"]{0,300})['\"]")
_COUNT = re.compile(r"\b(?:count|totalCount|totalrecord)['\"]?\s{0,3}[:=]\s{0,3}['\"]?(\d{1,8})", re.IGNORECASE)
_LISTING = re.compile(r"列表|list|分页|内容|右侧|栏目|信息", re.IGNORECASE)
_UNITS = 6


def column(source: ListSource) -> ColumnPage | None:
    """Lists that a page fetches as units from the publish server (``data.html`` of a JSON answer), and the pages that ask for them."""
    if source.json is not None:
        return _unit(source)
    if not source.has("jpaas-publish-server", "buildstatic", "bulidstatic"):
        return None
    requests = []
    for script in source.tree.css("script[querydata], div[querydata]")[:40]:
        fields = dict(_FIELD.findall((script.attributes.get("querydata") or "")[:4000]))
        address = resolve(
            source.base, script.attributes.get("url") or "/api-gateway/jpaas-publish-server/front/page/build/unit"
        )
        if fields.get("pageType", "column") == "column" and "pageId" in fields and address:
            requests.append((not _LISTING.search(fields.get("tagId", "")), ListRequest(with_query(address, fields))))
    ordered = [request for _, request in sorted(requests, key=lambda pair: pair[0])]
    return ColumnPage(requests=tuple(ordered[:_UNITS])) if ordered else None


def _unit(source: ListSource) -> ColumnPage | None:
    data = source.json.get("data") if isinstance(source.json, Mapping) else None
    html = data.get("html") if isinstance(data, Mapping) else None
    if not isinstance(html, str) or not any(name in source.url for name in ("/build/unit", "paramJson", "jpaas")):
        return None
    items = list_items(html, source.base)
    match = _COUNT.search(html)
    total = int(match[1]) if match else None
    return ColumnPage(items, _following(source.url, len(items), total), total)


def _following(url: str, count: int, total: int | None) -> str | None:
    """The same unit with ``paramJson={"pageNo":2,"pageSize":15}``; a page without a stated total is followed while it is full."""
    split = urlsplit(url)
    fields = dict(parse_qsl(split.query, keep_blank_values=True))
    try:
        given = json.loads(fields.get("paramJson", "{}").replace("'", '"'))
        page, size = int(given.get("pageNo", 1)), int(given.get("pageSize", count))
    except (ValueError, AttributeError, TypeError):
        return None
    if not count or size < 1 or (page * size >= total if total is not None else count < size):
        return None
    fields["paramJson"] = json.dumps({"pageNo": page + 1, "pageSize": size}, separators=(",", ":"))
    return urlunsplit(split._replace(query=urlencode(fields)))
