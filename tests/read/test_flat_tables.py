"""Flattened tables of other documents than the seeds: other fields, headers, orders, units, missing and broken cells."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.read.flat_tables import find_tables, text_of

NAMES = [
    "森林覆盖率",
    "人均预期寿命",
    "高中阶段教育毛入学率",
    "每千人口注册护士数",
    "城镇登记失业率",
    "社区卫生服务中心标准化率",
    "公共图书馆总流通人次",
    "万元GDP用水量下降",
    "地级及以上城市空气质量优良天数比率",
    "粮食综合生产能力",
    "农村自来水普及率",
    "新能源汽车充电桩数量",
    "轨道交通运营里程",
    "研发经费投入强度",
    "规模以上工业企业数",
    "15岁以上人群吸烟率",
    "3岁以下婴幼儿托位数",
    "5G基站数",
]
UNITS = ("%", "个", "张", "人", "万人", "公里", "‰", "亿元", "岁", "/10万")
CATEGORIES = ("经济发展", "创新驱动", "民生福祉", "绿色生态", "安全保障")
WORDS = ("持续提升", "完成国家下达任务", "高于全省平均水平", "达到国家要求", "保持稳定")
YEARS = (
    ("2025年",),
    ("2020年", "2025年"),
    ("2025年目标", "2020年现状"),
    ("现状值", "目标值"),
    ("2020年", "2022年", "2025年"),
    ("2020年", "2025年", "年均增长（%）"),
)


def table(seed: int) -> list[list[str]]:
    """A made-up indicator table, header first; cells that a category spans are blank."""
    chance = random.Random(seed)
    category, number, nature, body = (chance.random() < p for p in (0.5, 0.5, 0.7, 0.15))
    unit = chance.choice(("column", "name"))
    years = chance.choice(YEARS)
    header = (
        (["序号"] if number else [])
        + (["类别"] if category else [])
        + [chance.choice(("指标", "主要指标", "指标名称"))]
    )
    header += (
        (["单位"] if unit == "column" else [])
        + list(years)
        + (["指标性质"] if nature else [])
        + (["责任单位"] if body else [])
    )
    rows = []
    current = ""
    for n, name in enumerate(chance.sample(NAMES, chance.randint(4, 12))):
        of = chance.choice(UNITS)
        row = [str(n + 1)] if number else []
        if category:
            fresh = n == 0 or chance.random() < 0.3
            following = chance.choice([c for c in CATEGORIES if c != current])
            current = following if fresh else current
            row.append(current if fresh else "")
        row += [name + (f"（{of}）" if unit == "name" else "")] + ([of] if unit == "column" else [])
        for year in years:
            value = str(round(chance.uniform(1, 100), chance.choice((0, 1, 2))))
            if "目标" in year or year == "2025年":
                value = chance.choice(WORDS) if chance.random() < 0.1 else chance.choice(("≥", "<", "", "")) + value
            row.append(value)
        rows.append(
            row
            + ([chance.choice(("预期性", "约束性"))] if nature else [])
            + ([chance.choice(("市卫健委", "市教育局"))] if body else [])
        )
    return [header, *rows]


def flattened(rows: list[list[str]], blanks: int) -> list[str]:
    cells = [cell for row in rows for cell in row if cell]
    lines = ["专栏2 主要指标", "", *[line for cell in cells for line in (cell, *[""] * blanks)]]
    return [*lines, "第三章 主要任务", "加快推进各项任务落实，确保完成。"]


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_a_flattened_table_is_the_table_again(seed: int, blanks: int) -> None:
    rows = table(seed)
    found = find_tables(flattened(rows, blanks))
    assert len(found) == 1
    got = [line.split("\t") for line in text_of(found[0].grid).split("\n")]
    wrong = sum(a != b for a, b in zip(rows, got, strict=False)) + abs(len(rows) - len(got))
    assert wrong <= (0 if "责任单位" not in rows[0] else 2)


def rows_of(text: str) -> list[list[str]]:
    (found,) = find_tables(text.split("\n"))
    return [line.split("\t") for line in text_of(found.grid).split("\n")]


def test_a_header_of_two_lines_is_one() -> None:
    rows = rows_of(
        "序号\n指标\n单位\n现状\n目标\n属性\n2020年\n2025年\n1\n森林覆盖率\n%\n23.1\n≥24\n约束性\n2\n人均公园绿地\n平方米\n13\n14\n预期性\n3\n污水处理率\n%\n90\n95\n预期性"
    )
    assert rows[0] == ["序号", "指标", "单位", "现状2020年", "目标2025年", "属性"]
    assert rows[1] == ["1", "森林覆盖率", "%", "23.1", "≥24", "约束性"]


def test_broken_names_and_values_are_joined() -> None:
    rows = rows_of(
        "指标\n2020年\n2025年\n属性\n65岁及以上老年人城乡社区\n规范健康管理服务率（%）\n60\n65以上\n预期性\n居民收入增长（%）\n7.6\n与经济增长\n基本同步\n预期性\n床位数（张）\n6\n7\n约束性"
    )
    assert rows[1][0] == "65岁及以上老年人城乡社区规范健康管理服务率（%）"
    assert rows[2] == ["居民收入增长（%）", "7.6", "与经济增长基本同步", "预期性"]


def test_a_bound_in_a_row_with_one_value_is_the_target() -> None:
    rows = rows_of(
        "指标\n2020年\n2025年\n属性\n床位数（张）\n6\n7\n约束性\n护士数（人）\n3\n4\n预期性\n个人支出占比（%）\n<28\n预期性"
    )
    assert rows[-1] == ["个人支出占比（%）", "", "<28", "预期性"]


def test_a_repeated_header_is_left_out_and_told() -> None:
    text = "类别\n指标\n2025年\n属性\n健康\n寿命（岁）\n78\n预期性\n类别\n指标\n2025年\n属性\n服务\n床位（张）\n7\n约束性\n护士（人）\n4\n预期性"
    (found,) = find_tables(text.split("\n"))
    assert found.repeated == ("类别", "指标", "2025年", "属性")
    assert len(found.grid.rows) == 4
    assert found.grid.rows[3][0].text == "服务"
    assert found.grid.rows[3][0].inherited


def test_notes_below_belong_to_the_table() -> None:
    text = "指标\n2025年\n年均/累计\n能耗降低（%）\n—\n[13.5]\n煤炭占比（%）\n50\n[-5]\n注：[]内为五年累计数。\n第三章 重点任务"
    (found,) = find_tables(text.split("\n"))
    assert found.grid.notes == ("注：[]内为五年累计数。",)
    assert [cell.text for cell in found.grid.rows[1]] == ["能耗降低（%）", "—", "[13.5]"]


def test_rows_on_one_line_each_are_read_too() -> None:
    rows = rows_of(
        "序号 指标名称 2020年 2025年 指标性质\n1 人均预期寿命（岁） 77.3 78.3 预期性\n2 婴儿死亡率（‰） 5.4 ＜5.2 预期性\n3 新生儿死亡率（‰） 3 ＜3 预期性"
    )
    assert rows[2] == ["2", "婴儿死亡率（‰）", "5.4", "＜5.2", "预期性"]


@pytest.mark.parametrize(
    "text",
    [
        "一、目标\n到2025年，建成体系。\n二、内容\n加强建设。",
        "指标\n2025年\n加强组织领导，落实各方责任，确保规划目标如期实现。\n强化监督考核。",
        "项目名称\n单位\n姓名\n张三\n李四\n王五",
    ],
)
def test_text_that_only_sounds_like_a_table_is_none(text: str) -> None:
    assert find_tables(text.split("\n")) == []


@pytest.mark.parametrize("line", ["1", "指标", "2025年", "预期性", "（", "一", "—"])
def test_hostile_repetition_ends_soon(line: str) -> None:
    head = ["指标", "2020年", "2025年", "属性"]
    assert isinstance(find_tables(head + [line] * 20_000), list)
