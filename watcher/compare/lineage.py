"""Lineage: whether two titles (or readings) are editions of one document, how sure that is, and why. Pure.

What decides is the plan that a title carries (not the notice around it), its place, its years and the order of stages; the text
only helps. The issuer need not agree: bureaus draft, governments issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from watcher.compare.likeness import sketch, sketch_likeness, text_digest
from watcher.compare.subjects import Alike, alike, subjects_alike
from watcher.lexicon.places import is_within, places_in, region_of, same_place
from watcher.lexicon.titles import Title, holds, kernel_of_plan, parse, period_of, printed, subject_of_plan
from watcher.types import Link, Relation, Stage

THRESHOLD = 0.85
"""From this confidence a link acts by itself."""
DOUBTFUL = 0.4
"""From this confidence up to ``THRESHOLD`` the texts themselves are asked, where they are at hand (``with_text``)."""
PROPOSE = 0.5
"""From this confidence up to ``THRESHOLD`` a link is proposed to people."""

_ORDER: dict[Stage, int] = {
    "draft": 0,
    "review": 1,
    "final": 2,
    "amended": 3,
    "repealed": 4,
    "interpretation": 4,
    "other": 2,
}
_NATIONAL = re.compile(
    r"国务院|中共中央|全国人大|国家[\u4e00-\u9fff]{2,12}(?:委|局|总局|办公室|署)|中华人民共和国|(?:^|[、,])[\u4e00-\u9fff]{2,10}部(?:办公厅|等|关于|、|,)|^(?:我|全)国"
)

_ZONE = re.compile("[\u4e00-\u9fff]{2,8}?(?:高新区|经开区|自贸区|新区|示范区|工业园|度假区|生态城|综保区)")
"""A zone at the head of a subject is a place of its own, whichever city is printed before it."""
_GATHERS = re.compile("征集|收集")
_TEXT_OUT = re.compile(
    "《|稿|草案|公示|(?:规划|计划|方案|办法|条例|规定|细则|意见|措施|纲要)(?:[(][^()]*[)])?(?:公开)?意见(?:建议)?征[集求]"
)
"""What shows that there is a text to have an opinion on; 关于征集X规划意见建议的公告 may ask what a plan yet to be written should say."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one edition; whatever is ``None`` is read from the title where it can be."""

    title: str
    region: str | None = None
    period: str | None = None
    stage: Stage | None = None
    date: str | None = None
    """Published or written on, ISO."""
    issuer: str | None = None
    plan_title: str | None = None
    """The plan's own title where the reading found one that the page's title does not hold."""
    digest: str | None = None
    """``likeness.text_digest`` of the body."""
    sketch: tuple[int, ...] = ()
    """``likeness.sketch`` of the body."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Facts and what their title says."""

    facts: Facts
    title: Title
    printed: str
    plans: tuple[str, ...]
    stage: Stage
    region: str | None
    national: bool
    period: str | None


def explain(a: str | Facts, b: str | Facts) -> Link:
    """Whether ``b`` is an edition of the document that ``a`` is an edition of, or explains or repeals it.

    ``relation`` says what ``b`` is to ``a``: its final, a later draft (``review``), an interpretation, a repeal. Where ``a`` is clearly the later stage the
    two change places. ``linked`` is true from ``THRESHOLD``; between ``PROPOSE`` and ``THRESHOLD`` the pair is worth a person's look.
    """
    one = _known(a if isinstance(a, Facts) else Facts(a))
    other = _known(b if isinstance(b, Facts) else Facts(b))
    if _ORDER[one.stage] > _ORDER[other.stage]:
        one, other = other, one
    relation, objection = _relation(one, other)
    if relation == "none":
        return Link(False, "none", 0.05, (objection,))
    reasons: list[str] = []
    confidence = 1.0
    for score, reason in _evidence(one, other, relation):
        confidence = min(confidence, score)
        reasons.append(reason)
    confidence = _with_text(one, other, confidence, reasons)
    confidence = round(min(0.99, confidence), 2)
    if confidence < PROPOSE:
        return Link(False, "none", confidence, tuple(reasons))
    return Link(confidence >= THRESHOLD, relation, confidence, tuple(reasons))


def with_text(facts: Facts, text: str) -> Facts:
    """The same facts with what ``explain`` needs to know of the body: some milliseconds for a plan, so only where titles leave a doubt."""
    return replace(facts, digest=text_digest(text), sketch=sketch(text))


