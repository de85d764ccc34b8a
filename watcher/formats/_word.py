"""WordprocessingML (docx, and the flat XML of Word 2003) to blocks: what Word would print of the body, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from watcher.formats import _blocks, _grid, _limits
from watcher.formats._numbering import Numbering
from watcher.formats._xml import Element, attribute, child, local, number
from watcher.types import Block
from watcher.words import both

_GONE = frozenset(
    {"del", "moveFrom", "instrText", "delText", "delInstrText", "footnoteRef", "endnoteRef", "rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr",
     "sdtPr", "rt", "binData", "pict_", "annotation", "commentReference"}
)  # fmt: skip
"""Deleted by tracked changes, field codes, properties, phonetic guides: never printed."""
_SYMBOLS = {
    0xB3: "≥",
    0xA3: "≤",
    0xB1: "±",
    0xB4: "×",
    0xB0: "°",
    0xB9: "≠",
    0xBB: "≈",
    0x3C: "<",
    0x3E: ">",
    0x25: "%",
}
"""Adobe Symbol, the font of ``w:sym`` in which old Word put comparison signs."""
_TOC = re.compile("(?:toc|目录)\\s?[1-9]", re.I)
_HEADING = re.compile("(?:heading|标题)\\s?([1-9])", re.I)
_TITLE_SIZE = 36
"""Half points: 小二 and larger. GB/T 9704 sets titles in 二号 (44) and text and its headings in 三号 (32)."""
_DEPTH = 40
"""Containers inside containers; libxml2 refuses 256 levels of elements by itself."""


@dataclass(slots=True)
class _Style:
    name: str = ""
    parent: str = ""
    outline: int | None = None
    num_id: str | None = None
    depth: int | None = None
    hidden: bool = False


@dataclass(slots=True)
class Styles:
    """Paragraph styles by id, with what they inherit."""

    styles: dict[str, _Style] = field(default_factory=dict)
    default: str = ""

    @classmethod
    def of(cls, root: Element | None) -> Styles:
        """The styles of ``styles.xml``; none without that part."""
        self = cls()
        for element in root if root is not None else ():
            if local(element) != "style":
                continue
            key = attribute(element, "styleId") or ""
            properties = child(element, "pPr")
            self.styles[key] = _Style(
                attribute(child(element, "name"), "val") or "",
                attribute(child(element, "basedOn"), "val") or "",
                _outline(properties),
                attribute(child(properties, "numPr", "numId"), "val"),
                _depth(properties),
                _on(child(element, "rPr", "vanish")),
            )
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true", "on"):
                self.default = key
        return self

    def chain(self, key: str) -> Iterator[_Style]:
        """The style and its parents, nearest first."""
        seen: set[str] = set()
        while key in self.styles and key not in seen:
            seen.add(key)
            yield self.styles[key]
            key = self.styles[key].parent


def _outline(properties: Element | None) -> int | None:
    value = attribute(child(properties, "outlineLvl"), "val")
    return number(value, 9) if value is not None else None


def _depth(properties: Element | None) -> int | None:
    value = attribute(child(properties, "numPr", "ilvl"), "val")
    return number(value) if value is not None else None


def _on(element: Element | None) -> bool:
    """A Word switch: present means on unless it says otherwise."""
    return element is not None and attribute(element, "val") not in ("0", "false", "off")


@dataclass(slots=True)
class Reader:
    """Walks one body. ``styles`` and ``numbering`` are the document's own."""

    styles: Styles = field(default_factory=Styles)
    numbering: Numbering = field(default_factory=Numbering)
    _clock: _limits.Clock = field(default_factory=_limits.Clock)
    _carried: str = ""
    """Text of a paragraph whose end mark was deleted: it goes on in the next one."""

    def blocks(self, body: Element) -> Iterator[Block]:
        """The blocks of a body (or of a cell, a note, a text box), in printed order."""
        yield from self._walk(body, 0)
        if self._carried:
            yield _blocks.prose(self._carried)
            self._carried = ""

    def _walk(self, container: Element, depth: int) -> Iterator[Block]:
        if depth > _DEPTH:
            raise _limits.damaged(both("嵌套过深", "its parts are nested too deeply"))
        for element in container:
            tag = local(element)
            if tag == "p":
                yield from self._paragraph(element, depth)
            elif tag == "tbl":
                self._clock.check()
                yield from self._table(element, depth)
            elif tag == "sdt":
                if not _is_contents(element):
                    yield from self._walk(element, depth + 1)
            elif tag == "AlternateContent":
                chosen = child(element, "Choice")
                yield from self._walk(chosen if chosen is not None else element, depth + 1)
            elif tag not in _GONE:
                yield from self._walk(element, depth + 1)

    def _paragraph(self, element: Element, depth: int) -> Iterator[Block]:
        properties = child(element, "pPr")
        key = attribute(child(properties, "pStyle"), "val") or self.styles.default
        chain = list(self.styles.chain(key))
        boxes: list[Element] = []
        pieces: list[str] = []
        self._runs(element, pieces, boxes, any(style.hidden for style in chain), depth)
        text = "".join(pieces)
        if self._carried:
            text, self._carried = self._carried + text, ""
        if _on(child(properties, "rPr", "del")):
            self._carried = text
        elif text.strip() and not self._is_contents_entry(text, chain):
            level = self._heading_level(properties, chain) or _title_level(element, properties, text)
            first = True
            for line in _lines(text, keep=level > 0):
                prefix = self._number(properties, chain) if first else ""
                first = False
                yield _blocks.prose(prefix + line, level=level if len(line) <= 2 * _blocks.HEADING_CHARS else 0)
        for box in boxes:
            yield from self._walk(box, depth + 1)

    def _runs(self, element: Element, out: list[str], boxes: list[Element], hidden: bool, depth: int) -> None:
        if depth > _DEPTH * 3:
            raise _limits.damaged(both("嵌套过深", "its parts are nested too deeply"))
        for part in element:
            tag = local(part)
            if tag == "t":
                if not hidden:
                    out.append(part.text or "")
            elif tag == "r":
                properties = child(part, "rPr")
                own = child(properties, "vanish")
                gone = _on(child(properties, "del"))
                if not gone:
                    self._runs(part, out, boxes, hidden if own is None else _on(own), depth + 1)
            elif tag in ("br", "cr"):
                out.append("\n")
            elif tag in ("tab", "ptab"):
                out.append("\t")
            elif tag == "noBreakHyphen":
                out.append("-")
            elif tag == "sym":
                out.append(_symbol(part))
            elif tag == "txbxContent":
                boxes.append(part)
            elif tag == "AlternateContent":
                chosen = child(part, "Choice")
                self._runs(chosen if chosen is not None else part, out, boxes, hidden, depth + 1)
            elif tag not in _GONE:
                self._runs(part, out, boxes, hidden, depth + 1)

    def _number(self, properties: Element | None, chain: list[_Style]) -> str:
        own = child(properties, "numPr")
        num_id = attribute(child(own, "numId"), "val")
        depth = _depth(properties)
        if num_id is None:
            num_id = next((style.num_id for style in chain if style.num_id is not None), None)
        if depth is None:
            depth = next((style.depth for style in chain if style.depth is not None), 0)
        return self.numbering.next(num_id, depth) if num_id else ""

    def _heading_level(self, properties: Element | None, chain: list[_Style]) -> int:
        own = _outline(properties)
        if own is None:
            own = next((style.outline for style in chain if style.outline is not None), None)
        if own is not None:
            return own + 1 if own < 9 else 0
        for style in chain:
            if match := _HEADING.fullmatch(style.name.strip()):
                return int(match.group(1))
            if style.name.strip().lower() in ("title", "标题"):
                return 1
        return 0

    @staticmethod
    def _is_contents_entry(text: str, chain: list[_Style]) -> bool:
        named = any(_TOC.match(style.name) for style in chain)
        return named or _blocks.is_contents_line(text.rstrip())

    def _table(self, element: Element, depth: int) -> Iterator[Block]:
        cells, header, captions = self._cells(element, depth)
        if len(cells) == 1:
            # One cell is a frame around text (专栏), not a table.
            yield from self._walk(captions[0], depth + 1)
            return
        table = _grid.grid(cells, header_rows=header)
        if table.rows:
            yield _grid.block(table)

    def _cells(self, element: Element, depth: int) -> tuple[list[_grid.Placed], int, list[Element]]:
        cells: list[_grid.Placed] = []
        sources: list[Element] = []
        open_at: dict[int, int] = {}
        """Column to the index in ``cells`` of the cell that a vMerge continues there."""
        header = 0
        row_at = 0
        for row in _parts(element, "tr"):
            properties = child(row, "trPr")
            if _on(child(properties, "del")):
                continue
            if header == row_at and _on(child(properties, "tblHeader")):
                header += 1
            column = number(attribute(child(properties, "gridBefore"), "val"))
            for cell in _parts(row, "tc"):
                own = child(cell, "tcPr")
                span = max(1, min(number(attribute(child(own, "gridSpan"), "val"), 1), _limits.TABLE_COLUMNS))
                merge = child(own, "vMerge")
                if merge is None:
                    merge = child(own, "vmerge")
                going_on = merge is not None and attribute(merge, "val") != "restart"
                wide = attribute(child(own, "hMerge"), "val") if child(own, "hMerge") is not None else "none"
                if wide in (None, "continue") and cells and column:
                    last = cells[-1]
                    cells[-1] = _grid.Placed(last.row, last.column, last.text, last.rows, last.columns + span)
                elif going_on and column in open_at:
                    at = open_at[column]
                    first = cells[at]
                    cells[at] = _grid.Placed(first.row, first.column, first.text, row_at - first.row + 1, first.columns)
                else:
                    if merge is not None:
                        open_at[column] = len(cells)
                    else:
                        open_at.pop(column, None)
                    cells.append(_grid.Placed(row_at, column, self._cell_text(cell, depth), 1, span))
                    sources.append(cell)
                column += span
                if len(cells) > _limits.TABLE_CELLS:
                    raise _limits.too_large(both("表格的单元格过多", "a table with too many cells"))
            row_at += 1
        return cells, header, sources

    def _cell_text(self, cell: Element, depth: int) -> str:
        held, self._carried = self._carried, ""
        lines = [line for block in self.blocks_below(cell, depth + 1) for line in block.text.splitlines()]
        self._carried = held
        return _blocks.one_line(lines)

    def blocks_below(self, container: Element, depth: int) -> Iterator[Block]:
        """Like ``blocks`` for a container inside another one, ``depth`` deep."""
        yield from self._walk(container, depth)
        if self._carried:
            yield _blocks.prose(self._carried)
            self._carried = ""


