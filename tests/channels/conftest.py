"""The wire of the product itself, allowed to loopback, and secrets in the environment."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from watcher.fetch.gate import Gate
from watcher.settings import Channel, Network, Secret

MakeChannel = Callable[..., Channel]


@pytest_asyncio.fixture
async def gate() -> AsyncIterator[Gate]:
    """The real gate; loopback is allowed."""
    async with Gate(Network(allow_private=True, timeout=5.0)) as opened:
        yield opened


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> MakeChannel:
    """Makes a channel whose address and secret stand in environment variables of their own."""
    numbers = itertools.count(1)

    def make(kind: str, url: str, secret: str = "", **options: object) -> Channel:
        number = next(numbers)
        monkeypatch.setenv(f"CHANNEL_{number}_URL", url)
        if secret:
            monkeypatch.setenv(f"CHANNEL_{number}_SECRET", secret)
        return Channel(
            name=f"channel-{number}",
            kind=kind,
            url=Secret(f"env:CHANNEL_{number}_URL"),
            secret=Secret(f"env:CHANNEL_{number}_SECRET") if secret else None,
            options=options,
        )

    return make
