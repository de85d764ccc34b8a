"""What bulletins, reviews, opinions, action plans and plans full of foreign units say in their own way."""

import pytest

from tests.indicators.grids import table
from watcher.indicators import extract
from watcher.indicators.context import five_years, times_of
from watcher.types import Block, Indicator, Metadata, Reading

BULLETIN = "2023年某市卫生健康事业发展统计公报"
PLAN = "某市“十四五”规划"
REVIEW = "某区国民经济和社会发展第十四个五年规划实施中期评估报告"


def read(title: str, *paragraphs: str, heading: str = "一、目标") -> list[Indicator]:
    blocks = (Block("heading", heading, 1), *(Block("paragraph", text) for text in paragraphs))
    return list(extract(Reading("document", title, blocks, metadata=Metadata())))


def test_years_that_share_a_list_of_bare_numbers_are_dealt_out() -> None:
    items = read(
        "某市行动方案（2024—2026年）",
        "到2024年、2025年、2026年，细颗粒物年均浓度分别控制在36、34、32微克/立方米以内。",
    )
    assert [(item.value, item.op, item.unit, item.year) for item in items] == [
        ("36", "<=", "微克/立方米", 2024),
        ("34", "<=", "微克/立方米", 2025),
        ("32", "<=", "微克/立方米", 2026),
    ]


def test_more_of_the_same_keeps_its_name() -> None:
    items = read(PLAN, "2025年底前，完成适老化改造1.2万户，2026、2027年每年再完成6000户。")
    assert [(item.name, item.value) for item in items] == [
        ("完成适老化改造", "1.2"),
        ("完成适老化改造", "6000"),
    ]


def test_the_level_behind_a_difference_in_points_has_its_name() -> None:
    items = read(BULLETIN, "农村卫生厕所普及率较上年提高4.6个百分点，达到87.5%。", heading="一、概况")
    assert [(item.name, item.value, item.unit, item.role) for item in items] == [
        ("农村卫生厕所普及率", "4.6", "个百分点", "change"),
        ("农村卫生厕所普及率", "87.5", "%", "actual"),
    ]


def test_what_is_broken_down_behind_the_word_among_is_told_too() -> None:
    items = read(BULLETIN, "卫生技术人员5.68万人中，注册护士2.61万人。", heading="一、概况")
    assert [(item.name, item.value) for item in items] == [("卫生技术人员", "5.68"), ("注册护士", "2.61")]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("护理型床位占比只有48%。", "护理型床位占比"),
        ("有研发活动的占比仅为42.5%。", "有研发活动的占比"),
        ("船只共有100艘。", "船只"),
    ],
)
def test_how_little_it_is_belongs_to_no_name(words: str, name: str) -> None:
    assert [item.name for item in read(BULLETIN, words, heading="二、问题")] == [name]


def test_an_older_value_without_a_year_in_a_report_is_of_the_year_before() -> None:
    items = read("2024年某市政府工作报告", "增加值占比由36.2%提高到38.9%。", heading="一、2023年工作回顾")
    assert [(item.value, item.year, item.role) for item in items] == [
        ("36.2", 2022, "baseline"),
        ("38.9", 2023, "actual"),
    ]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("地区生产总值年均增长6.8%，高于规划预期0.3个百分点。", "高于规划预期"),
        ("研发经费投入年均增长14.2%，超过规划目标4.2个百分点。", "超过规划目标"),
    ],
)
def test_a_difference_from_a_goal_is_a_change(words: str, name: str) -> None:
    item = read(REVIEW, words, heading="一、完成情况")[-1]
    assert (item.name.endswith(name), item.role) == (True, "change")


def test_a_review_tells_of_the_year_its_text_names() -> None:
    paragraphs = ("2023年，地区生产总值达到682.4亿元，距2025年800亿元还有差距。", "2023年以来，森林覆盖率稳定在36.7%。")
    blocks = tuple(Block("paragraph", text) for text in paragraphs)
    times = times_of(Reading("document", REVIEW, blocks))
    assert (times.first, times.last, times.told, times.is_report) == (2021, 2025, 2023, True)
    assert five_years("第十五个五年规划纲要") == (2026, 2030)


