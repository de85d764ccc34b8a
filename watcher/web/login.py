"""The door: a form that takes the secret and gives a session."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from watcher.web.access import COOKIE, SESSION, Guesses, Keys, client, new_session
from watcher.web.reply import language_of, page, site_of
from watcher.web.texts import Words

_PATH = re.compile(r"/[A-Za-z0-9_./?=&%~-]{0,500}")


def ask(scope: Scope, *, status: int = 200, wrong: str = "") -> Response:
    """The form; ``wrong`` says why the last try was not taken."""
    request = Request(scope)
    keys: Keys = request.state.keys
    after = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    data = {
        "wrong": wrong,
        "with_user": keys.password is not None,
        "with_token": keys.token is not None,
        "after": own(after),
    }
    response = page(request, "login.html", data, status=status, title="登录")
    response.headers["cache-control"] = "no-store"
    if status == 401:
        response.headers["www-authenticate"] = 'Bearer realm="watcher"'
    return response


def refused(scope: Scope, status: int, more: Mapping[str, str]) -> Response:
    """What a person sees whose request was not let in."""
    request = Request(scope)
    title = Words(language_of(request)).failure(status)[0]
    response = page(request, "error.html", {"status": status, "message": ""}, status=status, title=title)
    response.headers.update({"cache-control": "no-store", **more})
    return response


def own(path: str) -> str:
    """A path of ours to go on to; ``/`` for anything that might lead elsewhere."""
    good = _PATH.fullmatch(path) and not path.startswith("//") and not path.startswith("/login")
    return path if good else "/"


def show(request: Request) -> Response:
    """The form by itself."""
    if request.state.session or not request.state.keys.demanded:
        return RedirectResponse("/", 303)
    return ask(request.scope)


def enter(request: Request) -> Response:
    """Takes the form. Who guesses too often must wait."""
    guesses: Guesses = request.state.guesses
    keys: Keys = request.state.keys
    address = client(request.scope)
    if wait := guesses.take(address):
        response = ask(request.scope, status=429, wrong="many")
        response.headers["retry-after"] = str(wait)
        return response
    form: dict[str, str] = request.state.form
    if not keys.fits(form.get("user", ""), form.get("secret", "")):
        return ask(request.scope, status=403, wrong="secret")
    guesses.forgive(address)
    site = site_of(request)
    done = RedirectResponse(own(form.get("after", "/")), 303)
    done.set_cookie(
        COOKIE, new_session(site.key, site.now().timestamp()), max_age=SESSION, httponly=True, samesite="lax",
        secure=request.url.scheme == "https" or site.sources.alerting.link.startswith("https:"), path="/",
    )  # fmt: skip
    return done


def leave(request: Request) -> Response:
    """Ends the session in this browser."""
    done = RedirectResponse("/login", 303)
    done.delete_cookie(COOKIE, path="/")
    return done
