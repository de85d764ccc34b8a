"""An index of known editions by what their titles are about, so that one new title is compared with a few and not with all."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from sys import intern

from watcher.compare.lineage import PROPOSE, Bounds, Facts, bounds, explain, possible
from watcher.lexicon.places import place_keys
from watcher.lexicon.titles import parse, subject_of_plan
from watcher.types import Link

_CANDIDATES = 40
"""How many known editions one new title is compared with in full."""
_FEW = 24
"""So many holders of a pair of characters are a list; more are a set of bits."""


class KernelIndex:
    """Known editions, found by pairs of characters of their subjects and by their text digests.

    A look-up among 20,000 takes less than a millisecond; each costs some hundred bytes. Who holds a pair is a number with a bit for each
    edition, so that the pairs which all editions share are counted at once: binary addition, one number for each digit of the counts.
    """

    def __init__(self, known: Iterable[Facts] = ()) -> None:
        self._known: list[Facts] = []
        self._bounds: list[Bounds] = []
        self._few: dict[str, array[int]] = {}
        self._many: dict[str, int] = {}
        self._digests: dict[str, list[int]] = {}
        self._places: dict[str, array[int]] = {}
        self._placeless = array("I")
        for facts in known:
            self.add(facts)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, facts: Facts) -> int:
        """Takes one more edition in; returns its position."""
        position = len(self._known)
        self._known.append(facts)
        region, national, period = bounds(facts)
        self._bounds.append(Bounds(region and intern(region), national, period and intern(period)))
        for gram in _grams(facts):
            if gram in self._many:
                self._many[gram] |= 1 << position
                continue
            holders = self._few.setdefault(gram, array("I"))
            holders.append(position)
            if len(holders) > _FEW:
                self._many[gram] = self._bits(self._few.pop(gram))
        if region:
            for key in place_keys(region):
                self._places.setdefault(key, array("I")).append(position)
        else:
            self._placeless.append(position)
        if facts.digest:
            self._digests.setdefault(facts.digest, []).append(position)
        return position

    def propose(self, new: Facts, *, limit: int = 10) -> list[tuple[Link, int]]:
        """Links of ``new`` to known editions, surest first, with their positions; doubtful ones (``linked`` false) included, others not."""
        same = self._digests.get(new.digest, ()) if new.digest else ()
        mine = bounds(new)
        positions = dict.fromkeys((*same, *islice(self._likest(new, mine.region), _CANDIDATES)))
        links = [
            (explain(self._known[position], new), position)
            for position in positions
            if possible(self._bounds[position], mine)
        ]
        return sorted(
            (pair for pair in links if pair[0].confidence >= PROPOSE), key=lambda pair: (-pair[0].confidence, pair[1])
        )[:limit]

    def _bits(self, holders: Iterable[int]) -> int:
        found = bytearray(len(self._known) // 8 + 1)
        for position in holders:
            found[position >> 3] |= 1 << (position & 7)
        return int.from_bytes(found, "little")

    def _likest(self, new: Facts, region: str | None = None) -> Iterator[int]:
        """Positions of those that share a pair with ``new``, the most shared pairs first, then the earlier known; none of another place than ``region``.

        A hundred cities name their plans alike: without the place they would stand before the one whose draft was called a little otherwise.
        """
        digits: list[int] = []
        for gram in _grams(new):
            carry = self._many.get(gram) or self._bits(self._few.get(gram, ()))
            for place, digit in enumerate(digits):
                if not carry:
                    break
                digits[place], carry = digit ^ carry, digit & carry
            if carry:
                digits.append(carry)
        some = 0
        for digit in digits:
            some |= digit
        if region and some:
            here = [position for key in place_keys(region) for position in self._places.get(key, ())]
            some &= self._bits((*here, *self._placeless))
        return _descending(some, digits)


def _descending(members: int, digits: Sequence[int]) -> Iterator[int]:
    """The bits of ``members``: those with the highest counts (binary, one number a digit) first, then the lowest bits."""
    if not members:
        return
    if digits:
        yield from _descending(members & digits[-1], digits[:-1])
        yield from _descending(members & ~digits[-1], digits[:-1])
        return
    while members:
        lowest = members & -members
        yield lowest.bit_length() - 1
        members ^= lowest


def _grams(facts: Facts) -> frozenset[str]:
    """Pairs of characters of every plan in the title, and of the place at its head."""
    grams: set[str] = set()
    for plan in (*parse(facts.title).plans, *(parse(facts.plan_title).plans if facts.plan_title else ())):
        subject = subject_of_plan(plan)
        grams.update(subject[at : at + 2] for at in range(len(subject) - 1))
        grams.add("^" + plan[:3])
    return frozenset(grams)
