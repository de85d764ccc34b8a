"""One page is told once, whatever it is listed under; and an old stage that is edited does not pass for the text that holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.test_first_load import apart
from tests.pipeline.test_way import HOHHOT_BEDS, ORDOS_LIFE
from tests.pipeline.world import HOHHOT, ORDOS, World, world
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
