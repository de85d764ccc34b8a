"""Values told in relation to another: from A to B, growth, a share of a whole, a difference from a level, a second measure.

Each reader takes one value and says whether it knew what to do with it. The cheapest test of each comes first: most
values are told plainly, and the readers of :mod:`watcher.indicators.left` get them.
"""

from __future__ import annotations

import re

from watcher.indicators import naming, verbs
from watcher.indicators.place import Place
from watcher.lexicon.units import comparable, family
from watcher.types import Op

_FROM = re.compile(
    r"(?:由|从)(?:平均)?(?:[\u4e00-\u9fff]{2,10}(?:前|后|时|初期?)(?=的)|(?:原来|原先|目前|当前|现在|现行|年初|过去|之前|(?:上年|去年)(?:同期|末|底)?|基期|[“\"]?(?:十[一二三四五]?|九)五[”\"]?(?:时期|期间|初期|末期|期末|初|末)?)?(?:(?:19|20)\d\d\s?年?[末底初]?)?)(?:的|每(?:剂次|[人床]次|床日|[人户生名室村床校亩])每?[年月天日]?|每[年月日天周]|年?[生人户]均)*$"
)
TO = re.compile(
    r"^[，,]?[^，,。；]{0,14}?(?:提高|提升|上升|增长|增加|扩大|拓展|扩展|下降|降低|降|减少|缩短|缩小|压缩|压减|提(?=[到至])|精简|削减|回升|回落|攀升|上调|下调|增|升|减|调整|变|变化|优化|延长|改善|发展)[^，,。；]{0,4}?(?:到|至|为)[^，,。；]{0,14}$"
)
"""Between the older and the newer of two values: 下降到."""
_TO_YEAR = re.compile(r"[到至]20\d\d年[末底]?的?")
"""从2021年的40%到2025年的80%."""
_TO_ANY = re.compile(r"(?!到|至)[\u4e00-\u9fff]{2,8}[到至为成][^，,。；0-9]{0,6}$")
"""The same with any verb (加密到, 整合至), where both values have one unit."""
_TO_NOTHING = re.compile(
    r"(?:全部|基本)?(?:(?:下降|降低|降|减少|缩减)[到至为](?:全部|基本)?(?:零|清零|归零)|清零|归零)|(?:扩[展大]|拓展|覆盖|延伸)[到至](?:全[部体]|所有|各)"
)
_TO_NOTHING_MARKS = frozenset("全基下归降减缩清扩拓覆延")
"""由5.7%降至零, 由12家扩展至全部机构: the newer value is no figure."""
_CHANGES = re.compile(r"(?:分别|再|平均)?(?:下降|降低|减少|提高|提升|增加|增长)(?:了|约)?")
"""由10.5克分别下降10%和15%: the older value, and what is to be changed of it."""
_EACH_THAN = re.compile(r"(?<![年人户日月])[均都](?:同?比|较)")
_LEVEL_NOUN = re.compile(r"[\u4e00-\u9fff]{0,6}(?:目标|标准|水平|要求|计划|任务)")
_THAN = re.compile(
    r"(?:比|较|与|同)(?:上年末?|去年末?|上一年|20\d\d年[末底]?)(?:同期|第[一二三四五六七]次[^，,。；0-9]{2,8})?的$"
)
_FAR = re.compile(
    r"(?P<op>不低于|不少于|不得低于|不超过|不高于|不得超过|超过|高于|低于|不足|不到|仅为|至少占|应占|要占|占到|约占|达到|占)(?P<whole>[^，,。；占]{1,30}?)的$"
)
_FAR_OP: dict[str, Op] = {
    "不低于": ">=", "不少于": ">=", "不得低于": ">=", "至少占": ">=", "不超过": "<=", "不高于": "<=", "不得超过": "<=",
    "超过": ">", "高于": ">", "低于": "<", "不足": "<", "不到": "<", "约占": "~",
}  # fmt: skip
_HOLDS = re.compile(r"占(?:到|比)?(?:了|约|仅)?\s*$")
_MULTIPLE = re.compile(r"(?:是|为|相当于|达到?)[^，,。；]{1,16}的$")
_RECOVERED = re.compile(r"(?:已|约|仅)?(?:恢复到?|相当于|为)(?:(?:19|20)\d\d年|上年|去年)[^，,。；]{0,6}的$")
ABOVE = re.compile(
    r"(?<!不)(?:高于|低于|高出|好于|快于|领先)[^，,。；0-9]{0,8}(?:全国|国家|全省|全区|全市|平均|整体|总体|水平|标准|同期|自治区|规划|计划|预期|目标|时序)[^，,。；0-9的]{0,6}的?$"
    r"|超[过出]?全[国省区市县]平均[^，,。；0-9的]{0,6}的?$"
    r"|[比较](?:全国|国家|全省|全区|全市|自治区|省定|世界|规定|规划|计划|预期|目标)[^，,。；0-9]{0,8}(?:高出?|低|多|少|快|慢|缺)$"
    r"|(?P<time>(?:比|较)(?:20\d\d年|上年|去年)(?:全年|同期|末)?|同比)(?:高出?|低|多|少|快|慢)了?$"
)
PAST_GOAL = re.compile(
    r"(?:超过|超出|超|塌|欠|差|落后于?|滞后于?)[^，,。；0-9]{0,8}(?:全国|全省|全区|全市|平均|规划|计划|目标|任务|预期|进度)[^，,。；0-9]{0,4}$"
)
_THAN_OTHERS = re.compile(r"比[^，,。；0-9]{2,14}(?:高出?|低|快|慢)了?$|(?:快于|慢于|高于|低于)[^，,。；0-9]{2,12}$")
"""Of points only: 比市辖区低3.8个百分点.

And PAST_GOAL: 超过规划目标4.2个百分点 is a difference, 超过全省10% may be a share."""
_GAP = re.compile(
    r"(?:(?:距离?|离|与)[^，,。；]{0,12}?(?:目标|要求|标准|水平)[值数]?(?:[（(][^（()）]{1,10}[)）])?(?:(?:仍|还|尚)(?:有|存在)|(?:仍|还|尚|相)*差)|(?:仍|还|尚)(?:差|有))$"
)
"""距离100%的目标差20.4个百分点; 与目标（80%）尚有18.5个百分点的差距."""
_PER_HEAD = ("人均", "场均", "馆均", "校均", "村均", "生均", "户均", "年均", "日均", "月均", "亩均")
_BY = re.compile(r"^(?:按|根据)")
_GROWTH_BOUND = re.compile(r"(?<!每)年均?增长(?:率|速度|幅度)?(?:原则上|一般)?$")
_DONE = re.compile(
    r"((?:完成|占|达到|为)(?:20\d\d年)?(?:全年|年度|年|省定|计划|规划|目标|任务|调整|预算|进度|序时)[^，,。；0-9]{0,8}?)(?:[（(][^（()）]{1,12}[)）])?(?:的|(?<=[划标务算度]))$"
)
_SHARE = re.compile(r"(?:占|完成|达到|为)[^占]{1,16}的比例$")
"""What a share adds to the name of its part: growth in per cent told behind it is that of the part."""
_TOTAL = re.compile(
    r"(总量|总数|总规模|总额|年均增速|年均增幅|增速|增幅|(?:最高|最大|平均)?(?:降幅|涨幅)|增长率|年均增长率)(?:累计|已|均|将|可)*(?:保持在|稳定在|在|达到了?|达|为|突破|超过|增至|升至|增加到|提高到)?$"
)
_NEW = re.compile(r"^(?:新增|新认定|新培育|新建|新引进|净增)")
_YEAR_BEFORE = re.compile(r"[（(]?(?:上年|去年|上一年|上年度)(?:同期|同口径|年?末)?(?:为|是)?")
_IN_YEAR = re.compile(r"\s*(20\d\d)年[末底]?(?:实际)?(?:为|是|仅)?\s*")
_AGAIN = re.compile(
    r"^[，,；、\s]*(?:到|至)?(?:20\d\d年?[、和与])*(?:20\d\d年)?(?:底前|前|末|底)?每?年?(?:再|又|另)(?:完成|新增|建成|新建|改造|培训|培养|建设)$"
    r"|^[，,；、\s]*(?:其中[:：]?)?20\d\d年(?:底前|前|末|底)?(?:完成|改造|培训|培养|建设)$"
)
"""2026、2027年每年再完成: more of what was named before."""
_SET = re.compile(r"(?<=..)(?:(?:年度|考核|建设)?(?:任务|计划|指标|目标))数?$")
_STOCK = re.compile(
    r"(?:大关|关口|台阶)?[，,、]\s?(?:[到至]?20\d\d年[末底]?)?(?:已|将|预计|累计|首次)*(?:达到了?|达|提高到|降至|降到|降低到|下降到|下降至|升至|上升到|增至|增加到|减至|减少到|回升到|回落到|突破|超过)$|[至到]$"
)
_GROWN = re.compile(r"(?:增长|增加|提高|上升|下降|降低|减少)$")
"""What a planned growth adds to the name of its stock."""
_MEASURE = re.compile(r"[增涨降]幅|增速|增长率|占比|比重")
"""涨幅比上年上升2.5个百分点: of what was named before."""
_NET = ("净增", "净增加", "新增", "净减", "净减少")
_BESIDE = ("、", "和", "与", "及")
_ALONE = ("", "，惠及", "、惠及", "、", "和", "，", ",", "共", "共计", "计", "合计")
_GROWS = re.compile(r"(?:年均)?(?:增长|增速|增幅|下降|降低)$")
ADDED = ("新增", "净增", "增")
"""Verbs of growth whose object is a count of its own, not a difference, unless something is compared."""


