"""Reading and comparing in worker processes gives what the coordinator alone gives, also when a worker dies."""

from __future__ import annotations

import asyncio
import itertools
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.world import HOHHOT, ORDOS, world
from watcher.pipeline.catching_up import catch_up
from watcher.pipeline.checking import check
from watcher.pipeline.comparing import Before
from watcher.pipeline.examine import Examined, Job, examine
from watcher.pipeline.workers import BEHIND, Processes, _answer
from watcher.store.content import Content
from watcher.types import Fetched

RUSH = 8
PAGE = (
    '<html><head><title>规划</title></head><body><div class="TRS_UEDITOR">'
    + "<p>到2025年，全市每千人口执业医师数达到3.2人，基层卫生人才队伍建设不断加强。</p>" * 9
    + "</div></body></html>"
).encode()


def job() -> Job:
    return Job(Fetched("http://a.example/", "http://a.example/", 200, {}, PAGE, datetime(2026, 3, 2, tzinfo=UTC)))


def running(workers: Processes) -> bool:
    return workers._pool is not None


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


def test_what_travels_arrives_as_it_was(seeds: Path) -> None:
    for file in sorted(seeds.iterdir()):
        fetched = Fetched(
            "http://a.example/", "http://a.example/", 200, {}, file.read_bytes(), job().fetched.fetched_at
        )
        for one in (Job(fetched), Job(fetched, extract=False), Job(replace(fetched, status=404))):
            found = examine(one)
            arrived = pickle.loads(pickle.dumps(found))
            assert arrived == found
            assert (arrived.content is None) == (found.reading is None)


def test_what_travels_beside_a_reading_is_what_would_be_made_of_it() -> None:
    url = "http://www.example.gov.cn/art/2022/1/1/art_1_1.html"
    at = datetime(2026, 11, 22, tzinfo=UTC)
    page = PAGE.replace(b"<body>", "<body><p>分享到：微信</p>".encode())
    said = examine(Job(Fetched(url, url, 200, {}, page, at)))
    edited = page.replace(b"3.2", b"3.5")
    assert said.content is not None
    edit = examine(Job(Fetched(url, url, 200, {}, edited, at), before=Before(1, said.content.encoded)))
    assert said.compared is None
    assert edit.compared is not None
    for found in (said, edit):
        arrived = pickle.loads(pickle.dumps(found))
        assert found.content is not None
        stored = Content.stored(found.content.encoded)
        for name in ("address", "about", "gist", "packed", "text", "identities", "indicators"):
            assert getattr(arrived.content, name) == getattr(stored, name) == getattr(found.content, name), name
        assert "reading" not in arrived.content.__dict__, "who only stores it has nothing to decode"
        assert arrived.reading == found.reading


async def test_a_worker_that_is_behind_is_helped() -> None:
    """Not with the first look at an idle loop, on a busy machine: but soon."""
    asked: list[asyncio.Task[Examined]] = []
    found: list[Examined] = []
    with Processes(1) as workers:
        await workers.start()
        async with asyncio.timeout(60):
            while workers._given == len(asked) + len(found):
                while workers._under_way < BEHIND:
                    asked.append(asyncio.create_task(workers.examine(job())))
                    await asyncio.sleep(0)
                found.append(await workers.examine(job()))
            found += await asyncio.gather(*asked)
        assert BEHIND <= workers._given < len(found)
    assert found == [examine(job())] * len(found)


async def test_workers_make_room_for_fresh_ones_and_no_page_is_left_behind() -> None:
    with Processes(2, tasks=3) as workers:
        async with asyncio.timeout(60):
            found = await asyncio.gather(*(workers.examine(job()) for _ in range(25)))
    assert found == [examine(job())] * 25


async def test_processes_come_with_a_rush_and_go_when_it_is_over() -> None:
    with Processes(1, when_needed=True, rush=RUSH, quiet=0.3) as workers:
        await workers.start()
        assert await workers.examine(job()) == examine(job())
        assert workers._pool is None
        async with asyncio.timeout(60):
            while not workers.ready():
                await asyncio.gather(*(workers.examine(job()) for _ in range(RUSH)))
            assert await workers.examine(job()) == examine(job())
            for _ in itertools.takewhile(lambda _: running(workers), itertools.count()):
                await asyncio.sleep(0.05)
        assert await workers.examine(job()) == examine(job())


ALONE = """
import asyncio, multiprocessing
from tests.pipeline.test_workers import RUSH, Processes, examine, job

async def main() -> None:
    multiprocessing.current_process()._config["tempdir"] = "/nowhere"  # there the server's socket would stand
    with Processes(1, when_needed=True, rush=RUSH) as workers:
        for _ in range(2 * RUSH):
            assert await workers.examine(job()) == examine(job())
        while workers._starting is not None:
            await asyncio.sleep(0.01)
        for _ in range(2 * RUSH):
            assert await workers.examine(job()) == examine(job())
        assert not workers.ready()

asyncio.run(main())
"""


def test_where_no_processes_can_be_had_the_coordinator_reads_and_says_so_once() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert (done.stdout + done.stderr).count("workers.unavailable") == 1


KILLED = """
import asyncio, os
from tests.pipeline.test_workers import Processes, job

async def main() -> None:
    workers = Processes(2)
    await workers.examine(job())
    print(*workers._pool._processes, flush=True)
    os.kill(os.getpid(), 9)

asyncio.run(main())
"""


def test_workers_of_a_killed_coordinator_end_too() -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, timeout=60, check=False)
    left = {int(pid) for pid in done.stdout.split()}
    assert len(left) == 2
    until = time.monotonic() + 20
    while left and time.monotonic() < until:
        left = {pid for pid in left if Path(f"/proc/{pid}").exists()}
        time.sleep(0.05)
    assert not left


async def test_a_round_with_workers_tells_an_edit(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world(tmp_path, seeds, monkeypatch, (HOHHOT, ORDOS)) as here:
        with Processes(2) as workers:
            here.context.workers = workers
            await here.round()
            here.portal.edit(ORDOS, "76.8", "77")
            done = await here.round()
    assert done.told.changes == 1
    assert here.robot.types() == ["document.changed"]


async def test_an_edit_is_compared_where_it_is_read_and_told_with_its_version(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, (HOHHOT, ORDOS)) as here:
        context, versions = here.context, here.context.store.versions
        with Processes(1) as workers:
            context.workers = workers
            await check(context, context.store.sources.active())
            assert len(versions.waiting()) == 2  # what is new waits until all titles are known
            await catch_up(context)
            here.portal.edit(ORDOS, "76.8", "77")
            told = (await check(context, context.store.sources.active())).told
            assert versions.waiting() == []
    assert (told.changes, told.moves) == (1, 1)


async def test_a_job_that_a_breaking_pool_forgot_is_done_again() -> None:
    with Processes(1) as workers:
        await workers.examine(job())
        pool = workers._pool
        assert pool is not None
        minder: Any = pool._executor_manager_thread  # the stubs have another type
        (pid,) = pool._processes
        os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(minder.join)
        # As ``submit`` leaves it that came between two steps of the pool's end.
        lost: asyncio.Future[Examined] = asyncio.get_running_loop().create_future()
        with pytest.raises(BrokenProcessPool):
            await _answer(pool, lost)
        assert await workers.examine(job()) == examine(job())
