"""Words that say the same of a promise: 达到 and 提高到, 不低于 and 不少于, 全市 and 我市, 两所 and 2所. For comparing only, never shown."""

from __future__ import annotations

import re
from collections.abc import Callable

from watcher.lexicon.numbers import chinese
from watcher.text import plain

UNDATED = re.compile("[到至]20[0-9]{2}年[底末]?$")
"""A year at the end of a name, that a sentence prints between the name and its value: 良种使用率到2025年."""
_FOLDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile("[〇零一二两三四五六七八九十百千]{1,12}"), lambda match: str(chinese(match[0]))),
    (re.compile("(?:提高|提升|增加|增长|上升|扩大)[到至]"), "达到"),
    (re.compile("不(?:得|能)?(?:少|小|低)于"), "不低于"),
    (re.compile("不(?:得|能)?(?:超过|(?:高|多|大)于)"), "不超过"),
    (re.compile("[我本](?=[省市区县旗州盟])"), "全"),
    (re.compile("^全[省市区县旗州盟](?!域)"), ""),
    (UNDATED, ""),
    (re.compile("[到至](?=20[0-9]{2}年)"), "到"),
    (re.compile("(?<=年)底"), "末"),
    (re.compile("及(?=以[上下])"), ""),
    (re.compile("降低"), "下降"),
    (re.compile("(?<=设)[立置]"), ""),
)
"""Only words after which the operator is the same: 控制在 and 下降到 are not."""


def unphrased(text: str) -> str:
    """``plain`` text with such words brought to one of them."""
    text = plain(text)
    for pattern, usual in _FOLDS:
        text = pattern.sub(usual, text)
    return text
