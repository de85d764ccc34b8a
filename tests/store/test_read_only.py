"""A database in a folder that cannot be written: whoever only looks can look, and whoever cannot is told why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from watcher.store import Store

LOOK = """
import sys
from pathlib import Path
from watcher.errors import StoreError
from watcher.store import Store
from watcher.words import told
for read_only in (True, False):
    try:
        with Store(Path(sys.argv[1]), read_only=read_only) as store:
            print(store.fact("pid"))
    except StoreError as error:
        print(told(error.both, "en"))
"""


def _sealed(folder: Path, script: str, *arguments: str) -> list[str]:
    """What a script prints for which the folder cannot be written: mounted read-only for root, without permission for others."""
    command = [sys.executable, "-c", script, *arguments]
    if os.geteuid() == 0:
        mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" "$0" && exec "$@"'
        if (
            shutil.which("unshare") is None
            or subprocess.run(
                ["unshare", "-m", "sh", "-c", mount, str(folder), "true"], capture_output=True, check=False
            ).returncode
        ):
            pytest.skip("root writes everywhere, and may mount nothing here")
        command = ["unshare", "-m", "sh", "-c", mount, str(folder), *command]
    else:  # pragma: no cover - as an ordinary user
        folder.chmod(0o555)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    finally:
        folder.chmod(0o755)
    return done.stdout.splitlines()


def test_a_whole_database_is_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "db" / "watcher.db"
    with Store(file) as store:
        store.set_fact("pid", "17")
    looked, worked = _sealed(file.parent, LOOK, str(file))
    assert looked == "17"
    assert "folder cannot be written" in worked
    with Store(file, read_only=True) as store:
        assert store.fact("pid") == "17"


def test_a_database_whose_last_writes_are_in_its_log_is_not_read_without_it(tmp_path: Path) -> None:
    file, copy = tmp_path / "db" / "watcher.db", tmp_path / "copy" / "watcher.db"
    copy.parent.mkdir()
    with Store(file) as store:
        store.set_fact("pid", "17")
        for name in ("watcher.db", "watcher.db-wal"):
            shutil.copy(file.with_name(name), copy.with_name(name))
    for said in _sealed(copy.parent, LOOK, str(copy)):
        assert "copy the whole folder" in said
