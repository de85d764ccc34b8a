"""What a document says about time as a whole: the plan's period, and the year in which it speaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from watcher.types import Reading

_FIVE_YEAR = {"十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026, "十六五": 2031}
_FIVE_YEAR_NAME = re.compile("|".join(_FIVE_YEAR))
_ORDINAL_PLAN = re.compile(r"第(十[二三四五六])个五年规划")
_PERIOD = re.compile(r"(20\d\d)年?\s*[-—–－~～至到]{1,2}\s*(20\d\d)\s*年?")
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
_PAST_YEAR = re.compile(r"(?<![\d到至望、和与较比由从自距—–-])(20\d\d)\s*年(?!底?前)")
"""A year that is neither a term (到2027年, 2025年底前) nor what something is measured against (较2020年)."""
_UNTIL = re.compile(r"截[至止]到?(20\d\d)\s*年(?:(\d{1,2})月)?")
_AT_END = re.compile(r"(20\d\d)\s*年(?:年)?[末底]")
_NOTES = re.compile(r"说明[）)]?$")
"""The notes on a draft look back as far as its subject goes."""
_SPOKEN = re.compile(r"(20\d\d)\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*在[^。]{2,60}会")
"""——2025年1月8日在…第四次会议上: when a report was given."""
_TOLD_OF = re.compile(r"(20\d\d)\s*年(?:政府)?工作(?:回顾|总结|情况)")
"""2024年工作回顾: the year a report tells of."""
_NUMBERED = re.compile(r"[〔\[［(（](20\d\d)[〕\]］)）]")
"""The year of a document's own number."""
_CENSUS = re.compile(r"第([一二三四五六七八九])次(?:全国)?(人口|农业|经济)普查")
_ORDINALS = "零一二三四五六七八九"
_CENSUSES = {"人口": (1950, 10), "农业": (1986, 10), "经济": (1998, 5)}
"""The year before the first of its kind by the order they keep now, and the years from one to the next."""
_REVIEW = re.compile(r"评估")
_ASSIGNED = re.compile(r"工作报告[》”\"]?[^，。]{0,24}(?:分工|分解|清单|台账|责任|任务|方案|安排)")
"""《政府工作报告》重点任务分工方案 deals out what shall be done."""
_BULLETIN = re.compile(
    r"公报|通报$|决算(?!.*草案)|绩效自评|(?:调查|监测|进展|分析)报告|总结|完成情况|执行情况|进展情况|运行情况|基本情况|状况$|情况(?:汇总|一览)?表$|统计|年报|年度报告|季报|月报"
)
_STATE_IN = re.compile(r"20\d\d年度?(?!.*20\d\d)[^，。]{0,40}情况的?(?:报告|汇报)$")
"""2023年度法治政府建设情况的报告 tells of that year."""
_PART_OF_YEAR = re.compile(r"季度|[春秋]季|学期|上半年|\d月份?|半年")
_PARTS = re.compile(
    r"(?:[\u4e00-\u9fff]{2,10}(?=20\d\d))?(?:20\d\d\s?年)?(?:1\s?[-—–~至到]\s?1?\d\s?月|1?\d月份?(?!\s?\d)|[前第]?[一二三四]季度|上半年)(?!.*(?:通知|方案))"
)
"""1-10月…: a title that begins with a part of a year."""
_PLAN = re.compile(r"规划|计划|方案|纲要|行动|意见|目标|要点|措施|办法")
_MEASURED = re.compile(r"同比|[比较](?:上年|去年|20\d\d年)(?:同期)?(?:增|减|提|上|下|降|缩|扩|回|多|少)")
_AIMED = re.compile(r"[到至]20\d\d年|力争|确保|应当|不低于|不少于|不超过|目标")
_ORDERS = re.compile(_PLAN.pattern + r"|通知|条例|规定|规则|细则|标准|招聘|招标|采购")
_DESCRIBES = re.compile(r"概况|概览|简介$|介绍$|答复|回复|复函")
"""A description of a place or house, or an answer: what it tells is of no year but those it prints."""
_TOLD = re.compile(
    r"取得[^，,。]{0,8}(?:突破|成效|进展|成就|成果|成绩)|亮点|不断(?:壮大|提升|增强|改善)|圆满(?:完成|收官)|迈上新台阶|再创新高|实现[^，,。]{0,8}开门红"
)
"""A headline that tells what was reached."""
_SPEECH = re.compile("讲话|致辞")
_REPORT = re.compile(
    r"概况|简况|快报|概览|简介$|介绍$|工作报告|(?:评估|调研|考察|述职)报告|讲话|致辞|发布会|实录|(?:建议|提案|议案)的?(?:办理)?(?:答复|回复|复函)|工作会议|情况(?:的?(?:报告|汇报|通报)|(?:汇总|统计|一览)?表?(?:[（(][^（）()]{1,16}[)）])?$)|工作情况|(?:成就|成效|综述)$|"
    + _BULLETIN.pattern
)


