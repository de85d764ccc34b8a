"""HTML tables as grids: spans resolved, header rows found, continued tables joined, notes kept, layout told from data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from itertools import repeat
from typing import NamedTuple

from msgspec import structs

from watcher.formats._grid import stands_above
from watcher.read import cells
from watcher.text import plain, squeeze
from watcher.types import Cell, Grid

MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 5000, 200, 60_000
_NOTE = re.compile("(?:注|备注|说明|数据来源|资料来源)\\s*[0-9]{0,2}\\s*[:：]|[*＊※①]")
_TAGS = re.compile("<[^>]*>")
_LINE = re.compile("<(?:br|/p|/div|/li)\\b[^>]*>")
_CAPTION = re.compile("<caption\\b[^>]*>([^<]{0,400}(?:<(?!/caption)[^<]{0,400}){0,20})</caption>")
_ROW = re.compile("<tr\\b[^>]*>")
_BORDER = re.compile("<(?=/?t[dhr]\\b|/t(?:able|body|head|foot))")
"""Where a cell begins or ends. A row is cut there, so that no expression repeats over what a page puts into a cell."""
_BARE_CELL = re.compile("<(t[dh]\\b[^<>]*)>([^<]*)</t[dh]>")
"""A cell without mark-up inside."""
_SPANS = re.compile("(col|row)span\\s*=\\s*[\"']?\\s*([0-9]{1,6})")


class _Row(NamedTuple):
    """A row as the mark-up has it."""

    texts: list[str]
    head: bool
    """Every cell is a ``th``."""
    spans: list[tuple[int, int]] | None
    """Columns and rows of each cell (0 rows go to the end of the table); ``None`` where each has one of both."""


def printed_rows(html: str) -> list[_Row]:
    """Rows of a serialised table without tables inside. One pass over its text; a parser made the mark-up well formed."""
    if any(map(html.__contains__, _ZERO_WIDTH)):
        html = _UNSEEN.sub("", html)
    rows: list[_Row] = []
    told = "colspan" in html or "rowspan" in html or "<th" in html
    for piece in _ROW.split(html)[1 : MAX_ROWS + 1]:
        row, ended, _ = piece.partition("</tr>")
        cuts = _BARE_CELL.findall(row)
        bare = ended and 2 * len(cuts) == row.count("<")
        if not bare:
            cuts = [cut.partition(">") for cut in _BORDER.split(piece)[1:] if cut.startswith(("td", "th"))]
            cuts = [(tag, inner) for tag, closed, inner in cuts if closed]
        texts = [
            " ".join(inner.split()) if "<" not in inner and "&" not in inner else join_lines(_LINE.split(inner))
            for _, inner in cuts
        ]
        # Most tables' cells say nothing of themselves.
        spanned = told and ("colspan" in piece or "rowspan" in piece)
        spans = [_span(tag) for tag, _ in cuts] if spanned else None
        head = told and bool(cuts) and all(tag.startswith("th") for tag, _ in cuts)
        lines = not (bare or spanned) and piece.count("</p>") + piece.count("<br") > len(cuts)
        rows += (lines and _stacked([_LINE.split(inner) for _, inner in cuts])) or [_Row(texts, head, spans)]
    return rows


def _stacked(printed: Sequence[Sequence[str]]) -> list[_Row]:
    """The rows of which one row of the mark-up holds several, a line of each cell for each; ``[]`` for every other row.

    As many names as figures: a name broken over lines, or two values of one name, are none.
    """
    lines = [[text for part in cell if (text := join_lines([part]))] for cell in printed]
    deep = max(map(len, lines))
    if deep < 2 or any(len(cell) not in (deep, 1, 0) for cell in lines):
        return []
    full = [cell for cell in lines if len(cell) == deep]
    if not any(all(map(_is_name, cell)) for cell in full) or not any(all(map(cells.is_value, cell)) for cell in full):
        return []
    rows = [
        _Row([cell[0] if cell else "" for cell in lines], False, [(1, 1 + (deep - 1) * (len(c) < 2)) for c in lines])
    ]
    rows += [_Row([cell[at] for cell in full], False, [(1, 1)] * len(full)) for at in range(1, deep)]
    return rows


def _is_name(text: str) -> bool:
    return text[-1] not in "、，和及与（(" and len(text) > 3 and cells.is_text(text) and text[0] not in "（()）"


def _span(attributes: str) -> tuple[int, int]:
    across = deep = 1
    for which, digits in _SPANS.findall(attributes) if "span" in attributes else ():
        if which.lower() == "col":
            across = max(1, int(digits))
        else:
            deep = int(digits)
    return across, deep


def is_layout(rows: Sequence[_Row]) -> bool:
    """Whether a table only places things on the page: long texts in few cells, or hardly a second column."""
    sizes = [len(text) for row in rows for text in row.texts if text]
    if not sizes or max([len(row.texts) for row in rows]) < 2:
        return True
    if not any(any(row.texts[:-1]) for row in rows):
        return True  # a signature pushed to the right by empty cells
    long = max(sizes)
    return (len(sizes) < 4 and long > 300) or (long > 800 and long > 0.75 * sum(sizes))


def from_html(html: str) -> Grid | None:
    """A data table, serialised without comments, as a grid; ``None`` when it is a layout table, or has no cell with text.

    Spans are resolved as the HTML standard says (``rowspan=0`` goes to the end); a cell that a span covers repeats its text
    with ``inherited``. Hostile spans are capped by the table's own size.
    """
    rows = printed_rows(html)
    grid = None if is_layout(rows) else resolve(rows)
    printed = _CAPTION.search(html) if grid is not None and "<caption" in html else None
    if grid is None or printed is None or not (caption := cell_text(printed[1])):
        return grid
    return structs.replace(grid, caption=" ".join(filter(None, (caption, grid.caption))))


def resolve(rows: Sequence[_Row]) -> Grid | None:
    """Printed rows with their spans laid out; ``None`` when nothing is printed."""
    widest = min(MAX_COLUMNS, max(map(_width, rows), default=0))
    if widest == 0:
        return None
    if len(rows) * widest <= MAX_CELLS and all(
        len(row.texts) == widest and (row.spans is None or set(row.spans) == {(1, 1)}) for row in rows
    ):
        return shape(
            [tuple([_cell(text) if len(text) <= _SHORT else Cell(text) for text in row.texts]) for row in rows],
            [row.head for row in rows],
        )
    grid: list[tuple[Cell, ...]] = []
    down: dict[int, tuple[int, str]] = {}
    heads: list[bool] = []
    for number, row in enumerate(rows):
        line: list[Cell | None] = [None] * widest
        for column, (left, text) in list(down.items()):
            line[column] = Cell(text, inherited=True)
            if left == 1:
                del down[column]
            else:
                down[column] = (left - 1, text)
        at = 0
        for text, (across, spanned) in zip(row.texts, row.spans or repeat((1, 1)), strict=False):
            while at < widest and line[at] is not None:
                at += 1
            if at >= widest:
                break
            remaining = len(rows) - number
            deep = remaining if spanned == 0 else min(spanned, remaining)
            for column in range(at, min(at + across, widest)):
                line[column] = Cell(text, inherited=column > at and bool(text))
                if deep > 1:
                    down[column] = (deep - 1, text)
            at += across
        heads.append(row.head)
        grid.append(tuple(cell or _BLANK for cell in line))
        if len(grid) * widest > MAX_CELLS:
            break
    return shape(grid, heads)


_BLANK = Cell("")
_SHORT = 24
_cell = lru_cache(maxsize=4096)(Cell)
"""Short cells are made once: units, natures, row numbers and common names stand in every plan's table."""


