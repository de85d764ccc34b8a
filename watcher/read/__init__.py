"""Reading: bytes to a Reading, without the page around the document. Pure: no I/O, no clock."""

from watcher.read.boilerplate import folded, learn_chrome, learn_noise, taught
from watcher.read.decisive import Decisive, same
from watcher.read.reader import decisive, read, read_closely
from watcher.read.shape import to_json

__all__ = [
    "Decisive",
    "decisive",
    "folded",
    "learn_chrome",
    "learn_noise",
    "read",
    "read_closely",
    "same",
    "taught",
    "to_json",
]
