"""Automatic numbers of Word paragraphs, printed as Word prints them (第一章, （二）, 3., 1.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from watcher.formats._xml import Element, attribute, child, local, number

_DIGITS = "零一二三四五六七八九"
_MARK = re.compile("%([1-9])")
_SPACED = re.compile("[章节编篇部分条款0-9A-Za-z]$")
LARGEST = 100_000
"""A number beyond this is damage; printing it as a Roman numeral would be long."""


def chinese(value: int) -> str:
    """1 一, 10 十, 12 十二, 20 二十, 105 一百零五; decimals from 10,000 on and below 1."""
    if not 0 < value < 10_000:
        return str(value)
    text, zero = "", False
    for base, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // base % 10
        if digit:
            text += ("零" if zero else "") + _DIGITS[digit] + name
            zero = False
        elif text:
            zero = True
    return text[1:] if text.startswith("一十") else text


def _roman(value: int) -> str:
    text = ""
    for base, name in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        text += name * (value // base)
        value %= base
    return text


def printed(value: int, style: str) -> str:
    """One counter in one of Word's styles (``w:numFmt``); unknown styles print decimals."""
    if not 0 <= value < LARGEST:
        return str(value)
    lower = style.lower()
    if style == "none":
        return ""
    if lower.startswith(("chinese", "taiwanese", "japanesecounting", "japaneselegal")):
        return chinese(value)
    if lower == "ideographdigital":
        return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(value))
    if lower == "ideographtraditional":
        return "甲乙丙丁戊己庚辛壬癸"[(value - 1) % 10] if value else "0"
    if lower == "decimalzero":
        return f"{value:02d}"
    if lower.startswith("decimalenclosedcircle") and 1 <= value <= 20:
        return chr(0x2460 + value - 1)
    if lower == "decimalenclosedparen" and 1 <= value <= 20:
        return chr(0x2474 + value - 1)
    if lower.endswith("roman"):
        text = _roman(value % 5000)
        return text.upper() if lower.startswith("upper") else text
    if lower.endswith("letter") and value:
        text = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 5)
        return text.upper() if lower.startswith("upper") else text
    if lower == "decimalfullwidth":
        return "".join(chr(ord("０") + int(digit)) for digit in str(value))
    return str(value)


@dataclass(slots=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    legal: bool = False


def _level(element: Element) -> _Level:
    return _Level(
        number(attribute(child(element, "start"), "val"), 1),
        attribute(child(element, "numFmt"), "val") or "decimal",
        attribute(child(element, "lvlText"), "val") or "",
        child(element, "isLgl") is not None,
    )


@dataclass(slots=True)
class Numbering:
    """The lists of one document and how far each has counted."""

    abstract: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, tuple[str, dict[int, _Level]]] = field(default_factory=dict)
    """numId to its abstract list and the levels that it overrides."""
    by_style: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None) -> Numbering:
        """The lists that ``numbering.xml`` declares; none without that part."""
        self = cls()
        if root is None:
            return self
        links: dict[str, str] = {}
        for element in root:
            key = attribute(element, "abstractNumId") or ""
            if local(element) == "abstractNum":
                self.abstract[key] = {number(attribute(e, "ilvl")): _level(e) for e in element if local(e) == "lvl"}
                if own := attribute(child(element, "styleLink"), "val"):
                    self.by_style[own] = key
                if link := attribute(child(element, "numStyleLink"), "val"):
                    links[key] = link
            elif local(element) == "num":
                base = attribute(child(element, "abstractNumId"), "val") or ""
                changes: dict[int, _Level] = {}
                for change in (e for e in element if local(e) == "lvlOverride"):
                    at = number(attribute(change, "ilvl"))
                    own_level = child(change, "lvl")
                    level = _level(own_level) if own_level is not None else None
                    start = attribute(child(change, "startOverride"), "val")
                    if level is None and start is not None:
                        old = self.abstract.get(base, {}).get(at, _Level())
                        level = _Level(number(start, 1), old.style, old.text, old.legal)
                    if level is not None:
                        changes[at] = level
                self.lists[attribute(element, "numId") or ""] = (base, changes)
        for key, link in links.items():
            if link in self.by_style:
                self.abstract[key] = self.abstract.get(self.by_style[link], {})
        return self

    def next(self, num_id: str, depth: int) -> str:
        """Counts one paragraph and gives its number as printed, with the gap after it; ``""`` for bullets and no list."""
        if num_id not in self.lists or not 0 <= depth <= 8:
            return ""
        base, changes = self.lists[num_id]
        levels = {**self.abstract.get(base, {}), **changes}
        if depth not in levels:
            return ""
        counts = self._counts.setdefault(base, [None] * 9)
        if num_id not in self._begun:
            self._begun.add(num_id)
            for at in changes:
                if 0 <= at <= 8:
                    counts[at] = None
        held = counts[depth]
        counts[depth] = levels[depth].start if held is None else held + 1
        for at in range(depth + 1, 9):
            counts[at] = None
        level = levels[depth]
        if level.style == "bullet":
            return ""

        def one(match: re.Match[str]) -> str:
            at = int(match.group(1)) - 1
            other = levels.get(at, _Level())
            value = counts[at]
            if value is None:
                value = counts[at] = other.start
            return printed(value, "decimal" if level.legal and at != depth else other.style)

        text = _MARK.sub(one, level.text).strip()
        return text + " " if _SPACED.search(text) else text
