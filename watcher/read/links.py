"""Attachments that a page offers, and the further parts of a split article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborNode

from watcher.portals import _family
from watcher.portals._lists import without_visit
from watcher.read.page import Page
from watcher.text import tidy
from watcher.types import Attachment

FORMATS = (
    "pdf",
    "docx",
    "doc",
    "wps",
    "ofd",
    "xlsx",
    "xls",
    "et",
    "zip",
    "rar",
    "7z",
    "rtf",
    "odt",
    "ods",
    "txt",
    "csv",
    "pptx",
    "ppt",
    "ceb",
    "odt",
    "ods",
)
_FORMAT = re.compile(f"\\.({'|'.join(FORMATS)})(?=$|[?#&\\s\"'）)】])", re.IGNORECASE)
_NAME = re.compile("(?:file_?name|filename|name|attname|title)=([^&#]{1,300})", re.IGNORECASE)
_FILE_NAME = re.compile(f"[^./]\\.(?:{'|'.join(FORMATS)})$", re.IGNORECASE)
"""Text that is the name of a file, whatever the address says."""
_DOWNLOAD = re.compile("(?:download|downfile|attach|filedown|openfile|getfile|/fj/|accessory)", re.IGNORECASE)
_SPLIT = re.compile(
    "createPageHTML\\(\\s*(?:['\"][\\w]*['\"]\\s*,\\s*)?(\\d{1,3})\\s*,\\s*(\\d{1,3})\\s*,\\s*['\"]([^'\"]{1,120})['\"]\\s*,\\s*['\"](\\w{1,8})['\"]"
)
MAX_ATTACHMENTS = 200
MAX_PAGES = 60


def format_of(*texts: str) -> str:
    """The format that a name or an address ends in, ``""`` when none does."""
    for text in texts:
        found = _FORMAT.findall(text)
        if found:
            return str(found[-1]).lower()
    return ""


def attachments(page: Page, nodes: Iterable[LexborNode]) -> list[Attachment]:
    """Files linked below ``nodes``, each address once, in page order; named by title, link text or ``fileName=``."""
    found: dict[str, Attachment] = {}
    for node in nodes:
        for link in node.css("a"):
            attributes = link.attributes
            href = _address(attributes)
            if not href:
                continue
            title = attributes.get("title") or attributes.get("download") or ""
            kind = format_of(href) or format_of(attributes.get("download") or "")
            text = tidy(link.text(deep=True))
            row = _in_row(link) if _is_button(text) and not title else ""
            gives = _DOWNLOAD.search(href) is not None
            if not kind and not (
                gives or "appendix" in attributes or _FILE_NAME.search(text) or _FILE_NAME.search(row)
            ):
                continue
            kind = kind or format_of(title, text, row, unquote(href))
            if (
                not kind
                and "appendix" not in attributes
                and not _NUMBERED.match(text)
                and not _announced(link)
                and not (gives and _listed(link))
            ):
                continue
            file, mark, _ = href.partition("#")
            # A place in a file is no other file.
            url = without_visit(page.absolute(file if mark and format_of(file) else href))
            name = row or _name(text, title, href)
            old = found.get(url)
            if old is None or (not old.name and name):
                found[url] = Attachment(name, url, kind)
            if len(found) >= MAX_ATTACHMENTS:
                return list(found.values())
    return list(found.values())


_NUMBERED = re.compile("附\\s*[件表图录]\\s*[0-9一二三四五六七八九十]{0,3}\\s*[:：.、\\s]")
"""The text of a link that calls itself an attachment, whatever its address says."""
_ANNOUNCED = re.compile("\\W{0,4}附\\s*件\\s*[0-9一二三四五六七八九十]{0,3}\\s*[:：]")


def _announced(link: LexborNode) -> bool:
    """Whether the line of a link begins with 附件：, so that what it leads to is a file whatever it is called."""
    line = link.parent
    return line is not None and _ANNOUNCED.match((line.text(deep=True) or "").strip()[:20]) is not None


def _listed(link: LexborNode) -> bool:
    """Whether a link stands in a short box that begins with 附件 (``相关附件：``) and is no line of the text."""
    box = link.parent
    for _ in range(_BOXES):
        if box is None or box.tag in ("body", "td"):
            return False
        said = (box.text(deep=True) or "").strip()
        if len(said) > _BOX or "。" in said:
            return False
        if _LABEL.match(said):
            return True
        box = box.parent
    return False


_BOXES, _BOX = 4, 1_000
_OPENED = re.compile("['\"]((?:https?:/)?[^'\"\\s<>]{1,400})['\"]")


def _address(attributes: Mapping[str, str | None]) -> str:
    """Where a link leads: its ``href``, or the file that its script opens; ``""`` for places in the page, letters and other scripts."""
    href = (attributes.get("href") or "").strip()
    script = href[:11].lower() == "javascript:"
    if href and href[:1] != "#" and not script:
        return "" if href[:7].lower() == "mailto:" else href
    for name in ("data-href", "data-url"):
        if (value := (attributes.get(name) or "").strip()) and (format_of(value) or _DOWNLOAD.search(value)):
            return value
    code = f"{attributes.get('onclick') or ''} {href if script else ''}"[:1000]
    return next(
        (found for found in _OPENED.findall(code) if "/" in found and (format_of(found) or _DOWNLOAD.search(found))), ""
    )


_LABEL = re.compile("[\\W_]{0,4}(?:相关|文件|正文)?附\\s*件(?:下载|列表)?")
_HOLDER = re.compile(
    "(?:^|[\\s_-])(?:fujian|fj(?:list|box|xz)?|attach(?:ment)?s?|annex|enclosure)(?:$|[\\s_-])", re.IGNORECASE
)
_NEAR, _LEVELS = 12, 3


def beside(article: LexborNode) -> list[LexborNode]:
    """What stands behind an article and is labelled 附件, or is named so in the mark-up: portals print lists of files there."""
    found: list[LexborNode] = []
    node: LexborNode | None = article
    for _ in range(_LEVELS):
        if node is None or node.tag in ("body", "html", None):
            break
        sibling, seen, expected = node.next, 0, False
        while sibling is not None and seen < _NEAR:
            if sibling.tag not in ("-text", "-comment", None):
                seen += 1
                names = " ".join(filter(None, (sibling.attributes.get("class"), sibling.attributes.get("id"))))
                labelled = bool(_LABEL.match((sibling.text(deep=True) or "")[:200].strip()))
                linked = sibling.css_first("a[href], a[onclick]") is not None or sibling.tag == "a"
                if linked and (labelled or expected or _HOLDER.search(names) or (seen == 1 and _only_files(sibling))):
                    found.append(sibling)
                expected = labelled and not linked
            sibling = sibling.next
        node = node.parent
    return found


def above(article: LexborNode, before: str) -> list[LexborNode]:
    """The rows of a head table that offer the document as a file (``文件下载：``); ``before`` is the mark-up above the article."""
    if not _links_file(before):
        return []
    found: list[LexborNode] = []
    node: LexborNode | None = article
    for _ in range(_LEVELS):
        if node is None or node.tag in ("body", "html", None):
            break
        sibling, seen = node.prev, 0
        while sibling is not None and seen < _NEAR:
            if sibling.tag not in ("-text", "-comment", None):
                seen += 1
                found += [holder for link in sibling.css("a[href]")[:100] if (holder := _offering(link)) is not None]
            sibling = sibling.prev
        node = node.parent
    return found


def _links_file(html: str) -> bool:
    """Whether an address in serialised mark-up ends like a file's; rarely any does, so its end is looked for first."""
    for found in _FILE_END.finditer(html):
        quote = html.rfind('"', max(0, found.start() - _LONGEST), found.start())
        if 5 <= quote < found.start() - 1 and html[quote - 5 : quote].lower() == "href=":
            return True
    return False


