"""Word 97 to 2003 ([MS-DOC]), and what WPS Writer saves as .wps: a compound file with a ``WordDocument`` stream."""

from __future__ import annotations

from watcher.errors import FormatError
from watcher.formats import _office, _ole, docx
from watcher.types import Block
from watcher.words import both

_STREAM = "worddocument"
_ENCRYPTED = 0x0100
"""fEncrypted in the flags at offset 10 of the file information block ([MS-DOC] 2.5.2)."""


def recognises(body: bytes, name: str = "") -> bool:
    """A compound file with a Word stream; one that is called .wps is left to that member."""
    return is_word(body) and not name.lower().endswith((".wps", ".wpt"))


def is_word(body: bytes) -> bool:
    """True for a compound file with a Word stream."""
    return _STREAM in _ole.streams(body)


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """The body as LibreOffice, antiword or catdoc reads it, whichever is the first of them that is installed and can.

    Raises ``FormatError``: ``helper-missing`` (it names the Debian package), ``encrypted``, ``damaged``, ``timeout``, ``too-large``.
    """
    _ole.refuse_encrypted(body)
    head = _ole.stream(body, "WordDocument", 32)
    if len(head) >= 12 and int.from_bytes(head[10:12], "little") & _ENCRYPTED:
        raise FormatError(both("Word 文件有密码保护", "the Word file is protected by a password"), kind="encrypted")
    return through_helpers(body, "doc")


def through_helpers(body: bytes, suffix: str) -> tuple[Block, ...]:
    """A Word file through the helpers, best first; the last one's error when none can read it."""
    trouble: FormatError | None = None
    try:
        saved = _office.converted(body, suffix)
        if saved is not None:
            return docx.blocks(saved)
    except FormatError as error:
        trouble = error
    for helper in (_office.by_antiword, _office.by_catdoc):
        if trouble is not None and trouble.kind in ("too-large", "timeout"):
            break
        try:
            found = helper(body)
        except FormatError as error:
            trouble = trouble or error
            continue
        if found is not None:
            return found
    raise trouble or _office.missing(both("Word 97-2003 文件", "a Word 97-2003 file"))
