"""OpenDocument texts and sheets (.odt, .ods; ISO/IEC 26300): a zip whose first file says what it is. Read as LibreOffice saves them."""

from __future__ import annotations

from watcher.formats import _office, docx, xlsx
from watcher.formats._zip import looks_zipped
from watcher.types import Block
from watcher.words import both

_KIND = b"application/vnd.oasis.opendocument."
_NAME = slice(30, 38)
"""Where the name of a zip's first file stands; ISO/IEC 26300-3, section 3.3: it is ``mimetype``, stored without packing."""


def recognises(body: bytes, name: str = "") -> bool:
    """A zip that begins with an OpenDocument type; ``name`` is not needed."""
    return looks_zipped(body) and body[_NAME] == b"mimetype" and _KIND in body[38:120]


def blocks(body: bytes, *, name: str = "") -> tuple[Block, ...]:
    """A text as ``docx.blocks`` reads it, a workbook as ``xlsx.blocks`` does.

    Raises ``FormatError``: ``helper-missing`` (it names the Debian package), ``damaged``, ``timeout``, ``too-large``.
    """
    sheet = _KIND + b"spreadsheet" in body[38:120]
    saved = _office.converted(body, "ods" if sheet else "odt", "xlsx" if sheet else "docx")
    if saved is None:
        package = "libreoffice-calc-nogui" if sheet else "libreoffice-writer-nogui"
        raise _office.missing(both("OpenDocument 文件", "an OpenDocument file"), package)
    return xlsx.blocks(saved) if sheet else docx.blocks(saved)
