"""A browser over the story: the fixtures of all browser tests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.web import stories
from tests.web.conftest import Running
from tests.web.stories import HOHHOT, ORDOS, SHUOZHOU
from watcher.settings import Sources
from watcher.store import Store

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PLACES = {
    "changes": "/",
    "documents": "/documents",
    "document": f"/documents/{HOHHOT}",
    "diff": f"/documents/{HOHHOT}/diff/1...2",
    "diff-inline": f"/documents/{HOHHOT}/diff/1...2?view=inline",
    "text": f"/documents/{HOHHOT}/versions/2",
    "indicators": "/indicators",
    "indicator": "/indicators/beds-per-1000",
    "disputed": "/indicators/life-expectancy",
    "compare": f"/compare?document={HOHHOT}&document={ORDOS}&document={SHUOZHOU}",
    "calendar": "/calendar",
    "sources": "/sources",
    "incidents": "/incidents",
    "alerts": "/alerts",
}
WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Sources:
    """The story, with a consultation that is open; played in a thread, since Playwright holds this one's loop."""
    home = tmp_path_factory.mktemp("look")
    found: list[Sources] = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(stories.play(home, seeds))))
    thread.start()
    thread.join()
    from watcher.types import Consultation

    with Store(found[0].database) as store:
        row = store.pages.sources(document_id=SHUOZHOU)[0]
        store.lineage.set_consultation(SHUOZHOU, Consultation("2026-03-01", "2099-03-31", "0349-1234567"), row["id"])
    return found[0]


@pytest.fixture(scope="module")
def address(story: Sources) -> Iterator[str]:
    running = Running()
    yield running.start(story).rstrip("/")
    running.stop()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture
def trouble() -> list[str]:
    return []


@pytest.fixture
def context(browser: Browser, trouble: list[str]) -> Iterator[BrowserContext]:
    """A fresh profile in which every complaint of the browser is written down."""
    found = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", reduced_motion="reduce")
    found.on("console", lambda said: trouble.append(f"{said.type}: {said.text}"))
    found.on("weberror", lambda error: trouble.append(str(error.error)))
    yield found
    found.close()


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    return context.new_page()