_FILE_END = re.compile(f'\\.(?:{"|".join(FORMATS)})["?]', re.IGNORECASE)
_LONGEST = 301
_OFFER = re.compile(
    "\\W{0,3}(?:文件|附件|正文|原文|全文|公文|相关|文档)?(?:附件|下载|版式文件|原件)(?:下载)?[:：\\s]{0,4}"
)


def _offering(link: LexborNode) -> LexborNode | None:
    """The cell of a link to a file, where what stands before it says that it is offered."""
    if not format_of(link.attributes.get("href") or ""):
        return None
    holder = link.parent
    for _ in range(2):
        if holder is None or holder.tag in ("body", "html", None):
            return None
        label = holder.prev
        while label is not None and label.tag == "-text" and not (label.text_content or "").strip():
            label = label.prev
        own = (holder.text(deep=True) or "")[:200].strip()
        if _OFFER.match(own) or (label is not None and _OFFER.fullmatch((label.text(deep=True) or "")[:40].strip())):
            return holder
        holder = holder.parent
    return None


def _only_files(node: LexborNode) -> bool:
    """Whether all links of what directly follows an article lead to files, named as files there or before their button."""
    links = node.css("a[href]")[:50]
    return bool(links) and all(
        format_of(link.attributes.get("href") or "")
        or (_is_button(tidy(link.text(deep=True))) and _FILE_NAME.search(_in_row(link)))
        for link in links
    )


_BUTTONS = frozenset(
    ("下载", "点击下载", "附件", "查看", "附件下载", "点击查看", "下载附件", "点此下载", "预览", "在线预览", "打开")
)


def _is_button(text: str) -> bool:
    return text.strip("[]【】()（）:： ") in _BUTTONS


def _in_row(link: LexborNode) -> str:
    """What the row of a table, or the box that holds nothing else, says of the file that a button in it offers; ``""`` where nothing does."""
    row = link.parent
    while row is not None and row.tag in ("td", "th", "span", "p", "div"):
        row = row.parent
    cells = (
        [tidy(cell.text(deep=True)) for cell in row.css("td, th")[:12]]
        if row is not None and row.tag == "tr"
        else _before(link)
    )
    named = [cell for cell in cells if len(cell) <= 200 and (format_of(cell) or _HAN.search(cell))]
    named = [cell for cell in named if not all(map(_is_button, cell.split()))]
    return max(named, key=lambda cell: (bool(format_of(cell)), len(cell)), default="")


