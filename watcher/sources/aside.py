"""Reading a large sources.yaml in a process of its own: the service keeps the settings, not the memory that making them took.

20,000 documents take 100 MB while they are read, most of which the process would never give back.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from watcher import settings
from watcher.errors import ConfigError
from watcher.sources import load
from watcher.words import Options

LARGE = 128 * 1024
"""Bytes from which a file is large."""
PATIENCE = 300.0


def load_aside(path: Path, *, secrets: bool = False, meanwhile: Callable[[], object] | None = None) -> settings.Sources:
    """``load`` for what runs for long; ``meanwhile`` is done while a large file is read, where there is one.

    Raises ``ConfigError`` as ``load`` does; where no process can be made it reads the file itself.
    """
    try:
        if path.stat().st_size < LARGE:
            return load(path, secrets=secrets)
        with subprocess.Popen(  # noqa: S603 (our own interpreter, our own module)
            [sys.executable, "-m", "watcher.sources.aside", str(path), "secrets" if secrets else "", Options.language],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as child:
            try:
                if meanwhile is not None:
                    meanwhile()
                told, _ = child.communicate(timeout=PATIENCE)
            except BaseException:
                child.kill()
                raise
    except (OSError, subprocess.SubprocessError):
        return load(path, secrets=secrets)
    found: object = None
    with contextlib.suppress(pickle.UnpicklingError, EOFError):  # a child that was killed wrote half of it, or nothing
        found = pickle.loads(told)  # noqa: S301 written by our own child, a moment ago
    if isinstance(found, settings.Sources):
        return found
    if isinstance(found, Mistake):
        raise ConfigError(found.message, file=found.file, line=found.line)
    return load(path, secrets=secrets)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A ``ConfigError`` on its way out of the child."""

    message: str
    file: str
    line: int | None


def main() -> None:
    """Writes the settings as a pickle, or the mistake."""
    # Run as a program this module has another name, under which nobody could load what it wrote.
    from watcher.sources.aside import Mistake

    found: settings.Sources | Mistake
    try:
        Options.language = "en" if sys.argv[3:] == ["en"] else "zh"
        found = load(Path(sys.argv[1]), secrets=sys.argv[2] == "secrets")
    except ConfigError as error:
        found = Mistake(error.message, error.file, error.line)
    sys.stdout.buffer.write(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    main()
