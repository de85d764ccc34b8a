"""A ruled table that goes on over the end of a page becomes one table again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from watcher.formats._grid import Placed
from watcher.formats._layout import Table
from watcher.text import squeeze

_SLACK = 0.02
"""Share of the table's width by which a boundary may stand elsewhere on the next page."""
_VALUE = re.compile("[<>≤≥＜＞=±-]?(?!(?:19|20)[0-9]{2}$)[0-9]+(?:[.][0-9]+)?[%‰]?")
"""A cell that no header has: a number that is not a year."""
_HEADER = 3
"""Rows of a repeated header at most."""


def grown(first: Table, second: Table) -> Table | None:
    """``second``, the first thing on the next page, joined below ``first``; None when its columns are others.

    Boundaries may be missing on one of the two pages (a header's, a blank category's). A header that is printed again is
    left out. A category that spans rows up to the end of the page goes on in the blank cell that continues it.
    """
    borders = _common(first.columns, second.columns)
    if borders is None:
        return None
    above = _moved(first, borders)
    below = _moved(second, borders)
    repeated = _repeated(above, below)
    if repeated == second.height:
        return replace(first, bottom=second.bottom)
    kept = [replace(cell, row=cell.row - repeated) for cell in below if cell.row >= repeated]
    joined = _joined(above, kept, first.height)
    return Table(first.top, second.bottom, borders, tuple(joined), first.height + second.height - repeated)


def _common(a: Sequence[float], b: Sequence[float]) -> tuple[float, ...] | None:
    """The boundaries of the finer of two tables when those of the coarser one are all among them (shifted as a whole)."""
    fine, coarse = (a, b) if len(a) >= len(b) else (b, a)
    slack = _SLACK * max(fine[-1] - fine[0], 1.0)
    shift = fine[0] - coarse[0]
    if abs(fine[-1] - coarse[-1] - shift) > slack:
        return None
    if any(min(abs(x + shift - y) for y in fine) > slack for x in coarse):
        return None
    return tuple(fine)


def _moved(table: Table, borders: Sequence[float]) -> list[Placed]:
    """The cells with columns counted by ``borders``."""
    shift = borders[0] - table.columns[0]
    at = [min(range(len(borders)), key=lambda i: abs(borders[i] - x - shift)) for x in table.columns]
    return [
        replace(cell, column=at[cell.column], columns=max(1, at[cell.column + cell.columns] - at[cell.column]))
        for cell in table.cells
    ]


def _repeated(above: Sequence[Placed], below: Sequence[Placed]) -> int:
    """How many rows at the top of ``below`` say the same as those at the top of ``above``."""
    count = 0
    for row in range(_HEADER):
        first, second = _row(above, row), _row(below, row)
        if not first or first != second or any(_VALUE.fullmatch(text) for _, text in first):
            break
        count = row + 1
    # A header cell that spans more rows than were found equal is no repeated header.
    return count if all(cell.row + cell.rows <= count for cell in below if cell.row < count) else 0


def _row(cells: Sequence[Placed], row: int) -> list[tuple[int, str]]:
    return sorted((cell.column, squeeze(cell.text)) for cell in cells if cell.row == row)


def _joined(above: list[Placed], below: list[Placed], height: int) -> list[Placed]:
    out = list(above)
    open_at = {
        cell.column: index for index, cell in enumerate(above) if cell.rows > 1 and cell.row + cell.rows >= height
    }
    leading = True
    for cell in sorted(below, key=lambda cell: (cell.row, cell.column)):
        leading = leading and cell.row == 0 and not cell.text
        index = open_at.get(cell.column) if leading else None
        if index is not None and out[index].columns == cell.columns:
            out[index] = replace(out[index], rows=height - out[index].row + cell.rows)
        else:
            out.append(replace(cell, row=cell.row + height))
    return out
