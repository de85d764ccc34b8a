"""Indicators from running text: sentence by sentence, value by value.

For each quantity that is no date, age or enumeration (:mod:`refuse`) the name is looked for to its left (达到, 为, or
directly before it) or to its right (建成17家…, 75%的养老机构…); lists with 分别, 均 and 各 are dealt out; 由A下降到B gives two;
a comparison (较2015年增加6个) belongs to what was named before. Year and sense come from :mod:`when`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from watcher.indicators import naming, values, words
from watcher.indicators.keys import key_for
from watcher.indicators.refuse import hidden_spans, refused
from watcher.indicators.values import Mention, Value
from watcher.indicators.when import Frame, Year, YearMark, year_marks
from watcher.lexicon.units import comparable, family
from watcher.types import Indicator, Op, Role

LOG = logging.getLogger("watcher.indicators")
MAX_SENTENCE = 4000
"""A longer stretch without a full stop is no prose (a dump, an attack) and is not read."""
MAX_SENTENCES = 50_000
"""So many sentences of one paragraph are looked at; whole plans have about a thousand."""
MAX_INDICATORS = 3000
"""No paragraph or document holds more; beyond it something is wrong with the text, and reading stops."""
MAX_MENTIONS = 150
"""A sentence with more quantities than this is a table that lost its lines; it is not read."""

_STOP = re.compile(r"[。；;！!？?\n]+[”’\"』」）)]?")
_QUICK = re.compile(
    r"[0-9０-９]|分之|成(?:以上|以下|左右|的|，|。|；)|至少一|不少于[一二两三四五六七八九十]|配[备置][一二两]|以上"
)
_CONNECT = re.compile(r"^[、，,和与及以\s]*$")
_FROM = re.compile(
    r"(?:由|从)(?:(?:原来|过去|之前|上年|基期|[“\"]?十[二三四]五[”\"]?[初期末]*)?(?:20\d\d\s?年?(?:[末底初])?)?)(?:的|每[人户生名]每?[年月天日]?|每[年月])*$"
)
_TO = re.compile(
    r"^[^，,。；]{0,14}?(?:提高|提升|上升|增长|增加|扩大|拓展|扩展|下降|降低|降|减少|缩短|压缩|增|升|调整|延长|改善|发展)[^，,。；]{0,4}?(?:到|至|为)[^，,。；]{0,14}$"
)
_QUOTED = re.compile(
    r"(?P<verb>达到|控制在|保持在|实现|稳定在)[“\"](?P<inside>[^”\"]{2,60})[”\"](?P<tail>以内|以上|以下|左右|之内)?"
)
_SLOGAN = re.compile(
    r"(?P<name>[一二两三四五六七八九十]个[“\"]?(?P<number>\d{1,3}(?:\.\d+)?[%％])[”\"]?(?:目标|的目标)?)"
)
_PER_BEFORE = re.compile(
    r"(?:达到了?|达|为|是|不低于|实现|超过|拥有)?(?P<per>每(?:百|千|万|十万|\d+万?)(?:名|个|户)?(?:常住|户籍)?(?:人口|老年人口?|老年人|儿童|人|居民|学生)?(?:拥有)?)$"
)
_FAR = re.compile(
    r"(?P<op>不低于|不少于|不得低于|不超过|不高于|不得超过|超过|高于|低于|至少占|应占|要占|占到|约占|达到|占)(?P<whole>[^，,。；占]{1,30}?)的$"
)
_SHARE = re.compile(r"(?P<head>.*?)(?:仅|约|应|均|已|就|即|各)?占(?:到了?|全部|据)?(?P<whole>[^，,。；]{0,30}?)的?$")
_STATE_IN = re.compile(
    r"达到|达|提高到|提高至|下降到|下降至|降至|增至|控制在|保持在|不低于|不少于|不超过|超过|为|由|从|≥|≤|增长|在"
)
_SHORT_TAIL = re.compile(r"(?P<op>以上|以下|以内|左右)")
_EACH = re.compile(r"(?:均|都|各|全部)[^，,。；、]{0,6}$")
_DEALT = re.compile(r"(?:分别|依次)[^，,。；、]{0,12}$")
_RESULT = re.compile(r"^(?:达到|建成|具有|设立|设置|开展|能够|实现|完成|建立|开设|装备|提供|达|为)")
_UNKNOWN = re.compile(
    r"^(?:年|每年|月|全年|当年|两年|三年|年均|平均|按可比价格计算|按可比口径|同口径|剔除.{0,14}后|总数|总量|人数|数量|总计|其中|分别|比例|占比|比重|增长|增幅|增速|人口|规模)?$"
)
_ABOVE = re.compile(
    r"(?<!不)(?:高于|低于|高出|好于|快于|领先)[^，,。；0-9]{0,8}(?:全国|全省|全区|全市|平均|水平|同期|自治区)[^，,。；0-9]{0,6}$"
)
_ADDED = ("新增", "净增", "增")
_FAR_OP = {
    "不低于": ">=",
    "不少于": ">=",
    "不得低于": ">=",
    "至少占": ">=",
    "不超过": "<=",
    "不高于": "<=",
    "不得超过": "<=",
    "超过": ">",
    "高于": ">",
    "低于": "<",
    "约占": "~",
}
_TAIL_OP = {"以内": "<=", "之内": "<=", "以下": "<=", "以上": ">=", "左右": "~"}


@dataclass(slots=True)
class _Sentence:
    """One sentence while it is read."""

    text: str
    at: int
    """Offset in the reading's text."""
    section: str
    frame: Frame
    marks: list[YearMark]
    found: list[Indicator] = field(default_factory=list)
    said: list[Indicator] = field(default_factory=list)
    """Statements in words: kept apart, so that no comparison leans on them."""
    previous: str = ""
    """The name told last before a semicolon, for 到2030年稳定在98%以上."""
    subject: str = ""
    """Who the last right-hand share spoke of (乡镇卫生院 in 95%的乡镇卫生院达到…)."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence (ended by 。；！？ or a line), its stop left out."""
    begin = 0
    for stop in _STOP.finditer(text):
        if stop.start() > begin:
            yield begin, stop.start()
        begin = stop.end()
    if begin < len(text):
        yield begin, len(text)


