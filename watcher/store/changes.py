"""Changes between two versions, their moves, and the events that they cause."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlite_utils import Database

from watcher.store import codec
from watcher.store.blobs import BlobTable
from watcher.store.database import instant, iso, millis
from watcher.store.recent import Recent
from watcher.types import Change, Event, Move


def _shown(move: Move, side: str) -> str | None:
    one = move.before if side == "before" else move.after
    return None if one is None else one.text


_HELD = 1024 * 1024
"""Bytes of diffs that are remembered."""
_SAID, _SAID_ONE = 256 * 1024, 4096
"""Bytes of events that are remembered until they are sent, and of one of them at most."""
HEAD = 1024
"""So many bytes of what a version says hold its title and its place, which its events repeat."""
ABOUT = "t.content_id, o.name, f.seen_at, s.name, t.seen_at"
SIDES = "JOIN sources o ON o.id = f.source_id JOIN sources s ON s.id = t.source_id"
"""What a diff is written against, of the versions ``f`` and ``t``: a text by content, the names of addresses, times. None of it ever changes."""


def near_diff(content: bytes, about: Sequence[Any]) -> bytes:
    """What a diff repeats: the text that it speaks of and (``ABOUT`` without the text) which two versions it compares."""
    (document, _, old), (_, _, new) = about[0].partition(" "), about[2].partition(" ")
    sides = (
        f'{{"document":"{document}","from":{{"version":1,"stage":"draft","seen_at":"{instant(about[1]).isoformat()}","url":"{old}"}},'
        f'"to":{{"version":2,"stage":"final","seen_at":"{instant(about[3]).isoformat()}","url":"{new}"}},"moves":[{{"name":"'
    )
    return content + sides.encode()


def near_event(content: bytes, diff: bytes) -> bytes:
    """What the event of a change repeats: title and place, and the diff."""
    return content[:HEAD] + diff


class ChangeTable:
    """Changes, moves, events."""

    def __init__(self, db: Database, blobs: BlobTable) -> None:
        self.db = db
        self.blobs = blobs
        # A change is written once and never again, and its event and its messages stand against its diff.
        self._recent: Recent[int] = Recent(_HELD)
        # What an event says, by its change and its bytes, until it is asked for: most are sent a moment after they were written.
        self._said: Recent[tuple[int | None, bytes]] = Recent(_SAID, _SAID_ONE)

    def add(
        self,
        from_version: int,
        to_version: int,
        kind: str,
        change: Change,
        diff: Mapping[str, Any],
        now: datetime,
    ) -> int:
        """Writes a change and its moves; call inside a transaction. ``diff`` is the JSON shape of ``watcher diff``."""
        content_id, *about = self.db.execute(
            f"SELECT {ABOUT} FROM versions f JOIN versions t {SIDES} WHERE f.id = ? AND t.id = ?",
            [from_version, to_version],
        ).fetchone()
        content, said = self.blobs.kept(content_id), msgspec.json.encode(diff)
        effects = Counter(move.effect or move.kind for move in change.moves)
        cursor = self.db.execute(
            "INSERT INTO changes (from_version, to_version, kind, created_at, move_count, edit_count, effects, diff, stage) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, (SELECT stage FROM versions WHERE id = ?))",
            [
                from_version, to_version, kind, millis(now), len(change.moves), len(change.edits),
                json.dumps(effects, ensure_ascii=False), codec.pack_json(said, near_diff(content, about)), to_version,
            ],
        )  # fmt: skip
        change_id = int(cursor.lastrowid or 0)
        keys = {move.key for move in change.moves if move.key is not None}
        self.db.conn.executemany("INSERT OR IGNORE INTO keys (key) VALUES (?)", [(key,) for key in sorted(keys)])
        self.db.conn.executemany(
            "INSERT INTO moves (change_id, name, key_id, year, unit, kind, effect, before_text, after_text) "
            "VALUES (?, ?, (SELECT id FROM keys WHERE key = ?), ?, ?, ?, ?, ?, ?)",
            [
                (
                    change_id, move.name, move.key, None if move.year is None else str(move.year), move.unit, move.kind, move.effect,
                    _shown(move, "before"), _shown(move, "after"),
                )
                for move in change.moves
            ],
        )  # fmt: skip
        self._recent.add(change_id, near_event(content, said))
        return change_id

    def forget(self) -> None:
        """Drops what is remembered: a transaction was rolled back, and its row ids will be those of others."""
        self._recent.clear()
        self._said.clear()

    def diff(self, change_id: int) -> dict[str, Any]:
        """The stored diff of a change."""
        found: dict[str, Any] = msgspec.json.decode(self.diffs([change_id])[change_id])
        return found

    def diffs(self, change_ids: Sequence[int]) -> dict[int, bytes]:
        """The stored diffs of some changes as JSON bytes."""
        return {change_id: diff for change_id, _, diff in self._stored(change_ids)}

    def _stored(self, change_ids: Sequence[int]) -> Iterator[tuple[int, bytes, bytes]]:
        """Some changes: row id, the text that the diff speaks of, the diff."""
        rows = self.db.execute(
            f"SELECT c.id, c.diff, {ABOUT} FROM changes c JOIN versions f ON f.id = c.from_version JOIN versions t ON t.id = c.to_version "
            f"{SIDES} WHERE c.id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(change_ids))],
        ).fetchall()
        for change_id, packed, content_id, *about in rows:
            content = self.blobs.kept(content_id)
            yield change_id, content, codec.unpack_json(packed, near_diff(content, about))

    def feed(
        self, *, before: int | None = None, limit: int = 20, document_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Changes, newest first, older than change ``before``; of one document, or of all."""
        wanted = {"c.id < ?": before, "t.document_id = ?": document_id}
        narrowed = {clause: value for clause, value in wanted.items() if value is not None}
        return list(
            self.db.query(
                f"SELECT c.id, {iso('c.created_at')} AS created_at, t.document_id, d.title, d.region, c.kind, c.move_count, c.edit_count, c.effects, "
                "f.number AS from_number, f.stage AS from_stage, t.number AS to_number, t.stage AS to_stage, "
                "coalesce(p.url, o.url) AS url "
                "FROM changes c JOIN versions f ON f.id = c.from_version JOIN versions t ON t.id = c.to_version "
                "JOIN documents d ON d.id = t.document_id JOIN snapshots p ON p.id = t.snapshot_id "
                "JOIN sources o ON o.id = p.source_id "
                f"WHERE {' AND '.join(narrowed) or '1'} ORDER BY c.id DESC LIMIT ?",
                [*narrowed.values(), limit],
            )
        )

    def add_event(
        self,
        event: Event,
        *,
        document_id: str | None = None,
        source_id: int | None = None,
        change_id: int | None = None,
    ) -> int:
        """Writes an event; call inside the transaction of what caused it."""
        said = msgspec.json.encode(event.data)
        data = codec.pack_json(said, self._near(change_id))
        cursor = self.db.execute(
            "INSERT INTO events (type, document_id, source_id, change_id, created_at, data) VALUES (?, ?, ?, ?, ?, ?)",
            [event.type, document_id, source_id, change_id, millis(event.timestamp), data],
        )
        self._said.add((change_id, data), said)
        return int(cursor.lastrowid or 0)

    def event(self, type_: str, created_at: int, data: bytes, change_id: int | None) -> Event:
        """An event from its columns."""
        said = self._said.get((change_id, data)) or codec.unpack_json(data, self._near(change_id))
        return Event(type=type_, timestamp=instant(created_at), data=msgspec.json.decode(said))  # type: ignore[arg-type]

    def _near(self, change_id: int | None) -> bytes:
        """What an event repeats of its change."""
        if change_id is None:
            return b""
        found = self._recent.get(change_id)
        if found is None:
            ((_, content, diff),) = self._stored([change_id])
            found = near_event(content, diff)
            self._recent.add(change_id, found)
        return found
