"""Changes between two versions, their moves, and the events that they cause."""

from __future__ import annotations

import json
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from watcher.store import codec
from watcher.store.blobs import BlobTable
from watcher.store.database import moment, stamp
from watcher.types import Change, Event, Move


def _shown(move: Move, side: str) -> str | None:
    one = move.before if side == "before" else move.after
    return None if one is None else one.text


_HELD = 1024 * 1024
"""Bytes of diffs that are remembered."""


class ChangeTable:
    """Changes, moves, events."""

    def __init__(self, db: Database, blobs: BlobTable) -> None:
        self.db = db
        self.blobs = blobs
        # A change is written once and never again, and its event and its messages stand against its diff.
        self._recent: OrderedDict[int, bytes] = OrderedDict()
        self._held = 0

    def add(
        self,
        document_id: str,
        from_version: int,
        to_version: int,
        kind: str,
        change: Change,
        diff: Mapping[str, Any],
        now: datetime,
    ) -> int:
        """Writes a change and its moves; call inside a transaction. ``diff`` is the JSON shape of ``watcher diff``."""
        (content_id,) = self.db.execute("SELECT content_id FROM versions WHERE id = ?", [to_version]).fetchone()
        said = msgspec.json.encode(diff)
        effects = Counter(move.effect or move.kind for move in change.moves)
        cursor = self.db.execute(
            "INSERT INTO changes (document_id, from_version, to_version, kind, created_at, move_count, edit_count, effects, diff, stage) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT stage FROM versions WHERE id = ?))",
            [
                document_id, from_version, to_version, kind, stamp(now), len(change.moves), len(change.edits),
                json.dumps(effects, ensure_ascii=False), codec.pack_json(said, self.blobs.kept(content_id)), to_version,
            ],
        )  # fmt: skip
        change_id = int(cursor.lastrowid or 0)
        self.db.conn.executemany(
            "INSERT INTO moves (change_id, name, key, year, unit, kind, effect, before_text, after_text) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    change_id, move.name, move.key, None if move.year is None else str(move.year), move.unit, move.kind, move.effect,
                    _shown(move, "before"), _shown(move, "after"),
                )
                for move in change.moves
            ],
        )  # fmt: skip
        self._remember(change_id, said)
        return change_id

    def _remember(self, change_id: int, diff: bytes) -> None:
        self._held -= len(self._recent.pop(change_id, b""))
        self._recent[change_id] = diff
        self._held += len(diff)
        while self._held > _HELD:
            self._held -= len(self._recent.popitem(last=False)[1])

    def forget(self) -> None:
        """Drops what is remembered: a transaction was rolled back, and its row ids will be those of others."""
        self._recent.clear()
        self._held = 0

    def diff(self, change_id: int) -> dict[str, Any]:
        """The stored diff of a change."""
        found: dict[str, Any] = msgspec.json.decode(self.diffs([change_id])[change_id])
        return found

    def diffs(self, change_ids: Sequence[int]) -> dict[int, bytes]:
        """The stored diffs of some changes as JSON bytes."""
        rows = self.db.execute(
            "SELECT c.id, c.diff, v.content_id FROM changes c JOIN versions v ON v.id = c.to_version "
            "WHERE c.id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(change_ids))],
        ).fetchall()
        return {row[0]: codec.unpack_json(row[1], self.blobs.kept(row[2])) for row in rows}

    def feed(
        self,
        *,
        before: int | None = None,
        limit: int = 20,
        document_id: str | None = None,
        region: str | None = None,
        stage: str | None = None,
        key: str | None = None,
        effect: str | None = None,
        documents: list[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Changes, newest first, older than change ``before``; every filter narrows."""
        where, values = ["1"], list[Any]()
        for clause, value in (
            ("c.id < ?", before),
            ("c.document_id = ?", document_id),
            ("d.region = ?", region),
            ("t.stage = ?", stage),
            ("EXISTS (SELECT 1 FROM moves m WHERE m.change_id = c.id AND m.key = ?)", key),
            ("EXISTS (SELECT 1 FROM moves m WHERE m.change_id = c.id AND m.effect = ?)", effect),
            (
                "c.document_id IN (SELECT value FROM json_each(?))",
                json.dumps(documents) if documents is not None else None,
            ),
        ):
            if value is not None:
                where.append(clause)
                values.append(value)
        return list(
            self.db.query(
                "SELECT c.id, c.created_at, c.document_id, d.title, d.region, c.kind, c.move_count, c.edit_count, c.effects, "
                "f.number AS from_number, f.stage AS from_stage, t.number AS to_number, t.stage AS to_stage, "
                "coalesce(p.url, o.url) AS url "
                "FROM changes c JOIN documents d ON d.id = c.document_id JOIN versions f ON f.id = c.from_version "
                "JOIN versions t ON t.id = c.to_version JOIN snapshots p ON p.id = t.snapshot_id "
                "JOIN sources o ON o.id = p.source_id "
                f"WHERE {' AND '.join(where)} ORDER BY c.id DESC LIMIT ?",  # clauses are the constants above
                [*values, limit],
            )
        )

    def moves(self, change_ids: list[int]) -> dict[int, list[dict[str, Any]]]:
        """The moves of several changes in one query."""
        found: dict[int, list[dict[str, Any]]] = {one: [] for one in change_ids}
        for row in self.db.query(
            "SELECT change_id, name, key, year, unit, kind, effect, before_text, after_text FROM moves "
            "WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY id",
            [json.dumps(change_ids)],
        ):
            found[row["change_id"]].append(row)
        return found

    def add_event(
        self,
        event: Event,
        *,
        document_id: str | None = None,
        source_id: int | None = None,
        change_id: int | None = None,
    ) -> int:
        """Writes an event; call inside the transaction of what caused it."""
        cursor = self.db.execute(
            "INSERT INTO events (type, document_id, source_id, change_id, created_at, data) VALUES (?, ?, ?, ?, ?, ?)",
            [
                event.type,
                document_id,
                source_id,
                change_id,
                stamp(event.timestamp),
                codec.pack_json(msgspec.json.encode(event.data), self._near(change_id)),
            ],
        )
        return int(cursor.lastrowid or 0)

    def event(self, type_: str, created_at: str, data: bytes, change_id: int | None) -> Event:
        """An event from its columns."""
        said = msgspec.json.decode(codec.unpack_json(data, self._near(change_id)))
        return Event(type=type_, timestamp=moment(created_at), data=said)  # type: ignore[arg-type]

    def _near(self, change_id: int | None) -> bytes:
        """What an event repeats: the diff of its change."""
        if change_id is None:
            return b""
        found = self._recent.get(change_id)
        if found is None:
            found = self.diffs([change_id])[change_id]
            self._remember(change_id, found)
        return found
