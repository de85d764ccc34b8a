"""The gate against real servers on loopback: what it asks, what it follows, what it refuses."""

# ruff: noqa: SIM117

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import httpx
import pytest
import respx

from tests.fetch.portal import Asked, Portal, answer, network, redirect, serving
from watcher.errors import ConfigError, FetchError, Refused
from watcher.fetch import transport
from watcher.fetch.gate import Gate
from watcher.fetch.policy import Policy
from watcher.fetch.resolver import PinnedResolver
from watcher.fetch.validators import validators
from watcher.types import Wire


async def test_a_page_is_fetched_with_honest_headers() -> None:
    async with serving({"/a": answer("正文", 200, "Content-Type: text/html", "X-Two: a", "x-two: b")}) as portal:
        async with Gate(network(portal)) as gate:
            fetched = await gate.fetch(portal("/a#part"))
    assert (fetched.status, fetched.body.decode()) == (200, "正文")
    assert fetched.final_url == portal("/a")
    assert fetched.headers["x-two"] == "a, b"
    assert fetched.fetched_at.tzinfo is UTC
    assert fetched.elapsed > 0
    asked = portal.asked[0].headers
    assert asked["user-agent"].startswith("watcher/")
    assert asked["host"] == f"127.0.0.1:{portal.port}"
    assert "cookie" not in asked


async def test_validators_go_out_and_304_comes_back() -> None:
    async def page(asked: Asked, _: object) -> bytes:
        if asked.headers.get("if-none-match") == '"v1"':
            return b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'
        return answer("x", 200, 'ETag: "v1"', "Last-Modified: Sat, 21 Nov 2026 03:00:00 GMT")

    async with serving({"/a": page}) as portal, Gate(network(portal)) as gate:
        first = await gate.fetch(portal("/a"))
        known = validators(first)
        again = await gate.fetch(portal("/a"), etag=known.etag, last_modified=known.last_modified)
    assert again.status == 304
    assert again.body == b""
    assert portal.asked[1].headers["if-modified-since"] == "Sat, 21 Nov 2026 03:00:00 GMT"


async def test_connections_are_reused() -> None:
    async with serving({"/a": answer("x")}) as portal, Gate(network(portal)) as gate:
        for _ in range(5):
            await gate.fetch(portal("/a"))
        assert portal.connections == 1


async def test_nothing_stays_open_behind_the_gate() -> None:
    async with serving({"/a": answer("x")}) as portal:
        async with Gate(network(portal)) as gate:
            await gate.fetch(portal("/a"))
        for _ in range(50):
            if not portal.open:
                break
            await asyncio.sleep(0.01)
        assert portal.open == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(status: int) -> None:
    async with serving({"/a": redirect("/b?x=1", status), "/b": answer("there")}) as portal:
        async with Gate(network(portal)) as gate:
            fetched = await gate.fetch(portal("/a"))
    assert fetched.body == b"there"
    assert fetched.url == portal("/a")
    assert fetched.final_url == portal("/b?x=1")


async def test_post_becomes_get_after_302_and_stays_post_after_307() -> None:
    pages = {"/a": redirect("/b", 302), "/c": redirect("/b", 307), "/b": answer("x")}
    async with serving(pages) as portal, Gate(network(portal)) as gate:
        await gate.fetch(portal("/a"), method="POST", body=b"q=1", headers={"Content-Type": "text/x"})
        await gate.fetch(portal("/c"), method="POST", body=b"q=1")
    assert [(one.method, one.body) for one in portal.asked] == [
        ("POST", b"q=1"), ("GET", b""), ("POST", b"q=1"), ("POST", b"q=1"),
    ]  # fmt: skip
    assert portal.asked[0].headers["content-type"] == "text/x"


async def test_a_circle_of_redirects_ends() -> None:
    async with serving({"/a": redirect("/b"), "/b": redirect("/a")}) as portal, Gate(network(portal)) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
    assert caught.value.kind == "redirects"
    assert len(portal.asked) == 11


async def test_a_redirect_to_nowhere_is_the_answer_itself() -> None:
    async with serving({"/a": answer("moved", 302)}) as portal, Gate(network(portal)) as gate:
        fetched = await gate.fetch(portal("/a"))
    assert (fetched.status, fetched.body) == (302, b"moved")


