"""What leaves for other programs, held against the standards by other people's libraries."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import icalendar
import jsonschema
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from openapi_spec_validator import validate

from tests.web.conftest import Serve
from tests.web.stories import BEGIN, HOHHOT, ORDOS
from tests.web.test_access import path_of
from tests.web.test_pages import spoil
from watcher.alert.events import DocumentFacts, consultation_result
from watcher.settings import Sources
from watcher.store import Store
from watcher.store.content import Content
from watcher.store.versions import NewVersion
from watcher.types import Consultation, Fetched
from watcher.web import export
from watcher.web.app import GETS

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_description_is_valid_openapi(page: httpx.Client) -> None:
    validate(page.get("/api/openapi.json").json())


VALUES: dict[str, tuple[str, ...]] = {
    "limit": ("1", "3", "100000", "0"), "q": ("卫生", "没有的词", "\x00", "'\"%"), "region": ("呼和浩特市", "x"),
    "stage": ("final", "draft", "bogus"), "effect": ("tightened", "bogus"), "indicator": ("婴儿死亡率", "beds-per-1000"),
    "document": (ORDOS, "x"), "cursor": ("1", "999999", "x", "-1", "9" * 40), "version": ("1", "final", "99"), "from": ("1", "draft", "9"),
    "to": ("2", "final", "x"), "after": ("", "zzz", "WyJhIiwgImIiXQ"), "sort": ("place", "target", "x"), "order": ("up", "down"),
    "place": ("呼和浩特市", "火星、朔州市"),
}  # fmt: skip


def test_every_answer_of_the_api_is_what_its_description_says(page: httpx.Client) -> None:
    described = page.get("/api/openapi.json").json()
    asked = 0
    for route, about in described["paths"].items():
        told = about["get"]["responses"]
        fixed = [one["name"] for one in about["get"]["parameters"] if one["in"] == "query"]
        for path in {
            path_of(route),
            route.replace("{id}", "no-such").replace("{key}", "no-such").replace("{number}", "9"),
        }:
            queries: list[dict[str, str]] = [{}, *({name: value} for name in fixed for value in VALUES[name])]
            for query in queries:
                answer = page.get(path.replace("{pair}", "1...2"), params=query)
                asked += 1
                assert str(answer.status_code) in told, (path, query, answer.status_code)
                schema = told[str(answer.status_code)]["content"]["application/json"]["schema"]
                jsonschema.validate(answer.json(), {**schema, "components": described["components"]})
    assert asked > 120


def test_every_page_file_and_feed_has_a_validator_that_holds(page: httpx.Client) -> None:
    without = {"/healthz", "/metrics", "/login", "/documents/{id}/diff", "/static/{name}"}
    for route, _ in GETS:
        path = path_of(route)
        first = page.get(path)
        if route in without:
            continue
        assert first.status_code == 200, route
        tag = first.headers["etag"]
        for sent in (f'"other", W/{tag}', "*"):
            again = page.get(path, headers={"if-none-match": sent})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), (route, sent)
        assert page.get(path, headers={"if-none-match": '"other"'}).status_code == 200
        assert page.head(path).headers["etag"] == tag
    for form in ("md", "docx", "pdf"):
        path = f"/documents/{HOHHOT}/diff/1...2/{form}"
        tag = page.get(path).headers["etag"]
        assert page.get(path, headers={"if-none-match": tag}).status_code == 304, form
    style = page.get("/static/style.css")
    assert page.get("/static/style.css", headers={"if-none-match": style.headers["etag"]}).status_code == 304


def test_office_files_do_not_carry_the_time_of_their_writing(page: httpx.Client) -> None:
    for path in (f"/documents/{HOHHOT}/diff/1...2/docx", "/indicators/beds-per-1000/xlsx"):
        with zipfile.ZipFile(io.BytesIO(page.get(path).content)) as package:
            assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = package.read("docProps/core.xml").decode()
        assert not re.search(r">20(?!00-01-01|13-12-23)\d\d-", core), "2013: the date of python-docx's own template"


def entries_of(body: bytes) -> list[Any]:
    """The entries of a feed, after what RFC 4287 demands of it was looked at."""
    feed = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for one in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{ATOM}{name}")) == 1, "4.1.1, 4.1.2: exactly one each"
        assert urlsplit(one.findtext(f"{ATOM}id")).scheme in ("http", "https"), "4.2.6: an IRI"
        moment = one.findtext(f"{ATOM}updated")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", moment), "3.3: RFC 3339"
        assert datetime.fromisoformat(moment).tzinfo is not None
        links = [(link.get("rel", "alternate"), link.get("type")) for link in one.findall(f"{ATOM}link")]
        assert len(links) == len(set(links)), "4.1.1, 4.1.2: one alternate of a type"
        assert ("alternate", None) in links
        for text in one.findall(f"{ATOM}title") + one.findall(f"{ATOM}content"):
            assert text.get("type", "text") in ("text", "html")
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None, "4.1.1: an author for the entries"
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(ids) == len(set(ids))
    return list(entries)


def test_feeds_are_atom(page: httpx.Client, own_story: Sources, serve: Serve) -> None:
    for query in (
        "",
        f"?document={ORDOS}",
        "?region=呼和浩特市",
        "?indicator=infant-mortality",
        "?region=x",
        "?lang=en",
    ):
        entries_of(page.get(f"/feed.atom{query}").content)
    assert len(entries_of(page.get("/feed.atom").content)) == 2
    spoil(own_story)
    entries_of(serve(own_story).get("/feed.atom").content)


def windows(store: Store, contact: str) -> None:
    for name, closes in ((HOHHOT, "2099-03-31"), (ORDOS, "2099-12-31")):
        row = store.pages.sources(document_id=name)[0]
        store.lineage.set_consultation(name, Consultation("2026-03-01", closes, contact), row["id"])


def test_the_calendar_is_icalendar(own_story: Sources, serve: Serve) -> None:
    contact = "电话;,\\ 0471-1\r\n邮箱:a@b.cn " + "很长的一句话" * 30
    with Store(own_story.database) as store:
        windows(store, contact)
    body = serve(own_story).get("/calendar.ics").content
    found = icalendar.Calendar.from_ical(body)
    events = found.walk("VEVENT")
    assert found["VERSION"] == "2.0"
    assert len({str(one["UID"]) for one in events}) == len(events) == 2
    one = events[0]
    assert (one.decoded("DTSTART"), one.decoded("DTEND")) == (date(2099, 3, 31), date(2099, 4, 1))
    assert "0471-1" in str(one["DESCRIPTION"])
    assert "很长的一句话" * 30 in str(one["DESCRIPTION"])
    assert str(one["URL"]).endswith(f"/documents/{HOHHOT}")
    assert one.errors == []
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_the_calendar_tells_what_became_of_the_opinions(own_story: Sources, serve: Serve) -> None:
    with Store(own_story.database) as store:
        row = store.pages.sources(document_id=HOHHOT)[0]
        yesterday = (datetime.now(UTC) - timedelta(days=5)).date().isoformat()
        store.lineage.set_consultation(HOHHOT, Consultation("2026-03-01", yesterday, None), row["id"])
        about = DocumentFacts(HOHHOT, "呼和浩特市规划", "呼和浩特市", "draft")
        for number, url in enumerate(("javascript:alert(1)", "http://a.example/result.html")):
            with store.atomic():
                event = consultation_result(about, BEGIN, result_title=f"意见采纳情况的公告{number}", result_url=url)
                store.changes.add_event(event, document_id=HOHHOT)
    text = serve(own_story).get("/calendar").text
    assert re.search(r'<a href="http://a\.example/result\.html"[^>]*>意见采纳情况的公告1</a>', text)
    assert "javascript:" not in text
    assert "未见公布" not in text


def cursors(client: httpx.Client, route: str, name: str) -> Iterator[list[Any]]:
    """Pages of one row each."""
    following: Any = ""
    while following is not None:
        query = {"limit": 1, **({name: following} if following else {})}
        answer = client.get(route, params=query).json()
        yield answer["items"]
        following = answer["next"]


@pytest.mark.parametrize("route", ["/api/v1/documents", "/api/v1/changes"])
def test_a_list_that_grows_while_it_is_read_repeats_and_leaves_out_nothing(
    own_story: Sources, serve: Serve, route: str
) -> None:
    client = serve(own_story)
    before = [one["document"] for one in client.get(route).json()["items"]]
    seen: list[str] = []
    for number, items in enumerate(cursors(client, route, "cursor")):
        seen += [one["document"] for one in items]
        if number == 0:
            _grow(own_story)
    # What changed meanwhile stands at the head of the list, where the reader has been.
    assert seen == [one for one in before if one in seen]
    assert len(seen) == len(set(seen))
    assert set(before) - set(seen) <= {ORDOS}
    assert client.get(route).json()["items"][0]["document"] == ORDOS


def _grow(sources: Sources) -> None:
    from watcher.compare import compare
    from watcher.compare.render import to_json

    with Store(sources.database) as store:
        row = store.pages.sources(document_id=ORDOS)[0]
        last = store.versions.newest(ORDOS, 1)[0]
        now = BEGIN + timedelta(days=30)
        with store.atomic():
            snapshot = store.snapshots.add(row["id"], Fetched(row["url"], row["url"], 200, {}, b"y", now), "document")
            new = NewVersion(ORDOS, row["id"], snapshot, "final", "content", "r", now, Content.of(last.reading, ()))
            number = store.versions.add(new)
            after = store.versions.get(number)
            change = compare(last.reading, after.reading, last.indicators, after.indicators)
            diff = to_json(change, ORDOS, last.ref, after.ref)
            store.changes.add(last.id, number, "content", change, diff, now)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=30),
    st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋", "－", "＠", "%", "|", "'="]),
)
def test_no_cell_of_any_file_is_a_formula(text: str, first: str) -> None:
    cell = first + text.encode("utf-8", "replace").decode()
    shown = next(
        itertools.islice(
            csv.reader(io.StringIO(export.to_csv(["h"], [[cell, "x"]]).decode("utf-8-sig"), newline="")), 1, 2
        )
    )[0]
    if shown and not _is_number(shown):
        assert shown[0] not in "=+-@\t\r\n|＝＋－＠"
    sheet = openpyxl.load_workbook(io.BytesIO(export.to_xlsx("t", ["h"], [[cell, "x"]]))).worksheets[0]
    assert sheet["A2"].data_type in ("s", "n", "inlineStr")
    assert sheet["A2"].data_type != "f"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
