"""An outage is told once, its end once, and always with what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

from tests.channels.samples import NOW, PLAN
from watcher.alert import events, incidents
from watcher.alert.incidents import ADVICE, kind_of
from watcher.alert.message import compose
from watcher.types import Verdict

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


def test_every_kind_says_what_it_means_and_what_to_do() -> None:
    for kind in ADVICE:
        for language in ("zh", "en"):
            meaning, todo = incidents.advice(kind, language)
            assert meaning
            assert todo
            message = compose(events.incident_opened(PLAN, kind, NOW, failures=3, since=NOW), language)
            assert message.summary == meaning
            assert todo in message.facts[-1]


def test_every_verdict_but_a_document_counts_towards_a_kind() -> None:
    assert {verdict for verdict in VERDICTS if kind_of(verdict) is None} == {"document"}
    assert {kind_of(verdict) for verdict in VERDICTS} - {None} <= ADVICE.keys()


def test_an_incident_of_an_unknown_kind_is_still_told() -> None:
    message = compose(events.incident_opened(PLAN, "new-kind", NOW))
    assert "new-kind" in message.title
    assert message.summary


def test_loss_and_lateness() -> None:
    assert incidents.indicators_lost(23, 0)
    assert not incidents.indicators_lost(23, 1)
    assert not incidents.indicators_lost(1, 0)
    assert incidents.overdue(NOW - timedelta(hours=1), NOW)
    assert not incidents.overdue(NOW, NOW)
    assert not incidents.overdue(None, NOW)
