"""Columns: read a list page, remember its items, turn those that matter into watched documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from watcher.alert.incidents import kind_of
from watcher.decoding import decode
from watcher.errors import FetchError
from watcher.fetch.validators import retry_after
from watcher.fetch.verdict import judge, verdict_of_error
from watcher.lexicon.places import region_of
from watcher.lexicon.titles import stage_of
from watcher.pipeline.context import Context
from watcher.pipeline.expecting import final_awaited_in
from watcher.pipeline.incidents import settle_incident
from watcher.pipeline.outage import RETRY
from watcher.pipeline.results import tell_result
from watcher.pipeline.visiting import fetch
from watcher.read.columns import ColumnPage, ListRequest, read_column
from watcher.schedule import next_check
from watcher.settings import ColumnSource
from watcher.store import CheckResult, SourceRow
from watcher.types import Item, Verdict

MAX_ITEMS = 2000
"""Items that one visit takes in."""
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
    """Reads the first page of a list, on the first visit as many as ``depth`` says, later on until a page brings nothing new."""
    start = ColumnVisit(row, column, context.now(), "error")
    first = not context.store.lineage.has_items(row.id)
    known = {one["url"] for one in context.store.lineage.items(row.id, MAX_ITEMS)}
    items: dict[str, Item] = {}
    ask: str | ListRequest | None = row.url
    status: int | None = None
    for number in range(max(column.depth, 1) if first else max(column.depth, 5)):
        if ask is None or len(items) >= MAX_ITEMS:
            break
        try:
            page, status, verdict, note = await _page(context, column, ask)
        except FetchError as error:
            if number:
                break  # the first pages stand; the next visit goes on
            return replace(
                start, verdict=verdict_of_error(error), note=str(error), retry_after=error.retry_after, wire=error.kind
            )
        if page is None:
            if number:
                break
            return replace(start, verdict=verdict, note=note, status=status)
        fresh = [one for one in page.items if one.url not in items]
        items |= {one.url: one for one in fresh}
        if not fresh or (not first and all(one.url in known for one in fresh)):
            break
        ask = page.next
    if not items:
        return replace(start, verdict="empty", note="no items were found on the list page", status=status)
    return replace(start, verdict="document", items=tuple(items.values()), status=status)


async def _page(
    context: Context, column: ColumnSource, ask: str | ListRequest
) -> tuple[ColumnPage | None, int, Verdict, str]:
    """One page of a list; follows the request that a shell page makes for its items."""
    for _ in range(3):
        if isinstance(ask, str):
            answer = await fetch(context, ask, column.network, found=ask != column.url)
        elif context.gate is None:
            raise FetchError("this command does not use the network", kind="refused")
        else:
            answer = await context.gate.fetch(
                ask.url, column.network, method=ask.method, body=ask.body, headers=ask.headers
            )
        decoded = decode(answer.body, answer.headers.get("content-type"))
        if answer.status != 200:
            judgement = judge(answer, decoded.text[:262_144], None, None)
            wait = retry_after(answer.headers, context.now())
            note = judgement.reason + (f"; asked to wait {wait:.0f} s" if wait else "")
            return None, answer.status, judgement.verdict if judgement.verdict != "document" else "error", note
        # The fragment never goes over the wire, yet on some portals it names the column (/gkmlpt/policy#2811).
        fragment = ask.partition("#")[2] if isinstance(ask, str) and "#" not in answer.final_url else ""
        address = f"{answer.final_url}#{fragment}" if fragment else answer.final_url
        page = read_column(decoded.text, address, items_selector=column.items)
        if page.items or not page.requests:
            if not page.items:
                judgement = judge(answer, decoded.text[:262_144], None, None)
                if judgement.verdict not in ("document", "empty"):
                    return None, answer.status, judgement.verdict, judgement.reason
            return page, answer.status, "document", ""
        ask = page.requests[0]
    return ColumnPage(), 200, "document", ""


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
        first_load = not store.lineage.has_items(row.id)
        for item in store.lineage.new_items(row.id, done.items, at):
            if _follow(column.follow).search(item.title) is None or not item.url.lower().startswith(_WEB):
                continue
            if (known := store.sources.document_at(item.url)) is not None:
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
