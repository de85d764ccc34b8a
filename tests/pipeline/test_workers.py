"""Reading and comparing in worker processes gives what the coordinator alone gives, also when a worker dies."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.pipeline.world import HOHHOT, ORDOS, world
from watcher.pipeline.examine import Job, examine
from watcher.pipeline.workers import Processes
from watcher.types import Fetched

PAGE = (
    '<html><head><title>规划</title></head><body><div class="TRS_UEDITOR">'
    + "<p>到2025年，全市每千人口执业医师数达到3.2人，基层卫生人才队伍建设不断加强。</p>" * 9
    + "</div></body></html>"
).encode()


def job() -> Job:
    return Job(Fetched("http://a.example/", "http://a.example/", 200, {}, PAGE, datetime(2026, 3, 2, tzinfo=UTC)))


async def test_a_worker_reads_what_the_coordinator_reads() -> None:
    with Processes(1) as workers:
        assert await workers.examine(job()) == examine(job())


async def test_work_of_a_killed_worker_is_done_again() -> None:
    with Processes(2) as workers:
        await workers.examine(job())
        assert workers._pool is not None
        for pid in list(workers._pool._processes):
            os.kill(pid, signal.SIGKILL)
        found = await asyncio.gather(*(workers.examine(job()) for _ in range(6)))
    assert found == [examine(job())] * 6


async def test_a_round_with_workers_tells_an_edit(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world(tmp_path, seeds, monkeypatch, (HOHHOT, ORDOS)) as here:
        with Processes(2) as workers:
            here.context.workers = workers
            await here.round()
            here.portal.edit(ORDOS, "76.8", "77")
            done = await here.round()
    assert done.told.changes == 1
    assert here.robot.types() == ["document.changed"]