class Bounds(NamedTuple):
    """What rules out most pairs far sooner than ``explain``: place, years and subjects."""

    region: str | None
    national: bool
    period: str | None
    subjects: str
    """What its plans are about, and what a repeal among them ends; a line each."""
    kernels: str
    """Of its plans, a line each."""
    printed: str
    """What the title prints, where a plan's kernel may stand."""


def bounds(facts: Facts) -> Bounds:
    """Place, years and subjects of a title, as ``explain`` sees them."""
    known = _known(facts)
    ended = (_ended(plan) for plan in known.plans if "废止" in plan)
    subjects = "\n".join(dict.fromkeys(map(subject_of_plan, (*known.plans, *ended))))
    kernels = "\n".join(map(kernel_of_plan, known.plans))
    return Bounds(known.region, known.national, known.period, subjects, kernels, known.printed)


def possible(one: Bounds, other: Bounds) -> bool:
    """False where ``explain`` of the titles would say none, whatever else is known of the two: most pairs. The texts are not asked."""
    if one.region and other.region and not same_place(one.region, other.region):
        return False
    if bool(one.region) != bool(other.region) and (one.national or other.national):
        return False
    return in_time(one.period, other.period) and _related(one, other)


def in_time(a: str | None, b: str | None) -> bool:
    """Whether years leave a link possible."""
    return _years(a, b)[0] >= PROPOSE


def _related(one: Bounds, other: Bounds) -> bool:
    for a in one.subjects.split("\n"):
        for b in other.subjects.split("\n"):
            found = subjects_alike(a, b)
            if found.score >= PROPOSE or found.more:
                return True
    return any(kernel in other.printed for kernel in one.kernels.split("\n")) or any(
        kernel in one.printed for kernel in other.kernels.split("\n")
    )


def _known(facts: Facts) -> _Known:
    """What a title says is remembered, what stands in a text is not: a sketch takes more room than all the rest."""
    bare = replace(facts, digest=None, sketch=()) if facts.digest or facts.sketch else facts
    return _remembered(facts) if bare is facts else replace(_remembered(bare), facts=facts)


@lru_cache(maxsize=256)
def _remembered(facts: Facts) -> _Known:
    title = parse(facts.title)
    plans = title.plans
    if (
        facts.plan_title
        and (extra := parse(facts.plan_title).plans[0])
        and kernel_of_plan(extra) not in map(kernel_of_plan, plans)
    ):
        plans = (extra, *plans) if title.stage != "interpretation" else plans
    stage = facts.stage if facts.stage and title.act not in ("interpret", "about", "result", "repeal") else title.stage
    region = region_of(facts.title) or facts.region
    if region is None and facts.issuer:
        region = region_of(facts.issuer)
    national = region is None and bool(
        _NATIONAL.search(title.whole) or (facts.issuer and _NATIONAL.search(facts.issuer))
    )
    # Years of the plan itself go before years of the frame (2023年 … 征求意见).
    period = next((found for plan in plans if (found := period_of(plan))), None) or facts.period
    own = tuple(plan for plan in plans if plan)
    return _Known(facts, title, printed(title.whole), own, stage, region, national, period)


def _relation(one: _Known, other: _Known) -> tuple[Relation, str]:
    """What the later one would be to the earlier one, or ``none`` and why it cannot be an edition."""
    if not one.plans or not other.plans:
        return "none", "标题中没有文件名称"
    for side in (one, other):
        if side.title.act == "result":
            return "none", "是征求意见的结果，不是文件文本"
        if side.title.act == "about":
            return "none", "是关于文件的材料（批复、说明、评估等），不是文件文本"
        if side.title.act == "other":
            return "none", "不是文件，也不是对文件征求意见"
    acts = {one.title.act, other.title.act}
    if "interpret" in acts:
        if one.stage == other.stage == "interpretation":
            return "none", "两者都是解读"
        return "interpretation", ""
    if acts == {"repeal"}:
        return _later(other), ""
    if "repeal" in acts:
        ending = one if one.title.act == "repeal" else other
        if ending.stage == "draft":
            return "none", "废止决定尚在征求意见"
        if (one if ending is other else other).stage == "draft":
            return "none", "被废止的是已施行的文件，不是征求意见稿"
        return "repeal", ""
    if "derive" in acts and len(acts) > 1 and not _derived_alike(one, other):
        return "none", "是落实该文件的配套文件"
    return _later(other), ""


def _derived_alike(one: _Known, other: _Known) -> bool:
    """A title without 《》 around the plan that it carries out looks bare: 养老服务条例实施细则."""
    return any(kernel_of_plan(a) == kernel_of_plan(b) for a in one.plans for b in other.plans)


def _later(other: _Known) -> Relation:
    return "review" if other.stage in ("draft", "review") else "final"


