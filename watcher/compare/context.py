"""Long texts folded around what changed, and edits grouped for reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from watcher.compare.relaid import relaid
from watcher.compare.shape import shape
from watcher.compare.spans import Spans
from watcher.types import Edit, SpanKind

FOLD = "…"
_MANY = 4
"""Runs from this length on are told as one."""
_LONG = 1500
"""Characters of one changed stretch that a person is shown."""
_AROUND = 24
"""Characters of equal text that are kept on each side of a change."""


@dataclass(frozen=True, slots=True)
class Group:
    """Edits that read as one: a new column's cells, a run of moves, or a single edit."""

    edits: tuple[Edit, ...]

    @property
    def first(self) -> Edit:
        """The edit that stands for the group."""
        return self.edits[0]


def fold(spans: Iterable[tuple[SpanKind, str]], around: int = _AROUND) -> Spans:
    """The spans with long equal stretches cut to what stands next to a change, and endless changes to their beginning."""
    whole = list(spans)
    result: list[tuple[SpanKind, str]] = []
    for place, (kind, text) in enumerate(whole):
        if kind != "equal":
            result.append((kind, text if len(text) <= _LONG else text[:_LONG] + FOLD))
            continue
        left = around if place else 0 if len(whole) > 1 else 2 * around
        right = around if place + 1 < len(whole) else 0
        if len(text) > left + right + 12:
            text = text[:left] + FOLD + (text[-right:] if right else "")
        result.append((kind, text))
    return tuple(result)


def shown_spans(edit: Edit) -> Spans:
    """The spans that a person is shown: of a table whose rows and columns changed places its header row, and the cells that differ."""
    if edit.kind == "column" and not edit.label:
        return relaid(edit.before, edit.after)
    return edit.spans if edit.kind in ("format", "column") else _content(edit.spans)


def _content(found: Spans) -> Spans:
    """The spans without what differs in width, spacing or quotation marks only: beside a change of content nobody wants to be shown that. All of
    them where nothing else differs.
    """
    result: list[tuple[SpanKind, str]] = []
    at = 0
    while at < len(found):
        kind, text = found[at]
        after = found[at + 1] if at + 1 < len(found) else found[at]
        pair = kind == "delete" and after[0] == "insert"
        if pair and shape(text) == shape(after[1]):
            kind, text = "equal", after[1]
        elif kind != "equal" and not pair and not shape(text) and "\n" not in text:
            text = text if kind == "insert" else ""
            kind = "equal"
        elif pair:
            result.append((kind, text))
            kind, text = after
        at += 1 + pair
        if kind == "equal" and result and result[-1][0] == "equal":
            result[-1] = (kind, result[-1][1] + text)
        elif text:
            result.append((kind, text))
    return tuple(result) if any(kind != "equal" for kind, _ in result) else found


def shorten(text: str, limit: int) -> str:
    """One line of at most ``limit`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + FOLD


def grouped(edits: Sequence[Edit]) -> Iterator[Group]:
    """Edits in order; the cells of one new or removed column come together, and so do runs of paragraphs that moved
    without a change and runs of differences in form.
    """
    run: list[Edit] = []
    for group in _columns_grouped(edits):
        if run and _alike(run[0], group.first):
            run.append(group.first)
            continue
        yield from _told(run)
        run = []
        if _run_of(group.first):
            run = [group.first]
        else:
            yield group
    yield from _told(run)


def _told(run: list[Edit]) -> Iterator[Group]:
    """A long run as one group, a short one edit by edit."""
    if len(run) >= _MANY:
        yield Group(tuple(run))
    else:
        yield from (Group((edit,)) for edit in run)


def _alike(edit: Edit, other: Edit) -> bool:
    return _run_of(edit) is not None and _run_of(edit) == _run_of(other)


def _run_of(edit: Edit) -> str | None:
    """What an edit may be told together with: form with form, an unchanged move with the next one."""
    if edit.kind == "format":
        return "format"
    return "move" if edit.kind == "move" and edit.before == edit.after else None


def more(group: Group, language: str) -> str:
    """How many a run stands for, ``""`` for one edit."""
    if len(group.edits) < 2:
        return ""
    return f"（等{len(group.edits)}处）" if language == "zh" else f" (and {len(group.edits) - 1} more)"


def _columns_grouped(edits: Sequence[Edit]) -> Iterator[Group]:
    columns: dict[tuple[str, bool], list[Edit]] = {}
    for edit in edits:
        if edit.kind == "column" and edit.label:
            columns.setdefault((_header(edit), bool(edit.before)), []).append(edit)
    told: set[tuple[str, bool]] = set()
    for edit in edits:
        name = (_header(edit), bool(edit.before))
        if edit.kind != "column" or not edit.label:
            yield Group((edit,))
        elif name not in told:
            told.add(name)
            yield Group(tuple(columns[name]))


def _header(edit: Edit) -> str:
    return edit.label.rpartition(" · ")[2]


def sections(edits: Sequence[Edit]) -> Iterator[tuple[str, list[Group]]]:
    """Groups under the headings they stand under, in order."""
    for section, run in groupby(edits, key=lambda edit: edit.section):
        yield section, list(grouped(list(run)))


def column_name(group: Group) -> str:
    """The header of the column that a group of column edits added or removed."""
    return _header(group.first) or shorten(group.first.after or group.first.before, 30)