@pytest.mark.parametrize(
    "to",
    ["http://127.0.0.2:1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:1/", "http://0x7f000002:1/",
     "http://2130706434:1/", "http://0177.0.0.2:1/", "http://[::ffff:127.0.0.2]:1/", "http://10.0.0.1/", "http://100.64.0.1/",
     "file:///etc/passwd", "ftp://a.cn/", "//user@a.cn/", "http://a\\@127.0.0.2/", "http://localhost:1/", "gopher://127.0.0.1:25/x",
     "http://127.0.0.1:1/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1%25lo]/", "http://0/"],
)  # fmt: skip
@pytest.mark.parametrize("hops", [1, 3])
async def test_no_hop_leads_inside(to: str, hops: int) -> None:
    pages = {f"/{n}": redirect(f"/{n + 1}") for n in range(1, hops)}
    pages[f"/{hops}"] = redirect(to)
    async with serving(pages) as portal, Gate(network(portal, retries=2)) as gate:
        with pytest.raises(Refused) as caught:
            await gate.fetch(portal("/1"))
    assert caught.value.kind == "refused"
    assert not caught.value.transient
    assert len(portal.asked) == hops


async def test_private_addresses_are_refused_unless_allowed() -> None:
    async with serving({"/a": answer("x")}) as portal:
        async with Gate(network()) as gate:
            with pytest.raises(Refused):
                await gate.fetch(portal("/a"))
            for allowed in (True, ("127.0.0.0/8",), ("127.0.0.1",), (f"127.0.0.1:{portal.port}",)):
                assert (await gate.fetch(portal("/a"), network(allow_private=allowed))).body == b"x"
            for other in ((f"127.0.0.1:{portal.port + 1}",), ("localhost",), ("10.0.0.0/8",)):
                with pytest.raises(Refused):
                    await gate.fetch(portal("/a"), network(allow_private=other))


