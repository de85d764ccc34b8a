"""When and in which sense a clause speaks: the governing year, and whether it tells of what is or of what shall be.

Evidence, strongest first: a year or tense word of the sentence, the year of an earlier sentence of the paragraph, the
headings above, the kind of document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from watcher.indicators.context import Times, five_years
from watcher.indicators.glance import first_of
from watcher.indicators.years import Year, YearMark

Sense = Literal["actual", "target"]

_SURVEYED = "据(?<![数根依证]据)[^，,。；]{0,16}?(?:统计|普查|调查|监测)(?!局|部门|体系|网)"
"""据第七次全国人口普查, 据专项调查: what follows was found."""
_SHOWN = tuple(
    f"{word}(?:结果|数据|成果|资料)?(?:显示|表明)"
    for word in ("普查", "调查", "统计", "监测", "测算", "数据(?<=[部局委厅会]数据)")
)
_ACTUAL = first_of(
    "",
    (
        "截至", "截止", "目前(?<![由从较比]目前)", "近年来", "仅[有占为]", "累计", "已(?:经|有|建|达|完|实|成|覆|全|累|培|发|组|开|创|形|纳|投)", "现有", "荣获", "获评", "获得了", "被评为", "被确定为", "被授予", "被列为",
        "完成了", "实现了", "建成了", "建立了", "组建了", "成立了", "达到了", "取得了", "增加了", "下降了", "提高了", "新增了", "开展了", "解决了", "招聘了",
        "获(?:国家|省|自治区|全国)", _SURVEYED, *_SHOWN, "同比", "比上年", "较上年", "比去年", "较去年",
    ),
)  # fmt: skip
_TARGET = first_of(
    "",
    (
        "力争", "争取(?!到|了|[^，,。；]{0,14}(?:资金|国债|债券))", "确保", "计划(?!$|[，,、]|[0-9.]{1,6}[%％]|的|任务|目标|数|生育|免疫)", "拟", r"今年(?<!截[至止]今年)(?!以来|上半年|一季度|前[0-9一二三四五六七八九]|\s?1?\d\s?[-—–~至到])", "预期(?!寿命)", "将要", "要(?=(?:分别|全部|均|都)?(?:达到|建成|完成|实现|打造|控制)|在)", "底前(?<=年底前)", "应(?=达到|占|不|配)", "目标(?<!占年度目标)(?<!占全年目标)(?<!完成年度目标)(?<!完成目标)(?<!完成全年目标)(?<!完成规划目标)(?<!完成预期目标)", "不得", "今后", "未来",
        "下一步", "接下来", r"到20[3-9]\d年",
    ),
)  # fmt: skip
_TOLD = first_of(
    "",
    (
        "目前(?<![由从较比]目前)", "截至", "截止", "现有(?<=[市省区县州旗国院我]现有)", "已(?:与[^，,。；0-9]{0,4}(?=[0-9]|$)|经|达|有|累计|建[成立]|完成|实现|覆盖|到位|接入|培训|开展|成立|创建|发放|签约|投[入用])(?![^，,。；]{0,3}的)", "现已", "现共", "成立了", "建立了", "组建了", "完成了",
        "建成了", "启动了", "取得了", _SURVEYED, *_SHOWN,
    ),
)  # fmt: skip
"""Within a chapter of tasks only these tell of what is."""
_THAN_BEFORE = first_of("", ("同比", "比上年", "较上年"))
_STRONG_ACTUAL = first_of(
    "",
    (
        "成就", "成效(?<!预期成效)", "成果(?![转产应推运落共])", "现状", "回顾", "背景", "总结", "必要性", "起草过程", "制定过程", "编制过程", "修订过程", "存在的?(?:主要)?(?:问题|困难|不足|短板)", "主要问题", "形势", "挑战", "机遇", "工作情况", "完成情况", "实现情况", "达成情况", "落实情况", "执行情况", "实施(?:总体|进展)?情况", "运行情况",
        "进展", "发展基础", "建设基础", "工作基础", "现实基础", "规划基础", "基础与", "基本情况", "“十[二三]五[”\"]?(?:期间|时期)", "\"十[二三]五[”\"]?(?:期间|时期)",
        "十[二三]五[”\"]?(?:期间|时期)", "过去五?一?年", "过去5一?年",
    ),
)  # fmt: skip
_STRONG_TARGET = first_of(
    "",
    (
        "目标", "任务", "举措", "措施", "总体要求", "总体思路", "总体战略", "总体部署", "工作安排", "工作部署", "工作重点", "重点工作", "指导思想", "原则", "工程", "专栏",
        "规划实施", "组织实施", "预算草案", "预算安排", "收支安排", "收入安排", "支出安排", "愿景", "展望", "主要指标", "附件", "政策建议", "工作建议", "对策建议", "预期成效", "预期效果", "预期效益", "今年工作", "打算", "下一步", "下步", "下一阶段", "下阶段", "工作思路", r"推进20\d\d年", r"做好20\d\d年",
        r"抓好20\d\d年", r"部署20\d\d年", r"安排20\d\d年",
    ),
)  # fmt: skip
_TURNS_TO = re.compile("再|拟|将|计划|规划|推[进动]|实施|建设|力争|争取|新[建增]|[改扩]建|到")
"""已建成5座；新建3座: behind a semicolon the plan goes on."""
_NEXT = ("下一步", "接下来", "下阶段", "下一阶段", "今后", "未来")
_AHEAD = first_of(
    "",
    (
        *_NEXT,
        "我们将",
        "我们计划",
        "力争",
        "争取(?!到|了)",
        "将(?=推动|推进|实施|新增|新建|建成|完成|投入|安排|改造|打造|开展|组织|继续|达到|突破|超过|实现)",
    ),
)
"""What a report says of the time to come, though the year told last lies behind it."""
_BOUNDS = ("不少于", "不低于", "不超过", "不高于")
"""累计救助不少于1200人: nobody tells so what was."""
_LATELY = ("近年来", "目前", "截至", "截止")
"""What a sentence opens with holds for all of it."""
_SINCE_THEN = ("来", "起", "以前")
_PLANNED = ("目标", "任务", "计划", "安排", "打算", "思路", "要求", "措施")
_URGES = re.compile(
    "[一二三四五六七八九]、(?:要|坚决|坚定|坚持|切实|扎实|全力|全面|突出|聚焦|紧盯|紧扣|狠抓|抓好|抓紧|压实|压紧|守牢|强化|加强|加大|加快|推动|推进|深化|统筹|持续|进一步|着力|大力|努力|奋力|落实|严格|精准|锚定)"
)
"""二、突出重点，打好攻坚战: so the chapters of a speech begin that say what shall be done."""
_ASKS_NEXT = re.compile("打算|计划|下一步|下阶段|目标|安排|思路|将")
_PAPER = re.compile("《[^》]{0,80}》")
_EXPLAINS = ("解读", "问答", "答记者问")
"""《…若干措施》政策解读: it tells of the measures, and of why they were taken."""
_OUTLOOK = re.compile(r"(?:回顾|现状|成就|成效|基础|总结)[与和及、]{1,2}(?:未来)?展望$")
"""回顾与展望: a chapter of what was, and of what one has to reckon with."""
_POINT_MARK = r"\s*(?:[一二三四五六七八九十]{1,2}是|\d{1,2}[.．、](?!\d)|[（(][一二三四五六七八九十\d]{1,2}[)）]|第[一二三四五六七八九十][，,])"
_POINT = re.compile(_POINT_MARK)
_INNER_POINT = re.compile(rf"[。；;！!？?\n][”’\"』」）)]?{_POINT_MARK}")


def opens_next(text: str) -> bool:
    """Whether a text that introduces points says that they come next (下一步，我们将从三个方面发力：)."""
    return text.startswith((*_NEXT, "下半年", "今年下半年", "明年"))


def is_point(text: str) -> bool:
    """Whether a paragraph or sentence opens as a point of a list: 一是, 2., （三）."""
    return _POINT.match(text) is not None


def holds_points(text: str) -> bool:
    """Whether a sentence behind the first of a paragraph opens as a point."""
    return _INNER_POINT.search(text) is not None


_JOINT = re.compile(
    r"(?:到|至)\s?(?:20\d\d\s?年?[、和与]\s?)+20\d\d\s?年|(?:20\d\d\s?年?[、和与]\s?){1,8}20\d\d\s?年(?:[末底]|上半年|前三季度)?(?=[，,]?[^，,。；]{0,24}分别)"
)
_TOGETHER = re.compile(r"20\d\d\s?年?[、和与]\s?20\d\d")
"""Stands in whatever ``_JOINT`` finds."""
_FOUR = re.compile(r"20\d\d")
_HEADING_PLAN = re.compile(r"(十[二三四五六]五)[”\"]?(?:期间|时期)")
_HEADING_YEAR = re.compile(r"(20\d\d)年")


def may_join_years(text: str) -> bool:
    """Whether a sentence of a text may tell years together, for texts behind it too (:attr:`Frame.joint`)."""
    return _TOGETHER.search(text) is not None


@lru_cache(maxsize=1024)
def sense_of_headings(headings: tuple[str, ...]) -> Sense | None:
    """What the headings above say, innermost first; ``None`` when none of them says it plainly."""
    return next(filter(None, map(_sense_of_heading, reversed(headings))), None)


@lru_cache(maxsize=1024)
def _sense_of_heading(heading: str) -> Sense | None:
    if heading.endswith(_EXPLAINS) or ("20" in heading and len(set(_FOUR.findall(heading))) > 1):
        return None
    asks = heading.endswith(("？", "?"))
    if asks and "《" in heading:
        heading = _PAPER.sub("", heading)
    actual, target = _STRONG_ACTUAL.search(heading), _STRONG_TARGET.search(heading)
    if actual and target and _OUTLOOK.search(heading):
        return "actual"
    if asks and not target and "为什么" in heading:
        return "actual"
    if actual and target and asks:
        return None
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
        if "20" not in heading or heading.endswith("报告"):
            # 2020年政府工作报告 tells of the year before: a title, and no chapter's year.
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
        if times.is_report and int(year[:4]) <= times.now <= last:
            return None
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
    years: tuple[int, ...] = ()
    """The years to come that the sentence before named for what it told."""
    joint_here: bool = False
    """Whether this paragraph itself named the joint years."""
    headed: Sense | Literal["unasked"] | None = "unasked"
    """What the headings say, once somebody asked."""
    ahead: bool = False
    """Whether the paragraph is a point of what a report says comes next."""

    def still(self) -> Frame:
        """The state as it is now, for a sentence that is read later."""
        return Frame(
            self.times, self.headings, self.carried, self.base, self.joint, self.leaning, self.within, self.measured, self.years,
            self.joint_here, self.headed, self.ahead,
        )  # fmt: skip

    def judge(self, sentence: str, at: int, marks: list[YearMark]) -> tuple[Sense, Year]:
        """Sense and governing year of what is said at ``at``."""
        own = since = False
        year = self.carried if self.within is None else self.within
        for mark in marks:
            if mark.start < at and not mark.compared and not mark.source and mark.year is not None:
                own, year, since = True, mark.year, sentence.startswith("以来", mark.end - 2)
        # “十四五”以来 tells of what is, though the period is the plan's own.
        sense = "actual" if since else sense_of_year(year, self.times)
        headed = self.headed
        if headed == "unasked":
            headed = self.headed = self._headed()
        if not own and sense != "target" and headed is None and self._ahead_of(sentence, at):
            return "target", self.times.aim
        if (
            not own
            and sense == "target"
            and headed is None
            and not self.times.is_report
            and self._told_of(sentence, at)
        ):
            # 到2025年…。目前全市共有…
            return "actual", self._year_by_default("actual", headed)
        if sense is None or (not own and headed is not None):
            sense = self._by_words(sentence, at, headed, sense, own and _beside(marks, year))
        if year is None:
            year = self._year_by_default(sense, headed)
        return sense, year

    def _ahead_of(self, sentence: str, at: int) -> bool:
        """Whether a report turns to what shall be (接下来，我们将…), in this sentence or in one before it."""
        return self.times.is_report and (self.ahead or _AHEAD.search(sentence, max(0, at - 80), at) is not None)

    def _told_of(self, sentence: str, at: int) -> bool:
        """Whether a plan turns to what is (目前…), in the same sentence."""
        before = sentence[max(0, at - 60) : at]
        return _TOLD.search(before) is not None and _TARGET.search(before) is None

    def _headed(self) -> Sense | None:
        """What the headings say; in a report a heading with a year behind the one it tells of plans (2024年预算)."""
        headed = sense_of_headings(self.headings)
        if headed == "target" and self.times.is_report and not self.headings[-1].endswith(_PLANNED):
            if self.headings[-1].endswith(("？", "?")) and not _ASKS_NEXT.search(self.headings[-1]):
                # 有哪些举措？ asks a press conference for what was done as well.
                return None
            if self.headings[-1].endswith("指标"):
                # 二、主要指标 of a bulletin are those that were measured.
                return None
            # 2023年重点工作平稳推进 in a report on 2023: what was done.
            return "actual" if year_of_headings(self.headings[-1:]) == self.times.told else headed
        if headed is None and self.times.is_report and self.times.told is not None:
            year = year_of_headings(self.headings)
            if isinstance(year, int) and year > self.times.told:
                return "target"
            return "target" if self.times.is_speech and any(map(_URGES.match, self.headings)) else None
        return headed

    def _by_words(self, sentence: str, at: int, headed: Sense | None, by_year: Sense | None, beside: bool) -> Sense:
        """``beside`` tells that the sentence measures its own year against the one before it, as results are."""
        before = sentence[max(0, at - 60) : at]
        if headed == "actual":
            return "target" if by_year == "target" and _TARGET.search(before) else "actual"
        if headed == "target":
            told = _TOLD.search(before) or sentence.startswith(_LATELY)
            done = bool(told) or (self.leaning == "actual" and by_year is None and not _TURNS_TO.match(sentence))
            return "actual" if (done and not _TARGET.search(before)) or by_year == "actual" else "target"
        if by_year:
            return by_year
        if _TARGET.search(before):
            return "target"
        if self.times.first is not None and not self.times.is_report and self.headings:
            past = self.leaning == "actual" or _TOLD.search(before) or _THAN_BEFORE.search(before)
            return "actual" if past else "target"
        if not self.times.is_report and sentence.startswith(_BOUNDS, at):
            return "target"
        if beside or _ACTUAL.search(before) or sentence.startswith(_LATELY):
            return "actual"
        if self.leaning:
            return self.leaning
        return "actual" if self.times.is_report else "target"

    def lean(self, sentence: str, marks: list[YearMark], goes_on: bool) -> None:
        """Keeps what a sentence plainly says of itself for those behind its semicolon; a full stop ends it."""
        if not goes_on:
            self.leaning = self.within = self.measured = None
        elif (
            self.leaning is None
            and marks
            and any(
                _beside(marks, mark.year) or sentence.startswith("以来", mark.end - 2)
                for mark in marks
                if not mark.compared
            )
        ):
            self.leaning = "actual"
        elif self.leaning is None:
            # 五年累计300名 in a plan is still to come.
            known = _ACTUAL if self.times.is_report else _TOLD
            planned, told = _TARGET.search(sentence), known.search(sentence) or sentence.startswith("近年来")
            self.leaning = "target" if planned and not told else "actual" if told and not planned else None

    def _year_by_default(self, sense: Sense, headed: Sense | None) -> Year:
        if headed == sense and (year := year_of_headings(self.headings)) is not None:
            return year
        if sense == "actual":
            return self.times.told or self.times.past_period
        return self.times.aim

    def begin(self, sentence: str) -> None:
        """A new point (一是, 2., （三）) does not lean on the year of the one before, nor does what comes next (下一步)."""
        if (self.carried != self.base or self.within is not None) and (
            is_point(sentence) or sentence.startswith(_NEXT)
        ):
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
        self.years = tuple(
            dict.fromkeys(
                [mark.year for mark in marks if isinstance(mark.year, int) and mark.carries and self._ahead(mark.year)]
            )
        )
        for mark in marks:
            if goes_on and mark.compared and isinstance(mark.year, int):
                self.measured = mark.year
            if mark.compared or mark.source or mark.year is None or self._long_past(mark.year):
                continue
            if mark.carries:
                self.carried = mark.year
            if goes_on and not sentence.endswith(_SINCE_THEN, 0, mark.end) and not self._behind(mark.year):
                self.within = mark.year

    def _long_past(self, year: Year) -> bool:
        """Whether a year lies before all that a plan or report tells of (1994年被公布为历史文化名城): nothing leans on it."""
        since = self.times.first or self.times.told
        return since is not None and isinstance(year, int) and year < since - 5

    def _ahead(self, year: int) -> bool:
        """Whether a year is still to come when the text speaks."""
        return self.times.now is not None and year >= self.times.now

    def _behind(self, year: Year) -> bool:
        """Whether a year lies before the one that governs: told for comparison only."""
        governing = self.carried or self.times.told
        return governing is not None and year is not None and str(year)[-4:] < str(governing)[-4:]
