"""Names that hold several: A、B和C率 as one name each, their shared heads and tails restored; members that a list leaves out."""

from __future__ import annotations

import re

from watcher.indicators import verbs
from watcher.indicators.naming import polish
from watcher.lexicon.names import canonical

_RATE_TAIL = re.compile(r"(?:率|占比|比例|比重|比率|年增长|年均增长|增长|增速|增幅)$")
_JOINS = re.compile("[、以和与及]")
_OTHER_JOINS = re.compile("[、和及]")
_WRAPPED = re.compile("[(（“《「]")
_SPLIT = re.compile(
    r"、|以及|(?<![共饱缓调总柔])(?<!碳中)(?<!(?<!水)平)和(?![谐解])(?!(?<=感染者和)(?:病人|患者))|(?<![参给赋授])与(?!会)|(?<![普涉波危顾触遍])及(?!以上|以下|其|时|格)"
)
"""What joins names; 普及, 参与 and 碳中和 join nothing, 水平和 and 初中和 do."""
_PLACES = r"(?:院|中心|机构|室|站|校|园|村|镇|社区|县|区|市|旗|场所|企业|单位|家庭|部门|局|所|厂|店|馆|墓|户|乡|街道|平台|基地|科|建筑|厂房|广场|绿地|公园|道路|小区)"
_INSTITUTION = re.compile(rf"{_PLACES}$")
_IN_BRACKETS = re.compile(r"[（(][^（()）]{1,6}[)）]$")
_INSTITUTION_IN = re.compile(rf"[^、]{{0,8}}?{_PLACES}(?!率)")
_ONE = re.compile(
    r"等|感染者[和与及、][^、]{0,3}(?:病人|患者)|(?:病人|患者)[和与及、][^、]{0,3}感染者|总体|^(?:面向|针对|用于)|合计|总数|之和|综合|人均|平均|占[^、]*比|结合|融合|衔接|协同|统一|一致|城镇和乡村|衣食"
)
_PERSONS = re.compile(r"患者|人群|儿童|人员|居民|老年人|孕产妇|学生|教师|医师|护士|机构")
_PERSONS_END = re.compile(r"(?:患者|人群|儿童|人员|居民|老年人|孕产妇|学生|教师|医师|护士)$")
_TAILS = re.compile(
    r"(?:占[^、占]{1,14}?的?(?:比重|比例)|过早死亡率|不合格率|死亡率|发病率|患病率|感染率|发生率|粗死亡率|管理率|覆盖率|接种率|筛查率|检查率|建档率|签约率|就诊率|治疗率|治愈率|救助比例|报销比例|支付比例|补助比例|入园率|入学率|巩固率|普及率|达标率|合格率|处理率|利用率|参保率|服务率|开放率|完成率|知晓率|满意度|"
    r"建成率|创建率|增长率|生存率|年增长|增长|增速|比例|占比|比重|床位数|人数|总数|数量|数|增加值|总产值|产值|产量|装机容量|零售额|销售额|总额|余额|投资额|投资|收入|支出|价格|面积|存栏|出栏)$"
)


_TWO_IN_ONE = re.compile("粮油|男女|师生|水电|存贷(?=款)")
"""粮油储备分别达到600吨和80吨: one word for two."""
_EXAMPLES = re.compile("[^等]*、[^等]*等(?=[^等]{3,}(?:、|和))")
"""苯丙酮尿症、先天性甲状腺功能减低症等遗传代谢病诊断率、治疗率: examples of what the measures are of."""
_OWNED = re.compile(r"的[^的]{4,}$")
"""新能源、清洁能源动力的交通工具比例: what stands before 的 are parts of one measure; …的死亡率 only names it."""
_QUARTERS_ALONE = ("一", "二", "三")
_QUARTERS = ("二季度", "三季度", "四季度")
_ORDINAL = re.compile(r"第([一二三四五])")


def is_rate(name: str) -> bool:
    """Whether a name is a rate or share by its last word."""
    return bool(_RATE_TAIL.search(name))


