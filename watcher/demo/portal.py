"""The replay portal: a real HTTP server on loopback that plays five government and reposting sites.

It serves the five seeds as pages of the systems that such sites are built with, with everything that differs at every
request, announces documents in a column, publishes a (made-up) final version when told to, and misbehaves when told to.
The demo watches it, and tests use it as their world::

    async with Portal(Path("seeds")) as portal:
        portal.url("hohhot-health-14-5")              # where a document stands
        portal.edit("ordos-health-14-5", "76.8", "77")
        portal.fail("shangyu-health", "jsl", times=2)
        portal.publish_final()
        portal.requests[-1].status
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from watcher.demo.faults import WALLS, Fault, Kind
from watcher.demo.noise import Noise, noise
from watcher.demo.stock import COLUMN, FINAL, HERE, Entry, Page, final_version, plain, replaced_once, shelves

ITEMS_A_PAGE = 8
PAST_THE_END = b"<html><head></head><body>no page</body></html>\r\n"
ROBOTS = "User-agent: *\nDisallow: /admin/\nAllow: /\n"
FIRST_MODIFIED = datetime(2022, 6, 3, 2, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the portal answered. ``headers`` have lower-case names; ``status`` is what it answered."""

    method: str
    path: str
    headers: Mapping[str, str]
    status: int


def _spaced(label: str) -> str:
    """A label of a head table as TRS pages print it: short ones stretched with hard spaces."""
    return {2: "\u00a0 \u00a0 \u00a0 ", 3: "\u00a0 "}.get(len(label), "").join(label)


