"""The joint of the room: what the bytes are decides, attachments are joined, the JSON shape is the contract's."""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path

import pytest

from tests.read import seeds
from tests.read.portal_pages import document, page
from watcher.errors import FormatError
from watcher.read import read, to_json
from watcher.read.reader import is_binary
from watcher.types import Attachment

COLUMNS = Path(__file__).parents[1] / "cases" / "columns"
NOTICE = (
    '<html><head><meta charset="utf-8"><meta name="ArticleTitle" content="关于印发《某市医疗卫生规划》的通知"></head><body><div class="TRS_Editor">'
    '<p>现印发给你们。</p><p>附件：<a href="./P1.txt">规划全文.txt</a></p></div></body></html>'
)


def test_attachments_are_joined_behind_the_body() -> None:
    file = Attachment("规划全文.txt", "http://www.example.gov.cn/P1.txt", "txt")
    reading = read(NOTICE.encode(), attachments=[(file, seeds.body("002"))], column=False)
    texts = [block.text for block in reading.blocks]
    at = texts.index("规划全文.txt")
    assert reading.blocks[at].kind == "heading"
    assert texts[:at] == ["现印发给你们。", "附件：规划全文.txt"]
    assert any(block.grid is not None for block in reading.blocks[at:])
    assert reading.title == "关于印发《某市医疗卫生规划》的通知"
    assert reading.metadata.document_number is None


def test_an_attachment_that_cannot_be_read_is_told() -> None:
    file = Attachment("规划.bin", "http://www.example.gov.cn/P1.bin", "")
    reading = read(NOTICE.encode(), attachments=[(file, b"\x00\x01\x02\x03\x04\x05" * 400)], column=False)
    assert any(d.text == "规划.bin" and "not read" in d.reason for d in reading.dropped)
    assert reading.blocks


def test_an_unknown_file_is_a_clear_error() -> None:
    with pytest.raises(FormatError) as caught:
        read(b"\x00\x01\x02\x03\x04\x05" * 400, url="http://www.example.gov.cn/a.pdf")
    assert caught.value.kind == "unsupported"


@pytest.mark.parametrize(
    ("body", "binary"),
    [
        (b"%PDF-1.7", True),
        (b"PK\x03\x04rest", True),
        (b"\xd0\xcf\x11\xe0rest", True),
        ("规划".encode(), False),
        ("规划文本".encode("utf-16"), False),
        ("规划文本".encode("gb18030"), False),
        (b"", False),
    ],
)
def test_files_are_told_from_text_by_their_bytes(body: bytes, binary: bool) -> None:
    assert is_binary(body) is binary


def test_a_wrong_label_changes_nothing() -> None:
    body = page("trs", document(1, 12), 1)
    assert (
        read(body, content_type="application/pdf").blocks == read(body, content_type="text/html; charset=utf-8").blocks
    )


def test_a_column_page_gives_items() -> None:
    case = next(COLUMNS.glob("trs_static/*.html"))
    reading = read(case.read_bytes(), url="http://www.example.gov.cn/zwgk/index.html")
    assert reading.kind == "column"
    assert len(reading.items) > 1
    assert to_json(reading)["kind"] == "column"
    assert read(case.read_bytes(), url="http://www.example.gov.cn/zwgk/index.html", column=False).kind == "document"


def test_the_json_shape_is_the_contract_s() -> None:
    data = to_json(seeds.reading("000"), "document")
    assert {
        "kind",
        "title",
        "stage",
        "region",
        "verdict",
        "portal",
        "degraded",
        "metadata",
        "text",
        "attachments",
        "items",
        "next",
    } <= data.keys()
    assert data["metadata"].keys() == {
        "document_number",
        "index_number",
        "issuer",
        "written_on",
        "published_on",
        "subject",
        "period",
        "consultation",
    }
    assert data["metadata"]["consultation"].keys() == {"opens", "closes", "contact"}
    assert data["portal"] == "text"
    assert data["kind"] == "document"
    assert data["verdict"] == "document"
    assert data["metadata"]["index_number"] is None
    assert json.loads(json.dumps(data, ensure_ascii=False)) == data


def test_text_is_the_blocks_and_a_table_prints_rows_and_cells() -> None:
    reading = seeds.reading("002")
    (table,) = [block for block in reading.blocks if block.kind == "table"]
    assert table.text in reading.text
    assert "健康水平\t人均预期寿命（岁）\t76.8\t预期性\n\t婴儿死亡率（‰）\t＜6\t预期性" in table.text


def test_reading_twice_is_the_same() -> None:
    for seed in seeds.SEEDS:
        assert read(seeds.body(seed)) == seeds.reading(seed)
    body = page("xxgk", document(2, 12), 1)
    assert dataclasses.replace(read(body)) == read(body)


def test_a_page_saved_as_one_file_is_read_whatever_it_is_called() -> None:
    page = '<html><head><meta charset="utf-8"></head><body><p>第一条 本市绿地率不低于40%，人均公园绿地不少于15平方米。</p><table><tr><td>类型</td><td>面积（平方米）</td></tr><tr><td>街头绿地</td><td>400</td></tr></table></body></html>'
    body = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="--=b"\r\n\r\nparts\r\n\r\n----=b\r\nContent-Type: text/html; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(page.encode()) + b"\r\n----=b--\r\n"
    )
    file = Attachment("导则.doc", "http://www.example.gov.cn/P1.doc", "doc")
    alone = read(body, content_type="application/msword", url=file.url)
    joined = read(NOTICE.encode(), attachments=[(file, body)], column=False)
    for text in (alone.text, joined.text):
        assert "人均公园绿地不少于15平方米。" in text
        assert "街头绿地\t400" in text
    assert read(b"MIME-Version: 1.0 is told in this line.\n\n" + "标题".encode(), column=False).text