class Names:
    """A resolver whose answers the test decides, one after the other; the last one stays."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


async def test_a_name_that_means_a_private_address_is_refused() -> None:
    async with serving({"/a": answer("x")}) as portal:
        for addresses in (
            ["127.0.0.1"],
            ["::1"],
            ["::ffff:127.0.0.1"],
            ["10.0.0.1", "fe80::1"],
            ["fe80::1%lo"],
            ["100.100.1.1"],
        ):
            async with Gate(network(), lookup=Names(addresses)) as gate:
                with pytest.raises(Refused):
                    await gate.fetch(f"http://portal.test:{portal.port}/a")
    assert not portal.asked


async def test_a_name_with_exception_is_reached_and_its_port_counts() -> None:
    async with serving({"/a": answer("x")}) as portal:
        url = f"http://portal.test:{portal.port}/a"
        for allowed in (("portal.test",), (f"portal.test:{portal.port}",), ("127.0.0.0/8",)):
            async with Gate(network(allow_private=allowed), lookup=Names(["127.0.0.1"])) as gate:
                assert (await gate.fetch(url)).body == b"x"
        async with Gate(network(allow_private=("portal.test:81",)), lookup=Names(["127.0.0.1"])) as gate:
            with pytest.raises(Refused):
                await gate.fetch(url)
    assert portal.asked[0].headers["host"] == f"portal.test:{portal.port}"


async def test_only_checked_addresses_are_connected_to() -> None:
    """Two answers, one allowed: the other is never tried, though a server waits there."""
    async with serving({"/a": answer("inside")}, host="127.0.0.2") as inside:
        async with Portal({"/a": answer("outside")}, "127.0.0.1", inside.port) as outside:
            allowed = network(allow_private=("127.0.0.1/32",))
            async with Gate(allowed, lookup=Names(["127.0.0.2", "127.0.0.1"])) as gate:
                fetched = await gate.fetch(f"http://portal.test:{inside.port}/a")
            assert fetched.body == b"outside"
            assert outside.connections == 1
        assert inside.connections == 0


async def test_an_answer_that_changes_between_check_and_connect_changes_nothing() -> None:
    """The look-up that is checked is the one that is connected to; the next one is checked again and refused."""
    async with serving({"/a": answer("inside")}, host="127.0.0.2") as inside:
        async with Portal({"/a": answer("outside", 200, "Connection: close")}, "127.0.0.1", inside.port):
            names = Names(["127.0.0.1"], ["127.0.0.2"])
            url = f"http://portal.test:{inside.port}/a"
            allowed = network(allow_private=("127.0.0.1/32",))
            async with Gate(allowed, lookup=names) as gate:
                assert (await gate.fetch(url)).body == b"outside"
                assert len(names.asked) == 1
            async with Gate(allowed, lookup=names) as gate:
                with pytest.raises(Refused):
                    await gate.fetch(url)
        assert inside.connections == 0


async def test_connections_are_never_shared_between_policies() -> None:
    async with serving({"/a": answer("x")}) as portal:
        url = f"http://portal.test:{portal.port}/a"
        async with Gate(network(allow_private=True), lookup=Names(["127.0.0.1"])) as gate:
            assert (await gate.fetch(url)).status == 200
            with pytest.raises(Refused):
                await gate.fetch(url, network(allow_private=False))


async def test_names_that_do_not_resolve_say_so() -> None:
    async def absent(host: str, port: int) -> Sequence[str]:
        import socket

        raise socket.gaierror(socket.EAI_NONAME, "no")

    async def away(host: str, port: int) -> Sequence[str]:
        import socket

        raise socket.gaierror(socket.EAI_AGAIN, "later")

    async with Gate(network(), lookup=absent) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch("http://nowhere.test/")
        assert (caught.value.kind, caught.value.transient) == ("dns", False)
    async with Gate(network(), lookup=away) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch("http://nowhere.test/")
        assert (caught.value.kind, caught.value.transient) == ("dns", True)
        assert caught.value.url == "http://nowhere.test/"


async def test_ipv4_only_leaves_ipv6_alone() -> None:
    async with serving({"/a": answer("x")}) as portal:
        url = f"http://portal.test:{portal.port}/a"
        names = Names(["::1", "127.0.0.1"])
        async with Gate(network(allow_private=True, ipv4_only=True), lookup=names) as gate:
            assert (await gate.fetch(url)).body == b"x"
            with pytest.raises(Refused):
                await gate.fetch("http://[::1]/")
        async with Gate(network(allow_private=True, ipv4_only=True), lookup=Names(["::1"])) as gate:
            with pytest.raises(FetchError) as caught:
                await gate.fetch(url)
            assert caught.value.kind == "dns"


async def test_credentials_stay_with_the_host_they_were_meant_for() -> None:
    async with serving({"/a": answer("other")}, host="127.0.0.2") as other:
        to = f"http://127.0.0.2:{other.port}/a"
        async with serving({"/go": redirect(to), "/in": redirect("/go")}) as portal:
            secret = {"Cookie": "session=1", "Authorization": "Bearer t", "X-Token": "t", "Accept-Language": "en"}
            async with Gate(network(allow_private=True, headers=secret)) as gate:
                await gate.fetch(portal("/in"))
    assert [one.headers.get("x-token") for one in portal.asked] == ["t", "t"]
    assert portal.asked[1].headers["cookie"] == "session=1"
    seen = other.asked[0].headers
    assert not {"cookie", "authorization", "x-token"} & set(seen)
    assert seen["accept-language"] == "en"


async def test_a_source_cannot_break_the_framing_of_its_requests() -> None:
    sly = {"Host": "evil.test", "Content-Length": "5", "Transfer-Encoding": "chunked", "Connection": "upgrade"}
    async with serving({"/a": answer("x")}) as portal, Gate(network(portal, headers=sly)) as gate:
        await gate.fetch(portal("/a"))
    seen = portal.asked[0].headers
    assert seen["host"] == f"127.0.0.1:{portal.port}"
    assert not {"content-length", "transfer-encoding"} & set(seen)


async def test_header_values_with_line_breaks_are_an_error_and_send_nothing() -> None:
    async with serving({"/a": answer("x")}) as portal:
        async with Gate(network(portal, headers={"X-A": "1\r\nX-B: 2"})) as gate:
            with pytest.raises(FetchError):
                await gate.fetch(portal("/a"))
    assert not portal.asked


async def test_a_cookie_gate_that_redirects_to_itself_is_passed() -> None:
    async def page(asked: Asked, _: object) -> bytes:
        if "CT6T=7" in asked.headers.get("cookie", ""):
            return answer("in")
        return redirect("/a", 302, "Set-Cookie: CT6T=7; path=/; HttpOnly", "Set-Cookie: other=2")

    async with serving({"/a": page}) as portal, Gate(network(portal)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"in"
        assert (await gate.fetch(portal("/a"))).body == b"in"
    assert len(portal.asked) == 3
    assert portal.asked[1].headers["cookie"] == "CT6T=7; other=2"


async def test_cookies_of_one_host_never_reach_another() -> None:
    async with serving({"/b": answer("x")}, host="127.0.0.2") as other:
        pages = {
            "/a": redirect(other("/b"), 302, "Set-Cookie: id=1; path=/"),
            "/c": answer("x", 200, "Set-Cookie: ==; path=/"),
        }
        async with serving(pages) as portal, Gate(network(allow_private=True)) as gate:
            await gate.fetch(portal("/a"))
            await gate.fetch(other("/b"))
            await gate.fetch(portal("/c"))
            await gate.fetch(portal("/c"))
    assert all("cookie" not in one.headers for one in other.asked)
    assert portal.asked[-1].headers["cookie"] == "id=1"


async def test_a_location_in_raw_bytes_is_asked_as_it_stands() -> None:
    gbk = "/规划.html".encode("gb18030")
    raw = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + gbk + b"\r\n\r\n"
    async with serving({"/a": raw}) as portal, Gate(network(portal)) as gate:
        fetched = await gate.fetch(portal("/a"))
    assert fetched.status == 404
    assert portal.asked[1].path == "/%B9%E6%BB%AE.html"


async def test_a_proxy_is_used_and_the_target_is_still_checked() -> None:
    seen: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer("by proxy", 200, "Connection: close"))
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(proxy, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    names = Names(["8.8.8.8"])
    async with server, Gate(network(proxy=f"http://me:pw@127.0.0.1:{port}"), lookup=names) as gate:
        assert (await gate.fetch("http://portal.test/a")).body == b"by proxy"
        names.answers = [["10.0.0.1"]]
        with pytest.raises(Refused):
            await gate.fetch("http://other.test/a")
        with pytest.raises(Refused):
            await gate.fetch("http://127.0.0.1/a")
        names.answers = [[]]
        assert (await gate.fetch("http://unknown.test/a")).body == b"by proxy"
    assert seen[0].startswith(b"GET http://portal.test/a HTTP/1.1\r\n")
    assert b"roxy-authorization: basic bwu6chc=" in seen[0].lower()
    assert len(seen) == 2


async def test_a_proxy_of_another_kind_is_a_mistake_in_the_settings() -> None:
    async with Gate(network(proxy="gopher://127.0.0.1:1")) as gate:
        with pytest.raises(ConfigError, match="proxy"):
            await gate.fetch("http://unknown.invalid/")


async def test_a_proxy_that_is_away_is_told_without_its_password() -> None:
    async with Gate(network(proxy="http://me:hunter2@127.0.0.1:9"), lookup=Names(["8.8.8.8"])) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch("http://portal.test/a")
    assert caught.value.kind == "connect"
    assert "hunter2" not in str(caught.value)


SECRET = "/robot/send?access_token=hunter2"


async def test_a_channel_posts_through_the_gate_without_manners() -> None:
    async with serving({"/robot/send": answer('{"errcode":0}')}) as portal:
        async with Gate(network(portal, robots=True, per_host_delay=60.0, headers={"Cookie": "pages=1"})) as gate:
            wire: Wire = gate
            for _ in range(2):
                got = await wire.request(
                    "POST", portal(SECRET), headers={"Content-Type": "application/json"}, body=b"{}"
                )
    assert got.body == b'{"errcode":0}'
    assert [one.path for one in portal.asked] == [SECRET, SECRET]
    assert portal.asked[0].headers["content-type"] == "application/json"
    assert "cookie" not in portal.asked[0].headers


async def test_a_channel_is_neither_redirected_nor_repeated() -> None:
    async with serving({"/r": redirect("http://169.254.169.254/"), "/e": answer("no", 503)}) as portal:
        async with Gate(network(portal, retries=3)) as gate:
            assert (await gate.request("POST", portal("/r"), headers={}, body=b"x")).status == 302
            assert (await gate.request("POST", portal("/e"), headers={}, body=b"x")).status == 503
    assert len(portal.asked) == 2


@pytest.mark.parametrize("kind", ["refused", "closed", "hang", "garbage", "scheme", "bad", "dns"])
async def test_errors_of_a_channel_never_show_its_address(kind: str) -> None:
    async def hang(_: Asked, __: object) -> bytes | None:
        await asyncio.sleep(30)
        return None

    async def garbage(_: Asked, __: object) -> bytes | None:
        return b"\x00\x01nonsense\r\n\r\n"

    async def closed(_: Asked, __: object) -> None:
        return None

    async with serving(
        {"/robot/send": {"hang": hang, "garbage": garbage, "closed": closed}.get(kind, closed)}
    ) as portal:
        url = {
            "refused": f"http://127.0.0.2{SECRET}", "scheme": f"ftp://a.cn{SECRET}", "bad": f"http://u:hunter2@a.cn{SECRET}",
            "dns": f"http://nowhere.test{SECRET}",
        }.get(kind, portal(SECRET))  # fmt: skip
        async with Gate(network(portal, timeout=0.3), lookup=Names([])) as gate:
            with pytest.raises(FetchError) as caught:
                await gate.request("POST", url, headers={}, body=b"secret body")
    error = caught.value
    shown = f"{error} {error.url} {error!r} {error.__cause__!r}"
    assert "hunter2" not in shown
    assert "/robot" not in shown
    assert error.__suppress_context__


async def test_a_huge_answer_to_a_channel_is_cut_not_refused() -> None:
    async with serving({"/a": answer(b"x" * 2_000_000)}) as portal, Gate(network(portal)) as gate:
        got = await gate.request("POST", portal("/a"), headers={}, body=b"x")
    assert len(got.body) == 256 * 1024


async def test_addresses_for_other_protocols_are_checked_and_pinned() -> None:
    async with Gate(network(allow_private=("mail.test",)), lookup=Names(["127.0.0.1"])) as gate:
        assert await gate.address("mail.test", 25) == "127.0.0.1"
        assert await gate.address("8.8.8.8", 25) == "8.8.8.8"
        for host in ("other.test", "127.0.0.1", "0x7f.1", "::1", "[::1]", "a b"):
            with pytest.raises(Refused):
                await gate.address(host, 25)


async def test_a_given_transport_still_has_its_addresses_checked() -> None:
    router = respx.Router(assert_all_called=False)
    router.get("http://portal.test/a").mock(httpx.Response(200, content="甲"))
    router.get("http://portal.test/r").mock(httpx.Response(302, headers={"Location": "http://10.0.0.1/"}))
    router.get("http://portal.test/t").mock(side_effect=httpx.ConnectTimeout("slow"))
    router.get("http://portal.test/c").mock(side_effect=httpx.ConnectError("no"))
    router.get("http://portal.test/p").mock(side_effect=httpx.RemoteProtocolError("what"))
    transport = httpx.MockTransport(router.async_handler)
    async with Gate(network(), transport=transport, now=lambda: datetime(2026, 1, 2, tzinfo=UTC)) as gate:
        fetched = await gate.fetch("http://portal.test/a")
        assert fetched.body.decode() == "甲"
        assert fetched.fetched_at == datetime(2026, 1, 2, tzinfo=UTC)
        with pytest.raises(Refused):
            await gate.fetch("http://portal.test/r")
        for path, kind in (("t", "timeout"), ("c", "connect"), ("p", "protocol")):
            with pytest.raises(FetchError) as caught:
                await gate.fetch(f"http://portal.test/{path}")
            assert (caught.value.kind, caught.value.transient) == (kind, True)


async def test_many_hosts_do_not_keep_many_connections_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.fetch.exchange.MAX_IDLE", 4)
    async with serving({"/a": answer("x")}, host="0.0.0.0") as portal:
        portal.keeps = True
        async with Gate(network(allow_private=True)) as gate:
            for n in range(1, 30):
                await gate.fetch(f"http://127.0.1.{n}:{portal.port}/a")
            await asyncio.sleep(0.05)
            assert portal.connections == 29
            assert portal.open <= 5


async def test_the_wire_is_a_transport_of_httpx() -> None:
    route = transport.Route(allow_private=True, proxy=None, ipv4_only=False, legacy_tls=False)
    async with serving({"/a": answer("床位"), "/b": redirect("/a")}) as portal:
        wire = transport.Wire(route, PinnedResolver(Names(["127.0.0.1"]), Policy(everything=True)), connections=4)
        async with httpx.AsyncClient(transport=wire, follow_redirects=True) as client:
            found = await client.post(portal("/b"), content=b"x", headers={"x-own": "1"})
    assert (found.status_code, found.text) == (200, "床位")
    assert [asked.method for asked in portal.asked] == ["POST", "GET"]
    assert portal.asked[0].headers["x-own"] == "1"
