"""The service with 20,000 sources: time to start, cost of doing nothing, lateness of the tick, speed when all are due, fairness.

``python -m tests.bench.service [SOURCES]``; ``make bench-service``. A real service in a process of its own over a real site on
loopback with 200 hosts. One of them takes ten seconds for each answer; then, with fewer sources, a third of them does.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

HOSTS = 200
PAGE = "<html><head><meta charset=utf-8><title>{0}</title></head><body><div class=TRS_Editor><h1>{0}</h1>{1}</div></body></html>"
BODY = "<p>到2025年,每千人口执业(助理)医师数达到3.{0}人,健全公共卫生服务体系,提升基层医疗卫生服务能力,促进人口长期均衡发展。</p>"
IDLE_SECONDS = 30.0


@dataclass
class Process:
    """What the operating system says of a process."""

    pid: int

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Resident memory in MiB."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Site:
    """Answers under every loopback address; some hosts take ten seconds."""

    def __init__(self, slow: int) -> None:
        self.slow = frozenset(hosts()[:slow])
        self.asked: Counter[str] = Counter()
        self.port = 0

    async def start(self) -> web.AppRunner:
        """Listens on every loopback address."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "0.0.0.0", 0, backlog=1024).start()
        self.port = runner.addresses[0][1]
        return runner

    async def _answer(self, request: web.Request) -> web.Response:
        host = request.host.partition(":")[0]
        if request.path == "/robots.txt":
            return web.Response(status=404)
        if host in self.slow:
            await asyncio.sleep(10)
        self.asked[host] += 1
        etag = f'"{request.path}"'
        if request.headers.get("if-none-match") == etag:
            return web.Response(status=304, headers={"etag": etag})
        number = int(request.path.strip("/"))
        body = "".join(BODY.format(number % 10 + line % 3) for line in range(4))
        text = PAGE.format(f"第{number}号城市“十四五”卫生健康发展规划", body)
        return web.Response(text=text, content_type="text/html", headers={"etag": etag})


def hosts() -> list[str]:
    """The addresses of the hosts; the first ones are slow."""
    return [f"127.0.{1 + number // 250}.{1 + number % 250}" for number in range(HOSTS)]


def write_sources(folder: Path, port: int, count: int, every: str) -> Path:
    """A sources.yaml with so many documents, spread over the hosts."""
    names = hosts()
    documents = "\n".join(
        f'  - {{id: plan-{n}, title: "第{n}号规划", pages: [{{url: "http://{names[n % HOSTS]}:{port}/{n}"}}]}}'
        for n in range(count)
    )
    file = folder / "sources.yaml"
    file.write_text(
        f"settings:\n  database: watcher.db\n  every: {every}\n  jitter: 0\n  upkeep: {{backup_every: 1000d}}\n"
        "  network: {allow_private: true, per_host_delay: 0s, timeout: 30s}\n"
        f"channels: {{none: {{kind: console}}}}\ndocuments:\n{documents}\n",
        encoding="utf-8",
    )
    return file


def _prefill(file: Path, due_in_hours: float | None) -> None:
    """Stores the sources, all of them due after some hours (never, for None)."""
    from datetime import UTC, datetime, timedelta

    from watcher.sources import load
    from watcher.store import Store

    sources = load(file)
    now = datetime.now(UTC)
    with Store(sources.database) as store:
        store.sources.sync(sources, now)
        at = store.stamp(now + timedelta(hours=due_in_hours or 0))
        store.db.execute("UPDATE sources SET next_at = ?", [at])


async def _start(file: Path, log: Path) -> tuple[asyncio.subprocess.Process, float]:
    """Starts the service; returns it and the seconds until it said so."""
    begun = time.perf_counter()
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "watcher", "--sources", str(file), "run", "--no-web",
            stdout=asyncio.subprocess.DEVNULL, stderr=out,
        )  # fmt: skip
    while not _said(log, b"service.started"):
        if process.returncode is not None:
            raise SystemExit(f"the service ended by itself; see {log}")
        await asyncio.sleep(0.02)
    return process, time.perf_counter() - begun


def _said(log: Path, word: bytes) -> bool:
    return word in log.read_bytes()


def _figures(folder: Path) -> dict[str, object]:
    with sqlite3.connect(folder / "watcher.db", timeout=30) as base:
        row = base.execute("SELECT value FROM facts WHERE name = 'counters'").fetchone()
    return dict(json.loads(row[0])) if row else {}