def _before(link: LexborNode) -> list[str]:
    """The name of a file that stands before its button, in the same line."""
    holder: LexborNode | None = link
    for _ in range(2):
        before = holder.prev if holder is not None else None
        while before is not None and (before.tag in _MUTE or not (before.text(deep=True) or "").strip()):
            before = before.prev
        if before is not None:
            name = tidy(before.text(deep=True)[: 2 * _LONGEST])
            return [name] if _FILE_NAME.search(name) else []
        holder = holder.parent if holder is not None else None
    return []


_MUTE = frozenset(("-comment", "i", "img", "br"))
_HAN = re.compile("[\u3400-\u9fff]")


def _name(text: str, title: str, href: str) -> str:
    """The best name: a link text that says more than 下载, else the title, else ``fileName=``, else the file's own name."""
    for candidate in (text, tidy(title)):
        if candidate and not _is_button(candidate):
            return candidate
    named = [tidy(unquote(value)) for value in _NAME.findall(href)]
    if named:
        return max(named, key=lambda name: (not name.isascii(), len(name)))
    try:
        path = urlsplit(href).path
    except ValueError:
        return text or title
    own = unquote(path.rsplit("/", 1)[-1])
    return own if format_of(own) else text or tidy(title) or own


def parts(page: Page) -> list[str]:
    """Addresses of the further parts of a split article (TRS ``createPageHTML(3,0,"t2022_1","shtml")``: ``t2022_1_1.shtml`` …).

    The script of a list page names a list (index, list, zwgklist) and gives nothing here.
    """
    match = _SPLIT.search(page.html) if page.prints("createpagehtml") else None
    if match is None:
        return _linked_parts(page)
    count, current, stem, extension = int(match[1]), int(match[2]), match[3], match[4]
    if not 1 < count <= MAX_PAGES or current != 0 or not _OF_ARTICLE.search(stem):
        return []
    return [page.absolute(f"{stem}_{number}.{extension}") for number in range(1, count)]


_OF_ARTICLE = re.compile("t[0-9]{6,8}_[0-9]+|(?:content|post|art)_[0-9]+|^[0-9a-f]{32}$|^[0-9]{3,}$")
"""Names of pages of articles; those of lists are words (index, list)."""
_OWN = re.compile("([\\w-]{3,80})\\.(s?html?|jhtml)$")


def _linked_parts(page: Page) -> list[str]:
    """The parts that a pager below the article links: the page's own name with a number (``388_2.html`` or ``t2022_1_1.html`` on)."""
    if not page.prints(*_family.PAGERS):
        return []
    own = _OWN.search(page.url.partition("?")[0].partition("#")[0])
    if "?" in page.url and (asked := _asked_parts(page)):
        return asked
    if own is None or not _OF_ARTICLE.search(own[1]) or not any(f"{own[1]}_{first}." in page.html for first in (1, 2)):
        return []
    linked = re.findall(
        f"href\\s?=\\s?[\"']?(?:[^\"'<>\\s]{{0,200}}/)?{re.escape(own[1])}_([0-9]{{1,2}})\\.{own[2]}", page.html
    )
    numbers = {int(number) for number in linked}
    first = 1 if 1 in numbers else 2
    return [page.absolute(f"{own[1]}_{number}.{own[2]}") for number in range(first, max(numbers, default=0) + 1)][
        :MAX_PAGES
    ]


def _asked_parts(page: Page) -> list[str]:
    """The parts that a pager links by a query: the page's own, with the number of a page that it does not have itself."""
    own, _, query = page.url.partition("#")[0].partition("?")
    asked = {(name, value) for name, value in parse_qsl(query) if value != "1" or _PAGE_NAME.fullmatch(name) is None}
    if not asked or any(_PAGE_NAME.fullmatch(name) for name, _ in asked):
        return []
    found: dict[int, str] = {}
    for link in page.tree.css('a[href*="?"]')[:_PAGER_LINKS]:
        there, _, query = page.absolute(link.attributes.get("href") or "").partition("#")[0].partition("?")
        more = set(parse_qsl(query)) - asked if there == own else set()
        if len(more) == 1 and asked < set(parse_qsl(query)):
            ((name, value),) = more
            if _PAGE_NAME.fullmatch(name) and re.fullmatch("[0-9]{1,2}", value) and int(value) > 1:
                found.setdefault(int(value), f"{there}?{query}")
    last = max(found, default=0)
    return [found[number] for number in range(2, last + 1)] if set(found) == set(range(2, last + 1)) else []


_PAGE_NAME = re.compile("(?:cur(?:rent)?_?)?page(?:_?(?:no|num|index|id))?|p|pn|pg", re.IGNORECASE)
_PAGER_LINKS = 500
