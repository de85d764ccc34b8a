"""A hostile portal and a secret neighbour on loopback: the portal may be asked, the neighbour never."""

from __future__ import annotations

import inspect
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from tests.pipeline.world import due
from watcher.fetch.gate import Gate
from watcher.fetch.resolver import Lookup
from watcher.pipeline.context import Context
from watcher.pipeline.rounds import Round, whole_round
from watcher.sources import load
from watcher.store import Store

Answer = web.StreamResponse | Callable[[web.Request], web.StreamResponse]
SECRET = "canary-5f1d0c-机密"
"""Stands only where nobody may read: at the neighbour, in files beside sources.yaml."""
PROSE = (
    "<p>到2025年，全市居民健康素养水平达到25%以上，医疗卫生服务体系更加完善，群众获得感明显增强。</p>"
    "<p>每千人口医疗卫生机构床位数达到7.0张，人均预期寿命达到78.1岁，婴儿死亡率控制在5‰以下。</p>"
    "<p>坚持以人民健康为中心，深化医药卫生体制改革，推进健康城市建设，各地各部门要认真贯彻执行。</p>"
)


def article(inside: str = "", title: str = "某市“十四五”卫生健康事业发展规划", head: str = "") -> str:
    """A page in the structure of TRS with some words of the attacker in its body."""
    return (
        f'<html><head><meta charset="utf-8">{head}<title>{title}</title><meta name="ArticleTitle" content="{title}">'
        f'</head><body><div class="TRS_Editor">{PROSE}{inside}</div></body></html>'
    )


@dataclass
class Server:
    """Answers what it was told to; remembers what it was asked."""

    pages: dict[str, Answer | str | bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    secret: bool = False
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path_qs)
        if self.secret:
            return web.Response(text=article(f"<p>{SECRET}</p>"), content_type="text/html")
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        if isinstance(page, str | bytes):
            return web.Response(body=page, content_type="text/html")
        answer = page(request) if callable(page) else page
        return await answer if inspect.isawaitable(answer) else answer


@asynccontextmanager
async def listening(server: Server) -> AsyncIterator[Server]:
    """The server on a free port of loopback."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server._answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()


@dataclass
class Field:
    """Where an attack takes place: the portal that is watched, the neighbour that is not, the watcher between them."""

    portal: Server
    inner: Server
    context: Context
    time: list[datetime]

    async def round(self, hours: float = 25) -> Round:
        """Everything that is due."""
        self.time[0] += timedelta(hours=hours)
        return await whole_round(self.context, due(self.context.store, self.context.now()))

    @property
    def store(self) -> Store:
        return self.context.store


async def offline(host: str, port: int) -> Sequence[str]:
    """Name resolution that knows this machine only: no test asks the network."""
    if host.lower().rstrip(".") == "localhost":
        return ["127.0.0.1", "::1"]
    raise socket.gaierror(socket.EAI_NONAME, "no such name")


@asynccontextmanager
async def field_of(
    home: Path,
    sources: str,
    pages: Mapping[str, Answer | str | bytes] | Callable[[str, str], Mapping[str, Answer | str | bytes]],
    *,
    lookup: Lookup = offline,
    settings: str = "",
) -> AsyncIterator[Field]:
    """``sources``: documents, columns and channels of sources.yaml, with PORTAL and INNER for the two addresses.

    ``pages`` of the portal by path, or a function of the two addresses that gives them.
    """
    async with listening(Server()) as portal, listening(Server(secret=True)) as inner:
        portal.pages.update(pages(portal.address, inner.address) if callable(pages) else pages)
        text = (
            "settings:\n  database: watcher.db\n  every: 6h\n"
            f'  network: {{allow_private: ["127.0.0.1:{portal.port}"], per_host_delay: 0s, retries: 0, timeout: 5s}}\n{settings}'
            + sources.replace("PORTAL", portal.address).replace("INNER", inner.address)
        )
        file = home / "sources.yaml"
        file.write_text(text, encoding="utf-8")
        loaded = load(file)
        time = [datetime(2026, 3, 2, 1, 0, tzinfo=UTC)]
        with Store(loaded.database) as store:
            store.sources.sync(loaded, time[0])
            async with Gate(loaded.network, lookup=lookup) as gate:
                context = Context(loaded, store, gate, now=lambda: time[0], dice=lambda: 0.0)
                yield Field(portal, inner, context, time)


def told(field: Field) -> str:
    """Everything that the database holds, as text: nothing secret may be found in it."""
    found: list[str] = []
    db = field.store.db
    for (name,) in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
    ).fetchall():
        for row in db.execute(f'SELECT * FROM "{name}"').fetchall():
            found += [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in row]
    for row in db.execute("SELECT id FROM snapshots").fetchall():
        found.append(field.store.snapshots.get(row[0]).body.decode("utf-8", "replace"))
    for row in db.execute("SELECT id FROM versions").fetchall():
        found.append(field.store.versions.get(row[0]).reading.text)
    return "\n".join(found)
