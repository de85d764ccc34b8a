"""Names in running text: what a value belongs to, to its left or right, and what is trimmed off it."""

from __future__ import annotations

import re

from watcher.indicators import verbs
from watcher.text import SPACES, squeeze

HARD = "，,；;：:。！!？?\n"
"""A name does not reach over these."""
_OPEN, _CLOSE = "(（", ")）"
_MARKS = re.compile(f"[{HARD}{_OPEN}{_CLOSE}、]")
_BRACKETS = re.compile(f"[{_OPEN}{_CLOSE}]")

_LEAD = re.compile(
    r"^(?:[、，,：:；;\s—–\-·.．)）”\"]|其中[:：]?|以及|并且|并(?![网联发购])|(?:到|至|截至|截止|自|从|由)?20\d\d\s?年(?:[末底初]|度)?(?:以来|起)?(?:的)?|20\d\d\s?年?[-—–至]20\d\d\s?年?|[“\"]?十[二三四五六]五[”\"]?(?:期间|时期|以来|末|期末|(?=年均|累计))|"
    r"(?:过去|近)?[五5三3]年来|年末|年底前?|(?:\d{1,2}月?\s?[-—–~～至到]\s?)?\d{1,2}月(?!龄|大|子|经)(?:份|起|底|末)?|初步核算|据(?:统计|测算|估算|预测|初步统计|初步测算)|分别|[五5三3]年内|今年以来|今年|年内|全年|去年|目前|当前|届时|到那时|以后(?=每)|此后(?=每)|之后(?=每)|但是?(?=[^，,。；、]{2})|尚有|力争|确保|争取|努力|首次|受[^，,。；、0-9]{2,12}?影响|实现(?!率)|预计|计划(?!生育)|规划(?:期(?:[内末]|间))?(?!免疫)|到规划期末|使(?!用)|将(?!军)|把(?!关)|对(?![口外接标象])|且|包括|包含|设有|共有(?!产权)|共计|共(?![同享建治产])|现有|拥有(?!量)|全国(?=共)|(?:近|中|远)期(?=20)|全市|全省|全区(?!域)|全县|全旗|全州|全盟|我市|我省|我区|我县|本市|同时|此外|另(?:有(?!效))?|先后|进一步|逐步|连续[0-9三五]年|"
    r"(?:19|20)\d\d(?=年)|拟|要(?![素求件点闻]))+"
)
_ORDER = re.compile(
    r"^(?:[（(][一二三四五六七八九十0-9]{1,3}[)）]|第[一二三四五六七八九十百零〇0-9]{1,5}条(?=[ \u3000])|[一二三四五六七八九十]{1,3}(?:、(?![一二三四五六七八九十])|是|要)|\d{1,2}[.．、](?!\d(?![—–-]\d)))\s*"
)


def left_edge(sentence: str, at: int, floor: int) -> int:
    """Where the stretch before ``at`` begins: behind the last hard stop or an open bracket, never before ``floor``.

    Brackets that close before ``at`` are stepped over, so that 执业(助理)医师 stays whole.
    """
    lowest = at - 160 if at - 160 > floor else floor
    if not _BRACKETS.search(sentence, lowest, at):
        # A sentence holds no stops, so these are all the marks there may be.
        edge = lowest
        for mark in "，,：:":
            behind = sentence.rfind(mark, edge, at) + 1
            if behind:
                edge = behind
        return edge
    depth = 0
    position = at
    while position > lowest:
        mark = sentence[position - 1]
        if mark in _CLOSE:
            depth += 1
        elif mark in _OPEN:
            if depth == 0:
                return position
            depth -= 1
        elif mark in HARD and depth == 0:
            return position
        position -= 1
    if depth and lowest > floor:
        return at
    if depth:
        # A closing bracket whose partner lies behind the floor: start behind it.
        closing = max(sentence.rfind(mark, lowest, at) for mark in _CLOSE)
        return closing + 1
    return position


def right_edge(sentence: str, at: int, ceiling: int, through_lists: bool) -> int:
    """Where the stretch behind ``at`` ends: at a hard stop, an unopened closing bracket, or (unless ``through_lists``) at 、."""
    depth = 0
    highest = min(ceiling, at + 120)
    for match in _MARKS.finditer(sentence, at, highest):
        mark = match[0]
        if mark in _OPEN:
            depth += 1
        elif mark in _CLOSE:
            if depth == 0:
                return match.start()
            depth -= 1
        elif depth == 0 and (mark != "、" or not through_lists):
            return match.start()
    return max(at, highest)


