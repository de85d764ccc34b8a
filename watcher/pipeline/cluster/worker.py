"""``watcher worker``: one process that goes where the coordinator sends it, by its own way out to the network.

Dask hands tickets over in threads; all of them are carried out in one loop with one gate, as the coordinator itself does it.
Nothing is stored, logged or shown of what a ticket says.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import tempfile
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import CancelledError as Dropped
from dataclasses import asdict, replace
from typing import Any

from watcher.errors import FetchError, Forbidden
from watcher.fetch.address import parse
from watcher.fetch.gate import Gate
from watcher.logs import configure, log
from watcher.pipeline.cluster.road import check_road, distributed, security
from watcher.pipeline.cluster.sealed import Sealed
from watcher.pipeline.cluster.values import Failure, Reply, Stamp, Ticket, clock
from watcher.pipeline.errands import Errand, carry_out
from watcher.pipeline.warm import settle, warm
from watcher.pipeline.workers import Processes, Workers
from watcher.settings import Network, Scheduler

SPARE = 2
"""Threads beside those of the tickets: a greeting is answered however much there is to do."""
AHEAD = 1.0
"""Tickets that lie ready, for each page that may be on the wire: the wire is not idle while answers and tickets travel."""
AGAIN = 1.0
"""Seconds between two tries to reach the scheduler."""
SLACK = 1.0
"""Seconds that a thread waits longer for its ticket than the ticket may take."""


class Hand:
    """The loop in which tickets are carried out, and its gate. ``pages`` are under way at a time, read by ``workers``."""

    def __init__(self, name: str, pages: int, workers: Workers, proxy: str | None = None) -> None:
        self.name = name
        self.pages = pages
        self.tickets = pages + max(2, round(pages * AHEAD))
        self.workers = workers
        self.proxy = proxy
        self.epochs: dict[str, str] = {}
        self._running: dict[asyncio.Task[Reply], tuple[str, str]] = {}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._ended: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._turn, name="hand", daemon=True)
        self._thread.start()
        self._ready.wait()

    def _turn(self) -> None:
        with contextlib.suppress(ImportError):
            import uvloop

            self._loop.close()
            self._loop = uvloop.new_event_loop()
        self._loop.run_until_complete(self._live())

    async def _live(self) -> None:
        self._ended = asyncio.Event()
        async with Gate(Network(concurrency=self.pages)) as self._gate:
            self._ready.set()
            await self._ended.wait()
            await self._drop(lambda whose: True)

    def end(self) -> None:
        """What is under way ends as ``stopped``; nothing new is begun."""
        if self._ended is not None:
            self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)
        self.workers.close()

    def drop(self) -> None:
        """What is under way is given up: nobody waits for it any more."""
        asyncio.run_coroutine_threadsafe(self._drop(lambda whose: True), self._loop).result(10)

    def greet(self, owner: str, epoch: str) -> dict[str, float]:
        """Ends what earlier runs of a coordinator left under way; tells which hosts must be left alone, for how many seconds."""
        return asyncio.run_coroutine_threadsafe(self._greet(owner, epoch), self._loop).result(10)

    def do(self, ticket: Ticket) -> Reply:
        """Carries a ticket out; called in a thread, never raises."""
        future = asyncio.run_coroutine_threadsafe(self._do(ticket), self._loop)
        try:
            return future.result(ticket.budget + SLACK)
        except TimeoutError:
            future.cancel()
            return Reply(lost="stuck")
        except Dropped:
            return Reply(lost="stopped")
        except RuntimeError:
            return Reply(lost="stopped")  # the loop has ended

    async def _greet(self, owner: str, epoch: str) -> dict[str, float]:
        if self.epochs.get(owner) != epoch:
            self.epochs[owner] = epoch
            await self._drop(lambda whose: whose[0] == owner and whose[1] != epoch)
        return self._gate.waits()

    async def _drop(self, which: Callable[[tuple[str, str]], bool]) -> None:
        tasks = [task for task, whose in self._running.items() if which(whose)]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)

    async def _do(self, ticket: Ticket) -> Reply:
        if self.epochs.get(ticket.owner) != ticket.epoch:
            return Reply(lost="stale")
        task = asyncio.create_task(self._carry(ticket))
        self._running[task] = (ticket.owner, ticket.epoch)
        try:
            async with asyncio.timeout(ticket.budget):
                reply = await task
        except TimeoutError:
            reply = Reply(lost="stuck")
        except asyncio.CancelledError:
            task.cancel()
            reply = Reply(lost="stopped")
        finally:
            del self._running[task]
        waits = {host: left for host in ticket.hosts if (left := self._gate.wait(host)) > 0}
        return replace(reply, waits=waits)

    async def _carry(self, ticket: Ticket) -> Reply:
        def permit(host: str) -> None:
            if host not in ticket.hosts:
                raise Forbidden(f"a hop leads to {host}", kind="elsewhere", host=host)
            if clock() > ticket.until:
                raise Forbidden(f"too late to ask {host}", kind="late", host=host)

        try:
            if not isinstance(ticket.work, Errand):
                return Reply(await self.workers.examine(ticket.work))
            errand = ticket.work
            if self.proxy is not None and errand.network.proxy is None:
                errand = replace(errand, network=replace(errand.network, proxy=self.proxy))
            return Reply(await carry_out(errand, self._gate, self.workers.examine, permit))
        except Forbidden as error:
            return Reply(lost="elsewhere" if error.kind == "elsewhere" else "late", host=error.host)
        except FetchError as error:
            return Reply(failure=Failure.of(error))
        except asyncio.CancelledError:
            return Reply(lost="stopped")
        except Exception:
            return Reply(bug=traceback.format_exc(limit=12))


_hands: list[Hand] = []
"""This process's hand, while it is a worker."""


