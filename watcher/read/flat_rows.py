"""The cells of a flattened table back in their rows: what it costs to read a line as a cell of a column, and the cheapest way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.read import cells
from watcher.read.cells import Column
from watcher.text import plain

_MERGE = 3.0
_NEVER = 12.0
"""Two figures in one cell would be a third that nobody printed."""
_CJK_ONLY = re.compile("[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A line, or a part of one, that may be a cell."""

    line: int
    text: str
    number: bool = False
    """Part of a sequence 1, 2, 3 … of row numbers."""
    banner: bool = False
    """A numbered line over the rows of its kind."""
    year: bool = False
    """A year that names a row."""


def is_nameish(text: str) -> bool:
    """Words that are neither a value nor a nature."""
    return cells.is_text(text) and not cells.is_value(text) and not cells.is_nature(text)


def _match(token: Token, kind: Column, baseline: bool, unit_names: bool, longest: int) -> float:
    """What it costs to read a line as a cell of a column; 0 for a perfect fit. ``longest`` is how long a category may be."""
    text = token.text
    if token.number:
        return 0.0 if kind == "number" else 9.0
    if token.banner:
        return 0.0 if kind == "category" else 9.0
    if token.year:
        return 0.0 if kind == "name" else 9.0
    if text[0] in "（(" and kind in ("unit", "value") and _NOTE.fullmatch(text):
        return 5.0
    value = cells.is_value(text)
    nature = cells.is_nature(text)
    if kind == "nature":
        return 0.0 if nature else 2.5 if text in "-—/" else 8.0
    if nature:
        return 7.0
    if kind == "number":
        return 0.5 if cells.is_bare_number(text) else 9.0
    if kind == "unit":
        return 0.0 if cells.is_unit(text) else 6.0
    if kind == "value":
        if value:
            return 0.6 if baseline and cells.has_operator(text) else 0.0
        if not cells.is_text(text):
            return 1.0
        return (
            (0.4 if cells.is_words_value(text) else 2.6)
            + (0.8 if baseline else 0.0)
            + (2.0 if cells.has_unit_bracket(text) else 0.0)
        )
    if kind == "other":
        return 0.0 if cells.is_body(text) else 1.0 if value else 0.6
    if value:
        return 6.0
    if _LISTED.match(text):
        return 0.0 if kind == "category" else 3.0
    if kind == "category":
        whole = len(text) <= longest and not cells.has_unit_bracket(text) and not text.endswith(_JOINS)
        return (0.0 if whole else 3.5) + (1.5 if cells.is_body(text) else 0.0)
    bracket = cells.has_unit_bracket(text)
    if _REST.fullmatch(text):
        return 4.0
    return (
        (1.5 if _TAIL.fullmatch(text) else 0.0)
        + (0.0 if bracket or not unit_names else 1.0)
        + (1.2 if cells.is_words_value(text) and not bracket else 0.0)
    )


_JOINS = ("或", "与", "和", "及", "、", "的", "占")
"""What a line ends with that goes on in the next."""
_BRACKET = re.compile("[（(][^（）()]{1,14}[)）]")
_NOTE = re.compile("[（(][\u4e00-\u9fff]{2,10}[)）]")
"""What is said of a figure in a line of its own (市级测算)."""
_REST = re.compile("[率比数度量额值]?[（(][^（）()]{1,14}[)）]|[率比数度量额值]")
"""What no name consists of: the end of one that was broken over two lines."""
_TAIL = re.compile(
    "[\u4e00-\u9fff]{0,3}(?:率|比例|比重|占比|人数|数量|数|面积|能力|水平|床位数?)(?:[（(][^（）()]{1,14}[)）])?"
)
"""What can be a name, and is more often the end of one."""


def _merge(before: Token, token: Token, kind: Column, unit_names: bool) -> float:
    """What it costs to read a line as the continuation of the cell before it."""
    if token.number or token.banner or token.year or kind in ("number", "nature") or cells.is_nature(token.text):
        return 9.0
    if kind == "name" and _BRACKET.fullmatch(token.text) and not cells.has_unit_bracket(before.text):
        return 0.1
    if cells.is_open(before.text) and not cells.is_value(token.text):
        closes = any(c in token.text for c in ")）]】》”")
        return 0.3 if closes else _MERGE
    if (
        kind == "category"
        and len(token.text) <= len(before.text) <= 6
        and _CJK_ONLY.fullmatch(before.text + token.text)
    ):
        return 1.2
    if kind == "value":
        if _NOTE.fullmatch(token.text) and cells.is_value(before.text):
            return 0.1
        if cells.is_value(token.text) and cells.ends_in_operator(before.text):
            return 0.3
        words = cells.is_text(before.text) and not cells.is_value(before.text) and not cells.is_value(token.text)
        return _MERGE - 1.0 if words and not cells.has_unit_bracket(token.text) else _NEVER
    if cells.is_value(token.text):
        return 8.0
    if kind == "name" and unit_names and not cells.has_unit_bracket(before.text):
        return _MERGE - 1.6
    return _MERGE + (2.0 if kind == "name" and cells.has_unit_bracket(before.text) else 0.0)


