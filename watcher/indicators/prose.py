"""Indicators from running text: sentence by sentence, value by value.

For each quantity that is no date, age or enumeration (:mod:`refuse`) the name is looked for to its left (:mod:`left`:
达到, 为, or directly before it) or behind it (:mod:`right`: 建成17家…, 75%的养老机构…); values that stand together go to
:mod:`lists`. Year and sense come from :mod:`when`; the sentences from :mod:`cutting`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from watcher.indicators import naming, values, verbs, words
from watcher.indicators.cutting import MAX_INDICATORS
from watcher.indicators.glance import TURNS
from watcher.indicators.left import single
from watcher.indicators.lists import SOURCE, dealt_out
from watcher.indicators.refuse import hidden_spans, refused
from watcher.indicators.sentence import Sentence
from watcher.indicators.values import Mention, Value
from watcher.lexicon.units import family
from watcher.types import Indicator, Op

LOG = logging.getLogger("watcher.indicators")
MAX_MENTIONS = 150
"""A sentence with more quantities than this is a table that lost its lines; it is not read."""


_ABOVE = 40
"""So many indicators back reaches 上述."""
_OPENING = 16
"""Where 分别 may speak of what the line before told."""
_PAUSE = re.compile("[，,；;：:、]")
_CONNECT = re.compile(
    r"^[、，,和与及以\s]*(?:每[人户生]?每?[年月天日]?|(?<=[、和与及])(?:在20\d\d年的?基础上)?(?:增长|下降|提高|降低|增加|减少|上升)了?)?$"
)
_RATE_NAMED = re.compile(r"(?:率|比例|比重|占比)(?:为|是|仅|只有|仅为|达|约)?$")
_QUOTED = re.compile(
    r"(?P<verb>达到|控制在|保持在|实现|稳定在)[“\"](?P<inside>[^”\"]{2,60})[”\"](?P<tail>以内|以上|以下|左右|之内)?"
)
_SLOGAN = re.compile(
    r"(?P<name>[一二两三四五六七八九十]个[“\"]?(?P<number>\d{1,3}(?:\.\d+)?[%％])[”\"]?(?:目标|的目标)?)"
)
_TAIL_OP: dict[str, Op] = {"以内": "<=", "之内": "<=", "以下": "<=", "以上": ">=", "左右": "~"}


def read(paragraphs: Sequence[Sequence[Sentence]]) -> list[Indicator]:
    """The indicators of some paragraphs in their order; ends early with more than ``MAX_INDICATORS``.

    One step is done for all sentences before the next step is: its code and tables then stay in the processor's caches, which
    takes a sixth less time than to read sentence by sentence.
    """
    told = [sentence for paragraph in paragraphs for sentence in paragraph]
    everything = [values.mentions(sentence.text) for sentence in told]
    kept = iter([_kept(sentence, mentions) for sentence, mentions in zip(told, everything, strict=True)])
    found: list[Indicator] = []
    since = 0
    for paragraph in paragraphs:
        first = len(found)
        for sentence in paragraph:
            if len(found) > MAX_INDICATORS:
                LOG.warning("too many indicators: the rest is not read")
                return found
            if sentence.leans and len(found) > first:
                sentence.previous = found[since:]
            if "上述" in sentence.text or "分别" in sentence.text[:_OPENING]:
                # 到2030年，分别达到… in a line of its own.
                sentence.above, sentence.told = found[-_ABOVE:], len(found) - since
            _name(sentence, next(kept))
            if sentence.places:
                sentence.settle()
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
        _name_group(s, group, floor, kept[position].start if position < len(kept) else len(s.text))
        floor = group[-1].end


def _name_group(s: Sentence, group: list[Mention], floor: int, ceiling: int) -> None:
    """Names and emits the values of a group (mostly a group of one), as a list or one by one."""
    if len(group) == 1:
        single(s, group[0], floor, ceiling)
    elif not dealt_out(s, group, floor, ceiling):
        for mention, behind in zip(group, [*(one.start for one in group[1:]), ceiling], strict=True):
            single(s, mention, floor, behind)
            floor = mention.end


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
    return not (verbs.ends_in_state(before) or verbs.change(before) or SOURCE.search(before))


def _group(text: str, kept: list[Mention], at: int) -> list[Mention]:
    """The mention at ``at`` and those that follow it with nothing but 、 or 和 between."""
    group = [kept[at]]
    for mention in kept[at + 1 :]:
        between = text[group[-1].end : mention.start]
        if not between or (len(between) > 7 and "基础上" not in between) or not _CONNECT.match(between):
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
