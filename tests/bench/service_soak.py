"""A simulated week of many sources: clock driven by the script, real HTTP on loopback, random faults, two restarts.

``python -m tests.bench.service_soak [SOURCES] [SECONDS] [SEED]``; ``make soak``. Every change must be told exactly once, memory stay
flat after the first part, and nothing stay open. Ends early (and says how far it came) when SECONDS are over.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from multiprocessing import forkserver, resource_tracker
from pathlib import Path

from aiohttp import web

from tests.bench.service import BODY, HOSTS, PAGE, Process, write_sources
from watcher.service import Service
from watcher.sources import load

HOURS = 7 * 24
STEP = timedelta(hours=6)
EDITS = 0.02
"""Share of the pages that change in a step."""
FAULTS = 0.03
"""Share of the answers that are an error, a wall, a page of maintenance, or cut off."""
MAINTENANCE = "<html><head><title>系统维护中</title></head><body>系统维护中，请稍后访问。</body></html>"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class World:
    """All sites at one port, and the receiver of messages."""

    def __init__(self, count: int, seed: int) -> None:
        self.edition = [0] * count
        self.told: Counter[tuple[str, str]] = Counter()
        self.shown: set[tuple[str, str]] = set()
        """Documents and values that a page showed to who asked: what nobody could see cannot be told."""
        self.first: dict[str, str] = {}
        """The value that each page showed first: where faults hid the page until after an edit, that edit is no change."""
        self.ids: set[str] = set()
        self.asked = 0
        self.faulty = True
        self.dice = random.Random(seed)
        self.port = 0

    async def start(self) -> web.AppRunner:
        """Listens on every loopback address."""
        app = web.Application()
        app.router.add_post("/hook", self._take)
        app.router.add_get("/{path:.*}", self._page)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "0.0.0.0", 0, backlog=1024).start()
        self.port = runner.addresses[0][1]
        return runner

    async def _take(self, request: web.Request) -> web.Response:
        if self.faulty and self.dice.random() < FAULTS:
            return web.Response(status=503)
        body = await request.json()
        number = request.headers["webhook-id"]
        if number not in self.ids:
            self.ids.add(number)
            data = body["data"]
            # Pages of one template that change alike may come as one message that names them all.
            for one in data.get("pages") or [data]:
                if body["type"] == "document.changed":
                    for move in data["moves"]:
                        self.told[(str(one["document"]), str((move["after"] or {}).get("value")))] += 1
        return web.Response(status=204)

    async def _page(self, request: web.Request) -> web.Response:
        if request.path == "/robots.txt":
            return web.Response(status=404)
        self.asked += 1
        if self.faulty and self.dice.random() < FAULTS:
            kind = self.dice.randrange(4)
            if kind == 0:
                return web.Response(status=502, text="bad gateway")
            if kind == 1:
                return web.Response(status=412)
            if kind == 2:
                return web.Response(text=MAINTENANCE, content_type="text/html")
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        number = int(request.path.strip("/"))
        value = f"{10 + self.edition[number]}.{number}1"
        self.shown.add((f"plan-{number}", value))
        self.first.setdefault(f"plan-{number}", value)
        first = f"<p>到2025年,每千人口注册护士数达到{value}人,人均预期寿命达到78.5岁。</p>"
        text = PAGE.format(f"第{number}号城市“十四五”卫生健康发展规划", first + BODY.format(3) * 3)
        return web.Response(text=text, content_type="text/html")


async def _settled(service: Service) -> None:
    """Waits until nothing is due, in flight, uncompared or unsent."""
    calm = 0
    while calm < 3:
        await asyncio.sleep(0.05)
        store = service.context.store
        busy = (
            service.checker.in_flight
            or service.checker.keeper.batch
            or store.sources.due_places(service.now())
            or store.versions.waiting(1)
            or store.outbox.channels_with_work(service.now())
        )
        calm = 0 if busy else calm + 1


def _open_files() -> set[str]:
    """What the process has open, but for what this very look opens."""
    found = set()
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            found.add(f"{name} {os.readlink(f'/proc/self/fd/{name}')}")
    return found


def _multiprocessing() -> set[str]:
    """The pipes to Python's own fork server and resource tracker: once started they live as long as the process."""
    fork, track = vars(forkserver._forkserver), vars(resource_tracker._resource_tracker)
    mine = {fork.get("_forkserver_alive_fd"), track.get("_fd")}
    return {one for one in _open_files() if int(one.split()[0]) in mine}


