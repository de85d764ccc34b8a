"""What weighs most is what binds, and what was weakened; a text that moves no figure weighs least."""

from __future__ import annotations

import pytest

from tests.channels.samples import DRAFT, MOVES, NOW, PLAN, diff, move, samples, side
from watcher.alert import events
from watcher.alert.routes import decide, fits
from watcher.alert.weight import at_least, move_weight, weight
from watcher.settings import WEIGHTS, Alerting, Route
from watcher.types import Event


def one(kind: str, effect: str | None, before: dict[str, object] | None, after: dict[str, object] | None) -> Event:
    """A change with one move."""
    return events.changed(PLAN, diff([move("床位数", "张", kind, effect, before, after)], []), NOW)


BOUND = side(">=", "3", nature="约束性")
HOPED = side(">=", "3")


@pytest.mark.parametrize(
    ("event", "weighs"),
    [
        (one("changed", "relaxed", HOPED, side(">=", "2")), "high"),
        (one("removed", "removed", HOPED, None), "high"),
        (one("changed", "tightened", BOUND, side(">=", "4", nature="约束性")), "high"),
        (one("added", "added", None, BOUND), "high"),
        (one("changed", "binding", HOPED, BOUND), "high"),
        (one("changed", "unbinding", BOUND, HOPED), "high"),
        (one("changed", "tightened", HOPED, side(">=", "4")), "medium"),
        (one("added", "added", None, HOPED), "medium"),
        (one("changed", None, HOPED, side("text", None, text="持续增长")), "medium"),
        (one("reworded", "reworded", BOUND, BOUND), "low"),
        (one("changed", "restated", {**HOPED, "role": "baseline"}, {**HOPED, "role": "baseline"}), "low"),
        (one("removed", "removed", {**HOPED, "role": "actual"}, None), "low"),
        (samples()["document.changed-text-only"], "low"),
        (samples()["document.stage_changed-same-text"], "high"),
        (samples()["consultation.opened"], "medium"),
        (samples()["consultation.closing"], "medium"),
        (samples()["consultation.closing-today"], "high"),
        (samples()["incident.opened"], "medium"),
    ],
)
def test_an_event_weighs_what_a_planner_would_say(event: Event, weighs: str) -> None:
    assert weight(event) == weighs


def test_the_weightiest_move_decides() -> None:
    assert [move_weight(one) for one in MOVES[:3]] == ["medium", "medium", "high"]
    assert weight(events.changed(PLAN, diff(MOVES), NOW)) == "high"
    assert weight(events.changed(PLAN, diff(MOVES[:2]), NOW)) == "medium"


def test_every_event_has_a_weight_and_low_lets_all_through() -> None:
    for event in samples().values():
        assert weight(event) in WEIGHTS
        assert at_least(event, "low")
        assert fits(Route(), event, "team")


def test_a_route_takes_what_weighs_enough_and_leaves_the_rest_to_the_next() -> None:
    heavy, light = samples()["document.changed"], samples()["document.changed-text-only"]
    alerting = Alerting(
        routes=(Route(min_weight="high"), Route(min_weight="medium", deliver="daily"), Route(deliver="never"))
    )
    said = [decide(event, "team", alerting, NOW, "UTC").deliver for event in (heavy, events.back(DRAFT, NOW), light)]
    assert said == ["now", "digest", "never"]
