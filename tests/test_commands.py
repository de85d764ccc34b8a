"""Every command is documented with an example, and every example does what the page says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer.main

from tests.console_examples import PAGES, Example, examples_of, matches, run
from watcher.cli import app

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {page.name: examples_of(page.read_text(encoding="utf-8"), page.name) for page in PAGES}


def walk(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every visible command with the words that lead to it."""
    if isinstance(command, click.Group):
        for name, inner in sorted(command.commands.items()):
            if not inner.hidden:
                yield from walk(inner, (*words, name))
        if not words or not command.invoke_without_command:
            return
    yield words, command


COMMANDS = list(walk(typer.main.get_command(app)))


def test_the_walk_finds_the_commands_of_the_design() -> None:
    names = {words[0] for words, _ in COMMANDS}
    assert {"demo", "run", "check", "diff", "read", "indicators", "log", "docs"} <= names


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=[" ".join(words) for words, _ in COMMANDS])
def test_a_command_says_what_it_does(words: tuple[str, ...], command: click.Command) -> None:
    help_text = (command.help or "").strip()
    assert len(help_text) > 15, "one plain sentence, please"
    unexplained = [
        option.name
        for option in command.params
        if isinstance(option, click.Option) and not option.hidden and not (option.help or "").strip()
    ]
    assert not unexplained


@pytest.mark.parametrize("words", [words for words, _ in COMMANDS], ids=" ".join)
def test_a_command_is_shown_in_the_documentation_with_an_example(words: tuple[str, ...]) -> None:
    shown = [example for examples in EXAMPLES.values() for example in examples if example.words[: len(words)] == words]
    assert shown, f"show `watcher {' '.join(words)}` in a console block of README.md or docs/commands.md"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("page", [name for name, examples in EXAMPLES.items() if examples])
def test_the_examples_do_what_the_page_shows(page: str, tmp_path: Path) -> None:
    """One reader goes through one page from top to bottom, in a fresh copy of what the repository ships."""
    shutil.copy(ROOT / "sources.yaml", tmp_path)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "db").mkdir()
    wrong = [trouble for example in EXAMPLES[page] if (trouble := run(example, tmp_path))]
    assert not wrong, "\n\n".join(wrong)


PAGE = """
```console
$ make demo
$ watcher docs
id     title
hohhot …
…
$ WATCHER_X=1 watcher diff 呼和浩特 \\
    --stored
$ echo $?
1
```
```console not-run: needs the network
$ watcher read https://example.org/
```
"""


def test_examples_are_found_with_what_they_show() -> None:
    first, second = examples_of(PAGE, "x.md")
    assert first == Example("x.md", 4, "watcher docs", ("id     title", "hohhot …", "…"), 0)
    assert (second.command, second.status) == ("WATCHER_X=1 watcher diff 呼和浩特 --stored", 1)
    assert second.words == ("diff", "呼和浩特", "--stored")


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        (("a …c", "…", "z"), "a bbbc\n1\n2\nz\n", True),
        (("a …c", "…", "z"), "a bbbc  \nz\n\n", True),
        (("a …c", "z"), "a bbbc\n1\nz\n", False),
        (("a.c",), "abc\n", False),
    ],
)
def test_what_is_shown_is_compared_with_what_is_printed(shown: tuple[str, ...], printed: str, same: bool) -> None:
    assert matches(shown, printed) is same


def test_a_wrong_example_is_told(tmp_path: Path) -> None:
    wrong = run(Example("x.md", 1, "watcher --help", ("nothing like it",), 0), tmp_path)
    assert wrong is not None
    assert "nothing like it" in wrong
    failed = run(Example("x.md", 1, "watcher no-such-command", (), 0), tmp_path)
    assert failed is not None
    assert "exit status 2" in failed