def parts(name: str, wanted: int | None = None) -> list[str]:
    """The names a joint name holds, shared head and tail restored: 婴儿和5岁以下儿童死亡率 → two.

    With ``wanted`` the list must have so many members (分别); otherwise only rates are split, and only where the parts
    are not institutions that share one figure. ``[name]`` when it cannot be split.
    """
    if wanted == 2 and name.startswith("城乡"):
        rural = name.removeprefix("城乡")
        return [f"{'城镇' if '收入' in name else '城市'}{rural}", f"农村{rural}"]
    if wanted == 2 and (pair := _TWO_IN_ONE.search(name)):
        head, tail = name[: pair.start()], name[pair.end() :]
        return [f"{head}{one}{tail}" for one in pair[0]]
    if wanted is None and canonical(name):
        return [name]
    pieces = _pieces(name, wanted)
    if pieces is None or len(pieces) < 2:
        return [name]
    if wanted is None:
        if not is_rate(name) or _ONE.search(name) or any(len(piece) < 2 or len(piece) > 24 for piece in pieces):
            return [name]
        if any(_INSTITUTION.search(_IN_BRACKETS.sub("", piece)) for piece in pieces[:-1]) or _OWNED.search(pieces[-1]):
            return [name]
        if "与" in name and not _RATE_TAIL.search(pieces[0]) and not _OTHER_JOINS.search(name):
            # 健康评估与健康服务率 is one; 产前筛查率与新生儿筛查率 are two.
            return [name]
        if any(map(verbs.is_action, pieces)):
            # 新建、改建、扩建工程设防达标率 is one.
            return [name]
    return _restore(pieces)


_RATES = re.compile(r"(?:[^、率]{2,30}、){0,3}[^、率]{2,30}率(?:、|和|$)")
"""新建城区、新建居住区设施达标率、设施覆盖率: parts that end in a measure."""


def is_two(name: str) -> bool:
    """Whether one word of a name speaks of two: 存贷款余额."""
    return _TWO_IN_ONE.search(name) is not None


def every(name: str) -> list[str]:
    """The names of a list that 均 or 各 speaks of: split at 、 and at the last 和."""
    if "等" in name and (examples := _EXAMPLES.match(name)) and all(map(is_rate, name[examples.end() :].split("、"))):
        name = name[examples.end() :]
    rates = name.split("、")
    if "及" in name and len(rates) > 1 and all(map(_TAILS.search, rates)) and not _WRAPPED.search(name):
        # 重点人群及…人群知识知晓率、感染者和病人知识知晓率: 及 is within the first.
        return [polish(rate) for rate in rates]
    pieces = _pieces(name, None)
    if pieces is None or len(pieces) < 2 or any(len(piece) < 2 for piece in pieces):
        return [name]
    if any(_INSTITUTION.search(piece) for piece in pieces[:-1]) and not all(_TAILS.search(piece) for piece in pieces):
        if len({piece[:2] for piece in pieces}) == 1 and _TAILS.search(pieces[-1]):
            # 无烟党政机关、无烟医院、无烟学校建成率均为100%
            return _restore(pieces)
        whole = _RATES.findall(name)
        return [polish(one) for one in whole] if len(whole) > 1 and "".join(whole) == name else [name]
    return _restore(pieces)


def in_turn(stem: str, before: list[str]) -> list[str]:
    """小学、初中仪器设备值分别为…，终端数分别达到…: whom the names before tell apart, each with ``stem``; ``[]`` when unlike."""
    shared = 0
    while len({name[-shared - 1 :] for name in before}) == 1 and shared < min(map(len, before)) - 1:
        shared += 1
    if not shared and all(1 < len(name) <= 5 and not _TAILS.search(name) for name in before):
        # 优质稻260万亩、油茶85万亩，全产业链产值分别突破…
        return [name + stem for name in before]
    if len(before) > 1 and (ends := {name[-2:] for name in before[1:]}) and len(ends) == 1:
        # 流通环节抽检8.17万批次、餐饮环节3.06万批次，不合格率依次为…: the first name says what was counted.
        end = ends.pop()
        whose, told, measure = before[0].partition(end)
        if told and measure and 0 < len(whose) <= 6 and all(len(name) <= 8 for name in before[1:]):
            return [f"{who}{stem}" for who in (whose + end, *before[1:])]
    heads = [name[: len(name) - shared] for name in before]
    if shared < 2 or len(set(heads)) != len(heads) or any(not 1 < len(head) <= 10 for head in heads):
        return []
    return [head + stem for head in heads]


