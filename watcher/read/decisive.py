"""The decisive part of a page: what a reading depends on, found in the bytes without parsing them again.

A portal's page is mostly menus, counters and related links. Once a page was read, the bytes of its article, its metas and
its links to files are known; when they stand unchanged in the next fetch, the reading is the same and nothing is parsed.
Sound rather than clever: whatever is in doubt makes two pages different, and the page is read in full. ``landmarks`` makes
the decisive part while a page is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import re2
from blake3 import blake3

from watcher.read import labels
from watcher.read.headinfo import WINDOW
from watcher.read.links import FORMATS

_HEAD = 30_000
_BEFORE = 4 * WINDOW
"""Bytes before the article in which labelled facts may stand; more than ``headinfo.WINDOW`` characters take."""
DIGITS = 9
"""Digits that a counter may have."""
_COUNT = re.compile(rb"[0-9](?:[0-9,.]{0,%d}[0-9])?" % (DIGITS + 3))
"""A counter, also with separators of thousands (1,234) or as 3.2 before 万."""
_SEPARATORS = re.compile(b"[,.]")


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of the page: ``opening`` stands exactly once, and from there on stands what has this digest.

    ``lengths`` are the bytes of its parts; between two parts stands a counter, digits that the reading does not depend on.
    """

    opening: bytes
    lengths: tuple[int, ...]
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


def same(body: bytes, known: Decisive) -> bool:
    """Whether a new fetch has the decisive part of an earlier one. Never true for a page that would be read differently."""
    if not marked(body, known.windows, known.mark):
        return False
    article: tuple[int, int] | None = None
    for window in known.windows:
        found = span(body, window)
        if found is None:
            return False
        article = article or found
    return article is not None and surroundings(body, *article, known.encoding) == known.digest


def marked(body: bytes, windows: Sequence[Window], mark: bytes) -> bool:
    """Whether a page has the string by which its portal is recognised. Mostly it stands in an opening, which is looked for anyway."""
    return any(mark in window.opening for window in windows) or literal(mark).search(body) is not None


@lru_cache(maxsize=64)
def literal(name: bytes) -> Any:
    """An expression for a short name (hosts' pages have the same ones): it finds one several times faster than ``bytes.find``."""
    return re2.compile(re2.escape(name), _BYTES)


def span(body: bytes, window: Window) -> tuple[int, int] | None:
    """Where a window stands in a page, ``None`` when it does not stand there unchanged, and once."""
    start = only(body, window.opening)
    if start < 0:
        return None
    end = start + window.lengths[0]
    parts = [body[start:end]]
    for length in window.lengths[1:]:
        counted = _COUNT.match(body, end)
        if counted is None or len(_SEPARATORS.sub(b"", counted[0])) > DIGITS:
            return None
        end = counted.end() + length
        parts.append(body[counted.end() : end])
    return (start, end) if digest_of(parts) == window.digest else None


def only(body: bytes, opening: bytes) -> int:
    """Where some bytes stand, ``-1`` unless they stand there once. From behind they are found in half the time."""
    start = body.rfind(opening)
    return -1 if start >= 0 and body.rfind(opening, 0, start + len(opening) - 1) >= 0 else start


def digest_of(parts: list[bytes]) -> bytes:
    """Of the parts of a window, counters left out."""
    return blake3(b"\x00".join(parts)).digest(length=16)


_BYTES = re2.Options()
_BYTES.encoding = re2.Options.Encoding.LATIN1
_META = re.compile(rb"<(?:(?:[mM][eE][tT][aA]|[tT][iI][tT][lL][eE]|[bB][aA][sS][eE])\b|/head)")
"""Begins with a plain character, which ``re`` looks for before it tries anything."""
_NOISY = re2.compile(
    rb"(?i)csrf|token|nonce|maketime|lastmodified|others|viewport|generator|render|robots|verif|baidu|shenma|sogou|360|_hash|timestamp|format-detection|http-equiv=[\"']?(?:expires|cache|pragma|x-ua)",
    _BYTES,
)
_FILE = rb"\.(?:" + "|".join(FORMATS).encode() + rb")[\"'\s<>?#&]"
_GET = rb"(?:download|downfile|attach|filedown|openfile|getfile|/fj/|accessory)[^\"'\s<>]*"
"""Addresses that give files without saying so at their end (``down.jsp?i_ID=1002``); ``links`` knows them by the same words."""
_PART = rb"createPageHTML\([^)]*\)"
_TOKEN = rb"<!--|-->|</?(?:script|style|table|textarea|noscript|template|select|iframe|svg|xmp|plaintext|button|title|frameset)\b"
_FAR = re2.compile(b"(?i)" + b"|".join((_TOKEN, _FILE, _GET, _PART)), _BYTES)
_BEHIND = re2.compile(b"(?i)" + b"|".join((_FILE, _GET, _PART)), _BYTES)
_LABELS = tuple(
    label
    for label, field in labels.LABELS.items()
    if field not in ("", "byline") and len(label) > 1 and label not in ("分类", "主题")
)


