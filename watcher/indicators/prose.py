"""Indicators from running text: sentence by sentence, value by value.

For each quantity that is no date, age or enumeration (:mod:`refuse`) the name is looked for to its left (:mod:`left`:
达到, 为, or directly before it) or behind it (:mod:`right`: 建成17家…, 75%的养老机构…); lists with 分别, 均 and 各 are dealt
out; 由A下降到B gives two; a comparison (较2015年增加6个) belongs to what was named before. Year and sense come from :mod:`when`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from watcher.indicators import naming, values, verbs, words
from watcher.indicators.glance import READ, SAID, TELLING, TURNS, VALUE
from watcher.indicators.left import single
from watcher.indicators.refuse import hidden_spans, refused
from watcher.indicators.related import ABOVE, ADDED, TO
from watcher.indicators.sentence import Sentence, names_nothing
from watcher.indicators.values import Mention, Value
from watcher.indicators.when import Frame, holds_points
from watcher.indicators.years import year_marks
from watcher.lexicon import numbers
from watcher.lexicon.numbers import DIGITS
from watcher.lexicon.units import MAGNITUDES, family
from watcher.types import Indicator, Op

LOG = logging.getLogger("watcher.indicators")
MAX_SENTENCE = 4000
"""A longer stretch without a full stop is no prose (a dump, an attack) and is not read."""
MAX_SENTENCES = 50_000
"""So many sentences of one paragraph are looked at; whole plans have about a thousand."""
MAX_INDICATORS = 3000
"""No paragraph holds more, nor more sentences with values, and no document; beyond it something is wrong with the text, and reading stops."""
MAX_MENTIONS = 150
"""A sentence with more quantities than this is a table that lost its lines; it is not read."""

_STOPS, _CLOSERS = "。；;！!？?\n", '”’"』」）)'
_STOP = re.compile(f"[{_STOPS}][{_STOPS}]*[{_CLOSERS}]?")
"""A sentence ends with 。；！？ or a line. A single class in front is looked for several times faster than a repeated one."""
_PAUSE = re.compile("[，,；;：:、]")
_LABELLED = re.compile(
    r"[—–\-·•●◆■▪○☆★\s]*(?:[（(]?\d{1,2}[)）.．、]\s*)?(?P<name>[\u4e00-\u9fffA-Za-z3-9][\u4e00-\u9fffA-Za-z0-9（）()、“”/%‰]{3,40})(?P<colon>[：:])"
    r"(?:(?:到|至)20\d\d年[底末]?)?(?:力争|确保|累计|稳定)*"
    r"(?:达到?|(?:提高|提升|增加|增长|上升|下降|降低|减少|缩短|控制|稳定|保持|维持)[到至在]|降[到至]|不低于|不少于|不高于|不超过|突破|超过|(?:由|从)(?:20\d\d年的?)?"
    r"|[≥≤＜＞<>]|(?=[0-9.]+(?:[%‰％]|岁)))\s?[0-9]"
)
_NO_NAME = re.compile("(?:目标|指标|任务|要求|情况|方面|如下|包括|其中|分别|即|标准|现状|基础)$")


def without_colon(sentence: str) -> str:
    """人均预期寿命：达到80岁 as 人均预期寿命 达到80岁, of the same length: behind the colon of a label stands what is said of it."""
    if "：" not in sentence and ":" not in sentence:
        return sentence
    match = _LABELLED.match(sentence)
    if match is None or _NO_NAME.search(match["name"]):
        return sentence
    at = match.start("colon")
    return f"{sentence[:at]} {sentence[at + 1 :]}"


_CONNECT = re.compile(
    r"^[、，,和与及以\s]*(?:每[人户生]?每?[年月天日]?|(?<=[、和与及])(?:增长|下降|提高|降低|增加|减少|上升)了?)?$"
)
_RATE_NAMED = re.compile(r"(?:率|比例|比重|占比)(?:为|是|仅|只有|仅为|达|约)?$")
_JOINT_YEARS = re.compile(r"(?:到|至)?(?:20\d\d年?[、和与及])+20\d\d年?[末底]?$")
_BASE = re.compile(r"每[百千万0-9]{1,3}名?(?:常住|户籍)?(?:人口?|居民|老年人|儿童)(?:拥有)?")
_SO_MANY = re.compile(r"([2-9]|[二两三四五六七八九])[个家所][^，,。；、0-9]{1,8}$")
_TOTAL = re.compile(r"总[数量]|总规模|总额")
_QUOTED = re.compile(
    r"(?P<verb>达到|控制在|保持在|实现|稳定在)[“\"](?P<inside>[^”\"]{2,60})[”\"](?P<tail>以内|以上|以下|左右|之内)?"
)
_SLOGAN = re.compile(
    r"(?P<name>[一二两三四五六七八九十]个[“\"]?(?P<number>\d{1,3}(?:\.\d+)?[%％])[”\"]?(?:目标|的目标)?)"
)
_SOURCE = re.compile(r"(?:分别|依次)?(?:由|从)(?:(?:19|20)\d\d\s?年?[末底初]?的?)?$")
_LISTED = re.compile("[、和与及]")
_DEALT = re.compile(r"(?:分别|依次)[^，,。；、]{0,12}$")
_OF_THEN = re.compile("\\s*(?:分别|依次)(?:恢复|相当|是|为)[到至于]?[^，,。；、]{2,10}的$")
"""分别恢复到2019年的64.2%和59.2%: of what was named before."""
_TAIL_OP: dict[str, Op] = {"以内": "<=", "之内": "<=", "以下": "<=", "以上": ">=", "左右": "~"}


def sentences(text: str, at: int, section: str, frame: Frame, told_at: int) -> list[Sentence]:
    """The sentences of one paragraph that may hold values, for :func:`read`; each keeps what governs it.

    ``at`` is the paragraph's offset in the reading's text; ``frame`` carries years along; ``told_at`` is where
    :data:`watcher.indicators.glance.TELLING` first found something.
    """
    found: list[Sentence] = []
    length = len(text)
    # Without a semicolon nothing leans on a sentence that tells no figure, unless it opens a new point.
    alone = "；" not in text and ";" not in text
    plain = alone and not ("\n" in text or "！" in text or "？" in text or "!" in text or "?" in text)
    pointed: bool | None = None
    number = behind = 0
    while behind < length:
        if pointed is None and frame.carried != frame.base:
            pointed = holds_points(text)
        if alone and not pointed and told_at - behind <= MAX_SENTENCE:
            if told_at >= length:
                break
            begin = _opening(text, behind, told_at, plain)
            first = told_at
        else:
            begin = first = behind
        # A plain search is several times faster than a pattern.
        at_stop = text.find("。", first) if plain else first
        stop = _STOP.search(text, at_stop) if at_stop >= 0 else None
        end, behind = stop.span() if stop else (length, length)
        number += 1
        if len(found) > MAX_INDICATORS or number > MAX_SENTENCES:
            LOG.warning("a paragraph with too many sentences: the rest is not read")
            break
        goes_on = not plain and end < length and text[end] in "；;"
        # A clause before a semicolon is judged for its sense even where it tells no figure.
        worth = (told_at < end or goes_on) and begin < end <= begin + MAX_SENTENCE
        figure = told_at < end and text[told_at] in DIGITS
        if not worth or not (figure or READ.search(text, begin, end)):
            if begin < end:
                frame.pass_over(text[begin : begin + 12], goes_on)
        else:
            stretch = text[begin:end]
            frame.begin(stretch)
            marks = year_marks(stretch, frame.times)
            if figure or VALUE.search(stretch) or SAID.search(stretch):
                leans = text[begin - 1] in "；;"
                found.append(
                    Sentence(without_colon(stretch), at + begin, section, frame.still(), marks, leans, printed=stretch)
                )
            if marks:
                frame.carry(stretch, marks, goes_on)
            frame.lean(stretch, marks, goes_on)
        if told_at < behind:
            telling = TELLING.search(text, behind)
            told_at = telling.start() if telling else length
    return found


def _opening(text: str, begin: int, at: int, plain: bool) -> int:
    """Where the sentence around ``at`` begins, at ``begin`` or behind the last stop before it; ``plain`` where every stop is a full one."""
    last = text.rfind("。", begin, at)
    if plain:
        stop = _STOP.match(text, last, at) if last >= 0 else None
        return stop.end() if stop else begin
    for stop in _STOP.finditer(text, max(last, begin), at):
        begin = stop.end()
    return begin


# --- one sentence ----------------------------------------------------------------------------------------------------


def read(paragraphs: Sequence[Sequence[Sentence]]) -> list[Indicator]:
    """The indicators of some paragraphs in their order; ends early with more than ``MAX_INDICATORS``.

    One step is done for all sentences before the next step is: its code and tables then stay in the processor's caches, which
    takes a sixth less time than to read sentence by sentence.
    """
    told = [sentence for paragraph in paragraphs for sentence in paragraph]
    everything = [values.mentions(sentence.text) for sentence in told]
    kept = iter([_kept(sentence, mentions) for sentence, mentions in zip(told, everything, strict=True)])
    found: list[Indicator] = []
    for paragraph in paragraphs:
        first = since = len(found)
        for sentence in paragraph:
            if len(found) > MAX_INDICATORS:
                LOG.warning("too many indicators: the rest is not read")
                return found
            if sentence.leans and len(found) > first:
                sentence.previous = found[since:]
            _name(sentence, next(kept))
            if sentence.said or sentence.found:
                since = len(found)
            found += sentence.said
            found += sentence.found
    return found


def _kept(s: Sentence, everything: list[Mention]) -> list[Mention]:
    """The quantities of a sentence that may be an indicator's; what it tells in words or by a slogan it has already."""
    if TURNS.search(s.text):
        _in_words(s)
    if not everything or len(everything) > MAX_MENTIONS:
        return []
    hidden = hidden_spans(s.text)
    slogans = None
    if "个" in s.text and ("%" in s.text or "％" in s.text):
        slogans = {match.start("number"): match for match in _SLOGAN.finditer(s.text)}
    kept: list[Mention] = []
    for mention in everything:
        if slogans and mention.number_start in slogans:
            s.emit(slogans[mention.number_start]["name"], mention, mention.value)
        elif not refused(s.text, mention, hidden):
            kept.append(mention)
    if len(kept) > 1:
        kept = [
            one
            for one, following in zip(kept, (*kept[1:], None), strict=True)
            if not _inside_name(s.text, one, following)
        ]
    return kept


