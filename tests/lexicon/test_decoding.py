"""Decoding: as browsers do it, with wrong labels found out, and never an exception."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.decoding import decode

TEXT = (
    "关于公开征求《云溪市“十四五”卫生健康发展规划（征求意见稿）》意见的公告，每千人口床位数达到6.8张，婴儿死亡率≤6‰。"
)
TRADITIONAL = "關於印發衛生健康發展規劃的通知，我們將進一步加強醫療服務，請各單位認真貫徹執行。"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"]
)
def test_an_unlabelled_page_is_detected(encoding: str) -> None:
    body = ("<html><body><p>" + TEXT + "</p></body></html>").encode(encoding)
    assert TEXT in decode(body).text
    assert not decode(body).suspect


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb_2312-80", "GB18030", "x-gbk"])
def test_gb_labels_are_one_encoding(label: str) -> None:
    rare = "镕堃㙍" + TEXT
    assert decode(rare.encode("gb18030"), f"text/html; charset={label}").text == rare


def test_the_page_says_its_encoding_where_the_header_does_not() -> None:
    meta = '<html><head><!-- <meta charset="utf-8"> --><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>'
    decoded = decode((meta + TEXT).encode("gbk"))
    assert decoded.text.endswith(TEXT)
    assert decoded.encoding == "gb18030"


def test_xml_names_its_encoding() -> None:
    body = ('<?xml version="1.0" encoding="gbk"?><datastore>' + TEXT).encode("gbk")
    assert TEXT in decode(body, "text/xml").text


@pytest.mark.parametrize(
    ("actual", "label"),
    [("gbk", "utf-8"), ("utf-8", "gb2312"), ("utf-8", "iso-8859-1"), ("gbk", "iso-8859-1"), ("utf-8", "big5")],
)
def test_a_wrong_label_is_found_out(actual: str, label: str) -> None:
    decoded = decode(TEXT.encode(actual), f"text/html;charset={label}")
    assert decoded.text == TEXT
    assert not decoded.suspect


def test_big5_is_read_with_and_without_a_label() -> None:
    assert decode(TRADITIONAL.encode("big5"), "text/html; charset=big5").text == TRADITIONAL
    assert decode(TRADITIONAL.encode("big5")).text == TRADITIONAL


def test_a_short_gbk_word_that_is_valid_utf8_follows_its_label() -> None:
    assert decode("联通".encode("gbk"), "text/html; charset=gbk").text == "联通"


def test_hz_is_read_under_its_label() -> None:
    assert decode("~{VPND~} ok".encode("ascii"), "text/html; charset=hz-gb-2312").text == "中文 ok"


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_half_broken_bytes_are_suspect_and_keep_the_rest(encoding: str) -> None:
    broken = TEXT[:20].encode(encoding) + b"\xff" + TEXT[20:].encode(encoding) + b"\xe5"
    decoded = decode(broken)
    assert decoded.suspect
    assert "每千人口床位数达到6.8张" in decoded.text


def test_a_mark_outvotes_the_header() -> None:
    assert decode(codecs.BOM_UTF8 + TEXT.encode(), "text/html; charset=gb2312").text == TEXT


@given(
    st.binary(max_size=600),
    st.sampled_from(
        [
            None,
            "text/html; charset=gbk",
            "text/html; charset=utf-8",
            "charset=nonsense",
            "charset=utf-16",
            "charset=base64",
            "charset=idna",
            "charset=rot13",
        ]
    ),
)
def test_no_bytes_raise(body: bytes, content_type: str | None) -> None:
    decoded = decode(body, content_type)
    assert decoded.suspect == ("\ufffd" in decoded.text)
    decoded.text.encode("utf-8", "surrogatepass")


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_categories=("Cs", "Co", "Cn", "Cc")), max_size=200))
def test_labelled_text_comes_back(text: str) -> None:
    assert decode(("<meta charset=utf-8>" + text).encode("utf-8"), "text/html; charset=utf-8").text.endswith(text)
