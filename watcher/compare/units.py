"""A reading as a row of units to align: blocks with their place in the text and the headings above them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from watcher.compare.shape import kernel
from watcher.types import Block, BlockKind, Grid, Reading


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


def _step(path: list[tuple[int, str]], line: str, level: int) -> None:
    """The headings above what follows a heading. It stands under itself, so that it is read together with what follows it."""
    while path and path[-1][0] >= level:
        path.pop()
    if line.strip():
        path.append((level, " ".join(line.split())))


def lines(reading: Reading, head: int = 0, tail: int = 0) -> set[str]:
    """The texts of all units that ``units`` gives."""
    blocks = reading.blocks[head : len(reading.blocks) - tail]
    return {text for block in blocks for text in ([block.text] if block.kind == "table" else block.text.split("\n"))}


def ends(before: Reading, after: Reading) -> tuple[int, int]:
    """How many blocks both readings begin and end with, all but the innermost of each: these two stand for all that is the same there."""
    old, new = before.blocks, after.blocks
    top = min(len(old), len(new))
    head = 0
    while head < top and _same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < top - head and _same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return max(0, head - 1), max(0, tail - 1)


def _same(one: Block, other: Block) -> bool:
    return one.text == other.text and one.kind == other.kind and one.level == other.level


def units(reading: Reading, shared: Set[str] = frozenset(), head: int = 0, tail: int = 0) -> list[Unit]:
    """All units in order but those of the first ``head`` and the last ``tail`` blocks; without these, their texts joined with newlines are
    ``reading.text``. Never none: an empty text is one empty line. What the other side prints alike (``shared``) is its own key, so that only the rest
    is brought to a normal form.
    """

    def key(text: str) -> str:
        return text if text in shared else kernel(text)

    found: list[Unit] = []
    path: list[tuple[int, str]] = []
    section = ""
    start = 0
    blocks = reading.blocks
    for block in blocks[:head]:
        if block.kind == "heading":
            for line in block.text.split("\n"):
                _step(path, line, block.level or 1)
        start += len(block.text) + 1
    section = " ".join(text for _, text in path)
    for block in blocks[head : len(blocks) - tail]:
        if block.kind == "table":
            found.append(Unit("table", block.text, start, section, "\t" + key(block.text), block.grid))
            start += len(block.text) + 1
            continue
        for line in block.text.split("\n"):
            if block.kind == "heading":
                _step(path, line, block.level or 1)
                section = " ".join(text for _, text in path)
            found.append(Unit(block.kind, line, start, section, key(line)))
            start += len(line) + 1
    return found or [Unit("paragraph", "", 0, "", "")]
