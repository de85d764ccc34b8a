"""The verdict over the cases: each page is judged as the server sent it, without and with a reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from watcher.decoding import decode
from watcher.errors import FetchError
from watcher.fetch.verdict import Shape, judge, verdict_of_error
from watcher.types import Attachment, Block, Fetched, Item, Reading
from watcher.words import told

CASES = Path(__file__).parent.parent / "cases" / "fetch"
LONG = "".join(
    f"<p>第{number}条　各级人民政府应当加强公共卫生服务体系建设，到2025年每千人口床位数达到7.5张，"
    f"完善第{number}类医疗卫生机构的设置标准和服务规范。</p>"
    for number in range(1, 40)
)


@dataclass(frozen=True)
class Case:
    name: str
    verdict: str
    sign: str
    fetched: Fetched


def load(path: Path) -> Case:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    fields: dict[str, str] = {}
    headers: dict[str, str] = {}
    for line in head.splitlines():
        name, _, value = line.partition(": ")
        if name == "header":
            key, _, text = value.partition(": ")
            headers[key.lower()] = text
        else:
            fields[name] = value
    body = body.strip("\n").replace("<!--LONG-->", LONG)
    url = "http://portal.test/a/b.html"
    fetched = Fetched(
        url, fields.get("final", url), int(fields["status"]), headers, body.encode(), datetime(2026, 1, 1, tzinfo=UTC)
    )
    return Case(path.stem, fields["verdict"], fields.get("sign", ""), fetched)


ALL = [load(path) for path in sorted(CASES.glob("*.case"))]


def source(fetched: Fetched) -> str:
    return decode(fetched.body, fetched.headers.get("content-type")).text


def read_plainly(text: str) -> Reading:
    """What a reader without any cunning makes of a page: its title and one paragraph a line."""
    if "<" not in text:
        return Reading("document", "", tuple(Block("paragraph", line) for line in text.splitlines() if line))
    tree = LexborHTMLParser(text)
    title = tree.css_first("h1") or tree.css_first("title")
    name = title.text(strip=True) if title is not None else ""
    tree.strip_tags(["script", "style", "head", "noscript"])
    lines = tree.body.text(separator="\n", strip=True).splitlines() if tree.body is not None else []
    return Reading("document", name, tuple(Block("paragraph", line) for line in lines if line))


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_page_without_a_reading_gets_its_verdict(case: Case) -> None:
    found = judge(case.fetched, source(case.fetched), None)
    assert found.verdict == case.verdict, found
    assert not case.sign or found.sign == case.sign
    assert found.reason


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_page_with_a_reading_gets_its_verdict(case: Case) -> None:
    text = source(case.fetched)
    found = judge(case.fetched, text, read_plainly(text))
    assert found.verdict == case.verdict, found
    assert not case.sign or found.sign == case.sign


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)
def test_page_whose_reader_found_nothing_is_never_a_document(case: Case) -> None:
    found = judge(case.fetched, source(case.fetched), Reading("document", "", ()))
    if case.fetched.status != 304:
        assert found.verdict != "document", found


def test_every_verdict_of_a_fetched_page_has_a_case() -> None:
    assert {case.verdict for case in ALL} == {"document", "challenge", "error", "login", "empty", "gone"}


def page(body: str = LONG, status: int = 200, **headers: str) -> Fetched:
    text = f"<html><head><title>规划</title></head><body>{body}</body></html>"
    return Fetched(
        "http://portal.test/",
        "http://portal.test/",
        status,
        {"content-type": "text/html; charset=utf-8", **headers},
        text.encode(),
        datetime(2026, 1, 1, tzinfo=UTC),
    )


def reading(characters: int, tables: int = 0) -> Reading:
    blocks = [Block("table", "指标\t值")] * tables
    return Reading("document", "规划", (*blocks, Block("paragraph", "字" * (characters - 3 * tables))))


def test_body_that_shrank_to_a_third_is_held_and_then_believed() -> None:
    assert judge(page(), "", reading(9000, 2)).verdict == "document"
    for rounds in (0, 1):
        held = judge(page(), "", reading(2900, 1), Shape(9000, 2, rounds))
        assert held.verdict == "shrunken"
        assert f"round {rounds + 1};" in told(held.reason, "en")
    believed = judge(page(), "", reading(2900, 1), Shape(9000, 2, 2))
    assert (believed.verdict, believed.sign) == ("document", "shrunken")


def test_body_that_comes_back_whole_ends_the_holding() -> None:
    back = judge(page(), "", reading(8900), Shape(9000, 0, 1))
    assert (back.verdict, back.sign) == ("document", "")


def test_losing_all_tables_counts_as_shrinking_and_losing_one_does_not() -> None:
    assert judge(page(), "", reading(9000), Shape(9000, 3)).verdict == "shrunken"
    assert judge(page(), "", reading(9000, 2), Shape(9000, 3)).verdict == "document"
    assert judge(page(), "", reading(4000, 3), Shape(9000, 3)).verdict == "document"


def test_the_number_of_rounds_is_a_setting() -> None:
    assert judge(page(), "", reading(900), Shape(9000, 0), rounds=1).verdict == "document"
    assert judge(page(), "", reading(900), Shape(9000, 0, 3), rounds=5).verdict == "shrunken"


def test_a_notice_that_only_carries_an_attachment_is_a_document() -> None:
    found = judge(
        page("<a href=a.pdf>附件</a>"),
        "",
        Reading("document", "规划", (), attachments=(Attachment("规划", "a.pdf", "pdf"),)),
    )
    assert found.verdict == "document"


def test_a_column_counts_by_its_items_and_an_empty_one_is_empty() -> None:
    items = tuple(Item(f"关于印发第{n}个规划的通知", f"/{n}.html") for n in range(20))
    full = judge(page("<ul></ul>"), "<html><ul></ul></html>", Reading("column", "栏目", items=items), Shape(600, 0))
    assert full.verdict == "document"
    none = judge(page("<ul></ul>"), "<html><body><ul></ul></body></html>", Reading("column", "栏目"))
    assert none.verdict == "empty"


def test_a_soft_404_inside_the_whole_site_is_gone_when_the_reader_found_no_body() -> None:
    menu = "".join(f"<li><a href=/{n}>政务公开栏目{n}</a></li>" for n in range(60))
    body = f"<ul>{menu}</ul><div>您访问的页面不存在或已被删除</div><footer>主办：某某市人民政府</footer>"
    fetched = page(body)
    assert judge(fetched, source(fetched), Reading("document", "", ())).verdict == "gone"


def test_binary_files_are_not_searched_for_words() -> None:
    pdf = Fetched(
        "http://a.test/x.pdf", "http://a.test/x.pdf", 200, {}, b"%PDF-1.7\x00" * 10, datetime(2026, 1, 1, tzinfo=UTC)
    )
    assert judge(pdf, "", None).verdict == "document"
    assert judge(pdf, "", reading(40)).verdict == "document"


def test_an_unchanged_page_and_a_wall_are_not_asked_whether_they_shrank() -> None:
    last = Shape(9000, 2, 1)
    assert judge(page("", 521), "", None, last).verdict == "challenge"
    assert judge(page("", 304), "", None, last).verdict == "document"


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [("timeout", "unreachable"), ("dns", "unreachable"), ("connect", "unreachable"), ("tls", "unreachable"),
     ("too-large", "error"), ("redirects", "error"), ("robots", "error"), ("protocol", "error"), ("refused", "error")],
)  # fmt: skip
def test_failed_fetches_are_told_apart(kind: str, verdict: str) -> None:
    assert verdict_of_error(FetchError("x", kind=kind)) == verdict


def test_shape_does_not_count_white_space() -> None:
    spaced = Reading("document", "", (Block("paragraph", "　 \u200b字" * 350), Block("table", "a\tb")))
    assert judge(page(), "", spaced, Shape(1050, 1)).verdict == "document"
    assert judge(page(), "", spaced, Shape(1060, 1)).verdict == "shrunken"


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(ALL), st.integers(0, 4000), st.binary(max_size=60), st.sampled_from([200, 202, 204, 301, 403, 404, 412, 500, 521, 999]),
    st.sampled_from([None, "text/html; charset=gb2312", "text/html; charset=utf-16", "application/json", "é"]),
)  # fmt: skip
def test_damaged_pages_are_decoded_and_judged_without_an_exception(
    case: Case, at: int, junk: bytes, status: int, kind: str | None
) -> None:
    body = case.fetched.body[:at] + junk + case.fetched.body[at:]
    decoded = decode(body, kind)
    fetched = Fetched(
        "http://a.test/", "http://a.test/", status, {"set-cookie": "a=b, c"}, body, case.fetched.fetched_at
    )
    for read in (None, read_plainly(decoded.text)):
        found = judge(fetched, decoded.text, read, Shape(5000, 1))
        assert found.verdict in {"document", "challenge", "error", "login", "empty", "shrunken", "gone"}
