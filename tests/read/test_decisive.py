"""Counters inside an article: an unchanged page is known without a parse, and any other change of one character is seen."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.read.closely import decisive
from tests.read.portal_pages import document, page
from watcher.read import read, read_closely
from watcher.read.decisive import same

CASES = Path(__file__).parents[1] / "cases" / "read"
URL = "http://www.liaoyang.gov.cn/zwgk/202112/t20211203_1.html"
COUNTERS = {
    "a line": "<p>本文浏览次数：%s次</p>",
    "its own element": '<p>点击数：<span id="hits">%s</span></p>',
    "another word": "<div>热度：%s</div>",
    "two of them": "<p>浏览次数：%s次</p><p>点击量：<b>%s</b></p>",
}


def _page(counter: str, figure: int | str, *, structure: str = "trs", encoding: str = "utf-8", seed: int = 0) -> bytes:
    body = page(structure, document(9, 12), seed, encoding=encoding)
    end = {"trs": '</div><div class="fjlist">', "hanweb": "<!--ZJEG_RSS.content.end-->"}[structure].encode(encoding)
    printed = counter.replace("%s", str(figure)).encode(encoding)
    assert body.count(end) == 1
    return body.replace(end, printed + end)


@pytest.mark.parametrize("counter", COUNTERS.values(), ids=list(COUNTERS))
@pytest.mark.parametrize("structure", ["trs", "hanweb"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_counter_in_the_article_changes_nothing(counter: str, structure: str, encoding: str) -> None:
    known = decisive(_page(counter, 7, structure=structure, encoding=encoding), url=URL)
    assert known is not None
    for seed, figure in enumerate((8, 10, 99_999, 123_456_789), start=1):
        assert same(_page(counter, figure, structure=structure, encoding=encoding, seed=seed), known)
    assert not same(_page(counter, 12_345_678_901, structure=structure, encoding=encoding), known)


def test_a_counter_with_separators_changes_nothing() -> None:
    counter = "<p>浏览量：%s</p>"
    known = decisive(_page(counter, "1,234"), url=URL)
    assert known is not None
    assert same(_page(counter, "1,000,235"), known)
    assert same(_page(counter, 987), known)
    assert not same(_page(counter, "1,234,567,890"), known)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("counter", COUNTERS.values(), ids=list(COUNTERS))
def test_one_byte_changed_in_such_an_article_is_seen(counter: str, encoding: str) -> None:
    body = _page(counter, 4321, encoding=encoding)
    known = decisive(body, url=URL)
    assert known is not None
    window = known.windows[0]
    start = body.find(window.opening)
    end = body.find(b'<div class="fjlist">')
    counted = [at for at in range(start, end) if body[at : at + 4] == b"4321"]
    figures = {at + n for at in counted for n in range(4)}
    chance = random.Random(5)
    for _ in range(400):
        at = chance.randrange(start, end - 6)
        changed = bytes((body[at] ^ 1,)) if at not in figures else b"x"
        assert not same(body[:at] + changed + body[at + 1 :], known)
        assert not same(body[:at] + b"7" + body[at:], known) or any(at - n in figures for n in (0, 1))
        assert not same(body[:at] + body[at + 1 :], known) or at in figures


@pytest.mark.parametrize(
    "sentence",
    [
        "<p>全市政务公开平台访问量%s人次，同比增长两成，群众满意度持续提高。</p>",
        "<table><tr><td>网站访问量</td><td>%s</td></tr><tr><td>信息公开数</td><td>55</td></tr></table>",
        "<p>重点栏目点击数%s次以上的占八成。</p>",
        "<table><tr><td>项目</td><td>数量</td></tr><tr><td>活动场次</td><td>120</td></tr><tr><td>参与人数</td><td>%s</td></tr></table>",
        "<table><tr><td>开展活动</td><td>120场</td></tr><tr><td>参与人数</td><td>%s人次</td></tr><tr><td>发放资料</td><td>8000份</td></tr></table>",
    ],
)
def test_a_figure_that_the_document_states_is_no_counter(sentence: str) -> None:
    before, after = _page(sentence, 2200), _page(sentence, 2300)
    assert read(before, url=URL).text != read(after, url=URL).text
    known = decisive(before, url=URL)
    assert known is not None
    assert not same(after, known)


def test_reading_closely_reads_the_same() -> None:
    for counter in COUNTERS.values():
        body = _page(counter, 4321)
        reading, known = read_closely(body, url=URL)
        assert reading == read(body, url=URL, column=False)
        assert known == decisive(body, url=URL)


@pytest.mark.parametrize("tag", ["META", "mEtA", "meta"])
def test_a_meta_that_changes_is_seen_however_it_is_printed(tag: str) -> None:
    head = f'<{tag} name="PubDate" content="2024-05-06"><title>某市规划</title><script>var a="<x";</script></head>'
    body = _page(COUNTERS["a line"], 4321).replace(b"</head>", f"{head}</head>".encode(), 1)
    assert head.encode() in body
    known = decisive(body, url=URL)
    assert known is not None
    assert same(body, known)
    assert not same(body.replace(b"2024-05-06", b"2024-05-07"), known)


@pytest.mark.parametrize(
    ("case", "value"),
    [
        ("site_trs_ul_head", "00845321-0/2023-00118"),  # 索 引 号
        ("site_bj_like", "卫生、体育/医政管理"),  # [主题分类], without a colon
        ("site_vsb_h", "2019年05月06日"),  # in front of the labels of a byline
        ("site_trs_head_bold", "东卫老龄发〔2022〕7号"),
    ],
)
def test_a_fact_above_the_article_that_changes_is_seen(case: str, value: str) -> None:
    body = (CASES / case / "page.html").read_bytes()
    known = decisive(body, url=URL)
    assert known is not None
    assert same(body, known)
    for at, character in enumerate(value):
        other = "7" if character != "7" else "8"
        assert not same(body.replace(value.encode(), (value[:at] + other + value[at + 1 :]).encode(), 1), known)


@pytest.mark.parametrize("identity", ["vsb_content_4", "vsb_\0\0content_4"])
def test_what_is_kept_of_a_page_knows_that_page_again(identity: str) -> None:
    """Or nothing is kept: where the mark of its portal is printed with characters that reading drops, a page is read in full each time."""
    body = (
        '<html><head><meta charset="utf-8"><title>安全事件报告管理办法</title></head><body><form name="_newscontent_fromname">'
        f'<h3 align="center">安全事件报告管理办法</h3><div id="<table> {identity}"><div class="v_news_content"><p>各科室：</p>'
        "<p>为保障患者安全，制定本办法，请遵照执行。</p><p>一、适用范围</p><p>全院各科室。</p></div></div>"
        '<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=1">报告表.doc</a></form></body></html>'
    ).encode()
    reading, known = read_closely(body, url="http://a.example.gov.cn/info/1.htm")
    assert "全院各科室" in reading.text
    assert known is None or same(body, known)


@pytest.mark.parametrize("place", [b"<body", b"</body>"])
def test_an_article_whose_opening_is_printed_again_is_read_again(place: bytes) -> None:
    body = page("trs", document(9, 12), 0)
    known = decisive(body, url=URL)
    assert known is not None
    assert same(body, known)
    assert body.count(place) == 1
    assert not same(body.replace(place, known.windows[0].opening + b"</div>" + place), known)
