"""How a visit reaches the world: an errand through the gate or beside sources.yaml, a page to whoever reads pages."""

from __future__ import annotations

from dataclasses import replace

from watcher.fetch import files
from watcher.pipeline.context import Context
from watcher.pipeline.errands import Brought, Errand, made_of
from watcher.pipeline.examine import Examined, Job
from watcher.pipeline.workers import Workers
from watcher.settings import Network
from watcher.types import Fetched

HERE = Workers()
"""Where a job names no workers: this process."""


async def bring(context: Context, errand: Errand, *, found: bool = False) -> Brought:
    """What an errand brings: of an ``http(s):`` address through a gate, of a ``file:`` beside sources.yaml. Raises ``FetchError``.

    ``found``: the address stood on a page. Only sources.yaml may name a file; the gate refuses it as it does every scheme.
    """
    workers = context.workers or HERE
    if errand.url.startswith("file:") and not found:
        kept = files.read_file(errand.url, context.sources.file.parent, errand.network.max_body)
        return await made_of(errand, replace(kept, final_url=errand.url, fetched_at=context.now()), workers.examine)
    return await workers.go(errand, context.gate)


async def fetch(context: Context, url: str, network: Network, *, found: bool = False) -> Fetched:
    """The bytes alone, of what belongs to a page that is held already; as ``bring``."""
    return (await bring(context, Errand(url, network, ahead=True, bare=True), found=found)).fetched


async def run(context: Context, job: Job) -> Examined:
    """Examines where the workers do it."""
    return await (context.workers or HERE).examine(job)
