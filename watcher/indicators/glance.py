"""What a glance at a stretch of text tells before anybody reads it: most paragraphs of a plan hold no figure at all.

Every alternative of these patterns begins with a plain character: the engine scans for the set of them several times
faster than it tries an alternation at every place, and passes over the alternatives that begin otherwise.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from watcher.lexicon.numbers import DIGITS
from watcher.lexicon.units import MAGNITUDES, UNITS

_NUMERALS = "一二两三四五六七八九十百千"
_NEVER_COUNTED = set("级年期次部大")
"""一年, 一级, 一次 and their like are turns of phrase, unless a rate (一次/年) follows."""
_COUNTED = "".join(sorted({word[0] for word in (*MAGNITUDES, *UNITS)} - _NEVER_COUNTED | set("%％‰/／成")))

COURSE = r"(?:得到)?(?:降低|下降|提高|提升|上升|增长|增加|改善|减少|缩小|控制)"
"""Behind 逐步, 持续 and their like: the course of an indicator in words."""
COURSES = ("逐步", "逐年", "持续", "明显", "显著", "稳步", "大幅", "进一步", "不断")
LEVEL = r"(?:或(?:优于|超过|高于))?(?:国家|全国|全省|全区|全市|自治区|省|当地|同期|周边|省市|国家和省)[^，,。；;、]{0,8}(?:平均水平|先进水平|水平|考核要求|要求|国家标准|标准)"
LEVELS = ("达到", "达", "高于", "优于", "低于", "不低于", "接近", "超过", "位居", "处于")
OTHERS = ("全覆盖", "翻一?番", "翻两番", "与(?:经济|地区生产总值|GDP)[^，,。；]{0,6}(?:基本)?同步(?:增长)?")


def first_of(marks: str, words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for one of the marks (plain characters) or one of the words (patterns that begin with a plain character)."""
    by_head: dict[str, list[str]] = defaultdict(list)
    for word in words:
        by_head[word[0]].append(word[1:])
    return re.compile("|".join([*marks, *(f"{head}(?:{'|'.join(rests)})" for head, rests in by_head.items())]))


_TURNS = (
    "逐步", "逐年", "持续", "明显", "显著", "稳步", "大幅", "平均水平", "全覆盖", "翻番", "翻一番", "翻两番", "基本同步", "同步增长",
    "不断", "水平以上", "国家标准", "考核要求",
)  # fmt: skip
_END = r"[\x20　”\"]*(?:[，,。；;：:！!？?\n]|$)"
_SAID = (
    *(f"{word}{COURSE}{_END}" for word in COURSES),
    *(f"{word}{LEVEL}{_END}" for word in LEVELS),
    *(f"{word}{_END}" for word in OTHERS),
)
_VALUE = ("分之", *(f"{numeral}(?:[{_COUNTED}]|[{''.join(_NEVER_COUNTED)}][/／])" for numeral in _NUMERALS))

TURNS = first_of("", _TURNS)
"""One of the turns by which a course or level is told in words."""
SAID = first_of("", _SAID)
"""A clause that may end in such a statement."""
VALUE = first_of(DIGITS, _VALUE)
"""Something that may be a value: a digit, a fraction in words, a Chinese numeral with what may be a unit."""
TELLING = first_of(DIGITS + "年五", (*_VALUE[:1], *(word for word in _VALUE[1:] if word[0] != "五"), *_SAID))
"""Anything that may be an indicator, or a year (十四五 too) that later sentences lean on."""
READ = first_of(
    DIGITS,
    (
        "分之", "成以上", "成以下", "成左右", "成的", "成，", *(f"{numeral}成" for numeral in "二三四五六七八九"), "今年", "至少一", "配[备置][一二两]", "建成[二两三四五六七八九十]", "新建[二两三四五六七八九十]", "以上", "不少于[一二两三四五六七八九十]",
        *_TURNS,
    ),
)  # fmt: skip
"""What makes a sentence worth reading for its years: a figure, a bound, or a turn of words."""
