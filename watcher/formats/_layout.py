"""From glyphs and ruling lines on a page to lines of text and ruled tables. Shared by the formats that only place characters.

Lengths are in the page's own unit with the origin at the top left, ``top`` < ``bottom``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from watcher.formats import _blocks, _grid, _limits
from watcher.types import Grid


class Glyph(NamedTuple):
    """One printed character in its box; a space keeps its place as ``" "``."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def size(self) -> float:
        """The height of the box: about 1 to 1.3 em, the same for all glyphs of one font and size."""
        return self.bottom - self.top


class Edge(NamedTuple):
    """A horizontal or vertical ruling line."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table on one page, or on several pages after ``grown``."""

    top: float
    bottom: float
    columns: tuple[float, ...]
    """The x of every vertical boundary."""
    cells: tuple[_grid.Placed, ...]
    height: int
    """Rows, blank ones included."""

    @property
    def grid(self) -> Grid:
        """Its grid."""
        return _grid.grid(self.cells)


@dataclass(slots=True)
class Page:
    """What stands on one page, from top to bottom."""

    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    column: bool = False
    """It is one column of a page that is set in two."""
    follows: bool = False
    """It is a further part of the page before it."""


def page_of(
    width: float, height: float, glyphs: Sequence[Glyph], edges: Sequence[Edge]
) -> tuple[Page, list[Glyph], float]:
    """Lines and tables of one page, the glyphs of its lines, and the usual height of a glyph. Glyphs inside a table stand in its cells only."""
    shown = [glyph for glyph in once(glyphs) if -1 <= glyph.x0 <= width + 1 and -1 <= glyph.top <= height + 1]
    page = Page(width, height)
    em = _typical([glyph.size for glyph in shown]) or height / 60
    for boxes in _boxes(edges, em):
        inside, shown = _split(shown, boxes)
        table = _table(boxes, inside)
        if table.grid.rows and len(table.grid.rows[0]) > 1:
            page.tables.append(table)
        else:
            # A frame around text, or an empty drawing: its text is text of the page.
            shown = shown + inside
    for top, bottom, x0, x1 in _unframed(edges, em, page.tables):
        inside, rest = _split(shown, [(x0, top, x1, bottom)])
        columned = _columned(inside, top, bottom, x0, x1, em)
        if columned is not None:
            page.tables.append(columned)
            shown = rest
    page.lines = lines(shown)
    return page, shown, em


def _unframed(edges: Sequence[Edge], em: float, tables: Sequence[Table]) -> list[tuple[float, float, float, float]]:
    """Regions (top, bottom, x0, x1) of three-line tables: horizontal lines with the same ends and none upright between."""
    groups: dict[tuple[int, int], list[Edge]] = {}
    if len(edges) > _limits.PAGE_EDGES:
        return []
    from pdfplumber import table as finder

    free = [e for e in edges if not any(t.top - em < e.top and e.bottom < t.bottom + em for t in tables)]
    flat = [_as_dict(edge) for edge in free if edge.x1 - edge.x0 >= edge.bottom - edge.top]
    for edge in finder.merge_edges(flat, 0.3 * em, 0.3 * em, 0.5 * em, 0.5 * em):
        if edge["x1"] - edge["x0"] > 12 * em:
            key = (round(edge["x0"] / em), round(edge["x1"] / em))
            groups.setdefault(key, []).append(Edge(edge["x0"], edge["top"], edge["x1"], edge["bottom"]))
    found = []
    for group in groups.values():
        top, bottom = min(e.top for e in group), max(e.bottom for e in group)
        if len(group) >= 3 and not any(table.top < bottom and table.bottom > top for table in tables):
            found.append((top, bottom, min(e.x0 for e in group), max(e.x1 for e in group)))
    return found


