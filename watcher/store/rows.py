"""Rows as they come out of the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import msgspec

from watcher.store import codec
from watcher.types import Cause, Event, Indicator, Metadata, Reading, Stage, VersionRef


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One address that is polled, with what is known of it."""

    id: int
    kind: str
    name: str
    document_id: str | None
    url: str
    stage: Stage | None
    edition_id: int | None
    version_id: int | None
    snapshot_id: int | None
    body: bytes | None
    hint: bytes | None
    etag: str | None
    last_modified: str | None
    verdict: str | None
    note: str
    failures: int
    shrunken: int
    checked_at: str | None
    changed_at: str | None
    next_at: str | None
    column_id: str | None
    """The column in which its document was discovered."""
    attachments_at: str | None
    """When its attachments were last fetched; None where it has none."""
    rules: str | None
    """The rules that read its last version."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of an address's newest version without its text."""

    version_id: int
    digest: bytes
    """Of its reading (``codec.reading_digest``)."""
    rules: str
    characters: int
    tables: int
    degraded: bool
    compared: bool
    """Whether what it changed was told."""


@dataclass(frozen=True, slots=True)
class About:
    """What a version says of itself, without its text: the fields of its reading that have these names."""

    title: str
    region: str | None
    metadata: Metadata
    portal: str
    degraded: bool
    suspect: bool

    @classmethod
    def of(cls, reading: Reading) -> About:
        """What a reading says of itself."""
        return cls(reading.title, reading.region, reading.metadata, reading.portal, reading.degraded, reading.suspect)


_about_decoder = msgspec.json.Decoder(About)


class Content:
    """What a version says, loaded and decoded when it is asked for: who wants a title or a region pays for no text, and no
    indicators. ``load`` gives it as it is stored.
    """

    def __init__(self, load: Callable[[], bytes], about: About | None = None) -> None:
        self._load = load
        if about is not None:
            self.__dict__["about"] = about

    @classmethod
    def stored(cls, data: bytes) -> Content:
        """What is loaded already."""
        return cls(lambda: data)

    @classmethod
    def of(cls, reading: Reading, indicators: tuple[Indicator, ...]) -> Content:
        """What was read just now; nothing is decoded."""
        made = cls(bytes)
        made.__dict__.update(reading=reading, indicators=indicators)
        return made

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Content):
            return NotImplemented
        return (self.reading, self.indicators) == (other.reading, other.indicators)

    __hash__ = None  # type: ignore[assignment]  # as a list has none

    @cached_property
    def _data(self) -> bytes:
        return self._load()

    @cached_property
    def about(self) -> About:
        """The reading without its text."""
        if (said := self.__dict__.get("reading")) is not None:
            return About.of(said)
        return _about_decoder.decode(self._data.partition(b"\n")[0])

    @cached_property
    def reading(self) -> Reading:
        """The reading; what was dropped of the page is not kept."""
        return codec.content_reading(self._data)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """Its indicators, in the order of the text."""
        return codec.content_indicators(self._data, self.reading.text)


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version with its reading and indicators."""

    id: int
    document_id: str
    number: int
    edition_id: int
    source_id: int
    snapshot_id: int
    stage: Stage
    cause: Cause
    rules: str
    seen_at: datetime
    url: str
    title: str
    digest: bytes
    indicator_count: int
    content: Content = field(repr=False)

    @property
    def about(self) -> About:
        """What it says of itself: a tenth of the time that the whole ``reading`` takes."""
        return self.content.about

    @property
    def reading(self) -> Reading:
        """What it says."""
        return self.content.reading

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators that were found in it."""
        return self.content.indicators

    @property
    def ref(self) -> VersionRef:
        """How messages and diffs name it."""
        return VersionRef(version=self.number, stage=self.stage, seen_at=self.seen_at, url=self.url)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One message to one channel."""

    id: int
    message_id: str
    event: Event
    document_id: str | None
    channel: str
    thread: str
    state: str
    tries: int
    not_before: str
    sent_at: str | None
    answer: str
    created_at: str
    origin: tuple[int, datetime] | None = None
    """Of a change: the source of its later version, and when that was seen."""
