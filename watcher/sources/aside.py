"""Reading a large sources.yaml in a process of its own: the service keeps the settings, not the memory that making them took.

20,000 documents take 100 MB while they are read, most of which the process would never give back.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
from pathlib import Path

from watcher import settings
from watcher.errors import ConfigError
from watcher.sources import load

LARGE = 512 * 1024
"""Bytes from which a file is large."""
PATIENCE = 300.0


def load_aside(path: Path, *, secrets: bool = False) -> settings.Sources:
    """``load`` for what runs for long. Raises ``ConfigError`` as it does; where no process can be made it reads the file itself."""
    try:
        if path.stat().st_size < LARGE:
            return load(path, secrets=secrets)
        done = subprocess.run(  # noqa: S603 (our own interpreter, our own module)
            [sys.executable, "-m", "watcher.sources.aside", str(path), "secrets" if secrets else ""],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.SubprocessError):
        return load(path, secrets=secrets)
    found: object = pickle.loads(done.stdout)  # noqa: S301 written by our own child, a moment ago
    if isinstance(found, settings.Sources):
        return found
    return load(path, secrets=secrets)  # raises, with file and line


def main() -> None:
    """Writes the settings as a pickle, or that there is a mistake."""
    found: settings.Sources | None = None
    with contextlib.suppress(ConfigError):
        found = load(Path(sys.argv[1]), secrets=sys.argv[2] == "secrets")
    sys.stdout.buffer.write(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))


if __name__ == "__main__":
    main()
