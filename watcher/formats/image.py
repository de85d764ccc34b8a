"""Pictures offered as documents (scans, 一图读懂): recognised so that they are reported, never read."""

from __future__ import annotations

from watcher.errors import FormatError
from watcher.types import Block
from watcher.words import both

_MAGICS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")


def recognises(body: bytes, name: str = "") -> bool:
    """JPEG, PNG, GIF, TIFF, WebP or BMP by their marks; ``name`` is not needed."""
    if body.startswith(_MAGICS) or (body[:4] == b"RIFF" and body[8:12] == b"WEBP"):
        return True
    return body[:2] == b"BM" and int.from_bytes(body[2:6], "little") == len(body)


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """Always raises ``FormatError`` ``scanned``."""
    raise FormatError(
        both("文件是图片，没有可读的文字", "the file is a picture: it holds no text that can be read"), kind="scanned"
    )
