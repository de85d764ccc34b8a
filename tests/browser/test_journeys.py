"""What people do with the page, clicked and typed in a real browser."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PLACES, WIDTHS
from tests.web.conftest import Running
from watcher.settings import Sources

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", WIDTHS)
def test_from_home_to_the_quote_in_three_clicks(
    tab: Page, address: str, root: Path, trouble: list[str], width: int
) -> None:
    folder = root / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    tab.set_viewport_size({"width": width, "height": 900})
    clicks = 0

    def click(what: Locator) -> None:
        nonlocal clicks
        clicks += 1
        tab.screenshot(path=folder / f"journey-{clicks}-{width}.png")
        what.click()

    tab.goto(address)
    card = tab.locator("article.card", has_text="呼和浩特市").first
    expect(card).to_be_in_viewport()
    for said in ("征求意见稿 → 印发稿", "3 项收紧", "婴儿死亡率", "<5‰ → ≤4.5‰"):
        assert said in " ".join(card.inner_text().split()), "what changed stands on the home page already"
    click(card.get_by_role("link", name="看对比和出处"))
    row = tab.locator("#moves tbody tr", has_text="婴儿死亡率")
    assert row.locator("blockquote mark").all_inner_texts() == ["<5", "≤4.5"], "the quotes prove it, marked"
    first = tab.locator("#moves tbody tr").first
    expect(first.locator("blockquote").last).to_be_in_viewport()  # what weighs most is proved without scrolling
    click(row.get_by_role("link", name="新文"))
    mark = tab.locator("mark").first
    assert "4.5" in mark.inner_text()
    expect(mark).to_be_in_viewport()
    tab.screenshot(path=folder / f"journey-3-{width}.png")
    assert clicks <= 3
    assert trouble == []


def press_until(tab: Page, wanted: str, most: int) -> None:
    """Tab until the element that has the focus holds a text; every stop on the way can be seen."""
    for _ in range(most):
        tab.keyboard.press("Tab")
        if wanted in tab.evaluate("document.activeElement.textContent"):
            break
    else:
        raise AssertionError(f"{wanted} is not reached by {most} presses of Tab")
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus can be seen"


def test_the_same_journey_by_keyboard_alone(tab: Page, address: str) -> None:
    tab.goto(address)
    press_until(tab, "呼和浩特市“十四五”", 20)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/diff/1...2")
    press_until(tab, "新文", 30)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/versions/2**")
    expect(tab.locator("mark").first).to_be_in_viewport()


def test_actions_are_done_by_keyboard_alone(browser: Browser, story: Sources, tmp_path: Path) -> None:
    target = tmp_path / "watcher.db"
    shutil.copy(story.database, target)
    running = Running()
    context = browser.new_context(locale="zh-CN")
    tab = context.new_page()
    tab.goto(running.start(replace(story, database=target)) + "sources")
    press_until(tab, "现在检查", 40)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**done=check")
    expect(tab.get_by_role("status")).to_be_visible()
    context.close()
    running.stop()


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


def test_on_a_phone_conditions_are_folded_until_they_are_wanted(tab: Page, address: str) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto(address)
    expect(tab.get_by_label("地区")).to_be_hidden()
    tab.get_by_text("更多条件").click()
    tab.get_by_label("地区").fill("鄂尔多斯")
    tab.get_by_role("button", name="筛选").click()
    expect(tab.locator("article.card")).to_have_count(1)
    expect(tab.get_by_label("地区")).to_be_visible()
