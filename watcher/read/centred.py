"""Names that take more lines than their figures, which stand at half their height: as printers of tables set them, saved line by line. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from watcher.read import cells
from watcher.read.flat_rows import Token, is_nameish


def put_together(tokens: Sequence[Token], numbered: bool) -> list[Token]:
    """The cells of a table's lines with each name whole before its figures; the same cells where no line of figures lacks its name.

    As many lines of a name stand above its figures as below them; so the first rows tell of all that follow how the lines between two
    rows of figures are dealt out. Where they can't be, nothing is touched. ``numbered`` says that the rows begin with their number.
    """
    lines = [list(line) for _, line in groupby(tokens, attrgetter("line"))]
    figures = [n for n, line in enumerate(lines) if not _is_piece(line)]
    if not any(_lacks_name(lines[n]) for n in figures) or len(figures) < 2:
        return list(tokens)
    dealt: list[tuple[int, int]] = []
    free = 0
    for n in figures:
        above = n - free
        behind = min(n + above, len(lines) - 1)
        if above > 2 or behind - n != above or not all(map(_is_piece, lines[n + 1 : behind + 1])):
            return list(tokens)
        if not above and _lacks_name(lines[n]):
            return list(tokens)
        dealt.append((n, above))
        free = n + above + 1
    together: list[Token] = []
    for n, above in dealt:
        row = lines[n]
        lead = row[:1] if numbered and cells.is_bare_number(row[0].text) else []
        rest = row[len(lead) :]
        middle = [] if _lacks_name(rest) else rest[:1]
        name = [line[0] for line in lines[n - above : n]] + middle + [line[0] for line in lines[n + 1 : n + above + 1]]
        whole = [replace(name[0], text="".join(token.text for token in name))] if name else []
        together += [
            replace(token, line=name[-1].line) if name else token for token in (*lead, *whole, *rest[len(middle) :])
        ]
    together += [token for line in lines[free:] for token in line]
    return together


def put_in_brackets(tokens: Sequence[Token]) -> list[Token]:
    """The same for tables of one cell a line whose names end in their unit: 社区托育设施, 12, 60, 覆盖率（%）.

    A name that breaks off before its figures goes on behind them, up to its bracket; there the next name begins. Where one does not, or
    none is broken, nothing is touched.
    """
    together: list[Token] = []
    broken = 0
    at = 0
    while at < len(tokens):
        begin = at
        while at < len(tokens) and _is_piece(tokens[at : at + 1]):
            at += 1
        names, figures = list(tokens[begin:at]), at
        while at < len(tokens) and not _is_piece(tokens[at : at + 1]):
            at += 1
        row = list(tokens[figures:at])
        if names and row and not cells.has_unit_bracket(names[-1].text):
            end = next((n + 1 for n in (at, at + 1) if n < len(tokens) and cells.has_unit_bracket(tokens[n].text)), at)
            rest = tokens[at : end + 1]
            if len(names) > 1 or end == at or not all(_is_piece([piece]) for piece in rest):
                return list(tokens)
            text = "".join(token.text for token in (*names, *tokens[at:end]))
            names = [replace(names[0], text=text)]
            row = [replace(token, line=tokens[end - 1].line) for token in row]
            at = end
            broken += 1
        together += [*names, *row]
    return together if broken > 1 else list(tokens)


def _is_piece(line: Sequence[Token]) -> bool:
    """Whether a line is nothing but a part of a name."""
    return len(line) == 1 and not line[0].banner and is_nameish(line[0].text)


def _lacks_name(line: Sequence[Token]) -> bool:
    """Whether a line holds figures and no name."""
    return len(line) > 0 and not any(is_nameish(token.text) and not cells.is_words_value(token.text) for token in line)
