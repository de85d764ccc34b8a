"""Why something failed stands in the database in both languages, and on every page in the reader's alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.web.conftest import Serve
from tests.web.stories import HOHHOT
from watcher.settings import Sources
from watcher.store import Store
from watcher.web.reply import shown_day
from watcher.words import SEAM, both

REASON = both("域名 a.example 没有地址", "the name a.example has no address")
PLACES = ("/", "/documents", "/sources", "/incidents", "/alerts", "/alerts?state=dead")


@pytest.fixture
def failing(own_story: Sources, serve: Serve) -> httpx.Client:
    with Store(own_story.database) as store, store.atomic():
        now = store.sources.active()[0].next_at
        assert now is not None
        store.db.execute("UPDATE sources SET note = ?", [REASON])
        store.db.execute("UPDATE alerts SET answer = ?", [REASON])
        store.db.execute("UPDATE incidents SET detail = ?, closed_at = NULL", [REASON])
        store.db.execute(
            "INSERT OR REPLACE INTO channel_states (name, stopped_at, reason) VALUES ('team', ?, ?)", [now, REASON]
        )
    return serve(own_story)


@pytest.mark.parametrize("place", PLACES)
def test_a_page_tells_a_reason_in_its_readers_language(failing: httpx.Client, place: str) -> None:
    for language, other in (("zh", "has no address"), ("en", "没有地址")):
        answer = failing.get(place, params={"lang": language})
        assert answer.status_code == 200
        assert SEAM not in answer.text
        assert other not in answer.text


@pytest.mark.parametrize("place", ["/sources", "/incidents", "/alerts"])
def test_the_reason_is_told(failing: httpx.Client, place: str) -> None:
    assert "域名 a.example 没有地址" in re.sub(
        r"<wbr>|&#8203;|\u200b", "", failing.get(place, params={"lang": "zh"}).text
    )
    assert "the name a.example has no address" in failing.get(place, params={"lang": "en"}).text


@pytest.mark.parametrize(
    "place",
    ["/", f"/documents/{HOHHOT}", f"/documents/{HOHHOT}/diff/1...2", "/indicators/infant-mortality", "/feed.atom"],
)
def test_our_own_words_have_the_punctuation_of_their_language(page: httpx.Client, place: str) -> None:
    found = page.get(place, params={"lang": "en"}).text
    ours = re.sub(r'(?s)<script.*?</script>|(?:title|content)="[^"]*"', "", found)
    assert not re.search(r"[A-Za-z0-9)>]\s?[：，；（](?=[A-Za-z0-9<])", ours)


def test_versions_to_choose_from_bear_the_day_that_stands_beside_them(page: httpx.Client) -> None:
    found = page.get(f"/documents/{HOHHOT}/diff/1...2").text
    chosen = re.findall(r'<option value="[12]" selected>[^<]* ([0-9-]{10})</option>', found)
    shown = re.findall(r"</span> <time [^>]*>([0-9-]{10}) ", found)
    assert len(chosen) == 2
    assert chosen == shown[:2]
    assert shown_day(datetime(2026, 3, 1, 22, tzinfo=UTC), ZoneInfo("Asia/Shanghai")) == "2026-03-02"
