"""What every stage is given: settings, store, gate, clock, dice."""

from __future__ import annotations

import random
from collections.abc import Callable, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from watcher.logs import Logger, log
from watcher.pipeline.outlook import Outlook
from watcher.pipeline.relatives import Relatives
from watcher.settings import ColumnSource, DocumentSource, Page, Sources
from watcher.store import SourceRow, Store

if TYPE_CHECKING:
    from watcher.fetch.gate import Gate
    from watcher.pipeline.workers import Workers


@dataclass(slots=True)
class Context:
    """One job's view of the world. ``gate`` is None for jobs that never leave the house."""

    sources: Sources
    store: Store
    gate: Gate | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    dice: Callable[[], float] = random.random
    workers: Workers | None = None
    """Processes that read and compare; ``None``: the coordinator does it."""
    log: Logger = log
    outlook: Outlook = field(default_factory=Outlook)
    relatives: Relatives = field(default_factory=Relatives)
    fingerprints: dict[int, str | None] = field(default_factory=dict)
    """Of events that wait to be told (``same_edit.fingerprint``), by row id."""
    puzzling: set[int] = field(default_factory=set)
    """Versions that could not be compared: tried again by the next process."""
    _documents: dict[str, DocumentSource] = field(init=False, default_factory=dict)
    _columns: dict[str, ColumnSource] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._documents = {one.id: one for one in self.sources.documents}
        self._columns = {one.id: one for one in self.sources.columns}

    def document(self, row: SourceRow) -> DocumentSource | None:
        """How a page is to be watched: as sources.yaml says, or as the column says that announced it."""
        if row.document_id is None:
            return None
        column = self._columns.get(row.column_id or "")
        if column is None:
            return self._documents.get(row.document_id)
        return DocumentSource(
            id=row.document_id,
            title=row.document_id,
            pages=(Page(row.url),),
            region=column.region,
            channels=column.channels,
            schedule=column.schedule,
            network=column.network,
            line=column.line,
        )

    @property
    def document_ids(self) -> Set[str]:
        """Ids that sources.yaml itself gives: these documents are never joined to another by themselves."""
        return self._documents.keys()

    def column(self, row: SourceRow) -> ColumnSource | None:
        """The column that a row polls."""
        return self._columns.get(row.name) if row.kind == "column" else None

    def channels_of(self, document_id: str | None, column_id: str | None = None) -> tuple[str, ...]:
        """Which channels hear of a document or column; of neither: all of them."""
        if document_id is not None and (own := self._documents.get(document_id)) is not None:
            return own.channels
        if column_id is not None and (column := self._columns.get(column_id)) is not None:
            return column.channels
        return tuple(self.sources.channels)

    def timezone_of(self, document_id: str | None, column_id: str | None = None) -> str:
        """The time zone of a document or column (its digests and quiet hours go by it); of neither: the general one."""
        for source in (self._documents.get(document_id or ""), self._columns.get(column_id or "")):
            if source is not None:
                return source.schedule.timezone
        return self.sources.schedule.timezone

    def with_sources(self, sources: Sources) -> Context:
        """The same world under other settings."""
        return replace(self, sources=sources)
