"""The room's door: all indicators of a reading, in the order of the text."""

from __future__ import annotations

from watcher.indicators import prose, tables
from watcher.indicators.context import times_of
from watcher.indicators.when import Frame
from watcher.types import Indicator, Reading


def extract(reading: Reading) -> tuple[Indicator, ...]:
    """Every indicator of tables and running text, ordered by where it stands in ``reading.text``.

    A column page has none. Never raises for any text; time is linear in its length.
    """
    if reading.kind != "document":
        return ()
    times = times_of(reading)
    found: list[Indicator] = []
    headings: list[tuple[int, str]] = []
    at = 0
    for block in reading.blocks:
        if block.kind == "heading":
            level = block.level or 9
            headings = [(depth, text) for depth, text in headings if depth < level]
            headings.append((level, block.text.strip()))
        section = " ".join(text for _, text in headings)
        if block.kind == "table":
            found += tables.extract(block, at, section, times)
        else:
            frame = Frame(times, tuple(text for _, text in headings))
            found += prose.extract(block.text, at, section, frame)
        at += len(block.text) + 1
    return tuple(sorted(found, key=lambda item: (item.start, item.end)))
