"""Dates as Chinese pages print them, to ``YYYY-MM-DD``. Damaged ones stay unread: a guessed date is worse than none."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

_DIGITS = {
    **{character: index for index, character in enumerate("〇一二三四五六七八九")},
    "○": 0,
    "Ｏ": 0,
    "O": 0,
    "o": 0,
    "0": 0,
    "零": 0,
    "０": 0,
    "◯": 0,
}
_CJK = "〇○Ｏ◯零一二三四五六七八九"
_BEIJING = timedelta(hours=8)

_WESTERN = re.compile(
    r"(?<![\d.])((?:19|20)\d\d)\s{0,4}(?:年\s{0,4}(\d{1,2})\s{0,4}月\s{0,4}(\d{1,2})\s{0,4}[日号]"
    r"|([-/.])\s{0,2}(\d{1,2})\s{0,2}\4\s{0,2}(\d{1,2})(?![\d.%‰]))"
)
_CHINESE = re.compile(
    rf"([一二][{_CJK}O0o]{{3}})\s{{0,4}}年\s{{0,4}}([一二三四五六七八九十]{{1,2}})\s{{0,4}}月\s{{0,4}}([一二三四五六七八九十]{{1,3}})\s{{0,4}}[日号]"
)
_SHORT = re.compile(
    r"(?<![\d年])(\d{1,2})\s{0,4}月\s{0,4}(\d{1,2})\s{0,4}[日号]|(?<![\d\-/.])(\d{1,2})-(\d{1,2})(?![\d\-/.])"
)
_COMPACT = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_EPOCH = re.compile(r"\d{13}|\d{10}")


def find_date(text: str) -> str | None:
    """The first whole date in ``text`` (year, month and day) as ISO, or ``None``. Day and month must exist."""
    return next(iter(find_dates(text, limit=1)), None)


def find_dates(text: str, *, limit: int = 64) -> tuple[str, ...]:
    """Whole dates of ``text`` in order, at most ``limit``: 2022年1月29日, 二〇二二年五月三十一日, 2022-06-03 14:52, 2022/6/3, 2022.06.03."""
    folded = _fold(text)
    found: list[tuple[int, str]] = []
    for match in _WESTERN.finditer(folded):
        year, month, day = match[1], match[2] or match[5], match[3] or match[6]
        if whole := _whole(int(year), int(month), int(day)):
            found.append((match.start(), whole))
            if len(found) >= limit:
                break
    for match in _CHINESE.finditer(folded):
        numbers = int("".join(str(_DIGITS[digit]) for digit in match[1])), _number(match[2]), _number(match[3])
        if whole := _whole(*numbers):
            found.append((match.start(), whole))
            if len(found) >= 2 * limit:
                break
    return tuple(whole for _, whole in sorted(found)[:limit])


def with_digits(text: str) -> str:
    """``text`` with whole dates in Chinese numerals as digits: 二〇二四年八月三十一日 → 2024年8月31日."""

    def digits(match: re.Match[str]) -> str:
        year = "".join(str(_DIGITS[digit]) for digit in match[1])
        return f"{year}年{_number(match[2])}月{_number(match[3])}日"

    return _CHINESE.sub(digits, text)


def iso(text: str, *, year: int | None = None) -> str | None:
    """``text`` read as one date, the way list cells, metas and JSON fields hold it, or ``None``.

    Beyond ``find_date``: white space inside (``2022 - 06\\n- 03``), ``20220603``, epoch seconds and milliseconds (Beijing
    time), and, where ``year`` is given, dates without a year (``9月18日``, ``09-18``).
    """
    stripped = text.strip()[:200]
    if not stripped:
        return None
    if _EPOCH.fullmatch(stripped):
        return _from_epoch(int(stripped))
    folded = _fold(stripped)
    if (found := find_date(folded)) or (found := find_date(re.sub(r"\s+", "", folded))):
        return found
    if compact := _COMPACT.search(folded):
        return _whole(int(compact[1]), int(compact[2]), int(compact[3]))
    if (split := _day_over_month(folded)) is not None:
        return split
    if year is not None and (short := _SHORT.search(folded)):
        return _whole(year, int(short[1] or short[3]), int(short[2] or short[4]))
    return None


_DAY_FIRST = re.compile(r"^(\d{1,2})\s{1,8}((?:19|20)\d\d)[-/.年](\d{1,2})月?$")


def _day_over_month(text: str) -> str | None:
    """Lists with a calendar leaf: the day large, year and month below (``03 2022-06``)."""
    match = _DAY_FIRST.match(text)
    return _whole(int(match[2]), int(match[3]), int(match[1])) if match else None


def _fold(text: str) -> str:
    """Full-width digits and dashes to ASCII; 〇 and 年 stay."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-")


def _whole(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _number(digits: str) -> int:
    """一 to 三十一; 0 for what is no such number."""
    tens, ten, ones = digits.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or (not ten and len(digits) > 1):
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)


def _from_epoch(number: int) -> str | None:
    seconds = number / 1000 if number >= 10**11 else float(number)
    moment = datetime.fromtimestamp(seconds, tz=UTC) + _BEIJING
    return moment.date().isoformat() if 1990 <= moment.year < 2100 else None