def _title_level(element: Element, properties: Element | None, text: str) -> int:
    """1 for a short centred line in large type without a style of its own; 0 else."""
    if attribute(child(properties, "jc"), "val") != "center" or not 1 < len(text.strip()) <= _blocks.HEADING_CHARS:
        return 0
    sizes = [
        number(attribute(child(run, "rPr", "sz"), "val"))
        for run in element
        if local(run) == "r" and child(run, "t") is not None
    ]
    return 1 if sizes and min(sizes) >= _TITLE_SIZE else 0


def _parts(of: Element, wanted: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, those too that stand inside a control, a mark or a tracked change."""
    for element in of:
        tag = local(element)
        if tag == wanted:
            yield element
        elif tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _parts(element, wanted)


def _is_contents(sdt: Element) -> bool:
    """A table of contents that Word keeps: it repeats the headings with page numbers."""
    gallery = attribute(child(sdt, "sdtPr", "docPartObj", "docPartGallery"), "val") or ""
    return gallery.lower() == "table of contents"


def _symbol(element: Element) -> str:
    code = attribute(element, "char") or ""
    font = (attribute(element, "font") or "").lower()
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    if 0xF000 <= value <= 0xF0FF:
        low = value - 0xF000
        if font == "symbol":
            return _SYMBOLS.get(low, chr(low) if 0x20 <= low < 0x7F else "")
        return ""
    return chr(value) if 0x20 <= value < 0x110000 and not 0xD800 <= value < 0xE000 else ""


def _lines(text: str, *, keep: bool) -> list[str]:
    """The lines of a paragraph with soft breaks. In a heading (``keep``) they are one title printed on several lines."""
    parts = [part for part in text.split("\n") if part.strip()]
    return [_blocks.one_line(parts)] if keep else parts
