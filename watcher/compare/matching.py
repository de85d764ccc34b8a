"""Which indicator of the old version is which of the new one; each is used once.

Equal print first, then one idea in one year, role and origin, then the same idea where the year or the place of
printing differs, then names that are alike within a section. A statement that is only printed once more, or once less,
is no move.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache

from watcher.compare.assign import assign
from watcher.compare.phrasing import UNDATED
from watcher.compare.rhythm import TERMS
from watcher.compare.rows import same_rows
from watcher.compare.shape import kernel, shape
from watcher.compare.values import number, same_figure
from watcher.lexicon.names import normal
from watcher.lexicon.units import scale
from watcher.text import plain
from watcher.types import Indicator

_GROUP = 40
"""Sizes up to which a group is matched optimally; a larger one is paired in order."""
_PAIRS = 40_000
"""Products of leftovers up to which names are compared for likeness."""
_REACH = 2.5
"""Costs from here on mean that two statements of an unknown name are about different things."""
_SAID_ALIKE = 85
_TELLING = 4
"""Characters that a name must have to be known in a longer one."""
_RECOGNISED = 60
"""Likeness of two sentences, of 100, from which on one is the other said anew."""
_LEAST = 0.6
"""Likeness below which two names never mean one indicator."""
_MARKS = re.compile(r"每(?:百|千|万|10万)[人名]?|[0-9]+(?:\.[0-9]+)?")
_APART = tuple(
    frozenset(words.split())
    for words in (
        "高血压 糖尿病 肺结核 艾滋病 精神 肿瘤 慢阻肺",
        "城镇 农村 城市 乡村 城乡",
        "国家级 省级 市级 县级 乡级 村级 旗县",
        "森林 林草 草原 湿地 耕地 林地 绿地",
        "户籍 常住",
        "职工 居民",
        "公办 民办",
        "进口 出口",
        "地表水 地下水 饮用水 污水 再生水",
        "第一产业 第二产业 第三产业 服务业 制造业 农业 工业",
        "高速 普通 农村公路 铁路",
        "男 女",
        "小学 初中 高中 幼儿园 大学 学前 义务",
        "一级 二级 三级",
        "新生儿 婴儿 儿童 孕产妇 老年人 婴幼儿",
        "公立 民营 社会办",
        "筛查 检查 治疗 诊断 管理 控制 接种 覆盖 建档",
        "门诊 住院 出院 急诊",
        "医师 护士 药师 全科 公共卫生 中医 蒙医 助产士",
        "发病率 死亡率 治愈率 知晓率",
        "新增 累计 年均",
        "省内 省外 县域 市域 基层",
        "水 气 电 油 煤",
    )
)

_SAME_WORDS = (
    ("地区生产总值", "gdp"), ("国内生产总值", "gdp"), ("生产总值", "gdp"), ("能源消耗", "能耗"), ("研究与试验发展", "研发"), ("r&d", "研发"),
    ("经费投入", "投入"), ("经费支出", "投入"), ("占比", "比例"), ("比重", "比例"), ("比率", "比例"), ("数量", "数"), ("下降率", "下降"), ("降低率", "下降"), ("降低", "下降"),
    ("常住人口", "人口"), ("拥有", ""), ("三岁", "3岁"),
)  # fmt: skip

Pair = tuple[Indicator, Indicator]


class Matched:
    """The outcome: pairs, and what one side has alone."""

    def __init__(self, before: Sequence[Indicator], after: Sequence[Indicator]):
        self.pairs: list[Pair] = []
        """Statements that are not printed alike."""
        self.before = list(before)
        self.after = list(after)

    def take(self, pairs: Iterable[Pair]) -> None:
        """Moves pairs out of the leftovers."""
        found = list(pairs)
        gone, came = {id(b) for b, _ in found}, {id(a) for _, a in found}
        self.pairs.extend(found)
        self.before = [item for item in self.before if id(item) not in gone]
        self.after = [item for item in self.after if id(item) not in came]


def match(before: Sequence[Indicator], after: Sequence[Indicator]) -> Matched:
    """Pairs of one idea, and the leftovers on both sides; ``renamed`` goes through these for other names.
    Deterministic; the order of the input only breaks ties.
    """
    state = Matched(*_unlike(before, after))
    for place in (lambda i: plain(i.quote), lambda i: _last_heading(i.section), lambda i: None):
        if state.before and state.after:
            state.take(_by_print(state, place))
    if state.before and state.after:
        state.take(_by_group(state, lambda i: (idea(i), i.role, i.origin, i.year)))
    if state.before or state.after:
        _forget_repeats(state, before, after)
    if state.before and state.after:
        # A header's year moves while the sentence keeps its own: within one origin only its own years count.
        state.take(_by_group(state, lambda i: (idea(i), tense(i), i.origin), _years_fit(before, after, apart=True)))
        state.take(_by_group(state, lambda i: (idea(i), tense(i)), _years_fit(before, after)))
    if state.before and state.after:
        # The unit decides which indicator a name means (亿元 or 亿美元): where it moved the printed name is left.
        state.take(
            _by_group(state, lambda i: (normal(i.name), tense(i), i.origin), _years_fit(before, after, apart=True))
        )
    if state.before and state.after:
        # With its year a statement may pass from what was to what shall be.
        state.take(_by_group(state, lambda i: (idea(i), i.origin, number(i)), _same_sentence))
    return state


def _unlike(before: Sequence[Indicator], after: Sequence[Indicator]) -> tuple[list[Indicator], list[Indicator]]:
    """Both sides without the statements that stand on both to the letter, one for one: most of them, and no move is in them."""
    places: dict[Hashable, list[int]] = defaultdict(list)
    for at in range(len(after) - 1, -1, -1):
        places[_letters(after[at])].append(at)
    left: list[Indicator] = []
    gone: set[int] = set()
    for item in before:
        if same := places.get(_letters(item)):
            gone.add(same.pop())
        else:
            left.append(item)
    return left, [item for at, item in enumerate(after) if at not in gone]


def _letters(i: Indicator) -> Hashable:
    return i.quote, i.name, i.text, i.year, i.role, i.origin, i.section, i.unit, i.nature, i.op, i.value, i.key


@lru_cache(maxsize=8192)
def _idea(key: str | None, name: str) -> str:
    return key or "~" + normal(UNDATED.sub("", name))


def idea(indicator: Indicator) -> str:
    """What an indicator is about: its key, or the normal form of its name."""
    return _idea(indicator.key, indicator.name)


def statement(indicator: Indicator) -> Hashable:
    """What is promised, by form-free value: equal for two printings of one promise within one origin."""
    value = number(indicator)
    figure: Hashable = shape(indicator.text) if value is None else (indicator.op, value.normalize())
    return idea(indicator), indicator.year, indicator.role, indicator.origin, scale(indicator.unit), figure


def tense(indicator: Indicator) -> str:
    """The role, where a table's base value and a sentence's actual one are both past."""
    return "past" if indicator.role in ("baseline", "actual") else indicator.role


def _by_print(state: Matched, place: Callable[[Indicator], Hashable]) -> list[Pair]:
    """The same name, unit, value and nature as printed but for form, at the same place."""

    def printed(item: Indicator) -> Hashable:
        return statement(item), plain(item.name), plain(item.unit), item.nature, place(item)

    places: dict[Hashable, list[Indicator]] = defaultdict(list)
    for item in reversed(state.after):
        places[printed(item)].append(item)
    return [(item, places[key].pop()) for item in state.before if places.get(key := printed(item))]


def _by_group(
    state: Matched,
    key: Callable[[Indicator], Hashable],
    fits: Callable[[Indicator, Indicator], bool] = lambda before, after: True,
) -> list[Pair]:
    """Within each group the pairing with the least cost altogether."""
    groups: dict[Hashable, tuple[list[Indicator], list[Indicator]]] = defaultdict(lambda: ([], []))
    for item in state.before:
        groups[key(item)][0].append(item)
    for item in state.after:
        groups[key(item)][1].append(item)
    found: list[Pair] = []
    for left, right in groups.values():
        if not left or not right:
            continue
        if len(left) > _GROUP or len(right) > _GROUP:
            found.extend((b, a) for b, a in zip(left, right, strict=False) if fits(b, a))
            continue
        costs = [[_cost(b, a, i, j) if fits(b, a) else None for j, a in enumerate(right)] for i, b in enumerate(left)]
        for i, j in assign(costs):
            cost = costs[i][j]
            loose = left[i].key is None and left[i].origin == "prose" and not _into_a_row(left[i], right[j])
            if cost is not None and (not loose or cost < _REACH):
                found.append((left[i], right[j]))
    return found


def _into_a_row(before: Indicator, after: Indicator) -> bool:
    """Whether a sentence's promise stands in a table now, under its name and in its unit: no likeness of sentences can be asked for."""
    return after.origin == "table" and after.year == before.year and scale(before.unit)[1] == scale(after.unit)[1]