def from_older(p: Place) -> bool:
    """由A下降到B: the older value."""
    gone = p.behind[:1] in _TO_NOTHING_MARKS and _TO_NOTHING.match(p.behind)
    if p.ceiling >= len(p.s.text) and not gone:
        return False
    arrow = _FROM.search(p.left)
    if not arrow:
        return False
    leads = gone or _leads_on(p.s.text, p.mention.end, p.ceiling, p.value.unit)
    if not leads and not _CHANGES.fullmatch(p.s.text, p.mention.end, p.ceiling):
        return False
    stem = naming.subject(p.left[: arrow.start()]) or p.before_comma()
    if not stem:
        return False
    p.s.subject = stem
    p.s.emit(stem, p.mention, p.value, "baseline")
    return True


def to_newer(p: Place) -> bool:
    """由A下降到B: the newer value."""
    before = p.s.found[-1] if p.s.found else None
    if before is None or before.role != "baseline" or before.end != p.s.at + p.floor:
        return False
    if not _leads_on(p.s.text, p.floor, p.mention.start, before.unit):
        return False
    for name in _older_together(p):
        p.s.emit(name, p.mention, p.value)
    return True


def _older_together(p: Place) -> list[str]:
    """分别由2022年的62%、78%提升至95%以上: the names of the older values that stand together, to which the newer one belongs."""
    names: list[str] = []
    behind = p.floor
    for item in reversed(p.s.found):
        if item.role != "baseline" or (names and p.s.text[item.end - p.s.at : behind].strip() not in _BESIDE):
            break
        names.insert(0, item.name)
        behind = item.start - p.s.at
    return names


