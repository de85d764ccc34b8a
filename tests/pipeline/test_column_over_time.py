"""A list on a real server over weeks: what it does to its entries is no news, what is published is told once, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from tests.attacks.hostile import Field, article, field_of
from watcher.pipeline.moving import moves
from watcher.types import Item

SIZE = 6
"""Entries of one page of the list."""
NUMBER = re.compile(r"(\d+)\.html$")


@dataclass
class Entry:
    """One line of the list."""

    number: int
    title: str
    day: date
    pinned: bool = False


@dataclass
class Portal:
    """A list of a county, the latest on top under what is pinned, in pages; and its documents."""

    entries: list[Entry] = field(default_factory=list)
    day: date = date(2026, 1, 5)
    cards: bool = False
    years: bool = True
    empty: bool = False
    folder: str = "/zwgk/2026/"
    here: Field | None = None

    def publish(self, number: int, *, day: date | None = None) -> None:
        """A new document, a day after the one before."""
        self.day += timedelta(days=1)
        self.entries.append(Entry(number, f"云溪市第{number}号水库安全管理办法", day or self.day))

    def entry(self, number: int) -> Entry:
        """The entry of a document."""
        return next(one for one in self.entries if one.number == number)

    def take_off(self, number: int) -> Entry:
        """Takes an entry off the list."""
        gone = self.entry(number)
        self.entries.remove(gone)
        return gone

    async def answer(self, request: web.Request) -> web.Response:
        """A page of the list, or a document at the folder that is in use."""
        if (listed := re.fullmatch(r"/list(?:_(\d+))?\.html", request.path)) is not None:
            return web.Response(text=self._page(int(listed[1] or 0)), content_type="text/html")
        number = NUMBER.search(request.path)
        if number is None or not request.path.startswith(self.folder):
            return web.Response(status=404)
        text = f"<p>第{number[1]}号水库的大坝、泄洪和放水设施由市水利局每年检查一次。</p>"
        return web.Response(
            text=article(text, title=f"云溪市第{number[1]}号水库安全管理办法"), content_type="text/html"
        )

    def _page(self, at: int) -> str:
        order = sorted(self.entries, key=lambda one: (one.pinned, one.day, one.number), reverse=True)
        shown = [] if self.empty else order[SIZE * at : SIZE * (at + 1)]
        row = "<li><a href='{}'>{}</a><i>{}</i></li>"
        if self.cards:
            row = "<div class='card'><h3><a href='{}'>{}</a></h3><p>现予公布。</p><span>发布时间：{}</span></div>"
        form = "%Y-%m-%d" if self.years else "%m-%d"
        rows = "".join(
            row.format(f"{self.folder}{one.number}.html", one.title, one.day.strftime(form)) for one in shown
        )
        last = -(-len(order) // SIZE)
        pager = f'<script>createPageHTML({last},{at},"list","html")</script>'
        box = "<div class='cards'>{}</div>" if self.cards else "<ul class='list'>{}</ul>"
        return f"<html><head><title>文件</title></head><body>{box.format(rows) if rows else '<p>暂无信息</p>'}{pager}</body></html>"

    async def visits(self, *hours: float) -> None:
        """Lets the watcher look at the list, and at what it found, after so many hours each."""
        assert self.here is not None
        for pause in hours:
            await self.here.round(pause)

    def followed(self) -> list[int]:
        """Numbers of the documents that are followed, one a page."""
        assert self.here is not None
        pages = [row.url for row in self.here.store.sources.all() if row.kind == "page"]
        return sorted(int(found[1]) for url in pages if (found := NUMBER.search(url)))

    def told(self) -> list[int]:
        """Numbers of the documents that were told as new ones."""
        assert self.here is not None
        rows = self.here.store.outbox.recent(limit=500)
        titles = [row["title"] for row in rows if row["type"] == "document.first_seen"]
        return sorted(int(found[1]) for title in titles if (found := re.search(r"第(\d+)号", title)))


@asynccontextmanager
async def portal(home: Path, *, years: bool = True, pinned: int | None = None) -> AsyncIterator[Portal]:
    """Documents 1 to 20, of which the first visit takes in a page's worth: 15 to 20, or five of them under a pinned one."""
    site = Portal(years=years)
    for number in range(1, 21):
        site.publish(number)
    if pinned is not None:
        site.entry(pinned).pinned = True
    column = 'channels:\n  desk: {kind: console}\ncolumns:\n  - {id: one, url: "PORTAL/list.html", follow: "办法", channels: [desk]}\n'

    class Pages(dict[str, object]):
        def get(self, _path: str, _default: object = None) -> object:
            return site.answer

    async with field_of(home, column, {}) as here:
        here.portal.pages = Pages()  # type: ignore[assignment]
        site.here = here
        await site.visits(25, 7)
        yield site


FIRST = [15, 16, 17, 18, 19, 20]


