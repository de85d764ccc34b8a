"""What is known of an edition, and what its title says. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from watcher.lexicon.places import region_of
from watcher.lexicon.titles import Title, kernel_of_plan, parse, period_of, printed
from watcher.types import Stage

_NATIONAL = re.compile(
    r"国务院|中共中央|全国人大|国家[\u4e00-\u9fff]{2,12}(?:委|局|总局|办公室|署)|中华人民共和国|(?:^|[、,])[\u4e00-\u9fff]{2,10}部(?:办公厅|等|关于|、|,)|^(?:我|全)国"
)


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
class Known:
    """Facts and what their title says."""

    facts: Facts
    title: Title
    printed: str
    plans: tuple[str, ...]
    stage: Stage
    region: str | None
    national: bool
    period: str | None


def known_of(facts: Facts) -> Known:
    """What a title says is remembered, what stands in a text is not: a sketch takes more room than all the rest."""
    bare = replace(facts, digest=None, sketch=()) if facts.digest or facts.sketch else facts
    return _remembered(facts) if bare is facts else replace(_remembered(bare), facts=facts)


@lru_cache(maxsize=256)
def _remembered(facts: Facts) -> Known:
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
    return Known(facts, title, printed(title.whole), own, stage, region, national, period)
