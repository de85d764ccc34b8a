"""Columns' items, links between documents, consultation windows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from watcher.store.database import edition_now, stamp
from watcher.types import Consultation, Item, Link, Stage


def settled(window: str) -> str:
    """SQL: whether the text that a consultation (row ``window``) asks about was a draft, and the document's newest text is one that holds."""
    return (
        f"(EXISTS (SELECT 1 FROM versions d WHERE d.source_id = {window}.source_id AND d.stage IN ('draft', 'review')) "
        f"AND EXISTS (SELECT 1 FROM editions e WHERE e.id = {edition_now(f'{window}.document_id')} "
        "AND e.stage IN ('final', 'amended', 'repealed')))"
    )


class LineageTable:
    """Items, links, consultations."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def new_items(self, source_id: int, items: Sequence[Item], now: datetime) -> list[Item]:
        """Remembers items of a column; returns those never seen before. A new date or order is not news."""
        fresh: list[Item] = []
        for item in items:
            cursor = self.db.execute(
                "INSERT INTO items (source_id, url, title, date, first_seen_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [source_id, item.url, item.title, item.date, stamp(now)],
            )
            if cursor.rowcount == 1:
                fresh.append(item)
        return fresh

    def adopt(self, source_id: int, url: str, document_id: str) -> None:
        """An item became a document."""
        self.db.execute(
            "UPDATE items SET document_id = ? WHERE source_id = ? AND url = ?", [document_id, source_id, url]
        )

    def items(self, source_id: int, limit: int = 200) -> list[dict[str, Any]]:
        """Items of a column, newest first."""
        return list(
            self.db.query(
                "SELECT url, title, date, first_seen_at, document_id FROM items WHERE source_id = ? ORDER BY id DESC LIMIT ?",
                [source_id, limit],
            )
        )

    def add_link(
        self, document_id: str, other_id: str, link: Link, *, state: str, by: str, now: datetime
    ) -> int | None:
        """Proposes or makes a link (earlier stage first); ``None`` when the pair has one. Call inside a transaction.

        A pair is proposed once, whichever of the two was read first; a sure link is made beside a proposal of the reverse.
        """
        cursor = self.db.execute(
            "INSERT INTO links (document_id, other_id, relation, confidence, reasons, state, by, created_at, decided_at) "
            "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE ? <> 'proposed' OR NOT EXISTS "
            "(SELECT 1 FROM links WHERE document_id = ? AND other_id = ? AND state <> 'undone') ON CONFLICT DO NOTHING",
            [
                document_id, other_id, link.relation, link.confidence, json.dumps(list(link.reasons), ensure_ascii=False), state, by,
                stamp(now), stamp(now) if state == "linked" else None, state, other_id, document_id,
            ],
        )  # fmt: skip
        return int(cursor.lastrowid or 0) if cursor.rowcount == 1 else None

    def decide(self, link_id: int, state: str, now: datetime) -> bool:
        """A person accepts or undoes a link; the old decision stays in its row's history. True when it changed."""
        with self.db.atomic():
            cursor = self.db.execute(
                "UPDATE links SET state = ?, by = 'person', decided_at = ? WHERE id = ? AND state <> ? AND state <> 'undone'",
                [state, stamp(now), link_id, state],
            )
            return cursor.rowcount == 1

    def link(self, link_id: int) -> dict[str, Any] | None:
        """One link: id, document_id, other_id, relation, state."""
        for row in self.db.query(
            "SELECT id, document_id, other_id, relation, state FROM links WHERE id = ?", [link_id]
        ):
            return dict(row)
        return None

    def links(self, *, limit: int = -1) -> list[dict[str, Any]]:
        """Links with both titles, newest first; at most ``limit``, all where it is -1."""
        return list(
            self.db.query(
                "SELECT l.id, l.document_id, a.title AS title, l.other_id, b.title AS other_title, l.relation, l.confidence, l.reasons, "
                "l.state, l.by, l.created_at, l.decided_at FROM links l JOIN documents a ON a.id = l.document_id "
                "JOIN documents b ON b.id = l.other_id ORDER BY l.id DESC LIMIT ?",
                [limit],
            )
        )

    def count_links(self) -> int:
        """How many links there are, of all states."""
        return int(self.db.execute("SELECT count(*) FROM links").fetchone()[0])

    def join(self, document_id: str, other_id: str) -> None:
        """Makes the editions of ``other_id`` editions of ``document_id``, numbered after its own. Call inside a transaction."""
        last = self.db.execute("SELECT coalesce(max(number), 0) FROM versions WHERE document_id = ?", [document_id])
        mine = "SELECT id FROM sources WHERE document_id = ?"
        self._move(other_id, document_id, mine, [other_id], int(last.fetchone()[0]))
        self.db.execute("UPDATE documents SET merged_into = ? WHERE id = ?", [document_id, other_id])

    def retitle(self, document_id: str, title: str) -> None:
        """Gives a document another title. Call inside a transaction."""
        self.db.execute("UPDATE documents SET title = ? WHERE id = ?", [title, document_id])

    def part(self, document_id: str, other_id: str) -> None:
        """Undoes ``join``: what came with ``other_id`` is a document of its own again. Call inside a transaction."""
        self.db.execute("UPDATE documents SET merged_into = NULL WHERE id = ?", [other_id])
        mine = "SELECT id FROM sources WHERE document_id = ? AND substr(name, 1, length(?) + 1) = ? || ' '"
        self._move(document_id, other_id, mine, [document_id, other_id, other_id], 0)

    def _move(self, old: str, new: str, sources: str, values: list[str], offset: int) -> None:
        chosen = json.dumps([row[0] for row in self.db.execute(sources, values).fetchall()])
        versions = "SELECT id FROM versions WHERE source_id IN (SELECT value FROM json_each(?))"
        for sql in (
            f"UPDATE editions SET document_id = ? WHERE id IN (SELECT edition_id FROM versions WHERE id IN ({versions}))",
            "UPDATE sources SET document_id = ? WHERE id IN (SELECT value FROM json_each(?))",
        ):
            self.db.execute(sql, [new, chosen])
        self.db.execute(
            "UPDATE versions SET document_id = ?, number = number + ? WHERE source_id IN (SELECT value FROM json_each(?))",
            [new, offset, chosen],
        )
        self.db.execute(
            "UPDATE consultations SET document_id = ? WHERE document_id = ? "
            "AND NOT EXISTS (SELECT 1 FROM consultations WHERE document_id = ?)",
            [new, old, new],
        )

    def titles_since(self, version_id: int) -> list[tuple[int, str, str, str | None, Stage]]:
        """Version row, document id, printed title, region and stage of the versions after a row that a document's text stands in."""
        # The plus keeps the planner from walking all versions in the order of their documents.
        rows = self.db.execute(
            "SELECT max(v.id), v.document_id, coalesce(v.title, e.title) AS printed, d.region, v.stage FROM versions v "
            "CROSS JOIN editions e ON e.id = v.edition_id CROSS JOIN documents d ON d.id = v.document_id "
            "WHERE v.id > ? GROUP BY +v.document_id, printed, v.stage ORDER BY 1",
            [version_id],
        )
        return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]

    def titles_of(self, document_ids: Sequence[str]) -> list[tuple[str, str, str | None, Stage]]:
        """Id, printed title, region and stage of the newest text of documents, without those that became another's editions."""
        rows = self.db.execute(
            "SELECT v.document_id, coalesce(v.title, e.title), d.region, v.stage FROM versions v JOIN documents d ON d.id = v.document_id "
            "JOIN editions e ON e.id = v.edition_id WHERE v.document_id IN (SELECT value FROM json_each(?)) AND d.merged_into IS NULL "
            f"AND v.number = (SELECT max(w.number) FROM versions w WHERE w.edition_id = {edition_now('v.document_id')} AND w.document_id = v.document_id)",
            [json.dumps(list(document_ids))],
        )
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def first_load(self, version_id: int) -> str | None:
        """When the source was added whose first load a version came with; None for what came to be there later.

        The first text of an address that sources.yaml names and that was never missing before; of a column's item, where the column
        announced it when it was first read.
        """
        row = self.db.execute(
            "SELECT coalesce(c.added_at, s.added_at), s.column_id, s.url FROM versions v JOIN sources s ON s.id = v.source_id "
            "LEFT JOIN sources c ON c.name = s.column_id WHERE v.id = ? AND v.cause = 'first' AND NOT EXISTS "
            "(SELECT 1 FROM checks k WHERE k.source_id = s.id AND k.verdict IN ('gone', 'empty'))",
            [version_id],
        ).fetchone()
        if row is None or (row[1] is not None and not self.was_first_load(row[1], row[2])):
            return None
        return str(row[0]) if row[0] is not None else None

    def was_first_load(self, column_id: str, url: str) -> bool:
        """Whether an item stood in its column when that was read for the first time."""
        row = self.db.execute(
            "SELECT i.first_seen_at = (SELECT min(first_seen_at) FROM items o WHERE o.source_id = i.source_id) FROM items i "
            "JOIN sources s ON s.id = i.source_id WHERE s.name = ? AND i.url = ?",
            [column_id, url],
        ).fetchone()
        return bool(row and row[0])

    def set_consultation(self, document_id: str, window: Consultation, source_id: int) -> None:
        """Stores what the newest text says of the window. Call inside a transaction."""
        self.db.execute(
            "INSERT INTO consultations (document_id, opens, closes, contact, source_id) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (document_id) DO UPDATE SET opens = excluded.opens, closes = excluded.closes, contact = excluded.contact",
            [document_id, window.opens, window.closes, window.contact, source_id],
        )

    def consultations(self) -> list[dict[str, Any]]:
        """Windows by closing day, of documents whose final text has not come yet."""
        return list(
            self.db.query(
                "SELECT c.document_id, d.title, d.region, c.opens, c.closes, c.contact, c.told, s.url, d.column_id FROM consultations c "
                "JOIN documents d ON d.id = c.document_id LEFT JOIN sources s ON s.id = c.source_id "
                f"WHERE NOT {settled('c')} ORDER BY c.closes"
            )
        )

    def expected(self, document_id: str) -> tuple[str | None, str | None]:
        """When the consultation of a document closes, and the stage of its newest text; ``(None, None)`` without a consultation."""
        row = self.db.execute(
            f"SELECT closes, (SELECT e.stage FROM editions e WHERE e.id = {edition_now('c.document_id')}) "
            "FROM consultations c WHERE c.document_id = ?",
            [document_id],
        ).fetchone()
        return (row[0], row[1]) if row else (None, None)

    def drafts_of_column(self, column_id: str, closing_from: str) -> bool:
        """Whether a column announced a draft whose consultation closes on a day (ISO) or later and that no later text followed."""
        row = self.db.execute(
            "SELECT 1 FROM consultations c JOIN documents d ON d.id = c.document_id WHERE c.closes >= ? AND d.column_id = ? "
            f"AND d.merged_into IS NULL AND (SELECT e.stage FROM editions e WHERE e.id = {edition_now('d.id')}) "
            "IN ('draft', 'review') LIMIT 1",
            [closing_from, column_id],
        ).fetchone()
        return row is not None

    def told(self, document_id: str, reminders: Sequence[str]) -> None:
        """Which reminders are events now. Call inside their transaction."""
        self.db.execute(
            "UPDATE consultations SET told = ? WHERE document_id = ?", [json.dumps(list(reminders)), document_id]
        )
