"""The years that a plan is for, as titles and texts print them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from watcher.text import squeeze

_FOLD = str.maketrans(
    {
        **dict.fromkeys("“”\"‘’'「」", None),
        **dict.fromkeys("—–―~～〜‐−", "-"),
        "〔": "[",
        "〕": "]",
        "［": "[",
        "］": "]",
    }
)
_FIVE_YEARS = re.compile(r"第?(十[一二三四五六七]?)(?:个)?五(?:年(?=规划|计划))?")
_CHINESE_YEAR = re.compile(r"二[〇○零O](?:[〇○零一二三四五六七八九]){2}(?=年|-|至)")
_RANGE = re.compile(r"(20\d\d)年?(?:度)?(?:-{1,3}|至|到)(20\d\d)年?(?:度)?")
DASHED = re.compile(r"(?<=20\d\d)一(?=20\d\d)|(?<=20\d\d年)一(?=20\d\d)")
"""The numeral one where a dash is meant: 2021一2035年."""
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)年?(?:度)?(?!\d)")
_NO_PERIOD = re.compile("远景|愿景|修订|修正|修改|版|月|[)\\]]?第?[0-9]{1,4}号")
_FIRST_PLAN_YEAR = 1953


def _chinese_year(match: re.Match[str]) -> str:
    return "".join(
        str("零一二三四五六七八九".index(digit)) if digit in "零一二三四五六七八九" else "0" for digit in match[0]
    )


def years_as_digits(text: str) -> str:
    """Folded text with Chinese years as digits: 二〇三五年 → 2035年."""
    return _CHINESE_YEAR.sub(_chinese_year, text)


@lru_cache(maxsize=1024)
def period_of(text: str, *, year: int | None = None) -> str | None:
    """The years that a plan is for: ``"2021-2025"``, one year ``"2020"``, or ``None``.

    A range printed (2021—2025年) goes before 十四五 (the five-year plans are counted from 1953), that before a single year; 2035年远景目标
    is no period. In a text longer than a title only its head is read, a single year counts only with a verb (部署2020年工作), and where
    ``year`` (of publication) is given 到2027年 closes a period that begins then.
    """
    long = len(text) > 200 or "\n" in text.strip()
    folded = years_as_digits(squeeze(unicodedata.normalize("NFKC", text[:3000]).translate(_FOLD)))
    folded = DASHED.sub("-", folded)
    head = folded[:300] if long else folded
    for match in _RANGE.finditer(head):
        if 0 < int(match[2]) - int(match[1]) <= 30:
            return f"{match[1]}-{match[2]}"
    if five := _FIVE_YEARS.search(head):
        return five_year_period(five[1])
    if not long:
        years = [
            match[1]
            for match in _YEAR.finditer(head)
            if not _NO_PERIOD.match(head, match.end()) and head[: match.start()][-1:] not in ("到", "[")
        ]
        return years[0] if len(set(years)) == 1 else None
    if year is not None:
        ends = [int(match[1]) for match in re.finditer(r"到(20\d\d)年", folded)]
        if ends and 0 < ends[0] - year <= 15:
            return f"{year}-{ends[0]}"
    if annual := re.search(r"(?:部署|做好|推进|安排|谋划|明确)(?:好|了)?(20\d\d)年", folded):
        return annual[1]
    return None


def five_year_period(ordinal: str) -> str | None:
    """``"2021-2025"`` of ``"十四"``; ``None`` of what is no ordinal from 一 to 十九."""
    tens, ten, ones = ordinal.rpartition("十")
    digits = "一二三四五六七八九"
    if tens or (ones and ones not in digits):
        return None
    number = 10 * bool(ten) + (digits.index(ones) + 1 if ones else 0)
    # 1953-1957, 1958-1962, three years without, then every five years from 1966.
    start = 1966 + 5 * (number - 3) if number >= 3 else _FIRST_PLAN_YEAR + 5 * (number - 1)
    return f"{start}-{start + 4}"