@dataclass(frozen=True, slots=True)
class Times:
    """The time frame of a document. ``None`` where it does not say."""

    first: int | None
    """First year of the plan (2021)."""
    last: int | None
    """Last year of the plan (2025)."""
    now: int | None
    """The year in which the text speaks: what lies before is past."""
    is_report: bool
    """A report or speech: what is told is done unless it says otherwise."""
    aim: int | None = None
    """The year of a one-year work plan: its undated targets are due then."""
    told: int | None = None
    """The year a report tells of: the year before it, or the year a statistical bulletin has in its title."""

    step: int = 1
    """So many years before the year it tells of a report's older values are: ten for a census of the people."""

    is_speech: bool = False
    """A speech: its chapters urge (二、突出重点…) where they do not look back."""

    is_plan: bool = False
    """The title is that of a plan, a programme or a list of measures: its tables hold targets."""

    @property
    def past_period(self) -> str | None:
        """The five years before the plan, as 五年来 and an undated achievement mean them."""
        if self.first is None:
            return None
        return f"{self.first - 5}-{self.first - 1}"

    @property
    def period(self) -> str | None:
        """The plan's own years."""
        return f"{self.first}-{self.last}" if self.first and self.last else None


def five_years(text: str) -> tuple[int, int] | None:
    """十四五, 第十四个五年规划 → (2021, 2025); the first such name in the text, ``None`` when there is none."""
    named, told = _FIVE_YEAR_NAME.search(text), _ORDINAL_PLAN.search(text)
    name = named[0] if named else f"{told[1]}五" if told else None
    return (_FIVE_YEAR[name], _FIVE_YEAR[name] + 4) if name else None


