"""Hosts are lent to one worker at a time, and rest between: that is how spacing holds over many machines."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager

from watcher.errors import FetchError
from watcher.fetch.politeness import MAX_WAIT
from watcher.words import both

SWEEP = 4096


class _Host:
    __slots__ = ("free_at", "lock", "waiting")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0
        self.waiting = 0


class Leases:
    """Who holds a host is alone at it, over the whole cluster; others queue in order. ``clock`` in seconds, never back."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def hold(self, hosts: Iterable[str]) -> AsyncIterator[None]:
        """Waits until all ``hosts`` are free and rested; always taken in one order, so that nobody waits in a circle.

        Raises ``FetchError`` (``busy``, transient) where one asked to be left alone for longer than a minute.
        """
        mine = [(name, self._host(name)) for name in sorted(set(hosts))]
        for _, host in mine:
            host.waiting += 1
        try:
            async with AsyncExitStack() as stack:
                for name, host in mine:
                    await stack.enter_async_context(host.lock)
                    await self._rested(name, host)
                yield
        finally:
            for _, host in mine:
                host.waiting -= 1

    def rest(self, name: str, seconds: float) -> None:
        """``name`` must not be asked for so long from now on."""
        if seconds > 0:
            host = self._host(name)
            host.free_at = max(host.free_at, self._clock() + seconds)

    async def _rested(self, name: str, host: _Host) -> None:
        while (wait := host.free_at - self._clock()) > 0:
            if wait > MAX_WAIT:
                raise FetchError(
                    both(f"{name} 要求 {wait:.0f} 秒内不要访问", f"{name} is left alone for another {wait:.0f} s"),
                    kind="busy",
                    transient=True,
                    retry_after=wait,
                )
            await self._sleep(wait)

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= SWEEP:
                now = self._clock()
                self._hosts = {known: one for known, one in self._hosts.items() if one.waiting or one.free_at > now}
            host = self._hosts[name] = _Host()
        return host
