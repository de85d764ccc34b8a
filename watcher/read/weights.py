"""What a piece of a page weighs as text of an article: its sentences, without links, bylines, footers and phrases of pages."""

from __future__ import annotations

import re

import re2
from selectolax.lexbor import LexborNode

from watcher.read import labels
from watcher.read.boilerplate import MAX_PHRASE, is_chrome
from watcher.read.headinfo import after_date
from watcher.read.links import format_of
from watcher.text import tidy

_SENTENCE = re.compile("[，。；：！？、]")
_FILE = 10.0
"""What a link to a file counts: some notices are nothing else."""
_FACTS = re2.compile("(?:[\u4e00-\u9fff]{2,8}[:：]\\s?[^\\s:：，。]{1,24}[\\s|｜]*){3,}")
"""Labelled values in a row, whatever their labels: the byline of a page. By RE2: where a value ends and a label begins is open."""
_BYLINE = 120
_BYLINES = re.compile(
    "[【\\[（(]?(?:字[体号]|浏览(?:次数|量)?|阅读(?:次数|量)?|点击(?:次数|数)?|访问(?:次数|量)?)[:：]"
)
_FOOTER = re.compile(
    "版权所有|技术支持[:：]|主办单位[:：]|承办单位[:：]|ICP备|标识码[:：]|位访[客问]|地\\s?址[:：].{2,40}邮\\s?(?:政)?编|All Rights Reserved|Copyright",
    re.IGNORECASE,
)
_IMPRINT = re.compile("版权所有|All Rights Reserved|ICP备[0-9]{5}|网安备|标识码[:：]?\\s?[0-9a-z]{8}", re.IGNORECASE)
"""What no document says of itself, however a footer's sentences end."""
_DISCLAIMS = re.compile(
    "不代表本[站网平号]|(?:本[站网]|平台)(?:是提供|不(?:保证|承担|对))|如有侵权|侵权.{0,10}(?:联系|删除|举报)|由(?:用户|网友)[^。，]{0,6}(?:发布|上传|提供|投稿)|上传分享"
)
"""What sites that print others' texts say of them."""
_LITTLE = 7.0
"""Enough for a page that says nothing else."""
_MAINTAINS = re.compile("(?:本[站网]|网站|系统|平台|服务器)[^。]{0,60}(?:升级|维护|检修|切换|暂停(?:服务|访问))")
"""What a site says of itself above all its pages; a page that says nothing else is still read."""
_ANSWERS = re.compile("意见|反馈|征求|征集|。")
"""A notice may print its address and postal code, too: it says what they are for."""


def words(node: LexborNode) -> float:
    """Weight of a paragraph without its links: a row of a list has hardly any, however long the title that it links."""
    text = node.text(deep=True) or ""
    links = node.css("a")[:100] if node.css_first("a") is not None else ()
    if not links and _SENTENCE.search(text[:20000]) is None and not _latin(text):
        return 0.0
    files = 0.0
    for link in links:
        if linked := link.text(deep=True):
            text = text.replace(linked, "", 1)
        files = files or (_FILE if format_of(link.attributes.get("href") or "") else 0.0)
    return weight(text) + files


def _latin(text: str) -> int:
    """Marks of sentences in a paragraph without a Chinese character, 0 where it is too short to be one."""
    if len(text) < _LATIN or _HAN.search(text) is not None:
        return 0
    marks = len(_LATIN_MARK.findall(text[:20000]))
    return marks if marks > 1 else 0


_LATIN = 60
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN_MARK = re.compile("[a-z0-9)][,.;](?=\\s|$)")


def table_weight(table: LexborNode) -> float:
    """A data table counts by its cells; one that only places things on the page by nothing, as its paragraphs count."""
    if table.css_first("td table, th table") is not None:
        return 0.0
    found = table.css("td, th")
    cells = len(found)
    size = len(table.text(deep=True) or "")
    if (
        cells < 4
        or size >= 60 * cells
        or sum(labels.field_of(one.text(deep=True)) is not None for one in found[:8]) > 2
    ):
        return 0.0  # places things, or is the head table
    return cells * 4.0


def weight(text: str) -> float:
    """Characters, counted only where there is punctuation of sentences (menus have none), and not for bylines and phrases."""
    marks = len(_SENTENCE.findall(text[:20000]))
    marks = marks or _latin(text)
    if not marks:
        return 0.0
    if len(text) < 400:
        line = tidy(text)
        if _FOOTER.search(line) and (_IMPRINT.search(line) or not _ANSWERS.search(line)):
            return 0.0
        if _DISCLAIMS.search(line):
            return 0.0
        if is_chrome(line[: MAX_PHRASE + 1], "tail") or labels.pairs(after_date(line)[0]) or _FACTS.fullmatch(line):
            return 0.0
        if len(line) <= _BYLINE and "。" not in line and _BYLINES.search(line):
            return 0.0
        if ("谅解" in line or "暂停" in line) and _MAINTAINS.search(line):
            return max(_LITTLE, 0.2 * min(len(text), 12.0 + marks * 40.0))
    return min(len(text), 12.0 + marks * 40.0)
