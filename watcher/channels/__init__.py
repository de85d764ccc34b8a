"""Drawer of channels: one file knows one chat or transport; ``limits`` says what each kind takes."""

from watcher.channels._limits import Limits, Rate, limits
from watcher.channels._options import Check

__all__ = ["Check", "Limits", "Rate", "limits"]
