"""Printed pages to blocks: running headers and page numbers away, lines re-joined to paragraphs over line and page ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from watcher.formats import _blocks, _grid
from watcher.formats._continued import grown
from watcher.formats._layout import Line, Page, Table
from watcher.text import squeeze
from watcher.types import Block, Grid

_ZONE = 0.13
"""Share of the page's height at either end in which running lines stand; margins of GB/T 9704 are 12 % and 12 %."""
_RUNNING_SHARE = 0.4
"""A line at a page's end that stands on so many of the pages (odd and even ones may differ) is a running one."""
_LARGE = 1.12
"""Type so many times the text's own is a title's; 三号 to 四号 is 1.14."""
_CONTINUED = re.compile("[（(]?续表?[0-9一二三四五六七八九十]{0,3}[-—]?[0-9]{0,2}[)）]?$")
"""What is printed over the second page of a table."""
_DIGITS = re.compile("[0-9０-９]+")


@dataclass(frozen=True, slots=True)
class _Margins:
    """Where full lines begin and end, and how large the type of the text is."""

    left: float
    right: float
    size: float
    pitch: float
    """From one line to the next."""


def blocks_of(pages: Sequence[Page]) -> tuple[Block, ...]:
    """The blocks of a document. Raises ``FormatError`` when nothing is said."""
    bodies = _without_running(pages)
    parts = list(_parts(bodies))
    contents = any(isinstance(p, _Text) and _blocks.is_contents_line(p.text) for p in parts)
    out: list[Block] = []
    for part in parts:
        if isinstance(part, Grid):
            if part.rows:
                out.append(_grid.block(part))
        elif not _blocks.is_contents_line(part.text) and not (contents and squeeze(part.text) in ("目录", "目次")):
            out.append(_blocks.prose(part.text, level=1 if part.title else 0))
    return _blocks.finished(out)


def _without_running(pages: Sequence[Page]) -> list[Page]:
    counts: Counter[tuple[bool, str]] = Counter()
    for page in pages:
        counts.update({(low, _shape(line.text)) for line, low in _ends(page)})
    enough = max(2, round(_RUNNING_SHARE * sum(not page.follows for page in pages)))
    # Even pages may bear another line than odd ones, once in a short document: it stands where theirs stands.
    places = {
        place
        for page in pages
        for line, low in _ends(page)
        if not low and counts[low, _shape(line.text)] >= enough
        for place in _places(line)
    }
    kept = []
    for page in pages:
        gone = {
            id(line)
            for line, low in _ends(page)
            if counts[low, _shape(line.text)] >= enough or (not low and not places.isdisjoint(_places(line)))
        }
        outer = sorted(page.lines, key=lambda line: line.top)
        for line in [*outer[:1], *outer[-1:]]:
            if not _ZONE * page.height < line.top < (1 - _ZONE) * page.height and _blocks.is_page_number(line.text):
                gone.add(id(line))
        kept.append(replace(page, lines=[line for line in page.lines if id(line) not in gone]))
    return kept


def _ends(page: Page) -> Iterator[tuple[Line, bool]]:
    """Up to three lines in the page's top and bottom zones that stand apart from its text; True for the bottom."""
    ordered = sorted(page.lines, key=lambda line: line.top)
    head = [line for line in ordered if line.bottom < _ZONE * page.height]
    head = [line for line in head if all(line.bottom <= table.top for table in page.tables)]
    foot = [line for line in reversed(ordered) if line.top > (1 - _ZONE) * page.height]
    foot = [line for line in foot if all(line.top >= table.bottom for table in page.tables)]
    for found, low in ((head, False), (foot, True)):
        inward = ordered if not low else ordered[::-1]
        for count, line in enumerate(found[:3], start=1):
            after = inward[count] if count < len(inward) else None
            if after is None or _apart(line, after):
                for outer in found[:count]:
                    yield outer, low
                break


def _places(line: Line) -> Iterator[tuple[int, int]]:
    """Where a line at the top stands and how large its type is, in steps of two points and of one."""
    for top in (line.top - 1, line.top + 1):
        yield round(top / 2), round(line.size)


def _apart(line: Line, inner: Line) -> bool:
    """True where a running line is told from the text by the space between them or by its type."""
    size = max(line.size, inner.size)
    return abs(line.top - inner.top) > 2.2 * size or abs(line.size - inner.size) > 0.15 * size


def _shape(text: str) -> str:
    return _DIGITS.sub("#", squeeze(text))


