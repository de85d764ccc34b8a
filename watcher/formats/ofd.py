"""OFD (GB/T 33190-2016), the layout format of Chinese offices: a zip of XML that places characters and lines in millimetres."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from watcher.errors import FormatError
from watcher.formats import _limits, _paragraphs, _xml
from watcher.formats._columns import pages_of
from watcher.formats._layout import Edge, Glyph, Page
from watcher.formats._xml import Element, attribute, child, local
from watcher.formats._zip import Archive, listing, looks_zipped
from watcher.types import Block
from watcher.words import both

_ROOT = "OFD.xml"
_A4 = (0.0, 0.0, 210.0, 297.0)
_ASCENT = 0.88
"""Share of a CJK glyph's em above its base line."""
_THIN = 0.8
"""Millimetres: a filled figure that is thinner is a ruling line."""
_PATH = re.compile("[A-Za-z]|[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")
_OPERANDS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_DEPTH = 12


def recognises(body: bytes, name: str = "") -> bool:
    """A zip that holds ``OFD.xml``; ``name`` is not needed."""
    return looks_zipped(body) and _ROOT.encode() in listing(body)


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """As ``pdf.blocks``: paragraphs re-joined, ruled tables as grids. Seals, annotations and page templates are not text.

    Raises ``FormatError``: ``scanned``, ``encrypted``, ``damaged``, ``too-large``, ``timeout``.
    """
    archive = Archive(body)
    clock = _limits.Clock()
    if any(part.rpartition("/")[2] in ("Encryptions.xml", "Decryptseed.dat") for part in archive.names):
        raise FormatError(both("OFD 文件已加密", "the OFD file is encrypted"), kind="encrypted")
    root = _xml.parse(archive.read(_ROOT), _ROOT)
    pages: list[Page] = []
    counted = 0
    pictured = False
    for place in _document_parts(root):
        document = _xml.parse(archive.read(place), "Document.xml")
        default = _box(child(document, "CommonData", "PageArea", "PhysicalBox"), _A4)
        base = dirname(place)
        for reference in _named(child(document, "Pages"), "Page"):
            clock.check()
            if len(pages) >= _limits.PDF_PAGES:
                raise _limits.too_large(both(f"超过 {_limits.PDF_PAGES} 页", f"more than {_limits.PDF_PAGES} pages"))
            part = _inside(base, attribute(reference, "BaseLoc"))
            if part not in archive:
                continue
            content = _xml.parse(archive.read(part), part)
            page, glyphs, picture = _page(content, default)
            counted += glyphs
            pictured = pictured or picture
            if counted > _limits.PDF_GLYPHS:
                raise _limits.too_large(
                    both(f"超过 {_limits.PDF_GLYPHS} 个字符", f"more than {_limits.PDF_GLYPHS} characters")
                )
            pages.extend(page)
    if not pages:
        raise _limits.damaged(both("OFD 文件没有能读的页", "the OFD file has no readable page"))
    if not counted:
        if pictured:
            raise FormatError(
                both(
                    "OFD 文件是扫描件，只有图片没有文字",
                    "the OFD file is a scan: it holds pictures of pages and no text",
                ),
                kind="scanned",
            )
        raise _limits.damaged(both("里面没有文字", "it holds no text"))
    return _paragraphs.blocks_of(pages)


def _named(element: Element | None, name: str) -> Iterator[Element]:
    for part in element if element is not None else ():
        if local(part) == name:
            yield part


def _document_parts(root: Element) -> Iterator[str]:
    for body in _named(root, "DocBody"):
        place = child(body, "DocRoot")
        if place is not None and place.text:
            yield _inside("", place.text.strip())


def _inside(base: str, place: str | None) -> str:
    """A part's name: absolute ones begin at the archive's root. Only looked up in the archive, never opened as a path."""
    place = (place or "").strip().replace("\\", "/")
    return normpath(place.lstrip("/") if place.startswith("/") else join(base, place))


def _floats(text: str | None) -> list[float]:
    try:
        values = [float(part) for part in (text or "").split()]
    except ValueError:
        return []
    return values if all(-1e6 < value < 1e6 for value in values) else []


def _box(element: Element | None, default: tuple[float, ...]) -> tuple[float, float, float, float]:
    values = _floats(element.text if element is not None else None)
    held = values if len(values) == 4 and values[2] > 0 and values[3] > 0 else list(default)
    return held[0], held[1], held[2], held[3]


def _page(content: Element, default: tuple[float, float, float, float]) -> tuple[list[Page], int, bool]:
    x0, y0, width, height = _box(child(content, "Area", "PhysicalBox"), default)
    glyphs: list[Glyph] = []
    edges: list[Edge] = []
    picture = False
    for item in _items(child(content, "Content"), 0):
        tag = local(item)
        if tag == "ImageObject":
            picture = True
        elif tag == "TextObject":
            if len(glyphs) < _limits.PAGE_GLYPHS:
                glyphs.extend(_glyphs(item, x0, y0))
        elif len(edges) <= _limits.PAGE_EDGES:
            edges.extend(_edges(item, x0, y0))
    return pages_of(width, height, glyphs, edges), sum(g.text != " " for g in glyphs), picture


