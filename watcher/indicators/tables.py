"""Indicators from tables: one for every printed cell of a column of values, named by its row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from msgspec import structs

from watcher.indicators import several, values
from watcher.indicators.columns import AGES, BOUNDS, meanings
from watcher.indicators.context import Times
from watcher.indicators.figures import as_printed, counted, differing, one_year, promised, without_targets
from watcher.indicators.heads import MEASURES, YEAR, header_rows, is_header_row, nature_of
from watcher.indicators.keys import key_for
from watcher.indicators.roles import Column, all_planned
from watcher.indicators.wholes import holds_houses, holds_places, measure_of, part_of, wholes_at
from watcher.lexicon.units import family
from watcher.text import plain, tidy
from watcher.types import Block, Cell, Grid, Indicator, Nature, Role

_ANY_SPACE = re.compile(r"\s")
_LETTERS = re.compile(r"[A-Za-z]\s+[A-Za-z]")
_NUMBERED = re.compile(r"^\d{1,2}[.．、]\s*|^[（(]\d{1,2}[)）]\s*|^(?:其中|＃|#)[:：]?\s*")
_MARKS = re.compile(r"(?:[*＊★☆▲△●○①-⑳¹⁴-⁹]|(?<!m)[²³]|[\[［〔【][注*]?\d{1,2}[\]］〕】])+$")
"""Marks of footnotes, behind the name or behind its unit: 毛入园率（%）①, 毛入园率[1]（%）."""
_CIRCLED = re.compile("[①-⑳]")
"""A mark inside a name (排放强度②下降率), or its number."""
_CACHED = 64
"""Longer names are read anew each time, so that no page fills the memory."""
_LIST_NUMBER = re.compile(r"[(（]?[一二三四五六七八九十ⅠⅡⅢⅣⅤIVX]{1,4}[)）]?[、.．]?")
_LISTED = frozenset("(（一二三四五六七八九十ⅠⅡⅢⅣⅤIVX")
_SIGNED = re.compile(r"[+＋-]\s?[0-9]")
_DIFFERENCE = re.compile(r"变化|增减|变动")
_YEARLY = re.compile(
    r"^[^均]*累计(?:数|值|增加值?|新增|提高值?)?$|年均(?:[（(][^()（）]{1,6}[)）]|值|数|目标|任务|/[\[〔【]?累计[\]〕】]?)?$"
)
"""年均 and 年均/累计 without 增长 are so many a year, in the unit of the row."""
_MORE = re.compile(r"增减[数量值额]?|(?:增加|净增)[数值额量]|净?增量|净增|提升值|增幅值")
"""How many more or fewer there are than before, in the unit of the row."""
_OF_NATURE = re.compile(r"(?:[（(]?[一二三四五0-9]{1,2}[)）]?[、.．]?)?\s?(?:约束|预期)性指标[:：]?")
"""（一）约束性指标 above a table tells of all its rows."""
_TASKS = re.compile(r"任务|年度目标")
_OWN_YEAR = re.compile(r"[（(](20\d\d)年?[底末]?[)）]$")
"""The year of a figure that is not its column's: 76.8（2019年）."""
_CAPTION = 60
_CAPTION_YEAR = re.compile(r"(?<![\d到至—–-])(20\d\d)\s?年(?![\d—–至到-])")
CAPTION_UNIT = re.compile(r"单位[:：]\s*([^)）\s，,;；]{1,10})")
"""The unit that a caption gives for all."""


class _Layout(NamedTuple):
    """Where the rows of a table hold what."""

    name_at: int
    whole_at: int | None
    """The column left of the names, where it holds the measures that they are parts of."""
    unit_at: int | None
    nature_at: int | None
    values: list[tuple[int, Column, Role]]
    unit: str
    """The unit the caption or a note gives for all."""
    bound_at: int | None
    """The column of the signs ≥ and ≤ of figures beside it."""