def extract(text: str, at: int, section: str, frame: Frame) -> list[Indicator]:
    """The indicators of one paragraph. ``at`` is its offset in the reading's text; ``frame`` carries years along."""
    found: list[Indicator] = []
    for number, (begin, end) in enumerate(sentences(text)):
        if len(found) > MAX_INDICATORS or number > MAX_SENTENCES:
            LOG.warning("a paragraph with too many sentences or indicators: the rest is not read")
            break
        stretch = text[begin:end]
        if len(stretch) > MAX_SENTENCE or not (_QUICK.search(stretch) or words.QUICK.search(stretch)):
            frame.begin(stretch[:12])
            continue
        frame.begin(stretch)
        marks = year_marks(stretch, frame.times)
        previous = found[-1].name if found and text[begin - 1] in "；;" else ""
        sentence = _Sentence(stretch, at + begin, section, frame, marks, previous=previous)
        _read(sentence)
        found += sentence.said + sentence.found
        frame.carry(marks)
    return found


# --- one sentence ----------------------------------------------------------------------------------------------------


def _read(s: _Sentence) -> None:
    _in_words(s)
    hidden = hidden_spans(s.text)
    everything = values.mentions(s.text)
    if not everything or len(everything) > MAX_MENTIONS:
        return
    slogans = {match.start("number"): match for match in _SLOGAN.finditer(s.text)}
    kept: list[Mention] = []
    for mention in everything:
        if mention.number_start in slogans:
            match = slogans[mention.number_start]
            _emit(s, match["name"], mention, mention.value, None)
            continue
        if not refused(s.text, mention, hidden):
            kept.append(mention)
    kept = [
        mention
        for n, mention in enumerate(kept)
        if not _inside_name(s.text, mention, kept[n + 1] if n + 1 < len(kept) else None)
    ]
    done = _quoted(s, kept)
    position, floor = 0, 0
    while position < len(kept):
        if position in done:
            floor = kept[position].end
            position += 1
            continue
        group = _group(s.text, kept, position)
        _group_of(
            s, group, floor, kept[position + len(group)].start if position + len(group) < len(kept) else len(s.text)
        )
        floor = group[-1].end
        position += len(group)


