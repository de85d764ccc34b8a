"""Indicators as JSON (``docs``, section "JSON shapes") and as plain rows for a terminal, a CSV file or a page.

Nothing here prints or colours; the command line and the page do that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.lexicon.names import normal, suggest, title
from watcher.types import Indicator

FIELDS = (
    "name", "key", "unit", "year", "role", "op", "value", "text", "nature", "origin", "section", "quote", "start", "end", "disputed",
)  # fmt: skip
"""The fields of an indicator in JSON and CSV, in order."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that people read: what was on the left, what shall be on the right."""

    name: str
    unit: str
    before: str
    """Baselines and results with their years: ``2020: 77.34``; ``""`` when none."""
    after: str
    """Targets with their years; ``""`` when none."""
    nature: str
    origin: str
    """``表``, ``文`` or ``表+文``."""
    disputed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one section, in the order of the text."""

    section: str
    rows: tuple[Row, ...]


def to_json(indicators: Iterable[Indicator]) -> list[dict[str, object]]:
    """The array of ``watcher indicators --format json``."""
    return [{name: getattr(item, name) for name in FIELDS} for item in indicators]


def to_csv_rows(indicators: Iterable[Indicator]) -> list[list[str]]:
    """A header and one row per indicator, all cells strings; ``None`` is the empty cell."""
    rows = [list(FIELDS)]
    for item in indicators:
        cells = (getattr(item, name) for name in FIELDS)
        rows.append(
            ["" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell) for cell in cells]
        )
    return rows


def suggestions(indicators: Iterable[Indicator]) -> list[tuple[str, list[tuple[str, str, float]]]]:
    """For every name without a key, keys that look like it: ``(name, [(key, usual name, likeness)])``; proposals only."""
    seen: dict[str, list[tuple[str, str, float]]] = {}
    for item in indicators:
        if item.key is None and item.name not in seen:
            near = [(key, title(key), likeness) for key, likeness in suggest(item.name)]
            if near:
                seen[item.name] = near
    return list(seen.items())


def grouped(indicators: Sequence[Indicator]) -> tuple[Group, ...]:
    """Rows by section, one row per name, unit and section, with baseline and target side by side."""
    sections: dict[str, dict[tuple[str, str], list[Indicator]]] = {}
    for item in indicators:
        rows = sections.setdefault(item.section, {})
        rows.setdefault((item.key or normal(item.name), item.unit if item.role != "change" else ""), []).append(item)
    return tuple(
        Group(section, tuple(_row(items) for items in _merge_changes(rows).values()))
        for section, rows in sections.items()
    )


def _merge_changes(rows: Mapping[tuple[str, str], list[Indicator]]) -> dict[tuple[str, str], list[Indicator]]:
    """A change stands in the row of what changed, where there is one."""
    merged: dict[tuple[str, str], list[Indicator]] = {}
    for (idea, unit), items in rows.items():
        home = next((place for place in rows if place[0] == idea and place[1]), None) if not unit else None
        merged.setdefault(home or (idea, unit), []).extend(items)
    return merged


def _row(items: Sequence[Indicator]) -> Row:
    first = next((item for item in items if item.role != "change"), items[0])
    origins = {"表" if item.origin == "table" else "文" for item in items}
    return Row(
        name=first.name,
        unit=first.unit,
        before="；".join(_cell(item) for item in items if item.role != "target"),
        after="；".join(_cell(item) for item in items if item.role == "target"),
        nature=next((item.nature for item in items if item.nature), "") or "",
        origin="+".join(sorted(origins, reverse=True)) if len(origins) < 2 else "表+文",
        disputed=any(item.disputed for item in items),
    )


def _cell(item: Indicator) -> str:
    change = "变化 " if item.role == "change" else ""
    return f"{item.year}: {change}{item.text}" if item.year is not None else f"{change}{item.text}"


def compare_many(documents: Mapping[str, Sequence[Indicator]]) -> tuple[list[str], list[list[str]]]:
    """Several documents side by side: header (指标, 单位, then the documents' names) and one row per key.

    Only targets and the figures of today; a table's word goes before the text's, a later year before an earlier one.
    Rows stand in the order in which the first document that knows them prints them; those known to most come first.
    """
    names = list(documents)
    rows: dict[str, dict[str, dict[str, Indicator]]] = {}
    for name, items in documents.items():
        for item in items:
            if item.key is None or item.role == "change":
                continue
            side = "target" if item.role == "target" else "now"
            best = rows.setdefault(item.key, {}).setdefault(name, {})
            if side not in best or _weight(item) > _weight(best[side]):
                best[side] = item
    order = sorted(rows, key=lambda key: -len(rows[key]))
    table = []
    for key in order:
        units = {item.unit for sides in rows[key].values() for item in sides.values() if item.unit}
        shared = next(iter(units)) if len(units) == 1 else ""
        cells = [_sides(rows[key].get(name, {}), shared) for name in names]
        table.append([title(key), shared, *cells])
    return ["指标", "单位", *names], table


def _weight(item: Indicator) -> tuple[bool, bool, bool, int]:
    settled = item.origin == "table"
    return (
        settled,
        item.value is not None,
        settled or item.role != "baseline",
        int(str(item.year)[-4:]) if item.year else 0,
    )


def _sides(sides: Mapping[str, Indicator], unit: str) -> str:
    """``6.17 → 10 (2025)``; a unit that is not shared is printed with its figure."""
    parts = []
    for side in ("now", "target"):
        item = sides.get(side)
        if item is None:
            continue
        text = item.text if item.unit in item.text or item.unit == unit else f"{item.text}{item.unit}"
        year = f" ({str(item.year)[-4:]})" if item.year else ""
        parts.append(f"{text}{year}{'!' if item.disputed else ''}")
    return " → ".join(parts) if parts else "—"
