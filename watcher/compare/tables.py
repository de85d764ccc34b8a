"""Tables by row and column key: a cell changed, a row added, moved or removed, a column added or removed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from watcher.compare.align import align, increasing
from watcher.compare.shape import shape
from watcher.compare.spans import spans
from watcher.compare.units import Unit
from watcher.lexicon.units import is_unit
from watcher.types import Edit, EditKind

_NAME_HEADER = re.compile(r"指标|名称|项目|内容|任务|事项")
_SERIAL_HEADER = re.compile(r"^(?:序号|编号|序|号|№|no\.?)$", re.IGNORECASE)
_NUMBER = re.compile(r"^[≥≤<>＞＜=~～±+\-－]*[0-9０-９.,，]+\s*[%％‰]?$")
_BRACKET = re.compile(r"[（(\[［][^（）()\[\]［］]{0,20}[）)\]］]?")
_NATURE = re.compile(r"^(预期|约束|建议|指导)性?(?:指标)?$")
_UNIT_BRACKET = re.compile(r"[（(]([^（）()]{1,12})[）)]\s*$")
_SIGNS = {
    "≥": "≥",
    ">=": "≥",
    "不低于": "≥",
    "不少于": "≥",
    "以上": "≥",
    "≤": "≤",
    "<=": "≤",
    "不超过": "≤",
    "不高于": "≤",
    "以下": "≤",
    "以内": "≤",
}
_BOUND = re.compile("(≥|>=|不低于|不少于|≤|<=|不超过|不高于)?([0-9.]{1,12}[%‰]?)(?:及)?(以上|以下|以内)?")
_DOT = " · "
_ROWS_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row of a table."""

    text: str
    start: int
    cells: tuple[str, ...]
    """As printed: a cell that a span covers is empty."""
    whole: tuple[str, ...]
    """With spans resolved."""

    @property
    def at(self) -> tuple[int, int]:
        """The character range of the row in the text."""
        return self.start, self.start + len(self.text)

    def cell_at(self, column: int) -> tuple[int, int]:
        """The character range of a cell in the text."""
        start = self.start + sum(len(cell) + 1 for cell in self.cells[:column])
        return start, start + len(self.cells[column])


@dataclass(frozen=True, slots=True)
class Table:
    """A table's rows and what they go by."""

    lines: tuple[Line, ...]
    heads: int
    """Rows of headers."""
    labels: tuple[str, ...]
    """One name a column, header rows joined."""
    name: int
    """The column that names a row."""
    serial: int
    """The column of running numbers, -1 for none."""

    def keys(self) -> list[str]:
        """One key a row: its name without unit and form; the header rows have one of their own."""
        keys = []
        for number, line in enumerate(self.lines):
            text = line.whole[self.name] if self.name < len(line.whole) else ""
            rest = shape(_BRACKET.sub("", text)) or shape(text)
            keys.append(f"header {number}" if number < self.heads else rest or shape("".join(line.whole)))
        return keys

    def label(self, line: Line) -> str:
        """How a reader names the row."""
        return " ".join((line.whole[self.name] if self.name < len(line.whole) else "").split())


def table_edits(old: Unit, new: Unit) -> list[Edit]:
    """Edits of one table that stands in both texts."""
    before, after = table_of(old), table_of(new)
    columns = _columns(before, after)
    if not columns:
        return [Edit("column", new.section, old.text, new.text, spans(old.text, new.text), old.at, new.at)]
    rows = _Rows(before, after, columns, new.section)
    return rows.edits(old.at[1], new.at[1])


def table_of(unit: Unit) -> Table:
    """A table block as rows that go by names."""
    lines: list[Line] = []
    start = unit.start
    texts = unit.text.split("\n")
    grid = unit.grid if unit.grid and len(unit.grid.rows) == len(texts) else None
    for number, text in enumerate(texts):
        cells = tuple(text.split("\t"))
        row = grid.rows[number] if grid else ()
        whole = tuple(cell.text for cell in row) if len(row) == len(cells) else cells
        lines.append(Line(text, start, cells, whole))
        start += len(text) + 1
    width = max(len(line.cells) for line in lines)
    heads = min(grid.header_rows, len(lines)) if grid else 0
    if not heads and len(lines) > 1 and not any(_NUMBER.match(cell.strip()) for cell in lines[0].cells):
        heads = 1
    labels = tuple(
        " ".join(dict.fromkeys(" ".join(line.whole[c].split()) for line in lines[:heads] if c < len(line.whole)))
        for c in range(width)
    )
    serial = next((c for c, label in enumerate(labels) if _SERIAL_HEADER.match(shape(label))), -1)
    return Table(tuple(lines), heads, labels, _name_column(lines[heads:], labels, serial, width), serial)


