"""What a page prints between its title and its article without saying what it is: the day of posting, the number; and the title itself.

Only the lines below the title are looked at, because lists beside an article print dates and numbers too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from watcher.read import labels
from watcher.read.boilerplate import is_chrome
from watcher.read.titles import is_title, key, run
from watcher.text import squeeze

_MARKS = re.compile("^(?:\x03[1-6]?|\x04)\\s*")
_DAY = re.compile(
    "(?<![0-9])(?:19|20)[0-9]{2}\\s?(?:年\\s?[0-9]{1,2}\\s?月\\s?[0-9]{1,2}\\s?日|[-/.]\\s?[0-9]{1,2}\\s?[-/.]\\s?[0-9]{1,2}(?![0-9]))"
)
_OTHER_DAY = re.compile(
    "(?:成文|生效|实施|施行|截止|截至|失效|有效|废止|开始|结束|起止|征集|公示|会议|印发|制发|生成|来信|写信|提问|咨询|受理)\\S{0,4}\\s?$"
)
_PASSED = re.compile("通过|修正|修订|批准|公布|施行|[至到]")
_CLOCK = re.compile("星期|周[一二三四五六日]|今天|农历|欢迎")
_BYLINE_LABEL = re.compile("(?:来源|作者|发布人|浏览|阅读|点击|发布时间|发布日期)[:：]")
_NUMBER = re.compile(
    "[（(]?([\u4e00-\u9fffA-Za-z]{1,16}[〔\\[（(【﹝［]\\s*(?:19|20)[0-9]{2}\\s*年?[〕\\]）)】﹞］]\\s*第?\\s*[0-9A-Z-]{1,8}\\s*[号號]"
    "|[\u4e00-\u9fff]{2,24}(?:令|公告|通告)(?:(?:19|20)[0-9]{2}年)?第[0-9一二三四五六七八九十百]{1,5}号)[）)]?"
)
_SITE = re.compile(
    "(?:政府|委员会|办公室|[局厅委部办署院]|网|网站|门户|平台|首页|频道|中心|公众号|正文|详情|内容|页|公开|栏目)$"
)
_ISSUER = re.compile("[\u4e00-\u9fff、\\s（）()]{3,80}(?:政府|委员会|办公室|办公厅|[局厅部委院署会])")
_BELOW, _ABOVE = 10, 40
_BYLINE = 120
_APART = re.compile("[\\s|｜][\\s|｜]*")
_BROKEN, _MORE = 4, 24
"""Lines over which a title is broken, and characters that its last line may add."""


def is_weak(title: str, site: str = "") -> bool:
    """Whether what a page calls itself is rather the name of its site or column than of its document."""
    if is_title(title):
        return GAZETTE.fullmatch(title) is not None
    if _ISSUE.search(title) is not None or FILE.search(title) is not None:
        return True
    return len(key(title)) < 6 or title == site or bool(_SITE.search(title))


FILE = re.compile("\\.(?:docx?|wps|pdf|ofd|xlsx?|rtf|txt)$", re.IGNORECASE)
"""The end of the name of a file."""


GAZETTE = re.compile(".{0,14}(?:政府|国务院)公报|(?:公示|通知|政策)?(?:公告|通知|通告|政策|文件|公示|解读|计划|规划)")
"""Names of publications and columns that end as titles do."""


_ISSUE = re.compile("公报[\\s·（(]{0,3}(?:19|20)[0-9]{2}年.{0,4}第?[0-9]{1,3}期")
"""One issue of a gazette: not what it publishes."""


def plain_line(line: str) -> str:
    """A line without the mark of a heading or an item."""
    return _MARKS.sub("", line).strip()


def headline(lines: Sequence[str]) -> str:
    """The line directly above a byline, however it ends, ``""`` where none stands there: for pages that call themselves by their site's name."""
    texts = [plain_line(line) for line in lines[-_ABOVE:]]
    byline = False
    for at in range(len(texts) - 1, -1, -1):
        text = texts[at]
        if not _of_page(text) and not (at and _labels(texts[at - 1])):
            plain = 8 <= len(key(text)) <= 60 and text[-1] not in "。；：，:" and not re.search("[|｜>»]", text)
            return text if byline and plain and _SITE.search(text) is None else ""
        byline = byline or _DAY.search(text) is not None or _BYLINE_LABEL.search(text) is not None
    return ""


