"""What was asked for lately and will be asked for again soon, up to so many bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from itertools import islice
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Recent(Generic[K]):
    """Bytes by key: ``most`` in all, of at most ``one`` each; what was asked for longest ago gives way.

    ``in_turn``: they are asked for one after the other, again and again, as a round goes from host to host. Where the oldest gave way,
    each would be gone before its next turn; any of them gives way then, so that most are still there.
    """

    def __init__(self, most: int, one: int | None = None, *, in_turn: bool = False) -> None:
        self._most = most
        self._one = most if one is None else one
        self._in_turn = in_turn
        self._held = 0
        self._found: OrderedDict[K, bytes] = OrderedDict()

    def get(self, key: K) -> bytes | None:
        """What was added under a key, if it is still there."""
        found = self._found.get(key)
        if found is not None:
            self._found.move_to_end(key)
        return found

    def add(self, key: K, data: bytes) -> None:
        """Remembers, in place of what had this key."""
        self._held -= len(self._found.pop(key, b""))
        if len(data) > self._one:
            return
        self._held += len(data)
        while self._held > self._most:
            place = hash(key) % len(self._found) if self._in_turn else 0
            self._held -= len(self._found.pop(next(islice(self._found, place, None))))
        self._found[key] = data

    def clear(self) -> None:
        """Forgets everything."""
        self._found.clear()
        self._held = 0
