"""Traps of mark-up: what browsers show is read, what they hide is not, and digits stay whole."""

from __future__ import annotations

import pytest

from watcher.read import read
from watcher.settings import Selectors
from watcher.types import Reading

LEAD = "为推进全市公共服务体系建设，根据国家和省有关规定，结合实际，制定本规划，请各单位认真贯彻执行。"


def of(article: str, **options: object) -> Reading:
    html = f'<html><head><meta charset="utf-8"><title>某市公共服务规划</title></head><body><div class="TRS_Editor"><p>{LEAD}</p>{article}</div></body></html>'
    return read(html.encode(), url="http://www.example.gov.cn/a/t1.html", **options)  # type: ignore[arg-type]


def lines(article: str) -> list[str]:
    return of(article).text.split("\n")[1:]


@pytest.mark.parametrize(
    ("article", "want"),
    [
        ("<p>达到<span>9</span><span>5</span>.<b>3</b>%以上</p>", ["达到95.3%以上"]),
        ("<p>第一段<br>第二段<br/><br />第三段</p>", ["第一段", "第二段", "第三段"]),
        ("<p>可见<span style='display:none'>隐藏</span>文字</p>", ["可见文字"]),
        ("<p>可见<span style='DISPLAY: NONE'>隐藏</span>文字</p>", ["可见文字"]),
        ("<p>可见</p><p hidden>隐藏</p><p aria-hidden='true'>隐藏</p>", ["可见"]),
        ("<p>健\u00ad康\u200b服\ufeff务</p>", ["健康服务"]),
        ("<p>&nbsp;&nbsp;\u3000\u3000缩进&nbsp;文字</p>", ["缩进 文字"]),
        ("<p>源码中\n      换行的文字\n 与 English\n words</p>", ["源码中换行的文字与 English words"]),
        ("<div>一层<div>二层<p>三层</p></div>尾</div>", ["一层", "二层", "三层", "尾"]),
        ("<p>&lt;5‰ 与 ≥80% &amp; 其他</p>", ["<5‰ 与 ≥80% & 其他"]),
        ("<p>\x03p控制&#3;字符&#x2;0&#2;</p>", ["p控制字符0"]),
        ("<pre>第一行\n第二行</pre>", ["第一行", "第二行"]),
        ("<ul><li>第一项内容</li><li>第二项内容</li></ul>", ["第一项内容", "第二项内容"]),
        ("<p>正文<!-- 注释 <p>不显示</p> -->继续</p>", ["正文继续"]),
        ("<p>正文<script>var a='<p>x</p>'</script>继续</p><style>.a{}</style>", ["正文继续"]),
        ("<p class=MsoNormal><o:p>&nbsp;</o:p></p><p>到<span lang=EN-US>2025</span>年</p>", ["到2025年"]),
        ("<table><tr><td><p>布局表中的正文段落，很长很长。</p></td></tr></table>", ["布局表中的正文段落，很长很长。"]),
        ("<p>未闭合的段落<p>下一段落<div>再下一段", ["未闭合的段落", "下一段落", "再下一段"]),
        ("<p>“十四五”，㎡、％、＜5、（全角）</p>", ["“十四五”，㎡、％、＜5、（全角）"]),
    ],
)
def test_lines_are_what_a_browser_shows(article: str, want: list[str]) -> None:
    assert lines(article) == want


def test_what_was_hidden_is_told() -> None:
    assert [d.text for d in of("<p style='display:none'>隐藏副本</p>").dropped] == ["隐藏副本"]


def test_headings_of_html_and_of_the_text_have_depths() -> None:
    found = [
        (b.text, b.level)
        for b in of("<h2>第一章 总则</h2><p>第一节 目标</p><p>内容。</p><p>第二章 任务</p>").blocks
        if b.kind == "heading"
    ]
    assert found == [("第一章 总则", 1), ("第一节 目标", 2), ("第二章 任务", 1)]


