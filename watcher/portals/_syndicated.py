"""Items of answers in XML: feeds (RSS, Atom, RDF) and records of any names. A helper of the drawer, not a member.

Read with patterns, not as XML: nothing is expanded and nothing external is loaded.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta, timezone
from email.utils import parsedate_to_datetime

from watcher.portals._days import day_in_china
from watcher.portals._feeds import feed_item
from watcher.portals._lists import MAX_ITEMS, resolve, strip_tags, unique
from watcher.types import Item


def marked_items(text: str, base: str) -> tuple[Item, ...]:
    """Items of an XML answer of any names (``<row><title>…</title><url>…</url></row>``, or the same as attributes). Read with patterns, as feeds are."""
    records: list[dict[object, object]] = [{}]
    for match in _LEAF.finditer(_escaped(text)):
        if match[1]:
            name = match[1].rpartition(":")[2].lower()
            if name in records[-1]:
                records.append({})
            records[-1][name] = html.unescape(match[2]).strip()
        elif len(pairs := _ATTRIBUTE.findall(match[0])) > 1:
            records.append({name: html.unescape(value) for name, value in pairs})
        if len(records) > MAX_ITEMS:
            break
    return unique(item for record in records if record and (item := feed_item(record, base)))


def _escaped(text: str) -> str:
    """XML whose CDATA sections are plain text; an open one counts for nothing."""
    first, *parts = text.split("<![CDATA[")
    halves = (part.partition("]]>") for part in parts)
    return first + "".join(html.escape(inner) + rest for inner, closed, rest in halves if closed)


_LEAF = re.compile(
    r"<([A-Za-z][\w.:\-]{0,40})>([^<>]{0,4000})</\1>|<[A-Za-z][\w.:\-]{0,40}\s[^<>]{10,4000}>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"\s([\w.:\-]{1,40})=\"([^\"<>]{0,2000})\"")


def syndicated(text: str, base: str) -> tuple[Item, ...]:
    """Items of an RSS or Atom feed. Read with patterns, not as XML: nothing is expanded and nothing external is loaded."""
    items = []
    for block in re.split(r"<(?:item|entry)(?=[\s>])", text)[1 : MAX_ITEMS + 1]:
        parts = dict(_ELEMENT.findall(block[:20_000])[::-1])
        href = next((found[1] for found in _ATOM_LINK.finditer(block[:20_000])), "")
        link = resolve(base, html.unescape(_plain(parts.get("link", "")) or href or _plain(parts.get("guid", ""))))
        dated = next(
            (_plain(parts[name]) for name in ("pubDate", "published", "dc:date", "updated") if name in parts), ""
        )
        if link and (title := strip_tags(html.unescape(_plain(parts.get("title", ""))))):
            items.append(Item(title[:500], link, _mail_date(dated) or day_in_china(dated[:40])))
    return unique(items)


def syndicated_next(text: str, base: str) -> str | None:
    """The next page of a feed in pages (RFC 5005), ``None`` where it says none."""
    match = _FEED_NEXT.search(text[:20_000])
    return resolve(base, html.unescape(match[1] or match[2])) or None if match else None


_FEED_NEXT = re.compile(
    r"<(?:atom:)?link\s(?=[^<>]{0,300}?\brel=[\"']next[\"'])[^<>]{0,300}?\bhref=(?:\"([^\"<>]{1,1500})\"|'([^'<>]{1,1500})')"
)
_ELEMENT = re.compile(
    r"<(title|link|guid|pubDate|published|updated|dc:date)(?:\s[^<>]{0,300})?>(.{0,4000}?)</\1>", re.DOTALL
)
_CHINA = timezone(timedelta(hours=8))
_ATOM_LINK = re.compile(r"<link\s[^<>]{0,200}?href=[\"']([^\"'<>]{1,1500})[\"']")


def _plain(text: str) -> str:
    return text.replace("<![CDATA[", "").replace("]]>", "").strip()


def _mail_date(text: str) -> str | None:
    """``Mon, 04 Mar 2024 18:00:00 GMT``, as the day in China."""
    try:
        return (
            parsedate_to_datetime(text).astimezone(_CHINA).date().isoformat()
            if re.match(r"[A-Z][a-z]{2},\s", text)
            else None
        )
    except (ValueError, TypeError, OverflowError):
        return None