def _waiting(folder: Path) -> int:
    """Versions that nobody looked for links of yet."""
    with sqlite3.connect(folder / "watcher.db", timeout=30) as base:
        return int(base.execute("SELECT count(*) FROM versions WHERE compared = 0").fetchone()[0])


def renamed(file: Path) -> None:
    """Gives every document another title."""
    file.write_text(file.read_text(encoding="utf-8").replace("号规划", "号新规划"), encoding="utf-8")


async def idle(folder: Path, file: Path) -> dict[str, float]:
    """Starts with everything known and nothing due, watches it do nothing, then gives it a new file under every source."""
    log = folder / "idle.txt"
    process, started = await _start(file, log)
    seen = Process(process.pid)
    await asyncio.sleep(5)
    before, begun = seen.cpu(), time.perf_counter()
    await asyncio.sleep(IDLE_SECONDS)
    share = (seen.cpu() - before) / (time.perf_counter() - begun)
    memory = seen.memory()
    renamed(file)
    begun = time.perf_counter()
    process.send_signal(signal.SIGHUP)
    while not _said(log, b"sources.applied"):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    reloaded = time.perf_counter() - begun
    await asyncio.sleep(16)  # until the counters are noted
    lateness = _figures(folder).get("tick_lateness", -1.0)
    process.send_signal(signal.SIGTERM)
    ending = time.perf_counter()
    await process.wait()
    assert isinstance(lateness, float)
    return {
        "start_s": round(started, 2),
        "idle_cpu_percent": round(100 * share, 2),
        "idle_memory_mib": round(memory, 1),
        "new_file_s": round(reloaded, 2),
        "tick_lateness_s": lateness,
        "stop_s": round(time.perf_counter() - ending, 2),
    }


async def busy(folder: Path, count: int, limit: float, slow: int) -> dict[str, float]:
    """Everything is due at once, for the first time; ``slow`` hosts take ten seconds for each answer."""
    site = Site(slow)
    runner = await site.start()
    file = write_sources(folder, site.port, count, "6h")
    process, started = await _start(file, folder / "busy.txt")
    seen = Process(process.pid)
    begun, cpu = time.perf_counter(), seen.cpu()
    quick = sum(number % HOSTS >= slow for number in range(count))
    while (  # noqa: ASYNC110
        done := sum(asked for host, asked in site.asked.items() if host not in site.slow)
    ) < quick and time.perf_counter() - begun < limit:
        await asyncio.sleep(0.1)
    wall, spent, memory = time.perf_counter() - begun, seen.cpu() - cpu, seen.memory()
    waiting = _waiting(folder)
    await asyncio.sleep(16)  # until the counters are noted
    still = _waiting(folder)
    lateness = _figures(folder).get("tick_lateness", -1.0)
    process.send_signal(signal.SIGTERM)
    ending = time.perf_counter()
    await process.wait()
    await runner.cleanup()
    assert isinstance(lateness, float)
    return {
        "first_start_s": round(started, 2),
        "pages": done,
        "of": quick,
        "wall_s": round(wall, 1),
        "pages_per_cpu_second": round(done / spent, 1),
        "tick_lateness_s": lateness,
        "busy_memory_mib": round(memory, 1),
        "waiting": waiting,
        "waiting_16_s_later": still,
        "slow_hosts_pages": sum(site.asked[host] for host in site.slow),
        "stop_s": round(time.perf_counter() - ending, 2),
    }


async def main(count: int, limit: float = 300.0) -> None:
    """Prints the figures with their marks."""

    def say(what: str, figures: dict[str, float]) -> None:
        print(f"{what}: {json.dumps(figures)}", flush=True)

    print(f"load of the machine before: {', '.join(f'{one:.1f}' for one in os.getloadavg())}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place) / name for name in ("new", "full", "slow")]
        for folder in folders:
            folder.mkdir()
        new, full, slow = folders
        file = write_sources(new, 9, count, "6h")
        _prefill(file, 12)
        marks = "start < 5 s, < 3 % of a core, < 150 MiB, tick < 2 s late"
        say(f"{count} sources, nothing due, nothing read yet ({marks})", await idle(new, file))
        say(
            f"{count} sources, all due, first visit, one slow host (tick < 2 s late)", await busy(full, count, limit, 1)
        )
        file = full / "sources.yaml"
        _prefill(file, 12)
        say(f"{count} sources, nothing due, all read ({marks})", await idle(full, file))
        fewer, third = count // 5, HOSTS // 3
        say(f"{fewer} sources, all due, {third} of {HOSTS} hosts slow", await busy(slow, fewer, limit, third))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
