"""What happened to one promise: nothing, other words, or a move with a direction.

The rules are those of the README's "Words": bounds tighten or relax by the side they bound, plain figures rise or fall
(or tighten and relax, where the indicator's direction is known), baselines and actuals are restated.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from watcher.compare.phrasing import unphrased
from watcher.compare.rhythm import TERMS, times
from watcher.compare.shape import numbering, shape
from watcher.lexicon.names import polarity
from watcher.lexicon.units import apart_from_name, base_of, scale
from watcher.text import plain
from watcher.types import Effect, Indicator, MoveKind, Op

_SIDE: dict[Op, int] = {">=": 1, ">": 1, "<=": -1, "<": -1, "=": 0, "~": 0, "text": 0}
_STRICT: frozenset[Op] = frozenset((">", "<"))
_MEASURES = frozenset(("count", "beds", "vehicles", "sets", "items", "kinds", "places"))
"""Families whose units only count things: 个床位 and 张 say the same, 人 and 人次 do not."""
_GRADED = frozenset(("ratio", "points", "age", "score", "level", "rank", "years"))
"""Families of units that grade how well things are, not how many there are."""
_RANGE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?)[^0-9.]{0,4}[-至到][^0-9.]{0,4}([0-9]{1,15}(?:\.[0-9]{1,15})?)")
_FIGURE = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?")
_GRADE = re.compile(rf"{_FIGURE.pattern}|[ivx]{{1,4}}(?=类)")
"""A figure, or the class of waters and soils (Ⅲ类)."""
_MEASURED = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15})?[^0-9.:比]")
"""30年一遇, 5批次/千人: a figure, and then what it counts."""
_PROGRESS = re.compile(r"提高|增加|增长|上升|提升|降低|下降|减少|压减|缩短|翻")
_CEILING = re.compile(r"以内|以下|不超过|控制|不高于|至多")
_YEARLY = re.compile("年均|每年|逐年|增长|增速|增幅|下降|降低")
_ROUNDED = Decimal("1e-7")
"""Part of an amount that units without an end of decimals leave open."""
_CHANGE = re.compile("(?:年均)?(?:增长|下降|降低|减少|提高|增加)$")
_LESS = re.compile("(?:下降|降低|减少|压减|削减|缩减|减排)(?:率|幅度|比例|量)?$")
"""Nobody promises less of what is good: to promise more of a decline is stricter."""
_LATIN = re.compile("[a-zμ]")
_TO_ONE = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})?)[:比]1(?![0-9.])")
_BRACKETS = re.compile(r"[()\[\]{}〔〕【】的]")

Verdict = tuple[MoveKind, Effect | None]


def number(indicator: Indicator) -> Decimal | None:
    """The figure as a number in the printed magnitude, ``None`` for words and ranges."""
    if indicator.value is None or indicator.op == "text":
        return None
    try:
        value = Decimal(indicator.value)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def same_figure(before: Indicator, after: Indicator) -> bool:
    """Whether both state the same amount: 18.2万 and 182000 do, 1‰ and 1% do not; a lost unit is no other unit.

    Words are the same when only their form differs.
    """
    old, new = number(before), number(after)
    if old is None or new is None:
        return old is new and (_words(before.text) == _words(after.text) or _same_range(before, after))
    if not before.unit or not after.unit:
        return old == new
    old_scale, new_scale = _scales(before, after)
    return _families_agree(old_scale[1], new_scale[1]) and _equal(old * old_scale[0], new * new_scale[0])


def _equal(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts in one unit are the same: 120公顷 and 1800亩 are, though a 亩 has no end of decimals."""
    return one == other or abs(one - other) <= _ROUNDED * max(abs(one), abs(other))


def _same_range(before: Indicator, after: Indicator) -> bool:
    """78%—82% in a sentence and 78-82 under a header that says %."""
    old, new = _RANGE.search(shape(before.text)), _RANGE.search(shape(after.text))
    return bool(
        old and new and old.groups() == new.groups() and before.unit and scale(before.unit) == scale(after.unit)
    )


def _words(text: str) -> str:
    return unphrased(shape(text).rstrip("。；;，,"))


