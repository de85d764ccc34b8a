"""Answers as fetched: when, from where, with which headers, how they were judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlite_utils import Database

from watcher.errors import NotFound
from watcher.store import codec
from watcher.store.blobs import BlobTable
from watcher.store.content import Content
from watcher.store.database import instant, iso, millis, unguarded
from watcher.types import Fetched
from watcher.words import around


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
    """Snapshots; their bytes are in ``blobs``."""

    def __init__(self, db: Database, blobs: BlobTable) -> None:
        self.db = db
        self.blobs = blobs

    def add(
        self,
        source_id: int,
        fetched: Fetched,
        verdict: str,
        near: int | None = None,
        content: Content | None = None,
        address: bytes | None = None,
    ) -> int:
        """Keeps an answer; call inside a transaction.

        ``near`` is an earlier snapshot that it may resemble, ``content`` what a version says that is made of it, ``address`` the content address of the body where it is at hand.
        """
        host = urlsplit(fetched.final_url).netloc
        blob_id = self.blobs.add(fetched.body, near=self._blob(near), host=host, content=content, address=address)
        cursor = self.db.execute(
            "INSERT INTO snapshots (source_id, url, status, headers, fetched_at, verdict, blob_id) "
            "VALUES (?, nullif(?, (SELECT url FROM sources WHERE id = ?)), ?, ?, ?, ?, ?)",
            [
                source_id,
                fetched.final_url,
                source_id,
                fetched.status,
                codec.pack_headers(dict(fetched.headers)),
                millis(fetched.fetched_at),
                verdict,
                blob_id,
            ],
        )
        return int(cursor.lastrowid or 0)

    def _blob(self, snapshot_id: int | None) -> int | None:
        if snapshot_id is None:
            return None
        row = self.db.execute("SELECT blob_id FROM snapshots WHERE id = ?", [snapshot_id]).fetchone()
        return None if row is None else int(row[0])

    def get(self, snapshot_id: int) -> Snapshot:
        """One snapshot with its bytes. Raises ``NotFound``."""
        row = self.db.execute(
            "SELECT p.id, p.source_id, coalesce(p.url, s.url), p.status, p.fetched_at, p.verdict, p.headers, p.blob_id "
            "FROM snapshots p JOIN sources s ON s.id = p.source_id WHERE p.id = ?",
            [snapshot_id],
        ).fetchone()
        if row is None:
            raise NotFound(f"no snapshot {snapshot_id}")
        return Snapshot(
            row[0],
            row[1],
            row[2],
            row[3],
            instant(row[4]),
            row[5],
            codec.unpack_headers(row[6]),
            self.blobs.get(row[7]),
        )

    def same_bytes(self, one: int | None, other: int | None) -> bool:
        """Whether two snapshots hold equal bytes; an unread one (``None``) counts as equal to anything."""
        if one is None or other is None:
            return True
        rows = self.db.execute("SELECT DISTINCT blob_id FROM snapshots WHERE id IN (?, ?)", [one, other]).fetchall()
        return len(rows) == 1

    def trim(self, keep: int) -> int:
        """Drops all but the newest ``keep`` snapshots a source that no version needs; returns how many went."""
        # It looks itself whether anything needs what it deletes; SQLite would look through whole tables for each row.
        with unguarded(self.db), self.db.atomic():
            cursor = self.db.execute(
                "DELETE FROM snapshots WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY source_id "
                "ORDER BY id DESC) AS place FROM snapshots WHERE verdict <> 'document') WHERE place > ?) "
                "AND id NOT IN (SELECT snapshot_id FROM versions) "
                "AND id NOT IN (SELECT snapshot_id FROM version_attachments WHERE snapshot_id IS NOT NULL)",
                [keep],
            )
            gone = cursor.rowcount
            self.blobs.sweep()
            return gone

    def verify(self) -> list[str]:
        """Checks all stored bytes against their content addresses; returns one line for each that are damaged."""
        bad: list[str] = []
        for blob_id, trouble in self.blobs.verify():
            where = self.db.execute(
                f"SELECT s.name, {iso('p.fetched_at')} FROM snapshots p JOIN sources s ON s.id = p.source_id WHERE p.blob_id = ? "
                "UNION ALL SELECT v.document_id, 'version ' || v.number FROM versions v WHERE v.content_id = ? LIMIT 1",
                [blob_id, blob_id],
            ).fetchone()
            place = f"blob {blob_id} ({where[0]} of {where[1]}): " if where else f"blob {blob_id}: "
            bad.append(around(trouble, place.__add__))
        return bad
