"""Alerts on their way out: real rows, real receivers on loopback, a clock that is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.channels.receivers import Receiver, serving
from tests.pipeline.world import Robot
from watcher.alert import events
from watcher.alert.events import DocumentFacts
from watcher.fetch.gate import Gate
from watcher.pipeline.context import Context
from watcher.pipeline.delivering import Couriers, Vanguard, deliver
from watcher.pipeline.telling import tell
from watcher.sources import load
from watcher.store import Store
from watcher.types import Event

YAML = """\
settings:
  database: watcher.db
  network: {{allow_private: true, retries: 0, timeout: 40s}}
  alerts: {{tries: 3{alerts}}}
channels:
{channels}
documents:
  - {{id: sh, pages: [{{url: "https://a.example/sh"}}]}}
  - {{id: ny, timezone: America/New_York, pages: [{{url: "https://a.example/ny"}}]}}
routes: {routes}
"""
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@dataclass
class Outgoing:
    """A queue with far ends that can be told how to behave, and its clock."""

    context: Context
    robots: dict[str, Robot]
    time: list[datetime]

    def pass_time(self, **amount: float) -> None:
        self.time[0] += timedelta(**amount)

    def change(
        self, document: str = "sh", number: int = 0, *, url: str = "https://a.example/sh", text: str = ""
    ) -> Event:
        """Tells of a change of a document: an indicator's move, or with ``text`` an edit alone."""
        move = {"name": f"指标{number}", "key": None, "year": 2030, "unit": "%", "kind": "changed", "effect": "raised",
                "before": {"op": "=", "value": "1", "text": "1"}, "after": {"op": "=", "value": str(number), "text": "2"}}  # fmt: skip
        edit = {"kind": "insert", "section": "", "before": "", "after": text, "spans": [["insert", text]]}
        diff = {"moves": [] if text else [move], "edits": [edit] if text else []}
        event = events.changed(DocumentFacts(document, f"规划{document}", url=url), diff, self.time[0])
        with self.context.store.atomic():
            tell(self.context, event, document_id=document)
        return event

    def numbers(self, name: str) -> list[str]:
        """What the moves that a robot took say, in order."""
        return [
            one["data"]["moves"][0]["after"]["value"] for one in self.robots[name].taken if one["data"].get("moves")
        ]


@asynccontextmanager
async def outgoing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: Sequence[str] = ("one", "two"),
    *,
    alerts: str = "",
    routes: str = "[]",
    same: bool = False,
    kind: str = "webhook",
) -> AsyncIterator[Outgoing]:
    """Robots by name, and a context that sends to them; with ``same`` all channels are one robot's."""
    async with AsyncExitStack() as stack:
        robots = {name: Robot() for name in names}
        for name, robot in robots.items():
            runner = await robot.start()
            stack.push_async_callback(runner.cleanup)
            monkeypatch.setenv(f"TEST_{name.upper()}", f"http://127.0.0.1:{robot.port}/hook")
        lines = [
            f'  {name}: {{kind: {kind}, url: "env:TEST_{(names[0] if same else name).upper()}"}}' for name in names
        ]
        file = tmp_path / "sources.yaml"
        file.write_text(YAML.format(alerts=alerts, channels="\n".join(lines), routes=routes), encoding="utf-8")
        sources = load(file, secrets=True)
        store = stack.enter_context(Store(sources.database))
        time = [NOON]
        store.sources.sync(sources, NOON)
        gate = await stack.enter_async_context(Gate(sources.network))
        yield Outgoing(Context(sources, store, gate, now=lambda: time[0], dice=lambda: 0.0), robots, time)


async def until(done: object, seconds: float = 10.0) -> None:
    """Waits for something that a task does."""
    assert callable(done)
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110 - what is waited for happens in another program's stead
            await asyncio.sleep(0.01)