def _name(s: Sentence, kept: list[Mention]) -> None:
    """Names the quantities of a sentence, one group after the other."""
    done = _quoted(s, kept)
    position, floor = 0, 0
    while position < len(kept):
        if position in done:
            floor = kept[position].end
            position += 1
            continue
        group = _group(s.text, kept, position)
        position += len(group)
        _group_of(s, group, floor, kept[position].start if position < len(kept) else len(s.text))
        floor = group[-1].end


def _in_words(s: Sentence) -> None:
    """Statements in words become indicators of op ``text``; what they say comes after the figures of the sentence."""
    for statement in words.statements(s.text):
        value = Value("text", None, "", statement.words)
        place = Mention(value, statement.start, statement.end, statement.start)
        for name in statement.names:
            s.emit(name, place, value)
    if s.found:
        s.said, s.found = s.found, []


def _inside_name(text: str, mention: Mention, following: Mention | None) -> bool:
    """A quantity that opens the name of the next value (65-74岁老年人失能发生率下降至15%, 120电话10秒内接听比例达到95%)."""
    if following is None or not 2 <= following.start - mention.end <= 50:
        return False
    if family(mention.value.unit) in ("ratio", "points"):
        return False
    if family(following.value.unit) not in ("ratio", "points", "minutes"):
        return False
    between = text[mention.end : following.start]
    if between[0] in "。)）" or _PAUSE.search(between):
        return False
    if following.start == following.number_start and not verbs.ends_in_state(between):
        # …，836个基层党组织达标率100%; 400毫升献血比例为71.5%
        return bool(_RATE_NAMED.search(between)) and text[mention.start - 1 : mention.start] in (
            "",
            "，",
            ",",
            "。",
            "；",
        )
    before = text[max(0, mention.start - 12) : mention.start]
    return not (verbs.ends_in_state(before) or verbs.change(before) or _SOURCE.search(before))


