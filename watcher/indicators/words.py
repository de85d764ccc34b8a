"""Values in words in running text: 逐步降低, 高于自治区平均水平, 全覆盖, 翻一番.

Only for what is plainly an indicator by its name (a rate, a share, or a name the lexicon knows); everything else that
is said to improve is policy prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.indicators import naming
from watcher.lexicon.names import canonical

QUICK = re.compile(
    r"逐[步年]|持续|明显|显著|稳步|大幅|平均水平|全覆盖|翻一?番|翻两番|基本同步|同步增长|不断|水平以上|国家标准|考核要求"
)
_COURSE = r"(?:逐步|逐年|持续|明显|显著|稳步|大幅|进一步|不断)(?:得到)?(?:降低|下降|提高|提升|上升|增长|增加|改善|减少|缩小|控制)"
_LEVEL = r"(?:均|都)?(?:达到|达|高于|优于|低于|不低于|接近|超过|位居|处于)(?:或(?:优于|超过|高于))?(?:国家|全国|全省|全区|全市|自治区|省|当地|同期|周边|省市|国家和省)[^，,。；;]{0,8}(?:平均水平|先进水平|水平|考核要求|要求|国家标准|标准)"
_OTHER = r"(?:实现)?全覆盖|翻一?番|翻两番|与(?:经济|地区生产总值|GDP)[^，,。；]{0,6}(?:基本)?同步(?:增长)?"
_VERDICT = re.compile(rf"(?P<words>{_COURSE}|{_LEVEL}|{_OTHER})$")
_CLAUSE = re.compile(r"[^，,。；;：:]+")
_NAME_END = re.compile(r"(?:率|占比|比例|比重|死亡率|寿命|人数|床位数|托位数|经费|密度|浓度|性别比)$")


@dataclass(frozen=True, slots=True)
class Words:
    """One statement in words: the names it speaks of, the words, and where they stand in the sentence."""

    names: tuple[str, ...]
    words: str
    start: int
    end: int


def statements(sentence: str) -> Iterator[Words]:
    """Every clause of a sentence that tells an indicator's course or level in words."""
    if not QUICK.search(sentence):
        return
    for clause in _CLAUSE.finditer(sentence):
        text = clause[0].rstrip(' 　”"')
        if len(text) > 160:
            continue
        verdict = _VERDICT.search(text[-40:])
        if verdict is None:
            continue
        at = max(0, len(text) - 40) + verdict.start("words")
        subject = naming.subject(text[:at])
        if not subject or re.match(r"(?:加强|推进|推动|提高|提升|促进|降低|完善|优化|实现|深化)", subject):
            continue
        names = naming.every(subject)
        if all(_NAME_END.search(name) or canonical(name) for name in names) and not any("等" in name for name in names):
            yield Words(tuple(names), text[at:], clause.start() + at, clause.start() + len(text))
