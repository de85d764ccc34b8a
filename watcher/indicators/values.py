"""Values as they are printed: numbers, units, operators before and after, ranges, fractions, words.

Two doors. :func:`cell` reads the whole of a table cell. :func:`mentions` finds the quantities in running text; what they
belong to is not decided here. Everything runs in time linear in the text: one pass of simple patterns, windows of
bounded length around each number.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from watcher.lexicon import numbers
from watcher.lexicon.units import MAGNITUDES, PER, UNITS, family, is_unit
from watcher.types import Op

_SPACES = " \t\u00a0\u3000"
_SP = f"[{_SPACES}]{{0,2}}"
_DIGIT = "0-9０-９"
_NUM = rf"[{_DIGIT}]{{1,3}}+(?:[,，][{_DIGIT}]{{3}}){{1,4}}(?![{_DIGIT}，,][{_DIGIT}])(?![{_DIGIT}])(?:[.．][{_DIGIT}]{{1,8}})?|(?<![{_DIGIT}.．年])[0-9]{{1,3}}+(?:[ \u00a0\u2009\u202f][0-9]{{3}})+(?![0-9])(?=[ \u00a0]?[\u4e00-\u9fff%‰])|[0-9] (?<![{_DIGIT}.．][0-9] )[0-9](?:[.．][0-9]{{1,2}})?(?=[ \u00a0]?[%％‰])|[{_DIGIT}]+(?:[.．][{_DIGIT}]+)?"
_WORDS = [unit for unit in UNITS if unit not in ("%", "‰") and not unit.startswith("/")]


def _longest_of(words: Iterable[str]) -> str:
    """A pattern for the longest of the words that stands at a place, by their first characters: two hundred words are few steps."""
    tails: dict[str, list[str]] = defaultdict(list)
    for word in words:
        tails[word[0]].append(word[1:])
    single = "".join(re.escape(head) for head, rests in tails.items() if rests == [""])
    branches = [f"[{single}]"] * bool(single)
    for head, rests in tails.items():
        if rests != [""]:
            longer = _longest_of(rest for rest in rests if rest)
            branches.append(f"{re.escape(head)}(?:{longer}){'?' * ('' in rests)}")
    return "|".join(branches)


_MAG = _longest_of(MAGNITUDES)
_UNIT = _longest_of(_WORDS)
_PER = _longest_of(PER)
_RATE = rf"(?:[/／]{_SP}(?:{_PER})(?:[/／](?:{_PER}))?)?"
UNIT_PATTERN = rf"(?:[%％‰]|[/／]{_SP}(?:10{{0,5}}{_SP}万|1000|十万|百万|万)(?:人口|人|剂次|活产)?|(?:{_MAG})?(?:{_UNIT}){_RATE}|(?:{_MAG})(?![{_DIGIT}]))"
_AFTER = r"及以上|以上|及以下|以下|以内|之内|左右|上下"
_DASHES = "-—–－―~～〜至到"
_DASH = f"[{_DASHES}]{{1,2}}"

_BEFORE_OP: dict[str, Op] = {}
for _op, _names in {
    ">=": "不低于 不少于 不小于 不宜低于 不宜少于 不宜小于 不应低于 不应少于 不应小于 不得低于 不得少于 不得小于 至少 最少 最低 ≥ ≧ 大于等于 大于或等于 >= 达到或超过 高于或等于",
    ">": "超过 高于 大于 多于 突破 逾 超 > ＞",
    "<=": "不超过 不高于 不多于 不大于 不宜超过 不宜高于 不宜大于 不应超过 不应高于 不应大于 不得超过 不得高于 不得大于 不得多于 至多 最多 ≤ ≦ 小于等于 小于或等于 <= 控制在 前",
    "<": "低于 小于 少于 < ＜ 不足 不到 不及",
    "~": "约 约有 大约 约为 约占 接近 近 将近 达到约",
}.items():
    for _name in _names.split():
        _BEFORE_OP[_name] = _op  # type: ignore[assignment]
_AFTER_OP: dict[str, Op] = {
    "及以上": ">=", "以上": ">=", "及以下": "<=", "以下": "<=", "以内": "<=", "之内": "<=", "左右": "~", "上下": "~",
}  # fmt: skip
_BEFORE = re.compile(
    # 前270位 and 约40万 are bounds; 目前的385立方米, 年底前 and 签约36万人 are not.
    "("
    + "|".join(
        re.escape(word) for word in sorted(_BEFORE_OP, key=len, reverse=True) if word not in ("前", "约", "约有", "超")
    )
    + rf"|(?<![彩商])超|(?:(?<![签节预合公条契制履邀违大])|(?<=折合))约有?|(?<![目之以年日底])前(?!的))(?:在|到|至|的)?{_SP}$"
)

_OPS_BY_LAST = {
    last: tuple(word for word in _BEFORE_OP if word[-1] == last) for last in {word[-1] for word in _BEFORE_OP}
}
_LINKS = ("在", "到", "至", "的")
_OP_ENDS = frozenset((*_OPS_BY_LAST, *_LINKS, *_SPACES))
_ANY_SPACE = re.compile(r"\s")
_LONGEST_UNIT = 30
"""Characters that a unit with its magnitude, its rate and spaces around it may take."""
_CHINESE_COUNT = r"[一二两三四五六七八九十百千]{1,6}"
_MENTION = re.compile(
    # The look-aheads let almost every character fail at once, and spare what cannot follow: they halve the time.
    rf"(?=[{_DIGIT}一二两三四五六七八九十百千万])(?:(?![{_DIGIT}])(?:"
    rf"(?P<pct>(?P<pn>百|千|万|十万)分之(?P<pv>[{numbers.NUMERALS}点]{{1,12}}|{_NUM}))"
    rf"|(?P<frac>(?P<fd>[一二三四五六七八九十]{{1,3}})分之(?P<fn>[一二三四五六七八九十]{{1,3}}))"
    rf"|(?P<cheng>(?<![一二三四五六七八九十])(?P<cv>[一二两三四五六七八九])成(?P<half>[半一二三四五六七八九])?(?=以上|以下|以内|之内|左右|上下|[的，。；、,;提增上扩下降减缩多余]|$|(?<=[，,；;中].成)(?![员熟立果本])[\u4e00-\u9fff]|(?<=[近超约逾过足].成)[\u4e00-\u9fff]))"
    rf"|(?P<cn>(?P<cnum>{_CHINESE_COUNT})(?P<cunit>{UNIT_PATTERN}))"
    rf")|(?=[{_DIGIT}.．]{{1,5}}[/／:：∶︰])(?:"
    rf"(?P<ratio>(?<![{_DIGIT}./／])[1-9][{_DIGIT}]?[/／][1-9][{_DIGIT}]?(?=以上|以下|左右|[的，。；、]|$)(?!万))"
    rf"|(?P<prop>(?<![{_DIGIT}:：∶︰.])[{_DIGIT}]{{1,2}}(?:[.．][{_DIGIT}]{{1,2}})?[:：∶︰][{_DIGIT}]{{1,2}}(?:[.．][{_DIGIT}]{{1,2}})?(?:[:：∶︰][{_DIGIT}]{{1,2}}(?:[.．][{_DIGIT}]{{1,2}})?)?(?![{_DIGIT}:：∶︰]))"
    rf")|(?P<base>(?=1[0万千])1(?P<bn>0万|万|千)分之(?P<bv>{_NUM}))"
    rf"|(?P<num>{_NUM})"
    rf"(?:(?=[^{_DASHES}]{{0,{_LONGEST_UNIT}}}+[{_DASHES}])(?P<u1>{_SP}{UNIT_PATTERN})?{_SP}{_DASH}{_SP}(?P<hi>{_NUM}))?"
    rf"(?P<more>[余多](?=[万亿]|[千百]?(?:{_UNIT})))?"
    rf"(?P<unit>{_SP}{UNIT_PATTERN})?"
    rf"(?:[余多](?P<more2>{_UNIT})|(?P<more3>[余多])(?=[^少数样元种类方年项渠面维]|$))?)"
)
_TO_LEVEL = re.compile(rf"(?:{_NUM}){_SP}(?P<unit>{UNIT_PATTERN}){_SP}[至到]")
_PARTS = tuple(map(_MENTION.groupindex.__getitem__, ("num", "unit", "u1", "hi", "more", "more2", "more3")))
"""What a number with a unit is made of; by their numbers groups are had in half the time."""
_MINUS_BEHIND = ("长", "率", "速", "为", "和", "到", "至", "是", "降", "幅", "、")
"""Behind these a stroke is a minus (增长-6.3%), elsewhere it joins."""
_PER_BEFORE = re.compile("每[人户生名床](?:每[年月天日])?$|每[年月天日]$")
"""不低于每人每年60元: for whom and how often stands between the bound and its figure."""
_PER_ENDS = tuple("人户生名床年月天日")
_CALENDAR = re.compile(r"(?:19|20)[0-9]{2}年")
_TAIL = re.compile(rf"{_SP}(?:{_AFTER})")
_TAIL_STARTS = '及以之左上” ’"』」\t\u00a0\u3000'
_TAIL_QUOTED = re.compile(rf"[”’\"』」]{_SP}(?:{_AFTER})")


class Value(NamedTuple):
    """A printed value. ``number`` is ``None`` for words and ranges, then ``op`` is ``text``."""

    op: Op
    number: str | None
    unit: str
    """As printed, without spaces."""
    text: str
    """As printed: operator that touches, number, unit, operator behind."""
    low: str | None = None
    """Lower end of a range."""
    high: str | None = None
    """Upper end of a range."""


class Mention(NamedTuple):
    """A quantity in running text: the value and where it stands (``start`` to ``end`` covers ``value.text``)."""

    value: Value
    start: int
    end: int
    number_start: int
    """Where the digits begin (behind an operator)."""
    chinese: bool = False
    """The number was printed as a Chinese numeral with a measure word."""


@lru_cache(maxsize=1024)
def _unit(text: str | None) -> str:
    """A unit as printed, spaces removed; full-width signs as ASCII."""
    return _ANY_SPACE.sub("", text or "").replace("％", "%").replace("／", "/")


def _operator_before(text: str, at: int, floor: int) -> tuple[Op | None, int]:
    """The operator word that ends at ``at`` and where it begins; ``(None, at)`` when there is none."""
    if at <= floor or text[at - 1] not in _OP_ENDS:
        return None, at
    window = text[max(floor, at - 8) : at]
    words = window.rstrip(_SPACES)
    ending = words[-1:]
    if not words.endswith(_OPS_BY_LAST.get(ending, ())):
        words = words[:-1] if ending in _LINKS else ""
        if not words.endswith(_OPS_BY_LAST.get(words[-1:], ())):
            return None, at
    found = _BEFORE.search(window)
    if not found:
        return None, at
    return _BEFORE_OP[found[1]], at - (len(window) - found.start())


def mentions(text: str, floor: int = 0, ceiling: int | None = None) -> list[Mention]:
    """All quantities of ``text[floor:ceiling]`` in order, with offsets into ``text``.

    Numbers without a unit are returned too (unit ``""``); list numbers and the like are the reader's to refuse. A calendar
    year (2025年) is none.
    """
    end_of_text = len(text) if ceiling is None else ceiling
    found: list[Mention] = []
    previous = floor
    for match in _MENTION.finditer(text, floor, end_of_text):
        if match["unit"] == "年" and _CALENDAR.fullmatch(text, match.start(), match.end()):
            previous = match.end()
            continue
        mention = _mention(text, match, previous, end_of_text)
        if mention is None and match["hi"] and (apart := _TO_LEVEL.match(text, match.start(), match.end())):
            # 下降6.3%至8126元 is no range; 100万元至5亿元 is one, of two units, and not read.
            if family(_unit(apart["unit"])) == family(_unit(match["unit"])):
                continue
            found += mentions(text, match.start(), apart.end() - 1)
            match_of_level = _MENTION.match(text, apart.end(), end_of_text)
            match, previous = match_of_level or match, apart.end()
            mention = _mention(text, match, previous, end_of_text) if match_of_level else None
        if mention is not None:
            if found and found[-1].end == mention.start and (span := _from_to(text, found[-1], mention)):
                found[-1] = span
            else:
                found.append(mention)
            previous = mention.end
    return found


def _from_to(text: str, low: Mention, high: Mention) -> Mention | None:
    """一万元以上三万元以下: the least and the most of a fine are one value, as laws print it."""
    first, last = low.value, high.value
    if first.op != ">=" or last.op != "<=" or family(first.unit) != family(last.unit) or family(last.unit) != "money":
        return None
    unit = last.unit if first.unit == last.unit else ""
    printed = text[low.start : high.end]
    return Mention(Value("text", None, unit, printed, first.number, last.number), low.start, high.end, low.number_start)


def _mention(text: str, match: re.Match[str], floor: int, ceiling: int) -> Mention | None:
    start, end = match.span()
    low = high = None
    chinese = False
    digits, own, first, upper, more, more_of, over = match.group(*_PARTS)
    if digits is not None:
        size, unit = numbers.arabic(digits), _unit(own) + (more_of or "")
        if upper is not None:
            if first and unit and _unit(first)[-1:] != unit[-1:] and not unit.startswith(_unit(first)):
                return None
            low, high, size = size, numbers.arabic(upper), None
            if low is None or high is None or float(low) > float(high):
                return None
    elif match["prop"]:
        tail = _TAIL.match(text, end, min(ceiling, end + 6))
        end = tail.end() if tail else end
        return Mention(Value("text", None, "", text[start:end]), start, end, start)
    else:
        size, unit = _in_characters(match)
        chinese = match["cn"] is not None
    if size is None and low is None:
        return None
    if (
        size
        and digits
        and text[start - 1 : start] in ("-", "－", "−")
        and text[max(0, start - 2) : start - 1] in _MINUS_BEHIND
    ):
        size, start = f"-{size}", start - 1
    op: Op = "=" if low is None else "text"
    if low is None and digits is not None and (more or more_of or over):
        op = ">"
    if match["cheng"] and text[end : end + 1] in ("多", "余"):
        op, end = ">", end + 1
    before, begin = _operator_before(text, start, floor)
    if before and text.startswith(("最低的", "最少的", "最多的"), begin):
        # 浓度最低的3个城市 are three.
        before, begin = None, start
    if (
        not before
        and text[start - 1 : start] in _PER_ENDS
        and (per := _PER_BEFORE.search(text, max(floor, start - 8), start))
    ):
        before, begin = _operator_before(text, per.start(), floor)
        begin = begin if before else start
    if before and op == "=":
        op = before
    behind = text[end : end + 1]
    if behind and behind in _TAIL_STARTS:
        tail = _TAIL.match(text, end, min(ceiling, end + 6))
        quoted = None if tail else _TAIL_QUOTED.match(text, end, min(ceiling, end + 7))
        if tail or quoted:
            word = (tail or quoted)[0].strip('”’"』」 \t\u00a0\u3000')  # type: ignore[index]
            if tail:
                end = tail.end()
            if op != "text":
                op = _AFTER_OP[word]
    return Mention(Value(op, size, unit, text[begin:end], low, high), begin, end, start, chinese)


def _tenth(half: str | None) -> str:
    """The second digit of 七成, 七成半, 六成五 in per cent."""
    return "0" if half is None else "5" if half == "半" else str(numbers.chinese(half))


def _in_characters(match: re.Match[str]) -> tuple[str | None, str]:
    """Size and unit of 百分之五, 三分之二, 七成, 1/3, 六种."""
    if match["pct"]:
        return numbers.number(match["pv"]), {"百": "%", "千": "‰", "万": "/万", "十万": "/10万"}[match["pn"]]
    if match["base"]:
        return numbers.number(match["bv"]), {"千": "‰", "万": "/万", "0万": "/10万"}[match["bn"]]
    if match["frac"]:
        return numbers.fraction(match["fn"], match["fd"]), ""
    if match["cheng"]:
        return f"{numbers.chinese(match['cv'])}{_tenth(match['half'])}", "%"
    if match["ratio"]:
        upper, _, lower = match["ratio"].replace("／", "/").partition("/")
        return numbers.fraction(upper, lower), ""
    size = numbers.chinese(match["cnum"])
    return None if size is None else str(size), _unit(match["cunit"])


# --- table cells -----------------------------------------------------------------------------------------------------

_CELL = re.compile(
    rf"^(?:五年累计|累计|年均)?[\[〔【(（［]?{_SP}(?:(?:提[高升]|增[加长]|[上提]升|下降|降低?|减少|压[减缩]|缩[短小]|扩大)[到至]|(?:稳定|保持|维持)在?)?{_SP}(?P<op>≥|≧|>=|≤|≦|<=|[<>＜＞=＝]|不低于|不少于|不小于|至少|不超过|不高于|不多于|不大于|超过|高于|大于|多于|低于|小于|少于|控制在|达到|达|约|前)?"
    rf"{_SP}(?P<num>[-+－]?(?:{_NUM}))(?P<more>余|多|\+)?{_SP}(?P<unit>{UNIT_PATTERN}|人口)?{_SP}(?P<tail>{_AFTER})?{_SP}[\]〕】)）］]?(?:[（(](?:20[0-9]{{2}}年?[底末]?|[^（()）0-9]{{1,12}})[)）])?[*＊#※①②③]*$"
)
_MEASURED_CELL = re.compile(
    rf"(?P<op>[≥≤<>＜＞]|不[低高]于|不少于|不超过|达到)?(?P<num>{_NUM})(?P<unit>[^{_DASHES}0-9\s][^{_DASHES}\s]{{1,11}}?)(?P<tail>{_AFTER})?"
)
"""A figure in any unit of the lexicon, of two measures, too (5批次/千人)."""
_PLAIN_NUMBER = re.compile(r"([≥≤]?)([0-9]{1,9}(?:\.[0-9]{1,8})?)")
_CELL_RANGE = re.compile(
    rf"^{_SP}(?P<lo>{_NUM}){_SP}(?P<u1>{UNIT_PATTERN})?{_SP}{_DASH}{_SP}(?P<hi>{_NUM}){_SP}(?P<unit>{UNIT_PATTERN})?(?:之间)?$"
)
_RATIO_CELL = re.compile(rf"^1{_SP}[:：∶]{_SP}(?:{_NUM})$")
_CELL_OP: dict[str, Op] = {**_BEFORE_OP, "达到": "=", "达": "="}
_NOTHING = re.compile(r"^[-—–－―─/／\\＼\s]+$")


def is_blank_mark(text: str) -> bool:
    """Whether a cell prints "no value" (--, —, /) rather than nothing at all."""
    return bool(text) and _NOTHING.match(text) is not None


def cell(text: str) -> Value | None:
    """``read_cell``, with short cells remembered: figures of two or three digits, units and dashes stand in every table."""
    return _known_cell(text) if len(text) <= _CACHED else read_cell(text)


def read_cell(text: str) -> Value | None:
    """The value of a whole table cell; ``None`` for an empty cell.

    A number with operator and unit is read as such; footnote stars and cumulative brackets (``[20]``) are allowed; a
    range, a ratio (1:1.2) and everything else is op ``text`` with the words as printed.
    """
    printed = text.strip()
    if not printed:
        return None
    if plain := _PLAIN_NUMBER.fullmatch(printed):
        sign, number = plain.groups()
        return Value(_CELL_OP[sign] if sign else "=", number, "", printed)
    return _cell(printed)


_CACHED = 12
_known_cell = lru_cache(maxsize=4096)(read_cell)


def _cell(printed: str) -> Value:
    match = _CELL.match(printed) if len(printed) <= 48 else None
    if match:
        sign = "-" if match["num"][0] in "-－" else ""
        size = numbers.arabic(match["num"].lstrip("-+－"))
        if size is not None:
            op: Op = _CELL_OP.get(match["op"] or "", "=")
            if match["more"] and op == "=":
                op = ">"
            if match["tail"]:
                op = _AFTER_OP[match["tail"]]
            return Value(op, sign + size, _unit(match["unit"]), printed)
    measured = _MEASURED_CELL.fullmatch(printed) if len(printed) <= 48 else None
    if measured and is_unit(measured["unit"]) and (size := numbers.arabic(measured["num"])) is not None:
        op = _AFTER_OP[measured["tail"]] if measured["tail"] else _CELL_OP.get(measured["op"] or "", "=")
        return Value(op, size, _unit(measured["unit"]), printed)
    span = _CELL_RANGE.match(printed) if len(printed) <= 48 else None
    if span and not _RATIO_CELL.match(printed):
        low, high = numbers.arabic(span["lo"]), numbers.arabic(span["hi"])
        return Value("text", None, _unit(span["unit"] or span["u1"]), printed, low, high)
    return Value("text", None, "", printed)


_NAME_UNIT = re.compile(r"[(（\[［〔【]([^()（）\[\]［］〔〕【】]{1,20})[)）\]］〕】]?\s*$")


_COUNTED_PER = re.compile(r"[数量][（(]每[^）)]{1,8}[）)]$")
"""全科医生数（每万人口） counts doctors, 孕产妇死亡率（每10万） does not."""


def split_unit(name: str) -> tuple[str, str]:
    """A printed name without its unit bracket, and the unit: ``婴儿死亡率(‰)`` → (婴儿死亡率, ‰); the bracket may have lost its end.

    A bracket that holds no unit stays in the name (``执业(助理)``).
    """
    match = _NAME_UNIT.search(name)
    if match:
        inside = re.sub(r"^(?:单位)[:：]?|^[,，]", "", match[1].strip())
        if (
            inside in ("%", "％", "‰")
            or (is_unit(inside) and inside != "单位" and not _COUNTED_PER.search(name, 0, match.end()))
            or inside in ("1/10万", "/10万", "1/十万", "g")
        ):
            return name[: match.start()].strip(), _unit(inside)
    return name.strip(), ""
