"""The coordinator's connection to a cluster: who is there, who may work, and in plain words why nobody does."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
import warnings
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from watcher.errors import ClusterError
from watcher.logs import log
from watcher.pipeline.cluster.leases import Leases
from watcher.pipeline.cluster.road import check_road, distributed, security
from watcher.pipeline.cluster.roster import Far, Roster
from watcher.pipeline.cluster.values import Stamp, clock
from watcher.pipeline.cluster.worker import greet
from watcher.settings import Scheduler
from watcher.words import tr

LOOK: Final = 0.5
"""Seconds between two looks at the connection and at the workers."""
CONNECT: Final = 4.0
GREET: Final = 10.0
"""Seconds that a worker has to answer a greeting."""
REFRESH: Final = 60.0
"""Seconds after which a worker is greeted again: clocks drift apart."""
MEANWHILE: Final = "nothing is fetched until it is back; what is due stays due"


class Connection:
    """To a Dask scheduler (``dask://…``) and the workers behind it. ``owner`` and ``epoch`` say to them whose it is; ``patience`` as for
    ``Cluster``; what workers tell of hosts goes into ``leases``.
    """

    def __init__(
        self, scheduler: Scheduler, owner: str, epoch: str, leases: Leases, patience: float | None = None
    ) -> None:
        self.scheduler = scheduler
        self.owner = owner
        self.epoch = epoch
        self.leases = leases
        self.patience = patience
        self.roster = Roster()
        self.executor: Executor | None = None
        """``concurrent.futures``' way to give work away; None while there is no connection."""
        self.trouble: str | None = None
        """Why nobody works now, in plain words."""
        self.since: float | None = None
        """Since when nobody has, on ``values.clock``."""
        self._dask = distributed()
        self._stamp = Stamp.own()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="cluster")
        self._client: Any = None
        self._greetings: dict[str, asyncio.Task[None]] = {}
        self._minder: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connects, greets the workers, and minds them from then on. Raises ``ClusterError`` where nothing can come of it as things are
        set up; and where nobody answers, unless this waits for ever.
        """
        await asyncio.to_thread(check_road, self.scheduler)
        security(self._dask, self.scheduler)
        await self._look()
        if self._greetings:
            await asyncio.wait(self._greetings.values(), timeout=GREET)
        self._judge()
        refused = any(far.state == "refused" for far in self.roster.workers.values())
        if self.trouble and (refused or (self.patience is not None and self._client is None)):
            self.close()
            raise ClusterError(self.trouble)
        if self.trouble:
            log.error("cluster.lost", error=self.trouble, what=MEANWHILE)
        self._minder = asyncio.create_task(self._mind())

    def close(self) -> None:
        """Lets go of the cluster; what it was doing is ended by whoever comes next."""
        if self._minder is not None and not self._minder.get_loop().is_closed():
            self._minder.cancel()
        self._disconnected()
        self._threads.shutdown(wait=True, cancel_futures=True)

    def submit(self, far: Far, work: Any, *given: Any) -> Future[Any]:
        """Gives work to one worker. Only while there is a connection."""
        assert self.executor is not None
        # The key says nothing of what is done; nobody but this one worker may do it.
        named = {"key": f"{work.__name__}-{uuid.uuid4().hex}", "workers": [far.address], "pure": False}
        return self.executor.submit(work, *given, **named)

    async def _mind(self) -> None:
        pause = LOOK
        while True:
            await asyncio.sleep(pause)
            pause = LOOK
            try:
                await self._look()
            except ClusterError as error:
                self._disconnected()
                self._say(str(error))
                pause = CONNECT
            except Exception:
                log.exception("cluster.bug")
                self._disconnected()
                pause = CONNECT
            else:
                self._judge()

    async def _look(self) -> None:
        """Connects where there is no connection; greets workers that are new or silent. Raises ``ClusterError``: another release."""
        if self._client is not None and self._client.status != "running":
            self._disconnected()
            self._say(_unreachable(self.scheduler, ConnectionError()))
        if self._client is None and not await self._connect():
            return
        try:
            there = await asyncio.get_running_loop().run_in_executor(self._threads, _present, self._client)
        except (OSError, TimeoutError) as error:
            self._disconnected()
            self._say(_unreachable(self.scheduler, error))
            return
        for gone in self.roster.workers.keys() - there:
            if (far := self.roster.leave(gone)) is not None:
                log.warning(
                    "cluster.worker_lost", worker=far.name or far.address, what="its work is done again by others"
                )
        for address in there:
            far = self.roster.workers.get(address) or self.roster.join(address)
            if address not in self._greetings and (far.state in ("new", "silent") or far.heard_before(REFRESH)):
                task = self._greetings[address] = asyncio.create_task(self._greet(far))
                task.add_done_callback(partial(self._greeted, address))

    def _greeted(self, address: str, task: asyncio.Task[None]) -> None:
        self._greetings.pop(address, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("cluster.bug", error=f"{type(error).__name__}: {error}")

    async def _connect(self) -> bool:
        loop = asyncio.get_running_loop()
        try:
            self._client = await loop.run_in_executor(self._threads, self._open)
            told = await loop.run_in_executor(self._threads, self._client.run_on_scheduler, stamp)
        except (OSError, TimeoutError, ValueError) as error:
            self._disconnected()
            self._say(_unreachable(self.scheduler, error))
            return False
        except (ImportError, AttributeError) as error:
            raise ClusterError(_other(str(self.scheduler), f"watcher cannot be imported there ({error})")) from None
        if why := self._stamp.differs(Stamp.of(told)):
            raise ClusterError(_other(tr(f"调度器 {self.scheduler}", f"the scheduler {self.scheduler}"), why))
        # ``concurrent.futures.Executor``, as a process pool is one.
        self.executor = self._client.get_executor(retries=0, allow_other_workers=False)
        return True

    def _open(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions that differ: they are compared by us, and refused
            return self._dask.Client(
                self.scheduler.contact,
                timeout=CONNECT,
                set_as_default=False,
                security=security(self._dask, self.scheduler),
                name="watcher",
            )

    def _disconnected(self) -> None:
        """All that is under way is lost."""
        client, self._client, self.executor = self._client, None, None
        for task in list(self._greetings.values()):
            if not task.get_loop().is_closed():
                task.cancel()
        for address in list(self.roster.workers):
            self.roster.leave(address, blamed=False)
        if client is not None:
            with contextlib.suppress(RuntimeError):
                self._threads.submit(_closed, client)

    async def _greet(self, far: Far) -> None:
        """Asks a worker who it is. One that does not answer gets no work, and is waited for."""
        if self.executor is None:
            return
        silent = False
        future = self.submit(far, greet, self.owner, self.epoch)
        try:
            while not await came(future, far.lost if far.state == "ready" else None, GREET):
                if far.state == "gone":
                    return
                if not silent:
                    silent = True
                    log.warning(
                        "cluster.worker_silent", worker=far.name or far.address, what="it gets no work until it answers"
                    )
                    self.roster.silent(far)
            if future.cancelled():
                return
            if (error := future.exception()) is not None:
                self._refuse(far, f"watcher cannot be imported there ({type(error).__name__}: {error})")
                return
            told: dict[str, Any] = future.result()
        finally:
            future.cancel()
        far.name = str(told.get("name") or far.address)
        if why := self._stamp.differs(Stamp.of(told)):
            self._refuse(far, why)
            return
        if not told.get("tickets"):
            self._refuse(far, tr("它不是用 watcher worker 启动的", "it was not started with watcher worker"))
            return
        for host, seconds in told["waits"].items():
            self.leases.rest(host, seconds)
        far.heard(told["clock"])
        if far.state in ("new", "silent"):
            log.info("cluster.worker_ready", worker=far.name, address=far.address, tickets=told["tickets"])
            self.roster.able(far, told["tickets"])
            self._judge()

    def _refuse(self, far: Far, why: str) -> None:
        if far.state == "refused":
            return
        far.state, far.why = "refused", why
        log.error("cluster.worker_refused", worker=far.name or far.address, why=why, what="it gets no work")

    def _judge(self) -> None:
        """Whether there is anybody to work, and why not."""
        if self.roster.ready:
            self._say(None)
        elif self._client is not None:
            refused = [far for far in self.roster.workers.values() if far.state == "refused"]
            if refused:
                self._say(
                    _other(
                        tr(
                            f"工作进程 {refused[0].name or refused[0].address}",
                            f"the worker {refused[0].name or refused[0].address}",
                        ),
                        refused[0].why,
                    )
                )
            else:
                self._say(
                    tr(
                        f"{self.scheduler} 上没有可用的工作进程；请在工作机上运行 watcher worker {self.scheduler}",
                        f"no worker of {self.scheduler} answers; run watcher worker {self.scheduler} on a machine",
                    )
                )

    def _say(self, trouble: str | None) -> None:
        if (trouble is None) != (self.trouble is None) and self._minder is not None:
            if trouble is not None:
                log.error("cluster.lost", error=trouble, what=MEANWHILE)
            else:
                log.info("cluster.back", workers=len(self.roster.workers))
        if (trouble is None) != (self.since is None):
            self.since = None if trouble is None else clock()
        self.trouble = trouble


def stamp() -> dict[str, Any]:
    """What the scheduler tells of itself."""
    return asdict(Stamp.own())


def _present(client: Any) -> set[str]:
    """The addresses of the workers; asked anew, because what the client keeps leaves them out."""
    return set(client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=CONNECT)["workers"])


def _closed(client: Any) -> None:
    with contextlib.suppress(Exception):
        client.close(timeout=2)


async def came(future: Future[Any], lost: asyncio.Event | None, seconds: float) -> bool:
    """Whether an answer came, before its worker was lost and before the time was up."""
    loop = asyncio.get_running_loop()
    came = asyncio.Event()

    def tell(_: Future[Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            loop.call_soon_threadsafe(came.set)

    future.add_done_callback(tell)
    waits = {asyncio.ensure_future(event.wait()) for event in (came, lost) if event is not None}
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waits:
            one.cancel()
    return came.is_set()


def _unreachable(scheduler: Scheduler, error: Exception) -> str:
    return tr(
        f"连不上调度器 {scheduler}（{type(error).__name__}）；请检查它是否在运行（watcher scheduler）、网络与防火墙",
        f"the scheduler {scheduler} cannot be reached ({type(error).__name__}); check that it runs (watcher scheduler), the network and firewalls",
    )


def _other(who: str, why: str) -> str:
    return tr(
        f"{who} 与本机版本不同：{why}。请在所有机器上安装同一版本的 watcher[cluster]（同一个 Python 小版本）后重启它",
        f"{who} is not of the same release as this machine: {why}. Install the same watcher[cluster] under the same Python minor "
        "version everywhere, and start it again",
    )
