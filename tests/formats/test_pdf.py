"""PDF: paragraphs and tables come back whole, furniture of pages does not."""

from __future__ import annotations

import io
from typing import Any

import pytest

from tests.formats import make
from watcher.errors import FormatError
from watcher.formats import pdf
from watcher.types import Block


def drawn(draw: Any, *, size: tuple[float, float] = (595, 842), turn: int = 0) -> tuple[Block, ...]:
    """What is read of a PDF that ``draw(canvas)`` drew."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    canvas.setFont("STSong-Light", 12)
    canvas.setPageRotation(turn)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return pdf.blocks(out.getvalue())


def test_paragraphs_are_whole_over_lines_and_pages() -> None:
    found = pdf.blocks(make.pdf(40))
    assert [b.text for b in found if b.kind == "paragraph"] == [make.PROSE] * 40


def test_running_headers_and_page_numbers_are_not_text() -> None:
    text = "\n".join(block.text for block in pdf.blocks(make.pdf(40)))
    assert "公报" not in text
    assert "—" not in text


def test_a_table_over_several_pages_is_one_table_with_one_header() -> None:
    tables = [b for b in pdf.blocks(make.pdf(2, 24)) if b.kind == "table"]
    assert len(tables) == 1
    header, *rows = tables[0].text.split("\n")
    assert header == "\t".join(make.HEADER)
    assert rows == make.PRINTED.split("\n")[1:] * 24
    assert tables[0].grid is not None
    assert [row[0].text for row in tables[0].grid.rows[1:]] == [row[0] for row in make.ROWS] * 24


def test_headings_have_depths() -> None:
    assert [(b.text, b.level) for b in pdf.blocks(make.pdf()) if b.kind == "heading"] == [
        (make.TITLE, 1), (make.CHAPTER, 1), (make.SECTION, 2),
    ]  # fmt: skip


TABLE = [["指标", "2020年", "2025年"], ["床位数（张）", "6.8", "7.5"], ["死亡率（‰）", "3.18", "≤5"]]
EXPECTED = "指标\t2020年\t2025年\n床位数（张）\t6.8\t7.5\n死亡率（‰）\t3.18\t≤5"


def test_a_three_line_table_is_read_by_the_space_between_its_columns() -> None:
    def draw(canvas: Any) -> None:
        for y in (600, 576, 528):
            canvas.line(80, y, 360, y)
        for row, texts in enumerate(TABLE):
            for x, text in zip((86, 206, 286), texts, strict=True):
                canvas.drawString(x, 583 - row * 24, text)
        canvas.drawString(80, 480, "正文从这里开始，床位数达到七点五张。")

    found = drawn(draw)
    assert [block.text for block in found] == [EXPECTED, "正文从这里开始，床位数达到七点五张。"]


def test_rules_above_and_below_text_make_no_table_of_it() -> None:
    def draw(canvas: Any) -> None:
        for y in (790, 600, 500):
            canvas.line(72, y, 520, y)
        for line in range(4):
            canvas.drawString(72, 560 - 16 * line, "到2025年床位数达到七点五张，健康水平提高。")

    assert {block.kind for block in drawn(draw)} == {"paragraph"}


def test_a_date_on_the_right_ends_its_paragraph() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(72, 700, "床位数达到七点五张" * 4)
        canvas.drawRightString(72 + 432, 640, "2022年1月29日")
        canvas.drawString(72, 620, "附件：主要指标表")

    assert [block.text for block in drawn(draw)][1:] == ["2022年1月29日", "附件：主要指标表"]


def lay(canvas: Any, *, sides: bool = True, bars: bool = False, left: float = 80, top: float = 600) -> None:
    """Draws ``TABLE``: lines or thin filled bars, with or without its outer uprights."""
    xs, high = [left, left + 120, left + 200, left + 280], 24
    for row in range(4):
        y = top - row * high
        canvas.rect(xs[0], y, xs[-1] - xs[0], 0.5, stroke=0, fill=1) if bars else canvas.line(xs[0], y, xs[-1], y)
    for x in xs if sides else xs[1:-1]:
        canvas.rect(x, top - 3 * high, 0.5, 3 * high, stroke=0, fill=1) if bars else canvas.line(
            x, top, x, top - 3 * high
        )
    for row, texts in enumerate(TABLE):
        for x, text in zip(xs, texts, strict=False):
            canvas.drawString(x + 6, top - row * high - 17, text)


@pytest.mark.parametrize("how", [{}, {"sides": False}, {"bars": True}, {"bars": True, "sides": False}])
def test_a_ruled_table_is_read_however_its_lines_are_drawn(how: dict[str, bool]) -> None:
    assert [b.text for b in drawn(lambda c: lay(c, **how)) if b.kind == "table"] == [EXPECTED]


def test_a_table_on_a_page_that_is_turned_is_read() -> None:
    def draw(canvas: Any) -> None:
        canvas.translate(595, 0)
        canvas.rotate(90)
        lay(canvas, top=500)

    assert [b.text for b in drawn(draw, turn=90) if b.kind == "table"] == [EXPECTED]
    assert [b.text for b in drawn(draw) if b.kind == "table"] == [EXPECTED]


def test_a_table_inside_a_form_is_read() -> None:
    def draw(canvas: Any) -> None:
        canvas.beginForm("box")
        canvas.setFont("STSong-Light", 12)
        lay(canvas, left=10, top=300)
        canvas.endForm()
        canvas.translate(40, 200)
        canvas.doForm("box")

    assert [b.text for b in drawn(draw) if b.kind == "table"] == [EXPECTED]


def test_bold_type_that_is_drawn_twice_is_read_once() -> None:
    def draw(canvas: Any) -> None:
        for shift in (0, 0.3):
            canvas.drawString(80 + shift, 700, "人人享有健康22")

    assert [b.text for b in drawn(draw)] == ["人人享有健康22"]


def test_a_title_over_two_centred_lines_is_one_heading() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont("STSong-Light", 22)
        canvas.drawCentredString(297, 760, "某某市人民政府关于印发")
        canvas.drawCentredString(297, 730, "卫生健康规划的通知")
        canvas.setFont("STSong-Light", 12)
        for line in range(9):
            canvas.drawString(72, 680 - 20 * line, "床位数达到七点五张" * 4)

    assert drawn(draw)[0] == Block("heading", "某某市人民政府关于印发卫生健康规划的通知", level=1)


def test_a_table_of_contents_is_not_text() -> None:
    def draw(canvas: Any) -> None:
        canvas.drawCentredString(297, 760, "目  录")
        canvas.drawString(72, 720, "第一章 规划背景" + "." * 60 + "1")
        canvas.drawString(72, 700, "第二章 主要任务" + "…" * 20 + " 12")
        canvas.drawString(72, 640, "正文在此。")

    assert [b.text for b in drawn(draw)] == ["正文在此。"]


def test_a_scan_says_so() -> None:
    with pytest.raises(FormatError) as caught:
        pdf.blocks(make.scan())
    assert caught.value.kind == "scanned"


def test_a_protected_file_says_so() -> None:
    with pytest.raises(FormatError) as caught:
        pdf.blocks(make.pdf(1, 1, password="secret"))
    assert caught.value.kind == "encrypted"


def test_a_page_of_ten_thousand_lines_is_read_without_hanging() -> None:
    def draw(canvas: Any) -> None:
        for at in range(5000):
            canvas.line(at % 500, 10, at % 500 + 0.2, 800)
            canvas.line(10, at % 700, 500, at % 700 + 0.1)
        canvas.drawString(72, 400, "地图上的文字")

    assert "地图上的文字" in "".join(b.text for b in drawn(draw))


@pytest.mark.parametrize(
    "title", ["某某市人民政府关于印发某某市托育服务发展规划的通知", ""], ids=["titled", "columns alone"]
)
@pytest.mark.parametrize("tabled", [True, False], ids=["a table in a column", "text alone"])
def test_a_gazette_in_two_columns_is_read_column_by_column(title: str, tabled: bool) -> None:
    said = tuple(
        f"第{n}条：到2025年，全市每千人口拥有3岁以下婴幼儿托位数达到4.{n}个，新建示范托育机构{n * 3}家，普惠托位占比达到60%以上，"
        "完善政策支持体系和标准规范体系，推动建立健全多元化、多样化的托育服务网络。"
        for n in range(1, 24)
    )
    found = pdf.blocks(make.gazette(title, said, tabled=tabled))
    assert [block.text for block in found if block.grid is None] == [*([title] if title else []), *said]
    assert [block.text for block in found if block.grid is not None] == ["指标\t2025年\n托位数（个）\t4.6"] * tabled


def test_two_columns_of_names_are_read_line_by_line() -> None:
    def draw(canvas: Any) -> None:
        for row in range(30):
            canvas.drawString(80, 760 - 20 * row, f"第{row}号 张某某")
            canvas.drawString(330, 760 - 20 * row, f"第{row}号附 李某某")

    text = "".join(block.text for block in drawn(draw)).replace(" ", "")
    assert text.index("第0号附") < text.index("第1号") < text.index("第29号附")


def test_the_line_over_the_only_even_page_goes_with_those_of_the_odd_ones() -> None:
    def draw(canvas: Any) -> None:
        for page in range(3):
            canvas.setFont("STSong-Light", 9)
            canvas.drawString(72, 800, "某某市城市更新规划" if page % 2 == 0 else "某某市住房和城乡建设局")
            canvas.setFont("STSong-Light", 12)
            for line in range(12):
                canvas.drawString(72, 740 - 20 * line, "建成区绿化覆盖率达到四十二以上，" * 2)
            if page < 2:
                canvas.showPage()

    text = "".join(block.text for block in drawn(draw))
    assert "绿化覆盖率" in text
    assert "建设局" not in text
    assert "城市更新规划" not in text
