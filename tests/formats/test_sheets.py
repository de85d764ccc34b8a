"""Workbooks: numbers as they are shown, merged cells, title lines and notes."""

from __future__ import annotations

import datetime
import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats import make
from watcher.errors import FormatError
from watcher.formats import _grid, _numfmt, xls, xlsx
from watcher.formats._numbering import chinese, printed


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (0.95, "0%", "95%"), (0.9535, "0.0%", "95.4%"), (1200, "#,##0", "1,200"), (7.5, "0.00", "7.50"), (7.5, "General", "7.5"),
        (0.1 + 0.2, "General", "0.3"), (5, '"≤"0"‰"', "≤5‰"), (5, "≥0", "≥5"), (-3.2, "0.0;(0.0)", "(3.2)"), (-3.2, "0.0", "-3.2"),
        (2022, "0_ ", "2022"), (1234567.891, "#,##0.00_);[Red]\\(#,##0.00\\)", "1,234,567.89"), (0.5, "#.##", ".5"),
        (12, "000", "012"), (3, "0.0#", "3.0"), (1e15, "General", "1000000000000000"), (0.00001, "General", "0.00001"),
        (True, "General", "TRUE"), (None, "General", ""), (18.2, '0.0"万人"', "18.2万人"), (1.5, "# ?/?", "1.5"),
        (datetime.datetime(2022, 1, 29, tzinfo=datetime.UTC), "yyyy/m/d", "2022-01-29"), (datetime.datetime(2022, 9, 1, tzinfo=datetime.UTC), 'yyyy"年"m"月"', "2022年9月"), (datetime.date(2022, 9, 1), "mmm-yy", "2022-09"), (float("nan"), "0", ""), (78.1, "0.0_ ;[Red]\\-0.0\\ ", "78.1"),
    ],
)  # fmt: skip
def test_a_number_is_printed_as_its_format_shows_it(value: object, style: str, text: str) -> None:
    assert _numfmt.shown(value, style) == text


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(alphabet='0#.,%;"\\[]_*?GeneralmdyE ≤', max_size=20))
def test_no_number_format_breaks(value: float, style: str) -> None:
    assert isinstance(_numfmt.shown(value, style), str)


def written(fill: Any) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_percentages_and_merged_categories_of_a_workbook() -> None:
    tables = [block for block in xlsx.blocks(make.xlsx()) if block.kind == "table"]
    assert tables[0].text.split("\n")[2].split("\t") == ["", "2", "婴儿死亡率（‰）", "95.4%", "≤5", "预期性"]
    assert tables[0].grid is not None
    assert tables[0].grid.caption == make.TITLE
    assert tables[0].grid.notes == ("注：带*的为约束性指标。",)
    assert [row[0].text for row in tables[0].grid.rows[1:]] == [row[0] for row in make.ROWS]


def test_hidden_sheets_are_not_read() -> None:
    assert "不应读到" not in "".join(block.text for block in xlsx.blocks(make.xlsx()))


def test_xls_and_xlsx_read_alike() -> None:
    (old,) = [block for block in xls.blocks(make.xls()) if block.kind == "table"]
    new = next(block for block in xlsx.blocks(make.xlsx()) if block.kind == "table")
    assert old.text == new.text.replace("7.50", "7.5")


def test_two_header_rows_keep_their_spans() -> None:
    def fill(sheet: Any) -> None:
        for row in (["指标", "目标", None], [None, "2020年", "2025年"], ["床位", 6.8, 7.5]):
            sheet.append(row)
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    (table,) = xlsx.blocks(written(fill))
    assert table.text == "指标\t目标\t\n\t2020年\t2025年\n床位\t6.8\t7.5"


def test_a_cell_at_the_far_end_of_a_sheet_costs_nothing() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"], sheet["XFD1048576"] = "指标", "值", "远"

    assert xlsx.blocks(written(fill))[0].text.startswith("指标\t值")


def test_a_line_break_inside_a_chinese_cell_leaves_no_gap() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["指标", "2025年"])
        sheet.append(["每千人口\n床位数", "<\n5"])

    assert xlsx.blocks(written(fill))[0].text == "指标\t2025年\n每千人口床位数\t<5"


