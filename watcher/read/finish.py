"""The common end of every reading: headings and their depth, the title, metadata, attachments joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from msgspec import structs

from watcher.read import html_blocks, metadata, outline, titles
from watcher.read.draft import Draft
from watcher.read.links import format_of
from watcher.types import Attachment, Block, Grid, Reading


def finish(
    draft: Draft,
    *,
    portal: str,
    degraded: bool = False,
    suspect: bool = False,
    joined: Sequence[tuple[Attachment, Sequence[Block]]] = (),
) -> Reading:
    """Freezes a draft. ``joined`` are the blocks of attachments, put behind the body under a heading with their name."""
    draft.title = draft.title or _title(draft.blocks)
    draft.blocks = headings([_uncounted(block) for block in draft.blocks])
    about, stage, region, plan = metadata.derive(draft)
    blocks = list(draft.blocks)
    for attachment, more in joined:
        blocks.append(Block("heading", attachment.name or attachment.url, level=1))
        blocks += headings(more)
    if joined and not any(len(block.text) > 60 for block in draft.blocks):
        about, stage, region, plan = metadata.derive(replace(draft, blocks=blocks))
    return Reading(
        kind="document",
        title=draft.title,
        blocks=tuple(blocks),
        stage=stage,
        region=region,
        metadata=about,
        portal=portal,
        degraded=degraded,
        suspect=suspect,
        plan_title=plan,
        attachments=tuple(draft.attachments),
        pages=tuple(draft.pages),
        dropped=tuple(draft.dropped),
    )


_DOWNLOADS = re.compile(
    "(?<=[\\w）)】》])\\s*(?:[（(\\[【]?[0-9.]{1,8}\\s?[KMG]B?[）)\\]】]?\\s*)?[（(\\[【]?\\s*(?:已?下载(?:次数|量)?[:：]?\\s*[0-9]{1,9}\\s*次?|[0-9]{1,9}\\s*次下载)\\s*[）)\\]】]?"
    "(?:\\s*[\\[【]?(?:点击|点此|立即)?(?:下载|查看|预览)[\\]】]?)?$"
)


def _uncounted(block: Block) -> Block:
    """A line that offers a file, without the counter behind it (附件：规划.pdf（下载次数：12）)."""
    text = block.text
    if block.grid is not None:
        return _uncounted_table(block) if len(text) <= _FILES and any(map(text.__contains__, _COUNTING)) else block
    if block.kind != "paragraph" or len(text) > _OFFER or "下载" not in text or "。" in text:
        return block
    plain = _DOWNLOADS.sub("", text)
    return structs.replace(block, text=plain) if plain != text and (format_of(plain) or "附件" in plain) else block


def _uncounted_table(block: Block) -> Block:
    """A table of files without its column of counters (``下载12次``); a letter's or a consultation's without how often it was read."""
    grid = block.grid
    counted = [[_COUNTER.fullmatch(cell.text) is not None for cell in row] for row in grid.rows] if grid else []
    for at, row in enumerate(grid.rows if grid and len(grid.rows) <= _ROWS and not _counts_else(grid) else ()):
        for n, (label, value) in enumerate(pairwise(row)):
            if _COUNTS.fullmatch(label.text.rstrip(":：")) and _FIGURE.fullmatch(value.text):
                counted[at][n] = counted[at][n + 1] = True
    if grid is None or not any(map(any, counted)):
        return block
    rows = tuple(
        tuple(structs.replace(cell, text="") if count else cell for cell, count in zip(row, counts, strict=True))
        for row, counts in zip(grid.rows, counted, strict=True)
    )
    return html_blocks.table_block(structs.replace(grid, rows=rows))


def _counts_else(grid: Grid) -> bool:
    """Whether a table has a head, or other figures beside its labels: then how many took part is what it tells, and no counter of the page."""
    pairs = [pair for row in grid.rows for pair in pairwise(row)]
    figures = [
        label
        for label, value in pairs
        if _TOLD.fullmatch(value.text)
        and not _COUNTS.fullmatch(label.text.rstrip(":："))
        and not _NUMBER.search(label.text)
    ]
    return grid.header_rows > 0 or len(figures) > 1


_TOLD = re.compile("[0-9]{1,6}(?:\\.[0-9]{1,3})?\\s?(?:[%％‰]|[\u4e00-\u9fff]{0,3})")
_NUMBER = re.compile("[号码编日时年]|电话|传真|^[^\u4e00-\u9fff]*$")
"""In labels of numbers that count nothing."""
_COUNTING = ("下载", "次数", "人数", "人次", "阅读量", "浏览量", "访问量", "点击")
"""One of these stands in whatever is counted."""
_COUNTS = re.compile("下载|(?:查看|浏览|阅读|点击|访问|参与|关注)(?:次数|人数|人次|量|数)")
_COUNTER = re.compile("(?:已?下载(?:次数|量)?[:：]?\\s?[0-9]{1,9}\\s?次?|[0-9]{1,9}\\s?次下载)")
_FIGURE = re.compile("[0-9]{1,9}\\s?[次人]{0,2}")
_ROWS = 8
"""Rows of the longest table of labels and values."""
_FILES = 5_000
"""Characters of the longest table of files."""
_OFFER = 200
"""Characters that a line which offers a file may have."""


def _title(blocks: Sequence[Block]) -> str:
    """The title that the body itself prints: the first line, or the first that looks like one among the first eight."""
    first = [block.text.strip() for block in blocks[:8] if block.kind != "table" and block.text.strip()]
    for line in first:
        if titles.is_title(line):
            return line
    return first[0] if first and len(first[0]) <= 80 else ""


def headings(blocks: Sequence[Block]) -> list[Block]:
    """Paragraphs that are headings become headings, and every heading gets its depth."""
    found: list[int] = []
    bare: set[int] = set()
    for i, block in enumerate(blocks):
        if block.kind == "heading":
            found.append(i)
        elif block.kind == "paragraph" and len(block.text) <= outline.MAX_HEADING:
            if outline.is_heading(block.text.strip()):
                found.append(i)
            elif _stands_bare(blocks, i):
                found.append(i)
                bare.add(i)
    return outline.with_levels(blocks, found, frozenset(bare))


def _stands_bare(blocks: Sequence[Block], i: int) -> bool:
    if i + 1 >= len(blocks) or blocks[i + 1].kind not in ("paragraph", "heading"):
        return False
    return outline.bare_heading(blocks[i].text.strip(), blocks[i + 1].text.strip())
