"""Tables in text as pages and printers leave them: names around their figures, bars, lost spans, explanations between rows."""

from __future__ import annotations

import pytest

from watcher.read.flat_tables import find_tables
from watcher.read.piped import rows_at, unbarred
from watcher.read.spanned import laid_out
from watcher.read.textfile import read_text
from watcher.types import Grid


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def only(lines: list[str]) -> list[list[str]]:
    """The rows of the one table that the lines hold."""
    (found,) = find_tables(lines)
    return texts(found.grid)


def words(text: str) -> list[str]:
    """A line for each."""
    return text.split()


HEAD = "指标                    2020年      2025年      属性"


def test_a_name_above_and_below_its_figures_is_whole() -> None:
    rows = only(
        [
            HEAD,
            "产前筛查率（%）              72.8        ≥78        预期性",
            "3岁以下儿童系统管",
            "                             90.6        ≥91        预期性",
            "理率（%）",
            "妇女宫颈癌筛查",
            "                             38.5        ≥70        约束性",
            "率（%）",
        ]
    )
    assert rows[1:] == [
        ["产前筛查率（%）", "72.8", "≥78", "预期性"],
        ["3岁以下儿童系统管理率（%）", "90.6", "≥91", "预期性"],
        ["妇女宫颈癌筛查率（%）", "38.5", "≥70", "约束性"],
    ]


def test_a_name_of_three_lines_keeps_the_one_beside_its_number() -> None:
    rows = only(
        [
            "序号  指标  2022年  2027年  属性",
            "村卫生室实行乡村一",
            "1     体化管理并纳入医保        88      100     约束性",
            "定点的比例（%）",
            "乡镇卫生院达到国家服",
            "2                       46      ≥80     约束性",
            "务能力标准比例（%）",
        ]
    )
    assert [row[1] for row in rows[1:]] == [
        "村卫生室实行乡村一体化管理并纳入医保定点的比例（%）",
        "乡镇卫生院达到国家服务能力标准比例（%）",
    ]


def test_names_go_on_behind_their_figures_up_to_their_bracket() -> None:
    rows = only(
        words(
            "指标 2020年 2025年 属性 每千人口拥有3岁 1.2 4.5 预期性 以下婴幼儿托位数（个） 社区托育服务设施 12 60 预期性 覆盖率（%）"
        )
    )
    assert [row[0] for row in rows[1:]] == ["每千人口拥有3岁以下婴幼儿托位数（个）", "社区托育服务设施覆盖率（%）"]


def test_a_first_column_may_be_headed_by_any_word() -> None:
    rows = only(words("监测点 2020年 2025年 属性 精神科床位数（张） 860 1100 预期性 热线接通率（%） 65 ≥85 预期性"))
    assert rows[0] == ["监测点", "2020年", "2025年", "属性"]
    assert rows[2] == ["热线接通率（%）", "65", "≥85", "预期性"]


def test_explanations_between_numbered_rows_are_notes() -> None:
    (found,) = find_tables(
        [
            *words("序号 指标 基期 2025年 性质 1 居民健康素养水平(%) 14.18 ≥22 预期性"),
            "说明：健康素养水平是指具备健康素养的人所占的比例。",
            *words("2 15岁以上人群吸烟率(%) 24.5 <23 预期性"),
            "一句与表格无关的话，不在两行之间。",
        ]
    )
    assert [row[1] for row in texts(found.grid)[1:]] == ["居民健康素养水平(%)", "15岁以上人群吸烟率(%)"]
    assert found.grid.notes == ("说明：健康素养水平是指具备健康素养的人所占的比例。",)


def test_what_is_said_of_a_figure_stays_with_it() -> None:
    rows = only(words("序号 指标 单位 2020年 2025年 1 预期寿命 岁 83.1 (市级测算) ≥80 2 死亡率 ‰ 2.4 ≤4 3 床位 张 6 7"))
    assert rows[1] == ["1", "预期寿命", "岁", "83.1(市级测算)", "≥80"]


@pytest.mark.parametrize("head", ["序号 指标 单 位 2020年 2025年 备  注", "序号 指标 单位 2020 年 2025 年 备注"])
def test_heads_set_wide_are_one_word(head: str) -> None:
    rows = only([head, "1 森林覆盖率 % 41 43 约束性", "2 湿地保护率 % 50 52 预期性"])
    assert rows[0][2:] == ["单位", "2020年", "2025年", "备注"]


@pytest.mark.parametrize("form", ["{} |", "| {}", "| {} |", "{}\n|"])
def test_bars_of_single_cells_are_no_text(form: str) -> None:
    cells = ["序号", "指标", "2020年", "2025年", "1", "医护比", "1.1", "1.2"]
    lines = "\n".join(form.format(cell) for cell in cells).split("\n")
    assert [line for line in unbarred(lines) if line] == cells


