"""What needs no database and no network: bytes to verdict, reading, indicators.

One function over picklable values, so that it runs in the loop, in a process pool, or on another machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from watcher import read
from watcher.decoding import decode
from watcher.errors import FormatError
from watcher.fetch.verdict import LIST, Shape, judge
from watcher.indicators import extract
from watcher.pipeline.comparing import Before, Compared, compared_with
from watcher.pipeline.hints import hint_of
from watcher.read.decisive import Decisive
from watcher.read.frames import REASON as FRAME
from watcher.read.reader import is_binary
from watcher.settings import Selectors
from watcher.store.codec import digest, reading_digest
from watcher.store.content import Content
from watcher.types import Attachment, Decoded, Fetched, Indicator, Reading, Verdict
from watcher.words import both

JUDGED = 262_144
"""Characters of a page's source that the verdict looks at."""
INLINE = 256 * 1024
"""Bytes of a page that are examined in the loop (11 ms for 100 kB of dense text); longer ones and binary formats go to an executor."""


PART = "html-part"
"""The format under which further parts of a split article are kept beside attachments."""


@dataclass(frozen=True, slots=True)
class Job:
    """What ``examine`` needs to know."""

    fetched: Fetched
    selectors: Selectors = Selectors()  # noqa: RUF009  # frozen
    chrome: frozenset[str] = frozenset()
    last: Shape | None = None
    attachments: tuple[tuple[Attachment, bytes], ...] = ()
    """Files that belong to the page, and with format ``PART`` the further parts of a split article."""
    patience: int = 3
    """Rounds after which a shrunken body is believed."""
    extract: bool = True
    known: bytes | None = None
    """Digest of the last version's reading: where it reads the same, nothing is extracted."""
    hint: bool = False
    """Whether the decisive part is wanted, for the next fetch."""
    before: Before | None = None
    """The last version, which the same rules read, where a page that says something else is to be compared with it at once."""

    @property
    def heavy(self) -> bool:
        """True when it may take longer than the loop should wait."""
        return (
            len(self.fetched.body) > INLINE
            or self.fetched.body[:4] in (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
            or bool(self.attachments)
        )


@dataclass(frozen=True, slots=True)
class Examined:
    """What a page is and says."""

    verdict: Verdict
    reason: str
    content: Content | None = None
    """What it says, with its indicators where they were wanted; None where nothing could be read."""
    incident: str | None = None
    """The kind of incident where the verdict alone does not say it (``format``, ``format-helper``)."""
    hint: bytes | None = None
    """The decisive part of the page, where it was wanted and can be told."""
    said: bytes | None = None
    """Digest of a document's reading (``codec.reading_digest``)."""
    compared: Compared | None = field(default=None, repr=False, compare=False)
    """How it differs from the version before it, where that was given and says something else."""

    @property
    def reading(self) -> Reading | None:
        """What it says; put together anew where another process read it."""
        return None if self.content is None else self.content.reading

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators in it; put together anew where another process found them."""
        return () if self.content is None else self.content.indicators

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        """It travels as it is stored: a tenth of the objects, and nobody need write it again where it arrives."""
        parts = None if self.content is None else self.content.parts(new=self.compared is None)
        return _arrived, (self.verdict, self.reason, parts, self.incident, self.hint, self.said, self.compared)


def _arrived(
    verdict: Verdict,
    reason: str,
    parts: tuple[dict[str, Any], bytes | None] | None,
    incident: str | None,
    hint: bytes | None,
    said: bytes | None,
    compared: Compared | None,
) -> Examined:
    content = None if parts is None else Content.come(*parts)
    return Examined(verdict, reason, content, incident, hint, said, compared)


def examine(job: Job) -> Examined:
    """Reads, judges and extracts one page. Expected failures are verdicts; bugs raise."""
    fetched = job.fetched
    content_type = fetched.headers.get("content-type")
    reading: Reading | None = None
    found: Decisive | None = None
    trouble: FormatError | None = None
    decoded = decode(fetched.body[:JUDGED] if is_binary(fetched.body) else fetched.body, content_type)
    if fetched.status < 400:
        try:
            reading, found = _read(job, decoded)
        except FormatError as error:
            trouble = error
    text = "" if trouble else decoded.text[:JUDGED]
    judgement = judge(fetched, text, reading, job.last, rounds=job.patience)
    if judgement.verdict == "document" and reading is not None and reading.kind == "column":
        judgement = LIST
    if trouble is not None and judgement.verdict in ("document", "empty"):
        kind = "format-helper" if trouble.kind == "helper-missing" else "format"
        return Examined("error", trouble.both, incident=kind)
    if judgement.verdict != "document" or reading is None:
        reason = judgement.reason
        if judgement.verdict == "empty" and (framed := _frames(reading)):
            reason = both(f"页面只是框架,正文在 {framed[0]}", f"the page is only a frame, its text is at {framed[0]}")
        return Examined(judgement.verdict, reason, None if reading is None else Content.of(reading, ()))
    said = reading_digest(reading)
    wanted = job.extract and job.known != said
    indicators: tuple[Indicator, ...] = ()
    compared: Compared | None = None
    if wanted and job.before is not None:
        indicators, compared = compared_with(job.before, reading)
    elif wanted:
        indicators = extract(reading)
    return Examined(
        "document",
        judgement.reason,
        Content.of(reading, indicators),
        hint=hint_of(fetched, found) if job.hint else None,
        said=said,
        compared=compared,
    )


def _read(job: Job, decoded: Decoded) -> tuple[Reading, Decisive | None]:
    """The page, its further parts behind it, its attachments behind those. Raises ``FormatError``."""
    fetched = job.fetched
    reading, found = read.read_closely(
        fetched.body,
        decoded=decoded,
        content_type=fetched.headers.get("content-type"),
        url=fetched.final_url,
        selectors=job.selectors,
        chrome=job.chrome,
        attachments=tuple(one for one in job.attachments if one[0].format != PART),
        closely=job.hint,
    )
    own = reading.blocks
    for attachment, body in job.attachments:
        if attachment.format == PART:
            part = read.read(body, url=attachment.url, selectors=job.selectors, chrome=job.chrome, column=False)
            if _frames(reading) and not any(one.kind == "table" or len(one.text) > 60 for one in reading.blocks):
                # Nothing but a frame: what stands in it is the page.
                reading = replace(part, title=part.title or reading.title, pages=reading.pages)
            elif part.blocks != own:  # a server may not know the number of a page, and answer with the first
                reading = replace(reading, blocks=reading.blocks + part.blocks)
    return reading, found


def _frames(reading: Reading | None) -> list[str]:
    """Addresses of the frames that a page without a text of its own shows."""
    return [] if reading is None else [one.text for one in reading.dropped if one.reason == FRAME]


SEEN = 16
"""Bytes of a digest by which it is known whether the same bytes came again."""


def body_digest(body: bytes) -> bytes:
    """Equal bytes have an equal digest: their content address in the store (``codec.digest``)."""
    return digest(body)
