"""Which workers there are, which of them can take work, and who waits for one."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal

from watcher.errors import ClusterError
from watcher.pipeline.cluster.values import clock

AMONG = 64
"""Of those who wait, so many are looked at for one whose host a free worker knows."""
State = Literal["new", "ready", "silent", "refused", "gone"]


@dataclass(eq=False, slots=True)
class Far:
    """One worker, as the coordinator knows it."""

    address: str
    name: str = ""
    state: State = "new"
    """``silent``: it missed a deadline; it gets no work until it answers again."""
    slots: int = 0
    """Tickets that it takes at a time."""
    busy: int = 0
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is gone or silent: nobody waits for what it has under way."""
    why: str = ""
    """Why it is ``refused``."""
    blamed: bool = True
    """Whether its loss may be the fault of what it worked on: not where the whole connection was lost."""
    _theirs: float = 0.0
    _ours: float = 0.0

    def heard(self, their_clock: float) -> None:
        """It told its clock in an answer that just came."""
        self._theirs, self._ours = their_clock, clock()

    def heard_before(self, seconds: float) -> bool:
        """Whether its last word is so long ago."""
        return self.state == "ready" and clock() - self._ours > seconds

    def in_their_time(self, seconds: float) -> float:
        """The moment ``seconds`` from now on the worker's clock; early by at most the way of the answer, never late."""
        return self._theirs + (clock() - self._ours) + seconds

    @property
    def free(self) -> int:
        """How much more it can take."""
        return self.slots - self.busy if self.state == "ready" else 0


class Roster:
    """The workers of a cluster; used in one running loop."""

    def __init__(self) -> None:
        self.workers: dict[str, Far] = {}
        self._waiting: deque[tuple[asyncio.Future[None], str | None]] = deque()
        """Who waits, and the worker that knows its host."""

    @property
    def ready(self) -> bool:
        """Whether anybody can be given work, now or as soon as it is done with what it has."""
        return any(far.state == "ready" for far in self.workers.values())

    async def take(self, prefer: str | None = None, avoid: str | None = None, patience: float | None = None) -> Far:
        """A free place at a worker: at ``prefer`` where it has one, at ``avoid`` only where there is no other worker.

        Waits for a place in order; raises ``ClusterError`` where there is no worker at all for ``patience`` seconds.
        """
        while True:
            # Who waited longest goes first; a newcomer goes only where nobody waits.
            far = None if self._waiting else self.free(prefer, avoid)
            if far is None:
                await self._turn(prefer, patience)
                far = self.free(prefer, avoid)
            if far is not None:
                far.busy += 1
                if (other := self.free()) is not None:
                    self.wake(other.address)
                return far

    def free(self, prefer: str | None = None, avoid: str | None = None) -> Far | None:
        """The worker to give the next work to; None where all are busy."""
        able = [far for far in self.workers.values() if far.free > 0]
        if not able:
            return None
        if len(able) > 1:
            able = [far for far in able if far.address != avoid]
        for far in able:
            if far.address == prefer:
                return far
        return max(able, key=lambda far: (far.free / far.slots, far.free))

    def give(self, far: Far) -> None:
        """A place is free again."""
        far.busy -= 1
        self.wake(far.address)

    def wake(self, free: str) -> None:
        """A place is free: of those who waited longest one whose host the worker knows (its robots.txt, its cookies), else the first, looks again."""
        while self._waiting and self._waiting[0][0].done():
            self._waiting.popleft()
        # Who is passed over stays at the head: when only such are left among the first, they go to any worker.
        for at, (turn, prefer) in enumerate(islice(self._waiting, AMONG)):
            if prefer == free and not turn.done():
                del self._waiting[at]
                turn.set_result(None)
                return
        if self._waiting:
            self._waiting.popleft()[0].set_result(None)

    async def _turn(self, prefer: str | None, patience: float | None) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, prefer))
        while True:
            try:
                done, _ = await asyncio.wait({turn}, timeout=patience)
            except asyncio.CancelledError:
                if not turn.done():
                    turn.cancel()
                elif (far := self.free()) is not None:
                    self.wake(far.address)  # it was my turn: let the next one have it
                raise
            if done:
                return
            if not self.ready:
                turn.cancel()
                raise ClusterError("no worker of the cluster can be given work")

    def join(self, address: str) -> Far:
        """A worker that was not there before."""
        far = self.workers[address] = Far(address)
        return far

    def able(self, far: Far, slots: int) -> None:
        """It answered and fits: it gets work."""
        far.state, far.slots = "ready", slots
        if far.lost.is_set():
            far.lost = asyncio.Event()
        for _ in range(slots):
            self.wake(far.address)

    def silent(self, far: Far) -> None:
        """It does not answer: what it has under way is given to others."""
        if far.state == "ready":
            far.state = "silent"
        far.lost.set()

    def leave(self, address: str, *, blamed: bool = True) -> Far | None:
        """It is gone."""
        far = self.workers.pop(address, None)
        if far is not None:
            far.state, far.blamed = "gone", blamed
            far.lost.set()
        return far