def _in_words(s: _Sentence) -> None:
    """Statements in words become indicators of op ``text``; what they say comes after the figures of the sentence."""
    said = list(words.statements(s.text))
    for statement in said:
        value = Value("text", None, "", statement.words)
        place = Mention(value, statement.start, statement.end, statement.start)
        for name in statement.names:
            _emit(s, name, place, value, None)
    s.said, s.found = s.found, []


def _inside_name(text: str, mention: Mention, following: Mention | None) -> bool:
    """A quantity that opens the name of the next value (65-74岁老年人失能发生率下降至15%, 120电话10秒内接听比例达到95%)."""
    if following is None or family(mention.value.unit) in ("ratio", "points"):
        return False
    before = text[max(0, mention.start - 12) : mention.start]
    if naming.STRONG_STATE.search(before) or naming.CHANGE.search(before):
        return False
    between = text[mention.end : following.start]
    if not 2 <= len(between) <= 50 or any(mark in "，,；;：:、" for mark in between):
        return False
    return (
        bool(naming.STRONG_STATE.search(between))
        and family(following.value.unit) in ("ratio", "points", "minutes")
        and not re.match(r"^[，。、)）]", between)
    )


def _group(text: str, kept: list[Mention], at: int) -> list[Mention]:
    """The mention at ``at`` and those that follow it with nothing but 、 or 和 between."""
    group = [kept[at]]
    for mention in kept[at + 1 :]:
        between = text[group[-1].end : mention.start]
        if not between or len(between) > 4 or not _CONNECT.match(between):
            break
        group.append(mention)
    return group


def _quoted(s: _Sentence, kept: list[Mention]) -> set[int]:
    """控制在“城区9分钟、乡镇15分钟”以内: one name, a qualifier and a value for each part of the quotation."""
    done: set[int] = set()
    for match in _QUOTED.finditer(s.text):
        inside = [n for n, mention in enumerate(kept) if match.start("inside") <= mention.start < match.end("inside")]
        if not inside:
            continue
        base = naming.subject(s.text[naming.left_edge(s.text, match.start(), 0) : match.start()])
        if not base:
            continue
        cursor = match.start("inside")
        for n in inside:
            mention = kept[n]
            qualifier = naming.polish(s.text[cursor : mention.start])
            op = _TAIL_OP.get(match["tail"] or "", "<=" if match["verb"] == "控制在" else mention.value.op)
            value = replace(mention.value, op=op) if mention.value.number is not None else mention.value  # type: ignore[arg-type]
            _emit(s, f"{base}({qualifier})" if qualifier else base, mention, value, None)
            cursor = mention.end
            done.add(n)
    return done


def _group_of(s: _Sentence, group: list[Mention], floor: int, ceiling: int) -> None:
    """Names and emits one group of values (mostly a group of one)."""
    first, last = group[0], group[-1]
    edge = naming.left_edge(s.text, first.start, floor)
    left = s.text[edge : first.start]
    if len(group) > 1 and not (_DEALT.search(left) or naming.CHANGE.search(left)):
        for n, mention in enumerate(group):
            begin = floor if n == 0 else group[n - 1].end
            _single(s, mention, begin, group[n + 1].start if n + 1 < len(group) else ceiling)
        return
    if len(group) > 1:
        _dealt(s, group, edge, left)
        return
    _single(s, last, floor, ceiling)


def _dealt(s: _Sentence, group: list[Mention], edge: int, left: str) -> None:
    """分别达到A和B: as many names as values, from the words before or from the values named last."""
    change = naming.CHANGE.search(left)
    stem = naming.subject(left[: change.start()] if change else left)
    count = len(group)
    names = naming.parts(stem, count) if stem else []
    earlier = [item for item in s.found if item.role != "change"]
    if (len(names) != count or _UNKNOWN.match(stem)) and len(earlier) >= count and (change is not None or not stem):
        names = [item.name for item in earlier[-count:]]
    if len(names) != count:
        LOG.debug("unequal lists with 分别, given up: %s", s.text)
        return
    units = group[-1].value.unit
    for name, mention in zip(names, group, strict=True):
        value = mention.value
        if not value.unit and units:
            value = replace(value, unit=units)
        if value.op == "=":
            value = replace(value, op=_shared_op(group))
        _emit(s, name, mention, value, _change_role(s, mention, change is not None and change["verb"] not in _ADDED))


