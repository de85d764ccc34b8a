"""The command line: each command asks the pipeline or the store, then prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from watcher.cli import asking, cluster, listing, upkeep, watching
from watcher.cli.common import TROUBLE
from watcher.words import Options, tr

app = typer.Typer(
    name="watcher",
    help="监测中国政府文件从征求意见稿到印发稿的变化，说清哪些指标变了。 · Watches Chinese government documents and tells which indicators moved.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(show: bool) -> None:
    if show:
        from importlib.metadata import version

        typer.echo(f"watcher {version('watcher')}")
        raise typer.Exit


@app.callback()
def options(
    sources: Annotated[
        Path, typer.Option("--sources", "-s", envvar="WATCHER_SOURCES", help="监测源文件 · the sources file")
    ] = Path("sources.yaml"),
    language: Annotated[
        str | None,
        typer.Option(
            "--lang", envvar="WATCHER_LANG", help="zh 或 en，缺省按 settings: language · language of texts for people"
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 · version")
    ] = False,
) -> None:
    """Options that stand before every command."""
    Options.sources = sources
    Options.chosen = language is not None
    Options.language = "en" if language is not None and language.lower().startswith("en") else "zh"


for module in (watching, asking, listing, upkeep, cluster):
    module.register(app)


def main() -> None:
    """The entry point of the ``watcher`` command: wrong usage is one plain line and exit status 2, as all trouble is."""
    try:
        status = app(standalone_mode=False)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        # typer carries its own copy of click: its errors are known by what they can do.
        said = getattr(error, "format_message", None)
        if said is None:
            raise
        if type(error).__name__ != "NoArgsIsHelpError":
            context = getattr(error, "ctx", None)
            typer.echo(f"watcher: {_usage(said(), context.command_path if context else 'watcher')}", err=True)
        sys.exit(TROUBLE)
    sys.exit(status if isinstance(status, int) else 0)


def _usage(message: str, command: str) -> str:
    said = " ".join(message.split()).rstrip(".。")
    return tr(f"用法不对：{said}；说明见 {command} -h", f"wrong usage: {said}; see {command} -h")