def _columned(glyphs: Sequence[Glyph], top: float, bottom: float, x0: float, x1: float, em: float) -> Table | None:
    """A table without upright lines: its columns are parted by space that no line of it crosses."""
    ink = sorted((glyph for glyph in glyphs if glyph.text != " "), key=lambda glyph: glyph.x0)
    borders, end = [x0], x0
    for glyph in ink:
        if glyph.x0 - end > em and glyph is not ink[0]:
            borders.append((glyph.x0 + end) / 2)
        end = max(end, glyph.x1)
    borders.append(x1)
    if len(borders) < 3:
        return None
    held: list[list[list[Glyph]]] = []
    for line in lines(glyphs):
        row: list[list[Glyph]] = [[] for _ in borders[1:]]
        for glyph in glyphs:
            if line.top <= (glyph.top + glyph.bottom) / 2 <= line.bottom:
                row[_place(borders, (glyph.x0 + glyph.x1) / 2)].append(glyph)
        held.append(row)
    texts = [[cell_text(cell) for cell in row] for row in held]
    if len(texts) < 2 or sum(sum(map(bool, row)) > 1 for row in texts) < 0.7 * len(texts):
        return None
    cells = tuple(_grid.Placed(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row))
    return Table(top, bottom, tuple(borders), cells, len(texts))


