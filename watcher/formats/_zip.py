"""Opens zip archives that strangers made: caps on members, size and ratio, and no path of theirs ever used."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from watcher.errors import FormatError
from watcher.formats import _limits
from watcher.words import both

MAGIC = b"PK\x03\x04"
_EMPTY = b"PK\x05\x06"
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


def looks_zipped(body: bytes) -> bool:
    """True where the bytes begin as a zip archive does."""
    return body[:4] in (MAGIC, _EMPTY)


def listing(body: bytes) -> bytes:
    """The part of an archive that lists its files, so that a stored file inside is not taken for the archive itself.

    The whole archive where the record at its end is missing (a broken download).
    """
    end = body.rfind(_EMPTY, max(0, len(body) - 70_000))
    if end < 0 or end + 20 > len(body):
        return body
    start = int.from_bytes(body[end + 16 : end + 20], "little")
    return body[start:end] if start < end else body


class Archive:
    """A zip archive in memory. Names are only looked up, never used as paths.

    Raises ``FormatError``: ``damaged``, ``too-large``, ``encrypted``.
    """

    def __init__(self, body: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(body))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, UnicodeError) as error:
            raise _limits.damaged(both("不是能读的 zip 压缩包", f"not a readable zip archive ({error})")) from None
        if len(infos) > _limits.ZIP_MEMBERS:
            raise _limits.too_large(
                both(
                    f"压缩包里有 {len(infos)} 个文件，最多读 {_limits.ZIP_MEMBERS} 个",
                    f"{len(infos)} files in the archive, at most {_limits.ZIP_MEMBERS} are read",
                )
            )
        self._infos = {_name(info): info for info in infos if not info.is_dir()}
        self._left = _limits.ZIP_TOTAL

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, in the archive's order; ``\\`` as ``/``, names of old Chinese packers decoded."""
        return tuple(self._infos)

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def size(self, name: str) -> int:
        """The unpacked size that the archive claims for ``name``."""
        return self._infos[name].file_size

    def read(self, name: str) -> bytes:
        """The unpacked bytes of one file. Sizes are counted while unpacking, the archive's own claims are not believed."""
        info = self._infos.get(name)
        if info is None:
            raise _limits.damaged(both(f"缺少 {name[:80]} 部分", f"the part {name[:80]} is missing"))
        if info.flag_bits & _ENCRYPTED:
            raise FormatError(both("压缩包有密码保护", "the archive is protected by a password"), kind="encrypted")
        cap = min(_limits.ZIP_PART, self._left)
        if info.file_size > cap:
            raise _limits.too_large(
                both(f"{name[:80]} 解压后有 {info.file_size} 字节", f"{name[:80]} unpacks to {info.file_size} bytes")
            )
        if info.file_size > _limits.ZIP_RATIO_FROM and info.file_size > info.compress_size * _limits.ZIP_RATIO:
            raise _limits.too_large(
                both(
                    f"{name[:80]} 的压缩比超过 {_limits.ZIP_RATIO} 倍，像是压缩炸弹",
                    f"{name[:80]} is packed more than {_limits.ZIP_RATIO} times, as bombs are",
                )
            )
        try:
            with self._zip.open(info) as stream:
                data = stream.read(cap + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            ValueError,
            OSError,
            EOFError,
            RuntimeError,
        ) as error:
            raise _limits.damaged(both(f"{name[:80]} 解不开", f"{name[:80]} cannot be unpacked ({error})")) from None
        if len(data) > cap:
            raise _limits.too_large(
                both(f"{name[:80]} 解压后超过 {cap} 字节", f"{name[:80]} unpacks to more than {cap} bytes")
            )
        self._left -= len(data)
        return data


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its packer meant it: without the UTF-8 flag zipfile reads cp437, Chinese packers wrote GBK."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME and not name.isascii():
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")
