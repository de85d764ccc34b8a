"""PDF (ISO 32000) with a text layer: characters and ruling lines through pdfium, tables by pdfplumber's geometry."""

from __future__ import annotations

import ctypes
import itertools
import threading
from collections.abc import Iterator
from typing import Any

from watcher.errors import FormatError
from watcher.formats import _limits, _paragraphs
from watcher.formats._columns import pages_of
from watcher.formats._layout import Edge, Glyph, Page
from watcher.types import Block
from watcher.words import both

_HEAD = 1024
"""Readers accept leading rubbish; the mark must stand within the first 1,024 bytes (Acrobat's rule)."""
_THIN = 2.5
"""Points: a filled rectangle that is thinner is a ruling line."""
_SCANNED_CHARS = 12
"""Characters a page, on average, below which a file with pictures is a scan with stamps and page numbers."""
_UNREADABLE = 0.4
"""Share of characters without a meaning (no ToUnicode) from which a text layer says nothing."""
_ANGLE_SAMPLES = 60
_ONE_AT_A_TIME = threading.Lock()
"""pdfium keeps global state and must not be used by two threads at once."""


def recognises(body: bytes, name: str = "") -> bool:
    """``%PDF-`` near the beginning, and no archive that holds a PDF; ``name`` is not needed."""
    at = body[:_HEAD].find(b"%PDF-")
    return at == 0 or (at > 0 and b"<html" not in body[:at].lower() and not body.startswith(b"PK\x03\x04"))


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """Paragraphs re-joined over lines and pages, ruled tables as grids; running headers and page numbers are left out.

    Raises ``FormatError``: ``scanned`` (no usable text layer), ``encrypted``, ``damaged``, ``too-large``, ``timeout``.
    """
    with _ONE_AT_A_TIME:
        return _paragraphs.blocks_of(_pages(body))


def _pages(body: bytes) -> list[Page]:
    import pypdfium2

    clock = _limits.Clock()
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise FormatError(both("PDF 有密码保护", "the PDF is protected by a password"), kind="encrypted") from None
        raise _limits.damaged(
            both("pdfium 打不开这个 PDF", f"pdfium cannot open the PDF ({str(error)[:120]})")
        ) from None
    try:
        count = len(document)
        if count > _limits.PDF_PAGES:
            raise _limits.too_large(
                both(
                    f"{count} 页，最多读 {_limits.PDF_PAGES} 页", f"{count} pages, at most {_limits.PDF_PAGES} are read"
                )
            )
        pages: list[Page] = []
        glyphs = unknown = pictures = count_read = 0
        for index in range(count):
            clock.check()
            try:
                sheet = document[index]
                parts, seen, strange, has_picture = _page(sheet)
                sheet.close()
            except pypdfium2.PdfiumError:
                continue
            glyphs += seen
            unknown += strange
            pictures += has_picture
            if glyphs > _limits.PDF_GLYPHS:
                raise _limits.too_large(
                    both(f"超过 {_limits.PDF_GLYPHS} 个字符", f"more than {_limits.PDF_GLYPHS} characters")
                )
            pages.extend(parts)
            count_read += 1
    finally:
        document.close()
    if not pages:
        raise _limits.damaged(both("PDF 没有能读的页", "the PDF has no readable page"))
    if (glyphs < _SCANNED_CHARS * count_read and pictures) or not glyphs:
        raise FormatError(
            both("PDF 是扫描件，只有图片没有文字", "the PDF is a scan: it holds pictures of pages and no text"),
            kind="scanned",
        )
    if unknown > _UNREADABLE * glyphs:
        raise FormatError(
            both(
                "PDF 的文字层无法辨认（字体没有标明字符）",
                "the PDF's text layer is unreadable (its fonts name no characters)",
            ),
            kind="scanned",
        )
    return pages


def _page(sheet: Any) -> tuple[list[Page], int, int, bool]:
    """One page in its parts, its characters, how many of them mean nothing, and whether it holds a picture."""
    x0, y0, x1, y1 = sheet.get_cropbox()
    text = sheet.get_textpage()
    try:
        raw, unknown, turned = _characters(text)
    finally:
        text.close()
    # How the text runs decides; the page's own rotation only where no text does.
    turn = sheet.get_rotation() % 360 if turned is None else turned
    edges, picture = _edges(sheet)
    upright = turn in (0, 180)
    width, height = (x1 - x0, y1 - y0) if upright else (y1 - y0, x1 - x0)

    def placed(left: float, low: float, right: float, high: float) -> tuple[float, float, float, float]:
        if turn == 90:
            return low - y0, left - x0, high - y0, right - x0
        if turn == 180:
            return x1 - right, low - y0, x1 - left, high - y0
        if turn == 270:
            return y1 - high, x1 - right, y1 - low, x1 - left
        return left - x0, y1 - high, right - x0, y1 - low

    glyphs = [Glyph(char, *placed(*box)) for char, box in raw]
    parts = pages_of(width, height, glyphs, [Edge(*placed(*edge)) for edge in edges])
    return parts, sum(glyph.text != " " for glyph in glyphs), unknown, picture


Box = tuple[float, float, float, float]


