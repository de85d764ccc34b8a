"""Numbers as Chinese documents print them: full-width digits, thousands separators, Chinese numerals, fractions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "0123456789０１２３４５６７８９"
"""Western digits in both widths."""
NUMERALS = "〇零一二两三四五六七八九十百千万亿"
"""Characters a Chinese numeral is made of."""
MAX_DIGITS = 18
"""A longer run of digits is a telephone number, an index number or an attack, not a quantity."""

_FULL = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")
_GROUPING = str.maketrans("", "", ", \u00a0\u2009\u202f")
_VALUE = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}


def half_width(text: str) -> str:
    """Full-width digits, points, commas and percent signs as ASCII; same length, so that offsets hold."""
    return text.translate(_FULL)


def arabic(text: str) -> str | None:
    """A printed western number as a plain decimal string (``"１２，061.50"`` → ``"12061.50"``).

    ``None`` when it is none, or longer than ``MAX_DIGITS``. Trailing zeros stay: they were printed.
    """
    plain = text
    if text.isascii() and text.isdigit():
        return text if len(text) <= MAX_DIGITS else None
    if not text.isascii() or "," in text or " " in text:
        plain = half_width(text).translate(_GROUPING)
    whole, point, part = plain.partition(".")
    if not whole.isascii() or not whole.isdigit() or len(plain) > MAX_DIGITS:
        return None
    if point and not (part.isascii() and part.isdigit()):
        return None
    return plain


def chinese(text: str) -> int | None:
    """A Chinese numeral as an integer: 三十五 → 35, 一千二百 → 1200, 二〇二五 → 2025; ``None`` when it is none."""
    if text in _VALUE:
        return _VALUE[text]
    if not text or len(text) > MAX_DIGITS or any(mark not in NUMERALS for mark in text):
        return None
    if all(mark in _VALUE for mark in text):
        return int("".join(str(_VALUE[mark]) for mark in text))
    total = section = digit = 0
    for mark in text:
        if mark in _VALUE:
            digit = _VALUE[mark]
        elif mark in _SMALL:
            section += (digit or 1) * _SMALL[mark]
            digit = 0
        else:
            total = (total + section + digit) * _LARGE[mark]
            section = digit = 0
    return total + section + digit


def number(text: str) -> str | None:
    """A western or Chinese number as a decimal string; 点 is a decimal point (九十五点三 → 95.3)."""
    plain = arabic(text)
    if plain is not None:
        return plain
    whole, point, part = text.partition("点")
    value = chinese(whole)
    if value is None:
        return None
    if not point:
        return str(value)
    if not part or any(mark not in _VALUE for mark in part):
        return None
    return f"{value}." + "".join(str(_VALUE[mark]) for mark in part)


def fraction(numerator: str, denominator: str) -> str | None:
    """A fraction as a decimal with four places (2/3 → 0.6667); ``None`` when a part is no number or the lower is 0."""
    upper, lower = number(numerator), number(denominator)
    if upper is None or lower is None or Decimal(lower) == 0:
        return None
    return str((Decimal(upper) / Decimal(lower)).quantize(Decimal("0.0001"), ROUND_HALF_UP).normalize())
