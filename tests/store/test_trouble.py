"""What the machine refuses is told in words, with what to do; a mistake of ours stays what it is."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from watcher.errors import StoreError
from watcher.store import Store
from watcher.store.trouble import refusal
from watcher.words import told


def _full(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "x.db")) as db:
        db.execute("PRAGMA max_page_count = 3")
        db.execute("CREATE TABLE t (body BLOB)")
        db.execute("INSERT INTO t VALUES (zeroblob(100000))")


def _read_only(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "x.db")) as db:
        db.execute("CREATE TABLE t (body)")
    with closing(sqlite3.connect(f"file:{folder}/x.db?mode=ro", uri=True)) as db:
        db.execute("INSERT INTO t VALUES (1)")


def _busy(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "x.db", isolation_level=None)) as one:
        one.execute("BEGIN EXCLUSIVE")
        with closing(sqlite3.connect(folder / "x.db", timeout=0)) as other:
            other.execute("CREATE TABLE t (body)")


def _device_full(_: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as file:
        file.write(b"x")


@pytest.mark.parametrize(
    ("act", "zh", "en"),
    [
        (_full, "磁盘已满", "disk is full"),
        (_read_only, "数据库只读", "read-only"),
        (_busy, "正被别的程序占用", "in use by another program"),
        (_device_full, "磁盘已满", "No space left"),
    ],
    ids=["database full", "read-only", "locked", "device full"],
)
def test_what_the_machine_refuses_is_told_in_both_languages(
    tmp_path: Path, act: Callable[[Path], None], zh: str, en: str
) -> None:
    with pytest.raises((sqlite3.Error, OSError)) as caught:
        act(tmp_path)
    said = refusal(caught.value) or ""
    assert zh in told(said, "zh")
    assert en in told(said, "en")
    assert "；" in told(said, "zh"), "and what to do"


def test_a_mistake_of_ours_is_nobody_elses() -> None:
    with closing(sqlite3.connect(":memory:")) as db, pytest.raises(sqlite3.Error) as caught:
        db.execute("SELECT nothing FROM nowhere")
    assert refusal(caught.value) is None
    assert refusal(FileNotFoundError(2, "No such file or directory")) is None


def test_a_file_that_is_no_database_is_told_with_the_way_back(tmp_path: Path) -> None:
    (tmp_path / "w.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreError, match=r"不是数据库文件.*watcher restore"):
        Store(tmp_path / "w.db", read_only=True)


def test_a_database_that_finds_no_room_to_be_made_was_no_upgrade(tmp_path: Path) -> None:
    program = "import sys, pathlib; from watcher.store import Store; Store(pathlib.Path(sys.argv[1]))"
    ended = subprocess.run(
        ["sh", "-c", 'ulimit -f 100; exec "$0" -c "$@"', sys.executable, program, str(tmp_path / "w.db")],
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    said = told(ended.stderr, "zh")
    assert "数据库建不起来：磁盘" in said
    assert "请腾出空间" in said
    assert "升级" not in said
    Store(tmp_path / "w.db").close()


def test_a_schema_whose_names_are_garbled_is_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    Store(path).close()
    data = path.read_bytes()
    assert data.count(b"CREATE TABLE") > 3
    path.write_bytes(data.replace(b"CREATE TABLE", b"CREATE \xab\xff\xfeLE"))
    with pytest.raises(StoreError, match="watcher restore"):
        Store(path)


def test_an_empty_file_holds_nothing_yet(tmp_path: Path) -> None:
    (tmp_path / "w.db").touch()
    with pytest.raises(StoreError, match="还没有存任何东西"):
        Store(tmp_path / "w.db", read_only=True)
