"""More connections than the system lets a process open would take the files of everything else."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASKED = "import resource; from watcher.fetch.room import connections; print(connections(500), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ("ulimit -S -n 256; ulimit -H -n 1024", "500 628"),
        ("ulimit -S -n 1000; ulimit -H -n 1024", "500 1000"),
        ("ulimit -n 400", "272 400"),
        ("ulimit -n 48", "4 48"),
    ],
    ids=["raised", "enough", "not enough", "hardly any"],
)
def test_as_many_connections_as_there_is_room_for(limits: str, found: str) -> None:
    said = subprocess.run(
        ["sh", "-c", f'{limits}; exec "$0" -c "$1"', sys.executable, ASKED],
        capture_output=True, encoding="utf-8", check=True, timeout=60,
    ).stdout  # fmt: skip
    assert said.strip() == found
