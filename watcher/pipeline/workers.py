"""Who fetches, reads, extracts and compares: this process, its own worker processes, or workers on other machines.

They get values and give values, so the three are one to the stages; the store is written by the coordinator alone. A worker
that dies takes nothing with it: its work is done again by another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any, Self, TypeVar

from watcher.errors import FetchError
from watcher.logs import log
from watcher.pipeline.errands import Brought, Errand, carry_out
from watcher.pipeline.examine import Examined, Job, examine
from watcher.settings import Scheduler
from watcher.words import both

if TYPE_CHECKING:
    from watcher.fetch.gate import Gate
    from watcher.settings import Network, Sources

T = TypeVar("T")
TASKS = 2000
"""Pages for each worker after which they make room for fresh ones: what a hostile page made them hoard goes with them."""
NURSERY = "watcher.pipeline.nursery"
"""What the server loads from which workers are forked."""
MOST = 4
"""Worker processes at most: two keep one coordinator busy; more only help where pages are files that take long to read."""
RUSH, WITHIN = 64, 1.0
"""So many pages to read within so many seconds are worth starting processes for: a third of a core. A round that finds most pages
unchanged needs none: it would be a tenth quicker for a quarter more of processor time.
"""
QUIET = 60.0
"""Seconds without work after which processes that were started for a rush end."""
SWITCH = 0.0005
"""Seconds after which a thread that hands work over gets its turn; with Python's own five milliseconds workers would wait for it."""
BEHIND = 12
"""Jobs that wait for each worker from which on this process reads the next page itself, when nothing else is to be done."""
IDLE = 0.0006
"""Seconds within which the loop comes round when nothing else is to be done."""
PIPE = 1024 * 1024
"""Bytes that a pipe to the workers holds. A page is larger than the system's 64 kB: a worker that begins it would wait for this process to write the rest."""
FORGOTTEN = 5.0
"""Seconds after which it is looked whether the pool that has a job still lives."""
WAITING = 8
"""Visits that may wait for their turn at a host, for each that may be on the wire."""


class Workers:
    """This process does everything itself (``executor: local``). A context manager, used inside one running loop."""

    far = False
    """True where errands are carried out on other machines: they are given all that they need beforehand."""

    @property
    def trouble(self) -> str | None:
        """Why no work can be given away now, in plain words; None where it can."""
        return None

    @property
    def stranded(self) -> float:
        """For how many seconds that has been so."""
        return 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers; what they were doing is lost and will be due again."""

    async def start(self) -> None:
        """Gets ready inside the running loop. Raises ``ClusterError`` where that can never succeed as things are set up."""

    def room(self, network: Network) -> int:
        """How many visits may be under way at a time, most of which wait for their host's spacing."""
        return network.concurrency * WAITING

    async def go(self, errand: Errand, gate: Gate | None) -> Brought:
        """Carries out an errand. Raises ``FetchError``; ``ClusterError`` where workers are given up for lost."""
        if gate is None:
            raise FetchError(
                both("这条命令不使用网络", "this command does not use the network"), kind="refused", url=errand.url
            )
        return await carry_out(errand, gate, self.examine)

    async def examine(self, job: Job) -> Examined:
        """``examine`` in the loop, and in a thread what may take long."""
        if job.heavy:
            return await asyncio.to_thread(examine, job)
        return examine(job)