def test_few_bars_and_rows_of_cells_are_left_alone() -> None:
    lines = ["文号: | 公开日期: |", "正文 |", "| 序号 | 指标 |", "无"]
    assert unbarred(lines) == lines


def test_a_bar_at_the_beginning_is_a_blank_corner_where_others_have_none() -> None:
    found = rows_at(["| 绝对数(亿元) | 比上年增长(%) |", "生产总值 | 617.50 | 5.2 |", "第一产业 | 37.11 | 2.6 |"], 0)
    assert found is not None
    assert texts(found.grid)[0] == ["", "绝对数(亿元)", "比上年增长(%)"]


def test_cells_that_rows_share_come_back_where_the_rest_fits() -> None:
    grid = laid_out(
        [
            ["序号", "类别", "指标", "2020年", "属性"],
            ["1", "减缓", "碳排放降低", "18", "约束性"],
            ["2", "能源消费比重", "12.6", "预期性"],
            ["3", "适应", "绿地率", "38.2", "预期性"],
        ]
    )
    assert grid is not None
    assert texts(grid)[2] == ["2", "减缓", "能源消费比重", "12.6", "预期性"]
    assert [cell.inherited for cell in grid.rows[2]] == [False, True, False, False, False]


def test_a_second_line_of_a_head_stands_below_what_spans_it() -> None:
    grid = laid_out(
        [
            ["指标", "单位", "2020年", "目标值", "属性"],
            ["2023年", "2025年"],
            ["养老床位", "张", "32", "36", "40", "预期性"],
            ["培训率", "%", "70", "90", "100", "预期性"],
        ]
    )
    assert grid is not None
    assert grid.header_rows == 2
    assert texts(grid)[:2] == [
        ["指标", "单位", "2020年", "目标值", "目标值", "属性"],
        ["指标", "单位", "2020年", "2023年", "2025年", "属性"],
    ]


def test_rows_that_nothing_explains_are_not_laid_out() -> None:
    assert laid_out([["指标", "单位", "2020年"], ["甲"], ["乙", "张", "3"], ["丙", "张", "4"]]) is None
    assert laid_out([["甲", "乙", "丙"], ["1", "2", "3"]]) is None


def test_a_word_nobody_knows_between_years_is_a_head() -> None:
    rows = only(
        words("指标 单位 2020年 达标门槛 2025年目标 属性 健康管理率 % 66 70 ≥72 约束性 护理床位 张 31 48 ≥55 预期性")
    )
    assert rows[0] == ["指标", "单位", "2020年", "达标门槛", "2025年目标", "属性"]
    assert rows[1] == ["健康管理率", "%", "66", "70", "≥72", "约束性"]


def test_a_bare_figure_before_a_bound_is_what_the_plan_starts_from() -> None:
    rows = only(
        words(
            "指标 基期水平 2022年 2030年 性质 食盐摄入量（克） 10.5 ≤5 倡导性 治未病比例（%） 90 100 预期性 吸烟率（%） 24 <23 <20 预期性"
        )
    )
    assert rows[1][1] == "10.5"
    assert rows[2][1:4] == ["", "90", "100"]


@pytest.mark.parametrize(
    "lines",
    [
        "一级指标\n2020年\n2025年\n健康预期寿命（岁）\n—\n同比例提高\n肥胖率（%）\n10\n8",
        "| 指标 | 2020年 |\n| --- | --- |\n| 床位（张） | 12 |\n| 护士（人） | 7 |",
    ],
)
def test_a_document_may_end_with_a_table_that_has_dashes(lines: str) -> None:
    draft = read_text(f"某县国民健康“十四五”规划\n目标如下。\n{lines}")
    assert [block.kind for block in draft.blocks][-1] == "table"
    assert not [one for one in draft.dropped if one.reason == "tail"]


def test_what_names_the_rows_stands_over_the_columns_a_head_lacks() -> None:
    grid = laid_out(
        [
            ["项 目", "目标", "责任单位"],
            ["就业工程", "促进创业", "城镇新增就业人数（人）", "1300", "区人社局"],
            ["失业人员再就业（人）", "250", "区人社局"],
            ["困难人员再就业（人）", "120", "区人社局"],
        ]
    )
    assert grid is not None
    assert texts(grid)[0] == ["项 目", "项 目", "项 目", "目标", "责任单位"]
    assert texts(grid)[2] == ["就业工程", "促进创业", "失业人员再就业（人）", "250", "区人社局"]
