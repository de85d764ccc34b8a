"""From a Reading to Indicators: tables, prose, values, names. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watcher.indicators.contradictions import Contradiction, contradictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watcher.types import Indicator, Reading

__all__ = ["Contradiction", "contradictions", "extract", "extract_again"]


def extract(reading: Reading) -> tuple[Indicator, ...]:
    """Every indicator of tables and running text, ordered by where it stands in ``reading.text``.

    A column page has none. Never raises for any text; time is linear in its length.
    """
    # Hundreds of patterns are compiled for it, which who only shows what is stored need not wait for.
    from watcher.indicators.extraction import extract

    return extract(reading)


def extract_again(reading: Reading, before: Reading, known: Sequence[Indicator]) -> tuple[Indicator, ...]:
    """What ``extract(reading)`` gives, quicker where little differs from ``before``, for which it gave ``known`` under the same rules."""
    from watcher.indicators.again import extract_again

    return extract_again(reading, before, known)
