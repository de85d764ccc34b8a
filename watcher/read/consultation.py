"""The window of a 征求意见: when it opens and closes, and whom to write to, as the notice states it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from watcher.lexicon import dates
from watcher.types import Consultation

_ABOUT = re.compile(
    "征求.{0,20}意见|征集.{0,12}(?:意见|建议)|征询.{0,12}意见|意见.{0,4}征询|意见.{0,4}征集|意见建议|公开听取|公示|反馈|听证|提出.{0,6}(?:意见|建议)|书面意见|修改意见|意见.{0,6}(?:发送|报送|发至|报至|寄|传真)"
)
_SPACED = re.compile("(?<=[0-9])\\s+(?=[年月日至到前])|(?<=[年月日至到于])\\s+(?=[0-9])|(?<=[年月日])\\s+(?=[至到前])")
_DAY = "(?:(?:20[0-9]{2}\\s?[年./-])?[0-9]{1,2}\\s?[月./-][0-9]{1,2}(?:日|号)?|[0-9]{1,2}日)"
_FULL = "(?:20[0-9]{2}\\s?[年./-])?[0-9]{1,2}\\s?[月./-][0-9]{1,2}(?:日|号)?"
_CLOCK = "(?:\\s?(?:上午|中午|下午|晚上?)?[0-9]{1,2}[时点:：](?:[0-9]{2}分?)?(?:[:：][0-9]{2})?)?"
_ASIDE = "\\s?(?:\\([^)]{0,12}\\)|（[^）]{0,12}）)?"
_RANGE = re.compile(f"({_FULL}){_ASIDE}{_CLOCK}(?:起|开始)?[，,]?\\s?(?:至|到|—+|-{{1,2}}|~|～|－)\\s?({_DAY})")
_FROM_UNTIL = re.compile(
    f"({_FULL}){_ASIDE}{_CLOCK}(?:起|开始)[，,、]?\\s?({_FULL}){_ASIDE}{_CLOCK}\\s?(?:止|截止|结束)"
)
_FROM_FOR = re.compile(
    f"({_FULL})起[，,]?\\s?(?:为期|共)?\\s?([0-9]{{1,3}})\\s?个?(工作日|自然日|日历日|日|天|周|个?月|星期)(?![0-9])"
)
_NOW_TO = re.compile(f"(?:即日起|发布之日起|公布之日起|公告之日起|之日起|今日起)[，,]?\\s?(?:至|到)\\s?({_FULL})")
_CLOSES = re.compile(
    f"(?:截止|截至)(?:日期|时间|到|至|日|于)*[为是:：]?\\s?(?P<until>{_FULL})|(?P<before>{_FULL}){_CLOCK}{_ASIDE}{_CLOCK}(?:上午|中午|下午|当[日天])?(?:下班)?\\s?(?:之前|以前|前)|(?P<end>{_FULL}){_CLOCK}{_ASIDE}{_CLOCK}\\s?(?:止|截止|截至|结束)|(?:反馈|征集|公示|征求意见|意见)(?:期限|时间|期|截止)+[^0-9。]{{0,8}}(?:至|到|为)(?P<to>{_FULL})"
)
_ASKED = re.compile("(?:请|可|应|须|需|务必)(?:[^，。；0-9]{0,6})(?:于|在|将)?$")
_SENT = re.compile("反馈|提出|提交|报送|发送|寄|回复|反映|告知|书面|送达|函告|来信|来电|发至|报至|送至|返回|填报")
_DURATION = re.compile(
    "(?:期限|时限|公示期|征求意见期|公示时间|征求意见时间|征集时间|时间|期|为期|之日起|日起|公布后|发布后)[为是:：]?\\s?(?:自?.{0,14}?起)?[^0-9一二两三四五六七八九十。]{0,4}"
    "([0-9]{1,3}|[一二两三四五六七八九十]{1,3})\\s?个?(工作日|自然日|日历日|日|天|周|个?月|星期)(?![0-9一二三四五六七八九十])"
)
_WITHIN = re.compile(
    "(?:请|应|可|须|望|需)(?:于|在)?\\s?([0-9]{1,3}|[一二两三四五六七八九十]{1,3})\\s?个?(工作日|自然日|日|天|周|个?月|星期)(?:之)?内"
)
_CONTACT = re.compile(
    "联系(?:电话|人|方式|地址|邮箱|部门|单位)|(?:电子)?邮箱|电子邮件|传真|E-?mail|通[讯信]地址|邮寄地址|来信|来函|信\\s?函[:：]|邮寄[:：至到]|请寄|寄[至到往]|(?<!未)来电|[\\w.-]{2,40}@[\\w-]{1,40}\\.[a-z]|邮编\\s?[0-9]{6}|微信公众号[:：]|咨询电话|邮政?编码?[:：]|邮编[:：]|地址[:：]|电\\s?话\\s?[:：]|手机[:：]",
    re.IGNORECASE,
)
_NUMERALS = {name: value for value, name in enumerate("一二三四五六七八九", 1)} | {"两": 2}


def _number(text: str) -> int:
    """A number below a hundred in digits or in Chinese numerals (三十, 十五, 两), 0 for anything else."""
    if text.isdigit():
        return int(text)
    tens, ten, units = text.rpartition("十")
    if not ten:
        return _NUMERALS.get(text, 0)
    return 10 * (_NUMERALS.get(tens, 0) if tens else 1) + _NUMERALS.get(units, 0)


def window(
    lines: Sequence[str], *, published: str | None, written: str | None, tables: Sequence[str] = ()
) -> Consultation:
    """Reads the notice's lines (the first ones of a document; ``tables`` are the texts of those above it). All fields ``None`` where no window is stated.

    Dates without a year take the year of publication, and the next one where they would lie before it. A duration counts
    from the day of publication; working days leave out Saturdays and Sundays, since holidays are not in the text.
    """
    start = published or written
    opens = closes = None
    past: tuple[str | None, str | None] = None, None
    for line in lines:
        if len(line) > 1200 or not _ABOUT.search(line):
            continue
        text = _plainly(line, start)
        opens, closes = _explicit(text, start)
        if start and opens is None:
            counted = _after(text, start)
            if closes is None or closes == counted:
                closes = counted
                opens = start if closes else None
        if closes and start and closes < start:
            # What ended before the notice was an earlier round, unless it names no other.
            past, opens, closes = past if past[1] else (opens, closes), None, None
        if closes:
            break
    for line, following in zip(lines, [*lines[1:], ""], strict=False) if closes is None else ():
        if len(line) <= 80 and (match := _HEADED.match(line)):
            # A heading of the time alone (一、征求意见时间) is answered by the next line.
            said = f"{line}：{following[:120]}" if match.end() >= len(line.rstrip("：:。 ")) else line
            opens, closes = _explicit(_plainly(said, start), start)
            if closes:
                break
    if closes is None:
        opens, closes = _labelled("\n".join([*(line for line in lines[:_TABLED] if len(line) <= 200), *tables]))
    if closes is None:
        opens, closes = past
    return Consultation(opens, closes, _contact(lines))


_TABLED = 30
_BEGIN = re.compile("(?:开始|起始)(?:时间|日期)[\\s:：]{1,3}(20[0-9]{2}[年./-][0-9]{1,2}[月./-][0-9]{1,2})")
_END = re.compile("(?:结束|截止)(?:时间|日期)[\\s:：]{1,3}(20[0-9]{2}[年./-][0-9]{1,2}[月./-][0-9]{1,2})")


def _labelled(text: str) -> tuple[str | None, str | None]:
    """The days that a table or a line of labels tells (开始时间, 结束时间); none without the last one."""
    begin, end = _BEGIN.search(text), _END.search(text)
    closes = dates.iso(end[1].replace("月", "-").replace("年", "-")) if end else None
    opens = dates.iso(begin[1].replace("月", "-").replace("年", "-")) if begin and closes else None
    return opens, closes


_HEADED = re.compile(
    "(?:[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十]{1,2}[）)]|[0-9]{1,2}[.．、])?\\s?(?:(?:公开)?(?:征求意见|征集意见|意见征集|征集|公示|反馈意见|意见反馈|反馈|起止)(?:的?(?:起止)?(?:时间|日期|期限|期间|期))|截止(?:时间|日期)?)"
)
_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_SHORT_NUMERALS = re.compile(
    "(?<![一二三四五六七八九十年])([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_THIS_MONTH = re.compile("本月(?=[0-9]{1,2}日|[底末])")
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

    text = dates.with_digits(_SPACED.sub("", line.translate(_DIGITS)))
    text = _SHORT_NUMERALS.sub(lambda match: f"{_number(match[1])}月{_number(match[2])}日", text)
    if start:
        text = _THIS_MONTH.sub(f"{int(start[5:7])}月", text)
    return _MONTH_END.sub(last, text)


def _explicit(text: str, start: str | None) -> tuple[str | None, str | None]:
    year = int(start[:4]) if start else None
    if match := _EXTENDED.search(text):
        opened = _RANGE.search(text[: match.start()])
        return dates.iso(opened[1], year=year) if opened else None, _near(match[1], start)
    for span in (*list(_RANGE.finditer(text))[:8], *list(_FROM_UNTIL.finditer(text))[:8]):
        opens = dates.iso(span[1], year=year)
        closes = _until(_near(_with_month(span[2], opens), opens), opens) if opens else None
        if closes:
            return opens, closes
    if match := _FROM_FOR.search(text):
        opens = dates.iso(match[1], year=year)
        if opens and (closes := _later(opens, int(match[2]), match[3])):
            return opens, closes
    if match := _NOW_TO.search(text):
        return start, _near(match[1], start)
    for match in _CLOSES.finditer(text):
        before = match["before"]
        if before and not (_ASKED.search(text[: match.start()][-12:]) or _SENT.search(_clause(text[match.end() :]))):
            continue  # what is to be done by then is a task of the document
        return None, _near(before or match["until"] or match["end"] or match["to"], start)
    return None, None


_EXTENDED = re.compile(f"(?:延长|延期|顺延|推迟)(?:到|至)\\s?({_FULL})")
LONGEST = 200
"""Days that a window stays open at most: a longer span is a plan's own period."""