class Portal:
    """The server; an async context manager. ``seeds`` is the folder of the five texts.

    ``seed`` fixes all that is random, ``latency`` is waited before every answer, and ``slowness`` before an answer that
    is spoilt by ``slow`` (both in seconds). Times and counters of the pages are made up and do not read the clock.
    """

    def __init__(
        self, seeds: Path, *, port: int = 0, seed: int = 1, latency: float = 0.0, slowness: float = 5.0
    ) -> None:
        self._shelves = shelves(seeds)
        self._port = port
        self._seed = seed
        self._asked: Counter[str] = Counter()
        self._raw: dict[str, tuple[bytes, str, Mapping[str, str]]] = {}
        self._runner: web.AppRunner | None = None
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "pages"),
            autoescape=True,
            undefined=StrictUndefined,
            keep_trailing_newline=True,
        )
        self._templates.globals["spaced"] = _spaced
        self.latency = latency
        self.slowness = slowness
        self.faults: dict[str, Fault] = {}
        self.requests: list[Request] = []

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def address(self) -> str:
        """``http://127.0.0.1:PORT``; the port is known once the portal has started."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def documents(self) -> Mapping[str, str]:
        """Ids of the documents (as sources.yaml of the project has them) and their paths."""
        return self._shelves.documents

    @property
    def column_url(self) -> str:
        """The column that announces what the government of 呼和浩特 issues."""
        return f"{self.address}{COLUMN}index.html"

    @property
    def final_url(self) -> str:
        """Where the final version appears."""
        return f"{self.address}{FINAL}"

    def url(self, place: str) -> str:
        """The address of a document's id or of a path."""
        return self.address + self._path(place)

    def text(self, place: str) -> str:
        """The text that a page is made from, edits included. Raises ``KeyError`` for a page that is not there."""
        return self._shelves.pages[self._path(place)].text

    def edit(self, place: str, old: str, new: str) -> None:
        """Changes the text of a document. Raises ``ValueError`` unless ``old`` stands in it exactly once."""
        page = self._shelves.pages[self._path(place)]
        page.text = replaced_once(page.text, old, new)
        page.edits += 1

    def publish_final(self) -> str:
        """The final version of the plan of 呼和浩特 appears, at its own address and at the top of the column.

        It is derived from the draft as it stands now. Returns its address.
        """
        page, entry = final_version(self.text("hohhot-health-14-5"))
        self._shelves.pages[FINAL] = page
        if entry not in self._shelves.column:
            self._shelves.column.insert(0, entry)
        return self.final_url

    def publish(self, title: str, paragraphs: str, *, date: str, path: str | None = None, listed: bool = True) -> str:
        """A further page in the structure of TRS; ``paragraphs`` are lines. ``listed``: at the top of the column too.

        Returns its address.
        """
        path = (
            path
            or f"{COLUMN}{date[:7].replace('-', '')}/t{date.replace('-', '')}_{1300000 + len(self._shelves.pages)}.html"
        )
        site = "呼和浩特市人民政府"
        self._shelves.pages[path] = Page(
            "trs.html", plain, f"{title}\n{paragraphs}", site=site, published=f"{date} 09:00:00"
        )
        if listed:
            self._shelves.column.insert(0, Entry(title, "." + path.removeprefix(COLUMN.rstrip("/")), date))
        return self.url(path)

    def serve(
        self,
        path: str,
        body: bytes,
        content_type: str = "text/html; charset=utf-8",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Any bytes at any path (an attachment, a page of the test's own). Returns the address."""
        self._raw[path] = (body, content_type, headers or {})
        return self.url(path)

    def withdraw(self, place: str) -> None:
        """Takes a page away: its address answers 404 from now on, and the column names it no longer."""
        path = self._path(place)
        self._raw.pop(path, None)
        self._shelves.pages.pop(path, None)
        self._shelves.column[:] = [entry for entry in self._shelves.column if COLUMN + entry.href[2:] != path]

    def fail(self, place: str, kind: Kind, *, times: int | None = None) -> None:
        """Spoils the answers of a document or path (``"*"``: of all), ``times`` of them or until ``heal``."""
        self.faults[place if place == "*" else self._path(place)] = Fault(kind, times)

    def heal(self, place: str | None = None) -> None:
        """Ends the misbehaviour of one place, or of all."""
        if place is None:
            self.faults.clear()
        else:
            self.faults.pop(place if place == "*" else self._path(place), None)

    def asked(self, place: str) -> int:
        """How many requests a place has had."""
        return self._asked[self._path(place)]

    def _path(self, place: str) -> str:
        return self._shelves.documents.get(place, place.removeprefix(self.address))

    def _fault(self, path: str) -> Kind | None:
        for place in (path, "*"):
            fault = self.faults.get(place)
            if fault is None:
                continue
            if fault.left is not None:
                fault.left -= 1
                if fault.left <= 0:
                    del self.faults[place]
            return fault.kind
        return None

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        self._asked[path] += 1
        around = noise(self._seed, path, self._asked[path])
        if self.latency:
            await asyncio.sleep(self.latency)
        fault = None if path == "/robots.txt" else self._fault(path)
        if fault == "slow":
            await asyncio.sleep(self.slowness)
        response = self._spoilt(request, fault, around) or self._page(request, around, shrunken=fault == "shrunken")
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Request(request.method, path, headers, response.status))
        if fault == "cut":
            return await self._half(request, response)
        return response

    def _spoilt(self, request: web.Request, fault: Kind | None, around: Noise) -> web.Response | None:
        if fault == "garbage":
            return web.Response(body=hashlib.shake_256(around.token.encode()).digest(4096), content_type="text/html")
        if fault == "cookie" and "CT6T" not in request.cookies:
            return web.Response(
                status=302, headers={"Location": request.path, "Set-Cookie": f"CT6T={around.short}; path=/"}
            )
        wall = WALLS.get(fault) if fault else None
        if wall is None:
            return None
        body = self._templates.get_template(wall.template).render(noise=around) if wall.template else ""
        return web.Response(
            status=wall.status, text=body, content_type="text/html", charset="utf-8", headers=dict(wall.headers)
        )

    def _page(self, request: web.Request, around: Noise, *, shrunken: bool) -> web.Response:
        path = request.path
        if path == "/robots.txt":
            return web.Response(text=ROBOTS)
        if path in self._raw:
            body, content_type, headers = self._raw[path]
            return web.Response(body=body, headers={"Content-Type": content_type, **headers})
        if path.startswith(COLUMN) and path.removeprefix(COLUMN).partition("_")[0] in {"", "index.html", "index"}:
            return self._column(path.removeprefix(COLUMN), around)
        page = self._shelves.pages.get(path)
        if page is None:
            body_text = self._templates.get_template("faults/notfound.html").render(noise=around)
            return web.Response(status=404, text=body_text, content_type="text/html", charset="utf-8")
        validators = self._validators(page)
        if not shrunken and validators and self._unchanged(request, validators):
            return web.Response(status=304, headers=validators)
        paper = page.paper()
        if shrunken:
            paper = replace(paper, parts=tuple(part for part in paper.parts[:4] if isinstance(part, str)))
        text = self._templates.get_template(page.template).render(
            paper=paper, noise=around, site=page.site, published=page.published
        )
        headers = {"Content-Type": page.content_type, **(validators if not shrunken else {})}
        # What the page's encoding cannot write is written as a character reference, as content systems do.
        response = web.Response(body=text.encode(page.encoding, "xmlcharrefreplace"), headers=headers)
        response.enable_compression()
        return response

    def _column(self, name: str, around: Noise) -> web.Response:
        """``index.html`` is page 1, ``index_1.html`` page 2; past the end stands a stub with status 200, as in real life."""
        number = int(digits) if (digits := name.removeprefix("index_").removesuffix(".html")).isdigit() else 0
        entries = self._shelves.column
        count = -(-len(entries) // ITEMS_A_PAGE)
        if number >= count:
            return web.Response(body=PAST_THE_END, content_type="text/html")
        text = self._templates.get_template("column.html").render(
            items=entries[number * ITEMS_A_PAGE : (number + 1) * ITEMS_A_PAGE],
            count=count, number=number, noise=around, site="呼和浩特市人民政府",
        )  # fmt: skip
        return web.Response(text=text, content_type="text/html", charset="utf-8")

    def _validators(self, page: Page) -> dict[str, str]:
        if page.validator == "etag":
            return {"ETag": f'W/"{hashlib.sha256(page.text.encode()).hexdigest()[:16]}"'}
        if page.validator == "last-modified":
            return {"Last-Modified": format_datetime(FIRST_MODIFIED + timedelta(hours=page.edits), usegmt=True)}
        return {}

    def _unchanged(self, request: web.Request, validators: Mapping[str, str]) -> bool:
        if "ETag" in validators:
            return request.headers.get("If-None-Match") == validators["ETag"]
        return request.headers.get("If-Modified-Since") == validators["Last-Modified"]

    async def _half(self, request: web.Request, whole: web.Response) -> web.StreamResponse:
        """Half of an answer, then the connection is gone."""
        body = whole.body if isinstance(whole.body, bytes) else b""
        half = web.StreamResponse(
            status=200, headers={"Content-Type": "text/html", "Content-Length": str(max(len(body), 2))}
        )
        await half.prepare(request)
        await half.write(body[: len(body) // 2])
        if request.transport is not None:
            request.transport.close()
        return half
