"""Articles that stand on a page only as data for its script, or in a field to read from: rewritten as the page that shows them. Pure.

Portals built as applications (Next, Nuxt, hand-made ones) deliver a document as JSON, in a script of the page or as the
answer of an address of its own; older ones print it into a ``<textarea>`` that nobody can write in.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from urllib.parse import unquote

import re2

from watcher.lexicon.dates import iso
from watcher.portals._feeds import DATES, TITLES
from watcher.portals._lists import parse_json
from watcher.read.links import format_of

_STATE = re.compile(
    r"<script\b[^>]{0,200}\btype\s{0,3}=\s{0,3}[\"']?application/json[\"']?[^>]{0,200}>|"
    r"(?:window\.|var\s|let\s|const\s)\s{0,3}[\w$.]{1,40}\s{0,5}=\s{0,5}(?=\{)"
)
_FIELD = re.compile(r"<textarea\b[^>]{0,600}>([^<]{40,2000000})</textarea>", re.IGNORECASE)
_VALUE = re.compile(r"<input\b[^>]{0,300}\bvalue\s{0,3}=\s{0,3}\"(&lt;[^\"<]{40,2000000})\"[^>]{0,300}>", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")
_TAG = re.compile("<[^<>]{0,4000}>")
_ESCAPED = re.compile("&lt;(?:p|div|br|span|table)\\b", re.IGNORECASE)
_TITLES = (*TITLES, "bt", "wzbt", "xxbt", "newstitle")
_DATES = (*DATES, "fbsj", "fbrq", "showtime", "displaytime")
"""Names of the fields of an article, also by the first letters of their pinyin."""
_FACTS = {
    "发文字号": ("documentnumber", "docno", "fwzh", "wh", "wenhao", "filenumber", "fileno", "documentno", "pcode"),
    "索引号": ("indexnumber", "indexno", "syh", "idxid", "suoyinhao"),
    "发文机关": ("issuer", "fwjg", "fbjg", "puborg", "publisher", "organ", "pubunit"),
}
_SOURCE = ("source", "ly", "docsource", "contentsource", "articlesource")
MAX_TEXT = 4_000_000
"""Characters that are looked at."""
MAX_STATES = 20
MAX_STRINGS = 5_000
MAX_NODES = 20_000
_DEEP = 12
_TITLE = 8
"""Characters of a title by which an object is told to be the page's."""
_LEAST = 40
"""Chinese characters that make a text, where a title stands beside it."""


def is_data(text: str) -> bool:
    """Whether an answer is JSON and no page."""
    return _begins(text) and parse_json(text[:MAX_TEXT]) is not None


def _begins(text: str) -> bool:
    return text[:200].lstrip()[:1] in ("{", "[")


def article_of(text: str) -> str | None:
    """The page that a script would make of the article in ``text``, a page or an answer in JSON; ``None`` where none is in it."""
    text = text[:MAX_TEXT]
    if _begins(text):
        return _page_of(_best([parse_json(text)]))
    return _page_of(_best(_states(text), _named(text))) or _from_field(text) or _from_writes(text)


def _states(text: str) -> Iterator[object]:
    """The objects that scripts of a page hold, at most ``MAX_STATES``."""
    decoder = json.JSONDecoder()
    for at, match in enumerate(_STATE.finditer(text)):
        if at >= MAX_STATES:
            return
        begin = match.end()
        while begin < len(text) and text[begin].isspace():
            begin += 1
        if text[begin : begin + 1] in ("{", "["):
            try:
                yield decoder.raw_decode(text, begin)[0]
            except (ValueError, RecursionError):
                continue


def _named(text: str) -> str:
    """What a page calls itself in ``<title>``."""
    begin = text.find("<title")
    return html.unescape(text[begin : text.find("</title>", begin)]) if begin >= 0 else ""


def _best(values: Iterator[object] | list[object], page: str = "") -> tuple[Mapping[str, object], str] | None:
    """The object with a title whose longest text is longest, and that text; first of all those whose title the ``page`` has."""
    found: tuple[Mapping[str, object], str] | None = None
    longest, own = _LEAST - 1, False
    for row in _objects(values):
        fields = {str(name).lower(): value for name, value in list(row.items())[:200]}
        title = next((str(fields[name]) for name in _TITLES if isinstance(fields.get(name), str) and fields[name]), "")
        if not title or (own and title not in page):
            continue
        if not own and len(title) >= _TITLE and title in page:
            longest, own, found = _LEAST - 1, True, None
        for name, value in fields.items():
            if isinstance(value, str) and name not in _TITLES and len(value) > longest:
                size = len(_HAN.findall(_TAG.sub("", value)))
                if size > longest and ("。" in value or "<" in value):
                    found, longest = (fields, value), size
    return found


def _objects(values: Iterator[object] | list[object]) -> Iterator[Mapping[str, object]]:
    stack = [(value, _DEEP) for value in values]
    for _ in range(MAX_NODES):
        if not stack:
            return
        value, depth = stack.pop()
        inner: list[object] = []
        if isinstance(value, Mapping):
            yield value
            inner = list(value.values())
        elif isinstance(value, list):
            inner = value
        if depth:
            stack += [(one, depth - 1) for one in inner if isinstance(one, Mapping | list)]


