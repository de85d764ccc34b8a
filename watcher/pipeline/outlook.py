"""What the newest visits say of our own network. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

SILENCE: Final[frozenset[str]] = frozenset({"dns", "connect", "timeout"})
"""Kinds of ``FetchError`` that may be our own network's fault: nothing came back."""
HOSTS = 3
"""So many hosts must be lost in a row, all of them well before, without one that is reached in between."""
TIMED_OUT = 6
"""A time-out proves less than a refused or unknown address (the far end may be slow): so many hosts when there are some among them."""


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
