"""A page as the verdict looks at it: what a reader sees, what the source holds, and what scripts would do. Pure.

Nothing is parsed where the reading already tells that there is a text; sources are looked at up to a bound.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

import re2
from selectolax.lexbor import LexborHTMLParser

from watcher.fetch import signs
from watcher.markup import tame
from watcher.types import Fetched, Reading

HEAD = 64 * 1024
"""Characters of the source that are searched for marks."""
ENOUGH = 1200
"""Characters of a text that tell whether it is a short one."""
PARSED = 2 * 1024 * 1024
BARE = 60
"""Characters under which a page is nothing but its scripts."""
SHORT = 300
"""Characters of text, white space apart, under which a page's text is searched for words of failure."""
LITTLE = 4
"""Characters of text, apart from chrome and title, under which a page has no body."""
AROUND = 3000
"""Characters that a page without a body may show around it and still be searched."""
_MARKUP = re.compile(r"<(?:!doctype|!--|/?[a-z][a-z0-9]{0,15}(?:\s|/?>))", re.I)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,500})", re.I)
_PASSWORD = re.compile(r"<input\b[^>]{0,300}\btype\s{0,9}=\s{0,9}[\"']?password", re.I)
_LOGIN_PATH = re.compile(
    r"(?:^|[/_.-])(?:login|signin|sign-in|logon|sso|cas|passport|oauth2?|authorize|uaa)(?:[/_.?-]|$)", re.I
)
_COOKIE = re.compile(r"document\s{0,9}\.\s{0,9}cookie\s{0,9}=|setcookie\s{0,9}\(|document\[[^\]]{1,40}\]\s{0,9}=", re.I)
_RELOAD = re.compile(
    r"location\s{0,9}\.\s{0,9}(?:reload|replace)\s{0,9}\(|location(?:\s{0,9}\.\s{0,9}href)?\s{0,9}=\s{0,9}[^=]|history\.go\(0\)|location\[",
    re.I,
)
_RELOAD_SELF = re.compile(
    r"location\s{0,9}\.\s{0,9}reload\s{0,9}\(|location(?:\.href)?\s{0,9}=\s{0,9}(?:window\.|document\.)?location|history\.go\(0\)",
    re.I,
)
_OBFUSCATED = re.compile(
    r"\beval\s{0,9}\(|_0x[0-9a-f]{3,}|\bgo\(\{|\\x[0-9a-f]{2}\\x[0-9a-f]{2}|string\.fromcharcode|\bunescape\(|\batob\(|\(!?\[\]\+|~~\[\]|window\[[\"'][$_]|debugger",
    re.I,
)
_REFRESH = re.compile(r"<meta\b[^>]{0,200}http-equiv\s{0,9}=\s{0,9}[\"']?refresh", re.I)
_APPLICATION = re.compile(
    r"<(?:div|main|section)\b[^>]{0,200}\bid\s{0,9}=\s{0,9}[\"']?(?:app|root|__next|__nuxt|main-app|q-app)\b", re.I
)
_ALERT = re.compile(r"\balert\s{0,9}\(\s{0,9}([\"'])([^\"'\r\n]{1,100})\1")
_NAME = re.compile(r"(?:^|,\s{0,9})([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100})=")
_QUOTED = re.compile("“[^“”]{1,30}”|「[^「」]{1,30}」")
_LINES = re.compile(r"[\r\n\t]+")


