"""Several changes of one document within its settling time become one event. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from watcher.alert.events import document_of
from watcher.alert.moves import objects, string
from watcher.types import Event

Json = Mapping[str, object]


def merge(events: Sequence[Event]) -> Event:
    """One ``document.changed`` of several of the same document, oldest first; from the first's ``from`` to the last's ``to``.

    Moves of one indicator are chained: the first before, the last after; what came back to where it was is left out.
    Edits stay one after the other. ``changes`` says how many were merged, ``restored`` how many moves came back. The better way, where both versions are at
    hand, is to compare them anew and put ``changes`` to that event. Raises ``ValueError`` for other events.
    """
    if not events or any(event.type != "document.changed" for event in events):
        raise ValueError("only changes of a document can be merged")
    if len({document_of(event) for event in events}) != 1:
        raise ValueError("these are changes of different documents")
    if len(events) == 1:
        return events[0]
    first, last = events[0], events[-1]
    moves, restored = _chain(events)
    edits = [edit for event in events for edit in objects(event.data.get("edits"))]
    titles = _titles(events)
    data = {
        **{name: value for name, value in last.data.items() if name != "renamed"},
        **({"renamed": titles} if titles else {}),
        "from": first.data.get("from"),
        "moves": moves,
        "edits": edits,
        "changes": sum(_number(event.data.get("changes"), 1) for event in events),
        "restored": restored + sum(_number(event.data.get("restored"), 0) for event in events),
    }
    return Event("document.changed", last.timestamp, data)


def _titles(events: Sequence[Event]) -> Json | None:
    """The page's title before the first and after the last of the changes, where it moved and did not come back."""
    moved = [titles for event in events if isinstance(titles := event.data.get("renamed"), Mapping)]
    if not moved or moved[0].get("before") == moved[-1].get("after"):
        return None
    return {"before": moved[0].get("before"), "after": moved[-1].get("after")}


def _number(value: object, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def _identity(move: Json) -> tuple[str, ...]:
    name = string(move.get("key")) or string(move.get("name"))
    sides = [side for side in (move.get("before"), move.get("after")) if isinstance(side, Mapping)]
    origin = string(sides[-1].get("origin")) if sides else ""
    role = string(sides[-1].get("role")) if sides else ""
    return (name, string(move.get("year")), string(move.get("unit")), origin, role)


def _chain(events: Sequence[Event]) -> tuple[list[Json], int]:
    """The moves from end to end, and how many came back. A move goes on where an earlier one ended, each once: two statements of
    one indicator (county and city) are two chains, and what fits no end begins one of its own.
    """
    chains: list[list[Json]] = []
    for event in events:
        open_ends: dict[object, list[list[Json]]] = {}
        for chain in chains:
            open_ends.setdefault((_identity(chain[-1]), _said(chain[-1].get("after"))), []).append(chain)
        for move in objects(event.data.get("moves")):
            if ends := open_ends.get((_identity(move), _said(move.get("before")))):
                ends.pop(0).append(move)
            else:
                chains.append([move])
    whole = [_whole(chain) for chain in chains]
    return [move for move in whole if move is not None], whole.count(None)


def _whole(chain: Sequence[Json]) -> Json | None:
    """A chain as one move, ``None`` where it ends where it began."""
    if len(chain) == 1:
        return chain[0]
    before, after = chain[0].get("before"), chain[-1].get("after")
    if _said(before) == _said(after):
        return None
    kind = "added" if before is None else "removed" if after is None else "changed"
    effects = {link.get("effect") for link in chain}
    effect = effects.pop() if len(effects) == 1 else kind if kind != "changed" else None
    return {**chain[-1], "before": before, "after": after, "kind": kind, "effect": effect}


def _said(side: object) -> tuple[str, ...] | None:
    if not isinstance(side, Mapping):
        return None
    return tuple(string(side.get(name)) for name in ("op", "value", "text", "nature"))
