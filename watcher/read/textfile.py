"""Plain text: a document as somebody saved it from a page, with the page's lines around it and its tables flattened."""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.read import cells, flat_tables, labels, oneline, piped, titles, wrapped
from watcher.read.boilerplate import is_chrome, tail_start, taught
from watcher.read.draft import Draft
from watcher.read.page import without_controls
from watcher.read.pagehead import BARS, read_head
from watcher.text import SPACES, squeeze
from watcher.types import Block, Dropped

_BAR_END = "|｜" + SPACES
_DASHES = frozenset(("-", "—", "——", "--", "－", "–", "/"))
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def read_text(text: str, chrome: frozenset[str] = frozenset()) -> Draft:
    """A draft of a plain text document. ``chrome`` holds squeezed lines that the host taught."""
    draft = Draft()
    text = unmarked(without_controls(_BREAK.sub("\n", text), references=False))
    printed, numbers = wrapped.unpaged(text.split("\n"))
    _drop(draft, numbers, "page number")
    lines = [line.strip(" \t\u00a0\u3000\ufeff\u200b") for line in wrapped.joined(printed)]
    lines = piped.unbarred(lines)
    lines = [part for line in lines for part in oneline.with_cells(line)]
    if chrome:
        lines = [_known(line, chrome, draft) for line in lines]
    head = read_head(lines)
    draft.facts = labels.collect(head.pairs)
    draft.title = head.title or draft.facts.get("title", "")
    draft.own_title = head.own_title
    for number, reason in sorted(head.removed.items()):
        draft.dropped.append(Dropped(lines[number], reason))
        lines[number] = ""
    end = _tail(lines, draft)
    lines = lines[:end]
    if draft.facts or any("|" in d.text for d in draft.dropped):
        lines = [_without_bar(line, draft) for line in lines]
    draft.blocks = _blocks(lines, draft)
    return draft


_LINK = re.compile(
    '(!?)\\[([^\\[\\]\\n]{0,300})\\]\\(((?:[^()\\s]|\\([^()\\s]{0,100}\\)){0,600})(?:\\s"[^"\\n]{0,200}")?\\)'
)
_MARK = re.compile("(?m)^#{1,6}[ \\t]+|\\*\\*(?=\\S)|(?<=\\S)\\*\\*")


def unmarked(text: str) -> str:
    """A page saved as Markdown without its marks: links as their texts, pictures and signs of headings and bold type gone."""
    links = 0

    def shown(match: re.Match[str]) -> str:
        nonlocal links
        if not match[1] and not _ADDRESS.search(match[3]):
            return match[0]  # 晋政发[2020](1)号
        links += 1
        return "" if match[1] else match[2]

    plain = _LINK.sub(shown, text) if "](" in text else text
    headed = len(_HEADED.findall(text))
    return _MARK.sub("", plain) if links or headed > 1 else text


_ADDRESS = re.compile("[/.#:]")
_HEADED = re.compile("(?m)^#{1,6}[ \\t]+\\S")


def _known(line: str, chrome: frozenset[str], draft: Draft) -> str:
    if line and taught(line, chrome):
        draft.dropped.append(Dropped(line, "stands on many pages of this site"))
        return ""
    return line


def _drop(draft: Draft, lines: Iterable[str], reason: str) -> None:
    draft.dropped.extend(Dropped(line, reason) for line in lines if line)


_PAGE_NUMBER = re.compile("[-—\\s]*[0-9]{1,4}[-—\\s]*")


def _tail(lines: list[str], draft: Draft) -> int:
    """Where the page's tail begins."""
    present = [i for i, line in enumerate(lines) if squeeze(line)]
    blank = [i for i, line in enumerate(lines) if line and not squeeze(line)]
    visible = [lines[i] for i in present]
    while visible and BARS.fullmatch(visible[-1]):
        _drop(draft, [visible.pop()], "layout")
    if len(visible) > 1 and _PAGE_NUMBER.fullmatch(visible[-1]) and visible[-2][-1] in "。！？!?":
        _drop(draft, [visible.pop()], "page number")
    protected = frozenset(at for at in range(len(visible)) if _is_row(visible[at]) or _is_blank_cell(visible, at))
    cut = tail_start(visible, protected)
    if len(visible) - cut >= _TABLE_LINES and (rows := _annexed(visible, cut)):
        cut = tail_start(visible, protected | rows)
    _drop(draft, visible[cut:], "tail")
    for i in blank:
        lines[i] = ""
    if cut < len(visible):
        return present[cut]
    return present[len(visible) - 1] + 1 if visible else 0


_TABLE_LINES, _HEAD_WORDS, _ROW_LINES = 8, 3, 8
"""Lines of the smallest table that has a cell a line, words of its head, lines without a value inside a row."""


def _annexed(lines: list[str], cut: int) -> frozenset[int]:
    """Where the values of a table stand that was taken for the page's tail: 附件, its title, the words of a head, then cells."""
    run = 0
    last = len(lines)
    found: set[int] = set()
    for at in range(cut, len(lines)):
        if not found:
            run = run + 1 if cells.header_kind(lines[at]) else 0
            if run >= _HEAD_WORDS:
                last = at
        if at > last + _ROW_LINES:
            break
        if at > last and (cells.is_value(lines[at]) or cells.is_nature(lines[at])):
            found.add(at)
            last = at
    return frozenset(found) if len(found) >= _HEAD_WORDS else frozenset()


def _is_row(line: str) -> bool:
    """Whether a line is a row of a table between bars, or with tabs; footers have bars between their words only."""
    return line.count("\t") > 1 or (line[0] == line[-1] == "|" and line.count("|") > 2)


def _is_blank_cell(lines: list[str], at: int) -> bool:
    """Whether a lone dash is a cell of a table: it stands beside a value, a nature, a unit or a name with one, or among several, and ends no document."""
    if squeeze(lines[at]) not in _DASHES:
        return False
    among = [text for line in lines[max(0, at - 5) : at + 6] if (text := squeeze(line)) not in _DASHES]
    if at + 1 < len(lines) and sum(cells.is_value(text) or cells.is_nature(text) for text in among) > 2:
        return True
    beside = [squeeze(lines[one]) for one in (at - 1, at + 1) if 0 <= one < len(lines)]
    kinds = (cells.is_value, cells.is_nature, cells.is_unit, cells.has_unit_bracket, cells.is_words_value)
    return any(text not in _DASHES and any(is_kind(text) for is_kind in kinds) for text in beside)


def _without_bar(line: str, draft: Draft) -> str:
    """A line of a table saved as bars, without the bars at its end."""
    if line.startswith("|") or not line.endswith(("|", "｜")):
        return line
    kept = line.rstrip(_BAR_END)
    if "|" in kept:
        return line
    _drop(draft, [line[len(kept) :]], "layout")
    return kept


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
