"""Commands of upkeep: validate, reread, resend, test-channel, backup, restore, verify, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import (
    FormatOption,
    allowed,
    fail,
    guarded,
    load_sources,
    load_stored,
    opened,
    print_csv,
    print_json,
    run,
    say,
    some,
    with_gate,
)
from watcher.words import told, tr

if TYPE_CHECKING:
    from watcher.pipeline.context import Context
    from watcher.store import SourceRow
    from watcher.types import Delivery


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command("validate", help="检查监测源文件 · check sources.yaml")(validate)
    app.command("reread", help="按现行规则重读快照 · read the stored snapshots again")(reread)
    app.command("resend", help="重发通知 · put alerts back into the queue")(resend)
    app.command("test-channel", help="向渠道发测试通知 · send a sample")(test_channel)
    app.command("backup", help="备份数据库 · a consistent copy")(backup)
    app.command("restore", help="恢复备份 · put a backup back")(restore)
    app.command("verify", help="核对全部快照 · check every stored byte")(verify)
    app.command("export", help="导出指标或变更 · export indicators or changes")(export)


@guarded
def validate(
    fetch: Annotated[
        bool,
        typer.Option("--fetch", help="每个网址取两次，须读出同样的正文 · fetch each page twice and demand equal text"),
    ] = False,
    secrets: Annotated[
        bool, typer.Option("--secrets/--no-secrets", help="检查密钥是否就位 · demand the secrets")
    ] = True,
) -> None:
    """Checks sources.yaml, and with --fetch every source of it. Exit 0, 1 when a source does not hold, 2 when the file is wrong."""
    sources = load_sources(secrets=secrets)
    if secrets:
        from watcher.web.access import keys_of

        keys_of(sources.web)
    say(
        tr(
            f"{sources.file.name} 没有问题：{len(sources.documents)} 份文件，{len(sources.columns)} 个栏目，{len(sources.channels)} 个渠道",
            f"{sources.file.name} is right: {some(len(sources.documents), 'document')}, {some(len(sources.columns), 'column')}, {some(len(sources.channels), 'channel')}",
        )
    )
    if not sources.documents and not sources.columns:
        say(
            tr(
                "还没有要监测的文件或栏目：请写在 documents 或 columns 里",
                "nothing is watched yet: name documents or columns in it",
            )
        )
    if not fetch:
        return
    from watcher.pipeline.context import Context
    from watcher.pipeline.validating import twice
    from watcher.store import MEMORY, Store

    with Store(MEMORY) as store:
        found = run(with_gate(Context(sources, store), twice))
    for one in found:
        say(f"  {'✓' if one.holds else '✗'} {one.name}  {one.said}")
    if not all(one.holds for one in found):
        raise typer.Exit(1)


@guarded
def reread(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[DOC]...", help="缺省为全部 · all when left out")
    ] = None,
) -> None:
    """After a change of rules: the last versions are made again from their own snapshots. Nobody is alerted."""
    from watcher.pipeline.catching_up import catch_up
    from watcher.pipeline.finding import find_document
    from watcher.pipeline.rereading import Reread
    from watcher.pipeline.rereading import reread as reread_rows

    async def work(context: Context, rows: list[SourceRow]) -> Reread:
        done = await reread_rows(context, rows, lambda name, said: say(f"  {name}  {said}"))
        await catch_up(context)
        return done

    with opened(load_sources()) as context:
        wanted = {find_document(context, name) for name in names or []}
        rows = [
            row for row in context.store.sources.all() if row.version_id and (not wanted or row.document_id in wanted)
        ]
        done = run(work(context, rows))
    say(
        tr(
            f"重读 {done.looked} 份：{done.remade} 份读法有变（不通知），{done.failed} 份按新规则读不出（保留原读法）",
            f"read {done.looked} again: {done.remade} read otherwise (nobody is alerted), {done.failed} cannot be read by the new rules (kept)",
        )
    )


@guarded
def resend(
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="[ID]...", help="通知序号，见 watcher alerts · see watcher alerts")
    ] = None,
    dead: Annotated[bool, typer.Option("--dead", help="全部死信 · every dead letter")] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="全部等待再试的，立即发送 · all that wait for another try, at once")
    ] = False,
    channel: Annotated[str | None, typer.Option("--channel", help="重新启用渠道 · use a stopped channel again")] = None,
) -> None:
    """Puts alerts back into the queue under their own message ids, and sends what is due."""
    from watcher.cli.queues import queue_lines
    from watcher.pipeline.delivering import deliver

    if not ids and not dead and not waiting and channel is None:
        fail(tr("请给出序号、--dead、--waiting 或 --channel", "give ids, --dead, --waiting or --channel"))
    with opened(load_sources(secrets=True)) as context:
        if channel is not None:
            if channel not in context.sources.channels:
                fail(tr(f"没有渠道 {channel!r}", f"there is no channel {channel!r}"))
            context.store.outbox.start_channel(channel)
        if missing := context.store.outbox.unknown(ids or []):
            named = "、".join(map(str, missing))
            fail(
                tr(
                    f"没有序号 {named} 的通知；序号见 watcher alerts",
                    f"there is no alert {named}; see watcher alerts for their numbers",
                )
            )
        count = context.store.outbox.resend(ids=ids or [], dead=dead, waiting=waiting, now=context.now())
        sent = run(with_gate(context, deliver))
        left = list(queue_lines(context, context.store.outbox.queues()))
    say(tr(f"重新排队 {count} 条，已发 {sent['sent']} 条", f"{count} queued again, {sent['sent']} sent"))
    for line in left:
        say(line, err=True)


@guarded
def test_channel(name: Annotated[str, typer.Argument(metavar="NAME", help="渠道名 · the channel's name")]) -> None:
    """Sends a sample and shows the far end's answer. Exit 0 when it took it, otherwise 1."""
    from watcher.types import Delivered

    sources = load_sources(secrets=True)
    if name not in sources.channels:
        known = "、".join(sources.channels) or tr("（无）", "(none)")
        fail(tr(f"没有渠道 {name!r}；已有：{known}", f"there is no channel {name!r}; there are: {known}"))

    async def work(context: Context) -> Delivery:
        from watcher.pipeline.delivering import sample

        return await sample(context, sources.channels[name])

    from watcher.pipeline.context import Context
    from watcher.store import MEMORY, Store

    delivery = run(with_gate(Context(sources, Store(MEMORY)), work))
    if isinstance(delivery, Delivered):
        answer = told(delivery.answer)
        say(tr(f"已送达：{answer}", f"delivered: {answer}"))
        return
    reason = told(delivery.reason)
    fail(tr(f"未送达：{reason}", f"not delivered: {reason}"), 1)


