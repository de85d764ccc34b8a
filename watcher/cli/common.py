"""What every command shares: where sources.yaml is, in which language to speak, how data is printed, how trouble ends."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, ParamSpec, TypeVar

import typer

from watcher.errors import WatcherError
from watcher.text import spelt_out, visible
from watcher.words import SEAM, STAGE_WORDS, VERDICTS, Options, speak, told, tr, within

if TYPE_CHECKING:
    from collections.abc import Generator

    from watcher.pipeline.context import Context
    from watcher.settings import Sources

P = ParamSpec("P")
T = TypeVar("T")

TROUBLE = 2
"""Exit status of a command that could not do its work."""
_SEAM = json.dumps(SEAM)[1:-1]
WIDE = 160
"""Cells of a line that goes into a pipe or a file."""
_YOUNG = 5_000
"""Objects that come before the collector walks them, in a command that may work for long (``watcher.__main__`` has it for the others)."""
PATIENCE = 60.0
"""Seconds that a command waits for a worker of the cluster."""

FormatOption = Annotated[
    str, typer.Option("--format", "-f", help="输出格式 text、json（部分命令还有 csv、markdown、html） · output format")
]
LimitOption = Annotated[
    int, typer.Option("--limit", min=0, help="最多几行，0 为全部 · at most so many lines, 0 for all")
]


def at_most(limit: int, format_: str) -> int:
    """How many rows are asked of the store: what a person can read; programs get everything (-1)."""
    return limit if format_ == "text" and limit else -1


def left_out(shown: int, count: int) -> None:
    """Says how many rows are not shown."""
    if count > shown:
        left = count - shown
        say(tr(f"（另有 {left} 行，--limit 0 显示全部）", f"({left} more; --limit 0 shows all)"), err=True)


def some(count: int, one: str, more: str = "") -> str:
    """How many of something, in English: ``1 document``, ``2 documents``; ``more`` where an ``s`` is not enough."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def say(text: str, *, err: bool = False) -> None:
    """One text for people; what a fetched page wrote into it drives no terminal."""
    typer.echo(visible(told(text)), err=err)


def fail(message: str, status: int = TROUBLE) -> NoReturn:
    """One line on standard error, and out."""
    say(f"watcher: {' '.join(message.split())}", err=True)
    raise typer.Exit(status)


def guarded(command: Callable[P, T]) -> Callable[P, T]:
    """Turns expected failures, a full disk and a locked database into one plain line and exit status 2; bugs keep their traceback."""

    @wraps(command)
    def inner(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except WatcherError as error:
            fail(str(error))
        except BrokenPipeError:
            # The reader (head, less) went away: that is its right.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            typer.echo(
                tr(
                    "已中断；已写入的内容完好，下次会接着做。",
                    "interrupted; what was written is whole, the next run goes on.",
                ),
                err=True,
            )
            raise typer.Exit(130) from None
        except Exception as error:
            from watcher.store.trouble import refusal

            said = refusal(error)
            if said is None:
                raise
            fail(told(said))

    return inner


def allowed(format_: str, *formats: str) -> str:
    """Checks ``--format``; exits 2 with the formats that there are."""
    if format_ not in formats:
        fail(
            tr(
                f"这里没有 {format_!r} 格式；可用：{'、'.join(formats)}",
                f"no format {format_!r} here; there are: {', '.join(formats)}",
            )
        )
    return format_


def load_sources(
    *, secrets: bool = False, optional: bool = False, reader: Callable[..., Sources] | None = None
) -> Sources:
    """sources.yaml, checked; with ``optional`` defaults where there is none (for commands that only need a network).

    ``reader`` reads it in another way than ``sources.load`` does.
    """
    from watcher.settings import Sources
    from watcher.sources import load

    path = Options.sources
    if optional and not path.exists():
        return Sources(file=path.resolve(), database=path.resolve().parent / "db" / "watcher.db")
    sources = (reader or load)(path, secrets=secrets)
    speak(sources.alerting.language)
    return sources


