"""What the page asks of documents, values and messages: lists by cursor, each of which walks an index and stops when it has enough."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlite_utils import Database

from watcher.store import codec
from watcher.store.database import edition_now, iso
from watcher.store.lineage import settled
from watcher.store.shown import LAST, Row, listed


class PageTable:
    """Read-only queries for people: cards, lists, the matrix."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # Places and keys, without reading every row that holds one

    def regions(self, part: str = "", limit: int = 400) -> list[str]:
        """Regions that documents have and that contain ``part``, in order."""
        rows = self.db.execute(
            "WITH RECURSIVE r(x) AS (SELECT (SELECT region FROM documents WHERE region > '' ORDER BY region LIMIT 1) UNION ALL "
            "SELECT (SELECT region FROM documents WHERE region > r.x ORDER BY region LIMIT 1) FROM r WHERE r.x IS NOT NULL) "
            "SELECT x FROM r WHERE x IS NOT NULL AND instr(x, ?) > 0 LIMIT ?",
            [part, limit],
        )
        return [row[0] for row in rows]

    def keys(self, limit: int = 2000) -> list[tuple[str, int]]:
        """Keys of indicators that stand in a current text, with how many documents have them (1000 is "that or more")."""
        rows = self.db.execute(
            "SELECT k.key, k.id FROM keys k WHERE EXISTS ("
            "SELECT 1 FROM indicators i INDEXED BY indicators_key WHERE i.key_id = k.id AND i.until_version IS NULL) ORDER BY k.key LIMIT ?",
            [limit],
        ).fetchall()
        return [(key, self._spread(key_id, len(rows))) for key, key_id in rows]

    def _spread(self, key_id: int, keys: int) -> int:
        most = 1000 if keys <= 100 else 200
        row = self.db.execute(
            "SELECT count(*) FROM (SELECT DISTINCT e.document_id FROM indicators i INDEXED BY indicators_key "
            "CROSS JOIN editions e ON e.id = i.edition_id WHERE i.key_id = ? AND i.until_version IS NULL LIMIT ?)",
            [key_id, most],
        ).fetchone()
        return 1000 if row[0] == most else int(row[0])

    # Documents

    def documents(
        self,
        *,
        before: int = LAST,
        limit: int = 40,
        regions: Sequence[str] | None = None,
        stage: str | None = None,
        ids: Sequence[str] | None = None,
    ) -> list[Row]:
        """Documents by their newest version, newest first, older than version row ``before``."""
        newest = (
            f"v.edition_id = {edition_now('v.document_id')} AND NOT EXISTS "
            "(SELECT 1 FROM versions w WHERE w.document_id = v.document_id AND w.edition_id = v.edition_id AND w.number > v.number)"
        )
        if ids is not None:
            source, values = "json_each(?) j CROSS JOIN versions v ON v.document_id = j.value", [json.dumps(list(ids))]
        elif regions is not None:
            source = "json_each(?) j CROSS JOIN documents e ON e.region = j.value CROSS JOIN versions v ON v.document_id = e.id"
            values = [json.dumps(list(regions))]
        else:
            source, values = "versions v", []
        where, more = ["v.id < ?", newest], list[Any]([before])
        if stage is not None:
            where.append("v.stage = ?")
            more.append(stage)
        if regions is not None and ids is not None:
            where.append("d.region IN (SELECT value FROM json_each(?))")
            more.append(listed(regions))
        rows = self.db.query(
            "SELECT v.id AS cursor, d.id, d.title, d.region, d.removed_at, coalesce(v.title, p.title) AS printed_title, v.stage, "
            "(SELECT max(w.number) FROM versions w WHERE w.document_id = v.document_id) AS versions, "
            f"{iso('v.seen_at')} AS seen_at, v.indicator_count AS indicators FROM {source} "
            "CROSS JOIN documents d ON d.id = v.document_id CROSS JOIN editions p ON p.id = v.edition_id "
            f"WHERE {' AND '.join(where)} ORDER BY v.id DESC LIMIT ?",
            [*values, *more, limit],
        )
        return [dict(row) for row in rows]

    def unread(self, limit: int = 20) -> list[Row]:
        """Documents of which nothing could be read yet, the newest sources first."""
        rows = self.db.query(
            "SELECT s.document_id AS id, d.title, d.region, s.url, s.verdict, s.note FROM sources s INDEXED BY sources_unread "
            "JOIN documents d ON d.id = s.document_id WHERE s.id < ? AND s.active = 1 AND s.kind = 'page' AND s.version_id IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.document_id = s.document_id) ORDER BY s.id DESC LIMIT ?",
            [LAST, limit],
        )
        return [dict(row) for row in rows]

    def document(self, document_id: str) -> Row | None:
        """One document; ``merged_into`` names the one whose edition it turned out to be."""
        for row in self.db.query(
            "SELECT id, title, region, column_id, merged_into, created_at, removed_at FROM documents WHERE id = ?",
            [document_id],
        ):
            return dict(row)
        return None

    def log(self, document_id: str, *, below: int = LAST, limit: int = 60) -> list[Row]:
        """Versions of a document, newest first, numbered lower than ``below``, each with the change that led to it."""
        rows = self.db.query(
            f"SELECT v.id, v.number, v.stage, v.cause, {iso('v.seen_at')} AS seen_at, coalesce(v.title, e.title) AS title, v.characters, "
            "v.tables, v.indicator_count, v.degraded, coalesce(p.url, o.url) AS url, "
            f"{iso('p.fetched_at')} AS fetched_at, b.size, v.snapshot_id, c.move_count, c.edit_count, c.effects, c.id AS change_id, f.number AS from_number, "
            "v.edition_id FROM versions v JOIN editions e ON e.id = v.edition_id JOIN snapshots p ON p.id = v.snapshot_id JOIN sources o ON o.id = p.source_id "
            "JOIN blobs b ON b.id = p.blob_id "
            "LEFT JOIN changes c ON c.to_version = v.id LEFT JOIN versions f ON f.id = c.from_version "
            "WHERE v.document_id = ? AND v.number < ? ORDER BY v.number DESC LIMIT ?",
            [document_id, below, limit],
        )
        return [dict(row) for row in rows]

    def numbers(self, document_id: str, limit: int = 300) -> list[Row]:
        """Number, stage and time of a document's versions, newest first, for choosing two."""
        rows = self.db.query(
            f"SELECT id, number, stage, cause, {iso('seen_at')} AS seen_at FROM versions WHERE document_id = ? ORDER BY number DESC LIMIT ?",
            [document_id, limit],
        )
        return [dict(row) for row in rows]

    def history(self, document_id: str, limit: int = 6000) -> list[Row]:
        """Every indicator value that a document ever had, with the numbers of the versions from and to which it stood."""
        rows = self.db.query(
            "SELECT i.name, k.key, i.unit, i.year, i.role, i.op, i.value, i.text, i.nature, i.origin, i.amount, i.edition_id, "
            "s.number AS since, u.number AS until, s.stage FROM editions e CROSS JOIN indicators i ON i.edition_id = e.id "
            "JOIN versions s ON s.id = i.since_version LEFT JOIN keys k ON k.id = i.key_id "
            "LEFT JOIN versions u ON u.id = i.until_version WHERE e.document_id = ? ORDER BY i.since_version, i.id LIMIT ?",
            [document_id, limit],
        )
        return [dict(row) for row in rows]

    def snapshot_of(self, document_id: str, snapshot_id: int) -> bool:
        """Whether a snapshot belongs to a version (or an attachment of a version) of a document."""
        row = self.db.execute(
            "SELECT EXISTS (SELECT 1 FROM versions WHERE snapshot_id = ? AND document_id = ?) OR EXISTS ("
            "SELECT 1 FROM version_attachments a JOIN versions v ON v.id = a.version_id WHERE a.snapshot_id = ? AND v.document_id = ?)",
            [snapshot_id, document_id, snapshot_id, document_id],
        ).fetchone()
        return bool(row[0])

    # The matrix

    def ranked(
        self, key: str, role: str, *, up: bool, cursor: tuple[float, int] | None = None, limit: int = 100
    ) -> list[Row]:
        """Editions that are their document's newest, by the amount that they say of a key: edition, document, amount, id."""
        sign, order = (">", "ASC") if up else ("<", "DESC")
        start = cursor or ((-1e308, -1) if up else (1e308, LAST))
        rows = self.db.query(
            # Sorted inside, so that only as many editions are looked at as are shown: SQLite keeps the order of a part that has a limit.
            "SELECT i.id, i.edition_id, e.document_id, i.amount FROM (SELECT id, edition_id, amount FROM indicators INDEXED BY indicators_key "
            "WHERE key_id = (SELECT id FROM keys WHERE key = ?) AND role = ? AND until_version IS NULL "
            f"AND (amount, id) {sign} (?, ?) ORDER BY amount {order}, id {order} LIMIT -1) i "
            f"CROSS JOIN editions e ON e.id = i.edition_id WHERE {_NEWEST_EDITION} LIMIT ?",
            [key, role, *start, limit],
        )
        return [dict(row) for row in rows]

    def placed(self, key: str, *, cursor: tuple[str, str] = ("", ""), limit: int = 100) -> list[Row]:
        """Documents that say something of a key, by region and id: id, region."""
        has = (
            "EXISTS (SELECT 1 FROM editions e CROSS JOIN indicators i ON i.edition_id = e.id "
            "WHERE e.document_id = d.id AND i.key_id = (SELECT id FROM keys WHERE key = ?) AND i.until_version IS NULL)"
        )
        found = [
            dict(row)
            for row in self.db.query(
                "SELECT d.id, d.region FROM documents d INDEXED BY documents_region WHERE (d.region, d.id) > (?, ?) "
                f"AND {has} ORDER BY d.region, d.id LIMIT ?",
                [*cursor, key, limit],
            )
        ]
        if len(found) < limit:
            found += [
                dict(row)
                for row in self.db.query(
                    "SELECT d.id, d.region FROM documents d INDEXED BY documents_region WHERE d.region IS NULL AND d.id > ? "
                    f"AND {has} ORDER BY d.id LIMIT ?",
                    [cursor[1] if cursor == (NOWHERE, cursor[1]) else "", key, limit - len(found)],
                )
            ]
        return found

    def documents_in(self, regions: Sequence[str], limit: int = 200) -> list[str]:
        """Ids of documents of some regions."""
        rows = self.db.execute(
            "SELECT d.id FROM json_each(?) j CROSS JOIN documents d ON d.region = j.value WHERE d.merged_into IS NULL LIMIT ?",
            [json.dumps(list(regions)), limit],
        )
        return [row[0] for row in rows]

    def values(self, document_ids: Sequence[str], key: str | None = None) -> list[Row]:
        """Current values of some documents (of one key) in their newest editions, with title, region and stage."""
        narrowed = "= (SELECT id FROM keys WHERE key = ?)" if key is not None else "IS NOT NULL"
        rows = self.db.query(
            "SELECT i.id, e.document_id, d.title, d.region, e.stage, i.edition_id, k.key, i.name, i.unit, i.year, i.role, i.op, i.value, i.text, "
            "i.nature, i.origin, t.title AS section, i.disputed, i.amount FROM json_each(?) j CROSS JOIN documents d ON d.id = j.value "
            "CROSS JOIN editions e ON e.document_id = d.id CROSS JOIN indicators i ON i.edition_id = e.id "
            "JOIN keys k ON k.id = i.key_id JOIN sections t ON t.edition_id = i.edition_id AND t.place = i.section "
            f"WHERE i.until_version IS NULL AND i.key_id {narrowed} AND {_NEWEST_EDITION} ORDER BY i.id",
            [json.dumps(list(document_ids)), *([key] if key is not None else [])],
        )
        return [dict(row) for row in rows]

    # Sources, alerts, what waits

    def sources(
        self, *, after: str = "", verdict: str | None = None, document_id: str | None = None, limit: int = 60
    ) -> list[Row]:
        """Active sources by name, later than name ``after``."""
        where, values = ["s.active = 1", "s.name > ?"], list[Any]([after])
        if document_id is not None:
            where.append("s.document_id = ?")
            values.append(document_id)
        if verdict is not None:
            where.append("s.verdict = ?")
            values.append(verdict)
        rows = self.db.query(
            "SELECT s.id, s.kind, s.name, s.document_id, d.title, s.url, s.stage, s.verdict, s.note, s.failures, s.checked_at, s.changed_at, "
            f"s.next_at FROM sources s LEFT JOIN documents d ON d.id = s.document_id WHERE {' AND '.join(where)} ORDER BY s.name LIMIT ?",
            [*values, limit],
        )
        return [dict(row) for row in rows]

    def active_source(self, source_id: int) -> bool:
        """Whether there is such a source and it is polled."""
        row = self.db.execute("SELECT 1 FROM sources WHERE id = ? AND active = 1", [source_id]).fetchone()
        return row is not None

    def alerts(self, *, state: str | None = None, before: int = LAST, limit: int = 50) -> list[Row]:
        """Alerts newest first, older than ``before``."""
        where, values = (["a.state = ?"], [state]) if state is not None else ([], list[Any]())
        if state not in (None, "sent"):
            where.append("a.state <> 'sent'")  # so that the index over these is used
        rows = self.db.query(
            "SELECT a.id, e.type, e.document_id, d.title, e.change_id, f.number AS from_number, t.number AS to_number, a.channel, a.state, "
            f"a.tries, {iso('a.not_before')} AS not_before, {iso('a.sent_at')} AS sent_at, a.answer, {iso('a.created_at')} AS created_at FROM alerts a JOIN events e ON e.id = a.event_id "
            "LEFT JOIN documents d ON d.id = e.document_id LEFT JOIN changes c ON c.id = e.change_id "
            "LEFT JOIN versions f ON f.id = c.from_version LEFT JOIN versions t ON t.id = c.to_version "
            f"WHERE {' AND '.join([*where, 'a.id < ?'])} ORDER BY a.id DESC LIMIT ?",
            [*values, before, limit],
        )
        return [dict(row) for row in rows]

    def incidents(self, *, open_only: bool = True, before: int = LAST, limit: int = 50) -> list[Row]:
        """Incidents newest first."""
        source = "incidents i INDEXED BY incidents_open" if open_only else "incidents i"
        rows = self.db.query(
            "SELECT i.id, i.subject, i.kind, i.detail, i.opened_at, i.closed_at, s.document_id, s.url, d.title "
            f"FROM {source} LEFT JOIN sources s ON s.id = i.source_id LEFT JOIN documents d ON d.id = s.document_id "
            f"WHERE i.id < ? {'AND i.closed_at IS NULL ' if open_only else ''}ORDER BY i.id DESC LIMIT ?",
            [before, limit],
        )
        return [dict(row) for row in rows]

    def proposed(self, limit: int = 20) -> list[Row]:
        """Doubtful links that wait for a person."""
        rows = self.db.query(
            "SELECT l.id, l.document_id, a.title, l.other_id, b.title AS other_title, l.relation, l.confidence, l.reasons FROM links l "
            "JOIN documents a ON a.id = l.document_id JOIN documents b ON b.id = l.other_id WHERE l.state = 'proposed' "
            "ORDER BY l.id DESC LIMIT ?",
            [limit],
        )
        return [dict(row) for row in rows]

    def consultations(
        self, *, first: str, last: str = "9999", newest_first: bool = False, limit: int = 100, today: str = "9999"
    ) -> list[Row]:
        """Windows that close between two days, by closing day; those that name no closing day are left out.

        A window that closes ``today`` or later is left out once the document's newest text is a later stage: its final came early.
        """
        rows = self.db.query(
            "SELECT c.document_id, d.title, d.region, c.opens, c.closes, c.contact, s.url FROM consultations c "
            "JOIN documents d ON d.id = c.document_id LEFT JOIN sources s ON s.id = c.source_id "
            f"WHERE c.closes >= ? AND c.closes < ? AND (c.closes < ? OR NOT {settled('c')}) "
            f"ORDER BY c.closes {'DESC' if newest_first else 'ASC'}, c.document_id LIMIT ?",
            [first, last, today, limit],
        )
        return [dict(row) for row in rows]

    def results(self, document_ids: Sequence[str]) -> dict[str, Row]:
        """What became of the opinions on some documents, the newest report each: title, url, at."""
        rows = self.db.execute(
            f"SELECT e.document_id, {iso('e.created_at')}, e.data FROM json_each(?) j CROSS JOIN events e ON e.document_id = j.value "
            "WHERE e.type = 'consultation.result' ORDER BY e.id",
            [json.dumps(list(document_ids))],
        )
        found = {}
        for document_id, at, packed in rows:
            data = msgspec.json.decode(codec.unpack_json(packed))
            found[document_id] = {
                "title": str(data.get("result_title") or ""),
                "url": str(data.get("result_url") or ""),
                "at": at,
            }
        return found

    def waiting(self) -> dict[str, int]:
        """How many alerts wait and how many are dead letters, each counted up to 1000."""
        found = {}
        for name, state in (("waiting", "waiting"), ("dead", "dead")):
            row = self.db.execute(
                "SELECT count(*) FROM (SELECT 1 FROM alerts WHERE state <> 'sent' AND state = ? LIMIT 1000)", [state]
            ).fetchone()
            found[name] = int(row[0])
        return found

    def writable(self) -> bool:
        """Whether something can be written now; waits at most a second for another writer."""
        try:
            self.db.execute("PRAGMA busy_timeout = 1000")
            # To begin a transaction proves nothing: a full disk says no only when something must go there.
            self.db.execute(
                "INSERT INTO facts VALUES ('writable', strftime('%s')) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            )
        except sqlite3.Error:
            return False
        return True


NOWHERE = "\U0010ffff"
"""Stands for "no region" in a cursor: after every real one."""
_NEWEST_EDITION = "e.id = " + edition_now("e.document_id", among="AND n.stage <> 'interpretation'")
