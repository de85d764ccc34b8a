"""An outage is told once, its end once, and always with what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.samples import NOW, PLAN
from watcher.alert import events, incidents
from watcher.alert.incidents import ADVICE, KINDS, Step, incident_after
from watcher.alert.message import compose
from watcher.settings import Alerting
from watcher.types import Verdict

ALERTING = Alerting(incident_after=3)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def test_every_kind_says_what_it_means_and_what_to_do() -> None:
    assert set(ADVICE) == KINDS
    for kind in KINDS:
        for language in ("zh", "en"):
            meaning, todo = incidents.advice(kind, language)
            assert meaning
            assert todo
            message = compose(events.incident_opened(PLAN, kind, NOW, failures=3, since=NOW), language)
            assert message.summary == meaning
            assert todo in message.facts[-1]


def test_an_incident_of_an_unknown_kind_is_still_told() -> None:
    message = compose(events.incident_opened(PLAN, "new-kind", NOW))
    assert "new-kind" in message.title
    assert message.summary


@given(st.lists(st.sampled_from(VERDICTS), max_size=40))
@settings(max_examples=150)
def test_each_outage_opens_one_incident_and_closes_it(history: list[Verdict]) -> None:
    open_kind: str | None = None
    steps: list[str] = []
    for at in range(1, len(history) + 1):
        step = incident_after(history[:at], open_kind, ALERTING)
        if step.do == "open":
            assert open_kind is None
            assert step.failures >= 3
            open_kind = step.kind
            assert open_kind in KINDS
        elif step.do == "close":
            assert step.kind == open_kind
            assert history[at - 1] == "document"
            open_kind = None
        if step.do != "none":
            steps.append(step.do)
    assert steps == ["open", "close"] * (len(steps) // 2) + ["open"] * (len(steps) % 2)


@pytest.mark.parametrize(
    ("verdicts", "open_kind", "step"),
    [
        ([], None, Step("none")),
        (["challenge"] * 2, None, Step("none")),
        (["document", "error", "unreachable", "challenge"], None, Step("open", "blocked", 3)),
        (["challenge"] * 9, "blocked", Step("none")),
        (["gone"] * 9, "blocked", Step("none")),
        (["challenge"] * 9 + ["document"], "blocked", Step("close", "blocked")),
        (["error", "error", "document", "error"], None, Step("none")),
    ],
)
def test_a_streak_opens_and_a_document_closes(verdicts: list[Verdict], open_kind: str | None, step: Step) -> None:
    assert incident_after(verdicts, open_kind, ALERTING) == step


def test_silence_loss_and_lateness() -> None:
    day = timedelta(days=1)
    assert incidents.silent(NOW - 8 * day, NOW, Alerting(silent_after=7 * 86400))
    assert not incidents.silent(NOW - 6 * day, NOW, Alerting(silent_after=7 * 86400))
    assert not incidents.silent(NOW - 800 * day, NOW, Alerting())
    assert incidents.indicators_lost(23, 0)
    assert not incidents.indicators_lost(23, 1)
    assert not incidents.indicators_lost(1, 0)
    assert incidents.overdue(NOW - timedelta(hours=1), NOW)
    assert not incidents.overdue(NOW, NOW)
    assert not incidents.overdue(None, NOW)