_PARALLEL = re.compile(
    r"^(?:城镇|城市|农村|乡村|城区|县域|男性|女性|公办|民办|公立|社会办|小学|初中|普通高中|高中|中职|高职|市级|县级|省级|国家级|[一二三]级|一般|重点|第[一二三]产业)"
)


def parallel(name: str, count: int) -> bool:
    """Whether a name lists ``count`` members that words made for it tell apart: 城镇和农村居民收入, 男性、女性死亡率."""
    pieces = _pieces(name, count)
    return pieces is not None and len(pieces) == count and all(map(_PARALLEL.match, pieces))


def measure_beside(name: str, last: str) -> str:
    """检查检验结果互认项目 for 二级医院 behind 三级医院检查检验结果互认项目: what a member of a pair shares; ``""`` when it is none."""
    own = _PARALLEL.match(name)
    other = _PARALLEL.match(last) if own else None
    if own is None or other is None or own[0] == other[0]:
        return ""
    whose, whole = name[own.end() :], last[other.end() :]
    measure = whole[len(whose) :] if whole.startswith(whose) else ""
    # 县级达到50% behind 市级机关达到100% says of whom, not what.
    return measure if len(measure) > 3 else ""


def for_values(name: str, count: int) -> list[str]:
    """The names in a row's name that lists as many as its cell holds values; ``[]`` where it lists more or fewer."""
    names = every(name)
    if len(names) == count:
        return names
    pieces = _pieces(name, count)
    return _restore(pieces) if pieces is not None and len(pieces) == count else []


def _pieces(name: str, wanted: int | None) -> list[str] | None:
    if not _JOINS.search(name):
        return None
    masked = _mask(name) if _WRAPPED.search(name) else name
    cuts = [match.span() for match in _SPLIT.finditer(masked)]
    if not cuts:
        return None
    if wanted is not None and len(cuts) + 1 != wanted:
        strict = [span for span in cuts if masked[span[0]] == "、"]
        cuts = next(
            (option for option in (strict, cuts[-(wanted - 1) :] if wanted > 1 else []) if len(option) + 1 == wanted),
            [],
        )
        if not cuts:
            return None
    pieces, begin = [], 0
    for start, end in cuts:
        pieces.append(name[begin:start])
        begin = end
    pieces.append(name[begin:])
    pieces = [piece.strip() for piece in pieces]
    return pieces if all(pieces) else None


def _mask(name: str) -> str:
    """The name with what stands in brackets or quotes blanked, so that it is not cut there."""
    out, depth = [], 0
    for mark in name:
        if mark in "(（“《「":
            depth += 1
        out.append("■" if depth else mark)
        if mark in ")）”》」" and depth:
            depth -= 1
    return "".join(out)


_SEVERAL = re.compile(r"([^、]{1,6})[两三四五六七八][项季](.+)")
_TIERS = re.compile(r"([^、]{1,2})[两三四]级")
_HEAD = re.compile(
    r"(?:[^、]{0,8}?每(?:百|千|万|十万|\d+(?:\.\d+)?万?)名?(?:常住|户籍)?(?:人口?|居民)(?:拥有)?|全[市省区县旗])"
)
_COUNT_ONLY = re.compile(r".{0,2}数")
_ONE_NUMERAL = re.compile(r"[一二三四五]")
_GRADE = re.compile(r"[级类]")
_GRADES = re.compile(r"[级类](?:甲等|乙等)?")
_TIER = re.compile(r"[两三四]级")
_LEVELS = ("素养水平", "健康水平", "寿命")
"""Measures of their own before a rate: 健康素养水平和健康行为形成率."""
_GOODS = re.compile(r"[\u4e00-\u9fff]{1,3}?[品类物车船户]")


