"""What every format does with its lines: one-line texts, headings by their numbers, caps on the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.formats import _limits
from watcher.text import tidy
from watcher.types import Block
from watcher.words import both

_NUMERAL = "[〇零一二三四五六七八九十百廿]{1,5}|[0-9]{1,3}"
_CHAPTER = re.compile(rf"第\s?(?:{_NUMERAL})\s?(章|编|篇|部分|节)")
_IDEOGRAPH = re.compile("[一二三四五六七八九十]{1,3}\\s?[、．.]")
_BRACKETED = re.compile("[（(]\\s?[一二三四五六七八九十]{1,3}\\s?[)）]")
_END = re.compile("[。；;，,、！!？?]$")
HEADING_CHARS = 60
"""A numbered line longer than this is a paragraph that begins with a number. Titles of chapters stay below 40."""
_DEPTH = {"编": 1, "篇": 1, "部分": 1, "章": 1, "节": 2}
_WIDE = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…·]"
_LEADERS = re.compile("(?:[.．·…。]{4,}|\\s{2,}|…{2,}|[.·…]{2,}\\s)[\\s.．·…]*[-—]?\\s?[0-9]{1,4}\\s?[-—]?$")
_CUT_NUMBER = re.compile("[0-9][.]$")
"""The end of a line in the middle of a decimal, as narrow cells break it."""
_PAGE_NUMBER = re.compile(
    "[-—–－―·\\s]*(?:第\\s*)?[0-9０-９]{1,4}\\s*(?:页)?(?:\\s*[/／,，]?\\s*(?:共\\s*)?[0-9]{1,4}\\s*页?)?[-—–－―·\\s]*$"
)


def joined(first: str, second: str) -> str:
    """Two printed lines of one text as one: nothing between Chinese, a space between two western words."""
    left, right = first.rstrip(), second.lstrip()
    if not left or not right:
        return left + right
    western = left[-1].isascii() and right[0].isascii() and left[-1] not in "([/-<>=+" and right[0] not in ")].,;:%/"
    if western and _CUT_NUMBER.search(left) and right[0].isdigit():
        western = False
    return f"{left} {right}" if western else left + right


def one_line(lines: Iterable[str]) -> str:
    """All lines of a cell or paragraph as one line."""
    text = ""
    for line in lines:
        text = joined(text, tidy(line))
    return text


def numbered_level(text: str) -> int:
    """The depth that a heading's own number tells: 第一章 1, 第一节 2, 一、 3, （一） 4; 0 where it tells none.

    Depths are absolute; ``levelled`` lifts them when a document has no chapters.
    """
    if len(text) > HEADING_CHARS or _END.search(text):
        return 0
    match = _CHAPTER.match(text)
    if match:
        return _DEPTH[match.group(1)]
    if _IDEOGRAPH.match(text):
        return 3
    return 4 if _BRACKETED.match(text) else 0


def begins_numbered(text: str) -> bool:
    """True where a line begins with a chapter's, section's or item's number, so that it cannot continue a sentence."""
    return bool(_CHAPTER.match(text) or _IDEOGRAPH.match(text) or _BRACKETED.match(text))


def is_contents_line(text: str) -> bool:
    """A line of a table of contents: a title, leaders and a page number."""
    return bool(_LEADERS.search(text)) and len(text) < 120


def is_page_number(text: str) -> bool:
    """``12``, ``- 12 -``, ``— 12 —``, ``第 3 页``, ``第3页 共12页``, ``3/12``."""
    return len(text) < 24 and bool(_PAGE_NUMBER.match(text))


def finished(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks that say something, their heading depths levelled, within the cap on all text."""
    kept = [block for block in blocks if block.text.strip()]
    if sum(len(block.text) for block in kept) > _limits.TEXT_CHARS:
        raise _limits.too_large(
            both(f"超过 {_limits.TEXT_CHARS} 个字符", f"more than {_limits.TEXT_CHARS} characters of text")
        )
    if not kept:
        raise _limits.damaged(both("里面没有文字", "it holds no text"))
    used = sorted({block.level for block in kept if block.kind == "heading"})
    depth = {level: index + 1 for index, level in enumerate(used)}
    return tuple(
        Block("heading", block.text, level=depth[block.level]) if block.kind == "heading" else block for block in kept
    )


def prose(text: str, *, level: int = 0) -> Block:
    """A line as heading or paragraph: ``level`` where the file's styles tell it, else what its number tells."""
    text = tidy(text)
    depth = numbered_level(text) or level
    return Block("heading", text, level=depth) if depth else Block("paragraph", text)
