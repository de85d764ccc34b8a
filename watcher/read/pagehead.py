"""The head of a page in lines of text: labelled metadata, bars, buttons, bylines, the page's own copy of the title.

Decides only which lines are the page's; ``textfile`` takes them away. A title that stands between such lines stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import re2

from watcher.lexicon import dates
from watcher.read import labels, printed, titles
from watcher.read.boilerplate import is_chrome
from watcher.read.headinfo import after_date

BARS = re.compile("(?:!\\[[^\\]]{0,80}\\]\\([^)]{0,200}\\)|[|｜\\s])+")
_POSTED = re.compile(
    "[\\[(（【]?(?:19|20)[0-9]{2}\\s?[-年/.]\\s?[0-9]{1,2}\\s?[-月/.]\\s?[0-9]{1,2}日?\\s+[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?[\\])）】]?"
)
_INDEX = re.compile("[0-9A-Za-z/\\-_]{6,40}")
_NUMBERED = re.compile(".{0,20}[〔\\[（(【](?:19|20)[0-9]{2}[〕\\]）)】].{0,6}号")
_LINES = 40
"""So many non-blank lines at most may belong to a page's head."""


@dataclass(slots=True)
class Head:
    """What was found at the top of a page saved as text."""

    removed: dict[int, str] = field(default_factory=dict)
    """Line number -> why it is the page's."""
    pairs: list[tuple[str, str, str]] = field(default_factory=list)
    title: str = ""
    own_title: str = ""


def strong(pairs: Sequence[tuple[str, str, str]]) -> bool:
    """Whether labelled values belong to a page: 时间, 名称 or 主题 alone may also begin a line of a document."""
    return (
        any(len(label) > 2 or name in ("document_number", "byline", "source") for name, label, _ in pairs)
        or len(pairs) > 1
        or bool(pairs and pairs[0][0] == "published_on" and _DAY_ALONE.fullmatch(pairs[0][2].strip()))
    )


_DAY_ALONE = re.compile("(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:\\s+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?")


def read_head(lines: Sequence[str]) -> Head:
    """Looks at the lines (blank ones are ``""``) from the first one on, as long as they are the page's."""
    head = Head()
    present = [i for i, line in enumerate(lines[:400]) if line][:_LINES]
    at = _menu(lines, present, head) or _before_title(lines, present, head)
    while at < len(present):
        here = present[at]
        line = lines[here]
        taken = _labelled(lines, present, at, head)
        if taken:
            at += taken
            continue
        if BARS.fullmatch(line):
            head.removed[here] = "layout"
        elif is_chrome(line, "head"):
            head.removed[here] = "phrase"
            head.pairs += dated(line)
        elif is_byline(line):
            head.removed[here] = "byline"
            head.pairs += dated(line)
        elif head.removed and len(line) <= 120 and "。" not in line and any(days := printed.window([line])):
            head.removed[here] = "days of the consultation"
            head.pairs += [(name, "", day) for name, day in zip(("opens", "closes"), days, strict=True) if day]
        elif _POSTED.fullmatch(line):
            head.removed[here] = "time of posting"
            head.pairs.append(("published_on", "", line))
        elif head.pairs and not head.title and "|" in line and line.rstrip("| ").count("|") == 0:
            head.title = line.strip("|｜ ")
            head.removed[here] = "title row"
        else:
            skip = _copy(lines, present, at, head) or _above_byline(lines, present, at, head)
            if not skip:
                break
            at += skip
            continue
        at += 1
    return head


def _menu(lines: Sequence[str], present: Sequence[int], head: Head) -> int:
    """Takes the menu above a breadcrumb: short lines and nothing else; how many present lines it took."""
    for at, here in enumerate(present):
        if _CRUMBS.match(lines[here]) and is_chrome(lines[here], "head"):
            for above in present[:at]:
                head.removed[above] = "menu"
            return at
        line = lines[here]
        if not is_chrome(line, "head") and (len(line) > _MENU or line[-1] in "。；：:，" or titles.is_title(line)):
            return 0
    return 0


