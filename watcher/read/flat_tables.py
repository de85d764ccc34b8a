"""Tables that lost their shape: one cell a line, rows run together, become grids again.

The header words say which columns there are; each following line is typed (name, value, nature, unit, row number,
category) and a shortest path fits the lines into rows of those columns, so that a missing cell, a cell broken over two
lines, a category that stands once for several rows and a header repeated at a page break find their place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from watcher.read import cells
from watcher.read.cells import Column
from watcher.read.centred import put_in_brackets, put_together
from watcher.read.flat_headers import MAX_COLUMNS, Head, header_at, parts_of
from watcher.read.flat_rows import Token, is_nameish, solve
from watcher.read.outline import is_heading, rank
from watcher.read.regular import head_at, is_year, years_stand_aside
from watcher.text import squeeze
from watcher.types import Cell, Grid

MAX_TOKENS = 1200
_FAILURES = 40
"""After so many headers without a table a document is not searched further."""
_LINES = 5000
"""Lines after a header that may belong to its table."""
_KIND = re.compile("(?:[一二三四]、|[(（][一二三四][)）])?(?:约束|预期)性指标")
"""一、约束性指标 inside a table tells of the rows below; it is no heading of the text."""
_PAGE_NUMBER = re.compile(
    r"[-—－·]\s*[0-9]{1,4}\s*[-—－·]|第\s?[0-9]{1,4}\s?页(?:[\s,，/]{0,3}共\s?[0-9]{1,4}\s?页)?|共\s?[0-9]{1,4}\s?页[\s,，/]{0,3}第\s?[0-9]{1,4}\s?页"
)
_GIVE_UP = 2.2
"""Mean cost a cell above which the lines are no table."""


@dataclass(frozen=True, slots=True)
class Found:
    """A table found in lines: the half-open range that it takes and the grid that it is."""

    start: int
    end: int
    grid: Grid
    repeated: tuple[str, ...] = ()
    """Header cells that were printed again inside the table and left out."""


def find_tables(lines: Sequence[str]) -> list[Found]:
    """Every flattened table in a document's lines, in order, without overlap. Blank lines may be among them."""
    found: list[Found] = []
    position = failures = 0
    while position < len(lines):
        head = header_at(lines, position)
        tried = [head, *head.others()] if head else []
        table: Found | None = None
        cost = _GIVE_UP
        for head in tried:
            # 2025年 over 规划目标 may be one cell or two: what fits the rows best.
            other, less = _fit(lines, head)
            if other is not None and (table is None or less < cost):
                table, cost = other, less
        if table is None and (regular := head_at(lines, position)) is not None:
            tried.append(regular)
            table, cost = _fit(lines, regular)
        if table is None:
            failures += len(tried)
            if failures > _FAILURES:
                break
            position += 1
            continue
        found.append(table)
        position = table.end
    return found


def _fit(lines: Sequence[str], head: Head) -> tuple[Found | None, float]:
    """Fits the lines after a header into its columns, with the mean cost of a cell; ``None`` when they do not go."""
    tokens, end, repeated, notes = _tokens(lines, head)
    if len(tokens) < 2:
        return None, _GIVE_UP
    if years_stand_aside(head):
        tokens = [replace(token, year=is_year(token.text)) for token in tokens]
    tokens = _number(tokens)
    numbered = any(token.number for token in tokens)
    columns = list(head.columns)
    kinds = [kind for kind, _ in columns]
    if numbered and "number" not in kinds:
        columns.insert(0, ("number", ""))
    if "category" not in kinds:
        columns.insert(0, ("category", ""))
    rows, cost = solve(tokens, columns)
    rows = _trim(rows, columns)
    mean = cost / len(tokens)
    if len(rows) < 2 or mean > _GIVE_UP:
        return None, _GIVE_UP
    used = [i for row in rows for cell in row for i in cell]
    if not any(row[0] for row in rows) and not columns[0][1]:
        columns = columns[1:]
        rows = [row[1:] for row in rows]
    last = tokens[max(used)]
    complete = max(used) == len(tokens) - 1
    stop = end if complete else last.line + 1
    return Found(head.start, stop, _grid(rows, tokens, columns, notes if complete else ()), tuple(repeated)), mean


