"""All routes in one place, and what an error looks like."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from watcher.errors import NotFound, StoreError
from watcher.logs import log
from watcher.web import api, changes, desk, diffs, documents, feeds, health, login, plans
from watcher.web.access import Keys
from watcher.web.asked import Moved
from watcher.web.guard import Guard
from watcher.web.reply import answer, json_answer, language_of, page
from watcher.web.site import HERE, Site
from watcher.web.texts import Words

View = Callable[[Request], Response]
_FILES = {"style.css": "text/css", "keys.js": "text/javascript", "icon.svg": "image/svg+xml"}


def static(request: Request) -> Response:
    """One of our own files; there are no others."""
    name = str(request.path_params["name"])
    if name not in _FILES:
        raise HTTPException(404)
    return answer(request, (HERE / "static" / name).read_bytes(), _FILES[name], forever=True)


GETS: tuple[tuple[str, View], ...] = (
    ("/", changes.home),
    ("/documents", documents.index),
    ("/documents/{id}", documents.show),
    ("/documents/{id}/diff", diffs.choose),
    ("/documents/{id}/diff/{pair}", diffs.show),
    ("/documents/{id}/diff/{pair}/{form}", diffs.save),
    ("/documents/{id}/versions/{number}", documents.text),
    ("/documents/{id}/snapshots/{snapshot}", documents.snapshot),
    ("/indicators", plans.index),
    ("/indicators/{key}", plans.show),
    ("/indicators/{key}/{form}", plans.save),
    ("/compare", plans.compare),
    ("/calendar", desk.calendar),
    ("/sources", desk.sources),
    ("/incidents", desk.incidents),
    ("/alerts", desk.alerts),
    ("/login", login.show),
    ("/feed.atom", feeds.atom),
    ("/calendar.ics", feeds.ics),
    ("/healthz", health.healthz),
    ("/metrics", health.metrics),
    ("/static/{name}", static),
    ("/api/openapi.json", api.openapi),
    ("/api/v1/documents", api.documents),
    ("/api/v1/documents/{id}", api.document),
    ("/api/v1/documents/{id}/versions", api.versions),
    ("/api/v1/documents/{id}/versions/{number}", api.reading),
    ("/api/v1/documents/{id}/indicators", api.indicators),
    ("/api/v1/documents/{id}/diff", api.diff),
    ("/api/v1/documents/{id}/diff/{pair}", api.pair),
    ("/api/v1/changes", api.changes),
    ("/api/v1/indicators", api.keys),
    ("/api/v1/indicators/{key}", api.key),
    ("/api/v1/consultations", api.consultations),
)
POSTS: tuple[tuple[str, View], ...] = (
    ("/login", login.enter),
    ("/logout", login.leave),
    ("/sources/{number}/check", desk.check_now),
    ("/alerts/{number}/resend", desk.resend),
    ("/alerts/resend-dead", desk.resend_dead),
    ("/links/{number}", desk.decide),
)


def _told(view: View) -> View:
    """A view whose expected failures are answers."""

    @functools.wraps(view)
    def inner(request: Request) -> Response:
        try:
            return view(request)
        except Moved as moved:
            return RedirectResponse(moved.path, 302)
        except NotFound as error:
            return failed(request, 404, str(error))
        except StoreError as error:
            return failed(request, 503, str(error))

    assert not inspect.iscoroutinefunction(view), "views are run in a thread: they read the disk"
    return inner


def failed(request: Request, status: int, message: str) -> Response:
    """An error in the form that the asker reads."""
    if request.url.path.startswith("/api/"):
        return json_answer(request, {"error": message}, status=status)
    # What went wrong in detail is English: for programs and for readers of English.
    shown = message if language_of(request) == "en" and status in (400, 404) else ""
    return page(
        request,
        "error.html",
        {"status": status, "message": shown},
        status=status,
        title=Words(language_of(request)).failure(status)[0],
    )


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return failed(request, error.status_code, error.detail)


def _bug(request: Request, error: Exception) -> Response:
    log.error("page.bug", path=request.url.path, error=type(error).__name__)
    return failed(request, 500, "a fault of watcher; the log has more")


def application(site: Site, keys: Keys) -> ASGIApp:
    """The page as an ASGI application, guarded."""
    app = Starlette(
        routes=[
            *(Route(path, _told(view), methods=["GET"]) for path, view in GETS),
            *(Route(path, _told(view), methods=["POST"]) for path, view in POSTS),
        ],
        exception_handlers={HTTPException: _http_error, 500: _bug},
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return Guard(app, site, keys)
