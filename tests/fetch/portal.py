"""A raw HTTP server on loopback whose every byte the test decides: for answers that no good server would give."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

from watcher.settings import Network


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


Answer = bytes | Callable[[Asked, asyncio.StreamWriter], Awaitable[bytes | None]]


def answer(body: bytes | str = b"", status: int = 200, *headers: str) -> bytes:
    """A whole HTTP answer with its length."""
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(data)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + data


def redirect(to: str, status: int = 302, *headers: str) -> bytes:
    return answer(b"", status, f"Location: {to}", *headers)


@dataclass
class Portal:
    """``pages`` by path (query apart); unknown paths answer 404, robots.txt too unless given."""

    pages: dict[str, Answer]
    host: str = "127.0.0.1"
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    keeps: bool = False
    """Keeps connections open even where the client says close."""
    connections: int = 0
    open: int = 0
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def __call__(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, self.host, self.port, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open += 1
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await self._one(reader, writer):
                    pass
        finally:
            self.open -= 1
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        one = Asked(method, path, headers, body, asyncio.get_running_loop().time())
        self.asked.append(one)
        found = self.pages.get(path.partition("?")[0], answer("none", 404))
        data = found if isinstance(found, bytes) else await found(one, writer)
        if data is None:
            return False
        writer.write(data)
        await writer.drain()
        return self.keeps or headers.get("connection", "").lower() != "close"


@contextlib.asynccontextmanager
async def serving(pages: Mapping[str, Answer], host: str = "127.0.0.1") -> AsyncIterator[Portal]:
    """A portal for one test."""
    async with Portal(dict(pages), host) as portal:
        yield portal


def network(portal: Portal | None = None, **changes: object) -> Network:
    """No spacing, no waiting for robots.txt, and only the portal allowed."""
    allowed = (f"{portal.host}:{portal.port}",) if portal else False
    given: dict[str, object] = {"allow_private": allowed, "per_host_delay": 0.0, "robots": False, "retries": 0}
    return Network(**{**given, **changes})  # type: ignore[arg-type]
