"""A page that is only a frame around its article: a frame of the same host is read, of another it is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.world import world
from watcher.pipeline.asking import look

HEAD = '<html><head><meta charset="utf-8"><title>临江县“十四五”卫生健康规划</title></head>'
SET = '<frameset rows="80,*"><frame src="/top.htm" name="top"><frame src="%s" name="main"></frameset></html>'
ARTICLE = (
    f'{HEAD}<body><div class="TRS_Editor"><p>一、总体要求</p><p>到2025年，每千人口医疗卫生机构床位数达到7.5张，县域内就诊率达到90%以上，'
    "医疗卫生服务体系更加完善。</p><p>临江县人民政府</p><p>2022年1月20日</p></div></body></html>"
)


async def test_the_frame_s_article_becomes_the_version(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = '\n  - id: plan\n    pages: [{url: "PORTAL/zw/index.html"}]'
    async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
        here.portal.serve("/zw/index.html", (HEAD + SET % "detail.htm").encode())
        here.portal.serve("/zw/detail.htm", ARTICLE.encode())
        await here.round()
        (version,) = here.store.versions.newest("plan", 2)
        assert "县域内就诊率达到90%以上" in version.reading.text
        assert version.reading.metadata.written_on == "2022-01-20"
        assert {one.value for one in version.indicators} >= {"7.5", "90"}


async def test_an_article_framed_from_another_host_is_named(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with world(tmp_path, seeds, monkeypatch, []) as here:
        here.portal.serve("/zw/index.html", (HEAD + SET % "http://zw.example.com/detail.htm").encode())
        looked = await look(here.context, f"{here.portal.address}/zw/index.html")
        assert looked.verdict == "empty"
        assert looked.reason == "页面只是框架,正文在 http://zw.example.com/detail.htm"
