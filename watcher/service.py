"""The service: a scheduler with few jobs, the page, a clean end.

Schedules are data: the tick asks the store what is due, leases it, and hands it to the checker; everything else drains
rows that an earlier stage wrote. A job that fails is logged and comes again; nothing that one source does stops the loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from watcher.errors import ConfigError
from watcher.fetch.gate import Gate
from watcher.logs import configure, log
from watcher.pipeline import counters
from watcher.pipeline.applying import apply, uncollected
from watcher.pipeline.catching_up import catch_up
from watcher.pipeline.checking import Checker, host_of
from watcher.pipeline.context import Context
from watcher.pipeline.delivering import Couriers
from watcher.pipeline.heartbeat import Heartbeat
from watcher.pipeline.locking import ServiceLock
from watcher.pipeline.outage import PROBES
from watcher.pipeline.pulse import Every, after_a_wrong_clock, keep_time
from watcher.pipeline.reminding import remind
from watcher.pipeline.rereading import reread
from watcher.pipeline.sharing import share
from watcher.pipeline.upkeep import keep_up
from watcher.pipeline.vigil import DISK, SETTINGS, service_incident, watch
from watcher.pipeline.warm import settle, warm
from watcher.pipeline.workers import workers_of
from watcher.settings import Sources
from watcher.sources.aside import load_aside
from watcher.store import TROUBLE, Store

TICK = 1.0
"""Seconds between two looks at what is due."""
DRAIN = 5.0
"""Seconds that one catching up takes at most; the next one begins with the next tick. It breathes, so it delays neither the tick nor the end."""
DELIVER = 2.0
REMIND = 60.0
HEARTBEAT = 5.0
"""Seconds between two looks whether a heartbeat is due (at most one a minute is sent)."""
UPKEEP = 3600.0
FIRST_UPKEEP = timedelta(minutes=2)
LEASE = timedelta(minutes=15)
"""How long a source that is being visited is not due again; a crash forgets no longer than that."""
IN_FLIGHT = 5000
SPARE = 2000
"""Sources beyond that of hosts that nothing is asked of: many slow hosts keep no quick one waiting."""
PER_HOST = 20
"""Sources of one host that are taken up at a time; the others wait in the store, where they cost nothing."""
JUMP = 120.0
"""Seconds by which the wall clock and the machine's own may come apart between two ticks before that counts as a jump."""
CALM = timedelta(minutes=10)
"""After a jump: how long nothing is told that only the date makes true."""
BOOK = 15.0
"""Seconds between two notes of the tick and the counters in the store, where other processes read them."""
REREAD = 200
"""Sources whose rules are looked at in one go after a start."""
SHORT = timedelta(minutes=5)
"""How long the database may be in trouble before the channels hear of it."""
GRACE = 4.0
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

    def apply(self, sources: Sources) -> None:
        """Other settings from now on."""
        ...