def surroundings(body: bytes, start: int, end: int, encoding: str) -> bytes:
    """Digest of what stands outside of the article (``start`` to ``end``) and still matters.

    Metas, addresses of files, the script of a split article, labelled facts shortly before the article, and which elements
    that change what follows them are open where it begins (a comment, a script, a table).
    """
    kept = [tag for tag in _metas(body) if not _NOISY.search(tag)]
    near = max(0, body.rfind(b"<", 0, max(0, start - _BEFORE)))
    files: set[bytes] = set()
    tokens: list[bytes] = []
    facts: list[bytes] = []
    for pattern, first, behind in ((_FAR, 0, near), (_near(encoding), near, start), (_BEHIND, end, len(body))):
        for match in pattern.finditer(body, first, behind):
            found = match[0]
            if found[0] in _PLAIN:
                _sort(body, found, match.end(), files, tokens, facts)
                continue
            facts.append(found)
            for inner in _FAR.finditer(found):
                _sort(body, inner[0], match.start() + inner.end(), files, tokens, facts)
    kept += [*sorted(files), _open(tokens), *facts, body[:4]]
    return blake3(b"\n".join(kept)).digest(length=16)


def _metas(body: bytes) -> Iterator[bytes]:
    """Metas and bases of the head, and the title with its text."""
    at = 0
    while (found := _META.search(body, at, _HEAD)) is not None and found[0] != b"</head":
        at = body.find(b">", found.end(), _HEAD) + 1
        if not at:
            return
        behind = body.find(b"<", at, _HEAD)
        if behind >= 0 and body[behind : behind + 7].lower() == b"</title":
            at = behind + 7
        yield body[found.start() : at]


_GIVES = frozenset(b"dafogDAFOG/")
"""What ``_GET`` begins with."""
_PLAIN = frozenset(b"<-.cC") | _GIVES


def _sort(body: bytes, found: bytes, end: int, files: set[bytes], tokens: list[bytes], facts: list[bytes]) -> None:
    """Puts one match, which ends at ``end``, where it belongs."""
    if found[:1] == b".":
        files.add(_VISIT.sub(b"", _address(body, end)))
    elif found[0] in _GIVES:
        files.add(_VISIT.sub(b"", found))
    elif found[:1] in (b"<", b"-"):
        tokens.append(found.lower())
    else:
        facts.append(found)


_VISIT = re.compile(rb";jsessionid=[^?#]*", re.IGNORECASE)


def _address(body: bytes, end: int) -> bytes:
    """An address that ends like a file's, or the name of a file with the tag before it, whose address need not say so: an attachment more,
    less or exchanged is a change although the article stays.
    """
    start = max(body.rfind(mark, max(0, end - 400), end - 1) for mark in (b'"', b"'", b"=", b">", b" "))
    if body[start : start + 1] == b">":
        start = body.rfind(b"<", max(0, start - 400), start)
    return body[max(start + 1, end - 800) : end]


def _open(tokens: list[bytes]) -> bytes:
    depth: dict[bytes, int] = {}
    for token in tokens:
        if token == b"-->":
            depth[b"!--"] = max(0, depth.get(b"!--", 0) - 1)
        elif token[1:2] == b"/":
            depth[token[2:]] = depth.get(token[2:], 0) - 1
        else:
            depth[token[1:]] = depth.get(token[1:], 0) + 1
    return b",".join(b"%b%d" % (name, depth[name]) for name in sorted(depth) if depth[name])


@cache
def _separators(encoding: str) -> tuple[bytes, ...]:
    """What stands between two facts on one line, besides white space."""
    return tuple(mark.encode(encoding, "ignore") for mark in ("\u3000", "\u00a0"))


def _word(encoding: str) -> bytes:
    """Everything up to white space, U+3000, a bar or a tag, in the bytes of an encoding."""
    if encoding == "utf-8":
        return rb"(?:[^<|\s\xc2\xe3]|\xc2[^\xa0]|\xe3(?:[^\x80]|\x80[^\x80]))*"
    if encoding in ("gb18030", "big5hkscs"):
        wide: bytes = re2.escape("\u3000".encode(encoding)[1:])
        return rb"(?:[^<|\s\x80-\xff]|\xa1[^" + wide + rb"]|[\x81-\xa0\xa2-\xfe](?s:.))*"
    return rb"[^<|\s]*"


@cache
def _near(encoding: str) -> Any:
    """``_FAR``, and a label with the first word behind it: a counter further behind is not in it. Tags may stand between."""
    space = rb"(?:\s|&nbsp;|" + b"|".join(re2.escape(mark) for mark in _separators(encoding)) + rb")*"
    colon = space + b"(?::|" + re2.escape("：".encode(encoding, "ignore")) + b")"
    ordered = sorted(_LABELS, key=len, reverse=True)
    long, short = (
        b"|".join(re2.escape(label.encode(encoding, "ignore")) for label in ordered if (len(label) > 2) is wanted)
        for wanted in (True, False)
    )
    between = b"(?:<[^>]*>|%b|%b)*" % (colon, space)
    label = b"(?:%b|(?:%b)%b)%b%b" % (long, short, colon, between, _word(encoding))
    return re2.compile(b"(?i:" + b"|".join((_TOKEN, _FILE, _GET, _PART)) + b")|" + label, _BYTES)