class Processes(Workers):
    """Worker processes read, extract and compare (``executor: processes``, and ``auto`` where there is more than one core).

    They are forked, warm, from a server that has loaded what reading needs (``nursery``), so that they share it. ``count``: how many;
    unless said one for each core but the coordinator's, which has as much to do as one of them. ``when_needed``: they start when
    there is a rush and end when it is over; until they run, and for the few pages of a quiet day, this process reads. ``quiet``:
    seconds without work after which they end. ``rush``: pages within a second that start them. ``tasks``: pages for each process
    after which fresh ones are forked.
    """

    def __init__(
        self,
        count: int | None = None,
        *,
        when_needed: bool = False,
        rush: int = RUSH,
        quiet: float = QUIET,
        tasks: int = TASKS,
    ) -> None:
        self.count = count or max(1, min(MOST, cores() - 1))
        self.when_needed = when_needed
        self.quiet = quiet
        self.tasks = tasks * self.count
        self._pool: ProcessPoolExecutor | None = None
        self._starting: asyncio.Task[None] | None = None
        self._given = self._under_way = 0
        self._asked: deque[float] = deque(maxlen=rush)
        self._rush_of = rush
        self._resting: asyncio.TimerHandle | None = None

    def close(self) -> None:
        """Ends the worker processes."""
        if self._resting is not None:
            self._resting.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    async def start(self) -> None:
        """Starts the processes, so that no page waits for that; not where they come when they are needed."""
        if not self.when_needed:
            await self._started()

    def ready(self) -> bool:
        """Whether work is to be given to processes now; begins to start them where they are needed."""
        if not self.when_needed:
            return True
        if self._pool is None and self._starting is None and self._rush():
            self._starting = asyncio.create_task(self._tried())
        return self._pool is not None

    def _rush(self) -> bool:
        return len(self._asked) >= self._rush_of and asyncio.get_running_loop().time() - self._asked[0] < WITHIN

    async def examine(self, job: Job) -> Examined:
        """``examine`` in a worker. Raises ``BrokenProcessPool`` when it killed two workers."""
        self._asked.append(asyncio.get_running_loop().time())
        # What takes long would hold up all others behind one worker; files are read by a child of their own anyway.
        if not self.ready() or (self.count == 1 and job.heavy):
            return await super().examine(job)
        if self._under_way >= BEHIND * self.count and not job.heavy and await _idle():
            return examine(job)
        return await self._run(examine, job)

    async def _run(self, work: Callable[..., T], *given: Any) -> T:
        self._under_way += 1
        try:
            return await self._handed(work, *given)
        finally:
            self._under_way -= 1

    async def _handed(self, work: Callable[..., T], *given: Any) -> T:
        loop = asyncio.get_running_loop()
        pool = self._pool or await self._started()
        self._given += 1
        if self._given >= self.tasks:
            # Not ``max_tasks_per_child``: until Python 3.13 it may leave a pool without any worker (gh-115634).
            self._pool, self._given = None, 0
        try:
            return await _answer(pool, loop.run_in_executor(pool, work, *given))
        except (BrokenProcessPool, OSError):  # handing over to a pool that is just breaking says "handle is closed"
            if self._pool is pool:
                self._pool = None
            fresh = await self._started()
            return await _answer(fresh, loop.run_in_executor(fresh, work, *given))
        finally:
            if self._pool is not pool:
                pool.shutdown(wait=False)  # what it was given already it does

    async def _started(self) -> ProcessPoolExecutor:
        while self._pool is None:
            if self._starting is None:
                self._starting = asyncio.create_task(self._start())
            await asyncio.shield(self._starting)
        return self._pool

    async def _start(self) -> None:
        try:
            self._pool = await asyncio.to_thread(_pool_of, self.count)
            sys.setswitchinterval(SWITCH)
        finally:
            self._starting = None

    async def _tried(self) -> None:
        """Where no processes can be had (no folder for their sockets, no shared memory) this one goes on reading, and says so once."""
        try:
            await self._start()
        except (OSError, EOFError, BrokenProcessPool) as error:
            self._asked = deque(maxlen=0)  # never again full
            log.warning(
                "workers.unavailable", error=f"{type(error).__name__}: {error}", what="this process reads alone"
            )
        else:
            self._rest()

    def _rest(self) -> None:
        """Ends processes that had nothing to do for a while, and looks again later where they had."""
        if self._resting is not None:
            self._resting.cancel()
        loop = asyncio.get_running_loop()
        idle = loop.time() - self._asked[-1] if self._asked else self.quiet
        if idle < self.quiet:
            self._resting = loop.call_later(self.quiet - idle, self._rest)
        elif self._pool is not None:
            self._pool.shutdown(wait=False)
            self._pool = None


def cores() -> int:
    """Cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # pragma: no cover - not on this platform
        return os.cpu_count() or 1


def _pool_of(count: int) -> ProcessPoolExecutor:
    """A pool whose processes run. Blocks until then: half a second where the server that they are forked from starts with it."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([NURSERY])
    pool = ProcessPoolExecutor(count, mp_context=server, initializer=_begin)
    for one in [pool.submit(time.sleep, 0.02) for _ in range(count)]:
        one.result()
    # Another system, another Python, a user's share of pipes used up: slower, no more.
    with contextlib.suppress(AttributeError, OSError):
        for end in (pool._call_queue._writer, pool._result_queue._reader):  # type: ignore[attr-defined]
            fcntl.fcntl(end.fileno(), fcntl.F_SETPIPE_SZ, PIPE)
    return pool


async def _answer(pool: ProcessPoolExecutor, future: asyncio.Future[T]) -> T:
    """What a job gave. Raises ``BrokenProcessPool`` also where the pool broke while it was being handed over: before Python 3.12
    such a job is forgotten, and would be waited for without end.
    """
    try:
        while not future.done():
            await asyncio.wait((future,), timeout=FORGOTTEN)
            if not future.done() and getattr(pool, "_broken", False):
                raise BrokenProcessPool("the pool broke while the job was handed over")
        return future.result()
    finally:
        future.cancel()  # where nobody waits for it any more


async def _idle() -> bool:
    """Whether nothing but the one who asks waits for its turn."""
    asked = time.perf_counter()
    await asyncio.sleep(0)
    return time.perf_counter() - asked < IDLE


def _begin() -> None:
    """A worker ends when the coordinator says so or is gone, not when the terminal does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_orphaned, name="orphaned", daemon=True).start()


def _orphaned() -> None:
    """Ends this process with its coordinator: one that was killed told nobody, and a pool's queue never ends by itself."""
    coordinator = multiprocessing.parent_process()
    if coordinator is not None:
        coordinator.join()
        os._exit(1)


def workers_of(sources: Sources, patience: float | None = None) -> Workers:
    """Who does the work, as ``settings: executor`` says.

    ``patience``: seconds without any worker of a cluster after which its work is given up; None waits for ever. Raises
    ``ClusterError`` where the extra for clusters is missing.
    """
    if sources.executor == "processes":
        return Processes()
    if sources.executor == "auto" and cores() > 1:
        return Processes(when_needed=True)
    if sources.executor.startswith("dask"):
        from watcher.pipeline.cluster.coordinator import Cluster

        return Cluster(Scheduler.parse(sources.executor), sources.database, patience)
    return Workers()
