"""A single value and the name before it: the readers are tried in order, the first that knows what to do decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from watcher.indicators import joint, naming, related, right, turning, verbs
from watcher.indicators.place import Place
from watcher.indicators.sentence import COUNTS, Sentence
from watcher.indicators.values import Mention
from watcher.lexicon.units import comparable, family

_PER_BEFORE = re.compile(
    r"(?:达到了?|达|为|是|不低于|实现|超过|拥有)?(?P<per>每(?:百|千|万|十万|\d+(?:\.\d+)?万?)(?:名|个|户)?(?:常住|户籍)?(?:人口|老年人口?|老年人|儿童|人|居民|学生)?(?:拥有)?)$"
)
_NOTHING = re.compile(r"报告|发生|死亡|感染|发病")
_YEARS_ON = re.compile(r"连续(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})年")
"""再创历史新高，连续9年保持在1.3万亿斤以上: of what was told before."""
_YEAR = re.compile(r"20\d\d\s?年|预计(?:全年|年底)")
_IN_YEAR = re.compile(
    r"[，,、和]?\s*(?:其中[:：]?)?\s*(?:[到至])?(?:20\d\d\s?[-—–~至到]{1,2}\s?)?(?:20\d\d\s?年[末底度]?|今年|明年)(?:累计|均)?[为是]?\s*"
)
_ONLY_YEAR = re.compile(
    r"\s*[到至]?(?:20\d\d\s?年?\s?[-—–~至到、和]{1,2}\s?)?20\d\d\s?年[末底度]?(?:均|都|累计|分别)?(?:为|是|达到?|不低于|不超过)?\s*"
)
_DATED = re.compile(r"(?:20\d\d\s?年[末底]?|今年(?:上半年|以来|前[一二三]?季度|1\s?[-—–至]\s?\d{1,2}月))[，,]$")
_BARE = re.compile(r"\s*(?:[到至]?20\d\d\s?年[末底]?)?在?\s*")
_STRIVEN = re.compile(
    r"\s*(?:并|且)?(?:力争|争取|努力|冲刺|冲击|奋力)(?:达到|实现|突破|提高到|增加到|增长到|降到|降至)?\s*"
)
"""不低于43万吨，力争达到45万吨: the higher aim of what was named before."""
_BASE = re.compile(r"(每(?:百|千|万|十万|\d+(?:\.\d+)?万?)名?(?:常住|户籍)?(?:人口?|居民)(?:拥有)?)")
_AGAIN = re.compile(r"每[周月天日]|(?:按[^，,。；]{2,8}汇率)?(?:折算|折合|约合)(?:人民币)?")
_TERM = re.compile(
    r"[一二两三四五六七八九十3-5]年(?:累计|共|合计|总共|计)*(?:投放|投入|完成|安排|新增|建成|改造|培训)?"
)
"""每年安排专项资金600万元，三年计1800万元: of what was named before."""
_YEARLY = re.compile(r"^(?:每年|年均|人均|户均)(?:安排|投入|投放)?|每年(?:安排|投入|投放)?(?=.)")
_PER_TIME = re.compile(r"每[年月周天日]|每季度|全年|年均")
_ONLY_MEASURES = frozenset(("数量", "总数", "总量", "人数", "总人数", "规模", "总规模"))
"""对基层病种实行同病同价，数量不少于50组: of what the clause before speaks of."""
_TREATED = re.compile(r"^(?:要|将)?对|(?:实行|实施|开展|推行)$")
_SHORT = {"男": "男性", "女": "女性", "优": "优天数", "良": "良天数", "亡": "死亡人数", "伤": "受伤人数"}
_CIRCUMSTANCE = ("标准下", "条件下", "情况下", "基础上")
_AT_LEAST = re.compile(r"(?:至少|最少)(?!的)[^，,。；、0-9]{1,6}$")
"""至少配备1名: the bound stands before the verb."""
_MEASURED = re.compile(
    r"(?:[^比]率|[^数质]量|占比|比例|比重|指数|系数|浓度|寿命|增长|增速|总量|面积|数量|[^其多少人次个]数)$"
)
_HELD = re.compile(r"^(?:也|均|都)?(?:低于|高于|超过|好于|优于|快于)(?:(?:19|20)\d\d年)?")
_ENUMERATES = re.compile(r"(?:依次|分别|主要)(?:为|是|有|包括|涉及|集中在)|(?:其余|其他|其次)(?:为|是)")
_SHARE_WORDS = ("占", "占比", "占比为")
_NEXT_MEMBER = re.compile(r"[）)]\s?[、，和与及]")
_RANKED_BY = re.compile(r"[^，,。；、的]{2,8}率(?=(?:较|最)?[高低大小多少]|居前|排名?[前在])")
"""不合格率较高的5类食品依次为: by what the members are ranked is what is told of them."""
_PHASE = re.compile(r"[近中远]期(?:[（(][^（()）]{4,12}[)）])?")
_PHASED = re.compile(r"（[近中远]期）$")
_WHOLE_AREA = re.compile(r"\s*全[省市县区州旗国]")
_EACH_PLACE = re.compile(r"每个?(?:县|市|区|乡镇|镇|村|社区|院|校)(?:（[^（）]{1,6}）)?$")
_OF_WHICH = re.compile(r"[^其]{0,3}其中")
_LONGEST_GRADE = 8
_RATIO_OR_STAY = re.compile(r"(?:率|占比|比例|比重|住院[天日]|费用|收入|支出)$")


def single(s: Sentence, mention: Mention, floor: int, ceiling: int) -> None:
    """Names and emits one value."""
    place = Place(s, mention, floor, ceiling)
    if place.value.op == "=":
        left = place.left
        if "少" in left and _AT_LEAST.search(left):
            place.value = place.value._replace(op=">=")
        elif "控" in left and left.rstrip().endswith("控制在"):
            place.value = place.value._replace(op="<=")
    for reader in readers_for("".join(MARKS.findall(place.left)), bool(s.found)):
        if reader(place):
            return


def _per_before(p: Place) -> bool:
    """婴幼儿托位数达到每千人口5.1个: the base stands between name and value."""
    per = _PER_BEFORE.search(p.left) if p.stops else None
    stem = naming.subject(p.left[: per.start()]) if per else ""
    if not per or not stem:
        return False
    p.s.emit(f"{per['per']}{stem}", p.mention, p.value)
    return True


def _same_kind(p: Place) -> bool:
    """Whether the value before has a unit like this one."""
    return comparable(p.s.found[-1].unit, p.value.unit)


def _beside(p: Place) -> bool:
    """Whether the value before, of a unit like this one, ends where the words before this one begin."""
    last = p.s.found[-1] if p.s.found else None
    return last is not None and last.end == p.s.at + p.floor and comparable(last.unit, p.value.unit)


def _in_year(p: Place) -> bool:
    """3.2万座，其中2023年1.2万座、2024年1.1万座: what was named before, year by year."""
    if not p.stops or not _IN_YEAR.fullmatch(p.left) or not _beside(p):
        return False
    p.s.emit(p.s.last_name, p.mention, p.value)
    return True


def _dated(p: Place) -> bool:
    """湿地保护率：2025年58%; …达标率，2025年为75%: a year alone stands between the name and its value."""
    if p.edge <= p.floor or p.s.text[p.edge - 1] not in "，,：:" or not _ONLY_YEAR.fullmatch(p.left) or not p.stops:
        return False
    stem = naming.subject(p.s.text[naming.left_edge(p.s.text, p.edge - 1, p.floor) : p.edge - 1])
    if not _MEASURED.search(stem):
        return False
    p.s.emit(stem, p.mention, p.value)
    return True


def _named(p: Place) -> bool:
    """居民健康素养水平达到25%, 床位数7495张: the plain case."""
    if not (p.strong or p.stops):
        return False
    stem = p.stem
    if not stem or verbs.is_action(stem) or verbs.is_action(p.bare) or stem.endswith(_CIRCUMSTANCE):
        return False
    # 每年不少于330天，每周不少于35小时; 121630元（折合18083美元）: the second speaks of the same thing.
    again = bool(p.s.found) and _AGAIN.fullmatch(stem)
    if p.s.found and _TERM.fullmatch(stem) and _same_kind(p):
        p.s.emit(_YEARLY.sub("", p.s.last_name), p.mention, p.value)
        return True
    if not p.s.found and (_PER_TIME.fullmatch(stem) or stem in _ONLY_MEASURES):
        # 为适龄儿童免费提供窝沟封闭服务，每年不少于3万人: of what the clause before speaks of.
        before = p.s.text[naming.left_edge(p.s.text, max(0, p.edge - 1), p.floor) : max(0, p.edge - 1)]
        own = stem if stem in _ONLY_MEASURES else ""
        stem = naming.subject(_TREATED.sub("", before)) + own or stem
    _left_named(p, p.s.last_name if again else _SHORT.get(stem, stem))
    return True


def _bracketed(p: Place) -> bool:
    """系统管理率（95.2%）、访视率（96.1%）均高于…: a bracket that holds nothing but the value of the measure before it."""
    text, opening = p.s.text, p.edge - 1
    if opening < 2 or text[opening] not in "（(" or p.behind[:1] not in "）)":
        return False
    share = p.left in _SHARE_WORDS
    if p.left and not share:
        return False
    left = text[naming.left_edge(text, opening, p.floor) : opening]
    name = naming.subject(_HELD.sub("", left.lstrip("）)、，和与及")))
    if share or not _MEASURED.search(name):
        return _member(p, left)
    p.s.emit(name, p.mention, p.value, p.s.difference(p.mention) if name.endswith(("增长", "增速")) else None)
    return True


def _member(p: Place, left: str) -> bool:
    """依次为餐饮食品（5.87%）、蜂产品（2.91%）和…: the members of a list, each with its share behind it in brackets."""
    opened = _ENUMERATES.search(left)
    joined = _NEXT_MEMBER.match(p.s.text, p.floor) is not None
    if family(p.value.unit) not in ("ratio", "points"):
        # 分别为东港市（356.2亿元）、临江市（218.4亿元）
        place = right.PLACE.match(naming.subject(left[opened.end() :] if opened else left.lstrip("）)、，和与及")))
        if place is None:
            return False
    if not opened and not (joined and p.s.found and p.s.found[-1].end == p.s.at + p.floor):
        return False
    name = naming.subject(left[opened.end() :] if opened else left.lstrip("）)、，和与及"))
    if opened:
        told = _RANKED_BY.search(left, 0, opened.start())
        p.s.subject = told[0] if told else ""
    if len(name) < 2:
        return False
    p.s.emit(f"{name}{p.s.subject or ('占比' if p.left else '')}", p.mention, p.value)
    return True


def _zero(p: Place) -> bool:
    """鼠疫保持0报告: zero is a value."""
    nothing = _NOTHING.match(p.behind) if p.value.number == "0" and not p.value.unit and p.stem else None
    if not nothing:
        return False
    p.s.emit(f"{p.stem}{nothing[0]}", p.mention, p.value)
    return True


def _leaning(p: Place) -> bool:
    """A state without a name of its own: of the clause before the comma, or of the sentence before the semicolon."""
    strong = p.strong
    # 里程翻一番，突破8000公里; 2010年控制在300万人以内，2015年在315万人以内: a bound right behind the comma.
    bound = p.value.op in (">", ">=", "<", "<=") and _BARE.fullmatch(p.left) is not None
    # 增长5.5%，力争6%: the higher aim without a verb of its own.
    striven = bool(p.s.found) and "争" in p.left and _STRIVEN.fullmatch(p.left) is not None
    if p.stem or not p.stops or not (strong or bound or striven or p.left.rstrip().endswith("保持")):
        return False
    before = p.before_comma()
    if before:
        _left_named(p, before)
        return True
    if strong and "首次" in p.left and _beside(p):
        # 为0.9%，首次降低到1%以内
        p.s.emit(p.s.last_name, p.mention, p.value)
        return True
    if strong and p.s.found and p.left.lstrip().startswith("、") and p.s.found[-1].end == p.s.at + p.floor:
        # 增长50%以上、达到200万立方米
        p.s.emit(related.without_growth(p.s.last_name), p.mention, p.value)
        return True
    if strong and _WHOLE_AREA.match(p.left) and _beside(p):
        # 每县不少于2家，全省达到360家左右
        p.s.emit(_EACH_PLACE.sub("", p.s.last_name) or p.s.last_name, p.mention, p.value)
        return True
    again = (
        bool(p.s.found)
        and comparable(p.s.found[-1].unit, p.value.unit)
        and (_YEARS_ON.search(p.left) or _STRIVEN.fullmatch(p.left))
    )
    # 到2023年，…达到80%；到2025年，达到100%
    behind_year = strong and _DATED.search(p.s.text, max(p.floor, p.edge - 14), p.edge)
    if (
        (strong or bound or striven)
        and (again or behind_year or _YEAR.search(p.left))
        and (last := _whole(p) or (p.s.previous[-1].name if p.s.previous else ""))
    ):
        names = [last]
        if not p.s.found and ("均" in p.left or "都" in p.left):
            # A达到95%，B达到85%；到2025年，均达到100%
            names = [item.name for item in p.s.previous if item.role != "change" and item.unit == p.value.unit] or names
        for name in names:
            p.s.emit(name if p.is_share else related.without_growth(name), p.mention, p.value)
    return strong


def _whole(p: Place) -> str:
    """接待观众486万人次，其中未成年人121万人次，2020年降至203万人次: behind a part the whole goes on."""
    found, s = p.s.found, p.s
    if len(found) > 1 and comparable(found[-2].unit, p.value.unit):
        at = found[-1].start - s.at
        edge = naming.left_edge(s.text, at, max(0, at - 40))
        if s.text.startswith("其中", edge):
            return found[-2].name
    return s.last_name


def _right(p: Place) -> bool:
    """建成17家…, 75%的养老机构…: the name stands behind the value."""
    right.read(p.s, p.mention, p.value, p.left, p.bare, p.stem, p.ceiling)
    return True


Reader = Callable[[Place], bool]
READERS: tuple[tuple[Reader, str], ...] = (
    (turning.turned, "转由从"), (related.from_older, "由从"), (related.than_older, "比较与同"), (related.to_newer, ""), (related.a_year_before, "上去年"), (related.again, "再又另年完"), (related.net, "增减"), (related.stock, ""),
    (related.change, "".join(verbs.CHANGE_ENDS)), (related.above, "于出先比较超后塌欠差"), (related.gap, "差尚仍还"), (related.done, "的划标务算度"), (related.share_of, "的"),
    (_bracketed, ""), (related.holds, "占"), (related.times, "的"), (_per_before, "每"), (related.per_head, "均"), (related.total, "总增降涨"),
    (related.beyond, ""), (related.second, ""), (_in_year, "年"), (_dated, "年"), (_named, ""), (_zero, ""), (_leaning, ""), (_right, ""),
)  # fmt: skip
"""All readers in their order, each with the characters of which one stands to the left of every value it knows (``""``: any)."""
MARKS = re.compile(f"[{''.join(marks for _, marks in READERS)}]")
_LEAN = {
    related.again,
    related.net,
    related.stock,
    related.to_newer,
    related.a_year_before,
    related.per_head,
    related.total,
    related.beyond,
    related.second,
    _in_year,
}
"""None of these reads the first value of a sentence, which has none before it to lean on."""


@lru_cache(maxsize=4096)
def readers_for(marks: str, leans: bool) -> tuple[Reader, ...]:
    """The readers that may know a value with these marks to its left; most values are told plainly and need a few."""
    return tuple(
        reader
        for reader, wanted in READERS
        if (leans or reader not in _LEAN) and (not wanted or not set(wanted).isdisjoint(marks))
    )


def _left_named(p: Place, stem: str) -> None:
    """Emits the value under the name, or under each name of a list (均, 各, or several rates in one)."""
    if len(stem) > 5:
        stem = stem.removesuffix("完成")
    if stem.startswith("占"):
        stem = f"{p.s.last_name}{stem}"
    names = (p.s.counted(stem) if stem[:1] in COUNTS else []) or p.names(stem)
    if len(names) == 1:
        names = [_within(p, _with_base(p, _of_which(p, names[0])))]
    for name in names:
        p.s.emit(name, p.mention, p.value)


def _of_which(p: Place, name: str) -> str:
    """医院病床使用率80.4%，其中公立医院86.1%: a part of the bearer named before has the same measure."""
    if not p.s.found:
        return name
    if len(name) <= _LONGEST_GRADE and (measure := joint.measure_beside(name, p.s.last_name)) and _beside(p):
        return name + measure
    if name[1:2] == "期" and _PHASE.fullmatch(name) and comparable(p.s.found[-1].unit, p.value.unit):
        # 总投资7.92亿元，其中近期4.38亿元、远期3.54亿元
        whole = next((item.name for item in reversed(p.s.found) if not _PHASED.search(item.name)), "")
        return f"{whole}（{name[:2]}）" if whole else name
    opening = p.s.text[max(0, p.edge - 3) : p.edge] + p.left
    if not _OF_WHICH.match(opening) or p.s.found[-1].unit != p.value.unit:
        return name
    last = p.s.last_name.removeprefix("全国")
    shared = next((size for size in range(min(len(name), len(last)) - 1, 1, -1) if last.startswith(name[-size:])), 0)
    measure = last[shared:]
    return name + measure if shared and _RATIO_OR_STAY.search(measure) else name


def _within(p: Place, name: str) -> str:
    """建设10个服务中心(其中:新城区2所,…): a place inside a bracket breaks down what stands before it."""
    if "(" not in p.s.text and "（" not in p.s.text:
        return name
    before = p.s.text[: p.mention.start]
    opened = max(before.rfind("("), before.rfind("（"))
    if opened < 0 or max(before.rfind(")"), before.rfind("）")) > opened or not right.PLACE.match(name):
        return name
    whole = next((item.name for item in reversed(p.s.found) if item.end <= p.s.at + opened), "")
    return f"{whole}({name})" if whole else name


def _with_base(p: Place, name: str) -> str:
    """每千人口医师数2.29名、注册护士数2.37名: a base that a list states once is given to its next member."""
    if "每" in name or not p.s.found or not p.left.lstrip().startswith(("、", "和", "与", "及")) or joint.is_rate(name):
        return name
    last = p.s.found[-1]
    base = _BASE.match(last.name)
    return f"{base[1]}{name}" if base and last.unit == p.value.unit else name
