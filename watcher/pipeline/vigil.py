"""Incidents that no single visit can tell: a silent source, a scheduler that lags, a database that takes no writes."""

from __future__ import annotations

from datetime import datetime, timedelta

from watcher.alert import events, incidents
from watcher.alert.events import DocumentFacts
from watcher.pipeline.context import Context
from watcher.pipeline.telling import facts_of, tell
from watcher.store.database import moment
from watcher.words import both

SCHEDULER = "scheduler"
SETTINGS = "sources.yaml"
CLUSTER = "executor"
STRANDED = 20.0
"""Seconds without any worker before it is told: a scheduler that is started again is back sooner."""
DATABASE = "database"
DISK = "disk"


def watch(context: Context, steady_since: datetime) -> None:
    """Opens and closes what must be; to be called about once a minute.

    ``steady_since`` is when the service started or its clock last jumped: what was due before that could not be done in
    time, and is no fault of the scheduler.
    """
    now = context.now()
    _overdue(context, now, steady_since)
    _stranded(context, now)
    _silent(context, now)


def _overdue(context: Context, now: datetime, steady_since: datetime) -> None:
    oldest = context.store.sources.oldest_due(now)
    late = oldest is not None and incidents.overdue(max(moment(oldest), steady_since), now)
    excused = context.outlook.lost or _trouble(context) is not None
    service_incident(
        context,
        SCHEDULER,
        "overdue",
        now,
        late and not excused,
        both(f"最早的一项 {oldest} 就已到期", f"due since {oldest}"),
    )


def _stranded(context: Context, now: datetime) -> None:
    """Workers on other machines that cannot be reached: everything waits for them."""
    workers = context.workers
    for_long = workers is not None and workers.stranded >= STRANDED
    service_incident(context, CLUSTER, "cluster", now, for_long, _trouble(context) or "")


def _trouble(context: Context) -> str | None:
    return context.workers.trouble if context.workers is not None else None


def service_incident(context: Context, subject: str, kind: str, now: datetime, there: bool, detail: str) -> bool:
    """Opens or closes an incident of the service itself; told once each. True when something changed."""
    store = context.store
    if there == (subject in store.incidents.open_subjects()):
        return False
    about = DocumentFacts(subject, subject)
    with store.atomic():
        if there:
            opened = store.incidents.open(subject, kind, detail, now)
            if opened is not None:
                tell(context, events.incident_opened(about, kind, now, reason=detail, incident=opened))
        for closed in [] if there else store.incidents.close(subject, now):
            since = moment(closed["opened_at"])
            tell(context, events.incident_closed(about, kind, now, since=since, incident=closed["id"]))
    (context.log.warning if there else context.log.info)(
        f"{kind}.opened" if there else f"{kind}.closed", subject=subject, detail=detail
    )
    return True


def _silent(context: Context, now: datetime) -> None:
    """Sources that gave no sign for longer than ``silent_after``: a page no good check, a column no new item."""
    after = context.sources.alerting.silent_after
    store = context.store
    rows = {} if after is None else {row.name: row for row in store.sources.silent(now - timedelta(seconds=after))}
    there = {one["subject"]: one for one in store.incidents.of_kind("silent")}
    if rows.keys() == there.keys():
        return
    with store.atomic():
        for name in rows.keys() - there.keys():
            row = rows[name]
            since_day = f"{now - timedelta(seconds=after or 0):%Y-%m-%d}"
            detail = both(f"{since_day} 以来没有动静", f"no sign since {since_day}")
            opened = store.incidents.open(name, "silent", detail, now, row.id)
            if opened is not None:
                event = events.incident_opened(facts_of(context, row), "silent", now, incident=opened)
                tell(context, event, document_id=row.document_id, source_id=row.id, column_id=column_of(row.kind, name))
        for name in there.keys() - rows.keys():
            for closed in store.incidents.close(name, now, kind="silent"):
                if closed["source_id"] is None:
                    continue
                row = store.sources.get(closed["source_id"])
                since = moment(closed["opened_at"])
                event = events.incident_closed(
                    facts_of(context, row), "silent", now, since=since, incident=closed["id"]
                )
                tell(context, event, document_id=row.document_id, source_id=row.id, column_id=column_of(row.kind, name))


def column_of(kind: str, name: str) -> str | None:
    """The column's id, where a source is one."""
    return name if kind == "column" else None
