"""Whether a page's title says something else than before, where its text may be the same: pure."""

from __future__ import annotations

import re

from rapidfuzz.distance import Indel

from watcher.lexicon.titles import kernel, printed

ALIKE = 0.6
"""Likeness from which two titles are one that was edited; below it another line of the page was taken for the title."""
_NEWS = re.compile(
    "[0-9]|[一二三四五六七八九十][年月季批期次号版届部项]|更正|修订|修改|补充|调整|新增|延[期长]|终止|取消|暂[停行缓]|撤[销回]|变更|废止|试行|重新|再次"
)
"""What makes an added or lost piece of a title more than its decoration."""


def renamed(before: str, after: str, *, alike: float = ALIKE) -> bool:
    """True where a word, a year or a number of a title moved: 第一季度 → 第二季度, 暂行办法 → 办法.

    Not for width, spaces and wrappings, a site's name or a document number beside it, a title cut short, or the frame around a plan
    (关于印发《X》的通知 beside X): templates print titles in many ways. ``alike`` 0 also takes another title altogether, where the
    text changed with it: an article that stands in another one's place.
    """
    one, other = printed(before.rstrip("….")), printed(after.rstrip("…."))
    if not one or not other or one == other or kernel(before) == kernel(after) != "":
        return False
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if shorter in longer:
        cut = before.endswith(("…", "...")) or after.endswith(("…", "..."))
        return not cut and _NEWS.search(longer.replace(shorter, "", 1)) is not None
    return Indel.normalized_similarity(one, other) >= alike
