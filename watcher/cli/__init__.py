"""The command line: each command asks the pipeline or the store, then prints."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from watcher.cli import asking, listing, upkeep, watching
from watcher.words import Options

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
        str, typer.Option("--lang", envvar="WATCHER_LANG", help="zh 或 en · language of texts for people")
    ] = "zh",
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 · version")
    ] = False,
) -> None:
    """Options that stand before every command."""
    Options.sources = sources
    Options.language = "en" if language.lower().startswith("en") else "zh"


for module in (watching, asking, listing, upkeep):
    module.register(app)


def main() -> None:
    """The entry point of the ``watcher`` command."""
    app()
