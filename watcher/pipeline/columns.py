"""Columns: read a list page, remember its items, turn those that matter into watched documents."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from watcher.alert.incidents import kind_of
from watcher.errors import FetchError
from watcher.lexicon.places import region_of
from watcher.lexicon.titles import stage_of
from watcher.pipeline.bringing import bring, fetch, run
from watcher.pipeline.context import Context
from watcher.pipeline.errands import Errand, Listing
from watcher.pipeline.examine import Job
from watcher.pipeline.expecting import final_awaited_in
from watcher.pipeline.incidents import settle_incident
from watcher.pipeline.moving import moves
from watcher.pipeline.outage import RETRY
from watcher.pipeline.results import tell_result
from watcher.pipeline.walking import MAX_ITEMS, Answer, Ask, Walked, completed, end_of_first, walk
from watcher.schedule import next_check
from watcher.settings import ColumnSource
from watcher.store import CheckResult, SourceRow
from watcher.text import squeeze
from watcher.types import Item, Verdict
from watcher.words import both

PATIENT = 3
"""Visits in a row that may fail at a later page before what the pages before it hold is taken alone."""
AGAIN = 3
"""Pages, of those read at first, that are read again once a day."""
LATE = 2
"""Pages of a list in the order of its days that are read once a day at least: a document that is put up late stands below newer ones."""
_WEB = ("http://", "https://")
"""What a list may announce: only sources.yaml names files."""


@dataclass(frozen=True, slots=True)
class ColumnVisit:
    """How one visit of a column ended."""

    row: SourceRow
    column: ColumnSource
    at: datetime
    verdict: Verdict
    note: str = ""
    status: int | None = None
    items: tuple[Item, ...] = ()
    retry_after: float | None = None
    wire: str | None = None
    """The kind of error that kept an answer away, None when one came."""

    @property
    def good(self) -> bool:
        """A list was read."""
        return self.verdict == "document"


async def visit_column(context: Context, row: SourceRow, column: ColumnSource) -> ColumnVisit:
    """Reads a list: on the first visit as many pages as ``depth`` says, later on only what is new, once a day a few pages whatever they bring: a list
    may be put in another order.

    Where a later page cannot be had, nothing is kept for a few visits: what is behind it would otherwise never be looked at again.
    """
    at = context.now()
    start = ColumnVisit(row, column, at, "error")
    known: dict[str, str | None] | None = None
    end: str | None = None
    if stored := context.store.lineage.items(row.id, MAX_ITEMS):
        known = {one["url"]: one["date"] for one in stored}
        end = end_of_first(stored)
    daily = row.checked_at is None or row.checked_at[:10] != at.astimezone(UTC).date().isoformat()
    walked = await walk(
        row.url,
        max(column.depth, 1) if known is None else max(column.depth, 5),
        partial(_page, context, column),
        known,
        at_least=max(min(column.depth, AGAIN), 1 if end is None else LATE) if daily else 1,
        end=end,
    )
    if walked.verdict != "document" and (not walked.items or row.failures < PATIENT):
        return replace(
            start,
            verdict=walked.verdict,
            note=walked.note,
            status=walked.status,
            retry_after=walked.retry_after,
            wire=walked.wire,
        )
    if not walked.items:
        return replace(
            start,
            verdict="empty",
            note=both("列表页上没有找到条目", "no items were found on the list page"),
            status=walked.status,
        )
    items = await completed(
        walked.items, lambda title: follows(column.follow, title), known or {}, partial(_title_at, context, column)
    )
    return replace(start, verdict="document", items=items, status=walked.status)


async def listed(context: Context, column: ColumnSource) -> Walked:
    """The first page of a column's list; nothing is looked up and nothing kept."""
    return await walk(column.url, 1, partial(_page, context, column))


async def _page(context: Context, column: ColumnSource, ask: Ask) -> Answer:
    """One page of a list, or the shell of one."""
    if isinstance(ask, str):
        errand = Errand(ask, column.network, listing=Listing(column.items, ask.partition("#")[2]))
        brought = await bring(context, errand, found=ask != column.url)
    else:
        errand = Errand(
            ask.url,
            column.network,
            method=ask.method,
            body=ask.body,
            headers=ask.headers,
            listing=Listing(column.items),
        )
        brought = await bring(context, errand, found=True)
    listed, status = brought.listed, brought.fetched.status
    if listed is None:
        return Answer(None, status, "error")
    return Answer(listed.page, status, listed.verdict, listed.note)


