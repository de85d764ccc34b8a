"""Writes one plan in every format with the writers that people use (or, for OFD and RTF, by the standard's letter)."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

TITLE = "某某市“十四五”卫生健康事业发展规划"
CHAPTER = "第一章 规划背景"
SECTION = "第一节 发展基础"
PROSE = (
    "到2025年，全市每千常住人口医疗卫生机构床位数达到7.5张，婴儿死亡率控制在5‰以内，孕产妇死亡率下降到10/10万以下，"
    "居民健康素养水平不低于25%，人均预期寿命达到79.5岁左右，主要健康指标好于全省平均水平。"
)
HEADER = ["领域", "序号", "主要指标", "2020年", "2025年", "属性"]
ROWS = [
    ["健康水平", "1", "人均预期寿命（岁）", "78.1", "79.5", "预期性"],
    ["健康水平", "2", "婴儿死亡率（‰）", "3.18", "≤5", "预期性"],
    ["健康水平", "3", "孕产妇死亡率（1/10万）", "--", "<10", "约束性"],
    ["健康服务", "4", "每千人口床位数（张）", "6.29", "7.5", "预期性"],
    ["健康服务", "5", "个人卫生支出占卫生总费用的比重（%）", "", "持续下降", "约束性"],
]
SPANS = {(0, 0): 3, (3, 0): 2}
"""Of ``ROWS``: where a category begins and how many rows it spans."""
TABLE = [HEADER, *ROWS]
PRINTED = "\n".join(
    "\t".join("" if column == 0 and at and row[0] == TABLE[at][0] else text for column, text in enumerate(row))
    for at, row in enumerate(TABLE, start=-1)
)
"""The text of the table's block: a category stands once."""


@cache
def pdf(paragraphs: int = 3, rows: int = 1, *, scanned: bool = False, password: str = "") -> bytes:
    """The plan as PDF with a running header and page numbers; ``rows`` times the table's rows."""
    from reportlab.lib import colors, pdfencrypt
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

    font = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    body = ParagraphStyle("b", fontName=font, fontSize=14, leading=26, firstLineIndent=28, wordWrap="CJK")
    title = ParagraphStyle("t", fontName=font, fontSize=22, leading=32, alignment=1, wordWrap="CJK", spaceAfter=20)
    head = ParagraphStyle("h", fontName=font, fontSize=16, leading=30, alignment=1, wordWrap="CJK")
    cell = ParagraphStyle("c", fontName=font, fontSize=10.5, leading=14, wordWrap="CJK")

    def running(canvas: Any, document: Any) -> None:
        canvas.setFont(font, 9)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 40, "某某市人民政府公报 2022年第3期")
        canvas.drawCentredString(A4[0] / 2, 30, f"— {document.page} —")

    story: list[Any] = [Paragraph(TITLE, title), Paragraph(CHAPTER, head), Paragraph(SECTION, head)]
    story += [Paragraph(PROSE, body) for _ in range(paragraphs)]
    data: list[list[Any]] = [list(HEADER)]
    spans = []
    for turn in range(rows):
        for at, row in enumerate(ROWS):
            first = (at, 0) in SPANS
            if first:
                here = turn * len(ROWS) + at + 1
                spans.append(("SPAN", (0, here), (0, here + SPANS[at, 0] - 1)))
            data.append([row[0] if first else "", row[1], Paragraph(row[2], cell), *row[3:]])
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTNAME", (0, 0), (-1, -1), font), *spans]
    story.append(Table(data, colWidths=[60, 35, 150, 55, 70, 55], repeatRows=1, style=TableStyle(style)))
    out = io.BytesIO()
    lock = pdfencrypt.StandardEncryption(password, canPrint=1) if password else None
    SimpleDocTemplate(out, pagesize=A4, encrypt=lock).build(story, onFirstPage=running, onLaterPages=running)
    return out.getvalue()


