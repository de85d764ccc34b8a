"""The history of indicators: a row for each as long as it says the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from sqlite_utils import Database

from watcher.store.content import Content
from watcher.store.identity import Identity, lasting


@lru_cache(maxsize=2048)
def amount(value: str | None, unit: str) -> float | None:
    """A value in the smallest unit of its family (万人 as 人, % as a ratio), to sort plans by; ``None`` for words."""
    from watcher.lexicon.units import scale  # reads the units: only who writes needs them

    try:
        return None if value is None else float(Decimal(value) * scale(unit)[0])
    except (InvalidOperation, OverflowError):
        return None


_ROWS = (
    "SELECT i.id, i.name, k.key, i.unit, i.year, i.role, i.op, i.value, i.text, i.nature, i.origin, t.title, i.disputed, "
    "i.since_version, i.until_version FROM indicators i JOIN sections t ON t.edition_id = i.edition_id AND t.place = i.section "
    "LEFT JOIN keys k ON k.id = i.key_id WHERE i.edition_id = ?"
)


class IndicatorTable:
    """The tables ``indicators``, ``sections`` and ``keys``."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self._known: dict[str | None, int] = {}

    def forget(self) -> None:
        """Drops what is remembered: a transaction was rolled back."""
        self._known.clear()

    def write(
        self,
        content: Content,
        edition_id: int,
        version_id: int,
        *,
        fresh: bool = False,
        moved: tuple[int, Sequence[Identity], Sequence[Identity]] | None = None,
    ) -> None:
        """Closes the rows of what no longer stands there and opens rows for what came; ``fresh``: the edition has no rows yet,
        ``moved``: the version before and ``moved_rows`` against it.

        What only says something else now keeps its row, and what it said gets one: rows stay as long as they were, and closing one
        parts no full page of the table.
        """
        if fresh:
            self._open(content.identities, edition_id, version_id, {})
            return
        found = moved and self._moved(edition_id, *moved)
        closed, came = found or self._compared(content.identities, edition_id)
        opened = [] if closed else came
        for identity in came if closed else ():
            if same := closed.get(lasting(identity)):
                self._restate(same.pop(0), identity, version_id)
            else:
                opened.append(identity)
        if ended := [(version_id, row_id) for rows in closed.values() for row_id in rows]:
            self.db.conn.executemany("UPDATE indicators SET until_version = ? WHERE id = ?", ended)
        if opened:
            sql = "SELECT title, place FROM sections WHERE edition_id = ?"
            self._open(opened, edition_id, version_id, dict(self.db.execute(sql, [edition_id]).fetchall()))

    def _moved(
        self, edition_id: int, before: int, gone: Sequence[Identity], came: Sequence[Identity]
    ) -> tuple[dict[Identity, list[int]], list[Identity]] | None:
        """The rows of what went, and what came; ``None`` where a later version than ``before`` moved rows of the edition."""
        rows = self.db.execute(
            f"{_ROWS} AND (i.until_version IS NULL AND i.name IN (SELECT value FROM json_each(?)) OR i.since_version > ? OR i.until_version > ?)",
            [edition_id, json.dumps(list({one[0] for one in gone})), before, before],
        ).fetchall()
        if any(row[13] > before or row[14] is not None for row in rows):
            return None
        # Of rows that say the same the last ones go.
        left = Counter(gone)
        closed: dict[Identity, list[int]] = {}
        for row in reversed(rows):
            identity = row[1:13]
            if left[identity] > 0:
                left[identity] -= 1
                closed.setdefault(lasting(identity), []).insert(0, row[0])
        return None if any(left.values()) else (closed, list(came))

    def _compared(
        self, identities: Sequence[Identity], edition_id: int
    ) -> tuple[dict[Identity, list[int]], list[Identity]]:
        """As ``_moved``, by all rows that the edition has."""
        wanted = Counter(identities)
        closed: dict[Identity, list[int]] = {}
        for row in self.db.execute(f"{_ROWS} AND i.until_version IS NULL", [edition_id]):
            identity = row[1:13]
            if wanted[identity] > 0:
                wanted[identity] -= 1
            else:
                closed.setdefault(lasting(identity), []).append(row[0])
        return closed, list(wanted.elements())

    def _open(self, opened: Sequence[Identity], edition_id: int, version_id: int, sections: Mapping[str, int]) -> None:
        """Rows for what stands there from this version on; ``sections``: the places of titles that the edition has."""
        places = self._places(edition_id, [one[10] for one in opened], sections)
        keys = self._keys({one[1] for one in opened if one[1] is not None})
        self.db.conn.executemany(
            "INSERT INTO indicators (edition_id, name, key_id, unit, year, role, op, value, text, nature, origin, "
            "section, disputed, since_version, amount) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    edition_id, one[0], keys.get(one[1]), *one[2:10], places[one[10]], one[11], version_id, amount(one[6], one[2]),
                )
                for one in opened
            ],
        )  # fmt: skip

    def _restate(self, row_id: int, now: Identity, version_id: int) -> None:
        """An indicator has another value or nature from this version on."""
        kept = "edition_id, key_id, section, name, unit, year, role, op, value, text, nature, origin, disputed, since_version, amount"
        self.db.execute(
            f"INSERT INTO indicators ({kept}, until_version) SELECT {kept}, ? FROM indicators WHERE id = ?",
            [version_id, row_id],
        )
        self.db.execute(
            "UPDATE indicators SET op = ?, value = ?, text = ?, nature = ?, disputed = ?, since_version = ?, amount = ? WHERE id = ?",
            [*now[5:9], now[11], version_id, amount(now[6], now[2]), row_id],
        )

    def _places(self, edition_id: int, titles: Sequence[str], known: Mapping[str, int]) -> Mapping[str, int]:
        """The places of section titles in an edition; new ones come behind those that it has."""
        fresh = [title for title in dict.fromkeys(titles) if title not in known]
        first = max(known.values(), default=-1) + 1
        places = {title: first + at for at, title in enumerate(fresh)}
        self.db.conn.executemany(
            "INSERT INTO sections VALUES (?, ?, ?)", [(edition_id, place, title) for title, place in places.items()]
        )
        return {**known, **places}

    def _keys(self, keys: set[str]) -> Mapping[str | None, int]:
        """The row of each key; those that are new get one. A key keeps its row for ever, so what was asked for is remembered."""
        if unknown := keys - self._known.keys():
            sql = "SELECT key, id FROM keys WHERE key IN (SELECT value FROM json_each(?))"
            self._known.update(self.db.execute(sql, [json.dumps(list(unknown))]).fetchall())
            for key in sorted(unknown - self._known.keys()):
                self._known[key] = int(self.db.execute("INSERT INTO keys (key) VALUES (?)", [key]).lastrowid or 0)
        return self._known
