"""Wrong usage of the command line is trouble like any other: one line on standard error, exit status 2."""

from __future__ import annotations

import subprocess
import sys

import pytest


def _watcher(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "watcher", *arguments], capture_output=True, encoding="utf-8", check=False, timeout=60
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff",), "DOC"),
        (("nosuch",), "nosuch"),
        (("read", "x.html", "--nosuch"), "--nosuch"),
        (("read", "/"), "文件夹"),
        (("indicators", "missing-plan.xlsx"), "没有这个文件"),
    ],
    ids=["missing argument", "unknown command", "unknown option", "folder", "missing file"],
)
def test_wrong_usage_is_one_line_and_status_two(arguments: tuple[str, ...], said: str) -> None:
    found = _watcher(*arguments)
    assert found.returncode == 2
    assert found.stdout == ""
    assert found.stderr.startswith("watcher: ")
    assert found.stderr.count("\n") == 1
    assert said in found.stderr


def test_help_is_no_trouble() -> None:
    found = _watcher("diff", "-h")
    assert found.returncode == 0
    assert found.stderr == ""
