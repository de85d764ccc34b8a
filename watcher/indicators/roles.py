"""In what sense a column's figures are meant: what its year and its header say, and what the columns beside it leave open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from watcher.indicators.context import Times
from watcher.indicators.heads import BASE, DONE, TARGET
from watcher.types import Role

ColumnKind = Literal["index", "category", "name", "unit", "value", "growth", "nature", "note", "bound", "unknown"]


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a table holds."""

    kind: ColumnKind
    header: str
    year: int | str | None = None
    role: Role | None = None
    unit: str = ""
    says: str = ""
    """What the header adds to the name of a row (招生数 of 初中)."""
    differs: bool = False
    """Its figures are in the unit of the row: what another column has more than the one before it."""


def is_ahead(year: int, times: Times) -> bool:
    """Whether a year is not over when the text speaks; where it does not say when it speaks, a plan speaks of what is to come."""
    return times.is_plan if times.now is None else year >= times.now


def role_of(header: str, year: int, times: Times) -> Role | None:
    """The role a header gives its year; ``None`` leaves it to the other columns."""
    before_plan = times.first is not None and year < times.first
    if BASE.search(header) or before_plan:
        return "baseline"
    if DONE.search(header) and not TARGET.search(header):
        return "actual"
    if TARGET.search(header) or times.first is not None:
        return "target"
    return None


def settle_roles(found: Sequence[Column], times: Times) -> tuple[Column, ...]:
    """Roles that headers left open, by the other columns and by what kind of document it is."""
    years = [column.year for column in found if column.kind == "value" and isinstance(column.year, int)]
    # A table of nothing but years before the plan reviews the plan before it.
    review = times.first is not None and bool(years) and max(years) < times.first
    planned = times.is_plan or any(column.kind == "nature" or column.role == "target" for column in found)
    if not times.is_report and times.now is not None and years and max(years) > times.now:
        planned = True  # what is to come is aimed at, whatever the title says
    ahead = {year for year in years if times.first is not None and year >= times.first}
    settled: list[Column] = []
    for column in found:
        role = column.role
        if column.kind == "value" and isinstance(column.year, int):
            if role is None:
                role = _open_role(column.year, years, planned, times)
            if (
                review
                and not BASE.search(column.header)
                and (DONE.search(column.header) or TARGET.search(column.header))
            ):
                role = "actual" if DONE.search(column.header) else "target"
            elif (
                role == "actual"
                and not times.is_report
                and _starts(found, column.year)
                and not any(one.year == column.year and one.role == "target" for one in found)
            ):
                role = "baseline"
            if role == "target" and _begins(column, years, times):
                role = "baseline"
            if not review and TARGET.search(column.header) and _done_beside(found, column):
                role = "target"
        elif column.kind == "growth" and column.year is None:
            # 比上年增长 behind 2023年完成, 增长 behind 2024年计划: of that year; behind 2023年 and 2022年 side by side of the later.
            beside = _before_growth(settled)
            if beside is not None:
                column = replace(column, year=beside.year)
                role = "target" if beside.role == "target" else role
        elif (
            column.kind == "growth"
            and len(ahead) == 1
            and column.year == times.period
            and min(ahead) < (times.last or 0)
        ):
            # 累计 beside 2025年 in a plan to 2035 sums up until then.
            column = replace(column, year=f"{times.first}-{min(ahead)}")
        settled.append(column if role == column.role else replace(column, role=role))
    return tuple(settled)


def _begins(column: Column, years: Sequence[int], times: Times) -> bool:
    """Whether a bare year is the first of a long plan and far from the next one: its figures are what the plan starts from."""
    behind = [year for year in years if year > (times.first or year)]
    return (
        column.year == times.first == min(years)
        and not TARGET.search(column.header)
        and bool(behind)
        and min(behind) > min(years) + 5
    )


def _open_role(year: int, years: Sequence[int], planned: bool, times: Times) -> Role:
    """The role of a bare year: results in a report or a yearbook, else a baseline before the target."""
    if times.is_report or not planned:
        return "target" if times.now is not None and year > times.now else "actual"
    if times.now is not None:
        return "target" if year >= times.now else "baseline"
    return "baseline" if len(set(years)) > 1 and year == min(years) else "target"


def _before_growth(settled: Sequence[Column]) -> Column | None:
    """The value column that a growth column speaks of: the latest of those that stand directly before it."""
    run: list[Column] = []
    for column in reversed(settled):
        if column.kind == "value" and column.role:
            run.append(column)
        elif run:
            break
    alike = [one for one in run if isinstance(one.year, int) and one.role == run[0].role]
    return max(alike, key=lambda one: int(str(one.year)), default=None) or next(iter(run), None)


def _done_beside(found: Sequence[Column], planned: Column) -> bool:
    """Whether another column tells what became of the same year (规划目标 | 完成情况)."""
    return any(one.year == planned.year and one is not planned and DONE.search(one.header) for one in found)


def _starts(found: Sequence[Column], year: int) -> bool:
    """Whether another column plans for a later year, and none tells a base before: then a result is what the plan starts from."""
    if any(column.role == "baseline" and int(str(column.year or year)[-4:]) < year for column in found):
        return False
    return any(
        column.kind == "value"
        and column.role == "target"
        and column.year is not None
        and int(str(column.year)[-4:]) > year
        for column in found
    )


def all_planned(found: Sequence[Column], times: Times) -> tuple[Column, ...]:
    """The columns of a table that gives out tasks year by year: the first of its years is no base, unless its head says so."""
    return tuple(
        replace(column, role="target")
        if column.role == "baseline"
        and not BASE.search(column.header)
        and not DONE.search(column.header)
        and not (times.aim and isinstance(column.year, int) and column.year < times.aim)
        else column
        for column in found
    )
