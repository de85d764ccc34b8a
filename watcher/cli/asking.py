"""Commands that ask: diff, read, indicators, link."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from watcher.cli.common import (
    FormatOption,
    LimitOption,
    allowed,
    fail,
    guarded,
    load_sources,
    load_stored,
    local,
    opened,
    print_csv,
    print_data,
    print_json,
    print_table,
    run,
    say,
    some,
    stage_word,
    verdict_word,
    with_gate,
)
from watcher.errors import NotFound
from watcher.text import visible
from watcher.words import Options, told, tr

if TYPE_CHECKING:
    from watcher.pipeline.asking import Looked
    from watcher.pipeline.finding import Difference
    from watcher.types import Indicator, VersionRef

DocArgument = Annotated[
    str, typer.Argument(metavar="DOC", help="编号，或标题、地区的一部分 · id, or a part of title or region")
]

_EVERYTHING = 1_000_000
"""Characters around a change that are more than any paragraph has."""


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command("diff", help="现取现比，不写库 · ad-hoc diff, writes nothing")(diff)
    app.command("read", help="清洗后的正文 · the cleaned reading of a page or file")(read)
    app.command("indicators", help="指标 · the indicators of a document, file or page")(indicators)
    app.command("link", help="同一文件的各阶段 · links between editions")(link)


@guarded
def diff(
    document: DocArgument,
    stored: Annotated[
        bool, typer.Option("--stored", help="比较库中最近两个版本 · the last two stored versions")
    ] = False,
    older: Annotated[
        str | None, typer.Option("--from", metavar="X", help="版本号、日期或阶段 · a number, a date or a stage")
    ] = None,
    newer: Annotated[str | None, typer.Option("--to", metavar="Y", help="同上 · likewise")] = None,
    other: Annotated[
        str | None, typer.Option("--with", metavar="DOC2", help="与另一份文件比较 · with another document")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="不折叠未变内容 · do not fold what is equal")] = False,
    format_: FormatOption = "text",
) -> None:
    """Exit status as diff(1) has it: 0 no difference, 1 differences, 2 trouble."""
    from watcher.pipeline import finding

    allowed(format_, "text", "json", "markdown", "html")
    if (older is None) != (newer is None):
        fail(tr("--from 与 --to 要一起给", "--from and --to go together"))
    if sum((stored, older is not None, other is not None)) > 1:
        fail(tr("--stored、--from/--to、--with 只能选一种", "give one of --stored, --from/--to and --with"))
    now_too = not (stored or older is not None or other is not None)
    sources = load_sources() if now_too else load_stored()
    with opened(sources, read_only=True) as context:
        document_id = finding.find_document(context, document)
        if stored:
            found = finding.stored(context, document_id)
        elif older is not None and newer is not None:
            found = finding.between(context, document_id, older, newer)
        elif other is not None:
            found = finding.across(context, document_id, finding.find_document(context, other))
        else:
            from watcher.pipeline.asking import now

            found = run(with_gate(context, lambda inside: now(inside, document_id)))
    _print_diff(found, format_, sources.schedule.timezone, whole=whole)
    raise typer.Exit(1 if found.change else 0)


def _print_diff(found: Difference, format_: str, timezone: str, *, whole: bool) -> None:
    import sys

    from watcher.compare import render

    if format_ == "json":
        print_json(found.to_json())
        return
    around: dict[str, Any] = {"context": _EVERYTHING} if whole else {}
    if format_ == "markdown":
        print_data(visible(told(render.markdown(found.change, Options.language, **around))))
    elif format_ == "html":
        note = _sides(found, timezone)
        page = render.html(found.change, Options.language, title=found.title, note=note, **around)
        print_data(visible(told(page)))
    else:
        typer.echo(
            render.terminal(found.change, Options.language, **around)
            if sys.stdout.isatty()
            else render.plain(found.change, Options.language, **around)
        )
        if not found.change:
            say(f"{found.title}  {found.before.ref.url}")
            return
        say(f"\n{found.title}\n{_sides(found, timezone)}")


def _sides(found: Difference, timezone: str) -> str:
    """The two versions that were compared, one a line."""
    lines = [
        tr(f"  旧: {_side(found.before.ref, timezone)}", f"  old: {_side(found.before.ref, timezone)}"),
        tr(f"  新: {_side(found.after.ref, timezone)}", f"  new: {_side(found.after.ref, timezone)}"),
    ]
    return "\n".join(lines)


def _side(ref: VersionRef, timezone: str) -> str:
    stage, seen = stage_word(ref.stage), local(ref.seen_at.isoformat(), timezone)
    return tr(f"{ref.version}（{stage}，{seen}）{ref.url}", f"{ref.version} ({stage}, {seen}) {ref.url}")


def _is_place(words: str) -> bool:
    """An address or a file, rather than a document's name."""
    suffix = Path(words).suffix[1:].lower()
    if words.partition(":")[0].lower() in ("http", "https", "file") or "/" in words or Path(words).is_file():
        return True
    if not suffix.isalnum():
        return False
    from watcher.read.links import FORMATS  # with all that reads pages

    return suffix in ("html", "htm", "shtml", *FORMATS)