async def test_a_channel_that_never_answers_delays_no_other_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch) as here:
        couriers = Couriers()
        slow, quick = here.robots["one"], here.robots["two"]
        slow.faults = ["stall"]
        for number in range(3):
            here.change(number=number)
            await couriers.tick(here.context)
            await until(lambda number=number: len(quick.taken) == number + 1)
        assert slow.taken == []
        await couriers.stop(0.0)
        here.context.store.outbox.release_all()
        slow.faults = []
        await deliver(here.context)
        assert here.numbers("one") == here.numbers("two") == ["0", "1", "2"]


async def test_a_repeat_carries_the_id_of_the_message_that_it_repeats(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one"]) as here:
        here.robots["one"].faults = ["lose"]
        here.change()
        await deliver(here.context)
        here.pass_time(hours=1)
        await deliver(here.context)
        assert len(here.robots["one"].ids) == 2
        assert len(set(here.robots["one"].ids)) == 1


async def test_order_is_kept_within_a_document_and_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one"]) as here:
        here.robots["one"].faults = [500]
        here.change("sh", 1)
        await deliver(here.context)
        here.change("sh", 2)
        here.change("ny", 3)
        await deliver(here.context)
        assert here.numbers("one") == ["3"]
        here.pass_time(hours=1)
        await deliver(here.context)
        assert here.numbers("one") == ["3", "1", "2"]


async def test_a_dead_letter_is_told_on_another_channel_once_and_can_be_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch) as here:
        here.robots["one"].faults = [503] * 6
        here.change(number=1)
        here.change("ny", number=2)
        for _ in range(8):
            await deliver(here.context)
            here.pass_time(hours=8)
        told = [one["data"]["kind"] for one in here.robots["two"].taken if one["type"] == "incident.opened"]
        assert told == ["channel-dead"]
        assert here.context.store.outbox.counts()["dead"] == 2
        assert here.context.store.outbox.resend(dead=True, now=here.time[0]) == 2
        await deliver(here.context)
        assert here.numbers("one") == ["1", "2"]
        assert here.context.store.incidents.open_subjects() == set()


async def test_a_robot_that_is_gone_stops_its_channel_and_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch) as here:
        here.robots["one"].faults = [410] * 9
        for number in range(3):
            here.change(number=number)
            await deliver(here.context)
            here.pass_time(hours=1)
        assert len(here.robots["one"].faults) == 8, "asked once, then left alone"
        assert here.robots["two"].types().count("incident.opened") == 1
        assert list(here.context.store.outbox.stopped_channels()) == ["one"]
        here.robots["one"].faults = []
        here.context.store.outbox.start_channel("one")
        await deliver(here.context)
        assert here.numbers("one") == ["0", "1", "2"]


async def test_quiet_hours_hold_also_what_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one"], alerts=', quiet_hours: ["22:00", "07:00"]') as here:
        here.time[0] = datetime(2026, 3, 2, 13, 59, 50, tzinfo=UTC)  # ten seconds before 22:00 in Shanghai
        here.robots["one"].faults = [500]
        here.change()
        await deliver(here.context)
        for _ in range(8):
            here.pass_time(hours=1)
            await deliver(here.context)
            assert here.robots["one"].taken == []
        here.pass_time(hours=1, minutes=1)
        await deliver(here.context)
        assert len(here.robots["one"].taken) == 1


async def test_changes_of_a_document_within_its_settling_time_are_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one"], alerts=", settle: 10m") as here:
        here.change(number=5)
        here.pass_time(minutes=4)
        here.change(number=7)
        await deliver(here.context)
        assert here.robots["one"].taken == []
        here.pass_time(minutes=7)
        await deliver(here.context)
        (only,) = here.robots["one"].taken
        assert only["data"]["changes"] == 2
        assert {move["after"]["value"] for move in only["data"]["moves"]} == {"7", "5"}


