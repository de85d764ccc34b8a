"""The data table of limits (``limits.yaml``) as values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` messages in any ``seconds``."""

    count: int
    seconds: float
    source: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one kind of far end takes. ``size`` is 0 where none is known; ``unit`` says of what it counts."""

    size: int = 0
    unit: str = ""
    source: str = ""
    rates: tuple[Rate, ...] = ()


@cache
def _table() -> dict[str, Limits]:
    import yaml

    loaded = yaml.load((files("watcher.channels") / "limits.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    table = {}
    for kind, entry in loaded.items():
        size = entry.get("size", {})
        rates = tuple(
            Rate(int(rate["count"]), float(rate["seconds"]), rate["source"]) for rate in entry.get("rates", ())
        )
        table[kind] = Limits(int(size.get("limit", 0)), size.get("unit", ""), size.get("source", ""), rates)
    return table


def limits(kind: str) -> Limits:
    """The limits of a channel kind; an empty :class:`Limits` where the table has none."""
    return _table().get(kind, Limits())
