"""How often hosts are asked, when again, and what robots.txt has to say: with a clock of the test's own."""

# ruff: noqa: SIM117

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.fetch.portal import Answer, Asked, answer, network, redirect, serving
from watcher.errors import FetchError, Refused
from watcher.fetch import robots
from watcher.fetch.gate import Gate
from watcher.fetch.politeness import Slots, Turns, backoff
from watcher.settings import Network

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Time:
    """A clock that only sleeping moves; real requests take no time on it."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds
        await asyncio.sleep(0)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.at - 1000)


def gate_of(time: Time, general: Network, chance: float = 0.5) -> Gate:
    return Gate(general, clock=time.clock, sleep=time.sleep, random=lambda: chance, now=time.now)


async def test_requests_to_one_host_are_spaced_never_closer_than_the_delay() -> None:
    time = Time()
    starts: list[float] = []

    async def page(_: Asked, __: object) -> bytes:
        starts.append(time.at)
        return answer("x")

    async with serving({"/a": page}) as portal:
        async with gate_of(time, network(portal, per_host_delay=2.0)) as gate:
            await asyncio.gather(*(gate.fetch(portal(f"/a?{n}")) for n in range(4)))
    gaps = [b - a for a, b in pairwise(starts)]
    assert gaps == pytest.approx([2.25] * 3)


async def test_one_request_at_a_time_per_host_and_hosts_do_not_wait_for_each_other() -> None:
    running: dict[str, int] = {}
    most: dict[str, int] = {}
    together = 0

    async def page(asked: Asked, _: object) -> bytes:
        nonlocal together
        host = asked.headers["host"].partition(":")[0]
        running[host] = running.get(host, 0) + 1
        most[host] = max(most.get(host, 0), running[host])
        together = max(together, sum(running.values()))
        await asyncio.sleep(0.02)
        running[host] -= 1
        return answer("x")

    async with serving({"/a": page}, host="0.0.0.0") as portal:
        async with Gate(network(allow_private=True)) as gate:
            await asyncio.gather(*(gate.fetch(f"http://127.0.2.{n % 3 + 1}:{portal.port}/a") for n in range(9)))
    assert set(most.values()) == {1}
    assert together == 3


async def test_concurrency_bounds_the_whole_gate_and_a_slow_host_holds_one_place_only() -> None:
    together = most = 0

    async def page(_: Asked, __: object) -> bytes:
        nonlocal together, most
        together += 1
        most = max(most, together)
        await asyncio.sleep(0.01)
        together -= 1
        return answer("x")

    async with serving({"/a": page}, host="0.0.0.0") as portal:
        async with Gate(network(allow_private=True, concurrency=2)) as gate:
            await asyncio.gather(*(gate.fetch(f"http://127.0.2.{n + 1}:{portal.port}/a") for n in range(8)))
    assert most == 2


async def test_who_holds_a_page_already_comes_before_those_that_would_bring_another() -> None:
    asked: list[str] = []
    first = asyncio.Event()

    async def page(one: Asked, _: object) -> bytes:
        asked.append(one.headers["host"].partition(":")[0])
        first.set()
        await asyncio.sleep(0.01)
        return answer("x")

    async with serving({"/a": page}, host="0.0.0.0") as portal:
        async with Gate(network(allow_private=True, concurrency=1)) as gate:
            waiting = [
                asyncio.create_task(gate.fetch(f"http://127.0.2.{n}:{portal.port}/a", ahead=n > 3)) for n in range(1, 6)
            ]
            await first.wait()
            waiting[1].cancel()
            waiting[4].cancel()
            await asyncio.wait(waiting)
            assert asked == ["127.0.2.1", "127.0.2.4", "127.0.2.3"]
            assert (await gate.fetch(f"http://127.0.2.9:{portal.port}/a")).body == b"x"


async def test_waiting_for_a_turn_does_not_count_as_time_out() -> None:
    time = Time()
    async with serving({"/a": answer("x")}) as portal:
        async with gate_of(time, network(portal, per_host_delay=100.0, timeout=5.0)) as gate:
            for _ in range(3):
                assert (await gate.fetch(portal("/a"))).status == 200
    assert time.at > 1200


async def test_redirects_on_one_host_are_one_visit() -> None:
    time = Time()
    async with serving({"/a": redirect("/b"), "/b": answer("x")}) as portal:
        async with gate_of(time, network(portal, per_host_delay=2.0)) as gate:
            await gate.fetch(portal("/a"))
    assert time.slept == []


async def test_two_hosts_that_redirect_to_each_other_do_not_wait_for_ever() -> None:
    async with serving({}, host="127.0.0.2") as other, serving({}) as portal:
        for n in range(4):
            portal.pages[f"/{n}"] = redirect(other(f"/{n}"))
            other.pages[f"/{n}"] = answer("there")
            other.pages[f"/x{n}"] = redirect(portal(f"/x{n}"))
            portal.pages[f"/x{n}"] = answer("here")
        async with Gate(network(allow_private=True)) as gate:
            urls = [portal(f"/{n}") for n in range(4)] + [other(f"/x{n}") for n in range(4)]
            got = await asyncio.wait_for(asyncio.gather(*map(gate.fetch, urls)), 5)
    assert [one.body for one in got] == [b"there"] * 4 + [b"here"] * 4


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_transient_answers_are_tried_again_with_growing_pauses(status: int) -> None:
    time = Time()
    async with serving({"/a": answer("no", status)}) as portal:
        async with gate_of(time, network(portal, retries=3), chance=0.0) as gate:
            fetched = await gate.fetch(portal("/a"))
    assert fetched.status == status
    assert fetched.body == b"no"
    assert len(portal.asked) == 4
    assert time.slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("status", [200, 202, 304, 400, 401, 403, 404, 410, 412, 493, 500, 512, 521])
async def test_other_answers_are_not_tried_again(status: int) -> None:
    async with serving({"/a": answer("" if status == 304 else "x", status)}) as portal:
        async with Gate(network(portal, retries=3)) as gate:
            assert (await gate.fetch(portal("/a"))).status == status
    assert len(portal.asked) == 1


async def test_a_second_try_can_succeed() -> None:
    time = Time()
    tries = 0

    async def page(_: Asked, __: object) -> bytes | None:
        nonlocal tries
        tries += 1
        return None if tries == 1 else answer("no", 503) if tries == 2 else answer("x")

    async with serving({"/a": page}) as portal, gate_of(time, network(portal, retries=2)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"x"


async def test_time_outs_are_tried_once_more_only() -> None:
    async def page(_: Asked, __: object) -> None:
        await asyncio.sleep(30)

    time = Time()
    async with serving({"/a": page}) as portal:
        async with gate_of(time, network(portal, retries=5, timeout=0.1)) as gate:
            with pytest.raises(FetchError):
                await gate.fetch(portal("/a"))
    assert len(portal.asked) == 2


@pytest.mark.parametrize("text", ["30", "Sun, 22 Nov 2026 03:00:30 GMT"])
async def test_retry_after_is_waited_for(text: str) -> None:
    time = Time()
    tries: list[float] = []

    async def page(_: Asked, __: object) -> bytes:
        tries.append(time.at)
        return answer("no", 503, f"Retry-After: {text}") if len(tries) == 1 else answer("x")

    async with serving({"/a": page}) as portal, gate_of(time, network(portal, retries=1)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"x"
    assert tries[1] - tries[0] >= 30


async def test_a_long_retry_after_ends_the_visit_and_holds_for_the_whole_host() -> None:
    time = Time()
    async with serving({"/a": answer("no", 429, "Retry-After: 3600"), "/b": answer("x")}) as portal:
        async with gate_of(time, network(portal, retries=2)) as gate:
            assert (await gate.fetch(portal("/a"))).status == 429
            with pytest.raises(FetchError) as caught:
                await gate.fetch(portal("/b"))
            assert (caught.value.kind, caught.value.transient) == ("busy", True)
            assert caught.value.retry_after == pytest.approx(3600)
            assert len(portal.asked) == 1
            time.at += 3601
            assert (await gate.fetch(portal("/b"))).body == b"x"


async def test_hosts_that_nobody_asks_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.fetch.politeness.SWEEP", 10)
    time = Time()
    turns = Turns(time.clock, time.sleep, lambda: 0.0)
    for n in range(500):
        async with turns.turn(f"h{n}", 1.0):
            pass
        time.at += 1.0
    assert len(turns) <= 11


def test_pauses_grow_and_vary() -> None:
    assert [backoff(n, lambda: 0.0) for n in range(4)] == [0.5, 1.0, 2.0, 4.0]
    assert backoff(0, lambda: 1.0) == 0.75


ROBOTS = "User-agent: *\nDisallow: /private/\nCrawl-delay: 5\n\nUser-agent: watcher\nDisallow: /inner/\n"


async def test_robots_is_asked_once_and_obeyed() -> None:
    pages = {"/robots.txt": answer(ROBOTS), "/a": answer("x"), "/inner/b": answer("x"), "/private/c": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        assert (await gate.fetch(portal("/a"))).status == 200
        assert (await gate.fetch(portal("/private/c"))).status == 200
        with pytest.raises(Refused) as caught:
            await gate.fetch(portal("/inner/b"))
        assert caught.value.kind == "robots"
        other = network(portal, robots=True, user_agent="SomebodyElse/1.0")
        with pytest.raises(Refused):
            await gate.fetch(portal("/private/c"), other)
        assert (await gate.fetch(portal("/inner/b"), network(portal, robots=False))).status == 200
    assert [one.path for one in portal.asked].count("/robots.txt") == 1
    assert portal.asked[0].headers["user-agent"].startswith("watcher/")


async def test_robots_counts_on_every_hop() -> None:
    pages = {"/robots.txt": answer(ROBOTS), "/a": redirect("/inner/b"), "/inner/b": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        with pytest.raises(Refused):
            await gate.fetch(portal("/a"))
    assert portal.paths() == ["/a"]


async def test_crawl_delay_is_kept() -> None:
    time = Time()
    pages = {"/robots.txt": answer("User-agent: *\nCrawl-delay: 7\nDisallow: /x"), "/a": answer("x")}
    async with serving(pages) as portal, gate_of(time, network(portal, robots=True), chance=0.0) as gate:
        await gate.fetch(portal("/a"))
        await gate.fetch(portal("/a"))
    assert time.slept == [7.0]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 412])
async def test_a_robots_file_that_is_not_there_forbids_nothing(status: int) -> None:
    pages = {"/robots.txt": answer("User-agent: *\nDisallow: /", status), "/a": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"x"


async def test_a_page_in_the_place_of_robots_forbids_nothing() -> None:
    pages = {"/robots.txt": answer("<html><title>404</title>Disallow: /</html>"), "/a": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"x"


@pytest.mark.parametrize("status", [500, 503])
async def test_a_robots_file_that_fails_closes_the_site_until_it_can_be_read(status: int) -> None:
    pages = {"/robots.txt": answer("no", status, "Retry-After: 9"), "/a": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True, retries=2)) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
        assert (caught.value.kind, caught.value.transient, caught.value.retry_after) == ("closed", True, 9.0)
        assert portal.paths() == []
        portal.pages["/robots.txt"] = answer("", 404)
        assert (await gate.fetch(portal("/a"))).body == b"x"


async def test_a_firewall_that_answers_robots_is_told_as_the_firewall() -> None:
    script = "<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>"
    pages = {"/robots.txt": answer(script, 521, "Set-Cookie: __jsluid_s=1"), "/a": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        fetched = await gate.fetch(portal("/a"))
    assert fetched.status == 521
    assert portal.paths() == []


async def test_an_old_robots_copy_serves_while_the_file_fails() -> None:
    time = Time()
    pages = {"/robots.txt": answer(ROBOTS), "/a": answer("x"), "/inner/b": answer("x")}
    async with serving(dict(pages)) as portal, gate_of(time, network(portal, robots=True)) as gate:
        await gate.fetch(portal("/a"))
        time.at += robots.TTL + 1
        portal.pages["/robots.txt"] = answer("", 500)
        assert (await gate.fetch(portal("/a"))).status == 200
        with pytest.raises(Refused):
            await gate.fetch(portal("/inner/b"))
    assert [one.path for one in portal.asked].count("/robots.txt") == 3


async def test_robots_redirects_are_followed_but_not_inside() -> None:
    pages = {"/robots.txt": redirect("/r2"), "/r2": answer(ROBOTS), "/a": answer("x"), "/inner/b": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        with pytest.raises(Refused):
            await gate.fetch(portal("/inner/b"))
    pages = {"/robots.txt": redirect("http://169.254.169.254/"), "/a": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"x"
    pages = {"/robots.txt": redirect("/robots.txt"), "/a": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"x"


async def test_an_endless_robots_file_costs_little() -> None:
    async def endless(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /inner/\n")
        while True:
            writer.write(b"# " + b"x" * 60_000 + b"\n")
            await writer.drain()

    pages: dict[str, Answer] = {"/robots.txt": endless, "/a": answer("x"), "/inner/b": answer("x")}
    async with serving(pages) as portal, Gate(network(portal, robots=True)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"x"
        with pytest.raises(Refused):
            await gate.fetch(portal("/inner/b"))


def test_the_product_is_the_first_word() -> None:
    assert robots.product("watcher/0.1 (document change monitor)") == "watcher"
    assert robots.product("Mozilla/5.0 (X11)") == "Mozilla"
    assert robots.product("") == "*"


async def test_slow_hosts_hold_at_most_half_of_the_slots_until_they_are_quick_again() -> None:
    now = [0.0]
    slots = Slots(4, lambda: now[0])
    for name in ("a", "b", "c"):
        async with slots.slot(name):
            now[0] += 10
    inside: list[str] = []
    leave = asyncio.Event()

    async def visit(name: str) -> None:
        async with slots.slot(name):
            inside.append(name)
            await leave.wait()

    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c", "quick", "new"):
            group.create_task(visit(name))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sorted(inside) == ["a", "b", "new", "quick"]
        leave.set()
    assert sorted(inside) == ["a", "b", "c", "new", "quick"]
    inside.clear()
    leave.clear()
    async with asyncio.TaskGroup() as group:
        for name in ("a", "b", "c"):
            group.create_task(visit(name))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert sorted(inside) == ["a", "b", "c"], "they answered at once"
        leave.set()


SAVED = [
    ("\ufeffUser-agent: *\nDisallow: /x", "/x/1", False),
    ("User-agent: *\rDisallow: /x\r", "/x/1", False),
    ("User-agent: *\nDisallow:", "/x", True),
    ("User-agent: *\nDisallow: /*.do$", "/a.do", False),
    ("User-agent: *\nDisallow: /*.do$", "/a.do?x=1", True),
    ("User-agent: *\nDisallow: /zwgk\nAllow: /zwgk/open", "/zwgk/open/1", True),
    ("User-agent: *\nDisallow: /zwgk\nAllow: /zwgk", "/zwgk", True),
    ("User-agent: *\nDisallow: /\n\nUser-agent: Watcher\nDisallow: /private", "/a", True),
    ("User-agent: WATCHER/1.0\nDisallow: /", "/a", False),
    ("User-agent: Baiduspider\nUser-agent: watcher\nDisallow: /", "/a", False),
    ("User-agent: Baiduspider\nDisallow: /", "/a", True),
    ("User-agent: * # all\nDisallow: /x # no", "/x", False),
    ("User-agent: *\nDisallow: /规划", "/%E8%A7%84%E5%88%92/1", False),
    ("User-agent: *\nDisallow: /%e8%a7%84", "/%E8%A7%84/1", False),
    ("User-agent : *\nDisallow : /x", "/x", False),
    ("User-agent: watcher\nDisallow: /a\n\nUser-agent: watcher\nDisallow: /b", "/a", False),
    ("<html>Disallow everything</html>", "/x", True),
]


@pytest.mark.parametrize(("text", "path", "allowed"), SAVED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_robots_files_are_read_as_people_save_them(text: str, path: str, allowed: bool, encoding: str) -> None:
    found = robots.rules(
        200, text.removeprefix("\ufeff" if encoding == "utf-16" else "").encode(encoding), "watcher", 0
    )
    assert found is not None
    assert found.allow("http://a.gov.cn" + path, "watcher") is allowed


@pytest.mark.parametrize(
    ("delay", "kept"), [("5", 5.0), ("1e9", robots.MAX_CRAWL_DELAY), ("-5", 0.0), ("nan", 0.0), ("x", 0.0)]
)
def test_a_crawl_delay_is_bounded(delay: str, kept: float) -> None:
    found = robots.rules(200, f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /y".encode(), "watcher", 0)
    assert found is not None
    assert found.crawl_delay == kept
