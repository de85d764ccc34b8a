"""Commands that list what is stored: docs, log, sources, alerts, incidents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

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
    verdict_word,
)
from watcher.words import Options, effect_word, tr


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command("docs", help="已存文件 · stored documents")(docs)
    app.command("log", help="一份文件的全部版本 · all versions of a document")(log)
    app.command("sources", help="监测源与最近判定 · sources and their last verdicts")(sources_)
    app.command("alerts", help="通知（发件箱） · alerts")(alerts)
    app.command("incidents", help="异常 · incidents")(incidents)


class _Column(NamedTuple):
    zh: str
    en: str
    """Heads the column in CSV too."""
    cell: Callable[[dict[str, Any]], Any] | None = None
    """What stands there of a row; left out: what the row has under the English name."""


def _when(zh: str, en: str, timezone: str) -> _Column:
    return _Column(zh, en, lambda row: local(row[en], timezone))


def _show(format_: str, title: str, data: list[dict[str, Any]], *columns: _Column) -> None:
    """One list in the format that was asked for."""
    if format_ == "json":
        print_json(data)
        return
    rows = [[row[one.en] if one.cell is None else one.cell(row) for one in columns] for row in data]
    if format_ == "csv":
        print_csv([one.en for one in columns], rows)
    elif rows:
        print_table(title, [tr(one.zh, one.en) for one in columns], rows)
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
    left_out(len(found), count)
    _show(
        format_,
        "",
        found,
        _Column("编号", "id"),
        _Column("文件", "title"),
        _Column("地区", "region"),
        _Column("阶段", "stage", lambda row: stage_word(row["stage"]) or tr("尚未读到", "not read yet")),
        _Column("版本", "versions"),
        _Column("指标", "indicators"),
        _when("最近版本", "seen_at", sources.schedule.timezone),
    )


def _effects(counts: dict[str, int] | None) -> str:
    if not counts:
        return ""
    return " ".join(f"{effect_word(effect, Options.language)}{count}" for effect, count in counts.items())


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
        found = [
            {**row, "effects": json.loads(row["effects"]) if row["effects"] else None}
            for row in context.store.versions.log(document_id)
        ]
    causes = {"first": tr("首次", "first"), "content": tr("内容", "content"), "rules": tr("规则", "rules")}
    _show(
        format_,
        document_id,
        found,
        _Column("版本", "version", lambda row: row["number"]),
        _Column("阶段", "stage", lambda row: stage_word(row["stage"])),
        _Column("起因", "cause", lambda row: causes[row["cause"]]),
        _when("时间", "seen_at", sources.schedule.timezone),
        _Column("指标", "indicators", lambda row: row["indicator_count"]),
        _Column("变动", "moves", lambda row: row["move_count"]),
        _Column("文字", "edits", lambda row: row["edit_count"]),
        _Column("效果", "effects", lambda row: _effects(row["effects"])),
        _Column("网址", "url"),
    )


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
    left_out(len(found), count)
    _show(
        format_,
        "",
        found,
        _Column("文件或栏目", "source", lambda row: row["document"] or row["name"]),
        _Column("网址", "url"),
        _Column("判定", "verdict", lambda row: _verdict(row["verdict"], format_)),
        _Column("连续失败", "failures"),
        _when("上次", "checked_at", sources.schedule.timezone),
        _when("下次", "next_at", sources.schedule.timezone),
        _Column("说明", "note"),
    )


def _verdict(verdict: str | None, format_: str) -> str:
    if not verdict:
        return tr("未查", "never")
    return verdict if format_ == "csv" else verdict_word(verdict)


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
    _show(
        format_,
        "",
        found,
        _Column("序号", "id"),
        _Column("类型", "type", lambda row: kind_word(row["type"], Options.language)),
        _Column("文件", "title"),
        _Column("渠道", "channel"),
        _Column("状态", "state", lambda row: tr(*ALERT_STATES[row["state"]])),
        _Column("次数", "tries"),
        _when("产生", "created_at", sources.schedule.timezone),
        _when("送达", "sent_at", sources.schedule.timezone),
        _Column("对方答复", "answer"),
    )


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
    left_out(len(found), count)
    _show(
        format_,
        "",
        found,
        _Column("异常", "kind", lambda row: name(row["kind"], Options.language)),
        _Column("对象", "subject", lambda row: subject(row["subject"], Options.language)),
        _when("开始", "opened_at", sources.schedule.timezone),
        _when("恢复", "closed_at", sources.schedule.timezone),
        _Column("详情", "detail"),
        _Column("怎么办", "advice", lambda row: advice(row["kind"], Options.language)[1]),
    )