def test_an_empty_workbook_is_an_error() -> None:
    with pytest.raises(FormatError):
        xlsx.blocks(written(lambda sheet: None))


def test_a_workbook_with_a_dtd_is_refused() -> None:
    body = make.zipped({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'})
    with pytest.raises(FormatError) as caught:
        xlsx.blocks(body)
    assert caught.value.kind == "damaged"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十"), (1010, "一千零一十")],
)
def test_chinese_counting(value: int, text: str) -> None:
    assert chinese(value) == text


@pytest.mark.parametrize(
    ("style", "text"),
    [("upperRoman", "IV"), ("lowerLetter", "d"), ("decimalEnclosedCircle", "④"), ("decimalZero", "04"), ("bogus", "4")],
)
def test_number_styles(style: str, text: str) -> None:
    assert printed(4, style) == text


placed = st.builds(
    _grid.Placed,
    st.integers(0, 8),
    st.integers(0, 8),
    st.sampled_from(["", "a", "指标"]),
    st.integers(-1, 10),
    st.integers(-1, 10),
)


@given(st.lists(placed, max_size=25))
def test_every_grid_is_even_and_says_each_text_once(cells: list[_grid.Placed]) -> None:
    table = _grid.grid(cells)
    assert len({len(row) for row in table.rows}) <= 1
    own = [cell.text for row in table.rows for cell in row if cell.text and not cell.inherited]
    assert len(own) <= len([cell for cell in cells if cell.text])
    assert all(any(cell.text and not cell.inherited for cell in row) for row in table.rows)
    assert [line.split("\t") for line in _grid.text_of(table).split("\n")] == [
        ["" if cell.inherited else cell.text for cell in row] for row in table.rows
    ] or not table.rows


NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FIRST = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'


def _workbook(sheet: str, strings: str) -> bytes:
    kinds = "".join(
        f'<Override PartName="/xl/{part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in (
            ("workbook.xml", "sheet.main"),
            ("worksheets/sheet1.xml", "worksheet"),
            ("sharedStrings.xml", "sharedStrings"),
        )
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{kinds}</Types>',
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{RELATIONS}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {NS}>{sheet}</worksheet>",
        "xl/sharedStrings.xml": strings,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def test_shared_strings_are_read() -> None:
    body = _workbook(FIRST, f"<sst {NS}><si><t>每千人口床位数</t></si></sst>")
    assert [block.text for block in xlsx.blocks(body)] == ["每千人口床位数"]


@pytest.mark.parametrize(
    ("sheet", "strings", "kind"),
    [
        (FIRST, f"<sst {NS}>" + "<si><t>某</t></si>" * 500_000 + "</sst>", "too-large"),
        (
            "<sheetData>"
            + "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 3001))
            + "</sheetData>",
            f"<sst {NS}><si><t>" + "".join(map(chr, range(0x4E00, 0x6E00))) + "</t></si></sst>",
            "too-large",
        ),
        (
            FIRST,
            f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst {NS}><si><t>&a;</t></si></sst>',
            "damaged",
        ),
    ],
    ids=["a million strings", "one string in every cell", "a string from a file"],
)
def test_shared_strings_are_bounded(sheet: str, strings: str, kind: str) -> None:
    with pytest.raises(FormatError) as caught:
        xlsx.blocks(_workbook(sheet, strings))
    assert caught.value.kind == kind


def test_what_stands_above_a_table_is_no_row_of_it() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for name in ("附件1", "附件2"):
        sheet: Any = book.active if name == "附件1" else book.create_sheet()
        sheet.title = name
        sheet.append([name])
        sheet.append(["主要指标汇总表"])
        sheet.merge_cells("A2:C2")
        sheet.append(["填报单位：市卫生健康委", None, "单位：%"])
        sheet.append(["序号", "指标", "2025年"])
        sheet.append([1, "签约率", "≥45"])
    out = io.BytesIO()
    book.save(out)
    found = [(block.kind, block.text) for block in xlsx.blocks(out.getvalue())]
    assert found[:4] == [
        ("heading", "附件1"),
        ("paragraph", "主要指标汇总表"),
        ("paragraph", "填报单位：市卫生健康委 单位：%"),
        ("table", "序号\t指标\t2025年\n1\t签约率\t≥45"),
    ]
