"""RAR and 7z archives: recognised so that they are reported, never unpacked (no free, well-kept reader is sandboxed here)."""

from __future__ import annotations

from watcher.errors import FormatError
from watcher.types import Block
from watcher.words import both

_MAGICS = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z"}


def recognises(body: bytes, name: str = "") -> bool:
    """The mark of RAR 1.5 to 5 or of 7z; ``name`` is not needed."""
    return body[:6] in _MAGICS


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """Always raises ``FormatError`` ``unsupported``."""
    kind = _MAGICS.get(body[:6], "RAR")
    raise FormatError(
        both(
            f"不打开 {kind} 压缩包；请手工解压，监测里面的文件",
            f"{kind} archives are not opened; unpack it by hand and watch the file inside",
        ),
        kind="unsupported",
    )
