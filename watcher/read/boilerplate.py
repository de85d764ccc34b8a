"""Lines that belong to the page, not to the document: phrases, head and tail zones, what the site itself teaches.

Everything here is pure and works on lines; structure (containers, hidden parts) was dealt with before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Literal

import yaml

from watcher.text import SPACES, squeeze

Where = Literal["any", "head", "tail"]
MAX_PHRASE = 160
_SENTENCE_END = frozenset("。；;：:！!？?”》")
_DIGITS = re.compile("[0-9,]{1,12}")


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """One expression a zone, from ``phrases.yaml``."""
    raw = yaml.load(resources.files(__package__).joinpath("phrases.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    anywhere = [entry["pattern"] for entry in raw if entry["where"] == "any"]
    result = {}
    for where in ("any", "head", "tail"):
        extra = [] if where == "any" else [entry["pattern"] for entry in raw if entry["where"] == where]
        result[where] = re.compile("|".join(f"(?:{pattern})" for pattern in [*anywhere, *extra]))
    return result


def is_chrome(line: str, where: Where = "any") -> bool:
    """Whether a whole line is a known phrase of pages in that zone (``any`` phrases count in every zone)."""
    if len(line) > MAX_PHRASE:
        return False
    whole = squeeze(line)
    if _patterns()[where].fullmatch(whole):
        return True
    if whole[:1] in _OPENING and whole[-1:] in _CLOSING and _patterns()[where].fullmatch(whole[1:-1]):
        return True  # （本文已被浏览331次）
    # A row of them: 网站地图 | 关于我们, 上一篇 下一篇.
    parts = _ROW.split(line.strip()) if len(line) <= _ROW_LENGTH else []
    if 2 < len(parts) <= 12 and parts[-1].isdigit() + parts[1].isdigit():
        parts = _ROW.split(_FIGURE_APART.sub("", line.strip()))  # 点赞 2 收藏
    return 1 < len(parts) <= 12 and all(len(part) > 1 and _patterns()[where].fullmatch(squeeze(part)) for part in parts)


_OPENING, _CLOSING = frozenset("（([【"), frozenset("）)]】")
_FIGURE_APART = re.compile("(?<=[\u4e00-\u9fff]) (?=[0-9,.]{1,9}万?(?:\\s|$))")
_ROW = re.compile("[\\s|｜·][\\s|｜·]*")
_ROW_LENGTH = 80


def tail_start(lines: Sequence[str], protected: frozenset[int] = frozenset()) -> int:
    """Where the page's own tail begins: ``len(lines)`` when the document goes on to the end.

    The tail is what follows the first known phrase after the last sentence; between phrases anything short goes with it
    (names of related items, buttons), and so does a lone number directly above (a counter).
    ``protected`` positions (tables) always belong to the document.
    """
    first = len(lines)
    while (
        first > 0 and first - 1 not in protected and not _is_sentence(lines[first - 1]) and not _signs(lines, first - 1)
    ):
        first -= 1
    for position in range(first, len(lines)):
        if is_chrome(lines[position], "tail") and squeeze(lines[position]):
            while position > first and _DIGITS.fullmatch(squeeze(lines[position - 1]) or "0"):
                position -= 1
            return position
    return len(lines)


_DAY = re.compile(
    "[（(]?\\s*[0-9〇○零一二三四五六七八九十]{4}\\s*年\\s*[0-9一二三四五六七八九十]{1,2}\\s*月\\s*[0-9一二三四五六七八九十]{1,3}\\s*日\\s*[）)]?"
)
_OFFICE = re.compile(".{2,60}(?:政府|委员会|办公室|办公厅|[局厅委部院署会处]|中心|公司|集团|指挥部|小组)")


def _signs(lines: Sequence[str], at: int) -> bool:
    """Whether a line is the day below a signature: what stands above it belongs to the document."""
    return (
        at > 0
        and len(lines[at]) <= 40
        and bool(_DAY.fullmatch(lines[at].strip()))
        and bool(_OFFICE.fullmatch(lines[at - 1].strip()))
    )


def signs(lines: Sequence[str]) -> bool:
    """Whether lines are a signature: an office, below it the day."""
    return _signs(lines, len(lines) - 1)


def _is_sentence(line: str) -> bool:
    """Whether a line reads like text of a document and not like a button, a label or the title of a related item."""
    line = line.rstrip()
    if is_chrome(line, "tail"):
        return False
    # 关联文件： announces what a page lists, a document's lead-in is longer.
    return len(line) > 120 or (len(line) > (4 if line[-1] not in ":：" else 10) and line[-1] in _SENTENCE_END)


def learn_noise(first: Iterable[str], second: Iterable[str], known: Iterable[str] = ()) -> frozenset[str]:
    """Lines that differ between two fetches of one page within minutes, as patterns with digits folded to ``0``.

    Only short lines whose words stay, whose figures change and which speak of counting or of the clock are taken: any other
    line that differs may be an edit made in those minutes. ``known`` are the lines of the last version: a counter does not
    come back to what it was, but a site of several servers may still have the old page on one of them, and what an edit
    changed there (``年接待游客1200万人次``) is no noise. ``taught`` compares a line by ``folded(line)``.
    """
    old = {squeeze(line) for line in known}
    before = {folded(line): squeeze(line) for line in first}
    after = {folded(line): squeeze(line) for line in second}
    return frozenset(
        form
        for form, line in before.items()
        if form in after and after[form] != line and after[form] not in old and _counts(form)
    )


def taught(text: str, chrome: frozenset[str]) -> bool:
    """Whether the host taught that a line is chrome, as it stands or but for its figures."""
    line = squeeze(text)
    return line in chrome or (len(line) <= 60 and folded(line) in chrome)


_COUNTS = re.compile(
    "浏览|阅读|点击|访问|下载|查看|次数|人次|在线|访客|热度|点赞|收藏|评论|分享|天气|℃|星期|现在|时间|更新|第0位|倒计时|关注|人气"
)
_FIGURE = re.compile("[0-9０-９][0-9０-９]*")
_SPACED_FIGURES = re.compile(f"[0-9０-９{SPACES}]*")


def folded(line: str) -> str:
    """A line without spaces and with every run of digits as ``0``: the form in which counters are recognised."""
    return _FIGURE.sub("0", squeeze(line))


def _counts(form: str) -> bool:
    """Whether a folded line may be a counter: it is short, and speaks of counting or of the clock."""
    return len(form) <= 40 and _COUNTS.search(form) is not None


def counter_moved(before: str, after: str) -> bool:
    """True when nothing but digits differs between two texts, and a counter may be what differs: another fetch can tell (``learn_noise``)."""
    if not only_figures(before, after):
        return False
    old = set(before.split("\n"))
    return any(line not in old and _counts(folded(line)) for line in after.split("\n"))


def only_figures(before: str, after: str) -> bool:
    """True when nothing but digits differs between two texts: an edit of a value, or a counter in the body."""
    if before == after:
        return False
    old, new = before.split("\n"), after.split("\n")
    most = min(len(old), len(new))
    head = 0
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    # A line with more than figures stays on each side, because figures run on where a line ends.
    while head and _SPACED_FIGURES.fullmatch(old[head - 1]):
        head -= 1
    while tail and _SPACED_FIGURES.fullmatch(old[-tail]):
        tail -= 1
    first, last = max(0, head - 1), max(0, tail - 1)
    return folded("\n".join(old[first : len(old) - last])) == folded("\n".join(new[first : len(new) - last]))