@dataclass(frozen=True, slots=True)
class Page:
    """What the verdict asks about. Texts are folded (``signs.fold``)."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    """Names of the cookies that the answer sets, lower case."""
    markup: bool
    """The source is HTML."""
    titles: tuple[str, ...]
    """The parts of the page's title and of the reading's."""
    words: str
    """What a reader sees, bounded."""
    characters: int
    """How many characters a reader sees, white space apart; counted to the end only where they are few."""
    short: str
    """``words`` where the page is short enough for them to count, else ``""``."""
    head: str
    """The beginning of the source of a bare page or a failure, for marks of firewalls; ``""`` for any other."""
    scripted: bool
    """Hardly any text, and scripts."""
    gated: bool
    """Nothing to see, and scripts that set a cookie, unpack themselves or load the page again."""
    forwards: bool
    """Nothing to see, and a script or meta element that leads elsewhere."""
    application: bool
    """Nothing to see, and an element that a script fills."""
    password: bool
    redirected_to_login: bool
    residue: int
    """Characters that are neither title nor chrome."""
    brief: bool
    """A word or two under a title with its day of publication: 同意。 and 无。 are whole texts."""
    answer: bool
    """A few bytes of JSON that carry nothing but a code and a word of why."""
    notice: bool
    """A short text under the title of a document (关于…的公告), dated or signed, that does not speak to its visitor.

    What it says of pages, logins, attacks and services is its subject.
    """
    excuse: bool
    """A few words that tell a visitor why there is nothing to see, undated and under no document's title."""
    landed: bool
    """The answer came from the front page of a site, although another page was asked for."""
    carries: bool
    """Attachments, items, tables or binary content: something to read even with hardly any text."""
    pictures: int = 0
    """Pictures of a page without a body that may be its document: those that are no logo, button or code to scan."""


def look(fetched: Fetched, text: str, reading: Reading | None, said: str) -> Page:
    """Gathers what there is to know of an answer; ``text`` is its decoded source, ``said`` the reading's text. Never raises."""
    binary = _is_binary(fetched, text)
    source = "" if binary else text
    markup = bool(_MARKUP.search(source, 0, 4096))
    found = _TITLE.search(source, 0, HEAD) if markup else None
    page_title = unescape(found[1]) if found else ""
    title = reading.title if reading is not None else page_title
    visible = said if reading is not None else _visible(source) if markup else source[:PARSED]
    characters = signs.length(visible[:ENOUGH])
    if characters < 2 * SHORT < len(visible):
        characters = signs.length(visible[:PARSED])
    # Only short pages and failures are searched further; to cut a head off costs more than all the rest.
    head = source[:HEAD] if characters < SHORT or fetched.status != 200 else ""
    carries = binary or (
        reading is not None
        and characters < SHORT
        and bool(reading.attachments or reading.items or any(block.kind == "table" for block in reading.blocks))
    )
    residue = characters
    words = short = ""
    shown = characters
    if characters < 2 * SHORT:
        words = signs.fold(visible)
    if characters < SHORT:
        residue = _residue(visible, title, page_title)
        around = _visible(source) if markup and reading is not None else visible
        shown = signs.length(around)
        if residue < BARE and not carries:
            # Next to nothing was read: what the page says around it, or to browsers without scripts, may tell why.
            around = signs.fold(around) + signs.fold(_aside(source) if markup else "")
            words = around if len(around) < AROUND else words
            characters = max(characters, shown) if residue < LITTLE else characters
        elif shown < 2 * SHORT and reading is not None:
            words += signs.fold(around)
        # What is quoted is spoken of: a circular on dead links names “页面不存在”.
        short = _QUOTED.sub("", words) if not (carries and characters >= BARE) else ""
    bare = markup and shown < BARE and not carries
    # To look for scripts means to fold the whole head: only pages without a text are asked.
    scripted = markup and (bare or characters < BARE) and "<script" in head.lower()
    code = head if bare and scripted else ""
    cookie, reload = bool(_COOKIE.search(code)), bool(_RELOAD.search(code))
    tricks = bool(_OBFUSCATED.search(code))
    application = bool(_APPLICATION.search(code)) and not cookie
    sets = bool(fetched.headers.get("set-cookie"))
    gated = (
        bare
        and not application
        and (
            (cookie and (reload or tricks))
            or bool(_RELOAD_SELF.search(code))
            or (tricks and (reload or sets or characters < 10))
            or (cookie and sets)
            or (sets and scripted and not shown and _only_scripts(source))
        )
    )
    notice = bool(words or short) and _is_notice(residue, page_title, title, short, reading)
    return Page(
        status=fetched.status,
        headers=fetched.headers,
        cookies=tuple(name.lower() for name in _NAME.findall(fetched.headers.get("set-cookie", "")[:8192])),
        markup=markup,
        titles=signs.titles(page_title[:300], title[:300]),
        words=words,
        characters=characters,
        short=short,
        head=_folded_head(head, characters, fetched.status),
        scripted=scripted,
        gated=gated,
        forwards=bare and (bool(_REFRESH.search(head)) or reload),
        application=application,
        password=markup and characters < SHORT and bool(_PASSWORD.search(head)),
        redirected_to_login=fetched.final_url != fetched.url
        and bool(_LOGIN_PATH.search(_path(fetched.final_url)))
        and not _LOGIN_PATH.search(_path(fetched.url)),
        residue=residue,
        brief=0 < residue < LITTLE
        and reading is not None
        and reading.metadata.published_on is not None
        and _CHINESE.search(reading.text[-LITTLE:]) is not None,
        answer=not markup and reading is not None and len(source) < 2 * SHORT and _is_answer(source),
        # Asked only of pages that have words to look at.
        notice=notice,
        excuse=LITTLE <= residue <= (2 * _BRIEF if said.isascii() else _BRIEF)
        and not (notice or carries)
        and bool(short)
        and _is_excuse(
            page_title, title, "" if application else short, signs.fold(f"{page_title}\n{said}"), residue, reading
        ),
        landed=_FRONT.fullmatch(_path_only(fetched.final_url)) is not None
        and _FRONT.fullmatch(_path_only(fetched.url)) is None,
        carries=carries,
        pictures=_pictures(source) if markup and residue < LITTLE and not carries else 0,
    )


