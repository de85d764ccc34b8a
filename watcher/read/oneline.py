"""Documents that lost their line breaks: headings and paragraphs are found again at their numbers, without losing a character."""

from __future__ import annotations

import re

from watcher.read import cells
from watcher.read.outline import rank

LONG = 300
_MARK = "第[一二三四五六七八九十百]{1,4}[编篇章节][\\s?]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|[0-9]{1,2}[.．、](?![0-9])|专栏[0-9一二三四五六七八九十]{1,2}"
_BOUNDARY = re.compile(f"(?:(?<=[。；;！!？?：:”）)])\\s*+|(?<!\\s)\\s++)(?={_MARK})")
_STRONG = re.compile(f"(?<!\\s)\\s++(?:{_MARK})")


def split(line: str) -> list[str]:
    """The headings and paragraphs of one long line; ``[line]`` when fewer than two numbers stand at boundaries.

    A cut is made only where white space stands before the number, or where a sentence ended and the number counts on from
    the ones before; a heading is cut from its paragraph at the first space when it has no punctuation of its own.
    """
    if len(line) < LONG or len(line.split(maxsplit=1)) < 2 or len(_STRONG.findall(line)) < 2:
        return [line]
    parts: list[str] = []
    start = 0
    for match in _BOUNDARY.finditer(line):
        if match.start() == match.end() and not _chapter(line, match.end()):
            continue
        if match.end() > start:
            parts.append(line[start : match.start()].strip())
            start = match.end()
    parts.append(line[start:].strip())
    return [piece for part in parts if part for piece in _head_and_body(part)]


def _chapter(line: str, at: int) -> bool:
    """Without a space only 一、 and 第…章 begin a part; （一） and 1. are also used inside sentences."""
    return bool(re.match("[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十百]{1,4}[章节]", line[at : at + 8]))


def _head_and_body(part: str) -> list[str]:
    """``一、总体要求 坚持以…`` is a heading and a paragraph."""
    if not rank(part):
        return [part]
    number = re.match(f"(?:{_MARK})\\s*", part)
    offset = number.end() if number else 0
    space = re.search("\\s", part[offset : offset + 50])
    if space is None:
        return [part]
    head, body = part[: offset + space.start()], part[offset + space.end() :].strip()
    if not body or len(head) - offset < 2 or re.search("[，,。；;：:！!？?]", head):
        return [part]
    return [head, body]


_FEWEST_HEADS, _FEWEST_CELLS, _LONGEST_CELL = 3, 12, 40
"""Words of a head that stand together, cells of the smallest table, characters of the longest cell."""


def with_cells(line: str) -> list[str]:
    """One long line whose table runs on in it with a space between its cells, as lines: what is before, each cell, what is behind.

    The table begins with three words of a head or more, one of which is a year or a value, and ends before the next heading
    or sentence. ``[line]`` where there is none.
    """
    if len(line) < LONG or "|" in line.rstrip("|｜ "):
        return [line]
    words = line.split()
    parts: list[str] = []
    begun = 0
    while (at := _head(words, begun)) is not None:
        end = at
        while end < len(words) and len(words[end]) <= _LONGEST_CELL and not _SENTENCE.search(words[end]):
            if _STRONG_MARK.match(words[end]):
                break
            end += 1
        if end - at < _FEWEST_CELLS:
            break
        parts += [" ".join(words[begun:at]), *words[at:end]]
        begun = end
    return [part for part in (*parts, " ".join(words[begun:])) if part] if parts else [line]


def _head(words: list[str], begun: int) -> int | None:
    """Where the head of a table begins among the words from ``begun`` on."""
    run = 0
    for n in range(begun, len(words)):
        run = run + 1 if cells.header_kind(words[n]) else 0
        if run >= _FEWEST_HEADS and any(cells.header_kind(one) == "value" for one in words[n + 1 - run : n + 2][-8:]):
            return n + 1 - run
    return None


_SENTENCE = re.compile("[。；;]")
_STRONG_MARK = re.compile(
    "第[一二三四五六七八九十百]{1,4}[编篇章节]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
)
