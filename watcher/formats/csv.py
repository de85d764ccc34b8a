"""Comma-separated tables (RFC 4180), as open-data columns offer indicators: one worksheet without merged cells."""

from __future__ import annotations

import csv
from itertools import islice

from watcher.decoding import decode
from watcher.formats import _limits
from watcher.formats._sheets import Sheet, blocks_of
from watcher.types import Block
from watcher.words import both

_DELIMITERS = ",;\t"


def recognises(body: bytes, name: str = "") -> bool:
    """By its name alone, for commas stand in every text; bytes that are no text, and pages, are something else."""
    head = body[:2048]
    return (
        name.lower().endswith(".csv")
        and not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        and b"\x00" not in head
    )


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """The table, with the title lines above and the notes below it. Raises ``FormatError``."""
    text = decode(body).text
    if len(text) > _limits.TEXT_CHARS:
        raise _limits.too_large(both(f"超过 {_limits.TEXT_CHARS} 个字符", f"more than {_limits.TEXT_CHARS} characters"))
    head = text[:20_000]
    delimiter = max(_DELIMITERS, key=head.count)
    cells: dict[tuple[int, int], str] = {}
    try:
        for row, line in enumerate(csv.reader(text.splitlines(keepends=True), delimiter=delimiter)):
            cells.update(
                ((row, column), cell) for column, cell in enumerate(islice(line, _limits.TABLE_COLUMNS)) if cell
            )
            if len(cells) > _limits.SHEET_CELLS:
                raise _limits.too_large(
                    both(f"超过 {_limits.SHEET_CELLS} 个单元格", f"more than {_limits.SHEET_CELLS} cells")
                )
    except csv.Error as error:
        raise _limits.damaged(both("不是能读的 csv 表格", f"not a readable csv table ({error})")) from None
    return blocks_of([Sheet(name, cells)])
