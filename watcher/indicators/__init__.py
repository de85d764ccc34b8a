"""From a Reading to Indicators: tables, prose, values, names. Pure."""

from watcher.indicators.extract import extract

__all__ = ["extract"]
