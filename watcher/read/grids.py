"""HTML tables as grids: spans resolved, header rows found, continued tables joined, notes kept, layout told from data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from selectolax.lexbor import LexborNode

from watcher.read import cells
from watcher.text import plain, squeeze, tidy
from watcher.types import Cell, Grid

MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 5000, 200, 60_000
_NOTE = re.compile("(?:注|备注|说明|数据来源|资料来源)\\s*[0-9]{0,2}\\s*[:：]|[*＊※①]")
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_TAGS = re.compile("<[^>]*>")
_LINE = re.compile("<(?:br|/p|/div|/li)\\b[^>]*>", re.IGNORECASE)
_INVISIBLE = str.maketrans("", "", "\u200b\u00ad\ufeff\u2060")


def is_layout(table: LexborNode) -> bool:
    """Whether a table only places things on the page: it holds another table, or long texts, or hardly a second column."""
    if table.css_first("table table") is not None:
        return True
    widths: list[int] = []
    long = total = filled = 0
    for row in table.css("tr"):
        found = [node for node in row.iter() if node.tag in ("td", "th")]
        widths.append(len(found))
        for node in found:
            size = len(node.text(deep=True).strip())
            total += size
            filled += size > 0
            long = max(long, size)
    if not widths or filled == 0:
        return True
    if max(widths) < 2:
        return True
    return (filled < 4 and long > 300) or (long > 800 and long > 0.75 * total)


def from_table(table: LexborNode) -> Grid | None:
    """A data table as a grid; ``None`` when it has no cell with text.

    Spans are resolved as the HTML standard says (``rowspan=0`` goes to the end of the section); a cell that a span covers
    repeats its text with ``inherited``. Hostile spans are capped by the table's own size.
    """
    rows = [row for row in table.css("tr") if _own(row, table)][:MAX_ROWS]
    if not rows:
        return None
    printed = [[node for node in row.iter() if node.tag in ("td", "th")] for row in rows]
    widest = min(
        MAX_COLUMNS, max((sum(_span(node, "colspan", MAX_COLUMNS) for node in row) for row in printed), default=0)
    )
    if widest == 0:
        return None
    grid: list[list[Cell | None]] = []
    down: dict[int, tuple[int, str]] = {}
    heads: list[bool] = []
    for number, row in enumerate(printed):
        line: list[Cell | None] = [None] * widest
        for column, (left, text) in list(down.items()):
            line[column] = Cell(text, inherited=True)
            if left == 1:
                del down[column]
            else:
                down[column] = (left - 1, text)
        at = 0
        for node in row:
            while at < widest and line[at] is not None:
                at += 1
            if at >= widest:
                break
            text = cell_text(node)
            across = _span(node, "colspan", widest - at)
            deep = _span(node, "rowspan", len(printed) - number)
            for column in range(at, min(at + across, widest)):
                line[column] = Cell(text, inherited=column > at and bool(text))
                if deep > 1:
                    down[column] = (deep - 1, text)
            at += across
        heads.append(bool(row) and all(node.tag == "th" for node in row))
        grid.append(line)
        if len(grid) * widest > MAX_CELLS:
            break
    return shape([tuple(cell or Cell("") for cell in line) for line in grid], heads)


def _own(row: LexborNode, table: LexborNode) -> bool:
    node = row.parent
    while node is not None and node.tag != "table":
        node = node.parent
    return node is not None and node.mem_id == table.mem_id


def _span(node: LexborNode, name: str, most: int) -> int:
    raw = node.attributes.get(name)
    if not raw:
        return 1
    digits = raw.strip()[:6]
    value = int(digits) if digits.isascii() and digits.isdigit() else 1
    if value == 0 and name == "rowspan":
        return max(1, most)
    return max(1, min(value, most))


def cell_text(node: LexborNode) -> str:
    """Text of a cell on one line: breaks inside are joined without a space between Chinese characters."""
    if node.child is None:
        return ""
    html = node.inner_html or ""
    if "<" not in html and "&" not in html:
        return tidy(html)
    return join_lines(_LINE.split(_COMMENT.sub("", html)))


def join_lines(parts: Sequence[str]) -> str:
    """Pieces of one cell, mark-up removed, joined: a space only between Latin letters or digits."""
    import html as entities

    joined = ""
    for part in parts:
        text = tidy(entities.unescape(_TAGS.sub("", part)))
        if not text:
            continue
        glue = (
            " "
            if joined and joined[-1].isascii() and joined[-1].isalnum() and text[0].isascii() and text[0].isalnum()
            else ""
        )
        joined += glue + text
    return joined


def shape(rows: list[tuple[Cell, ...]], heads: Sequence[bool] = ()) -> Grid | None:
    """Rows as a grid: empty rows and columns gone, caption rows and notes taken out, header rows counted, repeats dropped."""
    marks = list(heads) + [False] * (len(rows) - len(heads))
    kept = [(row, mark) for row, mark in zip(rows, marks, strict=True) if any(cell.text for cell in row)]
    if not kept:
        return None
    caption: list[str] = []
    notes: list[str] = []
    while (
        len(kept) > 1
        and _single(kept[0][0])
        and len(kept[0][0]) > 1
        and len(kept[0][0][0].text or _text(kept[0][0])) <= 80
    ):
        caption.append(_text(kept.pop(0)[0]))
    while len(kept) > 1 and len(kept[-1][0]) > 1 and _single(kept[-1][0]) and _NOTE.match(_text(kept[-1][0])):
        notes.insert(0, _text(kept.pop()[0]))
    columns = [
        c
        for c in range(len(kept[0][0]))
        if any(row[c].text and not (row[c].inherited and c and row[c - 1].text == row[c].text) for row, _ in kept)
    ]
    body = [tuple(row[c] for c in columns) for row, _ in kept]
    header = _header_rows(body, [mark for _, mark in kept])
    return Grid(
        tuple(_without_repeats(body, header)), header_rows=header, caption=" ".join(caption), notes=tuple(notes)
    )


def _text(row: Sequence[Cell]) -> str:
    return next((cell.text for cell in row if cell.text), "")


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
        if head or (
            texts
            and words * 2 >= len(texts)
            and words >= min(2, len(texts))
            and (count == 0 or words * 3 >= len(texts) * 2)
        ):
            count += 1
        else:
            break
    return count if count < len(rows) else 0


def _without_repeats(rows: list[tuple[Cell, ...]], header: int) -> list[tuple[Cell, ...]]:
    """Rows without header rows that were printed again at a page break."""
    if not header:
        return rows
    printed = {tuple(squeeze(cell.text) for cell in row) for row in rows[:header]}
    return rows[:header] + [row for row in rows[header:] if tuple(squeeze(cell.text) for cell in row) not in printed]


def continued(first: Grid, second: Grid) -> Grid | None:
    """Two tables that are one, cut at a page break: equal header rows, or the second without one and of the same width."""
    if len(first.rows[0]) != len(second.rows[0]):
        return None
    head = [tuple(plain(cell.text) for cell in row) for row in first.rows[: first.header_rows]]
    other = [tuple(plain(cell.text) for cell in row) for row in second.rows[: second.header_rows]]
    if not head or (other and head != other) or (not other and second.caption and "续" not in second.caption):
        return None
    return replace(first, rows=first.rows + second.rows[second.header_rows :], notes=first.notes + second.notes)