async def _title_at(context: Context, column: ColumnSource, url: str) -> str | None:
    """The title that a document bears itself; None where it cannot be had."""
    if not url.lower().startswith(_WEB):
        return None
    try:
        fetched = await fetch(context, url, column.network, found=True)
    except FetchError:
        return None
    reading = (await run(context, Job(fetched, extract=False))).reading if fetched.status == 200 else None
    return reading.title if reading else None


def follows(pattern: str, title: str) -> bool:
    """Whether ``follow`` of a column takes an item of this title up: as printed, or without the white space and the widths that portals print (卫 生 健 康)."""
    expression = _follow(pattern)
    return (
        expression.search(title) is not None
        or expression.search(squeeze(unicodedata.normalize("NFKC", title))) is not None
    )


@lru_cache(maxsize=512)
def _follow(pattern: str) -> Any:
    import re2

    return re2.compile(pattern)


def document_id(column_id: str, url: str) -> str:
    """The id of a document that a column announced: stable, and never an address."""
    return f"{column_id}-{hashlib.blake2b(url.encode(), digest_size=5).hexdigest()}"


def keep_column(context: Context, done: ColumnVisit) -> int:
    """Writes one visit; returns how many documents were taken up. Call inside a transaction."""
    store, row, column, at = context.store, done.row, done.column, done.at
    taken = 0
    if done.good:
        before = store.lineage.items(row.id, MAX_ITEMS)
        first_load = not before
        fresh = [item for item in store.lineage.new_items(row.id, done.items, at) if _wanted(column, item)]
        for url, old in _moved(context, done.items, fresh, before).items():
            if (name := store.sources.move(old, url)) is not None:
                store.lineage.adopt(row.id, url, name)
        there = store.sources.documents_at(item.url for item in fresh) if fresh else {}
        for item in fresh:
            if (known := there.get(item.url)) is not None:
                store.lineage.adopt(row.id, item.url, known)
                continue
            if not first_load and tell_result(context, item):
                continue
            name = document_id(column.id, item.url)
            region = region_of(item.title) or column.region
            stage = stage_of(item.title)
            # A page may not say that it is a draft where its list does; a final is for the text to say.
            told = stage if stage in ("draft", "review", "interpretation") else None
            store.sources.add_found(name, item.title, region, column.id, item.url, column.channels, at, stage=told)
            store.lineage.adopt(row.id, item.url, name)
            taken += 1
    excused = context.outlook.excuses(done.wire)
    failures = 0 if done.good else row.failures if excused else row.failures + 1
    due = (
        at + timedelta(seconds=RETRY * (1 + context.dice()))
        if excused
        else next_check(
            column.schedule,
            at,
            dice=context.dice(),
            failures=failures,
            retry_after=done.retry_after,
            unasked=done.wire == "busy",
            urgent=final_awaited_in(context, column.id, at),
        )
    )
    store.sources.record(
        [
            CheckResult(
                source_id=row.id,
                at=at,
                verdict=done.verdict,
                status=done.status,
                note=done.note,
                next_at=due,
                failures=failures,
            )
        ]
    )
    if not excused:
        kind = None if done.good else (kind_of(done.verdict) or "error")
        settle_incident(context, row, at, failures, kind, done.note)
    return taken


def _wanted(column: ColumnSource, item: Item) -> bool:
    return follows(column.follow, item.title) and item.url.lower().startswith(_WEB)


def _moved(context: Context, items: tuple[Item, ...], fresh: list[Item], known: list[dict[str, Any]]) -> dict[str, str]:
    """New address -> old address of documents that the list announces elsewhere now; one may go back to where it was."""
    documents = {one["url"] for one in known if one["document_id"]}
    if not documents:
        return {}
    at = context.store.sources.documents_at
    there = at(item.url for item in items)
    again = [item for item in items if item.url in documents]
    elsewhere = [item for item in (*fresh, *again) if item.url not in there]
    if not elsewhere:
        return {}
    held = at(documents)
    return moves(elsewhere, items, [one for one in known if one["url"] in held])
