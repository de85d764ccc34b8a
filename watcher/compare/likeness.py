"""Likeness of whole texts: is it the same document under another address? Pure and bounded."""

from __future__ import annotations

import hashlib
import heapq
import zlib
from collections.abc import Sequence

from watcher.text import plain

SKETCH = 256
"""Hashes kept of a text; the likeness of two sketches is right to about ±0.06 (1/√256)."""
_SHINGLE = 8
_LONGEST = 400_000


def text_digest(text: str) -> str:
    """Hex SHA-256 of the matching form: equal where two addresses print one text with other spaces, widths or quotation marks."""
    return hashlib.sha256(plain(text).encode("utf-8", "replace")).hexdigest()


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of the runs of 8 characters of a text (at most its first 400,000), sorted; ``()`` of a very short one."""
    matching = plain(text[:_LONGEST]).encode("utf-16-le", "replace")
    width = 2 * _SHINGLE
    shingles = {matching[at : at + width] for at in range(0, len(matching) - width + 1, 2)}
    return tuple(heapq.nsmallest(SKETCH, {zlib.crc32(shingle) for shingle in shingles}))


def sketch_likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated share of common runs (Jaccard), 0 to 1; 0 where a sketch is empty."""
    if not one or not other:
        return 0.0
    joint = heapq.nsmallest(SKETCH, {*one, *other})
    return len({*one} & {*other} & {*joint}) / len(joint)
