"""Heads of flattened tables whose words nobody knows (县区, 新增托位数（个）): told by the rows below, which are all built alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from watcher.read import cells
from watcher.read.cells import Column
from watcher.read.flat_headers import MAX_COLUMNS, Head, parts_of
from watcher.text import plain

_LONGEST = 32
"""Characters that a cell of such a table has at most."""
_WORD = 12
"""Characters that the word over the names of the rows has at most."""
_ROWS = 3
_SIDES = re.compile(
    r"(?:各?(?:地区|地方|区域|市州|州市|市县|县区|区县|市区|旗县|盟市|旗县区|区市县|县市区|县\(市、?区\)|县\(区\)|区\(县\)|县\(市\)|区县\(市\)|市\(州\)|区\(市、?县\)|辖区|行政区划?|乡镇|街道|镇街|乡镇\(街道\)|镇\(街道\)"
    r"|片区|园区|单位名称|机构名称|医院名称|学校名称|品种|作物|产品|行业|类型))|年份|年度|时间|阶段|产品名称"
)
"""What the first column of rows is headed by that are no indicators: places, institutions, products, years."""
_NAMING = ("项目", "名称", "事项", "对象")
"""Ends of words that head the names of rows (服务项目)."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?(?:底|末)?(?:\(.{1,6}\)|目标|现状|实际|计划|规划)?")
_SENTENCE = re.compile("[。；;！？]")
_BRACKET = re.compile("[（(][^（）()]{1,14}[)）]")


def years_stand_aside(head: Head) -> bool:
    """Whether the rows below are named by years."""
    return plain(head.columns[0][1]) in ("年份", "年度", "时间", "阶段")


def is_year(text: str) -> bool:
    """Whether a cell is a year that names a row (2025年, 2022年（现状）)."""
    return text[:2] in ("20", "19") and _YEAR.fullmatch(plain(text)) is not None


def head_at(lines: Sequence[str], start: int) -> Head | None:
    """A head of at least two columns that begins at ``start`` with rows below it, built alike, of names and figures."""
    first = lines[start].strip()
    if not first or len(first) > 160:
        return None
    if len(first) > _WORD and " " not in first and "\u3000" not in first:
        return None  # almost every line of a text
    if _SENTENCE.search(first):
        return None
    if "\t" in first or first.count("|") > 1:
        return None  # such rows keep their blank cells, and are read elsewhere
    parts = parts_of(first) if " " in first or "\u3000" in first else []
    if len(parts) >= 3:
        return _on_one_line(lines, start, parts)
    word = plain(first)
    if len(word) > _WORD or not (
        _SIDES.fullmatch(word)
        or word.endswith(_NAMING)
        or cells.header_kind(word) in ("name", "number", "unit")
        or _before_measures(lines, start)
    ):
        return None
    return _one_a_line(lines, start)


def _before_measures(lines: Sequence[str], start: int) -> bool:
    """Whether two heads of columns behind a word say their units (学段, 学校数（所）, 在校生（人）)."""
    if start + 2 >= len(lines) or lines[start + 1][-1:] not in "）)":
        return False  # almost every line; a blank one may be the next
    behind = [text for line in lines[start + 1 : start + 6] if (text := line.strip())][:2]
    return len(behind) == 2 and all(len(text) <= _LONGEST and cells.has_unit_bracket(text) for text in behind)


def _on_one_line(lines: Sequence[str], start: int, parts: list[str]) -> Head | None:
    if len(parts) > MAX_COLUMNS or not all(map(_may_head, parts)):
        return None
    rows: list[list[str]] = []
    for line in lines[start + 1 : start + 4 * _ROWS]:
        if not line.strip():
            continue
        row = parts_of(line.strip())
        if len(row) != len(parts) or len(rows) == _ROWS:
            break
        rows.append(row)
    return _told(start, start + 1, parts, rows) if len(rows) >= 2 else None


def _one_a_line(lines: Sequence[str], start: int) -> Head | None:
    texts: list[str] = []
    ends: list[int] = []
    for at in range(start, min(len(lines), start + 5 * MAX_COLUMNS * (_ROWS + 1))):
        text = lines[at].strip()
        if not text:
            continue
        if len(text) > _LONGEST or _SENTENCE.search(text):
            break
        if texts and _BRACKET.fullmatch(text):
            texts[-1] += text
            ends[-1] = at + 1
        else:
            texts.append(text)
            ends.append(at + 1)
    for width in range(2, min(MAX_COLUMNS, len(texts) // 3) + 1):
        if not _may_head(texts[width - 1]):
            break
        rows = [texts[at : at + width] for at in range(width, len(texts) - width + 1, width)][:_ROWS]
        if len(rows) >= (_ROWS if width == 2 else 2) and (head := _told(start, ends[width - 1], texts[:width], rows)):
            return head
    return None


def _may_head(text: str) -> bool:
    return cells.header_kind(text) is not None or (cells.is_text(text) and not cells.is_value(text))


def _told(start: int, end: int, heads: list[str], rows: list[list[str]]) -> Head | None:
    """The columns that rows built alike have; ``None`` where they are not alike, or name nothing, or count nothing."""
    sides = plain(heads[0]) in ("年份", "年度", "时间", "阶段")
    columns: list[tuple[Column, str]] = []
    for at, head in enumerate(heads):
        column = [row[at] for row in rows]
        known = cells.header_kind(head)
        if not at and sides and all(map(is_year, column)):
            columns.append(("name", head))
        elif all(map(cells.is_value, column)):
            bare = all(map(cells.is_bare_number, column))
            columns.append(("number" if known == "number" and bare else "value", head))
        elif any(map(cells.is_value, column)):
            return None
        elif all(map(cells.is_nature, column)):
            columns.append(("nature", head))
        elif all(map(cells.is_unit, column)):
            columns.append(("unit", head))
        elif "name" not in (kind for kind, _ in columns):
            columns.append(("name", head))
        else:
            columns.append(("other", head))
    kinds = [kind for kind, _ in columns]
    strange = sum(kind == "other" and cells.header_kind(head) != "other" for kind, head in columns)
    if "name" not in kinds[:2] or kinds.count("value") < 1 or strange > 1 or "value" in kinds[:1]:
        return None
    return Head(start, end, tuple(columns))
