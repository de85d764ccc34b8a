"""The command line within the test's own process: a command costs what it does, not a second of imports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from watcher.cli import app
from watcher.words import Options


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    stdout: str
    stderr: str


@dataclass
class Shell:
    """A folder in which commands are run."""

    folder: Path
    captured: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Ran:
        before = Options.sources, Options.language, Options.chosen
        try:
            status = app(["--sources", str(self.folder / "sources.yaml"), *arguments], standalone_mode=False)
        finally:
            Options.sources, Options.language, Options.chosen = before
        out, err = self.captured.readouterr()
        return Ran(status if isinstance(status, int) else 0, out, err)
