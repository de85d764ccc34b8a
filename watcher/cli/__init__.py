"""The command line: each command asks the pipeline or the store, then prints."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from watcher.cli import asking, cluster, listing, streams, upkeep, watching
from watcher.cli.common import TROUBLE, fail
from watcher.words import Language, Options, tr

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
        Path,
        typer.Option("--sources", "-s", envvar="WATCHER_SOURCES", readable=False, help="监测源文件 · the sources file"),
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
    Options.chosen = bool(language)
    Options.language = _language(language)


def _language(said: str | None) -> Language:
    """The language of ``--lang`` or WATCHER_LANG (``en``, ``en_US.UTF-8``, ``zh`` …); Chinese without it."""
    short = (said or "zh").lower()[:2]
    if short not in ("zh", "en"):
        fail(f"--lang: {said!r} 不是 zh 或 en · {said!r} is neither zh nor en")
    return "en" if short == "en" else "zh"


for module in (watching, asking, listing, upkeep, cluster):
    module.register(app)


def main() -> None:
    """The entry point of the ``watcher`` command: wrong usage is one plain line and exit status 2, as all trouble is."""
    streams.prepare()
    # What is wrong with a command line is told before its options are read.
    asked = re.search(r"\0--lang[=\0]([^\0]*)", "\0".join(sys.argv))
    Options.language = "en" if (asked[1] if asked else os.environ.get("WATCHER_LANG", "")).lower()[:2] == "en" else "zh"
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


_SAID: tuple[tuple[str, str], ...] = (
    (r"Missing (?:argument|option) '(.+?)'", "缺少 {0}"),
    (r"No such command '(.+?)'\. Did you mean (.+?)\?", "没有命令 {0}；是不是 {1}？"),
    (r"No such command '(.+?)'", "没有命令 {0}"),
    (r"No such option: (\S+) \(Possible options: (.+?)\)", "没有选项 {0}；是不是 {1}？"),
    (r"No such option: (\S+)", "没有选项 {0}"),
    (r"Option '(.+?)' requires an argument", "选项 {0} 后面要有一个值"),
    (r"Option '(.+?)' requires (\d+) arguments", "选项 {0} 后面要有 {1} 个值"),
    (r"Option '(.+?)' does not take a value", "选项 {0} 后面不带值"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", "多出来的词：{0}（含空格的词请加引号）"),
    (r"Invalid value for '(.+?)': (\S+) is not in the range (.+)", "{0} 不能是 {1}，须满足 {2}"),
    (r"Invalid value for '(.+?)': '(.*)' is not a valid .*", "{0} 不能是 {1!r}，须是数字"),
)
"""What the library says of a wrong command line, and how to say it in Chinese; what is not here stays as it is."""


def _usage(message: str, command: str) -> str:
    said = " ".join(message.split()).rstrip(".。")
    found = ((re.fullmatch(pattern, said), words) for pattern, words in _SAID)
    zh = next((words.format(*match.groups()) for match, words in found if match), said)
    stop = "" if zh.endswith("？") else "；"
    return tr(f"用法不对：{zh}{stop}说明见 {command} -h", f"wrong usage: {said}; see {command} -h")
