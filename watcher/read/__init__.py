"""Reading: bytes to a Reading, without the page around the document. Pure: no I/O, no clock."""

from watcher.read.boilerplate import folded, learn_chrome, learn_noise, taught
from watcher.read.decisive import Decisive, decisive, same
from watcher.read.reader import read
from watcher.read.shape import to_json

__all__ = ["Decisive", "decisive", "folded", "learn_chrome", "learn_noise", "read", "same", "taught", "to_json"]
