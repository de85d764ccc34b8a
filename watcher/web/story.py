"""A document's indicators over its versions: rows that people read, each with what it was before. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from watcher.lexicon.names import normal
from watcher.lexicon.units import family
from watcher.types import Indicator
from watcher.web.figures import number, shown


@dataclass(frozen=True, slots=True)
class Value:
    """One figure with its year and where it stands in the text."""

    year: str
    text: str
    at: str
    role: str
    nature: str
    origin: str
    quote: str
    disputed: bool


@dataclass(slots=True)
class Line:
    """One indicator of a document."""

    name: str
    key: str | None
    section: str
    nature: str = ""
    disputed: bool = False
    befores: list[Value] = field(default_factory=list)
    targets: list[Value] = field(default_factory=list)
    steps: list[tuple[int, str, str]] = field(default_factory=list)
    """Version number, stage and value, one entry for each time that the target changed."""
    points: list[tuple[int, float]] = field(default_factory=list)
    """The same as numbers, for the small chart."""
    since: int = 0
    """The version that it came with, 0 when it stood in the first one."""

    @property
    def moved(self) -> bool:
        """Whether it changed from one version to another, or came with a later one."""
        return len(self.steps) > 1 or bool(self.since)


def _idea(name: str, key: str | None, unit: str) -> tuple[str, str]:
    # What is said of a known indicator in words (逐步降低) has no unit, and belongs to its figures.
    return (key, "") if key else (normal(name), family(unit))


def lines(indicators: Sequence[Indicator], history: Sequence[Mapping[str, Any]]) -> list[Line]:
    """The indicators of the newest text, each with its history: those that ever moved first, else in the order of the text.

    ``history``: rows of ``PageTable.history``.
    """
    found: dict[tuple[str, str], Line] = {}
    for one in indicators:
        line = found.setdefault(_idea(one.name, one.key, one.unit), Line(one.name, one.key, one.section))
        row = {"value": one.value, "op": one.op, "text": one.text, "unit": one.unit}
        value = Value(
            year="" if one.year is None else str(one.year),
            text=shown(row),
            at=f"{one.start}-{one.end}",
            role=one.role,
            nature=one.nature or "",
            origin=one.origin,
            quote=one.quote,
            disputed=one.disputed,
        )
        side = line.targets if one.role == "target" else line.befores
        if not any((other.year, other.text) == (value.year, value.text) for other in side):
            side.append(value)
        line.nature = line.nature or value.nature
        line.disputed |= one.disputed
    first = min((row["since"] for row in history), default=1)
    told: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for past in history:
        told.setdefault(_idea(past["name"], past["key"], past["unit"]), []).append(past)
    for idea, line in found.items():
        _follow(line, told.get(idea, []), first)
    return sorted(found.values(), key=lambda line: not line.moved)


def _follow(line: Line, rows: Sequence[Mapping[str, Any]], first: int) -> None:
    """The value of the last target year over the versions; of one without target, its value of today."""
    side = line.targets or line.befores
    year = max((value.year for value in side), default="")
    role = "target" if line.targets else None
    mine = [
        row
        for row in rows
        if (row["year"] or "") == year and (row["role"] == role if role else row["role"] != "target")
    ]
    last: tuple[str, str] | None = None
    for since in sorted({row["since"] for row in mine}):
        # Each edition has a history of its own; what begins here says whose it is.
        editions = {row["edition_id"] for row in mine if row["since"] == since}
        standing = [
            row
            for row in mine
            if row["edition_id"] in editions
            and row["since"] <= since
            and (row["until"] is None or row["until"] > since)
        ]
        row = max(standing, key=lambda row: (row["value"] is not None, row["origin"] == "table", row["since"]))
        text, nature = shown(row), row["nature"] or ""
        turned = last is not None and bool(nature and last[1] and nature != last[1])
        if turned and last is not None and line.steps[-1][2] == last[0]:
            line.steps[-1] = (*line.steps[-1][:2], f"{last[0]} {last[1]}")
        if last is None or text != last[0] or turned:
            line.steps.append((since, row["stage"], f"{text} {nature}" if turned else text))
        last = (text, nature or (last[1] if last else ""))
        value = number(row["value"])
        if value is not None:
            line.points.append((since, value))
    line.since = line.steps[0][0] if line.steps and line.steps[0][0] > first else 0
