"""Zip archives of documents, as portals offer them: each file inside is read by its own format, in the archive's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from contextvars import ContextVar

from watcher import drawers
from watcher.errors import FormatError
from watcher.formats import _limits
from watcher.formats._zip import Archive, listing, looks_zipped
from watcher.text import tidy
from watcher.types import Block
from watcher.words import both

TEXTS = (".html", ".htm", ".shtml", ".txt")
"""Ends of names of pages and plain texts: what reads those of the web reads them, not this drawer."""
_OFFICE = (b"word/document", b"word\\document", b"xl/workbook", b"xl\\workbook", b"OFD.xml")
_depth: ContextVar[int] = ContextVar("depth", default=0)
_clock: ContextVar[_limits.Clock | None] = ContextVar("clock", default=None)


def recognises(body: bytes, name: str = "") -> bool:
    """A zip archive that is not itself an office file."""
    return looks_zipped(body) and body[30:38] != b"mimetype" and not any(mark in listing(body) for mark in _OFFICE)


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """The blocks of every readable file inside; with several files each is headed by its name. ``texts`` has what lies beside them.

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


def texts(body: bytes) -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of the pages and plain texts in an archive, in its order; those that cannot be unpacked are passed over.

    Raises ``FormatError`` where the archive itself cannot be read.
    """
    archive = Archive(body)
    found: list[tuple[str, bytes]] = []
    for part, base in _files(archive):
        if base.lower().endswith(TEXTS) and len(found) < _limits.ZIP_FILES_READ:
            with suppress(FormatError):
                found.append((base, archive.read(part)))
    return tuple(found)


def headed(name: str, read: Iterable[Block]) -> Iterator[Block]:
    """What a file says below a heading that is its name."""
    yield Block("heading", tidy(name.rpartition(".")[0] or name), level=1)
    for block in read:
        yield Block("heading", block.text, level=block.level + 1) if block.kind == "heading" else block


def _files(archive: Archive) -> Iterator[tuple[str, str]]:
    """Whole and last names of the files that somebody put in."""
    for part in archive.names:
        base = part.rpartition("/")[2]
        if base and not base.startswith((".", "~$")) and not part.startswith("__MACOSX/"):
            yield part, base


def _inside(body: bytes, clock: _limits.Clock) -> tuple[Block, ...]:
    archive = Archive(body)
    found: list[tuple[str, tuple[Block, ...]]] = []
    trouble: FormatError | None = None
    tried = beside = 0
    for part, base in _files(archive):
        clock.check()
        tried += 1
        if tried > _limits.ZIP_FILES_READ:
            raise _limits.too_large(
                both(
                    f"压缩包里的文件超过 {_limits.ZIP_FILES_READ} 个",
                    f"more than {_limits.ZIP_FILES_READ} files in the archive",
                )
            )
        if base.lower().endswith(TEXTS):
            beside += 1
            continue
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
    if len(found) == 1 and not beside:
        return found[0][1]
    return tuple(block for base, read in found for block in headed(base, read))


def _one(body: bytes, name: str) -> tuple[Block, ...]:
    for member in drawers.members("formats"):
        if member.recognises(body, name):
            read: tuple[Block, ...] = member.blocks(body, name=name)
            return read
    return ()
