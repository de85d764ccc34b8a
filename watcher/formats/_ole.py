"""Compound files (OLE2, [MS-CFB]): what is inside decides what they are."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

from watcher.errors import FormatError
from watcher.words import both

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@lru_cache(maxsize=4)
def streams(body: bytes) -> frozenset[str]:
    """The names of the top streams and storages, lower case; none for what is not a readable compound file."""
    if body[:8] != MAGIC:
        return frozenset()
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(body)) as ole:
            return frozenset(path[0].lower() for path in ole.listdir(streams=True, storages=True) if path)
    except Exception:
        return frozenset()


def stream(body: bytes, name: str, cap: int) -> bytes:
    """The first ``cap`` bytes of a stream; empty when it is missing or broken."""
    import olefile

    try:
        with olefile.OleFileIO(BytesIO(body)) as ole:
            return bytes(ole.openstream(name).read(cap))
    except Exception:
        return b""


def refuse_encrypted(body: bytes) -> None:
    """Raises ``encrypted`` for an Office file that is wrapped in an encrypted package ([MS-OFFCRYPTO])."""
    if "encryptedpackage" in streams(body):
        raise FormatError(both("文件有密码保护", "the office file is protected by a password"), kind="encrypted")
