"""Pages that only hold another page: framesets, and articles shown in an ``<iframe>``. Pure."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

import re2
from selectolax.lexbor import LexborNode

from watcher.read.links import format_of
from watcher.read.page import Page
from watcher.types import Attachment

_AROUND = re.compile(
    "(?:^|[^a-z])(?:top|head(?:er)?|nav|menu|left|side|foot(?:er)?|bottom|banner|tree|tool(?:bar)?|login|search|count(?:er)?|stat|share|weather|player|video|map|ad)s?[0-9]{0,2}(?:[^a-z]|$)|tianqi|weibo",
    re.IGNORECASE,
)
"""Names of frames that stand around an article."""
_ARTICLE = re.compile("main|content|body|right|article|detail|mid|iframe1|zw|nr", re.IGNORECASE)
_SMALL = 120
"""Pixels under which a frame holds no article."""
_MOST = 40
REASON = "frame"
"""Why a frame's address stands among what was dropped."""
_FILE = ("file", "src", "url", "path", "fileurl", "filepath", "pdf")


def frames(page: Page) -> list[str]:
    """Addresses of the frames that may hold the article, the likeliest first."""
    found: dict[str, int] = {}
    for node in _nodes(page, "frame[src],iframe[src],iframe[data-src]"):
        attributes = node.attributes
        address = (attributes.get("src") or attributes.get("data-src") or "").strip()
        names = " ".join(filter(None, (attributes.get("name"), attributes.get("id"), attributes.get("class"))))
        url = page.absolute(address)
        around = _AROUND.search(f"{names} {host_of(url)} {_last(url)}")
        shows_file = any(format_of(told) for told in (_last(url), *_told(address)))
        if not address or not _is_page(url, page.url) or around or shows_file or _small(attributes):
            continue
        found.setdefault(url, 2 * bool(_ARTICLE.search(names)) + bool(_ARTICLE.search(_last(url))))
    return sorted(found, key=lambda url: -found[url])


def shown_files(page: Page) -> list[Attachment]:
    """Files that a page shows in a frame, an ``<embed>`` or an ``<object>``, or in a viewer that is told their address."""
    found: dict[str, Attachment] = {}
    for node in _nodes(page, "iframe[src],embed[src],object[data],frame[src]"):
        attributes = node.attributes
        address = (attributes.get("src") or attributes.get("data") or "").strip()
        for candidate in (address, *_told(address)):
            kind = format_of(candidate.partition("#")[0].partition("?")[0])
            if kind:
                url = page.absolute(candidate.partition("#")[0])
                found.setdefault(url, Attachment(unquote(_last(url)), url, kind))
                break
    return list(found.values())


def scripted_files(page: Page) -> list[Attachment]:
    """Files that a script shows in a viewer (``PDFObject.embed("/files/plan.pdf")``) or an empty box names, for a page that says nothing else."""
    found = {page.absolute(address): format_of(address) for address in _NAMED.findall(page.html)[:_MOST]}
    return [Attachment(unquote(_last(url)), url, kind) for url, kind in found.items()]


_NAMED = re2.compile(
    r"""(?i)(?:PDFObject\.embed\(|getDocument\(|\bdata-(?:url|src|pdf|file)\s*=|\bpdf_?(?:url|path|file|src)["']?\s*[:=])\s*["']([^"'\s<>]+\.(?:pdf|ofd|docx?))["'?#]"""
)


def _nodes(page: Page, selector: str) -> list[LexborNode]:
    return page.tree.css(selector)[:_MOST] if page.prints("<frame", "<iframe", "<embed", "<object") else []


def _told(address: str) -> list[str]:
    """What a viewer's address names: ``/pdfjs/web/viewer.html?file=%2Ffiles%2Fplan.pdf``."""
    try:
        query = urlsplit(address).query
    except ValueError:
        return []
    return [value for name, value in parse_qsl(query)[:20] if name.lower() in _FILE]


def _is_page(url: str, own: str) -> bool:
    try:
        split = urlsplit(url)
    except ValueError:
        return False
    return split.scheme in ("http", "https", "") and bool(split.path) and url.partition("#")[0] != own.partition("#")[0]


def host_of(url: str) -> str:
    """The host of an address, ``""`` when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _last(url: str) -> str:
    try:
        return urlsplit(url).path.rsplit("/", 1)[-1]
    except ValueError:
        return ""


def _small(attributes: dict[str, str | None]) -> bool:
    for name in ("width", "height"):
        value = (attributes.get(name) or "").strip().removesuffix("px")
        if value.isdigit() and int(value) < _SMALL:
            return True
    return False