async def main(count: int, seconds: float, seed: int = 7) -> dict[str, object]:
    """Runs the week; returns the figures."""
    begun = time.monotonic()
    clock = [datetime(2026, 3, 2, tzinfo=UTC)]
    world = World(count, seed)
    runner = await world.start()
    os.environ |= {"SOAK_HOOK": f"http://127.0.0.1:{world.port}/hook", "SOAK_SECRET": SECRET}
    me = Process(os.getpid())
    memory: list[float] = []
    wanted: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as place:
        file = write_sources(Path(place), world.port, count, "6h")
        text = file.read_text(encoding="utf-8")
        text = text.replace(
            "none: {kind: console}", "team: {kind: webhook, url: 'env:SOAK_HOOK', secret: 'env:SOAK_SECRET'}"
        )
        file.write_text(text, encoding="utf-8")
        sources = load(file, secrets=True)
        open_before = _open_files()
        service = Service(sources, tick=0.1, now=lambda: clock[0])
        running = asyncio.create_task(service.run())
        await asyncio.sleep(1)
        steps = int(HOURS * 3600 / STEP.total_seconds())
        done = 0
        for step in range(steps):
            await _settled(service)
            gc.collect()
            memory.append(round(me.memory(), 1))
            if time.monotonic() - begun > seconds:
                break
            if step in (steps // 3, 2 * steps // 3):
                service.stop()
                await running
                service = Service(sources, tick=0.1, now=lambda: clock[0])
                running = asyncio.create_task(service.run())
                await asyncio.sleep(1)
            if step < steps - 4:
                for number in world.dice.sample(range(count), max(1, int(count * EDITS))):
                    if wanted[(f"plan-{number}", f"{11 + world.edition[number]}.{number}1")]:
                        continue
                    world.edition[number] += 1
                    wanted[(f"plan-{number}", f"{10 + world.edition[number]}.{number}1")] += 1
            clock[0] += STEP + timedelta(minutes=1)
            done = step + 1
        world.faulty = False
        for _ in range(4):  # what failed last is asked again, and nothing may be left
            clock[0] += timedelta(days=1)
            await _settled(service)
        open_incidents = len(service.context.store.incidents.recent())
        damaged = service.context.store.verify()
        service.stop()
        await running
        gc.collect()
        await asyncio.sleep(0.5)
        left = _open_files() - open_before - _multiprocessing()
    await runner.cleanup()
    tellable = [(name, value) for name, value in wanted if (name, value) in world.shown and world.first[name] != value]
    flat = memory[1:] or memory  # the first round makes what is kept
    return {
        "sources": count,
        "simulated_hours": done * 6,
        "of": HOURS,
        "wall_s": round(time.monotonic() - begun),
        "requests": world.asked,
        "changes": sum(wanted.values()),
        "replaced_before_they_were_seen": sum(one not in world.shown for one in wanted),
        "made_before_the_page_was_first_seen": sum(world.first.get(name) == value for name, value in wanted),
        "could_be_told": len(tellable),
        "told_once": sum(world.told[one] == 1 for one in wanted),
        "told_more_than_once": sum(count > 1 for count in world.told.values()),
        "not_told": [one for one in tellable if not world.told[one]][:5],
        "invented": [one for one in world.told if one not in wanted][:5],
        "memory_mib": memory,
        "memory_spread_percent": round(100 * (max(flat) - min(flat)) / min(flat), 1) if flat else 0.0,
        "open_files_left": sorted(left),
        "open_incidents": open_incidents,
        "damaged": damaged,
        "hosts": HOSTS,
    }


if __name__ == "__main__":
    wish = sys.argv[1:]
    count, seconds, seed = [*map(int, wish), *(2000, 3600, 7)[len(wish) :]]
    figures = asyncio.run(main(count, seconds, seed))
    print(json.dumps(figures, ensure_ascii=False, indent=1))
