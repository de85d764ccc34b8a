"""The story, played once a process; and a client that speaks to the real server in a thread of its own."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.web import stories
from watcher.settings import Sources, Web
from watcher.web.server import PageServer


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Sources:
    """The seeds after a draft became final; never written to by tests (see ``own_story``)."""
    return asyncio.run(stories.play(tmp_path_factory.mktemp("story"), seeds))


@pytest.fixture
def own_story(story: Sources, tmp_path: Path) -> Sources:
    """A copy of the story that a test may change."""
    target = tmp_path / "watcher.db"
    for suffix in ("", "-wal", "-shm"):
        source = Path(f"{story.database}{suffix}")
        if source.exists():
            shutil.copy(source, f"{target}{suffix}")
    return replace(story, database=target)


Serve = Callable[..., httpx.Client]


class Running:
    """Pages that run in a thread of their own until ``stop``."""

    def __init__(self) -> None:
        self._all: list[tuple[asyncio.AbstractEventLoop, PageServer, threading.Thread]] = []

    def start(self, sources: Sources, web: Web | None = None, *, read_only: bool = False) -> str:
        """The address of a new page over these sources."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        server = PageServer(replace(sources, web=web or Web(port=0)), sources.database, read_only=read_only)
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
        self._all.append((loop, server, thread))
        return server.address

    def stop(self) -> None:
        """Ends all of them."""
        for loop, server, thread in self._all:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(5)
            loop.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts the page over some sources and gives a client of it; several times if need be."""
    running = Running()
    clients: list[httpx.Client] = []

    def start(sources: Sources, web: Web | None = None, *, read_only: bool = False) -> httpx.Client:
        clients.append(httpx.Client(base_url=running.start(sources, web, read_only=read_only), trust_env=False))
        return clients[-1]

    yield start
    for client in clients:
        client.close()
    running.stop()


@pytest.fixture(scope="session")
def story_address(story: Sources) -> Iterator[str]:
    """The story's page, on loopback without a secret; one for all tests that only look."""
    running = Running()
    yield running.start(story)
    running.stop()


@pytest.fixture
def page(story_address: str) -> Iterator[httpx.Client]:
    """A client of the story's page."""
    with httpx.Client(base_url=story_address, trust_env=False) as client:
        yield client
