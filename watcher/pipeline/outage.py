"""Whether our own network is gone: one incident for all sources, instead of one a source. Decisions are pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from watcher.store.database import moment

if TYPE_CHECKING:
    from watcher.pipeline.context import Context

SILENCE: Final[frozenset[str]] = frozenset({"dns", "connect", "timeout"})
"""Kinds of ``FetchError`` that may be our own network's fault: nothing came back."""
HOSTS = 3
"""So many hosts must be lost in a row, all of them well before, without one that is reached in between."""
TIMED_OUT = 6
"""A time-out proves less than a refused or unknown address (the far end may be slow): so many hosts when there are some among them."""
RETRY = 60.0
"""Seconds after which a source is asked again that our own network kept from us."""
PROBES = 4
"""Visits under way at a time while the network is gone."""
SUBJECT = "network"


@dataclass(slots=True)
class Outlook:
    """What the newest visits say of our own way out.

    Hosts that were failing before prove nothing, so three dead sites among many never look like a dead network; any
    answer, an error page included, proves that the network is there.
    """

    lost: bool = False
    told: bool | None = None
    """Whether the incident is open; None until the store was asked."""
    refused: set[str] = field(default_factory=set)
    timed_out: set[str] = field(default_factory=set)

    def saw(self, host: str | None, wire: str | None, *, well_before: bool) -> None:
        """One visit: ``wire`` is the kind of error that kept an answer away, None when one came. No host (a file): passed over."""
        if not host or (wire is not None and wire not in SILENCE):
            return
        if wire is None:
            self.refused.clear()
            self.timed_out.clear()
            self.lost = False
        elif not self.lost and well_before:
            (self.timed_out if wire == "timeout" else self.refused).add(host)
            self.lost = len(self.refused) >= HOSTS or len(self.refused | self.timed_out) >= TIMED_OUT

    def excuses(self, wire: str | None) -> bool:
        """Whether a visit failed because of us: it says nothing of its source then."""
        return self.lost and wire in SILENCE


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
    from watcher.alert import events
    from watcher.alert.events import DocumentFacts
    from watcher.pipeline.telling import tell

    about = DocumentFacts(SUBJECT, SUBJECT)
    if outlook.lost:
        opened = incidents.open(SUBJECT, "network", f"{len(outlook.refused | outlook.timed_out)} hosts at once", at)
        if opened is not None:
            tell(context, events.incident_opened(about, "network", at, incident=opened))
        return True
    for closed in incidents.close(SUBJECT, at):
        since = moment(closed["opened_at"])
        tell(context, events.incident_closed(about, "network", at, since=since, incident=closed["id"]))
    return False
