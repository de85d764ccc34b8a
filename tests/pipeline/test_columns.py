"""A list is walked: nothing that it announces is lost, nothing is announced twice, whatever it does meanwhile."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attacks.hostile import article, field_of
from watcher.errors import FetchError
from watcher.pipeline.columns import follows
from watcher.pipeline.walking import Answer, Ask, Walked, completed, walk
from watcher.read.columns import ColumnPage, ListRequest, next_asking, read_column
from watcher.types import Item


class Column:
    """A list on a portal, newest first, in pages of ``size``; a page past the end is a stub of 54 bytes with status 200."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.items: list[Item] = []
        self.asked: list[str] = []
        self.broken: set[int] = set()

    def publish(self, number: int, day: date) -> None:
        title = f"关于公开征求《第{number}号管理办法（征求意见稿）》意见的公告"
        self.items.insert(0, Item(title, f"http://a.gov.cn/art/{number}.html", day.isoformat()))

    async def ask(self, where: Ask) -> Answer:
        assert isinstance(where, str)
        self.asked.append(where)
        page = int(where.rpartition("=")[2])
        if page in self.broken:
            raise FetchError("time-out", kind="timeout", transient=True)
        shown = self.items[(page - 1) * self.size : page * self.size]
        rows = "".join(f'<li><a href="{item.url}">{item.title}</a><span>{item.date}</span></li>' for item in shown)
        last = -(-len(self.items) // self.size)
        text = (
            f"<html><ul class=list>{rows}</ul><p>共{last}页</p></html>"
            if shown
            else "<html><body>没有数据</body></html>"
        )
        return Answer(read_column(text, where), 200)


def _walk(column: Column, depth: int, known: dict[str, str | None] | None, *, at_least: int = 1) -> Walked:
    return asyncio.run(walk("http://a.gov.cn/list.html?page=1", depth, column.ask, known, at_least=at_least))


def _take(known: dict[str, str | None], walked: Walked) -> set[str]:
    fresh = {item.url for item in walked.items} - known.keys()
    known.update((item.url, item.date) for item in walked.items)
    return fresh


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 7), st.integers(1, 3), st.integers(0, 25))
def test_a_list_that_grows_is_shuffled_and_dated_anew_invents_nothing_and_loses_nothing(
    seed: int, size: int, depth: int, old: int
) -> None:
    dice, column, day = random.Random(seed), Column(size), date(2024, 1, 1)
    for number in range(old + 1):
        column.publish(number, day := day + timedelta(days=dice.randint(1, 3)))
    number = old + 1
    known: dict[str, str | None] = {}
    assert len(_take(known, _walk(column, depth, None))) == min(old + 1, size * depth)
    for _ in range(8):
        expected = set()
        for _ in range(dice.choice((0, 0, 1, 2, size, size + 1))):
            column.publish(number, day := day + timedelta(days=dice.randint(0, 2)))
            expected.add(column.items[0].url)
            number += 1
        happening = dice.choice(("nothing", "shuffled", "dated anew", "one gone", "empty"))
        if happening == "shuffled":
            front = column.items[:size]
            dice.shuffle(front)
            column.items[:size] = front
        elif happening == "dated anew":
            column.items = [
                Item(item.title, item.url, day.isoformat()) if item.url in known else item for item in column.items
            ]
        elif happening == "one gone" and column.items[-1].url != column.items[0].url:
            gone = next((item for item in column.items if item.url in known), None)
            if gone is not None:
                column.items.remove(gone)
        elif happening == "empty":
            whole, column.items = column.items, []
            assert _take(known, _walk(column, max(depth, 5), known)) == set()
            column.items = whole
        # A list that put its newest to the foot of a page is seen in whole once a day.
        walked = _walk(column, max(depth, 5), known, at_least=2)
        assert walked.verdict == "document"
        assert _take(known, walked) == expected, happening