async def test_what_a_list_does_to_its_entries_is_no_news(tmp_path: Path) -> None:
    async with portal(tmp_path) as site:
        assert (site.followed(), site.told()) == (FIRST, [])
        gone = site.take_off(18)  # 14 moves up
        await site.visits(7, 9, 9)
        site.entries.append(gone)
        site.entry(17).title = "云溪市第17号水库安全管理实施办法"
        site.entry(16).day -= timedelta(days=3)
        await site.visits(7, 9, 9)
        site.cards = True
        site.empty = True
        await site.visits(1)
        site.empty = False
        site.publish(21)
        await site.visits(7, 9, 9)
        assert (site.followed(), site.told()) == ([*FIRST, 21], [21])


@pytest.mark.parametrize("years", [True, False], ids=["dated", "without years"])
@pytest.mark.parametrize("pinned", [3, None], ids=["below a pinned one", "plain"])
async def test_what_moves_up_is_no_news(tmp_path: Path, years: bool, pinned: int | None) -> None:
    async with portal(tmp_path, years=years, pinned=pinned) as site:
        before = set(site.followed())
        site.take_off(19)
        await site.visits(7, 25)
        assert (set(site.followed()), site.told()) == (before, [])
        site.publish(21)
        await site.visits(25)
        assert site.told() == [21]


async def test_three_pages_of_new_entries_after_a_week_are_all_told_once(tmp_path: Path) -> None:
    async with portal(tmp_path) as site:
        for number in range(21, 21 + 3 * SIZE):
            site.publish(number)
        await site.visits(24 * 7, 7, 25)
        assert site.told() == [*range(21, 21 + 3 * SIZE)]
        assert site.followed() == [*FIRST, *range(21, 21 + 3 * SIZE)]


async def test_an_entry_that_is_put_up_late_is_found_on_the_second_page(tmp_path: Path) -> None:
    async with portal(tmp_path) as site:
        for number in range(21, 29):
            site.publish(number)
        await site.visits(25)
        site.publish(50, day=site.entry(21).day)  # seven newer ones stand above it
        await site.visits(25, 25)
        assert 50 in site.told()


async def test_documents_that_move_to_other_addresses_go_on_there(tmp_path: Path) -> None:
    async with portal(tmp_path) as site:
        site.publish(21)
        await site.visits(7, 7)
        for folder, number in (("/content/post_", 22), ("/zwgk/2026/", 23)):
            site.folder = folder
            site.publish(number)
            await site.visits(7, 9, 9)
        assert site.here is not None
        assert site.followed() == [*FIRST, 21, 22, 23]
        assert site.told() == [21, 22, 23]
        assert site.here.store.incidents.recent() == []
        (before,) = [
            row for row in site.here.store.sources.all() if row.kind == "page" and row.url.endswith("/20.html")
        ]
        assert before.url.endswith("/zwgk/2026/20.html")
        (moved,) = [row for row in site.here.store.sources.all() if row.kind == "page" and row.url.endswith("22.html")]
        (version,) = site.here.store.versions.newest(moved.document_id or "", 9)
        assert version.url.endswith("/content/post_22.html"), "what was fetched keeps the address it had"


def _items(*told: tuple[str, str, str | None]) -> list[Item]:
    return [Item(title, url, day) for title, url, day in told]


OLD = [{"title": f"第{n}号办法", "url": f"/old/{n}.html", "date": f"2026-01-{10 + n}"} for n in range(1, 7)]


@pytest.mark.parametrize(
    ("shown", "moved"),
    [
        ([("第5号 办法", "/new/5.html", "2026-01-15"), ("第1号办法", "/old/1.html", "2026-01-11")], {"/new/5.html": "/old/5.html"}),
        # The list ends with that day: the known one may stand on its next page.
        ([("第5号办法", "/new/5.html", "2026-01-15")], {}),
        ([("第5号办法", "/new/5.html", "2026-01-19"), ("第1号办法", "/old/1.html", "2026-01-11")], {}),
        ([("第5号办法", "/new/5.html", "2026-01-15"), ("第5号办法", "/old/5.html", "2026-01-15"), ("第1号办法", "/old/1.html", "2026-01-11")], {}),
        # A whole site has moved; one is really new.
        (
            [("第9号办法", "/new/9.html", None), *((f"第{n}号办法", f"/new/{n}.html", None) for n in (6, 5, 4))],
            {f"/new/{n}.html": f"/old/{n}.html" for n in (6, 5, 4)},
        ),
    ],
    ids=["one", "perhaps pushed off", "another day", "both there", "a site"],
)  # fmt: skip
def test_what_counts_as_the_same_entry_elsewhere(
    shown: list[tuple[str, str, str | None]], moved: dict[str, str]
) -> None:
    items = _items(*shown)
    known = {one["url"] for one in OLD}
    assert moves([item for item in items if item.url not in known], items, OLD) == moved
