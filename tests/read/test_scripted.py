"""Articles that only a script or a field shows, pages that a pager cuts, lists in a document's place, boxes inside an article."""

from __future__ import annotations

import json

import pytest

from watcher.read import read, read_closely
from watcher.read.scripted import article_of, is_data

URL = "http://www.example.gov.cn/zwgk/202305/t20230506_77121.html"
LINES = (
    "为规范家庭医生签约服务，现将有关要求通知如下。",
    "一、2024年重点人群签约率达到75%以上。",
    "二、签约服务费标准为每人每年50元。",
    "西岭县卫生健康局",
    "2024年4月2日",
)
ARTICLE = {
    "id": 7,
    "docTitle": "关于规范家庭医生签约服务的通知",
    "docContent": "".join(f"<p>{line}</p>" for line in LINES),
    "docNo": "西卫发〔2024〕5号",
    "docRelTime": "2024-04-03 10:00:00",
    "docSource": "西岭县卫生健康局",
    "appendix": [{"name": "任务分解表.xlsx", "path": "/upload/rw.xlsx"}],
}


def _page(state: str) -> bytes:
    return f'<html><head><title>西岭县</title></head><body><div id="root"></div>{state}<script src="/a.js"></script></body></html>'.encode()


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"code": 0, "data": ARTICLE}).encode(),
        _page(f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"props": ARTICLE})}</script>'),
        _page(
            f"<script>window.__INITIAL_STATE__ = {json.dumps({'detail': ARTICLE, 'hot': [{'title': '全县会议召开'}]})};</script>"
        ),
    ],
    ids=["answer", "next", "state"],
)
def test_an_article_that_is_data_is_read(body: bytes) -> None:
    reading = read(body, url=URL, column=False)
    assert reading.text.split("\n") == list(LINES)
    assert reading.title == ARTICLE["docTitle"]
    assert (reading.metadata.document_number, reading.metadata.published_on) == ("西卫发〔2024〕5号", "2024-04-03")
    assert [one.url for one in reading.attachments] == ["http://www.example.gov.cn/upload/rw.xlsx"]


def test_an_article_that_is_printed_is_not_looked_for_in_scripts() -> None:
    state = f'<script type="application/json">{json.dumps(ARTICLE)}</script>'
    printed = "<div><h1>关于开展检查的通知</h1><p>各单位要认真组织开展检查，确保取得实效。</p><p>检查结果于6月底前报送。</p></div>"
    assert "签约" not in read(_page(state + printed), url=URL, column=False).text


@pytest.mark.parametrize("text", ["{", "{}", '{"title": 5}', "[[[[", '{"title":"x","content":""}', "<p>{}</p>", ""])
def test_what_holds_no_article_gives_none(text: str) -> None:
    assert article_of(text) is None


def test_deep_data_is_left_alone() -> None:
    assert article_of("[" * 50_000) is None
    assert not is_data("[" * 50_000)


def _list(rows: int, said: str = "") -> bytes:
    items = "".join(
        f'<li><a href="/n/{at}.html">丘江市人民政府关于印发第{at}号文件的通知</a><span>2024-02-0{at}</span></li>'
        for at in range(1, rows + 1)
    )
    return f"<html><head><title>政策文件-丘江市人民政府</title></head><body>{said}<ul>{items}</ul><a href=index_2.html>下一页</a></body></html>".encode()


def test_a_list_in_a_document_s_place_is_read_as_a_list() -> None:
    reading, part = read_closely(_list(8), url=URL)
    assert (reading.kind, len(reading.items), part) == ("column", 8, None)


def test_a_document_with_a_list_below_stays_a_document() -> None:
    said = (
        "<div>"
        + "".join(
            f"<p>第{at}条　各级人民政府应当加强公共卫生服务体系建设，完善各类医疗卫生机构的设置标准和服务规范。</p>"
            for at in range(12)
        )
        + "</div>"
    )
    assert read_closely(_list(8, said), url=URL)[0].kind == "document"


