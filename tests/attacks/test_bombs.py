"""Bodies and files that grow, never end, nest or explode cost bounded time and memory, and end as a plain error."""

from __future__ import annotations

import gzip
import io
import resource
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from aiohttp import web

from tests.attacks.hostile import article, field_of
from watcher.errors import FetchError, FormatError
from watcher.fetch.bodies import unpack
from watcher.pipeline.examine import Job, examine
from watcher.read import read
from watcher.types import Fetched

MIB = 1024 * 1024


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress, "deflate": zlib.compress, "br": lambda data: brotli.compress(data, quality=4),
    "zstd": zstandard.ZstdCompressor().compress,
}  # fmt: skip


@pytest.mark.parametrize("coding", PACKED)
def test_a_packed_bomb_stops_at_the_cap(coding: str) -> None:
    bomb = PACKED[coding](b"\0" * (64 * MIB))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FetchError) as refused:
        unpack(bomb, coding, 2 * MIB)
    assert refused.value.kind == "too-large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


def test_bombs_in_bombs_and_endless_members_stop() -> None:
    inner = gzip.compress(b"\0" * (32 * MIB))
    with pytest.raises(FetchError):
        unpack(gzip.compress(inner), "gzip, gzip", MIB)
    with pytest.raises(FetchError):
        unpack(b"x", "gzip, gzip, gzip, gzip, gzip", MIB)
    with pytest.raises(FetchError):
        unpack(gzip.compress(b"") * 100_000, "gzip", MIB)


async def test_endless_slow_and_lying_bodies_end(tmp_path: Path) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"<p>" + b"x" * 65536)

    async def drip(request: web.Request) -> web.StreamResponse:
        import asyncio

        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    async def lying(request: web.Request) -> web.StreamResponse:
        return web.Response(body=gzip.compress(b"<p>" + b"\0" * (128 * MIB)), headers={"Content-Encoding": "gzip"})

    sources = "".join(f'  - id: d{n}\n    pages: [{{url: "PORTAL/{n}"}}]\n' for n in range(3))
    app_pages = {f"/{n}": _later(one) for n, one in enumerate((endless, drip, lying))}
    begun = time.monotonic()
    async with field_of(tmp_path, "documents:\n" + sources, app_pages) as field:
        await field.round()
        rows = field.store.sources.all()
        assert {row.verdict for row in rows} <= {"unreachable", "error"}
        assert all(row.note for row in rows)
    assert time.monotonic() - begun < 15


def _later(answer: object) -> web.StreamResponse:
    """The server awaits what a handler gives back."""
    return answer  # type: ignore[return-value]


def _zip(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">'
    '<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;">]>'
)
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _docx(document: str) -> bytes:
    return _zip(("[Content_Types].xml", TYPES), ("word/document.xml", document.encode()))


def _xlsx(sheet: str) -> bytes:
    book = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="a" sheetId="1"/></sheets></workbook>'
    return _zip(
        ("[Content_Types].xml", TYPES), ("xl/workbook.xml", book.encode()), ("xl/worksheets/sheet1.xml", sheet.encode())
    )


def _ofd(text: str) -> bytes:
    return _zip(("OFD.xml", text.encode()), ("Doc_0/Document.xml", text.encode()))


def _nested_zip() -> bytes:
    data = b"\0" * MIB
    for _ in range(8):
        data = _zip(*((f"{n}.zip", data) for n in range(8)))
    return data


def _pdf_bomb() -> bytes:
    packed = zlib.compress(b"BT (x) Tj ET\n" * MIB, 9)
    head = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    return (
        head
        + page
        + b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>"
    )


def _pdf_loop() -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 999999999>>endobj\ntrailer<</Root 1 0 R/Prev 0>>"


