"""Office files as one XML: Word 2003 (which report generators still write as .doc), Word in one part, Excel 2003 workbooks."""

from __future__ import annotations

from collections.abc import Iterator

from watcher.formats import _blocks, _limits, _sheets, _xml
from watcher.formats._numbering import Numbering
from watcher.formats._word import Reader, Styles
from watcher.types import Block
from watcher.words import both

_ROOTS = (b"<w:wordDocument", b"<pkg:package", b"<Workbook")
_NEAR = 1024
"""Bytes in which the root stands, behind the declaration and what names the program."""


def recognises(body: bytes, name: str = "") -> bool:
    """XML whose root is one of the three; ``name`` is not needed."""
    head = body[:_NEAR].lstrip(b"\xef\xbb\xbf \r\n\t")
    return head.startswith((b"<?xml", *_ROOTS)) and any(root in head for root in _ROOTS)


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """As ``docx.blocks`` or ``xlsx.blocks``. Raises ``FormatError``: ``damaged``, ``too-large``, ``timeout``."""
    root = _xml.parse(body.lstrip(b"\xef\xbb\xbf \r\n\t"))
    if _xml.local(root) == "Workbook":
        return _sheets.blocks_of(list(_worksheets(root)))
    parts = {
        (_xml.attribute(part, "name") or "").rpartition("/")[2]: next(iter(data), None)
        for part in root
        if (data := _xml.child(part, "xmlData")) is not None
    }
    document = parts.get("document.xml", root)
    story = _xml.child(document, "body")
    if story is None:
        raise _limits.damaged(both("Word 文件没有正文", "the Word file has no body"))
    reader = Reader(
        Styles.of(parts.get("styles.xml", _xml.child(root, "styles"))), Numbering.of(parts.get("numbering.xml"))
    )
    return _blocks.finished(list(reader.blocks(story)))


def _worksheets(root: _xml.Element) -> Iterator[_sheets.Sheet]:
    """The sheets of an Excel 2003 workbook (SpreadsheetML 2003): rows and cells may skip places and span several."""
    count = 0
    for sheet in root:
        table = _xml.child(sheet, "Table")
        if _xml.local(sheet) != "Worksheet" or table is None:
            continue
        cells: dict[tuple[int, int], str] = {}
        merged: list[tuple[int, int, int, int]] = []
        row = 0
        for line in table:
            if _xml.local(line) != "Row":
                continue
            row = _xml.number(_xml.attribute(line, "Index"), row + 1)
            column = 0
            for cell in line:
                if _xml.local(cell) != "Cell":
                    continue
                column = _xml.number(_xml.attribute(cell, "Index"), column + 1)
                across = _xml.number(_xml.attribute(cell, "MergeAcross"))
                down = _xml.number(_xml.attribute(cell, "MergeDown"))
                data = _xml.child(cell, "Data")
                if data is not None and (text := "".join(data.itertext()).strip()):
                    cells[row, column] = text
                    count += 1
                if across or down:
                    merged.append((row, column, row + down, column + across))
                column += max(0, across)
                if count > _limits.SHEET_CELLS:
                    raise _limits.too_large(
                        both(f"超过 {_limits.SHEET_CELLS} 个单元格", f"more than {_limits.SHEET_CELLS} cells")
                    )
        yield _sheets.Sheet(_xml.attribute(sheet, "Name") or "", cells, merged)