def extract(block: Block, at: int, section: str, times: Times, above: str = "") -> list[Indicator]:
    """The indicators of one table block.

    ``at`` is the offset of the block's text in the reading's; ``above`` is the line above it, which may be its caption. A table without a name column or without a column of
    values is no indicator table and gives none. A blank cell gives none; 「--」 gives op ``text``.
    """
    grid = block.grid
    if grid is None or len(grid.rows) < 2 or not grid.rows[0]:
        return []
    heads = header_rows(grid)
    if not heads:
        return []
    width = _repeating(grid.rows[0])
    if not width:
        return _columns_of(block, grid, grid, heads, 0, at, section, times, above)
    found: list[Indicator] = []
    for first in range(0, len(grid.rows[0]), width):
        part = structs.replace(grid, rows=tuple([row[first : first + width] for row in grid.rows]))
        found += _columns_of(block, grid, part, heads, first, at, section, times, above)
    return found


def _repeating(head: Sequence[Cell]) -> int:
    """The width of the part that a head prints twice or more, side by side (指标 | 2020年 | 2025年 | 指标 | 2020年 | 2025年); 0 for every other."""
    whole = len(head)
    for count in (2, 3):
        width = whole // count
        if whole < 4 or width < 2 or whole % count or head[0].text != head[width].text:
            continue
        texts = [plain(cell.text) for cell in head]
        if texts == texts[:width] * count and len(set(texts[:width])) == width:
            return width
    return 0


def _columns_of(
    block: Block, whole: Grid, grid: Grid, heads: int, first: int, at: int, section: str, times: Times, above: str
) -> list[Indicator]:
    """The indicators of ``grid``, whose columns are those of the ``whole`` table from ``first`` on."""
    found = meanings(grid, heads, times)
    caption = grid.caption or (above if len(above) <= _CAPTION else "")
    titled = _CAPTION_YEAR.search(caption)
    if (times.is_report or titled) and not any(column.kind == "value" and "20" in column.header for column in found):
        found = counted(found, grid.rows[heads:], int(titled[1]) if titled else times.told, times)
    elif (of_places := one_year(found, times)) is not None:
        found = counted(found, grid.rows[heads:], of_places, times)
    elif (of_places := _tasks_of(found, grid, heads, times)) is not None:
        found = counted(without_targets(found), grid.rows[heads:], of_places, times)
    elif not any(column.kind == "value" and column.role != "baseline" for column in found):
        found = promised(found, grid.rows[heads:], times)
    name_at = next((n for n, column in enumerate(found) if column.kind == "name"), None)
    if times.first is None and (_TASKS.search(caption) or (name_at is not None and "任务" in found[name_at].header)):
        found = all_planned(found, times)
    if name_at is None or not any(column.kind in ("value", "growth") for column in found):
        return []
    if not _is_indicator_table(found, grid, heads, name_at):
        return []
    if measure := measure_of(found, grid.rows[heads:], name_at, caption):
        found = tuple(
            replace(column, says=measure) if column.kind in ("value", "growth") else column for column in found
        )
    found = as_printed(differing(found, grid.rows[heads:]), grid.rows[:heads])
    general = CAPTION_UNIT.search(caption) or CAPTION_UNIT.search(" ".join(grid.notes))
    layout = _Layout(
        name_at,
        wholes_at(found, grid.rows[heads:], name_at),
        next((n for n, column in enumerate(found) if column.kind == "unit"), None),
        next((n for n, column in enumerate(found) if column.kind == "nature"), None),
        [
            (n, column, column.role)
            for n, column in enumerate(found)
            if column.kind in ("value", "growth") and column.role is not None
        ],
        general[1] if general else "",
        next((n for n, column in enumerate(found) if column.kind == "bound"), None),
    )
    wanted = [first + position for position, _, _ in layout.values]
    lines = block.text.split("\n")
    indicators: list[Indicator] = []
    begin = 0
    nature = nature_of(above) if _OF_NATURE.fullmatch(above) else None
    for number, row in enumerate(grid.rows):
        line = lines[number] if number < len(lines) else None
        if number < heads or is_header_row([cell for cell in row if not cell.inherited]):
            pass
        elif _is_banner(row[1:] if row[0].text[:1] in _LISTED and _LIST_NUMBER.fullmatch(row[0].text) else row):
            # 一、约束性指标 over the rows that are.
            nature = next(filter(None, [nature_of(cell.text) for cell in row]), None)
        else:
            printed = whole.rows[number]
            places = spans(printed, line, begin, wanted) if line is not None else [(0, len(block.text))] * len(wanted)
            indicators += _row(row, layout, places, at, section, nature)
        begin += len(line) + 1 if line is not None else 0
    return indicators


