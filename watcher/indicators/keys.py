"""The key of an extracted indicator: the lexicon's, unless the unit shows that something else is meant."""

from __future__ import annotations

from functools import lru_cache

from watcher.lexicon.names import canonical, usual_unit
from watcher.lexicon.units import apart_from_name, family
from watcher.types import Role

_COUNTS = {"count", "persons", "items", "sets", "vehicles", "beds", "places", "kinds", "cases", "visits"}


@lru_cache(maxsize=8192)
def key_for(name: str, unit: str, role: Role) -> str | None:
    """The canonical key, or ``None``: 地区生产总值 with ``%`` is growth and not the amount in 亿元.

    A change (an increase of so many, or of so many per cent) keeps the key of what changed.
    """
    key = canonical(name)
    if key is None or role == "change":
        return key
    usual = usual_unit(key) or ""
    if not unit or not usual:
        return key
    ours, theirs = family(apart_from_name(name, unit)).partition("/")[0], family(usual).partition("/")[0]
    if ours == theirs or {ours, theirs} <= _COUNTS or {ours, theirs} <= {"ratio", "points"} or not ours:
        return key
    return None
