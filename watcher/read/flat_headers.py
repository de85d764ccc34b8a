"""Headers of flattened tables: which lines announce columns, and which columns they announce."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, takewhile

from watcher.read import cells
from watcher.read.cells import Column
from watcher.text import plain

MAX_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Head:
    """The half-open range of lines that a header takes, and its columns in order."""

    start: int
    end: int
    columns: tuple[tuple[Column, str], ...]
    printed: tuple[tuple[Column, str], ...] = ()
    """The same as it was printed, where lines of it may be one cell or two."""

    def others(self) -> list[Head]:
        """Other ways to read the same words: what fits the rows best is right."""
        spread = self._spread()
        made = [spread] if spread else []
        if self.printed:
            at = [n for n in range(1, len(self.printed)) if _is_pair(self.printed[n - 1], self.printed[n])]
            chosen = [set(some) for size in range(min(len(at), 2) + 1) for some in combinations(at[:3], size)]
            if len(at) > 2:
                chosen.append(set(at))
            # Results stand under the year they are of, targets not under the first one.
            chosen.sort(key=lambda some: sum(_is_base(self.printed, n) for n in some))
            made += [
                Head(self.start, self.end, _pairs_joined(self.printed, some), self.printed) for some in chosen if at
            ]
        return [head for head in made if head.columns != self.columns]

    def _spread(self) -> Head | None:
        """The same header with years of a second line under the words of the first (现状值, 目标值, 属性; 2020年, 2023年, 2025年); the last word spans the rest."""
        at = [i for i, (kind, _) in enumerate(self.columns) if kind == "value"]
        dated = [_DATED.search(plain(self.columns[i][1])) is not None for i in at]
        words = dated.index(True) if True in dated else 0
        years = len(at) - words
        if not 0 < words < years or not all(dated[words:]) or at[words:] != [*range(at[words], len(self.columns))]:
            return None
        if at[:words] != [*range(at[0], at[0] + words)]:
            return None
        heads = [self.columns[i][1] for i in at]
        under = [heads[min(n, words - 1)] + year for n, year in enumerate(heads[words:])]
        made = (*self.columns[: at[0]], *[("value", text) for text in under], *self.columns[at[0] + words : at[words]])
        return Head(self.start, self.end, made, self.columns)


def _is_pair(before: tuple[Column, str], column: tuple[Column, str]) -> bool:
    """Whether 2025年 and 规划目标, “十四五” and 年均 stand in two lines of what may be one cell."""
    return (
        column[0] == before[0] == "value"
        and _LEADS.fullmatch(plain(before[1])) is not None
        and _SAYS.fullmatch(plain(column[1])) is not None
    )


def _is_base(columns: Sequence[tuple[Column, str]], at: int) -> bool:
    """Whether a pair would put a target under the earliest year."""
    years = [found[0] for kind, text in columns if kind == "value" and (found := _DATED.findall(plain(text)))]
    return "目标" in columns[at][1] and len(set(years)) > 1 and min(years) in plain(columns[at - 1][1])


def _pairs_joined(columns: Sequence[tuple[Column, str]], at: set[int]) -> tuple[tuple[Column, str], ...]:
    """The columns with those at the given places joined to the ones before."""
    made: list[tuple[Column, str]] = []
    for n, (kind, text) in enumerate(columns):
        if n in at:
            made[-1] = (kind, made[-1][1] + text)
        else:
            made.append((kind, text))
    return tuple(made)


_DATED = re.compile("(?:19|20)[0-9]{2}")
_LEADS = re.compile('(?:20[0-9]{2}年?|[“"]?十[二三四五六]五[”"]?(?:时期|期间|末)?)')
_SAYS = re.compile(
    "(?:规划|发展|预期|现状|基期|实际|预计)?(?:目标|完成|实际|现状|基期|基数|基准|基线|预计|规划|累计|年均(?:增[长速幅])?)[值数]?"
)
_WIDE = re.compile("[ \u3000]{3,}|\t+")
_YEAR_APART = re.compile("(?<=(?<![0-9])20[0-9]{2}) +(?=年)")
"""2020 年目标值: the space within one head."""
_GAP = re.compile("[ \u3000]{2,}")


def parts_of(line: str) -> list[str]:
    """The cells of a line set with spaces: parted by wide gaps where it has them (指  标    2020年), else by every space."""
    line = _YEAR_APART.sub("", line)
    wide = _WIDE.split(line)
    if len(wide) < 2:
        return _unspread(line.split())
    return ["".join(cell.split()) for part in wide for cell in _narrow(part)]


def _unspread(parts: list[str]) -> list[str]:
    """The parts with those joined that are one word of a head set wide (单 位, 备  注)."""
    made: list[str] = []
    for part in parts:
        if len(part) == 1 and made and len(made[-1]) == 1 and cells.header_kind(made[-1] + part) is not None:
            made[-1] += part
        else:
            made.append(part)
    return made


def _narrow(part: str) -> list[str]:
    """What stands between wide gaps, parted at two spaces (序号  指标名称), unless these only spread a word (指  标)."""
    found = _GAP.split(part)
    return found if len(found) > 1 and any(len(cell) > 1 for cell in found) else [part]


def header_at(lines: Sequence[str], start: int) -> Head | None:
    """A run of header words that begins at ``start``: at least a name or category column and a value or nature column."""
    first = lines[start].strip()
    if not first or len(first) > 120:
        return None
    columns: list[tuple[Column, str]] = []
    position = start
    last = start
    blanks = 0
    if len(first) <= 32 and cells.header_kind(first) is None and " " not in first and "\t" not in first:
        if not _may_name_rows(lines, start):
            return None
        columns.append(("name", first))
        position += 1
    while position < len(lines) and len(columns) < MAX_COLUMNS:
        text = lines[position].strip()
        if not text:
            blanks += 1
            if blanks > 3:
                break
            position += 1
            continue
        kind = cells.header_kind(text)
        if columns and _continues(columns[-1], text):
            columns[-1] = (columns[-1][0], columns[-1][1] + text)
        elif kind is None and columns and (whole := _broken_word(columns[-1][1], text)):
            columns[-1] = (whole, columns[-1][1] + text)
        elif kind is not None:
            columns.append((kind, text))
        elif len(columns) > 1 and _stands_between(columns, lines, position):
            columns.append(("other", text))
        else:
            parts = parts_of(text)
            kinds = [cells.header_kind(part) for part in parts]
            if not columns and len(parts) > 3 and kinds.count(None) == 1 and kinds[0] is not None:
                kinds = _by_first_row(kinds, lines, position + 1)
            if columns or len(parts) < 2 or any(k is None for k in kinds):
                break
            columns += [(k, part) for k, part in zip(kinds, parts, strict=True) if k is not None]
        blanks = 0
        last = position
        position += 1
    columns, printed = _settle(columns)
    kinds_present = {kind for kind, _ in columns}
    if len(columns) < 2 or "value" not in kinds_present or not kinds_present & {"name", "category"}:
        return None
    if all(cells.ambiguous_header(text) for _, text in columns):
        return None
    return Head(start, last + 1, tuple(columns), tuple(printed))


_ANY_WORD = re.compile("[\u4e00-\u9fff（）()]{2,6}")


def _may_name_rows(lines: Sequence[str], start: int) -> bool:
    """Whether a word nobody knows (监测点) stands before years and other heads of columns, none of which names the rows: so it does."""
    if _ANY_WORD.fullmatch(lines[start].strip()) is None:
        return False
    below = [text for line in lines[start + 1 : start + 9] if (text := line.strip())][:3]
    kinds = list(takewhile(bool, map(cells.header_kind, below)))
    return (
        len(kinds) > 1
        and not {"name", "category", "number"} & {*kinds}
        and _DATED.search(below[kinds.index("value")] if "value" in kinds else "") is not None
    )


def _stands_between(columns: Sequence[tuple[Column, str]], lines: Sequence[str], position: int) -> bool:
    """Whether a word nobody knows is a head, too: a column of figures comes before it, and another head for years or natures behind it."""
    if _ANY_WORD.fullmatch(lines[position].strip()) is None or "value" not in [kind for kind, _ in columns]:
        return False
    behind = next((text for line in lines[position + 1 : position + 5] if (text := line.strip())), "")
    kind = cells.header_kind(behind)
    return (kind == "nature" and not cells.is_nature(behind)) or (kind == "value" and _DATED.search(behind) is not None)


def _broken_word(before: str, text: str) -> Column | None:
    """The column that two lines announce as one word of which the second says nothing alone (完成 and 情况)."""
    if len(before) > 6 or len(text) > 4 or not cells.is_text(text) or text[0] in "（(":
        return None
    return cells.header_kind(before + text)


_BRACKETED = re.compile(r"[(（\[［〔【][^()（）]{1,12}[)）\]］〕】]|/[累年].{1,6}")


def _continues(column: tuple[Column, str], text: str) -> bool:
    """Whether a line is the rest of the header cell before it: 现状 and （2020年）, 年均增长 and 〔累计〕. A year and [累计] are two columns."""
    kind, before = column
    if kind not in ("value", "name") or not _BRACKETED.fullmatch(text):
        return False
    return "累计" not in text or "年均" in before or "增" in before


def _by_first_row(kinds: list[Column | None], lines: Sequence[str], below: int) -> list[Column | None]:
    """The kinds of a line of headers with one word nobody knows (累计增加值) by what the first row holds in its place."""
    row = next((parts_of(line.strip()) for line in lines[below : below + 4] if line.strip()), [])
    if len(row) != len(kinds):
        return kinds
    return [
        kind or ("value" if cells.is_value(cell) else "other" if cells.is_text(cell) else None)
        for kind, cell in zip(kinds, row, strict=True)
    ]


_Columns = list[tuple[Column, str]]


def _settle(columns: _Columns) -> tuple[_Columns, _Columns]:
    """Header words in their place: broken cells joined, years put under their words, words with two meanings decided; and without the second."""
    if sum(kind == "name" for kind, _ in columns) > 1:
        columns = [("value" if plain(text) == "目标" else kind, text) for kind, text in columns]
    printed = _broken(columns)
    paired = _two_lines(printed)
    return _named(list(paired)), _named(list(printed))


def _named(columns: _Columns) -> _Columns:
    """The columns with one that names the rows."""
    kinds = [kind for kind, _ in columns]
    if kinds.count("name") > 1:
        names = [i for i, k in enumerate(kinds) if k == "name"]
        keep = max(names, key=lambda i: ("指标" in plain(columns[i][1]) and "级指标" not in plain(columns[i][1]), i))
        for i in names:
            if i != keep:
                text = columns[i][1]
                columns[i] = ("value" if i > keep else "category", text)
    if "name" not in [kind for kind, _ in columns]:
        for i, (kind, text) in enumerate(columns):
            if kind == "category":
                columns[i] = ("name", text)
                break
    return columns


def _broken(columns: list[tuple[Column, str]]) -> list[tuple[Column, str]]:
    """指标 and 性质 on two lines are one header cell when another column already is the name."""
    names = sum(kind == "name" for kind, _ in columns)
    result: list[tuple[Column, str]] = []
    for kind, text in columns:
        if kind == "nature" and names > 1 and result and plain(result[-1][1]) == "指标" and len(result) > 1:
            names -= 1
            result[-1] = ("nature", result[-1][1] + text)
        else:
            result.append((kind, text))
    return result


def _two_lines(columns: list[tuple[Column, str]]) -> list[tuple[Column, str]]:
    """A header of two lines read as one: 现状, 目标 … 2020年, 2025年 (or 2020年, 现状, 2025年, 目标) are two columns, not four."""
    at = [i for i, (kind, _) in enumerate(columns) if kind == "value"]
    dated = ["20" in plain(columns[i][1]) or "19" in plain(columns[i][1]) for i in at]
    half = len(at) // 2
    if half < 2 or len(at) % 2:
        return columns
    if dated == [True, False] * half and all(b == a + 1 for a, b in zip(at[::2], at[1::2], strict=True)):
        pairs = list(zip(at[::2], at[1::2], strict=True))
    elif dated == [False] * half + [True] * half:
        pairs = list(zip(at[:half], at[half:], strict=True))
    else:
        return columns
    result = list(columns)
    for keep, gone in pairs:
        result[keep] = ("value", columns[keep][1] + columns[gone][1])
    gone_at = {gone for _, gone in pairs}
    return [column for i, column in enumerate(result) if i not in gone_at]