_CRUMBS = re.compile(".{0,14}(?:位置|首页)\\s*[:：>›»→/\\-]")
_MENU = 12
"""Characters of the longest entry of a menu."""


def _before_title(lines: Sequence[str], present: Sequence[int], head: Head) -> int:
    """Takes what a site prints above the first title: names, menus, rows of links, never labels, numbers or an issuer's line."""
    window = [lines[here] for here in present[:_SITE_LINES]]
    title = next((n for n, line in enumerate(window) if titles.is_title(line)), 0)
    title = next((n for n in range(max(0, title - 3), title) if titles.run(window, n) > title - n), title)
    above = window[:title]
    if (
        not above
        or not any(_of_site(line) for line in above)
        or not all(_unsaid(line) or _of_site(line) for line in above)
    ):
        return 0
    if any(
        labels.pairs(line)
        or labels.field_of(line)
        or _in_bars(line)
        or _NUMBERED.fullmatch(line)
        or line.endswith("文件")
        for line in above
    ):
        return 0
    for here in present[:title]:
        head.removed[here] = "above the title"
    return title


_SITE_LINES = 16
_FACTS = re2.compile("(?:[\u4e00-\u9fff]{2,8}[:：]\\s?[^\\s:：，。]{1,24}[\\s|｜]*){3,}")


def _of_site(line: str) -> bool:
    """A line that only a site prints: a phrase of pages, a row of links, a row of facts of a file, an arrow."""
    return (
        is_chrome(line, "head")
        or (line.count("|") >= 2 and all(len(part.strip()) <= _NAME for part in line.split("|")))
        or (line[-1] in ">»›" and len(line) <= 60)
        or (len(line) <= 160 and _FACTS.fullmatch(line) is not None)
    )


def dated(line: str) -> list[tuple[str, str, str]]:
    """The day of posting on a line of the page that has no label for it; a clock's day is none."""
    match = _DAY.search(line) if not _CLOCK.search(line) else None
    return [("published_on", "", match[0])] if match else []


_DAY = re.compile(
    "(?<![0-9])(?:19|20)[0-9]{2}(?:-[0-9]{1,2}-[0-9]{1,2}|/[0-9]{1,2}/[0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日)(?![0-9])"
)
_CLOCK = re.compile("星期|今天|现在|农历|欢迎")
_PART = re.compile("[\\s|｜·,，]+")
_NAME, _PARTS = 10, 14


def is_byline(line: str) -> bool:
    """A day with words of the page beside it (a counter, a button, a name) and nothing that a document says."""
    if len(line) > 80 or line[-1] in "。；：:" or _DAY.search(line) is None:
        return False
    parts = _PART.split(_DAY.sub(" ", line).strip())[:_PARTS]
    known = sum(
        is_chrome(part, "head") or bool(_COUNTED.fullmatch(part)) for part in parts if any(map(str.isalnum, part))
    )
    return known > 0 and all(len(part) <= _NAME for part in parts)


_COUNTED = re.compile("[0-9][0-9,.:：]*[万次人字]{0,2}|[次人字]|来源|作者|阅读|浏览|点击|收藏|举报|分享|评论|字数")


def _labelled(lines: Sequence[str], present: Sequence[int], at: int, head: Head) -> int:
    """Takes a line of labels and values, or a label with its value on the next line; how many present lines it took."""
    here = present[at]
    line = lines[here]
    if len(line) > 400:
        return 0
    line, posted = after_date(line)
    if posted:
        head.pairs.append(("published_on", "", posted))
    pairs = labels.pairs(line) or _in_bars(line)
    bare = labels.field_of(line) if not pairs else None
    if bare is not None:
        pairs = [(bare, line.strip(labels.STRIP), "")]
    if not pairs or not (strong(pairs) or head.pairs or _strong_below(lines, present, at)):
        return 0
    head.removed[here] = "metadata"
    name, label, value = pairs[-1]
    if name != "byline" and labels.value_of(value) is None and at + 1 < len(present):
        below = lines[present[at + 1]]
        near = present[at + 1] == here + 1
        if labels.field_of(below) is None and not labels.pairs(below) and _is_value(name, below, near):
            head.pairs += [*pairs[:-1], (name, label, below)]
            head.removed[present[at + 1]] = "metadata"
            return 2
    head.pairs += pairs
    return 1


