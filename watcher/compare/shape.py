"""What of a text is form and what is content: width, spacing, quotation marks and leading numbers are form."""

from __future__ import annotations

import re
from functools import lru_cache

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD: dict[int, int | None] = {**_WIDE, 0xFF61: 0x3002, 0xFF64: 0x3001}
_FOLD.update(dict.fromkeys(map(ord, "“”„‟\"'‘’‚‛「」『』〝〞＂＇\u00ad\u200b\u2060\ufeff"), None))
_FOLD.update(dict.fromkeys(map(ord, "‐‑‒–—―−～〜"), ord("-")))
_FOLD[ord("~")] = ord("-")
_FOLD[ord("～")] = ord("-")
_FOLD[ord("－")] = ord("-")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_BETWEEN = re.compile("(?<=[0-9]) (?=[0-9])")
_STOP = re.compile(r"(?<=[\u4e00-\u9fff])\.(?=\s|$)")
"""A full stop that was typed as a point."""
_CHINESE = "零〇一二三四五六七八九十百"
_NUMBERING = re.compile(
    rf"\s*(?:第[{_CHINESE}0-9]{{1,5}}[章节条款篇编](?:\s|[?？]{{2}})*"
    rf"|[（(][{_CHINESE}]{{1,4}}[）)]\s*|[{_CHINESE}]{{1,4}}[、.．]\s*|[{_CHINESE}]{{1,3}}[是要](?=\S)"
    r"|[（(][0-9]{1,3}[）)]\s*|[0-9]{1,3}[、.．)）](?![0-9])\s*|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}(?=[\s\u4e00-\u9fff])(?![个项张名人万亿倍元所家岁年])\s*"
    r"|[\u2460-\u2473\u2474-\u249b]\s*|(?:专栏|附件|附表|表|图)\s*[0-9" + _CHINESE + r"]{1,3}[：:.、\s]\s*)"
)


_CELL = 40
"""Texts up to this length (cells of tables, headings) come again and again, and are remembered."""


def shape(text: str) -> str:
    """The text without form: full-width ASCII narrowed, dashes one, no comma between thousands, no quotation marks, no space (but one between digits).

    Milder than ``text.plain``: letters keep their case, and ², ① or ㎡ stay what they are, since those are content.
    """
    return _remembered(text) if len(text) <= _CELL else _shape(text)


def _shape(text: str) -> str:
    if "," in text:
        text = _THOUSANDS.sub("", text)
    if "." in text:
        text = _STOP.sub("。", text)
    text = " ".join(text.translate(_FOLD).split())
    return _BETWEEN.sub("\n", text).replace(" ", "").replace("\n", " ") if " " in text else text


_remembered = lru_cache(maxsize=4096)(_shape)


def numbering(text: str) -> str:
    """The number of a heading or list item at the beginning, with the space after it; ``""`` when there is none.

    >>> numbering("第三节 基本原则")
    '第三节 '
    """
    found = _NUMBERING.match(text)
    return found.group() if found and len(found.group()) < len(text) else ""


def kernel(text: str) -> str:
    """The shape without its leading number: what stays when sections are renumbered."""
    return shape(text[len(numbering(text)) :]) or shape(text)
