"""Tables in plain text whose rows kept their lines: cells between bars (Markdown) or tabs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import methodcaller

from watcher.read import cells
from watcher.read.spanned import laid_out
from watcher.types import Cell, Grid

_RULE = re.compile("[|:\\-\\s+]+")


_OPENED = methodcaller("startswith", "|")
_FEWEST = 6


def unbarred(lines: list[str]) -> list[str]:
    """The lines without the bars of tables that were saved one cell a line, each with a bar behind or before it, or below (序号 |, 指标 |, 1 |)."""
    alone = [n for n, line in enumerate(lines) if line and "|" in (line[0], line[-1]) and "|" not in line[1:-1]]
    if len(alone) < _FEWEST:
        return lines
    result = list(lines)
    for at in alone:
        result[at] = lines[at].strip("| ")
    return result


@dataclass(frozen=True, slots=True)
class Rows:
    """The line after the table and its grid."""

    end: int
    grid: Grid


def rows_at(lines: Sequence[str], start: int) -> Rows | None:
    """A table of at least two rows with at least two cells that begins at ``start``, or ``None``."""
    separator = "|" if lines[start].count("|") >= 2 else "\t" if "\t" in lines[start] else ""
    if not separator:
        return None
    rows: list[list[str]] = []
    printed: list[str] = []
    at = start
    while at < len(lines):
        line = lines[at]
        if not line and rows and at + 1 < len(lines) and _cells(lines[at + 1], separator):
            at += 1
            continue
        found = _cells(line, separator)
        if found is None:
            break
        if not (separator == "|" and _RULE.fullmatch(line)):
            rows.append(found)
            printed.append(line.strip())
        at += 1
    if len(rows) < 2:
        return None
    if separator == "|" and all(line.endswith("|") for line in printed):
        if not all(map(_OPENED, printed)):
            # Each cell ends with a bar, and a bar at the beginning is the end of a blank one.
            rows = [["", *row] if _OPENED(line) else row for line, row in zip(printed, rows, strict=True)]
        laid = laid_out(rows)
        if laid is not None:
            return Rows(at, laid)
    width = max(map(len, rows))
    if width < 2 or width > 40 or sum(len(row) == width for row in rows) * 2 < len(rows):
        return None
    if separator == "\t":
        rows = _with_corner(rows, width)
    grid = tuple(tuple(Cell(text) for text in row + [""] * (width - len(row))) for row in rows)
    header = 1 if sum(cells.header_kind(text) is not None for text in rows[0]) * 2 >= width else 0
    return Rows(at, Grid(grid, header_rows=header))


def _with_corner(rows: list[list[str]], width: int) -> list[list[str]]:
    """Rows whose blank first cell was lost with the tab behind it: the head over a column of names, rows of a category told above."""
    full = [row for row in rows if len(row) == width]
    figures = [sum(cells.is_value(row[at]) for row in full) * 2 > len(full) for at in range(width)]

    def fits(row: list[str], first: int) -> int:
        return sum(cells.is_value(text) == figures[first + at] for at, text in enumerate(row))

    made: list[list[str]] = []
    for number, row in enumerate(rows):
        corner = False
        if len(row) == width - 1:
            corner = fits(row, 1) > fits(row, 0) if number else len(full) == len(rows) - 1 and not figures[0]
        made.append(["", *row] if corner else row)
    return made


def _cells(line: str, separator: str) -> list[str] | None:
    if separator not in line or len(line) > 2000:
        return None
    if separator == "|":
        line = line.strip().removeprefix("|").removesuffix("|")
    found = [cell.strip() for cell in line.split(separator)]
    return found if len(found) >= 2 else None