def _leads_on(text: str, begin: int, end: int, unit: str) -> bool:
    """Whether the words between two values lead from the older to the newer."""
    between = text[begin:end]
    return bool(
        TO.match(between)
        or _TO_YEAR.fullmatch(between)
        or (unit and _TO_ANY.match(between) and unit in text[end : end + 16])
    )


def than_older(p: Place) -> bool:
    """为10.8‰，比上年的10.4‰提高0.4个千分点: the older value of what was named before."""
    than = _THAN.search(p.left) if p.left.endswith("的") else None
    stem = p.s.or_last(naming.subject(p.left[: than.start()])) if than else ""
    if not stem or _LEVEL_NOUN.match(p.behind):
        return False
    p.s.emit(stem, p.mention, p.value, "baseline")
    return True


def a_year_before(p: Place) -> bool:
    """药费占门诊费用的36.2%，上年同期为37.5%: what was named before, a year before."""
    if not p.s.found or not p.stops:
        return False
    last = p.s.found[-1]
    told = _IN_YEAR.fullmatch(p.left) if p.s.text[p.edge - 1] in "（(" and last.end == p.s.at + p.edge - 1 else None
    if not (told or _YEAR_BEFORE.fullmatch(p.left.strip())) or not comparable(last.unit, p.value.unit):
        return False
    own = last.year - 1 if isinstance(last.year, int) else None
    if told:
        # 超过16%（2020年为11.3%）
        own = int(told[1])
        if own >= int(str(last.year or 9999)[-4:]):
            return False
    p.s.emit(last.name, p.mention, p.value, "baseline", own_year=own)
    return True


