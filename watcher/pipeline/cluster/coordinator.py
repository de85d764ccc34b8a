"""The coordinator's side of a cluster: tickets out, replies in, and nothing asked twice before its time.

Each ticket is given to one worker by name, so that Dask never gives it to another one by itself: whether and when it may be
done again is decided here, where it is known until when the first worker may still ask. Three rules make that hold: a host is lent
to one worker at a time; a ticket says until when requests may begin, on the clock of the worker that gets it; where the end of a
ticket is not known (worker lost, deadline missed, scheduler gone), its hosts rest until it has run out.
"""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

from watcher.errors import FetchError
from watcher.fetch.address import parse
from watcher.fetch.gate import MAX_HOPS
from watcher.logs import log
from watcher.pipeline.cluster.connection import Connection, came
from watcher.pipeline.cluster.leases import Leases
from watcher.pipeline.cluster.roster import Far
from watcher.pipeline.cluster.sealed import Sealed
from watcher.pipeline.cluster.values import Reply, Ticket, clock
from watcher.pipeline.cluster.worker import carry
from watcher.pipeline.errands import Brought, Errand
from watcher.pipeline.examine import Examined, Job
from watcher.pipeline.outlook import SILENCE
from watcher.pipeline.workers import Workers
from watcher.settings import Network, Scheduler, Secret
from watcher.words import both

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
SLACK: Final = 2.0
"""Seconds that an answer may take longer than the work: the way there and back."""
ROUTES: Final = 4096
"""Addresses of which it is remembered over which other hosts they lead."""


class Cluster(Workers):
    """Workers of a Dask cluster (``executor: dask://…``).

    ``database`` names this coordinator among others of the cluster. ``patience``: seconds without any worker after which work is given up with
    ``ClusterError``; None waits for ever, as a service does.
    """

    far = True

    def __init__(self, scheduler: Scheduler, database: Path, patience: float | None = None) -> None:
        self.patience = patience
        self.leases = Leases()
        self._owner = blake2b(f"{socket.gethostname()}:{database}".encode(), digest_size=8).hexdigest()
        self._epoch = uuid.uuid4().hex
        self._cluster = Connection(scheduler, self._owner, self._epoch, self.leases, patience)
        self._homes: dict[str, tuple[str, bool]] = {}
        """Which worker went to a host last, and whether it got through."""
        self._routes: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._starting: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str | None:
        """Why nobody works now, in plain words."""
        return self._cluster.trouble

    @property
    def stranded(self) -> float:
        """For how many seconds there has been nobody to work."""
        return 0.0 if self._cluster.since is None else clock() - self._cluster.since

    def room(self, network: Network) -> int:
        """Only workers bound what is on the wire."""
        return ROOM

    async def start(self) -> None:
        """Connects and greets the workers. Raises ``ClusterError`` where nothing can come of it as things are set up; and where nobody
        answers, unless this waits for ever.
        """
        if self._starting is None:
            self._starting = asyncio.create_task(self._cluster.open())
        await asyncio.shield(self._starting)

    def close(self) -> None:
        """Lets go of the cluster; what it was doing is ended by whoever comes next."""
        self._cluster.close()

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
                far = await self._cluster.roster.take(home if well else None, None if well else home, self.patience)
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
            far = await self._cluster.roster.take(patience=self.patience)
            reply = await self._send(far, ticket)
            if reply is not None and isinstance(reply.done, Examined):
                return reply.done
            losses += _blames(reply, far)
        raise RuntimeError(f"{losses} workers were lost or stuck over {job.fetched.url}")

    async def _send(self, far: Far, ticket: Ticket) -> Reply | None:
        """One ticket to one worker, whose place is free again afterwards; None where its end is not known. Raises what is a bug there."""
        future: Future[Sealed] | None = None
        try:
            if self._cluster.executor is None:
                return None
            future = self._cluster.submit(far, carry, Sealed(ticket))
            if not await came(future, far.lost, ticket.budget + SLACK):
                if not far.lost.is_set():
                    log.warning("cluster.worker_silent", worker=far.name, what="its work is given to others")
                    self._cluster.roster.silent(far)
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
            self._cluster.roster.give(far)

    def _led(self, url: str, hosts: frozenset[str]) -> frozenset[str]:
        """An address leads over other hosts: from now on they are borrowed with it."""
        if len(hosts) > MAX_HOPS:
            raise FetchError(both("跳转经过的主机过多", "it redirects over too many hosts"), kind="redirects", url=url)
        self._routes[url] = hosts
        self._routes.move_to_end(url)
        if len(self._routes) > ROUTES:
            self._routes.popitem(last=False)
        return hosts


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