def _look(place: str, *, with_indicators: bool) -> Looked:
    from watcher.pipeline import asking
    from watcher.pipeline.context import Context
    from watcher.store import MEMORY, Store

    # Nothing is stored by this; the store in memory only completes the context.
    context = Context(load_sources(optional=True), Store(MEMORY))
    try:
        return run(with_gate(context, lambda inside: asking.look(inside, place, indicators=with_indicators)))
    finally:
        context.store.close()


@guarded
def read(
    place: Annotated[str, typer.Argument(metavar="FILE_OR_URL", help="文件或网址 · a file or an address")],
    dropped: Annotated[bool, typer.Option("--dropped", help="显示去掉了什么 · show what was dropped")] = False,
    format_: FormatOption = "text",
) -> None:
    """The cleaned reading of a page or file; of a column page, its items."""
    from watcher.read import to_json

    allowed(format_, "text", "json")
    looked = _look(place, with_indicators=False)
    reading = looked.reading
    if format_ == "json":
        print_json(to_json(reading, looked.verdict))
        return
    if dropped:
        for one in reading.dropped:
            say(f"- {one.text}    [{told(one.reason)}]")
        return
    if looked.verdict != "document":
        say(
            tr(
                f"判定：{verdict_word(looked.verdict)}：{looked.reason}",
                f"verdict: {verdict_word(looked.verdict)}: {looked.reason}",
            ),
            err=True,
        )
    if reading.kind == "column":
        print_table(
            "",
            (tr("日期", "date"), tr("标题", "title"), tr("网址", "url")),
            [(one.date, one.title, one.url) for one in reading.items],
        )
        return
    say(reading.text)


@guarded
def indicators(
    place: Annotated[
        list[str],
        typer.Argument(metavar="DOC_OR_FILE_OR_URL...", help="文件编号、文件或网址 · a document, a file or an address"),
    ],
    compare: Annotated[bool, typer.Option("--compare", help="多份文件并排 · several documents side by side")] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="为未知名称推荐标准名 · propose canonical names")] = False,
    format_: FormatOption = "text",
) -> None:
    """The indicators of a document, file or page, grouped by section, baseline and target side by side."""
    from watcher.indicators import show

    allowed(format_, "text", "json", "csv")
    found = [_indicators(one) for one in place]
    if len(found) > 1 and not compare:
        fail(tr("多份文件请加 --compare", "several documents need --compare"))
    if compare:
        header, rows = show.compare_many(dict(found))
        if format_ == "csv":
            print_csv(header, rows)
        elif format_ == "json":
            print_json([dict(zip(header, row, strict=True)) for row in rows])
        else:
            print_table("", header, rows)
        return
    label, mine = found[0]
    if suggest:
        proposals = [
            (name, usual, key, f"{likeness:.2f}")
            for name, near in show.suggestions(mine)
            for key, usual, likeness in near
        ]
        if not proposals:
            say(
                tr(
                    "没有可建议的：每个名称都有标准名，或没有相近的标准名",
                    "nothing to propose: every name has its key, or none comes near",
                )
            )
            return
        columns = (tr("名称", "name"), tr("可能是", "perhaps"), tr("标准名", "key"), tr("相似度", "likeness"))
        print_table("", columns, proposals)
    elif format_ == "json":
        print_json(show.to_json(mine))
    elif format_ == "csv":
        header, *rows = show.to_csv_rows(mine)
        print_csv(header, rows)
    else:
        _print_indicators(label, mine)


