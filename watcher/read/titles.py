"""Finding the title among the first lines of a document: printed twice, broken over lines, with the page's own copy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from watcher.text import plain

_END = re.compile(
    "(?:通知|规划|方案|意见|办法|公告|纲要|计划|报告|决定|批复|函|细则|条例|规定|要点|通告|预案|标准|指南|制度|措施|行动|目录|清单|解读|讲话|"
    "请示|通报|公报|命令|议案|纪要|实施|建议|说明|稿|启事|举措|政策|规程|章程|规则|导则|指引|决议|答复|公示|[议定知告]书|简章|公开信|情况的?反馈)(?:[（(〔【].{1,20}[）)〕】])?[》”]?(?:的通知|的公告|的函)?$"
)
_PUNCTUATION = re.compile("[^\\w\u4e00-\u9fff]|_")
_BREAK = frozenset("。；;！!？?：:，,、")


_SITE = re.compile("\\s*[_|｜]\\s*|\\s+[-–—－]+\\s*|\\s*[-–—－]+\\s+")
"""What parts a title from the name of its site."""


@lru_cache(maxsize=512)
def key(title: str) -> str:
    """Letters, digits and Chinese characters of a title only: what two printings of one title have in common."""
    return _PUNCTUATION.sub("", plain(title))


def is_title(line: str) -> bool:
    """Whether a line ends like the title of an official document and is no sentence."""
    return (
        5 <= len(line) <= 120
        and line[-1] not in _BREAK
        and "。" not in line
        and ">" not in line
        and bool(_END.search(line.rstrip()))
    )


def _says_more(line: str, known: str) -> bool:
    """Whether a line has a Chinese character that the key of a title does not have: no key of it is in that one. Mostly the first tells."""
    return any("\u4e00" <= character <= "\u9fff" and character not in known for character in line)


def equal(line: str, title: str) -> bool:
    """Whether a line is the title again."""
    return not _says_more(line, wanted := key(title)) and key(line) == wanted


def run(lines: Sequence[str], start: int, title: str = "") -> int:
    """How many lines from ``start`` make one title that was broken over lines; 0 when none begins here.

    With a known ``title`` its letters decide; otherwise brackets that stay open, an issuer's line before 关于, or 关于 without an end.
    """
    want = key(title)
    joined = ""
    for n in range(min(6, len(lines) - start)):
        line = lines[start + n].strip()
        if not line or len(line) > 80 or (line[-1] in "。；;！!？?" and n):
            break
        if n == 1 and line.startswith(joined):  # the site's own name, above a title that begins with it
            return 0
        joined += line
        if want:
            if _says_more(line, want):
                break
            have = key(joined)
            if not have:
                return 0
            if not want.startswith(have):
                break
            if have == want:
                return n + 1
            continue
        if not _says_more(joined, "") and not key(joined):  # a star or a rule above the title is no part of it
            return 0
        if is_title(joined) and joined.count("《") == joined.count("》"):
            return n + 1
        if not (
            joined.count("《") > joined.count("》")
            or (n == 0 and len(line) <= 30 and _body(line))
            or (n < 2 and "关于" in joined[:40] and len(joined) <= 60 and line[-1] not in _BREAK)
        ):
            break
    return 0


def _body(line: str) -> bool:
    return line.endswith(("政府", "办公室", "办公厅", "委员会", "局", "厅", "委", "部", "院", "会"))


def copy_of(first: str, other: str) -> bool:
    """Whether ``first`` (the page's title) repeats ``other`` (the document's): equal, with a name put before it, or the site's behind it."""
    a = key(first)
    if len(a) < 8 or len(first) > 150 or first.rstrip()[-1:] in "。；;！!：:，," or _says_more(other, a):
        return False
    b = key(other)
    if len(b) < 8:
        return False
    return a == b or (b in a and len(b) >= 0.7 * len(a)) or key(_SITE.split(first)[0]) == b
