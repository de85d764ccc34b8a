"""The second schema: pages are written against key pages, readings stand among the bytes, sections have a table.

What the first release stored is converted row by row inside the migration's transaction, so memory stays bounded; bytes,
readings, moves and messages come out as they went in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from watcher.errors import StoreError
from watcher.store import codec
from watcher.store.blobs import BlobTable
from watcher.store.content import Content
from watcher.store.terms import index_terms
from watcher.words import both

BEFORE = """
DROP VIEW latest_versions;
DROP VIEW indicator_history;
DROP VIEW changes_feed;
DROP TABLE search;

CREATE TABLE new_blobs (             -- bytes by content: pages and other answers, and what versions say
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,           -- uncompressed
    base_id INTEGER REFERENCES blobs(id),  -- compressed against these bytes: a page's first form, or a key page of its host
    text_id INTEGER REFERENCES blobs(id),  -- and against these: the reading that was made of the page
    charset TEXT,                    -- in which the reading is encoded for that; NULL: UTF-8
    data BLOB NOT NULL
) STRICT;
INSERT INTO new_blobs SELECT id, digest, size, base_id, NULL, NULL, data FROM blobs ORDER BY id;
DROP TABLE blobs;
ALTER TABLE new_blobs RENAME TO blobs;
CREATE INDEX blobs_base ON blobs(base_id) WHERE base_id IS NOT NULL;
CREATE INDEX blobs_text ON blobs(text_id) WHERE text_id IS NOT NULL;

