"""Tables for people, as rich sets them (its heavy head without an edge) and at a tenth of its cost: two hundred rows in milliseconds.

Columns are as wide as their widest cell; where a table is too wide its widest columns give way first, and their cells are folded
between words, or inside a word that is longer than a line. Widths are cells of a terminal: a Chinese character takes two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len, chop_cells, set_cell_size

_WORD = re.compile(r"\s*\S+\s*")
_PADDING = 2
"""Cells around the text of a cell: one on each side."""


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, styled: bool = False) -> str:
    """A table for a screen of ``width`` cells, every line ended. ``styled``: bold names of columns, an italic title."""
    cells = [[text.expandtabs(8) for text in row] for row in (header, *rows)]
    widths = _widths([max(map(_widest, column)) for column in zip(*cells, strict=True)], width)
    lines = _folded(title, sum(widths) + len(widths) - 1) if title else []
    lines = [_shaped(line, sum(widths) + len(widths) - 1) for line in lines]
    if styled:
        lines = [f"\x1b[3m{line}\x1b[0m" for line in lines]
    for at, row in enumerate(cells):
        folded = [_folded(text, room - _PADDING) for text, room in zip(row, widths, strict=True)]
        height = max(map(len, folded))
        if at == 0:  # names of columns stand at the bottom of their row
            folded = [[""] * (height - len(one)) + one for one in folded]
        for part in range(height):
            set_ = [
                f" {_shaped(one[part] if part < len(one) else '', room - _PADDING)} "
                for one, room in zip(folded, widths, strict=True)
            ]
            if at == 0 and styled:
                set_ = [f"\x1b[1m{one}\x1b[0m" for one in set_]
            lines.append(("│" if at else "┃").join(set_))
        if at == 0:
            lines.append("╇".join("━" * room for room in widths))
    return "".join(f"{line}\n" for line in lines)


def _widest(text: str) -> int:
    return max(map(cell_len, text.split("\n"))) if "\n" in text else cell_len(text)


def _widths(wanted: Sequence[int], screen: int) -> list[int]:
    """Widths of the columns with their padding, so that all of them and the lines between fit; no column goes below one Chinese character."""
    least = _PADDING + 2
    room = max(screen - len(wanted) + 1, least * len(wanted))
    widths = [min(one + _PADDING, room) for one in wanted]
    while (excess := sum(widths) - room) > 0:
        first = max(widths)
        second = max((one for one in widths if one != first), default=least)
        widest = [at for at, one in enumerate(widths) if one == first]
        shares = _shared(min(excess, (first - max(second, least)) * len(widest)), len(widest))
        for at, share in zip(widest, shares, strict=True):
            widths[at] -= share
    return widths


def _shared(excess: int, columns: int) -> list[int]:
    """So many cells taken from so many columns, evenly."""
    shares = []
    for left in range(columns, 0, -1):
        shares.append(round(excess / left))
        excess -= shares[-1]
    return shares


def _folded(text: str, width: int) -> list[str]:
    """The lines of a cell."""
    if "\n" in text:
        return [line for part in text.split("\n") for line in _folded(part, width)]
    if cell_len(text) <= width:
        return [text]
    breaks = []
    used = 0
    for found in _WORD.finditer(text):
        start, word = found.start(), found[0]
        length = cell_len(word.rstrip())
        if length <= width - used:
            used += cell_len(word)
        elif length > width:
            for piece in chop_cells(word, width):
                if start:
                    breaks.append(start)
                start += len(piece)
                used = cell_len(piece)
        elif used and start:
            breaks.append(start)
            used = cell_len(word)
    return [text[one:other] for one, other in zip([0, *breaks], [*breaks, len(text)], strict=True)]


def _shaped(text: str, width: int) -> str:
    """Exactly so many cells: filled with spaces, or cut where only spaces are too much."""
    missing = width - cell_len(text)
    return text + " " * missing if missing >= 0 else set_cell_size(text, width)