def _group(text: str, kept: list[Mention], at: int) -> list[Mention]:
    """The mention at ``at`` and those that follow it with nothing but 、 or 和 between."""
    group = [kept[at]]
    for mention in kept[at + 1 :]:
        between = text[group[-1].end : mention.start]
        if not between or len(between) > 7 or not _CONNECT.match(between):
            break
        alike = mention.value.unit == group[-1].value.unit and mention.start == mention.number_start
        if ("，" in between or "," in between) and not alike:
            break
        group.append(mention)
    return group


def _quoted(s: Sentence, kept: list[Mention]) -> set[int]:
    """控制在“城区9分钟、乡镇15分钟”以内: one name, a qualifier and a value for each part of the quotation."""
    done: set[int] = set()
    if "“" not in s.text and '"' not in s.text:
        return done
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
            value = mention.value._replace(op=op) if mention.value.number is not None else mention.value
            s.emit(f"{base}({qualifier})" if qualifier else base, mention, value)
            cursor = mention.end
            done.add(n)
    return done


def _group_of(s: Sentence, group: list[Mention], floor: int, ceiling: int) -> None:
    """Names and emits one group of values (mostly a group of one)."""
    first, last = group[0], group[-1]
    if len(group) == 1:
        single(s, last, floor, ceiling)
        return
    left = s.text[naming.left_edge(s.text, first.start, floor) : first.start]
    if _pairs(s, group, left, floor, ceiling) or _held_against(s, group, left):
        return
    together = s.frame.joint_here and len(s.frame.joint) == len(group) and verbs.ends_in_state(left)
    # 年均增长10%左右、突破3000亿元 is no list.
    grown = verbs.change(left) and len({family(mention.value.unit) for mention in group if mention.value.unit}) < 2
    if together or _bounded_list(s, group) or _DEALT.search(left) or grown or _told_apart(group, left):
        _dealt(s, group, left, floor)
        return
    for n, mention in enumerate(group):
        begin = floor if n == 0 else group[n - 1].end
        single(s, mention, begin, group[n + 1].start if n + 1 < len(group) else ceiling)


