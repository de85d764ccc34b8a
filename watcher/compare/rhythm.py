"""How often a promise falls due (每年, 每半年, 每三年), so that two spans can be compared."""

from __future__ import annotations

import re
from decimal import Decimal

_TIMES = {
    "年": 60, "学年": 60, "半年": 120, "学期": 120, "季度": 240, "季": 240, "月": 720, "旬": 2160, "周": 3120, "日": 21900, "天": 21900,
    "两年": 30, "二年": 30, "三年": 20, "四年": 15, "五年": 12,
}  # fmt: skip
"""How often a span comes in sixty years: of each a whole number of times."""
_EVERY = re.compile("每个?(?P<span>半年|[两二三四五]年|学年|学期|季度?|年|月|旬|周|日|天)(?!龄|度|嫩|票|报)")
TERMS = re.compile(f"{_EVERY.pattern}|年均|累计")
"""Whether an amount is each year's, each month's, or that of all years together."""


def times(name: str) -> Decimal | None:
    """How often the span that a name says (每半年抽查) comes in sixty years, ``None`` where it says none, or more than one."""
    spans = {match["span"] for match in _EVERY.finditer(name)}
    return Decimal(_TIMES[spans.pop()]) if len(spans) == 1 else None
