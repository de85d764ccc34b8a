"""What becomes of an alert after a try: sent, tried again, a dead letter, or its channel stops. Pure; chance is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from watcher.settings import Alerting
from watcher.types import Delivered, Delivery
from watcher.words import both, told

FIRST = 30.0
"""Seconds before the second try."""
FACTOR = 4.0
LONGEST = 6 * 3600.0
"""Seconds between two tries at most: eight tries reach over about fifteen hours."""
JITTER = 0.25
"""Share of a wait by which chance makes it longer, so that many alerts do not come back at once."""
MAX_RETRY_AFTER = 86400.0


@dataclass(frozen=True, slots=True)
class Fate:
    """``sent``; ``retry`` not before ``not_before``; ``dead``: this alert is given up; ``stopped``: so is its channel.

    A ``dead`` or ``stopped`` one opens a ``channel-dead`` incident, on the fallback channels, unless ``rejected``: then
    the message itself was refused and the channel is well.
    """

    state: Literal["sent", "retry", "dead", "stopped"]
    not_before: datetime | None = None
    reason: str = ""
    rejected: bool = False


def delay(tries: int, random: float) -> float:
    """Seconds after that many failures (1 or more); ``random`` is from 0 up to 1."""
    wait = min(LONGEST, FIRST * FACTOR ** (max(tries, 1) - 1))
    return wait * (1 + JITTER * random)


def fate(delivery: Delivery, tries: int, now: datetime, alerting: Alerting, random: float) -> Fate:
    """The fate after ``tries`` tries, this one counted. ``Retry-After`` is a floor under our own waiting time."""
    if isinstance(delivery, Delivered):
        return Fate("sent", reason=delivery.answer)
    if delivery.permanent:
        return Fate("stopped", reason=delivery.reason)
    if delivery.rejected:
        return Fate("dead", reason=delivery.reason, rejected=True)
    if tries >= max(1, alerting.tries):
        zh, en = told(delivery.reason, "zh"), told(delivery.reason, "en")
        return Fate("dead", reason=both(f"试了{tries}次；最后一次：{zh}", f"{tries} tries; last: {en}"))
    asked = min(max(delivery.retry_after or 0.0, 0.0), MAX_RETRY_AFTER)
    own = delay(tries, random)
    # Where the far end names a time, chance still spreads those who were all told the same one.
    wait = max(own, asked + min(asked, FIRST) * JITTER * random)
    return Fate("retry", now + timedelta(seconds=wait), delivery.reason)