def _cost(before: Indicator, after: Indicator, i: int, j: int) -> float:
    """How unlike two statements of one idea are, 0 to about 6: sentence, section, amount, operator, unit, order."""
    from rapidfuzz.fuzz import ratio

    cost = 2.0 - ratio(plain(before.quote[:400]), plain(after.quote[:400])) / 50
    cost += 0 if same_section(before, after) else 1.0
    cost += 0 if same_figure(before, after) else 1.0
    cost += 0 if before.op == after.op else 0.3
    cost += 0 if scale(before.unit)[1] == scale(after.unit)[1] else 0.8
    return cost + 0.01 * abs(i - j)


def same_section(before: Indicator, after: Indicator) -> bool:
    """Whether the last heading above is the same but for its number."""
    return _last_heading(before.section) == _last_heading(after.section)


@lru_cache(maxsize=1024)
def _last_heading(section: str) -> str:
    return kernel(section.split(" ")[-1])


def _same_sentence(before: Indicator, after: Indicator, least: int = _SAID_ALIKE) -> bool:
    """Whether both are said in running text, in nearly the same words."""
    from rapidfuzz.fuzz import ratio

    return before.origin == "prose" and ratio(plain(before.quote[:400]), plain(after.quote[:400])) >= least


def _years_fit(
    before: Sequence[Indicator], after: Sequence[Indicator], *, apart: bool = False
) -> Callable[[Indicator, Indicator], bool]:
    """A year that one side does not say fits any, and so does a period that ends in it; two different years only where neither stands on the
    other side (with ``apart`` in the same origin: table or prose).
    """

    def said(i: Indicator) -> Hashable:
        return idea(i), tense(i), i.year, apart and i.origin

    years_before, years_after = ({said(i) for i in items if i.year is not None} for items in (before, after))

    def fits(b: Indicator, a: Indicator) -> bool:
        if b.year == a.year or b.year is None or a.year is None:
            return True
        return said(b) not in years_after and said(a) not in years_before

    return fits


