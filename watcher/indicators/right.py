"""Names behind a value: 建成17家医养结合机构, 2所医院列入…, 75%的养老机构…, 其中10%达到推荐标准."""

from __future__ import annotations

import re

from msgspec import structs

from watcher.indicators import naming, verbs
from watcher.indicators.sentence import Sentence, names_nothing
from watcher.indicators.values import Mention, Value
from watcher.lexicon.units import family

_CUT = re.compile(r"的(?:标准|比率|比例|要求)|表示|从(?![业事医教])|进行培育")
_CUT_BEFORE_VALUE = re.compile(
    r"累计|共计|共|建成|新建|引进|培养|招聘|选派|派出|培训|救治|新增|创建|配[备置]|设[置立]|投入|完成|组建|开展|达到|集中"
)
_BEARER = re.compile(
    r"[\u4e00-\u9fff（）()]{0,10}(?:卫生院|服务中心|服务站|卫生室|医院|机构|学校|幼儿园|中小学|社区|行政村|乡镇|街道|企业|园区|公园|车站|县区|旗县|建筑|小区|养老院|福利院|教师|学生)"
)
_PER_HEAD = re.compile(
    r"(每(?:百|千|万|十万|\d+(?:\.\d+)?万?)(?:名|个)?(?:常住|户籍)?(?:人口|老年人口?|居民|儿童|学生|人)(?:至少)?)[^，,。；]{0,6}$"
)
PLACE = re.compile(r"^[\u4e00-\u9fff、和]{1,24}[市县区旗州盟镇]$")
"""A name that is a place and nothing else."""
_PLACES_ALONE = frozenset("县村乡镇市区校")
_DATED = re.compile(r".20[0-9]{2}年")
_KEEP_VERB = re.compile(r"(引进|培养|招聘|培训|选派|派出|新增|救治)$")
_URGED = re.compile(r"^(?:向|鼓励|支持|推动|引导|指导|组织|帮助|促进)+")
_TASK_VERB = re.compile(r"^(?:加强|推进|推动|支持|鼓励|引导|完善|深化|提升|强化|实施|开展|加快|促进|按照.{0,12})+")
_RESULT = re.compile(r"(?:达到|建成|具有|设立|设置|开展|能够|实现|完成|建立|开设|装备|提供|达|为)")
_WHO_ENDS = re.compile(
    r"达到|建成|具有|设立|设置|开展|能够|实现|完成|建立|开设|装备|提供|配备|与|为|实行|通过|纳入|接入|采用|实施"
)
_FRONT = re.compile(r"^(?:及以上|以上|左右|的|多|余)+")
_MEMBER = re.compile(r"[、和与及]\s?(?:[0-9０-９]|[二两三四五六七八九十][所座家名张辆台个项])")
_COUNTED = re.compile(r"^\s*[0-9０-９][^\u4e00-\u9fff]*[\u4e00-\u9fff]\s?")
_BRACKET = re.compile(r"[（(](?:其中|[^（()）]{0,12}[0-9０-９]|[^（()）]{14,}[)）]$)")
_BASIS = re.compile(r"^.{0,12}?按照?(?P<whole>[^，,。；]{2,20})的$")
_COVERING = re.compile(r"(?:仅|已|共|均|全面|基本)?覆盖(?:了|到|全[市省区县])?$")
"""产地预冷设施仅覆盖18.6%的种植基地."""
_HAVING = re.compile(r"(?:至少|均|都)?(?:设|建|配|拥)?有(?:不少于|至少)?$")
_PROVIDED = re.compile(r"^(?:设[置立]|配[备置]|建设|安排)")
_ALL = re.compile(r"^(?:所有|全部)|至少$")
_DIGIT = re.compile(r"[0-9０-９]")


def read(s: Sentence, mention: Mention, value: Value, left: str, bare: str, stem: str, ceiling: int) -> None:
    """Emits a value under the words behind it; nothing when there are none.

    ``left`` are the words before the value, ``bare`` the same without fillers, ``stem`` the name in them;
    ``ceiling`` is where the next value begins.
    """
    share = family(value.unit) == "ratio" or "/" in value.text or "分之" in value.text
    if not share and s.text[mention.end : mention.end + 1] in "、和与及，,":
        return
    name = naming.polish(_FRONT.sub("", _following(s.text, mention.end, ceiling, share).strip()))
    if len(name) < 2 and not (share and name in _PLACES_ALONE and mention.start == mention.number_start):
        return
    if not share and _DATED.search(name):
        # 5家医院2022年门诊人次…: of whom something is told, not how many they are.
        return
    wants_object = verbs.ends_in_action(bare)
    if wants_object and not left.rstrip().endswith("的"):
        stem = ""
    if share:
        s.emit(_share_name(s, mention, name, left.strip(), stem), mention, value)
        return
    s.emit(_count_name(mention, name, left, bare, stem), mention, value)
    if s.found and wants_object and s.planned(mention):
        # 新建10个社区卫生服务中心 is a task of so many, not the number there shall be.
        s.found[-1] = structs.replace(s.found[-1], key=None)


