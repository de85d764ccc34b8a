"""A small world for the whole way: the replay portal, a chat robot that can misbehave, a database, a clock that is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from watcher.demo.portal import Portal
from watcher.fetch.gate import Gate
from watcher.pipeline.context import Context
from watcher.pipeline.rounds import Round, whole_round
from watcher.sources import load
from watcher.store import SourceRow, Store

HOHHOT = "hohhot-health-14-5"
ORDOS = "ordos-health-14-5"
SHUOZHOU = "shuozhou-public-health-14-5"
HOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Robot:
    """A webhook receiver. ``faults`` are played one a request: a status, ``"stall"``, or ``"lose"`` (taken, answer lost)."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.faults: list[int | str] = []
        self.port = 0

    async def start(self) -> web.AppRunner:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.json()
        fault = self.faults.pop(0) if self.faults else 200
        if fault == "stall":
            await asyncio.sleep(30)
        if isinstance(fault, int) and fault >= 300:
            return web.Response(status=fault, text="no")
        self.taken.append(body)
        self.ids.append(request.headers["webhook-id"])
        if fault == "lose":
            assert request.transport is not None
            request.transport.close()
        return web.Response(status=204)

    def types(self) -> list[str]:
        """The kinds of what was taken, in order."""
        return [one["type"] for one in self.taken]


@asynccontextmanager
async def hooked(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Robot]:
    """A robot that listens under the names that ``sources_text`` gives its address and key."""
    robot = Robot()
    runner = await robot.start()
    monkeypatch.setenv("TEST_HOOK", f"http://127.0.0.1:{robot.port}/hook")
    monkeypatch.setenv("TEST_HOOK_SECRET", HOOK_SECRET)
    try:
        yield robot
    finally:
        await runner.cleanup()


@asynccontextmanager
async def served(**answers: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[int]:
    """A site on loopback that answers ``/name`` by the handler of that name; yields its port."""
    app = web.Application()
    for name, answer in answers.items():
        app.router.add_get(f"/{name}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def watched(port: int, path: str) -> str:
    """An entry of sources.yaml for a document at such a site, to be given to ``world`` as ``more``."""
    return (
        f'\n  - id: plan\n    network: {{allow_private: ["127.0.0.1:{port}"], robots: false, robots_reason: a test}}'
        f'\n    pages: [{{url: "http://127.0.0.1:{port}/{path}"}}]'
    )


def due(store: Store, now: datetime) -> list[SourceRow]:
    """The sources whose time has come, the longest waiting first."""
    ids = [source_id for source_id, _ in store.sources.due_places(now)]
    return sorted(store.sources.rows(ids), key=lambda row: ids.index(row.id))


@dataclass
class World:
    """Everything that a test of the way may touch."""

    portal: Portal
    robot: Robot
    context: Context
    file: Path
    time: list[datetime] = field(default_factory=lambda: [datetime(2026, 3, 2, 1, 0, tzinfo=UTC)])

    async def round(self, *, hours: float = 12) -> Round:
        """Lets time pass, then checks everything that is due and delivers."""
        self.time[0] += timedelta(hours=hours)
        rows = due(self.context.store, self.context.now())
        return await whole_round(self.context, rows)

    @property
    def store(self) -> Store:
        return self.context.store


YAML = """\
settings:
  database: watcher.db
  every: 6h
  network: {{allow_private: ["127.0.0.1:{portal}", "127.0.0.1:{robot}"], per_host_delay: 0s, retries: 0}}
  alerts: {{incident_after: 3}}
channels:
  team: {{kind: webhook, url: "env:TEST_HOOK", secret: "env:TEST_HOOK_SECRET"}}
documents:
{documents}
{more}
"""


def sources_text(portal: Portal, robot: Robot, names: Sequence[str], more: str = "") -> str:
    documents = "\n".join(f'  - id: {name}\n    pages: [{{url: "{portal.url(name)}"}}]' for name in names)
    return YAML.format(
        portal=portal.address.rsplit(":", 1)[1],
        robot=robot.port,
        documents=documents or ("" if more else "  []"),
        more=more,
    )


@asynccontextmanager
async def world(
    tmp_path: Path,
    seeds: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: Sequence[str] = (HOHHOT, ORDOS, SHUOZHOU),
    more: str = "",
) -> AsyncIterator[World]:
    """A world that watches some of the seeds through the portal."""
    file = tmp_path / "sources.yaml"
    async with hooked(monkeypatch) as robot, Portal(seeds) as portal:
        file.write_text(sources_text(portal, robot, names, more.replace("PORTAL", portal.address)), encoding="utf-8")
        sources = load(file, secrets=True)
        with Store(sources.database) as store:
            time = [datetime(2026, 3, 2, 1, 0, tzinfo=UTC)]
            store.sources.sync(sources, time[0])
            async with Gate(sources.network) as gate:
                context = Context(sources, store, gate, now=lambda: time[0], dice=lambda: 0.0)
                yield World(portal, robot, context, file, time)