def title_above(lines: Sequence[str], site: str = "") -> str:
    """The nearest line above an article that ends like a title, with nothing but page lines between; ``""`` when there is none.

    An office on the line above belongs to it, but not the name of the ``site``.
    """
    texts = [plain_line(line) for line in lines[-_ABOVE:]]
    for at in range(len(texts) - 1, -1, -1):
        text = texts[at]
        if is_title(text) and not labels.pairs(text) and not is_chrome(text, "head"):
            marks = [line[:1] == "\x03" for line in lines[-_ABOVE:]]
            # Above a heading stands the site's name, unless that is a heading too.
            first = next((n + 1 for n in range(at - 1, -1, -1) if texts[n] == site or marks[at] > marks[n]), 0)
            begin = next((n for n in range(max(first, at - 2), at) if run(texts, n) == at - n + 1), at)
            text = "".join(texts[begin : at + 1])
            issued = begin > first and text.startswith("关于") and marks[begin] <= marks[begin - 1]
            issuer = texts[begin - 1] if issued else ""
            return f"{issuer}{text}" if _ISSUER.fullmatch(issuer) else text
        # A line below a label is its value.
        if not _of_page(text) and not (at and _labels(texts[at - 1])):
            return ""
    return ""


def _labels(text: str) -> bool:
    """Whether a line is a label: what stands below it is its value."""
    return labels.field_of(text) is not None or (len(text) <= _LABEL and text[-1:] in ("：", ":"))


_LABEL = 8


def carries(line: str, title: str) -> bool:
    """Whether a line is the title of the notice by which the paper called ``title`` was issued."""
    return (
        len(line) <= 120 and is_title(line) and _ISSUED.search(line.replace(title, "", 1)) is not None and title in line
    )


_ISSUED = re.compile("关于(?:印发|发布|公布|下发|颁布)《?》?的(?:通知|公告|决定)$")


def _of_page(text: str) -> bool:
    return bool(
        len(text) <= 4 or labels.pairs(text) or labels.field_of(text) is not None or is_chrome(text, "head")
    ) or bool(
        (_DAY.search(text) and len(text) <= _BYLINE)
        or _NUMBER.fullmatch(squeeze(text))
        or _OF_YEAR.fullmatch(squeeze(text))
        or ("：" in text and len(text) <= 60)
    )


def around_title(lines: Sequence[str], title: str) -> tuple[list[str], list[str]]:
    """The lines above and below the last copy of the title before an article; ``([], [])`` when the page does not print it there."""
    want = key(title)
    if len(want) < 6:
        return [], []
    texts = [plain_line(line) for line in lines]
    keys = [key(text) for text in texts]
    for at in range(len(lines) - 1, -1, -1):
        if not keys[at] or keys[at][0] != want[0]:
            continue
        joined = ""
        for end in range(at, min(at + _BROKEN, len(lines))):
            joined += keys[end]
            if joined.startswith(want) and len(joined) <= len(want) + _MORE:
                return texts[max(0, at - 2) : at], texts[end + 1 : end + 1 + _BELOW]
    # A page that calls itself otherwise still has its headline in a heading.
    for at in range(len(lines) - 1, max(-1, len(lines) - 1 - _BELOW), -1):
        if lines[at][:2] in ("\x031", "\x032"):
            return texts[max(0, at - 2) : at], texts[at + 1 :]
    return [], []


_OF_YEAR = re.compile("[（(]?(?:(?:19|20)[0-9]{2}年?)?第[0-9一二三四五六七八九十]{1,4}[号期][）)]?")
"""The number of an announcement on a line of its own: its office stands elsewhere."""