def change(p: Place) -> bool:
    """较2015年增加6个, 增长4.2%: of what the clause names, or of what was named before."""
    told = verbs.change(p.left)
    if not told or verbs.ends_in_state(p.left):
        return False
    if p.mention.start < p.mention.number_start and _GROWTH_BOUND.search(p.left):
        return False
    verb, compared = told["verb"], bool(told["than"])
    if not compared and verb in ADDED:
        return False
    role = p.s.difference(p.mention)
    if not p.stops:
        if compared and p.s.last_name:
            p.s.emit(p.s.last_name, p.mention, p.value, role)
            return True
        return False
    own = naming.subject(p.left[: told.start()])
    stem = p.s.or_last(own)
    if not stem:
        return False
    if _MEASURE.fullmatch(own) and p.s.found:
        stem = p.s.last_name if p.s.last_name.endswith(own) else p.s.last_name + own
    elif stem != own and family(p.value.unit) == "points":
        stem = _measure(stem)
    elif stem != own and p.is_share:
        stem = _SHARE.sub("", stem) or stem
    # A planned growth is an indicator of its own (地区生产总值增长); a reported one is the change of its stock.
    suffix = verb if role == "target" and family(p.value.unit) in ("ratio", "points") else ""
    names = _each_before(p) if compared and stem != own and _EACH_THAN.search(p.left) else p.names(stem)
    for name in names or p.names(stem):
        p.s.emit(name if name.endswith(suffix) else name + suffix, p.mention, p.value, role)
    return True


def _each_before(p: Place) -> list[str]:
    """6.1‰，…8.4‰，均比上年下降0.7个千分点: the names of all levels of one unit told before it."""
    names: list[str] = []
    for item in reversed(p.s.found):
        if item.role == "change" or not comparable(item.unit, p.s.found[-1].unit):
            break
        names.insert(0, item.name)
    return names


def done(p: Place) -> bool:
    """完成年度计划的92%: the degree to which what was named before was reached."""
    degree = _DONE.search(p.left) if p.is_share else None
    stem = p.s.or_last(naming.subject(p.left[: degree.start()])) if degree else ""
    if not degree or not stem:
        return False
    p.s.emit(f"{stem.removesuffix('完成')}{degree[1]}的比例", p.mention, p.value)
    return True


def total(p: Place) -> bool:
    """总量达到8.9万户, 年均增速9.8%: a measure of what was named before."""
    measure = _TOTAL.match(p.bare) if p.s.found and p.stops else None
    if not measure:
        return False
    grows = measure[1].endswith(("速", "幅", "率"))
    base = _NEW.sub("", p.s.last_name) or p.s.last_name
    p.s.emit(f"{base}{measure[1]}", p.mention, p.value, p.s.difference(p.mention) if grows else None)
    return True


def beyond(p: Place) -> bool:
    """年均增长8%以上，突破1.8万元: a bound alone, on the stock whose growth was told before."""
    if p.value.op not in (">", ">=") or not p.floor or not p.s.found:
        return False
    if verbs.ends_in_state(p.left) or not p.stops or p.stem:
        return False
    if not p.edge or p.s.text[p.edge - 1] not in ("，", ",") or p.s.found[-1].end < p.s.at + p.edge - 2:
        return False
    p.s.emit(without_growth(p.s.last_name), p.mention, p.value)
    return True


def second(p: Place) -> bool:
    """发放补贴1852户、1236万元; 低保对象33087户57374人: a second measure of one thing."""
    if not p.floor or not p.s.found or not p.stops or p.s.text[p.floor : p.mention.start].strip() not in _ALONE:
        return False
    last = p.s.found[-1]
    if last.end != p.s.at + p.floor or comparable(last.unit, p.value.unit):
        return False
    p.s.emit(last.name, p.mention, p.value)
    return True


def again(p: Place) -> bool:
    """完成改造1.2万户，2026、2027年每年再完成6000户: the same thing again."""
    if not p.s.found or not p.stops or p.s.found[-1].unit[-1:] != p.value.unit[-1:]:
        return False
    if p.bare == "完成" and (task := _SET.search(p.s.last_name)):
        # 改厕任务38283座，完成38649座
        p.s.emit(p.s.last_name[: task.start()], p.mention, p.value)
        return True
    if not _AGAIN.search(p.left):
        return False
    p.s.emit(p.s.last_name, p.mention, p.value)
    return True


def net(p: Place) -> bool:
    """87家，净增9家: the difference of what was named before."""
    if p.left.strip() not in _NET or not p.s.found or not p.stops:
        return False
    last = p.s.found[-1]
    if last.end < p.s.at + p.floor or last.unit[-1:] != p.value.unit[-1:]:
        return False
    p.s.emit(last.name, p.mention, p.value, p.s.difference(p.mention))
    return True