def _page_of(found: tuple[Mapping[str, object], str] | None) -> str | None:
    if found is None:
        return None
    fields, content = found
    title = _TAG.sub(
        "", next(str(fields[name]) for name in _TITLES if isinstance(fields.get(name), str) and fields[name])
    )
    day = next(
        (day for name in _DATES if isinstance(value := fields.get(name), str | int) and (day := iso(str(value)))), ""
    )
    metas = {"ArticleTitle": title, "PubDate": day, "ContentSource": _first(fields, _SOURCE)}
    head = "".join(f'<meta name="{name}" content="{html.escape(value)}">' for name, value in metas.items() if value)
    facts = "".join(
        f"<tr><td>{label}：</td><td>{html.escape(value)}</td></tr>"
        for label, names in _FACTS.items()
        if (value := _first(fields, names))
    )
    if _ESCAPED.search(content) and "<" not in content:
        content = html.unescape(content)
    if "<" not in content:
        content = _lines(content)
    return (
        f"<html><head><title>{html.escape(title)}</title>{head}</head><body><h1>{html.escape(title)}</h1>"
        f'<table>{facts}</table><div class="article-content"><div>{content}</div></div>{_files(fields)}</body></html>'
    )


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    return next(
        (value.strip()[:200] for name in names if isinstance(value := fields.get(name), str) and value.strip()), ""
    )


def _files(fields: Mapping[str, object]) -> str:
    """Links to the files that the article's object lists."""
    links: list[str] = []
    for row in _objects([value for value in fields.values() if isinstance(value, Mapping | list)]):
        named = {str(name).lower(): value for name, value in list(row.items())[:50] if isinstance(value, str)}
        address = next((value for name, value in named.items() if format_of(value) and "/" in value), "")
        if address and len(links) < 50:
            name = next((value for value in named.values() if value != address and _HAN.search(value)), "")
            links.append(f'<li><a href="{html.escape(address)}">{html.escape(name)}</a></li>')
    return f'<div class="fujian">附件：<ul>{"".join(links)}</ul></div>' if links else ""


def _from_field(text: str) -> str | None:
    """The page with its longest field of text as preformatted lines."""
    fields = [match for form in (_FIELD, _VALUE) for match in form.finditer(text) if "。" in match[1]]
    longest = max(fields, key=lambda match: len(match[1]), default=None)
    if longest is None or len(_HAN.findall(longest[1])) < _LEAST:
        return None
    content = html.unescape(longest[1]) if _ESCAPED.search(longest[1]) else _lines(longest[1])
    return f"{text[: longest.start()]}<div>{content}</div>{text[longest.end() :]}"


def _from_writes(text: str) -> str | None:
    """The page with the scripts that write Chinese text into it (``document.write("<p>…")``, ``box.innerHTML = html``) replaced by what they write."""
    pieces: list[str] = []
    done = 0
    for script in _SCRIPT.finditer(text):
        if (written := _decoded(script[1])) == "":
            if "\\u" not in script[1] and _HAN.search(script[1]) is None:
                continue
            strings = islice(_WRITTEN.finditer(script[1]), MAX_STRINGS)
            written = "".join([_literal(found[1] or found[2] or found[3] or "") for found in strings])
        if len(_HAN.findall(written)) >= _LEAST:
            pieces += (text[done : script.start()], f"<div>{written}</div>")
            done = script.end()
    return "".join((*pieces, text[done:])) if pieces else None


def _decoded(script: str) -> str:
    """The longest text that a script keeps encoded (``decodeURIComponent("%3Cp%3E…")``, ``unescape("%u4e00")``, ``atob("PHA+…")``)."""
    found = max(islice(_ENCODED.finditer(script), MAX_STATES), key=lambda one: len(one[2]), default=None)
    if found is None:
        return ""
    if "%" in found[2]:
        return unquote(_PERCENT_U.sub(lambda one: chr(int(one[1], 16)), found[2]))
    try:
        text = base64.b64decode(found[2], validate=True).decode()
    except ValueError:
        return ""
    return unquote(text) if text[:1] == "%" else text


_ENCODED = re2.compile(
    r"""(?i)(decodeURI(?:Component)?|unescape|atob|base64\w{0,20}(?:\.\w{0,20})?)\(\s*["']([A-Za-z0-9%+/=_.~!*()-]{80,})["']"""
)
_PERCENT_U = re.compile("%u([0-9a-fA-F]{4})")
_SCRIPT = re2.compile(r"(?is)<script\b[^>]*>(.*?)</script>")
_WRITTEN = re2.compile(
    r"(?:\.write(?:ln)?\(|\.innerHTML\s*\+?=|\.(?:html|append|prepend)\(|(?:var|let|const)\s+[\w$]+\s*=|[\w$]\s*\+=|\+)\s*"
    r"""(?:"((?:[^"\\\n]|\\(?s:.))*)"|'((?:[^'\\\n]|\\(?s:.))*)'|`((?:[^`\\]|\\(?s:.))*)`)"""
)
"""A string that a script writes or keeps to be written, and those joined to it. By RE2: strings may be as long as the page."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "", "b": "", "f": "", "v": "", "0": "", "\n": ""}


def _literal(text: str) -> str:
    """What a string of a script says."""
    return _ESCAPE.sub(
        lambda one: chr(int(one[1] or one[2], 16)) if one[1] or one[2] else _ESCAPES.get(one[3], one[3]), text
    )


def _lines(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.splitlines() if line.strip())
