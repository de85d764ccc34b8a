"""All indicators of a reading, in the order of the text."""

from __future__ import annotations

import re

from watcher.indicators import prose, sideways, tables
from watcher.indicators.context import times_of
from watcher.indicators.contradictions import flag
from watcher.indicators.glance import TELLING
from watcher.indicators.when import Frame, Year, is_point
from watcher.types import Block, Indicator, Reading

_NUMBERED = (
    re.compile(r"第[一二三四五六七八九十]{1,3}章"),
    re.compile(r"第[一二三四五六七八九十]{1,3}节|[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]"),
)
_HEADING_LENGTH = 40
_OPENED = re.compile(r"\s*[到至]\s?(20\d\d)\s?年")
_POINTS = ("——", "—", "–", "•", "·", "●", "■", "◆", "※")


def extract(reading: Reading) -> tuple[Indicator, ...]:
    """Every indicator of tables and running text, ordered by where it stands in ``reading.text``.

    A column page has none. Never raises for any text; time is linear in its length.
    """
    if reading.kind != "document":
        return ()
    times = times_of(reading)
    found: list[Indicator] = []
    headings: list[tuple[int, str]] = []
    above: tuple[str, ...] = ()
    section = ""
    introduced: Year = None
    joint: tuple[int, ...] = ()
    introduces = False
    goal: tuple[int, Year] | None = None
    # Where a reader marked no headings (some PDF files), numbered short lines are taken for them.
    unmarked = len([block for block in reading.blocks if block.kind == "heading"]) < 2
    at = 0
    line_above = ""
    for block in reading.blocks:
        if len(found) > prose.MAX_INDICATORS:
            break
        text = block.text
        level = (block.level or 9) if block.kind == "heading" else _unmarked(block) if unmarked else 0
        if level:
            headings = [heading for heading in headings if heading[0] < level]
            headings.append((level, text.strip()))
            above = tuple([heading for _, heading in headings])
            section = " ".join(above)
            introduced, introduces = None, False
            goal = goal if goal and level > goal[0] else None
        if block.kind == "table":
            found += sideways.extract(block, at, section, times, line_above) or tables.extract(
                block, at, section, times, line_above
            )
        else:
            # Points (——…, or anything behind a line that ends with a colon) lean on the year of what introduced them.
            leans = introduces or block.kind == "list" or text.lstrip().startswith(_POINTS)
            base = introduced if leans else None
            if base is None and goal is not None and (is_point(text) or headings[-1][0] > goal[0]):
                base = goal[1]
            carried = base
            telling = TELLING.search(text)
            if telling:
                frame = Frame(times, above, base, base, joint)
                found += prose.extract(text, at, section, frame, telling.start())
                carried, joint = frame.carried, frame.joint
                goal = _goal(text, headings) or goal
            opens = text.rstrip().endswith(("：", ":"))
            if opens or not leans:
                introduced, introduces = carried, opens
            line_above = text
        at += len(text) + 1
    return flag(sorted(found, key=lambda item: (item.start, item.end)))


def _goal(text: str, headings: list[tuple[int, str]]) -> tuple[int, Year] | None:
    """到2025年，… at the head of a chapter of goals: its depth and its year, which the numbered points below it share."""
    opened = _OPENED.match(text) if headings and "目标" in headings[-1][1] else None
    return (headings[-1][0], int(opened[1])) if opened else None


def _unmarked(block: Block) -> int:
    """The depth of a heading that was read as a paragraph; 0 for everything else."""
    text = block.text.strip()
    if block.kind != "paragraph" or len(text) > _HEADING_LENGTH or text.endswith(("。", "；", "，", "：", ":", ";")):
        return 0
    return next((depth for depth, pattern in enumerate(_NUMBERED, 1) if pattern.match(text)), 0)