def _margins(pages: Sequence[Page]) -> _Margins:
    """Of pages that share their margins."""
    everything = [line for page in pages for line in page.lines]
    if not everything:
        return _Margins(0, 1, 1, 1)
    size = _weighted_median([(line.size, len(line.text)) for line in everything])
    body = [line for line in everything if abs(line.size - size) < 0.15 * size] or everything
    right = _share([line.x1 for line in body], 0.95)
    lefts = Counter(round(line.x0 / (0.25 * size)) for line in body)
    common = [x for x, count in lefts.items() if count >= max(1, 0.08 * len(body))]
    left = min(common) * 0.25 * size if common else min(line.x0 for line in body)
    steps = sorted(
        b.top - a.top
        for page in pages
        for a, b in zip(page.lines, page.lines[1:], strict=False)
        if 0 < b.top - a.top < 4 * size
    )
    return _Margins(left, right, size, steps[len(steps) // 2] if steps else 1.5 * size)


def _weighted_median(values: list[tuple[float, int]]) -> float:
    values.sort()
    half = sum(weight for _, weight in values) / 2
    passed = 0
    for value, weight in values:
        passed += weight
        if passed >= half:
            return value
    return values[-1][0]


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(slots=True)
class _Text:
    """A paragraph that is being put together."""

    text: str
    last: Line
    page: int
    centred: bool
    title: bool


def _parts(pages: Sequence[Page]) -> Iterator[_Text | Grid]:
    """Paragraphs and grids in reading order. Odd and even pages may have mirrored margins."""
    columns = [page for page in pages if page.column]
    plain = [page for page in pages if not page.column] or columns
    whole = _margins(columns if _lines(columns) > _lines(plain) else plain)
    sides = [_margins(plain[side::2]) if len(plain) > 3 else _margins(plain) for side in (0, 1)]
    narrow = _margins(columns) if columns else whole
    text: _Text | None = None
    table: Table | None = None
    table_page = -1
    for index, page in enumerate(pages):
        column = page.column or (bool(columns) and _is_narrow(page, narrow))
        margins = narrow if column else sides[index % 2]
        if columns and not column:
            margins = replace(narrow, right=page.width - narrow.left)
        least = 5 if column else 10
        if abs(margins.size - whole.size) > 0.15 * whole.size or margins.right - margins.left < least * whole.size:
            margins = whole
        items: list[Line | Table] = sorted([*page.lines, *page.tables], key=lambda item: item.top)
        for at, item in enumerate(items):
            if isinstance(item, Table):
                if text is not None:
                    yield text
                    text = None
                longer = grown(table, item) if table is not None and index != table_page else None
                if table is not None and longer is None:
                    yield table.grid
                table, table_page = longer or item, index
                continue
            if table is not None:
                if at + 1 < len(items) and isinstance(items[at + 1], Table) and _CONTINUED.match(squeeze(item.text)):
                    continue
                yield table.grid
                table = None
            centred = _is_centred(item, margins)
            if text is not None and not _begins(text, item, index, centred, margins):
                text.text = _blocks.joined(text.text, item.text)
                text.last, text.page = item, index
                continue
            if text is not None:
                yield text
            large = item.size > _LARGE * whole.size
            text = _Text(item.text, item, index, centred, centred and large and len(item.text) < _blocks.HEADING_CHARS)
    if text is not None:
        yield text
    if table is not None:
        yield table.grid


def _lines(pages: Sequence[Page]) -> int:
    return sum(len(page.lines) for page in pages)


def _is_narrow(page: Page, narrow: _Margins) -> bool:
    """Whether a page says nothing beyond its first column: the last one of a document in columns."""
    wide = sum(line.x1 > narrow.right + narrow.size for line in page.lines)
    return len(page.lines) > 1 and wide <= 0.1 * len(page.lines)


def _is_centred(line: Line, margins: _Margins) -> bool:
    before, after = line.x0 - margins.left, margins.right - line.x1
    # A title in large type may fill its line.
    least = 2.5 * margins.size if line.size < _LARGE * margins.size else -0.5 * margins.size
    return before > least and abs(before - after) < max(1.5 * margins.size, 0.1 * (before + after))


def _begins(text: _Text, line: Line, page: int, centred: bool, margins: _Margins) -> bool:
    """True where ``line`` begins a paragraph of its own after ``text``."""
    last, size = text.last, margins.size
    if _blocks.is_contents_line(last.text):
        return True
    if abs(line.size - last.size) > 0.13 * max(line.size, last.size):
        return True
    numbered = _blocks.begins_numbered(line.text)
    if centred and text.centred:
        # A title over several lines. A new number, or the text's own type, begins another one.
        same = page == text.page and line.top - last.top < 2.2 * line.size
        return numbered or not same or _blocks.is_contents_line(last.text)
    if centred != text.centred and (centred or text.title):
        return True
    indent = line.x0 - margins.left
    if last.x0 - margins.left > 0.35 * (margins.right - margins.left) and line.x0 < last.x0 - size:
        # A signature or date on the right: nothing goes on from it.
        return True
    if numbered and indent > 0.5 * size:
        return True
    if indent > 1.2 * size and abs(line.x0 - last.x0) > 0.5 * size:
        return True
    if margins.right - last.x1 > 2.2 * size:
        return True
    if indent > 1.2 * size:
        # The same indent as the line above, which was full: a block that is indented as a whole.
        return not _is_block(text, line, size)
    return page == text.page and line.top - last.top > 1.7 * margins.pitch


def _is_block(text: _Text, line: Line, size: float) -> bool:
    """True where a sentence is open at the end of the line above, so that an equal indent does not begin a paragraph."""
    return not text.text.endswith(("。", "；", "！", "？", ":", "：")) and abs(line.x0 - text.last.x0) < 0.5 * size
