"""Tables whose years stand down the side: one indicator a column, one year a row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from watcher.indicators import several, values
from watcher.indicators.columns import is_year_head, years_of
from watcher.indicators.context import Times
from watcher.indicators.heads import nature_of
from watcher.indicators.keys import key_for
from watcher.indicators.tables import CAPTION_UNIT, joined, name_and_unit, spans
from watcher.text import plain, tidy
from watcher.types import Block, Cell, Indicator

_UNIT = re.compile(r"^(?:计量)?单位$")
_NATURE = re.compile(r"属性|性质|^约束|^预期")


def extract(block: Block, at: int, section: str, times: Times, above: str = "") -> list[Indicator]:
    """The indicators of a table whose rows are headed by years (2022年, 2025年目标); ``[]`` for every other table.

    Arguments as for :func:`watcher.indicators.tables.extract`. Rows headed 单位 and 属性 speak for all years.
    """
    grid = block.grid
    # One look at the first cells: almost no table is of this kind.
    if grid is None or len(grid.rows) < 3 or not any(row[0].text.lstrip()[:2] == "20" for row in grid.rows[1:3]):
        return []
    heads = [n for n, row in enumerate(grid.rows) if is_year_head(plain(row[0].text))]
    if len(heads) < 2 or not heads[0] or _has_years(grid.rows[0][1:]):
        return []
    years = dict(zip(heads, years_of([grid.rows[n][0].text for n in heads], times), strict=True))
    units = next((row for row in grid.rows if _UNIT.match(plain(row[0].text))), None)
    natures = next((row for row in grid.rows if _NATURE.search(plain(row[0].text))), None)
    general = CAPTION_UNIT.search(grid.caption) or CAPTION_UNIT.search(above)
    wanted = list(range(1, len(grid.rows[0])))
    lines = block.text.split("\n")
    found: list[Indicator] = []
    begin = 0
    for number, row in enumerate(grid.rows):
        line = lines[number] if number < len(lines) else ""
        column = years.get(number)
        if column is not None and column.role is not None:
            quote = tidy(" ".join([cell.text for cell in row if not cell.inherited]))
            for position, (start, end) in zip(wanted, spans(row, line, begin, wanted), strict=True):
                name, unit = name_and_unit(_head(grid.rows, heads[0], position))
                value = values.cell(joined(tidy(row[position].text)))
                if not name or value is None:
                    continue
                row_unit = unit or (plain(units[position].text) if units else "")
                nature = nature_of(natures[position].text) if natures else None
                single = several.Part(name, value.text, None, row_unit)
                parts = (
                    () if value.number is not None else several.parts(name, joined(tidy(row[position].text)), row_unit)
                )
                for part, (first, last) in several.placed(parts or (single,), row[position].text, start, end):
                    read = (values.read_cell(part.text) if parts else None) or value
                    own = part.unit or row_unit or read.unit or (general[1] if general else "")
                    found.append(
                        Indicator(
                            part.name, key_for(part.name, own, column.role), own, part.year or column.year, column.role,
                            read.op, read.number, read.text, nature, "table", section, quote, at + first, at + last,
                        )
                    )  # fmt: skip
        begin += len(line) + 1
    return found


def _has_years(cells: Sequence[Cell]) -> bool:
    """Whether the head of the table names years itself."""
    return any(is_year_head(plain(cell.text)) for cell in cells)


def _head(rows: Sequence[Sequence[Cell]], until: int, position: int) -> str:
    """The name above a column: the last of its head cells that is no unit and no nature, with what stands over it.

    A measure with its unit over parts of it goes behind (充电桩（个） over 公共: 公共充电桩（个）), everything else before.
    """
    cells = [
        row[position].text.strip()
        for row in rows[:until]
        if not _UNIT.match(first := plain(row[0].text)) and not _NATURE.search(first)
    ]
    heads = list(dict.fromkeys(filter(None, cells)))
    if len(heads) != 2:
        return heads[-1] if heads else ""
    return heads[1] + heads[0] if name_and_unit(heads[0])[1] else heads[0] + heads[1]
