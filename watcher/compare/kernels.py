"""An index of known editions by what their titles are about, so that one new title is compared with a few and not with all."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice
from sys import intern

from watcher.compare.lineage import PROPOSE, Bounds, Facts, bounds, explain, in_time, possible
from watcher.lexicon.places import place_keys
from watcher.lexicon.titles import parse, subject_of_plan
from watcher.types import Link

_CANDIDATES = 40
"""How many known editions one new title is compared with."""
_FEW = 24
"""So many holders of a key are a list, also where there are few editions in all."""


class KernelIndex:
    """Known editions, found by pairs of characters of their subjects.

    A look among 20,000 takes half a millisecond; each costs less than a kilobyte. Every part of the country (华北, 东北, …) has a shelf of its own,
    and so has what names no place: a look for a title with a place walks two of them.
    """

    def __init__(self, known: Iterable[Facts] = ()) -> None:
        self._known: list[Facts] = []
        self._bounds: list[Bounds] = []
        self._shelves: dict[str, _Shelf] = {}
        for facts in known:
            self.add(facts)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, facts: Facts) -> int:
        """Takes one more edition in; returns its position."""
        position = len(self._known)
        its = _shared(bounds(facts))
        self._known.append(facts)
        self._bounds.append(its)
        for shelf in _shelves_of(its.region):
            self._shelves.setdefault(shelf, _Shelf()).add(position, _grams(facts), its)
        return position

    def propose(self, new: Facts, *, limit: int = 10) -> list[tuple[Link, int]]:
        """Links of ``new`` to known editions, surest first, with their positions; doubtful ones (``linked`` false) included, others not."""
        mine = bounds(new)
        links = [
            (explain(self._known[position], new), position)
            for position in islice(self._likest(new, mine), _CANDIDATES)
            if possible(self._bounds[position], mine)
        ]
        return sorted(
            (pair for pair in links if pair[0].confidence >= PROPOSE), key=lambda pair: (-pair[0].confidence, pair[1])
        )[:limit]

    def _likest(self, new: Facts, mine: Bounds) -> Iterator[int]:
        """Positions of those that share a pair with ``new``, the most shared pairs first, then the earlier known; none of another place or other years.

        A hundred cities name their plans alike: without the place they would stand before the one whose draft was called a little otherwise.
        """
        names = {"", *_shelves_of(mine.region)} if mine.region else self._shelves
        grams = _grams(new)
        found = merge(*(self._shelves[name].likest(grams, mine) for name in names if name in self._shelves))
        before = -1
        for _, position in found:  # on two shelves where a name means places of two parts: one behind the other
            if position != before:
                yield position
            before = position


class _Shelf:
    """Editions of one part of the country, in the order in which they came.

    Who holds a key is a list of numbers, or where many do a number with a bit for each edition: so the pairs which all editions share are
    counted at once, by binary addition, one number for each digit of the counts.
    """

    def __init__(self) -> None:
        self._positions = array("I")
        self._grams: dict[str | None, array[int] | int] = {}
        self._places: dict[str | None, array[int] | int] = {}
        self._periods: dict[str | None, array[int] | int] = {}

    def add(self, position: int, grams: Iterable[str], its: Bounds) -> None:
        for gram in grams:
            self._put(self._grams, intern(gram))
        for key in place_keys(its.region) if its.region else ():
            self._put(self._places, key)
        self._put(self._periods, its.period)
        self._positions.append(position)

    def likest(self, grams: Iterable[str], mine: Bounds) -> Iterator[tuple[int, int]]:
        """Minus the number of shared pairs, and the position."""
        digits: list[int] = []
        for gram in grams:
            carry = self._bits(self._grams.get(gram, 0))
            for at, digit in enumerate(digits):
                if not carry:
                    break
                digits[at], carry = digit ^ carry, digit & carry
            if carry:
                digits.append(carry)
        some = self._any(digits)
        if some and mine.region and self._places:
            some &= self._any(self._places.get(key, 0) for key in place_keys(mine.region))
        if some:
            some &= self._any(held for period, held in self._periods.items() if in_time(period, mine.period))
        for count, place in _descending(some, digits):
            yield -count, self._positions[place]

    def _put(self, holders: dict[str | None, array[int] | int], key: str | None) -> None:
        place = len(self._positions)
        held = holders.setdefault(key, array("I"))
        # A list of this length takes a quarter of the bits' room, and no longer to be made bits of.
        if isinstance(held, array) and len(held) < max(_FEW, place >> 8):
            held.append(place)
        else:
            holders[key] = self._bits(held) | 1 << place

    def _any(self, holders: Iterable[array[int] | int]) -> int:
        some = 0
        for held in holders:
            some |= self._bits(held)
        return some

    def _bits(self, held: array[int] | int) -> int:
        if isinstance(held, int):
            return held
        found = bytearray(len(self._positions) // 8 + 1)
        for place in held:
            found[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(found, "little")


def _shared(its: Bounds) -> Bounds:
    """The same, with one object for what is equal: many titles have one subject, and most print their plan and nothing else."""
    return its._replace(
        region=its.region and intern(its.region),
        period=its.period and intern(its.period),
        subjects=intern(its.subjects),
        kernels=its.printed if its.kernels == its.printed else its.kernels,
    )


def _shelves_of(region: str | None) -> frozenset[str]:
    """Names of the shelves of a place, by the part of the country that its keys begin with; the empty one is for no place."""
    return frozenset(key[:1] for key in place_keys(region)) if region else frozenset([""])


def _descending(members: int, digits: Sequence[int], count: int = 0) -> Iterator[tuple[int, int]]:
    """The bits of ``members`` with their counts (binary, one number a digit): the highest counts first, then the lowest bits."""
    if not members:
        return
    if digits:
        yield from _descending(members & digits[-1], digits[:-1], 2 * count + 1)
        yield from _descending(members & ~digits[-1], digits[:-1], 2 * count)
        return
    while members:
        lowest = members & -members
        yield count, lowest.bit_length() - 1
        members ^= lowest


def _grams(facts: Facts) -> frozenset[str]:
    """Pairs of characters of every plan in the title, and of the place at its head."""
    grams: set[str] = set()
    for plan in (*parse(facts.title).plans, *(parse(facts.plan_title).plans if facts.plan_title else ())):
        subject = subject_of_plan(plan)
        grams.update(subject[at : at + 2] for at in range(len(subject) - 1))
        grams.add("^" + plan[:3])
    return frozenset(grams)
