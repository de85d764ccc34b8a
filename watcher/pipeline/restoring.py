"""Putting a backup back."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from watcher.errors import StoreError
from watcher.pipeline.locking import ServiceLock
from watcher.store.database import check_file
from watcher.words import both, system, told


def put_back(database: Path, source: Path) -> Path | None:
    """Makes ``source`` the database; returns where the one that was there is kept. Raises ``StoreError``, changing nothing.

    Refuses a damaged backup, one of something else, and a database that a running service holds.
    """
    if not source.is_file():
        raise StoreError(both(f"{source}：没有这个文件", f"{source}: there is no such file"))
    check_file(source)
    with ServiceLock(database):
        kept: Path | None = None
        partial = database.with_name(database.name + ".restoring")
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, partial)
            check_file(partial)
            if database.exists():
                kept = database.with_name(f"{database.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
                _settle(database)
                database.replace(kept)
            partial.replace(database)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise StoreError(
                both(
                    f"{database}：备份恢复不了：{told(system(error), 'zh')}",
                    f"{database}: the backup could not be put back: {error.strerror}",
                )
            ) from None
        return kept


def _settle(database: Path) -> None:
    """Moves what stands in the write-ahead log into the file itself, so that one file is the whole database."""
    from watcher.store import Store

    with Store(database) as store:
        store.settle()
    for tail in ("-wal", "-shm"):
        Path(f"{database}{tail}").unlink(missing_ok=True)