def _strong_below(lines: Sequence[str], present: Sequence[int], at: int) -> bool:
    """Whether the next line is surely of a head table: 标题: above 发文字号: belongs to it."""
    return at + 1 < len(present) and strong(labels.pairs(lines[present[at + 1]]))


def _in_bars(line: str) -> list[tuple[str, str, str]]:
    """A row of a head table saved with bars: each label stands in a cell, its value in the next one."""
    if line.count("|") < 2:
        return []
    row = [cell.strip() for cell in line.strip("|｜ ").split("|")]
    found: list[tuple[str, str, str]] = []
    for at, cell in enumerate(row):
        field = labels.field_of(cell) if len(cell) > 1 else None
        if field is not None:
            value = row[at + 1] if at + 1 < len(row) and labels.field_of(row[at + 1]) is None else ""
            found.append((field, cell, value))
    return found if 2 * len(found) >= len(row) - 1 else []


def _is_value(name: str, text: str, near: bool) -> bool:
    """Whether a line is the value of the label above it: it has the form of one, or directly follows and is short."""
    if name in ("written_on", "published_on"):
        return dates.find_date(text) is not None and len(text) <= 24
    if name == "document_number":
        return bool(_NUMBERED.fullmatch(text))
    if name == "index_number":
        return bool(_INDEX.fullmatch(text))
    return near and len(text) <= 120 and text[-1] not in "。；"


def _copy(lines: Sequence[str], present: Sequence[int], at: int, head: Head) -> int:
    """The page's own copy of the title above the document's: takes it and the lines between; 0 when there is none."""
    window = [lines[i] for i in present[at : at + 18]]
    found = _title_copy(window)
    if found is None:
        return 0
    first, second = found
    own = window[second]
    head.title = head.title or (
        own if _SUFFIXED.match(window[first][len(own) :]) and window[first].startswith(own) else window[first]
    )
    head.own_title = own
    for n in range(first):
        head.removed[present[at + n]] = "before the title"
    head.removed[present[at + first]] = "the page's copy of the title"
    for n in range(first + 1, second):
        head.removed[present[at + n]] = "byline"
        head.pairs += labels.pairs(window[n]) or _in_bars(window[n]) or dated(window[n])
    return second + 1


_SUFFIXED = re.compile("\\s*[_|｜\\-—–－]")
"""What begins the name of a site behind a title."""


def _title_copy(lines: Sequence[str]) -> tuple[int, int] | None:
    """Positions of the page's copy of the title and of the document's own, with nothing but page lines around and between."""
    for first in range(min(5, len(lines))):
        if first and not all(_unsaid(line) for line in lines[:first]):
            return None
        for second in range(first + 1, len(lines)):
            if titles.copy_of(lines[first], lines[second]):
                return (first, second) if all(_byline(line) for line in lines[first + 1 : second]) else None
            if not _byline(lines[second]):
                break
    return None


def _unsaid(line: str) -> bool:
    return len(line) <= 60 and line[-1] not in "。；：:" and not titles.is_title(line)


def _byline(line: str) -> bool:
    """A line between two copies of a title: labels, buttons, counters, dates; short and no sentence."""
    return bool(labels.pairs(line)) or is_chrome(line, "head") or _unsaid(line)


def _above_byline(lines: Sequence[str], present: Sequence[int], at: int, head: Head) -> int:
    """A title of up to three lines above a byline: it stays, and the head goes on below it."""
    joined = ""
    for n in range(min(4, len(present) - at)):
        line = lines[present[at + n]]
        if n and (
            strong(labels.pairs(after_date(line)[0]))
            or _POSTED.fullmatch(line)
            or is_byline(line)
            or (is_chrome(line, "head") and len(line) > 1)
        ):
            if not head.title and titles.is_title(joined):
                head.title = joined
            return n
        if len(line) > 80 or line[-1] in "。；;：:，,":
            return 0
        joined += line
    return 0
