"""``watcher scheduler``: Dask's scheduler without pages, on one address; it hands sealed tickets on and keeps nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

from watcher.errors import ClusterError
from watcher.logs import configure, log
from watcher.pipeline.cluster.road import check_road, distributed, security
from watcher.settings import Scheduler
from watcher.words import tr


async def serve(place: Scheduler) -> int:
    """Listens at ``place`` until SIGTERM or Ctrl-C. Returns the exit status.

    Raises ``ClusterError`` where the extra is missing, the road is open, or the address cannot be had.
    """
    await asyncio.to_thread(check_road, place)
    dask = distributed()
    configure()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    scheduler = _scheduler(dask, place)
    try:
        await scheduler
    except (OSError, RuntimeError, ValueError) as error:
        raise ClusterError(tr(f"不能在 {place} 上监听：{error}", f"{place} cannot be listened on: {error}")) from None
    log.info("scheduler.started", address=str(place), pid=os.getpid())
    try:
        await stopping.wait()
    finally:
        await scheduler.close()
    log.info("scheduler.stopped")
    return 0


def _scheduler(dask: Any, place: Scheduler) -> Any:
    return dask.Scheduler(
        host=place.host,
        port=place.port,
        protocol="tls" if place.tls else "tcp",
        security=security(dask, place),
        dashboard=False,
        dashboard_address="127.0.0.1:0",
    )
