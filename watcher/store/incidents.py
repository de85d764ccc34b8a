"""Incidents: opened once, closed once."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from watcher.store.database import rows_of, stamp


class IncidentTable:
    """The incidents table."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def open(self, subject: str, kind: str, detail: str, now: datetime, source_id: int | None = None) -> int | None:
        """Opens one unless it is open already; returns its id when it is new. Call inside a transaction."""
        cursor = self.db.execute(
            "INSERT INTO incidents (subject, kind, detail, source_id, opened_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [subject, kind, detail[:1000], source_id, stamp(now)],
        )
        return int(cursor.lastrowid or 0) if cursor.rowcount == 1 else None

    def close(
        self, subject: str, now: datetime, kind: str | None = None, *, but: Collection[str] = ()
    ) -> list[dict[str, Any]]:
        """Closes what is open for a subject (of one kind, ``but`` not of these); returns what was closed. Call inside a transaction."""
        rows = rows_of(
            self.db,
            "SELECT id, subject, kind, detail, source_id, opened_at FROM incidents WHERE subject = ? AND closed_at IS NULL "
            "AND (? IS NULL OR kind = ?) AND kind NOT IN (SELECT value FROM json_each(?))",
            [subject, kind, kind, json.dumps(sorted(but))],
        )
        self.db.conn.executemany(
            "UPDATE incidents SET closed_at = ? WHERE id = ?", [(stamp(now), row["id"]) for row in rows]
        )
        return rows

    def recent(self, *, open_only: bool = True, limit: int = 200) -> list[dict[str, Any]]:
        """Incidents, newest first; at most ``limit``, all where it is -1."""
        return list(
            self.db.query(
                "SELECT i.id, i.subject, i.kind, i.detail, i.opened_at, i.closed_at, s.document_id, s.url FROM incidents i "
                "LEFT JOIN sources s ON s.id = i.source_id WHERE (? = 0 OR i.closed_at IS NULL) ORDER BY i.id DESC LIMIT ?",
                [int(open_only), limit],
            )
        )

    def count(self, *, open_only: bool = True) -> int:
        """How many incidents ``recent`` has to tell of."""
        sql = "SELECT count(*) FROM incidents WHERE (? = 0 OR closed_at IS NULL)"
        return int(self.db.execute(sql, [int(open_only)]).fetchone()[0])

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Open incidents of one kind: id, subject, source_id, opened_at."""
        return list(
            self.db.query(
                "SELECT id, subject, source_id, opened_at FROM incidents WHERE kind = ? AND closed_at IS NULL", [kind]
            )
        )

    def site(self, host: str, kinds: Collection[str], verdicts: Collection[str]) -> list[tuple[Any, ...]]:
        """All watched sources of a host (with its port, as in their addresses): id, kind, name, document_id, column_id, title, whether it
        fails with one of the verdicts or has an open incident of one of the kinds, whether it has one, whether its last check was good, when that was.
        """
        return self.db.execute(
            "SELECT s.id, s.kind, s.name, s.document_id, s.column_id, coalesce(d.title, s.name), "
            "i.id IS NOT NULL OR (s.failures > 0 AND coalesce(s.verdict, '') IN (SELECT value FROM json_each(?))), "
            "i.id IS NOT NULL, s.failures = 0 AND s.verdict IS 'document' AND i.id IS NULL, s.checked_at FROM sources s "
            "LEFT JOIN documents d ON d.id = s.document_id LEFT JOIN incidents i ON i.subject = s.name AND i.closed_at IS NULL "
            "AND i.kind IN (SELECT value FROM json_each(?)) "
            "WHERE s.active = 1 AND (s.url GLOB ? OR s.url GLOB ?) ORDER BY s.id",
            [
                json.dumps(sorted(verdicts)),
                json.dumps(sorted(kinds)),
                *(f"{way}://{_literal(host)}/*" for way in ("http", "https")),
            ],
        ).fetchall()

    def open_kind(self, subject: str) -> str | None:
        """The kind of a subject's open incident."""
        row = self.db.execute(
            "SELECT kind FROM incidents WHERE subject = ? AND closed_at IS NULL", [subject]
        ).fetchone()
        return row[0] if row else None

    def open_subjects(self) -> set[str]:
        """Subjects that have an open incident."""
        return {row[0] for row in self.db.execute("SELECT DISTINCT subject FROM incidents WHERE closed_at IS NULL")}


def _literal(text: str) -> str:
    """A text for GLOB that stands for itself."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in text)