def _pictures(source: str) -> int:
    """How many different pictures a page shows that its template does not."""
    found = {match[1].lower() for match in _PICTURE.finditer(source[:PARSED])}
    return sum(_ORNAMENT.search(address) is None for address in found)


_PICTURE = re2.compile(
    r"""(?i)<img\s[^>]*?\b(?:data-(?:src|original)|src)\s*=\s*["']?([^"'\s>]*(?:\.(?:jpe?g|png|webp|gif|bmp)|wx_fmt=\w+))"""
)
"""By RE2: all of the source is searched."""
_ORNAMENT = re.compile(
    r"logo|icon|ico[._-]|qr|ewm|erweima|code|banner|header|foot|bottom|nav|menu|btn|button|back|arrow|share|weixin|wechat|weibo|/(?:static|skin|template|theme|css|style|common|public/images?)s?/|blank|space|loading|lazy|gongan|red\.png|jiucuo|print",
    re.I,
)
"""What the pictures of a template are called."""


def _path(url: str) -> str:
    return url.partition("://")[2].partition("?")[0]


def _path_only(url: str) -> str:
    return "/" + _path(url).partition("/")[2]


_FRONT = re.compile(r"/(?:(?:index|default|main|home)\.\w{1,6})?")


def _is_notice(residue: int, page_title: str, title: str, short: str, reading: Reading | None) -> bool:
    if any(map(signs.is_document, (page_title, title))) and (
        residue >= BARE or (residue >= _SAYS and reading is not None and _SALUTES.search(reading.text) is not None)
    ):
        return True
    about = reading.metadata if reading is not None else None
    if about is None or not (about.published_on or about.written_on or about.document_number):
        return False
    if residue < (LITTLE if about.published_on and any(map(signs.is_document, (page_title, title))) else _SAYS):
        return False
    told = signs.speaks_to_visitor(short)
    if any(map(signs.is_paper, (page_title, title))):
        return residue >= BARE or not told
    # News of a system that was repaired is dated, under a headline, and explains nothing to its reader.
    headed = len(title) >= _HEADLINE and not any(signs.find(kind, signs.titles(title), "") for kind in _FAILURES)
    # Its day of publication stands above a text that somebody published; below a text it may be an excuse's.
    long_enough = residue >= BARE or about.published_on is not None or about.document_number is not None
    return headed and long_enough and not (told or _WAITS.search(short))


