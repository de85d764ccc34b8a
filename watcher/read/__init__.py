"""Reading: bytes to a Reading, without the page around the document. Pure: no I/O, no clock."""

from watcher.read.reader import read, read_closely
from watcher.read.shape import to_json

__all__ = ["read", "read_closely", "to_json"]
