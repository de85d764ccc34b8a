"""What stands beside an article and speaks in sentences (comments, abstracts, notices of the site) comes and goes unseen."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from watcher.decoding import decode
from watcher.read import read_closely
from watcher.types import Reading

CASES = Path(__file__).parents[1] / "cases" / "read"
PAGES = [
    "webplus", "dedecms", "phpcms", "sharepoint", "law_database", "sohu_repost", "accordion", "word_document_in_page", "hidden_then_copied",
    "gbk_unlabelled", "hospital_bootstrap", "npc_regulation", "interpretation_images", "cards_schema", "footnotes", "forum_thread", "statistics",
    "comparison_table", "anchored_headings", "chapter_tabs", "row_paragraphs", "info_on_the_right", "faq_list", "all_headings", "blocks_with_icons",
    "english_copy",
]  # fmt: skip
HEADLINES = (
    "全市防汛工作会议召开",
    "公开招聘工作人员公告",
    "一图读懂惠民政策",
    "职称评审结果公示",
    "市领导调研重点项目",
)
REMARKS = ("支持政策落地，希望尽快实施。", "请问外地户籍可以享受吗，需要准备哪些材料？", "好政策！")
ABSTRACTS = (
    "近日，市政府召开专题会议，研究部署下一阶段重点工作，要求各级各部门压实责任。",
    "连日来，全市上下抢抓农时，春耕生产有序推进。",
)


def _noisy(html: str, chance: random.Random) -> str:
    listed = "".join(
        f'<li><a href="/n/{at}.html">{chance.choice(HEADLINES)}</a><span>2024-03-1{at}</span></li>'
        for at in range(chance.randrange(3, 8))
    )
    below = f'<div class="rm"><h3>热点新闻</h3><ul>{listed}</ul></div>'
    for remark in range(chance.randrange(4)):
        below += f'<div class="pl-{remark}"><b>市民</b><p>{chance.choice(REMARKS)}</p></div>'
    for at in range(chance.randrange(3)):
        below += f'<div class="tj"><h4><a href="/t/{at}.html">{chance.choice(HEADLINES)}</a></h4><p>{chance.choice(ABSTRACTS)}</p></div>'
    above = ""
    if chance.random() < 0.5:
        above = f'<div id="tc"><p>本网站将于{chance.randrange(1, 12)}月{chance.randrange(1, 28)}日进行系统升级，届时暂停服务，敬请谅解。</p></div>'
    html = re.sub("(<body[^>]*>)", lambda found: found[1] + above, html, count=1, flags=re.IGNORECASE)
    end = max(html.find(mark) for mark in ('<div class="bottom">', "<footer", '<div id="ft">', '<div class="foot">'))
    return html[:end] + below + html[end:]


def _said(html: str) -> tuple[str, str, str]:
    reading: Reading = read_closely(html.encode(), url="http://www.example.gov.cn/zwgk/t1.html")[0]
    return reading.title, reading.text, str(reading.metadata)


@pytest.mark.parametrize("name", PAGES)
def test_sentences_beside_an_article_change_nothing(name: str) -> None:
    html = decode((CASES / f"cms_{name}" / "page.html").read_bytes()).text
    said = _said(html)
    assert [_said(_noisy(html, random.Random(seed))) for seed in range(6)] == [said] * 6


@pytest.mark.parametrize("name", PAGES)
def test_an_edited_figure_is_seen_whatever_stands_beside(name: str) -> None:
    html = decode((CASES / f"cms_{name}" / "page.html").read_bytes()).text
    title, text, about = _said(html)
    figure = re.findall("[0-9.]+", text.replace(title, ""))[-1]
    edited = html.replace(figure, figure + "7")
    assert edited != html
    assert _said(_noisy(edited, random.Random(3)))[1] != text
    assert about
