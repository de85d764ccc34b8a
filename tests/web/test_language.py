"""Why something failed stands in the database in both languages, and on every page in the reader's alone."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.web.conftest import Serve
from watcher.settings import Sources
from watcher.store import Store
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