async def test_a_digest_goes_at_its_hour_in_the_zone_of_its_source_also_where_clocks_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes = '[{deliver: daily, at: "09:00"}]'
    async with outgoing(tmp_path, monkeypatch, ["one"], routes=routes) as here:
        # In New York clocks go forward on 2026-03-08 and back on 2026-11-01; Shanghai has no such days.
        for begin, shanghai, new_york in (
            ((2026, 3, 7, 20), (2026, 3, 8, 1), (2026, 3, 8, 13)),
            ((2026, 10, 31, 20), (2026, 11, 1, 1), (2026, 11, 1, 14)),
        ):
            here.robots["one"].taken.clear()
            here.time[0] = datetime(*begin, tzinfo=UTC)
            here.change("sh", 1)
            here.change("ny", 2)
            for at, count in ((shanghai, 1), (new_york, 2)):
                here.time[0] = datetime(*at, tzinfo=UTC) - timedelta(seconds=1)
                await deliver(here.context)
                assert len(here.robots["one"].taken) == count - 1
                here.pass_time(seconds=1)
                await deliver(here.context)
                assert len(here.robots["one"].taken) == count
            documents = [one["data"]["events"][0]["data"]["document"] for one in here.robots["one"].taken]
            assert documents == ["sh", "ny"]


async def test_daily_and_weekly_digests_of_one_hour_are_two_messages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes = '[{documents: [sh], deliver: weekly, weekday: monday, at: "09:00"}, {deliver: daily, at: "09:00"}]'
    async with outgoing(tmp_path, monkeypatch, ["one"], routes=routes) as here:
        here.time[0] = datetime(2026, 3, 8, 13, 30, tzinfo=UTC)  # Sunday
        for number in range(2):
            here.change("sh", number)
        here.change("ny", 2)
        here.time[0] = datetime(2026, 3, 9, 13, 0, tzinfo=UTC)  # 09:00 in New York, past 09:00 in Shanghai
        await deliver(here.context)
        assert {one["data"]["period"]: len(one["data"]["events"]) for one in here.robots["one"].taken} == {
            "weekly": 2,
            "daily": 1,
        }
        await deliver(here.context)
        assert len(here.robots["one"].taken) == 2, "and never again"


async def test_only_what_weighs_enough_goes_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    routes = "[{channels: [one], min_weight: 中}, {channels: [one], deliver: daily}]"
    async with outgoing(tmp_path, monkeypatch, routes=routes) as here:
        here.change(number=3)
        here.change("ny", text="各部门要加强宣传。")
        await deliver(here.context)
        assert here.numbers("one") == ["3"]
        assert len(here.robots["two"].taken) == 2
        here.pass_time(days=1)
        await deliver(here.context)
        assert here.robots["one"].types() == ["document.changed", "digest"]


async def test_a_text_edit_waits_for_the_other_pages_of_its_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one"]) as here:
        couriers = Couriers()
        for number in range(4):
            here.change(f"page-{number}", text="本站版权声明已更新。", url=f"https://a.example/{number}")
            await couriers.tick(here.context, {"a.example": 3 - number})
            here.pass_time(seconds=2)
        here.change("elsewhere", text="另一处改动。", url="https://b.example/1")
        await couriers.tick(here.context, {})
        await until(lambda: len(here.robots["one"].taken) == 1)
        assert here.robots["one"].taken[0]["data"]["document"] == "elsewhere"
        here.pass_time(seconds=30)
        await couriers.tick(here.context, {})
        await until(lambda: len(here.robots["one"].taken) == 2)
        assert len(here.robots["one"].taken[1]["data"]["also"]) == 3
        assert here.context.store.outbox.counts() == {"sent": 5}
        await couriers.stop(1.0)


async def test_while_a_round_goes_on_only_what_is_sure_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one", "two"]) as here:
        one, two = here.robots["one"], here.robots["two"]
        ahead = Vanguard()
        for number in range(3):
            here.change(f"page-{number}", text="本站版权声明已更新。", url=f"https://a.example/{number}")
        here.change("moved", number=7)
        here.change("page-0", number=8)  # behind what its document told before
        two.faults = [500]
        await ahead.send(here.context)
        await ahead.send(here.context)
        here.change("later", number=9)
        await ahead.send(here.context)
        assert [taken["data"]["document"] for taken in one.taken] == ["moved", "later"]
        assert two.taken == []  # it failed, and is left in peace until the round is over
        assert ahead.counts == {"sent": 2, "retry": 1}
        await deliver(here.context)
        assert [taken["data"]["document"] for taken in one.taken[2:]] == ["page-0", "page-0"]
        assert len(one.taken[2]["data"]["also"]) == 2
        here.pass_time(hours=1)
        await deliver(here.context)
        assert sorted(taken["data"]["document"] for taken in two.taken) == ["later", "moved", "page-0", "page-0"]


