"""Incidents of sources: opened once after enough failures, closed once when the source is well again."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

from watcher.alert import events
from watcher.pipeline.context import Context
from watcher.pipeline.site_outage import page_back, page_out, page_still_out
from watcher.pipeline.telling import facts_of
from watcher.store import SourceRow
from watcher.store.database import moment

AT_ONCE = frozenset({"bug", "degraded", "configuration", "format-helper"})
"""Kinds that will not pass by themselves: told at the first failure."""
READABLE = frozenset({"flapping", "indicators-lost", "silent"})
"""Kinds that may be open while a source is read well: an outage takes their place, and its end is not theirs."""
MILDER = READABLE | {"degraded"}
"""Kinds that an outage takes the place of; the page is read again where one of them still holds."""


def settle_incident(context: Context, row: SourceRow, at: datetime, failures: int, kind: str | None, note: str) -> None:
    """What a visit means for the incident of its source; ``kind`` is None after a good one. Call inside a transaction."""
    store = context.store
    if kind is None:
        if row.verdict in (None, "document") and not row.note:
            return
        _close(context, row, at, but=READABLE)
        return
    if kind not in AT_ONCE and failures < context.sources.alerting.incident_after:
        return
    if kind == "degraded":  # it answers again, and is read by guess
        _close(context, row, at, but=MILDER)
    opened = store.incidents.open(row.name, kind, note or kind, at, row.id)
    if opened is None:
        there = store.incidents.open_kind(row.name)
        if there != kind and (there in MILDER or kind == "gone" == row.verdict):
            store.incidents.close(row.name, at)
            opened = store.incidents.open(row.name, kind, note or kind, at, row.id)
        elif there is not None:
            page_still_out(context, row, there, at)
    if opened is not None:
        facts = facts_of(context, row)
        if kind == "gone":
            event = events.gone(facts, at, reason=note)
        else:
            event = events.incident_opened(facts, kind, at, failures=failures, reason=note, incident=opened)
        page_out(context, row, kind, event, at)


def _close(context: Context, row: SourceRow, at: datetime, *, but: Set[str]) -> None:
    """Ends what a page that answers has no more, and tells of it."""
    for closed in context.store.incidents.close(row.name, at, but=but):
        kind, facts = closed["kind"], facts_of(context, row)
        if kind == "gone":
            event = events.back(facts, at)
        else:
            event = events.incident_closed(facts, kind, at, since=moment(closed["opened_at"]), incident=closed["id"])
        page_back(context, row, kind, event, at)