def test_a_numbered_heading_stays_whatever_it_speaks_of() -> None:
    headings = ["（二）规范网站ICP备案和公安网安备管理", "3. 开展违法和不良信息举报受理"]
    article = "".join(f"<p>{heading}</p><p>{LEAD}</p>" for heading in headings)
    assert [line for line in lines(article) if line != LEAD] == headings


@pytest.mark.parametrize("between", ["", "\n", " \r\n      ", "<!-- -->\n"])
def test_facts_of_a_byline_stand_apart_however_its_source_is_broken(between: str) -> None:
    facts = ("来源：云溪市人民政府办公室", "发文字号：云政办发〔2022〕3号", "发布日期：2022-03-02")
    byline = between.join(f"<span>{fact}</span>" for fact in facts)
    html = f"<html><title>云溪市公共服务规划</title><body><h1>云溪市公共服务规划</h1><div>{byline}</div><div class='TRS_Editor'><p>{LEAD}</p></div></body></html>"
    about = read(html.encode(), url="http://www.example.gov.cn/a/t1.html").metadata
    assert (about.issuer, about.document_number) == ("云溪市人民政府办公室", "云政办发〔2022〕3号")


def test_selectors_of_the_source_win() -> None:
    html = f'<html><body><h1>页面标题</h1><div class="TRS_Editor"><p>旁边的文字。</p></div><div id="mine"><h3 class="t">自选的标题文字</h3><p>{LEAD}</p><p class="ad">广告文字</p></div></body></html>'
    reading = read(html.encode(), selectors=Selectors(body="#mine", title=".t", drop=(".ad", ".t")))
    assert reading.title == "自选的标题文字"
    assert reading.text == LEAD
    assert not reading.degraded
    assert "广告文字" in [d.text for d in reading.dropped]


def test_a_selector_that_finds_nothing_degrades_the_reading() -> None:
    assert of("", selectors=Selectors(body="#gone")).degraded


def test_lines_that_the_host_taught_are_left_out() -> None:
    reading = of(
        "<p>本站统一提示文字</p><p>今日访问1234人次</p><p>留下。</p>",
        chrome=frozenset({"本站统一提示文字", "今日访问0人次"}),
    )
    assert reading.text.split("\n")[1:] == ["留下。"]


def test_the_parts_of_a_split_article_are_named() -> None:
    reading = of('<script>createPageHTML(3,0,"t20220407_118834","html")</script>')
    assert reading.pages == (
        "http://www.example.gov.cn/a/t20220407_118834_1.html",
        "http://www.example.gov.cn/a/t20220407_118834_2.html",
    )


@pytest.mark.parametrize(
    "script",
    [
        'createPageHTML(1,0,"t20220407_118834","html")',
        'createPageHTML(56,0,"index","html")',
        "createPageHTML('page_div',10,1,'zwgklist','shtml',200)",
    ],
)
def test_a_pager_of_a_list_or_of_one_page_names_no_parts(script: str) -> None:
    assert of(f"<script>{script}</script>").pages == ()


@pytest.mark.parametrize(
    ("link", "name", "url", "kind"),
    [
        (
            '<a href="./P02.docx" title="附件1 任务表.docx">下载</a>',
            "附件1 任务表.docx",
            "http://www.example.gov.cn/a/P02.docx",
            "docx",
        ),
        (
            '<a href="/d.jsp?id=1&fileName=%E8%A1%A8.xls">附件</a>',
            "表.xls",
            "http://www.example.gov.cn/d.jsp?id=1&fileName=%E8%A1%A8.xls",
            "xls",
        ),
        ('<a href="http://b.gov.cn/x.PDF">规划全文</a>', "规划全文", "http://b.gov.cn/x.PDF", "pdf"),
        (
            '<a href="/system/download.jsp?wbfileid=9">规划.wps</a>',
            "规划.wps",
            "http://www.example.gov.cn/system/download.jsp?wbfileid=9",
            "wps",
        ),
    ],
)
def test_attachments(link: str, name: str, url: str, kind: str) -> None:
    (file,) = of(f"<p>{link}</p>").attachments
    assert (file.name, file.url, file.format) == (name, url, kind)