class Service:
    """One running watcher over one database."""

    def __init__(
        self,
        sources: Sources,
        *,
        page: Page | None = None,
        tick: float = TICK,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.sources = sources
        self.page = page
        self.tick_every = tick
        self.stopping = asyncio.Event()
        self.now = now
        self.heartbeat = Heartbeat()
        self.couriers = Couriers()
        self._trouble: set[str] = set()
        self._told_trouble = False
        self._trouble_since = (now(), "")
        self._rereading: asyncio.Task[None] | None = None
        self._clock: tuple[datetime, float] | None = None
        self._steady_since = now()
        self._jumped = False
        self._booked = -BOOK
        self._mtime = _mtime(sources.file)
        self._reloading = asyncio.Lock()
        self._asked: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Runs until ``stop``; raises ``StoreError`` when the database is another service's or cannot be used."""
        with ServiceLock(self.sources.database), contextlib.ExitStack() as stack:
            store = stack.enter_context(Store(self.sources.database))
            async with Gate(self.sources.network) as gate:
                self.context = Context(self.sources, store, gate, now=self.now)
                self.context.workers = stack.enter_context(workers_of(self.sources))
                await self.context.workers.start()
                store.sources.sync(self.sources, self.context.now())
                store.outbox.release_all()
                store.sources.end_leases()
                after_a_wrong_clock(self.context)
                with store.atomic():
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
                warm()  # or the first page would hold up the loop for it
                settle()
                try:
                    await self._first()
                    scheduler.start()
                    pulse = asyncio.create_task(keep_time(scheduler))
                    await self.stopping.wait()
                    pulse.cancel()
                finally:
                    await self._end(scheduler)
        log.info("service.stopped")

    async def _first(self) -> None:
        """Finishes what a crash left, and reads anew what a new release reads otherwise."""
        await self._guard("settings", self._settings_stand)
        # A visit re-makes the version that it compares with, so nothing has to wait for this.
        self._rereading = asyncio.create_task(self._guard("reread", self._reread))
        await self._guard("tick", self.tick)

    async def _settings_stand(self) -> None:
        """The file that the service started with is good, whatever was told of an earlier one."""
        service_incident(self.context, SETTINGS, "settings", self.context.now(), there=False, detail="")

    async def _reread(self) -> None:
        """A few sources at a time: all of them at once would be the largest thing in memory."""
        sources = self.context.store.sources
        ids = sources.read_ids()
        remade = failed = 0
        for at in range(0, len(ids), REREAD):
            done = await reread(self.context, sources.rows(ids[at : at + REREAD]))
            remade, failed = remade + done.remade, failed + done.failed
            await asyncio.sleep(0)
        if remade or failed:
            log.info("reread", remade=remade, failed=failed)

    async def _end(self, scheduler: AsyncIOScheduler) -> None:
        if scheduler.running:
            scheduler.shutdown(wait=False)
        if self._rereading is not None:
            self._rereading.cancel()
            await asyncio.gather(self._rereading, return_exceptions=True)
        # Side by side: together with what is written last it must fit into ten seconds. Versions that are not compared yet
        # are rows: the next start goes on with them, as after a crash.
        await asyncio.gather(
            self._guard("stop", lambda: self.checker.stop(GRACE)),
            self._guard("deliver", lambda: self.couriers.stop(GRACE)),
            *([self._guard("page", self.page.stop)] if self.page is not None else []),
        )

    def _scheduler(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": 60}
        )
        jobs: tuple[tuple[str, Callable[[], Awaitable[object]], float], ...] = (
            ("tick", self.tick, self.tick_every),
            ("catch_up", self._drain, self.tick_every),
            ("deliver", lambda: self.couriers.tick(self.context, self.checker.waiting()), DELIVER),
            ("heartbeat", self._beat, HEARTBEAT),
            ("remind", self._remind, REMIND),
            ("upkeep", lambda: keep_up(self.context), UPKEEP),
            ("reload", self._reload_if_changed, 5.0),
        )
        for name, job, seconds in jobs:
            scheduler.add_job(self._guard, Every(seconds), args=(name, job), id=name)
        # A service that is restarted every day must not miss what is due once an hour.
        scheduler.modify_job("upkeep", next_run_time=datetime.now(UTC) + FIRST_UPKEEP)
        scheduler.add_listener(_job_error, EVENT_JOB_ERROR)
        return scheduler

    async def _guard(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Runs a job; trouble with disk or database is said once and ends by itself, a bug is logged with its traceback."""
        try:
            await job()
        except TROUBLE as error:
            if not self._told_trouble:
                self._told_trouble = True
                self._trouble_since = (self.context.now(), f"{type(error).__name__}: {error}")
                log.error(
                    "service.trouble",
                    job=name,
                    error=f"{type(error).__name__}: {error}",
                    what="the service goes on and tries again",
                )
            self._trouble.add(name)
        except asyncio.CancelledError:
            if not self.stopping.is_set():  # at the end the scheduler cancels what runs: that is no error
                raise
        except Exception:
            log.exception("service.bug", job=name)
        else:
            # A read may do well while nothing can be written: it is over when what failed does well.
            self._trouble.discard(name)
            if self._told_trouble and not self._trouble:
                self._told_trouble = False
                log.info("service.recovered")
                self._tell_of_trouble()

    def _tell_of_trouble(self) -> None:
        """While nothing could be written nothing could be told; the channels hear of it now, unless it was short."""
        (since, error), now = self._trouble_since, self.context.now()
        if timedelta(0) <= now - since < SHORT:
            return
        with contextlib.suppress(*TROUBLE):
            service_incident(self.context, DISK, "disk", min(since, now), there=True, detail=error)
            service_incident(self.context, DISK, "disk", now, there=False, detail="")

    async def tick(self) -> None:
        """Hands to the checker what is due, and writes what came back."""
        context, now = self.context, self.context.now()
        self._mind_the_clock(now)
        if self._trouble:
            context.store.set_fact("tick", context.store.stamp(now))  # nothing is fetched that cannot be kept
        room = IN_FLIGHT - self.checker.in_flight
        per_host, hosts = PER_HOST, None
        if context.outlook.lost:
            room, per_host, hosts = PROBES - self.checker.in_flight, 1, PROBES
        spare = 0 if context.outlook.lost else SPARE
        trouble = context.workers.trouble if context.workers is not None else None
        if room + spare > 0 and trouble is None and (due := context.store.sources.due_places(now)):
            places = [(source_id, host_of(url)) for source_id, url in due]
            chosen = share(places, self.checker.waiting(), room=room, per_host=per_host, hosts=hosts, spare=spare)
            if chosen:
                context.store.sources.lease(chosen, now + LEASE)
                self.checker.submit(context.store.sources.rows(chosen))
        self.checker.keeper.flush()
        self._book(now)

    def _mind_the_clock(self, now: datetime) -> None:
        """A wall clock that jumped is said once; what waits keeps waiting as long as it did before."""
        machine = time.monotonic()
        before, self._clock = self._clock, (now, machine)
        if before is None:
            return
        passed = (now - before[0]).total_seconds()
        late = machine - before[1] - self.tick_every
        counters.counters.ticked(max(late, 0.0))
        jump = passed - (machine - before[1])
        if abs(jump) < JUMP:
            return
        self._steady_since, self._jumped = now, True
        log.warning("clock.jumped", seconds=round(jump))
        if jump < 0:
            self.context.store.sources.shift(-jump, now)

    def _book(self, now: datetime) -> None:
        """Notes that the service lives, and its counters, for ``watcher status``."""
        machine = time.monotonic()
        if not self._trouble and machine - self._booked < BOOK:
            return
        store = self.context.store
        with store.atomic():
            store.set_fact("tick", store.stamp(now))
            store.set_fact("counters", json.dumps(counters.snapshot()))
        self._booked = machine

    async def _beat(self) -> None:
        if "tick" not in self._trouble:
            await self.heartbeat.beat(self.context)

    async def _drain(self) -> None:
        told = await catch_up(self.context, DRAIN)
        if told.changes or told.stages:
            log.info("changes.written", changes=told.changes, moves=told.moves, stages=told.stages, links=told.links)

    async def _remind(self) -> None:
        # A clock that is wrong for a moment must not tell of days that have not come.
        if self._jumped and abs(self.context.now() - self._steady_since) < CALM:
            return
        remind(self.context)
        watch(self.context, self._steady_since)

    async def _reload_if_changed(self) -> None:
        if not self._reloading.locked() and _mtime(self.sources.file) != self._mtime:
            await self.reload()

    async def reload(self) -> None:
        """Reads sources.yaml again; a bad one is refused and told, the old one stays in force.

        A large file takes seconds: it is read in a process of its own and compared in a thread, so that no tick waits.
        """
        async with self._reloading:
            with uncollected():
                await self._take_up()

    async def _take_up(self) -> None:
        mtime = _mtime(self.sources.file)
        self._mtime = math.nan  # unlike any: what fails on the way is tried again
        fresh, problem = await asyncio.to_thread(self._read)
        if fresh is not None:
            await self._apply(fresh)
        service_incident(self.context, SETTINGS, "settings", self.context.now(), there=fresh is None, detail=problem)
        self._mtime = mtime

    def _read(self) -> tuple[Sources | None, str]:
        """The new settings, or what is wrong with them."""
        problem = ""
        try:
            fresh = load_aside(self.sources.file, secrets=True)
        except ConfigError as error:
            problem = str(error)
        else:
            if fresh.database == self.sources.database:
                return fresh, ""
            problem = "settings: database changed; restart the service for that"
        log.error("sources.refused", error=problem, what="the old settings stay in force")
        return None, problem

    async def _apply(self, fresh: Sources) -> None:
        self.sources = fresh
        self.context = self.checker.context = self.context.with_sources(fresh)
        self.checker.keeper.context = self.context
        if self.page is not None:
            self.page.apply(fresh)
        await apply(self.context, fresh)
        log.info("sources.applied", documents=len(fresh.documents), columns=len(fresh.columns))

    def ask_to_reload(self) -> None:
        """``reload`` soon, from where nobody can wait for it."""
        task = asyncio.create_task(self._guard("reload", self.reload))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

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
    loop.add_signal_handler(signal.SIGHUP, service.ask_to_reload)
    await service.run()
    return 0
