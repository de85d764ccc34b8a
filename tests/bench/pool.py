"""What is given to worker processes, alone: ``python -m tests.bench.pool [PAGES]``.

Reading and extraction of the benchmark's pages (100 kB), by this process and by one and two workers; nothing is fetched or stored.
Prints pages a second, and the processor time of this process and of the workers a page.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import time
from datetime import UTC, datetime

from tests.bench import pages
from tests.bench.measuring import below
from watcher.pipeline.examine import Job
from watcher.pipeline.warm import warm
from watcher.pipeline.workers import Processes, Workers
from watcher.types import Fetched


async def measured(called: str, workers: Workers, jobs: list[Job]) -> None:
    """One line of figures."""
    with workers:
        await workers.start()
        own, far, begun = time.process_time(), _below(), time.perf_counter()
        await asyncio.gather(*(workers.examine(job) for job in jobs))
        wall = time.perf_counter() - begun
        own, far = time.process_time() - own, _below() - far
    per = 1000 / len(jobs)
    print(f"{called:10} {len(jobs) / wall:6.0f} pages a second, {own * per:5.2f} ms here, {far * per:5.2f} ms there")


def _below() -> float:
    return sum(spent for spent, _ in below(os.getpid()))


async def main(count: int) -> None:
    """This process, one worker, two."""
    dice, at = random.Random(3), datetime(2026, 1, 1, tzinfo=UTC)
    jobs = []
    for number in range(count):
        address = f"http://{pages.host(number)}{pages.path(number)}"
        body, _ = pages.render(number, pages.State(), dice)
        jobs.append(Job(Fetched(address, address, 200, {"content-type": "text/html"}, body, at), hint=True))
    warm()
    for _ in range(2):
        await measured("here", Workers(), jobs)
        await measured("1 worker", Processes(1), jobs)
        await measured("2 workers", Processes(2), jobs)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="?", type=int, default=400)
    asyncio.run(main(parser.parse_args().pages))
