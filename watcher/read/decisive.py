"""The decisive part of a page: what a reading depends on, found in the bytes without parsing them again.

A portal's page is mostly menus, counters and related links. Once a page was read, the bytes of its article, its metas and
its links to files are known; when they stand unchanged in the next fetch, the reading is the same and nothing is parsed.
Sound rather than clever: whatever is in doubt (a container printed twice, mark-up that does not balance, a head table
outside of the windows) gives ``None``, and the page is read in full.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

import re2
from selectolax.lexbor import LexborNode

from watcher import drawers
from watcher.decoding import decode
from watcher.read import labels
from watcher.read.headinfo import WINDOW
from watcher.read.htmlfile import Article, locate
from watcher.read.links import FORMATS
from watcher.read.page import Page, looks_like_html, page_of, without_controls
from watcher.settings import Selectors

_HEAD = 30_000
_METAS = re.compile(rb"<(?:meta|title|base)\b[^>]{0,600}>(?:[^<]{0,400}</title)?", re.IGNORECASE)
_NOISY = re.compile(
    rb"csrf|token|nonce|maketime|lastmodified|others|viewport|generator|render|robots|verif|baidu|shenma|sogou|360|_hash|timestamp|format-detection|http-equiv=[\"']?(?:expires|cache|pragma|x-ua)",
    re.IGNORECASE,
)
_BYTES = re2.Options()
_BYTES.encoding = re2.Options.Encoding.LATIN1
_FILES = re2.compile(rb"(?i)\.(?:" + "|".join(FORMATS).encode() + rb")[\"'\s<>?#&]", _BYTES)
_ENCLOSING = re2.compile(
    rb"(?i)<!--|-->|</?(?:script|style|table|textarea|noscript|template|select|iframe|svg|xmp|plaintext|button|title|frameset)\b",
    _BYTES,
)
_PARTS = re.compile(rb"createPageHTML\([^)]{0,200}\)")
_LABELS = tuple(
    label
    for label, field in labels.LABELS.items()
    if field not in ("", "byline") and len(label) > 1 and label not in ("分类", "主题")
)
_BEFORE = 4 * WINDOW
"""Bytes before the article in which labelled facts may stand; more than ``headinfo.WINDOW`` characters take."""


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of the page: ``opening`` stands exactly once, and ``length`` bytes from there on have this digest."""

    opening: bytes
    length: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Decisive:
    """What to look at again. Equal only means something together with the same source, rules and Content-Type."""

    digest: bytes
    """Of the metas, the title, the links to files and the script of a split article."""
    windows: tuple[Window, ...]
    """The article first, then head tables, the title, and lists of files."""
    encoding: str = "utf-8"
    mark: bytes = b""
    """The string by which the portal was recognised."""


def decisive(
    body: bytes,
    content_type: str | None = None,
    *,
    url: str = "",
    selectors: Selectors = Selectors(),  # noqa: B008 - frozen
) -> Decisive | None:
    """The decisive part of a page that was just read, ``None`` when it cannot be told from the bytes with certainty.

    Costs about one parse. ``None`` for pages that no portal knows: their article is chosen by weighing the whole page.
    """
    decoded = decode(body, content_type)
    if (
        decoded.suspect
        or decoded.encoding.startswith(("utf-16", "utf-32", "utf_16"))
        or not looks_like_html(decoded.text)
    ):
        return None
    page = page_of(decoded, body, url)
    article = locate(page, selectors)
    if article.node is None or article.degraded:
        return None
    nodes = [article.node, *_heads(page, article)]
    if "articletitle" not in page.metas:
        nodes += [node for selector in article.title if (node := page.find_first(selector)) is not None][:1]
    windows = []
    for node in nodes:
        window = _window(body, node, decoded.encoding)
        if window is None:
            return None
        windows.append(window)
    member = drawers.member("portals", article.portal) if article.portal in drawers.names("portals") else None
    mark = next((needle.encode() for needle in (member.NEEDLES if member else ()) if needle in page.marks), b"")
    return Decisive(_rest(body, windows[0], decoded.encoding), tuple(windows), decoded.encoding, mark)


def same(body: bytes, known: Decisive) -> bool:
    """Whether a new fetch has the decisive part of an earlier one. Never true for a page that would be read differently."""
    if known.mark not in body:
        return False
    for window in known.windows:
        at = body.find(window.opening)
        if at < 0 or body.find(window.opening, at + 1) >= 0:
            return False
        if _digest(body[at : at + window.length]) != window.digest:
            return False
    return _rest(body, known.windows[0], known.encoding) == known.digest


def _heads(page: Page, article: Article) -> list[LexborNode]:
    """Head tables and lists of files outside the article that the reading looks at."""
    found: list[LexborNode] = []
    seen = set()
    own = {article.node.mem_id} if article.node is not None else set()
    for selector in (*article.head, *article.files):
        for node in page.find(selector):
            if node.mem_id in seen or node.mem_id in own or _inside(node, own):
                continue
            seen.add(node.mem_id)
            found.append(node)
    return found[:6]