def gazette(title: str, paragraphs: tuple[str, ...], *, tabled: bool = False) -> bytes:
    """A PDF in two columns with a running header in two parts and page numbers; the title stands over both columns."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import (
        BaseDocTemplate,
        Frame,
        FrameBreak,
        NextPageTemplate,
        PageTemplate,
        Paragraph,
        Table,
        TableStyle,
    )

    font = "STSong-Light"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    body = ParagraphStyle("b", fontName=font, fontSize=10.5, leading=16, firstLineIndent=21, wordWrap="CJK")
    large = ParagraphStyle("t", fontName=font, fontSize=20, leading=28, alignment=1, wordWrap="CJK")
    (width, height), side, gap = A4, 56, 22
    column = (width - 2 * side - gap) / 2

    def running(canvas: Any, document: Any) -> None:
        canvas.setFont(font, 9)
        canvas.drawString(side, height - 40, "某某市人民政府公报")
        canvas.drawRightString(width - side, height - 40, "2022年第3期")
        canvas.drawCentredString(width / 2, 30, f"- {document.page} -")

    def columns(top: float) -> list[Any]:
        return [Frame(x, 60, column, height - 120 - top, 0, 0, 0, 0) for x in (side, side + column + gap)]

    head = 80 if title else 0
    over = [Frame(side, height - 60 - head, width - 2 * side, head, 0, 0, 0, 0)] if title else []
    out = io.BytesIO()
    templates = [
        PageTemplate("first", [*over, *columns(head)], onPage=running),
        PageTemplate("later", columns(0), onPage=running),
    ]
    story: list[Any] = [NextPageTemplate("later"), *([Paragraph(title, large), FrameBreak()] if title else [])]
    story += [Paragraph(text, body) for text in paragraphs]
    if tabled:
        style = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTNAME", (0, 0), (-1, -1), font)])
        story.append(Table([["指标", "2025年"], ["托位数（个）", "4.6"]], colWidths=[110, 60], style=style))
    BaseDocTemplate(out, pagesize=A4, pageTemplates=templates).build(story)
    return out.getvalue()


@cache
def scan() -> bytes:
    """A PDF of pictures."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(3):
        canvas.drawImage(ImageReader(Image.new("RGB", (60, 80), "white")), 0, 0, 590, 840)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@cache
def docx(chapters: int = 1) -> bytes:
    """The plan as Word file by python-docx, merged cells and heading styles included."""
    import docx as writer

    document = writer.Document()
    document.sections[0].header.paragraphs[0].text = "某某市人民政府公报"
    document.add_paragraph(TITLE, style="Title")
    for _ in range(chapters):
        document.add_heading(CHAPTER, 1)
        document.add_heading(SECTION, 2)
        for _ in range(3):
            document.add_paragraph(PROSE)
        table = document.add_table(len(TABLE), len(HEADER))
        grid = [list(row.cells) for row in table.rows]
        for at, row in enumerate(TABLE):
            for column, text in enumerate(row):
                if column or at == 0:
                    grid[at][column].text = text
        for (at, column), many in SPANS.items():
            grid[at + 1][column].merge(grid[at + many][column]).text = ROWS[at][0]
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(body: str, *, numbering: str = "", styles: str = "", footnotes: str = "") -> bytes:
    """A Word file of exactly this mark-up (``w:`` and the usual prefixes are declared)."""
    spaces = " ".join(
        f'xmlns:{prefix}="{name}"'
        for prefix, name in {
            "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
            "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
            "v": "urn:schemas-microsoft-com:vml",
        }.items()
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
    }
    for name, tag, text in (
        ("numbering", "numbering", numbering),
        ("styles", "styles", styles),
        ("footnotes", "footnotes", footnotes),
    ):
        if text:
            parts[f"word/{name}.xml"] = f"<w:{tag} {spaces}>{text}</w:{tag}>"
    return zipped({name: text.encode() for name, text in parts.items()})


