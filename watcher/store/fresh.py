"""What new versions and those before them say, at hand until the two are compared: a moment later nobody need decode it for that."""

from __future__ import annotations

from collections import OrderedDict

from watcher.store.rows import Content

HELD = 1024 * 1024
"""Bytes of encoded contents that are kept with what was decoded of them."""

Key = tuple[bytes, bytes | None]
"""The address of the stored bytes and the delta against them: by these, never by row, a rollback can do no harm."""


class Fresh:
    """A bounded shelf; the oldest give way."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[Content, int]] = OrderedDict()
        self._held = 0

    def put(self, key: Key, content: Content, size: int) -> None:
        """Keeps what a version says; ``size`` is that of its encoded bytes."""
        if key in self._kept:
            return
        self._kept[key] = (content, size)
        self._held += size
        while self._held > HELD:
            self._held -= self._kept.popitem(last=False)[1][1]

    def take(self, key: Key) -> Content | None:
        """What was kept, once; None where it must be decoded."""
        found = self._kept.pop(key, None)
        if found is None:
            return None
        self._held -= found[1]
        return found[0]
