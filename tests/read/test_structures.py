"""Pages in eight structures: the same reading whatever stands around the article; every edit of it is seen."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from tests.read import portal_pages, seeds
from tests.read.closely import decisive
from tests.read.portal_pages import STRUCTURES, document, edited, page
from watcher.read import read
from watcher.read.decisive import same
from watcher.text import squeeze
from watcher.types import Reading

URL = "http://www.liaoyang.gov.cn/zwgk/202112/t20211203_1.html"


def core(body: bytes) -> Reading:
    """What makes a version: the reading without the account of what was dropped."""
    return replace(read(body, url=URL), dropped=())


@pytest.mark.parametrize("structure", STRUCTURES)
def test_noise_around_the_article_changes_nothing(structure: str) -> None:
    doc = document(1, 24)
    first = core(page(structure, doc, 0))
    assert all(core(page(structure, doc, seed)) == first for seed in range(1, 25))


@pytest.mark.parametrize("structure", STRUCTURES)
def test_other_markup_changes_nothing(structure: str) -> None:
    doc = document(2, 24)
    first = core(page(structure, doc, 0))
    assert all(core(page(structure, doc, seed, markup=seed)) == first for seed in range(1, 9))


@pytest.mark.parametrize("structure", STRUCTURES)
def test_one_character_changed_is_seen(structure: str) -> None:
    doc = document(3, 24)
    first = core(page(structure, doc, 0))
    chance = random.Random(7)
    for seed in range(1, 26):
        assert core(page(structure, edited(doc, chance), seed, markup=seed)).text != first.text


@pytest.mark.parametrize("structure", STRUCTURES)
def test_the_portal_is_known_and_the_article_is_whole(structure: str) -> None:
    doc = document(4, 24)
    reading = core(page(structure, doc, 0))
    assert reading.portal == structure
    assert reading.degraded is (structure == "generic")
    assert reading.title == doc.title
    assert reading.plan_title == doc.plan
    assert reading.stage == "final"
    assert reading.metadata.document_number == doc.number
    assert reading.metadata.issuer == doc.issuer
    assert reading.metadata.written_on == "2021-11-26"
    assert reading.metadata.period == "2021-2025"
    texts = [block.text for block in reading.blocks]
    assert all(paragraph in texts for paragraph in doc.paragraphs)
    (grid,) = [block.grid for block in reading.blocks if block.grid is not None]
    assert grid.header_rows == 1
    assert [tuple(cell.text for cell in row) for row in grid.rows] == list(doc.rows)
    assert all(row[0].inherited is (n % 3 != 0) for n, row in enumerate(grid.rows[1:]))


@pytest.mark.parametrize("structure", ["trs", "hanweb", "ucap", "epoint", "govcn", "xxgk"])
def test_publication_date_is_read_where_the_page_prints_it(structure: str) -> None:
    assert core(page(structure, document(4, 12), 0)).metadata.published_on == "2021-12-03"


@pytest.mark.parametrize("structure", ["govcn", "xxgk"])
def test_head_tables_are_read(structure: str) -> None:
    about = core(page(structure, document(5, 12), 0)).metadata
    assert about.index_number == "00123456X/2021-00412"
    assert about.subject in ("综合政务", "国民经济管理、国有资产监管\\其他")


@pytest.mark.parametrize(
    ("structure", "url"),
    [
        ("trs", "http://www.liaoyang.gov.cn/zwgk/202112/P020211203358291.pdf"),
        ("ucap", "http://www.liaoyang.gov.cn/files/P020211203358291.pdf"),
    ],
)
def test_attachments_are_resolved_against_the_page(structure: str, url: str) -> None:
    (file,) = core(page(structure, document(6, 12), 0)).attachments
    assert (file.name, file.url, file.format) == (
        "临川市“十四五”公共服务规划.pdf".replace("临川市", "辽阳市"),
        url,
        "pdf",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_encodings_give_one_reading(encoding: str) -> None:
    doc = document(8, 24)
    assert core(page("hanweb", doc, 1, encoding=encoding)) == core(page("hanweb", doc, 2))


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("seed", seeds.SEEDS)
def test_seeds_come_out_whole_of_every_structure(structure: str, seed: str) -> None:
    own = seeds.reading(seed)
    doc = portal_pages.Doc(title=own.title, number="", markup=seeds.as_html(own))
    text = core(page(structure, doc, 3)).text
    want, have = Counter(squeeze(own.text)), Counter(squeeze(text))
    if structure == "ucap":
        have -= Counter(squeeze(f"附件：{doc.attachment[0]}"))
    assert (want - have).total() <= 0.001 * want.total()
    assert (have - want).total() <= 0.001 * want.total() + 4


@pytest.mark.parametrize("structure", ["trs", "hanweb", "ucap", "epoint", "govcn", "xxgk"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_unchanged_article_is_known_without_parsing(structure: str, encoding: str) -> None:
    doc = document(9, 24)
    known = decisive(page(structure, doc, 0, encoding=encoding))
    assert known is not None
    chance = random.Random(11)
    for seed in range(1, 12):
        assert same(page(structure, doc, seed, encoding=encoding), known)
        assert not same(page(structure, edited(doc, chance), seed, encoding=encoding), known)


@pytest.mark.parametrize(
    "change", [{"title": "另一个标题的通知"}, {"index": "00123456X/2021-99999"}, {"published": "2021-12-09"}]
)
@pytest.mark.parametrize("structure", ["trs", "epoint", "govcn", "xxgk"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_decisive_part_holds_title_dates_and_numbers(structure: str, change: dict[str, str], encoding: str) -> None:
    doc = document(9, 12)
    other = replace(doc, **change)  # type: ignore[arg-type]
    known = decisive(page(structure, doc, 0, encoding=encoding), url=URL)
    assert known is not None
    again = page(structure, other, 1, encoding=encoding)
    if core(page(structure, doc, 1, encoding=encoding)) != core(again):
        assert not same(again, known)


def test_a_title_without_a_class_is_found_by_its_tag() -> None:
    known = decisive(page("vsb", document(9, 12), 0))
    assert known is not None
    assert not same(page("vsb", replace(document(9, 12), title="另一个标题的通知"), 0), known)


def test_a_page_of_no_portal_has_no_decisive_part() -> None:
    assert decisive(page("generic", document(9, 12), 0)) is None


@pytest.mark.parametrize(
    "before", ["<!-- ", "<script>", "<table><tr>", "<textarea>", "<div style='display:none'>x</div><style>"]
)
def test_what_encloses_the_article_belongs_to_the_decisive_part(before: str) -> None:
    body = page("trs", document(9, 12), 0)
    known = decisive(body, url=URL)
    assert known is not None
    assert same(body, known)
    assert not same(body.replace(b'<div class="detail">', before.encode() + b'<div class="detail">'), known)
