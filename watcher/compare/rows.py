"""Table rows that bear another name in the new version and state all that the old row stated: renamed, however unlike the names. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from decimal import Decimal

from watcher.compare.values import number
from watcher.lexicon.names import normal
from watcher.lexicon.units import scale
from watcher.types import Indicator

Row = tuple[Indicator, ...]
_SHARED = 2
"""Characters that both names must have in common, one behind the other."""


def same_rows(before: Sequence[Indicator], after: Sequence[Indicator]) -> list[tuple[Row, Row]]:
    """Rows of both sides with the same unit, years and figures, two different ones at least, that no other row of theirs states; their names
    share a word. Whether the names may mean one thing is the caller's question.
    """
    old, new = _by_figures(before), _by_figures(after)
    found = []
    for figures, rows in old.items():
        others = new.get(figures, ())
        if len(rows) == len(others) == 1 and _share(rows[0][0].name, others[0][0].name):
            found.append((rows[0], others[0]))
    return found


def _by_figures(items: Sequence[Indicator]) -> dict[Hashable, list[Row]]:
    rows: dict[Hashable, list[Indicator]] = defaultdict(list)
    for item in items:
        if item.origin == "table":
            rows[item.name, item.quote, item.section].append(item)
    found: dict[Hashable, list[Row]] = defaultdict(list)
    for row in rows.values():
        row.sort(key=lambda item: (str(item.year), item.role))
        figures = [number(item) for item in row]
        if len({figure for figure in figures if figure is not None}) > 1:
            stated = tuple(
                (item.year, item.role, item.op, _plain(figure)) for item, figure in zip(row, figures, strict=True)
            )
            found[stated, scale(row[0].unit)].append(tuple(row))
    return found


def _plain(figure: Decimal | None) -> Decimal | None:
    return None if figure is None else figure.normalize()


def _share(one: str, other: str) -> bool:
    here, there = normal(one), normal(other)
    return any(here[at : at + _SHARED] in there for at in range(len(here) - _SHARED + 1))
