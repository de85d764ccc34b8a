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
