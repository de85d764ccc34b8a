"""What this process has done since it started: counts that a page of figures shows. Kept in memory, never in the store."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

BUCKETS: Final[tuple[float, ...]] = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds in seconds of the classes of latency; what is slower is in the last, unbounded one."""


@dataclass(slots=True)
class Counters:
    """Counts since the start of the process."""

    fetches: Counter[str] = field(default_factory=Counter)
    """Visits by verdict."""
    unchanged: int = 0
    """Visits that found what was known."""
    versions: Counter[str] = field(default_factory=Counter)
    """Versions by cause."""
    alerts: Counter[str] = field(default_factory=Counter)
    """Tries of alerts by fate: sent, retry, dead, stopped."""
    latency: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    latency_sum: float = 0.0
    ticks: int = 0
    tick_lateness: float = 0.0
    """The latest tick yet, in seconds after its time."""

    def fetched(self, verdict: str, elapsed: float | None, *, unchanged: bool = False) -> None:
        """One visit; ``elapsed`` is the seconds on the wire, None where nothing came back."""
        self.fetches[verdict] += 1
        self.unchanged += unchanged
        if elapsed is not None:
            self.latency[bisect_left(BUCKETS, elapsed)] += 1
            self.latency_sum += elapsed

    def ticked(self, late: float) -> None:
        """One tick, so many seconds after its time."""
        self.ticks += 1
        self.tick_lateness = max(self.tick_lateness, late)

    def snapshot(self) -> dict[str, Any]:
        """Plain values: ``fetches``, ``versions``, ``alerts`` by label; ``latency`` with cumulative ``buckets``, ``sum``, ``count``."""
        total = 0
        cumulative: dict[str, int] = {}
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), self.latency, strict=True):
            total += count
            cumulative[bound] = total
        return {
            "fetches": dict(self.fetches),
            "unchanged": self.unchanged,
            "versions": dict(self.versions),
            "alerts": dict(self.alerts),
            "latency": {"buckets": cumulative, "sum": round(self.latency_sum, 3), "count": total},
            "ticks": self.ticks,
            "tick_lateness": round(self.tick_lateness, 3),
        }


counters = Counters()
"""Those of this process."""


def snapshot() -> Mapping[str, Any]:
    """The figures of this process."""
    return counters.snapshot()