def _shared_op(group: list[Mention]) -> Op:
    """The operator of a list: 以上 behind its last value or 不低于 before its first speaks for all."""
    first, last = group[0], group[-1]
    if re.search(r"(?:以上|以下|以内|之内|左右)$", last.value.text) and last.value.op != "text":
        return last.value.op
    return first.value.op if first.start < first.number_start and first.value.op != "text" else "="


def _single(s: _Sentence, mention: Mention, floor: int, ceiling: int) -> None:
    text = s.text
    edge = naming.left_edge(text, mention.start, floor)
    left = text[edge : mention.start]
    value = mention.value
    behind = text[mention.end : mention.end + 40]
    stops_here = _stops(behind)

    arrow = _FROM.search(left)
    if arrow:
        stem = naming.subject(left[: arrow.start()])
        if not stem:
            stem = _before_comma(s, edge, floor)
        following = text[mention.end : ceiling]
        if stem and _TO.match(following) and ceiling < len(text):
            s.subject = stem
            _emit(s, stem, mention, value, "baseline")
            return
    if (
        floor
        and s.found
        and s.found[-1].role == "baseline"
        and s.found[-1].end == s.at + floor
        and _TO.match(text[floor : mention.start])
    ):
        _emit(s, s.found[-1].name, mention, value, None)
        return

    change = naming.CHANGE.search(left)
    if change and not naming.STRONG_STATE.search(left) and not _growth_bound(left, mention):
        stem = naming.subject(left[: change.start()])
        verb = change["verb"]
        compared = bool(change["than"])
        if not compared and verb in _ADDED:
            change = None
        elif _stops(behind):
            if compared or not stem or _UNKNOWN.match(stem):
                stem = stem if stem and not _UNKNOWN.match(stem) else _last_name(s)
            if stem:
                names = naming.every(stem) if _EACH.search(left) else naming.parts(stem)
                growth = family(value.unit) in ("ratio", "points")
                for name in names:
                    role = _change_role(s, mention, True)
                    _emit(
                        s,
                        name if role == "change" or not growth or not compared else f"{name}{verb}",
                        mention,
                        value,
                        role,
                        verb if growth and role != "change" else "",
                    )
                return
        elif compared and _last_name(s):
            _emit(s, _last_name(s), mention, value, _change_role(s, mention, True))
            return

    above = _ABOVE.search(left) if stops_here else None
    if above:
        stem = naming.subject(left[: above.start()])
        stem = stem if stem and not _UNKNOWN.match(stem) else _last_name(s)
        if stem:
            _emit(s, f"{stem}{above[0]}", mention, value, _change_role(s, mention, True))
            return

    far = _FAR.search(left)
    if far and family(value.unit) == "ratio" and not re.search(r"^(?:按|根据)", naming.trim_left(left)):
        stem = naming.subject(left[: far.start()])
        if not stem or _UNKNOWN.match(stem):
            stem = _last_name(s)
        if value.op == "=" and far["op"] in _FAR_OP:
            value = replace(value, op=_FAR_OP[far["op"]])  # type: ignore[arg-type]
        if stem:
            _emit(s, f"{stem}占{naming.polish(far['whole'])}的比例", mention, value, None)
            return
    if re.search(r"占(?:到|比)?(?:了|约|仅)?\s*$", left) and family(value.unit) == "ratio":
        stem = naming.subject(re.sub(r"占(?:到|比)?(?:了|约|仅)?\s*$", "", left))
        stem = stem if stem and not _UNKNOWN.match(stem) else _last_name(s)
        if stem:
            _emit(s, f"{stem}占比", mention, value, None)
            return

    times = re.search(r"(?:是|为|相当于|达到?)[^，,。；]{1,16}的$", left) if value.unit == "倍" else None
    if times:
        stem = naming.subject(left[: times.start()])
        stem = stem if stem and not _UNKNOWN.match(stem) else _last_name(s)
        if stem:
            _emit(s, stem, mention, value, None)
            return

    if value.op == "=" and left.rstrip().endswith("控制在"):
        value = replace(value, op="<=")
    stops = _stops(behind)
    strong = bool(naming.STRONG_STATE.search(left)) or (stops and _before_operator(value, left))
    per = _PER_BEFORE.search(left)
    if per and stops:
        stem = naming.subject(left[: per.start()])
        if stem:
            _emit(s, f"{per['per']}{stem}", mention, value, None)
            return
    stem = naming.subject(left)
    if stops and stem in ("", "人", "年") and re.search(r"(?:人均|户均|年均)$", left.strip()) and _last_name(s):
        _emit(s, f"{left.strip()[-2:]}{_last_name(s)}", mention, value, None)
        return
    if (strong or stops) and stem and not naming.ENDS_IN_ACTION.fullmatch(stem) and not _only_action(left):
        _left_named(s, stem, left, mention, value)
        return
    if value.number == "0" and not value.unit and stem and (nothing := re.match(r"报告|发生|死亡|感染|发病", behind)):
        _emit(s, f"{stem}{nothing[0]}", mention, value, None)
        return
    if (strong or left.rstrip().endswith("保持")) and not stem:
        before = _before_comma(s, edge, floor)
        if before and stops:
            _left_named(s, before, left, mention, value)
            return
    if strong and stops and not stem:
        if re.search(r"20\d\d\s?年", left) and (_last_name(s) or s.previous):
            _emit(s, _last_name(s) or s.previous, mention, value, None)
        return
    _right_named(s, mention, value, left, ceiling)


