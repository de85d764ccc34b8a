"""Where a block stands: the headings above it, and the years that the blocks before it set for it."""

from __future__ import annotations

import re

from watcher.indicators.when import opens_next
from watcher.indicators.years import Year

_OPENED = re.compile(r"\s*[到至]\s?(20\d\d)\s?年")
_AIMS = re.compile(
    r"\s*(?P<number>[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[.．、])?\s?[^，,。：:；0-9]{0,14}目标[。：:\s]\s?[到至]\s?(?P<year>20\d\d)\s?年"
)
"""（二）主要目标。到2025年，…: a heading that runs into its paragraph."""
_RANKS = (
    re.compile(r"\s*(?:第[一二三四五六七八九十]{1,3}[章节]|[一二三四五六七八九十]{1,3}、)"),
    re.compile(r"\s*[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\s*[0-9]{1,2}[.．、](?![0-9])"),
    re.compile(r"\s*(?:[（(][0-9]{1,2}[)）]|[①-⑳]|[—–•·●■◆※])"),
)
_POINTS = frozenset("—–•·●■◆※")
_COLONS = frozenset("：:")


class Standing:
    """What a block inherits; it changes from block to block.

    All of it begins anew at a heading, or is known from the headings and :meth:`aim` alone, or is ``joint``: ``again`` leans on that.
    """

    __slots__ = (
        "_aims",
        "_depths",
        "_goal",
        "_introduced",
        "_introduces",
        "above",
        "joint",
        "line",
        "next",
        "section",
    )

    def __init__(self) -> None:
        self.above: tuple[str, ...] = ()
        """The headings above, outermost first."""
        self.section = ""
        """The same as one text."""
        self.joint: tuple[int, ...] = ()
        """Years told together (到2022年和2030年), kept until others are."""
        self.line = ""
        """The last text that was no table."""
        self._depths: list[int] = []
        self.next = False
        """Whether points follow of what was said to come next (下一步，…：)."""
        self._introduced: Year = None
        self._introduces = False
        self._goal: tuple[int, Year] | None = None
        self._aims: tuple[int, int] | None = None
        """Rank and year of a paragraph of goals whose heading runs into it: the lower points behind it share its year."""

    def descend(self, depth: int, heading: str) -> None:
        """A heading of this depth ends those as deep and deeper, and what was introduced above it."""
        while self._depths and self._depths[-1] >= depth:
            self._depths.pop()
        self._depths.append(depth)
        self.above = (*self.above[: len(self._depths) - 1], heading)
        self.section = " ".join(self.above)
        self._introduced, self._introduces, self._aims, self.next = None, False, None, False
        if self._goal and depth <= self._goal[0]:
            self._goal = None

    def equals(self, other: Standing) -> bool:
        """Whether two leave the same to a heading and to all that follows it; the ``line`` before is nothing to either."""
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__ if name != "line")

    def leans(self, text: str, is_list: bool) -> bool:
        """Whether a text is a point (——…, or anything behind a line that ends with a colon) of what introduced it."""
        return self._introduces or is_list or text.lstrip()[:1] in _POINTS

    def base(self, text: str, leans: bool) -> Year:
        """The year that is set for a text before it names one itself."""
        if leans and self._introduced is not None:
            return self._introduced
        if self._aims and _rank(text) > self._aims[0]:
            return self._aims[1]
        goal = self._goal
        return goal[1] if goal is not None else None

    def leave(self, text: str, leans: bool, carried: Year) -> None:
        """What the text sets for those behind it; ``carried`` is the year its last sentence spoke of."""
        opens = text.rstrip()[-1:] in _COLONS
        if opens or not leans:
            self._introduced, self._introduces = carried, opens
            self.next = opens and opens_next(text)
        self.line = text

    def aim(self, text: str) -> None:
        """到2025年，… at the head of a chapter of goals: the numbered points below it share its year."""
        if self._aims and 0 < _rank(text) <= self._aims[0]:
            self._aims = None
        if "目标" in text[:24] and (run_in := _AIMS.match(text)) and run_in["number"]:
            self._aims = _rank(text), int(run_in["year"])
        if self.above and "目标" in self.above[-1] and (opened := _OPENED.match(text)):
            self._goal = self._depths[-1], int(opened[1])


def _rank(text: str) -> int:
    """The rank of the number that a paragraph begins with: 一、 1, （一） 2, 1. 3, （1） and — 4; 0 for none."""
    return next((rank for rank, pattern in enumerate(_RANKS, 1) if pattern.match(text)), 0)
