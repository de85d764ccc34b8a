"""Writes a database as the first release did, from what a store of today holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import zstandard
from sqlite_utils import Database

from watcher.store import Store, codec
from watcher.store.database import iso
from watcher.store.outbox import MESSAGE_ID
from watcher.store.schema import migrations

_SAME = (
    "documents", "editions", "sources", "version_attachments", "channel_states", "incidents", "items",
    "links", "consultations", "chrome", "facts", "search_rows",
)  # fmt: skip


def _whole(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(data)


def _against(data: bytes, base: bytes) -> bytes:
    near = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    return zstandard.ZstdCompressor(level=3, dict_data=near).compress(data)


def write(store: Store, path: Path) -> None:
    """The same documents, versions, changes and messages under the first schema."""
    store.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    old = Database(sqlite3.connect(path, isolation_level=None))
    migrations.apply(old, stop_before="shared_bytes")
    old.execute("PRAGMA foreign_keys = OFF")
    old.execute("ATTACH ? AS today", [str(store.path)])
    with old.atomic():
        for table in _SAME:
            columns = ", ".join(row[1] for row in old.execute(f"PRAGMA main.table_info({table})"))
            old.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}")
        old.execute(
            f"INSERT INTO main.checks SELECT id, source_id, verdict, status, note, {iso('first_at')}, {iso('last_at')}, count FROM today.checks"
        )
        _bytes(old, store)
        _versions(old, store)
        old.execute(
            "INSERT INTO main.indicators SELECT i.id, e.document_id, i.edition_id, i.name, k.key, i.unit, i.year, i.role, i.op, i.value, "
            "i.text, i.nature, i.origin, t.title, i.disputed, i.since_version, i.until_version, i.amount FROM today.indicators i "
            "JOIN today.editions e ON e.id = i.edition_id JOIN today.sections t ON t.edition_id = e.id AND t.place = i.section "
            "LEFT JOIN today.keys k ON k.id = i.key_id"
        )
        old.execute(
            "INSERT INTO main.moves SELECT m.id, m.change_id, m.name, k.key, m.year, m.unit, m.kind, m.effect, m.before_text, m.after_text "
            "FROM today.moves m LEFT JOIN today.keys k ON k.id = m.key_id"
        )
        old.execute(
            f"INSERT INTO main.alerts SELECT id, {MESSAGE_ID}, event_id, channel, thread, state, tries, {iso('not_before')}, "
            f"{iso('claimed_at')}, {iso('sent_at')}, answer, {iso('created_at')}, digest_id FROM today.alerts a"
        )
        for row in store.db.execute(
            "SELECT c.id, v.document_id, c.from_version, c.to_version, c.kind, f.created_at, c.move_count, c.edit_count, c.effects, c.stage "
            "FROM changes c JOIN versions v ON v.id = c.to_version JOIN changes_feed f ON f.id = c.id"
        ).fetchall():
            diff = _whole(store.changes.diffs([row[0]])[row[0]])
            old.execute("INSERT INTO main.changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [*row[:9], diff, row[9]])
        for row in store.db.execute(
            f"SELECT id, type, document_id, source_id, change_id, {iso('created_at')}, created_at, data FROM events"
        ).fetchall():
            data = _whole(msgspec.json.encode(store.changes.event(row[1], row[6], row[7], row[4]).data))
            old.execute("INSERT INTO main.events VALUES (?, ?, ?, ?, ?, ?, ?)", [*row[:6], data])
    old.close()


def _bytes(old: Database, store: Store) -> None:
    """Pages: the first of a source whole, later ones as deltas against it; what versions say was no blob then."""
    first: dict[int, tuple[int, bytes]] = {}
    for row in store.db.execute(
        f"SELECT p.id, p.source_id, coalesce(p.url, s.url), p.status, p.headers, {iso('p.fetched_at')}, p.verdict, p.blob_id, b.digest, b.size "
        "FROM snapshots p JOIN sources s ON s.id = p.source_id JOIN blobs b ON b.id = p.blob_id ORDER BY p.id"
    ).fetchall():
        old.execute("INSERT INTO main.snapshots VALUES (?, ?, ?, ?, ?, ?, ?, ?)", list(row[:8]))
        body = store.snapshots.blobs.get(row[7])
        base = first.setdefault(row[1], (row[7], body))
        data, base_id = (_whole(body), None) if base[0] == row[7] else (_against(body, base[1]), base[0])
        old.execute("INSERT OR IGNORE INTO main.blobs VALUES (?, ?, ?, ?, ?)", [row[7], row[8], row[9], base_id, data])


def _versions(old: Database, store: Store) -> None:
    first: dict[int, tuple[int, bytes, bytes]] = {}
    for row in store.db.execute(
        f"SELECT v.id, v.document_id, v.number, v.edition_id, v.source_id, v.snapshot_id, v.stage, v.cause, r.digest, {iso('v.seen_at')}, "
        "coalesce(v.title, e.title), v.digest, v.characters, v.tables, v.degraded, v.indicator_count, v.compared FROM versions v "
        "JOIN editions e ON e.id = v.edition_id JOIN rules r ON r.id = v.rules_id ORDER BY v.id"
    ).fetchall():
        version = store.versions.get(row[0])
        reading = codec.encode_reading(version.reading)
        indicators = codec.encode_indicators(version.indicators, version.reading.text)
        base = first.setdefault(row[4], (row[0], reading, indicators))
        packed = (
            [None, _whole(reading), _whole(indicators)]
            if base[0] == row[0]
            else [base[0], _against(reading, base[1]), _against(indicators, base[2])]
        )
        old.execute(f"INSERT INTO main.versions VALUES ({', '.join('?' * 20)})", [*row[:15], *packed, row[15], row[16]])