def _forget_repeats(state: Matched, before: Sequence[Indicator], after: Sequence[Indicator]) -> None:
    """Drops leftovers that the other side states as well, only more or less often."""
    left = {idea(item) for item in (*state.before, *state.after)}
    stated_before, stated_after = ({statement(item) for item in side if idea(item) in left} for side in (before, after))
    state.before = [item for item in state.before if statement(item) not in stated_after]
    state.after = [item for item in state.after if statement(item) not in stated_before]


def renamed(state: Matched) -> list[Pair]:
    """Renamed indicators: rows that state all the same, then the best likeness first, each used once."""
    if not state.before or not state.after or len(state.before) * len(state.after) > _PAIRS:
        return []
    found = [
        pair
        for old, new in same_rows(state.before, state.after)
        if _may_be_one(old[0], new[0])
        for pair in zip(old, new, strict=True)
    ]
    taken = {id(item) for pair in found for item in pair}
    scores = [
        (-score, i, j)
        for i, b in enumerate(state.before)
        for j, a in enumerate(state.after)
        if id(b) not in taken and id(a) not in taken and (score := _likeness(b, a))
    ]
    used_before: set[int] = set()
    used_after: set[int] = set()
    for _, i, j in sorted(scores):
        if i not in used_before and j not in used_after:
            used_before.add(i)
            used_after.add(j)
            found.append((state.before[i], state.after[j]))
    return found


def _may_be_one(before: Indicator, after: Indicator) -> bool:
    """Whether nothing in two names says that they are two indicators."""
    if before.key and after.key and before.key != after.key:
        return False
    one, other = _usual(normal(before.name)), _usual(normal(after.name))
    return sorted(_MARKS.findall(one)) == sorted(_MARKS.findall(other)) and not tell_apart(one, other)


def by_new_names(
    state: Matched, found: Sequence[Pair], before: Sequence[Indicator], after: Sequence[Indicator]
) -> list[Pair]:
    """What is left of rows that bear a new name: their other years, moved or not."""
    names = {normal(old.name): normal(new.name) for old, new in found if old.name != new.name}
    if not names or not state.before or not state.after:
        return []

    def row(item: Indicator) -> Hashable:
        return names.get(normal(item.name), normal(item.name)), tense(item), item.origin

    return _by_group(state, row, _years_fit(before, after, apart=True))


