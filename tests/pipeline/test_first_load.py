"""What stood there before anybody watched is no news, however long the first load takes; what comes later is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pipeline.world import HOHHOT, ORDOS, World, world
from watcher.compare.lineage import THRESHOLD
from watcher.pipeline.catching_up import catch_up
from watcher.pipeline.checking import check
from watcher.pipeline.delivering import deliver
from watcher.sources import load

BOTH = 'pages: [{{url: "{draft}", stage: draft}}, {{url: "{final}", stage: final}}]'
DRAFT = 'pages: [{{url: "{draft}", stage: draft}}]'


def watch(here: World, pages: str) -> None:
    """Puts these pages into sources.yaml."""
    names = {"draft": here.portal.url(ORDOS), "final": here.portal.url(HOHHOT)}
    head = here.file.read_text(encoding="utf-8").partition("documents:")[0]
    text = f"{head}documents:\n  - id: plan\n    {pages.format(**names)}\n"
    here.file.write_text(text, encoding="utf-8")
    sources = load(here.file, secrets=True)
    here.store.sources.sync(sources, here.context.now())
    here.context = here.context.with_sources(sources)


async def apart(here: World) -> list[str]:
    """Visits the pages one after the other, as a service with spacing does; the kinds of messages so far."""
    rows = here.store.sources.active()
    for row in sorted(rows, key=lambda row: row.url != here.portal.url(ORDOS)):
        await check(here.context, [row])
        await catch_up(here.context)
        await deliver(here.context)
    return here.robot.types()


async def test_stages_that_were_there_from_the_start_are_no_news(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        watch(here, BOTH)
        assert await apart(here) == []


async def test_a_stage_that_is_added_later_is_told(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        watch(here, DRAFT)
        await apart(here)
        here.time[0] = here.time[0].replace(hour=2)
        watch(here, BOTH)
        assert await apart(here) == ["document.stage_changed"]


async def test_a_stage_whose_page_was_awaited_is_told(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        here.portal.fail(HOHHOT, "missing")
        watch(here, BOTH)
        assert await apart(here) == []
        here.portal.heal(HOHHOT)
        here.time[0] = here.time[0].replace(day=3)
        assert await apart(here) == ["document.stage_changed"]


async def test_a_page_that_could_not_be_reached_at_first_was_there_all_the_same(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        here.portal.fail(HOHHOT, "error", times=1)
        watch(here, BOTH)
        await apart(here)
        here.time[0] = here.time[0].replace(day=3)
        assert await apart(here) == []


@pytest.mark.parametrize(("same", "sure"), [(True, True), (False, False)])
async def test_where_titles_leave_a_doubt_the_texts_settle_it(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, *, same: bool, sure: bool
) -> None:
    more = "".join(f'\n  - id: {name}\n    pages: [{{url: "PORTAL/zw/{name}.html"}}]' for name in ("old", "new"))
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        texts = {
            name: "".join(
                f"第{at}条 {topic}的配租、轮候和退出按照本办法办理，由住房保障部门负责。\n" for at in range(1, 40)
            )
            for name, topic in (("old", "共有产权住房"), ("new", "共有产权住房" if same else "物业服务企业"))
        }
        for name, title in (
            ("old", "济南市共有产权住房管理暂行办法（征求意见稿）"),
            ("new", "济南市共有产权住房管理办法"),
        ):
            here.portal.publish(title, texts[name], date="2026-01-05", path=f"/zw/{name}.html", listed=False)
        await here.round()
        (link,) = here.store.lineage.links()
        assert (link["confidence"] >= THRESHOLD) == sure
        assert ("正文" in "".join(json.loads(link["reasons"]))) == same
