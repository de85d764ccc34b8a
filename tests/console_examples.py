"""Examples of commands in the documentation: found, run as a reader would, and compared with what is shown.

An example is a block fenced as ``console``. A line that begins with ``$ `` is typed; what follows it, up to the next such
line, is what the terminal shows (standard output and errors together). ``…`` stands for any characters of one line, a
line of only ``…`` for any number of lines. An example that shows nothing may print anything. ``$ echo $?`` right after a
command shows its exit status; without it the command must succeed.

Only commands that begin with ``watcher`` (after ``NAME=value``) are run. A fence ``console not-run: why`` is for readers only.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")])
_FENCE = re.compile(r"^```console[ \t]*(?P<word>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_ASSIGNMENTS = re.compile(r"^(?:[A-Z_][A-Z0-9_]*=\S*\s+)*")
# These run until they are told to stop: the example is right when they start, and end well on SIGTERM.
UNTIL_STOPPED = {("run",), ("web",)}


@dataclass(frozen=True)
class Example:
    """One typed line with what the page shows of it."""

    page: str
    line: int
    command: str
    shown: tuple[str, ...]
    status: int

    @property
    def words(self) -> tuple[str, ...]:
        """The command's words after ``watcher``."""
        typed = _ASSIGNMENTS.sub("", self.command).split()
        return tuple(typed[1:])

    @property
    def runs_until_stopped(self) -> bool:
        return self.words[:1] in UNTIL_STOPPED and "--help" not in self.words and "|" not in self.words


def is_ours(command: str) -> bool:
    """Whether a typed line starts watcher."""
    return _ASSIGNMENTS.sub("", command).split()[:1] == ["watcher"]


def examples_of(text: str, page: str) -> list[Example]:
    """The examples of one page that are to be run, in order."""
    found: list[Example] = []
    for fence in _FENCE.finditer(text):
        if fence["word"].startswith("not-run:"):
            continue
        first = text.count("\n", 0, fence.start("body")) + 1
        typed: list[tuple[int, str, list[str]]] = []
        for offset, line in enumerate(fence["body"].splitlines()):
            if line.startswith("$ "):
                typed.append((first + offset, line[2:].strip(), []))
            elif typed and typed[-1][1].endswith("\\") and not typed[-1][2]:
                number, command, _ = typed.pop()
                typed.append((number, f"{command[:-1].rstrip()} {line.strip()}", []))
            elif typed:
                typed[-1][2].append(line)
        for at, (number, command, shown) in enumerate(typed):
            if not is_ours(command):
                continue
            asked = at + 1 < len(typed) and typed[at + 1][1] == "echo $?"
            status = int("".join(typed[at + 1][2]).strip() or 0) if asked else 0
            while shown and not shown[-1].strip():
                shown.pop()
            found.append(Example(page, number, command, tuple(shown), status))
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


def run(example: Example, folder: Path) -> str | None:
    """Runs an example in ``folder``; what is wrong with it, or ``None``."""
    started = subprocess.Popen(
        ["bash", "-c", example.command], cwd=folder, env=environment(folder), text=True, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        if example.runs_until_stopped:
            time.sleep(4)
            if started.poll() is None:
                os.killpg(started.pid, signal.SIGTERM)
        printed, _ = started.communicate(timeout=100)
    except subprocess.TimeoutExpired:
        os.killpg(started.pid, signal.SIGKILL)
        printed, _ = started.communicate()
        return f"{example.page}:{example.line}: {example.command}\n  does not end; printed:\n{printed}"
    where = f"{example.page}:{example.line}: {example.command}"
    if started.returncode != example.status:
        return f"{where}\n  exit status {started.returncode}, shown {example.status}; printed:\n{printed}"
    if example.shown and not matches(example.shown, printed):
        shown = "\n".join(example.shown)
        return f"{where}\n  prints:\n{printed}\n  and the page shows:\n{shown}"
    return None
