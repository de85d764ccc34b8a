"""From data to a response: templates, JSON, downloads; each with a validator, so that what did not change is not sent again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from watcher.compare.render_text import clean
from watcher.web import charts, figures, texts
from watcher.web.access import cookie
from watcher.web.site import HERE, Site
from watcher.words import Language

LANGUAGE_COOKIE = "watcher_lang"
YEAR = 365 * 86400


@cache
def templates() -> Environment:
    """The templates: everything put into them is escaped, a name that is not there is an error."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    found.filters["brief"] = brief
    found.globals.update(charts=charts, figures=figures, asset=asset)
    return found


def _shown(value: object) -> object:
    """Fetched text without control characters and direction overrides, which could make a page lie."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def brief(text: str | None, most: int = 100) -> str:
    """A title or a name in a list: whole unless it is endless."""
    text = text or ""
    return text if len(text) <= most else text[: most - 1] + "…"


@cache
def asset(name: str) -> str:
    """The address of one of our files, changing with its content so that browsers may keep it."""
    return f"/static/{name}?{hashlib.blake2b((HERE / 'static' / name).read_bytes(), digest_size=6).hexdigest()}"


def site_of(request: Request) -> Site:
    """The site that a request came to."""
    site: Site = request.app.state.site
    return site


def language_of(request: Request) -> Language:
    """``?lang=`` first, then the cookie, then the settings."""
    for wanted in (request.query_params.get("lang"), cookie(request.headers, LANGUAGE_COOKIE)):
        if wanted == "en":
            return "en"
        if wanted == "zh":
            return "zh"
    return site_of(request).sources.alerting.language


def page(
    request: Request, template: str, data: Mapping[str, Any] | None = None, *, status: int = 200, title: str = ""
) -> Response:
    """One of our pages. ``title`` stands in the browser's tab."""
    site, language = site_of(request), language_of(request)

    def said(chinese: str, **values: object) -> str:
        return texts.say(chinese, language, **values)

    def moment(text: str | datetime | None) -> Markup | str:
        return shown_time(text, site)

    def day(text: str) -> str:
        return shown_day(datetime.fromisoformat(text), site.zone)

    def here(**changes: object) -> str:
        """This address with some parameters changed (``None`` takes one away)."""
        return address(request, **changes)

    body = templates().get_template(template).render(
        **(data or {}),
        request=request, site=site, lang=language, _=said, time=moment, day=day, here=here, title=title,
        token=request.state.token, logged_in=bool(request.state.session), read_only=site.read_only, words=texts.Words(language),
        path=request.url.path,
    )  # fmt: skip
    response = answer(request, body.encode(), "text/html; charset=utf-8", status=status)
    if request.query_params.get("lang") in ("zh", "en"):
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="lax", httponly=True, path="/")
    return response


def answer(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    forever: bool = False,
) -> Response:
    """A body with its validator; 304 without it when the browser has the same one. ``forever``: it never changes."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    more = {
        "etag": tag,
        "cache-control": f"private, max-age={YEAR}, immutable" if forever else "private, no-cache",
        "vary": "Cookie, Authorization",
        **(headers or {}),
    }
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if status == 200 and (tag in known or known == ["*"]):
        return Response(status_code=304, headers=more)
    return Response(body, status_code=status, headers=more, media_type=media_type)


def json_answer(request: Request, data: object, *, status: int = 200) -> Response:
    """JSON with a validator."""
    body = json.dumps(data, ensure_ascii=False, default=str, separators=(",", ":")).encode()
    return answer(request, body, "application/json", status=status)


def download(request: Request, body: bytes, media_type: str, name: str) -> Response:
    """A file to be saved, never shown inside our pages."""
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "._-") else "_" for letter in name)
    return answer(
        request, body, media_type,
        headers={
            "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        },
    )  # fmt: skip


def address(request: Request, **changes: object) -> str:
    """The path of this request with some query parameters changed; ``None`` takes one away, a list repeats it."""
    kept = [
        (name, value) for name, value in request.query_params.multi_items() if name not in changes and name != "lang"
    ]
    for name, value in changes.items():
        values: Sequence[object] = value if isinstance(value, list | tuple) else [value]
        kept += [(name, str(one)) for one in values if one is not None]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


def shown_time(value: str | datetime | None, site: Site) -> Markup | str:
    """An instant in the readers' time zone, to the minute, as a ``<time>`` that machines read too."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    local = moment.astimezone(site.zone)
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), local.strftime("%Y-%m-%d %H:%M"))


def shown_day(moment: datetime, zone: tzinfo) -> str:
    """The day of an instant in a time zone, ``YYYY-MM-DD``."""
    return moment.astimezone(zone).date().isoformat()
