"""Every family: its case pages are recognised and read as written beside them; no family takes another's page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from watcher import drawers
from watcher.portals import _family
from watcher.portals._lists import resolve
from watcher.read import read, to_json
from watcher.read.page import Page

CASES = Path(__file__).parents[1] / "cases" / "portals"
URL = "http://www.example.gov.cn/zwgk/202201/t20220101_1.html"
FILES = sorted(CASES.glob("*/*.html"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_case_page_is_read_as_written_beside_it(file: Path) -> None:
    reading = read(file.read_bytes(), url=URL, column=False)
    found = to_json(reading) | {
        "pages": list(reading.pages),
        "blocks": [[block.kind, block.level] for block in reading.blocks],
    }
    assert found == json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_a_case_page_is_known_by_its_family(file: Path) -> None:
    page = Page(file.read_text(encoding="utf-8"), URL, file.read_bytes())
    member = _family.family(page)
    assert member is drawers.member("portals", file.parent.name)


def test_every_member_says_what_the_drawer_asks() -> None:
    for member in drawers.members("portals"):
        assert isinstance(member.RANK, int)
        assert member.BODY
        assert all(needle.isascii() for needle in member.NEEDLES)
        assert all(
            isinstance(selector, str)
            for name in ("BODY", "DROP", "TITLE", "HEAD", "FILES")
            for selector in getattr(member, name)
        )


def test_a_page_of_no_family_is_nobody_s() -> None:
    assert _family.family(Page("<html><body><p>一段文字。</p></body></html>", URL)) is None


def test_fingerprints_are_the_same_in_bytes_and_in_text() -> None:
    for file in FILES:
        assert _family.look(file.read_bytes()).needles == _family.look(file.read_text(encoding="utf-8")).needles


@pytest.mark.parametrize(
    ("attribute", "possible"),
    [
        ('class="fj"', True),
        ("class='list fj'", True),
        ("class=fj", True),
        ('CLASS = "FJ"', True),
        ('class="list&#32;fj"', True),
        ('class="fjx"', False),
        ('href="/fj/1.html"', False),
        ('class="list-fj"', False),
    ],
)
def test_a_class_is_looked_for_in_the_tree_where_it_stands_whole_in_the_source(attribute: str, possible: bool) -> None:
    page = Page(f"<html><body><div {attribute}>附件</div></body></html>", URL)
    assert page.possible(".fj") is possible
    assert bool(page.tree.css(".fj")) <= possible


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/a.do;jsessionid=5F2C9A0B77?id=8", "/a.do?id=8"),
        ("/a.php?PHPSESSID=abc123&id=8", "/a.php?id=8"),
        ("/a.php?id=8&PHPSESSID=abc123#top", "/a.php?id=8#top"),
        ("/(S(lit3py55t21z5v55vlm25s55))/a.aspx?id=8", "/a.aspx?id=8"),
        ("/a?id=8&_t=1763800000123", "/a?id=8"),
        ("/a?r=0.48213377&id=8", "/a?id=8"),
        ("/a?t=2024&id=8", "/a?t=2024&id=8"),
        ("/a?v=1763800000", "/a?v=1763800000"),
        ("/a?session=12", "/a?session=12"),
        ("/f(S(x))/a", "/f(S(x))/a"),
    ],
)
def test_an_address_keeps_nothing_that_only_one_visit_has(address: str, kept: str) -> None:
    assert resolve("http://a.gov.cn/x/", address) == f"http://a.gov.cn{kept}"
