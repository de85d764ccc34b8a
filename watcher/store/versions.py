"""Versions: readings that differ from the one before, and what is searched."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlite_utils import Database

from watcher.errors import NotFound
from watcher.store import codec
from watcher.store.blobs import BlobTable
from watcher.store.content import About, Content
from watcher.store.database import behind, edition_now, instant, iso, millis, rows_of, stamp
from watcher.store.history import IndicatorTable
from watcher.store.identity import Identity
from watcher.store.rows import Head, Version
from watcher.text import squeeze
from watcher.types import Attachment, Cause, Stage

_SELECT = (
    "SELECT v.id, v.document_id, v.number, v.edition_id, v.source_id, v.snapshot_id, v.stage, v.cause, r.digest, v.seen_at, "
    "coalesce(p.url, o.url), coalesce(v.title, e.title), v.digest, v.content_id, v.delta, v.indicator_count FROM versions v "
    "JOIN snapshots p ON p.id = v.snapshot_id JOIN sources o ON o.id = p.source_id "
    "JOIN editions e ON e.id = v.edition_id JOIN rules r ON r.id = v.rules_id "
)
TOLD_SOON = 256
"""So many versions that were added last are told of without unpacking them."""
FAR = 15
"""A version that costs more than this part of the one that it is written against stands for itself."""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What is stored as one version."""

    document_id: str
    source_id: int
    snapshot_id: int
    stage: Stage
    cause: Cause
    rules: str
    seen_at: datetime
    content: Content
    attachments: tuple[tuple[Attachment, int | None, str], ...] = ()
    """Each attachment, the snapshot of its bytes, and why it could not be read."""
    digest: bytes | None = None
    """``codec.reading_digest`` of the reading, where it is at hand."""
    moved: tuple[int, str, str] | None = None
    """``terms.moved_terms`` against the version with this row id, where they are at hand."""
    rows: tuple[tuple[Identity, ...], tuple[Identity, ...]] | None = None
    """``identity.moved_rows`` against the same version, where they are at hand."""


