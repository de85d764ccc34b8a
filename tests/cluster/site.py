"""The portal of the land, a process of its own: ``python -m tests.cluster.site FOLDER PORT LATENCY``.

Serves a plan under every path of every address; writes each request and each message to files as it comes.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from aiohttp import web

from tests.cluster.land import TOKEN
from tests.service.site import PAGE


class Site:
    """The server."""

    def __init__(self, folder: Path, latency: float) -> None:
        self.asked = (folder / "asked.jsonl").open("a", encoding="utf-8", buffering=1)
        self.told = (folder / "told.jsonl").open("a", encoding="utf-8", buffering=1)
        self.values = folder / "values.json"
        self.latency = latency

    async def page(self, request: web.Request) -> web.Response:
        line = {
            "at": time.monotonic(),
            "host": request.host.partition(":")[0],
            "path": request.path,
            "from": request.remote,
            "knows": TOKEN in request.headers.get("cookie", ""),
        }
        self.asked.write(json.dumps(line) + "\n")
        await asyncio.sleep(self.latency)
        if request.path == "/robots.txt":
            return web.Response(status=404)
        if "moved-" in request.path:
            return web.Response(status=302, headers={"location": f"http://{_next_door(request.host)}/plan-behind.html"})
        title = f"某市第{request.path.strip('/').removesuffix('.html')}号“十四五”卫生健康发展规划"
        known = json.loads(self.values.read_text(encoding="utf-8")) if self.values.exists() else {}
        return web.Response(
            text=PAGE.format(title=title, value=known.get(request.path, "78.5")), content_type="text/html"
        )

    async def hook(self, request: web.Request) -> web.Response:
        self.told.write(json.dumps({"id": request.headers["webhook-id"], "body": await request.json()}) + "\n")
        return web.Response(status=204)


def _next_door(host: str) -> str:
    """The host whose address is one higher."""
    name, _, port = host.partition(":")
    head, _, last = name.rpartition(".")
    return f"{head}.{int(last) + 1}:{port}"


async def serve(folder: Path, port: int, latency: float) -> None:
    site = Site(folder, latency)
    app = web.Application()
    app.router.add_post("/hook", site.hook)
    app.router.add_get("/{path:.*}", site.page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "0.0.0.0", port).start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