def _items(container: Element | None, depth: int) -> Iterator[Element]:
    """The text, path and picture objects of layers and blocks, in the order in which they are drawn."""
    for part in container if container is not None and depth < _DEPTH else ():
        tag = local(part)
        if tag in ("Layer", "PageBlock"):
            yield from _items(part, depth + 1)
        elif tag in ("TextObject", "PathObject", "ImageObject") and attribute(part, "Visible") != "false":
            yield part


Matrix = tuple[float, float, float, float, float, float]


def _placement(item: Element, x0: float, y0: float) -> Matrix | None:
    """From an object's own coordinates to the page's."""
    boundary = _floats(attribute(item, "Boundary"))
    if len(boundary) != 4:
        return None
    own = _floats(attribute(item, "CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else (1, 0, 0, 1, 0, 0)
    return a, b, c, d, e + boundary[0] - x0, f + boundary[1] - y0


def _glyphs(item: Element, x0: float, y0: float) -> Iterator[Glyph]:
    matrix = _placement(item, x0, y0)
    size = next(iter(_floats(attribute(item, "Size"))), 0.0)
    if matrix is None or size <= 0:
        return
    a, b, c, d, e, f = matrix
    across = next(iter(_floats(attribute(item, "HScale"))), 1.0) * size * (abs(a) or abs(b))
    tall = size * (abs(d) or abs(c))
    x = y = 0.0
    for code in _named(item, "TextCode"):
        x = next(iter(_floats(attribute(code, "X"))), x)
        y = next(iter(_floats(attribute(code, "Y"))), y)
        text = (code.text or "").replace("\n", "").replace("\r", "")
        steps_x, steps_y = _deltas(attribute(code, "DeltaX"), len(text)), _deltas(attribute(code, "DeltaY"), len(text))
        at_x, at_y = x, y
        for index, char in enumerate(text):
            left, base = a * at_x + c * at_y + e, b * at_x + d * at_y + f
            step = steps_x[index] if index < len(steps_x) else 0.0
            wide = across * (1.0 if ord(char) > 0x2000 else 0.5)
            yield Glyph(
                " " if char.isspace() else char, left, base - _ASCENT * tall, left + wide, base + (1 - _ASCENT) * tall
            )
            at_x += step if steps_x or steps_y else (wide / (abs(a) or 1))
            at_y += steps_y[index] if index < len(steps_y) else 0.0


def _deltas(text: str | None, length: int) -> list[float]:
    """``"4.2 g 3 5.1"`` is 4.2, 5.1, 5.1, 5.1 (``g``: how often, what)."""
    found: list[float] = []
    parts = iter((text or "").split())
    for part in parts:
        if part == "g":
            many, value = _floats(next(parts, "")), _floats(next(parts, ""))
            if many and value:
                found.extend(itertools.repeat(value[0], max(0, min(int(many[0]), length - len(found)))))
        else:
            found.extend(_floats(part))
        if len(found) >= length:
            break
    return found[:length]


def _edges(item: Element, x0: float, y0: float) -> Iterator[Edge]:
    matrix = _placement(item, x0, y0)
    data = child(item, "AbbreviatedData")
    if matrix is None or data is None or not data.text or len(data.text) > 40 * _limits.PATH_SEGMENTS:
        return
    stroked = attribute(item, "Stroke") != "false"
    filled = attribute(item, "Fill") == "true"
    a, b, c, d, e, f = matrix
    for figure in _figures(data.text):
        points = [(a * x + c * y + e, b * x + d * y + f) for x, y in figure]
        left, right = min(p[0] for p in points), max(p[0] for p in points)
        top, bottom = min(p[1] for p in points), max(p[1] for p in points)
        if filled and len(points) > 2 and min(right - left, bottom - top) < _THIN:
            if right - left >= bottom - top:
                yield Edge(left, (top + bottom) / 2, right, (top + bottom) / 2)
            else:
                yield Edge((left + right) / 2, top, (left + right) / 2, bottom)
        elif stroked:
            for (ax, ay), (bx, by) in itertools.pairwise(points):
                if abs(ax - bx) < 0.3 or abs(ay - by) < 0.3:
                    yield Edge(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _figures(data: str) -> list[list[tuple[float, float]]]:
    """The corners of each figure of straight lines; figures with curves are left out."""
    found: list[list[tuple[float, float]]] = []
    curved: set[int] = set()
    tokens = _PATH.findall(data)
    at = 0
    while at < len(tokens):
        operator = tokens[at].upper()
        count = _OPERANDS.get(operator)
        at += 1
        if count is None:
            continue
        try:
            values = [float(token) for token in tokens[at : at + count]]
        except ValueError:
            break
        at += count
        if len(values) < count:
            break
        if operator in "MS":
            found.append([(values[0], values[1])])
        elif not found:
            continue
        elif operator == "C":
            found[-1].append(found[-1][0])
        else:
            found[-1].append((values[-2], values[-1]))
            if operator != "L":
                curved.add(len(found) - 1)
    return [figure for index, figure in enumerate(found) if index not in curved and len(figure) > 1]
