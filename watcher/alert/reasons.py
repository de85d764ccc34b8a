"""Reasons that other rooms give, in the language of the message. Pure; data and two small rules.

Verdicts and lineage speak Chinese, the network speaks English. A reason that cannot be said in the reader's language is
left out: the kind of the incident has said what it means, and ``watcher incidents`` keeps the whole.
"""

from __future__ import annotations

import re
from typing import Final

from watcher.alert.words import Language

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORDS = re.compile(r"[A-Za-z]{2,}")
_STATUS = re.compile(r"HTTP \d{3}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d")
FEW: Final = 2
"""So many Latin words are a code (``HTTP 412``) and not a sentence."""

_NETWORK: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"has no (?:IPv4 )?address|dns|resolve", re.IGNORECASE), "域名无法解析"),
    (re.compile(r"time[d -]?out|in time|no answer within", re.IGNORECASE), "在时限内没有应答"),
    (re.compile(r"certificate|tls|ssl", re.IGNORECASE), "TLS 证书或加密方式有问题"),
    (re.compile(r"refused: it is|allow_private", re.IGNORECASE), "访问规则不允许连接该地址"),
    (re.compile(r"robots", re.IGNORECASE), "robots.txt 不允许抓取"),
    (re.compile(r"connect|reset|unreachable|closed", re.IGNORECASE), "连接失败或中断"),
    (re.compile(r"left alone for", re.IGNORECASE), "网站要求暂缓访问"),
    (re.compile(r"larger than|too large", re.IGNORECASE), "内容超过大小上限"),
    (re.compile(r"redirect", re.IGNORECASE), "跳转过多或跳转有误"),
    (re.compile(r"cannot be read|no such file", re.IGNORECASE), "文件读不出"),
)
"""What the network's sentences are about, in Chinese; the first that fits."""

_LINK: Final = {
    "标题中没有文件名称": "no plan is named in the title",
    "正文完全相同": "the texts are equal",
    "标题中有该文件的全名": "the title holds the other's whole name",
    "地区一致": "same region",
    "地区层级不同": "regions of different levels",
    "地区不同": "different regions",
    "均未写明地区": "neither names a region",
    "均未写明地区，名称过于笼统": "neither names a region, and the name is general",
    "只有一方写明地区": "only one names a region",
    "只有一方写明地区，名称过于笼统": "only one names a region, and the name is general",
    "规划期一致": "same period",
    "均未写明规划期": "neither names a period",
    "只有一方写明规划期": "only one names a period",
    "规划期起点不同、终点相同": "periods that end in the same year",
    "规划期不同": "different periods",
    "后者是解读": "the later one is an interpretation",
    "后者废止前者": "the later one repeals the earlier",
    "一方看不出是文件文本": "one does not look like the text of a plan",
    "阶段": "stages",
    "修订草案由修改决定通过": "a draft amendment and the decision that amends",
    "一方是修改决定": "one is a decision that amends",
    "印发稿注明修订": "the final text says that it is amended",
    "后者是修订版本": "the later one is amended",
    "前者是修订版本": "the earlier one is amended",
    "只有一方注明试行": "only one is for trial",
    "一方是转发": "one passes the other on",
    "后一阶段的日期更早": "the later stage has the earlier date",
    "日期顺序相符": "the dates follow each other",
    "文件名称一致": "same name",
    "文件名称一致，只有一方写明年份": "same name, only one with a year",
    "年份、批次或期数不同": "other year, batch or issue",
    "文件名称仅虚词不同": "the names differ in particles only",
    "文件名称有出入": "the names differ a little",
    "文件名称不同": "different names",
    "文件名称多出": "more words in one name",
    "文件名称一致，但文种写法不同": "same name, but the kind of paper is written differently",
    "文件名称中词的位置不同": "a word stands elsewhere in the name",
    "文种不同": "different kinds of paper",
    "层级不同": "different levels of government",
    "征集的可能是编制建议，不是文本": "ideas for a plan may be asked for, not opinions on its text",
}
"""Lineage's reasons in English, up to their colon; what follows it are names and dates."""
_STAGES: Final = {
    "征求意见稿": "draft", "送审稿": "review", "印发稿": "final", "修订": "amended", "废止": "repealed", "解读": "interpretation", "其他": "other",
}  # fmt: skip


def shown(reason: str, language: Language, *, quoted: bool = False) -> str:
    """A reason in the reader's language, ``""`` where it cannot be said. ``quoted``: a far end's own words, kept as they are."""
    chinese = bool(_CHINESE.search(reason))
    if not reason or quoted:
        return reason
    if language == "en":
        status = _STATUS.search(reason)
        return reason if not chinese else status[0] if status else ""
    if not chinese and _INSTANT.search(reason):
        return ""
    if chinese or len(_WORDS.findall(reason)) <= FEW:
        return reason
    return next((words for pattern, words in _NETWORK if pattern.search(reason)), "")


def of_link(reason: str, language: Language) -> str:
    """One of lineage's reasons; in English by the table, as it is where the table has none."""
    if language == "zh":
        return reason
    head, rest = (*re.split("[：（]", reason.removesuffix("）"), maxsplit=1), "")[:2]
    if alike := re.fullmatch(r"正文相似度(\d+%)", reason):
        return f"texts {alike[1]} alike"
    if apart := re.fullmatch(r"(?:两份印发稿)?相隔(\d+)(年|天)", reason):
        return f"{apart[1]} {'years' if apart[2] == '年' else 'days'} apart"
    if head not in _LINK:
        return reason
    if head == "阶段":
        for stage, english in _STAGES.items():
            rest = rest.replace(stage, english)
    return _LINK[head] + (f": {rest.replace('、', ', ').replace('，', ', ')}" if rest else "")
