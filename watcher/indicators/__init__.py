"""From a Reading to Indicators: tables, prose, values, names. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watcher.indicators.contradictions import Contradiction, contradictions

if TYPE_CHECKING:
    from watcher.types import Indicator, Reading

__all__ = ["Contradiction", "contradictions", "extract"]


def extract(reading: Reading) -> tuple[Indicator, ...]:
    """Every indicator of tables and running text, ordered by where it stands in ``reading.text``.

    A column page has none. Never raises for any text; time is linear in its length.
    """
    # Hundreds of patterns are compiled for it, which who only shows what is stored need not wait for.
    from watcher.indicators.extraction import extract

    return extract(reading)
