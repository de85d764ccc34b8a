"""All indicators of a reading, in the order of the text."""

from __future__ import annotations

import re
from operator import attrgetter

from watcher.indicators import prose, sideways, tables
from watcher.indicators.context import times_of
from watcher.indicators.contradictions import flag
from watcher.indicators.glance import TELLING
from watcher.indicators.standing import Standing
from watcher.indicators.when import Frame
from watcher.types import Block, Indicator, Reading

_NUMBERED = (
    re.compile(r"第[一二三四五六七八九十]{1,3}章"),
    re.compile(r"第[一二三四五六七八九十]{1,3}节|[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]"),
)
_HEADING_LENGTH = 40
_PLACE = attrgetter("start", "end")


def extract(reading: Reading) -> tuple[Indicator, ...]:
    """Every indicator of tables and running text, ordered by where it stands in ``reading.text``.

    A column page has none. Never raises for any text; time is linear in its length.
    """
    if reading.kind != "document":
        return ()
    times = times_of(reading)
    found: list[Indicator] = []
    standing = Standing()
    # Where a reader marked no headings (some PDF files), numbered short lines are taken for them.
    unmarked = len([block for block in reading.blocks if block.kind == "heading"]) < 2
    at = 0
    for block in reading.blocks:
        if len(found) > prose.MAX_INDICATORS:
            break
        text, kind = block.text, block.kind
        depth = (block.level or 9) if kind == "heading" else _unmarked(block) if unmarked else 0
        if depth:
            standing.descend(depth, text.strip())
        if kind == "table":
            place = block, at, standing.section, times, standing.line
            found += sideways.extract(*place) or tables.extract(*place)
        else:
            leans = standing.leans(text, kind == "list")
            carried = base = standing.base(text, leans)
            telling = TELLING.search(text)
            if telling:
                frame = Frame(times, standing.above, base, base, standing.joint)
                found += prose.extract(text, at, standing.section, frame, telling.start())
                carried, standing.joint = frame.carried, frame.joint
                standing.aim(text)
            standing.leave(text, leans, carried)
        at += len(text) + 1
    return flag(sorted(found, key=_PLACE))


def _unmarked(block: Block) -> int:
    """The depth of a heading that was read as a paragraph; 0 for everything else."""
    text = block.text.strip()
    if block.kind != "paragraph" or len(text) > _HEADING_LENGTH or text.endswith(("。", "；", "，", "：", ":", ";")):
        return 0
    return next((depth for depth, pattern in enumerate(_NUMBERED, 1) if pattern.match(text)), 0)
