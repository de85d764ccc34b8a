"""Which lines of a Chinese official document are headings, and how deep.

Numbering of official documents as GB/T 9704-2012 has it (一、（一）1.（1）), with the chapters of plans (第一章 第一节) above
it and 专栏 boxes beside. ``??`` and missing spaces after the number are damage that is read as a space; what is printed stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from watcher.types import Block

_NUM = "[一二三四五六七八九十百零〇两0-9０-９]{1,5}"
_RANKS: tuple[tuple[int, str, re.Pattern[str]], ...] = (
    (1, "第", re.compile(f"第\\s*{_NUM}\\s*[编篇部](?![门分长])")),
    (2, "第", re.compile(f"第\\s*{_NUM}\\s*章")),
    (3, "第", re.compile(f"第\\s*{_NUM}\\s*节")),
    (4, "一二三四五六七八九十百", re.compile("[一二三四五六七八九十百]{1,4}\\s*[、.．]")),
    (5, "（(〔", re.compile("[（(〔]\\s*[一二三四五六七八九十百]{1,4}\\s*[）)〕]")),
    (6, "0123456789０１２３４５６７８９", re.compile("[0-9０-９]{1,2}\\s*[.．、](?![0-9０-９])")),
    (7, "（(①②③④⑤⑥⑦⑧⑨⑩", re.compile("[（(][0-9０-９]{1,2}[）)]|[①-⑳]")),
)
"""Rank, the characters that a line may begin with, and how it begins."""
_BY_FIRST = {
    first: tuple((rank, pattern) for rank, firsts, pattern in _RANKS if first in firsts)
    for first in "".join(firsts for _, firsts, _ in _RANKS)
}
BOX = re.compile(
    "专\\s*栏\\s*[0-9０-９一二三四五六七八九十]{1,3}|[图表]\\s*[0-9０-９一二三四五六七八九十]{1,3}(?:[-—.][0-9]{1,2})?\\s"
)
ANNEX = re.compile("附\\s*[件录表]\\s*[0-9０-９一二三四五六七八九十]{0,3}\\s*[:：.、]?")
_FIRST = frozenset("第一二三四五六七八九十百（(〔0123456789０１２３４５６７８９①②③④⑤⑥⑦⑧⑨⑩专图表附")
_END = frozenset("。；;！!？?，,、")
_BODY = re.compile("[。；;！!？?]")
MAX_HEADING = 60


def rank(line: str) -> int:
    """Rank of the numbering that a line begins with, 1 (编) to 7 (（1）), 8 for 专栏 and 表; 0 when it has none."""
    if line[:1] not in _FIRST:
        return 0
    return _short_rank(line) if len(line) <= MAX_HEADING else _rank(line)


def _rank(line: str) -> int:
    for value, pattern in _BY_FIRST.get(line[0], ()):
        if pattern.match(line):
            return value
    return 8 if BOX.match(line) else 0


_short_rank = lru_cache(maxsize=512)(_rank)
"""What may be a heading is asked several times, by those who look for phrases, headings and their depth."""


def is_heading(line: str) -> bool:
    """Whether a numbered line is a heading: short, and without the punctuation of a sentence at its end or inside it."""
    if not line or len(line) > MAX_HEADING or line[-1] in _END:
        return False
    value = rank(line)
    if not value:
        return bool(ANNEX.fullmatch(line)) if line[0] == "附" else False
    if _BODY.search(line.replace("??", " ")):
        return False
    return value < 6 or (len(line) <= 40 and line[-1] not in ":：")


def bare_heading(line: str, following: str) -> bool:
    """Whether an unnumbered line is a heading: very short, no punctuation, before a numbered heading or a long paragraph.

    Word's automatic numbers are lost when a document is pasted, so chapters stand bare (保障措施).
    """
    if not 2 <= len(line) <= 24 or not following:
        return False
    if not _PLAIN.fullmatch(line) or _SIGNATURE.search(line):
        return False
    return is_heading(following) or len(following) >= 60


_PLAIN = re.compile('[\u4e00-\u9fff“”"（）()《》·—\\-、，,A-Za-z +]*[\u4e00-\u9fff）)”"]')
_SIGNATURE = re.compile("(?:政府|委员会|卫健委|办公室|办公厅|[局厅委部院署会]|公司|中心|公开发布|公开|日)$")


_CHAPTER = re.compile(
    "(?:保障|组织|实施|规划|主要|重点|总体|发展|工作|基本)(?:措施|保障|实施|任务|要求|目标|思路|背景|总则|原则).{0,6}|附\\s*则|附\\s*件"
)
"""Chapter words that plans have in common."""


def with_levels(blocks: Sequence[Block], headings: Sequence[int], bare: frozenset[int] = frozenset()) -> list[Block]:
    """Gives headings, which stand at these positions, their depth: the kinds of numbering that occur, in their order, become 1, 2, 3 …

    ``bare`` holds the positions of unnumbered headings: one stands above the numbered heading that directly follows it, and
    else below the last numbered one. A box (专栏) stands below the last numbered heading and changes no depth after it.
    """
    ranks = {i: 0 if i in bare else rank(blocks[i].text.lstrip()) for i in headings}
    kinds = sorted({value for value in ranks.values() if 0 < value < 8})
    above = any(kinds and ranks.get(i + 1) == kinds[0] for i in bare) and kinds[0] >= 4
    depth = {kind: n + 1 + above for n, kind in enumerate(kinds)}
    result = list(blocks)
    current = 0
    for i, value in ranks.items():
        if i in bare:
            below = depth.get(ranks.get(i + 1, 0), 0)
            chapter = above and _CHAPTER.fullmatch(blocks[i].text.strip())
            level = max(1, below - 1) if below else 1 if chapter else current + 1
        elif value == 8:
            level = current + 1
        else:
            level = current = depth.get(value, 1)
        result[i] = Block("heading", blocks[i].text, min(level, 6))
    return result