def stock(p: Place) -> bool:
    """较上年提高4.6个百分点，达到87.5%; 突破100万件，达到106.8万件: behind a difference or a bound, the level that was reached."""
    if not p.floor or not p.s.found or not p.stops:
        return False
    last = p.s.found[-1]
    alike = bool(p.value.unit) and last.unit[-1:] == p.value.unit[-1:]
    grown = last.role == "change" or (last.role == "target" and _GROWN.search(last.name))
    if p.is_share:
        # 下降15%以上，降至65/10万: the level has a unit of its own; 超过70%，达到74.6% tells it twice.
        fits = family(last.unit) == "points" or (last.op in (">", ">=") if alike else bool(grown))
    else:
        # 增长12%，达到3000亿元; 下降6.3%至8126元
        fits = alike or bool(grown)
    if not fits or last.end != p.s.at + p.floor or not _STOCK.fullmatch(p.s.text[p.floor : p.mention.number_start]):
        return False
    p.s.emit(without_growth(p.s.last_name), p.mention, p.value)
    return True


def above(p: Place) -> bool:
    """高于全省平均水平6.3个百分点: a difference from a level."""
    level = ABOVE.search(p.left) if p.stops else None
    if level is None and family(p.value.unit) == "points" and p.stops:
        level = PAST_GOAL.search(p.left) or (_THAN_OTHERS.search(p.left) if p.s.found else None)
    stem = _measure(p.s.or_last(naming.subject(p.left[: level.start()]))) if level else ""
    if not level or not stem:
        return False
    earlier = level.re is ABOVE and level["time"]
    p.s.emit(stem if earlier else f"{stem}{level[0]}", p.mention, p.value, p.s.difference(p.mention))
    return True


def gap(p: Place) -> bool:
    """距离100%的目标差20.4个百分点: how far what was named before is from its goal."""
    if family(p.value.unit) != "points":
        return False
    clause = p.s.text[naming.left_edge(p.s.text, p.mention.start, max(0, p.mention.start - 40)) : p.mention.start]
    found = _GAP.search(clause)
    if found is None or not (clause.endswith("差") or p.behind.startswith(("的差距", "差距", "的缺口"))):
        return False
    stem = p.s.or_last(naming.subject(clause[: found.start()]))
    if not stem:
        return False
    p.s.emit(_measure(stem), p.mention, p.value, "change")
    return True


def _measure(name: str) -> str:
    """The measure in the name of a difference (比重比市辖区低 → 比重)."""
    level = ABOVE.search(name) or _THAN_OTHERS.search(name)
    return name[: level.start()] if level and level.start() > 2 else name


def share_of(p: Place) -> bool:
    """占总人口的18.21%, 不低于编制总额的85%: the whole stands between the operator and the value."""
    far = _FAR.search(p.left) if p.left.endswith("的") and p.is_share else None
    if not far or _BY.search(p.bare):
        return False
    stem = p.s.or_last(naming.subject(p.left[: far.start()]))
    if not stem:
        return False
    value = p.value
    if value.op == "=" and far["op"] in _FAR_OP:
        value = value._replace(op=_FAR_OP[far["op"]])
    p.s.emit(f"{stem}占{naming.polish(far['whole'])}的比例", p.mention, value)
    return True


def holds(p: Place) -> bool:
    """占到72.28%: the share of what was named before."""
    share = _HOLDS.search(p.left) if p.is_share else None
    stem = p.s.or_last(naming.subject(p.left[: share.start()])) if share else ""
    if not stem:
        return False
    p.s.emit(f"{_measure(stem)}占比", p.mention, p.value)
    return True


def times(p: Place) -> bool:
    """是“十二五”时期的1.8倍; 恢复到2019年的112.7%."""
    multiple = _MULTIPLE.search(p.left) if p.value.unit == "倍" else _RECOVERED.search(p.left) if p.is_share else None
    stem = p.s.or_last(naming.subject(p.left[: multiple.start()])) if multiple else ""
    if not stem:
        return False
    p.s.emit(stem, p.mention, p.value)
    return True


def per_head(p: Place) -> bool:
    """总藏量156万册，人均0.9册: a mean of what was named before."""
    left = p.left.strip()
    if (
        not p.s.found
        or not left.endswith(_PER_HEAD)
        or not p.stops
        or p.stem not in ("", "人", "生", "户", "年", "日", "月", "亩", "场", "馆", "校", "村")
    ):
        return False
    p.s.emit(f"{left[-2:]}{p.s.last_name}", p.mention, p.value)
    return True


def without_growth(name: str) -> str:
    """The stock whose growth or decline a name tells (地区生产总值年均增长 → 地区生产总值)."""
    return _GROWS.sub("", name) or name
