"""Lists that stand in a page's scripts (variables, inline JSON) and the requests that its scripts make. A helper of the drawer, not a member.

Scripts are never run: literals are read where they stand, a name is replaced by the literal that the page gives it, and what needs more
than that is left alone.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from watcher.portals._feeds import PAGES, SIZES, feed_item, feed_items
from watcher.portals._lists import FORM, ListRequest, ListSource, parse_json, resolve, unique, with_query
from watcher.portals._rows import list_items
from watcher.types import Item

_MAX_SCRIPT = 400_000
_MAX_STARTS = 40
"""Places of one page where JSON is looked for."""
_MAX_OBJECTS = 3000
_START = re.compile(r"(?:[=:(]|return)\s{0,20}(?=[\[{]\s{0,40}[\[{\"'\w])")
_OBJECT = re.compile(r"\{([^{}]{10,4000})\}")
_PAIR = re.compile(
    r"[\"']?(\w{1,40})[\"']?\s{0,9}:\s{0,9}(?:\"((?:[^\"\\]|\\.){0,2000})\"|'((?:[^'\\]|\\.){0,2000})'|(\d{8,13})\b)"
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


def script_items(source: ListSource) -> tuple[Item, ...]:
    """Items of the longest list that a script of the page holds as JSON or as a JavaScript literal; none when there is no such list."""
    best: tuple[Item, ...] = ()
    spent = 0
    for script in source.tree.css("script"):
        text = script.text(deep=True)[:_MAX_SCRIPT]
        spent += len(text)
        if spent > 2 * _MAX_SCRIPT:
            break
        if len(text) < 40:
            continue
        items = (
            max(
                (feed_items(found, source.base) for found in _values(text)),
                key=len,
                default=(),
            )
            or _literals(text, source.base)
            or _written(text, source.base)
        )
        if len(items) > len(best):
            best = items
    return best or _kept_aside(source)


_ASIDE = re.compile(r"<(template|textarea|noscript|xmp)\b[^<>]{0,300}>", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{|\$\{|<%|\bv-for=|#foreach", re.IGNORECASE)


def _kept_aside(source: ListSource) -> tuple[Item, ...]:
    """Items of a list that stands ready in an element which no browser shows as it is; a pattern with blanks for a script is none."""
    best: tuple[Item, ...] = ()
    for at, found in enumerate(_ASIDE.finditer(source.html)):
        if at >= _MAX_STARTS:
            break
        end = source.html.find(f"</{found[1]}", found.end(), found.end() + _MAX_SCRIPT)
        inner = source.html[found.end() : end] if end > 0 else ""
        if found[1].lower() == "textarea" and "&lt;" in inner:
            inner = html.unescape(inner)
        if len(inner) < 40 or "<a" not in inner or _TEMPLATE.search(inner):
            continue
        best = max(best, list_items(inner, source.base), key=len)
    for at, attribute in enumerate(_DATA_ATTRIBUTE.finditer(source.html)):
        if at >= _MAX_STARTS:
            break
        if (value := parse_json(html.unescape(attribute[1] or attribute[2]))) is not None:
            best = max(best, feed_items(value, source.base), key=len)
    return best


_DATA_ATTRIBUTE = re.compile(r"\s(?:data-|:)[\w\-]{1,40}=(?:\"([\[{][^\"]{40,400000})\"|'([\[{][^']{40,400000})')")
"""A list that an element hands to its script: ``data-items="[{&quot;title&quot;: …}]"``."""


def _values(text: str) -> Iterator[object]:
    """JSON values in a script: the whole of it, or what stands behind ``=``, ``:`` or a bracket; each place is read once."""
    decoder, end, tried = json.JSONDecoder(), 0, 0
    whole = [len(text) - len(text.lstrip())] if text.lstrip()[:1] in ("[", "{") else []
    for at in (*whole, *(match.end() for match in _START.finditer(text))):
        if at < end:
            continue
        if tried >= _MAX_STARTS:
            return
        tried += 1
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            continue
        yield value
    for quoted in _QUOTED.finditer(text):
        if (value := parse_json(_unescape(quoted[2]))) is not None:
            yield value


_QUOTED = re.compile(
    r"(?:JSON\.parse\(|=)\s{0,9}(['\"`])(?=\[\s{0,9}\{|\{)((?:[^'\"`\\]|\\.|(?!\1)['\"`]){20,400000})\1"
)
"""JSON in a string: ``JSON.parse('[{"title": …}]')``."""


def _literals(text: str, base: str) -> tuple[Item, ...]:
    """Objects of a JavaScript literal with bare names and single quotes: ``{title:'…',url:'…',date:'2024-01-02'}``."""
    rows = []
    for match in _OBJECT.finditer(text):
        fields: dict[object, object] = {}
        for name, double, single, number in _PAIR.findall(match[1]):
            fields.setdefault(name, _unescape(double or single) or (int(number) if number else ""))
        if item := feed_item(fields, base):
            rows.append(item)
        if len(rows) >= _MAX_OBJECTS:
            break
    return unique(rows)


def _written(text: str, base: str) -> tuple[Item, ...]:
    """Items of HTML that a script writes as it stands; templates, whose links are put together later, are none."""
    if "href" not in text or "<a" not in text:
        return ()
    items = list_items(re.sub(r"\\(.)", r"\1", text), base)
    return tuple(item for item in items if not re.search(r"[{}'\"+$<>\s]|%7B", item.url + item.title[:0]))


def _unescape(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) == 5 else {"n": " ", "t": " ", "r": " "}.get(code, code)

    return _ESCAPE.sub(plain, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


_CALL = re.compile(
    r"(?P<verb>\$\.ajax|\$\.post|\$\.get|\$\.getJSON|jQuery\.ajax|jQuery\.post|axios\.post|axios\.get|axios|\$http\.post|fetch|request\.post|request)\s{0,9}\("
)
_ADDRESS = re.compile(r"(?:\burl[\"']?\s{0,9}:|^)\s{0,40}[\"'`]([^\"'`\s<>]{2,300})[\"'`](?P<more>\s{0,9}\+)?")
_POST = re.compile(r"\b(?:type|method)[\"']?\s{0,9}:\s{0,9}[\"']post[\"']", re.IGNORECASE)
_JSON_BODY = re.compile(r"JSON\.stringify\(|application/json")
_FORM_BODY = re.compile(r"\b[Qq]s\.stringify\(|URLSearchParams|x-www-form-urlencoded|transformRequest")
_JSON_VERBS = ("axios", "$http", "request")
"""What sends an object as JSON unless told otherwise."""
_NEXT_OBJECT = re.compile(r"^\s{0,40},\s{0,40}(?:JSON\.stringify\(\s{0,9})?\{")
_NEXT_NAME = re.compile(r"^\s{0,40},\s{0,40}(?:JSON\.stringify\(\s{0,9})?([A-Za-z_$]\w{0,40})\s{0,9}(?:[,)]|$)")
_DATA = re.compile(r"\b(?:data|params|body)[\"']?\s{0,9}:\s{0,9}(?:JSON\.stringify\(\s{0,9})?\{")
_OPTIONS = re.compile(r"\s{0,40}[\"']?(?:method|headers|params|body|credentials|mode|timeout)[\"']?\s{0,9}:")
_NAMED_DATA = re.compile(
    r"\b(?:data|params|body)[\"']?\s{0,9}:\s{0,9}(?:JSON\.stringify\(\s{0,9})?(\w{1,40})\s{0,9}[,)}]"
)
_FIELD = re.compile(
    r"[\"']?([\w.\[\]]{1,60})[\"']?\s{0,9}:\s{0,9}(?:\"([^\"]{0,300})\"|'([^']{0,300})'|(-?\d{1,15}(?:\.\d{1,6})?)|(true|false|null)|([A-Za-z_$][\w.$]{0,60}))\s{0,40}(?=[,}\n]|$)"
)
_LISTING = re.compile(
    r"list|query|search|page|article|news|info|content|column|channel|getdata|document|policy|consult", re.IGNORECASE
)
_NO_LISTING = re.compile(
    r"count|click|visit|hits|login|logout|upload|captcha|verif|comment|praise|weather|stat|track|log\b|collect|menu|nav|tree|user|token|save|submit|add|update|delete|remove|\.html?$|\.css|\.js$",
    re.IGNORECASE,
)
_MAX_CALLS = 60
_MOST = 4


def asked_by_script(source: ListSource) -> tuple[ListRequest, ...]:
    """Requests for a list that the page's scripts make (``$.ajax``, ``axios.post``, ``fetch``), as far as their values stand on the page.

    A field whose value the page does not hold is left out, a page number that it does not hold is the first one.
    """
    asked: dict[tuple[str, bytes], ListRequest] = {}
    for script in source.tree.css("script"):
        text = script.text(deep=True)[:_MAX_SCRIPT]
        for at, call in enumerate(_CALL.finditer(text)):
            if at >= _MAX_CALLS or len(asked) >= _MOST:
                break
            if request := _request(source, call["verb"], text[call.end() : call.end() + 2000]):
                asked.setdefault((request.url, request.body), request)
    return tuple(asked.values())


def _request(source: ListSource, verb: str, block: str) -> ListRequest | None:
    block = _closed(block)
    found = _ADDRESS.search(block)
    if found is None or found["more"]:
        return None
    address = resolve(source.base, found[1])
    path = urlsplit(address).path if address else ""
    if not path or not _LISTING.search(path) or _NO_LISTING.search(path):
        return None
    if urlsplit(address).netloc.lower() != urlsplit(source.url).netloc.lower():
        return None  # a page may not make us ask other hosts
    fields = _fields(source, block, found.end())
    if not (verb.endswith("post") or _POST.search(block)):
        return ListRequest(with_query(address, _printed(fields)) if fields else address)
    if _JSON_BODY.search(block) or (verb.startswith(_JSON_VERBS) and _FORM_BODY.search(block) is None):
        body = json.dumps(fields, ensure_ascii=False).encode()
        return ListRequest(address, "POST", {"content-type": "application/json"}, body)
    return ListRequest(address, "POST", {"content-type": FORM}, urlencode(_printed(fields)).encode())


def _closed(block: str) -> str:
    """The arguments of a call, up to where its bracket closes (strings that hold brackets end it early, which loses little)."""
    depth = 1
    for at, character in enumerate(block):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return block[:at]
    return block


def _fields(source: ListSource, block: str, behind: int) -> dict[str, str | int | bool]:
    """The fields that a call sends: the object behind its address, or behind ``data:``, printed there or under a name."""
    rest, text = block[behind:], ""
    beside = _NEXT_OBJECT.match(rest)
    if beside is not None and _OPTIONS.match(rest, beside.end()):
        beside = None  # settings of the call, in which the data stand under a name of their own
    if match := beside or _DATA.search(block):
        text = match.string[match.end() :]
    elif (match := _NEXT_NAME.match(rest) or _NAMED_DATA.search(block)) and (
        given := re.search(rf"\b{re.escape(match[1])}\s{{0,9}}=\s{{0,9}}\{{([^}}]{{0,2000}})", source.html)
    ):
        text = given[1]
    fields: dict[str, str | int | bool] = {}
    for name, double, single, number, word, variable in _FIELD.findall(text.partition("}")[0])[:40]:
        value: str | int | bool = double or single
        if number or word:
            value = _typed(number or word)
        elif variable:
            known = re.search(
                rf"\b{re.escape(variable.rpartition('.')[2])}\s{{0,9}}[=:]\s{{0,9}}([\"']?)([\w\-./]{{1,80}})[\"']?\s{{0,9}}[;,\n}}]",
                source.html,
            )
            paging = name.lower() in PAGES
            if known is None and not paging:
                continue
            value = 1
            if known is not None and (known[2].isdigit() or not paging):
                value = known[2] if known[1] else _typed(known[2])
        fields[name] = value
    return fields


def _printed(fields: dict[str, str | int | bool]) -> dict[str, str]:
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in fields.items()}


def _typed(literal: str) -> str | int | bool:
    """A JavaScript literal without quotes as the value that JSON would carry."""
    if literal in ("true", "false"):
        return literal == "true"
    return int(literal) if literal.isdigit() else "" if literal == "null" else literal


def next_asking(asked: ListRequest, count: int, total: int | None) -> ListRequest | None:
    """The request for the page behind the one that ``asked`` brought: the page number in its body raised by one; ``None`` when nothing is left."""
    if not count or not asked.body:
        return None
    is_json = asked.body.lstrip()[:1] == b"{"
    try:
        fields = dict(json.loads(asked.body) if is_json else parse_qsl(asked.body.decode(), keep_blank_values=True))
    except (ValueError, RecursionError, TypeError):
        return None
    named = {str(name).lower(): str(value) for name, value in fields.items()}
    key = next((name for name in fields if str(name).lower() in PAGES and str(fields[name]).isdigit()), None)
    if key is None:
        return None
    at = int(str(fields[key]))
    size = next((int(named[name]) for name in SIZES if named.get(name, "").isdigit()), None)
    if (max(at, 1) * (size or count) >= total) if total is not None else (size is not None and count < size):
        return None
    fields[key] = at + 1 if is_json and not isinstance(fields[key], str) else str(at + 1)
    body = json.dumps(fields, ensure_ascii=False).encode() if is_json else urlencode(fields).encode()
    split = urlsplit(asked.url)
    return ListRequest(urlunsplit(split), asked.method, asked.headers, body)
