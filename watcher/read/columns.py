"""Column pages: the items that they announce, and where the next page is. Pure.

The drawer's members read the lists that their CMS builds by script or JSON; everything else is an HTML list or a plain JSON feed.
"""

from __future__ import annotations

import re
from types import ModuleType

from watcher import drawers
from watcher.portals._cells import prints_day
from watcher.portals._feeds import feed_items, feed_total, next_query, written_items
from watcher.portals._lists import ColumnPage, ListRequest, ListSource, is_cut, resolve, unique
from watcher.portals._paging import next_address, next_form, total_items
from watcher.portals._rows import ISSUE, Group, best_group, selected
from watcher.portals._scripts import asked_by_script, next_asking, script_items
from watcher.portals._syndicated import marked_items, syndicated, syndicated_next
from watcher.read import titles
from watcher.read.frames import frames, host_of
from watcher.read.page import Page
from watcher.types import Item, Reading

__all__ = ["ColumnPage", "ListRequest", "column_reading", "is_column", "is_cut", "next_asking", "read_column"]

_JSON_FILE = re.compile(r"[\"']((?:https?:/)?[\w./\-%]{1,200}\.json(?:\?[\w=&.\-]{0,80})?)[\"']")
_NO_LIST_FILE = re.compile(r"manifest|package|lang|i18n|locale|config|lottie|weather|tree|menu|nav", re.IGNORECASE)
_ARTICLE_META = re.compile(
    r"<meta\s[^<>]{0,200}?name\s{0,3}=\s{0,3}[\"']?ArticleTitle[\"']?\s[^<>]{0,40}?content\s{0,3}=\s{0,3}[\"'](?!\s{0,5}(?:null)?\s{0,5}[\"'])",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"[\"']?(?:doc|info|article|show)?title\\?[\"']?\s{0,5}:|[\"'](?:headline|subject|biaoti|name)[\"']\s{0,5}:|document\.write|innerHTML|<(?:template|textarea|noscript|xmp)\b|title&quot;|\[\s{0,5}\[\s{0,5}[\"']|=\s{0,5}[\"'`]\s{0,5}<(?:ul|li|a|div|table)\b",
    re.IGNORECASE,
)
_SYNDICATED = re.compile(
    r"^\s{0,100}(?:<\?xml[^<>]{0,200}>\s{0,100}(?:<\?[^<>]{0,300}>\s{0,100}){0,3})?<(?:rss|feed|rdf:RDF)[\s>]"
)
_MARKED = re.compile(r"\s{0,100}<\?xml(?![^<>]{0,200}>\s{0,100}<(?:!DOCTYPE\s)?html)", re.IGNORECASE)
"""An answer in XML that is no page."""
_LONG_BODY = 400
_PAGER = ("下一页", "下页", "countPage", "totalPage", "pagination", "page_div")
_LIST_PAGES = re.compile(r"createPage\w{0,8}\([^()]{0,60}[\"'](?:index|\w{0,30}list)[\"']", re.IGNORECASE)
"""The pager of a list; that of a document in several pages names its file."""
_CHINESE = re.compile("[\u3400-\u9fff（(“《0-9]")


