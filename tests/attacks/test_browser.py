"""Pages that attack the browser which renders them: bounded in time, requests and memory, and the next page is read."""

# ruff: noqa: SIM117

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.fetch.portal import Portal, answer, network, serving
from watcher.errors import FetchError
from watcher.fetch.browser import MAX_REQUESTS, PROGRAMS
from watcher.fetch.gate import Gate

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        not any(map(shutil.which, PROGRAMS)), reason="no Chromium is installed (Debian: apt-get install chromium)"
    ),
]
HTML = "Content-Type: text/html; charset=utf-8"
GOOD = "<html><body><div id=app></div><script>app.textContent='规划'+'正文'</script></body></html>"


def _page(script: str, text: str = "") -> bytes:
    return answer(f"<!DOCTYPE html><html><body>{text}<script>{script}</script></body></html>", 200, HTML)


async def _reads_on(gate: Gate, portal: Portal) -> None:
    assert "规划正文" in (await gate.fetch(portal("/good"))).body.decode()


@pytest.mark.parametrize(
    "script",
    [
        "setTimeout(() => { while (true) {} }, 50)",
        "const kept = []; while (true) kept.push(new Array(100000).fill({}));",
        "window.onbeforeunload = () => 'stay'; while (true) alert('!');",
    ],
    ids=["endless", "memory", "dialogs"],
)
async def test_a_page_that_never_ends_costs_its_time_and_no_more(script: str) -> None:
    pages = {"/a": _page(script), "/good": answer(GOOD, 200, HTML)}
    async with serving(pages) as portal, Gate(network(portal, render="browser", timeout=1.5, retries=0)) as gate:
        async with asyncio.timeout(40):
            with contextlib.suppress(FetchError):
                assert len((await gate.fetch(portal("/a"))).body) < 10_000
        await _reads_on(gate, portal)


async def test_a_page_that_grew_too_large_is_not_taken_over() -> None:
    grow = "for (let i = 0; i < 60; i++) document.head.append(new Comment('规划'.repeat(1 << 19)));"
    pages = {"/a": _page(grow), "/good": answer(GOOD, 200, HTML)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with serving(pages) as portal:
        async with Gate(network(portal, render="browser", timeout=20.0, retries=0, max_decompressed=2**20)) as gate:
            with pytest.raises(FetchError) as caught:
                await gate.fetch(portal("/a"))
            assert caught.value.kind == "too-large"
            await _reads_on(gate, portal)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000, "kilobytes"


async def test_the_reader_is_not_fooled_by_what_scripts_redefine() -> None:
    trick = (
        "Object.defineProperty(Element.prototype, 'outerHTML', {get() { return 'forged' }});"
        "window.XMLSerializer = null; String.prototype.concat = () => 'forged';"
    )
    async with serving({"/a": _page(trick, "规划正文")}) as portal:
        async with Gate(network(portal, render="browser", timeout=10.0)) as gate:
            body = (await gate.fetch(portal("/a"))).body.decode()
    assert body.startswith("<!DOCTYPE html><html>")
    assert "规划正文" in body


async def test_windows_downloads_and_floods_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script = (
        "for (let i = 0; i < 10; i++) window.open('/window' + i);"
        "const link = document.createElement('a'); link.href = '/file'; link.download = 'x.exe'; link.click();"
        "const more = () => { for (let i = 0; i < 30; i++) fetch('/flood?' + Math.random()).catch(() => 0);"
        " setTimeout(more, 100) }; more();"
    )
    attachment = answer(b"MZ", 200, "Content-Type: application/octet-stream", "Content-Disposition: attachment")
    pages = {
        "/a": _page(script, "规划正文"),
        "/file": attachment,
        "/flood": answer("x"),
        "/good": answer(GOOD, 200, HTML),
    }
    async with serving(pages) as portal:
        async with Gate(network(portal, render="browser", timeout=4.0, retries=0)) as gate:
            with contextlib.suppress(FetchError):
                assert "规划正文" in (await gate.fetch(portal("/a"))).body.decode()
            assert len(portal.asked) <= MAX_REQUESTS + 2
            assert not [path for path in portal.paths() if path.startswith("/window")]
            await _reads_on(gate, portal)
    assert os.listdir(tmp_path) == []


async def test_a_browser_that_was_killed_is_started_again() -> None:
    pages = {"/good": answer(GOOD, 200, HTML)}
    async with serving(pages) as portal, Gate(network(portal, render="browser", timeout=10.0)) as gate:
        await _reads_on(gate, portal)
        for pid in _browsers():
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.3)
        await _reads_on(gate, portal)
    await asyncio.sleep(0.3)
    assert _browsers() == [], "none is left"


def _browsers() -> list[int]:
    """Browser processes that descend from this one, main ones only."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in table.splitlines()]
    parents = {int(pid): int(ppid) for pid, ppid, _ in rows}

    def ours(pid: int) -> bool:
        while pid > 1:
            if pid == os.getpid():
                return True
            pid = parents.get(pid, 0)
        return False

    return [int(pid) for pid, _, args in rows if "--headless" in args and "--type=" not in args and ours(int(pid))]
