"""How often a promise falls due: 每年, 每半年, 每季度, and how many times a year that is."""

from __future__ import annotations

import re
from decimal import Decimal

_TIMES = {
    "年": 1,
    "学年": 1,
    "半年": 2,
    "学期": 2,
    "季度": 4,
    "季": 4,
    "月": 12,
    "旬": 36,
    "周": 52,
    "日": 365,
    "天": 365,
}
_EVERY = re.compile("每个?(?P<span>半年|学年|学期|季度?|年|月|旬|周|日|天)(?!龄|度|嫩|票|报)")
TERMS = re.compile(f"{_EVERY.pattern}|年均|累计")
"""Whether an amount is each year's, each month's, or that of all years together."""


def times_a_year(name: str) -> Decimal | None:
    """How often the span that a name says (每半年抽查) comes in a year, ``None`` where it says none, or more than one."""
    spans = {match["span"] for match in _EVERY.finditer(name)}
    return Decimal(_TIMES[spans.pop()]) if len(spans) == 1 else None
