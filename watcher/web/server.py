"""The page's server: bound before it is announced, in the loop of who starts it, without signal handlers of its own."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Generator
from pathlib import Path

import uvicorn

from watcher.errors import ConfigError
from watcher.settings import Sources
from watcher.store import Store
from watcher.web.access import keys_of
from watcher.web.app import application
from watcher.web.site import Site
from watcher.words import system, told, tr

GRACE = 3
"""Seconds that running requests get at the end."""


class _Quiet(uvicorn.Server):
    """Leaves signals to the service."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Nothing is captured."""
        yield


class PageServer:
    """The page of one database; ``watcher run`` holds one."""

    def __init__(self, sources: Sources, database: Path, *, read_only: bool = False) -> None:
        self.sources = sources
        self.site = Site(sources, database, read_only=read_only)
        self.address = ""
        """``http://host:port/``, once it has started."""
        self._server: _Quiet | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listens. Raises ``ConfigError`` when the address cannot be used, or is open to others without a secret."""
        web = self.sources.web
        keys = keys_of(web)
        listening = _bind(web.host, web.port)
        host, port = web.host, listening.getsockname()[1]
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        config = uvicorn.Config(
            application(self.site, keys),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=False,
            limit_concurrency=256,
            h11_max_incomplete_event_size=32_768,
            timeout_graceful_shutdown=GRACE,
        )
        self._server = _Quiet(config)
        self._task = asyncio.create_task(self._server.serve([listening]))
        while not self._server.started:  # uvicorn offers nothing to wait for
            if self._task.done():
                await self._task
                raise ConfigError(
                    tr(
                        f"settings: web: 网页没能在 {self.address} 启动",
                        f"settings: web: the page could not start on {self.address}",
                    )
                )
            await asyncio.sleep(0.005)

    def apply(self, sources: Sources) -> None:
        """Other settings from the next request on; address and secrets stay as they were at the start."""
        self.sources = self.site.sources = sources

    async def stop(self) -> None:
        """Ends: no new request, running ones get a grace time."""
        if self._server is None or self._task is None:
            return
        self._server.should_exit = True
        await self._task
        self._server = self._task = None


def _bind(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_ADDRCONFIG
        )[0]
        # Named as TCP, since asyncio switches Nagle's waiting (40 ms an answer) off only where it reads that name.
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError as error:
        said = told(system(error))
        raise ConfigError(
            tr(
                f"settings: web: host {host} 不是本机的地址（{said}）",
                f"settings: web: host {host} is no address of this machine ({said})",
            )
        ) from None
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(place)
        found.listen(256)
        found.setblocking(False)
    except OSError as error:
        found.close()
        said = told(system(error))
        raise ConfigError(
            tr(
                f"settings: web: 网页不能监听 {host}:{port}（{said}）；也许已有一个 watcher 在运行，或换一个 port",
                f"settings: web: the page cannot listen on {host}:{port} ({said}); another watcher may be running, or set another port",
            )
        ) from None
    return found


async def serve_page(sources: Sources) -> int:
    """``watcher web``: the page alone, read-only, until SIGTERM or Ctrl-C. Returns the exit status."""
    Store(sources.database, read_only=True).close()
    server = PageServer(sources, sources.database, read_only=True)
    await server.start()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    print(server.address, flush=True)
    await stopping.wait()
    await server.stop()
    return 0
