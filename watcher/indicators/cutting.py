"""Cutting a paragraph into the sentences that may hold values: each keeps the years and the sense that govern it."""

from __future__ import annotations

import logging
import re

from watcher.indicators.glance import READ, SAID, TELLING, VALUE
from watcher.indicators.sentence import Sentence
from watcher.indicators.when import Frame, holds_points
from watcher.indicators.years import year_marks
from watcher.lexicon.numbers import DIGITS

LOG = logging.getLogger("watcher.indicators")
MAX_SENTENCE = 4000
"""A longer stretch without a full stop is no prose (a dump, an attack) and is not read."""
MAX_SENTENCES = 50_000
"""So many sentences of one paragraph are looked at; whole plans have about a thousand."""
MAX_INDICATORS = 3000
"""No paragraph holds more, nor more sentences with values, and no document; beyond it something is wrong with the text, and reading stops."""

_STOPS, _CLOSERS = "。；;！!？?\n", '”’"』」）)'
_STOP = re.compile(f"[{_STOPS}][{_STOPS}]*[{_CLOSERS}]?")
"""A sentence ends with 。；！？ or a line. A single class in front is looked for several times faster than a repeated one."""
_LABELLED = re.compile(
    r"[—–\-·•●◆■▪○☆★\s]*(?:[（(]?\d{1,2}[)）.．、]\s*)?(?P<name>[\u4e00-\u9fffA-Za-z3-9][\u4e00-\u9fffA-Za-z0-9（）()、“”/%‰]{3,40})(?P<colon>[：:])"
    r"(?:(?:到|至)20\d\d年[底末]?)?(?:力争|确保|累计|稳定)*"
    r"(?:达到?|(?:提高|提升|增加|增长|上升|下降|降低|减少|缩短|控制|稳定|保持|维持)[到至在]|降[到至]|不低于|不少于|不高于|不超过|突破|超过|(?:由|从)(?:20\d\d年的?)?"
    r"|[≥≤＜＞<>]|(?=[0-9.]+(?:[%‰％]|岁)))\s?[0-9]"
)
_NO_NAME = re.compile("(?:目标|指标|任务|要求|情况|方面|如下|包括|其中|分别|即|标准|现状|基础)$")


_WIDE_DIGITS = re.compile("[０-９]")
_NARROW = str.maketrans("０１２３４５６７８９．／", "0123456789./")
"""Of the same length, so that places stay: years, units and values are looked for in one width."""


_SPACED = re.compile(
    "(?<=[\u4e00-\u9fff，、；：％%‰])[ \u3000\u00a0](?=[0-9<>≤≥＜＞])|(?<=[0-9%％‰])[ \u3000\u00a0](?=[\u4e00-\u9fff%％‰/，。；、])"
)
"""The space that some editors set between figures and words (由 40 元提高到 74 元)."""


def _closed(text: str) -> tuple[str, list[int]]:
    """``(text, places)``: the text without the spaces beside its figures, and where each of its characters (and its end) stood."""
    gone = {match.start() for match in _SPACED.finditer(text)}
    places = [at for at in range(len(text)) if at not in gone]
    return "".join(text[at] for at in places), [*places, len(text)]


def without_colon(sentence: str) -> str:
    """人均预期寿命：达到80岁 as 人均预期寿命 达到80岁, of the same length: behind the colon of a label stands what is said of it."""
    if "：" not in sentence and ":" not in sentence:
        return sentence
    match = _LABELLED.match(sentence)
    if match is None or _NO_NAME.search(match["name"]):
        return sentence
    at = match.start("colon")
    return f"{sentence[:at]} {sentence[at + 1 :]}"


def sentences(text: str, at: int, section: str, frame: Frame, told_at: int) -> list[Sentence]:
    """The sentences of one paragraph that may hold values, for :func:`read`; each keeps what governs it.

    ``at`` is the paragraph's offset in the reading's text; ``frame`` carries years along; ``told_at`` is where
    :data:`watcher.indicators.glance.TELLING` first found something.
    """
    printed, places = text, None
    if _WIDE_DIGITS.search(text):
        text = text.translate(_NARROW)
    if " " in text and _SPACED.search(text):
        text, places = _closed(text)
        telling = TELLING.search(text)
        told_at = telling.start() if telling else len(text)
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
                first = begin if places is None else places[begin]
                shown = stretch if text is printed else printed[first : end if places is None else places[end]]
                told = Sentence(without_colon(stretch), at + first, section, frame.still(), marks, leans, printed=shown)
                if places is not None:
                    told.places = [place - first for place in places[begin : end + 1]]
                found.append(told)
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
