"""Plain text: a document as somebody saved it from a page, with the page's lines around it and its tables flattened."""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.read import flat_tables, labels, oneline, piped, titles
from watcher.read.boilerplate import is_chrome, tail_start, taught
from watcher.read.draft import Draft
from watcher.text import squeeze
from watcher.types import Block, Dropped

_BARS = re.compile("(?:!\\[[^\\]]{0,80}\\]\\([^)]{0,200}\\)|[|｜\\s])+")
_BAR_END = re.compile("\\s*[|｜][|｜\\s]*$")
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_HEAD_LINES = 40
"""So many non-blank lines at most may belong to a page's head."""


def read_text(text: str, chrome: frozenset[str] = frozenset()) -> Draft:
    """A draft of a plain text document. ``chrome`` holds squeezed lines that the host taught."""
    draft = Draft()
    lines = [line.strip(" \t\u00a0\u3000\ufeff\u200b") for line in _BREAK.split(text)]
    if chrome:
        lines = [_known(line, chrome, draft) for line in lines]
    start = _head(lines, draft)
    lines = lines[start:]
    end = _tail(lines, draft)
    lines = lines[:end]
    if draft.facts or any("|" in d.text for d in draft.dropped):
        lines = [_without_bar(line, draft) for line in lines]
    draft.blocks = _blocks(lines, draft)
    return draft


def _known(line: str, chrome: frozenset[str], draft: Draft) -> str:
    if line and taught(line, chrome):
        draft.dropped.append(Dropped(line, "stands on many pages of this site"))
        return ""
    return line


def _drop(draft: Draft, lines: Iterable[str], reason: str) -> None:
    draft.dropped.extend(Dropped(line, reason) for line in lines if line)


def _head(lines: list[str], draft: Draft) -> int:
    """Takes the page's head away: labelled metadata, bars, buttons, the page's own copy of the title."""
    present = [i for i, line in enumerate(lines[:400]) if line][:_HEAD_LINES]
    at = 0
    found: list[tuple[str, str, str]] = []
    while at < len(present):
        line = lines[present[at]]
        pairs = labels.pairs(line)
        if pairs and len(line) <= 400:
            found += pairs
            _drop(draft, [line], "metadata")
        elif _BARS.fullmatch(line):
            _drop(draft, [line], "layout")
        elif is_chrome(line, "head"):
            _drop(draft, [line], "phrase")
        elif found and not draft.title and "|" in line and line.rstrip("| ").count("|") == 0:
            draft.title = line.strip("|｜ ")
            _drop(draft, [line], "title row")
        else:
            copy = _title_copy([lines[i] for i in present[at : at + 18]])
            if copy is None:
                break
            first, second = copy
            draft.title = draft.title or lines[present[at + first]]
            draft.own_title = lines[present[at + second]]
            _drop(draft, (lines[i] for i in present[at : at + first]), "before the title")
            _drop(draft, [lines[present[at + first]]], "the page's copy of the title")
            between = [lines[i] for i in present[at + first + 1 : at + second]]
            found += [pair for line in between for pair in labels.pairs(line)]
            _drop(draft, between, "byline")
            at += second
            break
        at += 1
    draft.facts = labels.collect(found)
    draft.title = draft.title or draft.facts.get("title", "")
    return present[at] if at < len(present) else len(lines)


def _title_copy(lines: list[str]) -> tuple[int, int] | None:
    """Positions of the page's copy of the title and of the document's own, with nothing but page lines around and between."""
    for first in range(min(5, len(lines))):
        if first and not all(
            len(line) <= 60 and not titles.is_title(line) and line[-1] not in "。；：:" for line in lines[:first]
        ):
            return None
        for second in range(first + 1, len(lines)):
            if titles.copy_of(lines[first], lines[second]):
                between = lines[first + 1 : second]
                return (first, second) if all(_byline(line) for line in between) else None
            if not _byline(lines[second]):
                break
    return None


def _byline(line: str) -> bool:
    """A line between two copies of a title: labels, buttons, counters, dates; short and no sentence."""
    return (
        bool(labels.pairs(line))
        or is_chrome(line, "head")
        or (len(line) <= 60 and line[-1] not in "。；：:" and not titles.is_title(line))
    )


def _tail(lines: list[str], draft: Draft) -> int:
    """Where the page's tail begins."""
    present = [i for i, line in enumerate(lines) if squeeze(line)]
    blank = [i for i, line in enumerate(lines) if line and not squeeze(line)]
    visible = [lines[i] for i in present]
    while visible and _BARS.fullmatch(visible[-1]):
        _drop(draft, [visible.pop()], "layout")
    cut = tail_start(visible)
    _drop(draft, visible[cut:], "tail")
    for i in blank:
        lines[i] = ""
    if cut < len(visible):
        return present[cut]
    return present[len(visible) - 1] + 1 if visible else 0


def _without_bar(line: str, draft: Draft) -> str:
    """A line of a table saved as bars, without the bars at its end."""
    if line.startswith("|") or not line.endswith(("|", "｜")):
        return line
    match = _BAR_END.search(line)
    if match is None or "|" in line[: match.start()]:
        return line
    _drop(draft, [match[0]], "layout")
    return line[: match.start()]


def _blocks(lines: list[str], draft: Draft) -> list[Block]:
    """Tables, titles and paragraphs in their order."""
    blocks: list[Block] = []
    tables = {found.start: found for found in flat_tables.find_tables(lines)}
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line:
            at += 1
            continue
        if at in tables:
            found = tables[at]
            _drop(draft, found.repeated, "repeated table header")
            blocks.append(Block("table", flat_tables.text_of(found.grid), grid=found.grid))
            at = found.end
            continue
        rows = piped.rows_at(lines, at)
        if rows is not None:
            blocks.append(Block("table", flat_tables.text_of(rows.grid), grid=rows.grid))
            at = rows.end
            continue
        if len(blocks) < 12:
            taken, text = _title(lines, at, draft.title)
            if taken:
                blocks.append(Block("heading", text, level=1))
                at += taken
                continue
        if len(line) >= 4 and len(line) <= 80 and is_chrome(line) and not line.isascii():
            _drop(draft, [line], "phrase")
        else:
            blocks += [Block("paragraph", part) for part in oneline.split(line)]
        at += 1
    return blocks


def _title(lines: list[str], at: int, title: str) -> tuple[int, str]:
    """A title of up to six non-blank lines that begins at ``at``: lines taken and the joined text."""
    positions = [i for i in range(at, min(at + 14, len(lines))) if lines[i]]
    visible = [lines[i] for i in positions]
    count = titles.run(visible, 0, title) if title else 0
    count = count or titles.run(visible, 0)
    if not count or (count == 1 and not titles.is_title(visible[0])):
        return 0, ""
    return positions[count - 1] - at + 1, "".join(visible[:count])