def test_the_terms_of_a_plan_are_not_the_year_it_speaks_in() -> None:
    (item,) = read("关于发展银发经济的实施意见", "到2035年，床位达到5000张。", heading="一、要求")
    assert item.role == "target"
    (done,) = read(
        "关于发展银发经济的实施意见", "2025年底前，完成改造1.2万户。", "到2035年，更加成熟。", heading="二、任务"
    )
    assert (done.role, done.year) == ("target", 2025)


@pytest.mark.parametrize(
    ("words", "value", "unit"),
    [
        ("存储总量超过15EB。", "15", "EB"), ("城域网络时延不超过1ms。", "1", "ms"), ("减少二氧化碳排放约1500万t。", "1500", "万t"),
        ("水资源利用效率（WUE）控制在1.5L/kWh以内。", "1.5", "L/kWh"), ("新增储能容量2.4GWh。", "2.4", "GWh"), ("夜间噪声控制在45dB以下。", "45", "dB"),
    ],
)  # fmt: skip
def test_units_of_letters(words: str, value: str, unit: str) -> None:
    assert [(item.value, item.unit) for item in read(PLAN, words)] == [(value, unit)]


def test_letters_that_go_on_are_no_unit() -> None:
    assert read(PLAN, "建设3top项目。") == []


def test_the_state_of_an_economy_in_a_part_of_a_year_is_told_within_that_year() -> None:
    items = read(
        "2024年前三季度全市经济运行情况",
        "地区生产总值1426.7亿元，同比增长5.9%，较上半年提高0.2个百分点。35个行业大类中，增长面为74.3%。",
        "工业投资增长16.8%。城乡居民收入比为1.92，比上年同期缩小0.04。",
        heading="一、总体情况",
    )
    assert [(item.value, item.year, item.role) for item in items] == [
        ("1426.7", 2024, "actual"),
        ("5.9", 2024, "change"),
        ("0.2", 2024, "change"),
        ("74.3", 2024, "actual"),
        ("16.8", 2024, "change"),
        ("1.92", 2024, "actual"),
        ("0.04", 2024, "change"),
    ]


@pytest.mark.parametrize("verb", ["回落", "回升", "收窄", "扩大", "缩小", "放缓", "加快", "下滑"])
def test_every_verb_of_change_leans_on_what_was_named(verb: str) -> None:
    items = read(BULLETIN, f"工业增速为5.1%，比上年{verb}0.3个百分点。", heading="一、概况")
    assert [(item.name, item.value, item.role) for item in items] == [
        ("工业增速", "5.1", "actual"),
        ("工业增速", "0.3", "change"),
    ]


def test_the_table_of_a_plan_that_does_not_say_when_it_speaks_holds_targets() -> None:
    rows = [["指标", "2020年", "2025年", "2035年", "2025—2035年年均增长"], ["床位数（张）", "100", "120", "240", "5%"]]
    items = extract(Reading("document", "关于发展银发经济的实施意见", (table(rows),)))
    assert [(item.year, item.role) for item in items] == [
        (2020, "baseline"),
        (2025, "target"),
        (2035, "target"),
        ("2025-2035", "target"),
    ]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("到2025年，用水总量控制在30亿立方米以内。", "用水总量"),
        ("到2025年，能源消费总量控制在2300万吨标准煤以内。", "能源消费总量"),
        ("“十四五”期间，计划新增住房供应28万套。", "新增住房供应"),
    ],
)
def test_totals_and_words_that_end_like_a_verb_stay_in_the_name(words: str, name: str) -> None:
    assert [item.name for item in read(PLAN, words)] == [name]


def test_years_of_schooling_are_read_on_both_sides_of_a_change() -> None:
    items = read(PLAN, "到2025年，平均受教育年限由2020年的9.9年提高到10.5年以上。")
    assert [(item.name, item.value, item.op, item.year, item.role) for item in items] == [
        ("平均受教育年限", "9.9", "=", 2020, "baseline"),
        ("平均受教育年限", "10.5", ">=", 2025, "target"),
    ]