def test_one_new_item_does_not_drag_in_what_the_first_visit_left_behind() -> None:
    column = Column(5)
    for number in range(30):
        column.publish(number, date(2024, 1, 1) + timedelta(days=number))
    known: dict[str, str | None] = {}
    assert len(_take(known, _walk(column, 1, None))) == 5
    column.publish(99, date(2024, 6, 1))
    column.asked.clear()
    assert _take(known, _walk(column, 5, known)) == {"http://a.gov.cn/art/99.html"}
    assert len(column.asked) == 1
    del column.items[2]  # the sixth of then moves up: it is older than all that was read
    assert _take(known, _walk(column, 5, known)) == set()


def test_what_is_put_above_known_items_is_news_though_its_date_is_old() -> None:
    column = Column(9)
    for number in range(4):
        column.publish(number, date(2024, 3, 1) + timedelta(days=number))
    known: dict[str, str | None] = {}
    _take(known, _walk(column, 1, None))
    column.publish(50, date(2021, 11, 1))
    assert _take(known, _walk(column, 5, known)) == {"http://a.gov.cn/art/50.html"}
    column.items.append(
        Item("关于第60号管理办法的公告", "http://a.gov.cn/art/60.html", "2020-01-01")
    )  # at the foot: no news
    assert _take(known, _walk(column, 5, known)) == set()


def test_a_later_page_that_cannot_be_had_is_told() -> None:
    column = Column(5)
    for number in range(12):
        column.publish(number, date(2024, 1, 1) + timedelta(days=number))
    column.broken.add(2)
    walked = _walk(column, 3, None)
    assert (walked.verdict, walked.wire, len(walked.items)) == ("unreachable", "timeout", 5)
    column.broken.clear()
    assert len(_walk(column, 3, None).items) == 12


def _answers(pages: dict[str, object]) -> tuple[list[Ask], Callable[[Ask], Awaitable[Answer]]]:
    asked: list[Ask] = []

    async def ask(where: Ask) -> Answer:
        asked.append(where)
        url = where if isinstance(where, str) else where.url
        body = b"" if isinstance(where, str) else where.body
        found = pages.get(url + "#" + body.decode(), pages.get(url))
        if found is None:
            raise FetchError("no answer", kind="timeout", transient=True)
        if isinstance(found, Answer):
            return found
        return Answer(read_column(str(found), url), 200)

    return asked, ask


ROW = '<li><a href="/art/{0}.html">关于印发《第{0}号办法》的通知</a><span>2024-03-0{0}</span></li>'


def test_every_unit_of_a_shell_is_asked_and_its_dated_lists_are_taken() -> None:
    unit = "http://a.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?pageId=9&tagId="
    shell = "".join(
        f"<script parseType=\"buildstatic\" url=\"/api-gateway/jpaas-publish-server/front/page/build/unit\" querydata=\"{{'pageId':'9','tagId':'{name}'}}\"></script>"
        for name in ("导航", "broken", "公告列表", "文件列表")
    )
    menu = "".join(f'<li><a href="/col{at}/index.html">某某栏目的名称</a></li>' for at in range(9))

    def answer(html: str) -> str:
        return json.dumps({"data": {"html": f"<ul>{html}</ul>"}})

    asked, ask = _answers(
        {
            "http://a.gov.cn/": f"<html><body>{shell}</body></html>",
            unit + quote("导航"): answer(menu),
            unit + quote("公告列表"): answer(ROW.format(1) + ROW.format(2)),
            unit + quote("文件列表"): answer(ROW.format(3)),
        }
    )
    walked = asyncio.run(walk("http://a.gov.cn/", 1, ask, None))
    assert len(asked) == 5
    assert sorted(item.url for item in walked.items) == [f"http://a.gov.cn/art/{n}.html" for n in (1, 2, 3)]


def test_a_list_by_post_is_followed_page_by_page() -> None:
    shell = """<html><div id=list></div><script>var columnId='38211', pageNum=1;
      $.ajax({url:"/queryList", type:"POST", data:{columnId: columnId, pageNum: pageNum, pageSize: 2}, success:function(d){}})</script></html>"""

    def answer(*numbers: int) -> str:
        rows = [
            {"title": f"关于第{n}号规划的公告", "url": f"/art/{n}.html", "publishTime": "2024-01-02"} for n in numbers
        ]
        return json.dumps({"code": 0, "data": {"total": 5, "rows": rows}})

    body = "http://a.gov.cn/queryList#columnId=38211&pageNum={}&pageSize=2"
    asked, ask = _answers(
        {
            "http://a.gov.cn/col/": shell,
            body.format(1): answer(1, 2),
            body.format(2): answer(3, 4),
            body.format(3): answer(5),
        }
    )
    walked = asyncio.run(walk("http://a.gov.cn/col/", 9, ask, None))
    assert [item.url for item in walked.items] == [f"http://a.gov.cn/art/{n}.html" for n in range(1, 6)]
    assert len(asked) == 4
    assert asyncio.run(walk("http://a.gov.cn/col/", 2, ask, None)).items[-1].url.endswith("4.html")


