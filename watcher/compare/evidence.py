"""What speaks for two titles being editions of one document and what against it, each with how sure it leaves us. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from watcher.compare.known import Known
from watcher.compare.senders import senders_agree
from watcher.compare.subjects import Alike, alike
from watcher.lexicon.places import is_within, places_in, region_of, same_place
from watcher.lexicon.titles import holds, kernel_of_plan, subject_of_plan
from watcher.types import Relation

_ZONE = re.compile("[\u4e00-\u9fff]{2,8}?(?:高新区|经开区|自贸区|新区|示范区|工业园|度假区|生态城|综保区)")
"""A zone at the head of a subject is a place of its own, whichever city is printed before it."""
_GATHERS = re.compile("征集|收集")
_TEXT_OUT = re.compile(
    "《|稿|草案|公示|(?:规划|计划|方案|办法|条例|规定|细则|意见|措施|纲要)(?:[(][^()]*[)])?(?:公开)?意见(?:建议)?征[集求]"
)
"""What shows that there is a text to have an opinion on; 关于征集X规划意见建议的公告 may ask what a plan yet to be written should say."""


def evidence(one: Known, other: Known, relation: Relation) -> Iterator[tuple[float, str]]:
    """Each reason and the confidence that it leaves at most."""
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
        yield years(one.period, other.period)
        return
    yield score, f"{likeness.reason}：{plan_b}" if likeness.score >= 0.9 else likeness.reason
    if score < 0.4:
        return
    place = _place(one, other, plan_a, plan_b, equal=equal)
    # Two doubts are one too many: another kind of paper, and a place that only one side names.
    yield (0.4, place[1]) if score < 0.7 and bool(one.region) != bool(other.region) else place
    yield years(one.period, other.period)
    if (
        relation == "final"
        and one.stage not in ("draft", "review")
        and not senders_agree(one.title.whole, other.title.whole)
    ):
        yield 0.8, "两份都已印发，发文单位不同"
    yield from _stages(one, other, relation)
    yield from _dates(one, other, relation)


def _steps(one: Known, other: Known) -> bool:
    """A draft and a final of one place and one period, both printed: a word of praise more makes no second plan."""
    staged = one.stage in ("draft", "review") and other.stage == "final"
    return (
        staged
        and one.period == other.period is not None
        and bool(one.region and other.region and same_place(one.region, other.region))
    )


def _best(one: Known, other: Known, relation: Relation) -> tuple[Alike, str, str]:
    """The pair of plans that is most alike; a repeal decision is compared by what it repeals unless both are repeals."""
    pairs = [(alike(a, b), a, b) for a in one.plans for b in other.plans]
    if relation == "final" and one.title.act == other.title.act == "repeal":
        pairs += [(alike(ended(a), ended(b)), a, b) for a in one.plans for b in other.plans]
    elif relation == "repeal":
        pairs += [(alike(ended(a), ended(b)), ended(a), ended(b)) for a in one.plans for b in other.plans]
    best = max(pairs, key=lambda pair: pair[0].score)
    if best[0].score < 0.9:
        for plan, whole in (
            *((plan, other.printed) for plan in one.plans),
            *((plan, one.printed) for plan in other.plans),
        ):
            if holds(whole, plan):
                return Alike(0.92, "标题中有该文件的全名"), plan, plan
    return best


def ended(plan: str) -> str:
    """What a repeal decision ends: 废止《X》的决定 → X."""
    match = re.search(r"废止《?(.{3,}?)》?(?:的?(?:决定|通知|公告|命令))?$", plan)
    return match[1] if match else plan


def _place(one: Known, other: Known, plan_a: str, plan_b: str, *, equal: bool) -> tuple[float, str]:
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


def years(a: str | None, b: str | None) -> tuple[float, str]:
    """What the years of two plans leave."""
    if a == b:
        return 1.0, f"规划期一致：{a}" if a else "均未写明规划期"
    if not a or not b:
        return 0.88, f"只有一方写明规划期：{a or b}"
    if a[-4:] == b[-4:] and abs(int(a[:4]) - int(b[:4])) <= 3:
        return 0.74, f"规划期起点不同、终点相同：{a}、{b}"
    return 0.04, f"规划期不同：{a}、{b}"


def _stages(one: Known, other: Known, relation: Relation) -> Iterator[tuple[float, str]]:
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


def _passed_on(side: Known) -> bool:
    """Whether a forwarding notice passes on the plan of another place, or of none that is known; a government that forwards its own bureau's does not."""
    sender = region_of(re.split("转发|批转", side.title.whole, maxsplit=1)[0])
    if side.region is None:
        return not side.national
    return sender is not None and not same_place(sender, side.region)


def _dates(one: Known, other: Known, relation: Relation) -> Iterator[tuple[float, str]]:
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


def _same_body(one: Known, other: Known) -> bool:
    return one.facts.digest is not None and one.facts.digest == other.facts.digest