def read_column(text: str, url: str, *, items_selector: str | None = None) -> ColumnPage:
    """The items of a column page, or of the answer to one of its requests.

    ``text`` is the decoded page (HTML, XML or JSON), ``url`` the address that answered, ``items_selector`` the CSS selector of one row, which
    wins over everything else. Titles are whole where the page holds them whole, addresses absolute, dates ISO or ``None``. A page
    that holds nothing gives no items and no next page; a shell gives ``requests`` to make. Never raises.
    """
    source = ListSource(text, url)
    if items_selector and source.json is None:
        items = selected(source.tree, items_selector, source.base)
        return ColumnPage(items, next_address(source) if items else None, total_items(source))
    page = _by_family(source)
    if page is not None and page.items:
        return page
    if source.json is not None:
        items = feed_items(source.json, source.base) or written_items(source.json, source.base)
        total = feed_total(source.json)
        return ColumnPage(items, next_query(url, len(items), total), total)
    if _SYNDICATED.search(source.html[:1000]):
        return ColumnPage(syndicated(source.html, source.base), syndicated_next(source.html, source.base))
    if (
        page is not None
        and not page.requests
        and ("<datastore" in source.html or "<recordset" in source.html)
        and "<html" not in source.html[:2000].lower()
    ):
        return page
    if _MARKED.match(source.html[:300]):
        return ColumnPage(marked_items(source.html, source.base))
    group = best_group(source.tree, source.base)
    requests = page.requests if page is not None else ()
    if (group is None or not group.dated) and (
        items := _scripted(source, any_date=group is not None or bool(requests))
    ):
        return ColumnPage(items, next_address(source), total_items(source))
    if group is None or (requests and not group.dated):
        return ColumnPage(requests=requests or (*asked_by_script(source), *_feeds(source), *_framed(source)))
    items = unique(row.item for row in group.rows)
    return ColumnPage(items, next_address(source) or next_form(source), total_items(source))


def _scripted(source: ListSource, *, any_date: bool) -> tuple[Item, ...]:
    """A list in the page's scripts: of several items, or of dated ones where there is something else to go by."""
    if _TITLED.search(source.html) is None:
        return ()
    items = script_items(source)
    return items if any(item.date for item in items) or (len(items) > 1 and not any_date) else ()


def _by_family(source: ListSource) -> ColumnPage | None:
    """What the first member says that knows how this list is built; one with items goes before one with requests only."""
    asking: ColumnPage | None = None
    for member in _members():
        page: ColumnPage | None = member.column(source)
        if page is not None and page.items:
            return page
        asking = asking or page
    return asking


def _members() -> list[ModuleType]:
    members = [member for member in drawers.members("portals") if hasattr(member, "column")]
    return sorted(members, key=lambda member: (member.RANK, member.__name__))


def _feeds(source: ListSource) -> tuple[ListRequest, ...]:
    """JSON files that the scripts of an empty page ask for (``./ZUIXINZHENGCE.json``)."""
    if len(source.html) < 200 or "<script" not in source.html:
        return ()
    names = [name for name in _JSON_FILE.findall(source.html)[:40] if not _NO_LIST_FILE.search(name)]
    addresses = dict.fromkeys(address for name in names if (address := resolve(source.base, name)))
    return tuple(ListRequest(address) for address in addresses)[:4]


def _framed(source: ListSource) -> tuple[ListRequest, ...]:
    """The frames of a page without a list of its own, where a directory is shown in one: those of its own host, the likeliest first."""
    if "<iframe" not in source.html.lower() and "<frame" not in source.html.lower():
        return ()
    addresses = frames(Page(source.html, source.url))
    return tuple(ListRequest(one) for one in addresses if host_of(one) == host_of(source.url))[:2]


