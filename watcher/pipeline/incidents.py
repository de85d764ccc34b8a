"""Incidents of sources: opened once after enough failures, closed once when the source is well again."""

from __future__ import annotations

from datetime import datetime

from watcher.alert import events
from watcher.pipeline.context import Context
from watcher.pipeline.telling import facts_of, tell
from watcher.store import SourceRow
from watcher.store.database import moment

AT_ONCE = frozenset({"bug", "degraded", "configuration", "format-helper"})
"""Kinds that will not pass by themselves: told at the first failure."""
READABLE = frozenset({"flapping", "indicators-lost", "silent"})
"""Kinds that may be open while a source is read well: an outage takes their place, and its end is not theirs."""


def settle_incident(context: Context, row: SourceRow, at: datetime, failures: int, kind: str | None, note: str) -> None:
    """What a visit means for the incident of its source; ``kind`` is None after a good one. Call inside a transaction."""
    store = context.store
    if kind is None:
        if row.verdict in (None, "document") and not row.note:
            return
        for closed in store.incidents.close(row.name, at, but=READABLE):
            if closed["kind"] == "gone":
                event = events.back(facts_of(context, row), at)
            else:
                event = events.incident_closed(
                    facts_of(context, row), closed["kind"], at, since=moment(closed["opened_at"]), incident=closed["id"]
                )
            tell(context, event, document_id=row.document_id, source_id=row.id)
        return
    if kind not in AT_ONCE and failures < context.sources.alerting.incident_after:
        return
    opened = store.incidents.open(row.name, kind, note or kind, at, row.id)
    if opened is None and any(store.incidents.close(row.name, at, kind=one) for one in READABLE):
        opened = store.incidents.open(row.name, kind, note or kind, at, row.id)
    if opened is not None:
        facts = facts_of(context, row)
        if kind == "gone":
            event = events.gone(facts, at, reason=note)
        else:
            event = events.incident_opened(facts, kind, at, failures=failures, reason=note, incident=opened)
        tell(context, event, document_id=row.document_id, source_id=row.id)
