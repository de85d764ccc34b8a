"""Which column of a table holds what: read from headers, and from cells only where a header is blank."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from watcher.indicators import values
from watcher.indicators.context import Times, five_years
from watcher.indicators.heads import BASE, DONE, INDEX, MEASURES, TARGET, UNIT, YEAR, nature_of
from watcher.indicators.roles import Column, is_ahead, role_of, settle_roles
from watcher.indicators.wholes import holds_measures
from watcher.lexicon.units import is_unit
from watcher.text import plain
from watcher.types import Cell, Grid, Role

_NATURE = re.compile(r"属性|性质|约束|类型|预期性|指标类型")
_CATEGORY = re.compile(r"领域|类别|分类|维度|方面|板块|一级指标|一级|类型$|指标类$|大类")
NAME = re.compile(
    r"指标名称|指标内容|主要指标|具体指标|二级指标|三级指标|核心指标|评价指标|监测指标|考核指标|指标|名称|项目|内容|主要目标|发展目标"
)
_NOTE = re.compile(
    r"备注|说明|责任|牵头|来源|部门|依据|口径|解释|完成情况说明|^(?:占.{0,6}任务.{0,3}|完成(?:率|比例|进度)|(?:累计)?进度)(?:[(（]%[)）])?$|^(?:分值|得分|权重|评分.{0,4}|自评得分|扣分.{0,4}|.{0,4}[编代]码|(?:(?:预|决)算数|执行数)?[为占完]成?[^，。]{0,12}(?:[预决]算|执行)数?的?[(（]?[%％][)）]?)$"
)
_GROWTH = re.compile(
    r"年均|累计(?![\u4e00-\u9fff])|累计(?=[数值量增新提下降减年变或和完目任指])|增速|增幅|增长率|年增长|增长|比上年|同比|±|变化|提高幅度|增减|^净增|^增量|^增加量|^增加值$|较\d{4}|(?<![\u4e00-\u9fff])比\d{4}"
)
_PERIOD = re.compile(r"(20\d\d)年?[-—–－~～至到]{1,2}(20\d\d)")
_BARE = re.compile(
    r"20\d\d年?[末底度]?|(?:规划|发展|年度|阶段性?|预期)?(?:目标|任务|计划|指标|实际|完成|现状|基期|基准|预计|预期|规划|达到|考核|预算|决算|执行)[值数量]?|实绩"
)
_FIGURES = ("", *"0123456789≥≤<>＜＞-")
BOUNDS = ("≥", "≤", ">", "<", "=", ">=", "<=", "大于等于", "小于等于")
"""What a column of signs holds, apart from the figures (指标性质 ≥, 指标值 95)."""
_CACHED = 64
"""Longer headers are read anew each time, so that no page fills the memory."""
_TARGET_VALUE = re.compile(
    r"目标值|目标数|目标年|指标值|目标$|终[值点]|^(?:远期|终期|期末)(?:规划)?[年值数]?$|^(?:年初|调整后?|全年)?预算[数额]?$|(?:目标|任务|年度|指标|考核|工作)要求|规划值|规划目标|任务值|标准值|预期值|预期目标"
)
_MIDWAY = re.compile(r"^(?:规划|阶段)?[近中]期(?:规划|阶段)?(?:目标)?[年值数]?$")
"""A target between now and the end of a plan, which its head does not date."""
YEAR_BEFORE = re.compile(
    r"^(?:上年|去年|上一年)度?(?:末|同期)?(?:水平|实绩|实际|完成|决算|执行)?(?:数|值|量|情况)?(?:[（(][^()（）]{1,12}[)）])?$"
)
"""The year before the one that a task list or a report is of."""
_NO_VALUE = re.compile(r"主要目标|发展目标|目标名称")
THIS_YEAR = re.compile(
    r"^(?:绝对数|绝对量|年末数|年末值|总量|产量|销售量|数值|数量|指标值|(?:已|累计|实际|全年|目前)?完成[值数量]|(?:累计|实际|全年|目前)完成|(?:全年)?实际值|实绩|(?:预计)?(?:执行|决算)[数额]?|本年|本期|人数|金额)(?:[(（][^()（）]{1,12}[)）])?$"
)


def _header(rows: Sequence[Sequence[Cell]], column: int) -> str:
    """What the cells of a head say together, the unit of an upper one last (减排量（吨） over 氨氮: 减排量氨氮（吨）)."""
    parts: list[str] = []
    for row in rows:
        text = plain(row[column].text)
        if text and text not in parts:
            parts.append(text)
    if len(parts) > 1 and "(" in parts[0] and not values.split_unit(parts[-1])[1]:
        name, unit = values.split_unit(parts[0])
        if unit:
            return f"{name}{''.join(parts[1:])}({unit})"
    return "".join(parts)


def meanings(grid: Grid, heads: int, times: Times) -> tuple[Column, ...]:
    """What every column holds; ``heads`` rows at the top are headers."""
    return _told_apart(settle_roles(_columns(grid, heads, times), times), grid.rows[:heads])


def _told_apart(found: Sequence[Column], top: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """The columns with what parts those of one year and sense (小学 | 初中 under 2020年, 一季度 | 二季度) behind the names of the rows."""
    columns = list(found)
    alike: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for at, column in enumerate(found):
        if column.kind in ("value", "growth") and not column.says:
            alike[column.kind, column.year, column.role].append(at)
    for places in alike.values():
        if len(places) < 2:
            continue
        parts = {at: _group([plain(row[at].text) for row in top]) for at in places}
        told = [part for part in parts.values() if part]
        if len(told) > 1 and len(told) == len(set(told)) and len(told) > len(places) - 2:
            for at, part in parts.items():
                said = part if _PART_OF_YEAR.fullmatch(part) or not part else f"（{part}）"
                columns[at] = replace(columns[at], says=said)
    return tuple(columns)


def _group(printed: Sequence[str]) -> str:
    """What a head says below or above a year, and of a part of one; ``""`` where it only says in what sense."""
    heads = list(dict.fromkeys(filter(None, printed)))
    if len(heads) == 1:
        within = _WITHIN.fullmatch(heads[0])
        return within[1] if within else heads[0] if _PART_OF_YEAR.fullmatch(heads[0]) else ""
    said = [
        name
        for text in heads
        if not YEAR.search(text) and not _GROWTH.search(text) and (name := values.split_unit(text)[0])
    ]
    return "" if len(said) != 1 or _MEANT.search(said[0]) else said[0]


_WITHIN = re.compile("20[0-9]{2}年(1?[0-9]月底?前?|[一二三四]季度|[上下]半年)")
_MEANT = re.compile(
    "目标|计划|任务|规划|预期|实际|完成|预算|决算|执行|调整|现状|基[期准数线]|数$|值$|五|[省市县区州旗国](?:级|平均)?$"
)
"""In heads that say in what sense the figures below are meant, or of which place."""
_PART_OF_YEAR = re.compile("第?[一二三四1-4]季度|[上下]半年|前三季度|1?[0-9]月份?")


def _columns(grid: Grid, heads: int, times: Times) -> tuple[Column, ...]:
    top = grid.rows[:heads]
    body = grid.rows[heads:]
    width = len(grid.rows[0]) if grid.rows else 0
    found = [_by_header(_header(top, at), times) for at in range(width)]
    if heads > 1:
        found = [_with_measure(column, [plain(row[at].text) for row in top]) for at, column in enumerate(found)]
    lead = next((at for at, column in enumerate(found) if column.kind not in ("index", "unit")), None)
    if (
        lead is not None
        and found[lead].kind == "value"
        and not YEAR.search(found[lead].header)
        and not any(text and text[0] in _FIGURES for text in (row[lead].text for row in body))
    ):
        # 目标 may head what is aimed at, in words, before the columns that say how much of it.
        found[lead] = Column("unknown", found[lead].header)
    for at in range(width):
        if found[at].kind in ("unknown", "category", "note", "nature"):
            found[at] = _by_cells(found[at], [row[at] for row in body])
    for at, column in enumerate(found):
        if (
            column.kind == "value"
            and body
            and body[0][at].text[-1:] == "性"
            and all(nature_of(row[at].text) for row in body)
        ):
            found[at] = Column("nature", column.header)  # a head spans it that should not
    years = [column.year for column in found if column.kind == "value" and column.year]
    if len(set(years)) > 1:
        found = [_summed(column, found) for column in found]
    natures = [at for at, column in enumerate(found) if column.kind == "nature"]
    for at in natures:
        # 类型 may head the categories or the names (机构类型), and 属性 the natures.
        if (len(natures) > 1 or found[at].header.endswith("类型")) and not any(nature_of(row[at].text) for row in body):
            found[at] = Column("category", found[at].header)
    names = [at for at, column in enumerate(found) if column.kind == "name"]
    if not names:
        # 单位 may head those whose task it is.
        found = [_whose(column, [row[at] for row in body]) for at, column in enumerate(found)]
        names = [at for at, column in enumerate(found) if column.kind == "name"]
    if len(names) > 1:
        # Several columns headed 指标 (一级指标, 二级指标 or a spanned header over category and name): the one whose
        # cells differ most is the name, those before it are categories.
        parts = (at for at in names if at - 1 in names and holds_measures(body, at))
        best = next(parts, None) or max(
            names, key=lambda at: (len({plain(row[at].text) for row in body if row[at].text}), at)
        )
        for at in names:
            if at != best:
                found[at] = Column("category" if at < best else "note", found[at].header)
    elif names and (below := _below(found, names[0], body)) is not None:
        found[names[0]], found[below] = Column("category", found[names[0]].header), found[names[0]]
    elif not names:
        texts = [at for at, column in enumerate(found) if column.kind in ("unknown", "category")]
        texts = [at for at in texts if any(_is_word(row[at].text) for row in body)]
        if texts:
            best = max(texts, key=lambda at: (len({plain(row[at].text) for row in body if row[at].text}), at))
            found[best] = Column("name", found[best].header)
    if any(column.kind == "name" and NAME.search(column.header) for column in found):
        # Under 指标 the rows name the measures, elsewhere (地区, 机构) they tell whose they are.
        found = [replace(column, says="") if column.says else column for column in found]
    return tuple(found)


def _is_word(text: str) -> bool:
    """Whether a cell holds neither a figure nor nothing: — among figures names no row, and an age does."""
    return (text[:1] not in _FIGURES and not values.is_blank_mark(text)) or AGES.fullmatch(text) is not None


AGES = re.compile(r"[0-9]{1,3}(?:[-—–~～至][0-9]{1,3})?周?岁(?:及?以[上下])?(?:[（(].{1,12}[)）])?")
"""The people of an age, as rows are named by them (65岁及以上)."""


def _below(found: Sequence[Column], name_at: int, body: Sequence[Sequence[Cell]]) -> int | None:
    """The column right of the names, if it has no header and holds what they are divided into (one head over both columns)."""
    at = name_at + 1
    if at >= len(found) or found[at].header or found[at].kind != "unknown":
        return None
    texts = [plain(row[at].text) for row in body]
    told = sum(text[:1] not in _FIGURES for text in texts)
    return at if told * 3 > len(texts) * 2 and len({*texts}) > len({plain(row[name_at].text) for row in body}) else None


def _by_header(header: str, times: Times) -> Column:
    """A column by its header; the tables of one field have the same headers on every page."""
    return _by_known_header(header, times) if len(header) <= _CACHED else _by_any_header(header, times)


def _by_any_header(header: str, times: Times) -> Column:
    if not header:
        return Column("unknown", header)
    if INDEX.match(header):
        return Column("index", header)
    if UNIT.match(header):
        return Column("unit", header)
    if _NATURE.search(header) and not YEAR.search(header):
        return Column("nature", header)
    if _NOTE.search(header):
        return Column("note", header)
    unit = values.split_unit(header)[1] or values.split_unit(_BARE.sub("", header))[1]
    value = _value_column(header, unit, times)
    if value:
        return value
    if _CATEGORY.search(header):
        return Column("category", header)
    if NAME.search(header):
        return Column("name", header)
    return Column("unknown", header)


_by_known_header = lru_cache(maxsize=2048)(_by_any_header)


def _value_column(header: str, unit: str, times: Times) -> Column | None:
    span = _PERIOD.search(header)
    year = YEAR.search(header)
    named = five_years(header)
    if _GROWTH.search(header) and not (year and not span and TARGET.search(header)):
        if header.endswith(("指标", "名称")):
            return None
        period: int | str | None = f"{span[1]}-{span[2]}" if span else times.period
        if named and not span:
            period = f"{named[0]}-{named[1]}"
        last = int(str(period)[-4:]) if period else None
        planned = bool(TARGET.search(header)) or (last is not None and is_ahead(last, times))
        growth_unit = unit
        summed = "累计" in header and "增" not in header and "均" not in header
        sense: Role = "target" if planned else "actual" if summed else "change"
        return Column("growth", header, period, sense, growth_unit, _grown(header))
    if span:
        role: Role = "target" if is_ahead(int(span[2]), times) and not DONE.search(header) else "actual"
        return Column("value", header, f"{span[1]}-{span[2]}", role, unit)
    if year:
        return Column("value", header, int(year[1]), role_of(header, int(year[1]), times), unit, _measure(header))
    if named and (TARGET.search(header) or DONE.search(header) or "末" in header or BASE.search(header)):
        return Column("value", header, named[1], role_of(header, named[1], times), unit)
    if BASE.search(header):
        return Column("value", header, times.first - 1 if times.first else None, "baseline", unit)
    if _MIDWAY.search(header):
        return Column("value", header, None, "target", unit)
    if _TARGET_VALUE.search(header) and not _NO_VALUE.search(header):
        return Column("value", header, times.last or times.aim, "target", unit, _measure(header))
    if YEAR_BEFORE.match(header):
        told = times.aim or times.told
        return Column("value", header, told - 1 if told else None, "actual", unit)
    if times.aim and not times.is_report and _PART_OF_YEAR.fullmatch(header):
        return Column("value", header, times.aim, "target", unit)
    if THIS_YEAR.search(header):
        return Column("value", header, times.told or times.now, "actual", unit)
    return None


def _grown(header: str) -> str:
    """What grows by a head that names it (规上工业增加值增速（%）); ``""`` where it only says against what."""
    found = _GROWTH.search(header)
    lead = header[: found.start()] if found else ""
    return values.split_unit(header)[0] if len(lead) > 2 and lead.endswith((*MEASURES, "投资")) else ""


def _measure(header: str) -> str:
    """What a header with a year names besides it (床位数 in 2025年床位数（张）); ``""`` where it only says year and sense."""
    rest = values.split_unit(_BARE.sub("", header))[0]
    return rest if len(rest) > 1 and rest.endswith(MEASURES) else ""


def _with_measure(column: Column, printed: Sequence[str]) -> Column:
    """A column of a year under a head that names a measure (农村户厕改造任务（户） over 2024年): the measure goes with the row."""
    if column.kind == "growth" and len({*printed} - {""}) > 1 and _GROWTH.search(printed[-1]):
        over = values.split_unit(printed[0])[0]
        bare = YEAR.search(over) or _GROWTH.search(over) or _SENSE.search(over) or _BARE.fullmatch(over)
        return column if bare or len(over) < 3 else replace(column, says=over)
    if column.kind == "value" and (over := _measure(printed[0])) and (below := _last(printed)):
        return replace(column, says=over + below)  # 2025年用水总量 over 其中：非常规水
    if column.kind != "value" or column.says or not any(map(is_year_head, printed)):
        return column
    above = [values.split_unit(text)[0] for text in printed if text and not YEAR.search(text)]
    name = above[0] if above and not _BARE.fullmatch(above[0]) and len(above[0]) > 2 else ""
    return replace(column, says=name) if name and not _SENSE.search(name) else column


def _last(printed: Sequence[str]) -> str:
    """The part of a measure that the last cell of a head names; ``""`` where it says the year or the sense, or the same as the first."""
    text = values.split_unit(printed[-1])[0].removeprefix("其中").removeprefix(":")
    return "" if text in printed[0] or YEAR.search(text) or _MEANT.search(text) or _GROWTH.search(text) else text


_SENSE = re.compile(
    "^(?:.{0,4}(?:目标|规划|现状|基期|计划|时期|期间|期末|阶段|年度|分年度|实施|完成|实际|预期).{0,4}|.{0,4}五.{0,6})$"
)
"""Heads that say in what sense the years below are meant, and of what measure they are not."""


_YEAR_HEAD = re.compile(
    r"20\d\d年?(?:底|末|全年|上半年|前?[一二三四1-4]季度|(?:1[-—–~～至到])?1?[0-9]月)?(?:[（(]?(?:目标|实际|现状|基期|规划|预计|完成)[值数]?[)）]?)?"
)


def is_year_head(text: str) -> bool:
    """Whether a cell (in plain form) is a year and what it is of: 2020年, 2025年目标, 2020（基期）."""
    return text[:2] == "20" and _YEAR_HEAD.fullmatch(text) is not None


def years_of(heads: Sequence[str], times: Times) -> tuple[Column, ...]:
    """What the cells down the side of a table say of their rows: year and role, as for headers."""
    return settle_roles([_by_header(plain(head), times) for head in heads], times)


def _summed(column: Column, found: Sequence[Column]) -> Column:
    """合计 beside the years or periods of a plan is of them all."""
    if column.kind != "unknown" or not _TOTAL.fullmatch(column.header):
        return column
    told = [one for one in found if one.kind == "value" and one.year]
    last = max(told, key=lambda one: str(one.year)[-4:])
    first = min(str(one.year)[:4] for one in told)
    return Column("value", column.header, f"{first}-{str(last.year)[-4:]}", last.role, column.unit)


_TOTAL = re.compile(r"(?:[三四五]年)?(?:合计|总计)|总(?:任务|目标)[数量]?|任务总[数量]")


def _whose(column: Column, cells: Sequence[Cell]) -> Column:
    """A column headed 单位 that holds no units but names."""
    if column.kind != "unit":
        return column
    texts = [plain(cell.text) for cell in cells if cell.text.strip()]
    names = sum(len(text) > 1 and text[0] not in _FIGURES and not is_unit(text) for text in texts)
    return Column("name", column.header) if texts and names == len(texts) else column


def _by_cells(column: Column, cells: Sequence[Cell]) -> Column:
    """A column without a telling header, by what stands in it."""
    texts = [plain(cell.text) for cell in cells if cell.text.strip()]
    if not texts:
        return column
    if (
        all(text.isdigit() and len(text) <= 3 for text in texts)
        and [int(t) for t in texts] == sorted({int(t) for t in texts})
        and int(texts[0]) <= 1
    ):
        return Column("index", column.header)
    if all(nature_of(text) for text in texts):
        return Column("nature", column.header)
    if all(is_unit(text) for text in texts):
        return Column("unit", column.header)
    if all(text in BOUNDS or text == "定性" for text in texts) and {*texts} & {*BOUNDS}:
        return Column("bound", column.header)
    return column
