"""Which documents are about to move: a consultation is open, or it is over and the final text is awaited."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.pipeline.context import Context
from watcher.store import SourceRow

AWAITED = timedelta(days=183)
"""How long after its consultation a final text is looked for with more haste; most appear within half a year."""


def awaited(closes: str | None, stage: str | None, today: date) -> bool:
    """Whether a document whose newest text is of ``stage`` and whose consultation closes or closed on a day (ISO) is about to move."""
    if closes is None or stage not in ("draft", "review"):
        return False
    try:
        return today - date.fromisoformat(closes) <= AWAITED
    except ValueError:
        return False


def final_awaited(context: Context, row: SourceRow, at: datetime) -> bool:
    """Whether the document of an address is about to move."""
    if row.document_id is None:
        return False
    closes, stage = context.store.lineage.expected(row.document_id)
    return awaited(closes, stage, _today(context, at))


def final_awaited_in(context: Context, column_id: str, at: datetime) -> bool:
    """Whether a column announced a draft whose final text is awaited: it will be announced there too."""
    since = _today(context, at) - AWAITED
    return context.store.lineage.drafts_of_column(column_id, since.isoformat())


def _today(context: Context, at: datetime) -> date:
    return at.astimezone(ZoneInfo(context.sources.schedule.timezone)).date()
