"""Nothing that a server sends costs more than it may: bytes, bytes once unpacked, headers, seconds."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fetch.portal import Asked, answer, network, serving
from watcher.errors import FetchError
from watcher.fetch import bodies
from watcher.fetch.gate import Gate

MIB = 1024 * 1024


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=4),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


@pytest.mark.parametrize("coding", PACKERS)
@settings(max_examples=25, deadline=None)
@given(data=st.binary(max_size=5000), times=st.integers(1, 40))
def test_bodies_come_out_as_they_went_in(coding: str, data: bytes, times: int) -> None:
    whole = data * times
    assert bodies.unpack(PACKERS[coding](whole), coding, 10 * MIB) == whole


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=500), min_size=1, max_size=5))
def test_several_gzip_members_are_one_body_and_padding_is_none(parts: list[bytes]) -> None:
    packed = b"".join(map(gzip.compress, parts))
    assert bodies.unpack(packed + b"\0" * 9, "gzip", MIB) == b"".join(parts)


def test_raw_deflate_and_codings_one_over_another() -> None:
    data = "规划".encode() * 900
    assert bodies.unpack(raw_deflate(data), "deflate", MIB) == data
    assert bodies.unpack(brotli.compress(gzip.compress(data)), "gzip, br", MIB) == data
    assert bodies.unpack(data, "identity", MIB) == data


def test_a_body_that_was_never_packed_is_taken_as_it_is() -> None:
    page = "<html>规划</html>".encode()
    for coding in PACKERS:
        assert bodies.unpack(page, coding, MIB) == page


@pytest.mark.parametrize("coding", PACKERS)
def test_a_bomb_stops_at_the_cap_in_bounded_memory(coding: str) -> None:
    bomb = PACKERS[coding](b"\0" * (100 * MIB))
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(FetchError) as caught:
        bodies.unpack(bomb, coding, 2 * MIB)
    spent = time.process_time() - begun
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.kind == "too-large"
    assert peak < 12 * MIB
    assert spent < 2


def test_a_bomb_inside_a_bomb_stops_too() -> None:
    inner = gzip.compress(gzip.compress(b"\0" * (40 * MIB)))
    with pytest.raises(FetchError) as caught:
        bodies.unpack(inner, "gzip, gzip", MIB)
    assert caught.value.kind == "too-large"
    with pytest.raises(FetchError):
        bodies.unpack(inner, "gzip, gzip, gzip, gzip, gzip", MIB)


@pytest.mark.parametrize("coding", PACKERS)
def test_torn_bodies_are_never_half_a_page(coding: str) -> None:
    packed = PACKERS[coding]("规划全文".encode() * 5000)
    for cut in (len(packed) // 2, len(packed) - 1):
        with pytest.raises(FetchError) as caught:
            bodies.unpack(packed[:cut], coding, 10 * MIB)
        assert (caught.value.kind, caught.value.transient) == ("protocol", True)


def test_unknown_codings_are_refused() -> None:
    with pytest.raises(FetchError) as caught:
        bodies.unpack(b"x", "compress", MIB)
    assert caught.value.kind == "protocol"


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=400), st.integers(0, 200), st.binary(max_size=8))
def test_damaged_bodies_give_bytes_or_a_typed_error(coding: str, data: bytes, at: int, junk: bytes) -> None:
    packed = PACKERS[coding](data)
    damaged = packed[:at] + junk + packed[at + len(junk) :]
    kind = "none"
    try:
        assert len(bodies.unpack(damaged, coding, 64 * 1024)) <= max(64 * 1024, len(damaged))
    except FetchError as error:
        kind = error.kind
    assert kind in ("none", "protocol", "too-large")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
async def test_packed_pages_are_asked_for_and_read(coding: str) -> None:
    page = "<p>规划</p>".encode() * 3000
    packed = answer(PACKERS[coding](page), 200, f"Content-Encoding: {coding}")
    async with serving({"/a": packed}) as portal, Gate(network(portal)) as gate:
        assert (await gate.fetch(portal("/a"))).body == page
    assert coding in portal.asked[0].headers["accept-encoding"]


async def test_a_large_packed_page_is_unpacked_without_holding_the_loop() -> None:
    page = b"<p>0123456789</p>" * 2_000_000
    packed = answer(gzip.compress(page, 1), 200, "Content-Encoding: gzip")
    async with serving({"/a": packed}) as portal, Gate(network(portal)) as gate:
        assert (await gate.fetch(portal("/a"))).body == page
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"), network(portal, max_decompressed=20 * MIB))
    assert caught.value.kind == "too-large"


async def test_an_announced_body_over_the_cap_is_not_even_read() -> None:
    async def page(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx")
        await writer.drain()
        await asyncio.sleep(30)

    async with serving({"/a": page}) as portal, Gate(network(portal, retries=3)) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
    assert (caught.value.kind, caught.value.transient) == ("too-large", False)
    assert len(portal.asked) == 1


async def test_an_endless_body_ends_at_the_cap() -> None:
    sent = 0

    async def page(_: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()
            sent += 65536

    async with serving({"/a": page}) as portal, Gate(network(portal, max_body=MIB)) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
        await asyncio.sleep(0.05)
        assert portal.open == 0
    assert caught.value.kind == "too-large"
    assert sent < 32 * MIB


async def test_a_body_that_drips_for_ever_ends_at_the_total_time() -> None:
    async def page(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving({"/a": page}) as portal, Gate(network(portal, timeout=0.3)) as gate:
        begun = time.monotonic()
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
        assert time.monotonic() - begun < 2
    assert (caught.value.kind, caught.value.transient) == ("timeout", True)


async def test_headers_that_drip_for_ever_end_too() -> None:
    async def page(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(10_000):
            writer.write(b"X-%d: y\r\n" % n)
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serving({"/a": page}) as portal, Gate(network(portal, timeout=0.3)) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
    assert caught.value.kind == "timeout"


async def test_a_silent_server_ends_at_the_read_time() -> None:
    async def page(_: Asked, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with serving({"/a": page}) as portal, Gate(network(portal, read_timeout=0.2)) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
    assert (caught.value.kind, caught.value.transient) == ("timeout", True)


@pytest.mark.parametrize(
    "head",
    [
        b"X: " + b"y" * 200_000 + b"\r\n",
        b"".join(b"X-%d: y\r\n" % n for n in range(5000)),
        b"Set-Cookie: a=" + b"b" * 100_000 + b"\r\n",
    ],
)
async def test_oversized_headers_are_refused(head: bytes) -> None:
    pages = {"/a": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n" + head + b"\r\nx"}
    async with serving(dict(pages)) as portal, Gate(network(portal)) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
    assert caught.value.kind == "protocol"


@pytest.mark.parametrize(
    ("data", "kind", "transient"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "protocol", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf", "protocol", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "protocol", False),
        (b"not http at all\r\n\r\n", "protocol", False),
        (b"", "connect", True),
    ],
)
async def test_broken_answers_are_never_half_a_page(data: bytes, kind: str, transient: bool) -> None:
    async def page(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    async with serving({"/a": page}) as portal, Gate(network(portal)) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(portal("/a"))
    assert (caught.value.kind, caught.value.transient) == (kind, transient)


async def test_an_answer_without_a_length_is_read_to_its_end() -> None:
    async def page(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.0 200 OK\r\n\r\n" + b"whole")
        await writer.drain()

    async with serving({"/a": page}) as portal, Gate(network(portal)) as gate:
        assert (await gate.fetch(portal("/a"))).body == b"whole"


async def test_nobody_listening_is_a_transient_connect_error() -> None:
    async with serving({}) as portal:
        url = portal("/a")
        allowed = network(portal)
    async with Gate(allowed) as gate:
        with pytest.raises(FetchError) as caught:
            await gate.fetch(url)
    assert (caught.value.kind, caught.value.transient, caught.value.url) == ("connect", True, url)


async def test_a_cancelled_fetch_leaves_the_host_free() -> None:
    async def page(_: Asked, __: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with serving({"/slow": page, "/a": answer("x")}) as portal, Gate(network(portal)) as gate:
        task = asyncio.create_task(gate.fetch(portal("/slow")))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await asyncio.wait_for(gate.fetch(portal("/a")), 2)).body == b"x"