def _growth_bound(left: str, mention: Mention) -> bool:
    """总支出年增长不超过10%: the growth is the name, a bound follows."""
    return (
        mention.start < mention.number_start
        and re.search(r"(?<!每)年均?增长(?:率|速度|幅度)?(?:原则上|一般)?$", left) is not None
    )


def _only_action(left: str) -> bool:
    """The words before a value are a verb that wants an object behind it (建成17家…)."""
    return bool(re.fullmatch(naming.ENDS_IN_ACTION.pattern.removesuffix("|^$"), naming.trim_left(left).strip()))


def _before_operator(value: Value, left: str) -> bool:
    """A bound before the number (不少于, ≥) says that the name stands to the left, unless an action verb asks for an object."""
    if value.op not in (">=", "<=", ">", "<") or re.match(r"[0-9０-９一二三四五六七八九十]", value.text):
        return False
    return not naming.ENDS_IN_ACTION.search(naming.trim_left(left).strip())


_END = re.compile(
    r"[\s]*(?:$|[，,。；;、)）”\"'（(：:！!—-]|床[，,。；;、)）]|(?:和|与|及|以及|之间|目标|的目标|的水平|水平|并|且|其中|用于|而|人均))"
)


def _stops(behind: str) -> bool:
    """Whether nothing that could be a name follows the value."""
    return _END.match(behind) is not None


def _last_name(s: _Sentence) -> str:
    """The name a comparison or a share falls back on: that of the value before."""
    return s.found[-1].name if s.found else ""


def _before_comma(s: _Sentence, edge: int, floor: int) -> str:
    """The name in the clause before the comma, where the clause of the value has none of its own."""
    if edge <= floor or s.text[edge - 1 : edge] not in "，,":
        return ""
    start = naming.left_edge(s.text, edge - 1, floor)
    name = naming.subject(s.text[start : edge - 1])
    name = naming.without_trend(name)
    return name if 2 <= len(name) <= 30 and re.search(r"[率数量比重]$", name) else ""


def _left_named(s: _Sentence, stem: str, left: str, mention: Mention, value: Value) -> None:
    if stem.startswith("占") and s.found:
        stem = f"{_last_name(s)}{stem}"
    names = naming.every(stem) if _EACH.search(left) else naming.parts(stem)
    if len(names) == 1:
        names = [_with_base(s, names[0], left, mention)]
    for name in names:
        _emit(s, name, mention, value, None)


def _with_base(s: _Sentence, name: str, left: str, mention: Mention) -> str:
    """每千人口医师数2.29名、注册护士数2.37名: a base that a list states once is given to its next member."""
    if not left.lstrip().startswith(("、", "和", "与", "及")) or not s.found or "每" in name or naming.is_rate(name):
        return name
    last = s.found[-1]
    base = re.match(r"(每(?:百|千|万|十万|\d+万?)名?(?:常住|户籍)?(?:人口?|居民)(?:拥有)?)", last.name)
    return f"{base[1]}{name}" if base and last.unit == mention.value.unit and last.end <= s.at + mention.start else name


