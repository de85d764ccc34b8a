"""The third schema: rows that come with every edit are small.

Instants are milliseconds since 1970 (views spell them out), a title stands once for its edition, the digest of rules once for all
versions, an event stands against its diff and the head of its text, a diff also against the addresses and times of its two
versions. Indexes that only a deletion by foreign key would look into are gone: nothing but ``trim`` deletes, and it looks itself.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlite_utils import Database

from watcher.store import codec
from watcher.store.blobs import BlobTable
from watcher.store.changes import ABOUT, SIDES, near_diff, near_event
from watcher.store.database import iso
from watcher.store.sharing import check_references, walk

_MS = "CAST(round((julianday({}) - 2440587.5) * 86400000) AS INTEGER)"


_BEFORE = f"""
DROP VIEW latest_versions;
DROP VIEW indicator_history;
DROP VIEW changes_feed;

CREATE TABLE rules (                 -- what versions were read by
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO rules (digest) SELECT rules FROM versions GROUP BY rules ORDER BY min(id);

UPDATE editions SET title = coalesce((SELECT v.title FROM versions v WHERE v.edition_id = editions.id ORDER BY v.id LIMIT 1), title);

CREATE TABLE new_versions (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents(id),
    number INTEGER NOT NULL,
    edition_id INTEGER NOT NULL REFERENCES editions(id),
    source_id INTEGER NOT NULL REFERENCES sources(id),
    snapshot_id INTEGER NOT NULL REFERENCES snapshots(id),
    stage TEXT NOT NULL,
    cause TEXT NOT NULL CHECK (cause IN ('first', 'content', 'rules')),
    rules_id INTEGER NOT NULL REFERENCES rules(id),  -- what read it
    seen_at INTEGER NOT NULL,        -- milliseconds since 1970, as every instant of the tables that grow with each edit
    title TEXT,                      -- NULL: its edition's
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
INSERT INTO new_versions SELECT v.id, v.document_id, v.number, v.edition_id, v.source_id, v.snapshot_id, v.stage, v.cause, r.id,
    {_MS.format("v.seen_at")}, nullif(v.title, e.title), v.digest, v.characters, v.tables, v.degraded, v.indicator_count, v.compared,
    v.content_id, v.delta FROM versions v JOIN editions e ON e.id = v.edition_id JOIN rules r ON r.digest = v.rules ORDER BY v.id;
DROP TABLE versions;
ALTER TABLE new_versions RENAME TO versions;
CREATE INDEX versions_source ON versions(source_id);
CREATE INDEX versions_waiting ON versions(id) WHERE compared = 0;
CREATE INDEX versions_stage ON versions(stage);

CREATE TABLE new_snapshots (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    url TEXT,                        -- NULL: the source's own
    status INTEGER NOT NULL,
    headers BLOB NOT NULL,
    fetched_at INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    blob_id INTEGER NOT NULL REFERENCES blobs(id)
) STRICT;
INSERT INTO new_snapshots SELECT id, source_id, url, status, headers, {_MS.format("fetched_at")}, verdict, blob_id FROM snapshots ORDER BY id;
DROP TABLE snapshots;
ALTER TABLE new_snapshots RENAME TO snapshots;

CREATE TABLE new_blobs (             -- bytes by content: pages and other answers, and what versions say
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL,            -- no two are alike; the index over the first bytes of it is half as large
    size INTEGER NOT NULL,           -- uncompressed
    base_id INTEGER REFERENCES blobs(id),  -- compressed against these bytes: a page's first form, or a key page of its host
    text_id INTEGER REFERENCES blobs(id),  -- and against these: the reading that was made of the page
    charset TEXT,                    -- in which the reading is encoded for that; NULL: UTF-8
    data BLOB NOT NULL
) STRICT;
INSERT INTO new_blobs SELECT * FROM blobs ORDER BY id;
DROP TABLE blobs;
ALTER TABLE new_blobs RENAME TO blobs;
CREATE INDEX blobs_digest ON blobs(substr(digest, 1, 6));

CREATE TABLE new_checks (            -- one row for a run of equal results
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    verdict TEXT NOT NULL,
    status INTEGER,
    note TEXT NOT NULL DEFAULT '',
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count INTEGER NOT NULL DEFAULT 1
) STRICT;
INSERT INTO new_checks SELECT id, source_id, verdict, status, note, {_MS.format("first_at")}, {_MS.format("last_at")}, count
    FROM checks ORDER BY id;
DROP TABLE checks;
ALTER TABLE new_checks RENAME TO checks;
CREATE INDEX checks_source ON checks(source_id);

CREATE TABLE new_changes (           -- of the document that the later version is of
    id INTEGER PRIMARY KEY,
    from_version INTEGER NOT NULL REFERENCES versions(id),
    to_version INTEGER NOT NULL REFERENCES versions(id),
    kind TEXT NOT NULL,              -- content or stage
    created_at INTEGER NOT NULL,
    move_count INTEGER NOT NULL,
    edit_count INTEGER NOT NULL,
    effects TEXT NOT NULL,           -- {{"tightened": 1, ...}}
    stage TEXT NOT NULL DEFAULT '',  -- of the later version
    diff BLOB NOT NULL,              -- compressed against what the later version's content_id names and what tells the two versions apart
    UNIQUE (to_version, from_version)
) STRICT;

CREATE TABLE new_moves (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES changes(id),
    name TEXT NOT NULL,
    key_id INTEGER REFERENCES keys(id),
    year TEXT,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    effect TEXT,
    before_text TEXT,
    after_text TEXT
) STRICT;
INSERT OR IGNORE INTO keys (key) SELECT DISTINCT key FROM moves WHERE key IS NOT NULL ORDER BY key;
INSERT INTO new_moves SELECT m.id, m.change_id, m.name, k.id, m.year, m.unit, m.kind, m.effect, m.before_text, m.after_text
    FROM moves m LEFT JOIN keys k ON k.key = m.key ORDER BY m.id;
DROP TABLE moves;
ALTER TABLE new_moves RENAME TO moves;
CREATE INDEX moves_change ON moves(change_id);
CREATE INDEX moves_key ON moves(key_id, change_id) WHERE key_id IS NOT NULL;
CREATE INDEX moves_effect ON moves(effect, change_id);

CREATE TABLE new_events (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    document_id TEXT,
    source_id INTEGER,
    change_id INTEGER REFERENCES changes(id),
    created_at INTEGER NOT NULL,
    data BLOB NOT NULL               -- of a change: compressed against its diff and the head of its text
) STRICT;

CREATE TABLE new_alerts (
    id INTEGER PRIMARY KEY,
    message_id BLOB NOT NULL,        -- twelve random bytes: sent as msg_ and their digits
    event_id INTEGER NOT NULL REFERENCES events(id),
    channel TEXT NOT NULL,
    thread TEXT NOT NULL,            -- order is kept per thread and channel
    state TEXT NOT NULL CHECK (state IN ('waiting', 'digest', 'sending', 'sent', 'dead')),
    tries INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL,
    claimed_at INTEGER,
    sent_at INTEGER,
    answer TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    digest_id INTEGER REFERENCES alerts(id)
) STRICT;
INSERT INTO new_alerts SELECT id, message_bytes(message_id), event_id, channel, thread, state, tries, {_MS.format("not_before")},
    {_MS.format("claimed_at")}, {_MS.format("sent_at")}, answer, {_MS.format("created_at")}, digest_id FROM alerts ORDER BY id;
DROP TABLE alerts;
ALTER TABLE new_alerts RENAME TO alerts;
CREATE INDEX alerts_open ON alerts(state, channel) WHERE state <> 'sent';
CREATE INDEX alerts_thread ON alerts(channel, thread) WHERE state IN ('waiting', 'sending');
CREATE INDEX alerts_sent ON alerts(sent_at) WHERE sent_at IS NOT NULL;
"""

_AFTER = f"""
DROP TABLE changes;
ALTER TABLE new_changes RENAME TO changes;
CREATE INDEX changes_stage ON changes(stage);
DROP TABLE events;
ALTER TABLE new_events RENAME TO events;
CREATE INDEX events_result ON events(document_id) WHERE type = 'consultation.result';

CREATE VIEW latest_versions AS
    SELECT v.document_id, v.number, v.stage, coalesce(v.title, e.title) AS title, {iso("v.seen_at")} AS seen_at, v.cause,
           v.indicator_count, v.id AS version_id, v.edition_id, v.source_id
    FROM versions v
    JOIN editions e ON e.id = v.edition_id
    WHERE v.number = (SELECT max(number) FROM versions w WHERE w.document_id = v.document_id);

CREATE VIEW version_history AS
    SELECT v.document_id, v.number, v.stage, coalesce(v.title, e.title) AS title, {iso("v.seen_at")} AS seen_at, v.cause,
           r.digest AS rules, coalesce(p.url, s.url) AS url, {iso("p.fetched_at")} AS fetched_at, v.characters, v.indicator_count,
           v.id AS version_id
    FROM versions v
    JOIN editions e ON e.id = v.edition_id
    JOIN rules r ON r.id = v.rules_id
    JOIN snapshots p ON p.id = v.snapshot_id
    JOIN sources s ON s.id = p.source_id;

CREATE VIEW indicator_history AS
    SELECT e.document_id, d.region, k.key, i.name, i.year, i.unit, i.role, i.op, i.value, i.text, i.nature, i.origin,
           t.title AS section, i.disputed, e.stage, s.number AS since_number, {iso("s.seen_at")} AS since, u.number AS until_number,
           {iso("u.seen_at")} AS until
    FROM indicators i
    JOIN editions e ON e.id = i.edition_id
    JOIN documents d ON d.id = e.document_id
    JOIN sections t ON t.edition_id = i.edition_id AND t.place = i.section
    JOIN versions s ON s.id = i.since_version
    LEFT JOIN keys k ON k.id = i.key_id
    LEFT JOIN versions u ON u.id = i.until_version;

CREATE VIEW changes_feed AS
    SELECT c.id, {iso("c.created_at")} AS created_at, t.document_id, d.title, d.region, c.kind, f.number AS from_number,
           f.stage AS from_stage, t.number AS to_number, t.stage AS to_stage, c.move_count, c.edit_count, c.effects
    FROM changes c
    JOIN versions f ON f.id = c.from_version
    JOIN versions t ON t.id = c.to_version
    JOIN documents d ON d.id = t.document_id;

CREATE VIEW alert_history AS
    SELECT a.id, 'msg_' || lower(hex(a.message_id)) AS message_id, e.type, e.document_id, a.channel, a.state, a.tries,
           {iso("a.not_before")} AS not_before, {iso("a.sent_at")} AS sent_at, a.answer, {iso("a.created_at")} AS created_at
    FROM alerts a
    JOIN events e ON e.id = a.event_id;
"""
Run = Callable[[Database, str], None]


def convert(db: Database, run: Run) -> None:
    """From the second schema to the third; ``run`` runs a script inside the transaction. Foreign keys must be off."""
    db.conn.create_function("message_bytes", 1, lambda text: bytes.fromhex(text.removeprefix("msg_")))
    run(db, _BEFORE)
    _diffs(db, BlobTable(db))
    run(db, _AFTER)
    check_references(db)


def _diffs(db: Database, blobs: BlobTable) -> None:
    """Changes and events, each written against more than before."""
    changes = "c.id, c.from_version, c.to_version, c.kind, {at}, c.move_count, c.edit_count, c.effects, c.stage"
    sides = f"FROM changes c JOIN versions f ON f.id = c.from_version JOIN versions t ON t.id = c.to_version {SIDES}"
    sql = (
        f"SELECT {changes.format(at=_MS.format('c.created_at'))}, c.diff, {ABOUT} {sides} WHERE c.id > ? ORDER BY c.id"
    )
    for row in walk(db, sql):
        packed, content_id, *about = row[9:]
        content = blobs.kept(content_id)
        diff = codec.pack_json(codec.unpack_json(packed, content), near_diff(content, about))
        db.execute("INSERT INTO new_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [*row[:9], diff])
    sql = (
        f"SELECT e.id, e.type, e.document_id, e.source_id, e.change_id, {_MS.format('e.created_at')}, e.data, c.diff, t.content_id "
        "FROM events e LEFT JOIN changes c ON c.id = e.change_id LEFT JOIN versions t ON t.id = c.to_version WHERE e.id > ? ORDER BY e.id"
    )
    for *row, data, diff, content_id in walk(db, sql):
        if diff is not None:
            content = blobs.kept(content_id)
            said = codec.unpack_json(diff, content)
            data = codec.pack_json(codec.unpack_json(data, said), near_event(content, said))
        db.execute("INSERT INTO new_events VALUES (?, ?, ?, ?, ?, ?, ?)", [*row, data])
