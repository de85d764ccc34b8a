"""How often a host is asked: one request at a time, spaced, with jitter; and how long to wait before another try."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext

from watcher.errors import FetchError
from watcher.words import both

JITTER = 0.25
"""Share of the delay by which a request may come later, never earlier."""
MAX_WAIT = 60.0
"""Seconds that a request waits for a host that asked to be left alone; beyond, the caller is told to come back."""
BACKOFF = 0.5
RETRIED = frozenset({429, 502, 503, 504})
SWEEP = 1024
SLOW = 3.0
"""Seconds on the wire from which a host counts as slow, until it answers faster."""
MANY = 100_000

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
Random = Callable[[], float]


def backoff(attempt: int, random: Random) -> float:
    """Seconds before another try: 0.5, 1, 2, … (``attempt`` counts from 0) and up to half as much again."""
    return float(BACKOFF * 2 ** min(attempt, 6) * (1 + random() / 2))


class Host:
    """One host's turn; whoever holds it may raise ``delay`` (seconds until the next turn)."""

    __slots__ = ("asked_until", "delay", "free_at", "lock", "waiting")

    def __init__(self) -> None:
        self.delay = 0.0
        self.lock = asyncio.Lock()
        self.free_at = 0.0
        self.asked_until = 0.0
        self.waiting = 0


class Turns:
    """Turns at hosts. Whoever holds a host's turn is alone at it; others queue in order."""

    def __init__(self, clock: Clock, sleep: Sleep, random: Random) -> None:
        self._clock = clock
        self._sleep = sleep
        self._random = random
        self._hosts: dict[str, Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, name: str, delay: float) -> AsyncIterator[Host]:
        """Waits until ``name`` is free and ``delay`` seconds (jitter on top) have passed since its last answer.

        Raises ``FetchError`` (``busy``, transient) when the host asked to be left alone for longer than a minute.
        """
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= SWEEP:
                self._sweep()
            host = self._hosts[name] = Host()
        host.waiting += 1
        try:
            async with host.lock:
                if delay > 0 or host.free_at or host.asked_until:
                    await self._space(name, host)
                host.delay = delay
                try:
                    yield host
                finally:
                    if host.delay > 0:
                        host.free_at = self._clock() + host.delay * (1 + JITTER * self._random())
        finally:
            host.waiting -= 1

    async def _space(self, name: str, host: Host) -> None:
        asked = host.asked_until - self._clock()
        if asked > MAX_WAIT:
            raise FetchError(
                both(
                    f"{name} 要求 {asked:.0f} 秒内不要访问", f"{name} asked to be left alone for another {asked:.0f} s"
                ),
                kind="busy",
                transient=True,
                retry_after=asked,
            )
        wait = max(asked, host.free_at - self._clock())
        if wait > 0:
            await self._sleep(wait)

    def leave_alone(self, name: str, seconds: float) -> None:
        """The host asked for a pause (Retry-After): nobody asks it before."""
        host = self._hosts.get(name)
        if host is not None:
            host.asked_until = max(host.asked_until, self._clock() + seconds)

    def wait(self, name: str) -> float:
        """Seconds until ``name`` may be asked again: 0 where nothing stands against it."""
        host = self._hosts.get(name)
        return 0.0 if host is None else max(0.0, max(host.free_at, host.asked_until) - self._clock())

    def waits(self) -> dict[str, float]:
        """Every host that must be left alone for now, and for how many seconds."""
        return {name: left for name in self._hosts if (left := self.wait(name)) > 0}

    def _sweep(self) -> None:
        now = self._clock()
        for name, host in list(self._hosts.items()):
            if not host.waiting and host.free_at <= now and host.asked_until <= now:
                del self._hosts[name]


class _Places:
    """A semaphore with two queues: whoever goes ahead comes before all others."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._ahead: deque[asyncio.Future[None]] = deque()
        self._queue: deque[asyncio.Future[None]] = deque()

    async def take(self, ahead: bool) -> None:
        if self._free > 0:
            self._free -= 1
            return
        waiting = asyncio.get_running_loop().create_future()
        (self._ahead if ahead else self._queue).append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self.give()  # it was ours already
            raise

    def give(self) -> None:
        for queue in (self._ahead, self._queue):
            while queue:
                waiting = queue.popleft()
                if not waiting.done():
                    waiting.set_result(None)
                    return
        self._free += 1


class Slots:
    """What may be on the wire at a time. Hosts that were slow last time hold at most half of it together: however many
    they are, the quick ones pass.
    """

    def __init__(self, count: int, clock: Clock) -> None:
        self._clock = clock
        self._all = _Places(max(1, count))
        self._for_slow = asyncio.Semaphore(max(1, count // 2))
        self._slow: set[str] = set()

    @asynccontextmanager
    async def slot(self, name: str, ahead: bool = False) -> AsyncIterator[None]:
        """Waits for a slot for one request to ``name``; with ``ahead`` before those who wait without it."""
        async with self._for_slow if name in self._slow else nullcontext():
            await self._all.take(ahead)
            begun = self._clock()
            try:
                yield
            finally:
                self._all.give()
                if self._clock() - begun < SLOW:
                    self._slow.discard(name)
                else:
                    if len(self._slow) >= MANY:  # redirects may lead anywhere: this must not grow for ever
                        self._slow.clear()
                    self._slow.add(name)
