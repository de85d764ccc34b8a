"""What leaves the page for other programs: the API, feeds, files, figures."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import httpx
import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.web.conftest import Serve
from tests.web.stories import HOHHOT, NAMES, ORDOS
from watcher.alert.links import diff_path, document_path
from watcher.indicators.show import FIELDS
from watcher.settings import Sources
from watcher.store import Store
from watcher.types import Consultation
from watcher.web import access, charts, export
from watcher.web.app import GETS
from watcher.web.feeds import _folded
from watcher.web.health import lines

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_api_is_described_route_by_route(page: httpx.Client) -> None:
    described = page.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.")
    routes = {route for route, _ in GETS if route.startswith("/api/v1/")}
    assert set(described["paths"]) == routes
    used = set(re.findall(r"#/components/schemas/(\w+)", page.get("/api/openapi.json").text))
    assert used <= set(described["components"]["schemas"])


def schema_of(described: dict[str, Any], route: str) -> dict[str, Any]:
    found: dict[str, Any] = described["paths"][route]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    return found


def fits(value: Any, schema: dict[str, Any], all_: dict[str, Any]) -> None:
    """A small check of JSON against the parts of JSON Schema that our description uses."""
    if "$ref" in schema:
        fits(value, all_[schema["$ref"].rsplit("/", 1)[1]], all_)
        return
    if "anyOf" in schema:
        if value is not None:
            fits(value, schema["anyOf"][0], all_)
        return
    if "enum" in schema:
        assert value in schema["enum"]
        return
    kinds = {"string": str, "integer": int, "boolean": bool, "null": type(None), "object": dict, "array": list}
    named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert isinstance(value, tuple(kinds[one] for one in named)), (value, schema)
    if isinstance(value, dict) and "properties" in schema:
        for name, inner in schema["properties"].items():
            assert name in value, (name, sorted(value))
            fits(value[name], inner, all_)
    if isinstance(value, list) and "items" in schema:
        for one in value:
            fits(one, schema["items"], all_)


@pytest.mark.parametrize("route", sorted(route for route, _ in GETS if route.startswith("/api/v1/")))
def test_every_answer_has_the_shape_that_is_described(page: httpx.Client, route: str) -> None:
    described = page.get("/api/openapi.json").json()
    path = (
        route.replace("{id}", HOHHOT)
        .replace("{number}", "1")
        .replace("{pair}", "1...2")
        .replace("{key}", "beds-per-1000")
    )
    answer = page.get(path)
    assert answer.status_code == 200
    fits(answer.json(), schema_of(described, route), described["components"]["schemas"])


def test_the_shapes_are_those_of_the_command_line(page: httpx.Client) -> None:
    diff = page.get(f"/api/v1/documents/{HOHHOT}/diff?from=draft&to=final").json()
    assert set(diff) == {"document", "from", "to", "moves", "edits"}
    assert diff["from"]["stage"] == "draft"
    assert {move["effect"] for move in diff["moves"]} >= {"tightened", "binding"}
    indicators = page.get(f"/api/v1/documents/{HOHHOT}/indicators").json()
    assert set(indicators[0]) == set(FIELDS)
    reading = page.get(f"/api/v1/documents/{HOHHOT}/versions/2").json()
    one = next(one for one in indicators if one["value"])
    assert (
        one["text"] in reading["text"][one["start"] : one["end"]]
        or one["value"] in reading["text"][one["start"] : one["end"]]
    )


@pytest.mark.parametrize("route", ["/api/v1/documents", "/api/v1/changes", f"/api/v1/documents/{HOHHOT}/versions"])
def test_lists_run_by_cursor_without_gap_or_repeat(page: httpx.Client, route: str) -> None:
    whole = page.get(route).json()["items"]
    seen: list[Any] = []
    following: Any = ""
    while following is not None:
        answer = page.get(route, params={"limit": 1, "cursor": following} if following else {"limit": 1}).json()
        assert len(answer["items"]) == 1
        seen += answer["items"]
        following = answer["next"]
    assert seen == whole
    assert len(whole) > 1


@pytest.mark.parametrize("sort", ["place", "target", "baseline"])
@pytest.mark.parametrize("order", ["up", "down"])
def test_the_matrix_runs_by_cursor_in_its_order(page: httpx.Client, sort: str, order: str) -> None:
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        params: dict[str, Any] = {"limit": 1, "sort": sort, "order": order}
        answer = page.get(
            "/api/v1/indicators/beds-per-1000", params={**params, **({"after": after} if after else {})}
        ).json()
        seen += dict.fromkeys(one["document"] for one in answer["items"])
        after = answer["next"]
    once = list(dict.fromkeys(seen))
    whole = page.get("/api/v1/indicators/beds-per-1000", params={"sort": sort, "order": order}).json()["items"]
    assert once == list(dict.fromkeys(one["document"] for one in whole))
    if sort == "target":
        values = {one["document"]: float(one["value"]) for one in whole if one["role"] == "target" and one["value"]}
        shown = [values[one] for one in once]
        assert shown == sorted(shown, reverse=order == "down")


def test_atom_tells_the_changes_at_stable_addresses(page: httpx.Client) -> None:
    answer = page.get("/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    links = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert links == [f"{str(page.base_url).rstrip('/')}{diff_path(name, 1, 2)}" for name in (HOHHOT, ORDOS)]
    assert "婴儿死亡率" in answer.text
    for query, count in (
        ("document=" + ORDOS, 1),
        ("region=呼和浩特", 1),
        ("indicator=人均预期寿命", 1),
        ("effect=relaxed", 0),
    ):
        found = ElementTree.fromstring(page.get(f"/feed.atom?{query}").content).findall(f"{ATOM}entry")
        assert len(found) == count, query
    assert page.get("/feed.atom", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_paths_of_messages_are_pages(page: httpx.Client) -> None:
    assert page.get(document_path(HOHHOT)).status_code == 200
    assert page.get(diff_path(HOHHOT, 1, 2)).status_code == 200


def test_consultations_come_as_calendar(own_story: Sources, serve: Serve) -> None:
    today = datetime.now(UTC).date()
    still_open = NAMES[-1]  # no final text of it has come
    closes = f"{today.year + 1}-03-01"
    with Store(own_story.database) as store:
        for document in (HOHHOT, still_open):
            asked = store.versions.numbered(document, 1)
            assert asked is not None
            store.lineage.set_consultation(
                document, Consultation("2020-01-01", closes, "电话;,\n换行"), asked.source_id
            )
    client = serve(own_story)
    text = client.get("/calendar.ics").content.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    assert "SUMMARY:征求意见截止：立足当前" in unfolded
    assert "电话\\;\\,\\n换行" in unfolded
    html = client.get("/calendar").text
    assert "还有" in html
    # The other one's final text has come: nobody waits for the end of its consultation any more.
    assert [one["document"] for one in client.get("/api/v1/consultations").json()["items"]] == [still_open]
    assert "呼和浩特" not in unfolded
    with Store(own_story.database) as store:
        assert [one["document_id"] for one in store.lineage.consultations()] == [still_open]


@given(
    st.text(min_size=1, max_size=300).filter(
        lambda text: (not set(text) & {"\r", "\n"} and max(text) < "\ud800") or max(text) > "\udfff"
    )
)
def test_folded_lines_come_back(text: str) -> None:
    folded = list(_folded(text))
    assert all(len(line.encode("utf-8", "replace")) <= 75 for line in folded)
    assert folded[0] + "".join(line[1:] for line in folded[1:]) == text


@pytest.mark.parametrize("cell", ["=1+1", "+1x", "-x", "@SUM(A1)", "\t=1", "\r=1", "|cmd", "\n=x"])
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert export.safe_cell(cell).startswith("'")
    rows = list(csv.reader(io.StringIO(export.to_csv(["h"], [[cell]]).decode("utf-8-sig"))))
    assert rows[1][0].startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(export.to_xlsx("t", ["h"], [[cell, 1.5]])))
    sheet = book.worksheets[0]
    assert sheet["A2"].data_type == "s"
    assert sheet["B2"].value == 1.5


@pytest.mark.parametrize("number", ["-3.5", "+2", "7"])
def test_numbers_stay_numbers(number: str) -> None:
    assert export.safe_cell(number) == number


def test_the_matrix_is_saved_with_its_numbers(page: httpx.Client) -> None:
    text = page.get("/indicators/beds-per-1000/csv").content
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows[0][0] == "地区"
    assert {row[0] for row in rows[1:]} == {"呼和浩特市", "鄂尔多斯市", "朔州市"}
    sheet = openpyxl.load_workbook(io.BytesIO(page.get("/indicators/beds-per-1000/xlsx").content)).worksheets[0]
    assert sheet.max_row == len(rows)
    assert any(isinstance(cell.value, int | float) for cell in sheet["H"])


def test_comparisons_are_saved_for_a_report(page: httpx.Client) -> None:
    from docx import Document

    html = page.get(f"{diff_path(HOHHOT, 1, 2)}/html")
    assert html.headers["content-disposition"].startswith("attachment")
    assert "婴儿死亡率" in html.text
    assert "婴儿死亡率" in page.get(f"{diff_path(HOHHOT, 1, 2)}/md").text
    body = page.get(f"{diff_path(HOHHOT, 1, 2)}/docx").content
    assert zipfile.is_zipfile(io.BytesIO(body))
    book = Document(io.BytesIO(body))
    assert any("婴儿死亡率" in cell.text for row in book.tables[0].rows for cell in row.cells)
    assert any(run.font.strike for paragraph in book.paragraphs for run in paragraph.runs)


def test_metrics_are_in_prometheus_form(page: httpx.Client) -> None:
    answer = page.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in answer.text.splitlines():
        assert re.fullmatch(
            r"# (HELP|TYPE) watcher_[a-z_]+ .+|watcher_[a-z_]+(\{[a-z]+=\"[^\"]*\"\})? -?[0-9.e+]+", line
        ), line
    assert "watcher_documents 5" in answer.text
    assert 'watcher_alerts{state="dead"}' in answer.text


def test_a_figure_that_comes_later_is_told_too() -> None:
    found = {
        "running": True, "ticking": True, "pid": 7, "last_tick": None, "alerts": {}, "verdicts": {'a"b\\': 1}, "stopped_channels": {}, "latency_p50": 0.25,
    }  # fmt: skip
    text = "".join(lines(found))
    assert "watcher_latency_p50 0.25" in text
    assert '{verdict="a\\"b\\\\"} 1' in text


def test_health_says_when_the_database_is_gone(own_story: Sources, serve: Serve) -> None:
    client = serve(own_story)
    assert client.get("/healthz").status_code == 200
    for suffix in ("", "-wal", "-shm"):
        own_story.database.with_name(own_story.database.name + suffix).unlink(missing_ok=True)
    own_story.database.write_bytes(b"not a database" * 100)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["writable"]) == (503, False)
    assert client.get("/").status_code == 503


@given(st.lists(st.tuples(st.integers(2000, 2035), st.floats(-1e9, 1e9)), min_size=2, max_size=6))
@example([(2000, 0.0), (2001, 5e-324)])
@example([(2000, 6.8), (2001, 6.8)])
def test_charts_are_whole_whatever_the_numbers(points: list[tuple[int, float]]) -> None:
    row = charts.Line("<x>", tuple(sorted(dict(points).items())))
    drawn = [charts.lines([row], "a"), charts.bars([charts.Bar("<b>", value, "t") for _, value in points], "b")]
    drawn.append(charts.spark([(at, value) for at, (_, value) in enumerate(points)], "c"))
    for one in drawn:
        if one:
            ElementTree.fromstring(str(one))
            assert "nan" not in one


@given(st.text(max_size=60))
def test_no_header_breaks_the_door(text: str) -> None:
    found = access.credentials(text)
    assert found is None or len(found) == 2
    assert not access.session_holds(b"k", text, 0.0)