def test_parts_that_a_pager_links_are_pages_of_the_article() -> None:
    pager = '<div><a href="t20230506_77121_1.html">2</a><a href="/zwgk/202305/t20230506_77121_2.html">3</a><a href="t20230506_77121_1.html">下一页</a></div>'
    body = f'<html><body><div class="TRS_Editor"><p>第一条 规划期限为2021年至2035年。</p></div>{pager}</body></html>'
    stem = URL.removesuffix(".html")
    assert list(read(body.encode(), url=URL, column=False).pages) == [f"{stem}_1.html", f"{stem}_2.html"]
    assert not read(body.replace("77121_", "88888_").encode(), url=URL, column=False).pages


def test_what_an_article_box_recommends_is_not_its_text() -> None:
    lines = [
        f"<p>到20{year}年，制造业产品质量合格率达到9{year % 10}%以上，质量基础设施效能稳步提升。</p>"
        for year in (25, 27, 30)
    ]
    for label in ("相关推荐", "延伸阅读", "猜你喜欢"):
        box = f"<div><h6>{label}</h6><ul><li><a href=/1>质量月活动启动</a></li><li><a href=/2>一批企业获奖</a></li></ul></div>"
        page = f"<html><body><div class=con>{lines[0]}{box}{lines[1]}{lines[2]}</div></body></html>"
        assert len(read(page.encode(), url=URL, column=False).blocks) == 3


@pytest.mark.parametrize(
    "script",
    [
        "".join(f'document.write("<p>{line}<\\/p>");\n' for line in LINES),
        "var html = '';\n" + "".join(f"html += '<p>{line}</p>';\n" for line in LINES) + "box.innerHTML = html;",
        "$('#con').html(\"" + "".join(f"<p>{line}</p>" for line in LINES).encode("unicode_escape").decode() + '");',
        "const text = `" + "".join(f"<p>{line}</p>\n" for line in LINES) + "`; show(text)",
        "document.write('<div>' + '" + "' + '".join(f"<p>{line}</p>" for line in LINES) + "' + '</div>')",
    ],
    ids=["lines", "joined", "escaped", "template", "plus"],
)
def test_an_article_that_a_script_writes_is_read(script: str) -> None:
    page = f'<html><head><title>关于规范签约服务的通知</title></head><body><div id="con"></div><script>{script}</script><p>某ICP备1号</p></body></html>'
    reading = read(page.encode(), url=URL, column=False)
    assert reading.text.split("\n") == list(LINES)
    assert reading.metadata.written_on == "2024-04-02"


@pytest.mark.parametrize("script", ["document.write('", 'x = "\\\\', "a" * 30_000 + "='" * 30_000, "+''" * 100_000])
def test_a_script_that_writes_nothing_gives_none(script: str) -> None:
    assert article_of(f"<script>请稍候{script}</script>") is None


def test_parts_that_a_pager_asks_for_are_pages_of_the_article() -> None:
    said = "<div><h1>西河区国土空间总体规划</h1><p>第一条 规划期限为2021年至2035年，近期至2025年。</p></div>"
    own = "http://www.example.gov.cn/show.php?id=55"
    pager = '<a href="?id=55&amp;page=2">2</a><a href="/show.php?page=3&amp;id=55">3</a><a href="?id=55&amp;page=2">下一页</a>'
    page = f"<html><body>{said}<div>{pager}</div></body></html>".encode()
    assert list(read(page, url=own, column=False).pages) == [
        f"{own}&page=2",
        "http://www.example.gov.cn/show.php?page=3&id=55",
    ]
    assert not read(page, url=f"{own}&page=3", column=False).pages
    assert not read(page, url="http://www.example.gov.cn/show.php?id=56", column=False).pages
    assert not read(page.replace(b"page=2", b"page=4"), url=own, column=False).pages