def load_stored() -> Sources:
    """What a command needs that only looks at what is stored: where that is, time zone, language and link of messages."""
    from watcher.sources import glance

    sources = glance(Options.sources)
    speak(sources.alerting.language)
    return sources


@contextmanager
def opened(sources: Sources, *, read_only: bool = False, sync: bool = False) -> Generator[Context]:
    """A job's context over the store of ``sources``; with ``sync`` the stored sources are made those of the file."""
    from watcher.pipeline.context import Context
    from watcher.store import Store

    store = Store(sources.database, read_only=read_only)
    context = Context(sources, store)
    try:
        if sync:
            from watcher.pipeline.workers import workers_of

            store.sources.sync(sources, context.now())
            context.workers = workers_of(sources, PATIENCE)
        yield context
    finally:
        if context.workers is not None:
            context.workers.close()
        store.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine on the fastest loop there is."""
    import asyncio  # a third of what a command that only looks would import

    gc.set_threshold(_YOUNG)
    try:
        import uvloop
    except ImportError:  # pragma: no cover - not on this platform
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


async def with_gate(context: Context, work: Callable[[Context], Coroutine[Any, Any, T]]) -> T:
    """Runs ``work`` with the gate to the network open."""
    from watcher.fetch.gate import Gate

    async with Gate(context.sources.network) as gate:
        context.gate = gate
        try:
            return await work(context)
        finally:
            context.gate = None


def print_json(data: object) -> None:
    """JSON as people and programs both can read it; texts that have two languages in the one that was asked for."""
    import msgspec  # ten times as quick as json for a list of all documents

    print_data(spelt_out(msgspec.json.format(_spoken(msgspec.json.encode(data, enc_hook=str).decode()), indent=2)))


def print_rows(rows: Sequence[str]) -> None:
    """A long list of objects, each of them JSON already: a line for each."""
    made = ",\n".join(rows)
    if _SEAM in made:
        made = ",\n".join(map(_spoken, rows))
    if not all(map(str.isprintable, rows)):  # half as long as the search
        made = spelt_out(made)
    print_data(f"[\n{made}\n]" if made else "[]")


def _spoken(text: str) -> str:
    if _SEAM not in text:
        return text
    import msgspec

    return msgspec.json.encode(within(msgspec.json.decode(text))).decode()


def print_data(text: str, *, nl: bool = True) -> None:
    """A text for programs: UTF-8, whatever the terminal speaks."""
    # As bytes: echo looks through a text for colours. What stands in for the output may take text alone.
    typer.echo(text.encode() if hasattr(sys.stdout, "buffer") else text, nl=nl)


# A spreadsheet program would run these as formulas.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> str:
    """A value for a spreadsheet: text that would be a formula gets an apostrophe."""
    text = "" if value is None else visible(told(str(value)))
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def print_csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """CSV by RFC 4180 with a header line, safe to open in a spreadsheet program."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    print_data(out.getvalue(), nl=False)


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people; what a fetched page wrote into it drives no terminal. As wide as the terminal; wide where it is a pipe."""
    from watcher.cli.table import table

    smart = sys.stdout.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else WIDE
    shown = [["" if value is None else visible(told(str(value))) for value in row] for row in rows]
    typer.echo(table(visible(title), header, shown, width, styled=smart), nl=False)


def local(text: str | None, timezone: str) -> str:
    """A stored instant as people read it, in a time zone."""
    if not text:
        return ""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return f"{datetime.fromisoformat(text).astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"


def verdict_word(verdict: str) -> str:
    """A verdict for people: in words, and where something is wrong with the word that programs get."""
    word = tr(*VERDICTS.get(verdict, (verdict, verdict)))
    return word if verdict in ("document", word) else tr(f"{word}（{verdict}）", f"{word} ({verdict})")


def stage_word(stage: str | None) -> str:
    """A stage in the language that was asked for."""
    return tr(*STAGE_WORDS[stage]) if stage is not None and stage in STAGE_WORDS else ""
