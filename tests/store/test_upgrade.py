"""A database of the first release becomes one of today, and everything in it comes out as it went in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.pipeline.world import ORDOS, world
from tests.store import first_release
from watcher.errors import StoreError
from watcher.store import Store, sharing

ORDOS_LIFE = ("到2025年，人均预期寿命达到76.3岁", "到2025年，人均预期寿命达到77.1岁")
VIEWS = ("latest_versions", "indicator_history", "changes_feed")
"""What other tools read: their columns and rows stay."""


def told(store: Store) -> dict[str, object]:
    """Everything that a store says."""
    numbers = [row[0] for row in store.db.execute("SELECT id FROM versions ORDER BY id")]
    shown: dict[str, object] = {
        "versions": [store.versions.get(one) for one in numbers],
        "snapshots": [
            store.snapshots.get(row[0]) for row in store.db.execute("SELECT id FROM snapshots ORDER BY id").fetchall()
        ],
        "diffs": [store.changes.diff(row[0]) for row in store.db.execute("SELECT id FROM changes ORDER BY id").fetchall()],
        "alerts": [store.outbox.get(row[0]) for row in store.db.execute("SELECT id FROM alerts ORDER BY id").fetchall()],
        "found": store.versions.search("预期寿命"),
        "matrix": [store.pages.values([row["id"]]) for row in store.documents()],
        "history": [store.pages.history(row["id"]) for row in store.documents()],
        "log": [store.versions.log(row["id"]) for row in store.documents()],
        "keys": store.pages.keys(),
        "checks": store.db.execute("SELECT source_id, verdict, status, note, first_at, last_at, count FROM checks ORDER BY id").fetchall(),
    }  # fmt: skip
    for view in VIEWS:
        rows = list(store.db.query(f"SELECT * FROM {view}"))
        shown[view] = sorted(map(repr, rows))
    return shown


@pytest.fixture
async def old(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, dict[str, object]]:
    """A database of the first release with pages, an edit and its message, and what it says."""
    async with world(tmp_path, seeds, monkeypatch) as here:
        await here.round()
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        await here.round()
        assert here.store.counts()["changes"] == 1
        first_release.write(here.store, tmp_path / "old.db")
        return tmp_path / "old.db", told(here.store)


def schema_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[0] for row in db.execute("SELECT name FROM _sqlite_migrations ORDER BY name")]


async def test_what_the_first_release_stored_comes_out_as_it_went_in(old: tuple[Path, dict[str, object]]) -> None:
    path, said = old
    assert schema_of(path) == ["first_schema"]
    with Store(path) as store:
        assert told(store) == said
        assert store.verify() == []
        assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []
        (against,) = store.db.execute("SELECT count(*) FROM blobs WHERE text_id IS NOT NULL").fetchone()
        assert against > 0
    assert schema_of(path) == ["first_loads", "first_schema", "lean_rows", "shared_bytes", "sorted_when_asked"]
    (backup,) = path.parent.glob("old.db.before-upgrade-*")
    assert schema_of(backup) == ["first_schema"]


async def test_an_upgraded_database_goes_on(
    old: tuple[Path, dict[str, object]], tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = old
    (tmp_path / "next").mkdir()
    path.rename(tmp_path / "next" / "watcher.db")
    async with world(tmp_path / "next", seeds, monkeypatch) as here:
        # Another portal on another port: its pages are new addresses of documents that are known.
        await here.round(hours=48)
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        await here.round()
        assert here.store.verify() == []
        assert here.robot.types()[-1] == "document.changed"


async def test_an_upgrade_that_breaks_off_leaves_the_old_database(
    old: tuple[Path, dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, said = old

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(sharing, "_search", broken)
        with pytest.raises(StoreError, match="已还原"):
            Store(path)
    assert schema_of(path) == ["first_schema"]
    with Store(path) as store:
        assert told(store) == said


async def test_a_damaged_page_does_not_stand_in_the_way(old: tuple[Path, dict[str, object]]) -> None:
    path, _ = old
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        blob_id, data = db.execute("SELECT id, data FROM blobs WHERE base_id IS NULL ORDER BY id LIMIT 1").fetchone()
        at = len(data) // 2
        flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        db.execute("UPDATE blobs SET data = ? WHERE id = ?", [flipped, blob_id])
    with Store(path) as store:
        assert any(f"blob {blob_id} " in line for line in store.verify())
