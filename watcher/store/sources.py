"""What is polled: documents, their addresses, columns; when each is due and how its checks went."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from watcher.settings import Sources
from watcher.store import wanted
from watcher.store.database import Listing, millis, stamp
from watcher.store.rows import SourceRow
from watcher.store.wanted import source_name

_COLUMNS = (
    "id, kind, name, document_id, url, stage, edition_id, version_id, snapshot_id, body, hint, etag, last_modified, "
    "verdict, note, failures, shrunken, checked_at, changed_at, next_at, "
    "column_id, attachments_at, "
    "(SELECT r.digest FROM versions v JOIN rules r ON r.id = v.rules_id WHERE v.id = sources.version_id)"
)

# The plus keeps SQLite from sorting what an index has in order.
_LISTED = Listing(
    {
        **{name: name for name in ("name", "kind")},
        "document": "document_id",
        **{
            name: name
            for name in ("url", "stage", "verdict", "note", "failures", "checked_at", "changed_at", "next_at")
        },
    },
    "FROM sources WHERE +active = 1 ORDER BY name LIMIT ?",
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How one check of one source ended. ``None`` fields stay as they are in the store."""

    source_id: int
    at: datetime
    verdict: str
    status: int | None
    note: str = ""
    next_at: datetime | None = None
    failures: int = 0
    shrunken: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body: bytes | None = None
    hint: bytes | None = None
    snapshot_id: int | None = None
    attachments_at: datetime | None = None
    good: bool = False
    """A document was read: validators, body and hint are replaced (by ``None`` too)."""


