"""Whether two plans' titles speak of one subject and one kind of paper, places and years aside."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import Levenshtein

from watcher.lexicon.titles import subject_of_plan

# Words that come and go between a draft and its final without another meaning.
_EMPTY = re.compile(
    r"进一步|全面|加快|深入|深化|候选(?=项目|事项)|(?<=电)基础(?=设施)|能力(?=提升|建设)|大力|扎实|切实|持续|积极|稳步|有序|做好|抓好|关于|事业|发展|建设|工作|相关|有关|时期|专项|总体|与|和|及|以及|的|省级|市级|全民|"
    r"若干政策措施$|纲要$"
)
_WEAK = re.compile("事业|发展|建设|工作|专项|总体")
"""Of these the ones that say something where another stands in their place."""
_SYNONYMS = (
    ("卫生与健康", "卫生健康"), ("卫生和健康", "卫生健康"), ("期望寿命", "预期寿命"), ("医疗保障", "医疗保障"), ("政策措施", "措施"), ("若干举措", "若干措施"),
    ("推动", "推进"), ("促进", "推进"), ("加强", "推进"), ("实施若干措施", "若干措施"), ("居民", ""), ("非遗", "非物质文化遗产"), ("医改", "医药卫生体制改革"), ("公租房", "公共租赁住房"), ("保租房", "保障性租赁住房"), ("院前医疗急救", "院前急救"), ("体制机制改革", "改革"),
)  # fmt: skip
# Kinds of paper by what the title ends in; the members of one group sometimes change into one another on the way to the final.
_KINDS = (
    ("规划", r"规划纲要|规划|纲要"),
    ("计划", r"行动计划|工作计划|计划"),
    ("方案", r"行动方案|实施方案|工作方案|方案|行动"),
    ("意见", r"实施意见|指导意见|若干意见|意见"),
    ("措施", r"若干措施|措施|若干政策|政策|若干规定措施|\d+条"),
    ("细则", r"实施细则|细则"),
    ("办法", r"(?:管理|实施|暂行|试行)*办法"),
    ("规定", r"(?:管理|若干|暂行|试行)*(?:规定|规则)"),
    ("法", r"法典|(?<![方办])法"),
    ("条例", r"(?:暂行|管理)?条例"),
    ("指南", r"指南|指引|规范|导则|规程|标准"),
    ("预案", r"预案"),
    ("目录", r"目录|清单|名录"),
    ("条件", r"(?:规范|准入)条件"),
    ("要点", r"要点|安排"),
    ("决定", r"决定"),
    ("通知", r"通知|通告|公告"),
    ("制度", r"制度|机制"),
    ("报告", r"报告|公报|白皮书"),
)  # fmt: skip
_KIND = tuple((kind, re.compile(f"(?:{pattern})$")) for kind, pattern in _KINDS)
_NEAR = (
    {"意见", "措施", "方案"},
    {"计划", "方案"},
    {"方案", "指南"},
    {"办法", "规定", "细则"},
    {"规划", "计划"},
    {"通知", "意见", "措施", "办法"},
    {"条例", "办法", "规定"},
)
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十百两]+(?=[年批期次轮季阶版个大项])|第[一二三四五六七八九十]+")
_YEAR = re.compile(r"20\d\d年?(?:版|度|修订|修正)?")


_ADJUSTED = re.compile(
    "(?<=规划)(?:局部|部分|动态)?(?:优化)?(?:调整|修改|修编|维护)(?:方案|成果|草案|内容|论证报告|必要性论证报告)?$"
)
# Words of praise, aim or doing: a title that gains or loses one is worth a look, where another added word is another subject.
_AIMS = re.compile(
    r"(?:优化|完善|健全|强化|提升|改善|规范|支持|鼓励|高质量|高水平|现代化|一体化|优质|高效|可持续|规范化|标准化|精细化)+$"
)


_CAMPAIGN = re.compile("(?<=.{4})(?:攻坚|提升|专项|提质)$")
_JOINED = re.compile("(?<=.{4})[和与及暨]")
_PRAISE = re.compile("(?:创建|推进|高质量|高水平|优质|高效|优化|完善|提质增效)+$")


@dataclass(frozen=True, slots=True)
class Alike:
    """How alike two subjects are, and why."""

    score: float
    """1 equal; from 0.9 only empty words differ; 0.5 to 0.8 doubtful; below another subject."""
    reason: str
    """For people, in Chinese."""
    more: Literal["praise", "joined", ""] = ""
    """All that one of them has more: praise (高质量), or a second subject joined by 和."""


@lru_cache(maxsize=256)
def kind_of(subject: str) -> str:
    """The kind of paper that a subject ends in (规划, 办法, …), ``""`` when none is named."""
    return next((kind for kind, pattern in _KIND if pattern.search(subject)), "")


def alike(plan: str, other: str) -> Alike:
    """Compares the subjects of two plans (as ``Title.plans`` holds them)."""
    here, there = _levels(plan), _levels(other)
    if here and there and not here & there:
        return Alike(0.1, f"层级不同（{'、'.join(sorted(here | there))}）")
    return subjects_alike(subject_of_plan(plan), subject_of_plan(other))


def subjects_alike(subject: str, other: str) -> Alike:
    """``alike`` of two subjects (``subject_of_plan``); of their levels nothing is known, so never less than it."""
    return _alike(subject, other) if subject <= other else _alike(other, subject)


_LEVEL = re.compile("(?<=[全我本])[省市县区州盟旗]|[省市县区州盟旗](?=级)")


@lru_cache(maxsize=256)
def _levels(plan: str) -> frozenset[str]:
    """Whose level a title names: 省级, 全市."""
    return frozenset(_LEVEL.findall(plan))


@lru_cache(maxsize=256)
def _alike(a: str, b: str) -> Alike:
    if not a or not b:
        return Alike(0.0, "标题中没有文件名称")
    if a == b:
        return Alike(1.0, "文件名称一致")
    if _numbers(a) != _numbers(b):
        one_sided = not _numbers(a) or not _numbers(b)
        bare_a, bare_b = _YEAR.sub("", a), _YEAR.sub("", b)
        if one_sided and bare_a == bare_b:
            return Alike(0.9, "文件名称一致，只有一方写明年份")
        return Alike(0.1, "年份、批次或期数不同")
    if (bare_a := _ADJUSTED.sub("", a)) == (bare_b := _ADJUSTED.sub("", b)) or b == bare_a or a == bare_b:
        return Alike(0.66, "一方是对该文件的调整")
    kind_a, kind_b = kind_of(a), kind_of(b)
    if kind_a != kind_b:
        return _other_kind(a, b, kind_a, kind_b)
    short_a, short_b = _essence(a), _essence(b)
    if short_a == short_b:
        gone, come = _weak(a) - _weak(b), _weak(b) - _weak(a)
        if gone and come:
            # 城市建设规划 and 城市发展规划 may be one plan or two; a 总体规划 is never a 专项规划.
            score = 0.2 if {"总体", "专项"} <= gone | come else 0.7
            return Alike(score, f"文件名称有出入：{'、'.join(sorted(gone | come))}")
        return Alike(0.93, "文件名称仅虚词不同")
    stem_a, stem_b = _stem(a, kind_a), _stem(b, kind_b)
    if _essence(stem_a) == _essence(stem_b):
        return Alike(0.76, f"文件名称一致，但文种写法不同（{a[len(stem_a) :]}、{b[len(stem_b) :]}）")
    found = _by_difference(short_a, short_b)
    longer, shorter = sorted((a, b), key=len, reverse=True)
    joined = any(
        _essence(longer[: at.start()] + shorter[len(_stem(shorter, kind_a)) :]) == _essence(shorter)
        for at in _JOINED.finditer(longer)
    )
    return Alike(found.score, found.reason, "joined") if joined else found


def _other_kind(a: str, b: str, kind_a: str, kind_b: str) -> Alike:
    stem_a, stem_b = (_CAMPAIGN.sub("", _essence(_stem(title, kind))) for title, kind in ((a, kind_a), (b, kind_b)))
    kinds = f"文种不同（{kind_a or '无'}、{kind_b or '无'}）"
    if stem_a == stem_b and len(stem_a) >= 2:
        if not (kind_a and kind_b):
            return Alike(0.6, kinds)
        if any({kind_a, kind_b} <= group for group in _NEAR) and "实施细则" not in a + b:
            return Alike(0.66 if not ("实施方案" in a + b and "规划" in (kind_a, kind_b)) else 0.2, kinds)
    return Alike(0.15, kinds)


def _by_difference(a: str, b: str) -> Alike:
    """Other content words: an added word makes a doubtful pair of long titles, an exchanged one another subject."""
    removed, added = [], []
    for block in Levenshtein.opcodes(a, b):
        if block.tag != "equal":
            removed.append(a[block.src_start : block.src_end])
            added.append(b[block.dest_start : block.dest_end])
    gone, come = "".join(removed), "".join(added)
    if gone == come and sum(map(bool, removed)) == 1 and min(len(a), len(b)) >= 8:
        return Alike(0.96, f"文件名称中词的位置不同：{gone}")
    share = 1 - max(len(gone), len(come)) / max(len(a), len(b))
    words = "、".join(piece for piece in (*removed, *added) if piece)[:40]
    if not gone or not come:
        if _PRAISE.match(gone or come):
            return Alike(0.6, f"文件名称多出：{words}", "praise")
        if share >= 0.8 and min(len(a), len(b)) >= 8:
            return Alike(0.45 + 0.3 * (share - 0.8), f"文件名称多出：{words}")
        return Alike(0.6 if _AIMS.match(gone or come) else 0.3, f"文件名称多出：{words}")
    if share >= 0.85 and min(len(a), len(b)) >= 12:
        return Alike(0.4 + 0.6 * (share - 0.85), f"文件名称有出入：{words}")
    return Alike(min(0.3, share / 3), f"文件名称不同：{words}")


def _weak(subject: str) -> frozenset[str]:
    return frozenset(_WEAK.findall(subject))


@lru_cache(maxsize=256)
def _essence(subject: str) -> str:
    for printed, usual in _SYNONYMS:
        subject = subject.replace(printed, usual)
    return _EMPTY.sub("", subject) or subject


def _stem(subject: str, kind: str) -> str:
    for name, pattern in _KIND:
        if name == kind:
            return pattern.sub("", subject)
    return subject


@lru_cache(maxsize=256)
def _numbers(subject: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(subject))
