"""Commands of a cluster: scheduler, worker."""

from __future__ import annotations

import os
import platform
from typing import Annotated

import typer

from watcher.cli.common import guarded, run

AddressArgument = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="调度器地址 dask://主机:端口 或 dask+tls://… · the scheduler's address")
]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command("scheduler", help="调度器：连接协调进程与各工作机 · the scheduler between coordinator and workers")(
        scheduler
    )
    app.command(
        "worker", help="工作进程：在另一台机器上抓取和读取 · a worker that fetches and reads on another machine"
    )(worker)


@guarded
def scheduler(address: AddressArgument) -> None:
    """Listens for the coordinator and for workers; stops cleanly on SIGTERM. Needs watcher[cluster]."""
    from watcher.pipeline.cluster.road import scheduler_at
    from watcher.pipeline.cluster.scheduler import serve

    raise typer.Exit(run(serve(scheduler_at(address))))


@guarded
def worker(
    address: AddressArgument,
    pages: Annotated[int, typer.Option(min=1, max=512, help="同时抓取的网页数 · pages under way at a time")] = 32,
    cores: Annotated[int, typer.Option(min=1, max=256, help="读取网页的进程数 · processes that read")] = 1,
    name: Annotated[str, typer.Option(help="日志中的名字，默认主机名 · its name in logs, else the host's")] = "",
    proxy: Annotated[
        str, typer.Option(help="本机出口代理 env:变量名 或 file:/路径 · this machine's way out: env:NAME or file:/path")
    ] = "",
) -> None:
    """Fetches and reads what the coordinator asks for, by this machine's own way out; stops cleanly on SIGTERM. Needs watcher[cluster]."""
    from watcher.errors import ConfigError
    from watcher.pipeline.cluster.road import scheduler_at
    from watcher.pipeline.cluster.worker import serve
    from watcher.sources.values import secret_name

    try:
        way = secret_name(proxy).reveal() if proxy else None
    except ValueError as error:
        raise ConfigError(f"--proxy: {error}") from None
    place = scheduler_at(address)
    raise typer.Exit(
        run(serve(place, pages=pages, cores=cores, name=name or f"{platform.node()}-{os.getpid()}", proxy=way))
    )