def _following(text: str, begin: int, ceiling: int, share: bool) -> str:
    """The words behind a value that can be its name: up to a hard stop, the next member of a list, or the next value."""
    end = naming.right_edge(text, begin, len(text), through_lists=True)
    following = text[begin:end]
    member = _MEMBER.search(following)
    if member:
        following = following[: member.start()]
    elif not share and "、" in following:
        first, last = following.partition("、")[0], following.rpartition("、")[2]
        following = first if len(first) >= 4 and "的" not in last else following
    if ceiling < begin + len(following):
        if ceiling - begin <= 1:
            # 6类10项技术: both counts name what follows the second.
            end = naming.right_edge(text, begin, len(text), through_lists=False)
            return _COUNTED.sub("", text[begin:end])
        following = following[: ceiling - begin]
        if share and _HAVING.search(following):
            # 100%的县至少有1所…: what they have is part of the predicate.
            return text[begin:end][:70]
        verb = _CUT_BEFORE_VALUE.search(following, 1)
        following = following[: verb.start()] if verb else verbs.without_state(following)
    bracket = _BRACKET.search(following)
    if bracket and bracket.start() >= 2:
        following = following[: bracket.start()]
    cut = None if share else _CUT.search(following, 2)
    return (following[: cut.start()] if cut else following)[:70]


def _share_name(s: Sentence, mention: Mention, name: str, left: str, stem: str) -> str:
    """The name of a share whose bearer or predicate stands behind it."""
    basis = _BASIS.match(left)
    if basis:
        return f"{_PROVIDED.sub('', name)}占{naming.polish(basis['whole'])}的比例"
    if name.startswith("为") and len(name) > 3:
        return f"{name[1:]}占比"
    covering = _COVERING.search(left)
    if covering and (who := naming.subject(left[: covering.start()])):
        return f"{who}覆盖{name}的比例"
    if len(stem) >= 3 and not names_nothing(stem) and not left.endswith(("的", "对", "将")):
        s.subject = stem
        return f"{stem}{name}"
    if _RESULT.match(name):
        return f"{s.subject or _bearer(s.text, mention.start)}{name}"
    s.subject = _who(name)
    return name


def _count_name(mention: Mention, name: str, left: str, bare: str, stem: str) -> str:
    """The name of a count whose noun stands behind it; a base (每万名人口) or a place before it belongs to it."""
    if name.startswith("为") and len(name) > 3:
        name = name[1:]
    per = _PER_HEAD.search(left)
    if per and "每" not in name:
        return f"{per[1].removesuffix('至少')}{name}"
    if stem and len(stem) <= 30 and (PLACE.match(stem) or mention.start < mention.number_start):
        return f"{stem}{name}"
    if bare.endswith("的") and 4 <= len(bare) <= 30:
        return f"{naming.polish(_URGED.sub('', bare))}的{name}"
    verb = _KEEP_VERB.search(bare)
    return f"{verb[1]}{name}" if verb else name


def _who(name: str) -> str:
    """The bearer of a share: the words before the verb (乡镇卫生院 in 乡镇卫生院达到…)."""
    cut = _WHO_ENDS.search(name, 2)
    return name[: cut.start()] if cut else name


def _bearer(text: str, end: int) -> str:
    """The bearer of a share that names none (至少达到国家标准，其中10%达到推荐标准): from at most four clauses before."""
    for _ in range(4):
        before = text[:end].rstrip("，,、 其中")
        start = naming.left_edge(text, len(before), 0)
        clause = naming.trim_left(before[start:])
        who = _ALL.sub("", _who(clause))
        if clause and who != clause and 2 <= len(who) <= 40 and not _DIGIT.search(who):
            return who
        named = _BEARER.search(clause)
        if named:
            return _TASK_VERB.sub("", named[0])
        if start == 0:
            break
        end = start
    return ""
