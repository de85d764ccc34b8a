"""A single value and the name before it: the readers are tried in order, the first that knows what to do decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from watcher.indicators import naming, right
from watcher.indicators.sentence import Sentence, stops
from watcher.indicators.values import Mention, Value
from watcher.lexicon.units import comparable, family
from watcher.types import Op

_FROM = re.compile(
    r"(?:由|从)(?:(?:原来|原先|目前|当前|现在|现行|年初|过去|之前|上年|去年|基期|[“\"]?十[二三四]五[”\"]?[初期末]*)?(?:20\d\d\s?年?[末底初]?)?)(?:的|每[人户生名]每?[年月天日]?|每[年月])*$"
)
TO = re.compile(
    r"^[^，,。；]{0,14}?(?:提高|提升|上升|增长|增加|扩大|拓展|扩展|下降|降低|降|减少|缩短|缩小|压缩|压减|精简|削减|回升|回落|攀升|上调|下调|增|升|减|调整|延长|改善|发展)[^，,。；]{0,4}?(?:到|至|为)[^，,。；]{0,14}$"
)
"""Between the older and the newer of two values: 下降到."""
_PER_BEFORE = re.compile(
    r"(?:达到了?|达|为|是|不低于|实现|超过|拥有)?(?P<per>每(?:百|千|万|十万|\d+万?)(?:名|个|户)?(?:常住|户籍)?(?:人口|老年人口?|老年人|儿童|人|居民|学生)?(?:拥有)?)$"
)
_FAR = re.compile(
    r"(?P<op>不低于|不少于|不得低于|不超过|不高于|不得超过|超过|高于|低于|至少占|应占|要占|占到|约占|达到|占)(?P<whole>[^，,。；占]{1,30}?)的$"
)
_FAR_OP: dict[str, Op] = {
    "不低于": ">=", "不少于": ">=", "不得低于": ">=", "至少占": ">=", "不超过": "<=", "不高于": "<=", "不得超过": "<=",
    "超过": ">", "高于": ">", "低于": "<", "约占": "~",
}  # fmt: skip
_HOLDS = re.compile(r"占(?:到|比)?(?:了|约|仅)?\s*$")
_MULTIPLE = re.compile(r"(?:是|为|相当于|达到?)[^，,。；]{1,16}的$")
_ABOVE = re.compile(
    r"(?<!不)(?:高于|低于|高出|好于|快于|领先)[^，,。；0-9]{0,8}(?:全国|全省|全区|全市|平均|水平|同期|自治区)[^，,。；0-9]{0,6}$"
    r"|比(?:全国|全省|全区|全市|自治区)[^，,。；0-9]{0,8}(?:高出?|低|多|少|快|慢)$"
)
_PER_HEAD = re.compile(r"(?:人均|户均|年均)$")
_NOTHING = re.compile(r"报告|发生|死亡|感染|发病")
_YEAR = re.compile(r"20\d\d\s?年")
_GROWTH_BOUND = re.compile(r"(?<!每)年均?增长(?:率|速度|幅度)?(?:原则上|一般)?$")
_MEASURE_END = re.compile(r"[率数量比重]$")
_BASE = re.compile(r"(每(?:百|千|万|十万|\d+万?)名?(?:常住|户籍)?(?:人口?|居民)(?:拥有)?)")
_DIGIT = re.compile(r"[0-9０-９一二三四五六七八九十]")
_BY = re.compile(r"^(?:按|根据)")
_EACH = re.compile(r"(?:均|都|各|全部)[^，,。；、]{0,6}$")
_AT_LEAST = re.compile(r"(?:至少|最少)[^，,。；、0-9]{1,6}$")
"""至少配备1名: the bound stands before the verb."""
_DONE = re.compile(r"((?:完成|占|达到|为)(?:全年|年度|年|省定|计划|目标|进度|序时)[^，,。；]{0,8})的$")
_TOTAL = re.compile(
    r"(总量|总数|总规模|总额|年均增速|年均增幅|增速|增幅|(?:最高|最大|平均)?(?:降幅|涨幅)|增长率|年均增长率)(?:累计|已|均|将|可)?(?:达到了?|达|为|突破|超过|增至|升至|增加到|提高到)?$"
)
_NEW = re.compile(r"^(?:新增|新认定|新培育|新建|新引进|净增)")
_YEAR_BEFORE = re.compile(r"[（(]?(?:上年|去年|上一年|上年度)(?:同期|同口径|年?末)?(?:为|是)?")
_OF_WHICH = re.compile(r"[^其]{0,3}其中")
_RATIO_OR_STAY = re.compile(r"(?:率|占比|比例|比重|住院[天日]|费用|收入|支出)$")
_JOINED = re.compile(r"^\s*[和与及]")
_GROWS = re.compile(r"(?:年均)?(?:增长|增速|增幅)$")
ADDED = ("新增", "净增", "增")
"""Verbs of growth whose object is a count of its own, not a difference, unless something is compared."""


@dataclass
class Place:
    """A value in its sentence, with the words around it."""

    s: Sentence
    mention: Mention
    value: Value
    floor: int
    """Where the value before ends."""
    ceiling: int
    """Where the next value begins."""
    edge: int
    """Where the words that may name this value begin."""

    @cached_property
    def left(self) -> str:
        """The words before the value."""
        return self.s.text[self.edge : self.mention.start]

    @cached_property
    def bare(self) -> str:
        """The words before the value without fillers at their front."""
        return naming.trim_left(self._own).strip()

    @cached_property
    def stem(self) -> str:
        """The name in the words before the value."""
        return naming.subject(self._own)

    @property
    def _own(self) -> str:
        """The words before the value without the 和 that joins them to the value before (诊疗6.5人次和住院2.3床日)."""
        return _JOINED.sub("", self.left) if self.floor and self.edge == self.floor else self.left

    @cached_property
    def behind(self) -> str:
        """The words behind the value, a few of them."""
        return self.s.text[self.mention.end : self.mention.end + 40]

    @cached_property
    def stops(self) -> bool:
        """Whether nothing that could be a name follows."""
        return stops(self.behind)

    @cached_property
    def strong(self) -> bool:
        """Whether the name stands to the left for sure: 达到, 控制在 …, or a bound before the number that ends the clause."""
        return naming.STRONG_STATE.search(self.left) is not None or (self.stops and self._bounded())

    @property
    def is_share(self) -> bool:
        """Whether the value is a share (%, ‰)."""
        return family(self.value.unit) == "ratio"

    def _bounded(self) -> bool:
        if self.value.op not in (">=", "<=", ">", "<") or _DIGIT.match(self.value.text):
            return False
        return not naming.ENDS_IN_ACTION.search(self.bare)


def single(s: Sentence, mention: Mention, floor: int, ceiling: int) -> None:
    """Names and emits one value."""
    place = Place(s, mention, mention.value, floor, ceiling, naming.left_edge(s.text, mention.start, floor))
    if place.value.op == "=" and _AT_LEAST.search(place.left):
        place.value = replace(place.value, op=">=")
    for reader in _READERS:
        if reader(place):
            return


def _from(p: Place) -> bool:
    """由A下降到B: the older value."""
    arrow = _FROM.search(p.left) if p.left.strip() else None
    if not arrow or p.ceiling >= len(p.s.text) or not TO.match(p.s.text[p.mention.end : p.ceiling]):
        return False
    stem = naming.subject(p.left[: arrow.start()]) or _before_comma(p)
    if not stem:
        return False
    p.s.subject = stem
    p.s.emit(stem, p.mention, p.value, "baseline")
    return True


def _to(p: Place) -> bool:
    """由A下降到B: the newer value."""
    before = p.s.found[-1] if p.s.found else None
    if before is None or before.role != "baseline" or before.end != p.s.at + p.floor:
        return False
    if not TO.match(p.s.text[p.floor : p.mention.start]):
        return False
    p.s.emit(before.name, p.mention, p.value)
    return True


def _a_year_before(p: Place) -> bool:
    """药费占门诊费用的36.2%，上年同期为37.5%: what was named before, a year before."""
    if not p.stops or not p.s.found or not _YEAR_BEFORE.fullmatch(p.left.strip()):
        return False
    last = p.s.found[-1]
    if not comparable(last.unit, p.value.unit):
        return False
    own = last.year - 1 if isinstance(last.year, int) else None
    p.s.emit(last.name, p.mention, p.value, "baseline", own_year=own)
    return True


def _change(p: Place) -> bool:
    """较2015年增加6个, 增长4.2%: of what the clause names, or of what was named before."""
    change = naming.CHANGE.search(p.left)
    if not change or naming.STRONG_STATE.search(p.left):
        return False
    if p.mention.start < p.mention.number_start and _GROWTH_BOUND.search(p.left):
        return False
    verb, compared = change["verb"], bool(change["than"])
    if not compared and verb in ADDED:
        return False
    role = p.s.difference(p.mention)
    if not p.stops:
        if compared and p.s.last_name:
            p.s.emit(p.s.last_name, p.mention, p.value, role)
            return True
        return False
    stem = p.s.or_last(naming.subject(p.left[: change.start()]))
    if not stem:
        return False
    # A planned growth is an indicator of its own (地区生产总值增长); a reported one is the change of its stock.
    suffix = verb if role == "target" and family(p.value.unit) in ("ratio", "points") else ""
    for name in naming.every(stem) if _EACH.search(p.left) else naming.parts(stem):
        p.s.emit(name if name.endswith(suffix) else name + suffix, p.mention, p.value, role)
    return True


def _done(p: Place) -> bool:
    """完成年度计划的92%: the degree to which what was named before was reached."""
    done = _DONE.search(p.left) if p.is_share else None
    stem = p.s.or_last(naming.subject(p.left[: done.start()])) if done else ""
    if not done or not stem:
        return False
    p.s.emit(f"{stem}{done[1]}的比例", p.mention, p.value)
    return True


def _total(p: Place) -> bool:
    """总量达到8.9万户, 年均增速9.8%: a measure of what was named before."""
    measure = _TOTAL.match(p.bare) if p.stops and p.s.found else None
    if not measure:
        return False
    grows = measure[1].endswith(("速", "幅", "率"))
    base = _NEW.sub("", p.s.last_name) or p.s.last_name
    p.s.emit(f"{base}{measure[1]}", p.mention, p.value, p.s.difference(p.mention) if grows else None)
    return True


def _beyond(p: Place) -> bool:
    """年均增长8%以上，突破1.8万元: a bound alone, on the stock whose growth was told before."""
    if (
        p.stem
        or naming.STRONG_STATE.search(p.left)
        or not p.stops
        or not p.s.found
        or p.value.op not in (">", ">=")
        or not p.floor
    ):
        return False
    if not p.edge or p.s.text[p.edge - 1] not in ("，", ",") or p.s.found[-1].end < p.s.at + p.edge - 2:
        return False
    p.s.emit(_GROWS.sub("", p.s.last_name) or p.s.last_name, p.mention, p.value)
    return True


def _second(p: Place) -> bool:
    """发放补贴1852户、1236万元: a second measure of one thing."""
    if (
        p.left.strip() not in ("、", "和", "，", ",", "共", "共计", "计", "合计")
        or not p.stops
        or not p.s.found
        or not p.floor
    ):
        return False
    last = p.s.found[-1]
    if last.end != p.s.at + p.floor or comparable(last.unit, p.value.unit):
        return False
    p.s.emit(last.name, p.mention, p.value)
    return True


def _above(p: Place) -> bool:
    """高于全省平均水平6.3个百分点: a difference from a level."""
    above = _ABOVE.search(p.left) if p.stops else None
    stem = p.s.or_last(naming.subject(p.left[: above.start()])) if above else ""
    if not above or not stem:
        return False
    p.s.emit(f"{stem}{above[0]}", p.mention, p.value, p.s.difference(p.mention))
    return True


def _share_of(p: Place) -> bool:
    """占总人口的18.21%, 不低于编制总额的85%: the whole stands between the operator and the value."""
    far = _FAR.search(p.left) if p.is_share else None
    if not far or _BY.search(p.bare):
        return False
    stem = p.s.or_last(naming.subject(p.left[: far.start()]))
    if not stem:
        return False
    value = p.value
    if value.op == "=" and far["op"] in _FAR_OP:
        value = replace(value, op=_FAR_OP[far["op"]])
    p.s.emit(f"{stem}占{naming.polish(far['whole'])}的比例", p.mention, value)
    return True


def _holds(p: Place) -> bool:
    """占到72.28%: the share of what was named before."""
    holds = _HOLDS.search(p.left) if p.is_share else None
    stem = p.s.or_last(naming.subject(p.left[: holds.start()])) if holds else ""
    if not stem:
        return False
    p.s.emit(f"{stem}占比", p.mention, p.value)
    return True


def _times(p: Place) -> bool:
    """是“十二五”时期的1.8倍."""
    times = _MULTIPLE.search(p.left) if p.value.unit == "倍" else None
    stem = p.s.or_last(naming.subject(p.left[: times.start()])) if times else ""
    if not stem:
        return False
    p.s.emit(stem, p.mention, p.value)
    return True


def _per_before(p: Place) -> bool:
    """婴幼儿托位数达到每千人口5.1个: the base stands between name and value."""
    if p.value.op == "=" and p.left.rstrip().endswith("控制在"):
        p.value = replace(p.value, op="<=")
    per = _PER_BEFORE.search(p.left) if p.stops else None
    stem = naming.subject(p.left[: per.start()]) if per else ""
    if not per or not stem:
        return False
    p.s.emit(f"{per['per']}{stem}", p.mention, p.value)
    return True


def _per_head(p: Place) -> bool:
    """总藏量156万册，人均0.9册: a mean of what was named before."""
    left = p.left.strip()
    if not p.stops or not p.s.found or p.stem not in ("", "人", "户", "年") or not _PER_HEAD.search(left):
        return False
    p.s.emit(f"{left[-2:]}{p.s.last_name}", p.mention, p.value)
    return True


def _named(p: Place) -> bool:
    """居民健康素养水平达到25%, 床位数7495张: the plain case."""
    if not (p.strong or p.stops) or not p.stem:
        return False
    if naming.ENDS_IN_ACTION.fullmatch(p.stem) or naming.ONLY_ACTION.fullmatch(p.bare):
        return False
    _left_named(p, p.stem)
    return True


def _zero(p: Place) -> bool:
    """鼠疫保持0报告: zero is a value."""
    nothing = _NOTHING.match(p.behind) if p.value.number == "0" and not p.value.unit and p.stem else None
    if not nothing:
        return False
    p.s.emit(f"{p.stem}{nothing[0]}", p.mention, p.value)
    return True


def _leaning(p: Place) -> bool:
    """A state without a name of its own: of the clause before the comma, or of the sentence before the semicolon."""
    strong = p.strong
    if p.stem or not p.stops or not (strong or p.left.rstrip().endswith("保持")):
        return False
    before = _before_comma(p)
    if before:
        _left_named(p, before)
        return True
    if strong and _YEAR.search(p.left) and (last := p.s.last_name or p.s.previous):
        p.s.emit(last if p.is_share else _GROWS.sub("", last) or last, p.mention, p.value)
    return strong


def _right(p: Place) -> bool:
    """建成17家…, 75%的养老机构…: the name stands behind the value."""
    right.read(p.s, p.mention, p.value, p.left, p.bare, p.stem, p.ceiling)
    return True


_READERS: tuple[Callable[[Place], bool], ...] = (
    _from, _to, _a_year_before, _change, _above, _done, _share_of, _holds, _times, _per_before, _per_head, _total, _beyond, _second, _named, _zero, _leaning, _right,
)  # fmt: skip


def _before_comma(p: Place) -> str:
    """The measure named in the clause before the comma; ``""`` when there is none."""
    text = p.s.text
    if p.edge <= p.floor or text[p.edge - 1] not in "，,":
        return ""
    start = naming.left_edge(text, p.edge - 1, p.floor)
    name = naming.without_trend(naming.subject(text[start : p.edge - 1]))
    return name if 2 <= len(name) <= 30 and _MEASURE_END.search(name) else ""


def _left_named(p: Place, stem: str) -> None:
    """Emits the value under the name, or under each name of a list (均, 各, or several rates in one)."""
    if stem.startswith("占"):
        stem = f"{p.s.last_name}{stem}"
    names = naming.every(stem) if _EACH.search(p.left) else naming.parts(stem)
    if len(names) == 1:
        names = [_within(p, _with_base(p, _of_which(p, names[0])))]
    for name in names:
        p.s.emit(name, p.mention, p.value)


def _of_which(p: Place, name: str) -> str:
    """医院病床使用率80.4%，其中公立医院86.1%: a part of the bearer named before has the same measure."""
    opening = p.s.text[max(0, p.edge - 3) : p.edge] + p.left
    if not p.s.found or not _OF_WHICH.match(opening) or p.s.found[-1].unit != p.value.unit:
        return name
    last = p.s.last_name.removeprefix("全国")
    shared = next((size for size in range(min(len(name), len(last)) - 1, 1, -1) if last.startswith(name[-size:])), 0)
    measure = last[shared:]
    return name + measure if shared and _RATIO_OR_STAY.search(measure) else name


def _within(p: Place, name: str) -> str:
    """建设10个服务中心(其中:新城区2所,…): a place inside a bracket breaks down what stands before it."""
    before = p.s.text[: p.mention.start]
    opened = max(before.rfind("("), before.rfind("（"))
    if opened < 0 or max(before.rfind(")"), before.rfind("）")) > opened or not right.PLACE.match(name):
        return name
    whole = next((item.name for item in reversed(p.s.found) if item.end <= p.s.at + opened), "")
    return f"{whole}({name})" if whole else name


def _with_base(p: Place, name: str) -> str:
    """每千人口医师数2.29名、注册护士数2.37名: a base that a list states once is given to its next member."""
    if (
        "每" in name
        or not p.s.found
        or not p.left.lstrip().startswith(("、", "和", "与", "及"))
        or naming.is_rate(name)
    ):
        return name
    last = p.s.found[-1]
    base = _BASE.match(last.name)
    return f"{base[1]}{name}" if base and last.unit == p.value.unit else name
