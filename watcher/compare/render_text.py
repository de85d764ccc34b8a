"""A diff for a terminal or a file: one layout, with colours or without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.compare.context import FOLD, Group, column_name, fold, more, sections, shorten, shown_spans
from watcher.compare.wording import describe, edit_word, headline, sort, word
from watcher.types import Change, Edit, Move, SpanKind
from watcher.words import Language

_RESET = "\x1b[0m"
_STYLES = {
    "title": "\x1b[1m", "section": "\x1b[36m", "label": "\x1b[2m",
    "delete": "\x1b[31;9m", "insert": "\x1b[32;1m",
    "tightened": "\x1b[31;1m", "relaxed": "\x1b[32;1m", "added": "\x1b[34;1m", "removed": "\x1b[35;1m",
    "other": "\x1b[33;1m",
}  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONGEST = 120
"""Characters of a whole paragraph that went or came, before it is folded."""


@dataclass(frozen=True, slots=True)
class _Pen:
    colour: bool
    language: Language
    context: int

    def paint(self, text: str, style: str) -> str:
        return f"{_STYLES[style]}{text}{_RESET}" if self.colour and text else text


def plain(change: Change, language: Language = "zh", context: int = 24) -> str:
    """The diff as text without colours: deletions as ``[-…-]``, insertions as ``{+…+}``, ``context`` characters around."""
    return "\n".join(_lines(change, _Pen(False, language, context)))


def terminal(change: Change, language: Language = "zh", context: int = 24) -> str:
    """The diff with ANSI colours; what went is also struck through and what came is bold, so that colour is not all."""
    return "\n".join(_lines(change, _Pen(True, language, context)))


def clean(text: str) -> str:
    """Without control characters (escape sequences of a hostile page) and direction overrides; tabs become a bar."""
    return _CONTROL.sub("", text).replace("\t", " | ")


def _lines(change: Change, pen: _Pen) -> Iterator[str]:
    yield pen.paint(headline(change, pen.language), "title")
    if change.moves:
        yield ""
        yield from (_move(move, pen) for move in change.moves)
    for section, groups in sections(change.edits):
        yield ""
        yield pen.paint(
            "§ " + (clean(section) or ("（正文开头）" if pen.language == "zh" else "(beginning)")), "section"
        )
        for group in groups:
            yield from _group(group, pen)


def _move(move: Move, pen: _Pen) -> str:
    style = sort(move) if sort(move) in _STYLES else "other"
    what = word(move, pen.language)
    text = clean(describe(move, pen.language)).removesuffix(what)
    return f"  {text}{pen.paint(what, style)}"


def _group(group: Group, pen: _Pen) -> Iterator[str]:
    edit = group.first
    kind = edit_word(edit, pen.language)
    if edit.kind == "column" and edit.label:
        sign = "-" if edit.before else "+"
        count = f"（{len(group.edits)}行）" if pen.language == "zh" else f" ({len(group.edits)} rows)"
        style = "delete" if edit.before else "insert"
        yield f"  {pen.paint(f'[{kind}]', 'label')} {pen.paint(sign + clean(column_name(group)), style)}{count}"
        return
    label = f" {clean(edit.label)}:" if edit.label and edit.kind in ("cell", "format", "column") else ""
    yield f"  {pen.paint(f'[{kind}]', 'label')}{label} {_spans(edit, pen)}{more(group, pen.language)}"


def _spans(edit: Edit, pen: _Pen) -> str:
    if len(edit.spans) == 1 and edit.spans[0][0] == "equal":
        return shorten(clean(edit.after), _LONGEST)
    parts = []
    for kind, text in fold(shown_spans(edit), pen.context):
        shown = clean(text).replace("\n", " ⏎ ")
        if kind != "equal" and len(edit.spans) == 1 and len(shown) > _LONGEST:
            shown = shown[: _LONGEST - 1] + FOLD
        parts.append(_mark(kind, shown, pen))
    return "".join(parts)


def _mark(kind: SpanKind, text: str, pen: _Pen) -> str:
    if kind == "equal":
        return text
    if pen.colour:
        return pen.paint(text, kind)
    return f"[-{text}-]" if kind == "delete" else f"{{+{text}+}}"
