"""Many pages of one site that fail together are one message to people and one at the end; programs hear of every page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.pipeline.world import due, hooked
from watcher.alert import events
from watcher.alert.message import compose
from watcher.fetch.gate import Gate
from watcher.pipeline.context import Context
from watcher.pipeline.rounds import whole_round
from watcher.sources import load
from watcher.store import Store
from watcher.types import Event

PAGES = 6
PAGE = (
    '<html><head><meta charset="utf-8"><title>临江县第{0}个旅游发展规划</title></head><body><div class="TRS_Editor">'
    "<p>一、发展目标</p><p>到2025年，旅游设施更加完善，服务质量持续提高，旅游业成为第{0}个支柱产业。</p></div></body></html>"
)
GUESSED = (
    '<html><head><meta charset="utf-8"><title>临江县第{0}个旅游发展规划</title></head><body><div class="x1"><div><p>一、发展目标</p>'
    "<p>到2025年，旅游设施更加完善，服务质量持续提高，旅游业成为第{0}个支柱产业。</p></div></div></body></html>"
)


@dataclass
class Site:
    """A site whose pages can be broken: ``broken`` of them answer with this status; ``guessed``: by another template."""

    context: Context
    time: list[datetime]
    broken: dict[int, int] = field(default_factory=dict)
    guessed: bool = False

    async def rounds(self, count: int = 1, hours: float = 100) -> None:
        """Checks everything that is due, so many times."""
        for _ in range(count):
            self.time[0] += timedelta(hours=hours)
            await whole_round(self.context, due(self.context.store, self.context.now()))

    def told(self, channel: str = "chat") -> list[Event]:
        """What a channel was sent, oldest first."""
        outbox = self.context.store.outbox
        ids = sorted(one["id"] for one in outbox.recent(limit=500) if one["channel"] == channel)
        return [event for event in (outbox.get(one).event for one in ids) if event.type != "document.first_seen"]

    def said(self) -> list[tuple[str, object, object]]:
        """Type, kind and number of pages of what people were told."""
        return [(one.type, one.data.get("kind"), one.data.get("pages")) for one in self.told()]


@asynccontextmanager
async def site(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    after: int = 3,
    channels: str = "[chat, team]",
    broken: Sequence[int] = (),
) -> AsyncIterator[Site]:
    """A site of six watched pages, people in a console channel, a program at a webhook."""
    here: Site | None = None

    async def answer(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        assert here is not None
        if number in here.broken:
            return web.Response(status=here.broken[number], text="<html><title>系统维护</title><p>系统维护</p></html>")
        return web.Response(text=(GUESSED if here.guessed else PAGE).format(number), content_type="text/html")

    app = web.Application()
    app.router.add_get("/plan/{number}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with hooked(monkeypatch) as robot:
        file = tmp_path / "sources.yaml"
        documents = "\n".join(
            f'  - {{id: plan-{number}, title: 第{number}个规划, channels: {channels}, pages: [{{url: "http://127.0.0.1:{port}/plan/{number}"}}]}}'
            for number in range(1, PAGES + 1)
        )
        file.write_text(
            f'settings:\n  database: watcher.db\n  every: 6h\n  alerts: {{incident_after: {after}}}\n  network: {{allow_private: ["127.0.0.1:{port}", '
            f'"127.0.0.1:{robot.port}"], per_host_delay: 0s, retries: 0, robots: false, robots_reason: a test}}\n'
            'channels:\n  chat: {kind: console}\n  team: {kind: webhook, url: "env:TEST_HOOK", secret: "env:TEST_HOOK_SECRET"}\n'
            f"documents:\n{documents}\n",
            encoding="utf-8",
        )
        sources = load(file, secrets=True)
        time = [datetime(2026, 3, 2, 1, 0, tzinfo=UTC)]
        try:
            with Store(sources.database) as store:
                store.sources.sync(sources, time[0])
                async with Gate(sources.network) as gate:
                    here = Site(Context(sources, store, gate, now=lambda: time[0], dice=lambda: 0.0), time)
                    here.broken = dict.fromkeys(broken, 503)
                    await here.rounds()
                    yield here
        finally:
            await runner.cleanup()


async def test_a_dead_site_is_one_message_with_its_pages_and_one_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path, monkeypatch) as here:
        here.broken = dict.fromkeys(range(1, PAGES + 1), 503)
        await here.rounds(5)
        assert here.said() == [("incident.opened", "error", PAGES)]
        assert len(here.context.store.incidents.recent()) == PAGES
        assert [one.type for one in here.told("team")] == ["incident.opened"] * PAGES
        message = compose(here.told()[0])
        assert f"的{PAGES}个页面" in message.title
        assert any("第1个规划" in line and f"等{PAGES}个" in line for line in message.facts)
        here.broken = {}
        await here.rounds()
        assert here.said()[1:] == [("incident.closed", "error", PAGES)]
        assert here.context.store.incidents.recent() == []
        assert [one.type for one in here.told("team")[PAGES:]] == ["incident.closed"] * PAGES
        here.broken = dict.fromkeys(range(1, PAGES + 1), 503)
        await here.rounds(4)
        assert here.said()[2:] == [("incident.opened", "error", PAGES)]


async def test_a_site_that_was_never_read_is_told_as_one_though_each_page_is_told_at_its_first_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path, monkeypatch, after=1, broken=range(1, PAGES + 1)) as here:
        assert here.said() == [("incident.opened", "error", None), ("incident.opened", "error", 2)]
        assert len(here.context.store.incidents.recent()) == PAGES
        here.broken = {}
        await here.rounds()
        assert here.said()[2:] == [("incident.closed", "error", PAGES)]


async def test_a_page_that_fails_alone_is_told_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with site(tmp_path, monkeypatch) as here:
        here.broken = {2: 503}
        await here.rounds(4)
        here.broken = {}
        await here.rounds()
        assert here.said() == [("incident.opened", "error", None), ("incident.closed", "error", None)]
        assert here.told()[0].data["document"] == "plan-2"


async def test_two_pages_that_fail_while_the_rest_is_read_are_told_by_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path, monkeypatch) as here:
        here.broken = {2: 503, 5: 404}
        await here.rounds(4)
        assert sorted(one.type for one in here.told()) == ["document.gone", "incident.opened"]


async def test_pages_that_stay_out_when_the_site_is_back_are_named_and_end_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path, monkeypatch) as here:
        here.broken = dict.fromkeys(range(1, PAGES + 1), 503)
        await here.rounds(4)
        here.broken = {3: 500}
        await here.rounds(2)
        closed = here.told()[1]
        assert (closed.type, closed.data["pages"], closed.data["left"]) == ("incident.closed", PAGES, 1)
        assert any("第3个规划" in line for line in compose(closed).facts)
        await here.rounds(2)
        assert len(here.told()) == 2
        here.broken = {}
        await here.rounds()
        assert here.said()[2:] == [("incident.closed", "error", 1)]


async def test_the_first_page_that_is_read_again_brings_the_others_forward(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path, monkeypatch) as here:
        here.broken = dict.fromkeys(range(1, PAGES + 1), 503)
        await here.rounds(4)
        here.broken = {}
        store, now = here.context.store, here.context.now()
        first = store.sources.active()[0]
        store.sources.postpone([first.id], now)
        await here.rounds(hours=1)
        assert len(here.told()) == 1
        await here.rounds(hours=0)
        assert here.said()[1:] == [("incident.closed", "error", PAGES)]


async def test_a_site_that_is_redesigned_is_told_as_one_and_its_outage_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path, monkeypatch) as here:
        here.guessed = True
        await here.rounds()
        kinds = [(kind, pages) for _, kind, pages in here.said()]
        assert kinds == [("degraded", None), ("degraded", 2)]
        here.broken = dict.fromkeys(range(1, PAGES + 1), 503)
        await here.rounds(4)
        assert here.said()[2:] == [("incident.opened", "error", PAGES)]
        assert {one["kind"] for one in here.context.store.incidents.recent()} == {"error"}
        here.broken = {}
        await here.rounds()
        assert ("incident.closed", "error", PAGES) in here.said()
        assert {one["kind"] for one in here.context.store.incidents.recent()} == {"degraded"}


async def test_an_outage_is_told_while_the_page_was_read_by_guess(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path, monkeypatch) as here:
        here.guessed = True
        here.broken = dict.fromkeys(range(2, PAGES + 1), 404)
        await here.rounds()
        here.broken[1] = 503
        await here.rounds(4)
        mine = [one.data["kind"] for one in here.told("team") if one.data["document"] == "plan-1"]
        assert mine == ["degraded", "error"]
        del here.broken[1]
        await here.rounds()
        mine = [(one.type, one.data["kind"]) for one in here.told("team") if one.data["document"] == "plan-1"]
        assert mine[2:] == [("incident.closed", "error"), ("incident.opened", "degraded")]


async def test_a_page_that_is_gone_at_the_end_of_an_outage_is_told_as_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with site(tmp_path, monkeypatch) as here:
        here.broken = {4: 503}
        await here.rounds(4)
        here.broken = {4: 404}
        await here.rounds()
        assert [one.type for one in here.told()] == ["incident.opened"]
        await here.rounds()
        assert [one.type for one in here.told()] == ["incident.opened", "document.gone"]


async def test_a_channel_hears_of_its_own_pages_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with site(tmp_path, monkeypatch, channels="[team]") as here:
        here.broken = dict.fromkeys(range(1, PAGES + 1), 503)
        await here.rounds(4)
        assert here.told() == []
        assert len(here.told("team")) == PAGES


def test_both_languages_say_how_many_pages() -> None:
    facts = events.DocumentFacts("site a.gov.cn", "a.gov.cn", url="https://a.gov.cn/1")
    opened = events.incident_opened(facts, "unreachable", datetime(2026, 3, 2, tzinfo=UTC))
    about = {"site": "a.gov.cn", "pages": 40, "titles": ["甲", "乙"], "watched": 41}
    event = Event(opened.type, opened.timestamp, {**opened.data, **about})
    assert compose(event).title == "监测异常（无法连接）：a.gov.cn 的40个页面"
    english = compose(event, "en")
    assert english.title == "Incident (unreachable): 40 pages of a.gov.cn"
    assert "Pages: 甲; 乙 and 38 more" in english.facts