def _print_indicators(label: str, mine: tuple[Indicator, ...]) -> None:
    """Grouped by section, baseline and target side by side; contradictions of the document below."""
    from watcher.indicators import contradictions, show

    columns = (
        tr("指标", "indicator"),
        tr("单位", "unit"),
        tr("基期或现状", "baseline or actual"),
        tr("目标", "target"),
        tr("属性", "nature"),
        tr("出处", "from"),
    )
    for group in show.grouped(mine):
        rows = [
            (
                row.name + (" ⚠" if row.disputed else ""),
                row.unit,
                row.before,
                row.after,
                row.nature,
                _origin(row.origin),
            )
            for row in group.rows
        ]
        print_table(group.section or tr("（无章节）", "(no section)"), columns, rows)
    disputed = contradictions(mine)
    if disputed:
        say(
            tr(f"⚠ 文中自相矛盾 {len(disputed)} 处：", f"⚠ {some(len(disputed), 'contradiction')} inside the document:")
        )
        for one in disputed:
            say(f"  {one.first.name}：「{one.first.quote}」 ↔ 「{one.second.quote}」 {one.reason}")
    say(tr(f"{label}：{len(mine)} 个数值", f"{label}: {some(len(mine), 'value')}"))


def _origin(marks: str) -> str:
    """Where a value stands (表, 文 or both), in the reader's language."""
    return tr(marks, marks.replace("表", "table").replace("文", "text"))


def _indicators(place: str) -> tuple[str, tuple[Indicator, ...]]:
    """A label (place of the document, or its title) and its indicators."""
    from watcher.pipeline import finding

    if not _is_place(place):
        try:
            with opened(load_stored(), read_only=True) as context:
                document_id = finding.find_document(context, place)
                version = finding.stored_indicators(context, document_id)
        except NotFound as error:
            fail(str(error))
        return version.reading.region or version.title, version.indicators
    looked = _look(place, with_indicators=True)
    if looked.verdict != "document":
        fail(tr(f"{place}：判定为 {looked.verdict}（{looked.reason}）", f"{place}: {looked.verdict} ({looked.reason})"))
    return looked.reading.region or looked.reading.title, looked.indicators


@guarded
def link(
    accept: Annotated[
        int | None, typer.Option("--accept", metavar="ID", help="认可一条建议 · make a proposed link")
    ] = None,
    undo: Annotated[int | None, typer.Option("--undo", metavar="ID", help="撤销一条关联 · undo a link")] = None,
    make: Annotated[
        tuple[str, str] | None, typer.Option("--make", metavar="DRAFT_DOC FINAL_DOC", help="手工关联 · link by hand")
    ] = None,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--explain",
            metavar="DRAFT_TITLE FINAL_TITLE",
            help="两个标题是否同一文件 · whether two titles are one document",
        ),
    ] = None,
    limit: LimitOption = 200,
    format_: FormatOption = "text",
) -> None:
    """Proposed and made links between editions; makes, undoes and explains them."""
    from watcher.cli.linking import change_links, print_explanation, print_links

    allowed(format_, "text", "json")
    if sum(one is not None for one in (accept, undo, make, explain)) > 1:
        fail(
            tr(
                "一次只做一件事：--accept、--undo、--make 或 --explain",
                "one at a time: --accept, --undo, --make or --explain",
            )
        )
    if explain is not None:
        print_explanation(*explain, format_)
        return
    if accept is not None or undo is not None or make is not None:
        change_links(accept, undo, make)
    print_links(format_, limit)
