"""Our own network is gone: one incident for all sources, instead of one a source."""

from __future__ import annotations

from datetime import datetime

from watcher.alert import events
from watcher.alert.events import DocumentFacts
from watcher.pipeline.context import Context
from watcher.pipeline.telling import tell
from watcher.store.database import moment
from watcher.words import both

RETRY = 60.0
"""Seconds after which a source is asked again that our own network kept from us."""
PROBES = 4
"""Visits under way at a time while the network is gone."""
SUBJECT = "network"


def settle_outage(context: Context, at: datetime) -> bool:
    """Opens or closes the one incident of the network; call inside a transaction.

    Returns whether it is open now: what ``Outlook.told`` becomes once the transaction stands.
    """
    incidents = context.store.incidents
    outlook = context.outlook
    if outlook.told is None:
        outlook.told = SUBJECT in incidents.open_subjects()
        outlook.lost = outlook.lost or (outlook.told and bool(outlook.refused or outlook.timed_out))
    if outlook.lost == outlook.told:
        return outlook.told

    about = DocumentFacts(SUBJECT, SUBJECT)
    if outlook.lost:
        count = len(outlook.refused | outlook.timed_out)
        opened = incidents.open(SUBJECT, "network", both(f"{count} 个主机同时连不上", f"{count} hosts at once"), at)
        if opened is not None:
            tell(context, events.incident_opened(about, "network", at, incident=opened))
        return True
    for closed in incidents.close(SUBJECT, at):
        since = moment(closed["opened_at"])
        tell(context, events.incident_closed(about, "network", at, since=since, incident=closed["id"]))
    return False
