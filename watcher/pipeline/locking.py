"""One service a database: a lock file beside it, held by the operating system, gone with the process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from watcher.errors import StoreError


class ServiceLock:
    """Held by the one service that writes a database. Raises ``StoreError`` with the holder's pid when it is taken."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._handle: int | None = None

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise StoreError(
                f"{self.path}: the lock file cannot be written: {error.strerror}; check the folder's permissions"
            ) from None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pid = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise StoreError(
                f"{self.path.name}: another watcher service (pid {pid}) uses this database; stop it first, or give this one its own"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
