"""Tables laid out anew (columns in another order, rows become columns): which cells differ, whatever their place."""

from __future__ import annotations

import re

from watcher.compare.shape import shape
from watcher.compare.spans import Spans, spans
from watcher.compare.tables import form_of, table_of
from watcher.compare.units import Unit
from watcher.types import SpanKind

_MOST = 40
"""Cells that are shown at most."""
_BRACKET = re.compile(r"[（(\[［][^（）()\[\]［］]{0,20}[）)\]］]")

_Cells = dict[frozenset[str], tuple[str, str]]


def relaid(before: str, after: str) -> Spans:
    """What a person is shown of a table whose rows and columns changed places: its header row, then each cell that differs under its two names."""
    head = spans(before.split("\n", 1)[0], after.split("\n", 1)[0])
    old, new = _cells(before), _cells(after)
    found = list(head)
    shown = 0
    for key, (label, text) in new.items():
        if key not in old or shown == _MOST:
            continue
        was = old[key][1]
        if was != text and form_of(was) != form_of(text):
            found += [("equal", f"\n{label}："), *spans(was, text)]
            shown += 1
    found += _only("delete", old, {name for key in new for name in key})
    found += _only("insert", new, {name for key in old for name in key})
    return tuple(found)


def _only(kind: SpanKind, cells: _Cells, known: set[str]) -> list[tuple[SpanKind, str]]:
    """The cells under a name that the other table has not, a line for each such name."""
    lines: dict[str, list[str]] = {}
    for key, (label, text) in cells.items():
        name = next((name for name in key if name not in known), None)
        if name is not None and text:
            lines.setdefault(name, []).append(f"{label}：{text}")
    found: list[tuple[SpanKind, str]] = []
    for told in list(lines.values())[:_MOST]:
        found += [("equal", "\n"), (kind, "；".join(told[:_MOST]))]
    return found


def _cells(text: str) -> _Cells:
    """The cells of a table by the names of their row and column, in no order of the two: what the reader is told, and what is printed."""
    table = table_of(Unit("table", text, 0, "", "", None))
    found: _Cells = {}
    for line in table.lines[table.heads :]:
        row = table.label(line)
        for at, cell in enumerate(line.whole):
            if at in (table.name, table.serial) or at >= len(table.labels):
                continue
            key = frozenset((_name(row), _name(table.labels[at])))
            found.setdefault(key, (f"{row} · {table.labels[at]}", cell.strip()))
    return found


def _name(text: str) -> str:
    return shape(_BRACKET.sub("", text)) or shape(text)