def _tasks_of(found: Sequence[Column], grid: Grid, heads: int, times: Times) -> int | None:
    """The year for which a paper of one year, or a plan, gives tasks to places under heads without a year; ``None`` for other tables."""
    name_at = next((n for n, column in enumerate(found) if column.kind == "name"), None)
    if name_at is None or any(
        column.kind == "value" and (column.role != "target" or YEAR.search(column.header)) for column in found
    ):
        return None
    body = grid.rows[heads:]
    measured = any(column.kind == "unknown" and values.split_unit(column.header)[1] for column in found)
    given = holds_places(body, name_at) or (measured and holds_houses(body, name_at))
    return (times.aim or times.last) if given else None


def _is_indicator_table(found: Sequence[Column], grid: Grid, heads: int, name_at: int) -> bool:
    """Whether the table lists indicators: a header says 指标, or there is a nature column, or years head numbers."""
    headers = "".join(column.header for column in found) + plain(grid.caption)
    kinds = {column.kind for column in found}
    if "指标" in headers or "nature" in kinds or ("unit" in kinds and "value" in kinds):
        return True
    body = grid.rows[heads:]
    columns_of_values = [n for n, column in enumerate(found) if column.kind == "value"]
    cells = [values.cell(row[n].text) for row in body for n in columns_of_values if row[n].text.strip()]
    numeric = sum(1 for value in cells if value is not None and value.number is not None)
    if not cells or numeric * 2 < len(cells):
        return False
    # 项目 may head works to be built; measures say their units, or end as measures do.
    whole_at = wholes_at(found, body, name_at)
    names = [name_and_unit(row[name_at if whole_at is None else whole_at].text) for row in body]
    measured = sum(bool(unit) or name.endswith(MEASURES) for name, unit in names)
    return "项目" not in found[name_at].header or measured * 2 >= len(body)


def _is_banner(row: Sequence[Cell]) -> bool:
    """A row that holds one text over its whole width (but for a number before it): a category, a continued title, a note."""
    first = None
    for cell in row:
        if cell.text.strip():
            text = plain(cell.text)
            if first is not None and text != first:
                return False
            first = text
    return True


def _row(
    row: Sequence[Cell], layout: _Layout, spans: Sequence[tuple[int, int]], at: int, section: str, nature: Nature | None
) -> list[Indicator]:
    """The indicators of one row; ``spans`` says where its values stand in the block, which begins at ``at``.

    ``nature`` is what a line above says of rows that do not say it themselves.
    """
    name, unit = name_and_unit(row[layout.name_at].text)
    if not name:
        return []
    if layout.whole_at is not None and not unit:
        whole, unit = name_and_unit(row[layout.whole_at].text)
        name = part_of(name, whole)
    if not unit and layout.unit_at is not None:
        printed = row[layout.unit_at].text
        unit = _known_unit(printed) if len(printed) <= _CACHED else _any_unit(printed)
    nature = (nature_of(row[layout.nature_at].text) if layout.nature_at is not None else None) or nature
    quote = tidy(" ".join([cell.text for cell in row if not cell.inherited]))
    quoted = joined(tidy(row[layout.name_at].text))
    bound = plain(row[layout.bound_at].text) if layout.bound_at is not None else ""
    made: list[Indicator] = []
    for (position, column, role), (start, end) in zip(layout.values, spans, strict=True):
        text = joined(tidy(row[position].text))
        if bound in BOUNDS and text[:1].isdigit():
            text = bound + text
        value = values.cell(text)
        if row[position].inherited and text == quoted:
            continue  # 总分 over the width of names and values
        if value is None or (column.kind == "growth" and values.is_blank_mark(text)):
            continue
        whole = name + column.says
        if value.number is None and value.low is None and (parts := several.parts(whole, text, unit)):
            for part, (begin, finish) in several.placed(parts, row[position].text, start, end):
                value = values.read_cell(part.text) or value
                own = _unit_of(part.unit or unit, value, column, layout.unit)
                made.append(
                    Indicator(
                        part.name, key_for(part.name, own, role), own, part.year or column.year, role, value.op,
                        value.number, value.text, nature, "table", section, quote, at + begin, at + finish,
                    )
                )  # fmt: skip
            continue
        own = _unit_of(unit, value, column, layout.unit)
        told = _OWN_YEAR.search(text) if text[-1] in "）)" else None
        # In the order of the fields: a call with as many names takes half as long again.
        made.append(
            Indicator(
                whole, key_for(whole, own, role), own, int(told[1]) if told else column.year, role, value.op, value.number, value.text,
                nature, "table", section, quote, at + start, at + end,
            )
        )  # fmt: skip
    return made