_TREND = re.compile(
    r"(?:均|都|总体|整体)?(?:呈现?|保持)[^，,。；、率]{0,8}(?:趋势|态势|势头)$|"
    r"(?:较20\d\d年|比20\d\d年)?(?:实现)?翻[一两]?番$|"
    r"(?:均|都)?(?:不降反升|不升反降|稳中有[升降]|居高不下|(?:实现|迎来)?[“\"]?(?:双(?:下降|降|提升|升|增长)|[^，,。；、率]{1,4}连[丰增降升涨])[”\"]?)$|"
    r"(?:继续)?(?:保持|稳定)(?:在|较高|较低|高位|低位|稳定|合理|良好)*(?:水平|态势|区间)?$|"
    r"(?:仍|还)?(?:将|会)?(?:逐年|逐步|持续|继续|不断|明显|显著|稳步|大幅|进一步|有效|总体)*(?:下降|提高|上升|增长|增加|减少|提升|改善|降低|优化)$"
)


def without_trend(name: str) -> str:
    """A clause's subject without what it says of its course (…例数逐年下降 → …例数)."""
    return polish(_TREND.sub("", name))


def trim_left(text: str) -> str:
    """Fillers at the front of a name gone: conjunctions, years, 力争, 全市."""
    name = text.strip()
    for _ in range(4):
        lead = _LEAD.match(name)
        shorter = name[lead.end() :] if lead else name
        order = _ORDER.match(shorter)
        shorter = shorter[order.end() :] if order else shorter
        if shorter == name or not shorter:
            break
        name = shorter
    return name


OPENED = "“\"'（( "
"""What a value may stand behind at once: no name ends in these."""


def subject(left: str) -> str:
    """The name in the stretch before a value: fillers, verbs and adverbs around it gone."""
    return core(trim_left(left.strip().rstrip(OPENED)))


def core(trimmed: str) -> str:
    """The name in a stretch whose front :func:`trim_left` has tidied."""
    name = trimmed
    for _ in range(3):
        shorter = verbs.without_state(name).rstrip(" 　")
        if shorter == name:
            break
        name = shorter
    return polish(name)


_PAIRED = re.compile(r"[“”（）()「」《》]")
_UNTIDY = re.compile(f'[\\[［〔{SPACES}、，,；;：:。"“”（）()「」《》]')


_DATED = re.compile("(?<![和与及、])[到至]?(?:19|20)[0-9]{2}年[底末]?$")
"""主要造林树种良种使用率到2025年达到75%."""


_FOR_EACH = re.compile("(?<=[准金贴助])每[人户]每?[年月天日]$")
"""基础养老金最低标准每人每月不低于240元."""
_FOOTNOTE = re.compile(r"[\[［〔][0-9]{1,2}[\]］〕]")
"""各级各类学校[2]52.93万所."""


def polish(name: str) -> str:
    """Spaces out, unbalanced quotes and brackets out, a trailing 的 out, and a year that stands before the value."""
    if name[-1:] in "年底末":
        name = _DATED.sub("", name)
    if name[-1:] in "年月天日" and "每" in name[-6:]:
        name = _FOR_EACH.sub("", name)
    if not _UNTIDY.search(name) and name[-1:] != "的":
        return name
    name = squeeze(name).strip("、，,；;：:。 ")
    if "[" in name or name[-1:] in ("］", "〕"):
        name = _FOOTNOTE.sub("", name)
    if _PAIRED.search(name):
        for opening, closing in ("“”", "（）", "()", "「」", "《》"):
            more = name.count(opening) - name.count(closing)
            if more:
                head, _, tail = name.rpartition(opening) if more > 0 else name.partition(closing)
                name = tail if len(tail) > len(head) or not head else head
    return name.removesuffix("的").strip('、，,；;：: "')


def by_population(name: str, told: str) -> str:
    """执业医师 behind 每千人口床位数 (7.42张、…3.86人) is told for as many people; a name with a measure of its own stays."""
    per = _PER_POPULATION.match(told)
    return name if per is None or _MEASURED_BY.search(name) else per[0] + name


_PER_POPULATION = re.compile("每[百千万十]{1,2}(?:名|常住|户籍|服务)?(?:人口|居民|人)(?!员)")
_MEASURED_BY = re.compile("每|人均|平均|均|比|率|数量?(?:为|达)")
