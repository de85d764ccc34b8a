"""Pages that no portal file knows: the article is found whatever its paragraphs are made of, and nothing else is taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from watcher.read import read
from watcher.types import Reading

TITLE = "临江县教育事业发展“十四五”规划"
LINES = (
    "各乡镇人民政府，县直各单位：",
    "“十三五”以来，全县新建改扩建幼儿园24所，新增学位6200个。",
    "一、总体目标",
    "到2025年，学前教育毛入园率达到95%以上，公办园在园幼儿占比不低于60%。",
    "二、组织实施",
    "本规划由县教育局负责解释，自印发之日起施行。",
    "临江县人民政府",
    "2022年1月20日",
)
TABLE = (
    "<table border=1><tr><td>指标</td><td>2020年</td><td>2025年</td></tr><tr><td>学前教育毛入园率（%）</td><td>90.2</td><td>≥95</td></tr>"
    "<tr><td>义务教育巩固率（%）</td><td>99.1</td><td>99.5</td></tr></table>"
)


def _joined(before: str, after: str) -> str:
    lines = [f"{before}{line}{after}" for line in LINES]
    return "".join(lines[:4]) + TABLE + "".join(lines[4:])


STRUCTURES: dict[str, Callable[[], str]] = {
    "paragraphs": lambda: _joined("<p>", "</p>"),
    "divs": lambda: _joined("<div><span>", "</span></div>"),
    "sections": lambda: _joined("<section><div><p>", "</p></div></section>"),
    "items": lambda: "<ul>" + _joined("<li>", "</li>") + "</ul>",
    "line breaks": lambda: _joined("　　", "<br><br>"),
    "preformatted": lambda: (
        "<pre>" + "\n".join(LINES[:4]) + "</pre>" + TABLE + "<pre>" + "\n".join(LINES[4:]) + "</pre>"
    ),
    "layout table": lambda: "<table><tr><td>" + _joined("<p>", "</p>") + "</td></tr></table>",
}
FOOT = (
    '<div class="footer"><p>主办：临江县人民政府办公室　承办：县大数据局</p><p>地址：人民路1号　邮编：650000　电话：0871-1234567</p>'
    "<p>滇ICP备05001234号-1　网站标识码：5300000012</p></div>"
)


def _page(article: str, *, hits: str = "12", related: str = "放假安排", layout: bool = False) -> bytes:
    byline = (
        f"<div>发布时间：2022-01-25 09:12　来源：临江县人民政府　浏览次数：{hits}次　【字体：大 中 小】　打印本页</div>"
    )
    side = f'<ul><li><a href="/1.html">{related}</a></li><li><a href="/2.html">全县防汛工作会议召开</a></li></ul>'
    menu = '<div class="top"><a href="/">首页</a> | <a href="/zwgk/">政务公开</a></div>'
    if layout:
        body = (
            f"<table><tr><td>{menu}</td></tr></table><table><tr><td>{side}</td><td><table><tr><td><b>{TITLE}</b></td></tr><tr><td>{byline}</td></tr>"
            f"<tr><td>{article}</td></tr></table></td></tr></table><table><tr><td>{FOOT}</td></tr></table>"
        )
    else:
        body = f"{menu}<div class=main><div class=box><h1>{TITLE}</h1>{byline}<div class=nr>{article}</div></div><div>{side}</div></div>{FOOT}"
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{TITLE}</title></head><body>{body}</body></html>".encode()


def _read(page: bytes) -> Reading:
    return read(page, url="http://www.example.gov.cn/zwgk/202201/1234.html")


@pytest.mark.parametrize("layout", [False, True], ids=["boxes", "layout tables"])
@pytest.mark.parametrize("name", STRUCTURES)
def test_the_article_is_whole_and_clean(name: str, layout: bool) -> None:
    reading = _read(_page(STRUCTURES[name](), layout=layout))
    own = [block.text for block in reading.blocks if block.kind != "table" and block.text != TITLE]
    assert own == list(LINES)
    grids = [block.grid for block in reading.blocks if block.grid is not None]
    assert [[cell.text for cell in row] for row in grids[0].rows][1:] == [
        ["学前教育毛入园率（%）", "90.2", "≥95"],
        ["义务教育巩固率（%）", "99.1", "99.5"],
    ]
    assert reading.degraded
    assert reading.title == TITLE
    assert reading.metadata.published_on == "2022-01-25"
    assert reading.metadata.written_on == "2022-01-20"


@pytest.mark.parametrize("layout", [False, True], ids=["boxes", "layout tables"])
@pytest.mark.parametrize("name", STRUCTURES)
def test_counters_and_related_links_change_nothing_and_one_figure_does(name: str, layout: bool) -> None:
    article = STRUCTURES[name]()
    text = _read(_page(article, layout=layout)).text
    assert _read(_page(article, layout=layout, hits="99871", related="关于开展放假检查的通知")).text == text
    assert _read(_page(article.replace("60%", "61%"), layout=layout)).text != text
    assert _read(_page(article.replace("99.5", "99.6"), layout=layout)).text != text


def test_a_caption_element_stands_above_its_table() -> None:
    captioned = TABLE.replace("<tr>", "<caption>表1 主要<b>指标</b></caption><tr>", 1)
    reading = _read(_page(_joined("<p>", "</p>").replace(TABLE, captioned)))
    at = next(i for i, block in enumerate(reading.blocks) if block.kind == "table")
    assert reading.blocks[at - 1].text == "表1 主要指标"


def test_files_labelled_as_attachments_behind_the_article_are_offered() -> None:
    files = '</div><div><h4>附件下载</h4></div><ul><li><a href="./P0202.doc">项目表</a></li></ul><div><a href="/help.pdf">使用手册</a>'
    reading = _read(_page(_joined("<p>", "</p>") + files))
    assert [(file.name, file.url, file.format) for file in reading.attachments] == [
        ("项目表", "http://www.example.gov.cn/zwgk/202201/P0202.doc", "doc")
    ]


def test_a_byline_that_begins_with_its_date() -> None:
    page = (
        '<div class="w"><div class="t">关于印发《电力辅助服务管理实施细则》的通知</div><div><span>\n2024-09-11 10:05\n</span><span>来源：\n国家能源局湖南监管办公室\n</span></div>'
        '<div class="TRS_UEDITOR trs_paper_default"><p>各有关单位：现将细则印发给你们，请遵照执行。</p></div></div>'
    )
    reading = _read(page.encode())
    assert reading.metadata.published_on == "2024-09-11"
    assert reading.metadata.issuer == "国家能源局湖南监管办公室"


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_page_without_boxes_is_read_from_its_headline_on(name: str) -> None:
    top = '<div class="top"><a href="/">首页</a> | <a href="/zwgk/">政务公开</a></div><p>临江县教育局 &gt; 正文</p>'
    byline = "<p>发布时间：2022-01-25　来源：临江县人民政府　浏览次数：12</p>"
    body = f"{top}<h1>{TITLE}</h1>{byline}{STRUCTURES[name]()}<p>【打印本页】【关闭窗口】</p>{FOOT}"
    page = f"<html><head><meta charset=utf-8><title>{TITLE}</title></head><body>{body}</body></html>"
    reading = _read(page.encode())
    assert [b.text for b in reading.blocks if b.kind != "table" and b.text != TITLE] == list(LINES)
    assert reading.metadata.published_on == "2022-01-25"


def test_a_notice_in_a_box_of_its_own_stays_with_its_plan() -> None:
    notice, plan = "".join(f"<p>{line}</p>" for line in LINES[:2]), "".join(f"<p>{line}</p>" for line in LINES[2:])
    reading = _read(_page(f'<div class="notice">{notice}</div><div class="plan">{plan}</div>'))
    assert [block.text for block in reading.blocks if block.text != TITLE] == list(LINES)


def test_sentences_above_the_headline_are_another_box() -> None:
    town = "<div class=l><h3>县情</h3><p>临江县地处省域西南部，总面积1560平方公里，辖18个乡镇，人口32万人，是全国文明城市，风景秀丽，物产丰富。</p></div>"
    notice = "<div class=r><div class=tt>关于停水的通知</div><div>2024-07-03</div><div class=c><p>各村（社区）：</p><p>7月5日全镇停水，请做好储水准备。</p></div></div>"
    page = f"<html><head><meta charset=utf-8><title>关于停水的通知_临江县</title></head><body><div>{town}{notice}</div></body></html>"
    assert _read(page.encode()).text.split("\n") == ["各村（社区）：", "7月5日全镇停水，请做好储水准备。"]
