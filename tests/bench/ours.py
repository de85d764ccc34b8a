"""One round of this project as a process of its own: ``python -m tests.bench.ours FOLDER [--profile FILE]``.

The folder holds sources.yaml. Every source counts as due. Prints one line of JSON: what the round itself cost, start-up
left out (the service starts once and runs for months): also what a process loads with the first page that it reads and the
first change that it compares.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import resource
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import uvloop

from tests.bench import pages
from tests.bench.measuring import below

YAML = """\
settings:
  database: watcher.db
  executor: {executor}
  network: {{allow_private: ["127.0.0.0/8"], per_host_delay: 0s, concurrency: {concurrency}, retries: 0}}
channels:
  team: {{kind: webhook, url: "env:BENCH_HOOK", secret: "env:BENCH_HOOK_SECRET"}}
documents:
"""


def write_sources(
    folder: Path, count: int, port: int, *, executor: str = "local", concurrency: int = 32, alone: bool = False
) -> None:
    """sources.yaml for ``count`` pages: their addresses and titles, no selector; ``alone``: each page on a host of its own."""
    lines = [YAML.format(executor=executor, concurrency=concurrency)]
    for number in range(count):
        host = pages.alone(number) if alone else pages.host(number)
        address = f"http://{host}:{port}{pages.path(number)}"
        lines.append(
            f'  - {{id: plan-{number}, title: "{pages.title(number)}", pages: [{{url: "{address}"}}], channels: [team]}}\n'
        )
    (folder / "sources.yaml").write_text("".join(lines), encoding="utf-8")


def _own() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def _cpu() -> float:
    """Of this process, of those that it waited for, and of those that still run below it (workers are not its own children)."""
    ended = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    return _own() + ended + sum(seconds for seconds, _ in below(os.getpid()))


def _warm() -> None:
    """Loads what fetching, reading, extraction, comparison and sending load with their first page. Nothing of it is stored."""
    from datetime import UTC, datetime

    from watcher.channels import limits
    from watcher.compare import compare
    from watcher.compare.render_json import to_json
    from watcher.fetch.transport import tls
    from watcher.pipeline.examine import Job, examine
    from watcher.types import Fetched, VersionRef

    tls(legacy=False)
    limits("webhook")
    found = []
    for edits in (0, 1):
        body, _ = pages.render(0, pages.State(edits), random.Random(0))
        at = datetime(2026, 1, 1, tzinfo=UTC)
        address = "http://127.0.0.1/a.html"
        found.append(examine(Job(Fetched(address, address, 200, {"content-type": "text/html"}, body, at), hint=True)))
    (one, other), ref = found, VersionRef(1, "final", at, address)
    assert one.reading is not None
    assert other.reading is not None
    to_json(compare(one.reading, other.reading, one.indicators, other.indicators), "plan-0", ref, ref)


async def once(file: Path, watching: AbstractContextManager[object]) -> dict[str, object]:
    """A whole round over all sources."""
    from watcher.fetch.gate import Gate
    from watcher.pipeline.context import Context
    from watcher.pipeline.rounds import whole_round
    from watcher.pipeline.warm import settle
    from watcher.pipeline.workers import workers_of
    from watcher.sources.aside import load_aside
    from watcher.store import Store

    sources = load_aside(file, secrets=True)
    with Store(sources.database) as store:
        async with Gate(sources.network) as gate:
            context = Context(sources, store, gate)
            context.workers = workers = workers_of(sources, 60)
            store.sources.sync(sources, context.now())
            rows = store.sources.active()
            await workers.start()
            _warm()
            gc.collect()
            settle()
            started, own, begun = _cpu(), _own(), time.perf_counter()
            with watching:
                done = await whole_round(context, rows)
            wall = time.perf_counter() - begun
            own, cpu = _own() - own, _cpu() - started
            resident = sum(memory for _, memory in below(os.getpid()))
            workers.close()
    return {
        "pages": len(rows),
        "cpu": cpu,
        "own": own,
        "below": resident,
        "wall": wall,
        "start": started,
        "versions": done.report.versions,
        "verdicts": dict(done.report.verdicts),
        "failed": done.report.failed[:5],
        "changes": done.told.changes,
        "sent": dict(done.sent),
    }


def main() -> None:
    """One round, perhaps under a profiler."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--profile", type=Path)
    given = parser.parse_args()
    os.environ.setdefault("BENCH_HOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    if given.profile is not None:
        import cProfile

        # Processor time, because others may be at work on the machine.
        watching: cProfile.Profile | nullcontext[None] = cProfile.Profile(time.process_time)
    else:
        watching = nullcontext()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(once(given.folder / "sources.yaml", watching))
    if given.profile is not None:
        watching.dump_stats(given.profile)  # type: ignore[union-attr]  # it is a profiler then
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
