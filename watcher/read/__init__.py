"""Reading: bytes to a Reading, without the page around the document. Pure: no I/O, no clock."""

from watcher.read.boilerplate import folded, learn_chrome, learn_noise
from watcher.read.reader import read
from watcher.read.shape import to_json

__all__ = ["folded", "learn_chrome", "learn_noise", "read", "to_json"]
