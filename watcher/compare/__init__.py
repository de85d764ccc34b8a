"""From two versions to a Change: paragraphs, tables, indicators; and which editions belong together. Pure."""

from watcher.compare.core import compare

__all__ = ["compare"]
