"""The window of a 征求意见: when it opens and closes, and whom to write to, as the notice states it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from watcher.lexicon import dates
from watcher.types import Consultation

_ABOUT = re.compile(
    "征求.{0,20}意见|征集.{0,12}(?:意见|建议)|意见.{0,4}征集|意见建议|公开听取|公示|反馈|听证|提出.{0,6}(?:意见|建议)"
)
_SPACED = re.compile("(?<=[0-9年月日至到于])\\s+(?=[0-9年月日至到前])")
_DAY = "(?:(?:20[0-9]{2}\\s?[年./-])?[0-9]{1,2}\\s?[月./-][0-9]{1,2}(?:日|号)?|[0-9]{1,2}日)"
_FULL = "(?:20[0-9]{2}\\s?[年./-])?[0-9]{1,2}\\s?[月./-][0-9]{1,2}(?:日|号)?"
_CLOCK = "(?:\\s?(?:上午|下午|晚)?[0-9]{1,2}[时点:：](?:[0-9]{2}分?)?|\\s?(?:24|17|18|12)时)?"
_RANGE = re.compile(f"({_FULL}){_CLOCK}(?:起)?\\s?(?:至|到|—+|-{{1,2}}|~|～|－)\\s?({_DAY})")
_NOW_TO = re.compile(f"(?:即日起|发布之日起|公布之日起|公告之日起|之日起|今日起)\\s?(?:至|到)\\s?({_FULL})")
_CLOSES = re.compile(
    f"(?:截止|截至)(?:日期|时间|到|至|日)*[为是:：]?\\s?({_FULL})|({_FULL}){_CLOCK}\\s?(?:\\([^)]{{0,12}}\\)|（[^）]{{0,12}}）)?\\s?(?:之前|以前|前|止|截止|截至|结束)|(?:反馈|征集|公示|征求意见|意见)(?:期限|时间|期|截止)+[^0-9。]{{0,8}}(?:至|到|为)({_FULL})"
)
_DURATION = re.compile(
    "(?:期限|公示期|征求意见期|公示时间|征求意见时间|征集时间|时间|期|为期|之日起|日起|公布后|发布后)[为是:：]?\\s?(?:自?.{0,14}?起)?[^0-9一二三四五六七八九十。]{0,4}"
    "([0-9]{1,3}|[一二三四五六七八九十]{1,3})\\s?个?(工作日|自然日|日历日|日|天|周|个?月|星期)"
)
_CONTACT = re.compile(
    "联系(?:电话|人|方式|地址|邮箱|部门|单位)|(?:电子)?邮箱|电子邮件|传真|E-?mail|通[讯信]地址|邮寄地址|来信|来函|信\\s?函[:：]|邮寄[:：]|微信公众号[:：]|咨询电话|邮政?编码?[:：]|邮编[:：]|地址[:：]|电\\s?话\\s?[:：]|手机[:：]",
    re.IGNORECASE,
)
_NUMERALS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
    "十五": 15,
    "二十": 20,
    "三十": 30,
}


def window(lines: Sequence[str], *, published: str | None, written: str | None) -> Consultation:
    """Reads the notice's lines (the first ones of a document). All fields ``None`` where no window is stated.

    Dates without a year take the year of publication, and the next one where they would lie before it. A duration counts
    from the day of publication; working days leave out Saturdays and Sundays, since holidays are not in the text.
    """
    start = published or written
    opens = closes = None
    for line in lines:
        if len(line) > 1200 or not _ABOUT.search(line):
            continue
        text = _plainly(line, start)
        opens, closes = _explicit(text, start)
        if closes is None and start:
            closes = _after(text, start)
            opens = start if closes else None
        if closes:
            break
    if closes is None:
        for line in lines:
            if len(line) <= 80 and re.match(
                "(?:征求意见|征集|公示|反馈|起止|截止|意见征集|公开征求意见).{0,8}(?:时间|日期|期限|期)|截止", line
            ):
                opens, closes = _explicit(_plainly(line, start), start)
                if closes:
                    break
    return Consultation(opens, closes, _contact(lines))


_MONTH_END = re.compile("(?:(20[0-9]{2})年)?([0-9]{1,2})月[底末]")


def _plainly(line: str, start: str | None) -> str:
    """The line with dates closed up and in digits, the end of a month as its last day."""

    def last(match: re.Match[str]) -> str:
        year, month = int(match[1] or (start or "0")[:4]), int(match[2])
        if not year or not 1 <= month <= 12:
            return match[0]
        if not match[1] and start and month < int(start[5:7]):
            year += 1
        return f"{year}年{month}月{calendar.monthrange(year, month)[1]}日"

    return _MONTH_END.sub(last, dates.with_digits(_SPACED.sub("", line)))


def _explicit(text: str, start: str | None) -> tuple[str | None, str | None]:
    year = int(start[:4]) if start else None
    if match := _RANGE.search(text):
        opens = dates.iso(match[1], year=year)
        if opens:
            closes = _near(_with_month(match[2], opens), opens)
            if closes:
                return opens, closes
    if match := _NOW_TO.search(text):
        return start, _near(match[1], start)
    if match := _CLOSES.search(text):
        return None, _near(match[1] or match[2] or match[3], start)
    return None, None


def _with_month(text: str, opens: str) -> str:
    return f"{int(opens[5:7])}月{text}" if re.fullmatch("[0-9]{1,2}日", text) else text


def _near(text: str, start: str | None) -> str | None:
    """A date that may lack its year, on or after ``start``."""
    found = dates.iso(text, year=int(start[:4]) if start else None)
    if found and start and found < start and not re.match("20[0-9]{2}", text):
        return dates.iso(text, year=int(start[:4]) + 1)
    return found


def _after(text: str, start: str) -> str | None:
    match = _DURATION.search(text)
    if match is None:
        return None
    count = int(match[1]) if match[1].isdigit() else _NUMERALS.get(match[1], 0)
    if not 0 < count <= 180:
        return None
    day = date.fromisoformat(start)
    unit = match[2]
    if unit == "工作日":
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5
        return day.isoformat()
    if "月" in unit:
        month = day.month - 1 + count
        year, month = day.year + month // 12, month % 12 + 1
        for last in (day.day, 30, 29, 28):
            try:
                return date(year, month, last).isoformat()
            except ValueError:
                continue
        return None
    return (day + timedelta(days=count * (7 if unit in ("周", "星期") else 1))).isoformat()


def _contact(lines: Sequence[str]) -> str | None:
    """The lines that say whom to reach, as printed, joined with ``；``."""
    found = []
    for line in lines:
        if len(line) <= 200 and _CONTACT.search(line) and re.search("[0-9@*×]|[:：]", line):
            found.append(line.strip())
        elif found and len(found) >= 6:
            break
    return "；".join(part.rstrip("。；;") for part in found[:6]) or None
