"""One page is told once, whatever it is listed under; and an old stage that is edited does not pass for the text that holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from tests.pipeline.test_first_load import apart
from tests.pipeline.test_way import HOHHOT_BEDS, ORDOS_LIFE
from tests.pipeline.world import HOHHOT, ORDOS, World, served, watched, world
from watcher.alert.message import compose
from watcher.sources import load


def watch(here: World, documents: str) -> None:
    """Puts these documents into sources.yaml, and a channel for people beside the programs' one."""
    head = here.file.read_text(encoding="utf-8").partition("documents:")[0]
    head = head.replace("channels:\n", "channels:\n  desk: {kind: console}\n")
    here.file.write_text(f"{head}documents:\n{documents}", encoding="utf-8")
    sources = load(here.file, secrets=True)
    here.store.sources.sync(sources, here.context.now())
    here.context = here.context.with_sources(sources)


def told(here: World) -> list[tuple[str, str]]:
    """Channel and document of every alert, in order."""
    return sorted((one["channel"], one["document_id"]) for one in here.store.outbox.recent())


async def test_an_address_under_two_documents_is_told_people_once_and_programs_for_each(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        page = f'pages: [{{url: "{here.portal.url(ORDOS)}"}}]'
        watch(here, f"  - {{id: one, title: 甲规划, {page}}}\n  - {{id: two, title: 乙规划, {page}}}\n")
        await here.round()
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        await here.round()
        (people,) = (document for channel, document in told(here) if channel == "desk")
        assert [document for channel, document in told(here) if channel == "team"] == ["one", "two"]
        other = {"one": "乙规划", "two": "甲规划"}[people]
        row = next(one for one in here.store.outbox.recent() if one["channel"] == "desk")
        message = compose(here.store.outbox.get(row["id"]).event)
        assert f"同一网址也列在：{other}" in message.facts
        here.portal.edit(ORDOS, ORDOS_LIFE[1], ORDOS_LIFE[0])
        await here.round()
        assert [channel for channel, _ in told(here)].count("desk") == 2, "back again is another step"


async def test_an_edited_draft_stays_behind_its_final_and_is_told_as_the_draft(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        draft, final = (f'{{url: "{here.portal.url(name)}", stage: ' for name in (ORDOS, HOHHOT))
        watch(here, f"  - id: plan\n    pages: [{draft}draft}}, {final}final}}]\n")
        await apart(here)
        here.portal.edit(ORDOS, *ORDOS_LIFE)
        await here.round()
        (event,) = (
            here.store.outbox.get(one["id"]).event for one in here.store.outbox.recent() if one["channel"] == "desk"
        )
        message = compose(event)
        assert message.place.endswith("征求意见稿")
        assert "改动的只是征求意见稿页面，现行文本仍是印发稿" in message.facts
        assert message.severity == "info"
        assert [one.stage for one in here.store.versions.newest("plan")] == ["final", "draft"]
        here.portal.edit(HOHHOT, *HOHHOT_BEDS)
        await here.round()
        assert [(one.stage, one.number) for one in here.store.versions.newest("plan")] == [("final", 4), ("final", 2)]


async def test_the_final_is_the_text_that_holds_though_its_draft_was_read_after_it(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [HOHHOT]) as here:
        draft, final = (f'{{url: "{here.portal.url(name)}", stage: ' for name in (HOHHOT, ORDOS))
        watch(here, f"  - id: plan\n    pages: [{draft}draft}}, {final}final}}]\n")
        await apart(here)
        assert [one["stage"] for one in here.store.versions.log("plan")] == ["draft", "final"]
        assert here.store.versions.holding("plan")[1] == "final"


BODY = "\n".join(
    f"<p>第{at}条 各级医疗机构应当按照本办法的规定落实第{at}项任务，加强人员培训和质量管理。</p>" for at in range(1, 40)
)


@pytest.mark.parametrize("edited", [True, False])
async def test_a_draft_whose_page_becomes_the_final_is_told_as_the_step(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, edited: bool
) -> None:
    title, body = ["云溪市院前医疗急救管理办法（征求意见稿）"], [BODY]

    async def page(_: web.Request) -> web.Response:
        text = (
            f'<html><head><title>{title[0]}</title><meta name="ArticleTitle" content="{title[0]}"></head><body><div class="article">'
            f'<h1>{title[0]}</h1><div class="TRS_Editor"><p>急救车到达时间不超过15分钟。</p>{body[0]}</div></div></body></html>'
        )
        return web.Response(text=text, content_type="text/html")

    async with served(plan=page) as port, world(tmp_path, seeds, monkeypatch, [], more=watched(port, "plan")) as here:
        await here.round()
        title[0] = "云溪市院前医疗急救管理办法"
        if edited:
            body[0] = BODY.replace("第7项任务", "第7项和第8项任务")
        await here.round()
        (message,) = here.robot.taken
        assert message["type"] == "document.stage_changed"
        assert [message["data"][end]["stage"] for end in ("from", "to")] == ["draft", "final"]
        await here.round()
        assert len(here.robot.taken) == 1
