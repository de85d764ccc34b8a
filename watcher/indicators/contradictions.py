"""What a document says twice and not alike.

Classes: *value*, two figures or directions that cannot both hold; *operator*, one figure with another comparison
(达到80% against ≥80); *scope*, two counts that may speak of different things, or a share that its own counts do not
give. Only value and scope make an indicator ``disputed``: a plan that says 达到 in its text and ≥ in its table has not
contradicted itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations
from typing import Literal, NamedTuple

from msgspec import structs

from watcher.lexicon.names import canonical, normal
from watcher.lexicon.units import scale
from watcher.text import plain
from watcher.types import Indicator

Kind = Literal["value", "operator", "scope"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements of one document that do not agree, in the order of the text."""

    kind: Kind
    first: Indicator
    second: Indicator
    reason: str
    """In Chinese, for people: 「正文76.3岁，表中76.8岁」."""


class _Told(NamedTuple):
    """An indicator with what comparison needs worked out once."""

    item: Indicator
    idea: str
    size: Decimal | None
    family: str
    planned: bool
    years: int | None


_COUNTS = {"count", "persons", "items", "vehicles", "beds", "places", "households", "cases", "sets", "kinds"}
_PER = re.compile(r"^每0*([1-9]\d*)(千|万|十万)(?=人|名|常住)")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_DOWN = re.compile(r"降低|下降|减少|缩小|控制")
_UP = re.compile(r"提高|提升|上升|增长|增加|改善")
_GENERIC = 5
"""An unknown name shorter than this (床位, 建筑面积) is no identity."""


def contradictions(indicators: Iterable[Indicator]) -> tuple[Contradiction, ...]:
    """All contradictions among the indicators of one document, ordered by where the first statement stands."""
    items = tuple(indicators)
    known: list[int | None] = []

    def tell(item: Indicator) -> _Told:
        if not known:
            known.append(_final_year(items))
        return _tell(item, known[0])

    stated = [
        item for item in items if item.role != "change" and not (item.role == "baseline" and item.origin == "prose")
    ]
    found: dict[tuple[int, int, int, int], Contradiction] = {}
    for one in (
        *_same_idea(stated, tell),
        *_same_subject(stated, tell),
        *_shares(items, stated, tell),
        *_directions(items),
    ):
        a, b = sorted((one.first, one.second), key=lambda item: (item.start, item.end))
        found.setdefault((a.start, a.end, b.start, b.end), replace(one, first=a, second=b))
    return tuple(sorted(found.values(), key=lambda one: (one.first.start, one.second.start)))


