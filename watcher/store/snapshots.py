"""Bytes as fetched: by content, compressed, near ones as deltas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from watcher.errors import NotFound, StoreError
from watcher.store import codec
from watcher.store.database import moment, stamp
from watcher.types import Fetched


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One stored answer of one source."""

    id: int
    source_id: int
    url: str
    status: int
    fetched_at: datetime
    verdict: str
    headers: dict[str, str]
    body: bytes


class SnapshotTable:
    """Snapshots and the blobs behind them."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, source_id: int, fetched: Fetched, verdict: str, near: int | None = None) -> int:
        """Keeps an answer; ``near`` is an earlier snapshot that it may resemble. Call inside a transaction."""
        blob_id = self._add_blob(fetched.body, near)
        cursor = self.db.execute(
            "INSERT INTO snapshots (source_id, url, status, headers, fetched_at, verdict, blob_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                source_id,
                fetched.final_url,
                fetched.status,
                codec.pack_headers(dict(fetched.headers)),
                stamp(fetched.fetched_at),
                verdict,
                blob_id,
            ],
        )
        return int(cursor.lastrowid or 0)

    def _add_blob(self, body: bytes, near: int | None) -> int:
        address = codec.digest(body)
        row = self.db.execute("SELECT id FROM blobs WHERE digest = ?", [address]).fetchone()
        if row:
            return int(row[0])
        base_id, base = self._keyframe(near)
        if base:
            delta = codec.pack(body, base)
            if len(delta) * 8 < len(base):
                return self._insert(address, len(body), base_id, delta)
        full = codec.pack(body)
        if base and len(delta) < len(full) * codec.WORTH:
            return self._insert(address, len(body), base_id, delta)
        return self._insert(address, len(body), None, full)

    def _insert(self, address: bytes, size: int, base_id: int | None, data: bytes) -> int:
        cursor = self.db.execute(
            "INSERT INTO blobs (digest, size, base_id, data) VALUES (?, ?, ?, ?)", [address, size, base_id, data]
        )
        return int(cursor.lastrowid or 0)

    def _keyframe(self, near: int | None) -> tuple[int | None, bytes]:
        """The full blob that an earlier snapshot is, or is a delta of."""
        if near is None:
            return None, b""
        row = self.db.execute(
            "SELECT b.id, b.base_id FROM snapshots s JOIN blobs b ON b.id = s.blob_id WHERE s.id = ?", [near]
        ).fetchone()
        if row is None:
            return None, b""
        base_id = row[1] or row[0]
        (data,) = self.db.execute("SELECT data FROM blobs WHERE id = ?", [base_id]).fetchone()
        return base_id, codec.unpack(data)

    def body(self, blob_id: int) -> bytes:
        """The bytes of one blob. Raises ``StoreError`` when they are damaged."""
        row = self.db.execute(
            "SELECT b.data, k.data, b.digest FROM blobs b LEFT JOIN blobs k ON k.id = b.base_id WHERE b.id = ?",
            [blob_id],
        ).fetchone()
        base = codec.unpack(row[1]) if row[1] is not None else None
        body = codec.unpack(row[0], base)
        if codec.digest(body) != row[2]:
            raise StoreError(f"stored bytes {blob_id} do not match their content address; run `watcher verify`")
        return body

    def get(self, snapshot_id: int) -> Snapshot:
        """One snapshot with its bytes. Raises ``NotFound``."""
        row = self.db.execute(
            "SELECT id, source_id, url, status, fetched_at, verdict, headers, blob_id FROM snapshots WHERE id = ?",
            [snapshot_id],
        ).fetchone()
        if row is None:
            raise NotFound(f"no snapshot {snapshot_id}")
        return Snapshot(
            row[0], row[1], row[2], row[3], moment(row[4]), row[5], codec.unpack_headers(row[6]), self.body(row[7])
        )

    def same_bytes(self, one: int | None, other: int | None) -> bool:
        """Whether two snapshots hold equal bytes; an unread one (``None``) counts as equal to anything."""
        if one is None or other is None:
            return True
        rows = self.db.execute("SELECT DISTINCT blob_id FROM snapshots WHERE id IN (?, ?)", [one, other]).fetchall()
        return len(rows) == 1

    def trim(self, keep: int) -> int:
        """Drops all but the newest ``keep`` snapshots a source that no version needs; returns how many went."""
        with self.db.atomic():
            cursor = self.db.execute(
                "DELETE FROM snapshots WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY source_id "
                "ORDER BY id DESC) AS place FROM snapshots WHERE verdict <> 'document') WHERE place > ?) "
                "AND id NOT IN (SELECT snapshot_id FROM versions) "
                "AND id NOT IN (SELECT snapshot_id FROM version_attachments WHERE snapshot_id IS NOT NULL)",
                [keep],
            )
            gone = cursor.rowcount
            self.db.execute(
                "DELETE FROM blobs WHERE id NOT IN (SELECT blob_id FROM snapshots) "
                "AND id NOT IN (SELECT base_id FROM blobs WHERE base_id IS NOT NULL)"
            )
            return gone

    def verify(self) -> list[str]:
        """Checks every blob against its content address; returns one line for each that is damaged."""
        bad: list[str] = []
        for (blob_id,) in self.db.execute("SELECT id FROM blobs ORDER BY id").fetchall():
            try:
                self.body(blob_id)
            except StoreError as error:
                where = self.db.execute(
                    "SELECT s.name, p.fetched_at FROM snapshots p JOIN sources s ON s.id = p.source_id WHERE p.blob_id = ?",
                    [blob_id],
                ).fetchone()
                bad.append(
                    f"blob {blob_id} ({where[0]} of {where[1]}): {error}" if where else f"blob {blob_id}: {error}"
                )
        return bad
