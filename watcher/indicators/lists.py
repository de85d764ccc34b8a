"""Values that stand together: lists dealt out by 分别, 依次 or as many years, pairs of lists, or one value after the other."""

from __future__ import annotations

import logging
import re

from watcher.indicators import joint, naming, verbs
from watcher.indicators.related import ABOVE, ADDED, PAST_GOAL, TO
from watcher.indicators.sentence import Sentence, names_nothing
from watcher.indicators.values import Mention
from watcher.lexicon import numbers
from watcher.lexicon.units import MAGNITUDES, comparable, family
from watcher.types import Op

LOG = logging.getLogger("watcher.indicators")

_JOINT_YEARS = re.compile(r"(?:到|至)?(?:20\d\d年?[、和与及])+20\d\d年?[末底]?$")
_BASE = re.compile(r"每[百千万0-9]{1,3}名?(?:常住|户籍)?(?:人口?|居民|老年人|儿童)(?:拥有)?")
_SO_MANY = re.compile(r"([2-9]|[二两三四五六七八九])[个家所][^，,。；、0-9]{1,8}$")
_MEAN = re.compile(r"[年月日]?[人户村校生床]均?|平均")
_REACHED = re.compile(r"(?:惠及|覆盖|发放|受益)$")
_TOTAL = re.compile(r"总[数量]|总规模|总额")
SOURCE = re.compile(
    r"(?:分别|依次)?(?:由|从)(?:(?:19|20)\d\d\s?年?[末底初]?|[“\"]?十[一二三四五]五[”\"]?(?:期末|初期|末期|时期|期间|初|末)?|目前|当前|原来|(?:上年|去年)(?:同期|末)?)?的?(?:每[人户生名]每?[年月天日]?)?$"
)
"""分别由, 从2020年的: behind it stand the older values."""
_PACE = ("增速", "增幅", "涨幅", "降幅")
"""…进出口分别为A、B和C，增速分别为…"""
_EVERYWHERE = ("全国", "全省", "全市", "全区", "全县", "全州", "全盟", "全旗", "我省", "我市", "我区", "我县")
_NEAR = 12
"""So many indicators back a list may name in short what it speaks of."""
_LISTED = re.compile("[、和与及]")
_DEALT = re.compile(r"(?:分别|依次)[^，,。；、]{0,12}$")
_THOSE = re.compile("(?:上述|以上|前述)(?:各项|各|主要|几项)?(?:指标|目标|数值|比例)值?")
_OF_THEN = re.compile("\\s*(?:分别|依次)(?:恢复|相当|是|为|完成|占)[到至于]?[^，,。；、]{2,10}的$")
"""分别恢复到2019年的64.2%和59.2%: of what was named before."""


def dealt_out(s: Sentence, group: list[Mention], floor: int, ceiling: int) -> bool:
    """Names and emits the values of a group as one list; ``False`` where each of them has to be named by itself.

    ``floor`` is where the value before the group ends, ``ceiling`` where the next one behind it begins.
    """
    left = s.text[naming.left_edge(s.text, group[0].start, floor) : group[0].start]
    if _pairs(s, group, left, floor, ceiling) or _held_against(s, group, left):
        return True
    alike = len({mention.value.unit for mention in group}) == 1
    together = s.frame.joint_here and len(s.frame.joint) == len(group) and (alike or verbs.ends_in_state(left))
    # 年均增长10%左右、突破3000亿元 is no list.
    grown = verbs.change(left) and len({family(mention.value.unit) for mention in group if mention.value.unit}) < 2
    if together or _bounded_list(s, group) or _DEALT.search(left) or grown or _told_apart(group, left):
        _deal(s, group, left, floor)
        return True
    return False


def _told_apart(group: list[Mention], left: str) -> bool:
    """城镇和农村居民收入完成29092元、17191元: as many names as values of one unit, though no 分别 says so."""
    if len({mention.value.unit for mention in group}) > 1:
        return False
    name = naming.subject(left)
    # 存贷款余额达到831.8亿元、406.7亿元
    return joint.is_two(name) if len(group) == 2 and not _LISTED.search(left) else joint.parallel(name, len(group))


def _pairs(s: Sentence, group: list[Mention], left: str, floor: int, ceiling: int) -> bool:
    """分别由a、b、c下降至x、y、z: the list of older values, or the list of newer ones behind it."""
    older = s.found[-len(group) :]
    if len(older) == len(group) and older[-1].end == s.at + floor and all(item.role == "baseline" for item in older):
        if not TO.match(s.text[floor : group[0].start]):
            return False
        for item, mention in zip(older, group, strict=True):
            s.emit(item.name, mention, mention.value)
        return True
    source = SOURCE.search(left)
    if source is None or ceiling >= len(s.text) or not TO.match(s.text[group[-1].end : ceiling]):
        return False
    names = joint.parts(naming.subject(left[: source.start()]), len(group))
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
    level = ABOVE.search(left) or PAST_GOAL.search(left)
    if level is None or naming.subject(left[: level.start()]):
        return False
    for item, mention in zip(s.found[-len(group) :], group, strict=True):
        s.emit(item.name, mention, mention.value, s.difference(mention))
    return True


def _bounded_list(s: Sentence, group: list[Mention]) -> bool:
    """超过70%和90%, to which two years told together belong."""
    return s.frame.joint_here and len(s.frame.joint) == len(group) and group[0].start < group[0].number_start


def _deal(s: Sentence, group: list[Mention], left: str, floor: int) -> None:
    """分别达到A和B: as many names as values, from the words before or from the values named last; or as many years."""
    change = verbs.change(left)
    names, years = _bearers(s, group, left, floor, change)
    if len(names) != len(group):
        LOG.debug("unequal lists with 分别, given up: %s", s.text)
        return
    units = group[-1].value.unit
    grows = change["verb"] not in ADDED if change else names[0].endswith(_PACE)
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