def judge(
    before: Indicator, after: Indicator, *, blank_before: bool = False, blank_after: bool = False
) -> Verdict | None:
    """The kind and effect of a matched pair, ``None`` when it is no move.

    ``blank_before`` and ``blank_after`` say that a missing nature is a blank cell of a column that others fill, and not
    merely unsaid.
    """
    moved_year = not _same_end(before, after)
    if not same_figure(before, after) or before.op != after.op:
        return "changed", _effect(before, after, moved_year) or _nature(before, after, blank_before, blank_after)
    if moved_year:
        return "changed", "restated" if before.role in ("baseline", "actual") else None
    if before.nature != after.nature:
        effect = _nature(before, after, blank_before, blank_after)
        if effect or (before.nature and after.nature and before.role in ("target", "change")):
            return "changed", effect
    if _other_measure(before, after):
        return "changed", None
    return ("reworded", "reworded") if _reworded(before, after) or _other_term(before, after) else None


def _same_end(before: Indicator, after: Indicator) -> bool:
    """Whether both are due at one time: a year that is not said may be any, and a stock or a task of 2021-2025 is due in 2025."""
    if before.year == after.year or before.year is None or after.year is None:
        return True
    return _other_term(before, after)


def _other_term(before: Indicator, after: Indicator) -> bool:
    """Whether one says the last year and the other the whole period; a rate of growth is another thing over a period."""
    one, other = str(before.year), str(after.year)
    if len(one) == len(other) or one[-4:] != other[-4:] or before.role != "target" or after.role != "target":
        return False
    return not any(_YEARLY.search(side.name + side.quote) for side in (before, after))


def _scale(indicator: Indicator) -> tuple[Decimal, str]:
    return scale(apart_from_name(indicator.name, indicator.unit))


def _scales(before: Indicator, after: Indicator) -> tuple[tuple[Decimal, str], tuple[Decimal, str]]:
    """Both units, each for one person where the names count for different numbers (每千人口0.45人 is 每万人口4.5人), and for one year where they
    tell of different spans (每季度1次 is 每年4次).
    """
    one, other = _scale(before), _scale(after)
    if "每" not in before.name or "每" not in after.name:
        return one, other
    often = times(before.name), times(after.name)
    if often[0] and often[1] and often[0] != often[1]:
        one, other = (one[0] * often[0], one[1]), (other[0] * often[1], other[1])
    bases = base_of(before.name), base_of(after.name)
    if bases[0] == bases[1] or Decimal(1) in bases:
        return one, other
    return (one[0] / bases[0], one[1]), (other[0] / bases[1], other[1])


def _families_agree(one: str, other: str) -> bool:
    return one == other or (one in _MEASURES and other in _MEASURES) or _by_head(one) == _by_head(other)


def _by_head(family: str) -> tuple[str, frozenset[str]]:
    """A family and what it is divided by, 人 left out: a standard in 元/月 is one in 元/人·月, said less fully."""
    upper, _, lower = family.partition("/")
    return upper, frozenset(re.split("[·./]", lower)) - {"人", ""}


def graded(unit: str) -> bool:
    """Whether a unit grades how well things are (%, 岁), so that figures in it cannot be added."""
    return scale(unit)[1].partition("/")[0] in _GRADED or "/" in scale(unit)[1]


def _nature(before: Indicator, after: Indicator, blank_before: bool, blank_after: bool) -> Effect | None:
    if before.role in ("baseline", "actual") or (before.nature is None and not blank_before):
        return None  # what was binds nobody: the nature stands for the target
    if after.nature is None and not blank_after:
        return None
    was, now = before.nature == "约束性", after.nature == "约束性"
    return None if was == now else "binding" if now else "unbinding"


def _reworded(before: Indicator, after: Indicator) -> bool:
    """Another name, unit or magnitude; not where the same sentence was only read differently."""
    if unphrased(before.quote) == unphrased(after.quote):
        return False
    if letters(before.name) != letters(after.name):
        return True
    if not before.unit or not after.unit or plain(before.unit) == plain(after.unit):
        return False
    one, other = _scale(before), _scale(after)
    # /10万 and 1/10万 are one unit in two spellings; so are 微克/立方米 and its sign μg/m³.
    return one != other or not (one[1] == "ratio" or _sign(before.unit) != _sign(after.unit))


def _other_measure(before: Indicator, after: Indicator) -> bool:
    """Whether the names differ in nothing but a figure or a class, or in whether it is each year's: 每3万人口救护车1辆 is less than
    每2.5万人口救护车1辆, 优于Ⅲ类比例 than 优于Ⅱ类比例, 累计培训1500人次 than 每年培训1500人次.
    """
    one, other = letters(before.name), letters(after.name)
    if one == other or (times(one) and times(other)):
        return False  # figures of two spans were compared as what they make in a year
    return _GRADE.sub("#", one) == _GRADE.sub("#", other) or TERMS.sub("", one) == TERMS.sub("", other)


