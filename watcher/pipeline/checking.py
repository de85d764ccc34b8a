"""A round of checks: every due source once, hosts side by side, results written in batches."""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from watcher.errors import ClusterError
from watcher.pipeline.bringing import HERE
from watcher.pipeline.columns import ColumnVisit, visit_column
from watcher.pipeline.context import Context
from watcher.pipeline.visiting import Visit, visit
from watcher.pipeline.writing import Keeper, Progress, Report
from watcher.store import SourceRow
from watcher.words import both


async def check(context: Context, rows: Sequence[SourceRow], progress: Progress | None = None) -> Report:
    """Visits every row once and stores what came of it."""
    checker = Checker(context, progress)
    try:
        checker.submit(rows)
        await checker.drain()
    finally:
        await checker.stop()
    return checker.report


def host_of(url: str) -> str:
    """What stands for the server of an address (host and port): its sources are visited one after the other."""
    return urlsplit(url).netloc


class Checker:
    """Visits sources: hosts side by side, one host's sources one after the other, so that a slow host delays only itself."""

    def __init__(self, context: Context, progress: Progress | None = None) -> None:
        self.context = context
        self.report = Report()
        self.keeper = Keeper(context, self.report, progress)
        self.chrome = context.store.sources.chrome()
        # The gate bounds what is on the wire; here are mostly visits that wait for their host's spacing.
        self._running = asyncio.Semaphore((context.workers or HERE).room(context.sources.network))
        self._queues: dict[str, deque[SourceRow]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight: set[int] = set()

    @property
    def in_flight(self) -> int:
        """How many sources wait for their visit or are being visited."""
        return len(self._in_flight)

    def waiting(self) -> dict[str, int]:
        """How many sources wait behind the running visit of each host."""
        return {host: len(queue) for host, queue in self._queues.items()}

    def submit(self, rows: Iterable[SourceRow]) -> int:
        """Queues rows that are not in flight; returns how many were new."""
        count = 0
        for row in rows:
            if row.id in self._in_flight:
                continue
            self._in_flight.add(row.id)
            count += 1
            host = host_of(row.url)
            if host in self._queues:
                self._queues[host].append(row)
                continue
            self._queues[host] = deque([row])
            task = asyncio.create_task(self._host(host))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return count

    async def _host(self, host: str) -> None:
        queue = self._queues[host]
        try:
            while queue:
                row = queue.popleft()
                try:
                    await self._row(row)
                finally:
                    self._in_flight.discard(row.id)
        finally:
            self._in_flight.difference_update(row.id for row in queue)
            del self._queues[host]

    async def _row(self, row: SourceRow) -> None:
        """One visit. Apart from ``_host``, so that a host that waits for its next turn does not hold on to its last page."""
        async with self._running:
            done = await _guarded(self.context, row, self.chrome.get(row.id, frozenset()))
        if done is None:
            return
        if isinstance(done, Visit) and done.learned:
            self.chrome[row.id] = self.chrome.get(row.id, frozenset()) | done.learned
        self.keeper.add(done)

    async def drain(self) -> None:
        """Waits until nothing is in flight, and writes what is left."""
        while self._tasks:
            await asyncio.gather(*self._tasks)
        self.keeper.flush()

    async def stop(self, grace: float = 0.0) -> None:
        """Takes no more rows; running visits get ``grace`` seconds; what was finished is written."""
        for queue in self._queues.values():
            self._in_flight.difference_update(row.id for row in queue)
            queue.clear()
        if self._tasks and grace > 0:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in list(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self.keeper.flush()


async def _guarded(context: Context, row: SourceRow, chrome: frozenset[str]) -> Visit | ColumnVisit | None:
    """One visit; a bug in it is logged loudly, becomes an incident, and pushes only this source back."""
    try:
        if row.kind == "column":
            column = context.column(row)
            return None if column is None else await visit_column(context, row, column)
        plan = context.document(row)
        if plan is None:
            return None
        return await visit(context, row, plan, chrome)
    except (asyncio.CancelledError, ClusterError):
        raise
    except Exception as error:
        context.log.error(
            "check.bug", source=row.name, error=type(error).__name__, trace=traceback.format_exc(limit=12)
        )
        return Visit(
            row,
            context.now(),
            "error",
            both(
                f"程序缺陷（{type(error).__name__}），详见日志",
                f"a bug in watcher ({type(error).__name__}); see the log",
            ),
            bug=True,
            kind="bug",
        )
