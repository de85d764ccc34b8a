"""Paragraphs that were split in two or joined into one, which happens whenever a plan is set in another template."""

from __future__ import annotations

from collections.abc import Sequence, Set

from watcher.compare.units import Unit

Span = tuple[int, int, int, int]
"""Old units ``[0]`` to ``[1]`` (without) and new units ``[2]`` to ``[3]`` (without) that are one text."""

_GAIN = 0.12
"""How much likeness a further paragraph must add, to belong to the other side's one."""
_LEAST = 0.8
_TAKEN = 6
"""Paragraphs that one may be split into."""
_ITEMS = 12
"""Paragraphs among which the items of a list are looked for."""


def joined(
    old: Sequence[Unit], new: Sequence[Unit], pairs: Sequence[tuple[int, int]], moved: Sequence[tuple[int, int]]
) -> list[Span]:
    """The pairs as spans, changed ones extended over unpaired neighbours where that makes both sides more alike."""
    gone, came = {i for i, _ in moved}, {j for _, j in moved}
    spans: list[Span] = []
    for place, (i, j) in enumerate(pairs):
        low_i, low_j = (spans[-1][1], spans[-1][3]) if spans else (0, 0)
        high_i, high_j = pairs[place + 1] if place + 1 < len(pairs) else (len(old), len(new))
        span = (i, i + 1, j, j + 1)
        if old[i].key != new[j].key and "table" not in (old[i].kind, new[j].kind):
            if _open(low_j, high_j) and not _open(low_i, high_i):
                low, high = _extend(old[i].text, new, (low_j, j, high_j), came)
                span = (i, i + 1, low, high)
            elif _open(low_i, high_i) and not _open(low_j, high_j):
                low, high = _extend(new[j].text, old, (low_i, i, high_i), gone)
                span = (low, high, j, j + 1)
        spans.append(span)
    return _broken_up(old, new, spans, gone, came)


def _broken_up(
    old: Sequence[Unit], new: Sequence[Unit], spans: Sequence[Span], gone: Set[int], came: Set[int]
) -> list[Span]:
    """The spans, and between them the paragraphs that became lists: no item of theirs is like the whole."""
    found: list[Span] = []
    last = (0, 0)
    for span in (*spans, (len(old), len(old), len(new), len(new))):
        left = [i for i in range(last[0], span[0]) if i not in gone and old[i].kind != "table"]
        right = [j for j in range(last[1], span[2]) if j not in came and new[j].kind != "table"]
        if len(left) == 1 and 2 <= len(right) <= _ITEMS:
            if reach := _list_of(old[left[0]].text, new, right):
                found.append((left[0], left[0] + 1, *reach))
        elif len(right) == 1 and 2 <= len(left) <= _ITEMS and (reach := _list_of(new[right[0]].text, old, left)):
            found.append((*reach, right[0], right[0] + 1))
        found.append(span)
        last = span[1], span[3]
    return found[:-1]


def _list_of(whole: str, units: Sequence[Unit], places: Sequence[int]) -> tuple[int, int] | None:
    """The longest run of neighbouring paragraphs that together say what ``whole`` says, ``None`` for none."""
    from rapidfuzz.fuzz import ratio

    best, reach = _LEAST * 100, None
    for first in range(len(places)):
        for last in range(first + 1, len(places)):
            if places[last] - places[first] != last - first:
                break
            text = "".join(unit.text for unit in units[places[first] : places[last] + 1])
            if (score := ratio(whole, text)) > best:
                best, reach = score, (places[first], places[last] + 1)
    return reach


def _open(low: int, high: int) -> bool:
    """Whether something unpaired stands between two neighbours of a pair."""
    return high - low > 1


def _extend(whole: str, units: Sequence[Unit], reach: tuple[int, int, int], taken: Set[int]) -> tuple[int, int]:
    """The run of units around ``reach[1]`` that is most like ``whole``."""
    from rapidfuzz.fuzz import ratio

    low, middle, high = reach
    first, last = middle, middle + 1
    score = ratio(whole, units[middle].text) / 100
    while last - first < _TAKEN:
        options = []
        for a, b in ((first, last + 1), (first - 1, last)):
            edge = last if b > last else first - 1
            if low <= a and b <= high and edge not in taken and units[edge].kind != "table":
                options.append((ratio(whole, "".join(unit.text for unit in units[a:b])) / 100, -a, b))
        if not options or max(options)[0] < score + min(_GAIN, (1 - score) / 2):
            break
        score, start, last = max(options)
        first = -start
    return (first, last) if score >= _LEAST else (middle, middle + 1)