def _restore(pieces: list[str]) -> list[str]:
    last = pieces[-1]
    tail_match = _TAILS.search(last)
    ordinal = _ORDINAL.fullmatch(pieces[0])
    if ordinal and _ONE_NUMERAL.match(last):
        # 第一、二、三产业增加值: all but the numeral is shared.
        return [polish(f"第{piece[-1]}{last[1:]}") for piece in pieces[:-1]] + [polish(f"第{last}")]
    if last.startswith(_QUARTERS) and all(piece in _QUARTERS_ALONE for piece in pieces[:-1]):
        # 一、二、三季度进出口
        return [f"{piece}{last[1:]}" for piece in pieces[:-1]] + [last]
    if ordinal and len(pieces) == 2 and _ORDINAL.match(last):
        # 第二、第三产业增加值
        return [polish(pieces[0] + last[2:]), polish(last)]
    several = _SEVERAL.match(last)
    if several and all(len(piece) <= 6 for piece in pieces[:-1]):
        # 养老、失业、工伤三项保险参保人数
        return [polish(piece + several[2]) for piece in (*pieces[:-1], several[1])]
    tiers = _TIERS.match(last)
    if tiers and len(pieces[0]) <= 3:
        last = f"{tiers[1]}级{last[tiers.end() :]}"
    whole = [_with_tail(piece, pieces[-1], tail_match[0] if tail_match else "") for piece in pieces[:-1]] + [last]
    head = _HEAD.match(whole[0])
    if head:
        whole = [whole[0]] + [name if "每" in name[:10] else head[0] + name for name in whole[1:]]
    return [polish(name) for name in whole]


def _kind_of_rate(last: str) -> str:
    """冷链流通率 in 水产品冷链流通率, else the last three characters of a rate; ``""`` for what is none."""
    if not last.endswith("率") or len(last) < 5:
        return ""
    goods = _GOODS.match(last)
    return last[goods.end() :] if goods and len(last) - goods.end() > 2 else last[-3:]


def _with_tail(piece: str, last: str, tail: str) -> str:
    """A piece with what it shares with the last one: 婴儿 + 死亡率, 高血压 + 患者规范管理率, 二 + 级公立医院…."""
    if tail and (piece.endswith(tail) or (len(piece) > 3 and piece.endswith("率"))):
        return piece
    parallel = _PARALLEL.match(last)
    if parallel and _PARALLEL.fullmatch(piece):
        return piece + last[parallel.end() :]
    if (_TAILS.search(piece) and not _COUNT_ONLY.fullmatch(piece)) or piece.endswith(_LEVELS):
        return piece
    if _ONE_NUMERAL.fullmatch(piece):
        cut = _GRADE.search(last)
        return piece + last[cut.start() :] if cut else piece
    grade = _GRADE.search(piece)
    if grade and len(piece) <= 5 and (cut := _GRADES.search(last)):
        return piece + last[cut.end() :]
    tiers = _TIER.search(last)
    if tiers and len(piece) <= 3:
        return f"{piece}级{last[tiers.end() :]}"
    common = next((size for size in (4, 3, 2) if len(piece) > size and last.find(piece[-size:]) > 0), 0)
    if common:
        # 职工医保 and 城乡居民医保…支付比例 share what follows the word they end in.
        behind = last[last.find(piece[-common:]) + common :]
        if len(behind) > len(tail):
            return piece + behind
    if not tail:
        place = _INSTITUTION_IN.match(last) if _INSTITUTION.search(piece) else None
        return piece + (last[place.end() :] if place else "" if piece.endswith("率") else _kind_of_rate(last))
    person = _PERSONS.search(last)
    if person and tail and person.end() < len(last) - len(tail) and _PERSONS_END.search(piece):
        # 儿童和孕产妇系统管理率
        return piece + last[person.end() :]
    if (
        person
        and person.start()
        and not _PERSONS.search(piece)
        and len(piece) <= 8
        and person[0] in ("患者", "人群", "人员")
    ):
        return piece + last[person.start() :]
    return piece + tail
