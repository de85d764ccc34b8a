"""Who gets what, and when: at once, in a digest, after quiet hours, or not at all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from watcher.alert.clock import next_at, quiet_until
from watcher.alert.moves import objects, string
from watcher.alert.weight import at_least
from watcher.settings import Alerting, Route
from watcher.text import plain
from watcher.types import Event, Period

SETTLING = frozenset({"document.changed"})
"""What may wait for a document to settle; a new stage is told at once."""
URGENT = frozenset({"test"})
"""What neither routes nor quiet hours hold back."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one event on one channel.

    ``now``: send as soon as possible. ``later``: not before ``at`` (quiet hours, settling). ``digest``: collected until
    ``at``. ``never``: no row is written. ``reason`` is for ``watcher alerts``.
    """

    deliver: Literal["now", "later", "digest", "never"]
    at: datetime | None = None
    reason: str = ""
    period: Period = "daily"
    """Of a digest: which one."""
    settle: bool = False
    """True where other changes of the same document that wait on this channel join this one."""


def decide(
    event: Event,
    channel: str,
    alerting: Alerting,
    now: datetime,
    timezone: str,
    *,
    document: str = "",
    columns: Iterable[str] = (),
    quiet_zone: str = "",
) -> Decision:
    """What becomes of ``event`` on the channel of that name. ``timezone`` is the source's (digests go by it),
    ``quiet_zone`` the readers' (quiet hours do; the same where it is left out); ``now`` is aware.

    ``document`` and ``columns`` say where the event belongs when its data does not. The first route that fits decides;
    without one it goes at once. First sightings of a first load go nowhere unless a route names their type or
    ``alerting.first_seen`` is on.
    """
    if event.type in URGENT:
        return Decision("now")
    route = next((route for route in alerting.routes if fits(route, event, channel, document, columns)), None)
    if event.type == "document.first_seen" and event.data.get("first_load") is True and not alerting.first_seen:
        named = route is not None and any(_type_fits(name, event.type) for name in route.types)
        if not named:
            return Decision("never", reason="first load")
    if route is not None and route.deliver == "never":
        return Decision("never", reason="a route says never")
    if route is not None and route.deliver in ("daily", "weekly"):
        weekday = route.weekday if route.deliver == "weekly" else None
        at = next_at(now, route.at, timezone, weekday)
        return Decision("digest", at, f"{route.deliver} digest at {route.at}", route.deliver)
    settle = alerting.settle > 0 and event.type in SETTLING
    at = now + timedelta(seconds=alerting.settle) if settle else now
    quiet = quiet_until(at, alerting.quiet_hours, quiet_zone or timezone)
    if quiet is not None:
        return Decision("later", quiet, "quiet hours", settle=settle)
    if settle:
        return Decision("later", at, "settling", settle=settle)
    return Decision("now")


def fits(route: Route, event: Event, channel: str, document: str = "", columns: Iterable[str] = ()) -> bool:
    """Whether every rule that the route has lets the event through; an empty tuple lets everything through."""
    data = event.data
    own = {name for name in (document, string(data.get("document"))) if name}
    own_columns = {*columns, *([string(data["column"])] if data.get("column") else [])}
    moves = objects(data.get("moves"))
    stages = {string(data.get("stage"))} | {string(_object(data.get(end)).get("stage")) for end in ("from", "to")}
    effects = {string(move.get(field)) for move in moves for field in ("effect", "kind")}
    return (
        (not route.channels or channel in route.channels)
        and (not route.documents or bool(own & set(route.documents)))
        and (not route.columns or bool(own_columns & set(route.columns)))
        and (not route.regions or _region_fits(route.regions, string(data.get("region"))))
        and (not route.indicators or any(_indicator_fits(route.indicators, move) for move in moves))
        and (not route.stages or bool(stages & set(route.stages)))
        and (not route.effects or bool(effects & set(route.effects)))
        and at_least(event, route.min_weight)
        and (not route.types or any(_type_fits(name, event.type) for name in route.types))
    )


def _type_fits(name: str, kind: str) -> bool:
    """``document.changed`` means itself, ``document`` and ``document.*`` every event of that family."""
    return name == kind or kind.startswith(name.removesuffix("*").removesuffix(".") + ".")


def _region_fits(regions: tuple[str, ...], region: str) -> bool:
    """A region means everything inside it: 绍兴市 fits 绍兴市上虞区."""
    return bool(region) and any(plain(wanted) in plain(region) for wanted in regions)


def _indicator_fits(indicators: tuple[str, ...], move: Mapping[str, object]) -> bool:
    names = {string(move.get("key")), plain(string(move.get("name")))} - {""}
    return any(wanted in names or plain(wanted) in names for wanted in indicators)


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
