"""Trouble for real: disk full, database locked or read-only, clock jumping, network and DNS gone. The service stays up, says
so once, recovers by itself and loses nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web

from tests.pipeline.world import served
from tests.service.site import Trouble, resolver, running, until
from watcher.errors import StoreError
from watcher.pipeline.counters import Counters
from watcher.pipeline.expecting import awaited
from watcher.pipeline.outlook import Outlook
from watcher.pipeline.sharing import share
from watcher.service import Service
from watcher.sources import load
from watcher.store.database import millis

Lines = list[MutableMapping[str, Any]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the service logs, whatever level an earlier test in this process has set."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0), cache_logger_on_first_use=False)
    try:
        with structlog.testing.capture_logs() as found:
            yield found
    finally:
        structlog.configure(**before)


def _count(lines: Lines, event: str) -> int:
    return sum(line["event"] == event for line in lines)


async def _edited(trouble: Trouble, value: str) -> None:
    """Waits until the change to ``value`` of the first plan has arrived."""
    await until(lambda: trouble.robot.types().count("document.changed") == 1)
    told = next(one for one in trouble.robot.taken if one["type"] == "document.changed")
    assert [move["after"]["value"] for move in told["data"]["moves"]] == [value]


@pytest.mark.parametrize("what", ["network", "dns"])
async def test_a_network_gone_for_an_hour_is_one_incident_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Lines, what: str
) -> None:
    up = [True]
    monkeypatch.setattr("socket.getaddrinfo", resolver(up))
    monkeypatch.setattr("watcher.fetch.transport.DNS_TTL", 0)
    host = (lambda n: f"h{n}.test") if what == "dns" else (lambda n: f"127.0.0.{n}")
    async with running(tmp_path, monkeypatch, host=host) as trouble:
        store = trouble.service.context.store
        if what == "dns":
            up[0] = False
        await trouble.site.stop()
        for _ in range(12):
            await trouble.pass_time(minutes=5)
        assert [one["kind"] for one in store.incidents.recent()] == ["network"]
        assert all(row.failures < 3 for row in store.sources.active())
        trouble.site.values["/1.html"] = "79.9"
        up[0] = True
        await trouble.site.start()
        for _ in range(4):
            await trouble.pass_time(minutes=5)
        await _edited(trouble, "79.9")
        await until(lambda: trouble.robot.types().count("incident.closed") == 1)
        assert store.incidents.recent() == []
        assert sorted(trouble.robot.types()) == ["document.changed", "incident.closed", "incident.opened"]
    assert (_count(lines, "network.gone"), _count(lines, "network.back")) == (1, 1)


@pytest.mark.parametrize("what", ["network", "dns"])
def test_a_network_that_the_kernel_cut_for_an_hour_is_one_incident_and_nothing_is_lost(
    tmp_path: Path, what: str
) -> None:
    alone = ["unshare", "--net", "--mount", "--propagation", "private"]
    if os.geteuid() != 0 or not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("only root may make a network of its own, with unshare and ip")
    if (tried := subprocess.run([*alone, "true"], capture_output=True, check=False)).returncode:
        pytest.skip(f"no network of its own here: {tried.stderr.decode(errors='replace').strip()}")
    ran = subprocess.run(
        [*alone, sys.executable, "-m", "tests.service.cut_off", what, str(tmp_path)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-3000:]
    seen = json.loads(ran.stdout)
    assert seen == {
        "incidents": ["network"],
        "failures": seen["failures"],
        "told": ["document.changed", "incident.closed", "incident.opened"],
        "left": [],
        "gone": 1,
        "back": 1,
        "bugs": 0,
    }
    assert seen["failures"] < 3


async def test_a_clock_that_is_put_back_a_day_does_not_stop_the_checks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    async with running(tmp_path, monkeypatch) as trouble:
        await trouble.pass_time(minutes=1)
        trouble.site.values["/1.html"] = "79.1"
        before = trouble.asked()
        await trouble.pass_time(days=-1)
        assert trouble.asked() == before, "nothing is asked before its time"
        await trouble.pass_time(minutes=9.5)
        await until(lambda: trouble.asked() >= before + 4)
        await _edited(trouble, "79.1")
    assert _count(lines, "clock.jumped") >= 1
    assert _count(lines, "service.bug") == 0


async def test_a_clock_that_jumps_ahead_asks_each_page_once_and_cries_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    monkeypatch.setattr("watcher.service.REMIND", 0.1)
    async with running(tmp_path, monkeypatch) as trouble:
        await trouble.pass_time(days=3)
        await until(lambda: trouble.asked() >= 8)
        await asyncio.sleep(0.3)
        assert set(trouble.site.asked.values()) == {2}
        assert trouble.service.context.store.incidents.recent(open_only=False) == []
    assert _count(lines, "service.bug") == 0


async def test_a_database_locked_for_long_is_said_once_and_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    async with running(tmp_path, monkeypatch) as trouble:
        trouble.service.context.store.db.execute("PRAGMA busy_timeout = 20")
        blocker = sqlite3.connect(tmp_path / "watcher.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        trouble.site.values["/1.html"] = "79.2"
        for _ in range(6):
            await trouble.pass_time(minutes=5)
        blocker.execute("ROLLBACK")
        blocker.close()
        await trouble.pass_time(minutes=20)
        await _edited(trouble, "79.2")
        await until(lambda: _count(lines, "service.recovered") == 1)
    assert _count(lines, "service.trouble") == 1


async def test_a_database_that_turns_read_only_is_said_once_and_recovers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    async with running(tmp_path, monkeypatch) as trouble:
        trouble.service.context.store.db.execute("PRAGMA query_only = ON")
        trouble.site.values["/1.html"] = "79.3"
        for _ in range(4):
            await trouble.pass_time(minutes=10)
        before = trouble.asked()
        await trouble.pass_time(minutes=10)
        assert trouble.asked() == before, "what cannot be kept is not fetched"
        trouble.service.context.store.db.execute("PRAGMA query_only = OFF")
        await trouble.pass_time(minutes=20)
        await _edited(trouble, "79.3")
        await until(lambda: _count(lines, "service.recovered") == 1)
    assert _count(lines, "service.trouble") == 1


def test_a_folder_that_cannot_be_written_is_refused_at_the_start_in_plain_words(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    # File modes do not bind root: it gets a disk that is mounted read-only.
    root = os.geteuid() == 0
    folder = request.getfixturevalue("small_disk") if root else tmp_path / "closed"
    folder.mkdir(exist_ok=True)
    (folder / "sources.yaml").write_text("settings: {database: w.db}\n", encoding="utf-8")
    if root:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    else:
        folder.chmod(0o555)
    try:
        with pytest.raises(StoreError, match="请检查文件夹权限"):
            asyncio.run(Service(load(folder / "sources.yaml")).run())
    finally:
        if not root:
            folder.chmod(0o755)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of four megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.decode(errors='replace').strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=False)


def _fill(file: Path) -> None:
    """Writes until there is no space left."""
    with file.open("wb", buffering=0) as out:
        while True:
            out.write(b"\0" * 4096)


async def test_a_full_disk_is_said_once_and_work_goes_on_when_there_is_space(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    async with running(small_disk, monkeypatch) as trouble:
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="No space"):
            _fill(filler)
        for number in range(1, 5):
            trouble.site.values[f"/{number}.html"] = "79.4"
        for _ in range(30):
            await trouble.pass_time(minutes=10)
            if _count(lines, "service.trouble"):
                break
        assert _count(lines, "service.trouble") == 1
        filler.unlink()
        for _ in range(3):
            await trouble.pass_time(minutes=15)
        await until(lambda: trouble.robot.types().count("document.changed") == 4)
        await until(lambda: _count(lines, "service.recovered") == 1)
        assert trouble.service.context.store.verify() == []
        await until(lambda: "incident.closed" in trouble.robot.types())
        assert sorted(trouble.robot.types()) == [*["document.changed"] * 4, "incident.closed", "incident.opened"]
        assert len(set(trouble.robot.ids)) == 6
    assert _count(lines, "service.trouble") == 1


async def test_a_heartbeat_is_sent_at_most_once_a_minute_and_its_failure_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    beats: list[int] = []
    status = [200]

    async def beat(_: web.Request) -> web.Response:
        beats.append(status[0])
        return web.Response(status=status[0])

    monkeypatch.setattr("watcher.service.HEARTBEAT", 0.05)
    async with served(ping=beat) as port:
        more = f"  upkeep: {{heartbeat: 'http://127.0.0.1:{port}/ping'}}\n"
        async with running(tmp_path, monkeypatch, hosts=1, more=more) as trouble:
            await until(lambda: len(beats) == 1)
            await trouble.pass_time(seconds=30)
            assert len(beats) == 1
            status[0] = 500
            for _ in range(3):
                await trouble.pass_time(seconds=61)
            status[0] = 200
            await trouble.pass_time(seconds=61)
            await until(lambda: _count(lines, "heartbeat.back") == 1)
    assert beats == [200, 500, 500, 500, 200]
    assert _count(lines, "heartbeat.failed") == 1


def _lost(outlook: Outlook) -> bool:
    return outlook.lost


def test_dead_hosts_among_living_ones_are_no_dead_network() -> None:
    outlook = Outlook()
    for number in range(10):
        outlook.saw(f"dead{number}", "dns", well_before=False)
    assert not _lost(outlook), "they were dead before"
    for number in range(10):
        outlook.saw(f"new{number}", "connect", well_before=True)
        outlook.saw("alive", None, well_before=True)
    assert not _lost(outlook)
    for number in range(5):
        outlook.saw(f"slow{number}", "timeout", well_before=True)
    assert not _lost(outlook), "a few slow sites are slow sites"
    outlook.saw("one", "dns", well_before=True)
    assert _lost(outlook)
    assert outlook.excuses("timeout")
    assert not outlook.excuses("tls")
    assert not outlook.excuses(None)
    outlook.saw("alive", None, well_before=False)
    assert not _lost(outlook)


def test_hosts_take_turns_and_a_large_one_leaves_room() -> None:
    due = [(number, "large") for number in range(5000)] + [(9000 + number, f"h{number}") for number in range(50)]
    chosen = share(due, {"large": 15}, room=60, per_host=20)
    assert chosen[:2] == [9000, 9001], "hosts that nothing is asked of come first"
    assert sum(one < 5000 for one in chosen) == 5
    assert sum(one < 5000 for one in share(due, {}, room=60, per_host=20)) == 10
    assert len(share(due, {"large": 15}, room=1000, per_host=20)) == 5 + 50
    assert share(due, {"large": 20}, room=10, per_host=20, hosts=2) == [9000, 9001]
    assert share([], {}, room=10, per_host=20) == []


def test_slow_hosts_that_fill_the_room_keep_no_idle_one_waiting() -> None:
    due = [(number, f"slow{number % 9}") for number in range(900)] + [(9000, "quick"), (9001, "quick"), (9002, "other")]
    waiting = {f"slow{number}": 3 for number in range(9)}
    assert share(due, waiting, room=-5, per_host=20, spare=10) == [9000, 9002]
    assert share(due, waiting, room=-5, per_host=20, spare=6) == [9000]
    assert share(due, waiting, room=-5, per_host=20) == []


def test_a_final_text_is_awaited_for_half_a_year_after_the_consultation() -> None:
    today = date(2026, 3, 2)
    assert awaited("2026-03-20", "draft", today)
    assert awaited("2025-10-01", "review", today)
    assert not awaited("2025-08-01", "draft", today)
    assert not awaited("2026-03-20", "final", today)
    assert not awaited(None, "draft", today)


def test_counters_give_cumulative_classes_of_latency() -> None:
    counters = Counters()
    counters.fetched("document", 0.2, unchanged=True)
    counters.fetched("document", 40.0)
    counters.fetched("unreachable", None)
    told = counters.snapshot()
    assert told["fetches"] == {"document": 2, "unreachable": 1}
    assert told["latency"]["buckets"]["0.25"] == 1
    assert told["latency"]["buckets"]["30.0"] == 1
    assert told["latency"]["buckets"]["+Inf"] == told["latency"]["count"] == 2


async def test_a_source_that_gave_no_sign_for_long_is_told_once_and_closed_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watcher.pipeline.vigil import watch

    async with running(
        tmp_path, monkeypatch, hosts=2, more="  alerts: {silent_after: 5d, incident_after: 100}\n"
    ) as trouble:
        context = trouble.service.context
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        steady = context.now()
        context.store.db.execute(
            "UPDATE checks SET first_at = ?, last_at = ? WHERE source_id = 1", [millis(long_ago)] * 2
        )
        watch(context, steady)
        watch(context, steady)
        assert [one["kind"] for one in context.store.incidents.recent()] == ["silent"]
        await trouble.pass_time(minutes=11)
        await until(lambda: trouble.asked() >= 4)
        await until(lambda: context.store.sources.silent(context.now() - timedelta(days=5)) == [])
        watch(context, steady)
        await until(lambda: sorted(trouble.robot.types()) == ["incident.closed", "incident.opened"])


async def test_the_figures_of_a_running_service_are_there_for_other_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watcher.pipeline.status import gather
    from watcher.web.health import lines as prometheus

    monkeypatch.setattr("watcher.service.BOOK", 0.0)
    async with running(tmp_path, monkeypatch, hosts=2) as trouble:
        await trouble.pass_time(minutes=11)
        await until(lambda: trouble.asked() >= 4)
        await asyncio.sleep(0.3)
        found = gather(trouble.service.context)
        assert found["counters"]["fetches"]["document"] >= 4
        text = "".join(prometheus(found))
        assert 'watcher_fetches_total{verdict="document"}' in text
        assert 'watcher_fetch_seconds_bucket{le="+Inf"}' in text
        assert "# TYPE watcher_fetch_seconds histogram" in text
