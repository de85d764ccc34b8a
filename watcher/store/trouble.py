"""What the disk and SQLite refuse, in plain words; anything else is a bug and stays one."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping

from watcher.words import both, system, told

_SPACE = (
    "请腾出空间、检查权限后再运行；已写入的内容完好",
    "free space or mend permissions, then run again; what was written is whole",
)
_RESTORE = (
    "请用 watcher restore 恢复备份，或在 settings: database 另指定文件",
    "put a backup back with watcher restore, or name another file under settings: database",
)
_SQLITE: Mapping[int, tuple[tuple[str, str], tuple[str, str]]] = {
    sqlite3.SQLITE_BUSY: (
        ("数据库正被别的程序占用", "the database is in use by another program"),
        ("请稍后再运行", "run again later"),
    ),
    sqlite3.SQLITE_READONLY: (("数据库只读", "the database is read-only"), _SPACE),
    sqlite3.SQLITE_IOERR: (("磁盘读写出错（可能已满）", "the disk failed to read or write (it may be full)"), _SPACE),
    sqlite3.SQLITE_CORRUPT: (("数据库文件已损坏", "the database file is damaged"), _RESTORE),
    sqlite3.SQLITE_FULL: (("磁盘已满", "the disk is full"), _SPACE),
    sqlite3.SQLITE_CANTOPEN: (
        ("数据库文件打不开", "the database file cannot be opened"),
        ("请检查路径和权限", "check its path and permissions"),
    ),
    sqlite3.SQLITE_NOTADB: (("这不是数据库文件，或已损坏", "this is no database file, or it is damaged"), _RESTORE),
}
"""SQLite's primary result codes (sqlite.org/rescode.html): what is wrong, and what to do."""
_SYSTEM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO})


def refusal(error: Exception) -> str | None:
    """What the machine refused and what to do, in both languages; ``None`` where the machine is not to blame."""
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        file = f"{error.filename}: " if error.filename else ""
        said = system(error)
        return both(f"{file}{told(said, 'zh')}；{_SPACE[0]}", f"{file}{told(said, 'en')}; {_SPACE[1]}")
    known = _SQLITE.get(getattr(error, "sqlite_errorcode", -1) & 0xFF) if isinstance(error, sqlite3.Error) else None
    if known is None and _garbled(error):
        known = _SQLITE[sqlite3.SQLITE_CORRUPT]
    if known is None:
        return None
    (zh, en), (do_zh, do_en) = known
    return both(f"{zh}；{do_zh}", f"{en}; {do_en}")


def _garbled(error: Exception) -> bool:
    """Whether a column holds a text that is none."""
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith("Could not decode to UTF-8")
