"""Rich Text Format 1.9: text, headings by their numbers, tables with merged cells. Read here, without a helper."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace

from watcher.formats import _blocks, _grid, _limits
from watcher.types import Block
from watcher.words import both

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?[0-9]{1,10})?\x20?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\", re.S
)
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf listtable "
    b"listoverridetable revtbl rsidtbl themedata colorschememapping datastore latentstyles xmlnstbl generator filetbl "
    b"fldinst bkmkstart bkmkend private nonshppict atnid atnauthor annotation comment template".split()
)
_SPECIAL = {
    b"line": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ", b"enspace": " ", b"qmspace": " ",
}  # fmt: skip
_CHARSETS = {134: "gb18030", 136: "big5", 128: "cp932", 129: "cp949", 0: "cp1252", 204: "cp1251"}
_HALVES = re.compile("[\ud800-\udfff]")
_GROUPS = 2_000
"""Groups inside groups. Writers nest a dozen."""


def recognises(body: bytes, name: str = "") -> bool:
    """``{\\rtf``; ``name`` is not needed."""
    return body[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf")


@dataclass(frozen=True, slots=True)
class _State:
    skip: bool = False
    hidden: bool = False
    encoding: str = "gb18030"
    fallback: int = 1
    """How many characters stand after each \\u for readers without Unicode."""


@dataclass(slots=True)
class _Reader:
    blocks: list[Block] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    raw_encoding: str = "gb18030"
    cells: list[_grid.Placed] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """Of each cell that the row defines: ``""``, or what of a merged area it is (``vf``, ``v``, ``hf``, ``h``)."""
    mark: str = ""
    edges: list[int] = field(default_factory=list)
    """Right edges of the cells that the row defines, in twips."""
    rows: list[tuple[list[str], list[str], list[int]]] = field(default_factory=list)
    in_table: bool = False

    def flush(self) -> None:
        """Bytes of a code page that wait for their second half become text."""
        if self.raw:
            self.line.append(self.raw.decode(self.raw_encoding, "replace"))
            self.raw.clear()

    def taken(self) -> str:
        """The text gathered so far, which begins anew; halves of characters that found no other half are replaced."""
        text = "".join(self.line)
        self.line.clear()
        return _HALVES.sub("\ufffd", text)

    def paragraph(self) -> None:
        """Ends a paragraph; inside a table it only ends a line of the cell."""
        self.flush()
        if self.in_table:
            self.line.append("\n")
            return
        self.end_table()
        text = self.taken()
        self.blocks.extend(_blocks.prose(part) for part in text.split("\n") if part.strip())

    def end_cell(self) -> None:
        """Ends a cell."""
        self.flush()
        self.row.append(_blocks.one_line(self.taken().split("\n")))

    def end_row(self) -> None:
        """Ends a row."""
        if self.row:
            self.rows.append((self.row, self.marks[: len(self.row)], self.edges[: len(self.row)]))
            if sum(len(row[0]) for row in self.rows) > _limits.TABLE_CELLS:
                raise _limits.too_large(both("表格的单元格过多", "a table with too many cells"))
        self.row = []

    def end_table(self) -> None:
        """Makes the rows that were gathered a block."""
        if not self.rows:
            return
        table = _grid.grid(_placed(self.rows))
        self.rows = []
        if table.rows:
            self.blocks.append(_grid.block(table))


def _placed(rows: list[tuple[list[str], list[str], list[int]]]) -> list[_grid.Placed]:
    """Cells by their edges: a cell that ends where two cells of another row end spans both of their columns."""
    borders = sorted({edge for _, _, edges in rows for edge in edges})
    merged: list[int] = []
    for edge in borders:
        if not merged or edge - merged[-1] > 60:
            merged.append(edge)

    def column(edge: int) -> int:
        return min(range(len(merged)), key=lambda i: abs(merged[i] - edge))

    known = all(len(edges) >= len(texts) for texts, _, edges in rows) and len(merged) <= _limits.TABLE_COLUMNS
    found: list[_grid.Placed] = []
    above: dict[int, int] = {}
    for at, (texts, marks, edges) in enumerate(rows):
        start = 0
        last = -1
        for index, text in enumerate(texts):
            mark = marks[index] if index < len(marks) else ""
            end = column(edges[index]) + 1 if known else start + 1
            span = max(1, end - start)
            if mark == "h" and last >= 0:
                found[last] = replace(found[last], columns=found[last].columns + span)
            elif mark == "v" and start in above:
                first = found[above[start]]
                found[above[start]] = replace(first, rows=at - first.row + 1)
                last = above[start]
            else:
                last = len(found)
                found.append(_grid.Placed(at, start, text, 1, span))
                if mark == "vf":
                    above[start] = last
                else:
                    above.pop(start, None)
            start += span
    return found


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """The text in order; deleted and hidden text, fields' codes, headers and footers are left out.

    Raises ``FormatError``: ``damaged``, ``too-large``, ``timeout``.
    """
    clock = _limits.Clock()
    reader = _Reader()
    fonts = _fonts(body)
    state, held = _State(), [_State()]
    pending = 0
    destination = False
    for count, match in enumerate(_TOKEN.finditer(body)):
        if count % 50_000 == 0:
            clock.check()
        word, value, code, symbol, brace, text = match.groups()
        if brace == b"{":
            reader.flush()
            held.append(state)
            if len(held) > _GROUPS:
                raise _limits.damaged(both("嵌套过深", "its groups are nested too deeply"))
            pending = 0
            continue
        if brace == b"}":
            reader.flush()
            state = held.pop() if len(held) > 1 else state
            destination = False
            pending = 0
            continue
        if symbol == b"*":
            destination = True
            continue
        if word is not None:
            argument = int(value) if value is not None else None
            if destination or word in _SKIPPED:
                # \* marks a destination that readers who do not know it must skip; texts of boxes are known.
                known = word in (b"shptxt", b"shpinst", b"listtext", b"pntext")
                state = replace(state, skip=state.skip or not known)
                destination = False
                continue
            destination = False
            state, pending = _control(reader, state, word, argument, fonts, pending)
            continue
        destination = False
        if state.skip or state.hidden:
            continue
        if code is not None:
            if pending:
                pending -= 1
                continue
            if reader.raw and reader.raw_encoding != state.encoding:
                reader.flush()
            reader.raw_encoding = state.encoding
            reader.raw.append(int(code, 16))
        elif symbol is not None:
            reader.flush()
            reader.line.append(
                {b"~": " ", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}.get(symbol, "")
            )
        elif text is not None:
            if pending:
                taken = min(pending, len(text))
                text, pending = text[taken:], pending - taken
            if reader.raw or not text.isascii():
                # The second byte of a two-byte character may stand as a plain letter.
                reader.raw_encoding = state.encoding
                reader.raw.extend(text)
                reader.flush()
            elif text:
                reader.line.append(text.decode("ascii"))
    reader.in_table = False
    reader.paragraph()
    reader.end_table()
    return _blocks.finished(reader.blocks)


def _control(
    reader: _Reader, state: _State, word: bytes, value: int | None, fonts: dict[int, str], pending: int
) -> tuple[_State, int]:
    """Obeys one control word; gives the new state and how many fallback characters are to be passed over."""
    if word == b"f":
        reader.flush()
        return replace(state, encoding=fonts.get(value or 0, state.encoding)), pending
    if word == b"uc":
        return replace(state, fallback=max(0, min(value or 0, 8))), pending
    if word == b"v":
        return replace(state, hidden=value != 0), pending
    if word == b"deleted":
        return replace(state, hidden=value != 0), pending
    if word == b"plain":
        return replace(state, hidden=False), pending
    if word == b"bin":
        # Raw bytes follow that this reader does not step over; pictures are skipped groups anyway.
        return replace(state, skip=True), pending
    if state.skip or state.hidden:
        return state, pending
    if word == b"u":
        reader.flush()
        point = (value or 0) % 65536
        if 0xD800 <= point < 0xE000:
            _surrogate(reader, point)
        else:
            reader.line.append(chr(point))
        return state, state.fallback
    if word in _SPECIAL:
        reader.flush()
        reader.line.append(_SPECIAL[word])
    elif word in (b"par", b"sect", b"page"):
        reader.paragraph()
    elif word == b"pard":
        reader.in_table = False
    elif word == b"intbl":
        reader.in_table = True
    elif word in (b"cell", b"nestcell"):
        reader.end_cell()
    elif word in (b"row", b"nestrow"):
        reader.end_row()
        reader.in_table = False
    elif word == b"trowd":
        if not reader.row:
            if reader.line and "".join(reader.line).strip() and not reader.in_table:
                reader.paragraph()
            reader.marks, reader.edges, reader.mark = [], [], ""
    elif word in (b"clvmgf", b"clvmrg", b"clmgf", b"clmrg"):
        reader.mark = {b"clvmgf": "vf", b"clvmrg": "v", b"clmgf": "", b"clmrg": "h"}[word]
    elif word == b"cellx":
        if len(reader.edges) < _limits.TABLE_COLUMNS:
            reader.marks.append(reader.mark)
            reader.edges.append(value or 0)
        reader.mark = ""
    return state, pending


def _surrogate(reader: _Reader, point: int) -> None:
    """Joins the two halves of a character beyond U+FFFF, which RTF writes as two \\u."""
    if point >= 0xDC00 and reader.line and len(reader.line[-1]) == 1 and 0xD800 <= ord(reader.line[-1]) < 0xDC00:
        high = ord(reader.line.pop()) - 0xD800
        reader.line.append(chr(0x10000 + (high << 10) + point - 0xDC00))
    elif point < 0xDC00:
        reader.line.append(chr(point))


def _fonts(body: bytes) -> dict[int, str]:
    """The code page of each font."""
    default = re.search(rb"\\ansicpg([0-9]{3,5})", body[:4096])
    base = f"cp{default.group(1).decode()}" if default else "gb18030"
    if base == "cp936":
        base = "gb18030"
    try:
        codecs.lookup(base)
    except LookupError:
        base = "gb18030"
    found = {0: base}
    for match in re.finditer(
        rb"\\f([0-9]{1,5})[^{}\\]{0,20}(?:\\[a-z]{1,12}[0-9]{0,6}\s?){0,4}?\\fcharset([0-9]{1,3})", body[:200_000]
    ):
        found[int(match.group(1))] = _CHARSETS.get(int(match.group(2)), base) if match.group(2) != b"0" else base
    return found
