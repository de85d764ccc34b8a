"""Growth that turns: 由增长6.9%转为下降3.4% tells two differences of one thing."""

from __future__ import annotations

import re

from watcher.indicators import naming
from watcher.indicators.place import Place

FROM = re.compile(
    r"(?:由|从)(?:(?:19|20)\d\d年|上年|去年|年初|上半年|[一二三四上]季度|1\s?[-—–~至]\s?\d{1,2}月份?)?(?:同期|末)?的?(?:同比)?(?:增长|下降|上涨|下跌)$"
)
TO = re.compile(
    r"(?:逐步|由负)?转(?:[变正负]?为|正至|至)(?:(?:19|20)\d\d年|今年|上半年|[一二三四]季度)?的?(?:同比)?(?:增长|下降|上涨|下跌)了?"
)


def turned(p: Place) -> bool:
    """由增长6.9%转为下降3.4%: two differences of one thing, the older first."""
    if not p.is_share:
        return False
    last = p.s.found[-1] if p.s.found else None
    if last is not None and last.end == p.s.at + p.floor and TO.fullmatch(p.left):
        p.s.emit(last.name, p.mention, p.value, p.s.difference(p.mention))
        return True
    old = FROM.search(p.left) if p.ceiling < len(p.s.text) else None
    if old is None or not TO.fullmatch(p.s.text, p.mention.end, p.ceiling):
        return False
    stem = p.s.or_last(naming.subject(p.left[: old.start()]) or p.before_comma())
    if not stem:
        return False
    year = next((mark.year for mark in p.s.marks if mark.source and mark.end <= p.mention.start), None)
    p.s.emit(stem, p.mention, p.value, p.s.difference(p.mention), own_year=year if isinstance(year, int) else None)
    return True
