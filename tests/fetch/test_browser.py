"""``render: browser``: a real Chromium whose every request goes through the gate."""

# ruff: noqa: SIM117

from __future__ import annotations

import shutil
import sys

import pytest

from tests.fetch.portal import Asked, answer, network, redirect, serving
from watcher.errors import FetchError, Refused
from watcher.fetch.browser import PROGRAMS
from watcher.fetch.gate import Gate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not any(map(shutil.which, PROGRAMS)), reason="no Chromium is installed (Debian: apt-get install chromium)"
    ),
]
HTML = "Content-Type: text/html; charset=utf-8"
APPLICATION = """<!DOCTYPE html><html><head><title>规划</title></head><body><div id="app"></div><img src="/p.png">
<script src="/app.js"></script></body></html>"""


async def test_a_page_made_by_scripts_is_read_as_a_browser_shows_it() -> None:
    script = (
        "fetch('/data.json').then(r=>r.json()).then(d=>{document.getElementById('app').innerHTML='<p>'+d.text+'</p>'})"
    )
    pages = {
        "/a": redirect("/x/index.html"),
        "/x/index.html": answer(APPLICATION, 200, HTML),
        "/app.js": answer(script, 200, "Content-Type: text/javascript"),
        "/data.json": answer('{"text": "婴儿死亡率降到5‰"}', 200, "Content-Type: application/json"),
        "/p.png": answer("x"),
    }
    async with serving(pages) as portal, Gate(network(portal, render="browser")) as gate:
        fetched = await gate.fetch(portal("/a"))
    assert "婴儿死亡率降到5‰" in fetched.body.decode()
    assert fetched.status == 200
    assert fetched.final_url == portal("/x/index.html")
    assert "/p.png" not in portal.paths()
    assert all(one.headers["user-agent"].startswith("watcher/") for one in portal.asked)


async def test_a_page_cannot_reach_inside_by_its_scripts() -> None:
    async with serving(
        {"/secret": answer("inside", 200, "Access-Control-Allow-Origin: *")}, host="127.0.0.2"
    ) as inside:
        tries = "".join(
            f"fetch('{url}').then(r=>r.text()).then(t=>document.body.append('GOT:'.concat(t))).catch(e=>document.body.append('NO'));"
            for url in (
                inside("/secret"),
                "http://169.254.169.254/",
                "file:///etc/passwd",
                f"http://localhost:{inside.port}/secret",
            )
        )
        body = (
            f"<html><body>page<script>{tries}try{{new WebSocket('ws://127.0.0.2:{inside.port}/')}}catch(e){{}}</script>"
            f"<iframe src='{inside('/secret')}'></iframe><img src='{inside('/secret')}'></body></html>"
        )
        async with serving({"/a": answer(body, 200, HTML)}) as portal, Gate(network(portal, render="browser")) as gate:
            fetched = await gate.fetch(portal("/a"))
        assert "GOT:inside" not in fetched.body.decode()
        assert not inside.asked
        assert inside.connections == 0


async def test_a_page_that_moves_inside_is_refused() -> None:
    body = "<html><body><script>location.href='http://127.0.0.2:1/'</script></body></html>"
    async with serving({"/a": answer(body, 200, HTML)}) as portal, Gate(network(portal, render="browser")) as gate:
        with pytest.raises(Refused):
            await gate.fetch(portal("/a"))


async def test_a_script_that_sets_a_cookie_and_reloads_is_passed() -> None:
    async def page(asked: Asked, _: object) -> bytes:
        if "token=7" in asked.headers.get("cookie", ""):
            return answer("<html><body><p>规划正文</p></body></html>", 200, HTML)
        return answer("<script>document.cookie='token='+(3+4)+';path=/';location.reload()</script>", 521, HTML)

    async with serving({"/a": page}) as portal, Gate(network(portal, render="browser")) as gate:
        fetched = await gate.fetch(portal("/a"))
    assert fetched.status == 200
    assert "规划正文" in fetched.body.decode()


async def test_files_and_refusals_need_no_browser() -> None:
    pages = {"/a.pdf": answer(b"%PDF-1.7", 200, "Content-Type: application/pdf")}
    async with serving(pages) as portal, Gate(network(portal, render="browser")) as gate:
        assert (await gate.fetch(portal("/a.pdf"))).body == b"%PDF-1.7"
        with pytest.raises(Refused):
            await gate.fetch("http://127.0.0.2/")


async def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    async with serving({"/a": answer("<p>x</p>", 200, HTML)}) as portal:
        async with Gate(network(portal, render="browser")) as gate:
            with pytest.raises(FetchError, match=r"watcher\[browser\]") as caught:
                await gate.fetch(portal("/a"))
    assert caught.value.kind == "helper-missing"
