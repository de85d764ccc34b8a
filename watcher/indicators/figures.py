"""Columns whose heads do not say what they hold, or of which year: told by the figures below and by the document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from watcher.indicators import values
from watcher.indicators.columns import AGES, NAME, THIS_YEAR, YEAR_BEFORE
from watcher.indicators.context import Times
from watcher.indicators.heads import DONE, MEASURES, YEAR
from watcher.indicators.roles import Column, is_ahead
from watcher.text import squeeze
from watcher.types import Cell, Role


def counted(
    found: Sequence[Column], body: Sequence[Sequence[Cell]], year: int | None, times: Times
) -> tuple[Column, ...]:
    """The columns of a table of results whose headers name no year (绝对数, 比重（%）, 招生数): those that hold numbers.

    ``year`` is that of the caption, or the one a report tells of. A header that names a measure of its own goes with the row's name.
    """
    columns: list[Column] = []
    role: Role = "target" if year is not None and not times.is_report and is_ahead(year, times) else "actual"
    for at, column in enumerate(found):
        printed = [row[at].text for row in body if not values.is_blank_mark(row[at].text)]
        cells = [value for text in printed if (value := values.cell(text)) is not None and not AGES.fullmatch(text)]
        numeric = sum(1 for value in cells if value.number is not None)
        if (column.kind == "growth" and column.year is None) or (
            column.kind == "value"
            and column.role == "target"
            and times.is_report
            and (column.year is None or not YEAR.search(column.header))
        ):
            column = replace(column, year=year)
        elif column.kind == "value" and year and YEAR_BEFORE.match(column.header):
            column = replace(column, year=year - 1)
        elif column.kind == "value" and THIS_YEAR.match(column.header):
            column = replace(column, year=year, role=role)
        elif (
            column.kind in ("unknown", "name", "category") and cells and numeric * 3 > len(cells) * 2 and column.header
        ):
            name, unit = values.split_unit(column.header)
            name = _COUNTED.sub("", name.removeprefix("其中:").removeprefix("其中"))
            sense = role
            if _ONLY_SENSE.fullmatch(name):
                sense, name = "actual" if DONE.search(name) else "target", ""
            column = Column("value", column.header, year, sense, unit, name)
        columns.append(column)
    return tuple(columns)


_COUNTED = re.compile("(?:绝对[数量额值]|年末[数值]|数值)$")
"""What says only how something is counted (城镇居民 over 绝对数)."""


_ONLY_SENSE = re.compile("(?:年度|全年|截[至止].{2,6}|累计|已|当前)?(?:目标|任务|计划|完成|实际)+(?:情况|[数量值])?")
"""Heads that name no measure (年度目标任务, 截至9月底完成)."""


def without_targets(found: Sequence[Column]) -> tuple[Column, ...]:
    """The columns with those left open whose heads name what is aimed at (能耗强度下降目标（%）), beside others that do."""
    targets = sum(column.kind in ("value", "unknown") for column in found)
    return tuple(
        Column("unknown", column.header) if column.kind == "value" and targets > 1 else column for column in found
    )


def differing(found: Sequence[Column], body: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """The columns with those marked whose head speaks of growth (规划期增长) and whose figures are what one column has more than another."""
    told = [at for at, column in enumerate(found) if column.kind == "value" and isinstance(column.year, int)]
    columns = list(found)
    if len(told) < 2:
        return tuple(found)
    last = max(told, key=lambda at: int(str(found[at].year)))
    for at, column in enumerate(found):
        if column.kind != "growth" or column.unit or "均" in column.header or "%" in column.header:
            continue
        if any(_differs(body, first, at, last) for first in told if found[first].year != found[last].year):
            columns[at] = replace(column, differs=True)
    return tuple(columns)


def _differs(body: Sequence[Sequence[Cell]], first: int, at: int, last: int) -> bool:
    """Whether most rows have in ``last`` what they have in ``first`` and ``at`` together."""
    exact = whole = 0
    for row in body:
        cells = [values.cell(row[one].text) for one in (first, at, last)]
        known = [Decimal(one.number) for one in cells if one and one.number]
        if len(known) == 3:
            whole += 1
            exact += known[0] + known[1] == known[2]
    return exact > 1 and exact * 3 > whole * 2


def as_printed(found: Sequence[Column], top: Sequence[Sequence[Cell]]) -> tuple[Column, ...]:
    """The columns with what their heads add to names in the letters of the page (PM2.5 浓度, not pm2.5 浓度)."""
    columns = list(found)
    for at, column in enumerate(found):
        if _LETTER.search(column.says):
            for row in top:
                printed = squeeze(row[at].text)
                begin = printed.lower().find(column.says)
                if begin >= 0:
                    columns[at] = replace(column, says=printed[begin : begin + len(column.says)])
    return tuple(columns)


_LETTER = re.compile("[a-z]")


def promised(found: Sequence[Column], body: Sequence[Sequence[Cell]], times: Times) -> tuple[Column, ...]:
    """The columns of a table whose heads tell of no value: those with figures, if most are bounds or say their unit or others beside them do.

    Bounds, and the figures of a plan, are aimed at. The heads of several go with the names of the rows.
    """
    measured = any(column.kind == "unit" or (column.kind == "name" and "指标" in column.header) for column in found)
    if not measured and not _names_measures(found, body):
        return tuple(found)
    columns: list[Column] = []
    for at, column in enumerate(found):
        if column.kind == "unknown" and column.header:
            printed = [row[at].text for row in body if not values.is_blank_mark(row[at].text)]
            cells = [value for text in printed if (value := values.cell(text)) is not None]
            told = [
                value for value in cells if value.number is not None and (measured or value.op != "=" or value.unit)
            ]
            planned = times.is_plan or sum(value.op != "=" for value in told) * 2 > len(told)
            year = times.last or times.aim if planned else times.aim or times.told
            if year and len(told) > 1 and len(told) * 3 > len(cells) * 2:
                name, unit = values.split_unit(column.header)
                if _ONLY_SENSE.fullmatch(name):
                    name, planned = "", not DONE.search(name)
                column = Column("value", column.header, year, "target" if planned else "actual", unit, name)
        columns.append(column)
    several = sum(bool(column.says) for column in columns) > 1
    return tuple(columns if several else [replace(column, says="") if column.says else column for column in columns])


def _names_measures(found: Sequence[Column], body: Sequence[Sequence[Cell]]) -> bool:
    """Whether the names of most rows end as those of measures do."""
    at = next((n for n, column in enumerate(found) if column.kind == "name"), None)
    names = [values.split_unit(row[at].text)[0] for row in body] if at is not None else []
    return sum(name.endswith(MEASURES) for name in names) * 2 > len(names)


def one_year(found: Sequence[Column], times: Times) -> int | None:
    """The only year that the columns of a table of places name, or that of the tasks which a paper of one year gives out, for those beside it that name none; ``None`` for other tables."""
    years = {column.year for column in found if column.kind == "value" and column.says}
    name = next((column for column in found if column.kind == "name"), None)
    if name is None or NAME.search(name.header) or not years:
        return None
    year = years.pop() if len(years) == 1 else times.aim if times.aim in years else None
    return year if isinstance(year, int) else None
