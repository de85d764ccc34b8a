"""Pages of templates that no portal file knows: an edited figure is told once, a new template over the same text is not told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher.compare import compare
from watcher.decoding import decode
from watcher.indicators import extract
from watcher.pipeline.examine import Job, examine
from watcher.read import read
from watcher.types import Change, Fetched, Reading
from watcher.words import told

CASES = Path(__file__).parents[1] / "cases" / "read"
URL = "http://www.example.gov.cn/zwgk/t20220120_51234.html"
EDITS = [
    ("onclick_files", "合格2168批次", "合格2186批次"),
    ("split_spans", "<span>23</span>", "<span>25</span>"),
    ("header_in_body", "投资额的30%", "投资额的25%"),
    ("table_attach_list", "总藏量412万册", "总藏量421万册"),
    ("counter_first_line", "处500元", "处600元"),
    ("accordion_law", "以上五百元", "以上三百元"),
    ("nested_related_tabs", "补贴3000元", "补贴3600元"),
    ("next_longer_related", "不超过600元", "不超过650元"),
]


def _said(html: str) -> Reading:
    return read(html.encode(), url=URL, column=False)


def _compared(before: str, after: str) -> Change:
    old, new = _said(before), _said(after)
    return compare(old, new, extract(old), extract(new))


@pytest.mark.parametrize(("name", "old", "new"), EDITS)
def test_an_edited_figure_is_told_once_whatever_else_the_page_counted(name: str, old: str, new: str) -> None:
    folder = CASES / f"unseen_{name}"
    before, again = ((folder / file).read_text("utf-8") for file in ("page.html", "again.html"))
    assert not _compared(before, again)
    assert again.count(old) == 1
    change = _compared(before, again.replace(old, new))
    assert len(change.edits) == 1
    assert len(change.moves) <= 1
    figures = [re.sub("<[^>]+>", "", text) for text in (old, new)]
    assert figures[0] in change.edits[0].before
    assert figures[1] in change.edits[0].after


TITLE = "金阳县教育和体育局2023年法治政府建设年度报告"
TEXT = "<p>2023年，县教体局扎实推进依法行政，现将有关情况报告如下。</p><p>全年办理行政许可83件。</p><p>金阳县教育和体育局</p><p>2024年1月8日</p>"


def test_a_template_that_prints_the_title_inside_its_text_or_no_more_is_no_edit() -> None:
    inside = f"<html><head><title>{TITLE}</title></head><body><div><p>{TITLE}</p>{TEXT}</div></body></html>"
    above = f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><div class='x'>{TEXT}</div></body></html>"
    assert TITLE in _said(inside).text
    assert TITLE not in _said(above).text
    assert not _compared(inside, above)
    assert not _compared(above, inside)
    assert _compared(inside, above.replace("83件", "93件")).edits


PICTURES = (
    "<html><head><title>一图读懂《柏原市养老服务设施专项规划》</title></head><body><div><img src='/images/logo.png'><a href='/'>首页</a></div>"
    "<h1>一图读懂《柏原市养老服务设施专项规划》</h1><div>发布日期：2024-01-22</div><p><img src='./W020240122.jpg'></p><p><img data-src='https://p.test/640?wx_fmt=png'></p>"
    "<div><img src='/images/ewm.jpg'></div></body></html>"
)


def test_a_page_of_pictures_says_so() -> None:
    fetched = Fetched(URL, URL, 200, {"content-type": "text/html"}, PICTURES.encode(), datetime(2026, 1, 1, tzinfo=UTC))
    found = examine(Job(fetched, extract=False))
    assert found.verdict == "empty"
    assert told(found.reason, "zh").startswith("页面只有图片(2张)")
    bare = decode(PICTURES.encode()).text.replace("<img", "<b")
    blank = Fetched(URL, URL, 200, {}, bare.encode(), datetime(2026, 1, 1, tzinfo=UTC))
    assert told(examine(Job(blank, extract=False)).reason, "zh") == "页面没有正文"


BEHIND = [
    "<p>（已有{n}人阅读）</p>",
    "<div class='zan'><span>赞</span><em>{n}</em><span>踩</span><em>{n}</em></div>",
    "<p class='upd'>页面更新时间：2024-03-1{d} 10:2{d}</p>",
    "<div class='rate'><p>您觉得这篇文章有用吗？</p><a>有用({n})</a><a>没用({n})</a></div>",
    "<div class='qrc'><img src='data:image/png;base64,{n}'><p>长按识别二维码关注我们</p></div>",
    "<div class='xg'><p>解读列表</p><p><a href='/{n}.html'>动画解读</a></p><p>同类政策</p><p><a href='/b{n}.html'>培训班通知第{d}期</a></p></div>",
]
ABOVE = [
    "<div class='a{n}'><b>AI摘要</b><p>本文介绍了政策背景，明确了{n}项主要措施。</p></div>",
    "<div class='cd'>距离征集结束还有{d}天</div>",
]
PAGES = ["day_block", "onclick_files", "table_attach_list", "accordion_law"]


def _with(name: str, above: str, behind: str, n: int) -> str:
    """What a case's page says with something else before the first line of its article, or behind the last one."""
    html = decode((CASES / f"unseen_{name}" / "page.html").read_bytes()).text
    lines = _said(html).text.split("\n")
    begin = html.rfind("<p", 0, html.rfind(lines[0])) if above else 0
    end = html.rfind(lines[-1]) + len(lines[-1])
    end += 4 * html.startswith("</p>", end)
    assert begin >= 0
    assert end > len(lines[-1])
    before, after = (text.format(n=n, d=n % 8 + 1) for text in (above, behind))
    return _said(html[:begin] + before + html[begin:end] + after + html[end:]).text


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("behind", BEHIND)
def test_what_a_page_counts_and_recommends_behind_its_text_is_never_read(name: str, behind: str) -> None:
    said = _said(decode((CASES / f"unseen_{name}" / "page.html").read_bytes()).text).text
    assert [_with(name, "", behind, n) for n in (1234, 98765)] == [said, said]