def test_a_shell_whose_lists_all_fail_is_a_failure_not_an_empty_list() -> None:
    shell = '<html><div id=list></div><script>$.post("/getList", {p: 1}, function(d){})</script></html>'
    _, ask = _answers({"http://a.gov.cn/": shell})
    assert asyncio.run(walk("http://a.gov.cn/", 1, ask, None)).verdict == "unreachable"
    refused = Answer(None, 521, "challenge", "加速乐")
    _, ask = _answers({"http://a.gov.cn/": shell, "http://a.gov.cn/getList": refused})
    assert asyncio.run(walk("http://a.gov.cn/", 1, ask, None)).verdict == "challenge"
    _, ask = _answers({"http://a.gov.cn/": shell, "http://a.gov.cn/getList": '{"rows": []}'})
    walked = asyncio.run(walk("http://a.gov.cn/", 1, ask, None))
    assert (walked.verdict, walked.items) == ("document", ())


async def test_titles_that_a_list_cuts_are_completed_where_the_rest_may_matter() -> None:
    cut = [Item(f"关于印发《某某省进一步推进{n}…", f"http://a.gov.cn/{n}.html", None) for n in range(40)]
    whole = Item("关于印发《卫生健康规划》的通知", "http://a.gov.cn/w.html", None)
    asked: list[str] = []

    async def title_at(url: str) -> str | None:
        asked.append(url)
        number = url.rpartition("/")[2].partition(".")[0]
        return (
            None
            if number == "3"
            else "另一份文件"
            if number == "4"
            else f"关于印发《某某省 进一步推进{number}号卫生改革方案》的通知"
        )

    items = await completed((whole, *cut), lambda title: "卫生" in title, {cut[0].url}, title_at)
    assert len(asked) == 30, "no more than so many in one visit"
    assert cut[0].url not in asked, "known already"
    titles = {item.url: item.title for item in items}
    assert titles[cut[1].url] == "关于印发《某某省 进一步推进1号卫生改革方案》的通知"
    assert titles[cut[3].url] == cut[3].title, "the document cannot be had"
    assert titles[cut[4].url] == cut[4].title, "the document bears another title"
    assert cut[39].url not in titles, "left for the next visit"
    assert len(items) == 32


@pytest.mark.parametrize(
    ("page", "more"),
    [
        (ColumnPage((Item("a", "b", None),), total=9), True),
        (ColumnPage((), total=9), False),
        (ColumnPage((Item("a", "b", None),), total=1), False),
    ],
)
def test_what_follows_an_answer_by_post(page: ColumnPage, more: bool) -> None:
    asked = ListRequest("http://a/q", "POST", {}, b'{"pageNo": 1, "pageSize": 1, "key": "1"}')
    following = next_asking(asked, len(page.items), page.total)
    assert (following is not None) is more
    if following is not None:
        assert json.loads(following.body) == {"pageNo": 2, "pageSize": 1, "key": "1"}


SHELL = """<html><head><title>文件公开</title></head><body><div id=list></div><script>var columnId='38211', pageNum=1;
  $.ajax({url:"/queryList", type:"POST", data:{columnId: columnId, pageNum: pageNum, pageSize: 3}, success:function(d){}})</script></body></html>"""