def _right_named(s: _Sentence, mention: Mention, value: Value, left: str, ceiling: int) -> None:
    text = s.text
    share = family(value.unit) == "ratio" or "/" in value.text or "分之" in value.text
    begin = mention.end
    if not share and text[begin : begin + 1] in "、和与及，,":
        return
    following = _following(text, begin, ceiling, share)
    name = naming.polish(re.sub(r"^(?:及以上|以上|左右|的|多|余)+", "", following.strip()))
    if len(name) < 2:
        return
    stem = naming.subject(left)
    if naming.ENDS_IN_ACTION.search(naming.trim_left(left).strip()) and not left.rstrip().endswith("的"):
        stem = ""
    name = _share_name(s, mention, name, left, stem) if share else _count_name(mention, name, left, stem)
    _emit(s, name, mention, value, None)
    if not share and _is_built(s, mention, left) and s.found:
        s.found[-1] = replace(s.found[-1], key=None)


_CUT = re.compile(r"的(?:标准|比率|比例|要求)|表示|从|进行培育")
_CUT_BEFORE_VALUE = re.compile(
    r"累计|共计|共|建成|新建|引进|培养|招聘|选派|派出|培训|救治|新增|创建|配[备置]|设[置立]|投入|完成|组建|开展|达到|集中"
)
_BEARER = re.compile(
    r"[\u4e00-\u9fff（）()]{0,10}(?:卫生院|服务中心|服务站|卫生室|医院|机构|学校|幼儿园|中小学|社区|行政村|乡镇|街道|企业|园区|公园|车站|县区|旗县|建筑|小区|养老院|福利院|教师|学生)"
)
_PER_HEAD = re.compile(
    r"(每(?:百|千|万|十万|\d+万?)(?:名|个)?(?:常住|户籍)?(?:人口|老年人口?|居民|儿童|学生|人)(?:至少)?)[^，,。；]{0,6}$"
)
_PLACE = re.compile(r"^[\u4e00-\u9fff、和]{1,24}[市县区旗州盟镇]$")
_KEEP_VERB = re.compile(r"(引进|培养|招聘|培训|选派|派出|新增|救治)$")
_URGED = re.compile(r"^(?:向|鼓励|支持|推动|引导|指导|组织|帮助|促进)+")
_TASK_VERB = re.compile(r"^(?:加强|推进|推动|支持|鼓励|引导|完善|深化|提升|强化|实施|开展|加快|促进|按照.{0,12})+")


def _following(text: str, begin: int, ceiling: int, share: bool) -> str:
    """The words behind a value that can be its name: up to a hard stop, the next member of a list, or the next value."""
    end = naming.right_edge(text, begin, len(text), through_lists=True)
    following = text[begin:end]
    member = re.search(r"[、和与及]\s?[0-9０-９]", following)
    if member:
        following = following[: member.start()]
    elif (
        not share
        and "、" in following
        and len(following.partition("、")[0]) >= 4
        and "的" not in following.rpartition("、")[2]
    ):
        following = following[: following.index("、")]
    if ceiling < begin + len(following):
        if ceiling - begin <= 1:
            # 6类10项技术: both counts name what follows the second.
            end = naming.right_edge(text, begin, len(text), through_lists=False)
            return re.sub(r"^\s*[0-9０-９][^\u4e00-\u9fff]*[\u4e00-\u9fff]\s?", "", text[begin:end])
        following = following[: ceiling - begin]
        verb = _CUT_BEFORE_VALUE.search(following, 2)
        following = following[: verb.start()] if verb else following
    bracket = re.search(r"[（(](?:其中|[^（()）]{0,12}[0-9０-９]|[^（()）]{14,}[)）]$)", following)
    if bracket and bracket.start() >= 2:
        following = following[: bracket.start()]
    cut = None if share else _CUT.search(following, 3)
    return (following[: cut.start()] if cut else following)[:70]


def _share_name(s: _Sentence, mention: Mention, name: str, left: str, stem: str) -> str:
    """The name of a share whose bearer or predicate stands behind it."""
    basis = re.match(r"^.{0,12}?按照?(?P<whole>[^，,。；]{2,20})的$", left.strip())
    if basis:
        thing = re.sub(r"^(?:设[置立]|配[备置]|建设|安排)", "", name)
        return f"{thing}占{naming.polish(basis['whole'])}的比例"
    if name.startswith("为") and len(name) > 3:
        return f"{name[1:]}占比"
    if stem and len(stem) >= 3 and not _UNKNOWN.match(stem) and not left.rstrip().endswith(("的", "对", "将")):
        s.subject = stem
        return f"{stem}{name}"
    if _RESULT.match(name):
        return f"{s.subject or _share_subject(s, mention)}{name}"
    s.subject = _who(name)
    return name


