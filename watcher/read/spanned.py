"""Rows of which every cell was saved, blank ones too, but no span: what stood over several columns or beside several rows is put back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from watcher.read import cells
from watcher.text import plain
from watcher.types import Cell, Grid

_KINDS: tuple[Callable[[str], bool], ...] = (cells.is_value, cells.is_nature, cells.is_unit)
_MISSING = 2
"""So many cells of one row may stand beside it, in a row above."""


def laid_out(rows: Sequence[Sequence[str]]) -> Grid | None:
    """The grid of rows of different lengths; ``None`` where they are equally long, or where it can't be told what was spanned.

    A second line of a head stands below as many heads as the first line lacks cells. A row of the body that is too short lacks the cells
    that rows above share with it: where its figures, units and natures fit those of the whole rows best, the gap is.
    """
    width = max(map(len, rows))
    if width < 3 or min(map(len, rows)) == width:
        return None
    if len(rows[1]) == width:
        heads = [_one_line(rows[0], width)]
    else:
        two = len(rows[0]) < width or len(rows[1]) + _MISSING < width
        heads = _two_lines(rows[0], rows[1], width) if two else [list(map(Cell, rows[0]))]
    body = rows[len(heads) :]
    if not heads or len(body) < 2 or any(len(row) < width - _MISSING for row in body):
        return None
    whole = [row for row in body if len(row) == width]
    if not whole:
        return None
    kinds = [_kind_of([row[at] for row in whole]) for at in range(width)]
    made: list[tuple[Cell, ...]] = [tuple(head) for head in heads]
    for row in body:
        lacking = width - len(row)
        if not lacking:
            made.append(tuple(map(Cell, row)))
            continue
        above = made[-1] if len(made) > len(heads) else ()
        if not above:
            return None
        gap = max(range(min(_MISSING, len(row)) + 1), key=lambda at: (_fit(row, at, lacking, kinds), -at))
        shared = tuple(Cell(cell.text, inherited=bool(cell.text)) for cell in above[gap : gap + lacking])
        made.append((*map(Cell, row[:gap]), *shared, *map(Cell, row[gap:])))
    return Grid(tuple(made), header_rows=len(heads))


def _one_line(head: Sequence[str], width: int) -> list[Cell]:
    """A head over ``width`` columns: what names the rows stands over all that it lacks (指标 over category and name)."""
    over = next((at for at, text in enumerate(head) if cells.header_kind(text) in ("name", "category")), 0)
    more = [Cell(head[over], inherited=bool(head[over]))] * (width - len(head))
    return [*map(Cell, head[: over + 1]), *more, *map(Cell, head[over + 1 :])]


def _two_lines(first: Sequence[str], second: Sequence[str], width: int) -> list[list[Cell]]:
    """Both lines of a head over ``width`` columns; ``[]`` where the second does not go below the first."""
    spanning = len(first) + len(second) - width
    if spanning < 1 or len(second) % spanning or len(second) == spanning or any(map(cells.is_nature, second)):
        return []
    deep = len(second) // spanning
    # Years and words with years stand alone, 目标 and measures stand over years.
    over = [at for at, text in enumerate(first) if text and not _stands_alone(text)]
    over = over if len(over) == spanning else [at for at, text in enumerate(first) if text][-spanning:]
    upper: list[Cell] = []
    lower: list[Cell] = []
    below = list(second)
    for at, text in enumerate(first):
        if at in over:
            upper += [Cell(text), *[Cell(text, inherited=True)] * (deep - 1)]
            lower += [Cell(one) for one in below[:deep]]
            below = below[deep:]
        else:
            upper.append(Cell(text))
            lower.append(Cell(text, inherited=bool(text)))
    return [upper, lower]


def _stands_alone(text: str) -> bool:
    kind = cells.header_kind(text)
    return (kind is not None and kind != "value") or "20" in plain(text)


def _kind_of(column: Sequence[str]) -> int | None:
    """Which kind of cell most of a column's are: a place in ``_KINDS``, ``None`` for words."""
    told = [text for text in column if text]
    return next((n for n, is_kind in enumerate(_KINDS) if sum(map(is_kind, told)) * 2 > len(told)), None)


def _fit(row: Sequence[str], gap: int, lacking: int, kinds: Sequence[int | None]) -> int:
    """How many cells of a row are of their column's kind if ``lacking`` ones are missing at ``gap``."""
    placed = enumerate([*row[:gap], *[""] * lacking, *row[gap:]])
    return sum(bool(text) and _kind_of([text]) == kinds[at] for at, text in placed)