CREATE TABLE page_keys (             -- pages that new pages of the same host are compressed against
    host TEXT NOT NULL,
    blob_id INTEGER NOT NULL REFERENCES blobs(id),
    PRIMARY KEY (host, blob_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX page_keys_blob ON page_keys(blob_id);

CREATE TABLE new_snapshots (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    url TEXT,                        -- NULL: the source's own
    status INTEGER NOT NULL,
    headers BLOB NOT NULL,
    fetched_at TEXT NOT NULL,
    verdict TEXT NOT NULL,
    blob_id INTEGER NOT NULL REFERENCES blobs(id)
) STRICT;
INSERT INTO new_snapshots SELECT p.id, p.source_id, nullif(p.url, s.url), p.status, p.headers, p.fetched_at, p.verdict, p.blob_id
    FROM snapshots p JOIN sources s ON s.id = p.source_id ORDER BY p.id;
DROP TABLE snapshots;
ALTER TABLE new_snapshots RENAME TO snapshots;
CREATE INDEX snapshots_source ON snapshots(source_id);
CREATE INDEX snapshots_blob ON snapshots(blob_id);

CREATE TABLE new_versions (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents(id),
    number INTEGER NOT NULL,
    edition_id INTEGER NOT NULL REFERENCES editions(id),
    source_id INTEGER NOT NULL REFERENCES sources(id),
    snapshot_id INTEGER NOT NULL REFERENCES snapshots(id),
    stage TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('first', 'content', 'rules')),
    rules TEXT NOT NULL,             -- digest of the rules that read it
    seen_at TEXT NOT NULL,
    title TEXT NOT NULL,
    digest BLOB NOT NULL,
    characters INTEGER NOT NULL,
    tables INTEGER NOT NULL,
    degraded INTEGER NOT NULL DEFAULT 0,
    indicator_count INTEGER NOT NULL,
    compared INTEGER NOT NULL DEFAULT 0,
    content_id INTEGER NOT NULL REFERENCES blobs(id),  -- its reading and indicators, or those that it is near to
    delta BLOB,                      -- then: what it says, compressed against those
    UNIQUE (document_id, number)
) STRICT;

CREATE TABLE keys (                  -- canonical names of indicators
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO keys (key) SELECT DISTINCT key FROM indicators WHERE key IS NOT NULL ORDER BY key;

CREATE TABLE sections (              -- where indicators stand in an edition: the titles above them
    edition_id INTEGER NOT NULL REFERENCES editions(id),
    place INTEGER NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (edition_id, place)
) STRICT, WITHOUT ROWID;
INSERT INTO sections SELECT edition_id, row_number() OVER (PARTITION BY edition_id ORDER BY min(id)) - 1, section
    FROM indicators GROUP BY edition_id, section;

CREATE TABLE new_indicators (        -- one row as long as it stays the same; the view indicator_history spells it out
    id INTEGER PRIMARY KEY,
    edition_id INTEGER NOT NULL REFERENCES editions(id),
    key_id INTEGER REFERENCES keys(id),
    section INTEGER NOT NULL,        -- its place in sections
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    year TEXT,
    role TEXT NOT NULL,
    op TEXT NOT NULL,
    value TEXT,
    text TEXT NOT NULL,
    nature TEXT,
    origin TEXT NOT NULL,
    disputed INTEGER NOT NULL DEFAULT 0,
    since_version INTEGER NOT NULL REFERENCES versions(id),
    until_version INTEGER REFERENCES versions(id),
    amount REAL                      -- value times the size of its unit, to sort plans by; NULL for words
) STRICT;
INSERT INTO new_indicators SELECT i.id, i.edition_id, k.id, s.place, i.name, i.unit, i.year, i.role, i.op, i.value, i.text, i.nature,
    i.origin, i.disputed, i.since_version, i.until_version, i.amount
    FROM indicators i LEFT JOIN keys k ON k.key = i.key JOIN sections s ON s.edition_id = i.edition_id AND s.title = i.section ORDER BY i.id;
DROP TABLE indicators;
ALTER TABLE new_indicators RENAME TO indicators;
CREATE INDEX indicators_edition ON indicators(edition_id);
CREATE INDEX indicators_key ON indicators(key_id, edition_id) WHERE until_version IS NULL AND key_id IS NOT NULL;
CREATE INDEX indicators_amount ON indicators(key_id, role, amount) WHERE until_version IS NULL AND key_id IS NOT NULL;

CREATE TABLE new_changes (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents(id),
    from_version INTEGER NOT NULL REFERENCES versions(id),
    to_version INTEGER NOT NULL REFERENCES versions(id),
    kind TEXT NOT NULL,              -- content or stage
    created_at TEXT NOT NULL,
    move_count INTEGER NOT NULL,
    edit_count INTEGER NOT NULL,
    effects TEXT NOT NULL,           -- {"tightened": 1, ...}
    stage TEXT NOT NULL DEFAULT '',  -- of the later version
    diff BLOB NOT NULL,              -- compressed against the bytes that the later version's content_id names
    UNIQUE (to_version, from_version)
) STRICT;
"""

AFTER = """
DROP TABLE versions;
ALTER TABLE new_versions RENAME TO versions;
CREATE INDEX versions_source ON versions(source_id);
CREATE INDEX versions_edition ON versions(edition_id);
CREATE INDEX versions_waiting ON versions(id) WHERE compared = 0;
CREATE INDEX versions_stage ON versions(stage);
CREATE INDEX versions_snapshot ON versions(snapshot_id);
CREATE INDEX versions_content ON versions(content_id);

DROP TABLE changes;
ALTER TABLE new_changes RENAME TO changes;
CREATE INDEX changes_from ON changes(from_version);
CREATE INDEX changes_stage ON changes(stage);
CREATE INDEX changes_document ON changes(document_id);

DROP INDEX alerts_state;
CREATE INDEX alerts_state ON alerts(state);
DROP INDEX events_document;
CREATE INDEX events_document ON events(document_id);

CREATE VIEW latest_versions AS
    SELECT v.document_id, v.number, v.stage, v.title, v.seen_at, v.cause, v.indicator_count, v.id AS version_id,
           v.edition_id, v.source_id
    FROM versions v
    WHERE v.number = (SELECT max(number) FROM versions w WHERE w.document_id = v.document_id);

CREATE VIEW indicator_history AS
    SELECT e.document_id, d.region, k.key, i.name, i.year, i.unit, i.role, i.op, i.value, i.text, i.nature, i.origin,
           t.title AS section, i.disputed, e.stage, s.number AS since_number, s.seen_at AS since, u.number AS until_number,
           u.seen_at AS until
    FROM indicators i
    JOIN editions e ON e.id = i.edition_id
    JOIN documents d ON d.id = e.document_id
    JOIN sections t ON t.edition_id = i.edition_id AND t.place = i.section
    JOIN versions s ON s.id = i.since_version
    LEFT JOIN keys k ON k.id = i.key_id
    LEFT JOIN versions u ON u.id = i.until_version;

CREATE VIEW changes_feed AS
    SELECT c.id, c.created_at, c.document_id, d.title, d.region, c.kind, f.number AS from_number, f.stage AS from_stage,
           t.number AS to_number, t.stage AS to_stage, c.move_count, c.edit_count, c.effects
    FROM changes c
    JOIN documents d ON d.id = c.document_id
    JOIN versions f ON f.id = c.from_version
    JOIN versions t ON t.id = c.to_version;

CREATE VIRTUAL TABLE search USING fts5(title, body, content='', detail='none', columnsize=0, tokenize="ascii tokenchars '.'");
"""
_CHUNK = 200
Run = Callable[[Database, str], None]


def convert(db: Database, run: Run) -> None:
    """From the first schema to the second; ``run`` runs a script inside the transaction. Foreign keys must be off."""
    run(db, BEFORE)
    blobs = BlobTable(db)
    _versions(db, blobs)
    _changes(db, blobs)
    run(db, AFTER)
    _search(db, blobs)
    check_references(db)


def check_references(db: Database) -> None:
    """Raises ``StoreError`` where a row names another that is not there."""
    if broken := db.execute("PRAGMA foreign_key_check").fetchone():
        raise StoreError(
            both(
                f"数据库前后不一致：{broken[0]} 中的一行指向 {broken[2]} 中不存在的一行",
                f"the database is inconsistent: a row of {broken[0]} names a row of {broken[2]} that is not there",
            )
        )


def walk(db: Database, sql: str) -> Iterator[Any]:
    """The rows of ``sql`` (its first column is the row id, its one parameter the id to begin after), some at a time."""
    last = 0
    while rows := db.execute(f"{sql} LIMIT {_CHUNK}", [last]).fetchall():
        yield from rows
        last = rows[-1][0]


def _versions(db: Database, blobs: BlobTable) -> None:
    columns = (
        "id, document_id, number, edition_id, source_id, snapshot_id, stage, cause, rules, seen_at, title, digest, characters, tables, "
        "degraded, indicator_count, compared"
    )
    rows = walk(db, f"SELECT {columns}, base_id, reading, indicators FROM versions WHERE id > ? ORDER BY id")
    for row in rows:
        base_id, reading, indicators = row[-3:]
        delta = None
        if base_id is None:
            content = codec.unpack(reading) + b"\n" + codec.unpack(indicators)
            content_id = blobs.add(content)
            blob_id, url = db.execute(
                "SELECT p.blob_id, coalesce(p.url, s.url) FROM snapshots p JOIN sources s ON s.id = p.source_id WHERE p.id = ?", [row[5]]
            ).fetchone()  # fmt: skip
            with suppress(StoreError):  # a damaged page stays as it is: `watcher verify` tells of it
                blobs.rewrite(blob_id, urlsplit(url).netloc, Content.stored(content))
        else:
            base = db.execute("SELECT reading, indicators FROM versions WHERE id = ?", [base_id]).fetchone()
            old_reading, old_indicators = codec.unpack(base[0]), codec.unpack(base[1])
            content = codec.unpack(reading, old_reading) + b"\n" + codec.unpack(indicators, old_indicators)
            (content_id,) = db.execute("SELECT content_id FROM new_versions WHERE id = ?", [base_id]).fetchone()
            delta = codec.pack(content, blobs.kept(content_id), fine=True)
        marks = ", ".join("?" * (len(row) - 1))
        db.execute(
            f"INSERT INTO new_versions ({columns}, content_id, delta) VALUES ({marks})", [*row[:-3], content_id, delta]
        )


def _changes(db: Database, blobs: BlobTable) -> None:
    columns = "id, document_id, from_version, to_version, kind, created_at, move_count, edit_count, effects, stage"
    for row in walk(db, f"SELECT {columns}, diff FROM changes WHERE id > ? ORDER BY id"):
        (content_id,) = db.execute("SELECT content_id FROM new_versions WHERE id = ?", [row[3]]).fetchone()
        diff = codec.pack_json(codec.unpack(row[-1]), blobs.kept(content_id))
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO new_changes ({columns}, diff) VALUES ({marks})", [*row[:-1], diff])
    for event_id, change_id, old, data in walk(
        db,
        "SELECT e.id, e.change_id, c.diff, e.data FROM events e LEFT JOIN changes c ON c.id = e.change_id WHERE e.id > ? ORDER BY e.id",
    ):
        near = b"" if change_id is None else codec.unpack(old)
        db.execute("UPDATE events SET data = ? WHERE id = ?", [codec.pack_json(codec.unpack(data), near), event_id])


def _search(db: Database, blobs: BlobTable) -> None:
    for row_id, content_id, delta in walk(
        db,
        "SELECT r.id, v.content_id, v.delta FROM search_rows r JOIN versions v ON v.id = r.version_id WHERE r.id > ? ORDER BY r.id",
    ):
        content = blobs.kept(content_id)
        reading = codec.content_reading(content if delta is None else codec.unpack(delta, content))
        db.execute(
            "INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)",
            [row_id, index_terms(reading.title), index_terms(reading.text)],
        )
