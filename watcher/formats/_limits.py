"""Every cap of the drawer in one place, each with its reason. Sizes in bytes, times in seconds."""

from __future__ import annotations

import time
from typing import Final

from watcher.errors import FormatError
from watcher.words import both, told

MIB: Final = 1024 * 1024

ZIP_MEMBERS: Final = 5_000
"""Files in one archive. The largest office files have a few hundred parts; a listing of millions is an attack on memory."""
ZIP_PART: Final = 48 * MIB
"""One part unpacked. The text of a 1,000-page plan is under 30 MiB of WordprocessingML."""
ZIP_TOTAL: Final = 192 * MIB
"""All parts that one reading unpacks; pictures are never unpacked."""
ZIP_RATIO: Final = 400
"""Unpacked to packed, for parts above ``ZIP_RATIO_FROM``. Real mark-up packs 10 to 60 times, deflate bombs about 1,000 times."""
ZIP_RATIO_FROM: Final = 2 * MIB
ZIP_NESTING: Final = 2
"""Archives inside archives: offices do pack a zip of a zip, nobody packs three."""
ZIP_FILES_READ: Final = 60
"""Files of a plain zip that are read as documents."""
XML_TAGS: Final = 3_000_000
"""``<`` in one XML part, counted before parsing: a tree costs about 150 bytes for each."""
TABLE_COLUMNS: Final = 256
"""Columns of one table; a span that claims more is cut. No printed table comes near."""
TABLE_CELLS: Final = 200_000
"""Cells of one table after spans are resolved."""
SHEET_CELLS: Final = 400_000
"""Cells of one workbook that are kept; a data dump beyond that is not a document."""
PDF_PAGES: Final = 2_000
PDF_GLYPHS: Final = 4_000_000
"""Characters of one PDF or OFD; 2,000 full pages."""
PAGE_GLYPHS: Final = 60_000
"""Characters of one page; a page of small print holds 5,000."""
PAGE_EDGES: Final = 6_000
"""Ruling lines of one page. A map or a chart has more and is no table: it is read without ruling lines."""
PATH_SEGMENTS: Final = 64
"""Segments of one drawn path: a frame has at most a dozen, a curve of a chart thousands."""
TEXT_CHARS: Final = 20_000_000
"""Characters of all blocks together."""
SOFT_SECONDS: Final = 60.0
"""A reading looks at the clock between pages, tables and sheets and gives up after this."""
HELPER_SECONDS: Final = 60.0
"""A Debian helper (LibreOffice starts in about 3 s, converts 100 pages in about 5 s)."""
HELPER_MEMORY: Final = 4096 * MIB
"""Address space of a helper: LibreOffice maps 1.5 GiB before it does anything; resident memory stays far below."""
HELPER_OUTPUT: Final = 64 * MIB
"""Largest file, and most standard output, that a helper may write."""
ISOLATED_SECONDS: Final = 90.0
"""Hard end of a reading in a process of its own."""
ISOLATED_MEMORY: Final = 2048 * MIB
"""Address space of such a process."""


class Clock:
    """A soft limit in time: ``check()`` raises ``FormatError`` of kind ``timeout`` once ``seconds`` have passed."""

    def __init__(self, seconds: float = SOFT_SECONDS) -> None:
        self.end = time.monotonic() + seconds
        self.seconds = seconds

    def check(self) -> None:
        """Raises when the time is up."""
        if time.monotonic() > self.end:
            raise FormatError(
                both(
                    f"读取文件超过 {self.seconds:.0f} 秒，已放弃",
                    f"reading the file took more than {self.seconds:.0f} s and was given up",
                ),
                kind="timeout",
            )


def too_large(what: str) -> FormatError:
    """The error for a file beyond a cap; ``what`` says which, in words (``words.both``)."""
    zh, en = told(what, "zh"), told(what, "en")
    return FormatError(both(f"文件太大，不能读取：{zh}", f"the file is too large to read: {en}"), kind="too-large")


def damaged(what: str) -> FormatError:
    """The error for a file that is not what it begins as; ``what`` says how, in words (``words.both``)."""
    zh, en = told(what, "zh"), told(what, "en")
    return FormatError(both(f"文件已损坏：{zh}", f"the file is damaged: {en}"), kind="damaged")
