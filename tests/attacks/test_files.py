"""``file:`` belongs to sources.yaml: nothing that came over the web names a file of this machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from aiohttp import web

from tests.attacks.hostile import SECRET, Answer, article, field_of, told
from tests.attacks.test_inside import DOCUMENT, PAGE
from watcher.errors import FetchError, Refused


def files(home: Path) -> list[str]:
    """One file of the disk as attackers have spelt it; relative ones stand beside sources.yaml."""
    path = home / "secret.txt"
    path.write_text(SECRET * 20, encoding="utf-8")
    return [
        "file:secret.txt", "FILE:secret.txt", " file:secret.txt", "fi\tle:secret.txt", "fil\ne:secret.txt", f"file://{path}", f"file:{path}",
        f"file://localhost{path}", f"file:////{path}", f"file:///{path}", "file:./secret.txt", "file:x/../secret.txt", "file:%73ecret.txt",
        "view-source:file:secret.txt", "url:file:secret.txt", f"//localhost{path}", "file:secret.txt?x=.txt", "file:secret.txt#.txt",
        "file:\\secret.txt", f"file:\\\\\\{path}", "&#102;ile:secret.txt", "&#x66;&#x69;le:secret.txt", "local_file:secret.txt",
    ]  # fmt: skip


async def test_links_of_a_page_read_no_file(tmp_path: Path) -> None:
    links = "".join(f'<p><a href="{one}">附件{n}.txt</a></p>' for n, one in enumerate(files(tmp_path)))
    pages = {PAGE: article(links)}
    async with field_of(tmp_path, DOCUMENT, pages) as field:
        await field.round()
        assert len(field.store.versions.newest("plan", 2)) == 1
        assert SECRET not in told(field)


async def test_a_base_and_the_parts_of_an_article_read_no_file(tmp_path: Path) -> None:
    files(tmp_path)
    (tmp_path / "t20260301_1_1.html").write_text(article(f"<p>{SECRET}</p>"), encoding="utf-8")
    script = '<script>createPageHTML(2,0,"t20260301_1","html")</script><p><a href="secret.txt">附件.txt</a></p>'
    for number, base in enumerate(("file:", "file:./", f"file://{tmp_path}/", f"FILE:{tmp_path}/")):
        home = tmp_path / str(number)
        home.mkdir()
        for name in ("secret.txt", "t20260301_1_1.html"):
            (home / name).write_text((tmp_path / name).read_text(encoding="utf-8"), encoding="utf-8")
        async with field_of(home, DOCUMENT, {PAGE: article(script, head=f'<base href="{base}">')}) as field:
            await field.round()
            assert SECRET not in told(field)


async def test_items_of_a_column_become_no_file_sources(tmp_path: Path) -> None:
    rows = "".join(
        f'<li><a href="{one}">某市卫生健康事业发展规划第{n}号</a><span>2026-03-01</span></li>'
        for n, one in enumerate(files(tmp_path))
    )
    (tmp_path / "next.html").write_text(
        f'<html><body><ul><li><a href="/a.html">{SECRET}规划</a><span>2026-03-01</span></li></ul></body></html>',
        encoding="utf-8",
    )
    pages = {
        "/list/": f'<html><body><ul class="list">{rows}</ul><a href="file:next.html">下一页</a></body></html>',
        "/shell/": f'<html><head><base href="file:"></head><body><script>var a="./secret.json"</script>{" " * 300}</body></html>',
    }
    (tmp_path / "secret.json").write_text(
        json.dumps([{"title": f"{SECRET}规划", "url": "/x.html", "date": "2026-01-01"}]), encoding="utf-8"
    )
    columns = (
        'columns:\n  - {id: one, title: 栏目, url: "PORTAL/list/", follow: ".", depth: 3}\n'
        '  - {id: two, title: 栏目, url: "PORTAL/shell/", follow: ".", depth: 3}\n'
    )
    async with field_of(tmp_path, columns, pages) as field:
        for _ in range(2):
            await field.round()
        assert SECRET not in told(field)
        assert [row.url for row in field.store.sources.all() if row.url.lower().lstrip().startswith("file")] == []


async def test_a_redirect_reads_no_file(tmp_path: Path) -> None:
    def hop(place: str) -> Answer:
        return lambda _: web.Response(status=302, headers={"Location": place})

    places = [one for one in files(tmp_path) if one.isprintable()]

    def pages(_: str, __: str) -> Mapping[str, Answer]:
        return {f"/r/{n}": hop(one) for n, one in enumerate(places)}

    async with field_of(tmp_path, DOCUMENT, pages) as field:
        gate = field.context.gate
        assert gate is not None
        for path in list(field.portal.pages):
            try:
                answer = await gate.fetch(field.portal.address + path)
            except FetchError:
                continue
            assert SECRET.encode() not in answer.body


@pytest.mark.parametrize(
    "url",
    ["file:../outside.txt", "file:%2e%2e/outside.txt", "file:///etc/passwd", "file:link", "file:/dev/zero", "file:pipe", "file:.",
     "file://server/share", "file:a/../../outside.txt", "file:outside.txt%00.txt"],
)  # fmt: skip
async def test_sources_yaml_names_only_files_beside_it(tmp_path: Path, url: str) -> None:
    import os

    home = tmp_path / "home"
    (home / "a").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text(SECRET * 50, encoding="utf-8")
    (home / "link").symlink_to(tmp_path / "outside.txt")
    os.mkfifo(home / "pipe")
    from watcher.fetch.files import read_file

    with pytest.raises((Refused, FetchError)):
        read_file(url, home, 1_000_000)
