"""The pages in a real browser: looked at, walked through, measured for who cannot see well."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect, sync_playwright

from tests.web import stories
from tests.web.conftest import Running
from tests.web.hostile import ruin
from tests.web.stories import HOHHOT, ORDOS, SHANGYU, SHUOZHOU
from tests.web.test_pages import HOSTILE_PLACES
from watcher.settings import Sources
from watcher.store import Store

pytestmark = pytest.mark.browser

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


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_whole_at_both_widths(
    context: BrowserContext, address: str, root: Path, trouble: list[str], width: int
) -> None:
    folder = root / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    tab = context.new_page()
    tab.set_viewport_size({"width": width, "height": 900})
    for name, place in PLACES.items():
        answer = tab.goto(address + place)
        assert answer is not None
        assert answer.status == 200
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, f"{name} runs over the edge at {width}"
        assert tab.evaluate("document.fonts.check('16px sans-serif', '指标')")
        height = min(tab.evaluate("document.documentElement.scrollHeight"), 2600)
        tab.screenshot(
            path=folder / f"{name}-{width}.png", full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height}
        )
    assert trouble == []


def axe() -> str:
    """The source of axe-core, as its package for Python carries it."""
    import axe_playwright_python

    assert axe_playwright_python.__file__ is not None
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(browser: Browser, address: str, scheme: Any) -> None:
    # The checker is put in from outside, which the page's own policy rightly forbids.
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce"
    )
    context.add_init_script(axe())
    tab = context.new_page()
    wrong = []
    for name, place in PLACES.items():
        tab.goto(address + place + ("&" if "?" in place else "?") + "lang=" + ("zh" if scheme == "light" else "en"))
        result = tab.evaluate("axe.run({resultTypes: ['violations']})")
        wrong += [f"{name}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]
    tab.goto("data:text/html,<title>x</title><img src=x><p style='color:gray;background:silver'>faint</p>")
    found = {one["id"] for one in tab.evaluate("axe.run()")["violations"]}
    context.close()
    assert {"image-alt", "color-contrast"} <= found, "the checker itself works"
    assert wrong == []


def test_from_home_to_the_quote_in_three_clicks(tab: Page, address: str, trouble: list[str]) -> None:
    tab.goto(address)
    tab.get_by_role("link", name="呼和浩特市“十四五”卫生与健康事业发展规划").first.click()
    row = tab.locator("#moves tbody tr", has_text="婴儿死亡率")
    assert "≤4.5‰" in row.inner_text()
    assert "≤4.5" in row.locator("blockquote").last.inner_text(), "the quote is on the page already"
    row.get_by_role("link", name="新文").click()
    mark = tab.locator("mark").first
    assert "4.5" in mark.inner_text()
    expect(mark).to_be_visible()
    box = mark.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900, "the evidence is in sight"
    assert trouble == []


def test_three_places_are_compared(tab: Page, address: str, trouble: list[str]) -> None:
    tab.goto(address)
    tab.get_by_role("link", name="指标", exact=True).first.click()
    for place in ("呼和浩特市", "朔州市", "鄂尔多斯市"):
        tab.locator("label.pick", has_text=place).locator("input").check()
    tab.get_by_role("button", name="并排比较").click()
    head = tab.locator("thead").inner_text()
    assert all(place in head for place in ("呼和浩特市", "朔州市", "鄂尔多斯市"))
    tab.get_by_role("link", name="每千人口医疗卫生机构床位数").click()
    expect(tab.locator("svg.bars")).to_be_visible()
    expect(tab.locator("svg.lines")).to_be_visible()
    tab.get_by_role("link", name="目标").click()
    first = tab.locator("tbody tr th").first.inner_text()
    assert first == "鄂尔多斯市", "the smallest target comes first"
    assert trouble == []


def test_filters_work_by_keyboard_alone(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.get_by_label("地区").focus()
    tab.keyboard.type("鄂尔多斯")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**region=**")
    expect(tab.locator("article.card")).to_have_count(1)


def test_n_and_p_walk_the_hunks(tab: Page, address: str) -> None:
    tab.goto(address + PLACES["diff"])
    tab.keyboard.press("n")
    assert tab.evaluate("document.activeElement.id") == "hunk-1"
    tab.keyboard.press("n")
    tab.keyboard.press("n")
    assert tab.evaluate("document.activeElement.id") == "hunk-3"
    tab.keyboard.press("p")
    assert tab.evaluate("document.activeElement.id") == "hunk-2"


def test_a_dead_letter_is_sent_again(browser: Browser, story: Sources, tmp_path: Path) -> None:
    target = tmp_path / "watcher.db"
    shutil.copy(story.database, target)
    running = Running()
    context = browser.new_context(locale="zh-CN")
    tab = context.new_page()
    tab.goto(running.start(replace(story, database=target)))
    tab.get_by_role("link", name="未送达").click()
    before = tab.locator("tbody tr").count()
    tab.get_by_role("button", name="重发").nth(1).click()
    expect(tab.get_by_role("status")).to_be_visible()
    tab.goto(tab.url.partition("/alerts")[0] + "/alerts?state=dead")
    expect(tab.locator("tbody tr")).to_have_count(before - 1)
    context.close()
    running.stop()


@pytest.mark.parametrize("shift", range(0, 14, 5))
def test_hostile_texts_do_nothing(browser: Browser, story: Sources, tmp_path: Path, shift: int) -> None:
    target = tmp_path / "watcher.db"
    shutil.copy(story.database, target)
    own = replace(story, database=target)
    ruin(own, shift)
    running = Running()
    address = running.start(own).rstrip("/")
    context = browser.new_context(viewport={"width": 390, "height": 800})
    done: list[str] = []

    def shown(dialog: Dialog) -> None:
        done.append(dialog.message)
        dialog.dismiss()

    def asked(request: Request) -> None:
        if not request.url.startswith(address):
            done.append(request.url)

    context.on("dialog", shown)
    context.on("console", lambda said: done.append(said.text))
    context.on("weberror", lambda error: done.append(str(error.error)))
    context.on("request", asked)
    tab = context.new_page()
    for place in HOSTILE_PLACES:
        answer = tab.goto(address + place)
        assert answer is not None
        assert answer.status == 200, place
        assert (
            tab.evaluate(
                "document.querySelectorAll('img, iframe, base, meta[http-equiv], main style, main script').length"
            )
            == 1
        )
        assert tab.evaluate("[...document.forms].every(one => new URL(one.action).origin === location.origin)")
        schemes = tab.evaluate("[...new Set([...document.links].map(one => one.protocol))]")
        assert set(schemes) <= {"http:", "https:"}, place
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, place
        assert len(tab.content()) < 200_000, place
    tab.goto(f"{address}/documents/{SHANGYU}/snapshots/{_last_snapshot(own)}?as=text")
    assert "<script>" in tab.inner_text("body")
    assert done == []
    context.close()
    running.stop()


def _last_snapshot(sources: Sources) -> int:
    with Store(sources.database, read_only=True) as store:
        return int(store.pages.log(SHANGYU, limit=1)[0]["snapshot_id"])


def test_the_home_page_is_there_within_a_second(tab: Page, address: str) -> None:
    tab.goto(address)
    spent = tab.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert spent < 1000


def test_it_prints_without_what_is_only_for_the_screen(tab: Page, address: str) -> None:
    tab.goto(address + PLACES["diff"])
    tab.emulate_media(media="print")
    expect(tab.locator("header.bar")).to_be_hidden()
    expect(tab.locator(".tools").first).to_be_hidden()
    expect(tab.locator("#moves")).to_be_visible()
    assert tab.pdf()[:5] == b"%PDF-"