def _sign(unit: str) -> bool:
    """Whether a unit is printed by its international sign."""
    return bool(_LATIN.search(plain(unit)))


def letters(name: str) -> str:
    """A name without form, brackets and the number of the item it was read from: names that differ in more are two spellings or two indicators."""
    return _BRACKETS.sub("", unphrased(name[len(numbering(name)) :]))


def _effect(before: Indicator, after: Indicator, moved_year: bool) -> Effect | None:
    if before.role in ("baseline", "actual"):
        return "restated"
    if moved_year or _level_and_change(letters(before.name), letters(after.name)):
        return None
    old, new = number(before), number(after)
    sense = _sense(before, after)
    if old is None and new is None:
        return _worded(before.text, after.text, sense)
    if old is None or new is None:
        return None
    if before.unit and after.unit:
        old_scale, new_scale = _scales(before, after)
        if not _families_agree(old_scale[1], new_scale[1]):
            return None
        old, new = old * old_scale[0], new * new_scale[0]
    side_before, side_after = _SIDE[before.op], _SIDE[after.op]
    if side_before * side_after < 0:
        return None
    side = side_before or side_after
    if _equal(old, new):
        if not side_before or not side_after:
            return None  # 25 → ≥25: a point becomes a bound, neither stricter nor laxer
        return "relaxed" if before.op in _STRICT else "tightened"
    return _direction(new > old, side or sense)


def _level_and_change(one: str, other: str) -> bool:
    """Whether one tells a level and the other by how much it shall change: 死亡率降到13%以下 and 死亡率较2020年降低15%."""
    return one != other and (_CHANGE.sub("", one) == other or one == _CHANGE.sub("", other))


def _sense(before: Indicator, after: Indicator) -> int:
    """1 where more is stricter, -1 where less is, 0 where neither is known or where the figure is a stock: nobody calls
    7.5 beds instead of 6.8 a tightening, but every rate, share and time that has a direction can be tightened.
    """
    known = polarity(after.key or before.key) if before.role == "target" else None
    if known is None and before.role == "target" and _LESS.search(before.name) and _LESS.search(after.name):
        known = "higher"
    if known == "higher" and scale(after.unit or before.unit)[1] not in _GRADED:
        return 0
    return {"higher": 1, "lower": -1, None: 0}[known]


def _direction(up: bool, sense: int) -> Effect:
    if not sense:
        return "raised" if up else "lowered"
    return "tightened" if up == (sense > 0) else "relaxed"


def _worded(before: str, after: str, sense: int) -> Effect | None:
    """Ranges whose ends both move one way, ratios to one (车桩比2.5:1), measures of a unit of their own (30年一遇), and relative promises
    (比基期降低10%) whose one figure moves.
    """
    old, new = shape(before), shape(after)
    old_range, new_range = _RANGE.search(old), _RANGE.search(new)
    if old_range and new_range:
        steps = [Decimal(new_range[n]) - Decimal(old_range[n]) for n in (1, 2)]
        if all(step >= 0 for step in steps) or all(step <= 0 for step in steps):
            return _direction(sum(steps) > 0, sense) if any(steps) else None
        return None
    old_ratio, new_ratio = _TO_ONE.search(old), _TO_ONE.search(new)
    if old_ratio and new_ratio and (step := Decimal(new_ratio[1]) - Decimal(old_ratio[1])):
        return _direction(step > 0, sense)
    old_figures, new_figures = _FIGURE.findall(old), _FIGURE.findall(new)
    if not old_figures or len(old_figures) != len(new_figures) or _FIGURE.sub("0", old) != _FIGURE.sub("0", new):
        return None
    moved = [
        (Decimal(a), Decimal(b)) for a, b in zip(old_figures, new_figures, strict=True) if Decimal(a) != Decimal(b)
    ]
    if len(moved) == 1 and _MEASURED.match(old) and moved[0][0] == Decimal(old_figures[0]):
        return _direction(moved[0][1] > moved[0][0], sense)
    if len(moved) != 1 or not _PROGRESS.search(old) or _CEILING.search(old):
        return None
    return "tightened" if moved[0][1] > moved[0][0] else "relaxed"