@pytest.mark.parametrize("name", ["day_block", "onclick_files", "table_attach_list"])
@pytest.mark.parametrize("above", ABOVE)
def test_what_a_site_says_above_a_text_is_never_read(name: str, above: str) -> None:
    said = _said(decode((CASES / f"unseen_{name}" / "page.html").read_bytes()).text).text
    assert [_with(name, above, "", n) for n in (1234, 98765)] == [said, said]


def test_a_text_without_paragraphs_is_found_with_a_bar_of_buttons_behind_it() -> None:
    text = "\n".join(f"　　{n}、全县各医疗机构要落实第{n}项制度，按时报送材料。" for n in "一二三")
    page = f"<html><head><title>{TITLE}</title></head><body><p>本站由县信息中心维护，欢迎您提出意见。</p><h3>{TITLE}</h3><div id='text' style='white-space:pre-wrap'>{text}{{}}</div></body></html>"
    said = _said(page.format("")).text.split("\n")
    assert said[-3:] == [line.strip() for line in text.split("\n")]
    assert _said(page.format("<div class='fx'>分享到：<a>微信</a></div>")).text.split("\n")[-3:] == said[-3:]


def test_a_notice_of_maintenance_above_a_short_text_is_not_taken_for_it() -> None:
    text = "<h2>关于做好防暑降温工作的紧急通知</h2><h5>时间：2024-07-10</h5><div class='n'><p>各村（社区）、各企业：</p><p>近期持续高温，现通知如下：</p><ol><li>日最高气温达到40℃以上，应当停止当日室外露天作业。</li></ol><p>青塘镇人民政府</p></div>"
    notice = "<div class='x'><p>因系统维护，本网站将于11月22日22时至23日6时暂停服务，给您带来不便，敬请谅解。</p><a>我知道了</a></div>"
    page = "<html><head><title>青塘镇政务网</title></head><body>{}</body></html>"
    said = _said(page.format(text)).text
    assert "40℃" in said
    assert _said(page.format(notice + text)).text == said
    alone = page.format("<h2>关于系统维护的公告</h2><div>" + notice + "</div>")
    assert "敬请谅解" in _said(alone).text
