"""What stands before every route: host, login, form tokens, size, headers. A route is closed unless it is named here."""

from __future__ import annotations

import re
import time
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from watcher.web.access import (
    COOKIE,
    Guesses,
    Keys,
    client,
    cookie,
    credentials,
    form_token,
    is_loopback,
    same,
    session_holds,
)
from watcher.web.login import ask, refused
from watcher.web.site import Site

OPEN = re.compile(r"/healthz|/login|/static/[a-z0-9.-]{1,60}")
"""What answers without a secret."""
MAX_FORM = 65_536
PLAIN_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """The ASGI layer around the application. ``scope["state"]`` gets ``form``, ``session`` and ``token``."""

    def __init__(self, app: ASGIApp, site: Site, keys: Keys) -> None:
        self.app = app
        self.site = site
        self.keys = keys
        self.guesses = Guesses(time.monotonic)
        self.hosts = {"localhost", urlsplit(site.sources.alerting.link).hostname or "localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; anything but HTTP is closed."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in PLAIN_HEADERS.items():
                    out.setdefault(name, value)
                out.setdefault("cache-control", "no-store")
            await send(message)

        scope["app"] = self.app
        state = scope.setdefault("state", {})
        refusal = self._refused(scope, headers, state)
        if refusal is None and scope["method"] == "POST":
            refusal = await self._form(scope, headers, receive, state)
        if refusal is not None:
            await refusal(scope, receive, sealed)
            return
        await self.app(scope, receive, sealed)

    def _refused(self, scope: Scope, headers: Headers, state: dict[str, object]) -> Response | None:
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("method not allowed", 405, {"allow": "GET, HEAD, POST"})
        if not self._host_is_ours(headers.get("host", "")):
            return PlainTextResponse(
                "this page answers to its own address only; name it under settings: alerts: link", 421
            )
        session = cookie(headers, COOKIE)
        known = bool(session) and session_holds(self.site.key, session, self.site.now().timestamp())
        state["session"] = session if known else ""
        state["token"] = form_token(self.site.key, session if known else "")
        state["guesses"], state["keys"] = self.guesses, self.keys
        if known or not self.keys.demanded or OPEN.fullmatch(scope["path"]):
            return None
        return self._asked(scope, headers)

    def _asked(self, scope: Scope, headers: Headers) -> Response | None:
        """Looks at the ``Authorization`` header; ``None`` lets the request pass."""
        shown = credentials(headers.get("authorization", ""))
        address = client(scope)
        if shown is not None:
            if wait := self.guesses.take(address):
                return self._told(scope, headers, 429, "too many wrong secrets; wait", {"retry-after": str(wait)})
            if self.keys.fits(*shown):
                self.guesses.forgive(address)
                return None
        if "text/html" in headers.get("accept", "") and scope["method"] != "POST":
            return ask(scope, status=401)
        return PlainTextResponse(
            "a secret is needed", 401, {"www-authenticate": 'Basic realm="watcher", charset="UTF-8"'}
        )

    def _told(
        self, scope: Scope, headers: Headers, status: int, text: str, more: dict[str, str] | None = None
    ) -> Response:
        """A refusal: a page of ours for a person's browser, a line of text for a program."""
        if "text/html" not in headers.get("accept", ""):
            return PlainTextResponse(text, status, more)
        return refused(scope, status, more or {})

    def _host_is_ours(self, host: str) -> bool:
        """Without a login a foreign name that leads here (DNS rebinding) must not be answered."""
        if not re.fullmatch(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]{1,253})(?::[0-9]{1,5})?", host):
            return False
        if self.keys.demanded:
            return True
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name in self.hosts or is_loopback(name)

    async def _form(
        self, scope: Scope, headers: Headers, receive: Receive, state: dict[str, object]
    ) -> Response | None:
        """Reads a form and checks that one of our own pages sent it."""
        if not same_origin(headers):
            return self._told(scope, headers, 403, "forms are taken from this page only")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return self._told(scope, headers, 415, "a form is expected")
        body = b""
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return PlainTextResponse("the request was cut off", 400)
            body += message.get("body", b"")
            if len(body) > MAX_FORM:
                return self._told(scope, headers, 413, "too large")
            if not message.get("more_body"):
                break
        try:
            fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=60)
        except ValueError:
            return self._told(scope, headers, 400, "the form cannot be read")
        form = {name: values[-1] for name, values in fields.items()}
        if not same(form.get("token", ""), str(state["token"])):
            return self._told(scope, headers, 403, "this form is too old; load its page again")
        state["form"] = form
        return None


def same_origin(headers: Headers) -> bool:
    """Whether a browser says that the request comes from our own page (a program says nothing, and needs the token anyway)."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")
