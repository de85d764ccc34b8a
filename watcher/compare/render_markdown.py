"""A diff as markdown that other markdown readers show alike; text of the documents never becomes mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterator

from watcher.compare.context import Group, column_name, fold, more, sections, shown_spans
from watcher.compare.render_text import clean
from watcher.compare.wording import edit_word, headline, name_of, nature, value, when, word
from watcher.types import Change, Edit, Indicator, Move
from watcher.words import Language

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&@^$]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
"""What is mark-up inside a line (marks of lists and headings never stand first here), and what makes links by itself."""
_HEADS = {
    "zh": ("指标", "年份", "原值", "新值", "变动"),
    "en": ("Indicator", "Year", "Before", "After", "Move"),
}


def escape(text: str) -> str:
    """One line in which no character is mark-up, a link or a mention."""
    return _SPECIAL.sub(r"\\\1", " ".join(clean(text).split()))


def markdown(change: Change, language: Language = "zh", context: int = 24) -> str:
    """Headline, a table of the indicator moves, then the edits under their sections: ~~deleted~~ **inserted**."""
    return "\n".join(_lines(change, language, context)) + "\n"


def _lines(change: Change, language: Language, context: int) -> Iterator[str]:
    yield f"**{escape(headline(change, language))}**"
    if change.moves:
        heads = _HEADS[language]
        yield ""
        yield "| " + " | ".join(heads) + " |"
        yield "|" + " --- |" * len(heads)
        yield from (_row(move, language) for move in change.moves)
    for section, groups in sections(change.edits):
        yield ""
        yield "### " + (escape(section) or ("正文开头" if language == "zh" else "Beginning"))
        yield ""
        yield from (_item(group, language, context) for group in groups)


def _row(move: Move, language: Language) -> str:
    before, after = move.before, move.after
    cells = (
        name_of(move, language),
        when(move, language).strip(" ()（）"),
        _value(before, language) if before else "",
        _value(after, language) if after else "",
        word(move, language),
    )
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"


def _value(side: Indicator, language: Language) -> str:
    kind = nature(side, language)
    return value(side, language) + (f"（{kind}）" if kind and language == "zh" else f" ({kind})" if kind else "")


def _item(group: Group, language: Language, context: int) -> str:
    edit = group.first
    kind = edit_word(edit, language)
    colon = "：" if language == "zh" else ": "
    if edit.kind == "column" and edit.label:
        mark = "~~" if edit.before else "**"
        return f"- {kind}{colon}{mark}{escape(column_name(group))}{mark} × {len(group.edits)}"
    label = f"{escape(edit.label)}{colon}" if edit.label and edit.kind in ("cell", "format", "column") else ""
    return f"- {kind}{colon}{label}{_spans(edit, context)}{more(group, language)}"


def _spans(edit: Edit, context: int) -> str:
    parts = []
    for kind, text in fold(shown_spans(edit), context):
        shown = escape(text)
        if not shown:
            continue
        parts.append(shown if kind == "equal" else f"~~{shown}~~" if kind == "delete" else f"**{shown}**")
    return " ".join(parts)