def _told_apart(group: list[Mention], left: str) -> bool:
    """城镇和农村居民收入完成29092元、17191元: as many names as values of one unit, though no 分别 says so."""
    if len({mention.value.unit for mention in group}) > 1:
        return False
    name = naming.subject(left)
    # 存贷款余额达到831.8亿元、406.7亿元
    return naming.is_two(name) if len(group) == 2 and not _LISTED.search(left) else naming.parallel(name, len(group))


def _pairs(s: Sentence, group: list[Mention], left: str, floor: int, ceiling: int) -> bool:
    """分别由a、b、c下降至x、y、z: the list of older values, or the list of newer ones behind it."""
    older = s.found[-len(group) :]
    if len(older) == len(group) and older[-1].end == s.at + floor and all(item.role == "baseline" for item in older):
        if not TO.match(s.text[floor : group[0].start]):
            return False
        for item, mention in zip(older, group, strict=True):
            s.emit(item.name, mention, mention.value)
        return True
    source = _SOURCE.search(left)
    if source is None or ceiling >= len(s.text) or not TO.match(s.text[group[-1].end : ceiling]):
        return False
    names = naming.parts(naming.subject(left[: source.start()]), len(group))
    if len(names) != len(group):
        return False
    for name, mention in zip(names, group, strict=True):
        s.emit(name, mention, mention.value, "baseline")
    return True


def _held_against(s: Sentence, group: list[Mention], left: str) -> bool:
    """分别上涨3.7%和2.2%，低于平均涨幅1.0个百分点和0.2个百分点: a difference for each of what was named before."""
    unit = group[-1].value.unit
    # 0.41张、0.38张，分别低于全省平均水平0.12张、0.17张: in the unit of what is compared, too.
    if len(s.found) < len(group) or not (
        family(unit) == "points" or all(item.unit == unit for item in s.found[-len(group) :])
    ):
        return False
    level = ABOVE.search(left)
    if level is None or naming.subject(left[: level.start()]):
        return False
    for item, mention in zip(s.found[-len(group) :], group, strict=True):
        s.emit(item.name, mention, mention.value, s.difference(mention))
    return True


def _bounded_list(s: Sentence, group: list[Mention]) -> bool:
    """超过70%和90%, to which two years told together belong."""
    return s.frame.joint_here and len(s.frame.joint) == len(group) and group[0].start < group[0].number_start


