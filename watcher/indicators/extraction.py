"""All indicators of a reading, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter

from watcher.indicators import cutting, prose, sideways, tables
from watcher.indicators.context import Times, times_of
from watcher.indicators.contradictions import flag
from watcher.indicators.glance import TELLING
from watcher.indicators.sentence import Sentence
from watcher.indicators.standing import Standing
from watcher.indicators.when import Frame, is_point
from watcher.types import Block, Indicator, Reading

_NUMBERED = (
    re.compile(r"第[一二三四五六七八九十]{1,3}章"),
    re.compile(r"第[一二三四五六七八九十]{1,3}节|[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]"),
)
_YEARLY = re.compile(
    r"(?:20\d\d年|过去[一五]年|今后五年)[^，,。；0-9]{0,10}(?:回顾|总结|安排|部署|打算|思路|目标|任务)(?:[和与及][^，,。；]{2,12})?"
)
"""2019年工作回顾, 2020年工作安排: what divides a report whose chapters have no numbers."""
_HEADING_LENGTH = 40
_NUMBERS = frozenset("（(123456789")
_RUN_IN = re.compile(
    r"(?:[（(][一二三四五六七八九十0-9]{1,3}[)）]|[0-9]{1,2}[.．、])\s?"
    r"(?:(?:发展|工作|建设|编制|起草|规划|行业|产业)?(?:背景|现状|基础|成效)|(?:存在|主要)的?(?:主要)?(?:问题|不足|短板)"
    r"|(?:基本|工作|完成|进展|执行|落实)情况|(?:总体|主要|工作|发展|建设|行动|具体)?目标)[。：]"
)
_ASKS = frozenset("？?")
_QUESTION_LENGTH = 160
_QUESTION = re.compile(r"(?:问|提问|Q|[^，。：:？]{0,16}记者(?:提?问)?)\s?[0-9一二三四五六七八九十]{0,2}[：:]")
"""问：有哪些措施？: what is answered below it is told under it."""
_PLACE = attrgetter("start", "end")
_TOGETHER = 500
"""When so many sentences wait, they are read."""


def extract(reading: Reading) -> tuple[Indicator, ...]:
    """Every indicator of tables and running text, ordered by where it stands in ``reading.text``.

    A column page has none. Never raises for any text; time is linear in its length.
    """
    if reading.kind != "document":
        return ()
    walk = Walk(times_of(reading), is_bare(reading.blocks), reading.title)
    return flag(walk.through(reading.blocks))


class Walk:
    """A reading on the way from its first block to its last; what a block inherits is all that the way behind it leaves."""

    __slots__ = ("_bare", "_standing", "_times", "_title", "at")

    def __init__(self, times: Times, bare: bool, title: str) -> None:
        self._times = times
        self._bare = bare
        self._title = title
        self._standing = Standing()
        self.at = 0
        """Where the next block begins, in characters of the reading's text."""

    def through(self, blocks: Iterable[Block]) -> list[Indicator]:
        """The indicators of the next blocks, ordered by where they stand; ends early with more than ``cutting.MAX_INDICATORS``."""
        standing, times, at = self._standing, self._times, self.at
        found: list[Indicator] = []
        waiting: list[list[Sentence]] = []
        count = 0
        for block in blocks:
            if count > _TOGETHER:
                found += prose.read(waiting)
                waiting, count = [], 0
            if len(found) > cutting.MAX_INDICATORS:
                break
            text, kind = block.text, block.kind
            if depth := depth_of(block, self._bare):
                standing.descend(depth, text.strip())
            if text == self._title and text[-1:] not in "。；":
                # A headline (前三季度进出口增长6.8%) is told again by its text.
                pass
            elif kind == "table":
                place = block, at, standing.section, times, standing.line
                found += sideways.extract(*place) or tables.extract(*place)
            else:
                leans = standing.leans(text, kind == "list")
                carried = base = standing.base(text, leans)
                telling = TELLING.search(text)
                if telling:
                    above = standing.above
                    if text[:1] in _NUMBERS and (lead := _RUN_IN.match(text)):
                        # （一）工作背景。… says of what is told below it.
                        above = (*above, lead[0])
                    frame = Frame(times, above, base, base, standing.joint, ahead=standing.next and is_point(text))
                    waiting.append(cutting.sentences(text, at, standing.section, frame, telling.start()))
                    count += len(waiting[-1])
                    carried, standing.joint = frame.carried, frame.joint
                standing.aim(text)
                standing.leave(text, leans, carried)
            at += len(text) + 1
        self.at = at
        found += prose.read(waiting)
        return sorted(found, key=_PLACE)

    def pass_over(self, blocks: Iterable[Block]) -> None:
        """Goes on without reading: right for a heading that comes next, if no years are told together on the way."""
        for block in blocks:
            if depth := depth_of(block, self._bare):
                self._standing.descend(depth, block.text.strip())
            if block.kind != "table":
                self._standing.aim(block.text)
            self.at += len(block.text) + 1

    def meets(self, other: Walk, heading: Block) -> bool:
        """Whether this walk and another leave the same to a heading they have both come to, and to all that follows it."""
        depth, text = depth_of(heading, self._bare), heading.text.strip()
        self._standing.descend(depth, text)
        other._standing.descend(depth, text)
        return self._standing.equals(other._standing)


def is_bare(blocks: Iterable[Block]) -> bool:
    """Whether a reader marked no headings (some PDF files): then numbered short lines are taken for them."""
    return len([block for block in blocks if block.kind == "heading"]) < 2


def depth_of(block: Block, bare: bool) -> int:
    """The depth of a heading or of a question put to somebody, in a reading without any of what looks like one; 0 for everything else."""
    if block.kind == "heading":
        return block.level or 9
    if block.text[-1:] in _ASKS and len(block.text) <= _QUESTION_LENGTH and _QUESTION.match(block.text):
        return 9
    return _unmarked(block) if bare else 0


def _unmarked(block: Block) -> int:
    """The depth of a heading that was read as a paragraph; 0 for everything else."""
    text = block.text.strip()
    if block.kind != "paragraph" or len(text) > _HEADING_LENGTH or text.endswith(("。", "；", "，", "：", ":", ";")):
        return 0
    if _YEARLY.fullmatch(text):
        return 1
    return next((depth for depth, pattern in enumerate(_NUMBERED, 1) if pattern.match(text)), 0)