@guarded
def backup(
    target: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="缺省放在数据库旁 · beside the database when left out")
    ] = None,
) -> None:
    """A consistent copy of the database while the service runs; it holds no secret."""
    with opened(load_stored(), read_only=True) as context:
        place = target or context.store.path.with_name(
            f"{context.store.path.name}.backup-{context.now():%Y%m%dT%H%M%SZ}"
        )
        if place.exists():
            fail(tr(f"{place} 已存在", f"{place} exists already; name another file"))
        context.store.backup(place)
    say(
        tr(
            f"已备份到 {place}（{place.stat().st_size / 1e6:.1f} MB）",
            f"backed up to {place} ({place.stat().st_size / 1e6:.1f} MB)",
        )
    )


@guarded
def restore(source: Annotated[Path, typer.Argument(metavar="FILE", help="备份文件 · the backup")]) -> None:
    """Puts a backup back; a bad one is refused, and today's database is kept beside it."""
    from watcher.pipeline.restoring import put_back

    kept = put_back(load_sources().database, source)
    say(
        tr("已恢复", "restored")
        + (tr(f"；原数据库保存在 {kept}", f"; the database that was there is kept as {kept}") if kept else "")
    )


@guarded
def verify() -> None:
    """Reads every stored byte and checks it against its content address. Exit 0, or 1 when something is damaged."""
    with opened(load_stored(), read_only=True) as context:
        bad = context.store.verify()
    for one in bad:
        say(f"  ✗ {told(one)}", err=True)
    say(
        tr(
            "全部完好" if not bad else f"{len(bad)} 处损坏；请从备份恢复",
            "all whole" if not bad else f"{len(bad)} damaged; restore a backup",
        )
    )
    if bad:
        raise typer.Exit(1)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the other commands have it: a single year as an integer, contradicted as a truth value."""
    year = row.get("year")
    if isinstance(year, str) and year.isdecimal():
        row["year"] = int(year)
    if "disputed" in row:
        row["disputed"] = bool(row["disputed"])
    return row


@guarded
def export(
    what: Annotated[str, typer.Argument(metavar="indicators|changes|documents", help="导出什么 · what")] = "indicators",
    document: Annotated[str | None, typer.Option("--doc", metavar="DOC", help="只要一份文件 · of one document")] = None,
    format_: FormatOption = "csv",
) -> None:
    """Indicators (of the newest versions), changes or documents, for a spreadsheet."""
    from watcher.pipeline.finding import find_document

    allowed(format_, "csv", "json")
    with opened(load_stored(), read_only=True) as context:
        document_id = find_document(context, document) if document else None
        tables: dict[str, Any] = {
            "indicators": lambda: context.store.export_indicators(document_id),
            "changes": lambda: context.store.export_changes(document_id),
            "documents": context.store.documents,
        }
        if what not in tables:
            fail(
                tr(
                    f"不能导出 {what!r}；可选 {'、'.join(tables)}",
                    f"cannot export {what!r}; there are: {', '.join(tables)}",
                )
            )
        rows: list[dict[str, Any]] = tables[what]()
    if format_ == "json":
        print_json([_typed(row) for row in rows])
    else:
        print_csv(list(rows[0]) if rows else [], [list(row.values()) for row in rows])
