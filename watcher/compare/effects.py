"""The words for what happened to an indicator. Alone here, because a list of versions needs nothing else of this room."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]

ORDER = (
    "tightened", "relaxed", "postponed", "advanced", "raised", "lowered", "binding", "unbinding", "added", "removed", "split", "merged",
    "restated", "reworded", "changed",
)  # fmt: skip
"""What moved, the heaviest first."""
WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "tightened": "收紧", "relaxed": "放宽", "postponed": "推迟", "advanced": "提前", "raised": "上调", "lowered": "下调", "binding": "改为约束性",
        "unbinding": "取消约束性", "added": "新增", "removed": "删除", "split": "拆分", "merged": "合并",
        "restated": "数据修订", "reworded": "表述调整", "changed": "调整",
    },
    "en": {
        "tightened": "tightened", "relaxed": "relaxed", "postponed": "postponed", "advanced": "brought forward", "raised": "raised", "lowered": "lowered",
        "binding": "made binding", "unbinding": "no longer binding", "added": "added", "removed": "removed",
        "split": "split", "merged": "merged", "restated": "restated", "reworded": "reworded", "changed": "changed",
    },
}  # fmt: skip
"""Effects, and the kinds of move that have none, as words."""


def effect_word(effect: str, language: Language = "zh") -> str:
    """An effect (or a kind of move) as a word; itself where it has none."""
    return WORDS[language].get(effect, effect)
