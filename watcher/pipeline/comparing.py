"""What a page says otherwise than the version before it, made out where it is read: who reads it has both texts at hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from watcher.compare import compare
from watcher.indicators import extract_again
from watcher.read.boilerplate import counter_moved
from watcher.store.codec import decode_content
from watcher.store.identity import Identity, moved_rows
from watcher.store.terms import moved_terms
from watcher.types import Change, Indicator, Reading


@dataclass(frozen=True, slots=True)
class Before:
    """The version that an address gave last."""

    version_id: int
    content: bytes = field(repr=False)
    """Its reading and indicators as they are stored (``codec.encode_content``)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How a reading differs from the version before it."""

    before: int
    """That version's row id."""
    change: Change
    counter: bool
    """Nothing but digits differs, and it may be a counter in the body."""
    gone: str
    come: str
    """Terms of the search index that went and that came (``terms.moved_terms``)."""
    rows: tuple[tuple[Identity, ...], tuple[Identity, ...]]
    """Rows of indicators that went and that came (``identity.moved_rows``)."""


def compared_with(before: Before, reading: Reading) -> tuple[tuple[Indicator, ...], Compared]:
    """The indicators of what was read just now, and how it differs from the version before it, which the same rules read."""
    old, known = decode_content(before.content)
    indicators = extract_again(reading, old, known)
    was, says = old.text, reading.text
    gone, come = moved_terms((old.title, was), (reading.title, says))
    change = compare(old, reading, known, indicators)
    rows = moved_rows(known, indicators)
    return indicators, Compared(before.version_id, change, counter_moved(was, says), gone, come, rows)