class SourceTable:
    """Sources and their checks."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def sync(self, sources: Sources, now: datetime) -> None:
        """Makes the stored sources those of sources.yaml; removed ones keep their history and become inactive."""
        with self.db.atomic():
            found = wanted.difference(self.db.conn, sources)
            if found:
                wanted.write(self.db.conn, found, now)
                wanted.settle(self.db.conn, now)

    def difference(self, sources: Sources) -> wanted.Difference:
        """What ``sync`` would write; reads only."""
        return wanted.difference(self.db.conn, sources)

    def write(self, part: wanted.Difference, now: datetime) -> None:
        """Writes a part of a difference in a transaction of its own; after the last one comes ``settle``."""
        with self.db.atomic():
            wanted.write(self.db.conn, part, now)

    def settle(self, now: datetime) -> None:
        """Ends what ``write`` did: a document without a watched address is a removed one."""
        with self.db.atomic():
            wanted.settle(self.db.conn, now)

    def add_found(
        self,
        document_id: str,
        title: str,
        region: str | None,
        column_id: str,
        url: str,
        channels: Sequence[str],
        now: datetime,
        stage: str | None = None,
    ) -> int:
        """A document that a column announced, and its address; returns the source's id. Twice is once."""
        with self.db.atomic():
            self.db.execute(
                "INSERT INTO documents (id, title, region, column_id, channels, created_at) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO NOTHING",
                [document_id, title, region, column_id, json.dumps(list(channels)), stamp(now)],
            )
            name = source_name(document_id, url)
            self.db.execute(
                "INSERT INTO sources (kind, name, document_id, url, column_id, stage) VALUES ('page', ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                [name, document_id, url, column_id, stage],
            )
            row = self.db.execute("SELECT id FROM sources WHERE name = ?", [name]).fetchone()
            return int(row[0])

    def move(self, old: str, new: str) -> str | None:
        """A column announces a document at another address: its page goes on there, with its versions; what was fetched keeps the address it had.

        The document's id; ``None`` where no page that a column found has the old address. Call inside a transaction.
        """
        row = self.db.execute(
            "SELECT id, document_id FROM sources WHERE url = ? AND kind = 'page' AND column_id IS NOT NULL LIMIT 1",
            [old],
        ).fetchone()
        if row is None:
            return None
        self.db.execute("UPDATE snapshots SET url = ? WHERE source_id = ? AND url IS NULL", [old, row[0]])
        self.db.execute(
            "UPDATE OR IGNORE sources SET url = ?, name = ?, etag = NULL, last_modified = NULL, body = NULL, hint = NULL, failures = 0, next_at = NULL "
            "WHERE id = ?",
            [new, source_name(row[1], new), row[0]],
        )
        return str(row[1])

    def documents_at(self, urls: Iterable[str]) -> dict[str, str]:
        """Address -> id of the document that has a page there; addresses of no page are left out."""
        rows = self.db.execute(
            "SELECT s.url, s.document_id FROM json_each(?) j CROSS JOIN sources s ON s.url = j.value WHERE s.kind = 'page' ORDER BY s.id DESC",
            [json.dumps(list(urls))],
        )
        return dict(rows.fetchall())

    def also_at(self, source_id: int) -> list[tuple[str, str]]:
        """Id and title of other documents that have a page at the address of a source, too."""
        return self.db.execute(
            "SELECT d.id, d.title FROM sources s CROSS JOIN sources o ON o.url = s.url CROSS JOIN documents d ON d.id = o.document_id "
            "WHERE s.id = ? AND o.document_id <> s.document_id AND o.active = 1 AND o.kind = 'page' ORDER BY d.id",
            [source_id],
        ).fetchall()

    def _rows(self, where: str, values: Sequence[Any] = ()) -> list[SourceRow]:
        cursor = self.db.execute(f"SELECT {_COLUMNS} FROM sources WHERE {where}", list(values))
        return [SourceRow(*row) for row in cursor]

    def due_places(self, now: datetime) -> list[tuple[int, str]]:
        """Row ids and addresses of all active sources whose time has come, the longest waiting first."""
        # Two looks into the index, because a scan is what OR would make of them.
        at = stamp(now)
        rows = self.db.execute(
            "SELECT id, url FROM (SELECT id, url, '' AS due, leased_until FROM sources WHERE active = 1 AND next_at IS NULL "
            "UNION ALL SELECT id, url, next_at AS due, leased_until FROM sources WHERE active = 1 AND next_at <= ?) "
            "WHERE leased_until IS NULL OR leased_until <= ? ORDER BY due",
            [at, at],
        )
        return [(row[0], row[1]) for row in rows]

    def rows(self, source_ids: Sequence[int]) -> list[SourceRow]:
        """Sources by row id, in any order."""
        return self._rows("id IN (SELECT value FROM json_each(?))", [json.dumps(list(source_ids))])

    def oldest_due(self, now: datetime) -> str | None:
        """Since when the longest waiting source is due that nobody visits or has queued."""
        row = self.db.execute(
            "SELECT min(next_at) FROM sources WHERE active = 1 AND next_at <= ? AND (leased_until IS NULL OR leased_until <= ?)",
            [stamp(now), stamp(now)],
        ).fetchone()
        return row[0] if row else None

    def silent(self, before: datetime) -> list[SourceRow]:
        """Active sources watched since before an instant that gave no sign after it: a page no good check, a column no new item."""
        return self._rows(
            "active = 1 AND EXISTS (SELECT 1 FROM checks c WHERE c.source_id = sources.id AND c.first_at < ?) AND "
            "NOT EXISTS (SELECT 1 FROM checks c WHERE kind = 'page' AND c.source_id = sources.id AND c.verdict = 'document' "
            "AND c.last_at >= ?) AND NOT EXISTS (SELECT 1 FROM items i WHERE kind = 'column' AND i.source_id = sources.id "
            "AND i.first_seen_at >= ?)",
            [millis(before), millis(before), stamp(before)],
        )

    def shift(self, seconds: float, now: datetime) -> int:
        """The clock was put back by so many seconds: what waits, waits as long as it did. Returns how many sources moved."""
        move = f"-{seconds:.3f} seconds"
        shape = "%Y-%m-%dT%H:%M:%fZ"
        with self.db.atomic():
            count = self.db.execute(
                "UPDATE sources SET next_at = strftime(?, next_at, ?) WHERE active = 1 AND next_at > ?",
                [shape, move, stamp(now)],
            ).rowcount
            self.db.execute(
                "UPDATE sources SET leased_until = strftime(?, leased_until, ?) WHERE leased_until > ?",
                [shape, move, stamp(now)],
            )
            self.db.execute(
                "UPDATE alerts SET not_before = not_before - ? WHERE state <> 'sent' AND state = 'waiting' AND tries > 0 AND not_before > ?",
                [round(seconds * 1000), millis(now)],
            )
            # What was made under the wrong date and waits for an hour of the day (a digest, the end of the quiet hours) keeps the hour.
            self.db.execute(
                "UPDATE alerts SET not_before = not_before - ? WHERE state <> 'sent' AND state IN ('waiting', 'digest') AND tries = 0 "
                "AND created_at > ? AND not_before > ?",
                [int(seconds // 86400) * 86400000, millis(now), millis(now)],
            )
        return int(count)

    def never_checked(self) -> list[SourceRow]:
        """Active sources that were never visited."""
        return self._rows("active = 1 AND checked_at IS NULL ORDER BY id")

    def active(self, limit: int = -1) -> list[SourceRow]:
        """Active sources by name, all or so many of them."""
        return self._rows("active = 1 ORDER BY name LIMIT ?", [limit])

    def listed(self, limit: int = -1) -> list[dict[str, Any]]:
        """Active sources by name as people ask for them: where each is polled, its last verdict, when it is due; all or so many of them."""
        return _LISTED.rows(self.db, [limit])

    def listed_json(self) -> list[str]:
        """What ``listed`` says of all of them, each as JSON."""
        return _LISTED.json(self.db, [-1])

    def count(self) -> int:
        """How many active sources there are."""
        return int(self.db.execute("SELECT count(*) FROM sources WHERE active = 1").fetchone()[0])

    def read_ids(self) -> list[int]:
        """Row ids of all active sources that have a version."""
        return [row[0] for row in self.db.execute("SELECT id FROM sources WHERE active = 1 AND version_id IS NOT NULL")]

    def all(self) -> list[SourceRow]:
        """All sources, removed ones too."""
        return self._rows("1 ORDER BY name")

    def of_document(self, document_id: str) -> list[SourceRow]:
        """The addresses of one document."""
        return self._rows("document_id = ? ORDER BY id", [document_id])

    def get(self, source_id: int) -> SourceRow:
        """One source by its row id."""
        return self._rows("id = ?", [source_id])[0]

    def count_due(self, before: datetime) -> int:
        """How many active sources were due before an instant."""
        row = self.db.execute(
            "SELECT count(*) FROM sources WHERE active = 1 AND next_at <= ?", [stamp(before)]
        ).fetchone()
        return int(row[0])

    def verdicts(self) -> dict[str, int]:
        """How many active sources have which last verdict."""
        return dict(
            self.db.execute(
                "SELECT coalesce(verdict, 'never'), count(*) FROM sources WHERE active = 1 GROUP BY 1"
            ).fetchall()
        )

    def record(self, results: Iterable[CheckResult]) -> None:
        """Writes the ends of checks; equal results in a row are one row with a count. Call inside a transaction."""
        conn = self.db.conn
        for one in results:
            at = stamp(one.at)
            values: list[Any] = [
                one.note,
                one.failures,
                one.shrunken,
                at,
                stamp(one.next_at) if one.next_at else None,
            ]
            sql = "UPDATE sources SET note = ?, failures = ?, shrunken = ?, checked_at = ?, next_at = ?, leased_until = NULL"
            if one.good:
                sql += ", etag = ?, last_modified = ?, body = ?, hint = ?"
                values += [one.etag, one.last_modified, one.body, one.hint]
            if one.attachments_at is not None:
                sql += ", attachments_at = ?"
                values.append(stamp(one.attachments_at))
            if one.snapshot_id is not None:
                sql += ", snapshot_id = ?"
                values.append(one.snapshot_id)
            conn.execute(sql + " WHERE id = ?", (*values, one.source_id))
            # By itself: SQLite writes the index of whatever is set, though it is set to what it was.
            conn.execute(
                "UPDATE sources SET verdict = ? WHERE id = ? AND verdict IS NOT ?",
                (one.verdict, one.source_id, one.verdict),
            )
            touched = conn.execute(
                "UPDATE checks SET count = count + 1, last_at = ? WHERE id = (SELECT max(id) FROM checks WHERE source_id = ?) "
                "AND verdict = ? AND status IS ? AND note = ?",
                (millis(one.at), one.source_id, one.verdict, one.status, one.note),
            )
            if touched.rowcount == 0:
                conn.execute(
                    "INSERT INTO checks (source_id, verdict, status, note, first_at, last_at) VALUES (?, ?, ?, ?, ?, ?)",
                    (one.source_id, one.verdict, one.status, one.note, millis(one.at), millis(one.at)),
                )

    def postpone(self, source_ids: Iterable[int], until: datetime) -> None:
        """Pushes sources back (a bug in one of them must not stop the loop)."""
        with self.db.atomic():
            self.db.conn.executemany(
                "UPDATE sources SET next_at = ? WHERE id = ?", [(stamp(until), one) for one in source_ids]
            )

    def hasten(self, source_ids: Iterable[int], now: datetime) -> None:
        """These are due now, whatever they waited for. Call inside a transaction."""
        self.db.conn.executemany(
            "UPDATE sources SET next_at = ? WHERE id = ? AND next_at > ?",
            [(stamp(now), one, stamp(now)) for one in source_ids],
        )

    def lease(self, source_ids: Iterable[int], until: datetime) -> None:
        """These are being checked: not due again before ``until``, whatever becomes of who checks them."""
        with self.db.atomic():
            self.db.conn.executemany(
                "UPDATE sources SET leased_until = ? WHERE id = ?", [(stamp(until), one) for one in source_ids]
            )

    def end_leases(self) -> None:
        """Nobody checks anything; only for the one process that holds the service lock, at its start."""
        with self.db.atomic():
            self.db.execute("UPDATE sources SET leased_until = NULL WHERE leased_until IS NOT NULL")

    def chrome(self) -> dict[int, frozenset[str]]:
        """Folded lines that each source taught us to be no content."""
        found: dict[int, set[str]] = {}
        for source_id, line in self.db.execute("SELECT source_id, line FROM chrome"):
            found.setdefault(source_id, set()).add(line)
        return {source_id: frozenset(lines) for source_id, lines in found.items()}

    def learn_chrome(self, source_id: int, lines: Iterable[str], now: datetime) -> None:
        """Adds folded lines to what a source taught. Call inside a transaction."""
        self.db.conn.executemany(
            "INSERT INTO chrome (source_id, line, learned_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(source_id, line, stamp(now)) for line in lines],
        )

    def fold(self, before: datetime) -> int:
        """Joins old runs of results of one verdict into one row each; returns how many rows went."""
        with self.db.atomic():
            cut = millis(before)
            self.db.execute(
                "UPDATE checks SET count = (SELECT sum(count) FROM checks o WHERE o.source_id = checks.source_id AND "
                "o.verdict = checks.verdict AND o.last_at < ?), first_at = (SELECT min(first_at) FROM checks o WHERE "
                "o.source_id = checks.source_id AND o.verdict = checks.verdict AND o.last_at < ?) "
                "WHERE last_at < ? AND id = (SELECT max(id) FROM checks o WHERE o.source_id = checks.source_id AND "
                "o.verdict = checks.verdict AND o.last_at < ?)",
                [cut, cut, cut, cut],
            )
            gone = self.db.execute(
                "DELETE FROM checks WHERE last_at < ? AND id <> (SELECT max(id) FROM checks o WHERE "
                "o.source_id = checks.source_id AND o.verdict = checks.verdict AND o.last_at < ?)",
                [cut, cut],
            )
            return gone.rowcount
