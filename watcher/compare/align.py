"""Which units of the old text are which of the new one: the same, changed in place, or moved.

Exact keys anchor the alignment, likeness fills the gaps, and what is left may have moved. Every step has a fixed bound
(counts, never the clock), so that a hostile page costs a bounded time and the same diff comes out on every machine.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

_FEW = 150
"""Numbers of pairs up to which the best of equally long runs is looked for."""
_PAIRS = 40_000
"""Products of gap sizes up to which all pairs are weighed."""
_MOVES = 20_000
"""Products of leftovers up to which changed moves are looked for."""
_CHARS = 3_000_000_000
"""Products of text sizes in a gap up to which likeness is measured on whole texts; beyond, on their beginnings."""
_BEGINNING = 200
_ALIKE = 0.5
_ALIKE_ALONE = 0.3
_ALIKE_MOVED = 0.8
_LEAD = re.compile("[\u4e00-\u9fff、]{3,20}[。：:](?=.{6})")
_SHORTEST_MOVE = 4
_SHORTEST_CHANGED_MOVE = 12

Pairs = list[tuple[int, int]]


def align(
    before: Sequence[str], after: Sequence[str], *, alike: float = _ALIKE, shortest: int = _SHORTEST_MOVE
) -> tuple[Pairs, Pairs]:
    """Pairs of indices in order, and pairs out of order (moved). Every index is in one pair at most; a tab at the
    beginning of a key marks a table, which is like tables only. ``alike`` (0 to 1) is the least likeness of a changed
    unit, ``shortest`` the characters that a key needs to count as moved.
    """
    kept = _anchors(before, after)
    pairs: Pairs = []
    last_i, last_j = 0, 0
    for i, j in [*kept, (len(before), len(after))]:
        pairs.extend(_gap(before, after, (last_i, i), (last_j, j), alike))
        if i < len(before):
            pairs.append((i, j))
        last_i, last_j = i + 1, j + 1
    return pairs, _moved(before, after, pairs, shortest)


def increasing(pairs: Pairs, near: float | None = None) -> Pairs:
    """The longest run of pairs, sorted by their first index, whose second index rises as well. Of equally long ones,
    where there are few pairs, the one that keeps closest to the diagonal (``near``: new units for each old one).
    """
    if all(one[1] < other[1] for one, other in pairwise(pairs)):
        return pairs
    if near is not None and len(pairs) <= _FEW:
        return _nearest(pairs, near)
    tails: list[int] = []
    chain: list[int] = []
    back = [-1] * len(pairs)
    for place, (_, j) in enumerate(pairs):
        at = bisect_left(tails, j)
        back[place] = chain[at - 1] if at else -1
        if at == len(tails):
            tails.append(j)
            chain.append(place)
        else:
            tails[at] = j
            chain[at] = place
    result: Pairs = []
    place = chain[-1] if chain else -1
    while place >= 0:
        result.append(pairs[place])
        place = back[place]
    return result[::-1]


def _nearest(pairs: Pairs, near: float) -> Pairs:
    """The longest rising run, and among these the one with the smallest shifts. Quadratic."""
    reach = max(max(i, j) for i, j in pairs) + 1
    scores: list[float] = []
    back: list[int] = []
    for place, (i, j) in enumerate(pairs):
        best, source = 0.0, -1
        for earlier in range(place):
            if pairs[earlier][1] < j and scores[earlier] > best:
                best, source = scores[earlier], earlier
        scores.append(best + 1 - abs(i * near - j) / (reach * (near + 1) * len(pairs)))
        back.append(source)
    place = max(range(len(pairs)), key=lambda at: scores[at])
    result: Pairs = []
    while place >= 0:
        result.append(pairs[place])
        place = back[place]
    return result[::-1]


def _anchors(before: Sequence[str], after: Sequence[str]) -> Pairs:
    """Equal keys in order: common ends, then keys that are unique on both sides, then between these every key's n-th
    occurrence with its n-th."""
    low = 0
    top = min(len(before), len(after))
    while low < top and before[low] == after[low]:
        low += 1
    tail = 0
    while tail < top - low and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    head = [(at, at) for at in range(low)]
    end = [(len(before) - at, len(after) - at) for at in range(tail, 0, -1)]
    spans = ((low, len(before) - tail), (low, len(after) - tail))
    unique = _matches(before, after, *spans, unique=True)
    middle: Pairs = []
    last_i, last_j = low, low
    for i, j in [*unique, (spans[0][1], spans[1][1])]:
        middle.extend(_matches(before, after, (last_i, i), (last_j, j), unique=False))
        if i < spans[0][1]:
            middle.append((i, j))
        last_i, last_j = i + 1, j + 1
    return [*head, *middle, *end]


def _matches(
    before: Sequence[str], after: Sequence[str], left: tuple[int, int], right: tuple[int, int], *, unique: bool
) -> Pairs:
    if left[0] >= left[1] or right[0] >= right[1]:
        return []
    places: dict[str, list[int]] = defaultdict(list)
    for j in range(*right):
        places[after[j]].append(j)
    counts = Counter(before[left[0] : left[1]]) if unique else Counter()
    seen: Counter[str] = Counter()
    pairs: Pairs = []
    for i in range(*left):
        key = before[i]
        found = places.get(key)
        if not found or (unique and (len(found) != 1 or counts[key] != 1 or not key)):
            continue
        if seen[key] < len(found):
            pairs.append((i, found[seen[key]]))
            seen[key] += 1
    return increasing(pairs, len(after) / max(1, len(before)))


def _gap(
    before: Sequence[str], after: Sequence[str], left: tuple[int, int], right: tuple[int, int], alike: float
) -> Pairs:
    """Changed units between two anchors: the pairing in order with the greatest likeness altogether."""
    rows, columns = left[1] - left[0], right[1] - right[0]
    if not rows or not columns or rows * columns > _PAIRS:
        return []
    from rapidfuzz.fuzz import ratio

    if rows == columns == 1:
        alike = min(alike, _ALIKE_ALONE)
    old, new = list(before[left[0] : left[1]]), list(after[right[0] : right[1]])
    if sum(map(len, old)) * sum(map(len, new)) > _CHARS:
        old, new = [text[:_BEGINNING] for text in old], [text[:_BEGINNING] for text in new]
    weight = [[0.0] * columns for _ in old]
    for i, one in enumerate(old):
        for j, other in enumerate(new):
            if one and other and one.startswith("\t") == other.startswith("\t"):
                likeness = ratio(one, other, score_cutoff=alike * 100)
                weight[i][j] = likeness / 100 - alike + 0.05 if likeness else 0.0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        above, here, weights = best[i - 1], best[i], weight[i - 1]
        for j in range(1, columns + 1):
            best_here = above[j] if above[j] >= here[j - 1] else here[j - 1]
            gain = weights[j - 1]
            if gain and above[j - 1] + gain > best_here:
                best_here = above[j - 1] + gain
            here[j] = best_here
    pairs: Pairs = []
    i, j = rows, columns
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((left[0] + i, right[0] + j))
    return pairs[::-1]


def _moved(before: Sequence[str], after: Sequence[str], pairs: Pairs, shortest: int) -> Pairs:
    """Pairs out of order: equal keys first, then the most alike of long enough ones."""
    taken_left, taken_right = {i for i, _ in pairs}, {j for _, j in pairs}
    left = [i for i in range(len(before)) if i not in taken_left and len(before[i]) >= shortest]
    right = [j for j in range(len(after)) if j not in taken_right and len(after[j]) >= shortest]
    places: dict[str, list[int]] = defaultdict(list)
    for j in reversed(right):
        places[after[j]].append(j)
    moved: Pairs = []
    for i in left:
        if places.get(before[i]):
            moved.append((i, places[before[i]].pop()))
    gone, came = {i for i, _ in moved}, {j for _, j in moved}
    left = [i for i in left if i not in gone and len(before[i]) >= _SHORTEST_CHANGED_MOVE]
    right = [j for j in right if j not in came and len(after[j]) >= _SHORTEST_CHANGED_MOVE]
    if left and right and len(left) * len(right) <= _MOVES:
        moved.extend(_alike(before, after, left, right))
    return sorted(moved)


def _leads(keys: Sequence[str], places: list[int]) -> dict[int, str]:
    """Paragraphs that begin with a heading of their own (壮大主体。规模以上企业…), by their place; only those that no other has."""
    found = {place: match[0] for place in places if (match := _LEAD.match(keys[place]))}
    often = Counter(found.values())
    return {place: lead for place, lead in found.items() if often[lead] == 1}


def _alike(before: Sequence[str], after: Sequence[str], left: list[int], right: list[int]) -> Pairs:
    from rapidfuzz.fuzz import ratio

    leads_before, leads_after = _leads(before, left), _leads(after, right)
    scores: list[tuple[float, int, int]] = []
    for i in left:
        for j in right:
            one, other = before[i][:2000], after[j][:2000]
            if one.startswith("\t") == other.startswith("\t"):
                lead = leads_before.get(i)
                least = _ALIKE if lead and lead == leads_after.get(j) else _ALIKE_MOVED
                score = ratio(one, other, score_cutoff=least * 100)
                if score:
                    scores.append((-score, i, j))
    moved: Pairs = []
    gone: set[int] = set()
    came: set[int] = set()
    for _, i, j in sorted(scores):
        if i not in gone and j not in came:
            moved.append((i, j))
            gone.add(i)
            came.add(j)
    return moved