def is_column(text: str, url: str = "") -> bool:
    """Whether a page is a list that announces documents rather than a document.

    An article says so by its metas or by a long body; a column is mostly one list of dated links (or of links, with a pager).
    Most articles are told by their source alone.
    """
    if _ARTICLE_META.search(text[:60000]) and text.lstrip()[:1] not in "{[":
        return False
    source = ListSource(text, url)
    if source.json is not None:
        return bool(read_column(text, url).items)
    head = source.html.lstrip()[:200].lower()
    if "<datastore" in head or "<recordset" in head or _SYNDICATED.search(source.html[:1000]):
        return True
    if _MARKED.match(source.html[:300]):
        return bool(marked_items(source.html, source.base))
    if source.metas.get("articletitle") or _has_article(source) or _is_titled(source):
        return False
    page = _by_family(source)
    if page is not None and (len(page.items) > 1 or page.requests):
        return True
    group = best_group(source.tree, source.base)
    if group is None:
        items = _scripted(source, any_date=True)
        return len(items) > 1 and sum(len(item.title) for item in items) > 2 * _prose(source, Group())
    rows = len(group.rows)
    dated = max(group.dated, sum(prints_day(row.node, row.item.title) for row in group.rows))
    if group.weight < _BESIDE and _prose(source, group) and _is_headed(source):
        return False
    listed = sum(len(row.item.title) for row in group.rows)
    prose = _prose(source, group)
    paged = source.has(*_PAGER) or next_address(source) is not None or _LIST_PAGES.search(source.html) is not None
    if rows < 3:
        return dated == rows and listed > 2 * prose and (paged or (rows > 1 and not prose))
    if not dated and not paged and not prose:
        # The contents of a gazette: nothing but titles of papers, and hardly anything beside them.
        body = source.tree.body
        if all(ISSUE.search(row.item.title) for row in group.rows):
            return True
        named = sum(titles.is_title(row.item.title) for row in group.rows)
        return named == rows and body is not None and listed * 2 > len("".join(body.text(deep=True).split()))
    return (dated * 2 >= rows or paged) and listed * 3 > prose


def _has_article(source: ListSource) -> bool:
    """Whether a body that some family knows is there, with a document's amount of text outside links."""
    selectors = {selector for member in drawers.members("portals") for selector in getattr(member, "BODY", ())}
    for node in source.tree.css(", ".join(sorted(selectors))) if selectors else ():
        text = len(node.text(deep=True, strip=True))
        if text >= _LONG_BODY:
            linked = sum(len(link.text(deep=True, strip=True)) for link in node.css("a")[:500])
            if linked * 3 < text:
                return True
    return False


_BESIDE = 0.9
"""What a list weighs less than that stands in a box of latest, hot or related items."""


def _is_headed(source: ListSource) -> bool:
    """Whether a headline repeats the page's own title: with sentences there and the list in a box beside them, it is an article's."""
    title = source.tree.css_first("title")
    parts = [titles.key(part) for part in _PARTS.split(title.text(deep=True).strip())] if title is not None else []
    headlines = {titles.key(node.text(deep=True)) for node in source.tree.css("h1, h2, h3")[:40]}
    return any(len(part) >= _NAMED and part in headlines for part in parts)


_NAMED = 4
_DOCUMENT = re.compile("关于.{2,60}的|印发|《.{4,60}》|“十[一二三四五六七]五”")
_PARTS = re.compile("\\s*[_|｜]\\s*|\\s+[-–—]+\\s+|-")


def _is_titled(source: ListSource) -> bool:
    """Whether the page calls itself by a document's title and prints that outside of its links, as a list does not."""
    title, body = source.tree.css_first("title"), source.tree.body
    if title is None or body is None:
        return False
    for part in _PARTS.split(title.text(deep=True).strip()):
        if len(part) >= 10 and titles.is_title(part) and _DOCUMENT.search(part):
            want = titles.key(part)
            printed = titles.key(body.text(deep=True)).count(want)
            return printed > sum(want in titles.key(link.text(deep=True)) for link in body.css("a")[:1000])
    return False


def _prose(source: ListSource, group: Group) -> int:
    """Characters of sentences outside the list's own rows: what an article has and a list has not."""
    body = source.tree.body
    if body is None:
        return 0
    rows = {line for row in group.rows for line in row.node.text(deep=True, separator="\n").splitlines()}
    lines = {line for line in body.text(deep=True, separator="\n").splitlines() if "。" in line} - rows
    return sum(len(line) for line in lines if len(line) >= 20 and _CHINESE.match(line.strip()))


def column_reading(page: ColumnPage, *, title: str = "", portal: str = "generic", region: str | None = None) -> Reading:
    """A column page as the ``Reading`` that ``watcher read`` prints; ``next`` is the address of a request where one is needed."""
    following = page.next.url if isinstance(page.next, ListRequest) else page.next
    return Reading("column", title, region=region, items=page.items, next=following, portal=portal)
