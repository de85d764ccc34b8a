"""The seeds read as plain text: nothing of the page is left, nothing of the document is lost, every field is right."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.read import seeds
from watcher.read import to_json
from watcher.text import squeeze

FIELDS = {
    "doc_no": "document_number",
    "index_no": "index_number",
    "issuer": "issuer",
    "written_date": "written_on",
    "published_date": "published_on",
    "subject": "subject",
    "plan_period": "period",
}


@pytest.mark.parametrize("seed", seeds.SEEDS)
def test_no_line_of_the_page_is_left(seed: str) -> None:
    lines = [squeeze(line) for line in seeds.reading(seed).text.split("\n")]
    own = Counter(squeeze(line) for line in seeds.expected_characters(seed).split("\n"))
    for row in seeds.labels("boilerplate", seed):
        text = squeeze(row["text"])
        if text and row["scope"] == "line":
            assert lines.count(text) <= own[text], row["text"]


@pytest.mark.parametrize("seed", seeds.SEEDS)
def test_no_character_of_the_document_is_lost(seed: str) -> None:
    want = Counter(squeeze(seeds.expected_characters(seed)))
    have = Counter(squeeze(seeds.reading(seed).text))
    assert (want - have).total() <= 0.001 * want.total()
    assert (have - want).total() <= 0.001 * want.total()


@pytest.mark.parametrize("seed", seeds.SEEDS)
def test_every_field_of_metadata_is_right_and_absent_ones_are_none(seed: str) -> None:
    data: dict[str, Any] = to_json(seeds.reading(seed))
    for row in seeds.labels("metadata", seed):
        want = row["value"] or None
        if row["field"] in FIELDS:
            assert data["metadata"][FIELDS[row["field"]]] == want, row
        elif row["field"] == "stage":
            assert data["stage"] == ("other" if want == "speech" else want)
        elif row["field"] in ("title", "region", "plan_title"):
            assert data[row["field"]] == want, row


@pytest.mark.parametrize("seed", ["000", "001", "002"])
def test_flattened_tables_are_grids_again(seed: str) -> None:
    """Each labelled value stands in the row of its name and in the column of its year."""
    (table,) = [block for block in seeds.reading(seed).blocks if block.grid is not None]
    assert table.grid is not None
    head = [squeeze(cell.text) for cell in table.grid.rows[0]]
    name = next(i for i, text in enumerate(head) if text.replace("?", "") in ("主要指标", "指标名称"))
    rows = {squeeze(row[name].text): row for row in table.grid.rows[1:]}
    labelled = seeds.labels(f"tables_{seed}")
    assert len(rows) == len({row["row_no"] for row in labelled})
    for label in labelled:
        row = rows[squeeze(label["name_raw"])]
        column = next(i for i, text in enumerate(head) if label["year"] in text)
        assert squeeze(row[column].text) == squeeze(label["value_raw"])
        assert squeeze(row[-1].text)[:2] == label["nature"][:2]
        assert row[0].text == label["category"]


def test_a_missing_cell_shifts_nothing() -> None:
    (table,) = [block.grid for block in seeds.reading("000").blocks if block.grid is not None]
    last = [cell.text for cell in table.rows[-1]]
    assert last == ["健康保障", "23", "个人卫生支出占卫生总费用的比重(%)", "", "<28", "预期"]


def test_headings_have_their_depth() -> None:
    found = {block.text: block.level for block in seeds.reading("000").blocks if block.kind == "heading"}
    assert found["第一章 规划背景"] == 1
    assert found["第一节 发展成就"] == 2
    assert found["第二节??加强重大传染病地方病防控"] == 2
    assert found["第四章构建安全的公共卫生体系"] == 1


def test_one_line_is_cut_at_its_numbers() -> None:
    blocks = seeds.reading("003").blocks
    assert [b.text for b in blocks if b.kind == "heading"][:3] == [
        "一、总体要求",
        "二、重点任务",
        "(一)实施全民健康促进行动",
    ]
    assert any(block.text.startswith("1.打造健康浙江县域示范区。") for block in blocks)
    assert max(len(block.text) for block in blocks) < 1200


def test_a_title_on_three_lines_is_one() -> None:
    assert seeds.reading("001").blocks[0].text == "朔州市人民政府关于印发《朔州市“十四五”公共卫生体系规划》的通知"


def test_what_was_dropped_can_be_shown() -> None:
    dropped = [line.text for line in seeds.reading("000").dropped]
    assert "标签: 卫生与健康 发展规划 呼和浩特" in dropped
    assert "热门搜索" in dropped