class VersionTable:
    """Versions and what is searched."""

    def __init__(self, db: Database, blobs: BlobTable) -> None:
        self.db = db
        self.blobs = blobs
        self._history = IndicatorTable(db)
        self._added: list[tuple[int, NewVersion]] = []
        self._known_rules: dict[str, int] = {}
        # What new versions say of themselves, for who tells of them in a moment: their bytes need not be unpacked for that.
        self._abouts: OrderedDict[int, About] = OrderedDict()

    def add(self, new: NewVersion) -> int:
        """Stores a version; call inside ``Store.atomic``. Returns its row id."""
        previous = self.db.execute(
            "SELECT id, edition_id, content_id FROM versions WHERE source_id = ? ORDER BY id DESC LIMIT 1",
            [new.source_id],
        ).fetchone()
        about, gist = new.content.about, new.content.gist
        content_id, delta = self._content(new.content, previous[2] if previous else None)
        digest = new.digest or codec.reading_digest(new.content.reading)
        number = self.db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE document_id = ?", [new.document_id]
        ).fetchone()[0]
        edition_id = self._staged(new, previous[1]) if previous else self._equal(new, digest) if number > 1 else None
        fresh = edition_id is None
        if edition_id is None:
            edition_id = self._edition(new)
        cursor = self.db.execute(
            "INSERT INTO versions (document_id, number, edition_id, source_id, snapshot_id, stage, cause, rules_id, seen_at, title, "
            "digest, characters, tables, degraded, indicator_count, content_id, delta) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, (SELECT title FROM editions WHERE id = ?)), ?, ?, ?, ?, ?, ?, ?)",
            [
                new.document_id, number, edition_id, new.source_id, new.snapshot_id, new.stage, new.cause, self._rules(new.rules),
                millis(new.seen_at), about.called, edition_id, digest, gist.characters, gist.tables, int(about.degraded),
                gist.indicators, content_id, delta,
            ],
        )  # fmt: skip
        version_id = int(cursor.lastrowid or 0)
        if new.attachments:
            self.db.conn.executemany(
                "INSERT OR IGNORE INTO version_attachments (version_id, name, url, format, snapshot_id, note) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (version_id, one.name, one.url, one.format, snapshot, note)
                    for one, snapshot, note in new.attachments
                ],
            )
        region = about.region
        self.db.execute(
            "UPDATE documents SET region = coalesce(region, ?), title = CASE WHEN title = id OR title LIKE '%…' OR title LIKE '%...' "
            "THEN ? ELSE title END WHERE id = ? AND (region IS NULL AND ? IS NOT NULL OR title = id OR title LIKE '%…' OR title LIKE '%...')",
            [region, about.called or new.document_id, new.document_id, region],
        )
        near = previous and new.moved and new.rows and new.moved[0] == previous[0]
        moved = (previous[0], *new.rows) if near and new.rows else None
        self._history.write(new.content, edition_id, version_id, fresh=fresh, moved=moved)
        self._abouts[version_id] = about
        if len(self._abouts) > TOLD_SOON:
            self._abouts.popitem(last=False)
        self._added.append((version_id, new))
        self.db.execute(
            "UPDATE sources SET edition_id = ?, version_id = ?, changed_at = ? WHERE id = ?",
            [edition_id, version_id, stamp(new.seen_at), new.source_id],
        )
        return version_id

    def _content(self, content: Content, near: int | None) -> tuple[int, bytes | None]:
        """The blob of what a version says, or the one that it is near to and what is left then."""
        known = self.blobs.paired(content)
        if known is None:
            known = self.blobs.find(content.address)
        if known is not None:
            return known, None
        if near is not None:
            base = self.blobs.kept(near)
            delta = codec.pack(content.encoded, base, fine=True)
            if len(delta) * FAR < len(base):
                return near, delta
        return self.blobs.add_content(content), None

    def _equal(self, new: NewVersion, digest: bytes) -> int | None:
        """The edition of an equal text at another address of the document."""
        # By the document, not by the index over stages: that one has half of all versions under a name.
        same = self.db.execute(
            "SELECT edition_id FROM versions WHERE document_id = ? AND digest = ? AND +stage = ? ORDER BY id DESC LIMIT 1",
            [new.document_id, digest, new.stage],
        ).fetchone()
        return int(same[0]) if same else None

    def _staged(self, new: NewVersion, edition_id: int) -> int:
        """The edition of the source, whose stage is what its text says now."""
        self.db.execute("UPDATE editions SET stage = ? WHERE id = ? AND stage <> ?", [new.stage, edition_id, new.stage])
        return edition_id

    def _edition(self, new: NewVersion) -> int:
        """A new edition."""
        cursor = self.db.execute(
            "INSERT INTO editions (document_id, stage, title, created_at) VALUES (?, ?, ?, ?)",
            [new.document_id, new.stage, new.content.about.called, stamp(new.seen_at)],
        )
        return int(cursor.lastrowid or 0)

    def write_index(self) -> None:
        """Brings the search index up to the versions that were added; ``Store.atomic`` calls it before it commits.

        All at once and last, because every other statement in between would make the index write what it gathered.
        """
        if not self._added:
            return
        from watcher.store.terms import index_terms

        added, self._added = self._added, []
        work = [line for one in added for line in self._terms(*one)]
        # One text's terms at a time: with SQLite's copy of them they are some five times as long as the text.
        lines = ((how, row, title, index_terms(text) if text else body) for how, row, title, body, text in work)
        self.db.conn.executemany("INSERT INTO search (search, rowid, title, body) VALUES (?, ?, ?, ?)", lines)

    def forget(self, mark: int) -> None:
        """A transaction was rolled back: drops what is remembered, and from the work for the index what was added after ``mark``
        (``added`` then).
        """
        del self._added[mark:]
        self._abouts.clear()
        self._known_rules.clear()
        self._history.forget()
        self.blobs.forget()

    @property
    def added(self) -> int:
        """How many versions wait for the index."""
        return len(self._added)

    def _terms(self, version_id: int, new: NewVersion) -> list[tuple[str | None, int, str, str, str]]:
        """Lines for the index: how, row, terms of the title, terms of the text, the text where its terms are still to be made."""
        from watcher.store.terms import index_terms, moved_terms

        title, found = new.content.about.title, [new.document_id]
        row = self.db.execute("SELECT id, version_id FROM search_rows WHERE document_id = ?", found).fetchone()
        if row is None:
            sql = "INSERT INTO search_rows (document_id, version_id) VALUES (?, ?)"
            place = int(self.db.execute(sql, [new.document_id, version_id]).lastrowid or 0)
            return [(None, place, index_terms(title), "", new.content.text)]
        # The index keeps no positions, so only the terms that went and those that came are written: a few bytes an edit.
        if new.moved is not None and new.moved[0] == row[1]:
            gone, come = new.moved[1:]
        else:
            gone, come = moved_terms(self.printed(row[1]), (title, new.content.text))
        self.db.execute("UPDATE search_rows SET version_id = ? WHERE id = ?", [version_id, row[0]])
        if not gone and not come:
            return []
        # Always both: the index counts its rows by them.
        return [("delete", row[0], "", gone, ""), (None, row[0], "", come, "")]

    def _said(self, content_id: int, delta: bytes | None) -> bytes:
        """What a version says, as ``codec.encode_content`` wrote it."""
        content = self.blobs.kept(content_id)
        return content if delta is None else codec.unpack(delta, content)

    def said(self, version_id: int) -> bytes:
        """What a version says as it is stored (``codec.encode_content``). Raises ``NotFound``."""
        row = self.db.execute("SELECT content_id, delta FROM versions WHERE id = ?", [version_id]).fetchone()
        if row is None:
            raise NotFound(f"no version {version_id}")
        return self._said(*row)

    def printed(self, version_id: int) -> tuple[str, str]:
        """Title and text of a version, in half the time of its reading. Raises ``NotFound``."""
        return codec.content_printed(self.said(version_id))

    def search(self, words: str, limit: int = 50) -> list[str]:
        """Ids of documents whose newest text or title holds every one of the words as they are written, newest first.

        A text that became the edition of another document counts as that document's. At most twice ``limit`` texts are
        read, so words whose pairs of characters stand apart in very many newer texts hide older ones.
        """
        from watcher.store.terms import terms_of

        terms = list(terms_of(words))[:40]
        if not terms:
            return []
        query = " AND ".join('"' + term.replace('"', '""') + '"' for term in terms)
        rows = self.db.execute(
            "SELECT coalesce(d.merged_into, d.id), v.id FROM (SELECT rowid AS place FROM search WHERE search MATCH ? "
            "ORDER BY rowid DESC LIMIT ?) s CROSS JOIN search_rows r ON r.id = s.place CROSS JOIN documents d ON d.id = r.document_id "
            "CROSS JOIN versions v ON v.id = r.version_id "
            "WHERE NOT EXISTS (SELECT 1 FROM versions w WHERE w.document_id = v.document_id AND w.number > v.number)",
            [query, 2 * limit],
        ).fetchall()
        # Pairs of characters may stand apart: the words themselves are looked for in what was found.
        wanted = [squeeze(word).lower() for word in words.split() if len(terms_of(word)) > 1]
        found: dict[str, None] = {}
        for document_id, version_id in rows:
            if len(found) == limit:
                break
            text = squeeze("\n".join(self.printed(version_id))).lower() if wanted else ""
            if all(word in text for word in wanted):
                found[document_id] = None
        return list(found)

    def _one(self, where: str, values: Sequence[Any]) -> Version | None:
        row = self.db.execute(_SELECT + where, list(values)).fetchone()
        return self._build(row) if row else None

    def _build(self, row: Sequence[Any], content: Content | None = None) -> Version:
        return Version(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], instant(row[9]), row[10], row[11], row[12],
            row[15], content or Content.stored(self._said(row[13], row[14])),
        )  # fmt: skip

    def get(self, version_id: int, content: Content | None = None) -> Version:
        """One version by row id; ``content``: what it says, where that is at hand. Raises ``NotFound``."""
        row = self.db.execute(_SELECT + "WHERE v.id = ?", [version_id]).fetchone()
        if row is None:
            raise NotFound(f"no version {version_id}")
        return self._build(row, content)

    def outline(self, version_id: int) -> Version:
        """``get`` for who will hardly ask what it says: that is loaded when it is asked for, while the store is open."""
        return self.get(version_id, Content(partial(self.said, version_id), self._abouts.get(version_id)))

    def numbered(self, document_id: str, number: int) -> Version | None:
        """Version ``number`` of a document."""
        return self._one("WHERE v.document_id = ? AND v.number = ?", [document_id, number])

    def last_of_source(self, source_id: int, before: int | None = None) -> Version | None:
        """The newest version that one address gave (older than version row ``before``)."""
        if before is None:
            return self._one("WHERE v.source_id = ? ORDER BY v.id DESC LIMIT 1", [source_id])
        return self._one("WHERE v.source_id = ? AND v.id < ? ORDER BY v.id DESC LIMIT 1", [source_id, before])

    def heads_of_source(self, source_id: int) -> Head | None:
        """What is known of an address's newest version, without its text."""
        row = self.db.execute(
            "SELECT v.id, v.digest, r.digest, v.characters, v.tables, v.degraded, v.compared FROM versions v JOIN rules r ON r.id = v.rules_id "
            "WHERE v.source_id = ? ORDER BY v.id DESC LIMIT 1",
            [source_id],
        ).fetchone()
        return Head(row[0], row[1], row[2], row[3], row[4], bool(row[5]), bool(row[6])) if row else None

    def digests(self, source_id: int, until: int, limit: int) -> list[bytes]:
        """Digests of a source's versions up to row ``until``, newest first."""
        rows = self.db.execute(
            "SELECT digest FROM versions WHERE source_id = ? AND id <= ? ORDER BY id DESC LIMIT ?",
            [source_id, until, limit],
        )
        return [row[0] for row in rows]

    def newest(self, document_id: str, count: int = 2) -> list[Version]:
        """The newest versions of a document, newest first; without what our rules or a late edit made anew of an earlier edition."""
        rows = self.db.execute(
            _SELECT
            + f"WHERE v.document_id = ? AND (v.cause <> 'rules' OR v.edition_id = {edition_now('v.document_id')}) AND NOT {behind('v')} "
            "ORDER BY v.number DESC LIMIT ?",
            [document_id, count],
        ).fetchall()
        return [self._build(row) for row in rows]

    def holding(self, document_id: str) -> tuple[int, str]:
        """Edition and stage of the text of a document that holds: its newest. Raises ``NotFound`` where nothing is stored of it."""
        sql = f"SELECT e.id, e.stage FROM editions e WHERE e.id = {edition_now('?')}"
        row = self.db.execute(sql, [document_id]).fetchone()
        if row is None:
            raise NotFound(f"no version of {document_id}")
        return row[0], row[1]

    def stages(self, document_id: str, before: int, limit: int = 20) -> list[tuple[int, str]]:
        """Row id and stage of a document's versions older than row ``before``, newest first, without their texts."""
        return self.db.execute(
            "SELECT id, stage FROM versions WHERE document_id = ? AND id < ? ORDER BY number DESC LIMIT ?",
            [document_id, before, limit],
        ).fetchall()

    def newest_of_stage(self, document_id: str, stage: str) -> Version | None:
        """The newest version of one stage of a document."""
        return self._one("WHERE v.document_id = ? AND v.stage = ? ORDER BY v.number DESC LIMIT 1", [document_id, stage])

    def at(self, document_id: str, before: datetime) -> Version | None:
        """The version that stood just before an instant."""
        return self._one(
            "WHERE v.document_id = ? AND v.seen_at < ? ORDER BY v.number DESC LIMIT 1", [document_id, millis(before)]
        )

    def waiting(self, limit: int = 200, but: Iterable[int] = ()) -> list[int]:
        """Row ids of versions not yet compared, oldest first, without some."""
        sql = "SELECT id FROM versions WHERE compared = 0 AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?"
        return [row[0] for row in self.db.execute(sql, [json.dumps(list(but)), limit])]

    def mark_compared(self, version_id: int) -> None:
        """Call inside the transaction that writes the change."""
        self.db.execute("UPDATE versions SET compared = 1 WHERE id = ?", [version_id])

    def mark_rules(self, version_id: int, rules: str) -> None:
        """The version reads the same under these rules."""
        self.db.execute("UPDATE versions SET rules_id = ? WHERE id = ?", [self._rules(rules), version_id])

    def _rules(self, digest: str) -> int:
        """The row of some rules; those that are new get one. Rules keep their row for ever, so what was asked for is remembered."""
        found = self._known_rules.get(digest)
        if found is None:
            row = self.db.execute("SELECT id FROM rules WHERE digest = ?", [digest]).fetchone()
            found = row[0] if row else self.db.execute("INSERT INTO rules (digest) VALUES (?)", [digest]).lastrowid or 0
            self._known_rules[digest] = found
        return int(found)

    def log(self, document_id: str, limit: int = 1000) -> list[dict[str, Any]]:
        """All versions of a document, newest first, without their texts."""
        return list(
            self.db.query(
                f"SELECT v.id, v.number, v.stage, v.cause, {iso('v.seen_at')} AS seen_at, coalesce(v.title, e.title) AS title, v.characters, "
                "v.indicator_count, r.digest AS rules, "
                "coalesce(p.url, o.url) AS url, v.snapshot_id, c.move_count, c.edit_count, c.effects, c.id AS change_id FROM versions v "
                "JOIN editions e ON e.id = v.edition_id JOIN rules r ON r.id = v.rules_id "
                "JOIN snapshots p ON p.id = v.snapshot_id JOIN sources o ON o.id = p.source_id LEFT JOIN changes c ON c.to_version = v.id "
                "WHERE v.document_id = ? ORDER BY v.number DESC LIMIT ?",
                [document_id, limit],
            )
        )

    def attachments(self, version_id: int) -> list[dict[str, Any]]:
        """Name, url, format, snapshot_id and note of a version's attachments."""
        return rows_of(
            self.db,
            "SELECT name, url, format, snapshot_id, note FROM version_attachments WHERE version_id = ? ORDER BY rowid",
            [version_id],
        )
