"""Time limits that our own delays do not use up.

A process that is busy comes late to its sockets. When a timer rings then, what it waited for may have been there for long and
nobody has looked: timers ring before sockets are asked. So the end of a limit is followed by some turns of the loop, each of which
looks at the sockets; they are over at once where nothing else is to be done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

TURNS = 12
"""A connection that stands is noticed within three turns, one with TLS takes some more for its handshake."""


@asynccontextmanager
async def within(seconds: float | None) -> AsyncIterator[None]:
    """``asyncio.timeout``, with ``TURNS`` turns of the loop behind its end. Raises ``TimeoutError``; None: no limit."""
    loop = asyncio.get_running_loop()
    timer: asyncio.Handle | None = None

    def over(turns: int) -> None:
        nonlocal timer
        if turns:
            timer = loop.call_soon(over, turns - 1)
        else:
            limit.reschedule(loop.time())

    async with asyncio.timeout(None) as limit:
        if seconds is not None:
            timer = loop.call_later(max(0.0, seconds), over, TURNS)
        try:
            yield
        finally:
            if timer is not None:
                timer.cancel()
