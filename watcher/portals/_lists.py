"""Column pages: the values that travel, and what the drawer's files share. A helper of the drawer, not a member.

A member whose lists are not plain HTML has one more function, ``column(source) -> ColumnPage | None``: the items of a page or of
an answer that is built its way, ``None`` when this one is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from watcher.markup import tame
from watcher.text import tidy
from watcher.types import Item

MAX_ITEMS = 2000
"""Items taken from one page."""
MAX_TEXT = 4_000_000
"""Characters of a page that are looked at."""
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A request that brings items: the first ones of a page that is only a shell, or the next ones of a list."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class ColumnPage:
    """One page of a column."""

    items: tuple[Item, ...] = ()
    next: str | ListRequest | None = None
    """Where the next page is: an address, or a request to make; ``None`` on the last page."""
    total: int | None = None
    """How many items the whole column has, where it says so."""
    requests: tuple[ListRequest, ...] = ()
    """What a browser would ask for besides, where the page itself holds no items."""


@dataclass
class ListSource:
    """The text of a column page or of a list answer, parsed on demand."""

    text: str
    url: str = ""

    @cached_property
    def html(self) -> str:
        """The text, no longer than the cap, without NUL characters."""
        return self.text[:MAX_TEXT].replace("\x00", "")

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page as a tree."""
        return LexborHTMLParser(tame(self.html))

    @cached_property
    def json(self) -> object:
        """The answer as JSON (JSONP unwrapped), ``None`` when it is none."""
        return parse_json(self.html)

    @cached_property
    def metas(self) -> dict[str, str]:
        """Metas by lower-case name, the first that says something."""
        found: dict[str, str] = {}
        if self.json is None:
            for node in self.tree.css("meta[content]"):
                name = (node.attributes.get("name") or "").strip().lower()
                content = (node.attributes.get("content") or "").strip()
                if name and content and content.lower() not in ("null", "undefined", "none"):
                    found.setdefault(name, content)
        return found

    def has(self, *needles: str) -> bool:
        """Whether any of these strings stands in the source."""
        return any(needle in self.html for needle in needles)

    def absolute(self, href: str) -> str:
        """A link resolved against the page (or its ``<base>``); ``""`` when it leads to no page."""
        return resolve(self.base, href)

    @cached_property
    def base(self) -> str:
        """What relative links are resolved against."""
        if self.json is None and (node := self.tree.css_first("base[href]")):
            return resolve(self.url, node.attributes.get("href") or "") or self.url
        return self.url


_JSONP = re.compile(r"^[\w$.]{1,80}\(\s{0,20}([\[{].*[\]}])\s{0,20}\)\s{0,5};?\s*$", re.DOTALL)


def parse_json(text: str) -> object:
    """JSON or JSONP; ``None`` when it is neither or too deep."""
    text = text.strip().lstrip("\ufeff")
    if not text.startswith(("{", "[")):
        match = _JSONP.match(text) if text[-2:].rstrip(";").endswith(")") else None
        if match is None:
            return None
        text = match[1]
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


_NO_PAGE = ("javascript:", "mailto:", "tel:", "data:", "about:", "#")


def resolve(base: str, href: str) -> str:
    """``href`` as an absolute address where ``base`` allows it, ``""`` for scripts, mails and fragments."""
    href = re.sub(r"[\t\r\n]", "", href.strip().strip("\"'"))
    if not href or href.lower().startswith(_NO_PAGE):
        return ""
    try:
        address = urljoin(base, href)
        scheme = urlsplit(address).scheme
    except ValueError:
        return ""
    if scheme not in ("http", "https", "file", ""):
        return ""
    return without_visit(address) if _VISIT.search(address) else address


_VISIT = re.compile(
    r"/\([A-Z]\([a-z0-9]{24}\)\)(?=/)|;jsessionid=[\w.!\-]{1,100}|[?&](?:jsessionid|phpsessid|aspsessionid\w{0,20})=[^&#]{0,100}"
    r"|[?&](?:_|_?t|ts|_?time|time_?stamp|rnd|rand|random|nocache|r|v)=(?:1[4-9]\d{11}|0\.\d{6,20})(?=[&#]|$)",
    re.IGNORECASE,
)
"""Parts of an address that only this visit has: the number of a session, the time of the clock, a random number against caches."""


def without_visit(href: str) -> str:
    """An address without what changes at every visit: an item would be a new one each time."""
    path, mark, fragment = _VISIT.sub(lambda part: "?" if part[0][0] == "?" else "", href).partition("#")
    return path.replace("?&", "?").rstrip("?") + mark + fragment


def with_query(url: str, query: Mapping[str, str]) -> str:
    """``url`` with a query added to the one it has."""
    return url + ("&" if "?" in url else "?") + urlencode(query)


def unique(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items in page order, each address once: the longer title and the first known date stay. At most ``MAX_ITEMS``."""
    found: dict[str, Item] = {}
    for item in items:
        if not item.url or not item.title:
            continue
        old = found.get(item.url)
        if old is None:
            if len(found) >= MAX_ITEMS:
                break
            found[item.url] = item
        else:
            title = item.title if len(item.title) > len(old.title) and not is_cut(item.title) else old.title
            found[item.url] = Item(title, item.url, old.date or item.date)
    return tuple(found.values())


def is_cut(title: str) -> bool:
    """Whether a title was cut for show: it ends in an ellipsis."""
    return title.rstrip("> ").endswith(("…", "...", "．．．", "..", "。。。"))


def strip_tags(text: str) -> str:
    """One line of text out of a fragment that may hold mark-up and entities."""
    if "<" not in text and "&" not in text:
        return tidy(text)
    body = LexborHTMLParser(tame(text[:20000])).body
    return tidy(body.text(deep=True)) if body else ""
