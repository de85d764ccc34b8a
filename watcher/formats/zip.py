"""Zip archives of documents, as portals offer them: each file inside is read by its own format, in the archive's order."""

from __future__ import annotations

from contextvars import ContextVar

from watcher import drawers
from watcher.errors import FormatError
from watcher.formats import _limits
from watcher.formats._zip import Archive, listing, looks_zipped
from watcher.text import tidy
from watcher.types import Block
from watcher.words import both

_OFFICE = (b"word/document", b"word\\document", b"xl/workbook", b"xl\\workbook", b"OFD.xml")
_depth: ContextVar[int] = ContextVar("depth", default=0)
_clock: ContextVar[_limits.Clock | None] = ContextVar("clock", default=None)


def recognises(body: bytes, name: str = "") -> bool:
    """A zip archive that is not itself an office file."""
    return looks_zipped(body) and body[30:38] != b"mimetype" and not any(mark in listing(body) for mark in _OFFICE)


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """The blocks of every readable file inside; with several files each is headed by its name.

    Files that no format knows, that are pictures, or that are damaged are passed over while another one can be read.
    Raises ``FormatError``: what the only file raised, else ``unsupported`` (nothing readable), ``too-large``, ``encrypted``.
    """
    if _depth.get() >= _limits.ZIP_NESTING:
        raise _limits.too_large(
            both(
                f"压缩包层层嵌套，超过 {_limits.ZIP_NESTING} 层",
                f"archives inside archives, more than {_limits.ZIP_NESTING} deep",
            )
        )
    clock = _clock.get() or _limits.Clock()
    level = _depth.set(_depth.get() + 1)
    watch = _clock.set(clock)
    try:
        return _inside(body, clock)
    finally:
        _depth.reset(level)
        _clock.reset(watch)


def _inside(body: bytes, clock: _limits.Clock) -> tuple[Block, ...]:
    archive = Archive(body)
    found: list[tuple[str, tuple[Block, ...]]] = []
    trouble: FormatError | None = None
    tried = 0
    for part in archive.names:
        base = part.rpartition("/")[2]
        if not base or base.startswith((".", "~$")) or part.startswith("__MACOSX/"):
            continue
        clock.check()
        tried += 1
        if tried > _limits.ZIP_FILES_READ:
            raise _limits.too_large(
                both(
                    f"压缩包里的文件超过 {_limits.ZIP_FILES_READ} 个",
                    f"more than {_limits.ZIP_FILES_READ} files in the archive",
                )
            )
        try:
            read = _one(archive.read(part), base)
        except FormatError as error:
            if error.kind == "encrypted" and not found:
                raise
            trouble = trouble or error
            continue
        if read:
            found.append((base, read))
    if not found:
        raise trouble or FormatError(
            both("压缩包里没有能读的格式", "the archive holds no file in a format that is read"), kind="unsupported"
        )
    if len(found) == 1:
        return found[0][1]
    out: list[Block] = []
    for base, read in found:
        out.append(Block("heading", tidy(base.rpartition(".")[0] or base), level=1))
        out.extend(
            Block("heading", block.text, level=block.level + 1) if block.kind == "heading" else block for block in read
        )
    return tuple(out)


def _one(body: bytes, name: str) -> tuple[Block, ...]:
    for member in drawers.members("formats"):
        if member.recognises(body, name):
            read: tuple[Block, ...] = member.blocks(body, name=name)
            return read
    return ()
