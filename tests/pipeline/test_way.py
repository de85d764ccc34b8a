"""The whole way, when everything works and when each thing fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.world import HOHHOT, ORDOS, SHUOZHOU, Robot, World, due, world
from watcher.errors import NotFound
from watcher.pipeline import asking, finding
from watcher.pipeline.catching_up import catch_up
from watcher.pipeline.checking import check
from watcher.pipeline.delivering import deliver
from watcher.pipeline.relatives import Relatives
from watcher.pipeline.rules import code_rules
from watcher.store import Store

HOHHOT_BEDS = ("每千人医疗卫生机构床位数(张)\n\n6.17\n\n10\n\n", "每千人医疗卫生机构床位数(张)\n\n6.17\n\n9.5\n\n")
ORDOS_LIFE = ("到2025年，人均预期寿命达到76.3岁", "到2025年，人均预期寿命达到77.1岁")


def moves_of(robot: Robot, at: int = -1) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = robot.taken[at]["data"]["moves"]
    return found


async def test_an_indicator_that_moved_is_told_once_with_evidence(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch) as here:
        first = await here.round()
        assert first.report.versions == 3
        assert here.robot.taken == []
        for _ in range(3):
            quiet = await here.round()
            assert quiet.report.versions == 0, quiet.report
        here.portal.edit(HOHHOT, *HOHHOT_BEDS)
        await here.round()
        assert here.robot.types() == ["document.changed"]
        (move,) = moves_of(here.robot)
        assert move["name"] == "每千人医疗卫生机构床位数"
        assert (move["before"]["value"], move["after"]["value"]) == ("10", "9.5")
        assert move["effect"] in ("lowered", "relaxed")
        assert "9.5" in move["after"]["quote"]
        await here.round()
        assert len(here.robot.taken) == 1


async def test_back_and_forth_is_told_both_times(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        await here.round()
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        await here.round()
        here.portal.edit(ORDOS, ORDOS_LIFE[1], ORDOS_LIFE[0])
        await here.round()
        assert here.robot.types() == ["document.changed", "document.changed"]
        assert [one["number"] for one in here.store.versions.log(ORDOS)] == [3, 2, 1]
        assert moves_of(here.robot, 0)[0]["after"]["value"] == moves_of(here.robot, 1)[0]["before"]["value"] == "77.1"


@pytest.mark.parametrize(
    "kind", ["error", "jsl", "ruishu", "wzws", "login", "maintenance", "soft404", "empty", "shrunken", "garbage"]
)
async def test_an_outage_is_one_incident_and_never_a_version(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [SHUOZHOU]) as here:
        await here.round()
        here.portal.fail(SHUOZHOU, kind, times=4 if kind != "shrunken" else 2)
        for _ in range(4):
            done = await here.round(hours=200)
            assert done.report.versions == 0, done.report.failed
        here.portal.heal()
        for _ in range(2):
            done = await here.round(hours=200)
        assert done.report.versions == 0
        pair = ["document.gone", "document.back"] if kind == "soft404" else ["incident.opened", "incident.closed"]
        assert here.robot.types() == ([] if kind == "shrunken" else pair)
        assert len(here.store.versions.log(SHUOZHOU)) == 1


async def test_a_shrunken_body_is_believed_when_it_stays(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [SHUOZHOU]) as here:
        await here.round()
        here.portal.fail(SHUOZHOU, "shrunken")
        versions = [(await here.round(hours=200)).report.versions for _ in range(4)]
        assert sum(versions) == 1
        assert versions[0] == 0


async def test_a_final_that_a_column_announces_joins_the_draft_and_is_told_with_all_moves(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = 'columns:\n  - {id: hohhot, url: "PORTAL_COLUMN", follow: "卫生|健康"}'
    async with world(tmp_path, seeds, monkeypatch, [HOHHOT]) as here:
        here.file.write_text(
            here.file.read_text(encoding="utf-8") + column.replace("PORTAL_COLUMN", here.portal.column_url),
            encoding="utf-8",
        )
        from watcher.sources import load

        sources = load(here.file, secrets=True)
        here.context = here.context.with_sources(sources)
        here.store.sources.sync(sources, here.context.now())
        await here.round()
        here.portal.publish_final()
        await here.round()
        await here.round()
        assert here.robot.types() == ["document.stage_changed"]
        data = here.robot.taken[0]["data"]
        assert (data["from"]["stage"], data["to"]["stage"]) == ("draft", "final")
        assert len(data["moves"]) == 7
        assert {row["id"] for row in here.store.documents()} == {HOHHOT}
        assert [row["stage"] for row in here.store.versions.log(HOHHOT)] == ["final", "draft"]
        found = finding.between(here.context, HOHHOT, "draft", "final")
        assert len(found.change.moves) == 7
        (link,) = here.store.lineage.links()
        assert (link["state"], link["relation"]) == ("linked", "final")


async def test_a_lost_answer_repeats_the_message_under_the_same_id(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        await here.round()
        here.robot.faults = [500, 429, "lose"]
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        for _ in range(4):
            await here.round()
        assert len(here.robot.ids) == 2
        assert len(set(here.robot.ids)) == 1


async def test_a_change_of_rules_alerts_nobody_and_hides_nothing(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        await here.round()
        # Other rules: a selector drops a part of the page that the first reading kept.
        text = here.file.read_text(encoding="utf-8").replace(
            f"  - id: {ORDOS}\n", f'  - id: {ORDOS}\n    selectors: {{drop: ["table"]}}\n'
        )
        here.file.write_text(text, encoding="utf-8")
        from watcher.sources import load

        sources = load(here.file, secrets=True)
        here.context = here.context.with_sources(sources)
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        await here.round()
        causes = [row["cause"] for row in reversed(here.store.versions.log(ORDOS))]
        assert causes == ["first", "rules", "content"]
        assert here.robot.types() == ["document.changed"]
        assert [move["after"]["value"] for move in moves_of(here.robot)] == ["77.1"]


async def test_a_crash_between_the_stages_loses_nothing(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        await check(here.context, here.store.sources.active())
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        here.time[0] = here.time[0].replace(year=2027)
        await check(here.context, due(here.store, here.context.now()))
        assert len(here.store.versions.waiting()) == 2
        # The process dies here; another one finds the versions waiting, an edit behind a first text that was never looked at.
        with Store(here.store.path) as again:
            other = here.context.with_sources(here.context.sources)
            other.store = again
            told = await catch_up(other)
            assert told.changes == 1
            assert again.outbox.counts() == {"waiting": 1}
            again.outbox.claim("team", other.now())
            # … and dies again with the message claimed but not marked.
            again.outbox.release_all()
            await deliver(other)
        assert here.robot.types() == ["document.changed"]


async def test_after_a_restart_nothing_is_looked_at_twice(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [HOHHOT, ORDOS]) as here:
        await check(here.context, here.store.sources.active())
        await catch_up(here.context)
        assert here.context.relatives.ready
        with Store(here.store.path) as again:
            other = replace(here.context, store=again, relatives=Relatives())
            await catch_up(other)
            assert other.relatives.index is None  # not even the titles were asked for


async def test_an_edit_says_the_same_whoever_compares_it(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    for place, looked_at in (("at-once", True), ("later", False)):
        (tmp_path / place).mkdir()
        async with world(tmp_path / place, seeds, monkeypatch, [ORDOS]) as here:
            await check(here.context, here.store.sources.active())
            if looked_at:
                await catch_up(here.context)
            here.portal.edit(ORDOS, *ORDOS_LIFE)
            here.time[0] = here.time[0].replace(year=2027)
            await check(here.context, due(here.store, here.context.now()))
            assert bool(here.store.versions.waiting()) != looked_at
            await catch_up(here.context)
            await deliver(here.context)
            data = here.robot.taken[0]["data"]
            del data["from"], data["to"], data["url"]  # times and ports
            said.append([data, here.store.versions.search("77.1岁")])
    assert said[0] == said[1]
    assert said[0][1] == [ORDOS]


async def test_a_version_that_cannot_be_compared_holds_up_no_other_and_is_told_once_it_can(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [HOHHOT, ORDOS]) as here:
        store = here.store
        await check(here.context, store.sources.active())  # nobody looks at the first texts, so edits wait too
        here.portal.edit(HOHHOT, *HOHHOT_BEDS)
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        here.time[0] = here.time[0].replace(year=2027)
        await check(here.context, store.sources.active())
        broken = "SELECT content_id FROM versions WHERE document_id = ? AND number = 1"
        (blob,) = store.db.execute(broken, [HOHHOT]).fetchone()
        (data,) = store.db.execute("SELECT data FROM blobs WHERE id = ?", [blob]).fetchone()
        store.db.execute("UPDATE blobs SET data = zeroblob(9) WHERE id = ?", [blob])
        with Store(store.path) as fresh:  # what the first process remembers of the bytes is gone with it
            here.context = replace(here.context, store=fresh)
            assert (await catch_up(here.context)).changes == 1
            await deliver(here.context)
        assert sorted(here.robot.types()) == ["document.changed", "incident.opened"]
        assert "watcher verify" in str(here.robot.taken)
        store.db.execute("UPDATE blobs SET data = ? WHERE id = ?", [data, blob])
        with Store(store.path) as again:
            other = replace(here.context, store=again, puzzling=set())
            assert (await catch_up(other)).changes == 1
            assert again.versions.waiting() == []
            await deliver(other)
        assert sorted(here.robot.types()[2:]) == ["document.changed", "incident.closed"]


def test_the_rules_have_a_digest_that_stays(root: Path) -> None:
    assert code_rules() == code_rules()
    assert len(code_rules()) == 16


async def test_ad_hoc_diff_writes_nothing(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        await here.round()
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        before = here.store.db.execute("SELECT total_changes()").fetchone()
        found = await asking.now(here.context, ORDOS)
        assert [move.after.value for move in found.change.moves if move.after] == ["77.1"]
        assert here.store.db.execute("SELECT total_changes()").fetchone() == before


async def check_world(here: World) -> None:
    assert here.store.verify() == []


async def test_everything_stored_can_be_verified(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        await here.round()
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        await here.round()
        assert here.store.verify() == []
        sizes = here.store.db.execute(
            "SELECT length(b.data), b.base_id FROM snapshots p JOIN blobs b ON b.id = p.blob_id ORDER BY p.id"
        ).fetchall()
        assert sizes[1][1] is not None
        assert sizes[1][0] < 1500


async def test_what_became_of_the_opinions_is_told_when_a_column_publishes_it(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\ncolumns:\n  - {id: hohhot, url: "PORTAL/hhht/zwgk/zfwj/index.html", follow: "卫生|健康"}'
    async with world(tmp_path, seeds, monkeypatch, [HOHHOT], more=more) as here:
        assert here.portal.column_url.endswith("/hhht/zwgk/zfwj/index.html")
        await here.round()
        here.robot.taken.clear()
        title = "关于《呼和浩特市“十四五”卫生与健康事业发展规划（征求意见稿）》公开征求意见采纳情况的公告"
        address = here.portal.publish(title, "共收到意见26条，采纳24条。", date="2026-03-02")
        await here.round()
        (result,) = here.robot.taken
        assert result["type"] == "consultation.result"
        assert result["data"]["document"] == HOHHOT
        assert result["data"]["result_url"] == address


async def test_who_names_a_plan_does_not_mean_its_interpretation(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = '\n  - {{id: {0}, title: {1}, pages: [{{url: "PORTAL/zw/{0}.html"}}]}}'
    more = page.format("plan", "关于印发《云溪市教育规划》的通知") + page.format("told", "《云溪市教育规划》政策解读")
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        assert finding.find_document(here.context, "云溪市教育规划") == "plan"
        assert finding.find_document(here.context, "政策解读") == "told"
        with pytest.raises(NotFound):
            finding.find_document(here.context, "体育")
