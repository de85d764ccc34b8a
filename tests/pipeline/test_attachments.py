"""Many plans are only an attachment: it is fetched, read, joined to its notice, and watched."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web

from tests.pipeline.world import served, watched, world


def plan(beds: str) -> bytes:
    """A plan as a Word file, with an indicator table."""
    import docx

    document = docx.Document()
    document.add_paragraph("某市“十四五”卫生健康事业发展规划")
    document.add_paragraph("第一章 发展目标")
    document.add_paragraph("到2025年，全市居民健康素养水平达到25%以上，医疗卫生服务体系更加完善。")
    table = document.add_table(rows=3, cols=4)
    rows = [
        ("指标", "2020年", "2025年", "属性"),
        ("人均预期寿命（岁）", "77.3", "78.1", "预期性"),
        ("每千人口医疗卫生机构床位数（张）", "6.1", beds, "预期性"),
    ]
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    out = BytesIO()
    document.save(out)
    return out.getvalue()


NOTICE = """<html><head><meta charset="utf-8"><title>关于征求《某市“十四五”卫生健康事业发展规划（征求意见稿）》意见的公告</title>
<meta name="ArticleTitle" content="关于征求《某市“十四五”卫生健康事业发展规划（征求意见稿）》意见的公告"></head><body>
<div class="TRS_Editor"><p>现将《某市“十四五”卫生健康事业发展规划（征求意见稿）》公开征求意见，请于2026年4月30日前反馈。</p>
<p>附件：<a href="./P020260301.docx">某市“十四五”卫生健康事业发展规划（征求意见稿）.docx</a></p></div></body></html>"""


async def test_a_plan_that_is_only_an_attachment_is_read_and_its_replacement_is_told(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/notice.html"}]'
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        here.portal.serve("/zw/notice.html", NOTICE.encode())
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        here.portal.serve("/zw/P020260301.docx", plan("7.0"), kind)
        await here.round()
        (version,) = here.store.versions.newest("plan", 2)
        assert {one.name for one in version.indicators} >= {"人均预期寿命", "每千人口医疗卫生机构床位数"}
        assert version.stage == "draft"
        assert version.reading.metadata.consultation.closes == "2026-04-30"
        (attachment,) = here.store.versions.attachments(version.id)
        assert attachment["snapshot_id"] is not None
        here.robot.taken.clear()
        # The bureau replaces the file; its notice stays, but for the name of the file.
        here.portal.serve("/zw/notice.html", NOTICE.replace("P020260301", "P020260315").encode())
        here.portal.serve("/zw/P020260315.docx", plan("7.5"), kind)
        await here.round()
        changed = [one for one in here.robot.taken if one["type"] == "document.changed"]
        assert [move["after"]["value"] for one in changed for move in one["data"]["moves"]] == ["7.5"]
        assert "attachment.changed" in here.robot.types()


async def test_an_attachment_that_is_replaced_in_its_place_is_noticed(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/notice.html"}]'
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        here.portal.serve("/zw/notice.html", NOTICE.encode())
        here.portal.serve("/zw/P020260301.docx", plan("7.0"), "application/octet-stream")
        await here.round()
        here.robot.taken.clear()
        here.portal.serve("/zw/P020260301.docx", plan("7.5"), "application/octet-stream")
        for _ in range(3):
            await here.round(hours=24)
        changed = [one for one in here.robot.taken if one["type"] == "document.changed"]
        assert [move["after"]["value"] for one in changed for move in one["data"]["moves"]] == ["7.5"]


async def test_an_attachment_that_cannot_be_read_is_noted_and_the_notice_is_kept(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/notice.html"}]'
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        here.portal.serve("/zw/notice.html", NOTICE.encode())
        here.portal.serve("/zw/P020260301.docx", b"PK\x03\x04 no zip at all", "application/octet-stream")
        done = await here.round()
        assert done.report.versions == 1
        (version,) = here.store.versions.newest("plan", 1)
        (attachment,) = here.store.versions.attachments(version.id)
        assert attachment["note"]


async def test_a_counter_beside_an_attachment_is_learnt_and_the_attachment_is_still_part_of_the_text(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = [1000]

    async def notice(_: web.Request) -> web.Response:
        counted[0] += 7
        shown = NOTICE.replace("<p>附件", f"<p>本项工作已有{counted[0]}人关注</p><p>附件")
        return web.Response(text=shown, content_type="text/html")

    async def file(_: web.Request) -> web.Response:
        return web.Response(body=plan("7.0"), content_type="application/octet-stream")

    async with (
        served(notice=notice, **{"P020260301.docx": file}) as port,
        world(tmp_path, seeds, monkeypatch, [], more=watched(port, "notice")) as here,
    ):
        await here.round()
        for _ in range(3):
            await here.round(hours=30)
        versions = here.store.versions.newest("plan", 9)
        assert [one.cause for one in versions] == ["rules", "first"]
        assert "人关注" not in versions[0].reading.text
        assert "每千人口医疗卫生机构床位数" in versions[0].reading.text
        assert "document.changed" not in here.robot.types()


async def test_a_file_whose_address_and_name_tell_no_format_is_read_by_its_bytes(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/notice.html"}]'
    link = '附件：<a href="/attach/8821">某市“十四五”卫生健康事业发展规划（征求意见稿）</a> <a href="/attach/help">下载说明</a>'
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        notice = NOTICE[: NOTICE.index("附件：")] + link + "</p></div></body></html>"
        here.portal.serve("/zw/notice.html", notice.encode())
        here.portal.serve("/attach/8821", plan("7.0"), "application/octet-stream")
        here.portal.serve("/attach/help", "<html><body><p>请安装阅读器后打开附件。</p></body></html>".encode())
        await here.round()
        (version,) = here.store.versions.newest("plan", 2)
        assert {one.name for one in version.indicators} >= {"人均预期寿命", "每千人口医疗卫生机构床位数"}
        assert "阅读器" not in version.reading.text.partition("下载说明")[2]
