"""Text whose lines were broken at a fixed width, in mid-sentence, becomes paragraphs again. Pure.

Old mail programs, printers to file and ``<pre>`` pages break every line at the same column; the text of a printed page,
whose lines are justified, ends a few columns before or behind it, and has its page numbers between the lines. A text counts
as broken only when many of its lines reach that column; a line is joined to the next one only when it is full and the next
one goes on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from watcher.read import cells, labels, outline
from watcher.read.boilerplate import is_chrome

WIDEST, NARROWEST = 160, 36
"""Columns at which lines are broken (a Chinese character takes two)."""
_SLACK = 4
"""Columns that a full line may lack: a character or a mark that may not begin a line went to the next one, or stayed."""
_FEWEST = 4
_JUSTIFIED, _FEWEST_JUSTIFIED, _OUTLIERS = 6, 8, 33
"""Of justified lines: the part of the column that a full one may lack, how many there are at least, and of how many one may be longer."""
_SHARE, _INDENTED_SHARE = 0.3, 0.2
"""Share of the lines that are full; fewer prove it where paragraphs are indented and their further lines are not."""
_INDENT = re.compile("(?:\u3000|\u00a0| {2}|\t)+")
_HEAD = 12
"""Lines in which the page that shows the text may say something of its own."""
_END = frozenset("。；;：:！!？?”》…")
_MARK = re.compile("[-*•·●■◆▪○※]|[①-⑳]|https?:|[A-Za-z][.)、]")
_CELLS = re.compile("\\S(?:\\t+| {3,}|\u3000{2,})\\S|\\|")


def joined(lines: Sequence[str]) -> list[str]:
    """The lines with those of one paragraph joined; the very same lines where nothing was broken at a fixed width.

    Headings, rows of tables, items of lists and labelled lines are never joined to what stands before them.
    """
    if len(lines) < _FEWEST or max(map(len, lines)) > WIDEST:
        return list(lines)
    widths = [_width(line.rstrip()) for line in lines]
    indented = sum(bool(_INDENT.match(line)) for line in lines) >= 2
    full = _full(lines, widths, _INDENTED_SHARE if indented else _SHARE)
    if not full:
        return list(lines)
    result: list[list[str]] = []
    above = ""
    for number, (line, is_full) in enumerate(zip(lines, full, strict=True)):
        if above and number <= _HEAD and is_chrome(above.strip(), "head"):
            above = ""
        if above and _goes_on(above, line, indented):
            text = line.strip()
            result[-1].append(f" {text}" if _letters(above.rstrip()[-1], text[0]) else text)
        else:
            result.append([line.rstrip()])
        above = line if is_full else ""
    return ["".join(parts) for parts in result]


def _full(lines: Sequence[str], widths: Sequence[int], share: float) -> list[bool]:
    """Which lines reach the column at which the text was broken; ``[]`` where it was not."""
    ordered = sorted((width for width in widths if width), reverse=True)
    if not ordered:
        return []
    justified = ordered[len(ordered) // _OUTLIERS]
    for widest, slack, fewest, open_share in (
        (ordered[0], _SLACK, _FEWEST, 0.5),
        (justified, justified // _JUSTIFIED, _FEWEST_JUSTIFIED, 0.6),
    ):
        full = [widest - slack <= width for width in widths]
        count = sum(full)
        if not NARROWEST <= widest <= WIDEST or count < max(fewest, share * len(ordered)):
            continue
        going_on = sum(
            is_full and n + 1 < len(lines) and widths[n + 1] > 0 and line.rstrip()[-1:] not in _END
            for n, (line, is_full) in enumerate(zip(lines, full, strict=True))
        )
        if going_on >= open_share * count:
            return full
    return []


def unpaged(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """``(lines, page numbers)``: the lines without those that number the pages of what was printed, and without the blank ones beside them.

    They stand between dashes or say 第3页, and count up; a figure alone may be a cell, and numbers the pages of a text that was
    broken at a fixed width only.
    """
    marks = [(at, int(mark[1] or mark[2])) for at, line in enumerate(lines) if (mark := _PAGE.fullmatch(line.strip()))]
    numbers = [number for _, number in marks]
    if len(marks) < 2 or any(not 0 < after - before < 3 for before, after in pairwise(numbers)):
        return _without_figures(lines)
    return _without(lines, [at for at, _ in marks])


def _without_figures(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The same where the numbers of the pages stand alone: one is a page of lines below the other."""
    figures = [at for at, line in enumerate(lines) if _FIGURE.fullmatch(line.strip())]
    if len(figures) < _FEWEST_PAGES or not _full(lines, [_width(line.rstrip()) for line in lines], _SHARE):
        return list(lines), []
    pages: list[int] = []
    for at in figures:
        number = int(lines[at])
        if not pages:
            if number <= _FIRST_PAGE and at >= _PAGE_LINES // 2:
                pages.append(at)
        elif number == int(lines[pages[-1]]) + 1 and at - pages[-1] >= _PAGE_LINES:
            pages.append(at)
    return _without(lines, pages) if len(pages) >= _FEWEST_PAGES else (list(lines), [])


def _without(lines: Sequence[str], marks: Sequence[int]) -> tuple[list[str], list[str]]:
    gone = set(marks)
    for at in marks:
        for step in (-1, 1):
            beside = at + step
            while 0 <= beside < len(lines) and not lines[beside].strip():
                gone.add(beside)
                beside += step
    return [line for at, line in enumerate(lines) if at not in gone], [lines[at].strip() for at in marks]


_FIGURE = re.compile("[0-9]{1,3}")
_FEWEST_PAGES, _FIRST_PAGE, _PAGE_LINES = 3, 3, 9
"""So many numbers prove pages, the first is no higher, and so many lines stand on the shortest page."""


_PAGE = re.compile(
    "[-—–－―·•][-—–－―·•\\s]{0,5}([0-9０-９]{1,3})[-—–－―·•\\s]{0,5}[-—–－―·•]|第\\s?([0-9]{1,3})\\s?页(?:\\s?[,，/]?\\s?共\\s?[0-9]{1,3}\\s?页)?"
)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line)


def _goes_on(above: str, line: str, indented: bool) -> bool:
    """Whether ``line`` is the rest of the paragraph above it, whose last line is full."""
    text = line.strip()
    if not text or _INDENT.match(line) or _CELLS.search(text) or _CELLS.search(above.strip()):
        return False
    if _is_row(text) or _is_row(above):
        return False
    if _MARK.match(text) or labels.pairs(text) or outline.is_heading(text):
        return False
    ended = above.rstrip()[-1] in _END
    # Where paragraphs are indented, a line that is not goes on; else only one behind an open sentence, without a number.
    return indented or not (ended or outline.rank(text))


def _is_row(line: str) -> bool:
    """Whether a line is a row of cells set with single spaces: figures, or words of a head, between names."""
    parts = line.split()
    if len(parts) < 3 or _PAUSE.search(line):
        return False
    return sum(map(cells.is_value, parts)) > 1 or all(map(cells.header_kind, parts))


_PAUSE = re.compile("[，。；]")


def _letters(left: str, right: str) -> bool:
    return left.isascii() and left.isalpha() and right.isascii() and right.isalpha()