def _characters(text: Any) -> tuple[list[tuple[str, Box]], int, int | None]:
    """Characters with their boxes (left, bottom, right, top in points), how many mean nothing, and the turn that sets the text upright."""
    import pypdfium2.raw as pdfium

    count = min(text.count_chars(), _limits.PAGE_GLYPHS)
    rect = pdfium.FS_RECTF()
    found: list[tuple[str, Box]] = []
    unknown = 0
    turns = {0: 0, 90: 0, 180: 0, 270: 0}
    step = max(1, count // _ANGLE_SAMPLES)
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        char = _meaning(code)
        if char == " " and pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        if not char:
            unknown += code not in (0x0A, 0x0D, 0x02)
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rect)):
            continue
        if (rect.right <= rect.left and char != " ") or rect.top <= rect.bottom:
            continue
        if not -1e5 < rect.left < 1e5 or not -1e5 < rect.top < 1e5:
            continue
        found.append((char, (rect.left, rect.bottom, rect.right, rect.top)))
        if index % step == 0 and char != " ":
            # pdfium counts the angle clockwise from upright text, in radians.
            turns[round(pdfium.FPDFText_GetCharAngle(text, index) / 1.5707963) % 4 * 90] += 1
    most = max(turns, key=lambda turn: turns[turn])
    return found, unknown, (360 - most) % 360 if turns[most] > 0.6 * sum(turns.values()) else None


def _meaning(code: int) -> str:
    """The character of a code; ``" "`` for every white space, ``""`` for none (control, private use, replacement)."""
    if code in (0x20, 0xA0, 0x3000, 0x09) or 0x2000 <= code <= 0x200A:
        return " "
    if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code <= 0xF8FF or code in (0xFFFD, 0xFFFE, 0xFFFF, 0xAD):
        return ""
    if 0x2E80 <= code <= 0x2FDF:
        # Radicals that some writers' maps name in place of the ideographs that look alike.
        import unicodedata

        return unicodedata.normalize("NFKC", chr(code))
    return chr(code) if code < 0x110000 else ""


def _edges(sheet: Any) -> tuple[list[Box], bool]:
    """Ruling lines of a page (left, bottom, right, top) and whether it holds a picture."""
    import pypdfium2.raw as pdfium

    found: list[Box] = []
    picture = False
    for matrix, item in _objects(sheet.raw, pdfium):
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            picture = True
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and len(found) <= _limits.PAGE_EDGES:
            found.extend(_path(item, matrix, pdfium))
    return found, picture


Matrix = tuple[float, float, float, float, float, float]
_UNIT: Matrix = (1, 0, 0, 1, 0, 0)


def _objects(page: Any, pdfium: Any) -> Iterator[tuple[Matrix, Any]]:
    """The objects of a page and of the forms on it, each with the matrix of its form."""
    top = min(pdfium.FPDFPage_CountObjects(page), 50_000)
    todo: list[tuple[Matrix, Any, int]] = [(_UNIT, pdfium.FPDFPage_GetObject(page, index), 0) for index in range(top)]
    seen = 0
    while todo and seen < 100_000:
        matrix, item, depth = todo.pop()
        seen += 1
        yield matrix, item
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_FORM and depth < 4:
            inner = _times(_matrix(item, pdfium), matrix)
            parts = min(pdfium.FPDFFormObj_CountObjects(item), 20_000)
            todo.extend((inner, pdfium.FPDFFormObj_GetObject(item, index), depth + 1) for index in range(parts))


def _matrix(item: Any, pdfium: Any) -> Matrix:
    held = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, ctypes.byref(held)):
        return _UNIT
    return held.a, held.b, held.c, held.d, held.e, held.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _path(item: Any, outer: Matrix, pdfium: Any) -> Iterator[Box]:
    """The straight horizontal and vertical strokes of a path, and filled bars that are as thin as a line."""
    count = pdfium.FPDFPath_CountSegments(item)
    if not 2 <= count <= _limits.PATH_SEGMENTS:
        return
    fill, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
    pdfium.FPDFPath_GetDrawMode(item, ctypes.byref(fill), ctypes.byref(stroke))
    if not fill.value and not stroke.value:
        return
    a, b, c, d, e, f = _times(_matrix(item, pdfium), outer)
    points: list[tuple[float, float, int]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        if not segment or not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            return
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            return
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f, kind))
        if pdfium.FPDFPathSegment_GetClose(segment):
            start = next(p for p in reversed(points) if p[2] == pdfium.FPDF_SEGMENT_MOVETO or p is points[0])
            points.append((start[0], start[1], pdfium.FPDF_SEGMENT_LINETO))
    if any(not -1e5 < value < 1e5 for point in points for value in point[:2]):
        return
    if not stroke.value:
        yield from _bars(points, pdfium.FPDF_SEGMENT_MOVETO)
        return
    for (x0, y0, _), (x1, y1, kind) in itertools.pairwise(points):
        if kind == pdfium.FPDF_SEGMENT_LINETO and (abs(x1 - x0) < 1 or abs(y1 - y0) < 1):
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _bars(points: list[tuple[float, float, int]], move: int) -> Iterator[Box]:
    """Each filled figure of a path that is a thin bar, as the line along its middle."""
    figures: list[list[tuple[float, float]]] = []
    for x, y, kind in points:
        if kind == move or not figures:
            figures.append([])
        figures[-1].append((x, y))
    for figure in figures:
        x0, x1 = min(p[0] for p in figure), max(p[0] for p in figure)
        y0, y1 = min(p[1] for p in figure), max(p[1] for p in figure)
        if y1 - y0 < _THIN and x1 - x0 > y1 - y0:
            yield x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
        elif x1 - x0 < _THIN:
            yield (x0 + x1) / 2, y0, (x0 + x1) / 2, y1
