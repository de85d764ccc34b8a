"""A new sources.yaml under a running service: compared in a thread, written in short parts, so that no tick waits for it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Generator
from contextlib import contextmanager

from watcher.pipeline.context import Context
from watcher.settings import Sources
from watcher.store import Store
from watcher.store.wanted import Difference

PART = 500
"""Rows that are written at a time: some milliseconds."""


@contextmanager
def uncollected() -> Generator[None, None, None]:
    """No garbage collection within, and what stands afterwards is never walked again.

    The settings of twenty thousand sources are a million small objects that stay: each full collection of them stops the
    loop for a twentieth of a second. They still go when nobody holds them.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was:
            gc.enable()


async def apply(context: Context, fresh: Sources) -> int:
    """Makes the stored sources those of ``fresh``; returns how many rows that took.

    Cut short anywhere it leaves a database that the next start or file completes. Raises ``store.TROUBLE``.
    """
    found = await asyncio.to_thread(_compared, context, fresh)
    if not found:
        return 0
    now = context.now()
    for part in found.parts(PART):
        context.store.sources.write(part, now)
        await asyncio.sleep(0)
    context.store.sources.settle(now)
    return len(found.documents) + len(found.pages) + len(found.turned)


def _compared(context: Context, fresh: Sources) -> Difference:
    with Store(context.store.path, read_only=True) as beside:
        return beside.sources.difference(fresh)
