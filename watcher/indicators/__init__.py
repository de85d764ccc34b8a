"""From a Reading to Indicators: tables, prose, values, names. Pure."""

from watcher.indicators.contradictions import Contradiction, contradictions
from watcher.indicators.extract import extract

__all__ = ["Contradiction", "contradictions", "extract"]
