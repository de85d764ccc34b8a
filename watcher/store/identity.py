"""What an indicator is to its row, and which rows an edit moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from watcher.types import Indicator

Identity = tuple[Any, ...]
"""What an indicator says, as its row has it; where it stands does not count."""
_said = attrgetter(
    "name", "key", "unit", "year", "role", "op", "value", "text", "nature", "origin", "section", "disputed"
)


def identity(one: Indicator) -> Identity:
    """The row that an indicator becomes."""
    return _as_row(_said(one))


def _as_row(said: tuple[Any, ...]) -> Identity:
    return (*said[:3], None if said[3] is None else str(said[3]), *said[4:11], int(said[11]))


def moved_rows(
    before: Sequence[Indicator], after: Sequence[Indicator]
) -> tuple[tuple[Identity, ...], tuple[Identity, ...]]:
    """What went of the indicators of one version and what came with the next, each as often as it did."""
    old, new = Counter(map(_said, before)), Counter(map(_said, after))
    return tuple(map(_as_row, (old - new).elements())), tuple(map(_as_row, (new - old).elements()))


def lasting(identity: Identity) -> Identity:
    """What of an identity stays when the indicator says something else: name, key, unit, year, role, origin, section."""
    return (*identity[:5], *identity[9:11])
