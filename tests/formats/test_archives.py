"""Zip archives, OFD and RTF: what is inside is read; bombs and lies end in a clear error."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile

import pytest

from tests.formats import make
from watcher import drawers
from watcher.errors import FormatError
from watcher.formats import csv, docx, ofd, rtf
from watcher.formats import zip as archive
from watcher.read.reader import file_blocks


def kind_of(body: bytes) -> str:
    with pytest.raises(FormatError) as caught:
        archive.blocks(body)
    return caught.value.kind


def test_each_file_is_headed_by_its_name_and_keeps_its_headings_below() -> None:
    found = archive.blocks(make.zipped({"附件1.docx": make.docx(), "b/附件2.xlsx": make.xlsx()}))
    heads = [(block.text, block.level) for block in found if block.kind == "heading"]
    assert heads[:3] == [("附件1", 1), (make.TITLE, 2), (make.CHAPTER, 2)]
    assert ("附件2", 1) in heads


def test_a_single_file_stands_for_the_archive() -> None:
    assert (
        archive.blocks(make.zipped({"规划.docx": make.docx(), "封面.png": b"\x89PNG\r\n\x1a\n"}))[0].text == make.TITLE
    )


PAGE = "<html><head><title>附件1</title></head><body><p>{}</p></body></html>".format(
    "到2030年，婴儿死亡率控制在3.5‰以内，居民健康素养水平不低于35%。" * 3
)
NOTES = "一、指标说明\n每千人口床位数按常住人口计算，到2030年达到7.2张。\n".encode("gbk")


def test_pages_and_texts_in_an_archive_are_read_behind_its_other_files() -> None:
    kind, found = file_blocks(
        make.zipped(
            {
                "说明.txt": NOTES,
                "a/附件1.html": PAGE.encode("gb18030"),
                "附件2.xlsx": make.xlsx(),
                "x.htm": b"\x89PNG\x00",
            }
        )
    )
    assert kind == "zip"
    assert [block.text for block in found if block.kind == "heading" and block.level == 1] == ["附件2", "说明", "附件1"]
    assert any("7.2张" in block.text for block in found)
    assert any(block.text.startswith("到2030年，婴儿死亡率控制在3.5‰以内") for block in found)


def test_an_archive_of_one_page_or_one_table_of_commas_is_that_one() -> None:
    assert file_blocks(make.zipped({"规划.htm": PAGE.encode()}))[1][0].text.startswith("到2030年")
    table = "指标,2030年\n婴儿死亡率(‰),≤3.5\n居民健康素养水平(%),≥35\n".encode("gbk")
    (found,) = file_blocks(make.zipped({"指标.csv": table}))[1]
    assert found.grid is not None
    assert [[cell.text for cell in row] for row in found.grid.rows][1:] == [
        ["婴儿死亡率(‰)", "≤3.5"],
        ["居民健康素养水平(%)", "≥35"],
    ]


def test_a_page_in_an_archive_stands_for_a_picture_that_nothing_reads_but_not_for_a_bomb() -> None:
    picture = {"a.png": b"\x89PNG\r\n\x1a\n", "规划.html": PAGE.encode()}
    assert file_blocks(make.zipped(picture))[1][0].text.startswith("到2030年")
    with pytest.raises(FormatError) as caught:
        file_blocks(make.zipped({"规划.html": PAGE.encode(), "b.docx": bytes(60_000_000)}))
    assert caught.value.kind == "too-large"


@pytest.mark.parametrize("body", [b"\xff\xfe\x00\x00", b"<html>404</html>", b"a\x00b,c"])
def test_what_is_no_text_is_no_table_of_commas(body: bytes) -> None:
    assert not csv.recognises(body, "plan.csv")


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"x," * 15_000_000, "too-large"), (b'"' + b"x" * 200_000, "damaged"), (b"a,b\n" * 300_000, "too-large")],
    ids=["characters", "one cell", "cells"],
)
def test_a_table_of_commas_is_bounded(body: bytes, kind: str) -> None:
    with pytest.raises(FormatError) as caught:
        csv.blocks(body, name="x.csv")
    assert caught.value.kind == kind


def test_archives_inside_archives_are_read_two_deep_and_no_deeper() -> None:
    once = make.zipped({"a.zip": make.zipped({"a.docx": make.docx()})})
    assert archive.blocks(once)[0].text == make.TITLE
    assert kind_of(make.zipped({"b.zip": once})) == "too-large"


def test_names_that_climb_are_only_names() -> None:
    assert archive.blocks(make.zipped({"../../etc/规划.docx": make.docx()}))[0].text == make.TITLE


def test_names_of_old_chinese_packers_are_decoded() -> None:
    name = "附件.docx".encode("gbk")
    body = make.zipped({"x" * len(name): make.docx(), "b.xlsx": make.xlsx()}).replace(b"x" * len(name), name)
    assert archive.blocks(body)[0].text == "附件"


def test_too_many_files_are_refused() -> None:
    assert kind_of(make.zipped({f"{at}.txt": b"" for at in range(6000)})) == "too-large"
    assert kind_of(make.zipped({f"{at}.txt": b"x" for at in range(100)})) == "too-large"


def test_a_bomb_is_refused_even_when_it_lies_about_its_size() -> None:
    body = bytearray(make.zipped({"a.docx": bytes(60_000_000)}))
    assert kind_of(bytes(body)) == "too-large"
    at = body.find(b"PK\x01\x02")
    struct.pack_into("<I", body, at + 24, 100)
    assert kind_of(bytes(body)) in ("damaged", "too-large", "unsupported")


def test_an_archive_without_documents_is_unsupported() -> None:
    assert kind_of(make.zipped({"a.exe": b"MZ"})) == "unsupported"


def test_a_picture_in_an_archive_is_told_as_a_scan() -> None:
    assert kind_of(make.zipped({"a.png": b"\x89PNG\r\n\x1a\n"})) == "scanned"


def test_ofd_reads_without_widths_too() -> None:
    assert [b.text for b in ofd.blocks(make.ofd(deltas=False)) if b.kind == "table"] == [make.PRINTED]


def test_an_ofd_of_pictures_is_a_scan_and_an_encrypted_one_says_so() -> None:
    plain = {"OFD.xml": b"<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>",
             "D.xml": b"<D><Pages><Page BaseLoc='P.xml'/></Pages></D>",
             "P.xml": b"<Page><Content><Layer><ImageObject Boundary='0 0 210 297'/></Layer></Content></Page>"}  # fmt: skip
    for files, kind in ((plain, "scanned"), (plain | {"Doc_0/Encryptions.xml": b"<E/>"}, "encrypted")):
        with pytest.raises(FormatError) as caught:
            ofd.blocks(make.zipped(files))
        assert caught.value.kind == kind


def test_rtf_reads_bytes_escapes_and_merged_cells() -> None:
    found = rtf.blocks(make.rtf())
    assert found[0].text == make.TITLE
    assert found[-1].text == make.PRINTED


def test_rtf_leaves_out_what_is_not_printed() -> None:
    body = (
        b"{\\rtf1\\ansi{\\*\\generator Word;}{\\info{\\title T}}{\\pict 0badc0de}A{\\v hidden}{\\deleted gone}"
        b"{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt B}}\\'d6\\'d0\\u25991?\\par}"
    )
    assert [block.text for block in rtf.blocks(body)] == ["AB中文"]


SAMPLES = {"pdf": make.pdf, "docx": make.docx, "xlsx": make.xlsx, "xls": make.xls, "ofd": make.ofd, "rtf": make.rtf}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("label", ["", "plan.doc", "plan.pdf", "plan.wps", "plan.html"])
def test_content_decides_whatever_the_label_says(name: str, label: str) -> None:
    assert [
        m.__name__.rpartition(".")[2] for m in drawers.members("formats") if m.recognises(SAMPLES[name](), label)
    ] == [name]


@pytest.mark.parametrize(
    "body", [b"", b"\x00", b"<!DOCTYPE html><html>%PDF-</html>", "第一章 总则".encode(), b"PK", b"{\\r"]
)
def test_pages_and_plain_text_belong_to_no_member(body: bytes) -> None:
    assert not [m for m in drawers.members("formats") if m.recognises(body, "plan.pdf")]


def test_importing_the_members_loads_no_library() -> None:
    code = (
        "import sys; from watcher import drawers; drawers.members('formats');"
        "print([n for n in ('pdfplumber', 'pypdfium2', 'lxml', 'docx', 'openpyxl', 'xlrd', 'olefile', 'python_calamine') if n in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_a_document_stored_in_an_archive_is_not_taken_for_the_archive() -> None:
    inner = make.docx()
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("plan.docx", inner)
    assert b"word/document" in outer.getvalue()
    assert docx.recognises(inner)
    assert not docx.recognises(outer.getvalue())
    assert archive.recognises(outer.getvalue())


def test_a_pdf_stored_unpacked_in_an_archive_is_not_taken_for_the_archive() -> None:
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("规划.pdf", make.pdf())
        packed.writestr("任务表.xlsx", make.xlsx())
    names = [m.__name__.rpartition(".")[2] for m in drawers.members("formats") if m.recognises(outer.getvalue(), "")]
    assert names == ["zip"]
