"""From two versions to a Change: paragraphs, tables, indicators; and which editions belong together. Pure."""

from watcher.compare.core import compare
from watcher.compare.patch import apply

__all__ = ["apply", "compare"]
