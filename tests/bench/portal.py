"""The simulated portal: a process of its own on loopback, cheap enough to be out of the way of what is measured.

``python -m tests.bench.portal PAGES PORT`` serves ``pages.py`` under many loopback addresses (each a host), takes the
alerts that a webhook or a command posts, and is told by the runner when an epoch begins::

    POST /_epoch?share=0.05   a new epoch; answers which pages were edited and which saved again
    POST /hook?who=NAME       an alert; kept
    GET  /_told?who=NAME      the alerts since the last epoch, a JSON list of texts
    GET  /_state              what each page's last edit was, and the processor seconds that the portal took so far

What differs between two answers is put into pages that are written and deflated before the epoch is said to have begun.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import defaultdict
from typing import cast
from urllib.parse import parse_qs, urlsplit

import uvloop

from tests.bench import pages


class Portal:
    """The state of all pages, and what was told to the receiver."""

    def __init__(self, count: int, latency: float = 0.0) -> None:
        self.count = count
        self.latency = latency
        self.states = [pages.State()] * count
        self.paths = {(pages.host(n), pages.path(n)): n for n in range(count)}
        self.anywhere = {pages.path(n): n for n in range(count)}
        self.conditional = [pages.conditional(n) for n in range(count)]
        self.dice = random.Random(7)
        self.epoch = 0
        self.told: dict[str, list[str]] = defaultdict(list)
        self.served = 0

    def begin(self, share: float) -> dict[str, list[int]]:
        """The next epoch; ``share`` of the pages are edited."""
        self.epoch += 1
        self.told.clear()
        edited, saved = [], []
        for number, state in enumerate(self.states):
            event = pages.event(number, self.epoch, share)
            if event.edited:
                edited.append(number)
                self.states[number] = pages.State(state.edits + 1, state.markup)
            elif event.saved_again:
                saved.append(number)
                self.states[number] = pages.State(state.edits, state.markup + 1)
        self.write()
        return {"edited": edited, "saved": saved}

    def write(self) -> None:
        """Writes all pages as they stand, so that nobody waits for that in the round; of very many pages each when it is asked for."""
        if self.count <= pages.KEPT:
            for number, state in enumerate(self.states):
                pages.written(number, state)

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes, bytes]:
        """Status, further header lines and body of one request."""
        place = urlsplit(target)
        number = self.paths.get((headers.get("host", "").partition(":")[0], place.path))
        if number is None:  # under other addresses too: a page a host, where many hosts are wanted
            number = self.anywhere.get(place.path)
        if number is not None:
            return self._page(number, headers)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        if place.path == "/hook":
            self.told[asked.get("who", "")].append(body.decode("utf-8", "replace"))
            return 204, b"", b""
        if place.path == "/_epoch":
            return _json(self.begin(float(asked["share"])))
        if place.path == "/_told":
            return _json(self.told[asked.get("who", "")])
        if place.path == "/_state":
            return _json(
                {
                    "served": self.served,
                    "cpu": time.process_time(),
                    "news": [pages.news(n, s) if s.edits else None for n, s in enumerate(self.states)],
                }
            )
        return 404, b"Content-Type: text/plain\r\n", b"nothing here\n"

    def _page(self, number: int, headers: dict[str, str]) -> tuple[int, bytes, bytes]:
        self.served += 1
        state = self.states[number]
        extra = b"Content-Type: text/html\r\n"
        if self.conditional[number]:
            tag = pages.etag(number, state)
            extra += b"ETag: " + tag.encode() + b"\r\n"
            if headers.get("if-none-match") == tag:
                return 304, extra, b""
        plain, packed = pages.render(number, state, self.dice)
        if "gzip" in headers.get("accept-encoding", ""):
            return 200, extra + b"Content-Encoding: gzip\r\n", packed
        return 200, extra, plain


def _json(value: object) -> tuple[int, bytes, bytes]:
    return 200, b"Content-Type: application/json\r\n", json.dumps(value, ensure_ascii=False).encode()


_REASONS = {200: b"OK", 204: b"No Content", 304: b"Not Modified", 404: b"Not Found"}


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as much of it as clients of the bench speak."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop has a class of its own

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            lines = self.buffer[:end].decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ", 2)
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
            }
            size = int(headers.get("content-length", 0))
            if len(self.buffer) < end + 4 + size:
                return
            body, self.buffer = self.buffer[end + 4 : end + 4 + size], self.buffer[end + 4 + size :]
            if self.portal.latency:
                asyncio.get_running_loop().call_later(self.portal.latency, self._answer, method, target, headers, body)
            else:
                self._answer(method, target, headers, body)

    def _answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        status, extra, content = self.portal.answer(method, target, headers, body)
        close = headers.get("connection", "").lower() == "close"
        length = b"" if status in (204, 304) else b"Content-Length: %d\r\n" % len(content)
        self.transport.write(
            b"HTTP/1.1 %d %b\r\nServer: nginx\r\nDate: Sun, 22 Nov 2026 03:00:00 GMT\r\n%b%b%b\r\n%b"
            % (
                status,
                _REASONS[status],
                extra,
                length,
                b"Connection: close\r\n" if close else b"",
                b"" if method == "HEAD" else content,
            )
        )
        if close:
            self.transport.close()


async def serve(count: int, port: int, latency: float = 0.0) -> None:
    """Runs until it is ended."""
    portal = Portal(count, latency)
    portal.write()
    hosts = sorted({pages.host(number) for number in range(count)} | {"127.0.0.1"})
    if latency:
        hosts += [pages.alone(number) for number in range(count)]
    loop = asyncio.get_running_loop()
    for host in hosts:
        await loop.create_server(lambda: _Connection(portal), host, port, backlog=512)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 0.0))
