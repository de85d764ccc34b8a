"""Flattened tables whose head nobody knows are told by rows that are built alike."""

from __future__ import annotations

import pytest

from watcher.read.flat_tables import find_tables


def rows(text: str) -> list[list[str]]:
    """The cells of the one table in a text."""
    (found,) = find_tables(text.split("\n"))
    return [[cell.text for cell in row] for row in found.grid.rows]


def test_places_and_measures_one_cell_a_line() -> None:
    text = "县（市、区）\n新增托位数\n（个）\n普惠占比（%）\n城关区\n1200\n≥60\n安宁区\n850\n≥60\n永登县\n420\n—"
    assert rows(text)[0] == ["县（市、区）", "新增托位数（个）", "普惠占比（%）"]
    assert rows(text)[3] == ["永登县", "420", "—"]


def test_years_that_name_rows_of_single_spaces() -> None:
    text = "年份 总产值（亿元） 旅游人数（万人次） 滑雪场（个）\n2022年 68 420 12\n2025年 120 800 18\n2027年 180 1200 25以上"
    assert rows(text)[-1] == ["2027年", "180", "1200", "25以上"]


@pytest.mark.parametrize(
    "text",
    [
        "地区\n全市上下要统一思想。\n各县区要压实责任。\n加强督导。",
        "附件 名单 说明\n张某 局长 主任\n李某 科长 主任\n王某 科长 成员",
        "地区\n东城\n西城\n南城\n北城\n12\n中城",
    ],
)
def test_lines_that_count_nothing_are_no_table(text: str) -> None:
    assert find_tables(text.split("\n")) == []


def test_figures_of_two_cells_never_become_one() -> None:
    text = "指标\n单位\n2021年\n2022年\n甲路\n公里\n60\n65\n70\n55\n乙路\n公里\n80\n85\n60\n40\n丙路\n公里\n6\n8\n5\n4"
    for found in find_tables(text.split("\n")):
        assert not {"6065", "8085", "68", "7055"} & {cell.text for row in found.grid.rows for cell in row}


def test_years_of_a_second_line_stand_under_the_words_of_the_first() -> None:
    body = (
        "人口覆盖率\n%\n99.1\n99.3\n99.5\n约束性\n终端覆盖率\n%\n35\n80\n100\n预期性\n用户数\n万户\n86\n80\n75\n预期性"
    )
    table = rows(f"指标\n单位\n现状值\n目标值\n属性\n2020年\n2023年\n2025年\n{body}")
    assert table[0] == ["指标", "单位", "现状值2020年", "目标值2023年", "目标值2025年", "属性"]
    assert table[2] == ["终端覆盖率", "%", "35", "80", "100", "预期性"]


def test_rows_below_a_row_are_counted_too() -> None:
    text = "序号\n指标\n单位\n2020年\n2025年\n1\n档案馆藏\n1.1\n馆藏总量\n万卷\n18.6\n25\n1.2\n进馆档案\n万件\n1.4\n2.0\n2\n档案利用\n2.1\n查阅人次\n人次\n52\n80"
    assert ["1.2", "进馆档案", "万件", "1.4", "2.0"] in rows(text)
