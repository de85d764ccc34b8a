"""The schema as an append-only list of migrations. Never edit one that has been released: add another."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("watcher")

_FIRST = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    region TEXT,
    column_id TEXT,                  -- the column it was discovered in
    merged_into TEXT REFERENCES documents(id),  -- it turned out to be an edition of that one
    channels TEXT NOT NULL DEFAULT '[]',
    created_at TEXT NOT NULL,
    removed_at TEXT                  -- no longer in sources.yaml; its history stays
) STRICT;
CREATE INDEX documents_region ON documents(region, id);

CREATE TABLE editions (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents(id),
    stage TEXT NOT NULL,
    title TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX editions_document ON editions(document_id);

CREATE TABLE sources (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('page', 'column')),
    name TEXT NOT NULL UNIQUE,       -- document id + address, or column id
    document_id TEXT REFERENCES documents(id),
    url TEXT NOT NULL,
    stage TEXT,                      -- as sources.yaml says; NULL: the text decides
    column_id TEXT,                  -- the column that announced it
    active INTEGER NOT NULL DEFAULT 1,
    config TEXT NOT NULL DEFAULT '', -- digest of its settings
    edition_id INTEGER REFERENCES editions(id),
    version_id INTEGER,              -- its last version
    snapshot_id INTEGER,             -- its last good snapshot
    body BLOB,                       -- digest of the last good body
    hint BLOB,                       -- decisive part of the last good body
    etag TEXT,
    last_modified TEXT,
    verdict TEXT,
    note TEXT NOT NULL DEFAULT '',
    failures INTEGER NOT NULL DEFAULT 0,
    shrunken INTEGER NOT NULL DEFAULT 0,
    checked_at TEXT,
    changed_at TEXT,
    next_at TEXT,                    -- NULL: due at once
    leased_until TEXT,               -- a check of it is under way
    attachments_at TEXT              -- when its attachments were fetched; NULL: it has none
) STRICT;
CREATE INDEX sources_due ON sources(active, next_at);
CREATE INDEX sources_document ON sources(document_id);
CREATE INDEX sources_url ON sources(url);
CREATE INDEX sources_unread ON sources(id) WHERE active = 1 AND kind = 'page' AND version_id IS NULL;
CREATE INDEX sources_verdict ON sources(verdict, name) WHERE active = 1;

CREATE TABLE checks (                -- one row for a run of equal results
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    verdict TEXT NOT NULL,
    status INTEGER,
    note TEXT NOT NULL DEFAULT '',
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    count INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX checks_source ON checks(source_id, id);

CREATE TABLE blobs (                 -- bytes by content
    id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,           -- uncompressed
    base_id INTEGER REFERENCES blobs(id),
    data BLOB NOT NULL
) STRICT;

CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers BLOB NOT NULL,
    fetched_at TEXT NOT NULL,
    verdict TEXT NOT NULL,
    blob_id INTEGER NOT NULL REFERENCES blobs(id)
) STRICT;
CREATE INDEX snapshots_source ON snapshots(source_id, verdict);
CREATE INDEX snapshots_blob ON snapshots(blob_id);

CREATE TABLE versions (
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
    base_id INTEGER REFERENCES versions(id),
    reading BLOB NOT NULL,
    indicators BLOB NOT NULL,
    indicator_count INTEGER NOT NULL,
    compared INTEGER NOT NULL DEFAULT 0,
    UNIQUE (document_id, number)
) STRICT;
CREATE INDEX versions_source ON versions(source_id, id);
CREATE INDEX versions_edition ON versions(edition_id, id);
CREATE INDEX versions_waiting ON versions(id) WHERE compared = 0;
CREATE INDEX versions_seen ON versions(seen_at);
CREATE INDEX versions_stage ON versions(stage, id, document_id, number);
CREATE INDEX versions_snapshot ON versions(snapshot_id);
CREATE INDEX versions_digest ON versions(document_id, digest);

CREATE TABLE version_attachments (
    version_id INTEGER NOT NULL REFERENCES versions(id),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    format TEXT NOT NULL,
    snapshot_id INTEGER REFERENCES snapshots(id),
    note TEXT NOT NULL DEFAULT '',   -- why it could not be read
    PRIMARY KEY (version_id, url)
) STRICT;
CREATE INDEX version_attachments_snapshot ON version_attachments(snapshot_id);

CREATE TABLE indicators (            -- one row as long as it stays the same
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents(id),
    edition_id INTEGER NOT NULL REFERENCES editions(id),
    name TEXT NOT NULL,
    key TEXT,
    unit TEXT NOT NULL,
    year TEXT,
    role TEXT NOT NULL,
    op TEXT NOT NULL,
    value TEXT,
    text TEXT NOT NULL,
    nature TEXT,
    origin TEXT NOT NULL,
    section TEXT NOT NULL,
    disputed INTEGER NOT NULL DEFAULT 0,
    since_version INTEGER NOT NULL REFERENCES versions(id),
    until_version INTEGER REFERENCES versions(id),
    amount REAL                      -- value times the size of its unit, to sort plans by; NULL for words
) STRICT;
CREATE INDEX indicators_edition ON indicators(edition_id, until_version);
CREATE INDEX indicators_key ON indicators(key, document_id) WHERE until_version IS NULL;
CREATE INDEX indicators_document ON indicators(document_id, key);
CREATE INDEX indicators_amount ON indicators(key, role, amount, id) WHERE until_version IS NULL;

CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents(id),
    from_version INTEGER NOT NULL REFERENCES versions(id),
    to_version INTEGER NOT NULL REFERENCES versions(id),
    kind TEXT NOT NULL,              -- content or stage
    created_at TEXT NOT NULL,
    move_count INTEGER NOT NULL,
    edit_count INTEGER NOT NULL,
    effects TEXT NOT NULL,           -- {"tightened": 1, ...}
    diff BLOB NOT NULL,
    stage TEXT NOT NULL DEFAULT '',  -- of the later version
    UNIQUE (from_version, to_version)
) STRICT;
CREATE INDEX changes_to ON changes(to_version);
CREATE INDEX changes_stage ON changes(stage, id);
CREATE INDEX changes_document ON changes(document_id, id);

CREATE TABLE moves (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES changes(id),
    name TEXT NOT NULL,
    key TEXT,
    year TEXT,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    effect TEXT,
    before_text TEXT,
    after_text TEXT
) STRICT;
CREATE INDEX moves_change ON moves(change_id);
CREATE INDEX moves_key ON moves(key, change_id);
CREATE INDEX moves_effect ON moves(effect, change_id);

CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    document_id TEXT,
    source_id INTEGER,
    change_id INTEGER REFERENCES changes(id),
    created_at TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE INDEX events_document ON events(document_id, id);
CREATE INDEX events_change ON events(change_id);

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    event_id INTEGER NOT NULL REFERENCES events(id),
    channel TEXT NOT NULL,
    thread TEXT NOT NULL,            -- order is kept per thread and channel
    state TEXT NOT NULL CHECK (state IN ('waiting', 'digest', 'sending', 'sent', 'dead')),
    tries INTEGER NOT NULL DEFAULT 0,
    not_before TEXT NOT NULL,
    claimed_at TEXT,
    sent_at TEXT,
    answer TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    digest_id INTEGER REFERENCES alerts(id)
) STRICT;
CREATE INDEX alerts_open ON alerts(state, channel, not_before) WHERE state IN ('waiting', 'sending', 'digest');
CREATE INDEX alerts_state ON alerts(state, id);
CREATE INDEX alerts_event ON alerts(event_id);
CREATE INDEX alerts_thread ON alerts(channel, thread, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX alerts_sent ON alerts(channel, sent_at);

CREATE TABLE channel_states (
    name TEXT PRIMARY KEY,
    stopped_at TEXT,                 -- a permanent error stopped it
    reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE incidents (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,           -- source name, channel name, or 'service'
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    source_id INTEGER REFERENCES sources(id),
    opened_at TEXT NOT NULL,
    closed_at TEXT
) STRICT;
CREATE UNIQUE INDEX incidents_open ON incidents(subject) WHERE closed_at IS NULL;
CREATE INDEX incidents_source ON incidents(source_id);

CREATE TABLE items (                 -- what a column announced
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources(id),
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    first_seen_at TEXT NOT NULL,
    document_id TEXT REFERENCES documents(id),
    UNIQUE (source_id, url)
) STRICT;
CREATE INDEX items_url ON items(url);

CREATE TABLE links (                 -- which documents are one; every decision is kept
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents(id),
    other_id TEXT NOT NULL REFERENCES documents(id),
    relation TEXT NOT NULL,
    confidence REAL NOT NULL,
    reasons TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'linked', 'undone')),
    by TEXT NOT NULL,                -- 'rules' or 'person'
    created_at TEXT NOT NULL,
    decided_at TEXT
) STRICT;
CREATE INDEX links_document ON links(document_id);
CREATE INDEX links_other ON links(other_id);
CREATE INDEX links_state ON links(state, id);
CREATE UNIQUE INDEX links_pair ON links(document_id, other_id) WHERE state <> 'undone';

CREATE TABLE consultations (
    document_id TEXT PRIMARY KEY REFERENCES documents(id),
    opens TEXT,
    closes TEXT,
    contact TEXT,
    source_id INTEGER REFERENCES sources(id),
    told TEXT NOT NULL DEFAULT '[]'  -- which reminders are already events
) STRICT;
CREATE INDEX consultations_closes ON consultations(closes);

CREATE TABLE chrome (                -- lines that a page itself taught us to be no content
    source_id INTEGER NOT NULL REFERENCES sources(id),
    line TEXT NOT NULL,              -- folded: digits masked
    learned_at TEXT NOT NULL,
    PRIMARY KEY (source_id, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE VIRTUAL TABLE search USING fts5(title, body, content='', detail='none', columnsize=0, tokenize="unicode61 tokenchars '.'");
CREATE TABLE search_rows (
    id INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE REFERENCES documents(id),
    version_id INTEGER NOT NULL REFERENCES versions(id)
) STRICT;

CREATE VIEW latest_versions AS
    SELECT v.document_id, v.number, v.stage, v.title, v.seen_at, v.cause, v.indicator_count, v.id AS version_id,
           v.edition_id, v.source_id
    FROM versions v
    WHERE v.number = (SELECT max(number) FROM versions w WHERE w.document_id = v.document_id);

CREATE VIEW indicator_history AS
    SELECT i.document_id, d.region, i.key, i.name, i.year, i.unit, i.role, i.op, i.value, i.text, i.nature, i.origin,
           i.section, i.disputed, e.stage, s.number AS since_number, s.seen_at AS since, u.number AS until_number,
           u.seen_at AS until
    FROM indicators i
    JOIN documents d ON d.id = i.document_id
    JOIN editions e ON e.id = i.edition_id
    JOIN versions s ON s.id = i.since_version
    LEFT JOIN versions u ON u.id = i.until_version;

CREATE VIEW changes_feed AS
    SELECT c.id, c.created_at, c.document_id, d.title, d.region, c.kind, f.number AS from_number, f.stage AS from_stage,
           t.number AS to_number, t.stage AS to_stage, c.move_count, c.edit_count, c.effects
    FROM changes c
    JOIN documents d ON d.id = c.document_id
    JOIN versions f ON f.id = c.from_version
    JOIN versions t ON t.id = c.to_version;
"""


@migrations()
def first_schema(db: Database) -> None:
    """Everything that the first release stores."""
    run_script(db, _FIRST)


@migrations()
def shared_bytes(db: Database) -> None:
    """Pages are written against key pages of their hosts and against what was read of them; sections have a table."""
    from watcher.store import sharing

    sharing.convert(db, run_script)


@migrations()
def lean_rows(db: Database) -> None:
    """Instants are numbers, what an edit repeats stands once, indexes that no question uses are gone."""
    from watcher.store import lean

    lean.convert(db, run_script)


@migrations()
def first_loads(db: Database) -> None:
    """When sources.yaml first named a source: what was there from the start is no news. NULL: an earlier release does not say."""
    run_script(db, "ALTER TABLE sources ADD COLUMN added_at TEXT;")


@migrations()
def sorted_when_asked(db: Database) -> None:
    """Plans are sorted by what they say of an indicator when somebody asks; an index for it was a third of all that a first visit wrote."""
    run_script(db, "DROP INDEX indicators_amount;")


def run_script(db: Database, script: str) -> None:
    """Runs several statements inside the caller's transaction (``executescript`` would commit it)."""
    import sqlite3

    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
