"""Documents that lost their line breaks: headings and paragraphs are found again at their numbers, without losing a character."""

from __future__ import annotations

import re

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
