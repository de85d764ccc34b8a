"""Cells with spans to a ``Grid``: every row equally long, spanned cells inherited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from watcher.formats import _limits
from watcher.types import Block, Cell, Grid
from watcher.words import both

BLANK = Cell("")


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell at a row and column that covers ``rows`` by ``columns`` places."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


def grid(cells: Iterable[Placed], *, header_rows: int = 0) -> Grid:
    """The grid of ``cells``. Where two cells claim one place the first has it; blank rows and columns are dropped.

    Raises ``FormatError`` ``too-large`` beyond ``TABLE_CELLS``; spans are cut at ``TABLE_COLUMNS`` and at the last
    row in which a cell begins.
    """
    placed = [cell for cell in cells if 0 <= cell.column < _limits.TABLE_COLUMNS and cell.row >= 0]
    if not placed:
        return Grid(())
    height = max(cell.row for cell in placed) + 1
    width = min(max(cell.column + max(1, cell.columns) for cell in placed), _limits.TABLE_COLUMNS)
    if height * width > _limits.TABLE_CELLS:
        raise _limits.too_large(both(f"表格有 {height} 行 {width} 列", f"a table of {height} rows and {width} columns"))
    rows: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in placed:
        for row in range(cell.row, min(cell.row + max(1, cell.rows), height)):
            line = rows[row]
            for column in range(cell.column, min(cell.column + max(1, cell.columns), width)):
                if line[column] is None:
                    first = row == cell.row and column == cell.column
                    line[column] = Cell(cell.text, inherited=not first and bool(cell.text))
    return trimmed(Grid(tuple(tuple(cell or BLANK for cell in line) for line in rows), header_rows))


def trimmed(table: Grid) -> Grid:
    """Without the rows and columns in which nothing is said (blank, or only inherited from a neighbour)."""
    rows = table.rows
    said = [any(cell.text and not cell.inherited for cell in row) for row in rows]
    width = len(rows[0]) if rows else 0
    columns = [c for c in range(width) if any(row[c].text and not row[c].inherited for row in rows)]
    header = sum(said[: table.header_rows])
    kept = tuple(tuple(row[c] for c in columns) for row, keep in zip(rows, said, strict=True) if keep)
    return Grid(kept if columns else (), header, table.caption, table.notes)


def text_of(table: Grid) -> str:
    """Rows joined with a line break, cells with a tab; inherited cells print as empty."""
    return "\n".join("\t".join("" if cell.inherited else cell.text for cell in row) for row in table.rows)


def block(table: Grid) -> Block:
    """The table as a block."""
    return Block("table", text_of(table), grid=table)


def from_rows(rows: Sequence[Sequence[str]]) -> Grid:
    """A grid of plain rows without spans; short rows are filled with blanks."""
    return grid(Placed(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))


_LABELLED = re.compile(
    "[（(]?(?:计量)?(?:单\\s*位|填报(?:单位|人|日期|时间)|制表(?:单位|人|日期)?|编制单位|审核人?|日期|时间|年度|联系(?:人|电话))(?:[(（][^)）]{1,8}[)）])?\\s?[:：]"
)


def stands_above(texts: Sequence[str], width: int) -> bool:
    """Whether the texts of a table's first row (``width`` cells) say who filled it in and the unit (填报单位：… 单位：%): no row of it."""
    return 0 < len(texts) < width and all(map(_LABELLED.match, texts))