def _likeness(before: Indicator, after: Indicator) -> float:
    """How sure it is that two names mean one indicator, 0 where they do not."""
    from rapidfuzz.fuzz import ratio

    if before.key and after.key and before.key != after.key:
        return 0.0
    if before.origin != after.origin or tense(before) != tense(after):
        return 0.0
    if before.year != after.year and before.year is not None and after.year is not None:
        return 0.0
    one, other = _usual(normal(before.name)), _usual(normal(after.name))
    if _said_anew(before, after, one, other):
        return 1.0
    if before.unit and after.unit and scale(before.unit)[1] != scale(after.unit)[1]:
        return 0.0
    likeness = ratio(one, other) / 100
    if likeness < _LEAST or sorted(_MARKS.findall(one)) != sorted(_MARKS.findall(other)) or tell_apart(one, other):
        return 0.0
    same = same_figure(before, after) and before.op == after.op
    contained = _within(one, other) or _within(other, one) or (same and (_turned(one, other) or _turned(other, one)))
    least = (_LEAST if same else 0.75) if contained else (0.8 if same else 0.9)
    if not contained and (before.key is None) != (after.key is None):
        # One name is known and the other is none of its variants: with words exchanged it is rather replaced than renamed.
        least = 0.9
    if not same_section(before, after):
        least += 0.1
    return likeness + (1 if same else 0) if likeness >= least else 0.0


_DOING = re.compile(
    "^(?:新建|新增|改建|扩建|改扩建|建设|建成|建立|改造|整治|治理|消除|消灭|完成|实施|打造|培育|创建|开展|举办|配置|配备|购置|培养|引进|提升|升级|布局|布设)+"
)
_STEPS = re.compile("(?:提高|提升|增加|增长|上升|下降|降低|减少)$")
_FIGURES = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_PER = re.compile(r"每(?:[0-9.]+(?:每?[百千万])?|百万|[百千万])")
_SHARES = frozenset({"ratio", "points"})


def _said_anew(before: Indicator, after: Indicator, one: str, other: str) -> bool:
    """Whether one sentence promises the same thing in another way: as a step (比重达到9%, 比重提高2个百分点), by another deed (改造易涝点23处,
    消除易涝点23处), or for another number of people (每3万人口, 每2.5万人口; 每千人, 每万人), or for each year instead of all (每年培训, 累计培训).
    """
    bare = _DOING.sub("", one)
    step = _STEPS.sub("", one) == _STEPS.sub("", other) and {scale(i.unit)[1] for i in (before, after)} == _SHARES
    deed = len(bare) >= 2 and bare == _DOING.sub("", other) and before.op == after.op and same_figure(before, after)
    base = one != other and _PER.sub("#", one) == _PER.sub("#", other)
    term = one != other and TERMS.sub("", one) == TERMS.sub("", other)
    return (step or deed or base or term) and _same_sentence(before, after, _RECOGNISED)


@lru_cache(maxsize=4096)
def _usual(name: str) -> str:
    """A name with the words that plans use for one another brought to one of them, for likeness only."""
    for printed, usual in _SAME_WORDS:
        name = name.replace(printed, usual)
    return name


def one_name(one: str, other: str) -> bool:
    """Whether a name is another one said more fully (基层医疗机构护士数量, 在基层医疗卫生机构工作的护士数)."""
    names = sorted((_usual(normal(name)) for name in (one, other)), key=len)
    return len(names[0]) >= _TELLING and (_within(*names) or _turned(*names)) and not tell_apart(*names)


def tell_apart(one: str, other: str) -> bool:
    """Whether two names differ in a word of one kind (高血压, 糖尿病), so that they are two indicators however alike."""
    there = dict(_kinds(other))
    return any(at in there and here - there[at] and there[at] - here for at, here in _kinds(one))


@lru_cache(maxsize=4096)
def _kinds(name: str) -> tuple[tuple[int, frozenset[str]], ...]:
    """Which words of each group a name holds, by the number of the group."""
    found = ((at, frozenset(word for word in words if word in name)) for at, words in enumerate(_APART))
    return tuple((at, held) for at, held in found if held)


def _turned(part: str, whole: str) -> bool:
    """Whether ``whole`` is ``part`` in another order, with a word more at most (残疾人新增就业人数, 城乡新增残疾人就业人数)."""
    return len(part) >= 6 and len(whole) - len(part) <= 2 and not Counter(part) - Counter(whole)


def _within(part: str, whole: str) -> bool:
    """Whether all characters of ``part`` stand in ``whole`` in this order."""
    rest = iter(whole)
    return all(char in rest for char in part)
