"""What happens beside the work: a new sources.yaml, large or wrong, and the one name of a visit from fetch to alert."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import structlog

from tests.service.site import running, until
from watcher.errors import ConfigError
from watcher.logs import log
from watcher.sources.aside import load_aside
from watcher.store import Store


@pytest.mark.parametrize("large", [10, 10**9], ids=["aside", "here"])
async def test_a_new_file_is_taken_up_and_a_wrong_one_told_until_it_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr("watcher.sources.aside.LARGE", large)
    async with running(tmp_path, monkeypatch, hosts=3) as trouble:
        service, store = trouble.service, trouble.service.context.store
        file = service.sources.file
        good = file.read_text(encoding="utf-8")
        file.write_text(good.replace("plan-3, pages", "plan-3, titel: x, pages"), encoding="utf-8")
        await service.reload()
        await service.reload()
        assert [(one["subject"], one["kind"]) for one in store.incidents.recent()] == [("sources.yaml", "settings")]
        assert "titel" in store.incidents.recent()[0]["detail"]
        line = good.splitlines().index(next(one for one in good.splitlines() if "plan-3" in one)) + 1
        assert f"sources.yaml:{line}:" in store.incidents.recent()[0]["detail"]
        assert len(store.sources.active()) == 3, "the old one stays in force"
        file.write_text(
            good.replace("plan-3, pages", "plan-3, title: 第三号, pages").replace("plan-2,", "new,"), encoding="utf-8"
        )
        service.ask_to_reload()
        await until(lambda: not store.incidents.recent())
        assert sorted(row.document_id or "" for row in store.sources.active()) == ["new", "plan-1", "plan-3"]
        assert store.document("plan-3")["title"] == "第三号"
        assert store.document("plan-2")["removed_at"]
        await until(lambda: len(store.versions.log("new")) == 1)
        file.write_text(good, encoding="utf-8")
        await service.reload()
        assert not store.document("plan-2")["removed_at"]
        assert len(store.versions.log("plan-2")) == 1, "its history stayed"
        await until(lambda: "incident.closed" in trouble.robot.types())
        assert trouble.robot.types().count("incident.opened") == 1


async def test_what_is_written_in_parts_is_what_is_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.pipeline.applying.PART", 1)
    async with running(tmp_path, monkeypatch, hosts=3) as trouble:
        file = trouble.service.sources.file
        file.write_text(file.read_text(encoding="utf-8").replace("plan-", "other-"), encoding="utf-8")
        await trouble.service.reload()
        fresh = trouble.service.sources
        store = trouble.service.context.store
        parts = list(store.db.query("SELECT name, active, url FROM sources ORDER BY name"))
        assert not store.sources.difference(fresh)
    with Store(tmp_path / "at-once.db") as other:
        other.sources.sync(fresh, trouble.clock[0])
        wanted = list(other.db.query("SELECT name, active, url FROM sources ORDER BY name"))
    assert [one for one in parts if one["active"]] == wanted
    assert len(parts) == 6


def test_a_large_file_with_a_mistake_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("watcher.sources.aside.LARGE", 10)
    file = tmp_path / "sources.yaml"
    file.write_text(
        "settings:\n  every: 6h\ndocuments:\n  - {id: a, pages: [{url: 'http://a.example/', stagee: draft}]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="stagee") as caught:
        load_aside(file)
    assert (caught.value.file, caught.value.line) == (str(file), 4)
    done: list[int] = []
    file.write_text("settings: {every: 6h, database: w.db}\n" + "# \n" * 10, encoding="utf-8")
    assert load_aside(file, meanwhile=lambda: done.append(1)).schedule.every == 21600
    assert done == [1]


async def test_a_visit_has_one_name_from_the_fetch_to_the_alert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "verbose", True)
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0), cache_logger_on_first_use=False)
    try:
        with structlog.testing.capture_logs() as lines:
            async with running(tmp_path, monkeypatch, hosts=1) as trouble:
                trouble.site.values["/1.html"] = "79.7"
                await trouble.pass_time(minutes=11)
                await until(lambda: trouble.robot.types() == ["document.changed"])
                await asyncio.sleep(0.2)
    finally:
        structlog.configure(**before)
    traces = {
        event: [line["trace"] for line in lines if line["event"] == event]
        for event in ("checked", "version.kept", "alert.sent")
    }
    assert traces["version.kept"][-1:] == traces["alert.sent"]
    assert traces["alert.sent"][0] in traces["checked"]
    assert len(set(traces["checked"])) == len(traces["checked"])
