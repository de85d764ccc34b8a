"""Versions: readings that differ from the one before, their indicators, and what is searched."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from operator import add
from typing import Any

from sqlite_utils import Database

from watcher.errors import NotFound
from watcher.lexicon.units import scale
from watcher.store import codec
from watcher.store.database import moment, stamp
from watcher.store.rows import Head, Version
from watcher.text import squeeze
from watcher.types import Attachment, Cause, Indicator, Reading, Stage

_SELECT = (
    "SELECT v.id, v.document_id, v.number, v.edition_id, v.source_id, v.snapshot_id, v.stage, v.cause, v.rules, v.seen_at, "
    "p.url, v.title, v.digest, v.reading, v.indicators, b.reading, b.indicators FROM versions v "
    "JOIN snapshots p ON p.id = v.snapshot_id LEFT JOIN versions b ON b.id = v.base_id "
)
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.")
_GRAMS = re.compile(r"[a-z0-9.]+|[\u3400-\u9fff]+")


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
    reading: Reading
    indicators: tuple[Indicator, ...]
    attachments: tuple[tuple[Attachment, int | None, str], ...] = ()
    """Each attachment, the snapshot of its bytes, and why it could not be read."""


def grams(text: str) -> str:
    """``terms`` as one string."""
    return " ".join(terms_of(text))


def terms_of(text: str) -> dict[str, None]:
    """The search terms of a text, each once, in order: latin words and numbers whole, Chinese as overlapping pairs."""
    terms: list[str] = []
    for run in _GRAMS.findall(text.lower()):
        if run[0] < "\u3400" or len(run) == 1:
            terms.append(run)
        else:
            terms.extend(map(add, run, run[1:]))
    return dict.fromkeys(terms)


def _only_in(one: str, other: str) -> list[str]:
    """Terms of one lower-case text that another does not have; only lines that the other lacks are taken apart."""
    lines = set(other.split("\n"))
    changed = terms_of("\n".join(line for line in one.split("\n") if line not in lines))
    return [term for term in changed if not _has_term(other, term)]


def _has_term(text: str, term: str) -> bool:
    if term[0] >= "\u3400" and len(term) == 2:
        return term in text
    # A word or a lone character is a term only where nothing of its kind stands beside it.
    at = text.find(term)
    while at >= 0:
        end = at + len(term)
        if not _joins(text[at - 1 : at], term) and not _joins(text[end : end + 1], term):
            return True
        at = text.find(term, at + 1)
    return False


def _joins(beside: str, term: str) -> bool:
    return bool(beside) and (beside in _LATIN if term[0] < "\u3400" else "\u3400" <= beside <= "\u9fff")


def amount(value: str | None, unit: str) -> float | None:
    """A value in the smallest unit of its family (万人 as 人, % as a ratio), to sort plans by; ``None`` for words."""
    try:
        return None if value is None else float(Decimal(value) * scale(unit)[0])
    except (InvalidOperation, OverflowError):
        return None


def _identity(one: Indicator) -> tuple[Any, ...]:
    year = None if one.year is None else str(one.year)
    return (
        one.name, one.key, one.unit, year, one.role, one.op, one.value, one.text, one.nature, one.origin, one.section, int(one.disputed),
    )  # fmt: skip


class VersionTable:
    """Versions, the indicators' history, the search index."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def add(self, new: NewVersion) -> int:
        """Stores a version; call inside a transaction. Returns its row id."""
        previous = self.db.execute(
            "SELECT id, edition_id, base_id FROM versions WHERE source_id = ? ORDER BY id DESC LIMIT 1", [new.source_id]
        ).fetchone()
        text = new.reading.text
        reading = codec.encode_reading(new.reading)
        indicators = codec.encode_indicators(new.indicators, text)
        digest = codec.reading_digest(new.reading)
        edition_id = self._edition(new, digest, previous[1] if previous else None)
        base_id: int | None = None
        packed_reading, packed_indicators = b"", b""
        if previous:
            base_id = previous[2] or previous[0]
            base = self.db.execute("SELECT reading, indicators FROM versions WHERE id = ?", [base_id]).fetchone()
            base_reading = codec.unpack(base[0])
            packed_reading = codec.pack(reading, base_reading)
            packed_indicators = codec.pack(indicators, codec.unpack(base[1]))
            if len(packed_reading) * 4 > len(base[0]):
                base_id = None
        if base_id is None:
            packed_reading, packed_indicators = codec.pack(reading), codec.pack(indicators)
        number = self.db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE document_id = ?", [new.document_id]
        ).fetchone()[0]
        cursor = self.db.execute(
            "INSERT INTO versions (document_id, number, edition_id, source_id, snapshot_id, stage, cause, rules, seen_at, title, "
            "digest, characters, tables, degraded, base_id, reading, indicators, indicator_count) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                new.document_id, number, edition_id, new.source_id, new.snapshot_id, new.stage, new.cause, new.rules,
                stamp(new.seen_at), new.reading.plan_title or new.reading.title, digest, len(text),
                sum(block.kind == "table" for block in new.reading.blocks), int(new.reading.degraded), base_id,
                packed_reading, packed_indicators, len(new.indicators),
            ],
        )  # fmt: skip
        version_id = int(cursor.lastrowid or 0)
        self.db.conn.executemany(
            "INSERT OR IGNORE INTO version_attachments (version_id, name, url, format, snapshot_id, note) VALUES (?, ?, ?, ?, ?, ?)",
            [(version_id, one.name, one.url, one.format, snapshot, note) for one, snapshot, note in new.attachments],
        )
        self.db.execute(
            "UPDATE documents SET region = coalesce(region, ?), title = CASE WHEN title = id OR title LIKE '%…' OR title LIKE '%...' "
            "THEN ? ELSE title END WHERE id = ?",
            [new.reading.region, new.reading.plan_title or new.reading.title or new.document_id, new.document_id],
        )
        self._history(new, edition_id, version_id)
        self._index(new.document_id, version_id, new.reading.title, text)
        self.db.execute(
            "UPDATE sources SET edition_id = ?, version_id = ?, changed_at = ? WHERE id = ?",
            [edition_id, version_id, stamp(new.seen_at), new.source_id],
        )
        return version_id

    def _edition(self, new: NewVersion, digest: bytes, current: int | None) -> int:
        """The edition of this text: the source's own, or that of an equal text at another address of the document."""
        if current is not None:
            self.db.execute(
                "UPDATE editions SET stage = ? WHERE id = ? AND stage <> ?", [new.stage, current, new.stage]
            )
            return current
        same = self.db.execute(
            "SELECT edition_id FROM versions WHERE document_id = ? AND digest = ? AND stage = ? ORDER BY id DESC LIMIT 1",
            [new.document_id, digest, new.stage],
        ).fetchone()
        if same:
            return int(same[0])
        cursor = self.db.execute(
            "INSERT INTO editions (document_id, stage, title, created_at) VALUES (?, ?, ?, ?)",
            [new.document_id, new.stage, new.reading.title, stamp(new.seen_at)],
        )
        return int(cursor.lastrowid or 0)

    def _history(self, new: NewVersion, edition_id: int, version_id: int) -> None:
        open_rows = self.db.execute(
            "SELECT id, name, key, unit, year, role, op, value, text, nature, origin, section, disputed FROM indicators "
            "WHERE edition_id = ? AND until_version IS NULL",
            [edition_id],
        ).fetchall()
        wanted = Counter(_identity(one) for one in new.indicators)
        closed: list[tuple[int, int]] = []
        for row in open_rows:
            identity = tuple(row[1:])
            if wanted[identity] > 0:
                wanted[identity] -= 1
            else:
                closed.append((version_id, row[0]))
        self.db.conn.executemany("UPDATE indicators SET until_version = ? WHERE id = ?", closed)
        self.db.conn.executemany(
            "INSERT INTO indicators (document_id, edition_id, name, key, unit, year, role, op, value, text, nature, origin, "
            "section, disputed, since_version, amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (new.document_id, edition_id, *identity, version_id, amount(identity[6], identity[2]))
                for identity, count in wanted.items()
                for _ in range(count)
            ],
        )

    def _index(self, document_id: str, version_id: int, title: str, text: str) -> None:
        """Keeps the search index on the newest text of each document."""
        row = self.db.execute("SELECT id, version_id FROM search_rows WHERE document_id = ?", [document_id]).fetchone()
        if row is None:
            cursor = self.db.execute(
                "INSERT INTO search_rows (document_id, version_id) VALUES (?, ?)", [document_id, version_id]
            )
            self.db.execute(
                "INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)",
                [cursor.lastrowid, grams(title), grams(text)],
            )
            return
        # The index keeps no positions, so only the terms that went and those that came are written: a few bytes an edit.
        old, new = self._printed(row[1]).lower(), (title + "\n" + text).lower()
        for command, terms in (("delete", _only_in(old, new)), (None, _only_in(new, old))):
            self.db.execute(
                "INSERT INTO search (search, rowid, title, body) VALUES (?, ?, '', ?)",
                [command, row[0], " ".join(terms)],
            )
        self.db.execute("UPDATE search_rows SET version_id = ? WHERE id = ?", [version_id, row[0]])

    def _printed(self, version_id: int) -> str:
        """Title and text of a version."""
        packed, base = self.db.execute(
            "SELECT v.reading, b.reading FROM versions v LEFT JOIN versions b ON b.id = v.base_id WHERE v.id = ?",
            [version_id],
        ).fetchone()
        reading = codec.decode_reading(codec.unpack(packed, codec.cached_unpack(base) if base is not None else None))
        return reading.title + "\n" + reading.text

    def search(self, words: str, limit: int = 50) -> list[str]:
        """Ids of documents whose newest text or title holds every one of the words as they are written, newest first.

        A text that became the edition of another document counts as that document's. At most twice ``limit`` texts are
        read, so words whose pairs of characters stand apart in very many newer texts hide older ones.
        """
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
        wanted = [squeeze(word).lower() for word in words.split()]
        found: dict[str, None] = {}
        for document_id, version_id in rows:
            if len(found) == limit:
                break
            text = squeeze(self._printed(version_id)).lower()
            if all(word in text for word in wanted):
                found[document_id] = None
        return list(found)

    def _one(self, where: str, values: Sequence[Any]) -> Version | None:
        row = self.db.execute(_SELECT + where, list(values)).fetchone()
        return self._build(row) if row else None

    @staticmethod
    def _build(row: Sequence[Any]) -> Version:
        base_reading = codec.cached_unpack(row[15]) if row[15] is not None else None
        base_indicators = codec.cached_unpack(row[16]) if row[16] is not None else None
        reading = codec.decode_reading(codec.unpack(row[13], base_reading))
        indicators = codec.decode_indicators(codec.unpack(row[14], base_indicators), reading.text)
        return Version(
            row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], moment(row[9]), row[10], row[11], row[12],
            reading, indicators,
        )  # fmt: skip

    def get(self, version_id: int) -> Version:
        """One version by row id. Raises ``NotFound``."""
        found = self._one("WHERE v.id = ?", [version_id])
        if found is None:
            raise NotFound(f"no version {version_id}")
        return found

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
            "SELECT id, digest, rules, characters, tables, degraded FROM versions WHERE source_id = ? ORDER BY id DESC LIMIT 1",
            [source_id],
        ).fetchone()
        return Head(row[0], row[1], row[2], row[3], row[4], bool(row[5])) if row else None

    def digests(self, source_id: int, until: int, limit: int) -> list[bytes]:
        """Digests of a source's versions up to row ``until``, newest first."""
        rows = self.db.execute(
            "SELECT digest FROM versions WHERE source_id = ? AND id <= ? ORDER BY id DESC LIMIT ?",
            [source_id, until, limit],
        )
        return [row[0] for row in rows]

    def newest(self, document_id: str, count: int = 2) -> list[Version]:
        """The newest versions of a document, newest first."""
        rows = self.db.execute(
            _SELECT + "WHERE v.document_id = ? ORDER BY v.number DESC LIMIT ?", [document_id, count]
        ).fetchall()
        return [self._build(row) for row in rows]

    def newest_of_stage(self, document_id: str, stage: str) -> Version | None:
        """The newest version of one stage of a document."""
        return self._one("WHERE v.document_id = ? AND v.stage = ? ORDER BY v.number DESC LIMIT 1", [document_id, stage])

    def at(self, document_id: str, before: datetime) -> Version | None:
        """The version that stood just before an instant."""
        return self._one(
            "WHERE v.document_id = ? AND v.seen_at < ? ORDER BY v.number DESC LIMIT 1", [document_id, stamp(before)]
        )

    def waiting(self, limit: int = 200) -> list[int]:
        """Row ids of versions not yet compared, oldest first."""
        return [
            row[0] for row in self.db.execute("SELECT id FROM versions WHERE compared = 0 ORDER BY id LIMIT ?", [limit])
        ]

    def pairs(self, version_ids: Sequence[int]) -> list[tuple[int, int]]:
        """The version before each of some content versions at the same address, and the version itself (row ids)."""
        return self.db.execute(
            "SELECT (SELECT max(w.id) FROM versions w WHERE w.source_id = v.source_id AND w.id < v.id) AS before, v.id FROM versions v "
            "WHERE v.id IN (SELECT value FROM json_each(?)) AND v.cause = 'content' AND before IS NOT NULL",
            [json.dumps(list(version_ids))],
        ).fetchall()

    def mark_compared(self, version_id: int) -> None:
        """Call inside the transaction that writes the change."""
        self.db.execute("UPDATE versions SET compared = 1 WHERE id = ?", [version_id])

    def mark_rules(self, version_id: int, rules: str) -> None:
        """The version reads the same under these rules."""
        self.db.execute("UPDATE versions SET rules = ? WHERE id = ?", [rules, version_id])

    def log(self, document_id: str, limit: int = 1000) -> list[dict[str, Any]]:
        """All versions of a document, newest first, without their texts."""
        return list(
            self.db.query(
                "SELECT v.id, v.number, v.stage, v.cause, v.seen_at, v.title, v.characters, v.indicator_count, v.rules, p.url, "
                "v.snapshot_id, c.move_count, c.edit_count, c.effects, c.id AS change_id FROM versions v "
                "JOIN snapshots p ON p.id = v.snapshot_id LEFT JOIN changes c ON c.to_version = v.id "
                "WHERE v.document_id = ? ORDER BY v.number DESC LIMIT ?",
                [document_id, limit],
            )
        )

    def attachments(self, version_id: int) -> list[dict[str, Any]]:
        """Name, url, format, snapshot_id and note of a version's attachments."""
        return list(
            self.db.query(
                "SELECT name, url, format, snapshot_id, note FROM version_attachments WHERE version_id = ? ORDER BY rowid",
                [version_id],
            )
        )
