"""A value in its sentence and the words around it; each view of them is worked out when it is first asked for."""

from __future__ import annotations

import re

from watcher.indicators import joint, naming, verbs
from watcher.indicators.sentence import Sentence, stops
from watcher.indicators.values import Mention, Value
from watcher.lexicon.units import family

_DIGIT = re.compile(r"[0-9０-９一二三四五六七八九十]")
_OPENED = frozenset(naming.OPENED)
_EACH = re.compile(
    r"(?:(?<![人生户亩平床])均|都|双双|分别|各(?![县市区省乡镇街旗州盟级类地部有种项])|全部)[^，,。；、]{0,6}$"
)
_MEASURE_END = re.compile(r"(?:[率数量比重额积值]|人口|比例|里程|规模|产能|装机|总产|浓度|密度|强度|指数|寿命|收入)$")
_TIMES_OF_YEAR = frozenset(("预计全年", "预计年底", "预计到年底"))
"""总产值486亿元；预计全年突破540亿元: of what was told before."""
_SPENT = re.compile(r"(?:主要|重点|专项)?(?:支持|助力|用于|用以|保障|推动|促进|拉动)")
"""统筹资金9.95亿元支持…: what money was for is no name."""
_JOINED = re.compile(r"^\s*[和与及]")


class Place:
    """One value, between the value before it and the one behind it."""

    __slots__ = (
        "_bare",
        "_own",
        "_stem",
        "_stops",
        "_strong",
        "ceiling",
        "edge",
        "floor",
        "left",
        "mention",
        "s",
        "value",
    )

    def __init__(self, s: Sentence, mention: Mention, floor: int, ceiling: int) -> None:
        self.s = s
        self.mention = mention
        self.value: Value = mention.value
        self.floor = floor
        """Where the value before ends."""
        self.ceiling = ceiling
        """Where the next value begins."""
        self.edge = naming.left_edge(s.text, mention.start, floor)
        """Where the words that may name this value begin."""
        self.left = s.text[self.edge : mention.start]
        """The words before the value."""
        # The 和 that joins them to the value before is none of them (诊疗6.5人次和住院2.3床日).
        self._own = _JOINED.sub("", self.left) if floor and self.edge == floor else self.left
        self._bare: str | None = None
        self._stem: str | None = None
        self._stops: bool | None = None
        self._strong: bool | None = None

    @property
    def bare(self) -> str:
        """The words before the value without fillers at their front."""
        if self._bare is None:
            self._bare = naming.trim_left(self._own).strip()
        return self._bare

    @property
    def stem(self) -> str:
        """The name in the words before the value."""
        if self._stem is None:
            opened = self._own.rstrip()[-1:] in _OPENED
            stem = naming.subject(self._own) if opened else naming.core(self.bare)
            self._stem = "" if stem in _TIMES_OF_YEAR else stem
        return self._stem

    @property
    def behind(self) -> str:
        """The words behind the value, a few of them."""
        return self.s.text[self.mention.end : self.mention.end + 40]

    @property
    def stops(self) -> bool:
        """Whether nothing that could be a name follows."""
        if self._stops is None:
            # 开展6类10项技术: both counts name what follows the second.
            joint = self.behind[:1].isdigit() and family(self.value.unit) in ("kinds", "items")
            self._stops = not (joint and verbs.ends_in_action(self.bare)) and (
                stops(self.behind) or (family(self.value.unit) == "money" and _SPENT.match(self.behind) is not None)
            )
        return self._stops

    @property
    def strong(self) -> bool:
        """Whether the name stands to the left for sure: 达到, 控制在 …, or a bound before the number that ends the clause."""
        if self._strong is None:
            self._strong = verbs.ends_in_state(self.left) or (self.stops and self._bounded())
        return self._strong

    @property
    def is_share(self) -> bool:
        """Whether the value is a share (%, ‰)."""
        return family(self.value.unit) == "ratio"

    def names(self, stem: str) -> list[str]:
        """The names a stem holds: of each member where 均 or 各 speaks of all, of several rates in one, mostly one."""
        return joint.every(stem) if _EACH.search(self.left) else joint.parts(stem)

    def before_comma(self) -> str:
        """The measure named in the clause before the comma; ``""`` when there is none."""
        text, edge, floor = self.s.text, self.edge, self.floor
        if edge <= floor or text[edge - 1] not in "，,":
            return ""
        start = naming.left_edge(text, edge - 1, floor)
        name = naming.without_trend(naming.subject(text[start : edge - 1]))
        return name if 2 <= len(name) <= 30 and _MEASURE_END.search(name) else ""

    def _bounded(self) -> bool:
        if self.value.op not in (">=", "<=", ">", "<") or _DIGIT.match(self.value.text):
            return False
        return not verbs.ends_in_action(self.bare)