def _evidence(one: _Known, other: _Known, relation: Relation) -> Iterator[tuple[float, str]]:
    likeness, plan_a, plan_b = _best(one, other, relation)
    equal = kernel_of_plan(plan_a) == kernel_of_plan(plan_b)
    score = 0.97 if likeness.score == 1 else 0.92 if likeness.score >= 0.93 else min(likeness.score, 0.9)
    if likeness.more and _steps(one, other):
        score = 0.87 if likeness.more == "praise" else max(score, 0.55)
    if _same_body(one, other) and relation in ("final", "review"):
        # One text under two names is one document; under names that share nothing it may be an empty notice.
        score = 0.99 if likeness.score >= 0.25 else 0.8
        yield score, "正文完全相同"
        yield _place(one, other, plan_a, plan_b, equal=True)
        yield _years(one.period, other.period)
        return
    yield score, f"{likeness.reason}：{plan_b}" if likeness.score >= 0.9 else likeness.reason
    if score < 0.4:
        return
    place = _place(one, other, plan_a, plan_b, equal=equal)
    # Two doubts are one too many: another kind of paper, and a place that only one side names.
    yield (0.4, place[1]) if score < 0.7 and bool(one.region) != bool(other.region) else place
    yield _years(one.period, other.period)
    yield from _stages(one, other, relation)
    yield from _dates(one, other, relation)


def _steps(one: _Known, other: _Known) -> bool:
    """A draft and a final of one place and one period, both printed: a word of praise more makes no second plan."""
    staged = one.stage in ("draft", "review") and other.stage == "final"
    return (
        staged
        and one.period == other.period is not None
        and bool(one.region and other.region and same_place(one.region, other.region))
    )


def _best(one: _Known, other: _Known, relation: Relation) -> tuple[Alike, str, str]:
    """The pair of plans that is most alike; a repeal decision is compared by what it repeals unless both are repeals."""
    pairs = [(alike(a, b), a, b) for a in one.plans for b in other.plans]
    if relation == "final" and one.title.act == other.title.act == "repeal":
        pairs += [(alike(_ended(a), _ended(b)), a, b) for a in one.plans for b in other.plans]
    elif relation == "repeal":
        pairs += [(alike(_ended(a), _ended(b)), _ended(a), _ended(b)) for a in one.plans for b in other.plans]
    best = max(pairs, key=lambda pair: pair[0].score)
    if best[0].score < 0.9:
        for plan, whole in (
            *((plan, other.printed) for plan in one.plans),
            *((plan, one.printed) for plan in other.plans),
        ):
            if holds(whole, plan):
                return Alike(0.92, "标题中有该文件的全名"), plan, plan
    return best


def _ended(plan: str) -> str:
    """What a repeal decision ends: 废止《X》的决定 → X."""
    match = re.search(r"废止《?(.{3,}?)》?(?:的?(?:决定|通知|公告|命令))?$", plan)
    return match[1] if match else plan


def _place(one: _Known, other: _Known, plan_a: str, plan_b: str, *, equal: bool) -> tuple[float, str]:
    a, b = one.region, other.region
    subject = subject_of_plan(plan_a)
    if a and b:
        if same_place(a, b):
            here, there = _alone(plan_a, plan_b), _alone(plan_b, plan_a)
            if here and there:
                return 0.03, f"地区不同：{here}、{there}"
            return 1.0, f"地区一致：{b if len(b) >= len(a) else a}"
        if is_within(a, b) or is_within(b, a):
            return 0.08, f"地区层级不同：{a}、{b}"
        return 0.03, f"地区不同：{a}、{b}"
    if not a and not b:
        return (
            (0.95, "均未写明地区")
            if len(subject) >= 5 or subject.endswith("法") or one.national or other.national
            else (0.7, "均未写明地区，名称过于笼统")
        )
    if one.national or other.national:
        return 0.1, f"一方为国家文件，一方为{a or b}文件"
    if (equal and len(subject) >= 6) or (_ZONE.match(subject) and subject == subject_of_plan(plan_b)):
        return 0.93, f"只有一方写明地区：{a or b}"
    local, general = (plan_a, plan_b) if a else (plan_b, plan_a)
    if one.stage == other.stage == "final" and "实施" in local and "实施" not in general:
        return 0.3, f"一方是当地的实施文件：{a or b}"
    return (
        (0.8, f"只有一方写明地区：{a or b}")
        if len(subject) >= 8
        else (0.6, f"只有一方写明地区，名称过于笼统：{a or b}")
    )


