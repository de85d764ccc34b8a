"""Moves that the texts bear out: where only form differs, no promise can have moved.

Indicators are read from a text with its surroundings, so the same sentence with other spaces may once be read
differently. The text diff knows better: a move needs a change of content behind it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property

from watcher.compare.phrasing import unphrased
from watcher.types import Edit, Indicator, Move


def borne_out(moves: Sequence[Move], before: str, after: str, edits: Sequence[Edit]) -> tuple[Move, ...]:
    """The moves that have a reason in the texts.

    None has where all edits are form or change of place. In running text a statement whose own line is untouched has
    neither come nor gone nor been reworded, and only its year can have moved, where a year moved in a changed line (a
    heading above it governs that). Rows of tables are kept: their header or a spanned cell in another row may be what
    changed.
    """
    content = [edit for edit in edits if _is_content(edit)]
    if not content:
        return ()
    old = _Lines(before, (edit.before_at for edit in content))
    new = _Lines(after, (edit.after_at for edit in content))
    dated = any(_other_year(edit) for edit in content)
    return tuple(move for move in moves if not _groundless(move, old, new, dated))


def _is_content(edit: Edit) -> bool:
    return edit.kind != "format" and edit.before != edit.after


_CLAUSE = re.compile("[，。；、,;\n]")
_TELLING = 5
"""Characters that a clause must have to be looked for in the other text."""


_WORDS = 3
"""Characters that a name and words must have to be found again."""


class _Lines:
    """Which lines of a text a change of content touches."""

    def __init__(self, text: str, ranges: Iterable[tuple[int, int]]):
        self.text = text
        touched = sorted(span for span in ranges if span[0] < span[1])
        self.starts = [start for start, _ in touched]
        self.ends = [end for _, end in touched]

    @cached_property
    def folded(self) -> str:
        """The text in words of one kind."""
        return unphrased(self.text)

    def clause(self, indicator: Indicator) -> str:
        """The piece of text between two marks in which a statement stands."""
        first = max(
            (match.end() for match in _CLAUSE.finditer(self.text, max(0, indicator.start - 60), indicator.start)),
            default=0,
        )
        last = _CLAUSE.search(self.text, max(indicator.start, indicator.end))
        return self.text[
            max(first, indicator.start - 60) : min(last.start() if last else len(self.text), indicator.end + 60)
        ]

    def said_in(self, other: _Lines, indicator: Indicator) -> bool:
        """Whether the other text has a statement's clause as well: in other words (建成2所医院, 建成两所医院), or as often to the letter where it says
        all of the name itself.
        """
        clause = self.clause(indicator)
        if len(clause) < _TELLING:
            return False
        if clause not in other.text:
            return unphrased(clause) in other.folded
        return indicator.name in clause and other.text.count(clause) >= self.text.count(clause)

    def still_words(self, indicator: Indicator) -> bool:
        """Whether a table's promise in words (有效保障) stands in one clause of this text: a table that became running text."""
        name, words = indicator.name, indicator.text
        if indicator.origin != "table" or indicator.value is not None or min(len(name), len(words)) < _WORDS:
            return False
        at = self.text.find(name)
        while at >= 0:
            end = at + len(name)
            mark = _CLAUSE.search(self.text, end)
            rest = self.text[end : min(mark.start() if mark else len(self.text), end + 60)]
            if words in rest and "\t" not in rest:
                return True
            at = self.text.find(name, end)
        return False

    def untouched(self, indicator: Indicator) -> bool:
        first = self.text.rfind("\n", 0, indicator.start) + 1
        last = self.text.find("\n", max(indicator.start, indicator.end))
        last = len(self.text) if last < 0 else last
        at = bisect_right(self.starts, last) - 1
        return at < 0 or self.ends[at] <= first


_YEAR = re.compile("20[0-9]{2}|十[一二三四五六七]?五")


def _other_year(edit: Edit) -> bool:
    """Whether an edit puts one year in another's place. A paragraph that goes takes its year along and dates nothing anew."""
    gone, came = set(_YEAR.findall(edit.before)), set(_YEAR.findall(edit.after))
    return bool(gone and came and gone != came)


def _groundless(move: Move, old: _Lines, new: _Lines, dated: bool) -> bool:
    if move.kind == "removed" and move.before and new.still_words(move.before):
        return True
    if any(side.origin != "prose" for side in (move.before, move.after) if side):
        return False
    if move.kind == "removed" and move.before and old.said_in(new, move.before):
        return True
    if move.kind == "added" and move.after and new.said_in(old, move.after):
        return True
    if (move.before and not old.untouched(move.before)) or (move.after and not new.untouched(move.after)):
        return False
    if move.before and move.after and move.kind == "changed":
        return not dated or move.before.year == move.after.year
    return True
