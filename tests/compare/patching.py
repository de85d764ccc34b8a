"""A diff is a patch: the old text and the edits give the new text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from watcher.types import Edit


def apply(before_text: str, edits: Sequence[Edit]) -> str:
    """The after text. Works on lines: whole lines are taken out and put in where ``after_at`` says; edits inside a line
    (cells, columns) change it in place; every other line keeps its order. Only ``before_at``, ``after_at``, ``kind``
    and ``after`` are read.
    """
    lines = before_text.split("\n")
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    dropped: set[int] = set()
    inside: dict[int, list[tuple[int, int, str]]] = {}
    placed: list[Edit] = []
    for edit in edits:
        start, end = edit.before_at
        if adds(edit):
            placed.append(edit)
            continue
        first = bisect_right(starts, start) - 1
        last = bisect_right(starts, end) - 1
        whole = start == starts[first] and end == starts[last] + len(lines[last])
        if whole and (first < last or edit.kind not in ("cell", "column")):
            dropped.update(range(first, last + 1))
            if not takes(edit):
                placed.append(edit)
        else:
            inside.setdefault(first, []).append((start - starts[first], end - starts[first], edit.after))
    for number, changes in inside.items():
        lines[number] = _rewrite(lines[number], changes)
    kept = (line for number, line in enumerate(lines) if number not in dropped)
    result: list[str] = []
    size = 0
    for edit in sorted(placed, key=lambda edit: edit.after_at):
        while size < edit.after_at[0]:
            line = next(kept)
            result.append(line)
            size += len(line) + 1
        result.append(edit.after)
        size += len(edit.after) + 1
    result.extend(kept)
    return "\n".join(result)


def adds(edit: Edit) -> bool:
    """Whether the edit only puts lines in."""
    return edit.kind == "insert" or (edit.kind == "row" and not edit.before)


def takes(edit: Edit) -> bool:
    """Whether the edit only takes lines out."""
    return edit.kind == "delete" or (edit.kind == "row" and not edit.after)


def _rewrite(line: str, changes: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, text in sorted(changes, key=lambda change: change[:2]):
        parts.extend((line[at:start], text))
        at = end
    return "".join([*parts, line[at:]])