@pytest.mark.parametrize(
    "link",
    [
        "<a href=\"javascript:open('x.pdf')\">x</a>",
        '<a href="#a.pdf">x</a>',
        '<a href="t2.html">政策解读</a>',
        '<a href="mailto:a@b.doc">x</a>',
    ],
)
def test_other_links_are_no_attachments(link: str) -> None:
    assert of(f"<p>{link}</p>").attachments == ()


def test_metas_in_any_case_and_the_word_null() -> None:
    html = (
        '<html><head><meta content="null" name="ContentSource"><meta NAME="contentsource" CONTENT="某市教育局"><meta name="PUBDATE" content="2020年08月02日"><meta name="ArticleTitle" content="某市教育局关于印发《校园安全方案》的通知&lt;br/&gt;">'
        f'<title>x</title></head><body><div class="TRS_Editor"><p>{LEAD}</p></div></body></html>'
    )
    reading = read(html.encode())
    assert reading.title == "某市教育局关于印发《校园安全方案》的通知"
    assert reading.metadata.issuer == "某市教育局"
    assert reading.metadata.published_on == "2020-08-02"


def test_a_head_block_without_a_body_has_no_text() -> None:
    html = '<html><head><title>关于印发方案的通知</title></head><body><table class="bd1"><tr><td>索 引 号：</td><td>0001/2020-1</td><td>文 号：</td><td></td></tr></table><div class="footer">主办：某市人民政府</div></body></html>'
    reading = read(html.encode(), column=False)
    assert reading.text == ""
    assert reading.metadata.index_number == "0001/2020-1"
    assert reading.metadata.document_number is None


def test_a_flattened_table_in_paragraphs_is_a_grid() -> None:
    cells = [
        "指标",
        "2020年",
        "2025年",
        "属性",
        "床位数（张）",
        "6.1",
        "7.5",
        "约束性",
        "护士数（人）",
        "3.1",
        "3.8",
        "预期性",
        "医师数（人）",
        "2.8",
        "3.2",
        "预期性",
    ]
    (grid,) = [b.grid for b in of("".join(f"<p>{cell}</p>" for cell in cells)).blocks if b.grid is not None]
    assert [cell.text for cell in grid.rows[1]] == ["床位数（张）", "6.1", "7.5", "约束性"]


@pytest.mark.parametrize(
    "html",
    [
        "<" * 5000,
        "<div>" * 20_000 + "x",
        "<table>" * 3000,
        "<p " + "a=1 " * 20_000 + ">x",
        "<!--" * 5000,
        "&" * 50_000,
        "<table><tr>" + "<td rowspan=99999 colspan=99999>x" * 200,
    ],
)
def test_hostile_markup_is_bounded(html: str) -> None:
    assert isinstance(of(html).text, str)


def test_a_document_with_a_title_of_its_own_below_the_page_s() -> None:
    html = f'<html><head><title>李明:深化改革 持续提升公共服务水平</title></head><body><h1>李明:深化改革 持续提升公共服务水平</h1><div class="TRS_Editor"><p>深化改革持续提升公共服务水平</p><p>{LEAD}</p></div></body></html>'
    reading = read(html.encode())
    assert reading.title == "李明:深化改革 持续提升公共服务水平"
    assert reading.plan_title == "深化改革持续提升公共服务水平"


def test_of_several_containers_the_fullest_is_the_article() -> None:
    html = f'<html><body><div class="TRS_Editor"><p>摘要。</p></div><div class="TRS_Editor"><p>{LEAD}</p></div></body></html>'
    assert read(html.encode()).text == LEAD


def test_the_title_behind_the_names_of_site_and_column() -> None:
    title = "关于《潍河市“十四五”中医药发展规划（征求意见稿）》公开征求意见的公告"
    body = f"<td><b><font>{title}</font></b></td></tr><tr><td><p>{'现公开征求社会各界意见。' * 20}</p></td>"
    page = f"<html><head><title>潍河市卫生健康委员会 意见征集 {title}</title></head><body><table><tr>{body}</tr></table></body></html>"
    assert read(page.encode()).title == title