def posted(lines: Sequence[str]) -> str:
    """The day of posting as printed below a title, ``""`` where there is none; a clock's, an adoption's or another label's is none."""
    for at, line in enumerate(lines):
        if (
            len(line) > _BYLINE
            or "。" in line
            or (_CLOCK.search(line) and not _BYLINE_LABEL.search(line))
            or (at and labels.field_of(lines[at - 1]) is not None)
        ):
            continue
        for day in _DAY.finditer(line):
            if not _OTHER_DAY.search(line[: day.start()]) and not _PASSED.search(line[day.end() :]):
                return day[0]
        if match := _WESTERN.search(line):
            return f"{match[3]}-{_MONTHS.index(match[1][:3].lower()) // 3 + 1:02d}-{int(match[2]):02d}"
    return ""


def leaf(lines: Sequence[str]) -> str:
    """A day printed as on a calendar, the day of the month apart from year and month; ``""`` where none is."""
    for one, other in pairwise([part for line in lines if len(line) <= _LEAF for part in line.split()]):
        for day, month in ((one, other), (other, one)):
            if _OF_MONTH.fullmatch(day) and (match := _MONTH.fullmatch(month)):
                return f"{match[1]}-{match[2]}-{day.rstrip('日')}"
    return ""


_LEAF = 12
_OF_MONTH = re.compile("(?:0?[1-9]|[12][0-9]|3[01])日?")
_MONTH = re.compile("((?:19|20)[0-9]{2})[-/.年](0?[1-9]|1[0-2])月?")
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_WESTERN = re.compile(
    "(?:Updated?|Published|Posted|Released?|Date|Time)[a-z ]{0,8}[:：]\\s{0,3}((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?)\\s([0-9]{1,2}),?\\s((?:19|20)[0-9]{2})"
)
"""A day of posting on pages in English: ``Updated: December 18, 2024``."""


def number(lines: Sequence[str]) -> str:
    """The document's number as printed on a line of its own, or apart from the rest of a byline."""
    for line in lines:
        if len(line) <= 40 and (match := _NUMBER.fullmatch(squeeze(line))):
            return match[1]
        for part in _APART.split(line) if len(line) <= _BYLINE and "。" not in line else ():
            if match := _NUMBER.fullmatch(part):
                return match[1]
    return ""


def decree(lines: Sequence[str]) -> str:
    """The number of a decree whose two halves stand on two lines (``X人民政府令``, ``第86号``)."""
    for above, below in pairwise(lines):
        if len(above) <= 30 and above.endswith(("令", "公告", "通告")) and _ORDINAL.fullmatch(squeeze(below)):
            return squeeze(above + below)
    return ""


_ORDINAL = re.compile("[（(]?第[0-9一二三四五六七八九十百]{1,5}号[）)]?")


_OPENS = re.compile("(?:开始|起始|征集开始|启动)(?:时间|日期)[\\s:：]{1,3}")
_CLOSES = re.compile("(?:结束|截止|截至|征集结束|征集截止)(?:时间|日期)[\\s:：]{1,3}")
_WINDOW = re.compile("(?:征集|征求意见|公示|起止|征集起止|征求意见起止|意见征集|调查)(?:时间|日期|期限)[\\s:：]{1,3}")


def window(lines: Sequence[str]) -> tuple[str, str]:
    """The first and the last day of a consultation as portals print them above its text, ``""`` where they do not."""
    text = "\n".join(line for line in lines if len(line) <= 2 * _BYLINE)
    opens, closes = _day_behind(_OPENS, text), _day_behind(_CLOSES, text)
    if (match := _WINDOW.search(text)) and not (opens and closes):
        days = [found[0] for found in _DAY.finditer(text, match.end(), match.end() + 60)]
        if len(days) > 1 and text.find(days[0], match.end()) <= match.end() + 2:
            opens, closes = opens or days[0], closes or days[1]
    return opens, closes


def _day_behind(label: re.Pattern[str], text: str) -> str:
    match = label.search(text)
    day = _DAY.match(text, match.end()) if match else None
    return day[0] if day else ""
