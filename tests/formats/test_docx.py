"""Word files: what Word prints is read, what it hides is not."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.formats.make import paragraph, word, zipped
from watcher.errors import FormatError
from watcher.formats import docx


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in docx.blocks(word(body, **parts))]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def test_deletions_of_tracked_changes_are_not_text_and_insertions_are() -> None:
    body = (
        "<w:p><w:r><w:t>床位数达到</w:t></w:r><w:del><w:r><w:delText>6.8</w:delText><w:t>6.8</w:t></w:r></w:del>"
        "<w:ins><w:r><w:t>7.5</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:r><w:t>张</w:t></w:r></w:p>"
    )
    assert texts(body) == ["床位数达到7.5张"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next_one() -> None:
    assert texts(paragraph("前半句，", "<w:rPr><w:del/></w:rPr>") + paragraph("后半句。")) == ["前半句，后半句。"]


def test_a_deleted_table_row_is_not_read() -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell('旧')}{cell('1')}</w:tr>"
    assert texts(f"<w:tbl><w:tr>{cell('新')}{cell('2')}</w:tr>{gone}</w:tbl>") == ["新\t2"]


def test_hidden_text_and_field_codes_are_not_read_but_a_fields_result_is() -> None:
    body = (
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>可见</w:t></w:r></w:p>'
    )
    assert texts(body) == ["可见"]


def test_automatic_numbers_are_printed_and_restart_below_each_chapter() -> None:
    def level(at: int, style: str, text: str) -> str:
        return (
            f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        )

    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "chineseCountingThousand", "第%1章")
        + level(1, "japaneseCounting", "（%2）")
        + level(2, "decimal", "%3.")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )

    def numbered(at: int, text: str) -> str:
        return paragraph(text, f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="1"/></w:numPr>')

    body = "".join(
        [numbered(0, "规划背景"), numbered(1, "成效"), numbered(2, "床位。"), numbered(2, "医师。"), numbered(1, "问题"),
         numbered(0, "主要任务"), numbered(1, "目标")]
    )  # fmt: skip
    found = docx.blocks(word(body, numbering=numbering))
    assert [block.text for block in found] == [
        "第一章 规划背景", "（一）成效", "1.床位。", "2.医师。", "（二）问题", "第二章 主要任务", "（一）目标",
    ]  # fmt: skip
    assert [block.level for block in found] == [1, 2, 0, 0, 2, 1, 2]


def test_numbers_come_from_a_paragraphs_style_too_and_numid_zero_switches_them_off() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="条"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="款"/><w:basedOn w:val="a"/></w:style>'
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1、"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    off = '<w:pStyle w:val="b"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    body = (
        paragraph("甲。", '<w:pStyle w:val="b"/>') + paragraph("乙。", off) + paragraph("丙。", '<w:pStyle w:val="a"/>')
    )
    assert texts(body, styles=styles, numbering=numbering) == ["1、甲。", "乙。", "2、丙。"]


def test_headings_come_from_styles_outline_levels_and_numbers() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="小标"/><w:basedOn w:val="1"/></w:style>'
    )
    body = (
        paragraph("总体要求", '<w:pStyle w:val="x"/>')
        + paragraph("任务", '<w:outlineLvl w:val="1"/>')
        + paragraph("正文。")
    )
    assert [(b.kind, b.level) for b in docx.blocks(word(body, styles=styles))] == [
        ("heading", 1),
        ("heading", 2),
        ("paragraph", 0),
    ]


def test_spans_in_both_directions_are_resolved() -> None:
    restart, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        f"<w:tbl><w:tr>{cell('指标', restart)}{cell('目标值', '<w:gridSpan w:val=&quot;2&quot;/>'.replace('&quot;', chr(34)))}</w:tr>"
        f"<w:tr>{cell('', go_on)}{cell('2020年')}{cell('2025年')}</w:tr><w:tr>{cell('床位')}{cell('6.8')}{cell('7.5')}</w:tr></w:tbl>"
    )
    (table,) = docx.blocks(word(body))
    assert table.text == "指标\t目标值\t\n\t2020年\t2025年\n床位\t6.8\t7.5"
    assert table.grid is not None
    assert table.grid.rows[1][0].text == "指标"
    assert table.grid.rows[1][0].inherited
    assert not table.grid.rows[2][0].inherited


def test_repeated_header_rows_are_told() -> None:
    body = f"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('指标')}{cell('值')}</w:tr><w:tr>{cell('床位')}{cell('7')}</w:tr></w:tbl>"
    (table,) = docx.blocks(word(body))
    assert table.grid is not None
    assert table.grid.header_rows == 1


def test_a_cells_lines_become_one_line_and_a_table_inside_a_cell_stays_in_it() -> None:
    inner = f"<w:tbl><w:tr>{cell('甲')}{cell('乙')}</w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr><w:tc>{paragraph('达到国家')}{paragraph('平均水平')}</w:tc><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    )
    assert texts(body) == ["达到国家平均水平\t甲 乙"]


def test_a_frame_of_one_cell_is_text() -> None:
    body = f"<w:tbl><w:tr><w:tc>{paragraph('专栏1 重点工程')}{paragraph('建设医学中心。')}</w:tc></w:tr></w:tbl>"
    assert texts(body) == ["专栏1 重点工程", "建设医学中心。"]


def test_a_text_box_is_read_once_although_word_writes_it_twice() -> None:
    box = f"<w:txbxContent>{paragraph('专栏文字。')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>正文。</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>"
        f"{box}</wps:txbx></mc:Choice><mc:Fallback><v:textbox>{box}</v:textbox></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert texts(body) == ["正文。", "专栏文字。"]


def test_symbols_and_formulas_keep_their_comparison_signs() -> None:
    body = (
        '<w:p><w:r><w:t>健康素养水平</w:t></w:r><w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r><w:r><w:t>25%，死亡率</w:t></w:r>'
        "<m:oMath><m:r><m:t>≤</m:t></m:r></m:oMath><w:r><w:t>5‰。</w:t></w:r></w:p>"
    )
    assert texts(body) == ["健康素养水平≥25%，死亡率≤5‰。"]


def test_a_table_of_contents_is_not_text_and_footnotes_come_last() -> None:
    contents = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{paragraph('第一章 背景 1')}</w:sdtContent></w:sdt>"
    )
    notes = f'<w:footnote w:type="separator" w:id="0">{paragraph("线")}</w:footnote><w:footnote w:id="2">{paragraph("指累计数。")}</w:footnote>'
    loose = paragraph("第二章 任务……………………12")
    assert texts(contents + loose + paragraph("正文。"), footnotes=notes) == ["正文。", "指累计数。"]


def test_soft_line_breaks_part_paragraphs_but_not_titles() -> None:
    broken = "<w:p><w:r><w:t>第一行。</w:t><w:br/><w:t>第二行。</w:t></w:r></w:p>"
    title = '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>某市卫生健康</w:t><w:br/><w:t>发展规划</w:t></w:r></w:p>'
    assert texts(title + broken) == ["某市卫生健康发展规划", "第一行。", "第二行。"]


BILLION = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_declared_entity_is_refused_before_it_grows(encoding: str) -> None:
    text = f'{BILLION}<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
    with pytest.raises(FormatError) as caught:
        docx.blocks(zipped({"word/document.xml": text.encode(encoding)}))
    assert caught.value.kind == "damaged"


def test_an_external_entity_reads_no_file(tmp_path: object) -> None:
    text = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'
    with pytest.raises(FormatError):
        docx.blocks(zipped({"word/document.xml": text.encode()}))


def test_a_part_that_unpacks_a_thousandfold_is_refused() -> None:
    with pytest.raises(FormatError) as caught:
        docx.blocks(zipped({"word/document.xml": b"<w>" + b" " * 30_000_000}))
    assert caught.value.kind == "too-large"


@pytest.mark.parametrize("depth", [200, 100_000])
def test_deep_nesting_is_an_error_not_a_crash(depth: int) -> None:
    with pytest.raises(FormatError):
        docx.blocks(word("<w:ins>" * depth + paragraph("x") + "</w:ins>" * depth))


def test_a_span_of_a_billion_columns_costs_nothing() -> None:
    wide = '<w:gridSpan w:val="999999999"/>'
    body = f"<w:tbl><w:tr>{cell('甲', wide)}{cell('乙')}</w:tr><w:tr>{cell('丙')}{cell('丁')}</w:tr></w:tbl>"
    (table,) = docx.blocks(word(body))
    assert "丁" in table.text


def test_endnotes_come_after_the_text_and_comments_and_headers_never() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = f'<w:endnotes {space}><w:endnote w:type="separator"><w:p/></w:endnote><w:endnote>{paragraph("数据来源：市统计局。")}</w:endnote></w:endnotes>'
    body = word(paragraph("全市床位数达到7.5张。"))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/endnotes.xml"] = note.encode()
    parts["word/comments.xml"] = f"<w:comments {space}><w:comment>{paragraph('批注')}</w:comment></w:comments>".encode()
    parts["word/header1.xml"] = f"<w:hdr {space}>{paragraph('页眉')}</w:hdr>".encode()
    assert [block.text for block in docx.blocks(zipped(parts))] == [
        "全市床位数达到7.5张。",
        "数据来源：市统计局。",
    ]
