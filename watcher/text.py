"""Normal forms of Chinese text, for matching only: what is stored and shown is always what was printed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SPACES = "\u0020\u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff\u00ad\t\r\n\f\v"
# One of a class and more of it: ``re`` looks for a single class several times faster than for a repeated one.
_SPACE = re.compile(f"[{SPACES}][{SPACES}]*")
_DASH = re.compile("[‐‑‒–—―−－~～〜][‐‑‒–—―−－~～〜]*")
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad]")
_QUOTED = "“”„‟\"＂'‘’‚‛＇「」『』〝〞"
_QUOTES = str.maketrans(dict.fromkeys(_QUOTED, ""))
_FOLDED = re.compile(f"[{SPACES}{_QUOTED}‐‑‒–—―−－~～〜]")


_DRIVING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """For a terminal or a log: without control characters (escape sequences of a hostile page) and direction overrides; tab and line feed stay."""
    return _DRIVING.sub("", text)


def spelt_out(text: str) -> str:
    """The same characters as ``\\uXXXX``: inside JSON strings this loses nothing."""
    return _DRIVING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def squeeze(text: str) -> str:
    """Without any white space (ASCII, NBSP, U+3000, zero width, soft hyphen); everything else untouched."""
    return _SPACE.sub("", text)


def tidy(text: str) -> str:
    """One line: runs of white space become one space, ends trimmed, zero-width characters and soft hyphens gone."""
    # The space is the only white space that is printable, and nothing unseen is.
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return " ".join(_UNSEEN.sub("", text).split())


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """The matching form: NFKC, no white space, no quotation marks, one kind of dash, lower case.

    Use it to ask whether two names or paragraphs are alike, never to compare values: signs and units survive it
    (``<`` and ``≥``, ``%`` and ``‰`` stay different), but what is printed must be compared as printed.
    """
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if _FOLDED.search(folded):
        folded = _DASH.sub("-", _SPACE.sub("", folded.translate(_QUOTES)))
    return folded.lower()