def once(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Without the second strokes of imitated bold type: the same character again at (nearly) the same place."""
    seen: dict[tuple[str, int], list[Glyph]] = {}
    kept = []
    for glyph in glyphs:
        if glyph.text != " ":
            slack = 0.35 * (glyph.x1 - glyph.x0)
            row = round(glyph.top / max(glyph.size, 0.1))
            places = seen.setdefault((glyph.text, row), [])
            if any(abs(o.x0 - glyph.x0) < slack and abs(o.top - glyph.top) < 0.3 * glyph.size for o in places[-40:]):
                continue
            places.append(glyph)
        kept.append(glyph)
    return kept


def lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """Glyphs grouped by their height on the page, each group read from left to right."""
    rows: list[list[Glyph]] = []
    anchor = size = 0.0
    for glyph in sorted((g for g in glyphs), key=lambda g: g.top + g.bottom):
        middle = (glyph.top + glyph.bottom) / 2
        if rows and middle - anchor <= 0.45 * max(size, glyph.size):
            rows[-1].append(glyph)
            if glyph.size > size:
                anchor, size = middle, glyph.size
        else:
            rows.append([glyph])
            anchor, size = middle, glyph.size
    return [line for row in rows if (line := _line(row)) is not None]


def _line(row: list[Glyph]) -> Line | None:
    row.sort(key=lambda g: g.x0)
    ink = [glyph for glyph in row if glyph.text != " "]
    if not ink:
        return None
    size = _typical([glyph.size for glyph in ink])
    text = ""
    end = ink[0].x0
    space = False
    for glyph in row:
        if glyph.text == " ":
            space = bool(text)
            continue
        if space or (text and glyph.x0 - end > 0.6 * size):
            text += " "
        space = False
        text += glyph.text
        end = max(end, glyph.x1)
    return Line(text, ink[0].x0, min(g.top for g in ink), end, max(g.bottom for g in ink), size)


def _typical(values: list[float]) -> float:
    """The median; 0 for nothing."""
    return sorted(values)[len(values) // 2] if values else 0.0


Box = tuple[float, float, float, float]


def _boxes(edges: Sequence[Edge], em: float) -> list[list[Box]]:
    """The cells that ruling lines enclose, by table. None where there are more lines than a table has."""
    if len(edges) < 3 or len(edges) > _limits.PAGE_EDGES:
        return []
    from pdfplumber import table as finder

    slack = 0.3 * em
    found: list[dict[str, Any]] = [_as_dict(edge) for edge in edges]
    merged = finder.merge_edges(found, slack, slack, slack, slack)
    merged = [e for e in merged if max(e["x1"] - e["x0"], e["bottom"] - e["top"]) > 0.5 * em]
    merged += _open_sides(merged, em)
    if not 4 <= len(merged) <= _limits.PAGE_EDGES // 10:
        return []
    crossings = finder.edges_to_intersections(merged, slack, slack)
    if len(crossings) > _limits.PAGE_EDGES:
        return []
    cells = finder.intersections_to_cells(crossings)
    return [list(table) for table in finder.cells_to_tables(cells)]


def _as_dict(edge: Edge) -> dict[str, Any]:
    flat = edge.x1 - edge.x0 >= edge.bottom - edge.top
    return {
        "x0": edge.x0, "x1": edge.x1, "top": edge.top, "bottom": edge.bottom,
        "width": edge.x1 - edge.x0, "height": edge.bottom - edge.top, "orientation": "h" if flat else "v",
    }  # fmt: skip


def _open_sides(edges: list[dict[str, Any]], em: float) -> list[dict[str, Any]]:
    """The left and right borders that Chinese statistical tables leave out.

    Where three or more horizontal lines have the same ends and some vertical line stands between the outer ones, the
    ends are joined by upright lines.
    """
    groups: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for edge in edges:
        if edge["orientation"] == "h" and edge["x1"] - edge["x0"] > 8 * em:
            groups.setdefault((round(edge["x0"] / em), round(edge["x1"] / em)), []).append(edge)
    added = []
    for group in groups.values():
        if len(group) < 3:
            continue
        x0, x1 = min(e["x0"] for e in group), max(e["x1"] for e in group)
        top, bottom = min(e["top"] for e in group), max(e["top"] for e in group)
        upright = [
            e for e in edges
            if e["orientation"] == "v" and e["top"] < bottom and e["bottom"] > top and x0 - em < e["x0"] < x1 + em
        ]  # fmt: skip
        inner = [e for e in upright if x0 + em < e["x0"] < x1 - em]
        if inner:
            bare = [x for x in (x0, x1) if not any(abs(e["x0"] - x) < em for e in upright)]
            added += [_as_dict(Edge(x, top, x, bottom)) for x in bare]
    return added


def _split(glyphs: list[Glyph], boxes: list[Box]) -> tuple[list[Glyph], list[Glyph]]:
    """Glyphs whose middle is inside the frame of ``boxes``, and the others."""
    x0, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    x1, bottom = max(b[2] for b in boxes), max(b[3] for b in boxes)
    inside: list[Glyph] = []
    outside: list[Glyph] = []
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        (inside if x0 <= x <= x1 and top <= y <= bottom else outside).append(glyph)
    return inside, outside


def _table(boxes: list[Box], glyphs: Sequence[Glyph]) -> Table:
    columns = sorted({x for box in boxes for x in (box[0], box[2])})
    rows = sorted({y for box in boxes for y in (box[1], box[3])})
    column_at = {x: i for i, x in enumerate(columns)}
    row_at = {y: i for i, y in enumerate(rows)}
    owners: dict[tuple[int, int], int] = {}
    for index, (x0, top, x1, bottom) in enumerate(boxes):
        for row in range(row_at[top], row_at[bottom]):
            for column in range(column_at[x0], column_at[x1]):
                owners[row, column] = index
    held: list[list[Glyph]] = [[] for _ in boxes]
    for glyph in glyphs:
        row = _place(rows, (glyph.top + glyph.bottom) / 2)
        column = _place(columns, (glyph.x0 + glyph.x1) / 2)
        index_or_none = owners.get((row, column))
        if index_or_none is not None:
            held[index_or_none].append(glyph)
    cells = tuple(
        _grid.Placed(
            row_at[top], column_at[x0], cell_text(inside), row_at[bottom] - row_at[top], column_at[x1] - column_at[x0]
        )
        for (x0, top, x1, bottom), inside in zip(boxes, held, strict=True)
    )
    return Table(rows[0], rows[-1], tuple(columns), cells, len(rows) - 1)


def _place(borders: Sequence[float], value: float) -> int:
    """The index of the gap between ``borders`` in which ``value`` lies."""
    from bisect import bisect_right

    return min(max(bisect_right(borders, value) - 1, 0), len(borders) - 2)


def cell_text(glyphs: Iterable[Glyph]) -> str:
    """The text of one cell on one line."""
    return _blocks.one_line(line.text for line in lines(list(glyphs)))