_HEADLINE = 4
"""Characters of the shortest headline."""
_FAILURES = ("challenge", "gone", "maintenance", "error", "login")
_BRIEF = 120
"""Characters of the longest excuse beside its title and chrome."""


_WAITS = re.compile("为了?您的|请(?:耐心等待|稍后|稍候|刷新|返回)")


def _is_excuse(page_title: str, title: str, short: str, own: str, residue: int, reading: Reading | None) -> bool:
    """``own`` is the page's title and what was read of it; ``short`` also what stands around it, where it may tell why hardly anything was read
    (an application says there what it needs of a browser, whatever it holds).
    """
    about = reading.metadata if reading is not None else None
    if about is not None and (about.published_on or about.written_on or about.document_number):
        return False
    excuses = signs.speaks_to_visitor(short) or signs.speaks_to_visitor(own)
    if any(map(signs.is_named_paper, (page_title, title))):
        return residue < BARE and excuses
    return (
        excuses
        or _WAITS.search(short or own) is not None
        or signs.speaks_of_itself(own, briefly=residue < BARE or own.isascii())
    )


_CHINESE = re.compile("[\u4e00-\u9fff]")
_WHY = frozenset(
    ("code", "status", "success", "error", "errcode", "errmsg", "msg", "message", "reason", "ret", "retcode", "state")
)


def _is_answer(source: str) -> bool:
    """Whether JSON says how a question went and nothing else: no value is longer than a short sentence."""
    if source.lstrip()[:1] != "{":
        return False
    try:
        said = json.loads(source)
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict) or not _WHY & {key.lower() for key in said}:
        return False
    return all(not isinstance(value, dict | list) or not value for value in said.values()) and all(
        len(value) <= _SENTENCE for value in said.values() if isinstance(value, str)
    )


_SENTENCE = 60
_SALUTES = re.compile(
    "(?:^|\\n)(?:各[^\\n。，]{1,40}[:：](?:\\n|$)|[^\\n。，]{1,24}(?:政府|[局委厅部院办处]|单位|公司|代表|委员|同志)[:：])"
)
"""A line that addresses those whom a paper is for: no page of failure does."""
_SAYS = 12
"""Characters that the shortest notice has under its title."""


def _folded_head(head: str, characters: int, status: int) -> str:
    """Marks are searched only where they can count: to fold a head takes longer than to read a short notice."""
    return signs.fold(head) if characters < BARE or status != 200 else ""


def _is_binary(fetched: Fetched, text: str) -> bool:
    if fetched.body[:4] in (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!"):
        return True
    return not text and bool(fetched.body) and b"\x00" in fetched.body[:4096]


def _visible(source: str) -> str:
    """What a browser with scripts shows before they run, one line an element."""
    tree = LexborHTMLParser(tame(source[:PARSED]))
    tree.strip_tags(["script", "style", "template", "title", "head", "noscript"])
    body = tree.body
    return body.text(separator="\n", strip=True) if body is not None else ""


def _aside(source: str) -> str:
    """What the page says to browsers without scripts, and in the message boxes that its scripts open."""
    found = LexborHTMLParser(tame(source[:PARSED])).css("noscript")
    said = [node.text(separator="\n", strip=True) for node in found[:20]]
    said.extend(match[2] for match in _ALERT.finditer(source[:HEAD]))
    return "\n".join(said)


def _only_scripts(source: str) -> bool:
    """Whether the page has scripts and not a single element that could hold anything."""
    body = LexborHTMLParser(tame(source[:HEAD])).body
    return body is None or all(node.tag in ("script", "noscript") for node in body.iter())


def _residue(visible: str, title: str, page_title: str) -> int:
    """Characters of the lines that are neither the title again nor chrome."""
    # What ends as a sentence is the text itself, taken for its own title.
    titles = {signs.fold(one) for one in (title, page_title) if not one.endswith("。")}
    left = 0
    for line in _LINES.split(visible):
        folded = signs.fold(line)
        if not folded or folded in titles or signs.is_chrome(folded):
            continue
        left += len(folded)
    return left
