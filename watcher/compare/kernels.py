"""An index of known editions by what their titles are about, so that one new title is compared with a few and not with all."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from watcher.compare.lineage import PROPOSE, Facts, explain, possible
from watcher.lexicon.titles import parse, subject_of_plan
from watcher.types import Link

_CANDIDATES = 40
"""How many known editions one new title is compared with in full."""
_SEEN = 1500
"""Pairs of characters are looked up, the rarest first, until so many known editions share one."""
_POSITION = (1 << 40) - 1


class KernelIndex:
    """Known editions, found by pairs of characters of their subjects and by their text digests.

    A look-up among 20,000 takes a few milliseconds; each costs some hundred bytes.
    """

    def __init__(self, known: Iterable[Facts] = ()) -> None:
        self._known: list[Facts] = []
        self._numbers: dict[str, int] = {}
        """Every pair of characters, and its number: what is kept of an edition are numbers."""
        self._holders: list[array[int]] = []
        """Which editions hold a pair, by its number."""
        self._pairs: list[array[int]] = []
        self._digests: dict[str, list[int]] = {}
        for facts in known:
            self.add(facts)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, facts: Facts) -> int:
        """Takes one more edition in; returns its position."""
        position = len(self._known)
        self._known.append(facts)
        pairs = array("I")
        for gram in _grams(facts):
            number = self._numbers.setdefault(gram, len(self._holders))
            if number == len(self._holders):
                self._holders.append(array("I"))
            self._holders[number].append(position)
            pairs.append(number)
        self._pairs.append(pairs)
        if facts.digest:
            self._digests.setdefault(facts.digest, []).append(position)
        return position

    def propose(self, new: Facts, *, limit: int = 10) -> list[tuple[Link, int]]:
        """Links of ``new`` to known editions, surest first, with their positions; doubtful ones (``linked`` false) included, others not."""
        wanted = {self._numbers[gram] for gram in _grams(new) if gram in self._numbers}
        hits: set[int] = set()
        for number in sorted(wanted, key=lambda number: (len(self._holders[number]), number)):
            hits.update(self._holders[number])
            if len(hits) > _SEEN:
                break
        # The most shared pairs first, then the earlier known: both in one number.
        scored = sorted([(-len(wanted.intersection(self._pairs[position])) << 40) + position for position in hits])
        ranked = [score & _POSITION for score in scored[:_CANDIDATES]]
        positions = dict.fromkeys((*(self._digests.get(new.digest, ()) if new.digest else ()), *ranked))
        links = [
            (explain(self._known[position], new), position)
            for position in positions
            if possible(self._known[position], new)
        ]
        return sorted(
            (pair for pair in links if pair[0].confidence >= PROPOSE), key=lambda pair: (-pair[0].confidence, pair[1])
        )[:limit]


def propose(new: Facts, known: Sequence[Facts]) -> list[tuple[Link, int]]:
    """``KernelIndex(known).propose(new)``, for a single question; keep an index where there are many."""
    return KernelIndex(known).propose(new)


def _grams(facts: Facts) -> frozenset[str]:
    """Pairs of characters of every plan in the title, and of the place at its head."""
    grams: set[str] = set()
    for plan in (*parse(facts.title).plans, *(parse(facts.plan_title).plans if facts.plan_title else ())):
        subject = subject_of_plan(plan)
        grams.update(subject[at : at + 2] for at in range(len(subject) - 1))
        grams.add("^" + plan[:3])
    return frozenset(grams)
