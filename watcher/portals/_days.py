"""Days as texts of a list print them: spans, calendar leaves, months in words, days without a year. A helper of the drawer."""

from __future__ import annotations

import re
from datetime import date, timedelta

from watcher.lexicon.dates import find_dates, iso
from watcher.text import tidy

EDGE_DATE = re.compile(
    r"^\s*[\[(（【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*|\s*[\[(（【]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*$"
)
_URL_DAY = re.compile(
    r"(?:t|/)((?:19|20)\d\d)(\d\d)(\d\d)(?:_|/)|/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/|/((?:19|20)\d\d)-?(\d\d)/(\d\d)/"
)
NO_YEAR = re.compile(r"(?<![\d\-/.])(\d{1,2})[-/.月](\d{1,2})日?(?![\d\-/.])")


def settle(text: str, address: str) -> str | None:
    """One date out of a text: the first of a span (2026-09-17至2026-10-17), else the last; without a year only where the address confirms it."""
    text = tidy(text)
    if pieced := _pieced(text):
        return pieced
    text = text[-400:]
    dates = find_dates(text, limit=8)
    if len(dates) > 1 and (said := LABEL.search(text) or _BEGINS.search(text)) is not None and (day := iso(said[1])):
        return day
    if dates:
        return (
            dates[0]
            if len(dates) == 2 and re.search(r"\d[日号]?\s*(?:至|到|~|～|—|--|－|(?<=\s)-(?=\s))\s*\d", text)
            else dates[-1]
        )
    if text.isascii() and (english := list(_ENGLISH.finditer(text))):
        told = english[-1]
        at = _MONTHS.index((told["m"] or told["n"]).lower()) + 1
        return iso(f"{told['y'] or told['z']}-{at}-{told['d'] or told['e']}")
    if len(text) <= 60:
        if whole := iso(text):
            return whole
        if brief := _SHORT_YEAR.search(text):
            return iso(f"20{brief[1]}-{brief[3]}-{brief[4]}")
        if (match := NO_YEAR.search(text)) and (named := _URL_DAY.search(address)):
            year, month, number = (part for part in named.groups() if part)
            if int(month) == int(match[1]) and int(number) == int(match[2]):
                return iso(f"{year}-{month}-{number}")
    return None


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"\b(?P<m>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.? (?P<d>[0-3]?\d)(?:st|nd|rd|th)?,? ?(?P<y>(?:19|20)\d\d)\b"
    r"|\b(?P<e>[0-3]?\d)[ -](?P<n>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?,?[ -](?P<z>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
"""A day on an English page: November 21, 2025; 21 Nov 2025."""
LABEL = re.compile(
    r"(?:发布|公开|公布|印发|发文)(?:日期|时间)?\s?[:：]\s?((?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)"
)
"""Where a row tells several days apart, the one of publication is its date, else the one on which it begins."""
_BEGINS = re.compile(
    r"(?:开始|起始)(?:日期|时间)?\s?[:：]\s?((?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?)"
)
_SHORT_YEAR = re.compile(r"(?:^|[\s\[(（])(\d\d)([-/.])(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])[\])）]?$")
"""25-04-18 at the end of a row: no row prints a day before its month."""
_Y, _M, _D = "(?P<y>(?:19|20)\\d\\d)", "(?P<m>\\d{1,2})", "(?P<d>\\d{1,2})"
_PIECES = [
    re.compile(form)
    for form in (
        f"{_D}日?\\s?/?\\s?{_M}月\\s?/?\\s?{_Y}年?(?![-./年月]?\\d)",
        f"{_M}月\\s{_D}日?\\s?/?\\s{_Y}年?(?![-./年月]?\\d)",
        f"{_Y}年?\\s{_M}月\\s{_D}日?(?![-./年月:：]?\\d)",
        f"{_D}日?\\s?/?\\s{_Y}\\s?[-./年]\\s?{_M}月?(?![-./年月]?\\d)",
        f"{_M}[-./月]{_D}日?\\s/?\\s?{_Y}年?(?![-./年月]?\\d)",
        f"{_Y}年?\\s/?\\s?{_M}[-./月]{_D}日?(?![-./年月:：]?\\d)",
        f"{_Y}\\s?[-./年]\\s?{_M}月?\\s/?\\s?{_D}日?(?![-./年月:：]?\\d)",
    )
]
"""A calendar leaf: the day in a box of its own, before or behind the rest (17 over 2024.06, 06-17 over 2024)."""
_LEAF = 16
"""Characters that a leaf has, when it stands behind the row's other words."""


def _pieced(text: str) -> str | None:
    """The date of a calendar leaf with which a row's text begins or ends."""
    for form in _PIECES:
        match = form.match(text)
        if match is None and (match := form.search(text, max(0, len(text) - _LEAF))) is not None:
            match = match if match.end() == len(text) and not text[: match.start()][-1:].isdigit() else None
        if match is not None and (day := iso(f"{match['y']}-{match['m']}-{match['d']}")):
            return day
    return None


def short_days(text: str) -> list[str]:
    """The days without a year that a text prints, in order."""
    return [match[0] for match in NO_YEAR.finditer(text)]


_YEAR = re.compile(r"((?:19|20)\d\d)(?:\s?年|$)")
_PERIOD = re.compile(r"(?:19|20)\d\d\s?(?:年度?(?:\s?\d{1,2}\s?月)?|[-./]\d{1,2})?")


def is_period(heading: str) -> bool:
    """Whether a heading says a year (and a month) and nothing else: 2023年, 2023年6月."""
    return _PERIOD.fullmatch(heading) is not None


_MONTH = re.compile(r"((?:19|20)\d\d)\s?[-年./]\s?(\d{1,2})\s?月?")
_DAY_ALONE = re.compile(r"[\[(（【]?(\d{1,2})\s?[日号]?[\])）】]?")


def day_below(heading: str, text: str) -> str | None:
    """The date that a row's ``text`` (without its title) says below a ``heading`` with its year, or with its month."""
    if heading and EDGE_DATE.fullmatch(heading):
        return iso(heading)
    year, day = _YEAR.search(heading), NO_YEAR.search(text)
    if year and day:
        return iso(f"{year[1]}-{day[1]}-{day[2]}")
    month, alone = _MONTH.fullmatch(heading), _DAY_ALONE.fullmatch(text)
    return iso(f"{month[1]}-{month[2]}-{alone[1]}") if month and alone else None


_UNIVERSAL = re.compile(r"(\d{4}-\d\d-\d\d)T(1[6-9]|2[0-3]):\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+\-]00:?00)")
"""An evening of universal time, which is the next day in China: midnight there is ``T16:00:00.000Z``."""


def day_in_china(text: str) -> str | None:
    """The day of a time in an answer."""
    evening = _UNIVERSAL.fullmatch(text.strip())
    day = iso(evening[1] if evening is not None else text)
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day and evening is not None else day
