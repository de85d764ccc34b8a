"""Tables whose rows are parts: of a measure in the column before them, or of one that the caption names for places."""

import pytest

from tests.indicators.test_tables import found
from watcher.types import Indicator


def names(items: list[Indicator]) -> list[tuple[str, str]]:
    return [(item.name, item.unit) for item in items]


def test_parts_under_a_measure_with_its_unit_get_both() -> None:
    items = found(
        ["指标", "", "2025年目标"],
        ["装机规模（万千瓦）", "风电", "90"],
        [None, "光伏", "86"],
        ["人均预期寿命（岁）", "男", "76"],
        ["能源消费占比（%）", "能源消费占比（%）", "25"],
    )
    assert names(items) == [
        ("风电装机规模", "万千瓦"),
        ("光伏装机规模", "万千瓦"),
        ("人均预期寿命（男）", "岁"),
        ("能源消费占比", "%"),
    ]


def test_parts_under_one_head_over_both_columns() -> None:
    items = found(
        ["项目", "项目", "2025年目标"],
        ["参保人数（万人）", "职工医保", "8.6"],
        [None, "居民医保", "46"],
        ["基金收入（亿元）", "职工医保", "4.8"],
        [None, "居民医保", "4.9"],
    )
    assert names(items) == [
        ("职工医保参保人数", "万人"),
        ("居民医保参保人数", "万人"),
        ("职工医保基金收入", "亿元"),
        ("居民医保基金收入", "亿元"),
    ]


def test_a_measure_without_unit_is_told_by_its_last_word() -> None:
    items = found(
        ["类别", "", "2025年目标"],
        ["农业用水量", "耕地灌溉", "4.8"],
        [None, "林牧渔畜", "0.6"],
        ["工业用水量", "火电", "1.1"],
        caption="用水量（单位：亿立方米）",
    )
    assert names(items)[::2] == [("耕地灌溉农业用水量", "亿立方米"), ("火电工业用水量", "亿立方米")]


def test_categories_over_whole_names_stay_categories() -> None:
    items = found(
        ["类别", "指标", "2025年目标"], ["人口数量", "出生政策符合率（%）", "98"], ["人口数量", "性别比例（%）", "107"]
    )
    assert names(items) == [("出生政策符合率", "%"), ("性别比例", "%")]


@pytest.mark.parametrize(
    "caption",
    [
        "附件 各县（市）森林覆盖率目标（单位：%）",
        "表2　“十四五”时期各县市区森林覆盖率任务分解表 单位：%",
        "金州市各县（市、区）2025年森林覆盖率规划目标表（单位：%）",
    ],
)
def test_a_caption_names_the_measure_of_places(caption: str) -> None:
    items = found(
        ["县（市）", "2023年", "2025年"], ["金川县", "41.8", "42.5"], ["铜城市", "29.5", "31.0"], caption=caption
    )
    assert [(item.name, item.unit, item.year) for item in items][:2] == [
        ("金川县森林覆盖率", "%", 2023),
        ("金川县森林覆盖率", "%", 2025),
    ]


@pytest.mark.parametrize("caption", ["各县（市）任务分解表", "主要指标", ""])
def test_a_caption_without_a_measure_adds_nothing(caption: str) -> None:
    items = found(["县（市）", "2025年目标"], ["金川县", "42.5"], ["铜城市", "31.0"], caption=caption)
    assert {item.name for item in items} == {"金川县", "铜城市"}


def test_a_caption_adds_nothing_to_measures() -> None:
    items = found(
        ["指标", "2023年", "2025年"], ["森林蓄积量", "41", "42"], ["草原面积", "29", "31"], caption="各县森林覆盖率目标"
    )
    assert {item.name for item in items} == {"森林蓄积量", "草原面积"}


def test_tasks_of_places_are_due_in_the_year_of_their_paper() -> None:
    items = found(
        ["县（区）", "合计", "人工造林", "封山育林"],
        ["云岩县", "5,200", "3,200", "2,000"],
        ["花溪县", "4,300", "2,800", "1,500"],
        caption="单位：亩",
        period=None,
        title="2025年全市造林绿化任务计划表",
    )
    assert [(item.name, item.year, item.role, item.unit) for item in items][:3] == [
        ("云岩县合计", 2025, "target", "亩"),
        ("云岩县人工造林", 2025, "target", "亩"),
        ("云岩县封山育林", 2025, "target", "亩"),
    ]
