"""Who fetches, reads and extracts: this process, its own worker processes, or workers on other machines.

They get values and give values, so the three are one to the stages; the store is written by the coordinator alone. A worker
that dies takes nothing with it: its work is done again by another one.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from watcher.compare import compare
from watcher.compare.render import to_json
from watcher.errors import FetchError
from watcher.pipeline.errands import Brought, Errand, carry_out
from watcher.pipeline.examine import Examined, Job, examine
from watcher.settings import Scheduler
from watcher.store import Store
from watcher.types import Change

if TYPE_CHECKING:
    from watcher.fetch.gate import Gate
    from watcher.settings import Network, Sources

T = TypeVar("T")
TASKS = 2000
"""Pages after which a worker makes room for a fresh one: what a hostile page made it hoard goes with it."""
WAITING = 8
"""Visits that may wait for their turn at a host, for each that may be on the wire."""

Compared = tuple[int, Change, dict[str, object]]
"""The earlier version's row id, the change, and its JSON shape."""


class Workers:
    """This process does everything itself (``executor: local``). A context manager, used inside one running loop."""

    far = False
    """True where errands are carried out on other machines: they are given all that they need beforehand."""
    trouble: str | None = None
    """Why no work can be given away now, in plain words; None where it can."""
    stranded = 0.0
    """For how many seconds that has been so."""

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
            raise FetchError("this command does not use the network", kind="refused", url=errand.url)
        return await carry_out(errand, gate, self.examine)

    async def examine(self, job: Job) -> Examined:
        """``examine`` in the loop, and in a thread what may take long."""
        if job.heavy:
            return await asyncio.to_thread(examine, job)
        return examine(job)


class Processes(Workers):
    """One worker process a core reads, extracts and compares (``executor: processes``); they start with their first work."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def close(self) -> None:
        """Ends the worker processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    async def examine(self, job: Job) -> Examined:
        """``examine`` in a worker. Raises ``BrokenProcessPool`` when it killed two workers."""
        return await self._run(examine, job)

    async def compare(self, database: Path, before: int, after: int) -> Compared:
        """The change between two stored versions, read by the worker itself."""
        return await self._run(compare_stored, database, before, after)

    async def _run(self, work: Callable[..., T], *given: Any) -> T:
        loop = asyncio.get_running_loop()
        pool = self._started()
        try:
            return await loop.run_in_executor(pool, work, *given)
        except (BrokenProcessPool, OSError):  # handing over to a pool that is just breaking says "handle is closed"
            if self._pool is pool:
                self._pool = None
            return await loop.run_in_executor(self._started(), work, *given)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            server = multiprocessing.get_context("forkserver")
            # What every worker needs is imported once; their memory is shared until it is written to.
            server.set_forkserver_preload([__name__])
            self._pool = ProcessPoolExecutor(
                self.count, mp_context=server, initializer=_begin, max_tasks_per_child=TASKS
            )
        return self._pool


def _begin() -> None:
    """A worker ends when the coordinator says so, not when the terminal does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache
def _store(database: Path) -> Store:
    return Store(database, read_only=True)


def compare_stored(database: Path, before: int, after: int) -> Compared:
    """Compares two versions by their row ids; opens the database once a process, to read."""
    versions = _store(database).versions
    old, new = versions.get(before), versions.get(after)
    change = compare(old.reading, new.reading, old.indicators, new.indicators)
    return before, change, to_json(change, new.document_id, old.ref, new.ref)


def workers_of(sources: Sources, patience: float | None = None) -> Workers:
    """Who does the work, as ``settings: executor`` says.

    ``patience``: seconds without any worker of a cluster after which its work is given up; None waits for ever. Raises
    ``ClusterError`` where the extra for clusters is missing.
    """
    if sources.executor == "processes":
        return Processes()
    if sources.executor.startswith("dask"):
        from watcher.pipeline.cluster.coordinator import Cluster

        return Cluster(Scheduler.parse(sources.executor), sources.database, patience)
    return Workers()