def _until(closes: str | None, opens: str) -> str | None:
    """The last day of a span. One before the first day was printed with last year's number (2025年12月20日至2025年1月19日)."""
    if closes is None:
        return None
    first, last = date.fromisoformat(opens), date.fromisoformat(closes)
    if last < first and last.month < first.month:
        closes = f"{last.year + 1}{closes[4:]}" if (last.month, last.day) != (2, 29) else closes
        last = date.fromisoformat(closes)
    return closes if 0 <= (last - first).days <= LONGEST else None


def _clause(text: str) -> str:
    """What is said of a day: up to the end of the sentence or to the next day."""
    end = _NEXT.search(text)
    return text[: end.start() if end else 40][:40]


_NEXT = re.compile("。|[0-9]{1,2}月[0-9]{1,2}日")


def _with_month(text: str, opens: str) -> str:
    return f"{int(opens[5:7])}月{text}" if re.fullmatch("[0-9]{1,2}日", text) else text


def _near(text: str, start: str | None) -> str | None:
    """A date that may lack its year, on or after ``start``."""
    found = dates.iso(text, year=int(start[:4]) if start else None)
    if found and start and found < start and not re.match("20[0-9]{2}", text):
        return dates.iso(text, year=int(start[:4]) + 1)
    return found


def _after(text: str, start: str) -> str | None:
    match = _DURATION.search(text) or _WITHIN.search(text)
    if match is None:
        return None
    return _later(start, _number(match[1]), match[2])


