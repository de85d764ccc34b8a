"""Why two documents may be one, in English: lineage speaks Chinese. Pure; data and one small rule."""

from __future__ import annotations

import re
from typing import Final

from watcher.words import Language

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
    "两份都已印发，发文单位不同": "both were issued, by different bodies",
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
    "一方是对该文件的调整": "one adjusts the plan",
    "一方是当地的实施文件": "one is a paper of a place that carries the other out",
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
