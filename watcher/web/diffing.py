"""A comparison as the page shows it: hunks in the order of the new text, what is unchanged between them folded. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from watcher.compare.context import Group, column_name, fold, grouped, shown_spans
from watcher.compare.render_text import clean
from watcher.compare.wording import edit_word
from watcher.types import Change, Edit, Reading, SpanKind
from watcher.words import Language

PAGE = 12_000
"""Characters of hunks on one page."""
LONGEST = 3_000
"""Characters of one side of one hunk."""
LONG = 6_000
"""Characters of one block that are shown in one piece."""
FOLDED = 4_000
"""Characters of unchanged text that one page carries along, folded."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One edit with its place."""

    number: int
    """1 for the first; its anchor is ``hunk-1``."""
    kind: str
    word: str
    section: str
    label: str
    before: Markup
    after: Markup
    inline: Markup
    before_at: str
    after_at: str
    skipped: int
    """Unchanged lines between the hunk before and this one."""
    lines: tuple[str, ...]
    """These lines where the page has room for them, else only the last one."""
    size: int


def hunks(change: Change, after: Reading, language: Language) -> list[Hunk]:
    """All hunks of a change; ``after`` is the later version's reading."""
    text = after.text
    found: list[Hunk] = []
    groups = sorted(grouped(change.edits), key=lambda group: (group.first.after_at[0], group.first.before_at[0]))
    at = 0
    for number, group in enumerate(groups, 1):
        edit = group.first
        start, end = group.first.after_at[0], max(one.after_at[1] for one in group.edits)
        between = [line for line in text[at:start].split("\n") if line.strip()] if start > at else []
        at = max(at, end)
        found.append(_hunk(number, group, edit, between, language))
    return found


def _hunk(number: int, group: Group, edit: Edit, between: Sequence[str], language: Language) -> Hunk:
    if edit.kind == "column" and edit.label:
        name = f"{column_name(group)} × {len(group.edits)}"
        spans: tuple[tuple[SpanKind, str], ...] = (("delete" if edit.before else "insert", name),)
    else:
        spans = tuple(shown_spans(edit))
    spans = tuple((kind, clean(text)) for kind, text in spans)
    both = fold(spans, 60) if edit.kind != "move" else spans
    label = clean(edit.label) if edit.kind in ("cell", "format", "column", "row") else ""
    return Hunk(
        number=number,
        kind=edit.kind,
        word=edit_word(edit, language),
        section=clean(edit.section),
        label=label,
        before=_side(both, "insert"),
        after=_side(both, "delete"),
        inline=_side(both, None),
        before_at=f"{edit.before_at[0]}-{edit.before_at[1]}" if edit.before else "",
        after_at=f"{edit.after_at[0]}-{edit.after_at[1]}" if edit.after else "",
        skipped=len(between),
        lines=tuple(clean(line) for line in between),
        size=2 * sum(min(len(text), LONGEST) for _, text in both) + 250,
    )


def _side(spans: Sequence[tuple[SpanKind, str]], without: str | None) -> Markup:
    out = Markup()
    room = LONGEST
    for kind, text in spans:
        if kind == without or room <= 0:
            continue
        shown = escape(text if len(text) <= room else text[:room] + "…").replace("\n", Markup("<br>"))
        room -= len(text)
        out += (
            shown if kind == "equal" else Markup("<{0}>{1}</{0}>").format("del" if kind == "delete" else "ins", shown)
        )
    return out


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of hunks."""

    hunks: tuple[Hunk, ...]
    first: int
    """Number of its first hunk."""


def leaves(every: Sequence[Hunk]) -> list[Leaf]:
    """Hunks in pages of bounded size; folded lines are kept on a page as long as they have room there."""
    found: list[Leaf] = []
    current: list[Hunk] = []
    size, room = 0, FOLDED
    for hunk in every:
        if current and size + hunk.size > PAGE:
            found.append(Leaf(tuple(current), current[0].number))
            current, size, room = [], 0, FOLDED
        length = sum(map(len, hunk.lines))
        if length > room:
            hunk = replace(hunk, lines=tuple(line[:120] for line in hunk.lines[-1:]))
        else:
            room -= length
        current.append(hunk)
        size += hunk.size
    if current:
        found.append(Leaf(tuple(current), current[0].number))
    return found


def marked(text: str, ranges: Sequence[tuple[int, int]], offset: int) -> Markup:
    """A piece of a text that begins at ``offset``, with what lies in ``ranges`` (of the whole text) marked."""
    out, at = Markup(), 0
    for start, end in ranges:
        low, high = max(start - offset, at, 0), min(end - offset, len(text))
        if low >= high:
            continue
        out += escape(clean(text[at:low])) + Markup("<mark>{}</mark>").format(clean(text[low:high]))
        at = high
    return out + escape(clean(text[at:]))


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of a text, or a part of one that is longer than a page should carry."""

    start: int
    kind: str
    level: int
    text: str


def pieces(reading: Reading) -> Iterator[Piece]:
    """The blocks with their offsets in the text; long tables are cut between rows, long paragraphs anywhere."""
    at = 0
    for block in reading.blocks:
        text = block.text
        while len(text) > LONG:
            cut = text.rfind("\n", 0, LONG) + 1 if block.kind == "table" else 0
            cut = cut or LONG
            yield Piece(at, block.kind, block.level, text[:cut].removesuffix("\n"))
            at += cut
            text = text[cut:]
        yield Piece(at, block.kind, block.level, text)
        at += len(text) + 1