def _later(start: str, count: int, unit: str) -> str | None:
    """The day ``count`` units after a day, ``None`` beyond half a year's days."""
    if not 0 < count <= 180:
        return None
    day = date.fromisoformat(start)
    if unit == "工作日":
        while count:
            day += timedelta(days=1)
            count -= day.weekday() < 5
        return day.isoformat()
    if "月" in unit:
        month = day.month - 1 + count
        year, month = day.year + month // 12, month % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1])).isoformat()
    return (day + timedelta(days=count * (7 if unit in ("周", "星期") else 1))).isoformat()


def _contact(lines: Sequence[str]) -> str | None:
    """Whom to reach, as printed: lines, of a paragraph the sentences that say so; joined with ``；``."""
    found = []
    for line in lines:
        # A long paragraph is the notice itself, or it is of the plan below.
        sentences = re.split("(?<=。)", line) if len(line) <= 200 or (len(line) <= 1200 and _ABOUT.search(line)) else []
        said = [
            one for one in sentences if len(one) <= 200 and _CONTACT.search(one) and re.search("[0-9@*×]|[:：]", one)
        ]
        if said:
            found.append("".join(said).strip())
        elif found and len(found) >= 6:
            break
    return "；".join(part.rstrip("。；;") for part in found[:6]) or None
