"""Every command is documented with an example, and every example does what the page says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperCommand, TyperGroup, TyperOption

from tests.console_examples import PAGES, Example, Ran, examples_of, fill_in, matches, run, shipped, trouble
from watcher.cli import app

EXAMPLES = {page.name: examples_of(page.read_text(encoding="utf-8"), page.name) for page in PAGES}


def walk(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    """Every visible command with the words that lead to it."""
    if isinstance(command, TyperGroup):
        for name, inner in sorted(command.commands.items()):
            if not inner.hidden:
                yield from walk(inner, (*words, name))
    elif isinstance(command, TyperCommand):
        yield words, command


COMMANDS = list(walk(typer.main.get_command(app)))


def test_the_walk_finds_the_commands_of_the_design() -> None:
    names = {words[0] for words, _ in COMMANDS}
    assert {"demo", "run", "check", "diff", "read", "indicators", "log", "docs"} <= names


@pytest.mark.parametrize(("words", "command"), COMMANDS, ids=[" ".join(words) for words, _ in COMMANDS])
def test_a_command_says_what_it_does(words: tuple[str, ...], command: TyperCommand) -> None:
    help_text = (command.help or "").strip()
    assert len(help_text) > 5, "a few plain words, please"
    unexplained = [
        option.name
        for option in command.params
        if isinstance(option, TyperOption) and not option.hidden and not (option.help or "").strip()
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
    folder = shipped(tmp_path)
    wrong = [told for example in EXAMPLES[page] if (told := trouble(example, run(example, folder)))]
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
    assert first == Example("x.md", 4, "watcher docs", ("id     title", "hohhot …", "…"), 0, 5)
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
    example = Example("x.md", 1, "watcher --version", ("nothing like it",), 0)
    assert "nothing like it" in (trouble(example, run(example, tmp_path)) or "")
    failing = Example("x.md", 1, "watcher no-such-command", (), 0)
    assert "exit status 2" in (trouble(failing, run(failing, tmp_path)) or "")
    assert trouble(failing, Ran("", 0)) is None


def test_a_page_is_filled_in_with_what_is_printed(tmp_path: Path) -> None:
    page = tmp_path / "x.md"
    page.write_text("```console\n$ watcher --version\n?\n$ watcher --version\nwatcher …\n```\nend\n", encoding="utf-8")
    fill_in(page)
    first, second = examples_of(page.read_text(encoding="utf-8"), "x.md")
    assert first.shown[0].startswith("watcher 0")
    assert second.shown == ("watcher …",)
    assert page.read_text(encoding="utf-8").endswith("```\nend\n")
