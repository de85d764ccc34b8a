"""One sentence while it is read, and the one place where a find becomes an indicator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from watcher.indicators import naming
from watcher.indicators.keys import key_for
from watcher.indicators.values import Mention, Value
from watcher.indicators.when import Frame
from watcher.indicators.years import Year, YearMark
from watcher.lexicon import numbers
from watcher.text import squeeze
from watcher.types import Indicator, Role

_CHINESE = re.compile("[\u4e00-\u9fff]")
_LETTERS = re.compile("[A-Z][A-Z&.0-9]{2,7}")
"""GDP, CPI, PM2.5."""
_END = re.compile(
    r"\s*(?:$|[，,。；;、)）”\"'（(：:！!—-]|\.(?![0-9])|床[，,。；;、)）]|和|与|及|以及|之间|目标|的目标|的水平|水平|大关|关口|(?:新的?)?台阶|(?:共计?|合?计|[为至到])?(?![0-9]{1,3}周?岁)[0-9]|并|且|其中|用于|而|人均|中[，,：:])"
)
_COUNTED = re.compile(
    r"(?:上述|以上|前述|这|该)?(?P<count>[2-9两二三四五六七八九])(?:项|者|类|种|个)(?P<what>(?:指标|数值|目标|任务)?|[^、，,。；]{0,6}(?:率|比例|占比))"
)
"""三项覆盖率分别提高到…: as many as were named before."""
COUNTS = frozenset("上以前这该23456789两二三四五六七八九")
"""The first characters of such words: one look spares most names the pattern."""
_WHOLES = frozenset(("人", "名", "张", "个", "辆", "所", "家"))
"""What is counted in these comes in parts only where it is told for so many people."""
_UNKNOWN = re.compile(
    r"^(?:年|每[年月周天日]|月|全年|当年|[一二两三四五六七八九十]{1,2}年|折合(?:人民币)?|年均|平均|按[^，,。；]{1,6}(?:价格?|口径|汇率)(?:计算)?|同口径|(?:剔除|扣除).{0,14}后|不含.{0,10}|总数|总量|人数|数量|总计|其中|分别|[“\"]?十[二三四五六]五[”\"]?|比例|占比|比重|增长|增幅|增速|人口|规模)?$"
)


@dataclass(slots=True)
class Sentence:
    """The text of a sentence, what governs it, and what was found in it so far."""

    text: str
    at: int
    """Offset in the reading's text."""
    section: str
    frame: Frame
    marks: list[YearMark]
    leans: bool = False
    """It stands behind a semicolon."""
    previous: Sequence[Indicator] = ()
    """What was told before a semicolon, for 到2030年稳定在98%以上."""
    above: Sequence[Indicator] = ()
    """What was told in all the sentences before, for 上述三项."""
    told: int = 0
    """How many of them the last sentence told that told any."""
    found: list[Indicator] = field(default_factory=list)
    said: list[Indicator] = field(default_factory=list)
    """Statements in words: kept apart, so that no comparison leans on them."""
    printed: str = ""
    """The sentence as printed, where ``text`` leaves out the colon of a label."""
    places: Sequence[int] = ()
    """Where the characters of ``text`` stand in the sentence as printed, where spaces were left out."""
    subject: str = ""
    """Who the last right-hand share spoke of (乡镇卫生院 in 95%的乡镇卫生院达到…)."""

    @property
    def last_name(self) -> str:
        """The name a comparison or a share falls back on: that of the value before; ``""`` when there is none."""
        return self.found[-1].name if self.found else ""

    def or_last(self, stem: str) -> str:
        """The stem, or the last name where the stem names nothing (其中, 年均, 增长)."""
        return stem if stem and not names_nothing(stem) else self.last_name

    def counted(self, stem: str) -> list[str]:
        """三项覆盖率, 上述三个比例: the names told before, if they are as many and of that kind; ``[]`` for anything else."""
        told = _COUNTED.fullmatch(stem) if stem[:1] in COUNTS else None
        if told is None:
            return []
        what, count = told["what"], numbers.number(told["count"])
        kind = what if what.endswith(("率", "比例", "占比")) else ""
        names = _names(self.previous, kind)
        names += [name for name in _names(self.found, kind) if name not in names]
        if str(len(names)) != count and self.above and stem.startswith("上述"):
            # Of those told last, in the order in which they were told.
            names = _names(self.above[::-1], kind)[: int(count or 0)][::-1]
        return names if str(len(names)) == count else []

    def planned(self, mention: Mention) -> bool:
        """Whether the sentence speaks of what shall be at this place."""
        return self.frame.judge(self.text, mention.start, self.marks)[0] == "target"

    def difference(self, mention: Mention) -> Role:
        """A difference or growth that was reported is a change; a planned one is a target."""
        return "target" if self.planned(mention) else "change"

    def emit(
        self, name: str, mention: Mention, value: Value, role: Role | None = None, *, own_year: int | None = None
    ) -> None:
        """Adds one indicator, with year, role, key and evidence; a name of less than two characters is none.

        ``own_year`` is the year of one value of a list to which several years belong.
        """
        cleaned = naming.polish(name)
        if len(cleaned) < 2 or not (_CHINESE.search(cleaned) or _LETTERS.fullmatch(cleaned)):
            return
        sense, year = self.frame.judge(self.text, mention.start, self.marks)
        settled: Role = role or sense
        if role == "baseline":
            before = [mark for mark in self.marks if mark.end <= mention.start]
            source = [mark.year for mark in before if mark.source]
            measured = [mark.year for mark in before if mark.compared and isinstance(mark.year, int)]
            told = self.frame.times.told
            if source or measured:
                year = (source or measured)[-1]
            elif self.frame.measured is not None:
                year = self.frame.measured
            elif told is not None and year in (told, told + 1):
                # A report of one year, or what it plans for the next: what was before it was the year before, or the census before.
                year -= self.frame.times.step
            elif sense == "target" and own_year is None:
                # 到2025年由58%提高到75%: a plan's older value is that of the year before its first.
                year = self.frame.times.first - 1 if self.frame.times.first else None
        if self.found and "." in (value.number or "") and value.unit in _WHOLES:
            cleaned = naming.by_population(cleaned, self.found[-1].name)
        # In the order of the fields: a call with as many names takes half as long again.
        self.found.append(
            Indicator(
                cleaned, key_for(cleaned, value.unit, settled), value.unit, own_year or _year(year), settled, value.op, value.number, value.text,
                None, "prose", self.section, (self.printed or self.text).strip(" \t\u3000"), self.at + mention.start, self.at + mention.end,
            )
        )  # fmt: skip

    def settle(self) -> None:
        """Where spaces were left out, what was found stands, and reads, as printed."""
        self.found = [self._as_printed(item) for item in self.found]
        self.said = [self._as_printed(item) for item in self.said]

    def _as_printed(self, item: Indicator) -> Indicator:
        start, end = self.places[item.start - self.at], self.places[item.end - 1 - self.at] + 1
        shown = self.printed[start:end]
        text = shown if squeeze(shown) == squeeze(item.text) else item.text
        return replace(item, text=text, start=self.at + start, end=self.at + end)


def _names(told: Sequence[Indicator], kind: str) -> list[str]:
    """The different names of what was told that end in ``kind``."""
    return list(dict.fromkeys(item.name for item in told if item.name.endswith(kind)))


def _year(year: Year) -> Year:
    """A period of one year is that year."""
    if isinstance(year, str):
        first, _, last = year.partition("-")
        return int(first) if first == last else year
    return year


def stops(behind: str) -> bool:
    """Whether nothing that could be a name follows a value."""
    return _END.match(behind) is not None


def names_nothing(stem: str) -> bool:
    """Whether the words before a value are fillers and no name."""
    return _UNKNOWN.match(stem) is not None