def _dealt(s: Sentence, group: list[Mention], left: str, floor: int) -> None:
    """分别达到A和B: as many names as values, from the words before or from the values named last; or as many years."""
    change = verbs.change(left)
    if change:
        whole = naming.subject(left[: change.start()])
        stem = _without_years(whole)
    else:
        dealt = _DEALT.search(left)
        then = _OF_THEN.match(left) is not None
        stem = "" if then else naming.subject(left[: dealt.start()] if dealt and dealt.start() else left)
        if len(stem) > 5:
            stem = stem.removesuffix("完成")
        whole, stem = stem, _without_years(stem)
        if not stem and dealt and not then:
            # 2024年、2025年分别完成投资62亿元和71亿元
            behind = naming.subject(left[dealt.start() + 2 :])
            stem = "" if verbs.is_action(behind) else behind
    count = len(group)
    names = naming.parts(stem, count) if stem else []
    if len(names) != count and (members := _SO_MANY.search(stem)) and numbers.number(members[1]) == str(count):
        # 浓度最高的3个城市分别为94、84和81微克/立方米
        names = [stem] * count
    elif len(names) != count and _BASE.fullmatch(stem) and len(s.found) >= count:
        # 医师1186人、护士1327人，每千常住人口分别为2.31人、2.59人
        names = [stem + item.name for item in s.found[-count:]]
    years: list[int | None] = [None] * count
    joint = s.frame.joint if len(s.frame.joint) == count else ()
    if joint and stem and (len(names) != count or stem != whole or (s.frame.joint_here and not _LISTED.search(stem))):
        names = [stem] * count
        years = list(joint)
    if stem and len(names) != count and not joint and len(s.frame.years) == count:
        # …2025年…，2030年…。装机分别达到160万千瓦、200万千瓦: the years of the sentence before.
        names, years = [stem] * count, list(s.frame.years)
    earlier = [item for item in s.found if item.role != "change"]
    nameless = not stem or names_nothing(stem)
    last = s.found[-1] if s.found else None
    if joint and nameless and last is not None and last.end == s.at + floor:
        # 由目前的50%分别提升至60%和70%, 由10.5克分别下降10%和15%: one name for the years told together.
        names, years, nameless = [last.name] * count, list(joint), False
    if (len(names) != count or nameless) and len(earlier) >= count and (change is not None or nameless):
        total = stem if _TOTAL.fullmatch(stem) else ""
        names = [item.name + total for item in earlier[-count:]]
    if nameless and (told := _clause_before(s, left, group[0].start, floor, count)):
        names = told
    if len(names) != count and stem and len(s.found) >= count:
        names = naming.in_turn(stem, [item.name for item in s.found[-count:]])
    if len(names) != count:
        LOG.debug("unequal lists with 分别, given up: %s", s.text)
        return
    units = group[-1].value.unit
    grows = change is not None and change["verb"] not in ADDED
    for name, mention, year in zip(names, group, years, strict=True):
        value = mention.value
        if units and (not value.unit or (value.unit in MAGNITUDES and units.startswith(value.unit))):
            # 6360.6亿、2004.4亿元
            value = value._replace(unit=units)
        if value.op == "=":
            value = value._replace(op=_shared_op(group))
        role = s.difference(mention) if grows else None
        # As of a single value: a planned growth is an indicator of its own.
        suffix = change["verb"] if change and role == "target" and family(value.unit) in ("ratio", "points") else ""
        s.emit(name if name.endswith(suffix) else name + suffix, mention, value, role, own_year=year)


def _without_years(stem: str) -> str:
    """过早死亡率 of 过早死亡率2020年和2025年, where 分别 follows."""
    joint_years = _JOINT_YEARS.search(stem)
    return naming.polish(stem[: joint_years.start()]) if joint_years else stem


def _clause_before(s: Sentence, left: str, at: int, floor: int, count: int) -> list[str]:
    """事故起数和死亡人数双下降，分别较2015年下降62.4%和48.7%: the names that the clause before the comma lists; ``[]`` for none."""
    edge = at - len(left)
    if edge <= floor or s.text[edge - 1] not in "，,":
        return []
    clause = s.text[naming.left_edge(s.text, edge - 1, floor) : edge - 1]
    names = naming.parts(naming.without_trend(naming.subject(clause)), count) if _LISTED.search(clause) else []
    return names if len(names) == count else []


def _shared_op(group: list[Mention]) -> Op:
    """The operator of a list: 以上 behind its last value or 不低于 before its first speaks for all."""
    first, last = group[0], group[-1]
    if last.value.text.endswith(("以上", "以下", "以内", "之内", "左右")) and last.value.op != "text":
        return last.value.op
    return first.value.op if first.start < first.number_start and first.value.op != "text" else "="
