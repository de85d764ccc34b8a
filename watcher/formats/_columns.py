"""Pages that are set in two columns, as gazettes are: the left column is read before the right one, what spans both where it stands.

A page counts as set in columns only when nearly nothing crosses the middle and most lines fill their column: lists and forms
have wide gaps too, and are read line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from watcher.formats._layout import Edge, Glyph, Line, Page, Table, lines, page_of

_MIDDLE = (0.38, 0.62)
"""Between which shares of the printed width the space between two columns lies."""
_GAP = 0.9
"""Ems that this space has at least."""
_CROSSING = 0.3
"""Share of the usual ink that may stand in it: titles, tables and running lines over both columns."""
_ROWS, _FULL, _CHARACTERS = 8, 0.55, 9
"""Lines of a column at least, the share of them that must fill it, and characters in a full one."""


@dataclass(frozen=True, slots=True)
class _Band:
    """A strip of the page: over both columns, or in columns."""

    top: float
    bottom: float
    whole: bool


def pages_of(width: float, height: float, glyphs: Sequence[Glyph], edges: Sequence[Edge]) -> list[Page]:
    """Lines and tables of one page, in parts that are read one after another where it is set in columns."""
    return _parted(*page_of(width, height, glyphs, edges))


def _parted(page: Page, glyphs: Sequence[Glyph], em: float) -> list[Page]:
    """The page's parts in reading order: ``[page]`` where it is not set in columns. ``glyphs`` are those outside of its tables."""
    ink = [glyph for glyph in glyphs if glyph.text != " "]
    gutter = _gutter(ink, em) if len(ink) > 2 * _ROWS * _CHARACTERS else None
    if gutter is None:
        return [page]
    left, right = gutter
    middle = (left + right) / 2
    tables = [(table, table.columns[0] < left and table.columns[-1] > right) for table in page.tables]
    # A mark of punctuation may stick out of its column: what crosses the space stands in the middle of it.
    core = (left + (right - left) / 3, right - (right - left) / 3)
    crossing = [(g.top, g.bottom) for g in ink if g.x0 < core[1] and g.x1 > core[0]]
    crossing += [(table.top, table.bottom) for table, wide in tables if wide]
    crossing += _outer(ink, em)
    bands = _bands(crossing, ink, middle, em)
    sides = [
        [g for g in glyphs if _inside(g, band) and (g.x0 < left) is first]
        for band in bands
        if not band.whole
        for first in (True, False)
    ]
    columns = [lines(side) for side in sides]
    if not _is_prose(columns, em):
        return [page]
    said = [g for g in ink if any(_inside(g, band) for band in bands if not band.whole)]
    shift = min(g.x0 for g in said if g.x0 >= middle) - min(g.x0 for g in said)
    return _ordered(page, glyphs, bands, middle, shift)


def _gutter(ink: Sequence[Glyph], em: float) -> tuple[float, float] | None:
    """The widest strip near the middle in which hardly anything stands."""
    x0, x1 = min(g.x0 for g in ink), max(g.x1 for g in ink)
    step = em / 4
    count = int((x1 - x0) / step) + 1
    if not 40 <= count <= 20_000:
        return None
    changes = [0] * (count + 2)
    for glyph in ink:
        changes[max(0, int((glyph.x0 - x0) / step))] += 1
        changes[min(count, int((glyph.x1 - x0) / step)) + 1] -= 1
    density = list(accumulate(changes))[:count]
    usual = sorted(density)[count // 2]
    best: tuple[int, int] | None = None
    start: int | None = None
    for at in range(int(count * _MIDDLE[0]), int(count * _MIDDLE[1]) + 1):
        if at < count and density[at] <= _CROSSING * usual:
            start = at if start is None else start
            if best is None or at - start > best[1] - best[0]:
                best = start, at
        else:
            start = None
    if best is None or (best[1] - best[0] + 1) * step < _GAP * em:
        return None
    return x0 + best[0] * step, x0 + (best[1] + 1) * step


def _outer(ink: Sequence[Glyph], em: float) -> list[tuple[float, float]]:
    """The first and the last row of a page where space parts them from the text: running lines belong to no column."""
    rows: list[list[float]] = []
    for glyph in sorted(ink, key=lambda g: g.top):
        if rows and glyph.top < rows[-1][1]:
            rows[-1][1] = max(rows[-1][1], glyph.bottom)
        else:
            rows.append([glyph.top, glyph.bottom])
    found = []
    for row, inner in ((rows[0], rows[1]), (rows[-1], rows[-2])) if len(rows) > 2 else ():
        if max(row[0], inner[0]) - min(row[1], inner[1]) > em:
            found.append((row[0], row[1]))
    return found


def _bands(crossing: Sequence[tuple[float, float]], ink: Sequence[Glyph], middle: float, em: float) -> list[_Band]:
    """The strips of a page from top to bottom; one in which only one side says something is none of columns."""
    top, bottom = min(g.top for g in ink) - em, max(g.bottom for g in ink) + em
    over: list[list[float]] = []
    for high, low in sorted(crossing):
        if over and high <= over[-1][1] + em:
            over[-1][1] = max(over[-1][1], low)
        else:
            over.append([high, low])
    edges = [top, *(value for pair in over for value in pair), bottom]
    found: list[_Band] = []
    for number, (high, low) in enumerate(pairwise(edges)):
        inner = [g for g in ink if high <= (g.top + g.bottom) / 2 < low]
        both = any(g.x0 < middle for g in inner) and any(g.x0 > middle for g in inner)
        whole = number % 2 == 1 or not both
        if found and found[-1].whole and whole:
            found[-1] = _Band(found[-1].top, low, True)
        elif inner or whole:
            found.append(_Band(high, low, whole))
    return found


def _inside(item: Glyph | Line, band: _Band) -> bool:
    return band.top <= (item.top + item.bottom) / 2 < band.bottom


def _is_prose(columns: Sequence[Sequence[Line]], em: float) -> bool:
    """Whether most lines of the columns fill them, as running text does."""
    every = [line for column in columns for line in column]
    if len(every) < 2 * _ROWS:
        return False
    full = 0
    for column in columns:
        right = max((line.x1 for line in column), default=0.0)
        full += sum(line.x1 > right - 1.6 * em and len(line.text) >= _CHARACTERS for line in column)
    return full >= _FULL * len(every)


def _ordered(page: Page, glyphs: Sequence[Glyph], bands: Sequence[_Band], middle: float, shift: float) -> list[Page]:
    """One part for each strip over both columns, two for each in columns; the right one is moved above the left one."""
    parts: list[Page] = []
    for band in bands:
        inside = [g for g in glyphs if _inside(g, band)]
        tables = [table for table in page.tables if band.top <= (table.top + table.bottom) / 2 < band.bottom]
        if band.whole:
            parts.append(Page(page.width, page.height, lines(inside), tables))
            continue
        for first in (True, False):
            side = [g if first else _moved(g, shift) for g in inside if (g.x0 < middle) is first]
            own = [table for table in tables if (table.columns[0] < middle) is first]
            parts.append(
                Page(
                    page.width, page.height, lines(side), [t if first else _shifted(t, shift) for t in own], column=True
                )
            )
    for part in parts[1:]:
        part.follows = True
    return parts


def _moved(glyph: Glyph, by: float) -> Glyph:
    return glyph._replace(x0=glyph.x0 - by, x1=glyph.x1 - by)


def _shifted(table: Table, by: float) -> Table:
    return Table(table.top, table.bottom, tuple(x - by for x in table.columns), table.cells, table.height)
