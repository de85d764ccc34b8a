"""Finding the decisive part of a page while it is read: where its article stands in the bytes, and which counters are in it.

Works on the parse that the reading made. ``None`` wherever the bytes do not tell with certainty what the tree tells: a
container printed twice, mark-up that does not balance, a page that no portal knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from html import unescape
from itertools import islice

from msgspec import structs
from selectolax.lexbor import LexborNode

from watcher import drawers
from watcher.markup import parse
from watcher.read.article import Article
from watcher.read.decisive import DIGITS, Decisive, Window, digest_of, literal, marked, only, same, surroundings
from watcher.read.page import Page, without_controls
from watcher.types import Block, Decoded

_MAX_HEADS = 6
_MAX_OCCURRENCES = 200
_LABEL_REACH = 60
"""Bytes in front of a value in which its label stands."""
_REACH = 320
"""Bytes that an opening tag may have before and behind the name that is looked for."""
_TAGS = re.compile("<[^>]*>")
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_COUNTED = ("浏览", "阅读", "点击", "访问", "查看", "下载", "热度", "人气", "点赞")
_COUNTER = re.compile(
    f"..(?:次数|人数|量|数|人次|率)?(?:\\s|&nbsp;|[:：（(\\[【]|<[^<>]{{1,200}}>){{0,8}}([0-9](?:[0-9,.]{{0,{DIGITS + 3}}}[0-9])?)(?![0-9%‰]|[,.][0-9])"
)
"""Behind one of those words: the digits of a counter (group 1), tags between words and figure left out."""
VARIANTS = ("3", "9" * DIGITS, "1,234")
"""What a counter is set to in order to see whether the reading cares."""


class Survey:
    """Looks at one page in two places of its reading: when the article is found, and when its lines were chosen."""

    def __init__(self, body: bytes, decoded: Decoded) -> None:
        self._body = body
        self._encoding = decoded.encoding
        self._windows: list[Window] | None = None
        self._mark = b""
        self._start = self._length = 0
        self._counters = False
        self._possible = not (decoded.suspect or decoded.encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32")))

    def located(
        self, page: Page, article: Article, html: str, unlabelled: Sequence[str] = (), labelled: Sequence[str] = ()
    ) -> None:
        """The tree is still whole: the article, serialised as ``html``, and what else is read are looked for in the bytes.

        ``unlabelled`` are pieces of text before the article that the reading takes without a label or selector to find them by;
        ``labelled`` values of labels there, which are looked at where ``surroundings`` may not see them (索 引 号, [主题分类]).
        """
        if not self._possible or article.node is None or article.degraded:
            return
        nodes = [article.node, *_heads(page, article)]
        if "articletitle" not in page.metas:
            nodes += [node for selector in article.title if (node := page.find_first(selector)) is not None][:1]
        windows: list[Window] = []
        spans: list[bytes] = []
        for node in nodes:
            found = window_of(self._body, node, html if not windows else node.html or "", self._encoding)
            if found is None:
                return
            if not windows:
                self._start = found[1]
            windows.append(found[0])
            spans.append(self._body[found[1] : found[1] + found[0].lengths[0]])
        for text in labelled:
            if not any(text.encode(self._encoding, "replace") in span for span in spans[1:]):
                piece = _piece(self._body, text, self._start, self._encoding, _LABEL_REACH)
                windows += [piece] if piece is not None else []
        for text in unlabelled:
            piece = _piece(self._body, text, self._start, self._encoding)
            if piece is None:
                return
            windows.append(piece)
        self._windows = windows
        self._length = windows[0].lengths[0]
        member = drawers.member("portals", article.portal) if article.portal in drawers.names("portals") else None
        self._mark = next(
            (needle.encode() for needle in (member.NEEDLES if member else ()) if needle in page.marks), b""
        )

    def chosen(self, blocks: list[Block], kept: object, outcome: Callable[[list[Block]], object]) -> None:
        """``blocks`` is what was made of the article without its noise, ``kept`` what the reading keeps of them, ``outcome`` of others.

        Counters are left out of the article's window when the reading is the same whatever they say.
        """
        if not self._windows:
            return
        printed = "\n".join([block.text for block in blocks if block.kind != "table"])
        # A single character is found several times faster than two.
        words = [word for word in _COUNTED if word[1] in printed and word in printed]
        if not words:
            return
        lines = {
            i: spans
            for i, block in enumerate(blocks)
            if block.kind != "table" and (spans := counters(block.text, words))
        }
        count = sum(map(len, lines.values()))
        parts = _parts(self._body[self._start : self._start + self._length], self._encoding) if count else []
        if len(parts) != count + 1 or count == 0:
            return
        for value in VARIANTS:
            variant = list(blocks)
            for i, spans in lines.items():
                variant[i] = structs.replace(blocks[i], text=value.join(_between(blocks[i].text, spans)))
            if outcome(variant) != kept:
                return
        lengths = tuple(map(len, parts))
        self._windows[0] = replace(self._windows[0], lengths=lengths, digest=digest_of(parts))
        self._counters = True

    def decisive(self) -> Decisive | None:
        """What was found; ``None`` when the page must be read in full the next time."""
        # A mark that is not there as printed has characters in it that decoding drops: such a page would never be known again.
        if not self._windows or not marked(self._body, self._windows, self._mark):
            return None
        digest = surroundings(self._body, self._start, self._start + self._length, self._encoding)
        found = Decisive(digest, tuple(self._windows), self._encoding, self._mark)
        return found if not self._counters or same(self._body, found) else None


def counters(text: str, words: Sequence[str] = _COUNTED) -> list[tuple[int, int]]:
    """Where figures of counters stand in a text or in mark-up, behind one of these words."""
    found = set()
    for word in words:
        at = text.find(word)
        while at >= 0:
            if (match := _COUNTER.match(text, at)) and sum(map(str.isdigit, match[1])) <= DIGITS:
                found.add(match.span(1))
            at = text.find(word, at + 2)
    return sorted(found)


def _between(text: str, spans: list[tuple[int, int]]) -> list[str]:
    begins, ends = [0, *(end for _, end in spans)], [*(begin for begin, _ in spans), len(text)]
    return [text[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _parts(piece: bytes, encoding: str) -> list[bytes]:
    """The bytes of a window cut at its counters, the digits left out; one piece when there are none or it cannot be cut."""
    text = piece.decode(encoding, "replace")
    return [part.encode(encoding, "replace") for part in _between(text, counters(text))]


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
    return found[:_MAX_HEADS]


def _inside(node: LexborNode, own: set[int]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in own:
            return True
        parent = parent.parent
    return False


def window_of(body: bytes, node: LexborNode, html: str, encoding: str) -> tuple[Window, int] | None:
    """The bytes of one element from its opening tag to its closing one, when they say what the element says, and where they begin.

    ``html`` is the element serialised.
    """
    found = _opening(body, node, encoding)
    if found is None:
        return None
    opening, start = found
    if encoding == "utf-8" and body.startswith(sound := html.encode("utf-8", "ignore"), start):
        return Window(opening, (len(sound),), digest_of([sound])), start
    end = _end(body, start, (node.tag or "").encode())
    if end is None:
        return None
    piece = body[start:end]
    text = piece.decode(encoding, "replace")
    # Sound mark-up is serialised as it was printed.
    if text.replace("\u00a0", "&nbsp;") != html:
        words = _words(node.text(deep=True))
        if _words(_stripped(text)) != words:
            inner = parse(without_controls(text)).body
            if inner is None or _words(inner.text(deep=True)) != words:
                return None
    return Window(opening, (len(piece),), digest_of([piece])), start


def _piece(body: bytes, text: str, end: int, encoding: str, reach: int = 0) -> Window | None:
    """A text printed before ``end``, with the mark-up in front of it that makes it the only one, at least ``reach`` bytes of it."""
    printed = text.encode(encoding, "replace")
    at = body.rfind(printed, 0, end)
    if at < 0:
        return None
    opening = body[max(body.rfind(b"<", max(0, at - _REACH), max(1, at - reach)), 0) : at + len(printed)]
    return Window(opening, (len(opening),), digest_of([opening])) if only(body, opening) >= 0 else None


def _words(text: str) -> str:
    return "".join(text.split())


def _stripped(text: str) -> str:
    """A piece of source without tags: what a parser makes of it, where the mark-up is sound."""
    if "<!--" in text:
        text = _COMMENT.sub("", text)
    text = _TAGS.sub("", text)
    return unescape(text) if "&" in text else text


def _opening(body: bytes, node: LexborNode, encoding: str) -> tuple[bytes, int] | None:
    """The opening tag as the page prints it, and where, if it stands there once."""
    attributes = node.attributes
    tag = re.escape((node.tag or "").encode())
    for name in ("id", "class"):
        value = (attributes.get(name) or "").strip()
        if not value:
            continue
        try:
            printed = value.encode(encoding)
        except UnicodeError:
            return None
        pattern = re.compile(
            rb"<%b\b[^>]{0,300}?\b%b\s*=\s*[\"']?\s*%b[^>]{0,300}>" % (tag, name.encode(), re.escape(printed)),
            re.IGNORECASE,
        )
        found = _around(body, printed, pattern)
        if len(found) == 1:  # and so its very bytes stand there once
            return found[0]
    matches = list(islice(re.finditer(rb"<%b(?=[\s>])[^>]{0,300}>" % tag, body, re.IGNORECASE), 2))
    if len(matches) != 1 or body.count(matches[0][0]) != 1:
        return None
    return matches[0][0], matches[0].start()


def _around(body: bytes, printed: bytes, pattern: re.Pattern[bytes]) -> list[tuple[bytes, int]]:
    """Tags that match ``pattern`` and have ``printed`` in them, and where: looking for that first is much faster."""
    found: list[tuple[bytes, int]] = []
    seen = -1
    for count, at in enumerate(_places(body, printed), 1):
        begin = body.rfind(b"<", max(0, at - _REACH), at)
        if begin > seen and (match := pattern.match(body, begin)) is not None:
            found.append((match[0], begin))
            seen = begin
        if count == _MAX_OCCURRENCES:
            return []
    return found


def _places(body: bytes, printed: bytes) -> Iterator[int]:
    """Where a name stands: an expression finds a short one several times faster than ``bytes.find``."""
    if len(printed) <= _REACH:
        yield from (found.start() for found in literal(printed).finditer(body))
        return
    at = body.find(printed)
    while at >= 0:
        yield at
        at = body.find(printed, at + len(printed))


def _end(body: bytes, start: int, tag: bytes) -> int | None:
    """Where the element that opens at ``start`` closes, by counting its own tag; ``None`` when it never does."""
    depth = 0
    for match in re.compile(rb"<(/?)%b(?=[\s>/])[^>]{0,2000}>" % re.escape(tag), re.IGNORECASE).finditer(body, start):
        depth += -1 if match[1] else 1
        if depth == 0:
            return match.end()
    return None
