"""Which frames may hold an article, and which files a page shows in one."""

from __future__ import annotations

import pytest

from watcher.read import read
from watcher.read.frames import frames, shown_files
from watcher.read.page import Page

URL = "http://www.example.gov.cn/zwgk/a.html"


@pytest.mark.parametrize(
    ("markup", "wanted"),
    [
        ('<frameset rows="80,*"><frame src="top.htm" name="top"><frame src="zw.htm" name="main"></frameset>', ["zw.htm"]),
        ('<iframe src="menu.html" id="leftMenu"></iframe><iframe src="d1.html" width="100%" height="900"></iframe>', ["d1.html"]),
        ('<iframe src="a.html" width="1" height="1"></iframe><iframe src="about:blank"></iframe><iframe src=""></iframe>', []),
        ('<iframe src="b.html"></iframe><iframe src="c.html" name="mainFrame"></iframe>', ["c.html", "b.html"]),
        ('<iframe src="/pdfjs/viewer.html?file=%2Ffiles%2Fplan.pdf"></iframe>', []),
        ('<iframe src="http://[broken"></iframe><iframe src="#"></iframe>', []),
        ('<iframe src="http://tianqi.example.com/w.html"></iframe>', []),
    ],
)  # fmt: skip
def test_frames_that_may_hold_the_article(markup: str, wanted: list[str]) -> None:
    found = frames(Page(f"<html>{markup}</html>", URL))
    assert [url.rsplit("/", 1)[-1] for url in found] == wanted


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ('<iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2Fplan.pdf"></iframe>', "http://www.example.gov.cn/files/plan.pdf"),
        ('<embed src="P0201.pdf" type="application/pdf">', "http://www.example.gov.cn/zwgk/P0201.pdf"),
        ('<object data="./plan.pdf#toolbar=0"></object>', "http://www.example.gov.cn/zwgk/plan.pdf"),
    ],
)  # fmt: skip
def test_files_shown_in_the_page_are_attachments(markup: str, url: str) -> None:
    body = f"<body><h1>关于印发临江县规划的通知</h1><p>现将规划印发给你们，请遵照执行。</p>{markup}</body>"
    assert [file.url for file in shown_files(Page(body, URL))] == [url]
    assert [file.url for file in read(body.encode(), url=URL).attachments] == [url]


def test_a_page_with_an_article_of_its_own_does_not_point_elsewhere() -> None:
    body = f"<body><h1>关于印发临江县规划的通知</h1><p>{'现将规划印发给你们，请遵照执行。' * 9}</p><iframe src='b.html'></iframe></body>"
    assert read(body.encode(), url=URL).pages == ()
