"""What a cluster adds, and where its one writer ends: ``python -m tests.bench.cluster [PAGES] [--workers 1 2 3] [--pages 4]``, ``… writer [PAGES]``.

The pages are those of the other benchmarks, answered after 200 ms, many hosts, no spacing; portal, scheduler, workers and
coordinator share this machine, so the workers have few pages under way at a time: waiting is measured, not processors.
The second form measures the coordinator's own work alone: visits that others made are written, compared and told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import ours, pages
from tests.bench.measuring import portal
from tests.bench.rounds import HOOK_SECRET
from tests.cluster.land import Land, Loopback

if TYPE_CHECKING:
    from watcher.pipeline.context import Context
    from watcher.pipeline.visiting import Visit

LATENCY = 0.2
PORT = 18090
SCHEDULER = 18091


async def coordinator(file: Path, rounds: int) -> list[dict[str, float]]:
    """Rounds over all sources: seconds of checking (what workers do, and writing it), and of comparing afterwards; the coordinator's processor time."""
    from watcher.fetch.gate import Gate
    from watcher.pipeline.catching_up import catch_up
    from watcher.pipeline.checking import check
    from watcher.pipeline.context import Context
    from watcher.pipeline.workers import workers_of
    from watcher.sources import load
    from watcher.store import Store

    sources = load(file, secrets=True)
    found = []
    with Store(sources.database) as store, workers_of(sources, 60) as workers:
        async with Gate(sources.network) as gate:
            await workers.start()
            context = Context(sources, store, gate, workers=workers)
            store.sources.sync(sources, context.now())
            for _ in range(rounds):
                begun, cpu = time.perf_counter(), time.process_time()
                report = await check(context, store.sources.active())
                wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
                await catch_up(context)
                if report.failed:
                    print(report.failed[0], file=sys.stderr)
                found.append(
                    {
                        "wall": wall,
                        "cpu": cpu,
                        "told": time.perf_counter() - begun - wall,
                        "bad": float(len(report.failed)),
                    }
                )
    return found


def measure(count: int, workers: int, slots: int) -> list[dict[str, float]]:
    """A first round and two re-checks with so many workers."""
    with tempfile.TemporaryDirectory() as name, portal(count, PORT, LATENCY) as far:
        folder = Path(name)
        land = Land(folder, Loopback(), 1, 1, PORT, SCHEDULER)
        ours.write_sources(folder, count, PORT, executor=land.scheduler, alone=True)
        env = {
            **os.environ,
            "BENCH_HOOK": f"http://127.0.0.1:{PORT}/hook?who=watcher",
            "BENCH_HOOK_SECRET": HOOK_SECRET,
        }
        try:
            land.run_scheduler()
            for number in range(1, workers + 1):
                land.run_worker(number, slots)
            for number in range(1, workers + 1):
                land.wait(lambda number=number: "worker.joined" in land.log(f"worker{number}"))  # type: ignore[misc]
            far.begin(0.0)
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.cluster", "round", str(folder / "sources.yaml")],
                env=env, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if done.returncode or done.stderr:
                raise RuntimeError(done.stderr)
            return [dict(one) for one in json.loads(done.stdout.splitlines()[-1])]
        finally:
            land.stop()


async def writer(count: int) -> dict[str, float]:
    """What one writer keeps a second: first versions, unchanged visits, edits, and the changes and messages that edits make."""
    from watcher.pipeline.catching_up import catch_up
    from watcher.pipeline.context import Context
    from watcher.pipeline.examine import Job, body_digest, examine
    from watcher.pipeline.rules import rules_of
    from watcher.pipeline.visiting import Visit
    from watcher.settings import Selectors
    from watcher.sources import load
    from watcher.store import Store
    from watcher.types import Fetched

    rates: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"BENCH_HOOK": "http://127.0.0.1:1/", "BENCH_HOOK_SECRET": HOOK_SECRET}
        ours.write_sources(folder, count, PORT)
        sources = load(folder / "sources.yaml", secrets=True)
        at = datetime(2026, 3, 2, tzinfo=UTC)
        with Store(sources.database) as store:
            context = Context(sources, store, now=lambda: at)
            store.sources.sync(sources, at)
            for edits, called in ((0, "first versions"), (1, "edits")):
                visits = []
                for number, row in enumerate(store.sources.active()):
                    body = pages.source(number, pages.State(edits)).encode()
                    fetched = Fetched(row.url, row.url, 200, {"content-type": "text/html; charset=utf-8"}, body, at)
                    examined = examine(Job(fetched, hint=True))
                    visits.append(
                        Visit(
                            row, at, examined.verdict, fetched=fetched, examined=examined, status=200,
                            rules=rules_of(Selectors(), frozenset()), digest=body_digest(body), hint=examined.hint,
                        )
                    )  # fmt: skip
                rates[called] = await _kept(context, visits)
                again = [
                    replace(one, row=row, at=at + timedelta(hours=1), unchanged=True, fetched=None, examined=None)
                    for one, row in zip(visits, store.sources.active(), strict=True)
                ]
                rates["unchanged"] = await _kept(context, again)
                begun = time.process_time()
                told = await catch_up(context)
                if edits:
                    rates["changes compared and told"] = told.changes / (time.process_time() - begun)
            rates["bytes"] = float(sources.database.stat().st_size)
    return rates


async def _kept(context: Context, visits: list[Visit]) -> float:
    """Writes visits as a round does: visits a second of processor time."""
    from watcher.pipeline.checking import Checker

    checker = Checker(context)
    begun = time.process_time()
    for one in visits:
        checker.keeper.add(one)
    checker.keeper.flush()
    return len(visits) / (time.process_time() - begun)


def main() -> None:
    """Prints a table."""
    if sys.argv[1:2] == ["round"]:
        print(json.dumps(asyncio.run(coordinator(Path(sys.argv[2]), 3))))
        return
    if sys.argv[1:2] == ["writer"]:
        count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
        for called, rate in asyncio.run(writer(count)).items():
            print(f"{called}: {rate:.0f}" + ("" if called == "bytes" else " a CPU second"))
        return
    parser = argparse.ArgumentParser()
    parser.add_argument("count", nargs="?", type=int, default=360, metavar="PAGES")
    parser.add_argument("--workers", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--pages", type=int, default=4, help="pages that a worker has under way at a time")
    given = parser.parse_args()
    base: tuple[float, float] | None = None
    for workers in given.workers:
        found = measure(given.count, workers, given.pages)
        first, again = found[0]["wall"], min(one["wall"] for one in found[1:])
        base = base or (first, again)
        cpu = min(one["cpu"] for one in found[1:])
        print(
            f"{workers} workers: first {given.count / first:.1f} pages/s ({base[0] / first:.2f} times), "
            f"re-check {given.count / again:.1f} pages/s ({base[1] / again:.2f} times), coordinator {1000 * cpu / given.count:.1f} ms a page, "
            f"comparing after the first {found[0]['told']:.1f} s, bad {sum(one['bad'] for one in found):.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