async def test_a_stopped_channel_is_left_in_peace_also_while_a_round_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one", "two"]) as here:
        here.context.store.outbox.stop_channel("two", "gone", here.context.now())
        here.change("moved", number=7)
        await Vanguard().send(here.context)
        assert here.robots["one"].types() == ["document.changed"]
        assert here.robots["two"].taken == []
        assert here.context.store.outbox.counts() == {"sent": 1, "waiting": 1}


async def test_edits_that_pages_share_are_found_among_those_of_single_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one"]) as here:
        for number in range(4):
            here.change(f"own-{number}", text=f"第{number}处各自的改动。", url=f"https://a.example/own/{number}")
            here.change(f"page-{number}", text="本站版权声明已更新。", url=f"https://a.example/{number}")
        await deliver(here.context)
        told = {one["data"]["document"]: one["data"].get("also", []) for one in here.robots["one"].taken}
        assert list(told) == ["own-0", "page-0", "own-1", "own-2", "own-3"]
        assert [one["document"] for one in told.pop("page-0")] == ["page-1", "page-2", "page-3"]
        assert not any(told.values())
        here.change("page-0", text="本站版权声明又更新了。", url="https://a.example/0")
        here.change("page-1", text="本站版权声明又更新了。", url="https://a.example/1")
        await deliver(here.context)
        assert [one["data"]["document"] for one in here.robots["one"].taken[5:]] == ["page-0", "page-1"]  # two share it


async def test_a_joined_edit_never_overtakes_what_its_document_told_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one"]) as here:
        here.robots["one"].faults = [500]
        here.change("sh", 1)
        await deliver(here.context)
        for number, document in enumerate(("ny", "sh", "p1", "p2")):
            here.change(document, text="版权声明已更新。", url=f"https://a.example/{number}")
        await deliver(here.context)
        (joined,) = here.robots["one"].taken
        assert [one["document"] for one in joined["data"]["also"]] == ["p1", "p2"]
        here.pass_time(hours=1)
        await deliver(here.context)
        assert [bool(one["data"]["moves"]) for one in here.robots["one"].taken[1:]] == [True, False]


async def test_two_channels_of_one_robot_keep_its_rate_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(_never) as receiver, outgoing(tmp_path, monkeypatch, same=True, kind="wecom") as here:
        receiver.instead = lambda request, body: web.json_response({"errcode": 0, "errmsg": "ok"})
        monkeypatch.setenv("TEST_ONE", receiver.url)
        for number in range(12):
            here.change("sh" if number % 2 else "ny", number)
        await deliver(here.context)
        assert len(receiver.requests) == 20, "twenty a minute, whoever asks"
        here.pass_time(seconds=61)
        await deliver(here.context)
        assert len(receiver.requests) == 24


async def _never(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    return web.Response(status=500)


async def test_a_message_that_may_have_arrived_says_the_same_when_it_is_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with outgoing(tmp_path, monkeypatch, ["one"], alerts=", settle: 1m") as here:
        here.robots["one"].faults = ["lose"]
        here.change(number=7)
        here.pass_time(minutes=2)
        await deliver(here.context)
        here.change(number=8)
        here.pass_time(hours=1)
        await deliver(here.context)
        await deliver(here.context)
        ids = here.robots["one"].ids
        assert len(ids) == 3
        assert len(set(ids)) == 2, (
            "a repeat, and a message of its own: a far end that knows the first id misses nothing"
        )
        assert set(here.numbers("one")) == {"7", "8"}
