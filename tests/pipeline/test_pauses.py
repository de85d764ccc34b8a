"""A host's wish for a pause keeps its pages waiting, and starves none of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web

from tests.pipeline.world import served, world

TEXT = "<html><head><title>云州市养老规划</title></head><body><p>{}</p></body></html>".format(
    "到2030年，养老床位达到100张，护理型床位占比不低于55%，覆盖城乡老年人口。" * 4
)


async def test_a_page_behind_one_that_always_wants_a_pause_is_read_after_the_pause(
    tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "600"})

    async def plan(_: web.Request) -> web.Response:
        return web.Response(text=TEXT, content_type="text/html")

    async with served(busy=busy, plan=plan) as port:
        network = f'{{allow_private: ["127.0.0.1:{port}"], robots: false, robots_reason: a test}}'
        more = "".join(
            f'\n  - {{id: {name}, network: {network}, pages: [{{url: "http://127.0.0.1:{port}/{name}"}}]}}'
            for name in ("busy", "plan")
        )
        async with world(tmp_path, seeds, monkeypatch, [], more=more) as here:
            await here.round()
            rows = {row.document_id: row for row in here.store.sources.all()}
            assert {name: row.verdict for name, row in rows.items()} == {"busy": "error", "plan": "error"}
            assert str(rows["busy"].next_at)[11:16] == "19:00"
            assert "13:09" <= str(rows["plan"].next_at)[11:16] <= "13:11", "ten minutes after 13:00, not six hours"