def _tokens(lines: Sequence[str], head: Head) -> tuple[list[Token], int, list[str], tuple[str, ...]]:
    """The lines that may be cells, up to the next heading or sentence, without repeated headers; and notes below."""
    words = {squeeze(text) for _, text in (*head.columns, *head.printed)}
    tokens: list[Token] = []
    repeated: list[str] = []
    notes: list[str] = []
    explained: list[str] = []
    wanted = "1"
    position = head.end
    blanks = 0
    numbered = any(kind == "number" for kind, _ in head.columns)
    spaced = all(len(line.split()) >= 2 for line in lines[head.start : head.end] if line.strip())
    end = head.end
    while position < min(len(lines), head.end + _LINES) and len(tokens) < MAX_TOKENS:
        raw = lines[position]
        text = raw.strip()
        if not text:
            blanks += 1
            if blanks > 6:
                break
            position += 1
            continue
        blanks = 0
        named = numbered and tokens and len(text) <= _NAME and _bare(tokens[-1].text) == wanted
        if numbered and not named and _EXPLAINS.search(text) and _goes_on(lines, position, wanted):
            explained.append(text)
            position += 1
            continue
        if text.startswith(("注:", "注：", "说明：", "备注：", "注1", "注 ")):
            notes.append(text)
            position += 1
            end = position
            continue
        if notes and (text[0] in "①②③④⑤⑥" or text[:2] in ("1.", "2.", "3.")):
            notes.append(text)
            position += 1
            end = position
            continue
        if notes:
            break
        if _PAGE_NUMBER.fullmatch(text):
            position += 1
            continue
        run = _repeat(lines, position, words)
        if run > position:
            repeated += [lines[i].strip() for i in range(position, run) if lines[i].strip()]
            position = run
            continue
        banner = not named and _stops(text)
        if banner and not _heads_cells(lines, position, head):
            break
        parts = parts_of(text) if spaced else [text]
        tokens += [Token(position, text, banner=True)] if banner else [Token(position, part) for part in parts]
        if numbered:
            for one, behind in pairwise(tokens[-len(parts) - 1 :]):
                if cells.is_bare_number(one.text) and is_nameish(behind.text):
                    wanted = str(int(_bare(one.text)) + 1)
        position += 1
        end = position
    if spaced:
        tokens = put_together(tokens, numbered)
    elif not numbered and not any(kind == "unit" for kind, _ in head.columns):
        tokens = put_in_brackets(tokens)
    return tokens, end, repeated, tuple(explained + notes)


_EXPLAINS = re.compile("^(?:说明|注|备注|指标(?:说明|解释|定义)|计算(?:方法|公式)|数据来源|统计口径)[:：]|[。；]$")
_NAME = 80
"""Characters that a name behind its number has at most, sentence or not."""
_AHEAD = 12
"""Lines between one row and the next that may explain it."""


def _goes_on(lines: Sequence[str], position: int, wanted: str) -> bool:
    """Whether a line stands between two rows of numbered ones, as explanations do: the ``wanted`` number, and a name, follow soon."""
    below = [text for line in lines[position + 1 : position + 4 * _AHEAD] if (text := line.strip())][:_AHEAD]
    return wanted != "1" and any(_bare(one) == wanted and is_nameish(behind) for one, behind in pairwise(below))


def _bare(number: str) -> str:
    return squeeze(number).rstrip(".．、")


def _stops(text: str) -> bool:
    """Whether a line cannot be a cell: a heading, a sentence, a long paragraph."""
    if len(text) > 80 or text[-1] in "。；;：:":
        return True
    if _KIND.fullmatch(text):
        return False
    if is_heading(text) and not cells.is_value(text) and rank(text) in (1, 2, 3, 4, 8):
        return True
    return rank(text) == 5 and is_heading(text) and len(text) > 6


