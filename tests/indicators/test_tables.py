"""Tables: columns by headers in any order, units, categories, years, roles, marks for no value."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indicators.grids import reading, table
from watcher.indicators import extract
from watcher.types import Block, Indicator


def found(
    *rows: list[str | None],
    header_rows: int = 1,
    caption: str = "",
    period: str | None = "2021-2025",
    title: str = "某市“十四五”规划",
) -> list[Indicator]:
    return list(
        extract(reading(table(list(rows), header_rows=header_rows, caption=caption), period=period, title=title))
    )


def brief(items: list[Indicator]) -> list[tuple[str, str, object, str, str, str | None]]:
    return [(item.name, item.unit, item.year, item.role, item.op, item.value) for item in items]


def test_category_number_name_years_and_nature() -> None:
    items = found(
        ["领域", "序号", "主要指标", "2020年", "2025年", "指标性质"],
        ["健康水平", "1", "人均期望寿命(岁)", "77.34", "78.05", "预期"],
        [None, "2", "婴儿死亡率(‰)", "3.18", "<5", "约束"],
    )
    assert brief(items) == [
        ("人均期望寿命", "岁", 2020, "baseline", "=", "77.34"),
        ("人均期望寿命", "岁", 2025, "target", "=", "78.05"),
        ("婴儿死亡率", "‰", 2020, "baseline", "=", "3.18"),
        ("婴儿死亡率", "‰", 2025, "target", "<", "5"),
    ]
    assert [item.nature for item in items] == ["预期性", "预期性", "约束性", "约束性"]
    assert items[0].key == "life-expectancy"
    assert items[0].quote == "健康水平 1 人均期望寿命(岁) 77.34 78.05 预期"


def test_columns_stand_in_any_order() -> None:
    items = found(
        ["属性", "2025年目标", "单位", "2020年现状", "指标名称"],
        ["预期性", "7.5", "张", "6.29", "每千人口床位数"],
    )
    assert brief(items) == [
        ("每千人口床位数", "张", 2025, "target", "=", "7.5"),
        ("每千人口床位数", "张", 2020, "baseline", "=", "6.29"),
    ]


def test_two_header_rows_and_years_without_the_word_year() -> None:
    items = found(
        ["指标", "单位", "规划期", None, "属性"],
        [None, None, "2020（基期）", "2025（目标）", None],
        ["森林覆盖率", "%", "23.1", "24.1", "约束性"],
        header_rows=2,
    )
    assert brief(items) == [
        ("森林覆盖率", "%", 2020, "baseline", "=", "23.1"),
        ("森林覆盖率", "%", 2025, "target", "=", "24.1"),
    ]


def test_a_second_header_row_is_found_where_the_reader_saw_one() -> None:
    items = found(
        ["指标", "单位", "规划目标", None],
        [None, None, "2020年", "2025年"],
        ["森林覆盖率", "%", "23.1", "24.1"],
        header_rows=1,
    )
    assert brief(items) == [
        ("森林覆盖率", "%", 2020, "baseline", "=", "23.1"),
        ("森林覆盖率", "%", 2025, "target", "=", "24.1"),
    ]


def test_a_table_without_a_marked_header_and_with_blank_heads() -> None:
    items = found(
        ["", "", "主要指标", "2020年", "2025年", "指标性质"],
        ["健康水平", "1", "人均期望寿命(岁)", "77.34", "78.05", "预期"],
        [None, "2", "婴儿死亡率(‰)", "3.18", "<5", "预期"],
        header_rows=0,
    )
    assert [(item.name, item.year, item.value) for item in items][:2] == [
        ("人均期望寿命", 2020, "77.34"),
        ("人均期望寿命", 2025, "78.05"),
    ]


def test_a_report_tells_and_plans() -> None:
    items = found(
        ["指标", "单位", "2022年完成", "2023年目标"],
        ["地区生产总值", "亿元", "1586.3", "1700"],
        title="2023年政府工作报告",
        period=None,
    )
    assert [(item.year, item.role) for item in items] == [(2022, "actual"), (2023, "target")]


def test_a_table_of_several_years_of_results() -> None:
    items = found(
        ["项目", "计量单位", "2020", "2021", "比上年增长（%）"],
        ["在校学生", "万人", "48.1", "48.6", "1.0"],
        title="2021年教育事业统计公报",
        period=None,
    )
    assert [(item.year, item.role, item.unit) for item in items][:2] == [
        (2020, "actual", "万人"),
        (2021, "actual", "万人"),
    ]
    assert (items[2].role, items[2].unit) == ("change", "%")


def test_a_yearbook_tells_results() -> None:
    items = found(
        ["指标", "2008年", "2007年"], ["卫生机构数(个)", "1770", "2241"], title="医疗卫生事业基本情况", period=None
    )
    assert [(item.year, item.role) for item in items] == [(2008, "actual"), (2007, "actual")]


def test_base_and_target_without_a_year_take_the_plans() -> None:
    items = found(["指标", "基期值", "目标值"], ["高中阶段毛入学率（%）", "92.5", "≥95"])
    assert brief(items) == [
        ("高中阶段毛入学率", "%", 2020, "baseline", "=", "92.5"),
        ("高中阶段毛入学率", "%", 2025, "target", ">=", "95"),
    ]


def test_the_period_may_stand_in_the_title_alone() -> None:
    items = found(["指标", "2020年", "2025年"], ["高速公路里程（公里）", "512", "700"], period=None)
    assert [item.role for item in items] == ["baseline", "target"]


def test_units_from_the_caption_and_from_the_cell() -> None:
    items = found(["指标", "2025年"], ["在校学生", "48.6"], caption="主要指标（单位：万人）")
    assert items[0].unit == "万人"
    items = found(["指标", "2025年"], ["毛入园率", "95%"])
    assert (items[0].unit, items[0].value) == ("%", "95")


def test_a_banner_row_is_a_category_and_a_repeated_header_is_none() -> None:
    items = found(
        ["指标名称", "2025年", "性质"],
        ["一、健康水平", None, None],
        ["人均预期寿命（岁）", "76.8", "预期性"],
        ["指标名称", "2025年", "性质"],
        ["居民健康素养水平（%）", "≥25", "预期性"],
    )
    assert [item.name for item in items] == ["人均预期寿命", "居民健康素养水平"]


def test_cumulative_brackets_and_growth_columns() -> None:
    items = found(
        ["指标", "2020年", "2025年", "年均增长[累计]", "属性"],
        ["地区生产总值（亿元）", "1586.3", "2200", "6.5%", "预期性"],
        ["单位GDP能源消耗降低（%）", "—", "—", "[13.5]", "约束性"],
    )
    assert brief(items)[:3] == [
        ("地区生产总值", "亿元", 2020, "baseline", "=", "1586.3"),
        ("地区生产总值", "亿元", 2025, "target", "=", "2200"),
        ("地区生产总值", "亿元" if items[2].unit == "亿元" else "%", "2021-2025", "target", "=", "6.5"),
    ]
    assert items[2].unit == "%"
    assert (items[-1].value, items[-1].text, items[-1].year) == ("13.5", "[13.5]", "2021-2025")


def test_blank_dash_and_zero_are_three_things() -> None:
    items = found(
        ["指标", "2020年", "2025年"],
        ["鼠疫病例（例）", "0", "0"],
        ["个人卫生支出占比（%）", "", "<28"],
        ["人均预期寿命（岁）", "--", "78.93"],
    )
    assert [(item.name, item.op, item.text) for item in items] == [
        ("鼠疫病例", "=", "0"),
        ("鼠疫病例", "=", "0"),
        ("个人卫生支出占比", "<", "<28"),
        ("人均预期寿命", "text", "--"),
        ("人均预期寿命", "=", "78.93"),
    ]


def test_line_breaks_in_cells_are_joined() -> None:
    items = found(["指标", "2025年"], ["每千人3岁以下\n婴幼儿托位数(个)", "达到国家\n平均水平"])
    assert (items[0].name, items[0].text) == ("每千人3岁以下婴幼儿托位数", "达到国家平均水平")


def test_a_row_with_two_indicators_stays_one_name() -> None:
    items = found(["指标名称", "2025年"], ["孕产妇系统管理率和3岁以下儿童系统管理率（%）", "≥90"])
    assert [item.name for item in items] == ["孕产妇系统管理率和3岁以下儿童系统管理率"]


@pytest.mark.parametrize(
    "rows",
    [
        [["项目名称", "建设内容", "责任单位"], ["市医院迁建", "床位700张", "市卫健委"]],
        [["序号", "姓名", "电话"], ["1", "张三", "123"]],
        [["责任单位", "2022年", "2023年"], ["市教育局", "牵头", "配合"]],
    ],
)
def test_other_tables_give_nothing(rows: list[list[str | None]]) -> None:
    assert found(*rows) == []


def test_several_levels_of_indicators() -> None:
    items = found(
        ["一级指标", "二级指标", "2025年目标值", "牵头部门"],
        ["教育普及", "九年义务教育巩固率（%）", "99", "教育局"],
        [None, "高等教育毛入学率（%）", "60", "教育局"],
    )
    assert [(item.name, item.value) for item in items] == [("九年义务教育巩固率", "99"), ("高等教育毛入学率", "60")]


def test_a_key_needs_a_unit_of_its_kind() -> None:
    items = found(["指标", "2025年"], ["地区生产总值（亿元）", "2200"], ["地区生产总值（%）", "6"])
    assert [item.key for item in items] == ["gdp", None]


_CELLS = st.one_of(
    st.sampled_from(["", "--", "≥25", "27左右", "持续增长", "1-1.5", "3.18"]),
    st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["婴儿死亡率(‰)", "每千人床位数（张）", "覆盖率", "甲"]), _CELLS, _CELLS),
        min_size=1,
        max_size=6,
    )
)
def test_evidence_of_a_cell_holds_the_value(rows: list[tuple[str, str, str]]) -> None:
    block = table([["指标", "2020年", "2025年"], *[list(row) for row in rows]])
    document = reading(block)
    for item in extract(document):
        assert item.text in document.text[item.start : item.end] or "".join(item.text.split()) in "".join(
            document.text[item.start : item.end].split()
        )


def test_a_bulletins_table_names_no_year_in_its_head() -> None:
    items = found(
        ["指标", "年末数（万人）", "比重（%）"],
        ["常住人口", "268.41", "100.0"],
        ["其中：城镇", "158.63", "59.1"],
        title="某市2022年国民经济和社会发展统计公报",
        period=None,
    )
    assert brief(items) == [
        ("常住人口", "万人", 2022, "actual", "=", "268.41"),
        ("常住人口比重", "%", 2022, "actual", "=", "100.0"),
        ("城镇", "万人", 2022, "actual", "=", "158.63"),
        ("城镇比重", "%", 2022, "actual", "=", "59.1"),
    ]


def test_rows_of_places_have_the_measure_of_their_column() -> None:
    items = found(
        ["地区", "2020年床位数（张）", "2025年床位数（张）"], ["甲县", "1200", "1500"], ["乙区", "2300", "2500"]
    )
    assert brief(items)[:2] == [
        ("甲县床位数", "张", 2020, "baseline", "=", "1200"),
        ("甲县床位数", "张", 2025, "target", "=", "1500"),
    ]


def test_years_down_the_side() -> None:
    items = found(
        ["年份", "城镇化率（%）", "漏损率（%）"],
        ["2020年", "56.8", "10.4"],
        ["2025年", "61以上", "＜9"],
        ["属性", "预期性", "约束性"],
        header_rows=0,
    )
    assert brief(items) == [
        ("城镇化率", "%", 2020, "baseline", "=", "56.8"),
        ("漏损率", "%", 2020, "baseline", "=", "10.4"),
        ("城镇化率", "%", 2025, "target", ">=", "61"),
        ("漏损率", "%", 2025, "target", "<", "9"),
    ]
    assert [item.nature for item in items] == ["预期性", "约束性"] * 2


def test_a_table_of_years_before_the_plan_reviews_the_plan_before() -> None:
    items = found(
        ["指标", "2015年", "2020年规划目标", "2020年实际完成"],
        ["签约率（%）", "30", "60", "64.3"],
    )
    assert [(item.year, item.role) for item in items] == [(2015, "baseline"), (2020, "target"), (2020, "actual")]


def test_a_first_column_headed_goal_names_the_rows_or_gathers_them() -> None:
    items = found(["目标", "单位", "2020年", "2025年"], ["千人口献血率", "‰", "12", "15"])
    assert [(item.name, item.value) for item in items] == [("千人口献血率", "12"), ("千人口献血率", "15")]
    items = found(["目标", "指标", "现状", "目标"], ["安全供血", "千人口献血率（‰）", "12", "15"])
    assert [(item.name, item.value, item.role) for item in items] == [
        ("千人口献血率", "12", "baseline"),
        ("千人口献血率", "15", "target"),
    ]


def test_growth_is_of_the_year_of_the_column_before_it() -> None:
    items = found(
        ["指标", "单位", "2023年完成", "比上年增长（%）", "2024年计划", "增长（%）"],
        ["地区生产总值", "亿元", "512.3", "6.1", "545", "6.5左右"],
        title="2023年计划执行情况与2024年计划草案的报告",
        period=None,
    )
    assert [(item.year, item.role, item.unit) for item in items] == [
        (2023, "actual", "亿元"),
        (2023, "change", "%"),
        (2024, "target", "亿元"),
        (2024, "target", "%"),
    ]


def test_a_line_over_rows_gives_them_their_nature() -> None:
    items = found(
        ["指标", "2020年", "2025年"],
        ["一、约束性指标", "", ""],
        ["孕产妇死亡率（/10万）", "12.1", "≤12"],
        ["二、预期性指标", "", ""],
        ["人均预期寿命（岁）", "77", "78"],
    )
    assert [(item.name, item.nature) for item in items if item.year == 2025] == [
        ("孕产妇死亡率", "约束性"),
        ("人均预期寿命", "预期性"),
    ]


def test_a_numbered_line_over_the_width_is_a_category() -> None:
    items = found(
        ["序号", "指标", "属性", "2025年目标", "2020年现状"],
        ["（一）", "博物馆建设", "博物馆建设", "博物馆建设", "博物馆建设"],
        ["1", "博物馆数量（座）", "预期性", "60", "38"],
    )
    assert [(item.name, item.value, item.nature) for item in items] == [
        ("博物馆数量", "60", "预期性"),
        ("博物馆数量", "38", "预期性"),
    ]


def test_categories_headed_as_types_leave_the_natures_to_their_own_column() -> None:
    items = found(
        ["类型", "指标", "2020年", "2025年", "属性"],
        ["绿色生态", "自然岸线保有率（%）", "40.3", "≥40", "约束性"],
    )
    assert [(item.name, item.nature) for item in items] == [("自然岸线保有率", "约束性")] * 2


@pytest.mark.parametrize(("printed", "unit"), [("+22", "座"), ("［22］", "座"), ("22", "%")])
def test_a_difference_is_in_the_unit_of_its_row_and_a_growth_in_per_cent(printed: str, unit: str) -> None:
    items = found(
        ["指标", "2020年", "2025年", "变化[累计]" if unit == "座" else "年均增长"],
        ["博物馆数量（座）", "38", "60", printed],
    )
    assert [item.unit for item in items] == ["座", "座", unit]


def test_measures_side_by_side_under_a_head_printed_twice() -> None:
    items = found(
        ["指标", "2020年", "2025年", "指标", "2020年", "2025年"],
        ["铁路里程（公里）", "186", "310", "货物吞吐量（亿吨）", "3.01", "3.6"],
        ["公路里程（公里）", "987", "1020", "", "", ""],
    )
    assert [(item.name, item.unit, item.year, item.value) for item in items] == [
        ("铁路里程", "公里", 2020, "186"),
        ("铁路里程", "公里", 2025, "310"),
        ("货物吞吐量", "亿吨", 2020, "3.01"),
        ("货物吞吐量", "亿吨", 2025, "3.6"),
        ("公路里程", "公里", 2020, "987"),
        ("公路里程", "公里", 2025, "1020"),
    ]


@pytest.mark.parametrize(("head", "unit"), [("年均", "张"), ("年均/累计", "张"), ("年均增长", "%"), ("累计", "张")])
def test_so_many_a_year_are_in_the_unit_of_the_row(head: str, unit: str) -> None:
    items = found(["指标", "2020年", "2025年", head], ["养老床位（张）", "500", "1000", "100"])
    assert items[-1].unit == unit


def test_what_is_said_behind_a_figure_leaves_it_a_figure() -> None:
    items = found(
        ["指标", "2020年现状", "2025年目标"],
        ["人均预期寿命（岁）", "76.8（2019年）", "78（预计数）"],
        ["巩固率（%）", "96.1（市级测算）", "97"],
    )
    assert [(item.op, item.value, item.year) for item in items] == [
        ("=", "76.8", 2019), ("=", "78", 2025), ("=", "96.1", 2020), ("=", "97", 2025),
    ]  # fmt: skip


def test_a_sum_in_brackets_has_the_unit_of_its_row() -> None:
    items = found(
        ["指标", "单位", "2025年", "年均增长(%)"], ["景区", "家", "11", "[4]"], ["收入", "亿元", "60", "16.1"]
    )
    assert [(item.value, item.unit) for item in items] == [("11", "家"), ("4", "家"), ("60", "亿元"), ("16.1", "%")]


def test_types_may_be_what_the_rows_are() -> None:
    items = found(
        ["机构类型", "2022年床位数", "2025年规划床位数"], ["公立医院", "1,420", "1,600"], ["社会办医院", "440", "640"]
    )
    assert [(item.name, item.year, item.value) for item in items][::2] == [
        ("公立医院床位数", 2022, "1420"),
        ("社会办医院床位数", 2022, "440"),
    ]


def test_targets_and_results_of_a_year_that_only_the_title_tells() -> None:
    rows: list[list[str | None]] = [
        ["三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["7岁以下儿童健康管理率", "≥85%", "93.2%", "10", "9.5"],
        ["孕产妇系统管理率", "≥90%", "92.5%", "10", "10"],
    ]
    items = found(*rows, period=None, title="2023年度公共卫生资金绩效自评表")
    assert [(item.name, item.year, item.role, item.op, item.value) for item in items][:2] == [
        ("7岁以下儿童健康管理率", 2023, "target", ">=", "85"),
        ("7岁以下儿童健康管理率", 2023, "actual", "=", "93.2"),
    ]
    assert len(items) == 4


def test_a_result_between_a_base_and_a_target_stays_a_result() -> None:
    items = found(
        ["指标", "2015年基数", "2018年实际值", "2020年目标值"],
        ["预期寿命（岁）", "76.2", "77.1", "77.5"],
        ["护士（人）", "2.1", "2.7", "3.1"],
        period="2016-2020",
        title="“十三五”卫生规划指标进展",
    )
    assert [item.role for item in items][:3] == ["baseline", "actual", "target"]


def test_a_column_of_natures_is_one_whatever_spans_it() -> None:
    items = found(
        ["指标", "2020年", "2025年", "2025年"],
        ["指标", "现状值", "目标值", "属性"],
        ["达标率（%）", "92", "93", "约束性"],
        header_rows=2,
    )
    assert [(item.year, item.value, item.nature) for item in items] == [(2020, "92", "约束性"), (2025, "93", "约束性")]


def test_more_or_fewer_are_counted_in_the_unit_of_the_row() -> None:
    items = found(
        ["指标", "单位", "2023年", "2022年", "增减", "增长（%）"],
        ["床位数", "张", "3,286", "3,140", "146", "4.6"],
        ["人员数", "人", "3,902", "3,715", "187", "5.0"],
        period=None,
        title="2023年某县卫生统计公报",
    )
    assert [(item.value, item.unit) for item in items][2:4] == [("146", "张"), ("4.6", "%")]


def test_a_line_above_may_tell_the_nature_of_all_rows() -> None:
    text = "一、约束性指标"
    made = extract(
        reading(Block("paragraph", text), table([["指标", "2025年"], ["达标率（%）", "93"], ["净化率（%）", "90"]]))
    )
    assert [item.nature for item in made] == ["约束性", "约束性"]
