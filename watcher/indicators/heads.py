"""Which rows of a table are its head, and the words that heads are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from watcher.text import plain
from watcher.types import Cell, Grid, Nature

INDEX = re.compile(r"^(?:序号|编号|no\.?|#|号)$")
UNIT = re.compile(r"^(?:计量|指标|计算)?单位$")
YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
TARGET = re.compile(r"目标|规划|预期|计划|末期|[近中远]期|力争|任务|终[值点]|预算|达标值|底前")
BASE = re.compile(r"基期|基准|基数|基线|现状|现有|现值|起始(?!价)|起点|初期|当前|基础[值数]|初值")
DONE = re.compile(r"实际|完成|实绩|实现|执行|达到值|预计|完成值|决算")
MEASURES = (
    "数",
    "量",
    "率",
    "额",
    "人口",
    "人次",
    "面积",
    "床位",
    "收入",
    "支出",
    "值",
    "占比",
    "比例",
    "比重",
    "里程",
)
"""What a measure's name ends in."""
_ONLY_YEAR = re.compile(r"(?:20\d\d)年?")
_A_YEAR = re.compile(r"20\d\d")
_HEADER_WORD = re.compile(
    r".{0,8}(?:指标|名称|指标名称|项目|领域|类别|属性|性质|备注|单位|年|现状|目标|目标值|基期|基期值|现状值|完成值|累计|增长|增速|部门|类型|内容)"
)
_BOUNDS = ("不", "高于", "低于", "优于", "好于")
_LONGEST_WORD = 16
"""So many characters a header word has at most."""
_FIGURE = re.compile(r"(?!20[0-9][0-9]$)[≥≤<>＜＞]?[0-9][0-9.,]*[%‰]?")
"""A cell that is surely a value: a row with enough of them is no row of headers."""
_FIGURE_HEADS = frozenset("≥≤<>＜＞0123456789")
_NUMBERISH = re.compile(r"[\d０-９]")


def nature_of(text: str) -> Nature | None:
    """预期, 预期性指标, 约束性 … as the word the product uses; ``None`` for anything else."""
    word = plain(text)
    if len(word) > 12:
        return None
    if "约束" in word:
        return "约束性"
    if "建议" in word or "指导" in word or "引导" in word or "倡导" in word:
        return "建议性"
    if "预期" in word:
        return "预期性"
    return None


def is_header_row(row: Sequence[Cell]) -> bool:
    """A row whose cells are header words: used where the reader could not say, and for repeated headers."""
    most = len(row) // 3
    for cell in row:
        if cell.text[:1] in _FIGURE_HEADS and _FIGURE.fullmatch(cell.text):
            if not most:
                return False
            most -= 1
    filled = [text for text in [plain(cell.text) for cell in row] if text]
    if len(set(filled)) < 2:
        return False
    hits = [text for text in filled if len(text) <= _LONGEST_WORD and _is_header_word(text)]
    return len(hits) >= 2 and len(hits) * 3 >= len(filled) * 2


@lru_cache(maxsize=4096)
def _is_header_word(text: str) -> bool:
    if INDEX.match(text) or UNIT.match(text) or _ONLY_YEAR.fullmatch(text):
        return True
    if nature_of(text) and text.endswith(("性", "预期", "约束", "指标")) and "属性" not in text and "性质" not in text:
        return False
    if text.startswith(_BOUNDS):
        return False  # 不低于上年 is what a row aims at
    if _HEADER_WORD.fullmatch(text):
        return not _NUMBERISH.search(_A_YEAR.sub("", text))
    return bool(YEAR.search(text) and (TARGET.search(text) or BASE.search(text) or DONE.search(text)))


def header_rows(grid: Grid) -> int:
    """How many rows at the top are headers: what the reader said, and what the words say (at most three)."""
    count = min(grid.header_rows, len(grid.rows))
    while count < min(3, len(grid.rows)) and is_header_row(grid.rows[count]):
        if count and _same_row(grid.rows[count], grid.rows[0]):
            break
        count += 1
    return count or _plain_heads(grid)


def _same_row(one: Sequence[Cell], other: Sequence[Cell]) -> bool:
    """Whether a row repeats another (a header printed again on the next page)."""
    return [plain(cell.text) for cell in one] == [plain(cell.text) for cell in other]


def _plain_heads(grid: Grid) -> int:
    """The rows above the first figures, where no words tell the head of a table (地区 | 床位数（张）); 0 where that is no head."""
    count = next((n for n, row in enumerate(grid.rows[:4]) if any(_is_figure(cell) for cell in row)), 0)
    texts = {plain(cell.text) for row in grid.rows[:count] for cell in row}
    return count if count <= 3 and len(texts - {""}) >= 2 else 0


def _is_figure(cell: Cell) -> bool:
    return cell.text[:1] in _FIGURE_HEADS and _FIGURE.fullmatch(cell.text) is not None
