"""Excel 97 to 2003 workbooks ([MS-XLS]) and the same of WPS (et): a compound file with a workbook stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from watcher.errors import FormatError
from watcher.formats import _limits, _ole, _sheets
from watcher.formats._numfmt import shown
from watcher.formats.xlsx import through_libreoffice
from watcher.types import Block
from watcher.words import both

_VISIBLE = 0


def recognises(body: bytes, name: str = "") -> bool:
    """A compound file with a ``Workbook`` or ``Book`` stream; ``name`` is not needed."""
    return bool(_ole.streams(body) & {"workbook", "book"})


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """As ``xlsx.blocks``. Raises ``FormatError``: ``damaged``, ``too-large``, ``encrypted``, ``timeout``."""
    _ole.refuse_encrypted(body)
    try:
        return _sheets.blocks_of(list(_from_xlrd(body)))
    except FormatError:
        raise
    except (MemoryError, RecursionError):
        raise _limits.too_large(both("工作簿占用内存过多", "the workbook needs too much memory")) from None
    except Exception as error:
        if "encrypted" in str(error).lower():
            raise FormatError(
                both("工作簿有密码保护", "the workbook is protected by a password"), kind="encrypted"
            ) from None
        return through_libreoffice(body, "xls", str(error))


def _from_xlrd(body: bytes) -> Iterator[_sheets.Sheet]:
    import io

    import xlrd

    clock = _limits.Clock()
    book: Any = xlrd.open_workbook(
        file_contents=body, formatting_info=True, ragged_rows=True, logfile=io.StringIO(), on_demand=True
    )
    total = 0
    for index in range(book.nsheets):
        clock.check()
        sheet = book.sheet_by_index(index)
        if sheet.visibility != _VISIBLE:
            continue
        cells: dict[tuple[int, int], str] = {}
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                text = _text(book, sheet, row, column)
                if text:
                    cells[row, column] = text
        total += len(cells)
        if total > _limits.SHEET_CELLS:
            raise _limits.too_large(
                both(f"超过 {_limits.SHEET_CELLS} 个单元格", f"more than {_limits.SHEET_CELLS} cells")
            )
        merged = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
        yield _sheets.Sheet(sheet.name, cells, merged)
        book.unload_sheet(index)


def _text(book: Any, sheet: Any, row: int, column: int) -> str:
    import xlrd

    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind in (xlrd.XL_CELL_DATE, xlrd.XL_CELL_NUMBER):
        try:
            style = book.format_map[book.xf_list[sheet.cell_xf_index(row, column)].format_key].format_str
        except (KeyError, IndexError):
            style = "General"
        if kind == xlrd.XL_CELL_NUMBER:
            return shown(value, style)
        try:
            return shown(xlrd.xldate.xldate_as_datetime(value, book.datemode), style)
        except (ValueError, OverflowError):
            return shown(value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(value))
    return str(value) if kind == xlrd.XL_CELL_TEXT else ""
