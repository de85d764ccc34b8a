"""SOCKS proxies: what they are asked for, what they are never asked for, and what their refusals mean."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.fetch.portal import answer, network
from tests.fetch.test_gate import Names
from tests.fetch.test_tls import certificate, secure
from watcher.errors import ConfigError, FetchError, Refused
from watcher.fetch import transport
from watcher.fetch.gate import Gate


class Socks:
    """A SOCKS 5 and 4 server on loopback: everything that it is asked for leads to one port here, or is refused with ``reply``."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.asked: list[tuple[str, int]] = []
        self.users: list[tuple[str, str]] = []
        self.demands_user = False
        self.reply = 0
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.readexactly(1)) == b"\x04":
            await self._four(reader, writer)
        else:
            await self._five(reader, writer)

    async def _four(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, port, raw = struct.unpack("!BH4s", await reader.readexactly(7))
        await reader.readuntil(b"\0")
        host = socket.inet_ntoa(raw)
        if raw[:3] == b"\0\0\0":
            host = (await reader.readuntil(b"\0"))[:-1].decode()
        self.asked.append((host, port))
        writer.write(b"\0" + bytes([90 if not self.reply else 91]) + b"\0" * 6)
        if not self.reply:
            await self._join(reader, writer)

    async def _five(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x05\x02" if self.demands_user else b"\x05\x00")
        if self.demands_user:
            await reader.readexactly(1)
            user = await reader.readexactly((await reader.readexactly(1))[0])
            word = await reader.readexactly((await reader.readexactly(1))[0])
            self.users.append((user.decode(), word.decode()))
            writer.write(b"\x01\x00" if word == b"pw" else b"\x01\x01")
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            raw = await reader.readexactly(4 if kind == 1 else 16)
            host = socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, raw)
        self.asked.append((host, struct.unpack("!H", await reader.readexactly(2))[0]))
        writer.write(bytes([5, self.reply, 0, 1, 0, 0, 0, 0, 0, 0]))
        if not self.reply:
            await self._join(reader, writer)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.to)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while piece := await source.read(65536):
                    sink.write(piece)
                    await sink.drain()
            sink.close()

        try:
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
        finally:
            far_writer.close()


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    """A server whose connections end with it."""
    tasks: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        writers.append(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            with contextlib.suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def socks(to: int) -> AsyncIterator[Socks]:
    proxy = Socks(to)
    async with listening(proxy.serve) as proxy.port:
        yield proxy


def page() -> AbstractAsyncContextManager[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(answer("by socks"))
            await writer.drain()

    return listening(serve)


@pytest.mark.parametrize("kind", ["socks5", "socks4"])
async def test_names_are_resolved_and_checked_here_and_the_proxy_is_given_the_address(kind: str) -> None:
    names = Names(["8.8.8.8"])
    async with (
        page() as port,
        socks(port) as proxy,
        Gate(network(proxy=f"{kind}://127.0.0.1:{proxy.port}"), lookup=names) as gate,
    ):
        assert (await gate.fetch("http://portal.test/a")).body == b"by socks"
        assert (await gate.fetch("http://portal.test:8080/a")).body == b"by socks"
        assert proxy.asked == [("8.8.8.8", 80), ("8.8.8.8", 8080)]
        for inside in ("10.0.0.1", "127.0.0.1", "::ffff:10.0.0.1", "fd00::1"):
            names.answers = [[inside]]
            with pytest.raises(Refused):
                await gate.fetch(f"http://n{inside.replace('.', '-').replace(':', '-')}.test/a")
            with pytest.raises(Refused):
                await gate.fetch(f"http://{f'[{inside}]' if ':' in inside else inside}/a")
        names.answers = [[]]
        with pytest.raises(FetchError) as caught:
            await gate.fetch("http://unknown.test/a")
        assert caught.value.kind == "dns"
    assert len(proxy.asked) == 2, "what is refused is never asked of the proxy"


async def test_an_answer_that_changes_between_check_and_connect_changes_nothing() -> None:
    names = Names(["8.8.8.8"], ["10.0.0.1"])
    async with (
        page() as port,
        socks(port) as proxy,
        Gate(network(proxy=f"socks5://127.0.0.1:{proxy.port}"), lookup=names) as gate,
    ):
        with contextlib.suppress(Refused):
            await gate.fetch("http://portal.test/a")
    assert {host for host, _ in proxy.asked} <= {"8.8.8.8"}


@pytest.mark.parametrize("kind", ["socks5h", "socks4a"])
async def test_a_name_that_only_the_proxy_knows_is_given_to_it(kind: str) -> None:
    names = Names([])
    async with (
        page() as port,
        socks(port) as proxy,
        Gate(network(proxy=f"{kind}://127.0.0.1:{proxy.port}"), lookup=names) as gate,
    ):
        assert (await gate.fetch("http://portal.test/a")).body == b"by socks"
        assert proxy.asked == [("portal.test", 80)]
        names.answers = [["10.0.0.1"]]
        with pytest.raises(Refused):
            await gate.fetch("http://inside.test/a")
    assert len(proxy.asked) == 1


async def test_user_and_password_go_to_the_proxy_and_into_no_message() -> None:
    async with page() as port, socks(port) as proxy:
        proxy.demands_user = True
        at = f"127.0.0.1:{proxy.port}"
        async with Gate(network(proxy=f"socks5://me:pw@{at}"), lookup=Names(["8.8.8.8"])) as gate:
            assert (await gate.fetch("http://portal.test/a")).body == b"by socks"
        async with Gate(network(proxy=f"socks5://me:hunter2@{at}"), lookup=Names(["8.8.8.8"])) as gate:
            with pytest.raises(FetchError) as caught:
                await gate.fetch("http://portal.test/a")
    assert proxy.users == [("me", "pw"), ("me", "hunter2")]
    assert (caught.value.kind, caught.value.transient) == ("connect", False)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("reply", "transient"), [(1, False), (2, False), (3, True), (4, True), (5, True), (6, True), (8, False)]
)
async def test_a_refusal_of_the_proxy_is_told_apart_from_a_host_that_is_away(reply: int, transient: bool) -> None:
    async with (
        socks(1) as proxy,
        Gate(network(proxy=f"socks5://127.0.0.1:{proxy.port}"), lookup=Names(["8.8.8.8"])) as gate,
    ):
        proxy.reply = reply
        with pytest.raises(FetchError) as caught:
            await gate.fetch("http://portal.test/a")
    assert (caught.value.kind, caught.value.transient) == ("connect", transient)
    assert "portal.test" in str(caught.value)


async def test_a_proxy_that_is_away_or_silent_is_told() -> None:
    async with Gate(network(proxy="socks5://127.0.0.1:9"), lookup=Names(["8.8.8.8"])) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch("http://portal.test/a")
    assert (caught.value.kind, caught.value.transient) == ("connect", True)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with (
        listening(silent) as port,
        Gate(network(proxy=f"socks5://127.0.0.1:{port}", connect_timeout=0.2), lookup=Names(["8.8.8.8"])) as gate,
    ):
        with pytest.raises(FetchError) as caught:
            await gate.fetch("http://portal.test/a")
    assert (caught.value.kind, caught.value.transient) == ("timeout", True)


@pytest.mark.parametrize("kind", ["socks5", "socks5h"])
async def test_certificates_are_checked_for_the_name_behind_the_proxy(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = certificate(tmp_path, 2048)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    transport.tls.cache_clear()
    async with secure(file) as origin:
        port = int(origin.rstrip("/").rpartition(":")[2])
        async with (
            socks(port) as proxy,
            Gate(network(proxy=f"{kind}://127.0.0.1:{proxy.port}"), lookup=Names(["8.8.8.8"])) as gate,
        ):
            assert (await gate.fetch("https://portal.test/a")).status == 200
            with pytest.raises(FetchError) as caught:
                await gate.fetch("https://other.test/a")
    transport.tls.cache_clear()
    assert caught.value.kind == "tls"


@pytest.mark.parametrize("proxy", ["socks5://:1080", "socks5://127.0.0.1:99999"])
async def test_a_proxy_that_is_no_address_is_a_mistake_in_the_settings(proxy: str) -> None:
    async with Gate(network(proxy=proxy), lookup=Names(["8.8.8.8"])) as gate:
        with pytest.raises(ConfigError, match="proxy"):
            await gate.fetch("http://portal.test/a")
