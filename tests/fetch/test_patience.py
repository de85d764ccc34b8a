"""A limit is the far end's: what our own loop was late to look at does not run out."""

from __future__ import annotations

import asyncio
import socket
import time

import pytest

from tests.fetch.portal import answer, network, serving
from watcher.errors import FetchError
from watcher.fetch.gate import Gate
from watcher.fetch.patience import TURNS, within


async def test_what_the_loop_needs_a_few_turns_to_see_is_in_time() -> None:
    async with within(0):
        for _ in range(TURNS):
            await asyncio.sleep(0)


async def test_a_wait_without_end_ends() -> None:
    async def wait() -> None:
        async with within(0):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await wait()


async def test_a_limit_that_was_kept_leaves_nothing_behind() -> None:
    async with within(0):
        pass
    for _ in range(2 * TURNS):
        await asyncio.sleep(0)


async def test_a_connection_that_stands_is_not_given_up_because_we_are_busy() -> None:
    async def busy() -> None:
        while True:
            time.sleep(0.01)  # noqa: ASYNC251  # a loop that is held up is what is meant
            await asyncio.sleep(0)

    async with serving({"/plan": answer("规划")}) as portal, Gate(network(portal, connect_timeout=0.01)) as gate:
        held = asyncio.create_task(busy())
        try:
            fetched = await gate.fetch(portal("/plan"))
        finally:
            held.cancel()
    assert fetched.status == 200


async def test_a_host_that_takes_no_connection_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf, socket.socket() as first, socket.socket() as second:
        address = deaf.getsockname()
        for one in (first, second):  # they fill its queue, which nobody empties
            one.setblocking(False)
            one.connect_ex(address)
        async with Gate(network(connect_timeout=0.05, allow_private=True)) as gate:
            with pytest.raises(FetchError) as caught:
                await gate.fetch(f"http://127.0.0.1:{address[1]}/")
    assert caught.value.kind == "timeout"
    assert "did not accept a connection in time" in str(caught.value.both)
