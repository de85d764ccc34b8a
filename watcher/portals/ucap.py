"""Kaipu UCAP 开普: its own tags (``<UCAPTITLE>``, ``<ucapcontent>``) or ``#UCAP-CONTENT``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from watcher.portals._family import Source
from watcher.portals._feeds import feed_items, feed_total, next_query
from watcher.portals._lists import ColumnPage, ListRequest, ListSource, resolve

RANK = 20
NEEDLES: tuple[str, ...] = ("UCAP-CONTENT", "<ucapcontent", "<UCAPCONTENT", "<UCAPTITLE", "<ucaptitle")
BODY: tuple[str, ...] = ("#UCAP-CONTENT", "ucapcontent", "#detailContent", ".detail-news")
DROP: tuple[str, ...] = ("#qr_container", ".sweep", ".share", ".xgwd", ".relevant")
TITLE: tuple[str, ...] = ("ucaptitle", "h1")
HEAD: tuple[str, ...] = (".xxgk-head", ".detail-table", "table.table1", ".article-table")
FILES: tuple[str, ...] = (".fjlist", ".file", ".fujian", ".fj")


def recognises(page: Source) -> bool:
    """By its own tags or the id of its article."""
    return page.has(*NEEDLES)


_SEARCH = re.compile(
    r"[\"']((?:https?:)?/[\w./:\-]{0,120}?(?:searchList|common/search|/search)/[0-9a-f]{32}(?:\?[^\"'\s<>]{0,300})?)[\"']"
)
_CHANNEL = re.compile(r"\bchannelId\s{0,5}[=:]\s{0,5}[\"']([0-9a-f]{32})[\"']")
_ASK = "_isAgg=true&_isJson=true&_pageSize=18&_template=index&_rangeTimeGte=&_channelName=&page=1"


def column(source: ListSource) -> ColumnPage | None:
    """Answers of ``/searchList/<channelId>`` (``data.results``) and pages whose script asks for them."""
    if source.json is not None:
        data = source.json.get("data") if isinstance(source.json, Mapping) else None
        if not isinstance(data, Mapping) or not isinstance(data.get("results"), list):
            return None
        items = feed_items(data["results"], source.base)
        total = feed_total(data)
        return ColumnPage(items, next_query(source.url, len(items), total), total)
    if not source.has("searchList", "common/search", "_isJson"):
        return None
    if match := _SEARCH.search(source.html):
        address = resolve(source.base, match[1])
        return ColumnPage(
            requests=(ListRequest(address if "_isJson" in address else address.partition("?")[0] + "?" + _ASK),)
        )
    channel = source.metas.get("channelid") or (found[1] if (found := _CHANNEL.search(source.html)) else "")
    if not re.fullmatch(r"[0-9a-f]{32}", channel):
        return None
    path = "/common/search/" if "common/search" in source.html else "/searchList/"
    return ColumnPage(requests=(ListRequest(resolve(source.base, f"{path}{channel}?{_ASK}")),))
