"""Lists made to cost time, memory or somebody else's requests: bounded, and never an exception."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable

import pytest

from watcher.portals._lists import MAX_ITEMS
from watcher.read.columns import is_column, read_column

URL = "http://wjw.a.gov.cn/zwgk/list.html"
ROW = '<li><a href="/art/{0}.html">关于印发《第{0}号办法》的通知</a><span>2024-01-01</span></li>'


def _json(count: int) -> str:
    return json.dumps(
        {"total": count, "list": [{"title": f"关于第{n}号规划的公告", "url": f"/a/{n}.html"} for n in range(count)]}
    )


LISTS: dict[str, Callable[[], str]] = {
    "a million objects": lambda: _json(300_000),
    "a million rows": lambda: "<html><ul class=list>" + "".join(ROW.format(n) for n in range(15_000)) + "</ul></html>",
    "a million links in one row": lambda: "<ul><li>" + '<a href="/a.html">关于规划的公告全文</a>' * 50_000 + "</li></ul>",
    "deep json": lambda: '{"a":' * 200_000 + "1" + "}" * 200_000,
    "deep lists": lambda: "[" * 500_000,
    "huge numbers": lambda: (
        '{"total":' + "9" * 100_000 + ',"rows":[{"title":"关于规划的公告","url":"/a.html","date":1e999,"time":' + "1" * 400 + "}]}"
    ),
    "huge fields": lambda: json.dumps({"rows": [{"title": "规划" * 2_000_000, "url": "/" + "a" * 2_000_000, "date": "1" * 10**6}]}),
    "many fields": lambda: json.dumps({"rows": [{f"f{n}": n for n in range(200_000)}]}),
    "script of many starts": lambda: "<script>" + 'var a={"title":[' * 30_000 + "</script>",
    "script of many objects": lambda: "<script>var title=1;" + "{title:'关于规划',url:'" * 20_000 + "</script>",
    "script of open strings": lambda: "<script>x={title:" + "'\\" * 200_000 + "</script>",
    "many calls": lambda: "<script>" + "$.ajax({url:'/getList',data:{" * 20_000 + "</script>",
    "many pagers": lambda: ROW.format(1) + "<script>" + "$('.a').pagination({totalPages:9," * 30_000,
    "pagers of functions": lambda: ROW.format(1) + "<script>" + "Ls.pagination('#a',function(a,b){ x }, " * 20_000,
    "a pager of stars": lambda: ROW.format(1) + "<script>laypage.render({pages:9,link:'" + "*" * 300_000,
    "many forms": lambda: ROW.format(1) + "共9页" + ("<form>" + "<input name=pageNo value=1>" * 50) * 1000,
    "cut titles among cells": lambda: (
        "<table>"
        + "".join(f'<tr><td><a href="/{n}.html">关于公开征求第{n}号办法…</a></td>{"<td>关于公开征求办法" * 60}</tr>' for n in range(500))
    ),
    "many scripts": lambda: "<script>var title:1</script>" * 50_000,
    "records": lambda: "<datastore>" + "<recordset><record><![CDATA[" * 50_000,
    "records in records": lambda: "<datastore><recordset>" + "<record><![CDATA[<li><a href=1>关于规划</a>]]>" * 50_000,
    "feed": lambda: "<rss>" + "<item><title>关于规划</title><link>/a</link>" * 50_000,
    "open feed": lambda: "<rss>" + "<item><title>" * 100_000,
    "pagers": lambda: "<script>" + "createPageHTML(9, 0, 'index', " * 50_000 + "</script>",
    "xml of leaves": lambda: "<?xml version='1.0'?><list>" + "<title>关于规划的公告</title><url>/a</url>" * 60_000,
    "xml of open leaves": lambda: "<?xml version='1.0'?><list>" + "<title><![CDATA[关于规划" * 100_000,
    "xml of attributes": lambda: "<?xml version='1.0'?><list>" + '<row title="关于规划的公告" url="/a' * 60_000,
    "rows of values": lambda: json.dumps([[f"关于第{n}号规划的公告", f"/a/{n}.html", "2024-01-01"] for n in range(60_000)]),
    "html in json": lambda: json.dumps({"html": ROW.format(1) * 15_000}),
    "open templates": lambda: "<html>" + "<template><a href=/a>关于规划的公告全文</a>" * 20_000,
    "open attributes": lambda: "<html>" + " data-a='[{" * 100_000,
    "json in open strings": lambda: "<script>var title=1;" + "JSON.parse('[{\\\\" * 60_000 + "</script>",
    "functions": lambda: (
        "<script>" + "function f(a){location='/a?b='+a;}" * 20_000 + "</script>" + "<a onclick=f(1)>关于规划的公告全文</a>" * 3000
    ),
    "links that only say look": lambda: "<table>" + "<tr><td>关于规划的公告全文</td><td><a href=/{0}>查看</a></td></tr>" * 4_000,
    "notices": lambda: "<ul><li>" + "暂无信息，" * 200_000 + "</li></ul>" + ROW.format(1) * 100,
    "tables in rows": lambda: "<table>" + "<tr><td><table>" * 2_000 + '<tr><td><a href="/a.html">关于规划的公告全文</a></td></tr>',
    "spanning cells": lambda: "<table><tr><td rowspan=9999>2024年</td></tr>" + '<tr><td><a href="/a.html">关于规划的公告全文</a></td><td>01-02</td></tr>' * 4_000,
    "sessions": lambda: '<ul class=list>' + "".join(f'<li><a href="/a.do;jsessionid={"A" * 100}?id={n}&_t=1763800000123">关于规划的公告</a></li>' for n in range(9_000)),
    "page counts": lambda: ROW.format(1) + "共" * 300_000 + "页",
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_hostile_list_costs_little(name: str) -> None:
    text = LISTS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    page = read_column(text, URL)
    is_column(text, URL)
    assert time.process_time() - begun < 6
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024
    assert len(page.items) <= MAX_ITEMS
    assert all(len(item.title) <= 500 for item in page.items)
    assert len(page.requests) <= 10


@pytest.mark.parametrize(
    "script",
    [
        '$.post("http://10.0.0.1/getList", {p: 1})',
        '$.post("//other.example/getList", {p: 1})',
        '$.get("/visit/count.do", {id: 1})',
        '$.post("/user/login/list", {})',
        '$.ajax({url: "/api/" + name + "/list", type: "post"})',
        'fetch("file:///etc/passwd?list")',
    ],
)
def test_a_page_makes_us_ask_nothing_but_lists_of_its_own_host(script: str) -> None:
    assert read_column(f"<html><div id=list></div><script>{script}</script></html>", URL).requests == ()


def test_a_template_is_no_list() -> None:
    template = '<script type="text/x-handlebars">{{#each list}}<li><a href="{{url}}">关于{{title}}的公告全文</a><span>{{date}}</span></li>{{/each}}</script>'
    assert read_column(f"<html><div id=list></div>{template}</html>", URL).items == ()
