"""The store: one object per job over one connection; the only door to the database."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from watcher.errors import NotFound
from watcher.store import database
from watcher.store.blobs import BlobTable
from watcher.store.changes import ChangeTable
from watcher.store.incidents import IncidentTable
from watcher.store.lineage import LineageTable
from watcher.store.outbox import Outbox
from watcher.store.pages import PageTable
from watcher.store.shown import ShownChanges
from watcher.store.snapshots import SnapshotTable
from watcher.store.sources import SourceTable
from watcher.store.versions import VersionTable

_DOCUMENTS = database.Listing(
    {
        "id": "d.id",
        "title": "d.title",
        "region": "d.region",
        "column_id": "d.column_id",
        "removed_at": "d.removed_at",
        "stage": "v.stage",
        "versions": "coalesce((SELECT max(w.number) FROM versions w WHERE w.document_id = d.id), 0)",
        "seen_at": database.iso("v.seen_at"),
        "indicators": "coalesce(v.indicator_count, 0)",
        "printed_title": "coalesce(v.title, e.title)",
    },
    "FROM documents d LEFT JOIN versions v ON v.id = (SELECT w.id FROM versions w WHERE w.document_id = d.id "
    f"AND w.edition_id = {database.edition_now('d.id')} ORDER BY w.number DESC LIMIT 1) LEFT JOIN editions e ON e.id = v.edition_id "
    "WHERE d.merged_into IS NULL AND (? OR d.removed_at IS NULL) ORDER BY d.id LIMIT ?",
)


class Store:
    """All tables over one connection. Not to be shared between threads: open one per job."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self.db = database.open_database(path, read_only=read_only)
        self.sources = SourceTable(self.db)
        blobs = BlobTable(self.db)
        self.snapshots = SnapshotTable(self.db, blobs)
        self.versions = VersionTable(self.db, blobs)
        self.changes = ChangeTable(self.db, blobs)
        self.outbox = Outbox(self.db, self.changes)
        self.incidents = IncidentTable(self.db)
        self.lineage = LineageTable(self.db)
        self.pages = PageTable(self.db)
        self.shown = ShownChanges(self.db, self.changes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection."""
        self.db.close()

    @contextmanager
    def atomic(self) -> Generator[None, None, None]:
        """One transaction: all of it or nothing."""
        mark = self.versions.added
        try:
            with self.db.atomic():
                yield
                self.versions.write_index()
        except BaseException:
            self.versions.forget(mark)
            self.changes.forget()
            raise

    def documents(self, *, removed: bool = False, limit: int = -1) -> list[dict[str, Any]]:
        """Documents by id with their newest version: id, title, region, stage, versions, indicators; ``limit``: so many of them."""
        return _DOCUMENTS.rows(self.db, [int(removed), limit])

    def documents_json(self, *, removed: bool = False) -> list[str]:
        """What ``documents`` says of all of them, each as JSON."""
        return _DOCUMENTS.json(self.db, [int(removed), -1])

    def count(self, *, removed: bool = False) -> int:
        """How many documents ``documents`` lists."""
        sql = "SELECT count(*) FROM documents WHERE merged_into IS NULL AND (? OR removed_at IS NULL)"
        return int(self.db.execute(sql, [int(removed)]).fetchone()[0])

    def known(self, document_id: str) -> bool:
        """Whether a document has this id and is none of another's editions."""
        sql = "SELECT 1 FROM documents WHERE id = ? AND merged_into IS NULL"
        return self.db.execute(sql, [document_id]).fetchone() is not None

    def document(self, document_id: str) -> dict[str, Any]:
        """One document. Raises ``NotFound``."""
        for row in database.rows_of(
            self.db,
            "SELECT id, title, region, column_id, channels, created_at, removed_at FROM documents WHERE id = ?",
            [document_id],
        ):
            return row
        raise NotFound(f"no document {document_id}")

    def names(self) -> list[tuple[str, str, str]]:
        """Id, title and region of every document, for looking one up by a part of its name."""
        return self.db.execute(
            "SELECT id, title, coalesce(region, '') FROM documents WHERE merged_into IS NULL ORDER BY removed_at IS NOT NULL, id"
        ).fetchall()

    def fact(self, name: str) -> str | None:
        """A small fact that the service keeps (last tick, pid, last backup)."""
        row = self.db.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchone()
        return row[0] if row else None

    def set_fact(self, name: str, value: str) -> None:
        """Writes a small fact."""
        self.db.execute(
            "INSERT INTO facts VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [name, value]
        )

    def backup(self, target: Path) -> None:
        """A consistent copy while others read and write."""
        database.backup(self.db, target)

    def counts(self) -> dict[str, int]:
        """How many documents, active sources, versions, changes, open incidents there are; and the file's bytes."""
        row = self.db.execute(
            "SELECT (SELECT count(*) FROM documents WHERE removed_at IS NULL AND merged_into IS NULL), (SELECT count(*) FROM sources WHERE active = 1), "
            "(SELECT count(*) FROM versions), (SELECT count(*) FROM changes), (SELECT count(*) FROM incidents WHERE closed_at IS NULL)"
        ).fetchone()
        size = sum(file.stat().st_size for file in (self.path, Path(f"{self.path}-wal")) if file.exists())
        return dict(
            zip(("documents", "sources", "versions", "changes", "incidents", "bytes"), (*row, size), strict=True)
        )

    def verify(self) -> list[str]:
        """SQLite's own check and that of every content address; one line for each thing that is damaged."""
        found = [row[0] for row in self.db.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        return found + self.snapshots.verify()

    def export_indicators(self, document_id: str | None = None) -> list[dict[str, Any]]:
        """What stands in the newest text of every edition, one row a value, by document and stage in the order of the text."""
        return list(
            self.db.query(
                "SELECT e.document_id, d.region, e.stage, i.name, k.key, i.year, i.unit, i.role, i.op, i.value, i.text, i.nature, i.origin, "
                f"t.title AS section, i.disputed, {database.iso('s.seen_at')} AS since FROM documents d CROSS JOIN editions e ON e.document_id = d.id "
                "CROSS JOIN indicators i ON i.edition_id = e.id JOIN sections t ON t.edition_id = i.edition_id AND t.place = i.section "
                "JOIN versions s ON s.id = i.since_version LEFT JOIN keys k ON k.id = i.key_id "
                "WHERE i.until_version IS NULL AND (? IS NULL OR d.id = ?) ORDER BY e.document_id, e.stage, i.id",
                [document_id, document_id],
            )
        )

    def export_changes(self, document_id: str | None = None) -> list[dict[str, Any]]:
        """Every move of every change, one row each."""
        return list(
            self.db.query(
                "SELECT f.created_at, f.document_id, f.title, f.region, f.kind, f.from_number, f.from_stage, f.to_number, f.to_stage, "
                "m.name, k.key, m.year, m.unit, m.kind AS move, m.effect, m.before_text, m.after_text "
                "FROM moves m JOIN changes_feed f ON f.id = m.change_id LEFT JOIN keys k ON k.id = m.key_id WHERE (? IS NULL OR f.document_id = ?) ORDER BY m.id",
                [document_id, document_id],
            )
        )

    def settle(self) -> None:
        """Moves the write-ahead log into the file, so that the file alone is the whole database."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.db.execute("PRAGMA journal_mode = DELETE")

    def space(self) -> tuple[int, int]:
        """Empty pages, and all pages of the file."""
        (free,) = self.db.execute("PRAGMA freelist_count").fetchone()
        (total,) = self.db.execute("PRAGMA page_count").fetchone()
        return int(free), int(total)

    def give_back(self, pages: int) -> int:
        """Returns up to so many empty pages to the disk; returns how many. None where the file is of an older release."""
        before, _ = self.space()
        # It gives one page a step and answers nothing: only a script is stepped to its end.
        self.db.conn.executescript(f"PRAGMA incremental_vacuum({int(pages)})")
        return before - self.space()[0]

    def stamp(self, moment: datetime) -> str:
        """An instant as stored."""
        return database.stamp(moment)