def _width(row: _Row) -> int:
    return len(row.texts) if row.spans is None else sum(min(across, MAX_COLUMNS) for across, _ in row.spans)


def cell_text(html: str) -> str:
    """Text of a cell's mark-up on one line: breaks inside are joined without a space between Chinese characters."""
    if "<" not in html and "&" not in html:
        return _one_line(html)
    return join_lines(_LINE.split(html))


_ZERO_WIDTH = "\u200b\u00ad\ufeff\u2060"
_UNSEEN = re.compile(f"[{_ZERO_WIDTH}]")


def _one_line(text: str) -> str:
    if _UNSEEN.search(text):
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())


def join_lines(parts: Sequence[str]) -> str:
    """Pieces of one cell, mark-up removed, joined: a space only between Latin letters or digits."""
    joined = ""
    for part in parts:
        text = _one_line(unescape(_TAGS.sub("", part)))
        if not text:
            continue
        joined += " " + text if joined and _parted(joined[-1], text[0]) else text
    return joined


def _parted(left: str, right: str) -> bool:
    """Whether two lines of a cell must not run together: letters and figures, or one value and the next."""
    if right in _SIGNS:
        return left.isdigit() or left in "%％‰"
    return (
        right.isascii()
        and right.isalnum()
        and ((left.isascii() and left.isalnum()) or (left in "%％‰" and right.isdigit()))
    )


_SIGNS = frozenset("≥≤<>＜＞")


