"""The rules of a cluster, each by itself: hosts rest, work goes where there is room, nothing that travels can be read on the way."""

from __future__ import annotations

import asyncio
import pickle
import socket

import pytest

from watcher.errors import ClusterError, FetchError, Refused
from watcher.pipeline.cluster.leases import Leases
from watcher.pipeline.cluster.road import check_road, is_open
from watcher.pipeline.cluster.roster import Far, Roster
from watcher.pipeline.cluster.sealed import Sealed
from watcher.pipeline.cluster.values import Failure, Stamp, Ticket
from watcher.pipeline.errands import Errand
from watcher.settings import Network, Scheduler


class Time:
    """Seconds that pass only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


async def test_a_host_is_held_by_one_and_rests_before_the_next() -> None:
    time = Time()
    leases = Leases(time.clock, time.sleep)
    begun: list[float] = []

    async def visit() -> None:
        async with leases.hold(["a.example"]):
            begun.append(time.now)
            await asyncio.sleep(0)
            time.now += 0.5
            leases.rest("a.example", 2.0)

    await asyncio.gather(visit(), visit(), visit())
    assert begun == [100.0, 102.5, 105.0]


async def test_two_hosts_borrowed_in_either_order_never_wait_in_a_circle() -> None:
    leases = Leases()
    done: list[int] = []

    async def visit(number: int, *hosts: str) -> None:
        async with leases.hold(hosts):
            await asyncio.sleep(0)
            done.append(number)

    async with asyncio.timeout(5):
        await asyncio.gather(visit(1, "a", "b"), visit(2, "b", "a"), visit(3, "a"), visit(4, "b", "a"))
    assert sorted(done) == [1, 2, 3, 4]


async def test_a_rest_is_never_shortened_and_a_long_one_is_said() -> None:
    time = Time()
    leases = Leases(time.clock, time.sleep)
    leases.rest("a", 300.0)
    leases.rest("a", 1.0)
    with pytest.raises(FetchError) as raised:
        async with leases.hold(["a"]):
            pass
    assert (raised.value.kind, raised.value.retry_after) == ("busy", 300.0)
    time.now += 300
    async with leases.hold(["a"]):
        pass


def crew(*slots: int) -> tuple[Roster, list[Far]]:
    roster = Roster()
    workers = [roster.join(f"tcp://w{number}") for number in range(len(slots))]
    for far, many in zip(workers, slots, strict=True):
        roster.able(far, many)
    return roster, workers


async def test_work_goes_to_the_worker_that_knows_the_host_else_to_the_least_busy() -> None:
    roster, (one, two) = crew(2, 4)
    assert await roster.take(prefer=one.address) is one
    assert await roster.take() is two, "all of its places are free"
    assert await roster.take(avoid=two.address) is one
    assert await roster.take(avoid=two.address) is two, "the other one has no place left"


async def test_a_worker_that_failed_is_avoided_unless_it_is_the_only_one() -> None:
    roster, (one,) = crew(2)
    assert await roster.take(avoid=one.address) is one


async def test_who_waits_gets_the_place_that_is_given_back_in_order() -> None:
    roster, (one,) = crew(1)
    first = await roster.take()
    order: list[int] = []

    async def wait(number: int) -> None:
        far = await roster.take()
        order.append(number)
        roster.give(far)

    tasks = [asyncio.create_task(wait(number)) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    roster.give(first)
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks, return_exceptions=True)
    assert (order, one.busy) == ([0, 2, 3], 0)


async def test_a_free_place_goes_to_who_waits_for_a_host_that_the_worker_knows() -> None:
    roster, (one, two) = crew(1, 1)
    await roster.take(prefer=one.address)
    await roster.take(prefer=two.address)
    order: list[tuple[int, Far]] = []

    async def wait(number: int, prefer: Far) -> None:
        order.append((number, await roster.take(prefer=prefer.address)))

    tasks = [asyncio.create_task(wait(*given)) for given in ((0, two), (1, one), (2, one))]
    await asyncio.sleep(0)
    for _ in range(3):  # only one gives its place back: the last one is none that it knows
        roster.give(one)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks)
    assert order == [(1, one), (2, one), (0, one)]


async def test_without_a_worker_a_command_gives_up_and_a_service_waits() -> None:
    roster, (one,) = crew(1)
    roster.leave(one.address)
    with pytest.raises(ClusterError):
        await roster.take(patience=0.01)
    waiting = asyncio.create_task(roster.take())
    await asyncio.sleep(0.02)
    assert not waiting.done()
    again = roster.join("tcp://again")
    roster.able(again, 1)
    assert await asyncio.wait_for(waiting, 5) is again


async def test_a_silent_worker_gets_no_work_until_it_answers() -> None:
    roster, (one, two) = crew(4, 1)
    lost = one.lost
    roster.silent(one)
    assert lost.is_set()
    assert await roster.take(prefer=one.address) is two
    roster.able(one, 4)
    assert not one.lost.is_set()
    assert await roster.take() is one


def test_a_deadline_in_the_time_of_a_worker_is_never_late() -> None:
    far = Far("tcp://w")
    far.heard(5000.0)
    assert 5009.9 < far.in_their_time(10.0) < 5012.0


SECRET = "sesame-open"


def test_what_travels_prints_as_nothing_and_comes_out_as_it_went_in() -> None:
    network = Network(proxy=f"http://me:{SECRET}@proxy.example:3128", headers={"cookie": SECRET})
    ticket = Ticket(Errand("http://a.example/?token=x", network, headers={"x": SECRET}, body=SECRET.encode()), "o", "e")
    sealed = Sealed(ticket)
    for shown in (
        repr(sealed),
        str(sealed),
        f"{[sealed]}",
        repr(ticket),
        repr(ticket.work),
        sealed.__dask_tokenize__(),
    ):
        assert SECRET not in shown
    assert pickle.loads(pickle.dumps(sealed)).open() == ticket
    assert Sealed(ticket).__dask_tokenize__() != sealed.__dask_tokenize__(), "no key can be derived from it"
    large = Sealed("规划" * 100_000)
    assert large.open() == "规划" * 100_000
    assert len(pickle.dumps(large)) < 10_000


@pytest.mark.parametrize(
    "error",
    [
        FetchError("slow", kind="timeout", url="http://a/", transient=True, retry_after=7.0),
        Refused("no", kind="robots", url="u"),
    ],
)
def test_an_error_is_the_same_on_the_other_side(error: FetchError) -> None:
    again = pickle.loads(pickle.dumps(Failure.of(error))).error()
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_stamps_name_every_difference() -> None:
    here = Stamp("1.0", "ab", "3.12", "2026.8")
    assert here.differs(here) is None
    told = here.differs(Stamp("0.9", "cd", "3.11", "2025.1")) or ""
    for words in (
        "watcher 0.9 there, 1.0 here",
        "python 3.11 there, 3.12 here",
        "distributed 2025.1 there, 2026.8 here",
    ):
        assert words in told
    assert "different code" in (here.differs(Stamp("1.0", "cd", "3.12", "2026.8")) or "")
    assert here.differs(Stamp.of({"watcher": "1.0"})) is not None, "who cannot tell is another one"


@pytest.mark.parametrize(
    ("address", "open_"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.1.1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("100.64.0.1", False),
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("0.0.0.0", True),
        ("::", True),
    ],
)
def test_an_address_that_the_public_reaches_is_open(address: str, open_: bool) -> None:
    assert is_open(address) is open_


def test_a_road_without_tls_to_a_public_address_is_refused_with_what_to_do() -> None:
    with pytest.raises(ClusterError, match=r"8\.8\.8\.8.*dask\+tls"):
        check_road(Scheduler.parse("dask://8.8.8.8:8786"))
    check_road(Scheduler.parse("dask+tls://8.8.8.8:8786"))
    check_road(Scheduler.parse("dask://127.0.0.1"))


def test_a_name_is_judged_by_all_that_it_means(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 1)) for ip in ("10.0.0.1", "8.8.4.4")]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with pytest.raises(ClusterError):
        check_road(Scheduler.parse("dask://hub.example:8786"))
