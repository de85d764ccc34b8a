"""Examples of commands in the documentation: found, run as a reader would, and compared with what is shown.

An example is a block fenced as ``console``. A line that begins with ``$ `` is typed; what follows it, up to the next such
line, is what the terminal shows (standard output and errors together). ``…`` stands for any characters of one line, a
line of only ``…`` for any number of lines. An example that shows nothing may print anything. ``$ echo $?`` right after a
command shows its exit status; without it the command must succeed.

Only commands that begin with ``watcher`` (after ``NAME=value``) are run, and ``sed`` and ``cp``, which make a change to watch.
A fence ``console not-run: why`` is for readers only.

``python -m tests.console_examples docs/commands.md`` runs the examples of a page and writes what they print into it where
the page shows something else (a line ``?`` asks for it). Read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")])
_FENCE = re.compile(r"^```console[ \t]*(?P<word>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_ASSIGNMENTS = re.compile(r"^(?:[A-Z_][A-Z0-9_]*=\S*\s+)*")
# These run until they are told to stop: the example is right when they start, and end well on SIGTERM.
UNTIL_STOPPED = {("run",), ("web",), ("scheduler",), ("worker",)}


@dataclass(frozen=True)
class Example:
    """One typed line with what the page shows of it."""

    page: str
    line: int
    command: str
    shown: tuple[str, ...]
    status: int
    shown_at: int = 0
    """The line of the page (from 1) where ``shown`` begins."""

    @property
    def words(self) -> tuple[str, ...]:
        """The command's words after ``watcher``; none of another program's."""
        typed = _ASSIGNMENTS.sub("", self.command).split()
        return tuple(typed[1:]) if typed[0] == "watcher" else ()

    @property
    def runs_until_stopped(self) -> bool:
        # What is shown to fail ends by itself, however long that takes where the machine is busy.
        return (
            self.words[:1] in UNTIL_STOPPED
            and self.status == 0
            and "--help" not in self.words
            and "|" not in self.words
        )


def is_run(command: str) -> bool:
    """Whether a typed line is run."""
    return _ASSIGNMENTS.sub("", command).partition(" ")[0] in {"watcher", "sed", "cp"}


def examples_of(text: str, page: str) -> list[Example]:
    """The examples of one page that are to be run, in order."""
    found: list[Example] = []
    for fence in _FENCE.finditer(text):
        if fence["word"].startswith("not-run:"):
            continue
        first = text.count("\n", 0, fence.start("body")) + 1
        typed: list[tuple[int, str, list[str], int]] = []
        for number, line in enumerate(fence["body"].splitlines(), first):
            if line.startswith("$ "):
                typed.append((number, line[2:].strip(), [], number + 1))
            elif typed and typed[-1][1].endswith("\\") and not typed[-1][2]:
                begun, command, _, _ = typed.pop()
                typed.append((begun, f"{command[:-1].rstrip()} {line.strip()}", [], number + 1))
            elif typed:
                typed[-1][2].append(line)
        for at, (number, command, shown, shown_at) in enumerate(typed):
            if not is_run(command):
                continue
            asked = at + 1 < len(typed) and typed[at + 1][1] == "echo $?"
            status = int("".join(typed[at + 1][2]).strip() or 0) if asked else 0
            while shown and not shown[-1].strip():
                shown.pop()
            found.append(Example(page, number, command, tuple(shown), status, shown_at))
    return found


def matches(shown: tuple[str, ...], printed: str) -> bool:
    """Whether what was printed is what is shown; ``…`` is a wildcard, white space at line ends does not count."""
    pattern = ""
    for line in shown:
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += "[^\n]*".join(re.escape(piece) for piece in line.rstrip().split("…")) + r"[ \t]*\n"
    return re.fullmatch(pattern + r"\s*", printed.rstrip() + "\n") is not None


def environment(folder: Path) -> dict[str, str]:
    """What a reader's shell has: this project's commands, a terminal of a usual width, no colours, an own home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WATCHER_", "COV_", "PYTEST_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    own = {"HOME": str(folder), "PATH": path, "COLUMNS": "120", "LINES": "50", "TERM": "dumb", "NO_COLOR": "1"}
    return {**kept, **own, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}


@dataclass(frozen=True)
class Ran:
    """How an example ended: what it printed, and its exit status (``None``: it did not end)."""

    printed: str
    status: int | None


def run(example: Example, folder: Path) -> Ran:
    """Runs an example in ``folder``; what runs until it is stopped is stopped when it has said its first line."""
    with tempfile.TemporaryFile() as told:
        started = subprocess.Popen(
            ["bash", "-c", example.command], cwd=folder, env=environment(folder), start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            if example.runs_until_stopped:
                # A worker says nothing before it has looked for its scheduler for a while; the others only wait for a busy machine.
                stop_after_a_line(started, told.fileno(), 8 if example.words[:1] == ("worker",) else 30)
            status: int | None = started.wait(timeout=200)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
            status = None
        told.seek(0)
        # Lines of CSV end as RFC 4180 has it; a terminal shows no difference.
        return Ran(told.read().decode("utf-8", "replace").replace("\r\n", "\n"), status)


def stop_after_a_line(started: subprocess.Popen[bytes], told: int, patience: float) -> None:
    """Ends a program as soon as it has printed something, or has had ``patience`` seconds for it."""
    until = time.monotonic() + patience
    while started.poll() is None and not os.fstat(told).st_size and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.3)
    if started.poll() is None:
        os.killpg(started.pid, signal.SIGTERM)


def trouble(example: Example, ran: Ran) -> str | None:
    """What is wrong with an example that ran, or ``None``."""
    where = f"{example.page}:{example.line}: {example.command}"
    if ran.status != example.status:
        return f"{where}\n  exit status {ran.status}, shown {example.status}; printed:\n{ran.printed}"
    if "Traceback (most recent call last)" in ran.printed:  # the exit status of a pipe is that of its last command
        return f"{where}\n  breaks; printed:\n{ran.printed}"
    if example.shown and not matches(example.shown, ran.printed):
        shown = "\n".join(example.shown)
        return f"{where}\n  prints:\n{ran.printed}\n  and the page shows:\n{shown}"
    return None


def shipped(folder: Path) -> Path:
    """``folder`` with what a reader finds in a fresh clone."""
    shutil.copy(ROOT / "sources.yaml", folder)
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "db").mkdir()
    return folder


def showable(printed: str, *, longest: int = 16) -> list[str]:
    """What a page may show of an output: times become wildcards, the middle of a long output too."""
    text = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+\d\d:\d\d)?|\d{8}T\d{6}Z?", "…", printed)
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    return lines if len(lines) <= longest else [*lines[: longest - 1], "…"]


def fill_in(page: Path) -> None:
    """Runs the examples of a page and writes what they print where the page shows something else."""
    lines = page.read_text(encoding="utf-8").splitlines()
    moved = 0
    with tempfile.TemporaryDirectory() as folder:
        shipped(Path(folder))
        for example in examples_of("\n".join(lines), page.name):
            ran = run(example, Path(folder))
            if told := trouble(replace(example, shown=()), ran):
                print(f"{told}\n", file=sys.stderr)
            elif example.shown and not matches(example.shown, ran.printed):
                at = example.shown_at - 1 + moved
                new = showable(ran.printed.replace(folder, "…"))
                lines[at : at + len(example.shown)] = new
                moved += len(new) - len(example.shown)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        fill_in(Path(name))