_SKIP: dict[Column, float] = {
    "category": 0.0,
    "number": 1.0,
    "name": 6.0,
    "unit": 1.5,
    "value": 2.0,
    "nature": 1.5,
    "other": 1.0,
}


def solve(tokens: Sequence[Token], columns: Sequence[tuple[Column, str]]) -> tuple[list[list[list[int]]], float]:
    """The cheapest way to read the tokens, in their order, into rows: for each row and column the tokens in its cell."""
    width = len(columns)
    kinds = [kind for kind, _ in columns]
    baselines = _baselines(columns)
    implied = kinds[0] == "category" and not columns[0][1]
    names = [t.text for t in tokens if is_nameish(t.text) and len(t.text) > 4]
    brackets = sum(cells.has_unit_bracket(token.text) for token in tokens)
    rows_told = sum(cells.is_value(token.text) for token in tokens) / max(1, kinds.count("value"))
    # Names broken over lines have their unit on the last one only.
    unit_names = "unit" not in kinds and (
        sum(map(cells.has_unit_bracket, names)) > len(names) * 0.5 or brackets > rows_told * 0.7
    )
    longest = 16 if kinds.count("category") > 1 else 12 if cells.header_kind(columns[0][1]) == "category" else 10
    # Growth is left blank more often than a base value, and that more often than a target.
    skip = [
        _SKIP[kind] - (0.5 if kind == "value" and _GROWS.search(columns[i][1]) else 0.3 if baselines[i] else 0.0)
        for i, kind in enumerate(kinds)
    ]
    before = [0.0]
    for value in skip:
        before.append(before[-1] + value)
    infinite = float("inf")
    best = [infinite] * width
    back: list[list[tuple[int, bool, bool]]] = []
    for i, token in enumerate(tokens):
        match = [_match(token, kinds[c], baselines[c], unit_names, longest) for c in range(width)]
        if kinds[0] == "category":
            # The longer, the more likely the first line of a broken name.
            match[0] += (0.7 if implied else 0.0) + (0.3 if implied else 0.1) * max(0, len(token.text) - 6)
        now = [infinite] * width
        trace: list[tuple[int, bool, bool]] = [(-1, True, False)] * width
        if i == 0:
            for c in range(width):
                now[c] = before[c] + match[c]
        else:
            fresh, origin = min((best[p] + before[width] - before[p + 1], p) for p in range(width))
            for c in range(width):
                now[c], trace[c] = fresh + before[c] + match[c] + 0.2, (origin, True, False)
                bounded = kinds[c] == "value" and _is_bound(tokens[i - 1].text, token.text)
                for p in range(c):
                    cost = best[p] + before[c] - before[p + 1] + match[c]
                    if bounded and kinds[p] == "value" and True in baselines[:p]:
                        cost += 0.5  # 10.5 before ≤5 is what the plan starts from.
                    if cost < now[c]:
                        now[c], trace[c] = cost, (p, False, False)
                cost = best[c] + _merge(tokens[i - 1], token, kinds[c], unit_names)
                if cost < now[c]:
                    now[c], trace[c] = cost, (c, False, True)
        best = now
        back.append(trace)
    total, column = min((best[p] + before[width] - before[p + 1], p) for p in range(width))
    rows: list[list[list[int]]] = []
    current: list[list[int]] = [[] for _ in range(width)]
    for i in range(len(tokens) - 1, -1, -1):
        current[column].insert(0, i)
        previous, fresh_row, _ = back[i][column]
        if fresh_row:
            rows.append(current)
            current = [[] for _ in range(width)]
        column = previous
    rows.reverse()
    return rows, total


def _is_bound(figure: str, behind: str) -> bool:
    """Whether a bare figure stands before a bound or a range."""
    if not cells.is_value(figure) or cells.has_operator(figure) or not cells.is_value(behind):
        return False
    return cells.has_operator(behind) or _RANGE.fullmatch(behind) is not None


_LISTED = re.compile("[一二三四五六七八九十]{1,3}、")
"""一、促进就业: how categories are counted."""
_RANGE = re.compile("[0-9.]{1,8}[-—–~～][0-9.]{1,8}")
_GROWS = re.compile("年均|累计|增[长速幅]")


_BASES = ("现状", "基期", "基准", "基数", "基线", "实际", "完成")


def _baselines(columns: Sequence[tuple[Column, str]]) -> list[bool]:
    """Which value columns tell the state before the plan: by their word, or by having the earliest of several years."""
    years = [re.findall("(?:19|20)[0-9]{2}", plain(text)) if kind == "value" else [] for kind, text in columns]
    ends = [int(found[-1]) for found in years if found]
    told = [kind == "value" and any(word in text for word in _BASES) for kind, text in columns]
    if any(told) or len(set(ends)) < 2:
        return told
    return [bool(found) and int(found[-1]) == min(ends) for found in years]