def _name_column(lines: list[Line], labels: tuple[str, ...], serial: int, width: int) -> int:
    """The column whose cells tell rows apart in words."""
    best, choice = -1.0, 0
    for column in range(width):
        bonus = 0.5 + len(lines) / 4 if _NAME_HEADER.search(labels[column]) else 0
        if column == serial or len(lines) + bonus <= best:
            continue
        cells = [shape(line.whole[column]) for line in lines if column < len(line.whole)]
        words = {cell for cell in cells if cell and not _NUMBER.match(cell)}
        score = len(words) + bonus
        if score > best:
            best, choice = score, column
    return choice


def _columns(before: Table, after: Table) -> list[tuple[int, int]] | None:
    """Pairs of columns in order; ``None`` where columns changed places, which no cell can tell."""
    old, new = [shape(label) for label in before.labels], [shape(label) for label in after.labels]
    if old == new or (len(old) == len(new) and not (any(old) and any(new))):
        return [(c, c) for c in range(len(old))]
    counts, others = Counter(old), Counter(new)
    pairs = [(c, new.index(label)) for c, label in enumerate(old) if label and counts[label] == others[label] == 1]
    if increasing(pairs) != pairs:
        return None
    result: list[tuple[int, int]] = []
    last_i, last_j = 0, 0
    for i, j in [*pairs, (len(old), len(new))]:
        gap_left, gap_right = list(range(last_i, i)), list(range(last_j, j))
        if len(gap_left) == len(gap_right):  # a header was reworded
            result.extend(zip(gap_left, gap_right, strict=True))
        else:
            result.extend(_like_columns(before, after, gap_left, gap_right))
        if i < len(old):
            result.append((i, j))
        last_i, last_j = i + 1, j + 1
    return result


def _like_columns(before: Table, after: Table, left: list[int], right: list[int]) -> list[tuple[int, int]]:
    """Columns without a common header, by the cells they share."""
    found: list[tuple[int, int]] = []
    used = -1
    for i in left:
        cells = {shape(line.cells[i]) for line in before.lines if i < len(line.cells)} - {""}
        scores = [
            (len(cells & {shape(line.cells[j]) for line in after.lines if j < len(line.cells)}), -j)
            for j in right
            if j > used
        ]
        if scores and max(scores)[0] * 2 > len(cells):
            used = -max(scores)[1]
            found.append((i, used))
    return found


