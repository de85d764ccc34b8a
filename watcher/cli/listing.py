"""Commands that list what is stored: docs, log, sources, alerts, incidents."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from watcher.cli.common import (
    FormatOption,
    LimitOption,
    allowed,
    at_most,
    fail,
    guarded,
    left_out,
    load_stored,
    local,
    opened,
    print_csv,
    print_json,
    print_rows,
    print_table,
    say,
    stage_word,
)
from watcher.words import Options, tr


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command("docs", help="已存文件 · stored documents")(docs)
    app.command("log", help="一份文件的全部版本 · all versions of a document")(log)
    app.command("sources", help="监测源与最近判定 · sources and their last verdicts")(sources_)
    app.command("alerts", help="通知（发件箱） · alerts")(alerts)
    app.command("incidents", help="异常 · incidents")(incidents)


def _show(
    format_: str,
    title: str,
    header: Sequence[tuple[str, str]],
    data: list[dict[str, Any]],
    cells: Callable[[dict[str, Any]], Sequence[Any]],
) -> None:
    """One list in the format that was asked for; ``cells`` are those of one row, for people."""
    if format_ == "json":
        print_json(data)
    elif format_ == "csv":
        print_csv([one for _, one in header], [cells(one) for one in data])
    elif data:
        print_table(title, [tr(*one) for one in header], [cells(one) for one in data])
    else:
        say(tr("（无）", "(none)"))


@guarded
def docs(
    removed: Annotated[bool, typer.Option("--removed", help="含已移出的 · removed ones too")] = False,
    limit: LimitOption = 200,
    format_: FormatOption = "text",
) -> None:
    """Every document with its newest version."""
    allowed(format_, "text", "json", "csv")
    sources = load_stored()
    with opened(sources, read_only=True) as context:
        if format_ == "json":
            print_rows(context.store.documents_json(removed=removed))
            return
        found = context.store.documents(removed=removed, limit=at_most(limit, format_))
        count = context.store.count(removed=removed)
    header = (
        ("编号", "id"),
        ("文件", "title"),
        ("地区", "region"),
        ("阶段", "stage"),
        ("版本", "versions"),
        ("指标", "indicators"),
        ("最近版本", "seen_at"),
    )

    def cells(row: dict[str, Any]) -> Sequence[Any]:
        return (
            row["id"],
            row["title"],
            row["region"],
            stage_word(row["stage"]) or tr("尚未读到", "not read yet"),
            row["versions"],
            row["indicators"],
            local(row["seen_at"], sources.schedule.timezone),
        )

    left_out(len(found), count)
    _show(format_, "", header, found, cells)


def _effects(text: str | None) -> str:
    if not text:
        return ""
    from watcher.compare.effects import effect_word

    return " ".join(f"{effect_word(effect, Options.language)}{count}" for effect, count in json.loads(text).items())


@guarded
def log(
    document: Annotated[
        str, typer.Argument(metavar="DOC", help="编号，或标题、地区的一部分 · id, or a part of title or region")
    ],
    format_: FormatOption = "text",
) -> None:
    """All versions of a document, newest first: stage, cause, what moved."""
    allowed(format_, "text", "json", "csv")
    from watcher.pipeline.finding import find_document

    sources = load_stored()
    with opened(sources, read_only=True) as context:
        document_id = find_document(context, document)
        found = context.store.versions.log(document_id)
    causes = {"first": tr("首次", "first"), "content": tr("内容", "content"), "rules": tr("规则", "rules")}
    header = (
        ("版本", "version"),
        ("阶段", "stage"),
        ("起因", "cause"),
        ("时间", "seen_at"),
        ("指标", "indicators"),
        ("变动", "moves"),
        ("文字", "edits"),
        ("效果", "effects"),
        ("网址", "url"),
    )

    def cells(row: dict[str, Any]) -> Sequence[Any]:
        return (
            row["number"],
            stage_word(row["stage"]),
            causes[row["cause"]],
            local(row["seen_at"], sources.schedule.timezone),
            row["indicator_count"],
            row["move_count"],
            row["edit_count"],
            _effects(row["effects"]),
            row["url"],
        )

    _show(format_, document_id, header, found, cells)


@guarded
def sources_(limit: LimitOption = 200, format_: FormatOption = "text") -> None:
    """Every source of sources.yaml: last verdict, failures, next check."""
    allowed(format_, "text", "json", "csv")
    sources = load_stored()
    with opened(sources, read_only=True) as context:
        if format_ == "json":
            print_rows(context.store.sources.listed_json())
            return
        found = context.store.sources.listed(at_most(limit, format_))
        count = context.store.sources.count()
    header = (
        ("文件或栏目", "source"),
        ("网址", "url"),
        ("判定", "verdict"),
        ("连续失败", "failures"),
        ("上次", "checked_at"),
        ("下次", "next_at"),
        ("说明", "note"),
    )

    def cells(row: dict[str, Any]) -> Sequence[Any]:
        return (
            row["document"] or row["name"],
            row["url"],
            row["verdict"] or tr("未查", "never"),
            row["failures"],
            local(row["checked_at"], sources.schedule.timezone),
            local(row["next_at"], sources.schedule.timezone),
            row["note"],
        )

    left_out(len(found), count)
    _show(format_, "", header, found, cells)


ALERT_STATES = {
    "waiting": ("等待发送", "waiting"),
    "digest": ("等待汇总", "digest"),
    "sending": ("正在发送", "sending"),
    "sent": ("已送达", "sent"),
    "dead": ("死信", "dead"),
}
"""States of an alert, for people; programs get the keys (``--format json``)."""


@guarded
def alerts(
    state: Annotated[str | None, typer.Option(help="waiting、digest、sending、sent、dead")] = None,
    preview: Annotated[
        str | None, typer.Option("--preview", metavar="DOC", help="预览某文件最近一次变更的通知 · what would be sent")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多几条 · at most so many")] = 50,
    format_: FormatOption = "text",
) -> None:
    """The outbox, newest first; or what would be sent of a document's last change."""
    allowed(format_, "text", "json", "csv")
    from watcher.alert.words import kind_word

    if state is not None and state not in ALERT_STATES:
        fail(
            tr(
                f"没有状态 {state!r}；可用：{'、'.join(ALERT_STATES)}",
                f"no state {state!r}; there are: {', '.join(ALERT_STATES)}",
            )
        )
    sources = load_stored()
    with opened(sources, read_only=True) as context:
        if preview is not None:
            from watcher.pipeline.previewing import preview as text_of

            say(text_of(context, preview))
            return
        found = context.store.outbox.recent(state=state, limit=limit)
    header = (
        ("序号", "id"),
        ("类型", "type"),
        ("文件", "title"),
        ("渠道", "channel"),
        ("状态", "state"),
        ("次数", "tries"),
        ("产生", "created_at"),
        ("送达", "sent_at"),
        ("对方答复", "answer"),
    )

    def cells(row: dict[str, Any]) -> Sequence[Any]:
        return (
            row["id"],
            kind_word(row["type"], Options.language),
            row["title"],
            row["channel"],
            tr(*ALERT_STATES[row["state"]]),
            row["tries"],
            local(row["created_at"], sources.schedule.timezone),
            local(row["sent_at"], sources.schedule.timezone),
            row["answer"],
        )

    _show(format_, "", header, found, cells)


@guarded
def incidents(
    all_: Annotated[bool, typer.Option("--all", help="含已恢复的 · closed ones too")] = False,
    limit: LimitOption = 200,
    format_: FormatOption = "text",
) -> None:
    """What cannot be read or sent, since when, and what to do."""
    allowed(format_, "text", "json", "csv")
    from watcher.alert.incidents import advice, name, subject

    sources = load_stored()
    with opened(sources, read_only=True) as context:
        found = context.store.incidents.recent(open_only=not all_, limit=at_most(limit, format_))
        count = context.store.incidents.count(open_only=not all_)
    header = (
        ("异常", "kind"),
        ("对象", "subject"),
        ("开始", "opened_at"),
        ("恢复", "closed_at"),
        ("详情", "detail"),
        ("怎么办", "advice"),
    )

    def cells(row: dict[str, Any]) -> Sequence[Any]:
        return (
            name(row["kind"], Options.language),
            subject(row["subject"], Options.language),
            local(row["opened_at"], sources.schedule.timezone),
            local(row["closed_at"], sources.schedule.timezone),
            row["detail"],
            advice(row["kind"], Options.language)[1],
        )

    left_out(len(found), count)
    _show(format_, "", header, found, cells)
