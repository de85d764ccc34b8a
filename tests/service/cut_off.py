"""The service in a network of its own that is really cut: ``python -m tests.service.cut_off network|dns FOLDER``.

To be run by root in a new network and mount namespace (``unshare --net --mount``): the loopback interface is taken down, or the
name server is stopped, for an hour of the service's clock. Prints what was seen as JSON.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import cast

import pytest
import structlog

from tests.service.site import running

HOSTS = 7


class NameServer(asyncio.DatagramProtocol):
    """Says of every name ``h7.test`` that it is 127.0.0.7, and of everything else that there is none."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        end = data.index(b"\0", 12)
        label = data[13 : 13 + data[12]].decode()
        kind = int.from_bytes(data[end + 1 : end + 3])
        answers = b""
        if kind == 1 and label[1:].isdecimal():
            answers = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + socket.inet_aton(f"127.0.0.{int(label[1:])}")
        head = data[:2] + b"\x81\x80\0\1" + (b"\0\1" if answers else b"\0\0") + b"\0\0\0\0"
        self.transport.sendto(head + data[12 : end + 5] + answers, addr)


async def _name_server() -> asyncio.DatagramTransport:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 53))
    return transport


def _loopback(state: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", state], check=True)


def _own_name_server(folder: Path) -> None:
    """Names are asked of our own server alone, in this namespace."""
    for name, text in (
        ("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"),
        ("nsswitch.conf", "hosts: dns\n"),
    ):
        file = folder / name
        file.write_text(text)
        subprocess.run(["mount", "--bind", str(file), f"/etc/{name}"], check=True)


async def main(what: str, folder: Path) -> dict[str, object]:
    """Runs the story; returns what was seen."""
    _loopback("up")
    patch = pytest.MonkeyPatch()
    for module in ("transport", "exchange"):
        patch.setattr(f"watcher.fetch.{module}.DNS_TTL", 0)
    host = lambda number: f"127.0.0.{number}"  # noqa: E731
    server: asyncio.DatagramTransport | None = None
    if what == "dns":
        _own_name_server(folder)
        server = await _name_server()
        host = lambda number: f"h{number}.test"  # noqa: E731
    with structlog.testing.capture_logs() as lines:
        async with running(folder, patch, hosts=HOSTS, host=host, network=", timeout: 2s") as trouble:
            store = trouble.service.context.store
            if server is not None:
                server.close()
                await trouble.site.stop()  # kept connections need no name
                await trouble.site.start()
            else:
                _loopback("down")
            for _ in range(60):  # a kept connection notices only by its time-out, which is real
                await trouble.pass_time(minutes=5)
                if store.incidents.recent():
                    break
            for _ in range(12):
                await trouble.pass_time(minutes=5)
            seen = {
                "incidents": [one["kind"] for one in store.incidents.recent()],
                "failures": max(row.failures for row in store.sources.active()),
            }
            trouble.site.values["/1.html"] = "79.9"
            if server is not None:
                await _name_server()
            else:
                _loopback("up")
            wanted = Counter({"document.changed": 1, "incident.closed": 1, "incident.opened": 1})
            for _ in range(60):
                await trouble.pass_time(minutes=5)
                if Counter(trouble.robot.types()) >= wanted:
                    break
            seen["told"] = sorted(trouble.robot.types())
            seen["left"] = store.incidents.recent()
    said = Counter(line["event"] for line in lines)
    return {**seen, "gone": said["network.gone"], "back": said["network.back"], "bugs": said["service.bug"]}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], Path(sys.argv[2])))))
