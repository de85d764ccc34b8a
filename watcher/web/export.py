"""Files for reports: docx of a comparison, csv and xlsx of a matrix, none of which a spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from watcher.alert.moves import weigh
from watcher.compare.context import column_name, fold, sections, shown_spans
from watcher.compare.render import move_json
from watcher.compare.render_text import clean
from watcher.compare.wording import edit_word, headline, name_of, value, when, word
from watcher.types import Change, Edit
from watcher.web.texts import say
from watcher.words import Language

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The wide signs begin a formula too where spreadsheets speak Chinese or Japanese.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")
_WRITTEN = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def safe_cell(text: object) -> str:
    """A cell that stays text: what a spreadsheet would run gets an apostrophe; numbers stay as they are."""
    shown = "" if text is None else str(text)
    if not shown.startswith(_FORMULA):
        return shown
    try:
        float(shown)
    except ValueError:
        return "'" + shown
    return shown


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a BOM, so that spreadsheet programs read the Chinese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([[safe_cell(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def to_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet; texts are texts whatever they begin with, numbers are numbers."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook()
    book.properties.created = book.properties.modified = _EPOCH.replace(tzinfo=None)
    sheet = book.active
    assert sheet is not None
    sheet.title = "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "watcher"
    for y, row in enumerate([list(header), *rows], 1):
        for x, cell in enumerate(row, 1):
            place = sheet.cell(y, x)
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                place.value = cell
            elif cell is not None and str(cell):
                place.value = ILLEGAL_CHARACTERS_RE.sub("", str(cell))
                place.data_type = "s"
            if y == 1:
                place.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column, width in zip("ABCDEFGHIJKL", (16, 30, 12, 14, 14, 14, 14, 14, 10, 24, 24, 40), strict=True):
        sheet.column_dimensions[column].width = width
    out = io.BytesIO()
    book.save(out)
    return _timeless(out)


def _timeless(package: io.BytesIO) -> bytes:
    """An Office file without the time of its writing, so that the same content is the same bytes (and the same ETag)."""
    out = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _WRITTEN.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", body)
            new.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def docx(change: Change, title: str, note: str, language: Language) -> bytes:
    """A report: headline, table of moves, edits under their sections; what went is struck through, what came underlined."""
    from docx import Document
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    book = Document()
    style = book.styles["Normal"]
    style.font.name, style.font.size = "Microsoft YaHei", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Microsoft YaHei")
    book.core_properties.title, book.core_properties.author = xml_text(title)[:250], "watcher"
    book.add_heading(xml_text(title), 1)
    book.add_paragraph(xml_text(note))
    book.add_paragraph().add_run(headline(change, language)).bold = True
    if change.moves:
        heads = [say(one, language) for one in ("指标", "年份", "原值", "新值", "变动", "原文")]
        table = book.add_table(rows=1, cols=len(heads), style="Table Grid")
        for cell, text in zip(table.rows[0].cells, heads, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        for move in sorted(change.moves, key=lambda move: weigh(move_json(move)))[:400]:
            side = move.after or move.before
            cells = (
                name_of(move, language), when(move, language).strip(" ()（）"), value(move.before) if move.before else "—",
                value(move.after) if move.after else "—", word(move, language), side.quote if side else "",
            )  # fmt: skip
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = xml_text(text)
    gone, came = RGBColor(0x9A, 0x1F, 0x1F), RGBColor(0x0B, 0x5D, 0x2A)
    for section, groups in sections(change.edits[:2000]):
        book.add_heading(xml_text(section) or say("正文开头", language), 2)
        for group in groups:
            edit = group.first
            paragraph = book.add_paragraph(style="List Bullet")
            paragraph.add_run(f"{edit_word(edit, language)} ").italic = True
            if edit.kind == "column" and edit.label:
                paragraph.add_run(f"{xml_text(column_name(group))} × {len(group.edits)}")
                continue
            paragraph.add_run(xml_text(labelled(edit, language)))
            for kind, text in fold(shown_spans(edit), 60):
                run = paragraph.add_run(xml_text(text))
                if kind == "delete":
                    run.font.strike, run.font.color.rgb = True, gone
                elif kind == "insert":
                    run.font.underline, run.font.color.rgb = True, came
    out = io.BytesIO()
    book.save(out)
    return _timeless(out)


def labelled(edit: Edit, language: Language) -> str:
    """Which row and column of a table an edit stands in, ``""`` for an edit of running text."""
    if not edit.label or edit.kind not in ("cell", "format", "column"):
        return ""
    return clean(edit.label)[:120] + ("：" if language == "zh" else ": ")


def xml_text(text: str) -> str:
    """Text that XML can hold."""
    return "".join(
        letter
        for letter in clean(text)
        if letter in "\t\n" or (letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff")
    )
