"""Upkeep: backups on schedule with rotation, space given back, the weekly check, wrong clocks, and who holds the lock."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from tests.service.site import running, until
from watcher.pipeline import chores
from watcher.pipeline.context import Context
from watcher.pipeline.locking import ServiceLock, holder
from watcher.pipeline.status import gather
from watcher.pipeline.upkeep import due, keep_up, surplus
from watcher.settings import Channel, Sources, Upkeep
from watcher.store import Store
from watcher.store.database import check_file, stamp
from watcher.types import Fetched

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Kept:
    """A store with a clock, and a channel that would hear of incidents."""

    opened: ClassVar[list[Store]] = []

    def __init__(self, folder: Path, upkeep: Upkeep) -> None:
        self.path = folder / "w.db"
        self.store = Store(self.path)
        self.opened.append(self.store)
        self.clock = NOW
        channels = {"team": Channel("team", "console")}
        sources = Sources(folder / "sources.yaml", self.path, channels=channels, upkeep=upkeep)
        self.context = Context(sources, self.store, now=lambda: self.clock)

    def backups(self) -> list[str]:
        """Names of the backups there are, oldest first."""
        return sorted(file.name for file in self.path.parent.glob("w.db.backup-*"))

    async def after(self, **amount: float) -> list[str]:
        """Upkeep when so much time has passed."""
        self.clock += timedelta(**amount)
        return await keep_up(self.context)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while Kept.opened:
        Kept.opened.pop().close()


async def test_backups_come_on_schedule_are_whole_and_the_oldest_go(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Upkeep(backup_every=86400.0, backups=2))
    assert "backup written" in await kept.after()
    assert "backup written" not in await kept.after(hours=23)
    assert "backup written" in await kept.after(hours=1)
    assert "backup written" in await kept.after(days=1)
    assert kept.backups() == ["w.db.backup-20260303T010000Z", "w.db.backup-20260304T010000Z"]
    for name in kept.backups():
        check_file(tmp_path / name)


async def test_a_clock_that_was_wrong_stops_neither_backups_nor_the_check(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Upkeep(backup_every=86400.0, backups=2))
    await kept.after(days=365)
    assert kept.backups() == ["w.db.backup-20270302T010000Z"]
    done = await kept.after(days=-365)
    assert {"backup written", "verified"} <= set(done)
    await kept.after(days=1)
    assert kept.backups() == ["w.db.backup-20260302T010000Z", "w.db.backup-20260303T010000Z"], (
        "the wrong one went first"
    )


def test_what_is_due() -> None:
    day = timedelta(days=1)
    assert due(None, day, NOW)
    assert not due(stamp(NOW - timedelta(hours=23)), day, NOW)
    assert due(stamp(NOW - day), day, NOW)
    assert not due(stamp(NOW + timedelta(minutes=1)), day, NOW), "a clock that is set right by a minute"
    assert due(stamp(NOW + timedelta(hours=1)), day, NOW)


def test_what_is_not_a_backup_of_ours_is_left_alone() -> None:
    names = ["w.db.backup-before-moving-Z", "w.db.backup-20260301T000000Z", "w.db.backup-20260228T000000Z"]
    assert surplus(map(Path, names), 1, NOW) == [Path("w.db.backup-20260228T000000Z")]
    assert surplus([], 1, NOW) == []


async def test_empty_pages_are_given_back_to_the_disk(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Upkeep(backup_every=None))
    kept.store.db.execute("CREATE TABLE junk (x)")
    kept.store.db.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO junk SELECT randomblob(3000) FROM n"
    )
    kept.store.db.execute("DELETE FROM junk")
    _, before = kept.store.space()
    await kept.after()
    free, after = kept.store.space()
    assert after < before / 5
    assert free <= after * 0.1 + 1


async def test_damage_is_told_once_keeps_the_good_backups_and_is_closed_when_it_is_mended(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Upkeep(backup_every=86400.0, backups=1))
    await kept.after()
    good = kept.backups()
    db = kept.store.db
    db.execute("INSERT INTO sources (id, kind, name, url) VALUES (1, 'column', 'c', 'http://a.example/')")
    kept.store.snapshots.add(1, Fetched("http://a.example/", "http://a.example/", 200, {}, b"text", NOW), "document")
    (right,) = db.execute("SELECT digest FROM blobs").fetchone()
    db.execute("UPDATE blobs SET digest = x'00'")
    for _ in range(9):
        await kept.after(days=1)
    incidents = kept.store.incidents
    assert [(one["subject"], one["kind"]) for one in incidents.recent()] == [("database", "damaged")]
    assert len(kept.backups()) == 1
    assert kept.backups()[0] > good[0], "until it was found, backups went on"
    last = kept.backups()
    await kept.after(days=1)
    assert kept.backups() == last
    db.execute("UPDATE blobs SET digest = ?", [right])
    done = await kept.after(days=1)
    assert {"verified", "backup written"} <= set(done)
    assert incidents.recent() == []
    told = [row["type"] for row in db.query("SELECT type FROM events ORDER BY id")]
    assert told == ["incident.opened", "incident.closed"]


async def test_a_backup_ends_though_others_write_all_the_time(tmp_path: Path) -> None:
    kept = Kept(tmp_path, Upkeep())
    kept.store.db.execute("CREATE TABLE junk (x)")
    kept.store.db.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) INSERT INTO junk SELECT randomblob(4000) FROM n"
    )
    over = threading.Event()

    def write() -> None:
        with Store(kept.path) as other:
            while not over.wait(0.001):
                other.set_fact("busy", os.urandom(8).hex())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        async with asyncio.timeout(30):
            await chores.backup(kept.path, tmp_path / "w.db.backup-20260302T010000Z")
    finally:
        over.set()
        writer.join()
    copy = sqlite3.connect(tmp_path / "w.db.backup-20260302T010000Z")
    assert copy.execute("SELECT count(*) FROM junk").fetchone() == (9000,)
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()


async def test_a_chore_ends_with_who_asked_for_it_and_leaves_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "never")  # nobody writes there: who opens it to read waits for ever
    task = asyncio.create_task(chores.verify(tmp_path / "never"))
    await until(lambda: "watcher.pipeline.chores" in _children())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert "watcher.pipeline.chores" not in _children()


def _children() -> str:
    found = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True, check=False
    )
    return found.stdout


def test_who_asks_for_the_lock_learns_the_pid_and_takes_nothing(tmp_path: Path) -> None:
    database = tmp_path / "w.db"
    assert holder(database) is None
    with ServiceLock(database):
        assert holder(database) == os.getpid()
        assert holder(database) == os.getpid()
    assert holder(database) is None


def test_a_service_that_was_killed_is_not_running_at_once(tmp_path: Path) -> None:
    Store(tmp_path / "w.db").close()
    child = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, time, pathlib\nfrom watcher.pipeline.locking import ServiceLock\n"
            "with ServiceLock(pathlib.Path(sys.argv[1])):\n print('held', flush=True)\n time.sleep(60)",
            str(tmp_path / "w.db"),
        ],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdout is not None
    with Store(tmp_path / "w.db") as store, child:
        context = Context(Sources(tmp_path / "s", tmp_path / "w.db"), store)
        assert child.stdout.readline() == b"held\n"
        store.set_fact("tick", store.stamp(context.now()))
        found = gather(context)
        assert (found["running"], found["ticking"], found["pid"]) == (True, True, child.pid)
        child.send_signal(signal.SIGKILL)
        child.wait()
        found = gather(context)
        assert (found["running"], found["ticking"], found["pid"]) == (False, False, None)


async def test_upkeep_of_the_service_runs_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.service.FIRST_UPKEEP", timedelta(0))
    async with running(tmp_path, monkeypatch, hosts=1) as trouble:
        await until(lambda: list(tmp_path.glob("watcher.db.backup-*Z")))
        await until(lambda: trouble.service.context.store.fact("verified"))
