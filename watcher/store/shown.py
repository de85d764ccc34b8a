"""Changes for people: newest first, by cursor, narrowed by place, stage, indicator, effect or a search.

The list is found in two steps: candidates (row ids, from the index of the narrowest filter, in the order of the list) and
their rows. So no filter reads a whole table, whatever stands in the database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlite_utils import Database

from watcher.store.changes import ChangeTable
from watcher.store.database import iso

Row = dict[str, Any]
LAST = 2**62
"""A cursor above every row id: the beginning of a list that runs from new to old."""
_BATCH = 240
MANY = 60
"""So many regions narrow less than a key or an effect does."""


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """What changes to show; every field that is set narrows."""

    document_id: str | None = None
    regions: tuple[str, ...] | None = None
    """Regions by their stored names; an empty tuple finds nothing."""
    stage: str | None = None
    key: str | None = None
    effect: str | None = None
    documents: tuple[str, ...] | None = None
    """Ids that a text search found."""


class _Moves(msgspec.Struct):
    moves: list[dict[str, Any]]


_moves_decoder = msgspec.json.Decoder(_Moves)


class ShownChanges:
    """Read-only queries over changes."""

    def __init__(self, db: Database, changes: ChangeTable) -> None:
        self.db = db
        self._diffs = changes.diffs

    def changes(self, wanted: ChangeFilter, *, before: int = LAST, limit: int = 20) -> list[Row]:
        """Changes newest first, older than change ``before``: document, place, stages, counts, the page's address."""
        found: list[Row] = []
        batch: list[int] = []
        size = limit
        for one in self._candidates(wanted, before):
            batch.append(one)
            if len(batch) >= size:
                found += self._changes(batch, wanted)
                batch, size = [], _BATCH
                if len(found) >= limit:
                    break
        if batch and len(found) < limit:
            found += self._changes(batch, wanted)
        return found[:limit]

    def _candidates(self, wanted: ChangeFilter, before: int) -> Iterator[int]:
        sql = "SELECT c.id FROM changes c WHERE c.id < ? ORDER BY c.id DESC"
        values: list[Any] = [before]
        if wanted.document_id is not None:
            sql = (
                "SELECT c.id FROM versions v CROSS JOIN changes c ON c.to_version = v.id WHERE v.document_id = ? AND c.id < ? "
                "ORDER BY c.id DESC"
            )
            values = [wanted.document_id, before]
        elif wanted.documents is not None:
            sql = (
                "SELECT c.id FROM json_each(?) j CROSS JOIN versions v ON v.document_id = j.value "
                "CROSS JOIN changes c ON c.to_version = v.id WHERE c.id < ? ORDER BY c.id DESC"
            )
            values = [json.dumps(wanted.documents), before]
        elif (wanted.key or wanted.effect) and (wanted.regions is None or len(wanted.regions) > MANY):
            which = "key_id = (SELECT id FROM keys WHERE key = ?)" if wanted.key is not None else "effect = ?"
            sql = f"SELECT DISTINCT m.change_id FROM moves m WHERE m.{which} AND m.change_id < ? ORDER BY m.change_id DESC"
            values = [wanted.key or wanted.effect, before]
        elif wanted.regions is not None:
            sql = (
                "SELECT c.id FROM json_each(?) j CROSS JOIN documents d ON d.region = j.value "
                "CROSS JOIN versions v ON v.document_id = d.id CROSS JOIN changes c ON c.to_version = v.id WHERE c.id < ? ORDER BY c.id DESC"
            )
            values = [json.dumps(wanted.regions), before]
        elif wanted.stage is not None:
            sql = "SELECT c.id FROM changes c WHERE c.stage = ? AND c.id < ? ORDER BY c.id DESC"
            values = [wanted.stage, before]
        for row in self.db.execute(sql, values):
            yield row[0]

    def _changes(self, ids: Sequence[int], wanted: ChangeFilter) -> list[Row]:
        where, values = ["c.id IN (SELECT value FROM json_each(?))"], [json.dumps(list(ids))]
        for clause, value in (
            ("t.document_id = ?", wanted.document_id),
            ("d.region IN (SELECT value FROM json_each(?))", listed(wanted.regions)),
            ("t.document_id IN (SELECT value FROM json_each(?))", listed(wanted.documents)),
            ("c.stage = ?", wanted.stage),
            (
                "EXISTS (SELECT 1 FROM moves m JOIN keys k ON k.id = m.key_id WHERE m.change_id = c.id AND k.key = ?)",
                wanted.key,
            ),
            ("EXISTS (SELECT 1 FROM moves m WHERE m.change_id = c.id AND m.effect = ?)", wanted.effect),
        ):
            if value is not None:
                where.append(clause)
                values.append(value)
        rows = self.db.query(
            f"SELECT c.id, {iso('c.created_at')} AS created_at, t.document_id, d.title, d.region, c.kind, c.move_count, c.edit_count, c.effects, "
            "f.number AS from_number, f.stage AS from_stage, t.number AS to_number, t.stage AS to_stage, "
            "coalesce(t.title, e.title) AS printed_title, coalesce(p.url, o.url) AS url "
            "FROM changes c JOIN versions f ON f.id = c.from_version JOIN versions t ON t.id = c.to_version "
            "JOIN editions e ON e.id = t.edition_id JOIN documents d ON d.id = t.document_id JOIN snapshots p ON p.id = t.snapshot_id JOIN sources o ON o.id = p.source_id "
            f"WHERE {' AND '.join(where)} ORDER BY c.id DESC",
            values,
        )
        return [dict(row) for row in rows]

    def moves_of(self, change_ids: Sequence[int]) -> dict[int, list[Row]]:
        """The moves of some changes as their diffs have them (with both sides and quotes), without the text edits."""
        return {number: _moves_decoder.decode(diff).moves for number, diff in self._diffs(change_ids).items()}


def listed(values: Sequence[str] | None) -> str | None:
    """Values as one parameter for ``json_each``."""
    return None if values is None else json.dumps(list(values))
