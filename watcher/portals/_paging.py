"""Where the next page of an HTML list is: what its scripts say, links, numbers in the address. A helper of the drawer."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from watcher.portals._lists import FORM, ListRequest, ListSource, with_query
from watcher.portals._openers import Openers
from watcher.portals._pagers import COUNT, by_create, by_render, by_script, file_of
from watcher.text import squeeze

_TAGS = r"\s{0,3}(?:<[^<>]{0,80}>\s{0,3}){0,3}"
_TOTAL_PAGES = re.compile(
    rf"共{_TAGS}(\d{{1,5}}){_TAGS}页|(?:\b|[^\d])\d{{1,4}}\s{{0,2}}/\s{{0,2}}(\d{{1,4}})\s{{0,2}}页"
    rf"|共{_TAGS}\d{{1,7}}{_TAGS}[条篇项](?:记录|信息|数据)?[，,、]?(?:共|分)?{_TAGS}(\d{{1,5}}){_TAGS}页"
)
_TOTAL_ITEMS = re.compile(
    r"共(?:有|计)?\s{0,3}(?:<[^<>]{0,80}>\s{0,3}){0,3}(\d{1,7})\s{0,3}(?:<[^<>]{0,80}>\s{0,3}){0,3}(?:条|篇|个(?:信息|文件)|项)"
)
_PAGE_KEYS = (
    "pageindex",
    "page",
    "pageno",
    "pagenum",
    "p",
    "currentpage",
    "curpage",
    "pn",
    "nowpage",
    "pageid",
    "currpage",
    "cpage",
    "page_no",
    "pageno1",
    "paging",
)
_NEXT_TEXT = frozenset(
    (
        "下一页",
        "下页",
        "后一页",
        "下一页>",
        "下一页»",
        "下一页>>",
        "下一页›",
        "next",
        "next>",
        ">",
        "»",
        "›",
        ">>",
        "nextpage",
        "后页",
        "[下一页]",
        "加载更多",
        "查看更多",
        "点击加载更多",
    )
)
_QUOTED_PATH = re.compile(
    r"['\"]((?:https?:/)?[./\w\-%]{0,200}(?:\.s?html?|\.jhtml|\.jspx?|\.hrh|\.aspx|\?[\w=&%\-]{1,200}))['\"]"
)
_NUMBERED = re.compile(r"^(?P<stem>.{0,80}?)(?P<mark>_|-)?(?P<number>\d{1,4})?\.(?P<ext>\w{2,6})$")


def next_address(source: ListSource) -> str | None:
    """The address of the next page of an HTML list, ``None`` on the last page or where the page does not say."""
    for find in (by_create, by_script, by_render, _by_link, _by_number, _by_options, _by_query, _by_name):
        decided, address = find(source)
        if decided:
            return address if address and address.split("#")[0] != source.url.split("#")[0] else None
    return None


def next_form(source: ListSource) -> ListRequest | None:
    """The request for the next page where a form of the page carries its number (``<input type="hidden" name="pageNo" value="1">``) and a link sends it."""
    last = _last_page(source)
    if last is None or "<form" not in source.html.lower():
        return None
    for form in source.tree.css("form")[:20]:
        fields: dict[str, str] = {}
        for field in form.css("input[name]")[:60]:
            if (field.attributes.get("type") or "text").lower() in ("hidden", "text", "number"):
                fields[field.attributes.get("name") or ""] = field.attributes.get("value") or ""
        key = next((name for name, value in fields.items() if name.lower() in _PAGE_KEYS and value.isdigit()), None)
        action = source.absolute(form.attributes.get("action") or "") or source.url
        if key is None or "__VIEWSTATE" in fields or not _same_host(action, source.url):
            continue
        if int(fields[key][:6]) >= last:
            return None
        fields[key] = str(int(fields[key][:6]) + 1)
        if (form.attributes.get("method") or "get").lower() != "post":
            return ListRequest(with_query(action.partition("?")[0], fields))
        return ListRequest(action, "POST", {"content-type": FORM}, urlencode(fields).encode())
    return None


def _same_host(one: str, other: str) -> bool:
    return urlsplit(one).netloc.lower() == urlsplit(other).netloc.lower()


def total_items(source: ListSource) -> int | None:
    """How many items the column says that it has (共6348条)."""
    return next((int(match[1]) for match in _TOTAL_ITEMS.finditer(source.html) if int(match[1])), None)


def _by_link(source: ListSource) -> tuple[bool, str | None]:
    """A link that says 下一页; one without an address ends the list only where paging is not done by a script."""
    seen = False
    links = source.tree.css("a")[:4000]
    if "data-url" in source.html or "data-href" in source.html:
        links += [node for node in source.tree.css("[data-url], [data-href]")[:400] if node.tag != "a"]
    for link in links:
        text = squeeze(link.text(deep=True)).lower().rstrip("→»›>")
        marked = "next" in (link.attributes.get("rel") or "") or _says_next(link, text)
        text = text or squeeze(link.text(deep=True))
        if text not in _NEXT_TEXT and not marked:
            continue
        if text in (">", "»", "›", ">>") and not marked and not _in_pager(link):
            continue
        seen = True
        address = (
            source.absolute(link.attributes.get("href") or "")
            or _from_script(source, link)
            or source.absolute(Openers(source.tree).address(link))
        )
        if address:
            return True, address
    if not seen and (node := source.tree.css_first("link[rel=next][href]")) is not None:
        return True, source.absolute(node.attributes.get("href") or "")
    return seen and not _scripted(source), None


def _says_next(link: LexborNode, text: str) -> bool:
    """Whether a link is called the next page by its title, its picture, its label for screen readers or its class."""
    attributes = link.attributes
    names = [attributes.get("title") or "", attributes.get("aria-label") or ""]
    if not text:
        picture = link.css_first("img[alt]")
        names.append((picture.attributes.get("alt") or "") if picture is not None else "")
    if not text.isdigit() and _NEXT_CLASS.search(attributes.get("class") or "") and _in_pager(link):
        return True
    return any("下一页" in name or squeeze(name).lower() in _NEXT_TEXT for name in names if name)


_NEXT_CLASS = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-]?page|\s)", re.IGNORECASE)


def _scripted(source: ListSource) -> bool:
    return _TOTAL_PAGES.search(source.html) is not None or COUNT.search(source.html) is not None


def _from_script(source: ListSource, link: LexborNode) -> str:
    """An address inside ``onclick`` or ``href="javascript:…"``: ``location.href='list_2.shtml'``, ``query(this,'/index_2.jhtml')``."""
    for name in ("onclick", "href", "data-href", "data-url", "tagname"):
        value = (link.attributes.get(name) or "")[:500]
        if match := _QUOTED_PATH.search(value if "'" in value or '"' in value else f"'{value}'"):
            return source.absolute(match[1])
    return ""


def _in_pager(link: LexborNode) -> bool:
    node, steps = link.parent, 0
    while node is not None and steps < 3:
        if re.search(
            r"page|fenye|pagin",
            f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}",
            re.IGNORECASE,
        ):
            return True
        node, steps = node.parent, steps + 1
    return False


def _by_number(source: ListSource) -> tuple[bool, str | None]:
    """A row of page numbers: the link whose text is the number after the current one."""
    numbers: dict[int, str] = {}
    rows: set[int] = set()
    for link in source.tree.css("a[href]")[:4000]:
        text = link.text(deep=True).strip(" []")
        if (
            text.isascii()
            and text.isdigit()
            and len(text) < 5
            and (address := source.absolute(link.attributes.get("href") or ""))
            and _kin(address, source.url)
        ):
            numbers.setdefault(int(text), address)
            rows.update(around.mem_id for around in _around(link))
    if len(numbers) < 1:
        return False, None
    here = _current(source, numbers, rows)
    if here is None:
        return False, None
    return True, numbers.get(here + 1)


def _kin(address: str, url: str) -> bool:
    """Pages of one list stand in one folder and have names that differ in a number."""
    one, other = urlsplit(address), urlsplit(url)
    if one.netloc != other.netloc or one.path.rpartition("/")[0] != other.path.rpartition("/")[0]:
        return False
    if one.path == other.path:
        return one.query != other.query or bool(one.query)
    stem, other_stem = (
        re.sub(r"[_\-]?\d{1,4}$", "", part.path.rpartition("/")[2].partition(".")[0]) for part in (one, other)
    )
    return stem == other_stem or not stem or not other_stem or other_stem in ("index", "list")


def _around(node: LexborNode) -> list[LexborNode]:
    """The two elements around a number: what stands in one of them stands in the row of numbers, a day in a leaf of the list does not."""
    near = [parent for parent in (node.parent, node.parent and node.parent.parent) if parent is not None]
    return [parent for parent in near if parent.tag not in ("body", "html")] or near[:1]


def _current(source: ListSource, numbers: dict[int, str], rows: set[int]) -> int | None:
    for node in source.tree.css(
        ".current, .active, .now, .cur, .on, .this, .selected, .thisclass, span.page, b, strong"
    )[:400]:
        text = node.text(deep=True).strip(" []")
        if (
            text.isascii()
            and text.isdigit()
            and len(text) < 5
            and (int(text) + 1 in numbers or int(text) - 1 in numbers)
            and any(around.mem_id in rows for around in _around(node))
        ):
            return int(text)
    for number, address in numbers.items():
        if address.split("#")[0] == source.url.split("#")[0]:
            return number
    return 1 if 2 in numbers and 1 not in numbers else None


def _by_options(source: ListSource) -> tuple[bool, str | None]:
    """A box to choose a page from, whose values are addresses: the one after the chosen one."""
    for box in source.tree.css("select")[:20]:
        options = box.css("option[value]")[:2000]
        addresses = [source.absolute(option.attributes.get("value") or "") for option in options]
        named = [bool(_NUMBERED_OPTION.match(squeeze(option.text(deep=True)))) for option in options]
        if (
            len(options) < 2
            or not all(named)
            or not all(address and (address == source.url or _kin(address, source.url)) for address in addresses)
        ):
            continue
        if any((option.attributes.get("value") or "").isdigit() for option in options):
            continue
        chosen = next((at for at, option in enumerate(options) if "selected" in option.attributes), None)
        if chosen is None:
            chosen = next((at for at, address in enumerate(addresses) if address == source.url), 0)
        return True, addresses[chosen + 1] if chosen + 1 < len(addresses) else None
    return False, None


_NUMBERED_OPTION = re.compile(r"第?\d{1,4}页?$")


def _by_query(source: ListSource) -> tuple[bool, str | None]:
    """``?pageIndex=3`` with 共12页 on the page (or a count in a script)."""
    split = urlsplit(source.url)
    pairs = parse_qsl(split.query, keep_blank_values=True)
    key = next((name for name, value in pairs if name.lower() in _PAGE_KEYS and value.isdigit()), None)
    last = _last_page(source)
    if key is None or last is None:
        return False, None
    at = int(dict(pairs)[key])
    if at + 1 > last:
        return True, None
    return True, urlunsplit(
        split._replace(query=urlencode([(name, str(at + 1) if name == key else value) for name, value in pairs]))
    )


def _by_name(source: ListSource) -> tuple[bool, str | None]:
    """``list_3.shtml`` with 共12页: the number in the file's name counts; Kaipu's first page is ``list.shtml``, its second ``list_2.shtml``."""
    last = _last_page(source)
    match = _NUMBERED.match(file_of(source.url))
    if last is None or match is None or not match["stem"]:
        return False, None
    if match["number"] and match["mark"]:
        at = int(match["number"])
        return True, source.absolute(
            f"{match['stem']}{match['mark']}{at + 1}.{match['ext']}"
        ) if at + 1 <= last else None
    if match["number"] or last < 2 or match["ext"] != "shtml" or "list" not in match["stem"]:
        return False, None
    return True, source.absolute(f"{match['stem']}_2.{match['ext']}")


def _last_page(source: ListSource) -> int | None:
    if match := _TOTAL_PAGES.search(source.html):
        return int(match[1] or match[2] or match[3])
    if match := COUNT.search(source.html):
        return int(match[1])
    return None
