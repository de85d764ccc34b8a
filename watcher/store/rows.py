"""Rows as they come out of the store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from watcher.store.content import About, Content
from watcher.types import Cause, Event, Indicator, Reading, Stage, VersionRef


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