def flag(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """The indicators with ``disputed`` set where the document contradicts itself in value or scope."""
    disputed = {
        (item.start, item.end, item.name)
        for one in contradictions(indicators)
        if one.kind != "operator"
        for item in (one.first, one.second)
    }
    if not disputed:
        return tuple(indicators)
    return tuple(
        structs.replace(item, disputed=True) if (item.start, item.end, item.name) in disputed else item
        for item in indicators
    )


def _final_year(items: Sequence[Indicator]) -> int | None:
    """The year that a target without one means: the year most targets name."""
    years = Counter(item.year for item in items if item.role == "target" and isinstance(item.year, int))
    return years.most_common(1)[0][0] if years else None


def _tell(item: Indicator, final: int | None) -> _Told:
    planned = item.role == "target"
    year = final if planned else None
    if item.year is not None:
        year = item.year if isinstance(item.year, int) else int(item.year[-4:])
    return _Told(item, _idea(item), _size(item), scale(item.unit)[1], planned, year)


def _size(item: Indicator) -> Decimal | None:
    """The figure in the unit of its family, ``None`` for words and ranges; 每2万人口1辆 is 每万人口0.5辆."""
    if item.value is None:
        return None
    per = _PER.match(item.name) if item.name[:1] == "每" else None
    size = Decimal(item.value)
    return (size / Decimal(per[1]) if per else size) * scale(item.unit)[0]


def _idea(item: Indicator) -> str:
    """What is spoken of: the key, or the name's normal form."""
    if item.key:
        return item.key
    name = item.name
    if name[0] == "每" and item.value is not None:
        name = _PER.sub(r"每\2", name, count=1)
    return canonical(name) or normal(name)


def _comparable(a: _Told, b: _Told) -> bool:
    same_time = a.years == b.years or (not a.planned and (a.years is None or b.years is None))
    return a.planned == b.planned and same_time and (a.family == b.family or not a.family or not b.family)


def _same_idea(stated: Sequence[Indicator], tell: Callable[[Indicator], _Told]) -> Iterator[Contradiction]:
    groups: dict[str, list[Indicator]] = defaultdict(list)
    for item in stated:
        if item.value is None:
            continue
        if item.key is not None:
            groups[item.key].append(item)
        elif len(idea := _idea(item)) > _GENERIC or not _CHINESE.search(idea):
            groups[idea].append(item)
    for group in groups.values():
        size = len(group)
        if not 2 <= size <= 60:
            continue
        planned = len([item for item in group if item.role == "target"])
        if planned < 2 and size - planned < 2:
            continue  # what is and what shall be do not contradict each other
        for a, b in combinations(map(tell, group), 2):
            if _comparable(a, b):
                yield from _differ(a, b)


def _differ(a: _Told, b: _Told) -> Iterator[Contradiction]:
    """How two statements on one thing differ, if they do."""
    if a.size is None or b.size is None:
        return
    if a.size == b.size:
        if a.item.op != b.item.op:
            yield Contradiction("operator", a.item, b.item, f"同一数值，比较词不同：{_say(a.item)}，{_say(b.item)}")
        return
    if not a.planned and _admits(a, b):
        return
    if not a.planned and a.family in _COUNTS and a.item.op == b.item.op == "=":
        yield Contradiction("scope", a.item, b.item, f"两个数量可能口径不同：{_say(a.item)}，{_say(b.item)}")
        return
    if (
        a.planned
        and a.family in _COUNTS
        and not (a.item.origin == "table" or b.item.origin == "table")
        and "每" not in a.item.name
    ):
        yield Contradiction("scope", a.item, b.item, f"两个数量可能口径不同：{_say(a.item)}，{_say(b.item)}")
        return
    yield Contradiction("value", a.item, b.item, f"数值不一致：{_say(a.item)}，{_say(b.item)}")


def _admits(a: _Told, b: _Told) -> bool:
    """Whether one reported bound leaves room for the other figure (98%以上 and 98.7%)."""
    for bound, other in ((a, b), (b, a)):
        if bound.size is None or other.size is None:
            continue
        if bound.item.op in (">=", ">") and other.size > bound.size:
            return True
        if bound.item.op in ("<=", "<") and other.size < bound.size:
            return True
        if bound.item.op == "~" and abs(other.size - bound.size) * 20 <= abs(bound.size):
            return True
    return False


def _same_subject(stated: Sequence[Indicator], tell: Callable[[Indicator], _Told]) -> Iterator[Contradiction]:
    """Names of which one holds the other: a wider and a narrower count, a share of one whole told at two lengths."""
    by_size: dict[tuple[bool, Decimal], list[Indicator]] = defaultdict(list)
    counts: list[Indicator] = []
    for item in stated:
        counted = item.key is None and scale(item.unit)[1] in _COUNTS
        if not (counted or "占" in item.name):
            continue
        size = _size(item)
        if size is None:
            continue
        planned = item.role == "target"
        by_size[planned, size].append(item)
        if counted and not planned and item.op == "=":
            counts.append(item)
    for group in by_size.values():
        if len(group) > 1:
            for a, b in combinations(map(tell, group[:40]), 2):
                yield from _same_figure(a, b)
    if not any("的" in plain(item.name) for item in counts):
        return
    for a, b in combinations(map(tell, counts[:200]), 2):
        if a.size != b.size and _comparable(a, b) and _narrower(a.item.name, b.item.name):
            yield Contradiction("scope", a.item, b.item, f"两个数量可能口径不同：{_say(a.item)}，{_say(b.item)}")


def _same_figure(a: _Told, b: _Told) -> Iterator[Contradiction]:
    """Two names with one figure: told at two lengths, or of a wider and a narrower group."""
    if a.idea == b.idea:
        return
    if a.item.op != b.item.op and _comparable(a, b) and _share_of_same(a.item.name, b.item.name):
        yield Contradiction("operator", a.item, b.item, f"同一数值，比较词不同：{_say(a.item)}，{_say(b.item)}")
    elif a.family == b.family and a.family in _COUNTS and a.item.key is None and b.item.key is None and _overlap(a, b):
        yield Contradiction("scope", a.item, b.item, f"同一数量，对象宽窄不同：{_say(a.item)}，{_say(b.item)}")


def _share_of_same(a: str, b: str) -> bool:
    """专业技术人员占编制总额的比例, and the same of 疾病预防控制机构人员编制总额."""
    one, other = normal(a), normal(b)
    if "占" not in one or "占" not in other:
        return False
    subject, _, whole = one.partition("占")
    other_subject, _, other_whole = other.partition("占")
    return subject == other_subject and (whole.endswith(other_whole) or other_whole.endswith(whole))


def _narrower(a: str, b: str) -> bool:
    """贫困旗县的健康扶贫工作 and 贫困旗县: one name is the other with a 的 behind it."""
    short, long = sorted((plain(a), plain(b)), key=len)
    return len(short) >= 4 and long.startswith(f"{short}的")


def _overlap(a: _Told, b: _Told) -> bool:
    """Whether two names of one figure share enough to mean one thing seen wider and narrower."""
    short, long = sorted((a.idea, b.idea), key=len)
    if len(short) >= 4 and long.endswith(short) and a.item.op != b.item.op:
        return True
    if a.size is None or a.size < 10 or a.item.quote == b.item.quote:
        return False
    return any(short[n : n + 4] in long for n in range(len(short) - 3)) and not a.planned


def _shares(
    items: Sequence[Indicator], stated: Sequence[Indicator], tell: Callable[[Indicator], _Told]
) -> Iterator[Contradiction]:
    """A share whose part and whole are both told: 839家占49.8%, but 839 of 1747 is 48.0 %."""
    shares = [
        (at, item)
        for at, item in enumerate(items)
        if "占" in item.name
        and item.origin == "prose"
        and item.role == "actual"
        and item.value is not None
        and scale(item.unit)[1] == "ratio"
    ]
    if not shares:
        return
    wholes = [
        tell(item)
        for item in stated
        if item.value is not None and item.role != "target" and item.unit and scale(item.unit)[1] != "ratio"
    ]
    if len(wholes) > 800:
        return
    for at, item in shares:
        subject, _, whole = item.name.partition("占")
        whole = re.sub(r"(?:总数|总量|总人数)?的?(?:比例|比重)?$", "", whole)
        part = next(
            (
                other
                for other in reversed(items[max(0, at - 3) : at])
                if other.name == subject and other.value is not None
            ),
            None,
        )
        if part is None or not whole:
            continue
        wanted = normal(whole).replace("卫生", "")
        base = next(
            (one for one in wholes if normal(one.item.name).replace("卫生", "") == wanted and one.item is not part),
            None,
        )
        size = scale(part.unit)[0] * Decimal(part.value or 0)
        if base is None or not base.size or size > base.size or base.family != scale(part.unit)[1]:
            continue
        real = size / base.size * 100
        if abs(real - Decimal(item.value or 0)) > Decimal("0.3"):
            yield Contradiction(
                "scope", base.item, item, f"{_say(part)}与{_say(base.item)}之比为{real:.1f}%，文中为{item.text}"
            )


def _directions(items: Sequence[Indicator]) -> Iterator[Contradiction]:
    """逐步降低 in the text, but a table whose bound lies above the value of today (or the reverse)."""
    courses = [
        item
        for item in items
        if item.op == "text" and item.value is None and item.origin == "prose" and item.role == "target"
    ]
    if not courses:
        return
    pairs: dict[str, dict[str, Indicator]] = defaultdict(dict)
    for item in items:
        if item.origin == "table" and item.value is not None and item.role in ("baseline", "target"):
            pairs[item.key or normal(item.name)].setdefault(item.role, item)
    for item in courses:
        pair = pairs.get(item.key or normal(item.name), {})
        if len(pair) < 2:
            continue
        now, then = Decimal(pair["baseline"].value or 0), Decimal(pair["target"].value or 0)
        if (_DOWN.search(item.text) and then > now) or (_UP.search(item.text) and then < now):
            yield Contradiction("value", item, pair["target"], f"文中称{item.text}，表中{now}→{_say(pair['target'])}")


def _say(item: Indicator) -> str:
    where = "表中" if item.origin == "table" else "正文"
    return f"{where}{item.name}{item.text}"
