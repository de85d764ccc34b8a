"""The pages in a real browser: looked at, walked through, measured for who cannot see well."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, expect

from tests.browser.conftest import PLACES, WIDTHS
from tests.web.conftest import Running
from tests.web.hostile import ruin
from tests.web.stories import SHANGYU
from tests.web.test_pages import HOSTILE_PLACES
from watcher.settings import Secret, Sources, Web
from watcher.store import Store

pytestmark = pytest.mark.browser


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


@pytest.mark.parametrize("width", [640, 320])
def test_nothing_is_lost_at_twice_and_four_times_the_size(tab: Page, address: str, width: int) -> None:
    # 1280 pixels at 200 % and at 400 % (WCAG 1.4.4, 1.4.10).
    tab.set_viewport_size({"width": width, "height": 256 if width == 320 else 512})
    for name, place in PLACES.items():
        tab.goto(address + place)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, name
        hidden = tab.evaluate(
            "[...document.querySelectorAll('main h1, main h2, main td, main button')]"
            ".filter(one => one.offsetParent && one.getBoundingClientRect().left < 0).length"
        )
        assert hidden == 0, name


@pytest.mark.parametrize("width", WIDTHS)
def test_a_fresh_database_and_errors_say_what_to_do(
    browser: Browser, story: Sources, root: Path, tmp_path: Path, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = root / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    monkeypatch.setenv("TEST_LOOK_TOKEN", "a-token-for-looking")
    Store(tmp_path / "empty.db").close()
    running = Running()
    empty = running.start(replace(story, database=tmp_path / "empty.db")).rstrip("/")
    closed = running.start(story, Web(port=0, token=Secret("env:TEST_LOOK_TOKEN"))).rstrip("/")
    context = browser.new_context(viewport={"width": width, "height": 700}, locale="zh-CN")
    tab = context.new_page()
    for name, place, wanted in (
        ("home", "/", "还没有读到文件"), ("documents", "/documents", "还没有读到文件"), ("indicators", "/indicators", "还没有读到指标"),
        ("calendar", "/calendar", "现在没有开放的征求意见"), ("sources", "/sources", "还没有监测源"), ("incidents", "/incidents", "没有异常"),
        ("alerts", "/alerts", "还没有通知"), ("404", "/nothing", "没有这一页"), ("400", "/?stage=x", "看不懂这个地址"),
    ):  # fmt: skip
        tab.goto(empty + place)
        expect(tab.locator("main")).to_contain_text(wanted)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        tab.screenshot(path=folder / f"empty-{name}-{width}.png")
    tab.goto(closed + "/documents")
    expect(tab.get_by_label("口令")).to_be_focused()
    tab.get_by_label("口令").fill("wrong")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("alert")).to_have_text("口令不对。")
    tab.screenshot(path=folder / f"login-{width}.png")
    tab.get_by_label("口令").fill("a-token-for-looking")
    tab.keyboard.press("Enter")
    tab.get_by_role("button", name="退出").click()
    expect(tab.get_by_label("口令")).to_be_visible()
    context.close()
    running.stop()


@pytest.mark.parametrize("shift", [0, 7])
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
    with pdfplumber.open(io.BytesIO(tab.pdf(format="A4", prefer_css_page_size=True))) as book:
        for sheet in book.pages:
            assert all(one["x0"] > 30 and one["x1"] < float(sheet.width) - 30 for one in sheet.chars), (
                "nothing runs into the edge"
            )
        assert "婴儿死亡率" in (book.pages[0].extract_text() or "")
