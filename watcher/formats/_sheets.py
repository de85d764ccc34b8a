"""One worksheet to blocks: its title lines, its table, its notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from watcher.formats import _blocks, _grid, _limits
from watcher.text import squeeze, tidy
from watcher.types import Block, Cell, Grid
from watcher.words import both


@dataclass(slots=True)
class Sheet:
    """A worksheet: texts by (row, column), merged areas as (top row, left column, bottom row, right column), inclusive."""

    name: str
    cells: Mapping[tuple[int, int], str]
    merged: Sequence[tuple[int, int, int, int]] = field(default_factory=tuple)


def blocks_of(sheets: Sequence[Sheet]) -> tuple[Block, ...]:
    """The sheets one after another; each is headed by its name when there are several. Raises ``FormatError``."""
    # One shared string may stand in every cell: a small file that means gigabytes.
    if sum(len(text) for sheet in sheets for text in sheet.cells.values()) > _limits.TEXT_CHARS:
        raise _limits.too_large(both(f"超过 {_limits.TEXT_CHARS} 个字符", f"more than {_limits.TEXT_CHARS} characters"))
    told = [sheet for sheet in sheets if any(text.strip() for text in sheet.cells.values())]
    found: list[Block] = []
    for sheet in told:
        if len(told) > 1:
            found.append(Block("heading", tidy(sheet.name), level=1))
        found.extend(_sheet(sheet, headed=len(told) > 1))
    return _blocks.finished(found)


def _sheet(sheet: Sheet, *, headed: bool) -> Iterator[Block]:
    table = _table(sheet)
    if not table.rows:
        return
    rows = list(table.rows)
    width = len(rows[0])
    if width == 1:
        for row in rows:
            yield _blocks.prose(row[0].text)
        return
    top: list[str] = []
    while len(rows) > 1 and (text := _above(rows[0])):
        top.append(text)
        rows.pop(0)
    if top and squeeze(top[0]) == squeeze(sheet.name) and headed:
        top.pop(0)
    notes: list[str] = []
    while len(rows) > 1 and (text := _alone(rows[-1])) and (_stands_apart(rows[-1]) or _is_note(text)):
        notes.insert(0, text)
        rows.pop()
    for text in top:
        yield _blocks.prose(text)
    table = _grid.trimmed(structs.replace(table, rows=tuple(rows), caption=top[0] if top else "", notes=tuple(notes)))
    yield _grid.block(table)
    for text in notes:
        yield _blocks.prose(text)


def _table(sheet: Sheet) -> Grid:
    said = {place: _blocks.one_line(text.splitlines()) for place, text in sheet.cells.items() if text.strip()}
    # Rows and columns in which nothing is said are closed up, so that a cell at the sheet's far end costs nothing.
    rows = {row: index for index, row in enumerate(sorted({row for row, _ in said}))}
    columns = {column: index for index, column in enumerate(sorted({column for _, column in said}))}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for top, left, bottom, right in sheet.merged:
        if (top, left) in said:
            spans[top, left] = (
                sum(top <= row <= bottom for row in rows) if bottom > top else 1,
                sum(left <= column <= right for column in columns) if right > left else 1,
            )
        if len(spans) > _limits.TABLE_COLUMNS * 200:
            raise _limits.too_large(both("合并单元格过多", "too many merged cells"))
    order = sorted(said.items())
    return _grid.grid(
        _grid.Placed(rows[row], columns[column], text, *spans.get((row, column), (1, 1)))
        for (row, column), text in order
    )


def _above(row: Sequence[Cell]) -> str:
    """What a row above a table's header says: a title alone, or the line of who fills it in and the unit (填报单位：… 单位：%)."""
    if (text := _alone(row)) and _stands_apart(row):
        return text
    own = [cell.text for cell in row if cell.text and not cell.inherited]
    return " ".join(own) if _grid.stands_above(own, len(row)) else ""


def _alone(row: Sequence[Cell]) -> str:
    """The only text of a row, ``""`` when it has none or several."""
    own = [cell.text for cell in row if cell.text and not cell.inherited]
    return own[0] if len(own) == 1 else ""


def _stands_apart(row: Sequence[Cell]) -> bool:
    """True where the row's one text is merged over the row, or stands in it alone: a title, a unit line, a note."""
    return all(cell.inherited or not cell.text or index == 0 or not row[0].text for index, cell in enumerate(row))


def _is_note(text: str) -> bool:
    return text.startswith(("注", "备注", "说明", "数据来源", "资料来源", "*", "※"))