def times_of(reading: Reading) -> Times:
    """The time frame, from the period of the metadata, the titles, the dates, and at last the opening of the text."""
    first = last = None
    title = f"{reading.plan_title or ''} {reading.title}".rstrip()
    stated = re.findall(r"20\d\d", reading.metadata.period or "")
    if len(stated) == 2:
        first, last = int(stated[0]), int(stated[1])
    if first is None:
        for text in (reading.plan_title or "", reading.title):
            span = _PERIOD.search(text)
            named = five_years(text)
            if span:
                first, last = int(span[1]), int(span[2])
            elif named:
                first, last = named
            if first:
                break
    assigned = _ASSIGNED.search(title) is not None
    is_report = not assigned and (bool(_REPORT.search(title) or _PARTS.match(title.lstrip())) or _tells(title, reading))
    # A title that says nothing leaves it to the text.
    compares = not is_report and first is None and not _ORDERS.search(title) and _compares(reading)
    is_report = is_report or compares
    if first is None and not is_report:
        opening = _opening(reading)
        named_counts = [(opening.count(name), name) for name in _FIVE_YEAR]
        best = max(named_counts)
        if best[0] >= 2:
            first = _FIVE_YEAR[best[1]]
            last = first + 4
    now, late = None, False
    for date in (reading.metadata.written_on, reading.metadata.published_on):
        if date and date[:4].isdigit():
            part = date[5:7] > "02" and _PARTS.match(title.lstrip())
            now, late = int(date[:4]), date[5:7] in ("11", "12") or bool(part)
            break
    if now is None and (stated_in := _said_in(reading, is_report)):
        now = stated_in
    if now is None and first is not None and last is not None and is_report:
        if _REVIEW.search(title):
            # A review of a plan tells of one of its years; the text names it more often than any other.
            until = last - ("中期" in title)
            reviewed = _most_common(
                year for year in map(int, _PAST_YEAR.findall(_opening(reading))) if first <= year <= until
            )
            now = reviewed + 1 if reviewed else None
        for year, month in _UNTIL.findall(_opening(reading)):
            if first <= int(year) <= last:
                # 截至2023年6月底: told within the year it tells of.
                now = max(now or 0, int(year) + (not month or month == "12"))
    if first is not None and (now is None or now > (last or now) + is_report):
        # What tells of a period, and is no plan, was told when it was over.
        over = now is None and last is not None and is_report and (not _PLAN.search(title) or _ended(title))
        now = last + 1 if over and last is not None else first
    if now is None:
        now = _most_common(map(int, _YEAR.findall(title)))
    if (
        now is None
        and not _YEAR.search(title)
        and _BULLETIN.search(title)
        and (ends := _AT_END.findall(_opening(reading)))
    ):
        # A bulletin without a year in its title is of the year whose end it tells of.
        now = int(max(ends)) + 1
    if now is None and not is_report and (since := _UNTIL.findall(_opening(reading))):
        # 截至2023年末: who can say so speaks in the year after.
        now = max(int(year) + (not month or month == "12") for year, month in since)
    if now is None and not _NOTES.search(title):
        # The columns of a plan's table name several years alike, and none of them is its own.
        now = _most_common(map(int, _PAST_YEAR.findall(_opening(reading)[:1500])), alone=not is_report)
        if is_report and now is not None and _tells(title, reading) and _compares(reading):
            # A headline of what was reached in a year that the text measures against the one before.
            now += 1
        elif now is not None and not is_report and re.search(f"[由从较比]{now}年", _opening(reading)):
            # 由2022年的72%提高到2025年的78%: that year was over.
            now += 1
    # At the end of a year, or of a part of it, a report tells of that year.
    told = now - (not late) if now is not None and is_report and not _DESCRIBES.search(title) else None
    titled = None if _PERIOD.search(title) else _YEAR.search(title)
    if (
        is_report
        and titled
        and (compares or _STATE_IN.search(title) or _BULLETIN.search(title) or _PARTS.match(title.lstrip()))
    ):
        told = int(titled[1])
        # What tells of a part of a year is told within it.
        now = max(now or 0, told + (_PART_OF_YEAR.search(title) is None))
    aim = None
    if (
        is_report
        and first is None
        and now is not None
        and told == now - 1
        and set(_YEAR.findall(title)) == {str(told), str(now)}
    ):
        # 2023年预算执行情况和2024年预算草案: what it plans is for the second year.
        aim = now
    elif is_report and first is None and titled and told == now and _PART_OF_YEAR.search(title):
        # 上半年工作总结及下半年工作计划: for the rest of the year it tells of.
        aim = told
    if titled and first is None and not is_report:
        aim = int(titled[1])
        now, told = aim, aim - 1
    counted = _CENSUS.search(title) if is_report else None
    step = 1
    if counted:
        begun, step = _CENSUSES[counted[2]]
        told = begun + step * int(_ORDINALS.index(counted[1]))
        now = max(now or 0, told + 1)
    return Times(
        first,
        last,
        now,
        is_report,
        aim,
        told,
        step,
        is_report and _SPEECH.search(title) is not None,
        first is not None or bool(_PLAN.search(title)),
    )


def _ended(title: str) -> bool:
    """Whether a title is that of a review at the end of a plan's term."""
    return _REVIEW.search(title) is not None and "中期" not in title


def _compares(reading: Reading) -> bool:
    """Whether a text measures what it tells against the year before, over and over, and sets hardly a goal, as bulletins do."""
    opening = _opening(reading)
    return len(_MEASURED.findall(opening)) > 2 * len(_AIMED.findall(opening))


def _tells(title: str, reading: Reading) -> bool:
    """Whether a title that is no plan's tells what was reached, or of a year over when it was published."""
    if _PLAN.search(title):
        return False
    named = {int(year) for year in _PAST_YEAR.findall(title)}
    published = (reading.metadata.published_on or "")[:4]
    return bool(_TOLD.search(title)) or (len(named) == 1 and published.isdigit() and max(named) < int(published))


def _said_in(reading: Reading, is_report: bool) -> int | None:
    """The year a report was given in, by the line below its title; that of a document's own number; ``None`` for neither."""
    if is_report and (spoken := _SPOKEN.search(_opening(reading)[:600])):
        return int(spoken[1])
    if is_report and (told := _TOLD_OF.search(_opening(reading))):
        return int(told[1]) + 1
    numbered = _NUMBERED.search(reading.metadata.document_number or "")
    return int(numbered[1]) if numbered else None


def _most_common(years: Iterable[int], *, alone: bool = False) -> int | None:
    """The year that stands there most often, the later of two (none where it must be ``alone``); ``None`` for none."""
    counts = Counter(years)
    most = max(counts.values(), default=0)
    best = [year for year, count in counts.items() if count == most]
    return max(best) if best and (len(best) == 1 or not alone) else None


def _opening(reading: Reading) -> str:
    """The first few thousand characters of the text."""
    return "\n".join([block.text[:3000] for block in reading.blocks[:40]])[:6000]