def _heads_cells(lines: Sequence[str], position: int, head: Head) -> bool:
    """Whether a numbered line stands over rows of the table (（二）合理膳食行动) and not over text: the cells of a row follow it."""
    if len(lines[position].strip()) > 30:
        return False
    wanted = {kind for kind, _ in head.columns} & {"value", "nature"}
    wide = len(head.columns) + 2
    seen = 0
    for line in lines[position + 1 : position + 1 + 4 * wide]:
        text = line.strip()
        if not text:
            continue
        if len(text) > 60 or _stops(text):
            return False
        seen += 1
        if cells.is_nature(text):
            wanted.discard("nature")
        elif seen > 1 and cells.is_value(text):
            wanted.discard("value")
        if not wanted or seen == wide:
            break
    return not wanted


def _repeat(lines: Sequence[str], position: int, words: set[str]) -> int:
    """Where a repeated header that begins at ``position`` ends; ``position`` itself when there is none."""
    seen = 0
    at = position
    while at < len(lines) and seen < 2 * MAX_COLUMNS:
        text = squeeze(lines[at])
        if not text:
            at += 1
            continue
        if text in words or (seen == 0 and text.strip("（）()") in ("续表", "续上表", "表续")):
            seen += 1
            at += 1
            continue
        break
    return at if seen >= min(3, len(words)) else position


def _number(tokens: list[Token]) -> list[Token]:
    """Marks the figures that count the rows: 1, 2, 3 …, and 1.1, 1.2 … below them, each before a name."""
    marked: set[int] = set()
    counted = inner = 0
    for i, token in enumerate(tokens[:-1]):
        match = _ROW_NUMBER.fullmatch(token.text)
        if match is None or not is_nameish(tokens[i + 1].text):
            continue
        whole, part = int(match[1]), int(match[2] or 0)
        if not part and whole == counted + 1:
            counted, inner = whole, 0
        elif part and counted and whole == counted and part == inner + 1:
            inner = part
        else:
            continue
        marked.add(i)
    names = sum(is_nameish(token.text) and len(token.text) > 3 for token in tokens)
    if len(marked) < 3 or len(marked) < names * 0.35:
        return tokens
    return [replace(token, number=True) if i in marked else token for i, token in enumerate(tokens)]


_ROW_NUMBER = re.compile(r"([0-9０-９]{1,3})(?:[.．]([1-9][0-9]?))?[.、．]?")


def _trim(rows: list[list[list[int]]], columns: Sequence[tuple[Column, str]]) -> list[list[list[int]]]:
    """Leaves out what follows the last row that has a name and a value: it belongs to the text below."""
    name = [i for i, (kind, _) in enumerate(columns) if kind == "name"]
    values = [i for i, (kind, _) in enumerate(columns) if kind in ("value", "nature")]
    while rows and not (any(rows[-1][i] for i in name) and any(rows[-1][i] for i in values)):
        rows.pop()
    return rows


def _grid(
    rows: Sequence[Sequence[Sequence[int]]],
    tokens: Sequence[Token],
    columns: Sequence[tuple[Column, str]],
    notes: tuple[str, ...],
) -> Grid:
    """Rows as cells: a category holds for the rows below until the next one (inherited), a broken cell is joined."""
    result: list[tuple[Cell, ...]] = [tuple(Cell(text) for _, text in columns)]
    category = ""
    for row in rows:
        out = []
        for (kind, _), members in zip(columns, row, strict=True):
            text = "".join(tokens[i].text for i in members)
            if kind == "category":
                out.append(Cell(text) if text else Cell(category, inherited=bool(category)))
                category = text or category
            else:
                out.append(Cell(text))
        result.append(tuple(out))
    return Grid(tuple(result), header_rows=1, notes=notes)


def text_of(grid: Grid) -> str:
    """A grid as block text: rows by newline, cells by tab, inherited cells empty, tabs and newlines inside cells as spaces."""
    lines = ["\t".join(["" if cell.inherited else cell.text for cell in row]) for row in grid.rows]
    text = "\n".join(lines)
    if text.count("\n") == len(lines) - 1 and text.count("\t") == sum(map(len, grid.rows)) - len(lines):
        return text
    return "\n".join(["\t".join(["" if cell.inherited else _flat(cell.text) for cell in row]) for row in grid.rows])


def _flat(text: str) -> str:
    return text.replace("\t", " ").replace("\n", " ")