def paragraph(text: str, properties: str = "") -> str:
    """One ``w:p``."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2022, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


@cache
def xlsx() -> bytes:
    """The table as workbook by openpyxl, with a merged title, merged categories, a note, a second sheet and a hidden one."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "主要指标"
    sheet.append([TITLE])
    sheet.merge_cells("A1:F1")
    for row in TABLE:
        sheet.append(row)
    sheet["D3"], sheet["E3"] = 78.1, 79.5
    sheet["E6"] = 7.5
    sheet["E6"].number_format = "0.00"
    sheet["D4"] = 0.9535
    sheet["D4"].number_format = "0.0%"
    sheet.merge_cells("A3:A5")
    sheet.merge_cells("A6:A7")
    sheet.append(["注：带*的为约束性指标。"])
    sheet.merge_cells("A8:F8")
    other = book.create_sheet("分解表")
    other.append(["县区", "床位数"])
    other.append(["某县", 1200])
    other["B2"].number_format = "#,##0"
    book.create_sheet("草稿").append(["不应读到", "1"])
    book["草稿"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def xls() -> bytes:
    """The table as Excel 97 workbook by xlwt."""
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("主要指标", cell_overwrite_ok=True)
    sheet.write_merge(0, 0, 0, 5, TITLE)
    for column, text in enumerate(HEADER):
        sheet.write(1, column, text)
    for at, row in enumerate(ROWS):
        for column, text in enumerate(row):
            if column:
                sheet.write(at + 2, column, text)
    for (at, column), many in SPANS.items():
        sheet.write_merge(at + 2, at + 1 + many, column, column, ROWS[at][0])
    sheet.write(3, 3, 0.9535, xlwt.easyxf(num_format_str="0.0%"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def ofd(*, deltas: bool = True) -> bytes:
    """The plan as OFD: text objects in millimetres, the table's lines as paths, drawn before its text."""
    objects: list[str] = []

    def text(x: float, y: float, size: float, words: str) -> None:
        step = f'DeltaX="g {len(words) - 1} {size}"' if deltas and len(words) > 1 else ""
        objects.append(
            f'<ofd:TextObject ID="{len(objects) + 9}" Boundary="{x} {y} {size * len(words)} {size}" Font="3" Size="{size}">'
            f'<ofd:TextCode X="0" Y="{size * 0.88:.2f}" {step}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
        )

    def rule(x: float, y: float, data: str) -> None:
        objects.append(
            f'<ofd:PathObject ID="{len(objects) + 9}" Boundary="{x} {y} 160 100" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    wide = [0, 22, 34, 84, 106, 132, 156]
    top, high = 150.0, 9.0
    for at in range(len(TABLE) + 1):
        whole = at not in (2, 3, 5)
        rule(27 + (0 if whole else wide[1]), top + at * high, f"M 0 0 L {156 - (0 if whole else wide[1])} 0")
    for x in wide:
        rule(27 + x, top, f"M 0 0 L 0 {high * len(TABLE)}")
    text(36, 30, 7.76, TITLE)
    text(80, 45, 5.64, CHAPTER)
    lines, rest = [PROSE[:30]], PROSE[30:]
    while rest:
        lines.append(rest[:32])
        rest = rest[32:]
    for at, line in enumerate(lines):
        text(27 + (9.88 if at == 0 else 0), 60 + at * 9, 4.94, line)
    for at, row in enumerate(TABLE):
        for column, words in enumerate(row):
            if words and (column or at == 0 or (at - 1, 0) in SPANS):
                size = 3.0 if len(words) < 15 else 2.5
                text(27 + wide[column] + 1, top + at * high + 3, size, words)
    text(100, 285, 4.0, "- 1 -")
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    page = f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="2">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
    document = (
        f"<ofd:Document {space}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>'
    )
    root = f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    return zipped(
        {
            "OFD.xml": root.encode(),
            "Doc_0/Document.xml": document.encode(),
            "Doc_0/Pages/Page_0/Content.xml": page.encode(),
        }
    )


@cache
def rtf() -> bytes:
    """The plan as RTF: paragraphs in GBK bytes, the table in Unicode escapes with vertically merged categories."""

    def coded(text: str) -> str:
        return "".join(
            char if char.isascii() else f"\\u{ord(char) - (65536 if ord(char) > 32767 else 0)}?" for char in text
        )

    def bytewise(text: str) -> str:
        return "".join(
            char if char.isascii() else "".join(f"\\'{byte:02x}" for byte in char.encode("gbk")) for char in text
        )

    out = ["{\\rtf1\\ansi\\ansicpg936\\deff0{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}}{\\header \\pard header\\par}"]
    out += [f"\\pard\\f0 {bytewise(text)}\\par\n" for text in (TITLE, CHAPTER, PROSE)]
    for at, row in enumerate(TABLE):
        merge = "\\clvmgf" if (at - 1, 0) in SPANS else "\\clvmrg" if at > 0 else ""
        out.append("\\trowd" + "".join(f"{merge if not i else ''}\\cellx{(i + 1) * 1400}" for i in range(len(row))))
        out.append(
            "\\pard\\intbl "
            + "".join(f"{coded(text) if merge != chr(92) + 'clvmrg' or i else ''}\\cell " for i, text in enumerate(row))
        )
        out.append("\\row\n")
    return ("".join(out) + "\\pard\\par}").encode("ascii")
