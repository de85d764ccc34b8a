"""JSON and rows for people."""

import json

from tests.indicators.grids import reading, table
from watcher.indicators import contradictions, extract
from watcher.indicators.show import (
    FIELDS,
    compare_many,
    grouped,
    suggestions,
    to_csv_rows,
    to_json,
)
from watcher.types import Block, Indicator


def document(bed: str = "7.5") -> tuple[Indicator, ...]:
    return extract(
        reading(
            Block("heading", "一、发展现状", 1),
            Block("paragraph", "截至2020年末，公立医院床位数7495张，较2015年新增1165张床位。"),
            Block("heading", "二、发展目标", 1),
            Block("paragraph", "到2025年，人均预期寿命达到76.3岁。"),
            table(
                [
                    ["指标", "2020年", "2025年", "性质"],
                    ["人均预期寿命（岁）", "75.1", "76.8", "预期性"],
                    ["每千人口床位数（张）", "6.17", bed, "约束性"],
                ]
            ),
        )
    )


def test_json_has_the_published_fields() -> None:
    rows = json.loads(json.dumps(to_json(document())))
    assert all(tuple(row) == FIELDS for row in rows)
    assert rows[-1] == {
        "name": "每千人口床位数", "key": "beds-per-1000", "unit": "张", "year": 2025, "role": "target", "op": "=", "value": "7.5", "text": "7.5",
        "nature": "约束性", "origin": "table", "section": "二、发展目标", "quote": "每千人口床位数（张） 6.17 7.5 约束性",
        "start": rows[-1]["start"], "end": rows[-1]["end"], "disputed": False,
    }  # fmt: skip


def test_csv_rows_are_strings_of_one_width() -> None:
    rows = to_csv_rows(document())
    assert rows[0] == list(FIELDS)
    assert all(len(row) == len(FIELDS) and all(isinstance(cell, str) for cell in row) for row in rows)


def test_rows_are_grouped_with_baseline_and_target_side_by_side() -> None:
    now, goals = grouped(document())
    assert [(row.name, row.before, row.after) for row in now.rows] == [
        ("公立医院床位数", "2020: 7495张；2020: 变化 1165张", "")
    ]
    life, beds = goals.rows
    assert (life.before, life.after, life.origin, life.disputed) == (
        "2020: 75.1",
        "2025: 76.3岁；2025: 76.8",
        "表+文",
        True,
    )
    assert (beds.before, beds.after, beds.nature, beds.origin) == ("2020: 6.17", "2025: 7.5", "约束性", "表")


def test_several_documents_side_by_side() -> None:
    header, rows = compare_many({"甲市": document(), "乙市": document("8"), "丙市": ()})
    assert header == ["指标", "单位", "甲市", "乙市", "丙市"]
    beds = next(row for row in rows if row[0] == "每千人口医疗卫生机构床位数")
    assert beds[1:] == ["张", "6.17 (2020) → 7.5 (2025)", "6.17 (2020) → 8 (2025)", "—"]


def test_contradictions_and_suggestions_can_be_shown() -> None:
    (one,) = contradictions(document())
    assert one.kind == "value"
    assert "76.3岁" in one.reason
    unknown = extract(reading(Block("paragraph", "到2025年，居民健康素养综合水平达到25%。")))
    assert suggestions(unknown)[0][1][0][0] == "health-literacy"
    assert unknown[0].key is None
