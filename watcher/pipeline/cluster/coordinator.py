"""The coordinator's side of a cluster: tickets out, replies in, and nothing asked twice before its time.

Each ticket is given to one worker by name, so that Dask never gives it to another one by itself: whether and when it may be
done again is decided here, where it is known until when the first worker may still ask. Three rules make that hold: a host is lent
to one worker at a time; a ticket says until when requests may begin, on the clock of the worker that gets it; where the end of a
ticket is not known (worker lost, deadline missed, scheduler gone), its hosts rest until it has run out.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import uuid
import warnings
from collections import OrderedDict
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from watcher.errors import ClusterError, FetchError
from watcher.fetch.address import parse
from watcher.fetch.gate import MAX_HOPS
from watcher.logs import log
from watcher.pipeline.cluster.leases import Leases
from watcher.pipeline.cluster.road import check_road, distributed, security
from watcher.pipeline.cluster.roster import Far, Roster
from watcher.pipeline.cluster.sealed import Sealed
from watcher.pipeline.cluster.values import Reply, Stamp, Ticket, clock
from watcher.pipeline.cluster.worker import carry, greet
from watcher.pipeline.errands import Brought, Errand
from watcher.pipeline.examine import Examined, Job
from watcher.pipeline.outlook import SILENCE
from watcher.pipeline.workers import Workers
from watcher.settings import Network, Scheduler, Secret
from watcher.words import both, tr

if TYPE_CHECKING:
    from watcher.fetch.gate import Gate

ROOM: Final = 4096
"""Visits under way at a time: most wait for their host or for a worker, and cost nothing."""
TRIES: Final = 12
"""Times that a page is given away in all before it has to wait for its next check."""
LOSSES: Final = 3
"""Workers that may be lost over one page before the page is held to be the reason."""
EXAMINE: Final = 180.0
"""Seconds that reading bytes may take: large files have time limits of their own."""
LOOK: Final = 0.5
"""Seconds between two looks at the connection and at the workers."""
CONNECT: Final = 4.0
SLACK: Final = 2.0
"""Seconds that an answer may take longer than the work: the way there and back."""
GREET: Final = 10.0
"""Seconds that a worker has to answer a greeting."""
REFRESH: Final = 60.0
"""Seconds after which a worker is greeted again: clocks drift apart."""
MEANWHILE: Final = "nothing is fetched until it is back; what is due stays due"
ROUTES: Final = 4096
"""Addresses of which it is remembered over which other hosts they lead."""


class Cluster(Workers):
    """Workers of a Dask cluster (``executor: dask://…``).

    ``database`` names this coordinator among others of the cluster. ``patience``: seconds without any worker after which work is given up with
    ``ClusterError``; None waits for ever, as a service does.
    """

    far = True

    def __init__(self, scheduler: Scheduler, database: Path, patience: float | None = None) -> None:
        self.scheduler = scheduler
        self.patience = patience
        self.roster = Roster()
        self.leases = Leases()
        self.trouble: str | None = None
        self._since: float | None = None
        self._dask = distributed()
        self._stamp = Stamp.own()
        self._owner = blake2b(f"{socket.gethostname()}:{database}".encode(), digest_size=8).hexdigest()
        self._epoch = uuid.uuid4().hex
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="cluster")
        self._client: Any = None
        self._executor: Executor | None = None
        self._homes: dict[str, tuple[str, bool]] = {}
        """Which worker went to a host last, and whether it got through."""
        self._routes: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._greetings: dict[str, asyncio.Task[None]] = {}
        self._starting: asyncio.Task[None] | None = None
        self._minder: asyncio.Task[None] | None = None

    @property
    def stranded(self) -> float:  # type: ignore[override]  # a property here, a constant in general
        """For how many seconds there has been nobody to work."""
        return 0.0 if self._since is None else clock() - self._since

    def room(self, network: Network) -> int:
        """Only workers bound what is on the wire."""
        return ROOM

    async def start(self) -> None:
        """Connects and greets the workers. Raises ``ClusterError`` where nothing can come of it as things are set up; and where nobody
        answers, unless this waits for ever.
        """
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        await asyncio.shield(self._starting)

    async def _start(self) -> None:
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

    async def go(self, errand: Errand, gate: Gate | None) -> Brought:
        """Sends an errand to a worker, again and again where workers are lost. Raises ``FetchError``, ``ClusterError``."""
        await self.start()
        host = parse(errand.url).host
        network = _revealed(errand.network)
        ticket = Ticket(replace(errand, network=network), self._owner, self._epoch)
        begin_within = network.timeout + 2 * network.per_host_delay
        losses = tries = 0
        hosts = self._routes.get(errand.url, frozenset()) | {host}
        while True:
            async with self.leases.hold(hosts):
                home, well = self._homes.get(host, ("", True))
                far = await self.roster.take(home if well else None, None if well else home, self.patience)
                until = clock() + begin_within
                reply = await self._send(
                    far,
                    replace(
                        ticket,
                        hosts=hosts,
                        until=far.in_their_time(begin_within),
                        budget=begin_within + 2 * network.timeout,
                    ),
                )
                for one in hosts:
                    known = reply is not None and reply.lost != "stuck"
                    self.leases.rest(
                        one, reply.waits.get(one, 0.0) if known and reply else until - clock() + network.per_host_delay
                    )
            if isinstance(done := reply.done if reply is not None else None, Brought):
                self._homes[host] = (far.address, True)
                return done
            if reply is not None and reply.failure is not None:
                # Another worker has another way out: next time it is another one's turn.
                self._homes[host] = (far.address, reply.failure.kind not in SILENCE)
                raise reply.failure.error()
            if reply is not None and reply.lost == "elsewhere":
                hosts = self._led(errand.url, hosts | {reply.host})
                continue
            losses += _blames(reply, far)
            tries += 1
            if losses >= LOSSES or tries >= TRIES:
                raise FetchError(
                    both(f"交给工作进程 {tries} 次，都没有做成", f"{tries} workers were lost, stuck or late with it"),
                    kind="worker",
                    url=errand.url,
                    transient=True,
                )

    async def examine(self, job: Job) -> Examined:
        """``examine`` on a worker. Raises ``ClusterError``; ``RuntimeError`` where it is a page that no worker survives."""
        await self.start()
        ticket = Ticket(job, self._owner, self._epoch, budget=EXAMINE)
        losses = 0
        while losses < LOSSES:
            far = await self.roster.take(patience=self.patience)
            reply = await self._send(far, ticket)
            if reply is not None and isinstance(reply.done, Examined):
                return reply.done
            losses += _blames(reply, far)
        raise RuntimeError(f"{losses} workers were lost or stuck over {job.fetched.url}")

    async def _send(self, far: Far, ticket: Ticket) -> Reply | None:
        """One ticket to one worker, whose place is free again afterwards; None where its end is not known. Raises what is a bug there."""
        future: Future[Sealed] | None = None
        try:
            if self._executor is None:
                return None
            future = self._submit(far, carry, Sealed(ticket))
            if not await _came(future, far.lost, ticket.budget + SLACK):
                if not far.lost.is_set():
                    log.warning("cluster.worker_silent", worker=far.name, what="its work is given to others")
                    self.roster.silent(far)
                return None
            if future.cancelled() or future.exception() is not None:
                return None
            reply = future.result().open()
            if not isinstance(reply, Reply):
                return None
            if reply.bug:
                raise RuntimeError(f"on worker {far.name}: {reply.bug}")
            return reply
        finally:
            if future is not None and not future.done():
                future.cancel()
            self.roster.give(far)

    def _submit(self, far: Far, work: Any, *given: Any) -> Future[Any]:
        assert self._executor is not None
        # The key says nothing of what is done; nobody but this one worker may do it.
        named = {"key": f"{work.__name__}-{uuid.uuid4().hex}", "workers": [far.address], "pure": False}
        return self._executor.submit(work, *given, **named)

    def _led(self, url: str, hosts: frozenset[str]) -> frozenset[str]:
        """An address leads over other hosts: from now on they are borrowed with it."""
        if len(hosts) > MAX_HOPS:
            raise FetchError(both("跳转经过的主机过多", "it redirects over too many hosts"), kind="redirects", url=url)
        self._routes[url] = hosts
        self._routes.move_to_end(url)
        if len(self._routes) > ROUTES:
            self._routes.popitem(last=False)
        return hosts

    # The connection, and who is there.

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
        self._executor = self._client.get_executor(retries=0, allow_other_workers=False)
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
        client, self._client, self._executor = self._client, None, None
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
        if self._executor is None:
            return
        silent = False
        future = self._submit(far, greet, self._owner, self._epoch)
        try:
            while not await _came(future, far.lost if far.state == "ready" else None, GREET):
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
                log.error(
                    "cluster.lost", error=trouble, what="nothing is fetched until it is back; what is due stays due"
                )
            else:
                log.info("cluster.back", workers=len(self.roster.workers))
        if (trouble is None) != (self._since is None):
            self._since = None if trouble is None else clock()
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


async def _came(future: Future[Any], lost: asyncio.Event | None, seconds: float) -> bool:
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


def _blames(reply: Reply | None, far: Far) -> int:
    """1 where work was lost in a way that may be its own fault: a page can kill or hold up whoever reads it."""
    if reply is None:
        return int(far.blamed)
    return int(reply.lost == "stuck")


def _revealed(network: Network) -> Network:
    """Credentials are read here, and travel in memory: workers have none of their own."""
    if isinstance(network.proxy, Secret):
        network = replace(network, proxy=network.proxy.reveal())
    if any(isinstance(value, Secret) for value in network.headers.values()):
        plain = {
            name: value.reveal() if isinstance(value, Secret) else value for name, value in network.headers.items()
        }
        network = replace(network, headers=plain)
    return network


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
