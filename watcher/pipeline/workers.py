"""Processes that read, extract and compare where there is more than one core (``settings: executor: processes``).

They get values and give values; the store is written by the coordinator alone. A worker that dies takes nothing with it:
its work is done again by a new one.
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
from typing import Any, Self, TypeVar

from watcher.compare import compare
from watcher.compare.render import to_json
from watcher.pipeline.examine import Examined, Job, examine
from watcher.store import Store
from watcher.types import Change

T = TypeVar("T")
TASKS = 2000
"""Pages after which a worker makes room for a fresh one: what a hostile page made it hoard goes with it."""

Compared = tuple[int, Change, dict[str, object]]
"""The earlier version's row id, the change, and its JSON shape."""


class Workers:
    """A pool that starts with its first work; used inside one running loop. A context manager."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the workers; what they were doing is lost and will be due again."""
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


def workers_of(executor: str) -> Workers | None:
    """What ``settings: executor`` asks for; ``None`` where everything runs in the coordinator."""
    return Workers() if executor == "processes" else None
