"""The service as an operating system sees it: signals, one writer, a bad file, SIGKILL at any moment."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.pipeline.world import ORDOS, Robot, hooked, sources_text
from tests.service.killing import Runner, killing
from watcher.demo.portal import Portal
from watcher.errors import StoreError
from watcher.pipeline.locking import ServiceLock
from watcher.service import Service
from watcher.sources import load
from watcher.store import Store


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_killed_at_random_moments_it_loses_nothing_and_invents_nothing(tmp_path: Path, seeds: Path) -> None:
    outcome = await killing(tmp_path, seeds, int(os.environ.get("WATCHER_KILLS", "6")))
    assert outcome.arrived == outcome.edits
    assert outcome.invented == []
    assert outcome.distinct == outcome.edits
    with Store(tmp_path / "watcher.db") as store:
        assert store.verify() == []


def _sources(folder: Path, portal: Portal, robot: Robot) -> Path:
    """A file that names one plan, asked for every second."""
    file = folder / "sources.yaml"
    file.write_text(sources_text(portal, robot, [ORDOS]).replace("every: 6h", "every: 1s"), encoding="utf-8")
    return file


async def _running(folder: Path, portal: Portal, robot: Robot) -> Runner:
    runner = Runner(_sources(folder, portal, robot))
    await runner.start()
    async with asyncio.timeout(60):
        while portal.asked(ORDOS) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return runner


async def test_sigterm_ends_it_cleanly_within_ten_seconds_though_a_page_stalls(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hooked(monkeypatch) as robot, Portal(seeds, slowness=60) as portal:
        runner = await _running(tmp_path, portal, robot)
        portal.fail(ORDOS, "slow")
        await asyncio.sleep(2)
        started = time.monotonic()
        assert await runner.end(signal.SIGTERM) == 0
        assert time.monotonic() - started < 10
    with closing(sqlite3.connect(tmp_path / "watcher.db")) as stored:
        assert stored.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_second_service_is_refused_with_the_pid_of_the_first(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hooked(monkeypatch) as robot, Portal(seeds) as portal:
        runner = await _running(tmp_path, portal, robot)
        assert runner.process is not None
        with pytest.raises(StoreError, match=f"pid {runner.process.pid}"), ServiceLock(tmp_path / "watcher.db"):
            pass
        with Store(tmp_path / "watcher.db", read_only=True) as beside:
            assert beside.documents()[0]["versions"] == 1
        assert await runner.end(signal.SIGTERM) == 0


async def test_a_bad_sources_file_is_refused_while_the_old_one_stays_in_force(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hooked(monkeypatch) as robot, Portal(seeds) as portal:
        file = _sources(tmp_path, portal, robot)
        good = file.read_text(encoding="utf-8")
        service = Service(load(file, secrets=True), tick=0.1)
        running = asyncio.create_task(service.run())
        await _asked(portal, 1)
        file.write_text(good + "  nonsense: [", encoding="utf-8")
        await service.reload()
        before = portal.asked(ORDOS)
        await _asked(portal, before + 2)
        file.write_text(good.replace(f"  - id: {ORDOS}", f"  - id: renamed\n    title: {ORDOS}"), encoding="utf-8")
        await service.reload()
        async with asyncio.timeout(20):
            while not service.context.store.versions.log("renamed"):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert service.context.store.versions.log(ORDOS), "the history of a removed source stays"
        service.stop()
        await running


async def test_a_database_that_is_locked_for_a_while_is_waited_for(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hooked(monkeypatch) as robot, Portal(seeds) as portal:
        service = Service(load(_sources(tmp_path, portal, robot), secrets=True), tick=0.1)
        running = asyncio.create_task(service.run())
        await _asked(portal, 1)
        service.context.store.db.execute("PRAGMA busy_timeout = 100")
        blocker = sqlite3.connect(tmp_path / "watcher.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        portal.edit(ORDOS, "到2025年，人均预期寿命达到76.3岁", "到2025年，人均预期寿命达到77.7岁")
        await asyncio.sleep(2)
        assert not running.done()
        blocker.execute("ROLLBACK")
        blocker.close()
        async with asyncio.timeout(30):
            while not robot.taken:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert [move["after"]["value"] for move in robot.taken[0]["data"]["moves"]] == ["77.7"]
        service.stop()
        await running


async def _asked(portal: Portal, count: int) -> None:
    async with asyncio.timeout(30):
        while portal.asked(ORDOS) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
