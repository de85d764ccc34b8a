"""Lineage: whether two titles (or readings) are editions of one document, how sure that is, and why. Pure.

What decides is the plan that a title carries (not the notice around it), its place, its years and the order of stages; the text
only helps. The issuer need not agree: bureaus draft, governments issue.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from watcher.compare.evidence import ended, evidence, years
from watcher.compare.known import Facts, Known, known_of
from watcher.compare.likeness import sketch, sketch_likeness, text_digest
from watcher.compare.subjects import subjects_alike
from watcher.lexicon.places import same_place
from watcher.lexicon.titles import kernel_of_plan, subject_of_plan
from watcher.types import Link, Relation, Stage

__all__ = [
    "DOUBTFUL",
    "PROPOSE",
    "THRESHOLD",
    "Bounds",
    "Facts",
    "bounds",
    "explain",
    "in_time",
    "possible",
    "with_text",
]

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


def explain(a: str | Facts, b: str | Facts) -> Link:
    """Whether ``b`` is an edition of the document that ``a`` is an edition of, or explains or repeals it.

    ``relation`` says what ``b`` is to ``a``: its final, a later draft (``review``), an interpretation, a repeal. Where ``a`` is clearly the later stage the
    two change places. ``linked`` is true from ``THRESHOLD``; between ``PROPOSE`` and ``THRESHOLD`` the pair is worth a person's look.
    """
    one = known_of(a if isinstance(a, Facts) else Facts(a))
    other = known_of(b if isinstance(b, Facts) else Facts(b))
    if _ORDER[one.stage] > _ORDER[other.stage]:
        one, other = other, one
    relation, objection = _relation(one, other)
    if relation == "none":
        return Link(False, "none", 0.05, (objection,))
    reasons: list[str] = []
    confidence = 1.0
    for score, reason in evidence(one, other, relation):
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
    known = known_of(facts)
    gone = (ended(plan) for plan in known.plans if "废止" in plan)
    subjects = "\n".join(dict.fromkeys(map(subject_of_plan, (*known.plans, *gone))))
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
    return years(a, b)[0] >= PROPOSE


def _related(one: Bounds, other: Bounds) -> bool:
    for a in one.subjects.split("\n"):
        for b in other.subjects.split("\n"):
            found = subjects_alike(a, b)
            if found.score >= PROPOSE or found.more:
                return True
    return any(kernel in other.printed for kernel in one.kernels.split("\n")) or any(
        kernel in one.printed for kernel in other.kernels.split("\n")
    )


def _relation(one: Known, other: Known) -> tuple[Relation, str]:
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


def _derived_alike(one: Known, other: Known) -> bool:
    """A title without 《》 around the plan that it carries out looks bare: 养老服务条例实施细则."""
    return any(kernel_of_plan(a) == kernel_of_plan(b) for a in one.plans for b in other.plans)


def _later(other: Known) -> Relation:
    return "review" if other.stage in ("draft", "review") else "final"


def _with_text(one: Known, other: Known, confidence: float, reasons: list[str]) -> float:
    """Nearly equal texts settle a doubtful pair; they never outvote another place, other years or another kind of paper."""
    if confidence < DOUBTFUL or "interpretation" in (one.stage, other.stage):
        return confidence
    likeness = sketch_likeness(one.facts.sketch, other.facts.sketch)
    if likeness >= 0.5:
        reasons.append(f"正文相似度{likeness:.0%}")
        return max(confidence, 0.9 + 0.08 * likeness)
    return confidence
