"""Cells that hold several values give one indicator each, and cells that only look so stay words."""

from __future__ import annotations

import pytest

from watcher.indicators.several import parts


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("人均预期寿命", "男78.5岁，女82岁", [("人均预期寿命（男）", "78.5岁"), ("人均预期寿命（女）", "82岁")]),
        ("寿命", "78.8（男76.5，女81.2）", [("寿命", "78.8"), ("寿命（男）", "76.5"), ("寿命（女）", "81.2")]),
        ("覆盖率", "城区≥95%；乡镇≥90%", [("覆盖率（城区）", "≥95%"), ("覆盖率（乡镇）", "≥90%")]),
        (
            "高血压、糖尿病患者规范管理率",
            "72.5、71.8",
            [("高血压患者规范管理率", "72.5"), ("糖尿病患者规范管理率", "71.8")],
        ),
        ("三级医院/二级医院数量", "1/3", [("三级医院数量", "1"), ("二级医院数量", "3")]),
        ("宫颈癌、乳腺癌筛查率", "61.2 58.4", [("宫颈癌筛查率", "61.2"), ("乳腺癌筛查率", "58.4")]),
    ],
)
def test_each_value_has_its_own_name(name: str, text: str, told: list[tuple[str, str]]) -> None:
    assert [(part.name, part.text) for part in parts(name, text)] == told


def test_years_in_a_cell_are_the_years_of_its_values() -> None:
    assert [(part.text, part.year) for part in parts("签约率", "2023年60，2025年75")] == [("60", 2023), ("75", 2025)]


def test_units_that_are_listed_go_with_the_names() -> None:
    assert [(part.name, part.unit) for part in parts("机构数/床位数", "12/300", "个/张")] == [
        ("机构数", "个"),
        ("床位数", "张"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("床位数", "1 200"),
        ("床位数", "5/8"),
        ("床位数", "6.5—7"),
        ("任务", "建成2个完成3个"),
        ("近视率", "较2023年下降2个百分点"),
        ("医护比", "1:1.2"),
        ("排水标准", "30年一遇"),
    ],
)
def test_what_is_one_value_or_words_stays_whole(name: str, text: str) -> None:
    assert parts(name, text) == []