def name_and_unit(text: str) -> tuple[str, str]:
    """The name a cell prints, without its number and its unit, and that unit; ``("", "")`` where a number stands instead."""
    return _known_name(text) if len(text) <= _CACHED else _any_name(text)


def _any_name(text: str) -> tuple[str, str]:
    name, unit = values.split_unit(_MARKS.sub("", joined(tidy(text))))
    name = _CIRCLED.sub("", _MARKS.sub("", _NUMBERED.sub("", name)))
    value = values.cell(name)
    if value is None or (value.number is not None and not AGES.fullmatch(name)):
        return "", ""
    return name, unit


_known_name = lru_cache(maxsize=4096)(_any_name)


_WRAPPED = re.compile("^[(（](.*)[)）]$")
"""（万人） is 万人; the bracket of 万头（只） is its own."""


def _any_unit(text: str) -> str:
    """The unit that a cell of the unit column prints, ``""`` where it is blank."""
    unit = _WRAPPED.sub(r"\1", _ANY_SPACE.sub("", text)).replace("％", "%")
    return "" if values.is_blank_mark(unit) else unit


_known_unit = lru_cache(maxsize=1024)(_any_unit)


def joined(text: str) -> str:
    """A tidy cell without its spaces, unless they part words of letters: they are line breaks of the cell."""
    return text if " " not in text or _LETTERS.search(text) or several.apart(text) else text.replace(" ", "")


def _unit_of(of_row: str, value: values.Value, column: Column, general: str) -> str:
    """A growth column speaks in per cent, unless its cell or header says otherwise or the row itself is a rate."""
    if column.kind == "growth":
        if not value.unit and of_row and value.text[:1] in "[［〔【":
            return of_row
        if value.unit or column.unit:
            return value.unit or column.unit
        cumulative = (
            column.differs
            or value.text[:1] in "[［〔【(（"
            or _YEARLY.search(column.header)
            or _MORE.fullmatch(values.split_unit(column.header)[0])
            or (_DIFFERENCE.search(column.header) and _SIGNED.match(value.text))
        )
        if cumulative or family(of_row) in ("ratio", "points") or value.number is None:
            return of_row or (general if cumulative else "")
        return "%"
    return of_row or value.unit or column.unit or general


def spans(row: Sequence[Cell], line: str, begin: int, wanted: Sequence[int]) -> list[tuple[int, int]]:
    """Where the wanted cells of a row stand, in a block's text whose line begins at ``begin``; an inherited cell points at its row.

    Rows are lines and cells are separated by tabs (the contract of :class:`watcher.types.Block`); where a block prints
    otherwise, a cell is looked for from the place of the one before it.
    """
    whole = (begin, begin + len(line))
    parts = line.split("\t")
    if len(parts) == len(row):
        begins: list[int] = []
        for part in parts:
            begins.append(begin)
            begin += len(part) + 1
        spans: list[tuple[int, int]] = []
        for at in wanted:
            text, part = row[at].text, parts[at]
            inside = part.find(text)
            here = begins[at] + inside
            spans.append((here, here + len(text)) if inside >= 0 and part else whole)
        return spans
    cursor = 0
    every: list[tuple[int, int]] = []
    for cell in row:
        inside = line.find(cell.text, cursor) if cell.text else -1
        every.append((begin + inside, begin + inside + len(cell.text)) if inside >= 0 else whole)
        cursor = inside + len(cell.text) if inside >= 0 else cursor
    return [every[at] for at in wanted]