def _alone(plan: str, other: str) -> str:
    """A place that only this plan names: 云南自贸试验区红河片区 beside its 德宏片区."""
    there = places_in(other)
    return next((name for name in places_in(plan) if not any(same_place(name, one) for one in there)), "")


def _years(a: str | None, b: str | None) -> tuple[float, str]:
    if a == b:
        return 1.0, f"规划期一致：{a}" if a else "均未写明规划期"
    if not a or not b:
        return 0.88, f"只有一方写明规划期：{a or b}"
    if a[-4:] == b[-4:] and abs(int(a[:4]) - int(b[:4])) <= 3:
        return 0.74, f"规划期起点不同、终点相同：{a}、{b}"
    return 0.04, f"规划期不同：{a}、{b}"


def _stages(one: _Known, other: _Known, relation: Relation) -> Iterator[tuple[float, str]]:
    a, b = one.title, other.title
    if relation == "interpretation":
        yield 0.97, "后者是解读"
        return
    if relation == "repeal":
        yield 0.97, "后者废止前者"
        return
    if "other" in (one.stage, other.stage):
        # A consultation or an issuing notice names the plan; whatever bears exactly that name is the plan, even where it ends in no known kind of paper.
        named = {"consult", "issue"} & {a.act, b.act} and kernel_of_plan(a.plans[0]) == kernel_of_plan(b.plans[0])
        yield 0.88 if named else 0.7, "一方看不出是文件文本"
    names = {
        "draft": "征求意见稿",
        "review": "送审稿",
        "final": "印发稿",
        "amended": "修订",
        "repealed": "废止",
        "interpretation": "解读",
        "other": "其他",
    }
    yield 1.0, f"阶段：{names[one.stage]} → {names[other.stage]}"
    if (a.act == "amend") != (b.act == "amend"):
        # A draft that says 修正案, 修订 becomes law by a decision to amend; beside the standing text the decision is for a person to see.
        asked = one.stage in ("draft", "review") and a.amended and b.act == "amend"
        yield (0.9, "修订草案由修改决定通过") if asked else (0.6, "一方是修改决定")
    if b.amended and not a.amended and b.act != "amend":
        yield (0.88, "印发稿注明修订") if one.stage in ("draft", "review") else (0.7, "后者是修订版本")
    if a.amended and not b.amended and one.stage not in ("draft", "review"):
        yield 0.7, "前者是修订版本"
    if a.act == "consult" and _GATHERS.search(a.whole) and not _TEXT_OUT.search(a.whole):
        yield 0.8 if one.region and other.region else 0.45, "征集的可能是编制建议，不是文本"
    if a.trial != b.trial:
        yield 0.9, "只有一方注明试行"
    if any(side.title.forwarded and _passed_on(side) for side in (one, other)):
        yield 0.75, "一方是转发"


def _passed_on(side: _Known) -> bool:
    """Whether a forwarding notice passes on the plan of another place, or of none that is known; a government that forwards its own bureau's does not."""
    sender = region_of(re.split("转发|批转", side.title.whole, maxsplit=1)[0])
    if side.region is None:
        return not side.national
    return sender is not None and not same_place(sender, side.region)


def _dates(one: _Known, other: _Known, relation: Relation) -> Iterator[tuple[float, str]]:
    earlier, later = _day(one.facts.date), _day(other.facts.date)
    if earlier is None or later is None:
        return
    days = (later - earlier).days
    if days < 0 and relation in ("final", "repeal", "review") and one.stage != other.stage:
        yield 0.45, f"后一阶段的日期更早：{other.facts.date}，{one.facts.date}"
    elif relation in ("final", "review") and abs(days) > 3 * 366:
        yield 0.6, f"相隔{abs(days) // 365}年"
    elif relation == "final" and one.stage == other.stage and abs(days) > 366 and not one.period:
        yield 0.6, f"两份印发稿相隔{abs(days)}天"
    else:
        yield 1.0, f"日期顺序相符：{one.facts.date} → {other.facts.date}"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _with_text(one: _Known, other: _Known, confidence: float, reasons: list[str]) -> float:
    """Nearly equal texts settle a doubtful pair; they never outvote another place, other years or another kind of paper."""
    if confidence < DOUBTFUL or "interpretation" in (one.stage, other.stage):
        return confidence
    likeness = sketch_likeness(one.facts.sketch, other.facts.sketch)
    if likeness >= 0.5:
        reasons.append(f"正文相似度{likeness:.0%}")
        return max(confidence, 0.9 + 0.08 * likeness)
    return confidence


def _same_body(one: _Known, other: _Known) -> bool:
    return one.facts.digest is not None and one.facts.digest == other.facts.digest