def _bearers(
    s: Sentence, group: list[Mention], left: str, floor: int, change: re.Match[str] | None
) -> tuple[list[str], list[int | None]]:
    """Whose the values of a list are, and of which years where the list tells them; not as many names where nobody can say."""
    whole, stem = _stem(left, change)
    count = len(group)
    names = joint.parts(stem, count) if stem else []
    if len(names) != count and (members := _SO_MANY.search(stem)) and numbers.number(members[1]) == str(count):
        # 浓度最高的3个城市分别为94、84和81微克/立方米
        names = [stem] * count
    elif len(names) != count and _BASE.fullmatch(stem) and len(s.found) >= count:
        # 医师1186人、护士1327人，每千常住人口分别为2.31人、2.59人
        names = [stem + item.name for item in s.found[-count:]]
    years: list[int | None] = [None] * count
    together = s.frame.joint if len(s.frame.joint) == count else ()
    apart = len(names) == count and stem == whole
    if together and stem and (not apart or (s.frame.joint_here and not _LISTED.search(stem))):
        names, years = [stem] * count, list(together)
    if stem and len(names) != count and not together and len(s.frame.years) == count:
        # …2025年…，2030年…。装机分别达到160万千瓦、200万千瓦: the years of the sentence before.
        names, years = [stem] * count, list(s.frame.years)
    if stem and len(names) != count and len(counted := s.counted(stem)) == count:
        names = counted
    nameless = not stem or names_nothing(stem)
    last = s.found[-1] if s.found else None
    if together and nameless and last is not None and last.end == s.at + floor:
        # 由目前的50%分别提升至60%和70%, 由10.5克分别下降10%和15%: one name for the years told together.
        names, years, nameless = [last.name] * count, list(together), False
    if together and nameless and not s.found and s.previous:
        # 2025年，布雷图指数控制在10以下；2026年、2027年分别控制在8以下和5以下
        names, years, nameless = [s.previous[-1].name] * count, list(together), False
    earlier = [item for item in s.found if item.role != "change"]
    if (len(names) != count or nameless) and len(earlier) >= count and (change is not None or nameless):
        total = stem if _TOTAL.fullmatch(stem) or stem in _PACE else ""
        names = [item.name + total for item in earlier[-count:]]
    if not s.found and (len(names) != count or nameless) and (told := _told_before(s, stem, group)):
        names = told
    if nameless and (told := _clause_before(s, left, group[0].start, floor, count)):
        names = told
    if len(names) != count and _MEAN.fullmatch(stem) and last is not None:
        # 生活补贴和护理补贴惠及3.9万人，月人均分别为368元、275元
        mean = stem.removesuffix("均") + "均"
        names = [name + mean for name in joint.parts(_REACHED.sub("", last.name), count)]
    if len(names) != count and stem and len(s.found) >= count:
        names = joint.in_turn(stem, [item.name for item in s.found[-count:]])
    return names, years


def _told_before(s: Sentence, stem: str, group: list[Mention]) -> list[str]:
    """到2027年，分别达到120家和40%以上; 上述指标分别达到…: the names of as many values told before, of units like these; ``[]`` for others."""
    those = _THOSE.fullmatch(stem) is not None
    if not those and stem and not names_nothing(stem) and not verbs.is_action(stem):
        # 65岁及以上老年人、高血压患者签约率分别达到…；2030年，签约率分别提高…
        names = [item.name for item in s.above[-_NEAR:] if len(stem) > 2 and item.name.endswith(stem)]
        return names if len(names) == len(group) == len(set(names)) else []
    told = s.above if those else s.previous or (s.above[-s.told :] if s.told else ())
    last = list({item.name: item for item in reversed(told) if item.role != "change"}.values())
    if those:
        last = last[: len(group)]
    last.reverse()
    if len(last) > len(group) and not comparable(last[len(group)].unit, group[-1].value.unit):
        # …分别达到30%和35%，新开工项目10个。/ 2026年，分别达到35%和40%
        last = last[: len(group)]
    alike = len(last) == len(group) and all(
        comparable(item.unit, mention.value.unit) for item, mention in zip(last, group, strict=True)
    )
    return [item.name for item in last] if alike else []


def _stem(left: str, change: re.Match[str] | None) -> tuple[str, str]:
    """The name in the words before a list as it stands, and without years at its end; ``""`` for none."""
    if change:
        whole = naming.subject(left[: change.start()])
        return whole, _without_years(whole)
    dealt = _DEALT.search(left)
    then = _OF_THEN.match(left) is not None
    whole = "" if then else naming.subject(left[: dealt.start()] if dealt and dealt.start() else left)
    if len(whole) > 5:
        whole = whole.removesuffix("完成")
    stem = _without_years(whole)
    if (not stem or stem in _EVERYWHERE) and dealt and not then:
        # 2024年、2025年分别完成投资62亿元和71亿元
        behind = naming.subject(left[dealt.start() + 2 :])
        stem = "" if verbs.is_action(behind) else behind
    return whole, stem


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
    names = joint.parts(naming.without_trend(naming.subject(clause)), count) if _LISTED.search(clause) else []
    return names if len(names) == count else []


def _shared_op(group: list[Mention]) -> Op:
    """The operator of a list: 以上 behind its last value or 不低于 before its first speaks for all."""
    first, last = group[0], group[-1]
    if last.value.text.endswith(("以上", "以下", "以内", "之内", "左右")) and last.value.op != "text":
        return last.value.op
    return first.value.op if first.start < first.number_start and first.value.op != "text" else "="
