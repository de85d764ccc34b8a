"""A file that cannot be had for a while, or in whose place a page answers, is no edit of its document."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_attachments import NOTICE, plan
from tests.pipeline.world import world
from watcher.demo.faults import Kind

ARTICLES = "".join(
    f"<p>第{n}条　各级人民政府应当加强公共卫生服务体系建设，完善第{n}类医疗卫生机构的设置标准，保障群众健康。</p>"
    for n in range(1, 30)
)
LONG = NOTICE.replace("<p>附件", ARTICLES + "<p>附件")
FILE = "/zw/P020260301.docx"


@pytest.mark.parametrize("kind", ["error", "missing", "wzws", "soft404"])
async def test_no_answer_in_a_files_place_takes_its_indicators_away(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/notice.html"}]'
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        here.portal.serve("/zw/notice.html", LONG.encode())
        here.portal.serve(FILE, plan("7.0"), "application/octet-stream")
        await here.round()
        here.robot.taken.clear()
        here.portal.fail(FILE, kind)
        await here.round(hours=24)
        assert here.robot.types() == []
        # The notice itself may be edited meanwhile.
        here.portal.serve("/zw/notice.html", LONG.replace("保障群众健康", "保障人民健康", 1).encode())
        await here.round(hours=24)
        (now, _) = here.store.versions.newest("plan", 2)
        assert {"人均预期寿命", "每千人口医疗卫生机构床位数"} <= {one.name for one in now.indicators}
        changed = [one for one in here.robot.taken if one["type"] == "document.changed"]
        assert [one["data"]["moves"] for one in changed] == [[]]
        # What was replaced in those days is told as soon as it can be had.
        here.portal.heal(FILE)
        here.portal.serve(FILE, plan("7.5"), "application/octet-stream")
        here.robot.taken.clear()
        await here.round(hours=24)
        changed = [one for one in here.robot.taken if one["type"] == "document.changed"]
        assert [move["after"]["value"] for one in changed for move in one["data"]["moves"]] == ["7.5"]


PARTED = """<html><head><meta charset="utf-8"><title>某市养老服务规划</title><meta name="ArticleTitle" content="某市养老服务规划"></head><body>
<div class="TRS_Editor"><p>{text}</p></div><script>createPageHTML(2, {at}, "t20260301_88", "html");</script></body></html>"""


@pytest.mark.parametrize("kind", ["error", "wzws", "login"])
async def test_no_answer_in_the_place_of_an_articles_second_part_makes_a_version(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/t20260301_88.html"}]'
    second = "到2025年，全市养老床位达到12000张，护理型床位占比达到58%。"
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        first = PARTED.format(text="第一条　为了发展养老服务，制定本规划，各级人民政府应当遵照执行。" * 5, at=0)
        here.portal.serve("/zw/t20260301_88.html", first.encode())
        here.portal.serve("/zw/t20260301_88_1.html", PARTED.format(text=second, at=1).encode())
        await here.round()
        (version,) = here.store.versions.newest("plan", 2)
        assert second in version.reading.text
        here.robot.taken.clear()
        here.portal.serve("/zw/t20260301_88.html", first.replace("遵照执行", "认真执行", 1).encode())
        here.portal.fail("/zw/t20260301_88_1.html", kind)
        await here.round(hours=24)
        assert len(here.store.versions.newest("plan", 2)) == 1
        here.portal.heal("/zw/t20260301_88_1.html")
        await here.round(hours=24)
        (now, _) = here.store.versions.newest("plan", 2)
        assert second in now.reading.text
        assert "认真执行" in now.reading.text


async def test_a_file_that_is_gone_for_good_is_an_incident_of_its_page_until_it_is_back(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/notice.html"}]'
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        here.portal.serve("/zw/notice.html", LONG.encode())
        here.portal.serve(FILE, plan("7.0"), "application/octet-stream")
        await here.round()
        here.robot.taken.clear()
        here.portal.fail(FILE, "missing")
        for looks in range(1, 6):
            await here.round(hours=24)
            assert len(here.robot.taken) == (looks >= 3), f"after {looks} looks"
        (told,) = here.robot.taken
        assert (told["type"], told["data"]["kind"], told["data"]["document"]) == (
            "incident.opened",
            "attachment",
            "plan",
        )
        assert "某市“十四五”卫生健康事业发展规划（征求意见稿）" in told["data"]["reason"]
        assert "404" in told["data"]["reason"]
        here.portal.heal(FILE)
        here.portal.serve(FILE, plan("7.0"), "application/octet-stream")
        here.robot.taken.clear()
        for _ in range(2):
            await here.round(hours=24)
        assert [(one["type"], one["data"]["kind"]) for one in here.robot.taken] == [("incident.closed", "attachment")]
        assert here.store.incidents.count() == 0


async def test_a_file_that_never_was_there_or_is_named_no_more_is_no_lost_one(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/notice.html"}]'
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        here.portal.serve("/zw/notice.html", LONG.encode())
        here.portal.fail(FILE, "missing")
        for _ in range(5):
            await here.round(hours=24)
        assert here.store.incidents.count() == 0
        here.portal.heal(FILE)
        here.portal.serve(FILE, plan("7.0"), "application/octet-stream")
        await here.round(hours=24)
        here.portal.fail(FILE, "missing")
        for _ in range(4):
            await here.round(hours=24)
        assert here.store.incidents.count() == 1
        # The page gives the file up: nothing is missed any more.
        here.portal.serve(
            "/zw/notice.html",
            LONG.replace("<p>附件", "<p>").replace("<a href", "<b title").replace("</a>", "</b>").encode(),
        )
        for _ in range(4):  # without its tables the page counts as shrunken for three rounds
            await here.round(hours=24)
        assert here.store.incidents.of_kind("attachment") == []
