"""Commands that watch: demo, run, check, web, status."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import (
    WIDE,
    FormatOption,
    allowed,
    fail,
    guarded,
    load_sources,
    load_stored,
    local,
    opened,
    print_json,
    print_table,
    run,
    say,
    some,
    verdict_word,
    with_gate,
)
from watcher.words import told, tr

if TYPE_CHECKING:
    from watcher.pipeline.context import Context
    from watcher.pipeline.rounds import Round
    from watcher.settings import Sources
    from watcher.store import SourceRow


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command("demo", help="离线演示全过程 · the whole story, offline")(demo)
    app.command("run", help="常驻服务：定时检查、网页、通知 · the service")(serve)
    app.command("check", help="现在检查一轮 · one whole round now")(check)
    app.command("web", help="只读网页 · the page alone, read-only")(web)
    app.command("status", help="服务与数据库状况 · how the service is")(status)


@guarded
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="演示后保留服务与网页 · leave service and page running")] = False,
    seeds: Annotated[Path | None, typer.Option(help="种子文件目录 · folder of the seed documents")] = None,
) -> None:
    """Starts a portal on loopback that replays the seeds, watches it, moves a plan from draft to final, prints the alerts."""
    from rich.console import Console

    from watcher.cli.story import tell_story

    console = Console(width=None if sys.stdout.isatty() else WIDE, highlight=False)
    raise typer.Exit(run(tell_story(console, keep=keep, seeds=seeds)))


@guarded
def serve(
    no_web: Annotated[bool, typer.Option("--no-web", help="不开网页 · without the page")] = False,
) -> None:
    """The service: scheduler, page, alerts; stops cleanly on SIGTERM."""
    from functools import partial

    from watcher.sources.aside import load_aside

    # A large file takes a second in a process of its own; so does importing what the service needs, here.
    meanwhile = partial(_imported, web=not no_web)
    sources = load_sources(secrets=True, reader=partial(load_aside, meanwhile=meanwhile))
    raise typer.Exit(run(_serving(sources, web=not no_web)))


def _imported(*, web: bool) -> None:
    import watcher.service

    if web:
        import watcher.web.server  # noqa: F401


async def _serving(sources: Sources, *, web: bool) -> int:
    from watcher.service import serve as serve_forever

    page = None
    if web:
        from watcher.web.server import PageServer

        page = PageServer(sources, sources.database)
    return await serve_forever(sources, page)


def _chosen(context: Context, names: list[str]) -> list[SourceRow]:
    """The rows that names mean: a document, a column, or all. Raises ``NotFound``."""
    from watcher.pipeline.finding import find_document

    rows = context.store.sources.active()
    if not names:
        return rows
    chosen: list[SourceRow] = []
    for name in names:
        mine = [row for row in rows if name in (row.name, row.document_id, row.url)]
        if not mine:
            document_id = find_document(context, name)
            mine = [row for row in rows if row.document_id == document_id]
        chosen += [row for row in mine if row not in chosen]
    return chosen


@guarded
def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="文件或栏目，缺省为全部 · documents or columns, all when left out"),
    ] = None,
    format_: FormatOption = "text",
) -> None:
    """One whole round now: fetch, read, compare, deliver. Exit 0, 1 when a source failed, 2 when it could not run."""
    from watcher.cli.queues import queue_lines

    allowed(format_, "text", "json")
    sources = load_sources(secrets=True)
    with opened(sources, sync=True) as context:
        rows = _chosen(context, names or [])
        if not rows:
            fail(tr(f"{sources.file} 里没有监测源", f"{sources.file} names no source to check"))
        done = run(with_gate(context, lambda inside: _round(inside, rows)))
        queues = context.store.outbox.queues()
        waiting = list(queue_lines(context, queues))
    report = done.report
    if format_ == "json":
        print_json(
            {
                "checked": report.checked,
                "versions": report.versions,
                "documents_found": report.found,
                "changes": done.told.changes,
                "moves": done.told.moves,
                "alerts": dict(done.sent),
                "waiting": queues,
                "failed": [{"source": name, "verdict": verdict, "note": note} for name, verdict, note in report.failed],
            }
        )
    else:
        say(
            tr(
                f"检查 {report.checked} 个地址：新版本 {report.versions}，变更 {done.told.changes}（指标变动 {done.told.moves} 项），"
                f"新发现文件 {report.found}，通知已发 {done.sent['sent']}",
                f"checked {some(report.checked, 'address', 'addresses')}: {some(report.versions, 'new version')}, "
                f"{some(done.told.changes, 'change')} ({some(done.told.moves, 'indicator move')}), "
                f"{some(report.found, 'document')} found, {some(done.sent['sent'], 'alert')} sent",
            )
        )
        for name, verdict, note in report.failed:
            say(f"  ✗ {name}  [{verdict_word(verdict)}] {told(note)}", err=True)
        if unsent := sum(done.sent[fate] for fate in ("retry", "stopped", "dead")):
            unsent_words = tr(
                f"  ✗ 未送达的通知 {unsent} 条，原因见 watcher alerts",
                f"  ✗ {some(unsent, 'alert')} not delivered; watcher alerts says why",
            )
            say(unsent_words, err=True)
        for line in waiting:
            say(line, err=True)
    raise typer.Exit(1 if report.failed else 0)


async def _round(context: Context, rows: list[SourceRow]) -> Round:
    from watcher.pipeline.rounds import whole_round
    from watcher.pipeline.warm import settle

    settle()
    if not sys.stderr.isatty():
        return await whole_round(context, rows)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(tr("检查", "checking"), total=len(rows))
        return await whole_round(context, rows, lambda _name, _verdict: bar.advance(task))


@guarded
def web(
    host: Annotated[str | None, typer.Option(help="监听地址 · address to listen on")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="端口 · port")] = None,
) -> None:
    """The page alone, read-only."""
    from dataclasses import replace

    from watcher.web.server import serve_page

    sources = load_sources()
    settings = replace(
        sources.web,
        host=sources.web.host if host is None else host,
        port=sources.web.port if port is None else port,
    )
    raise typer.Exit(run(serve_page(replace(sources, web=settings))))


def _alive(found: dict[str, Any]) -> str:
    pid = found["pid"]
    if not found["running"]:
        return tr("未运行", "not running")
    if not found["ticking"]:
        return tr(
            f"进程 {pid} 在，但没有巡检（刚启动，或已停滞）",
            f"process {pid} is there but does not tick (just started, or hanging)",
        )
    return tr(f"运行中（进程 {pid}）", f"running (process {pid})")


@guarded
def status(format_: FormatOption = "text") -> None:
    """Whether the service is alive, when it last ticked, what waits and what is wrong."""
    allowed(format_, "text", "json")
    from watcher.pipeline.status import gather

    sources = load_stored()
    with opened(sources, read_only=True) as context:
        found = gather(context)
    if format_ == "json":
        print_json(found)
        return
    words = [
        (tr("服务", "service"), _alive(found)),
        (tr("上次巡检", "last tick"), local(found["last_tick"], sources.schedule.timezone)),
        (tr("文件", "documents"), found["documents"]),
        (tr("监测地址", "addresses"), found["sources"]),
        (tr("到期未查", "overdue"), found["overdue"]),
        (tr("版本", "versions"), found["versions"]),
        (tr("变更", "changes"), found["changes"]),
        (tr("待发通知", "alerts waiting"), found["alerts"].get("waiting", 0)),
        (tr("死信", "dead letters"), found["alerts"].get("dead", 0)),
        (tr("未恢复异常", "open incidents"), found["incidents"]),
        (tr("数据库", "database"), f"{found['bytes'] / 1e6:.1f} MB"),
    ]
    if counted := found["counters"]:
        verdicts = "，".join(f"{verdict} {count}" for verdict, count in sorted(counted["fetches"].items()))
        latency = counted["latency"]
        mean = f"{latency['sum'] / latency['count']:.2f} s" if latency["count"] else "-"
        words += [
            (tr("本次运行以来的检查", "checks since the start"), verdicts or "0"),
            (tr("平均响应", "mean answer time"), mean),
            (tr("最大巡检延迟", "latest tick"), f"{counted['tick_lateness']:.2f} s"),
        ]
    print_table("", (tr("项目", "what"), tr("现状", "now")), words)
