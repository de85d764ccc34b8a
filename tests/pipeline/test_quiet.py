"""What must not become a flood: pages in two forms, templates that change everywhere, pages that come and go."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from tests.pipeline.world import HOHHOT, ORDOS, SHUOZHOU, served, watched, world
from watcher.pipeline.changed import flaps

LIFE = ("到2025年，人均预期寿命达到76.3岁", "到2025年，人均预期寿命达到77.1岁")


def test_there_and_back_once_is_no_flapping() -> None:
    assert not flaps([b"a", b"b", b"a"])
    assert flaps([b"b", b"a", b"b", b"a"])
    assert not flaps([b"c", b"b", b"a", b"b", b"a"])
    assert not flaps([])


async def test_a_page_in_two_forms_is_told_as_such_and_then_no_more(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        await here.round()
        for turn in range(8):
            here.portal.edit(ORDOS, *(LIFE if turn % 2 == 0 else LIFE[::-1]))
            await here.round()
        assert here.robot.types() == ["document.changed", "document.changed", "incident.opened"]
        assert len(here.store.versions.log(ORDOS)) == 9
        here.portal.edit(ORDOS, LIFE[0], "到2025年，人均预期寿命达到79.9岁")
        await here.round()
        assert here.robot.types()[3:] == ["incident.closed", "document.changed"]


async def test_an_outage_is_told_though_the_page_went_back_and_forth_before_and_one_failure_ends_nothing(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [ORDOS]) as here:
        await here.round()
        for turn in range(4):
            here.portal.edit(ORDOS, *(LIFE if turn % 2 == 0 else LIFE[::-1]))
            await here.round()
        assert [one["kind"] for one in here.store.incidents.recent()] == ["flapping"]
        here.robot.taken.clear()
        here.portal.fail(ORDOS, "error", times=1)
        for _ in range(2):
            await here.round()
        assert here.robot.types() == []
        assert [one["kind"] for one in here.store.incidents.recent()] == ["flapping"]
        here.portal.fail(ORDOS, "error")
        for _ in range(4):
            await here.round(hours=30)
        assert [(one["type"], one["data"]["kind"]) for one in here.robot.taken] == [("incident.opened", "error")]
        here.portal.heal(ORDOS)
        await here.round(hours=30)
        assert [(one["type"], one["data"]["kind"]) for one in here.robot.taken[1:]] == [("incident.closed", "error")]


async def test_an_edit_is_told_though_another_server_of_the_site_still_has_the_old_page(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        '<html><head><meta charset="utf-8"><title>临江县旅游发展规划</title></head><body><div class="TRS_Editor">'
        "<p>一、发展目标</p><p>到2025年，旅游设施更加完善，服务质量持续提高，旅游业成为重要支柱产业。</p><p>年接待游客{}万人次</p></div></body></html>"
    )
    servers = ["1100"]

    async def answer(_: web.Request) -> web.Response:
        servers.append(servers.pop(0))
        return web.Response(text=text.format(servers[-1]), content_type="text/html")

    async with served(plan=answer) as port, world(tmp_path, seeds, monkeypatch, [], more=watched(port, "plan")) as here:
        await here.round()
        servers[:] = ["1200", "1100"]
        await here.round()
        assert here.robot.types() == ["document.changed"]


async def test_only_what_may_be_a_counter_makes_a_page_be_asked_for_twice(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        '<html><head><meta charset="utf-8"><title>临江县卫生健康规划</title></head><body><div class="TRS_Editor">'
        "<p>一、发展目标</p><p>到2025年，每千人口床位数达到{}张，服务质量持续提高。</p><p>本规划已有{}人浏览，印发各乡镇人民政府。</p></div></body></html>"
    )
    served_so_far, beds, counter = [0], ["7.0"], [100]

    async def answer(_: web.Request) -> web.Response:
        served_so_far[0] += 1
        counter[0] += counter[0] > 100
        return web.Response(text=text.format(beds[0], counter[0]), content_type="text/html")

    async with served(plan=answer) as port, world(tmp_path, seeds, monkeypatch, [], more=watched(port, "plan")) as here:
        await here.round()
        beds[0] = "7.5"
        await here.round()
        assert (served_so_far[0], here.robot.types()) == (2, ["document.changed"])
        counter[0] = 200
        await here.round()
        assert (served_so_far[0], here.robot.types()) == (4, ["document.changed"])


async def test_the_same_edit_on_many_pages_of_a_site_is_one_message(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "".join(f'\n  - id: page-{at}\n    pages: [{{url: "PORTAL/zw/{at}.html"}}]' for at in range(4))
    async with world(tmp_path, seeds, monkeypatch, [HOHHOT], more=more) as here:
        bodies = {at: f"第{at}份规划的说明。" + "各部门要认真组织实施,确保取得实效。" * 20 for at in range(4)}
        for at, text in bodies.items():
            here.portal.publish(
                f"某市第{'一二三四'[at]}项规划", text, date="2026-01-05", path=f"/zw/{at}.html", listed=False
            )
        await here.round()
        assert here.robot.taken == []
        for at, text in bodies.items():
            here.portal.publish(
                f"某市第{'一二三四'[at]}项规划",
                text + "\n本站版权声明已更新,转载请注明出处。",
                date="2026-01-05",
                path=f"/zw/{at}.html",
                listed=False,
            )
        await here.round()
        changed = [one for one in here.robot.taken if one["type"] == "document.changed"]
        assert len(changed) == 1
        assert len(changed[0]["data"]["also"]) == 3


async def test_a_page_that_goes_and_comes_back_is_told_as_gone_and_back(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, [SHUOZHOU]) as here:
        await here.round()
        here.portal.fail(SHUOZHOU, "missing")
        for _ in range(5):
            await here.round(hours=200)
        here.portal.heal()
        await here.round(hours=200)
        assert here.robot.types() == ["document.gone", "document.back"]


async def test_a_final_that_is_awaited_is_no_incident(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\n  - id: later\n    pages: [{url: "PORTAL/nothing/yet.html", stage: final}]'
    async with world(tmp_path, seeds, monkeypatch, [ORDOS], more=more) as here:
        for _ in range(6):
            done = await here.round(hours=30)
        assert done.report.failed == []
        assert here.robot.taken == []


async def test_documents_that_are_named_apart_and_begin_together_are_proposed_once_a_pair_and_told_to_nobody(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "".join(f'\n  - id: page-{at}\n    pages: [{{url: "PORTAL/zw/{at}.html"}}]' for at in range(3))
    text = "为推进全市卫生健康事业发展,结合实际,制定本规划。" + "各部门要认真组织实施,确保取得实效。" * 20
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        for at in range(2):
            here.portal.publish(
                "云溪市“十四五”卫生健康规划", text, date="2026-01-05", path=f"/zw/{at}.html", listed=False
            )
        await here.round()
        assert [one["state"] for one in here.store.lineage.links()] == ["proposed"]
        assert here.robot.taken == []
        here.portal.publish("云溪市“十四五”卫生健康规划", text, date="2026-01-05", path="/zw/2.html", listed=False)
        await here.round()
        assert len(here.store.lineage.links()) == 3
        assert here.robot.types() == ["link.proposed", "link.proposed"]


async def test_a_title_that_alone_changes_is_told_once_and_another_way_of_printing_it_is_not(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = ["临江县2026年第一季度物业服务投诉情况通报"]

    async def page(request: web.Request) -> web.Response:
        text = (
            f'<html><head><meta charset="utf-8"><title>{titles[-1]}</title><meta name="ArticleTitle" content="{titles[-1]}"></head>'
            f"<body><h1>{titles[-1]}</h1><div class='TRS_Editor'><p>一、某诊所使用非卫生技术人员，罚款五千元。</p>"
            "<p>二、某公司未按规定处置医疗废物，责令改正，予以警告。</p></div></body></html>"
        )
        return web.Response(text=text, content_type="text/html")

    async with (
        served(page=page) as port,
        world(tmp_path, seeds, monkeypatch, [], watched(port, "page")) as here,
    ):
        await here.round()
        titles.append("临江县2026年第二季度物业服务投诉情况通报")
        await here.round()
        await here.round()
        assert here.robot.types() == ["document.changed"]
        data = here.robot.taken[0]["data"]
        assert data["renamed"] == {"before": titles[0], "after": titles[1]}
        assert data["moves"] == data["edits"] == []
        titles.append("临江县 2026年第二季度物业服务投诉情况通报（临卫公〔2026〕3号）")
        await here.round()
        assert here.robot.types() == ["document.changed"]
