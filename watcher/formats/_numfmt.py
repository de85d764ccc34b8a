"""Numbers of spreadsheets as the sheet shows them: 0.95 under the format ``0%`` is printed 95%."""

from __future__ import annotations

import datetime
import math
import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

_BRACKETED = re.compile(r"\[[^\]]*\]")
_TOKEN = re.compile(r'"[^"]*"|\\.|_.|\*.|[0#?.,%]+|General|G/通用格式|.', re.S)
_PATTERN = re.compile(r"[0#?,]*(?:\.[0#?]*)?(,*)(%*)")


def shown(value: object, style: str = "General") -> str:
    """A cell's value as text. ``style`` is its number format; formats that are not understood show the plain value.

    Dates print as ``YYYY-MM-DD`` (with the time where there is one; ``2026年9月`` and ``2026-09`` where the format shows no day), truth values as TRUE and FALSE, None as ``""``.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.date) and _is_month(style):
        return f"{value.year}年{value.month}月" if "年" in style else f"{value.year}-{value.month:02}"
    if isinstance(value, datetime.datetime):
        plain = value.replace(tzinfo=None, microsecond=0)
        return plain.date().isoformat() if plain.time() == datetime.time() else plain.isoformat(" ")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return _number(value, style or "General")
    return str(value)


def _is_month(style: str) -> bool:
    letters = set(_BRACKETED.sub("", style).lower()) & set("ymdhs")
    return letters == {"y", "m"}


def plain(value: float) -> str:
    """The shortest decimal with 15 significant digits, as spreadsheets show numbers without a format."""
    text = f"{value:.15g}"
    if "e" in text or "E" in text:
        text = f"{Decimal(text):f}" if abs(value) < 1e21 and abs(value) > 1e-12 else text
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(value: float, style: str) -> str:
    if not math.isfinite(value):
        return ""
    sections = _sections(style)
    section = sections[0]
    negative = value < 0
    if negative and len(sections) > 1:
        section, value, negative = sections[1], -value, False
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    before, pattern, after = _parsed(section)
    if pattern is None:
        return (
            before if before and not after and len(sections) > 1 else plain(-value if negative and value > 0 else value)
        )
    if pattern == "":
        text = plain(abs(value))
    else:
        match = _PATTERN.fullmatch(pattern)
        if match is None:
            return plain(value)
        text = _decimal(abs(value), pattern, len(match.group(1)), len(match.group(2)))
        if not text:
            return plain(value)
    return ("-" if negative else "") + before + text + after


def _decimal(value: float, pattern: str, thousands: int, percents: int) -> str:
    try:
        exact = Decimal(repr(value)).scaleb(2 * percents - 3 * thousands)
        body = pattern.rstrip("%").rstrip(",")
        whole, _, fraction = body.partition(".")
        places = len(fraction)
        rounded = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except (InvalidOperation, ValueError, OverflowError):
        return ""
    text = f"{rounded:,f}" if "," in whole else f"{rounded:f}"
    optional = len(fraction) - len(fraction.rstrip("#?"))
    for _ in range(optional):
        if text.endswith("0"):
            text = text[:-1]
    if places:
        text = text.rstrip(".")
    least = sum(char == "0" for char in whole)
    digits, dot, rest = text.partition(".")
    if least == 0 and digits == "0" and dot:
        digits = ""
    return digits.rjust(least, "0") + dot + rest + "%" * percents


@lru_cache(maxsize=4096)
def _sections(style: str) -> tuple[str, ...]:
    """The parts of a format for positive, negative, zero and text, split at ``;`` outside quotation marks."""
    parts, quoted, start = [], False, 0
    for at, char in enumerate(style):
        if char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            parts.append(style[start:at])
            start = at + 1
    parts.append(style[start:])
    return tuple(parts)


@lru_cache(maxsize=4096)
def _parsed(section: str) -> tuple[str, str | None, str]:
    """Words before, the digits' pattern, words after. The pattern is ``""`` for General, None where there is none."""
    before = after = ""
    pattern: str | None = None
    for token in _TOKEN.findall(_BRACKETED.sub("", section)):
        if token[0] in "0#?.,%" and (token[0] != "%" or pattern is not None) and (pattern is None or token[0] == "%"):
            pattern = (pattern or "") + token
            continue
        if token in ("General", "G/通用格式") and pattern is None:
            pattern = ""
            continue
        if token[0] == '"':
            word = token[1:-1]
        elif token[0] == "\\":
            word = token[1:]
        elif token[0] in "_*":
            word = ""
        elif token[0] in "/:EeyYmMdDhHsS@" or token[0] in "0#?":
            # Fractions, scientific notation, dates, a second run of digits: shown plainly.
            return "", None, ""
        else:
            word = token
        if pattern is None:
            before += word
        else:
            after += word
    return before, pattern, after