def shape(rows: list[tuple[Cell, ...]], heads: Sequence[bool] = ()) -> Grid | None:
    """Rows as a grid: empty rows and columns gone, caption rows and notes taken out, header rows counted, repeats dropped."""
    marks = list(heads) + [False] * (len(rows) - len(heads))
    kept = [(row, mark) for row, mark in zip(rows, marks, strict=True) if any(cell.text for cell in row)]
    if not kept:
        return None
    caption: list[str] = []
    notes: list[str] = []
    while len(kept) > 1 and len(kept[0][0]) > 1 and (above := _above(kept[0][0])):
        caption.append(above)
        kept.pop(0)
    while len(kept) > 1 and len(kept[-1][0]) > 1 and _single(kept[-1][0]) and _NOTE.match(_text(kept[-1][0])):
        notes.insert(0, _text(kept.pop()[0]))
    columns = [
        c
        for c in range(len(kept[0][0]))
        if any(row[c].text and not (row[c].inherited and c and row[c - 1].text == row[c].text) for row, _ in kept)
    ]
    whole = len(columns) == len(kept[0][0])
    body = [row if whole else tuple(row[c] for c in columns) for row, _ in kept]
    header = _header_rows(body, [mark for _, mark in kept])
    return Grid(
        tuple(_without_repeats(body, header)), header_rows=header, caption=" ".join(caption), notes=tuple(notes)
    )


def _text(row: Sequence[Cell]) -> str:
    return next((cell.text for cell in row if cell.text), "")


def _above(row: Sequence[Cell]) -> str:
    """What a row above the header says: a caption that spans it, or the line of the unit; ``""`` for a row of the table."""
    if _single(row):
        return text if len(text := row[0].text or _text(row)) <= _CAPTION_LENGTH else ""
    own = [cell.text for cell in row if cell.text and not cell.inherited]
    return " ".join(own) if stands_above(own, len(row)) else ""


_CAPTION_LENGTH = 80


def _single(row: Sequence[Cell]) -> bool:
    """A row with one text that spans it all."""
    printed = {cell.text for cell in row if cell.text}
    return (
        len(printed) == 1
        and sum(not cell.inherited and bool(cell.text) for cell in row) == 1
        and all(cell.text for cell in row)
    )


def _header_rows(rows: Sequence[Sequence[Cell]], heads: Sequence[bool]) -> int:
    """How many rows at the top announce columns: ``th`` rows, or rows of header words; at most three."""
    count = 0
    for row, head in zip(rows[:3], heads, strict=False):
        texts = [cell.text for cell in row if cell.text]
        words = sum(cells.header_kind(text) is not None for text in texts)
        if (
            head
            or (count and _reaches(rows[count - 1], row, rows[3] if len(rows) > 3 else ()))
            or (
                texts
                and words * 2 >= len(texts)
                and words >= min(2, len(texts))
                and (count == 0 or words * 3 >= len(texts) * 2)
            )
        ):
            count += 1
        else:
            break
    return count if count < len(rows) else 0


def _reaches(above: Sequence[Cell], row: Sequence[Cell], fourth: Sequence[Cell]) -> bool:
    """Whether the first cell of a header, or another header word of it, spans the row below: that is header, too.

    What spans the ``fourth`` row as well stands beside the table (绩效指标), and not over it.
    """
    return any(
        cell.inherited
        and cell.text == over.text
        and not (at and row[at - 1].text == cell.text)
        and not (fourth and fourth[at].inherited and fourth[at].text == cell.text)
        for at, (cell, over) in enumerate(zip(row, above, strict=True))
        if cell.text and cells.header_kind(cell.text) is not None
    )


def _without_repeats(rows: list[tuple[Cell, ...]], header: int) -> list[tuple[Cell, ...]]:
    """Rows without header rows that were printed again at a page break."""
    if not header:
        return rows
    printed = {_squeezed(row) for row in rows[:header]}
    first = {row[0] for row in printed}
    return rows[:header] + [
        row for row in rows[header:] if not (squeeze(row[0].text) in first and _squeezed(row) in printed)
    ]


def _squeezed(row: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(squeeze(cell.text) for cell in row)


def _heads(row: Sequence[Cell]) -> bool:
    return sum(cells.header_kind(cell.text) is not None for cell in row) * 3 >= len(row) * 2


def continued(first: Grid, second: Grid) -> Grid | None:
    """Two tables that are one, cut at a page break: equal header rows, or the second without one and of the same width."""
    if len(first.rows[0]) != len(second.rows[0]):
        return None
    if len(first.rows) == 1 and not second.header_rows and _heads(first.rows[0]):
        # A head that stays where it is while the rows below are scrolled is a table of its own.
        return structs.replace(
            second, rows=first.rows + second.rows, header_rows=1, caption=first.caption or second.caption
        )
    head = [tuple(plain(cell.text) for cell in row) for row in first.rows[: first.header_rows]]
    other = [tuple(plain(cell.text) for cell in row) for row in second.rows[: second.header_rows]]
    if not head or (other and head != other) or (not other and second.caption and "续" not in second.caption):
        return None
    return structs.replace(first, rows=first.rows + second.rows[second.header_rows :], notes=first.notes + second.notes)
