"""When and in which sense a clause speaks: the governing year, and whether it tells of what is or of what shall be.

Evidence, strongest first: a year or tense word of the sentence, the year of an earlier sentence of the paragraph, the
headings above, the kind of document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from watcher.indicators.context import Times, five_years
from watcher.indicators.glance import first_of

Sense = Literal["actual", "target"]
Year = int | str | None

_YEARS = re.compile(
    # The look-ahead lets almost every character fail at once.
    r"(?=[截到至较比与同自从由以和\s12“\"十过去近这最五53三4四今未年本上])(?:"
    r"(?P<lead>截至|截止|到|至|较|比|与|同|自|从|由|以|和)?\s{0,2}"
    r"(?:(?P<first>20\d\d)\s?年?\s?[-—–－~～至到、]\s?)?(?P<year>(?:19|20)\d\d)\s?年(?P<behind>年?[末底初](?!期)|度)?(?P<tail>的|相比|以来|以前|之前|前(?![期列三后沿茅瞻景])|起(?!步|点))?"
    r"|[“\"]?(?P<plan>十[二三四五六]五)[”\"]?(?P<planned>期间|时期|以来|期末|末|初期|初|规划)?"
    r"|(?P<words>(?:过去|近|这|最近)?[五5三3四4]年(?:来|间|多来)|过去[的]?[五5三3]年|今后[五5三3]年|未来[五5三3]年|[五5三3]年内|[五5三3]年(?:左右)?的?(?:努力|时间)|今年以来|今年|本年度?|去年|上年末?)(?P<same>同期)?)"
)
_CENSUS = re.compile(r"第([五六七])次(?:全国)?人口普查")
_MEASURED_AGAINST = re.compile(r"[较比](?:20\d\d年)?$")
_CENSUSES = {"五": 2000, "六": 2010, "七": 2020}
"""The years of the national censuses, which bulletins name by their number."""
_PAST_WORDS = re.compile(r"来$|(?<!时)间$|过去|近")
_SINCE = re.compile(r"[自从](20\d\d)年")
_COUNT_OF_YEARS = {"三": 3, "3": 3, "四": 4, "4": 4, "五": 5, "5": 5}
_SURVEYED = "据[^，,。；]{0,16}?(?:统计|普查|调查|监测)(?!局|部门|体系|网)"
"""据第七次全国人口普查, 据专项调查: what follows was found."""
_ACTUAL = first_of(
    "",
    (
        "截至", "截止", "目前", "累计", "已(?:经|有|建|达|完|实|成|覆|全|累|培|发|组|开|创|形|纳|投)", "现有", "荣获", "获评", "获得了", "被评为", "被确定为", "被授予", "被列为",
        "完成了", "实现了", "建成了", "建立了", "组建了", "成立了", "达到了", "取得了", "增加了", "下降了", "提高了", "新增了", "开展了", "解决了", "招聘了",
        "获(?:国家|省|自治区|全国)", _SURVEYED, "同比", "比上年", "较上年", "比去年", "较去年",
    ),
)  # fmt: skip
_TARGET = first_of(
    "",
    (
        "力争", "争取", "确保", "计划(?!$|[0-9.]{1,6}[%％]|的|任务|目标|数|生育|免疫)", "拟", "今年(?!以来)", "预期", "将要", "要(?=达到|建成|完成|实现|在|打造|控制)", "应(?=达到|占|不|配)", "目标", "不得", "今后", "未来",
        "下一步", r"到20[3-9]\d年",
    ),
)  # fmt: skip
_TOLD = first_of(
    "",
    (
        "目前", "截至", "截止", "已(?<=[^，,。；]{2}已)(?:经|达|有|累计|建成|完成|实现|覆盖)(?![^，,。；]{0,3}的)", "现已", "现共", "成立了", "建立了", "组建了", "完成了",
        "建成了", "启动了", "取得了", _SURVEYED,
    ),
)  # fmt: skip
"""Within a chapter of tasks only these tell of what is."""
_THAN_BEFORE = first_of("", ("同比", "比上年", "较上年"))
_STRONG_ACTUAL = first_of(
    "",
    (
        "成就", "成效", "成果(?![转产应推运落共])", "现状", "回顾", "背景", "总结", "存在的?(?:主要)?(?:问题|困难)", "主要问题", "形势", "挑战", "机遇", "工作情况", "完成情况", "执行情况", "运行情况",
        "进展", "发展基础", "工作基础", "现实基础", "规划基础", "基础与", "基本情况", "“十[二三]五[”\"]?(?:期间|时期)", "\"十[二三]五[”\"]?(?:期间|时期)",
        "十[二三]五[”\"]?(?:期间|时期)", "过去五?一?年", "过去5一?年",
    ),
)  # fmt: skip
_STRONG_TARGET = first_of(
    "",
    (
        "目标", "任务", "举措", "措施", "总体要求", "总体思路", "总体战略", "总体部署", "工作安排", "工作部署", "工作重点", "重点工作", "指导思想", "原则", "工程", "专栏",
        "规划实施", "组织实施", "预算草案", "预算安排", "收支安排", "收入安排", "支出安排", "愿景", "展望", "主要指标", "附件", "政策建议", "今年工作", "打算", "下一步", "下步", "工作思路", r"推进20\d\d年", r"做好20\d\d年",
        r"抓好20\d\d年", r"部署20\d\d年", r"安排20\d\d年",
    ),
)  # fmt: skip
_BEFORE_THEN = ("以前", "之前", "前")
_BASIS = "占于区地省市县全照按"
"""Before 上年度 these make it part of a rule (不低于本地区上年度人均消费支出的35%), which no year passes over."""
_OUTLOOK = re.compile(r"(?:回顾|现状|成就|成效|基础|总结)[与和及、]{1,2}(?:未来)?展望$")
"""回顾与展望: a chapter of what was, and of what one has to reckon with."""
_POINT_MARK = r"\s*(?:[一二三四五六七八九十]{1,2}是|\d{1,2}[.．、](?!\d)|[（(][一二三四五六七八九十\d]{1,2}[)）]|第[一二三四五六七八九十][，,])"
_POINT = re.compile(_POINT_MARK)
_INNER_POINT = re.compile(rf"[。；;！!？?\n][”’\"』」）)]?{_POINT_MARK}")


def is_point(text: str) -> bool:
    """Whether a paragraph or sentence opens as a point of a list: 一是, 2., （三）."""
    return _POINT.match(text) is not None


def holds_points(text: str) -> bool:
    """Whether a sentence behind the first of a paragraph opens as a point."""
    return _INNER_POINT.search(text) is not None


_HELD_AGAINST = ("恢复", "相当于", "仅为")
"""恢复到2019年的85%: measured against that year."""
_MULTIPLE = re.compile(r"的?(?:近|约)?[0-9.]+倍")
_JOINT = re.compile(
    r"(?:到|至)\s?(?:20\d\d\s?年?[、和与]\s?)+20\d\d\s?年|(?:20\d\d\s?年?[、和与]\s?){1,8}20\d\d\s?年(?=[^，,。；]{0,6}分别)"
)
_FOUR = re.compile(r"20\d\d")
_HEADING_PLAN = re.compile(r"(十[二三四五六]五)[”\"]?(?:期间|时期)")
_HEADING_YEAR = re.compile(r"(20\d\d)年")


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


_BEFORE, _BEHIND = 32, 16
"""Characters that a year may begin before its 年 or 五, and go on (and look ahead) behind it."""


def year_marks(sentence: str, times: Times) -> list[YearMark]:
    """All years and periods of a sentence, in order. Years inside 《》 and 〔〕 are titles and document numbers."""
    marks = _censuses(sentence) if "人口普查" in sentence else []
    named = [at for at in (sentence.find("年"), sentence.find("五")) if at >= 0]
    if not named:
        return marks
    # Every year has one of the two in it: only what stands around them is tried, and most sentences name theirs at the front.
    last = max(sentence.rfind("年"), sentence.rfind("五"))
    hidden: list[tuple[int, int]] | None = None
    for match in _YEARS.finditer(sentence, max(0, min(named) - _BEFORE), last + _BEHIND):
        if hidden is None:
            hidden = [found.span() for found in _HIDDEN.finditer(sentence)] if _HIDING.search(sentence) else []
        if hidden:
            place = next((a for a, b in hidden if a <= match.start() < b), None)
            if place is not None and (not match["plan"] or sentence[place] == "《"):
                continue
        mark = _mark(match, sentence, times)
        if mark is not None:
            marks.append(mark)
    return marks


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


def _mark(match: re.Match[str], sentence: str, times: Times) -> YearMark | None:
    start, end = match.span()
    before = sentence[max(0, start - 1) : start]
    lead = match["lead"] or ""
    if match["year"]:
        compared = (
            lead in ("较", "比")
            or (lead in ("与", "同") and "相比" in sentence[end : end + 24].partition("，")[0] + (match["tail"] or ""))
            or (before in ("是", "为") and match["tail"] == "的" and bool(_MULTIPLE.match(sentence[end : end + 10])))
            or (match["tail"] == "的" and sentence[:start].endswith(_HELD_AGAINST))
        )
        if lead in ("从", "自") and _MONTH.match(sentence, end):
            return YearMark(start, end, int(match["year"]), False, True, False)
        since = match["tail"] in ("以来", "以前", "之前", "起")
        named_year = int(match["year"])
        if before == "于" or (match["tail"] in _BEFORE_THEN and named_year < (times.first or times.told or named_year)):
            # 建于1998年, 2000年以前建成的: when something else was.
            return YearMark(start, end, named_year, True, False, False)
        if match["tail"] in ("以来", "起") and (until := _told_until(named_year, times)):
            # 2019年起 in a chapter of results: until they were told.
            return YearMark(start, end, f"{named_year}-{until}", lead in ("自", "从"), False, False)
        year: Year = named_year
        if match["first"]:
            year = f"{match['first']}-{match['year']}"
        opening = lead in ("截至", "截止", "到", "至") or not before or before in "，,。；;：: 　、（(末）)据"
        return YearMark(
            start,
            end,
            year,
            compared or (since and lead in ("自", "从")),
            (opening or bool(match["behind"])) and not compared and not since,
            lead in ("从", "由") and not match["first"],
        )
    if match["plan"]:
        named = five_years(match["plan"])
        if named is None:
            return None
        word = match["planned"] or ""
        compared = before in ("较", "比") or word in ("初期", "初") or bool(_MULTIPLE.match(sentence[end : end + 10]))
        period: Year = named[1] if word in ("末", "期末") else f"{named[0]}-{named[1]}"
        governs = word in ("期间", "时期", "以来", "末", "期末")
        return (
            YearMark(start, end, period, compared or not governs, governs and not compared, False)
            if governs or compared
            else None
        )
    words = match["words"]
    if words in ("今年以来", "今年", "本年", "本年度"):
        return YearMark(start, end, times.now, False, True, False) if times.now else None
    if words in ("去年", "上年", "上年末"):
        if sentence[end : end + 1] == "度" and before and before in _BASIS:
            return None
        # 上年 is the year before the one told of; 去年 the year before the one in which it is told.
        spoken = times.told if words != "去年" and times.told else times.now
        than = before in ("与", "和") and sentence[end : end + 2] in ("相比", "比较")
        compared = than or before in ("比", "较", "同") or bool(match["same"])
        return YearMark(start, end, spoken - 1 if spoken else None, compared, False, before in ("由", "从"))
    if _PAST_WORDS.search(words) or (
        words.endswith("努力") and sentence[max(0, start - 4) : start].strip("，") == "经过"
    ):
        past = times.past_period
        if past is None and times.now is not None:
            past = f"{times.now - 5}-{times.now - 1}"
        return YearMark(start, end, past, False, True, False)
    begun = _SINCE.search(sentence, 0, start)
    count = next((_COUNT_OF_YEARS[mark] for mark in words if mark in _COUNT_OF_YEARS), 0)
    if begun and count:
        # 自2022年起，力争用三年时间: until the last of them.
        return YearMark(start, end, f"{begun[1]}-{int(begun[1]) + count - 1}", False, True, False)
    return YearMark(start, end, times.period, False, True, False) if times.period else None


@lru_cache(maxsize=1024)
def sense_of_headings(headings: tuple[str, ...]) -> Sense | None:
    """What the headings above say, innermost first; ``None`` when none of them says it plainly."""
    return next(filter(None, map(_sense_of_heading, reversed(headings))), None)


@lru_cache(maxsize=1024)
def _sense_of_heading(heading: str) -> Sense | None:
    if "20" in heading and len(set(_FOUR.findall(heading))) > 1:
        return None
    actual, target = _STRONG_ACTUAL.search(heading), _STRONG_TARGET.search(heading)
    if actual and target and _OUTLOOK.search(heading):
        return "actual"
    if actual and target:
        return "actual" if actual.start() > target.start() and not heading.endswith(("目标", "任务")) else "target"
    return "actual" if actual else "target" if target else None


@lru_cache(maxsize=1024)
def year_of_headings(headings: tuple[str, ...]) -> Year:
    """The one year or period the nearest heading names (2019年工作简要回顾, “十四五”时期主要目标), ``None`` otherwise."""
    for heading in reversed(headings):
        named = _HEADING_PLAN.search(heading) if "五" in heading else None
        if named and (span := five_years(named[1])):
            return f"{span[0]}-{span[1]}"
        if "20" not in heading:
            continue
        years = set(_HEADING_YEAR.findall(heading))
        if len(years) == 1:
            return int(years.pop())
    return None


def _beside(marks: list[YearMark], year: Year) -> bool:
    """Whether a year is measured against the one before it, as results are (2022年…，较2021年缩短0.4天)."""
    return isinstance(year, int) and any(mark.compared and mark.year == year - 1 for mark in marks)


def sense_of_year(year: Year, times: Times) -> Sense | None:
    """Whether a year lies behind or before the text; ``None`` for its own year."""
    if year is None or times.now is None:
        return None
    if isinstance(year, str):
        if times.period == year:
            return "target" if not times.is_report else None
        last = int(year[-4:])
    else:
        last = year
    if last > times.now:
        return "target"
    if last < times.now:
        return "actual"
    return None


@dataclass(slots=True)
class Frame:
    """The state that travels through a paragraph: headings above it and the year its earlier sentences set."""

    times: Times
    headings: tuple[str, ...]
    carried: Year = None
    base: Year = None
    """What an introduction (到2025年…目标是：) set for the points that follow it."""
    joint: tuple[int, ...] = ()
    """Years told together (到2022年和2030年), to which lists of as many values belong; kept over paragraphs."""
    leaning: Sense | None = None
    """What the sentence before a semicolon said of itself (主要预期目标是：…；…)."""
    within: Year = None
    """The last year of the clauses before a semicolon: those behind it share it, whatever else the paragraph said."""
    measured: int | None = None
    """The year that the clauses before a semicolon measured against (与2015年相比)."""
    joint_here: bool = False
    """Whether this paragraph itself named the joint years."""

    def judge(self, sentence: str, at: int, marks: list[YearMark]) -> tuple[Sense, Year]:
        """Sense and governing year of what is said at ``at``."""
        own = since = False
        year = self.carried if self.within is None else self.within
        for mark in marks:
            if mark.start < at and not mark.compared and not mark.source and mark.year is not None:
                own, year, since = True, mark.year, sentence.startswith("以来", mark.end - 2)
        # “十四五”以来 tells of what is, though the period is the plan's own.
        sense = "actual" if since else sense_of_year(year, self.times)
        headed = self._headed()
        if sense is None or (not own and headed is not None):
            sense = self._by_words(sentence, at, headed, sense, own and _beside(marks, year))
        if year is None:
            year = self._year_by_default(sense)
        return sense, year

    def _headed(self) -> Sense | None:
        """What the headings say; in a report a heading with a year behind the one it tells of plans (2024年预算)."""
        headed = sense_of_headings(self.headings)
        if headed is None and self.times.is_report and self.times.told is not None:
            year = year_of_headings(self.headings)
            return "target" if isinstance(year, int) and year > self.times.told else None
        return headed

    def _by_words(self, sentence: str, at: int, headed: Sense | None, by_year: Sense | None, beside: bool) -> Sense:
        """``beside`` tells that the sentence measures its own year against the one before it, as results are."""
        before = sentence[max(0, at - 60) : at]
        if headed == "actual":
            return "target" if by_year == "target" and _TARGET.search(before) else "actual"
        if headed == "target":
            told = _TOLD.search(before)
            return "actual" if (told and not _TARGET.search(before)) or by_year == "actual" else "target"
        if by_year:
            return by_year
        if _TARGET.search(before):
            return "target"
        if self.times.first is not None and not self.times.is_report and self.headings:
            return "actual" if _TOLD.search(before) or _THAN_BEFORE.search(before) else "target"
        if beside or _ACTUAL.search(before):
            return "actual"
        if self.leaning:
            return self.leaning
        return "actual" if self.times.is_report else "target"

    def lean(self, sentence: str, marks: list[YearMark], goes_on: bool) -> None:
        """Keeps what a sentence plainly says of itself for those behind its semicolon; a full stop ends it."""
        if not goes_on:
            self.leaning = self.within = self.measured = None
        elif self.leaning is None and marks and any(_beside(marks, mark.year) for mark in marks if not mark.compared):
            self.leaning = "actual"
        elif self.leaning is None:
            planned, told = _TARGET.search(sentence), _ACTUAL.search(sentence)
            self.leaning = "target" if planned and not told else "actual" if told and not planned else None

    def _year_by_default(self, sense: Sense) -> Year:
        headed = year_of_headings(self.headings)
        if headed is not None and self._headed() == sense:
            return headed
        if sense == "actual":
            return self.times.told or self.times.past_period
        return self.times.aim

    def begin(self, sentence: str) -> None:
        """A new point (一是, 2., （三）) does not lean on the year of the one before."""
        if (self.carried != self.base or self.within is not None) and is_point(sentence):
            self.carried, self.within = self.base, None
        if "年" in sentence and sentence.count("20") > 1 and (together := _JOINT.search(sentence)):
            self.joint, self.joint_here = tuple(int(year) for year in _FOUR.findall(together[0])), True

    def pass_over(self, opening: str, goes_on: bool) -> None:
        """A sentence that tells nothing, by its first characters: it may open a point, and a full stop ends what was leant on."""
        self.begin(opening)
        if not goes_on:
            self.leaning = self.within = self.measured = None

    def carry(self, sentence: str, marks: list[YearMark], goes_on: bool) -> None:
        """Remembers the last year of a sentence for those behind it, or, before a semicolon, the last of any kind."""
        for mark in marks:
            if goes_on and mark.compared and isinstance(mark.year, int):
                self.measured = mark.year
            if mark.compared or mark.source or mark.year is None:
                continue
            if self._long_past(mark.year):
                continue
            if mark.carries:
                self.carried = mark.year
            if goes_on and sentence[mark.end - 1] not in "来前起" and not self._behind(mark.year):
                self.within = mark.year

    def _long_past(self, year: Year) -> bool:
        """Whether a year lies before all that a plan or report tells of (1994年被公布为历史文化名城): nothing leans on it."""
        since = self.times.first or self.times.told
        return since is not None and isinstance(year, int) and year < since - 5

    def _behind(self, year: Year) -> bool:
        """Whether a year lies before the one that governs: told for comparison only."""
        governing = self.carried or self.times.told
        return governing is not None and year is not None and str(year)[-4:] < str(governing)[-4:]