FILES: dict[str, Callable[[], bytes]] = {
    "docx laughs": lambda: _docx(LAUGHS + f"<w:document {W}><w:body><w:p><w:r><w:t>&g;</w:t></w:r></w:p></w:body></w:document>"),
    "docx xxe": lambda: _docx(f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document {W}><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>'),
    "docx deep": lambda: _docx(f"<w:document {W}><w:body>" + "<w:tbl><w:tr><w:tc>" * 20_000),
    "docx big": lambda: _zip(("[Content_Types].xml", TYPES), ("word/document.xml", b"<" + b" " * (200 * MIB))),
    "docx span": lambda: _docx(
        f'<w:document {W}><w:body><w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>'
    ),
    "xlsx far": lambda: _xlsx('<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'),
    "xlsx laughs": lambda: _xlsx(LAUGHS + "<worksheet>&g;</worksheet>"),
    "xlsx merge": lambda: _xlsx(
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
    ),
    "ofd laughs": lambda: _ofd(LAUGHS + "<OFD>&g;</OFD>"),
    "ofd xxe": lambda: _ofd('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><OFD>&a;</OFD>'),
    "zip in zip": _nested_zip,
    "zip slip": lambda: _zip(("../../../../tmp/slipped.txt", "某市规划。".encode() * 50), ("/etc/slipped.txt", "某市规划。".encode() * 50)),
    "zip members": lambda: _zip(*((f"{n}.txt", b"x") for n in range(20_000))),
    "zip same": lambda: _zip(("a.txt", b"\0" * (200 * MIB))),
    "pdf stream": _pdf_bomb,
    "pdf loop": _pdf_loop,
    "rtf deep": lambda: b"{\\rtf1" + b"{" * 500_000,
    "rtf bin": lambda: b"{\\rtf1 \\bin99999999999999 x" + b"\\u99999999999999 ?" * 10_000,
    "xml laughs": lambda: (LAUGHS + "<html><body>&g;</body></html>").encode(),
    "ole cycle": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + b"\0" * 6 + b"\xff\xff\xff\x7f" * 4000,
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_costs_little_and_says_so(name: str, tmp_path: Path) -> None:
    body = FILES[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    text = ""
    try:
        text = read(body, url="http://a.example/x").text
    except FormatError as error:
        text = str(error)
    assert time.process_time() - begun < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
    assert "root:" not in text
    assert len(text) < 20_000_000
    assert not Path("/tmp/slipped.txt").exists()
    assert not Path("/etc/slipped.txt").exists()


DEEP = {
    "div": "<div>" * 200_000, "table": "<table><tr><td>" * 20_000, "font": "<font><b>" * 50_000, "list": "<ul><li>" * 50_000,
    "select": "<select><option>" * 30_000, "svg": "<svg><foreignObject>" * 30_000, "closed": "<div>" * 50_000 + "</div>" * 50_000,
    "span": '<table><tr><td colspan="999999999" rowspan="999999999">1</td></tr><tr><td rowspan=65534 colspan=1000>2</td></tr></table>' * 20,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x</p>",
    "quoted attributes": "<p " + " ".join(f'a{n}="<>"' for n in range(60_000)) + ">x</p>",
    "glued attributes": "<p " + "".join(f'a{n}=""' for n in range(60_000)) + ">x</p>", "comment": "<!--" * 200_000, "a": "<a><b><i><u>" * 20_000,
    "cells": "<table>" + "<tr>" + "<td>1</td>" * 3000 + "</tr>" * 1 + "</table>", "rows": "<table>" + "<tr><td>1<td>2%" * 60_000 + "</table>",
    "entities": "&#x10FFFF;&#0;&lt;" * 50_000, "titles": "<title>" * 50_000, "meta": '<meta name="ArticleTitle" content="某">' * 30_000,
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_nested_and_swollen_html_costs_little(name: str) -> None:
    body = article(DEEP[name]).encode()
    fetched = Fetched("http://a.example/", "http://a.example/", 200, {"content-type": "text/html"}, body, _now())
    begun = time.process_time()
    examined = examine(Job(fetched))
    assert time.process_time() - begun < 6
    assert examined.verdict in ("document", "error", "empty", "shrunken", "login", "challenge", "gone")


def _now() -> datetime:
    return datetime(2026, 3, 2, tzinfo=UTC)