def _inside(node: LexborNode, own: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in own:
            return True
        parent = parent.parent
    return False


def _window(body: bytes, node: LexborNode, encoding: str) -> Window | None:
    """The bytes of one element from its opening tag to its closing one; checked by reading both ways."""
    opening = _opening(body, node, encoding)
    if opening is None:
        return None
    at = body.find(opening)
    end = _end(body, at, (node.tag or "").encode())
    if end is None:
        return None
    piece = body[at:end]
    alone = Page(without_controls(piece.decode(encoding, "replace")))
    inner = alone.tree.body
    if inner is None or _words(inner) != _words(node):
        return None
    return Window(opening, len(piece), _digest(piece))


def _words(node: LexborNode) -> str:
    return "".join(node.text(deep=True).split())


def _opening(body: bytes, node: LexborNode, encoding: str) -> bytes | None:
    """The opening tag as the page prints it, if it stands there once."""
    attributes = node.attributes
    for name in ("id", "class"):
        value = (attributes.get(name) or "").strip()
        if not value:
            continue
        try:
            pattern = (
                rb"<"
                + re.escape((node.tag or "").encode())
                + rb"\b[^>]{0,300}?\b"
                + name.encode()
                + rb"\s*=\s*[\"']?\s*"
                + re.escape(value.encode(encoding))
                + rb"[^>]{0,300}>"
            )
        except UnicodeError:
            return None
        found = re.findall(pattern, body, re.IGNORECASE)
        if len(found) == 1 and body.count(found[0]) == 1:
            return bytes(found[0])
    found = re.findall(rb"<" + re.escape((node.tag or "").encode()) + rb"(?=[\s>])[^>]{0,300}>", body, re.IGNORECASE)
    if len(found) == 1 and body.count(found[0]) == 1:
        return bytes(found[0])
    return None


def _end(body: bytes, start: int, tag: bytes) -> int | None:
    """Where the element that opens at ``start`` closes, by counting its own tag; ``None`` when it never does."""
    depth = 0
    for match in re.finditer(rb"<(/?)" + re.escape(tag) + rb"(?=[\s>/])[^>]{0,2000}>", body[start:], re.IGNORECASE):
        depth += -1 if match[1] else 1
        if depth == 0:
            return start + match.end()
    return None


def _rest(body: bytes, article: Window, encoding: str) -> bytes:
    """Digest of what stands outside the windows and still matters."""
    end = body.find(b"</head")
    head = body[: end if 0 <= end < _HEAD else _HEAD]
    found = [tag for tag in _METAS.findall(head) if not _NOISY.search(tag)]
    found += _files(body)
    if b"createPageHTML" in body:
        found += _PARTS.findall(body)
    at = body.find(article.opening)
    found.append(_open(body[:at]))
    before = body[max(0, at - _BEFORE) : at]
    for mark in _separators(encoding):
        before = before.replace(mark, b" ")
    found += _labelled(encoding).findall(before)
    return _digest(b"\n".join(found) + body[:4])


def _open(before: bytes) -> bytes:
    """Which elements that change what follows them are open where the article begins (a comment, a script, a table)."""
    depth: dict[bytes, int] = {}
    for token in _ENCLOSING.findall(before):
        if token == b"-->":
            depth[b"!--"] = max(0, depth.get(b"!--", 0) - 1)
        elif token[1:2] == b"/":
            depth[token[2:].lower()] = depth.get(token[2:].lower(), 0) - 1
        else:
            depth[token[1:].lower()] = depth.get(token[1:].lower(), 0) + 1
    return b",".join(b"%b%d" % (name, depth[name]) for name in sorted(depth) if depth[name])


def _files(body: bytes) -> list[bytes]:
    """Addresses that end like files, each once: an attachment more or less is a change although the article stays."""
    found = set()
    for match in _FILES.finditer(body):
        end = match.end()
        start = max(body.rfind(mark, end - 400, end - 1) for mark in (b'"', b"'", b"=", b">", b" "))
        found.add(body[start + 1 : end])
    return sorted(found)


@cache
def _separators(encoding: str) -> tuple[bytes, ...]:
    """What stands between two facts on one line."""
    return tuple(mark.encode(encoding, "ignore") for mark in ("\u3000", "\u00a0"))


@cache
def _labelled(encoding: str) -> Any:
    """A label and the first word behind it, mark-up between them left out, so that a counter further behind is not in it."""
    colon = rb"\s*(?:&nbsp;|\s)*(?::|" + "：".encode(encoding, "ignore") + b")"
    ordered = sorted(_LABELS, key=len, reverse=True)
    long, short = (
        b"|".join(re2.escape(label.encode(encoding, "ignore")) for label in ordered if (len(label) > 2) is wanted)
        for wanted in (True, False)
    )
    names = long + b"|(?:" + short + b")" + colon
    return re2.compile(rb"(?:" + names + rb")(?:<[^>]*>|&nbsp;|" + colon + rb"|\s)*[^<|\s]*", _BYTES)


def _digest(piece: bytes) -> bytes:
    return blake2b(piece, digest_size=16).digest()
