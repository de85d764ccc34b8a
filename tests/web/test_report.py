"""The PDF for a report: whole with an embedded font and without one, whatever the texts say."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pdfplumber
import pytest
from msgspec import structs

from tests.web.stories import HOHHOT
from tests.web.test_pages import EVIL
from watcher.compare import compare
from watcher.settings import Sources
from watcher.store import Store
from watcher.types import Block, Change, Indicator, Reading
from watcher.web import pdf
from watcher.web.diffs import said

ADDRESS = f"/documents/{HOHHOT}/diff/1...2/pdf"


def text_of(body: bytes) -> str:
    """All text of a PDF, as a reader's search finds it."""
    with pdfplumber.open(io.BytesIO(body)) as book:
        return "".join((page.extract_text() or "") for page in book.pages).replace("\n", "")


@pytest.fixture(scope="module")
def change(story: Sources) -> Change:
    with Store(story.database, read_only=True) as store:
        one, two = (store.versions.numbered(HOHHOT, number) for number in (1, 2))
    assert one is not None
    assert two is not None
    assert said(one, ZoneInfo("Asia/Shanghai"), "zh").startswith("第 1 版 征求意见稿")
    return compare(one.reading, two.reading, one.indicators, two.indicators)


def test_the_report_says_what_the_page_says(page: httpx.Client) -> None:
    answer = page.get(ADDRESS)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment")
    text = text_of(answer.content)
    for wanted in (
        "婴儿死亡率",
        "≤4.5‰",
        "收紧",
        "第 1 版 征求意见稿",
        "呼政办发",
        "新文：2 婴儿死亡率(‰) 3.18 ≤4.5 预期",
        f"/documents/{HOHHOT}/diff/1...2",
    ):
        assert wanted.replace(" ", "") in text.replace(" ", ""), wanted
    assert text.index("婴儿死亡率") < text.index("每千人药师"), "the weightiest move comes first"
    assert page.get(ADDRESS).content == answer.content


def test_without_a_font_the_report_is_whole_and_says_so(change: Change) -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    body = pdf.pdf(change, "规划", "说明", "zh", font="STSong-Light")
    text = text_of(body)
    assert "婴儿死亡率" in text
    assert "没有可嵌入的中文字体" in text
    assert b"/STSong-Light" in body
    assert len(body) < 40_000


def test_only_fonts_that_can_be_embedded_are_taken(tmp_path: Path) -> None:
    assert pdf.find_font([str(tmp_path)]) is None
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    (folder / "simsun.ttc").write_bytes(b"ttcf" + bytes(8) + (20).to_bytes(4, "big") + bytes(4) + b"OTTO")
    (folder / "msyh.ttf").write_bytes(b"OTTO" + bytes(20))
    (folder / "DroidSans.ttf").write_bytes(b"\x00\x01\x00\x00" + bytes(20))
    (folder / "simhei.ttf").write_bytes(b"")
    assert pdf.find_font([str(tmp_path), "/no/such/folder"]) is None, "PostScript outlines, no Chinese, no font at all"
    good = folder / "uming.ttc"
    good.write_bytes(b"ttcf" + bytes(8) + (20).to_bytes(4, "big") + bytes(4) + b"\x00\x01\x00\x00")
    assert pdf.find_font([str(tmp_path)]) == good
    better = tmp_path / "wqy-zenhei.ttf"
    better.write_bytes(b"\x00\x01\x00\x00" + bytes(20))
    (tmp_path / "wqy-microhei-Bold.ttf").write_bytes(b"\x00\x01\x00\x00" + bytes(20))
    assert pdf.find_font([str(tmp_path)]) == better


def test_texts_that_are_mark_up_or_endless_stay_texts_on_pages() -> None:
    endless = "无" * 5000
    hostile = f"{EVIL}<font size=900>&amp;<br/><a href='javascript:x'>\x00\ufffe"

    def reading(number: int) -> tuple[Reading, tuple[Indicator, ...]]:
        lines = [
            Block("heading", hostile, 1),
            Block("paragraph", f"{endless}{number}"),
            Block("paragraph", hostile + str(number)),
        ]
        nature: Any = endless
        one = Indicator(
            endless, None, "x" * 5000, 2025, "target", "<=", str(number), "words " * 900, nature, "prose", hostile, endless, 0, 5,
        )  # fmt: skip
        text = Reading("document", hostile, tuple(lines))
        return text, (one, structs.replace(one, name=hostile, text=hostile, unit=hostile, quote=hostile))

    (one, mine), (two, other) = reading(1), reading(2)
    body = pdf.pdf(
        compare(one, two, mine, other),
        hostile,
        endless,
        "zh",
        links=[(hostile, "javascript:alert(1)"), ("x", f"http://a/{hostile}")],
    )
    text = text_of(body)
    assert "<script>alert(1)</script>" in text
    with pdfplumber.open(io.BytesIO(body)) as book:
        links = [one["uri"] for sheet in book.pages for one in sheet.hyperlinks]
    assert links
    assert all(one.startswith("http://a/") for one in links)