def _count_name(mention: Mention, name: str, left: str, stem: str) -> str:
    """The name of a count whose noun stands behind it; a base (每万名人口) or a place before it belongs to it."""
    name = re.sub(r"^为(?=.{3})", "", name)
    per = _PER_HEAD.search(left)
    if per and "每" not in name:
        return f"{per[1].removesuffix('至少')}{name}"
    if stem and (_PLACE.match(stem) or mention.start < mention.number_start) and len(stem) <= 30:
        return f"{stem}{name}"
    bare = naming.trim_left(left).strip()
    if bare.endswith("的") and 4 <= len(bare) <= 30:
        return f"{naming.polish(_URGED.sub('', bare))}的{name}"
    verb = _KEEP_VERB.search(bare)
    return f"{verb[1]}{name}" if verb else name


def _is_built(s: _Sentence, mention: Mention, left: str) -> bool:
    """新建10个社区卫生服务中心 is a task of so many, not the number there shall be."""
    sense, _ = s.frame.judge(s.text, mention.start, s.marks)
    return sense == "target" and naming.ENDS_IN_ACTION.search(naming.trim_left(left).strip()) is not None


def _who(name: str) -> str:
    """The bearer of a share: the words before the verb (乡镇卫生院 in 乡镇卫生院达到…)."""
    cut = re.search(r"达到|建成|具有|设立|设置|开展|能够|实现|完成|建立|开设|装备|提供|配备|与|为|实行", name)
    return name[: cut.start()] if cut and cut.start() >= 2 else name


def _share_subject(s: _Sentence, mention: Mention) -> str:
    """The bearer of a share that names none (至少达到国家基本标准，其中10%达到推荐标准): from at most four clauses before."""
    end = mention.start
    for _ in range(4):
        before = s.text[:end].rstrip("，,、 其中")
        start = naming.left_edge(s.text, len(before), 0)
        clause = naming.trim_left(before[start:])
        who = re.sub(r"^(?:所有|全部)|至少$", "", _who(clause))
        if clause and not re.search(r"[0-9０-９]", who) and who != clause and 2 <= len(who) <= 40:
            return who
        bearer = _BEARER.search(clause)
        if bearer:
            return _TASK_VERB.sub("", bearer[0])
        if start == 0:
            break
        end = start
    return ""


def _change_role(s: _Sentence, mention: Mention, is_change: bool) -> Role | None:
    """A difference or growth that was reported is a change; a planned one is a target."""
    if not is_change:
        return None
    sense, _ = s.frame.judge(s.text, mention.start, s.marks)
    return "change" if sense == "actual" else "target"


def _emit(s: _Sentence, name: str, mention: Mention, value: Value, role: Role | None, suffix: str = "") -> None:
    """Adds one indicator to the sentence's finds, with year, role, key and evidence."""
    cleaned = naming.polish(name)
    if suffix and not cleaned.endswith(suffix):
        cleaned += suffix
    if len(cleaned) < 2 or not re.search(r"[\u4e00-\u9fff]", cleaned):
        return
    sense, year = s.frame.judge(s.text, mention.start, s.marks)
    settled: Role = role or sense
    if role == "baseline":
        source = [mark for mark in s.marks if mark.source and mark.end <= mention.start]
        year = source[-1].year if source else year
    lead = len(s.text) - len(s.text.lstrip(" \t\u3000"))
    quote = s.text[lead:].rstrip()
    s.found.append(
        Indicator(
            name=cleaned, key=key_for(cleaned, value.unit, settled), unit=value.unit, year=_year(year), role=settled, op=value.op,
            value=value.number, text=value.text, nature=None, origin="prose", section=s.section, quote=quote,
            start=s.at + mention.start, end=s.at + mention.end,
        )
    )  # fmt: skip


def _year(year: Year) -> Year:
    """A period of one year is that year."""
    if isinstance(year, str):
        first, _, last = year.partition("-")
        return int(first) if first == last else year
    return year


__all__ = ["comparable", "extract", "sentences"]