def carry(sealed: Sealed) -> Sealed:
    """What Dask calls with a ticket."""
    if not _hands:
        return Sealed(Reply(lost="stopped"))
    return Sealed(_hands[0].do(sealed.open()))


def greet(owner: str, epoch: str) -> dict[str, Any]:
    """What Dask calls to know a worker; plain values, because it may be of another release."""
    told: dict[str, Any] = {**asdict(Stamp.own()), "clock": clock(), "tickets": 0, "waits": {}}
    if _hands:
        hand = _hands[0]
        told |= {"tickets": hand.tickets, "name": hand.name, "waits": hand.greet(owner, epoch), "clock": clock()}
    return told


async def serve(scheduler: Scheduler, *, pages: int, cores: int, name: str, proxy: str | None) -> int:
    """Works for a scheduler until SIGTERM or Ctrl-C, and comes back to it whenever it is lost. Returns the exit status.

    Raises ``ClusterError`` where the extra is missing or the road is open.
    """
    await asyncio.to_thread(check_road, scheduler)
    dask = distributed()
    configure()
    if proxy is not None:
        parse(proxy)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    hand = Hand(name, pages, Processes(cores) if cores > 1 else Workers(), proxy)
    _hands.append(hand)
    await hand.workers.start()
    if cores == 1:
        warm()  # what reading needs is loaded before anybody waits for it
        settle()
    told = False
    try:
        with tempfile.TemporaryDirectory(prefix="watcher-worker-") as folder:
            while not stopping.is_set():
                worker = _worker(dask, scheduler, hand.tickets + SPARE, name, folder)
                try:
                    async with asyncio.timeout(30):
                        await worker
                except (OSError, TimeoutError, RuntimeError) as error:
                    if not told:
                        told = True
                        log.warning("worker.waits", scheduler=str(scheduler), error=type(error).__name__, what=WAITS)
                    await _ended(worker)
                else:
                    told = False
                    log.info(
                        "worker.joined", scheduler=str(scheduler), worker=worker.address, pages=pages, pid=os.getpid()
                    )
                    finished = asyncio.ensure_future(worker.finished())
                    stop = asyncio.ensure_future(stopping.wait())
                    await asyncio.wait({finished, stop}, return_when=asyncio.FIRST_COMPLETED)
                    stop.cancel()
                    await asyncio.to_thread(hand.drop)  # what nobody waits for is not asked of anybody
                    if not stopping.is_set():
                        told = True
                        log.warning("worker.lost", scheduler=str(scheduler), what=WAITS)
                    else:
                        await asyncio.sleep(0.2)  # the answers that work was stopped leave first
                    await _ended(worker)
                    finished.cancel()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), AGAIN)
    finally:
        _hands.clear()
        hand.end()
    log.info("worker.stopped")
    return 0


WAITS = "it goes on trying"


def _worker(dask: Any, scheduler: Scheduler, threads: int, name: str, folder: str) -> Any:
    return dask.Worker(
        scheduler.contact,
        nthreads=threads,
        name=name,
        local_directory=folder,
        memory_limit=0,  # nothing is spilled to disk
        dashboard=False,
        dashboard_address="127.0.0.1:0",
        death_timeout=10,
        security=security(dask, scheduler),
    )


async def _ended(worker: Any) -> None:
    with contextlib.suppress(Exception):
        async with asyncio.timeout(5):
            await worker.close(nanny=False)
