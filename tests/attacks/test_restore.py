"""Files that are given to ``watcher restore``: only a whole database as watcher writes it is put in place of today's."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from pathlib import Path

import pytest

from watcher.errors import StoreError
from watcher.pipeline.restoring import put_back
from watcher.store import Store
from watcher.words import told


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Today's database, with a fact that must survive."""
    with Store(tmp_path / "w.db") as store:
        store.set_fact("today", "here")
    return tmp_path / "w.db"


@pytest.fixture
def backup(database: Path) -> Path:
    """A good backup."""
    with Store(database) as store:
        store.set_fact("today", "earlier")
        store.backup(database.with_name("copy.db"))
        store.set_fact("today", "here")
    return database.with_name("copy.db")


def _refused(database: Path, file: Path, why: str) -> None:
    begun = time.process_time()
    with pytest.raises(StoreError) as caught:
        put_back(database, file)
    assert re.search(why, told(caught.value.both, "en"))
    assert time.process_time() - begun < 5
    with Store(database) as store:
        assert store.fact("today") == "here"
    assert sorted(one.name for one in database.parent.glob("w.db.*") if "lock" not in one.name) == []


def test_a_good_one_is_put_back_through_a_link_too(database: Path, backup: Path) -> None:
    link = backup.with_name("newest")
    link.symlink_to(backup)
    kept = put_back(database, link)
    assert kept is not None
    with Store(database) as store, Store(kept) as before:
        assert (store.fact("today"), before.fact("today")) == ("earlier", "here")
    assert not database.is_symlink()


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON facts BEGIN DELETE FROM versions; END", "the trigger t"),
        ("ALTER TABLE facts RENAME TO f; CREATE VIEW facts AS SELECT * FROM f", "not as watcher writes it"),
        ("CREATE TABLE z (x, y AS (length(zeroblob(900000000))))", "the table z"),
        ("CREATE INDEX z ON facts (hex(value))", "the index z"),
        ("CREATE VIRTUAL TABLE z USING fts5(x)", "z"),
        ("CREATE TABLE z (x CHECK (load_extension('/tmp/x.so')))", "the table z"),
        ("DROP INDEX sources_due", "the index sources_due"),
        ("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('watcher', 'later', '2099')", "newer"),
        ("DELETE FROM _sqlite_migrations", "not as watcher writes it"),
        (
            "PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '') WHERE name = 'facts'",
            "the table facts",
        ),
    ],
)  # fmt: skip
def test_what_is_more_or_less_than_ours_is_refused(database: Path, backup: Path, script: str, why: str) -> None:
    connection = sqlite3.connect(backup, isolation_level=None)
    connection.executescript(script)
    connection.close()
    _refused(database, backup, why)


def test_what_is_no_database_of_ours_is_refused(database: Path, backup: Path) -> None:
    folder = backup.parent
    _refused(database, folder / "none", "no such file")
    _refused(database, folder, "no such file")
    os.mkfifo(folder / "pipe")
    _refused(database, folder / "pipe", "no such file")
    (folder / "text").write_text("only words " * 500)
    _refused(database, folder / "text", "not an SQLite database")
    (folder / "empty").write_bytes(b"")
    _refused(database, folder / "empty", "not an SQLite database")
    other = sqlite3.connect(folder / "other")
    other.execute("CREATE TABLE recipes (x)")
    other.close()
    _refused(database, folder / "other", "not a database of watcher")


def test_a_file_that_is_cut_or_goes_on_for_ever_is_refused(database: Path, backup: Path) -> None:
    whole = backup.read_bytes()
    for size in (100, 5000, len(whole) - 4096):
        backup.write_bytes(whole[:size])
        _refused(database, backup, "damaged|not a usable|not an SQLite|not as watcher")
    with backup.open("wb") as file:
        file.write(whole)
        file.truncate(40 * 2**30)
    _refused(database, backup, "are its own")
    for at in range(100, len(whole), len(whole) // 40):
        backup.write_bytes(whole[:at] + b"\xff" * 64 + whole[at + 64 :])
        try:
            put_back(database, backup)
        except StoreError:
            continue
        with Store(database) as store:  # it hit what nothing reads
            assert store.verify() == []
