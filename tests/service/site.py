"""A site on loopback that can be taken away and come back under the same address; a service over it whose clock is told."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.pipeline.world import Robot, hooked
from watcher.service import Service
from watcher.sources import load

PAGE = """<html><head><meta charset="utf-8"><title>{title}</title></head><body><div class="TRS_Editor"><h1>{title}</h1>
<p>各旗县区人民政府,市各委、办、局:现将《{title}》印发给你们,请认真组织实施。</p>
<p>到2025年,人均预期寿命达到{value}岁,每千人口执业(助理)医师数达到3.8人,婴儿死亡率控制在5‰以内。</p>
<p>坚持以人民健康为中心,深化医药卫生体制改革,健全公共卫生服务体系,提升基层医疗卫生服务能力,促进人口长期均衡发展。</p>
</div></body></html>"""


class Site:
    """Many small sites at one port: every 127.0.0.x answers. ``value`` is what every plan promises, by path."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.asked: Counter[str] = Counter()
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        place = web.TCPSite(self._runner, "0.0.0.0", self.port, reuse_address=True)
        await place.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        self.asked[request.path] += 1
        title = f"某市第{request.path.strip('/').removesuffix('.html')}号“十四五”卫生健康发展规划"
        text = PAGE.format(title=title, value=self.values.get(request.path, "78.5"))
        return web.Response(text=text, content_type="text/html")


@dataclass
class Trouble:
    """A running service, its clock and its surroundings."""

    site: Site
    robot: Robot
    service: Service
    task: asyncio.Task[None]
    clock: list[datetime]
    names: list[str] = field(default_factory=list)

    async def pass_time(self, **amount: float) -> None:
        """Lets the clock go on, and the service do what is due by then."""
        self.clock[0] += timedelta(**amount)
        await asyncio.sleep(0.25)
        assert not self.task.done(), "the service stays up"

    def asked(self) -> int:
        """Requests of all pages so far."""
        return self.site.asked.total()

    def versions(self) -> int:
        """Versions in the store."""
        return self.service.context.store.counts()["versions"]


async def until(done: Callable[[], object], seconds: float = 20.0) -> None:
    """Waits until something holds."""
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110
            await asyncio.sleep(0.03)


@asynccontextmanager
async def running(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    hosts: int = 4,
    every: str = "10m",
    more: str = "",
    host: Callable[[int], str] = lambda n: f"127.0.0.{n}",
    wait: bool = True,
    network: str = "",
) -> AsyncIterator[Trouble]:
    """A service that watches one plan on each of several hosts, and has read them all once."""
    site = Site()
    await site.start()
    monkeypatch.setattr("watcher.service.DELIVER", 0.1)
    documents = "\n".join(
        f'  - {{id: plan-{n}, pages: [{{url: "http://{host(n)}:{site.port}/{n}.html"}}]}}' for n in range(1, hosts + 1)
    )
    file = folder / "sources.yaml"
    file.write_text(
        f"settings:\n  database: watcher.db\n  every: {every}\n  jitter: 0\n"
        f"  network: {{allow_private: true, per_host_delay: 0s, retries: 0{network}}}\n"
        f"{more}channels:\n  team: {{kind: webhook, url: 'env:TEST_HOOK', secret: 'env:TEST_HOOK_SECRET'}}\n"
        f"documents:\n{documents}\n",
        encoding="utf-8",
    )
    clock = [datetime(2026, 3, 2, 1, 0, tzinfo=UTC)]
    async with hooked(monkeypatch) as robot:
        service = Service(load(file, secrets=True), tick=0.05, now=lambda: clock[0])
        task = asyncio.create_task(service.run())
        try:
            if wait:
                await until(lambda: hasattr(service, "checker") and service.context.store.counts()["versions"] == hosts)
            yield Trouble(site, robot, service, task, clock)
            service.stop()
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await site.stop()


def resolver(up: list[bool]) -> Callable[..., list[object]]:
    """What stands for the system's resolver: names under ``.test`` are loopback addresses while ``up[0]``."""
    real = socket.getaddrinfo

    def getaddrinfo(host: object, port: object, *rest: object, **more: object) -> list[object]:
        if isinstance(host, str) and host.endswith(".test"):
            if not up[0]:
                raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
            host = "127.0.0." + host.removesuffix(".test").lstrip("h")
        return list(real(host, port, *rest, **more))  # type: ignore[arg-type]

    return getaddrinfo