class _Rows:
    """Rows aligned, then their cells."""

    def __init__(self, before: Table, after: Table, columns: list[tuple[int, int]], section: str):
        self.before, self.after, self.columns, self.section = before, after, columns, section

    def edits(self, old_end: int, new_end: int) -> list[Edit]:
        old, new = self.before.lines, self.after.lines
        pairs, moved = align(_counted(self.before.keys()), _counted(self.after.keys()), alike=_ROWS_ALIKE, shortest=1)
        source = {j: i for i, j in moved}
        gone = {i for i, _ in moved}
        found: list[Edit] = []
        last_i, last_j = 0, 0
        for i, j in [*pairs, (len(old), len(new))]:
            at = new[last_j].start if last_j < len(new) else new_end
            found.extend(
                self._row(old[n], None, (at, at), self.before.label(old[n])) for n in range(last_i, i) if n not in gone
            )
            at = old[i].start if i < len(old) else old_end
            for n in range(last_j, j):
                line = new[n]
                origin = old[source[n]] if n in source else None
                found.append(self._row(origin, line, (at, at), self.after.label(line)))
            if i < len(old):
                found.extend(self._cells(old[i], new[j]))
            last_i, last_j = i + 1, j + 1
        return found

    def _row(self, old: Line | None, new: Line | None, at: tuple[int, int], label: str) -> Edit:
        """A row added, removed or moved. An empty row goes as plain text, so that ``""`` never means two things."""
        before, after = old.text if old else "", new.text if new else ""
        kind: EditKind = "row"
        if not before and not after:
            kind = "insert" if old is None else "delete" if new is None else "move"
        elif old and new and (not before or not after):
            kind = "move"
        return Edit(
            kind,
            self.section,
            before,
            after,
            spans(before, after),
            old.at if old else at,
            new.at if new else at,
            label,
        )

    def _cells(self, old: Line, new: Line) -> list[Edit]:
        if old.text == new.text:
            return []
        left, right = {i for i, _ in self.columns}, {j for _, j in self.columns}
        if max(left, default=-1) >= len(old.cells) or max(right, default=-1) >= len(new.cells):
            kind: EditKind = "format" if shape(old.text) == shape(new.text) else "replace"
            return [
                Edit(kind, self.section, old.text, new.text, spans(old.text, new.text), old.at, new.at,
                     self.after.label(new))
            ]  # fmt: skip
        found: list[Edit] = []
        pending: list[Edit] = []
        last_i, last_j = 0, 0
        for i, j in [*self.columns, (len(old.cells), len(new.cells))]:
            pending = [
                *(self._column(old, n, new, last_j) for n in range(last_i, i)),
                *(self._added(new, n, old, last_i) for n in range(last_j, j)),
            ]
            found.extend(pending)
            if i < len(old.cells) and j < len(new.cells) and old.cells[i] != new.cells[j]:
                found.append(self._cell(old, i, new, j))
            last_i, last_j = i + 1, j + 1
        return found

    def _cell(self, old: Line, i: int, new: Line, j: int) -> Edit:
        before, after = old.cells[i], new.cells[j]
        same = shape(old.whole[i]) == shape(new.whole[j])  # a span that begins in another row
        named = i == self.before.name and j == self.after.name and _unit_aside(before, after)
        form = same or (
            bool(before and after) and (form_of(before) == form_of(after) or j == self.after.serial or named)
        )
        row = "" if any(new is head for head in self.after.lines[: self.after.heads]) else self.after.label(new)
        label = _DOT.join(filter(None, (row, self.after.labels[j])))
        return Edit(
            "format" if form and len(old.cells) > 1 else "cell",
            self.section, before, after, spans(before, after), old.cell_at(i), new.cell_at(j), label,
        )  # fmt: skip

    def _added(self, new: Line, column: int, old: Line, at: int) -> Edit:
        """A cell of a new column, with the tab that parts it from its neighbour."""
        start, end = new.cell_at(column)
        if at:
            place = old.cell_at(at - 1)[1]
            text, after_at = "\t" + new.cells[column], (start - 1, end)
        else:
            place = old.start
            text, after_at = new.cells[column] + "\t", (start, end + 1)
        label = _DOT.join(filter(None, (self.after.label(new), self.after.labels[column])))
        return Edit("column", self.section, "", text, spans("", text), (place, place), after_at, label)

    def _column(self, old: Line, column: int, new: Line, at: int) -> Edit:
        """A cell of a removed column."""
        start, end = old.cell_at(column)
        if at:
            text, before_at = "\t" + old.cells[column], (start - 1, end)
        else:
            text, before_at = old.cells[column] + "\t", (start, end + 1)
        place = new.cell_at(at - 1)[1] if at else new.start
        label = _DOT.join(filter(None, (self.before.label(old), self.before.labels[column])))
        return Edit("column", self.section, text, "", spans(text, ""), before_at, (place, place), label)


def form_of(cell: str) -> str:
    """The shape of a cell; 预期 is 预期性 and 80以上 is ≥80, as tables write both ways."""
    text = shape(cell)
    nature = _NATURE.match(text)
    if nature:
        return nature.group(1)
    bound = _BOUND.fullmatch(text)
    return f"{_SIGNS[bound[1] or bound[3]]}{bound[2]}" if bound and bool(bound[1]) != bool(bound[3]) else text


def _unit_aside(before: str, after: str) -> bool:
    """Whether only one of two names says its unit in a bracket behind: the other table has a column for it."""
    one, other = _with_unit(before), _with_unit(after)
    return shape(one[0]) == shape(other[0]) and bool(one[1]) != bool(other[1])


def _with_unit(name: str) -> tuple[str, str]:
    """A name and the unit in the bracket at its end, ``""`` for none."""
    found = _UNIT_BRACKET.search(name)
    return (name[: found.start()], found[1]) if found and is_unit(found[1]) else (name, "")


def _counted(keys: list[str]) -> list[str]:
    """Keys made different where rows share a name: the second 合计 is 合计 2."""
    seen: Counter[str] = Counter()
    result = []
    for key in keys:
        seen[key] += 1
        result.append(key if seen[key] == 1 else f"{key} {seen[key]}")
    return result
