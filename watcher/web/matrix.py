"""One indicator over places and plans, or several plans side by side. Pure; works on rows of ``PageTable.values``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from watcher.lexicon.names import entries, title, usual_unit
from watcher.lexicon.units import scale
from watcher.web.charts import Bar, Line
from watcher.web.figures import aligned, number, shown

_EMPTY = re.compile(r"[\s\-‐-―—－/／.…]*")
"""What a table prints where it has nothing to say."""
_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "~": "约"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value in the matrix: as printed, and in the shared unit where that is another one."""

    text: str
    aligned: str | None
    """The figure in the shared unit, without it; ``None`` for words and other families."""
    nature: str
    disputed: bool
    origin: str
    row: Mapping[str, Any] = field(repr=False)


@dataclass(slots=True)
class PlanRow:
    """One document's line."""

    document_id: str
    title: str
    region: str
    stage: str
    nature: str = ""
    disputed: bool = False
    baseline: list[Cell] = field(default_factory=list)
    target: list[Cell] = field(default_factory=list)
    gain: str = ""
    """From the last baseline to the target of the common year, in the shared unit: ``+2.33``; ``""`` where there are not both."""


def shared_unit(key: str | None, rows: Iterable[Mapping[str, Any]]) -> str:
    """The unit of the matrix: the commonest one that has the family of the data file's, else the commonest."""
    counts = Counter(row["unit"] for row in rows if row["unit"] and row["role"] != "change")
    usual = usual_unit(key) or ""
    if usual:
        alike = [unit for unit, _ in counts.most_common() if scale(unit)[1] == scale(usual)[1]]
        return alike[0] if alike else usual
    return counts.most_common(1)[0][0] if counts else ""


def plans(rows: Sequence[Mapping[str, Any]], order: Sequence[str], unit: str) -> list[PlanRow]:
    """One line a document, in the order of their ids; the last baseline and every target."""
    found: dict[str, PlanRow] = {}
    for row in rows:
        line = found.setdefault(
            row["document_id"], PlanRow(row["document_id"], row["title"], row["region"] or "", row["stage"])
        )
        if row["role"] == "change":
            continue
        if row["value"] is None and _EMPTY.fullmatch(row["text"] or ""):
            continue
        cell = Cell(
            shown(row),
            aligned(row["value"], row["unit"], unit),
            row["nature"] or "",
            bool(row["disputed"]),
            row["origin"],
            row,
        )
        side = line.target if row["role"] == "target" else line.baseline
        same = [other for other in side if (other.text, other.row["year"]) == (cell.text, row["year"])]
        if not same:
            side.append(cell)
        line.nature = line.nature or cell.nature
        line.disputed |= cell.disputed
    for line in found.values():
        line.baseline, line.target = _told_once(line.baseline), _told_once(line.target)
        for side in (line.baseline, line.target):
            side.sort(key=lambda cell: (cell.row["year"] or "", cell.origin != "table"))
        line.baseline = line.baseline[-2:]
    lines = [found[one] for one in order if one in found]
    year = common_year(lines)
    for line in lines:
        line.gain = _gain(chosen(line.baseline), chosen(line.target, year))
    return lines


def _gain(base: Cell | None, target: Cell | None) -> str:
    if base is None or target is None or base.aligned is None or target.aligned is None:
        return ""
    change = Decimal(target.aligned) - Decimal(base.aligned)
    text = f"{abs(change):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"+{text}" if change > 0 else f"−{text}" if change < 0 else "0"


def _told_once(cells: Sequence[Cell]) -> list[Cell]:
    """Without what stands there with its year as well."""
    dated = {cell.text for cell in cells if cell.row["year"]}
    return [cell for cell in cells if cell.row["year"] or cell.text not in dated]


def chosen(cells: Sequence[Cell], year: str = "") -> Cell | None:
    """The cell that stands for a side in a chart: of ``year`` where there is one, else of the last; a table's first."""
    good = [cell for cell in cells if cell.aligned is not None]
    if not good:
        return None
    said = [str(cell.row["year"] or "") for cell in good]
    return good[said.index(year if year in said else max(said))]


def common_year(lines: Sequence[PlanRow]) -> str:
    """The year that most plans aim at, the later of two as common, ``""`` when none is said."""
    counts = Counter(str(cell.row["year"]) for line in lines for cell in line.target if cell.row["year"])
    return max(counts, key=lambda year: (counts[year], year), default="")


def bars(lines: Sequence[PlanRow], unit: str) -> list[Bar]:
    """Targets as bars, baselines as ticks; all of one year where they can be, another year is said."""
    found = []
    year = common_year(lines)
    for line in lines[:40]:
        base = chosen(line.baseline)
        cell = chosen(line.target, year) or base
        value = number(cell.aligned) if cell else None
        if cell is None or value is None:
            continue
        other = str(cell.row["year"] or "")
        note = f" ({other})" if other != year and other else ""
        found.append(
            Bar(
                line.region or line.title,
                value,
                f"{_SIGNS.get(cell.row['op'], '')}{cell.aligned}{unit}{note}",
                number(base.aligned) if base and cell is not base else None,
                weak=line.nature != "约束性",
            )
        )
    return found


def years(lines: Sequence[PlanRow]) -> list[Line]:
    """Each plan's way from its baseline over its targets."""
    found = []
    for line in lines:
        points: dict[int, float] = {}
        hopes = set()
        for cell in [*line.baseline, *line.target]:
            year, value = str(cell.row["year"] or ""), number(cell.aligned)
            if value is not None and year[-4:].isdigit() and int(year[-4:]) not in points:
                points[int(year[-4:])] = value
                if cell.row["role"] == "target":
                    hopes.add(int(year[-4:]))
        if len(points) > 1:
            found.append(Line(line.region or line.title, tuple(sorted(points.items())), frozenset(hopes)))
    return found[:8]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Several plans: one row a key."""

    key: str
    name: str
    unit: str
    cells: tuple[PlanRow | None, ...]


def compared(rows: Sequence[Mapping[str, Any]], documents: Sequence[str]) -> list[SideBySide]:
    """Keys that the documents say something of, those known to most first, else in the order of the data file."""
    by_key: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["role"] != "change":
            by_key.setdefault(row["key"], []).append(row)
    place = {key: at for at, key in enumerate(entries())}
    found = []
    for key, mine in by_key.items():
        unit = shared_unit(key, mine)
        lines = {line.document_id: line for line in plans(mine, documents, unit)}
        found.append(SideBySide(key, title(key), unit, tuple(lines.get(one) for one in documents)))
    return sorted(found, key=lambda one: (-sum(cell is not None for cell in one.cells), place.get(one.key, 9999)))