async def test_a_column_by_post_is_taken_up_with_whole_titles_and_a_bad_page_loses_nothing(tmp_path: Path) -> None:
    titles = {n: f"关于印发某市第{n}号卫生方案的通知" for n in range(1, 8)}
    titles[4] = "关于印发某市进一步深化改革和推进高质量发展若干卫生措施的通知"
    shown = {**titles, 4: titles[4][:12] + "…", 9: "关于印发某市教育方案的通知"}
    order, down = [7, 6, 5, 4, 9, 2, 1], [True]

    async def query(request: web.Request) -> web.Response:
        fields = await request.post()
        assert fields["columnId"] == "38211"
        page = int(str(fields["pageNum"]))
        if page == 3 and down[0]:
            return web.Response(status=521, headers={"set-cookie": "__jsluid_s=1"}, text="<script>go({})</script>")
        rows = [
            {"title": shown[n], "url": f"/art/{n}.html", "publishTime": f"2026-02-{n + 1:02d}"}
            for n in order[3 * page - 3 : 3 * page]
        ]
        return web.json_response({"code": 200, "data": {"total": len(order), "rows": rows}})

    pages: dict[str, object] = {f"/art/{n}.html": article(title=title) for n, title in titles.items()}
    pages |= {"/col/": SHELL, "/queryList": query}
    column = 'columns:\n  - {id: one, title: 栏目, url: "PORTAL/col/", follow: "卫生", depth: 9}\n'
    async with field_of(tmp_path, column, pages) as here:  # type: ignore[arg-type]

        def taken() -> set[str]:
            return {row.url.rpartition("/")[2] for row in here.store.sources.all() if row.kind == "page"}

        await here.round()
        assert taken() == set(), "nothing is kept while a page of the first load is held back"
        assert "/art/4.html" not in here.portal.asked
        down[0] = False
        await here.round()
        assert taken() == {f"{n}.html" for n in (7, 6, 5, 4, 2, 1)}
        await here.round()
        stored = {document["title"] for document in here.store.documents()}
        assert stored == {titles[n] for n in (7, 6, 5, 4, 2, 1)}
        order.insert(0, 3)
        await here.round()
        assert taken() == {f"{n}.html" for n in range(1, 8)}


async def test_a_draft_that_a_column_found_is_called_by_its_plan_once_the_final_joins(tmp_path: Path) -> None:
    notice = "关于公开征求《云溪市医疗卫生服务体系规划（2026—2030年）（征求意见稿）》意见的公告"
    issued = "云溪市人民政府办公室关于印发《云溪市医疗卫生服务体系规划（2026—2030年）》的通知"
    items = [f'<li><a href="/art/{n}.html">关于{n}号会议的通知</a><span>2026-01-0{n}</span></li>' for n in (1, 2, 3)]
    draft = f'<li><a href="/art/d.html">{notice}</a><span>2026-01-05</span></li>'
    final = f'<li><a href="/art/f.html">{issued}</a><span>2026-02-20</span></li>'
    pages = {
        "/col/": f"<ul>{draft}{''.join(items)}</ul>",
        "/art/d.html": article(title=notice),
        "/art/f.html": article(title=issued),
    }
    column = 'columns:\n  - {id: one, title: 栏目, url: "PORTAL/col/", follow: "规划"}\n'
    async with field_of(tmp_path, column, pages) as here:
        for _ in range(2):
            await here.round()
        assert [document["title"] for document in here.store.documents()] == [notice]
        here.portal.pages["/col/"] = f"<ul>{final}{draft}{''.join(items)}</ul>"
        for _ in range(2):
            await here.round()
        assert [document["title"] for document in here.store.documents()] == [
            "云溪市医疗卫生服务体系规划（2026—2030年）"
        ]


@pytest.mark.parametrize(
    ("title", "taken"),
    [
        ("关于公开征求《朔州市“十五五”卫生健康规划（征求意见稿）》意见的公告", True),
        ("朔州市\u3000卫\u3000生\u3000健\u3000康\u3000规\u3000划", True),
        ("朔州市“十五五”卫⽣健康规划", True),
        ("朔州市 2026 年重点工作", True),
        ("朔州市２０２６年重点工作", True),
        ("朔州市“十五五”教育规划", False),
        ("朔州市生活卫厨展览", False),
    ],
)
def test_an_item_matches_however_its_title_is_printed(title: str, taken: bool) -> None:
    assert follows("卫生|2026年", title) is taken
