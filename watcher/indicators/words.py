"""Values in words in running text: 逐步降低, 高于自治区平均水平, 全覆盖, 翻一番.

Only for what is plainly an indicator by its name (a rate, a share, or a name the lexicon knows); everything else that
is said to improve is policy prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from watcher.indicators import joint, naming
from watcher.indicators.glance import COURSE, COURSES, LEVEL, LEVELS, OTHERS, SAID
from watcher.lexicon.names import canonical

_VERDICT = re.compile(
    rf"(?P<words>(?:{'|'.join(COURSES)}){COURSE}|(?:均|都)?(?:{'|'.join(LEVELS)}){LEVEL}|(?:实现)?(?:{'|'.join(OTHERS)}))$"
)
_CLAUSE = re.compile(r"[^，,。；;：:]+")
_TASK = re.compile(r"加强|推进|推动|提高|提升|促进|降低|完善|优化|实现|深化")
_NAME_END = re.compile(r"(?:率|占比|比例|比重|死亡率|寿命|人数|床位数|托位数|经费|密度|浓度|性别比)$")


@dataclass(frozen=True, slots=True)
class Words:
    """One statement in words: the names it speaks of, the words, and where they stand in the sentence."""

    names: tuple[str, ...]
    words: str
    start: int
    end: int


def statements(sentence: str) -> Iterator[Words]:
    """Every clause of a sentence (which holds one of ``glance.TURNS``) that tells an indicator's course or level in words."""
    if not SAID.search(sentence):
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
        if not subject or _TASK.match(subject):
            continue
        names = joint.every(subject)
        known = tuple(name for name in names if _NAME_END.search(name) or canonical(name))
        # 口腔健康素养水平和健康行为形成率大幅提升 says it of a rate at least, and of no list that is open.
        if known and known[-1] == names[-1] and not any("等" in name for name in names):
            yield Words(known, text[at:], clause.start() + at, clause.start() + len(text))
