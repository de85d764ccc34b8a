"""日历, 监测源, 通知: what is to come, what is polled, what was told; and the few things that can be done from the page."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from watcher.pipeline.context import Context
from watcher.pipeline.joining import accept_link, undo_link
from watcher.store import Store
from watcher.web import asked
from watcher.web.outages import LOOKED, by_site
from watcher.web.reply import page, site_of
from watcher.web.texts import STATES
from watcher.words import VERDICTS

ROWS = 60


def calendar(request: Request) -> Response:
    """Consultations: open ones by closing day, and those that closed."""
    site = site_of(request)
    today = site.today
    with site.open() as store:
        coming = store.pages.consultations(first=today, limit=150, today=today)
        past = store.pages.consultations(
            first=(date.fromisoformat(today) - timedelta(days=730)).isoformat(), last=today, newest_first=True, limit=60
        )
        results = store.pages.results([row["document_id"] for row in [*coming, *past]])
    for row in [*coming, *past]:
        row["result"] = results.get(row["document_id"])
        row["days"] = (date.fromisoformat(row["closes"]) - date.fromisoformat(today)).days
    months = [(month, list(rows)) for month, rows in groupby(coming, key=lambda row: row["closes"][:7])]
    return page(request, "calendar.html", {"months": months, "past": past, "today": today}, title="日历")


def sources(request: Request) -> Response:
    """Every source with its last verdict and its next check; open incidents first."""
    with site_of(request).open() as store:
        verdict = asked.one_of(request, "verdict", tuple(VERDICTS))
        after = request.query_params.get("after", "")[:2200]
        rows, following = asked.leaf(store.pages.sources(after=after, verdict=verdict, limit=ROWS + 1), ROWS, "name")
        data = {
            "rows": rows,
            "next": following,
            "incidents": by_site(store.pages.incidents(limit=LOOKED), 20) if not after else [],
            "columns": {one.id: one.title for one in site_of(request).sources.columns},
            "verdicts": VERDICTS,
            "verdict": verdict,
            "done": asked.word(request, "done"),
        }
    return page(request, "sources.html", data, title="监测源")


def incidents(request: Request) -> Response:
    """All incidents, closed ones too."""
    with site_of(request).open() as store:
        rows = store.pages.incidents(open_only=False, before=asked.cursor(request), limit=ROWS + 1)
    shown, following = asked.leaf(rows, ROWS, "id")
    return page(request, "incidents.html", {"rows": shown, "next": following}, title="异常")


def alerts(request: Request) -> Response:
    """The outbox, newest first."""
    with site_of(request).open() as store:
        state = asked.one_of(request, "state", tuple(STATES))
        found = store.pages.alerts(state=state, before=asked.cursor(request), limit=ROWS + 1)
        rows, following = asked.leaf(found, ROWS, "id")
        data: dict[str, Any] = {
            "rows": rows,
            "next": following,
            "states": STATES,
            "state": state,
            "queue": store.pages.waiting(),
            "stopped": store.outbox.stopped_channels(),
            "done": asked.word(request, "done"),
        }
    return page(request, "alerts.html", data, title="通知")


def _doing(request: Request) -> Store:
    """A store for an action; 403 where the page only shows."""
    site = site_of(request)
    if site.read_only:
        raise HTTPException(403, "this page is read-only; use the one of `watcher run`")
    return Store(site.database)


def check_now(request: Request) -> Response:
    """The source is due at once; the service's next tick visits it."""
    number = asked.number(str(request.path_params["number"]))
    site = site_of(request)
    with _doing(request) as store:
        if not store.pages.active_source(number):
            raise asked.missing("no such source")
        store.sources.postpone([number], site.now())
    return RedirectResponse("/sources?done=check", 303)


def resend(request: Request) -> Response:
    """The alert goes back into the queue under its own message id."""
    number = asked.number(str(request.path_params["number"]))
    with _doing(request) as store:
        if store.outbox.resend(ids=[number], now=site_of(request).now()) == 0:
            raise asked.missing("no alert that could be sent again")
        store.outbox.start_channel(store.outbox.get(number).channel)
    return RedirectResponse("/alerts?done=resend", 303)


def resend_dead(request: Request) -> Response:
    """All dead letters go back into the queue."""
    with _doing(request) as store:
        store.outbox.resend(dead=True, now=site_of(request).now())
        for channel in store.outbox.stopped_channels():
            store.outbox.start_channel(channel)
    return RedirectResponse("/alerts?done=resend", 303)


def decide(request: Request) -> Response:
    """A person makes or undoes a proposed link."""
    number = asked.number(str(request.path_params["number"]))
    state = {"accept": "linked", "undo": "undone"}.get(request.state.form.get("decision", ""))
    if state is None:
        raise asked.bad("decision: accept or undo")
    site = site_of(request)
    with _doing(request) as store:
        context = Context(site.sources, store, now=site.now)
        if not store.lineage.decide(number, state, site.now()):
            raise asked.missing("nothing to decide")
        (accept_link if state == "linked" else undo_link)(context, number)
    return RedirectResponse("/", 303)
