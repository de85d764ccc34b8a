"""The service: a scheduler with few jobs, the page, a clean end.

Schedules are data: the tick asks the store what is due, leases it, and hands it to the checker; everything else drains
rows that an earlier stage wrote. A job that fails is logged and comes again; nothing that one source does stops the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watcher.errors import ConfigError
from watcher.fetch.gate import Gate
from watcher.logs import configure, log
from watcher.pipeline.catching_up import catch_up
from watcher.pipeline.checking import Checker
from watcher.pipeline.context import Context
from watcher.pipeline.delivering import deliver
from watcher.pipeline.locking import ServiceLock
from watcher.pipeline.reminding import remind
from watcher.pipeline.rereading import reread
from watcher.pipeline.upkeep import keep_up
from watcher.settings import Sources
from watcher.sources import load
from watcher.store import TROUBLE, Store

TICK = 1.0
"""Seconds between two looks at what is due."""
DELIVER = 2.0
REMIND = 60.0
UPKEEP = 3600.0
LEASE = timedelta(minutes=15)
"""How long a source that is being visited is not due again; a crash forgets no longer than that."""
IN_FLIGHT = 5000
GRACE = 5.0
"""Seconds that running fetches get at the end."""


class Page(Protocol):
    """The page, as the service knows it: something to start and to stop. It stands on this floor too, so it is handed in."""

    @property
    def address(self) -> str:
        """Where it listens, once it is started."""
        ...

    async def start(self) -> None:
        """Listens."""
        ...

    async def stop(self) -> None:
        """Listens no more."""
        ...


class Service:
    """One running watcher over one database."""

    def __init__(self, sources: Sources, *, page: Page | None = None, tick: float = TICK) -> None:
        self.sources = sources
        self.page = page
        self.tick_every = tick
        self.stopping = asyncio.Event()
        self._said: str | None = None
        self._mtime = _mtime(sources.file)

    async def run(self) -> None:
        """Runs until ``stop``; raises ``StoreError`` when the database is another service's or cannot be used."""
        with ServiceLock(self.sources.database), contextlib.ExitStack() as stack:
            store = stack.enter_context(Store(self.sources.database))
            async with Gate(self.sources.network) as gate:
                self.context = Context(self.sources, store, gate)
                store.sources.sync(self.sources, self.context.now())
                store.outbox.release_all()
                store.sources.end_leases()
                for name in self.sources.channels:
                    store.outbox.start_channel(name)
                store.set_fact("pid", str(os.getpid()))
                self.checker = Checker(self.context)
                if self.page is not None:
                    await self.page.start()
                scheduler = self._scheduler()
                log.info(
                    "service.started",
                    pid=os.getpid(),
                    sources=store.counts()["sources"],
                    page=self.page.address if self.page else None,
                )
                try:
                    await self._first()
                    scheduler.start()
                    await self.stopping.wait()
                finally:
                    await self._end(scheduler)
        log.info("service.stopped")

    async def _first(self) -> None:
        """Finishes what a crash left, and reads anew what a new release reads otherwise."""
        await self._guard("catch_up", self._drain)
        rows = [row for row in self.context.store.sources.active() if row.version_id]
        await self._guard("reread", lambda: reread(self.context, rows))
        await self._guard("tick", self.tick)

    async def _end(self, scheduler: AsyncIOScheduler) -> None:
        if scheduler.running:
            scheduler.shutdown(wait=False)
        await self._guard("stop", lambda: self.checker.stop(GRACE))
        await self._guard("catch_up", self._drain)
        if self.page is not None:
            await self.page.stop()

    def _scheduler(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": 60}
        )
        jobs: tuple[tuple[str, Callable[[], Awaitable[object]], float], ...] = (
            ("tick", self.tick, self.tick_every),
            ("deliver", lambda: deliver(self.context), DELIVER),
            ("remind", self._remind, REMIND),
            ("upkeep", lambda: keep_up(self.context), UPKEEP),
            ("reload", self._reload_if_changed, 5.0),
        )
        for name, job, seconds in jobs:
            scheduler.add_job(self._guard, "interval", args=(name, job), seconds=seconds, id=name)
        scheduler.add_listener(_job_error, EVENT_JOB_ERROR)
        return scheduler

    async def _guard(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Runs a job; trouble with disk or database is said once and ends by itself, a bug is logged with its traceback."""
        try:
            await job()
        except TROUBLE as error:
            said = f"{type(error).__name__}: {error}"
            if said != self._said:
                self._said = said
                log.error("service.trouble", job=name, error=said, what="the service goes on and tries again")
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("service.bug", job=name)
        else:
            if self._said is not None and name == "tick":
                self._said = None
                log.info("service.recovered")

    async def tick(self) -> None:
        """Hands to the checker what is due, and writes what came back."""
        context, now = self.context, self.context.now()
        room = IN_FLIGHT - self.checker.in_flight
        rows = context.store.sources.due(now, room) if room > 0 else []
        if rows:
            context.store.sources.lease([row.id for row in rows], now + LEASE)
            self.checker.submit(rows)
        self.checker.keeper.flush()
        context.store.set_fact("tick", context.store.stamp(now))
        await self._drain()

    async def _drain(self) -> None:
        told = await catch_up(self.context)
        if told.changes or told.stages:
            log.info("changes.written", changes=told.changes, moves=told.moves, stages=told.stages, links=told.links)

    async def _remind(self) -> None:
        remind(self.context)

    async def _reload_if_changed(self) -> None:
        if _mtime(self.sources.file) != self._mtime:
            self.reload()

    def reload(self) -> None:
        """Reads sources.yaml again; a bad one is refused and told, the old one stays in force."""
        self._mtime = _mtime(self.sources.file)
        try:
            fresh = load(self.sources.file, secrets=True)
        except ConfigError as error:
            log.error("sources.refused", error=str(error), what="the old settings stay in force")
            return
        if fresh.database != self.sources.database:
            log.error("sources.refused", error="settings: database changed; restart the service for that")
            return
        self.sources = fresh
        self.context = self.checker.context = self.context.with_sources(fresh)
        self.checker.keeper.context = self.context
        self.context.store.sources.sync(fresh, self.context.now())
        log.info("sources.applied", documents=len(fresh.documents), columns=len(fresh.columns))

    def stop(self) -> None:
        """Ends ``run`` cleanly."""
        self.stopping.set()


def _mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _job_error(event: JobExecutionEvent) -> None:
    log.error("scheduler.error", job=event.job_id, error=type(event.exception).__name__)


async def serve(sources: Sources, page: Page | None) -> int:
    """``watcher run``: until SIGTERM or Ctrl-C; SIGHUP reads sources.yaml again. Returns the exit status."""
    configure()
    service = Service(sources, page=page)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, service.stop)
    loop.add_signal_handler(signal.SIGHUP, service.reload)
    await service.run()
    return 0
