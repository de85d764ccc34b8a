"""The replay portal plays real sites: their structures, their noise, their news and their moods."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from watcher.demo import seedtext, stock
from watcher.demo.faults import WALLS, Kind
from watcher.demo.portal import Portal
from watcher.text import squeeze

BODIES = {
    "hohhot-health-14-5": ".detail-content",
    "shuozhou-public-health-14-5": ".TRS_Editor",
    "ordos-health-14-5": "#zoom",
    "shangyu-health": "#UCAP-CONTENT",
    "ulanqab-health-2020": ".article-content",
}
SEEDS = dict(zip(BODIES, ["000", "001", "002", "003", "004"], strict=True))


@pytest.fixture
async def portal(seeds: Path) -> AsyncIterator[Portal]:
    async with Portal(seeds, slowness=0.2) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as running:
        yield running


def body(html: str, selector: str) -> str:
    node = HTMLParser(html).css_first(selector)
    assert node is not None
    return squeeze(node.text())


def decoded(answer: httpx.Response) -> str:
    label = "gb18030" if b"charset=gb2312" in answer.content[:1000] else "utf-8"
    return answer.content.decode(label)


@pytest.mark.parametrize("document", BODIES)
async def test_a_page_prints_the_whole_text_of_its_seed(
    portal: Portal, client: httpx.AsyncClient, seeds: Path, document: str
) -> None:
    answer = await client.get(portal.url(document))
    assert answer.status_code == 200
    shown = body(decoded(answer), BODIES[document])
    lines = [squeeze(line) for line in seedtext.seed(seeds, SEEDS[document]).splitlines()]
    long = [line for line in lines if 60 < len(line) < 2000]
    assert [line for line in long if line not in shown] == []
    assert len(shown) > 0.9 * sum(len(line) for line in long)


async def test_two_answers_differ_and_the_document_does_not(portal: Portal, client: httpx.AsyncClient) -> None:
    for document, selector in BODIES.items():
        first, second = [decoded(await client.get(portal.url(document))) for _ in range(2)]
        assert first != second
        assert body(first, selector) == body(second, selector)


async def test_one_page_is_gbk_under_the_name_of_gb2312(portal: Portal, client: httpx.AsyncClient) -> None:
    answer = await client.get(portal.url("ordos-health-14-5"))
    assert answer.headers["content-type"] == "text/html"
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")
    assert "鄂尔多斯市“十四五”卫生健康事业发展规划" in answer.content.decode("gbk")


async def test_the_trs_page_prints_its_head_fields_twice_and_a_table_with_spans(
    portal: Portal, client: httpx.AsyncClient
) -> None:
    page = HTMLParser((await client.get(portal.url("shuozhou-public-health-14-5"))).text)
    assert squeeze(page.text()).count("000014349/2022-02171") == 2
    table = page.css_first(".TRS_Editor table")
    assert table is not None
    assert [cell.attributes.get("rowspan") for cell in table.css("td[rowspan]")] == ["2", "2", "7", "3", "2"]
    assert len(table.css("tr")) == 17


async def test_what_has_not_changed_is_not_sent_again(portal: Portal, client: httpx.AsyncClient) -> None:
    for document, (sent, asked) in {
        "shangyu-health": ("ETag", "If-None-Match"),
        "shuozhou-public-health-14-5": ("Last-Modified", "If-Modified-Since"),
    }.items():
        validator = (await client.get(portal.url(document))).headers[sent]
        again = await client.get(portal.url(document), headers={asked: validator})
        assert (again.status_code, again.content) == (304, b"")
        portal.edit(document, portal.text(document)[-300:-280], "改")
        assert (await client.get(portal.url(document), headers={asked: validator})).status_code == 200


async def test_an_edit_is_on_the_page_at_once(portal: Portal, client: httpx.AsyncClient) -> None:
    portal.edit("ordos-health-14-5", "＜13.5", "＜12.8")
    shown = body(decoded(await client.get(portal.url("ordos-health-14-5"))), "#zoom")
    assert "＜12.8" in shown
    assert "＜13.5" not in shown


def test_an_edit_must_name_one_place(seeds: Path) -> None:
    portal = Portal(seeds)
    with pytest.raises(ValueError, match="0 times"):
        portal.edit("ordos-health-14-5", "不在文中", "x")


async def test_the_final_version_appears_at_another_address_and_in_the_column(
    portal: Portal, client: httpx.AsyncClient
) -> None:
    assert (await client.get(portal.final_url)).status_code == 404
    assert "卫生与健康事业发展规划" not in (await client.get(portal.column_url)).text
    assert portal.publish_final() == portal.final_url
    listed = HTMLParser((await client.get(portal.column_url)).text).css_first("#list a")
    assert listed is not None
    assert "印发《呼和浩特市“十四五”卫生与健康事业发展规划》" in (listed.attributes["title"] or "")
    assert httpx.URL(portal.column_url).join(listed.attributes["href"] or "") == portal.final_url
    page = HTMLParser((await client.get(portal.final_url)).text)
    rows = [[squeeze(cell.text()) for cell in row.css("td")] for row in page.css(".TRS_Editor table tr")]
    cells = {cell: row for row in rows for cell in row}
    assert cells["婴儿死亡率(‰)"][-2:] == ["≤4.5", "预期"]
    assert cells["65岁及以上老年人城乡社区规范健康管理服务率(%)"][-2:] == ["≥70", "约束"]
    assert cells["每千人医疗卫生机构床位数(张)"][-3:] == ["6.17", "8.5", "预期"]
    assert cells["每千人药师(药士)数(人)"][-3:] == ["0.41", "0.54", "预期"]
    assert cells["个人卫生支出占卫生总费用的比重(%)"][-3:] == ["", "≤27", "预期"]
    assert "2型糖尿病患者规范化管理服务率(%)" not in cells
    assert "老年医学科比例超过60%" in squeeze(page.text())
    text = squeeze(page.text())
    assert "征求意见稿" not in text
    assert "各旗、县、区人民政府,经济技术开发区管委会,市各有关部门:" in text
    assert "呼政办发〔2022〕999号" in text


async def test_the_column_has_pages_and_every_link_leads_somewhere(portal: Portal, client: httpx.AsyncClient) -> None:
    links = []
    for number in range(3):
        url = portal.column_url if number == 0 else portal.column_url.replace("index", f"index_{number}")
        html = (await client.get(url)).text
        assert f'createPageHTML(3, {number}, "index", "html")' in html
        links += [httpx.URL(url).join(a.attributes["href"] or "") for a in HTMLParser(html).css("#list a")]
    assert len(set(links)) == 17
    assert {(await client.get(link)).status_code for link in links} == {200}
    past = await client.get(portal.column_url.replace("index", "index_3"))
    assert (past.status_code, len(past.content) < 60) == (200, True)


@pytest.mark.parametrize("kind", WALLS)
async def test_a_wall_stands_until_it_is_taken_away(portal: Portal, client: httpx.AsyncClient, kind: Kind) -> None:
    portal.fail("shangyu-health", kind)
    for _ in range(2):
        answer = await client.get(portal.url("shangyu-health"))
        assert answer.status_code == WALLS[kind].status
        assert "上虞健康建设工作" not in answer.text
    portal.heal("shangyu-health")
    assert "居民健康素养水平" in (await client.get(portal.url("shangyu-health"))).text


async def test_a_fault_may_last_for_some_answers_only(portal: Portal, client: httpx.AsyncClient) -> None:
    portal.fail("*", "busy", times=2)
    states = [(await client.get(portal.url("ulanqab-health-2020"))).status_code for _ in range(3)]
    assert states == [503, 503, 200]


async def test_a_shrunken_page_has_lost_its_tables(portal: Portal, client: httpx.AsyncClient) -> None:
    whole = decoded(await client.get(portal.url("ordos-health-14-5")))
    portal.fail("ordos-health-14-5", "shrunken", times=1)
    small = decoded(await client.get(portal.url("ordos-health-14-5")))
    assert len(body(small, "#zoom")) * 3 < len(body(whole, "#zoom"))
    assert HTMLParser(small).css_first("#zoom table") is None


async def test_connections_break_answers_are_late_and_bytes_are_garbage(
    portal: Portal, client: httpx.AsyncClient
) -> None:
    url = portal.url("ulanqab-health-2020")
    portal.fail(url, "cut", times=1)
    with pytest.raises(httpx.HTTPError):
        await client.get(url)
    portal.fail(url, "slow", times=1)
    with pytest.raises(httpx.ReadTimeout):
        await client.get(url, timeout=0.05)
    portal.fail(url, "garbage", times=1)
    assert "乌兰察布" not in (await client.get(url)).content.decode("utf-8", "ignore")
    assert "乌兰察布" in (await client.get(url)).text


async def test_the_cookie_gate_lets_through_who_keeps_its_cookie(portal: Portal, client: httpx.AsyncClient) -> None:
    url = portal.url("shuozhou-public-health-14-5")
    portal.fail(url, "cookie")
    assert (await client.get(url)).status_code == 302
    assert (await client.get(url, follow_redirects=True)).status_code == 200


async def test_the_portal_remembers_what_it_was_asked(portal: Portal, client: httpx.AsyncClient) -> None:
    await client.get(portal.url("shangyu-health"), headers={"User-Agent": "tester"})
    await client.get(portal.url("/nothing-here"))
    assert [(r.method, r.status) for r in portal.requests] == [("GET", 200), ("GET", 404)]
    assert portal.requests[0].headers["user-agent"] == "tester"
    assert portal.asked("shangyu-health") == 1


async def test_pages_can_be_added_and_withdrawn(portal: Portal, client: httpx.AsyncClient) -> None:
    url = portal.publish("关于印发《全民健身实施计划》的通知", "第一段\n第二段", date="2022-06-01")
    assert '<p style="text-indent: 2em;">第二段</p>' in (await client.get(url)).text
    assert "全民健身实施计划" in (await client.get(portal.column_url)).text
    portal.withdraw(url)
    assert (await client.get(url)).status_code == 404
    assert "全民健身实施计划" not in (await client.get(portal.column_url)).text
    raw = portal.serve("/files/plan.pdf", b"%PDF-1.4", "application/pdf", {"ETag": '"1"'})
    answer = await client.get(raw)
    assert (answer.content, answer.headers["etag"]) == (b"%PDF-1.4", '"1"')


def test_the_same_seed_gives_the_same_noise(seeds: Path) -> None:
    from watcher.demo.noise import noise

    assert noise(1, "/a", 1) == noise(1, "/a", 1)
    assert len({noise(1, "/a", number).token for number in range(50)}) == 50


def test_every_change_of_the_final_version_says_why() -> None:
    import yaml

    data = yaml.safe_load((stock.HERE / "final.yaml").read_text(encoding="utf-8"))
    assert all(change["why"] for change in data["changes"])
    assert len(data["changes"]) == 7
