"""SSRF: no page, redirect, link, list, part, robots.txt or channel makes the watcher ask what it was not told to ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from aiohttp import web

from tests.attacks.hostile import SECRET, Answer, article, field_of, offline, told
from watcher.errors import FetchError, Refused
from watcher.fetch.gate import Gate
from watcher.settings import Network

DOCUMENT = 'documents:\n  - id: plan\n    pages: [{url: "PORTAL/zw/t20260301_1.html"}]\n'
PAGE = "/zw/t20260301_1.html"


def spellings(port: int) -> list[str]:
    """One loopback address as attackers have spelt it."""
    hosts = (
        "127.0.0.1", "localhost", "LOCALHOST.", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
        "127.0.1", "0", "0.0.0.0", "１２７.0.0.1", "127。0。0。1", "①②⑦.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::127.0.0.1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]",
        "[2001:0:1:1:1:1:80ff:fffe]", "[fe80::1%25lo]", "[::]", "[fc00::1]", "127.0.0.1.", "10.0.0.1", "169.254.169.254", "100.64.0.1",
    )  # fmt: skip
    plain = [f"http://{host}:{port}/latest/meta-data" for host in hosts]
    return [
        *plain, f"http://example.org@127.0.0.1:{port}/", f"http://example.org\\@127.0.0.1:{port}/",
        f"http://127.0.0.1:{port}\\@example.org/", f"http://example.org#@127.0.0.1:{port}/", f"//127.0.0.1:{port}/",
        f"http:127.0.0.1:{port}/", f"http:/127.0.0.1:{port}/", f"http:///127.0.0.1:{port}/", f"HtTp://127.0.0.1:{port}/",
        f"\thttp://127.0.0.1:{port}/", f"http://127.0.0.1:{port}%2f@example.org/", f"http://127.0.0.1\t:{port}/",
        f"gopher://127.0.0.1:{port}/_x", f"ftp://127.0.0.1:{port}/", f"dict://127.0.0.1:{port}/", f"jar:http://127.0.0.1:{port}!/",
    ]  # fmt: skip


async def test_a_redirect_leads_inside_in_no_spelling(tmp_path: Path) -> None:
    def pages(_: str, inner: str) -> Mapping[str, Answer]:
        port = int(inner.rpartition(":")[2])
        places = [one for one in spellings(port) if "\t" not in one]

        def hop(place: str) -> Answer:
            return lambda _: web.Response(status=302, headers={"Location": place})

        return {f"/r/{number}": hop(place) for number, place in enumerate(places)}

    async with field_of(tmp_path, "documents: []\n", pages) as field:
        gate = field.context.gate
        assert gate is not None
        for path in list(field.portal.pages):
            try:
                answer = await gate.fetch(field.portal.address + path)
            except FetchError:
                continue
            # A spelling without a host of its own may stay on the portal.
            assert answer.final_url.startswith(field.portal.address), path
        assert field.inner.asked == []


async def test_no_address_is_asked_inside_in_any_spelling(tmp_path: Path) -> None:
    async with field_of(tmp_path, "documents: []\n", {}) as field:
        gate = field.context.gate
        assert gate is not None
        for place in spellings(field.inner.port):
            with pytest.raises(FetchError):
                await gate.fetch(place, Network(robots=False, timeout=2, retries=0, per_host_delay=0))
            with pytest.raises(FetchError):
                await gate.request("POST", place, headers={}, body=b"{}")
        assert field.inner.asked == []


async def test_attachments_parts_and_bases_lead_nowhere_inside(tmp_path: Path) -> None:
    def pages(_: str, inner: str) -> Mapping[str, str]:
        links = "".join(
            f'<p><a href="{one}plan.txt">附件{n}.txt</a></p>'
            for n, one in enumerate(spellings(int(inner.rpartition(":")[2])))
        )
        return {PAGE: article(links), "/zw/t20260301_2.html": article(
            '<script>createPageHTML(3,0,"t20260301_2","html")</script>', head=f'<base href="{inner}/zw/">')}  # fmt: skip

    more = DOCUMENT + '  - id: split\n    pages: [{url: "PORTAL/zw/t20260301_2.html"}]\n'
    async with field_of(tmp_path, more, pages) as field:
        for _ in range(2):
            await field.round()
        assert PAGE in field.portal.asked
        assert field.inner.asked == []
        assert SECRET not in told(field)


async def test_items_and_next_pages_of_a_column_lead_nowhere_inside(tmp_path: Path) -> None:
    def pages(_: str, inner: str) -> Mapping[str, str]:
        rows = "".join(
            f'<li><a href="{one}">某市卫生健康事业发展规划第{n}号</a><span>2026-03-01</span></li>'
            for n, one in enumerate(spellings(int(inner.rpartition(":")[2])))
        )
        return {
            "/list/index.html": f'<html><body><ul class="list">{rows}</ul><a href="{inner}/list/2.html">下一页</a></body></html>',
            "/shell/": '<html><head><title>栏目</title></head><body><div id="app"></div><script>'
            f'var list = "{inner}/list.json";</script>{" " * 300}</body></html>',
        }

    columns = (
        'columns:\n  - {id: one, title: 栏目, url: "PORTAL/list/index.html", follow: "规划", depth: 5}\n'
        '  - {id: two, title: 栏目, url: "PORTAL/shell/", follow: "规划", depth: 5}\n'
    )
    async with field_of(tmp_path, columns, pages) as field:
        for _ in range(2):
            await field.round()
        assert "/shell/" in field.portal.asked
        assert field.inner.asked == []


async def test_robots_does_not_lead_inside(tmp_path: Path) -> None:
    def pages(_: str, inner: str) -> Mapping[str, Answer | str]:
        return {
            "/robots.txt": lambda _: web.Response(status=302, headers={"Location": f"{inner}/robots.txt"}),
            PAGE: article(),
        }

    async with field_of(tmp_path, DOCUMENT, pages) as field:
        await field.round()
        assert field.inner.asked == []
        assert len(field.store.versions.newest("plan", 2)) == 1


async def test_a_name_that_changes_its_address_is_asked_at_the_checked_one_only(tmp_path: Path) -> None:
    answers = ["203.0.113.7", "127.0.0.1"]
    calls: list[str] = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        calls.append(host)
        return [answers[min(len(calls) - 1, 1)]]

    async with field_of(tmp_path, "documents: []\n", {}, lookup=lookup) as field:
        gate = field.context.gate
        assert gate is not None
        for _ in range(3):
            with pytest.raises(FetchError):
                await gate.fetch(
                    f"http://rebind.example.org:{field.inner.port}/",
                    Network(connect_timeout=0.3, timeout=0.5, retries=0, per_host_delay=0),
                )
        assert field.inner.asked == []
        assert calls


async def test_a_name_with_a_good_and_a_bad_address_is_asked_at_neither_bad_one(tmp_path: Path) -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1%1"]

    async with field_of(tmp_path, "documents: []\n", {}, lookup=lookup) as field:
        gate = field.context.gate
        assert gate is not None
        with pytest.raises(Refused):
            await gate.fetch(f"http://mixed.example.org:{field.inner.port}/")
        with pytest.raises(Refused):
            await gate.address("mixed.example.org", 25)
        assert field.inner.asked == []


@pytest.mark.parametrize("kind", ["webhook", "ntfy", "slack", "teams", "wecom", "feishu", "dingtalk"])
async def test_a_channel_is_not_a_way_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    from watcher.pipeline.delivering import sample

    sources = DOCUMENT + f'channels:\n  team: {{kind: {kind}, url: "env:ATTACK_HOOK"}}\n'
    async with field_of(tmp_path, sources, {PAGE: article()}) as field:
        for place in (
            f"{field.inner.address}/hook",
            f"http://localhost:{field.inner.port}/hook",
            f"{field.portal.address}/hop",
        ):
            monkeypatch.setenv("ATTACK_HOOK", place)
            field.portal.pages["/hop"] = web.Response(status=307, headers={"Location": f"{field.inner.address}/hook"})
            await sample(field.context, field.context.sources.channels["team"])
        assert field.inner.asked == []


async def test_the_heartbeat_is_not_a_way_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watcher.pipeline.heartbeat import Heartbeat

    monkeypatch.setenv("ATTACK_BEAT", "http://127.0.0.1:1/")
    settings = '  upkeep: {heartbeat: "env:ATTACK_BEAT"}\n'
    async with field_of(tmp_path, DOCUMENT, {}, settings=settings) as field:
        monkeypatch.setenv("ATTACK_BEAT", f"{field.inner.address}/beat")
        beat = Heartbeat()
        await beat.beat(field.context)
        assert beat.failing
        assert field.inner.asked == []


async def test_a_proxy_resolves_no_private_address_for_us(tmp_path: Path) -> None:
    async with field_of(tmp_path, "documents: []\n", {}) as field, Gate(Network(retries=0), lookup=offline) as gate:
        through = Network(proxy=field.portal.address, robots=False, timeout=3, retries=0, per_host_delay=0)
        for place in spellings(field.inner.port):
            if "example.org#" in place:
                continue  # a public name: the proxy may have it
            with pytest.raises(FetchError):
                await gate.fetch(place, through)
        assert field.inner.asked == []
        assert [one for one in field.portal.asked if "127" in one or "localhost" in one.lower()] == []


def test_nothing_but_the_gate_opens_connections(root: Path) -> None:
    """A second way out would skip every check."""
    ways = re.compile(
        r"\b(urllib\.request|http\.client|smtplib|requests\.(?:get|post)|httpx\.(?:get|post|Client|AsyncClient)\(|ClientSession\(|"
        r"open_connection\(|create_connection\(|urlopen)"
    )
    found = {
        str(file.relative_to(root / "watcher"))
        for file in (root / "watcher").rglob("*.py")
        if ways.search(file.read_text(encoding="utf-8"))
    }
    assert found <= ALLOWED, found - ALLOWED


ALLOWED = {"fetch/transport.py", "channels/email.py"}
"""The wire under the gate; and SMTP, which connects to the address that the gate has checked."""
