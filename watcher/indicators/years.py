"""The years and periods that a sentence names, and what they are named for: to govern what is said, or to be measured against."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import NamedTuple

from watcher.indicators.context import Times, five_years

Year = int | str | None
_YEARS = re.compile(
    # The look-ahead lets almost every character fail at once.
    r"(?=[截到至较比与同自从由以和在\s12“\"十过去近这最五53三4四今未年本上])(?:"
    r"(?P<lead>截至|截止|到|至|较|比|与|同|自|从|由|以|和|在(?=20\d\d年末?的?基础上))?\s{0,2}"
    r"(?:(?P<first>20\d\d)\s?年?\s?[-—–－~～至到、]\s?)?(?P<year>(?:19|20)\d\d)\s?年(?P<behind>年?[末底初](?!期)|度)?(?P<tail>的?(?:基线|基数)?的?基础上|的|相比|以来|以前|之前|前(?![期列三后沿茅瞻景])|起(?!步|点))?"
    r"|[“\"]?(?P<plan>十[二三四五六]五)[”\"]?(?P<planned>期间|时期|以来|期末|末|初期|初|规划)?"
    r"|(?P<words>(?:过去|近|这|最近)?(?:[五5三3四4]|十|10)年(?:来|间|多来)|过去[的]?[五5三3]年|今后[五5三3]年|未来[五5三3]年|[五5三3]年内|[五5三3]年(?:左右)?的?(?:努力|时间)|今年以来|今年|本年度?|去年|上年末?)(?P<same>同期)?)"
)
_CENSUS = re.compile(r"第([五六七])次(?:全国)?人口普查")
_MEASURED_AGAINST = re.compile(r"[较比](?:20\d\d年)?$")
_CENSUSES = {"五": 2000, "六": 2010, "七": 2020}
"""The years of the national censuses, which bulletins name by their number."""
_PAST_WORDS = re.compile(r"来$|(?<!时)间$|过去|近")
_SINCE = re.compile(r"[自从](20\d\d)年")
_COUNT_OF_YEARS = {"三": 3, "3": 3, "四": 4, "4": 4, "五": 5, "5": 5}
_BEFORE_THEN = ("以前", "之前", "前")
_BASIS = "占于区地省市县全照按至到"
"""Before 上年度 these make it part of a rule (不低于本地区上年度人均消费支出的35%), which no year passes over."""
_OF_GOAL = ("完成", "达到", "实现", "超过", "距", "高于", "低于", "为")
_SET_BY = ("提出的", "确定的", "规定的", "要求的", "明确的")
_HELD_AGAINST = ("恢复", "相当于", "仅为")
"""恢复到2019年的85%: measured against that year."""
_MULTIPLE = re.compile(r"的?(?:近|约)?[0-9.]+(?:倍|[%％])")


class YearMark(NamedTuple):
    """A year or period named in a sentence."""

    start: int
    end: int
    year: Year
    compared: bool
    """True for 较2015年, 比上年: the year that something is measured against."""
    carries: bool
    """True when later sentences of the paragraph may lean on it."""
    source: bool
    """True for 从2016年末的…: the older of two."""


_HIDDEN = re.compile(r"《[^》]{0,120}》|[〔\[][^〕\]]{0,12}[〕\]]|[“\"][^”\"]{0,10}20\d\d[^”\"]{0,10}[”\"]")
_HIDING = re.compile('[《〔\\[“"]')
_MONTH = re.compile(r"\d{1,2}月")
_TERM = "规划期末，"
"""The last year of the plan."""
_START = attrgetter("start")
_BEFORE, _BEHIND = 20, 16
"""Characters that a year may begin before its 年 or 五, and go on (and look ahead) behind it."""


def year_marks(sentence: str, times: Times) -> list[YearMark]:
    """All years and periods of a sentence, in order. Years inside 《》 and 〔〕 are titles and document numbers."""
    marks = _censuses(sentence) if "人口普查" in sentence else []
    year, five = sentence.find("年"), sentence.find("五")
    term = sentence.find(_TERM) if times.last else -1
    if term >= 0:
        marks.append(YearMark(term, term + len(_TERM), times.last, False, True, False))
    if year < 0 and five < 0:
        return marks
    # Every year has one of the two in it: only what stands around them is tried, and most sentences name theirs at the front.
    first = year if five < 0 or 0 <= year < five else five
    last = max(sentence.rfind("年"), sentence.rfind("五"))
    hidden: list[tuple[int, int]] | None = None
    for match in _YEARS.finditer(sentence, max(0, first - _BEFORE), last + _BEHIND):
        if hidden is None:
            hidden = [found.span() for found in _HIDDEN.finditer(sentence)] if _HIDING.search(sentence) else []
        if hidden:
            place = next((a for a, b in hidden if a <= match.start() < b), None)
            if place is not None and (not match["plan"] or sentence[place] == "《"):
                continue
        mark = _mark(match, sentence, times)
        if mark is not None:
            marks.append(mark)
    return marks if term < 0 else sorted(marks, key=_START)


def _censuses(sentence: str) -> list[YearMark]:
    """The years of the national censuses that a sentence names by their number, unless something is measured against them."""
    marks: list[YearMark] = []
    for match in _CENSUS.finditer(sentence):
        compared = (
            "相比" in sentence[match.end() : match.end() + 18].partition("，")[0]
            or _MEASURED_AGAINST.search(sentence, max(0, match.start() - 8), match.start()) is not None
        )
        marks.append(YearMark(*match.span(), _CENSUSES[match[1]], compared, not compared, False))
    return marks


def _told_until(year: int, times: Times) -> int | None:
    """The last year that results told since ``year`` (2019年起, 2021年以来) may speak of; ``None`` where the text does not say."""
    until = times.told if times.is_report else times.first and times.first - 1
    return until if until is not None and year < until else None


def _held_against(sentence: str, start: int, end: int, before: str) -> bool:
    """Whether 2015年的 is what something is measured against: 是2015年的5.8倍, 恢复到2019年的85%."""
    return sentence.endswith(_HELD_AGAINST, 0, start) or (
        before in ("是", "为") and _MULTIPLE.match(sentence, end, end + 10) is not None
    )


def _mark(match: re.Match[str], sentence: str, times: Times) -> YearMark | None:
    start, end = match.span()
    before = sentence[max(0, start - 1) : start]
    lead = match["lead"] or ""
    if match["year"]:
        printed, tail, first = int(match["year"]), match["tail"], match["first"]
        if lead in ("从", "自") and _MONTH.match(sentence, end):
            return YearMark(start, end, printed, False, True, False)
        compared = lead in ("较", "比") or (
            lead in ("与", "同") and "相比" in sentence[end : end + 24].partition("，")[0] + (tail or "")
        )
        since = False
        if before in ("对", "将", "把") and tail:
            # 对2013年以来改造的农村户厕: of which of them something is said.
            return YearMark(start, end, printed, True, False, False)
        if tail and tail.endswith("基础上"):
            return YearMark(start, end, printed, True, False, False)
        if lead == "以" and "为基" in sentence[end : end + 10]:
            return YearMark(start, end, printed, True, False, False)
        if sentence.startswith(("目标", "规划目标", "年度目标"), end) and sentence.endswith(_OF_GOAL, 0, start):
            # 完成2025年目标值的81.9%
            return YearMark(start, end, printed, True, False, False)
        if before == "于":
            # 建于1998年: when something else was.
            return YearMark(start, end, printed, True, False, False)
        if tail == "的":
            compared = compared or _held_against(sentence, start, end, before)
        elif tail:
            if tail in _BEFORE_THEN and printed < (times.first or times.told or printed):
                # 2000年以前建成的
                return YearMark(start, end, printed, True, False, False)
            if tail in ("以来", "起") and (until := _told_until(printed, times)):
                # 2019年起 in a chapter of results: until they were told.
                return YearMark(start, end, f"{printed}-{until}", lead in ("自", "从"), False, False)
            since = tail in ("以来", "以前", "起")
        opening = lead in ("截至", "截止", "到", "至") or not before or before in "，,。；;：: 　、（(末）)据"
        if sentence.endswith(_SET_BY, 0, start):
            # 纲要提出的到2030年…的目标: of that paper, and of nothing behind it.
            return YearMark(start, end, printed, False, False, False)
        return YearMark(
            start,
            end,
            f"{first}-{printed}" if first else printed,
            compared or (since and lead in ("自", "从")),
            (opening or bool(match["behind"])) and not compared and not since,
            lead in ("从", "由") and not first,
        )
    if match["plan"]:
        named = five_years(match["plan"])
        if named is None:
            return None
        word = match["planned"] or ""
        than = before in ("与", "同", "和") and sentence.startswith("相比", end)
        compared = (
            before in ("较", "比") or than or word in ("初期", "初") or bool(_MULTIPLE.match(sentence[end : end + 10]))
        )
        period: Year = named[1] if word in ("末", "期末") else f"{named[0]}-{named[1]}"
        summed = not word and sentence.startswith("累计", end)
        governs = summed or word in ("期间", "时期", "以来", "末", "期末")
        return (
            YearMark(start, end, period, compared or not governs, governs and not compared and not summed, False)
            if governs or compared
            else None
        )
    words = match["words"]
    if words in ("本年", "本年度") and times.is_report and times.told:
        return YearMark(start, end, times.told, False, True, False)
    if words in ("今年以来", "今年", "本年", "本年度"):
        return YearMark(start, end, times.now, False, True, False) if times.now else None
    if words in ("去年", "上年", "上年末"):
        if before and before in _BASIS and (before in "按照" or sentence[end : end + 1] == "度"):
            return None
        # 上年 is the year before the one a report tells of; 去年 the year before the one in which it is told.
        spoken = times.told if words != "去年" and times.told and times.is_report else times.now
        than = before in ("与", "和") and sentence.startswith(("相比", "比较", "比，", "比,"), end)
        compared = (
            than or before in ("比", "较", "同") or bool(match["same"]) or _held_against(sentence, start, end, before)
        )
        return YearMark(start, end, spoken - 1 if spoken else None, compared, False, before in ("由", "从"))
    if _PAST_WORDS.search(words) or (
        words.endswith("努力") and sentence[max(0, start - 4) : start].strip("，") == "经过"
    ):
        past = times.past_period
        if past is not None and ("十年" in words or "10年" in words):
            past = f"{int(past[-4:]) - 9}-{past[-4:]}"
        if past is None and times.now is not None:
            past = f"{times.now - 5}-{times.now - 1}"
        return YearMark(start, end, past, False, True, False)
    begun = _SINCE.search(sentence, 0, start)
    count = next((_COUNT_OF_YEARS[mark] for mark in words if mark in _COUNT_OF_YEARS), 0)
    if begun and count:
        # 自2022年起，力争用三年时间: until the last of them.
        return YearMark(start, end, f"{begun[1]}-{int(begun[1]) + count - 1}", False, True, False)
    return YearMark(start, end, times.period, False, True, False) if times.period else None
