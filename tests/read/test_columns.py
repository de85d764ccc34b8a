"""Columns: items, dates and next pages of every structure that a portal builds, and nothing that is not there."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from watcher.portals._lists import ListSource
from watcher.portals._paging import next_address
from watcher.read import read
from watcher.read.columns import ListRequest, column_reading, is_column, read_column

CASES = sorted((Path(__file__).parents[1] / "cases/columns").iterdir())


def _load(case: Path) -> tuple[str, dict[str, object]]:
    expected: dict[str, object] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return next(case.glob("page.*")).read_text(encoding="utf-8"), expected


def _plain(request: str | ListRequest | None) -> object:
    if isinstance(request, ListRequest):
        return {"url": request.url, "method": request.method, "body": request.body.decode()}
    return request


def test_there_are_cases_of_many_structures() -> None:
    assert len(CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_column_is_read_as_it_is_built(case: Path) -> None:
    text, expected = _load(case)
    page = read_column(text, str(expected["url"]))
    if expected.get("items_checked", True):
        assert [{"title": item.title, "url": item.url, "date": item.date} for item in page.items] == expected["items"]
        assert _plain(page.next) == expected["next"]
        assert page.total == expected["total"]
        assert [_plain(request) for request in page.requests] == expected["requests"]
    if expected.get("column_checked", True):
        assert is_column(text, str(expected["url"])) is expected["column"]


def test_a_selector_wins_over_everything() -> None:
    text, expected = _load(next(case for case in CASES if case.name == "trs_static"))
    page = read_column(text, str(expected["url"]), items_selector=".hot li")
    assert [item.date for item in page.items] == ["2022-01-01", "2022-01-02"]
    assert [item.title for item in read_column(text, str(expected["url"]), items_selector="ul.doc_list a").items] == [
        item["title"]
        for item in expected["items"]  # type: ignore[attr-defined]
    ]


def test_the_reading_of_a_column_has_its_items_and_the_next_address() -> None:
    text, expected = _load(next(case for case in CASES if case.name == "jpage_embedded"))
    reading = column_reading(read_column(text, str(expected["url"])), title="意见征集", portal="hanweb")
    assert reading.kind == "column"
    assert len(reading.items) == 3
    assert reading.next is not None
    assert "startrecord=4" in reading.next


def test_an_own_script_on_a_later_page_counts_on() -> None:
    html = '<ul><li><a href="t20220101_1.html">关于公开征求管理办法意见的公告</a><i>2022-01-01</i></li></ul><script>createPageHTML(9, {}, "index", "html");</script>'
    assert read_column(html.format(0), "http://a.gov.cn/x/").next == "http://a.gov.cn/x/index_1.html"
    assert read_column(html.format(7), "http://a.gov.cn/x/index_7.html").next == "http://a.gov.cn/x/index_8.html"
    assert read_column(html.format(8), "http://a.gov.cn/x/index_8.html").next is None


def test_a_function_that_writes_pagers_is_not_a_call_of_it() -> None:
    html = "<script>function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){ if(_nPageCount == null) return; }</script>"
    assert next_address(ListSource(html, "http://a.gov.cn/x/index.html")) is None


TITLES = st.lists(
    st.text(
        alphabet="关于公开征求云溪市卫生健康发展规划管理办法实施方案意见的公告通知养老教育水利能源",
        min_size=8,
        max_size=40,
    ),
    min_size=1,
    max_size=12,
    unique=True,
)


def _page(rows: list[tuple[int, str, str]]) -> str:
    lines = "".join(
        f'<li><a href="./2022/t20220101_{number}.html" title="{title}">{title[:12]}…</a><span>{day}</span></li>'
        for number, title, day in rows
    )
    return f'<html><body><div class="nav"><ul><li><a href="/">网站首页入口</a></li><li><a href="/zwgk/">政务公开专栏</a></li></ul></div><ul class="list">{lines}</ul></body></html>'


@given(TITLES, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_a_reordered_or_redated_list_invents_and_loses_nothing(titles: list[str], chance: random.Random) -> None:
    rows = [(number, title, f"2022-01-{number + 1:02}") for number, title in enumerate(titles)]
    url = "http://a.gov.cn/x/index.html"
    before = read_column(_page(rows), url).items
    assert [(item.title, item.date) for item in before] == [(title, day) for _, title, day in rows]
    moved = [(number, title, f"2023-02-{number + 1:02}") for number, title, _ in rows]
    chance.shuffle(moved)
    after = read_column(_page(moved), url).items
    assert {(item.url, item.title) for item in after} == {(item.url, item.title) for item in before}


@example("{}", "http://[bad")
@given(
    st.text(max_size=500),
    st.sampled_from(["http://a.gov.cn/", "", "file:///a/b.html", "http://[bad", "http://a.gov.cn/x?page=9"]),
)
@settings(max_examples=150)
def test_no_text_raises(text: str, url: str) -> None:
    page = read_column(text, url)
    assert all(item.title and item.url for item in page.items)
    assert is_column(text, url) in (True, False)


@given(st.data())
@settings(max_examples=80)
def test_a_damaged_page_never_raises(data: st.DataObject) -> None:
    text, expected = _load(data.draw(st.sampled_from(CASES)))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    page = read_column(text[:start] + data.draw(st.text(max_size=20)) + text[end:], str(expected["url"]))
    assert len({item.url for item in page.items}) == len(page.items)


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 50_000 + "x",
        "<datastore><recordset><record>" + "<font>" * 30_000 + "<p>" * 3000 + "</record>",
        "<li>" * 60_000 + '<a href="a.html">关于公开征求意见的公告</a>',
        "<ul>" + '<li><a href="a.html">关于公开征求意见的公告</a><span>2022-01-01</span>' * 20_000,
        "".join(f'<div><a href="{number}.html">关于公开征求意见的公告{number}</a>' for number in range(5000)),
        "[" * 100_000,
        '{"a":' * 50_000,
        "<datastore><recordset>" + "<record><![CDATA[" * 50_000,
        "createPageHTML(" * 50_000 + "下一页",
        "共<b>" * 50_000 + "<html>",
        '<meta name="ArticleTitle" ' * 20_000,
        "<script>" + "dataproxy.jsp'" * 30_000,
        '<a href="' + "x" * 500_000 + '">关于公开征求意见的公告</a>',
    ],
    ids=[
        "deep",
        "deep-record",
        "nested",
        "many-rows",
        "nested-divs",
        "json-lists",
        "json-objects",
        "records",
        "paging",
        "totals",
        "metas",
        "proxies",
        "long-link",
    ],
)
def test_a_hostile_page_is_bounded(text: str) -> None:
    start = time.process_time()
    page = read_column(text, "http://a.gov.cn/x/index.html")
    is_column(text, "http://a.gov.cn/x/index.html")
    assert time.process_time() - start < 5
    assert len(page.items) <= 2000


@pytest.mark.parametrize(
    ("head", "title", "region"),
    [
        ("<title>意见征集_绍兴市卫生健康委员会</title>", "意见征集", "绍兴市"),
        ("<title>绍兴市上虞区人民政府 - 规划计划</title>", "规划计划", "绍兴市上虞区"),
        ('<title>x</title><meta name="ColumnName" content="征求意见"><meta name="SiteName" content="朔州市人民政府">', "征求意见", "朔州市"),
        ("<title>政策文件|政府信息公开|呼和浩特市人民政府门户网站</title>", "政策文件", "呼和浩特市"),
        ("<title>通知公告</title>", "通知公告", None),
    ],
)  # fmt: skip
def test_a_column_is_called_by_its_own_name_and_belongs_to_its_site(head: str, title: str, region: str | None) -> None:
    rows = "".join(
        f'<li><a href="/t{n}.html">关于第{n}号规划的通知</a><span>2022-01-0{n}</span></li>' for n in range(1, 7)
    )
    reading = read(
        f"<html><head>{head}</head><body><ul>{rows}</ul></body></html>".encode(), url="http://x.gov.cn/yjzj/index.html"
    )
    assert (reading.kind, reading.title, reading.region, len(reading.items)) == ("column", title, region, 6)
