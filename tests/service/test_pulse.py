"""The jobs of the service go on whatever is done to the wall clock."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watcher.alert import events
from watcher.pipeline.context import Context
from watcher.pipeline.pulse import Every, after_a_wrong_clock, keep_time
from watcher.sources import load
from watcher.store import Store

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


async def test_a_job_of_every_second_is_due_once_after_a_year() -> None:
    scheduler = AsyncIOScheduler(timezone="UTC")

    async def nothing() -> None:
        """Never run: the scheduler is not started."""

    job: Job = scheduler.add_job(nothing, Every(1.0), next_run_time=NOW)
    scheduler.start(paused=True)
    assert job._get_run_times(NOW + timedelta(days=365)) == [NOW]
    assert Every(1.0).get_next_fire_time(NOW, NOW) == NOW + timedelta(seconds=1)
    scheduler.shutdown(wait=False)


async def test_jobs_go_on_when_the_clock_is_put_back() -> None:
    ran: list[float] = []
    thrice = asyncio.Event()

    async def note() -> None:
        ran.append(time.monotonic())
        if len(ran) == 3:
            thrice.set()

    # To the scheduler a clock put back by a day is one whose jobs are all a day away.
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(note, Every(0.05), next_run_time=datetime.now(UTC) + timedelta(days=1, seconds=0.1))
    scheduler.start()
    began, day = time.monotonic(), 86400.0
    pulse = asyncio.create_task(
        keep_time(scheduler, lambda: time.time() - (day if time.monotonic() > began + 0.1 else 0.0), look=0.05)
    )
    async with asyncio.timeout(10):
        await thrice.wait()
    pulse.cancel()
    scheduler.shutdown(wait=False)
    with contextlib.suppress(asyncio.CancelledError):
        await pulse


def test_what_was_planned_under_a_wrong_clock_does_not_wait_for_its_year(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(
        "settings: {database: watcher.db}\nchannels: {desk: {kind: console}}\ndocuments:\n"
        '  - {id: plan, pages: [{url: "https://wjw.example.gov.cn/1.html"}]}\n',
        encoding="utf-8",
    )
    sources, ahead = load(file), NOW + timedelta(days=700)
    with Store(sources.database) as store:
        store.sources.sync(sources, ahead)
        (row,) = store.sources.active()
        store.sources.postpone([row.id], ahead + timedelta(hours=6))
        with store.atomic():
            event = store.changes.add_event(events.test("desk", ahead))
            store.outbox.add(event, "desk", "daily digest", ahead + timedelta(hours=8), ahead, digest=True)
        store.set_fact("tick", store.stamp(ahead))
        after_a_wrong_clock(Context(sources, store, now=lambda: NOW))
        assert store.sources.due_places(NOW + timedelta(hours=6, seconds=1))
        assert not store.sources.due_places(NOW + timedelta(hours=5))
        assert store.outbox.due_digests(NOW + timedelta(hours=8))
        assert not store.outbox.due_digests(NOW + timedelta(hours=7))
