"""Text of a page on its way into a message: never mark-up, never a mention, never a link, never a control sequence.

Two layers. :func:`clean` takes away what no reader can see (control characters, bidirectional overrides, zero-width
and tag characters, lone surrogates) and makes one line of it. :func:`defang` then breaks what chat clients turn into
links and mentions by themselves. The forms for mark-up languages (:func:`markdown`, :func:`slack`, :func:`html`)
build on both. Look-alike full-width characters are used where a far end documents no escape that all its clients
honour: they are inert in every renderer and natural in Chinese text.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata
from urllib.parse import quote, urlsplit

ZERO_WIDTH_SPACE = "\u200b"
MAX_URL = 2000
"""Longest address that goes into a message, in characters; longer ones are left out."""

_SPACE = re.compile(r"\s+")
_SCHEME = re.compile(r"(?i):(?=//)|(?:mailto|tel|javascript|data|sms):")
_DOMAIN_DOT = re.compile(r"(?<=[A-Za-z0-9-])\.(?=[A-Za-z]{2})")
_TAG = re.compile(r"<(?=[A-Za-z/!@#?])")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]{1,31};)")
_LEADING_NUMBER = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LEADING = {"#": "＃", ">": "＞", "-": "－", "+": "＋", "=": "＝"}
_WIDE = str.maketrans({"*": "＊", "`": "｀", "[": "［", "]": "］", "\\": "＼", "|": "｜", "_": "＿"})
_MRKDWN = str.maketrans({"*": "＊", "`": "｀", "_": "＿", "~": "～"})
_SAFE_IN_URL = "/:?=&%+,;@~!$-._"
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    return "" if category in _HIDDEN_CATEGORIES else character


def clean(text: str) -> str:
    """One line of what a reader can see.

    Control characters (terminal escapes, NUL) and line separators become spaces; format characters (bidirectional
    overrides and isolates, zero-width, soft hyphens, tags), private-use, unassigned and surrogate code points go.
    """
    if text.isascii() and text.isprintable():
        return _SPACE.sub(" ", text).strip()
    return _SPACE.sub(" ", "".join(map(_visible, text))).strip()


def defang(text: str) -> str:
    """Breaks addresses, mail addresses and mentions with zero-width spaces, so that no client makes them live.

    What is seen stays the same; figures (``2.62‰``) are left alone.
    """
    text = _SCHEME.sub(lambda match: match.group(0) + ZERO_WIDTH_SPACE, text)
    text = _DOMAIN_DOT.sub("." + ZERO_WIDTH_SPACE, text)
    return text.replace("@", "@" + ZERO_WIDTH_SPACE).replace("＠", "＠" + ZERO_WIDTH_SPACE)


def plain(text: str) -> str:
    """For places where the far end interprets nothing but may still link by itself."""
    return defang(clean(text))


def markdown(text: str) -> str:
    """For the markdown dialects of the Chinese robots and of ntfy: inert wherever it stands, even at the start of a line.

    ``<5`` and ``≤5`` stay; ``<`` before a letter, ``/``, ``!`` or ``@`` becomes full-width, and so do the characters
    that make emphasis, code, links, images and tables.
    """
    text = clean(text).translate(_WIDE)
    text = _ENTITY.sub("＆", _TAG.sub("＜", text)).replace("~~", "～～")
    text = _LEADING_NUMBER.sub(lambda match: match.group(1) + ("．" if match.group(2) == "." else "）"), text)
    if text and text[0] in _LEADING:
        text = _LEADING[text[0]] + text[1:]
    return defang(text)


def slack(text: str) -> str:
    """For Slack's ``mrkdwn``: its control characters as entities (docs.slack.dev, "Formatting message text").

    Emphasis has no escape there; its characters become full-width.
    """
    text = clean(text).translate(_MRKDWN)
    return defang(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def html(text: str) -> str:
    """For HTML text and attributes."""
    return _html.escape(defang(clean(text)), quote=True)


def safe_url(url: str) -> str | None:
    """The address percent-encoded so that it cannot end a link early, or None where it is not plain http(s).

    Refused: other schemes, user names, back slashes, control characters, no host, more than ``MAX_URL`` characters.
    """
    if not url or len(url) > MAX_URL or "\\" in url or clean(url) != url or " " in url:
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
        parts.port  # noqa: B018 - a bad port raises here
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host or "@" in parts.netloc:
        return None
    try:
        netloc = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    if not re.fullmatch(r"[A-Za-z0-9.:_-]+", netloc):
        return None
    netloc = f"[{netloc}]" if ":" in netloc else netloc
    port = f":{parts.port}" if parts.port else ""
    tail = quote(parts.path or "", safe=_SAFE_IN_URL)
    query = "?" + quote(parts.query, safe=_SAFE_IN_URL) if parts.query else ""
    fragment = "#" + quote(parts.fragment, safe=_SAFE_IN_URL) if parts.fragment else ""
    result = f"{parts.scheme.lower()}://{netloc}{port}{tail}{query}{fragment}"
    return result if len(result) <= 2 * MAX_URL else None
