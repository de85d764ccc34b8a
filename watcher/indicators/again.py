"""The indicators of a text that was read before in another form: only the chapters that an edit touched are read anew.

A text is walked from its beginning (:class:`watcher.indicators.extraction.Walk`), and a heading ends all that blocks inherit from those
before them, but for the headings themselves, the year of a chapter of goals, and years told together. So what stands before the chapter
of the first difference is as it was; what stands behind the last one is too, from the first heading on, if both texts come to that
heading with the same inheritance. Contradictions are looked for in the whole. Wherever one of these is not sure, everything is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from watcher.indicators import extraction
from watcher.indicators.context import times_of
from watcher.indicators.contradictions import flag
from watcher.indicators.cutting import MAX_INDICATORS
from watcher.indicators.extraction import Walk, depth_of, is_bare
from watcher.indicators.when import may_join_years
from watcher.types import Block, Indicator, Reading


def extract_again(reading: Reading, before: Reading, known: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """What ``extract(reading)`` gives; ``known`` is what it gave for ``before``, under the same rules."""
    found = from_before(reading, before, known)
    return extraction.extract(reading) if found is None else found


def from_before(reading: Reading, before: Reading, known: Sequence[Indicator]) -> tuple[Indicator, ...] | None:
    """The same, with as little reading as is sure to give it; ``None`` where nothing less than the whole is."""
    old, new = before.blocks, reading.blocks
    bare = is_bare(new)
    if reading.kind != "document" or before.kind != "document" or bare != is_bare(old):
        return None
    times = times_of(reading)
    if times != times_of(before):
        return None
    begin, end = _touched(old, new, bare)
    behind = len(new) - end
    gone = old[begin : len(old) - behind]
    if any(block.kind != "table" and may_join_years(block.text) for block in (*new[:end], *gone)):
        return None
    walk, was = Walk(times, bare, reading.title), Walk(times, bare, before.title)
    walk.pass_over(new[:begin])
    was.pass_over(old[: len(old) - behind])
    at = walk.at
    found = walk.through(new[begin:end])
    if behind and not walk.meets(was, new[end]):
        return None
    moved = walk.at - was.at
    whole = [item for item in known if item.start < at]
    whole += found
    whole += [_moved(item, moved) for item in known if behind and item.start >= was.at]
    if len(whole) > MAX_INDICATORS or len(known) > MAX_INDICATORS:
        return None
    return flag([structs.replace(item, disputed=False) if item.disputed else item for item in whole])


def _touched(old: Sequence[Block], new: Sequence[Block], bare: bool) -> tuple[int, int]:
    """Which blocks of ``new`` to read: from the last heading before the first difference to the first one behind the last."""
    shorter = min(len(old), len(new))
    begin = next((n for n in range(shorter) if not _alike(old[n], new[n])), shorter)
    behind = next((n for n in range(shorter - begin) if not _alike(old[-1 - n], new[-1 - n])), shorter - begin)
    end = len(new) - behind
    while begin and not (begin < len(new) and depth_of(new[begin], bare)):
        begin -= 1
    while end < len(new) and not depth_of(new[end], bare):
        end += 1
    return begin, end


def _alike(one: Block, other: Block) -> bool:
    return one.text == other.text and one.kind == other.kind and one.level == other.level and one.grid == other.grid


def _moved(item: Indicator, by: int) -> Indicator:
    return structs.replace(item, start=item.start + by, end=item.end + by) if by else item
