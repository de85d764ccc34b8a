"""Excel workbooks since 2007 (xlsx, xlsm, xltx; WPS writes the same): a zip of SpreadsheetML (ISO/IEC 29500); xlsb too."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from watcher.errors import FormatError
from watcher.formats import _limits, _sheets
from watcher.formats._numfmt import shown
from watcher.formats._zip import Archive, looks_zipped
from watcher.types import Block


def recognises(body: bytes, name: str = "") -> bool:
    """A zip whose listing names a workbook; ``name`` is not needed."""
    return looks_zipped(body) and (b"xl/workbook" in body or b"xl\\workbook" in body)


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """Each visible sheet as its title lines, a table with merged cells resolved, and notes; numbers as the sheet shows them.

    Raises ``FormatError``: ``damaged``, ``too-large``, ``encrypted``, ``timeout``.
    """
    archive = Archive(body)
    count = 0
    for part in archive.names:
        if part.endswith((".xml", ".rels")) and part.startswith(("xl/", "[Content", "_rels")):
            data = archive.read(part)
            if b"<!DOCTYPE" in data or b"<!ENTITY" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
                raise _limits.damaged(f"{part[:80]} declares a DTD, which office files never do")
            count += data.count(b"<c ") + data.count(b"<c>") + data.count(b":c ")
            if data.count(b"<") > _limits.XML_TAGS:
                raise _limits.too_large(f"{part[:80]} has more than {_limits.XML_TAGS} tags")
    if count > _limits.SHEET_CELLS:
        raise _limits.too_large(f"{count} cells, at most {_limits.SHEET_CELLS} are read")
    if "xl/workbook.bin" in archive:
        return _sheets.blocks_of(list(from_calamine(body)))
    try:
        return _sheets.blocks_of(list(_from_openpyxl(body)))
    except FormatError:
        raise
    except (MemoryError, RecursionError):
        raise _limits.too_large("the workbook needs too much memory") from None
    except Exception:
        return _sheets.blocks_of(list(from_calamine(body)))


def _from_openpyxl(body: bytes) -> Iterator[_sheets.Sheet]:
    import openpyxl

    clock = _limits.Clock()
    with warnings.catch_warnings():
        # It warns of extensions that it does not keep; nothing is written back here.
        warnings.simplefilter("ignore")
        book: Any = openpyxl.load_workbook(BytesIO(body), data_only=True, keep_links=False)
    for sheet in book.worksheets:
        clock.check()
        if sheet.sheet_state != "visible":
            continue
        cells = {
            (cell.row, cell.column): shown(cell.value, cell.number_format)
            for cell in sheet._cells.values()
            if cell.value is not None
        }
        merged = [(area.min_row, area.min_col, area.max_row, area.max_col) for area in sheet.merged_cells.ranges]
        yield _sheets.Sheet(sheet.title, cells, merged)


def from_calamine(body: bytes) -> Iterator[_sheets.Sheet]:
    """The sheets as calamine reads them (no number formats). Raises ``FormatError`` ``damaged`` or ``encrypted``."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(body))
        total = 0
        for about in book.sheets_metadata:
            if str(about.visible).rpartition(".")[2] != "Visible" or str(about.typ).rpartition(".")[2] != "WorkSheet":
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.total_height * sheet.total_width > 40 * _limits.SHEET_CELLS:
                raise _limits.too_large(f"a sheet of {sheet.total_height} rows and {sheet.total_width} columns")
            cells: dict[tuple[int, int], str] = {}
            for row, values in enumerate(sheet.iter_rows()):
                for column, value in enumerate(values):
                    if value != "":
                        cells[row, column] = shown(value)
                total += len(values)
            top, left = sheet.start or (0, 0)
            areas = [(a[0] - top, a[1] - left, b[0] - top, b[1] - left) for a, b in sheet.merged_cell_ranges or []]
            yield _sheets.Sheet(about.name, cells, areas)
    except FormatError:
        raise
    except Exception as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise FormatError("the workbook is protected by a password", kind="encrypted") from None
        raise _limits.damaged(f"the workbook cannot be read ({str(error)[:120]})") from None
