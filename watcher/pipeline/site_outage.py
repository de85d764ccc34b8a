"""Pages of one site that fail together: people hear of the site, once, and once more when it is back; programs hear of every page.

Incidents stay rows of their pages. What a channel was told of a site is a fact in the store, so that a restart tells nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import msgspec

from watcher.alert import events, sites
from watcher.alert.sites import SitePage
from watcher.pipeline.context import Context
from watcher.pipeline.telling import composed, decision_of, facts_of, tell
from watcher.store import SourceRow
from watcher.store.database import moment
from watcher.types import Event, EventType

NAMED: Final = 5
"""Pages that a message names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Outage:
    """What one channel was told of one site."""

    kind: str
    since: str
    pages: int
    """How many were out."""
    back_at: str | None = None
    """When the first of them was read again."""
    rest: bool = False
    """The end was told, all but for those that are still out."""


def page_out(context: Context, row: SourceRow, kind: str, event: Event, at: datetime) -> None:
    """Tells of a page's new incident, or of its site. Call inside its transaction."""
    alone: list[str] = []
    pages: list[SitePage] | None = None
    for name in _channels(context, row):
        named = _group(context, row, kind, name)
        if named is None or decision_of(context, event, name, row.document_id, column_of(row)).deliver == "never":
            alone.append(name)
            continue
        pages = _pages(context, row, named) if pages is None else pages
        mine = [page for page in pages if name in _followers(context, page)]
        known = _known(context, row, named, name)
        if known is not None and known.back_at is None and sum(page.told for page in mine) > 1:
            _write(context, row, named, name, replace(known, pages=max(known.pages, sum(page.told for page in mine))))
        elif sites.is_out(mine):
            out = [page for page in mine if page.out]
            _tell(context, row, name, of_site(event, row, len(out), out, watched=len(mine)))
            _write(context, row, named, name, Outage(kind, context.store.stamp(at), len(out)))
        else:
            alone.append(name)
    tell(context, event, document_id=row.document_id, source_id=row.id, channels=tuple(alone))


def page_back(context: Context, row: SourceRow, kind: str, event: Event, at: datetime) -> None:
    """Tells of the end of a page's incident, or what it means for its site. Call inside its transaction."""
    alone = []
    for name in _channels(context, row):
        named = _group(context, row, kind, name)
        if named is None or _known(context, row, named, name) is None:
            alone.append(name)
        else:
            _settle(context, row, named, name, at, back=True)
    tell(context, event, document_id=row.document_id, source_id=row.id, channels=tuple(alone))


def page_still_out(context: Context, row: SourceRow, kind: str, at: datetime) -> None:
    """A page that fails on: it may be the last that is looked at again after its site came back. Call inside a transaction."""
    for name in _channels(context, row):
        named = _group(context, row, kind, name)
        if named is not None and (known := _known(context, row, named, name)) is not None and known.back_at is not None:
            _settle(context, row, named, name, at, back=False)


def column_of(row: SourceRow) -> str | None:
    """The column that a source is, or that announced it."""
    return row.name if row.kind == "column" else row.column_id


def of_site(event: Event, row: SourceRow, count: int, named: Sequence[SitePage], **more: object) -> Event:
    """The event of a page as one of its site: ``site`` (its host), ``pages`` (how many), ``titles`` of some of them."""
    site = sites.site_of(row.url)
    about = {"document": f"site {site}", "title": site, "stage": None, "site": site, "pages": count}
    titles = [page.title for page in named[:NAMED]]
    kind: EventType = "incident.closed" if event.type == "incident.closed" else "incident.opened"
    return replace(event, type=kind, data={"kind": "gone", **event.data, **about, "titles": titles, **more})


def _settle(context: Context, row: SourceRow, named: str, name: str, at: datetime, *, back: bool) -> None:
    """The end is told when every page is read again, or when all that are not were asked once more since the first one was."""
    known = _known(context, row, named, name)
    assert known is not None
    left = [page for page in _pages(context, row, named) if page.told and name in _followers(context, page)]
    if known.back_at is None and back:
        known = replace(known, back_at=context.store.stamp(at))
        context.store.sources.hasten([page.source_id for page in left], at)
    unasked = [page for page in left if (page.checked_at or "") < (known.back_at or "")]
    if not left or not (unasked or known.rest):
        closed = events.incident_closed(facts_of(context, row), known.kind, at, since=moment(known.since))
        told = of_site(closed, row, known.pages, left, left=len(left))
        _tell(context, row, name, told)
        known = replace(known, rest=True, pages=len(left))
    _write(context, row, named, name, known if left else None)


def _tell(context: Context, row: SourceRow, name: str, event: Event) -> None:
    thread = f"site {sites.site_of(row.url)}"
    column = column_of(row)
    tell(
        context, event, document_id=row.document_id, source_id=row.id, column_id=column, channels=(name,), thread=thread
    )


def _channels(context: Context, row: SourceRow) -> tuple[str, ...]:
    return context.channels_of(row.document_id, column_of(row))


def _followers(context: Context, page: SitePage) -> tuple[str, ...]:
    return context.channels_of(page.document_id, page.name if page.kind == "column" else page.column_id)


def _group(context: Context, row: SourceRow, kind: str, name: str) -> str | None:
    channel = context.sources.channels.get(name)
    if channel is None or not composed(channel.kind) or not sites.site_of(row.url):
        return None
    return sites.group(kind)


def _pages(context: Context, row: SourceRow, named: str) -> list[SitePage]:
    return [SitePage(*one) for one in context.store.incidents.site(sites.site_of(row.url), *sites.members(named))]


def _fact(row: SourceRow, named: str, name: str) -> str:
    return f"site {sites.site_of(row.url)} {named} {name}"


def _known(context: Context, row: SourceRow, named: str, name: str) -> Outage | None:
    kept = context.store.fact(_fact(row, named, name))
    return msgspec.json.decode(kept, type=Outage) if kept else None


def _write(context: Context, row: SourceRow, named: str, name: str, outage: Outage | None) -> None:
    kept = "" if outage is None else msgspec.json.encode(outage).decode()
    context.store.set_fact(_fact(row, named, name), kept)
