"""A reading as a row of units to align: blocks with their place in the text and the headings above them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from watcher.compare.shape import kernel
from watcher.types import BlockKind, Grid, Reading


@dataclass(frozen=True, slots=True)
class Unit:
    """One block (or one line of it, where a paragraph holds several)."""

    kind: BlockKind
    text: str
    start: int
    """Offset of its first character in ``Reading.text``; it ends at ``start + len(text)``."""
    section: str
    """The headings above it, joined with a space; a heading's own text comes last."""
    key: str
    """Equal keys mean the same content; only form or number may differ."""
    grid: Grid | None = None

    @property
    def at(self) -> tuple[int, int]:
        """The character range in the text."""
        return self.start, self.start + len(self.text)


def lines(reading: Reading) -> set[str]:
    """The texts of all units."""
    return {
        text for block in reading.blocks for text in ([block.text] if block.kind == "table" else block.text.split("\n"))
    }


def units(reading: Reading, shared: Set[str] = frozenset()) -> list[Unit]:
    """All units in order; their texts joined with newlines are ``reading.text``. Never none: an empty text is one empty
    line. What the other side prints alike (``shared``) is its own key, so that only the rest is brought to a normal form.
    """

    def key(text: str) -> str:
        return text if text in shared else kernel(text)

    found: list[Unit] = []
    path: list[tuple[int, str]] = []
    start = 0
    for block in reading.blocks:
        if block.kind == "table":
            section = " ".join(text for _, text in path)
            found.append(Unit("table", block.text, start, section, "\t" + key(block.text), block.grid))
            start += len(block.text) + 1
            continue
        for line in block.text.split("\n"):
            if block.kind == "heading":
                level = block.level or 1
                while path and path[-1][0] >= level:
                    path.pop()
                if line.strip():  # a heading stands under itself, so that it is read together with what follows it
                    path.append((level, " ".join(line.split())))
            section = " ".join(text for _, text in path)
            found.append(Unit(block.kind, line, start, section, key(line)))
            start += len(line) + 1
    return found or [Unit("paragraph", "", 0, "", "")]
