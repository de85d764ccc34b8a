"""What sources.yaml wants to be watched, against what is stored: found by reading alone, written in short parts.

Twenty thousand sources that stand already cost two reads and no write; as many new ones keep the writer's lock for some
milliseconds at a time, so that a running service applies a new file beside its work.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from sqlite3 import Connection

from watcher.settings import Sources
from watcher.store.database import stamp

DocumentRow = tuple[str, str, str | None, str]
"""Id, title, region, channels as JSON."""
PageRow = tuple[str, str, str | None, str, str | None]
"""Kind, name, document id, address, stage."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What must be written so that the stored sources are those of sources.yaml."""

    documents: tuple[DocumentRow, ...] = ()
    pages: tuple[PageRow, ...] = ()
    turned: tuple[tuple[int, int], ...] = ()
    """Active or not (1, 0) and the row id of sources that are switched."""

    def __bool__(self) -> bool:
        return bool(self.documents or self.pages or self.turned)

    def parts(self, size: int) -> Iterator[Difference]:
        """The same in pieces of ``size`` rows, to be written in this order."""
        for at in range(0, len(self.documents), size):
            yield Difference(documents=self.documents[at : at + size])
        for at in range(0, len(self.pages), size):
            yield Difference(pages=self.pages[at : at + size])
        for at in range(0, len(self.turned), size):
            yield Difference(turned=self.turned[at : at + size])


def source_name(document_id: str, url: str) -> str:
    """The name of a document's address."""
    return f"{document_id} {url}"


@cache
def _listed(channels: tuple[str, ...]) -> str:
    return json.dumps(list(channels))


def difference(conn: Connection, sources: Sources) -> Difference:
    """Compares; reads only."""
    known = {
        row[0]: row[1:]
        for row in conn.execute("SELECT id, title, region, channels, column_id, removed_at FROM documents")
    }
    documents = []
    for one in sources.documents:
        channels = _listed(one.channels)
        there = known.get(one.id)
        region = one.region if one.region is not None else there[1] if there else None
        # Without a title of its own in sources.yaml a document has its id, until its page has said what it is called.
        title = there[0] if there and one.title == one.id else one.title
        if there != (title, region, channels, None, None):
            documents.append((one.id, title, one.region, channels))
    del known
    stored = {row[0]: row[1:] for row in conn.execute("SELECT name, url, stage, active, id, column_id FROM sources")}
    pages: list[PageRow] = []
    wanted: set[str] = set()
    for one in sources.documents:
        for page in one.pages:
            name = source_name(one.id, page.url)
            wanted.add(name)
            if stored.get(name, ())[:3] != (page.url, page.stage, 1):
                pages.append(("page", name, one.id, page.url, page.stage))
    for column in sources.columns:
        wanted.add(column.id)
        if stored.get(column.id, ())[:3] != (column.url, None, 1):
            pages.append(("column", column.id, None, column.url, None))
    columns = {one.id for one in sources.columns}
    turned = [
        (int(should), row_id)
        for name, (_, _, active, row_id, column_id) in stored.items()
        if (should := name in wanted or column_id in columns) != bool(active)
    ]
    return Difference(tuple(documents), tuple(pages), tuple(turned))


def write(conn: Connection, part: Difference, now: datetime) -> None:
    """Writes a difference or a part of it; all parts of one with the same ``now``. Call inside a transaction."""
    at = stamp(now)
    conn.executemany(
        "INSERT INTO documents (id, title, region, channels, created_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET title = excluded.title, region = coalesce(excluded.region, region), "
        "channels = excluded.channels, column_id = NULL, removed_at = NULL",
        [(*row, at) for row in part.documents],
    )
    conn.executemany(
        "INSERT INTO sources (kind, name, document_id, url, stage, added_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET active = 1, url = excluded.url, stage = excluded.stage",
        [(*row, at) for row in part.pages],
    )
    conn.executemany("UPDATE sources SET active = ? WHERE id = ?", part.turned)


def settle(conn: Connection, now: datetime) -> None:
    """Documents without an address that is watched are removed ones; to be called when all parts are written."""
    conn.execute(
        "UPDATE documents SET removed_at = CASE WHEN removed_at IS NULL THEN ? END WHERE (removed_at IS NULL) <> "
        "EXISTS (SELECT 1 FROM sources s WHERE s.document_id = documents.id AND s.active)",
        (stamp(now),),
    )
