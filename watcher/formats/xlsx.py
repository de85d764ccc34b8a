"""Excel workbooks since 2007 (xlsx, xlsm, xltx; WPS writes the same): a zip of SpreadsheetML (ISO/IEC 29500); xlsb too."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from watcher.errors import FormatError
from watcher.formats import _limits, _office, _sheets
from watcher.formats._numfmt import shown
from watcher.formats._zip import Archive, listing, looks_zipped
from watcher.types import Block
from watcher.words import both


def recognises(body: bytes, name: str = "") -> bool:
    """A zip whose listing names a workbook; ``name`` is not needed."""
    return looks_zipped(body) and any(mark in listing(body) for mark in (b"xl/workbook", b"xl\\workbook"))


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
                raise _limits.damaged(
                    both(
                        f"{part[:80]} 声明了 DTD，办公文件不会这样",
                        f"{part[:80]} declares a DTD, which office files never do",
                    )
                )
            count += data.count(b"<c ") + data.count(b"<c>") + data.count(b":c ")
            if data.count(b"<") > _limits.XML_TAGS:
                raise _limits.too_large(
                    both(
                        f"{part[:80]} 的标签超过 {_limits.XML_TAGS} 个",
                        f"{part[:80]} has more than {_limits.XML_TAGS} tags",
                    )
                )
    if count > _limits.SHEET_CELLS:
        raise _limits.too_large(
            both(
                f"{count} 个单元格，最多读 {_limits.SHEET_CELLS} 个",
                f"{count} cells, at most {_limits.SHEET_CELLS} are read",
            )
        )
    if "xl/workbook.bin" in archive:
        return through_libreoffice(body, "xlsb", None)
    try:
        return from_openpyxl(body)
    except FormatError:
        raise
    except (MemoryError, RecursionError):
        raise _limits.too_large(both("工作簿占用内存过多", "the workbook needs too much memory")) from None
    except Exception as error:
        # openpyxl raises whatever a broken part makes it stumble over, and refuses styles that offices do write.
        return through_libreoffice(body, "xlsx", str(error))


def through_libreoffice(body: bytes, suffix: str, trouble: str | None) -> tuple[Block, ...]:
    """A workbook as LibreOffice saves it again; ``trouble`` says why, None for a format that only it reads.

    Never calamine in this process: a dimension that lies makes it ask for all memory, and that ends the process.
    """
    saved = _office.converted(body, suffix, "xlsx")
    if saved is None:
        if trouble is None:
            raise _office.missing(both("二进制工作簿", "a binary workbook"), "libreoffice-calc-nogui")
        raise _limits.damaged(both("工作簿读不出", f"the workbook cannot be read ({trouble[:120]})"))
    try:
        return from_openpyxl(saved)
    except FormatError:
        raise
    except Exception as error:
        raise _limits.damaged(both("工作簿读不出", f"the workbook cannot be read ({str(error)[:120]})")) from None


def from_openpyxl(body: bytes) -> tuple[Block, ...]:
    """The blocks of a workbook whose parts were checked. Raises whatever openpyxl raises."""
    return _sheets.blocks_of(list(_from_openpyxl(body)))


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
