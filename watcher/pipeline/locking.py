"""One service a database: a lock file beside it, held by the operating system, gone with the process."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import Self

from watcher.errors import StoreError
from watcher.words import system, told, tr

TRIES = 5
PAUSE = 0.05
"""Seconds between two tries: who only asks (``holder``) has the lock for an instant."""


class ServiceLock:
    """Held by the one service that writes a database. Raises ``StoreError`` with the holder's pid when it is taken."""

    def __init__(self, database: Path) -> None:
        self.path = _beside(database)
        self._handle: int | None = None

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                tr(
                    f"{self.path}：锁文件写不进去（{told(system(error))}）；请检查文件夹权限",
                    f"{self.path}: the lock file cannot be written: {error.strerror}; check the folder's permissions",
                )
            ) from None
        for tries_left in reversed(range(TRIES)):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if tries_left:
                    time.sleep(PAUSE)
                    continue
                pid = _written(handle) or "unknown"
                os.close(handle)
                raise StoreError(
                    tr(
                        f"{self.path.name}：已有 watcher 服务（pid {pid}）在用这个数据库；请先停止它，或为本服务另指定数据库",
                        f"{self.path.name}: another watcher service (pid {pid}) uses this database; stop it first, or give this one its own",
                    )
                ) from None
        # The lock is what counts: on a full disk the pid is not told, and the service says what is wrong.
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def holder(database: Path) -> int | None:
    """The pid of the service that runs on a database now (0 where it cannot be read), ``None`` when none does."""
    try:
        handle = os.open(_beside(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        pid = _written(handle)
        return int(pid) if pid.isdecimal() else 0
    finally:
        os.close(handle)
    return None


def _beside(database: Path) -> Path:
    return database.with_name(database.name + ".lock")


def _written(handle: int) -> str:
    return os.pread(handle, 32, 0).decode("ascii", "replace").strip()
