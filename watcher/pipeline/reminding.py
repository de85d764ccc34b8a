"""Consultations that close soon, or have closed: told once each."""

from __future__ import annotations

import json
from datetime import date
from zoneinfo import ZoneInfo

from watcher.alert import events
from watcher.alert.events import DocumentFacts
from watcher.pipeline.context import Context
from watcher.pipeline.telling import tell


def remind(context: Context) -> int:
    """Writes the reminders whose day has come; returns how many."""
    now = context.now()
    today = now.astimezone(ZoneInfo(context.sources.schedule.timezone)).date()
    count = 0
    for row in context.store.lineage.consultations():
        told: list[str] = json.loads(row["told"])
        step = due(row["closes"], today, context.sources.alerting.closing_days, told)
        if step is None:
            continue
        about = DocumentFacts(
            row["document_id"], row["title"], row["region"], "draft", row["url"], column=row["column_id"]
        )
        with context.store.atomic():
            context.store.lineage.told(row["document_id"], [*told, step])
            if step == "missed":
                continue
            if step == "closed":
                event = events.consultation_closed(about, now, closes=row["closes"], opens=row["opens"])
            else:
                days = (date.fromisoformat(row["closes"]) - today).days
                event = events.consultation_closing(
                    about, now, days=days, closes=row["closes"], opens=row["opens"], contact=row["contact"]
                )
            tell(context, event, document_id=row["document_id"])
        count += 1
    return count


def due(closes: str | None, today: date, closing_days: tuple[int, ...], told: list[str]) -> str | None:
    """The reminder that is to be written today, or None: ``"7"`` (days), ``closed``; ``missed`` when it was over before we knew.

    Of several days that have passed only the nearest is told.
    """
    if closes is None or "closed" in told or "missed" in told:
        return None
    left = (date.fromisoformat(closes) - today).days
    if left < 0:
        return "closed" if told or left >= -1 else "missed"
    passed = sorted(day for day in closing_days if left <= day)
    if passed and str(passed[0]) not in told:
        return str(passed[0])
    return None
