"""The page and its downloads with a hostile document: nothing runs, nothing leaks, nothing outside is read."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.attacks.hostile import article, field_of
from tests.attacks.test_inside import DOCUMENT, PAGE
from tests.web.conftest import Serve, serve
from watcher.settings import Sources
from watcher.sources import load

__all__ = ["serve"]
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}${7*7}<%= 7*7 %>]]><svg/onload=alert(1)>;}*{color:red}/*"
ESCAPED = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def page(value: str) -> str:
    table = (
        f"<table><tr><th>指标</th><th>2020年</th><th>2025年</th><th>属性</th></tr><tr><td>=cmd|'/c calc'!A1{ESCAPED}（岁）</td><td>77.3</td><td>{value}</td><td>预期性</td></tr>"
        f"<tr><td>@SUM(1)（张）</td><td>6.1</td><td>{value}</td><td>预期性</td></tr><tr><td>人均预期寿命（岁）</td><td>77.3</td><td>{value}</td><td>预期性</td></tr></table>"
    )
    return article(
        f"<p>一、{ESCAPED}</p>{table}<p>{ESCAPED}改为{value}次。</p><p><a href='javascript:alert(1)' download='x.docx'>附件.docx</a></p>",
        title=f"某市“十四五”{ESCAPED}规划",
    )


@pytest.fixture
async def hostile(tmp_path: Path) -> Sources:
    column = 'columns:\n  - {id: list, title: 栏目, url: "PORTAL/list/", follow: "规划"}\n'
    rows = "".join(
        f'<li><a href="/zw/{n}.html?{ESCAPED}">某市规划{ESCAPED}{n}</a><span>2026-03-0{n}</span></li>'
        for n in range(1, 6)
    )
    async with field_of(
        tmp_path, DOCUMENT + column, {PAGE: page("78.1"), "/list/": f'<ul class="list">{rows}</ul>'}
    ) as field:
        await field.round()
        field.portal.pages[PAGE] = page("79.5")
        await field.round()
        await field.round()
    return load(tmp_path / "sources.yaml")


PATHS = (
    "/", "/documents", "/documents/plan", "/documents/plan/diff", "/documents/plan/diff/1...2", "/documents/plan/versions/1",
    "/documents/plan/versions/2", "/indicators", "/indicators/life-expectancy", "/calendar", "/sources", "/incidents", "/alerts", "/login",
    "/feed.atom", "/calendar.ics", "/documents/plan/diff/1...2/html", "/documents/plan/diff/1...2/markdown", "/documents/plan/diff/1...2/docx",
    "/documents/plan/snapshots/1", "/indicators/life-expectancy/csv", "/indicators/life-expectancy/xlsx",
)  # fmt: skip


def live(body: str) -> list[str]:
    """Everything in a page that would run or load from elsewhere."""
    found = []
    for node in LexborHTMLParser(body).css("*"):
        attributes = {name.lower(): (value or "") for name, value in node.attributes.items()}
        found += [f"{node.tag} {name}" for name in attributes if name.startswith("on")]
        found += [
            f"{node.tag} {name}={value[:60]}" for name, value in attributes.items()
            if name in ("href", "src", "action", "formaction", "data") and re.match(r"\s*(javascript|data|vbscript|file):", value, re.IGNORECASE)
        ]  # fmt: skip
        if (node.tag == "script" and not attributes.get("src", "").startswith("/static/")) or node.tag in (
            "iframe",
            "object",
            "embed",
            "base",
        ):
            found.append(node.tag or "")
        if node.tag == "img" and attributes.get("src") == "x":
            found.append("img")
    return found


def test_hostile_texts_run_nowhere(hostile: Sources, serve: Serve) -> None:
    client = serve(hostile)
    seen = 0
    for path in (
        *PATHS,
        f"/?q={EVIL}",
        f"/documents?q={EVIL}",
        f"/documents/{EVIL}",
        f"/no{EVIL}",
        f"/?region={EVIL}&stage={EVIL}&effect={EVIL}&cursor={EVIL}",
    ):
        answer = client.get(path)
        assert answer.status_code < 500, path
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert (
            "script-src 'self'" in answer.headers["content-security-policy"]
            or "sandbox" in answer.headers["content-security-policy"]
        )
        if "html" in answer.headers.get("content-type", ""):
            assert live(answer.text) == [], path
            assert "49" not in re.findall(r"\{\{7\*7\}\}|>49<", answer.text)
            seen += "alert(1)" in answer.text
        elif "xml" in answer.headers.get("content-type", ""):
            assert "<script" not in answer.text
            assert "<img" not in answer.text
        if "/snapshots/" in path or path.endswith("/html"):
            assert answer.headers["content-disposition"].startswith("attachment")
    assert seen > 4


def test_exports_hold_no_formulas(hostile: Sources, serve: Serve) -> None:
    from openpyxl import load_workbook

    client = serve(hostile)
    answer = client.get("/indicators/life-expectancy/csv")
    assert answer.status_code == 200
    for row in csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))):
        assert not [cell for cell in row if re.match(r"[=@\t\r|+]|-(?![\d.])", cell)]
    book = load_workbook(io.BytesIO(client.get("/indicators/life-expectancy/xlsx").content))
    assert {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    report = zipfile.ZipFile(io.BytesIO(client.get("/documents/plan/diff/1...2/docx").content))
    assert b"<script" not in report.read("word/document.xml")


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/%2e%2e/app.py", "/static/style.css%00.js", "/static//etc/passwd",
     "/documents/..%2f..%2fsources.yaml", "/documents/plan/snapshots/..%2f..%2fwatcher.db", "/documents/plan/snapshots/-1",
     "/documents/plan/snapshots/99999999999999999999999", "/documents/plan/snapshots/1%20OR%201=1", "/documents/plan/versions/1e9",
     "/documents/plan/versions/999999999999999999999", "/documents/plan/diff/1...99999999999999999999999", "/documents/plan/diff/1...2/..%2fx",
     "/documents/plan/diff/٣...٤", "/documents/plan/versions/²", "/documents/plan/snapshots/٣", "/documents/%00", "/documents/%ff%fe",
     "/indicators/..%2f..%2f/csv", "/documents/plan'%20OR%20'1'='1", "/api/v1/documents/plan/versions/99999999999999999999",
     "/api/v1/changes?limit=99999999999999999999", "/api/v1/changes?limit=-1", "/api/v1/changes?cursor=99999999999999999999999", "/?cursor=%00"],
)  # fmt: skip
def test_no_path_leads_out_of_the_page(hostile: Sources, serve: Serve, path: str) -> None:
    client = serve(hostile)
    answer = client.send(httpx.Request("GET", f"{str(client.base_url).rstrip('/')}{path}"))
    assert answer.status_code < 500, (path, answer.text[:200])
    assert "allow_private" not in answer.text
    assert b"SQLite format 3" not in answer.content
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "words",
    [
        "' OR 1=1 --",
        '"',
        "%",
        "_",
        "\\",
        "*",
        "a* OR b",
        "NEAR(",
        "title:x",
        "^",
        "-",
        "(" * 500,
        "\x00",
        "规划" * 500,
        "AND",
        "{x} : y",
        "'; DROP TABLE versions; --",
    ],
)
def test_search_words_are_words(hostile: Sources, serve: Serve, words: str) -> None:
    client = serve(hostile)
    for path in ("/", "/documents", "/api/v1/changes", "/api/v1/documents", "/indicators"):
        every = dict.fromkeys(("q", "region", "stage", "indicator", "effect", "since", "until"), words)
        for asked in ({"q": words}, {"region": words}, every):
            assert client.get(path, params=asked).status_code < 500, path
    assert client.get("/documents/plan").status_code == 200


def test_another_host_and_another_site_are_refused(hostile: Sources, serve: Serve) -> None:
    client = serve(hostile)
    for host in (
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8321",
        "[::1].evil.example",
        "localhost.evil.example",
        "",
        "a@127.0.0.1:1/..",
        "evil.example\\@localhost",
    ):
        assert client.get("/", headers={"host": host}).status_code in (400, 421), host
    for action in ("/sources/1/check", "/alerts/resend-dead", "/links/1"):
        assert client.post(action, data={}).status_code in (403, 415)
        assert client.post(action, data={"token": ""}, headers={"origin": "http://evil.example"}).status_code == 403
        assert client.post(action, json={"token": ""}).status_code in (403, 415)
        assert client.get(action).status_code in (404, 405)
