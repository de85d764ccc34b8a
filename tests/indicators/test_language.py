"""Turns of the language of bulletins, budgets and reports: growth behind levels, years that clauses share, lists, what is no measure."""

import pytest

from tests.indicators.documents import reading_of
from watcher.indicators import extract
from watcher.types import Indicator


def read(text: str, title: str = "某市“十四五”发展规划", heading: str = "") -> list[Indicator]:
    return list(extract(reading_of(f"# {title}\n" + (f"## {heading}\n" if heading else "") + text)))


def told(text: str, **about: str) -> list[tuple[str, str | None, str]]:
    return [(item.name, item.value or item.text, item.unit) for item in read(text, **about)]


BULLETIN = "某市2023年国民经济和社会发展统计公报"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "关键工序数控化率和研发工具普及率分别达到68%、86%。",
            [("关键工序数控化率", "68", "%"), ("研发工具普及率", "86", "%")],
        ),
        (
            "第一、二、三产业增加值占比分别为22.1%、34.3%和43.6%。",
            [("第一产业增加值占比", "22.1", "%"), ("第二产业增加值占比", "34.3", "%"), ("第三产业增加值占比", "43.6", "%")],
        ),
        (
            "批发业、住宿业增加值分别增长1.4%、0.3%。",
            [("批发业增加值", "1.4", "%"), ("住宿业增加值", "0.3", "%")],
        ),
        ("乡镇和建制村通客车率分别达到99%和96%。", [("乡镇通客车率", "99", "%"), ("建制村通客车率", "96", "%")]),
        ("新增清洁能源、新能源动力的交通工具比例达到40%。", [("新增清洁能源、新能源动力的交通工具比例", "40", "%")]),
        ("污水治理率2022年、2025年分别达到30%、45%。", [("污水治理率", "30", "%"), ("污水治理率", "45", "%")]),
        ("健康素养水平到2025年和2030年分别达到26%和32%。", [("健康素养水平", "26", "%"), ("健康素养水平", "32", "%")]),
        ("新增规上企业30家、专精特新企业2家，总数分别达到198家、9家。", [
            ("新增规上企业", "30", "家"), ("专精特新企业", "2", "家"), ("新增规上企业总数", "198", "家"), ("专精特新企业总数", "9", "家"),
        ]),
    ],
)  # fmt: skip
def test_lists_are_dealt_out_with_what_their_members_share(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text, title=BULLETIN) == expected


@pytest.mark.parametrize(
    ("text", "name", "value", "role"),
    [
        ("收入98.7亿元，完成预算的76.2%，下降28.5%。", "收入", "28.5", "change"),
        ("收入39亿元，占总收入的67.3%，较上年提高0.9个百分点。", "收入占总收入的比例", "0.9", "change"),
        ("规上企业87家，净增9家。", "规上企业", "9", "change"),
        ("有效商标突破100万件，达到106.8万件。", "有效商标", "106.8", "actual"),
        ("养老金最低标准提高20元，达到143元。", "养老金最低标准", "143", "actual"),
        ("人均生产总值121630元（折合18083美元），比上年增加5060元。", "人均生产总值", "5060", "change"),
        ("居民消费价格上涨3.7%，涨幅比上年上升2.5个百分点。", "居民消费价格涨幅", "2.5", "change"),
        ("卫生支出52.1亿元，增长-6.3%。", "卫生支出", "-6.3", "change"),
        ("一级公路由20667公里减少到19592公里，净减1074公里。", "一级公路", "1074", "change"),
        ("住院分娩率继续保持较高水平，达99.8%。", "住院分娩率", "99.8", "actual"),
        ("吞吐量达到100万人次以上的机场有106个。", "吞吐量达到100万人次以上的机场", "106", "actual"),
        ("失业率为5.2%，比2022年低0.4个百分点。", "失业率", "0.4", "change"),
        ("粮食产量13908亿斤，再创新高，连续9年保持在13000亿斤以上。", "粮食产量", "13000", "actual"),
        ("全国煤炭消费比重下降了1.6个百分点。", "全国煤炭消费比重", "1.6", "change"),
        ("固定资产投资完成246.8亿元，完成年度计划82.3%。", "固定资产投资完成年度计划的比例", "82.3", "actual"),
    ],
)
def test_what_is_told_behind_a_level_belongs_to_it(text: str, name: str, value: str, role: str) -> None:
    last = read(text, title=BULLETIN)[-1]
    assert (last.name, last.value, last.role, last.year) == (name, value, role, 2023)


@pytest.mark.parametrize(
    ("text", "name", "value", "unit"),
    [
        ("货物周转量14.82亿吨公里。", "货物周转量", "14.82", "亿吨公里"),
        ("抗菌药物使用强度控制在40DDDs以下。", "抗菌药物使用强度", "40", "DDDs"),
        ("专利申请量不低于40件/百万人。", "专利申请量", "40", "件/百万人"),
        ("工伤死亡率0.92。", "工伤死亡率", "0.92", ""),
        ("城乡居民收入比缩小到1.9:1以内。", "城乡居民收入比", "1.9:1以内", ""),
        ("三次产业结构为22.8:38.8:38.4。", "三次产业结构", "22.8:38.8:38.4", ""),
        ("带动2000多万贫困人口增收。", "贫困人口增收", "2000", "万"),
        ("建成两所三甲医院和三座水厂。", "三甲医院", "2", "所"),
        ("低保标准提高到735元/人/月。", "低保标准", "735", "元/人/月"),
        ("GDP增长6.0%。", "GDP增长", "6.0", "%"),
        ("836个党组织达标率100%。", "836个党组织达标率", "100", "%"),
    ],
)
def test_units_and_figures_as_such_documents_print_them(text: str, name: str, value: str, unit: str) -> None:
    first = read(text)[0]
    assert (first.name, first.value or first.text, first.unit) == (name, value, unit)


@pytest.mark.parametrize(
    "text",
    [
        "申报材料一式3份报县农业农村局。",
        "情节严重的，处5万元以上10万元以下的罚款。",
        "笔试满分为100分，每错一题扣2分。",
        "单体建筑面积超过2万平方米的新建公共建筑应当安装设施。",
        "十年间生产总值翻了近一倍。",
        "规划确定的9项约束性指标全部完成。",
    ],
)
def test_what_is_counted_there_is_no_indicator(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("根据第七次全国人口普查，常住人口324.6万人。", 2020),
        ("规划2035年用水量8.6万立方米；电网最高负荷320兆瓦。", 2035),
    ],
)
def test_censuses_have_their_years_and_a_plan_s_year_holds_over_a_semicolon(text: str, year: int) -> None:
    assert read(text, title="某市发展情况介绍材料")[-1].year == year


@pytest.mark.parametrize(
    ("text", "year", "role"),
    [
        ("2021年，能耗1.27吨，较2020年下降4.6%；病床使用率81.2%。", 2021, "actual"),
        ("“十四五”以来，完成改造7亿千瓦。", "2021-2025", "actual"),
    ],
)
def test_years_of_what_was_reached_hold_over_semicolons(text: str, year: int | str, role: str) -> None:
    last = read(text, title="某市发展情况介绍材料")[-1]
    assert (last.year, last.role) == (year, role)


def test_what_a_result_is_held_against_is_no_indicator() -> None:
    assert told(
        "受害率0.03‰，远低于0.9‰的控制指标。城镇新增就业5921万人，超额完成5500万人的目标任务。", title=BULLETIN
    ) == [
        ("受害率", "0.03", "‰"),
        ("城镇新增就业", "5921", "万人"),
    ]
    assert told("实现非化石能源占比20%的目标。") == [("非化石能源占比", "20", "%")]


def test_the_year_before_may_be_part_of_a_rule() -> None:
    (item,) = read("低保标准不低于本地区上年度人均消费支出的35%。", heading="主要目标")
    assert (item.year, item.role) == (None, "target")


def test_two_measures_stand_side_by_side() -> None:
    assert told("低保对象33087户57374人，其中市本级23502户41878人。") == [
        ("低保对象", "33087", "户"),
        ("低保对象", "57374", "人"),
        ("市本级", "23502", "户"),
        ("市本级", "41878", "人"),
    ]


def test_older_and_newer_values_stand_in_two_lists_with_a_comma_between() -> None:
    items = read(
        "养老、失业、工伤三项保险参保人数分别从1995年的7.9亿人、1.5亿人、1.9亿人，增加到2020年的10.4亿人、2.3亿人、2.9亿人。"
    )
    assert [(item.name, item.year, item.role) for item in items] == [
        (f"{kind}保险参保人数", year, role)
        for year, role in ((1995, "baseline"), (2020, items[-1].role))
        for kind in ("养老", "失业", "工伤")
    ]


def test_an_older_value_takes_the_year_it_is_measured_against() -> None:
    older = read("与2015年相比，2020年事故下降54.2%；死亡率由0.078下降至0.026。")[-2]
    assert (older.role, older.year) == ("baseline", 2015)


def test_a_heading_names_the_years_of_a_five_year_period() -> None:
    (item,) = read("森林覆盖率达到24.1%。", title="政府工作报告", heading="二、“十四五”时期主要目标任务")
    assert (item.role, item.year) == ("target", "2021-2025")


def test_a_report_that_plans_a_budget_plans_for_the_year_behind() -> None:
    text = "## 一、2023年预算执行情况\n收入完成132.6亿元，同比增长5.8%。\n## 二、2024年预算草案\n收入安排139.2亿元，同比增长5%左右。\n## 三、措施\n压减比例不低于5%。"
    items = read(text, title="关于某市2023年预算执行情况和2024年预算草案的报告")
    assert [(item.role, item.year) for item in items] == [
        ("actual", 2023), ("change", 2023), ("target", 2024), ("target", 2024), ("target", 2024),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "opening", "told_of"),
    [
        ("政府工作报告", "——2025年1月8日在某区第五届人民代表大会第四次会议上", 2024),
        ("政府工作报告", "2024年工作回顾", 2024),
    ],
)
def test_a_report_tells_of_the_year_its_opening_speaks_of(title: str, opening: str, told_of: int) -> None:
    (item,) = read(f"{opening}\n固定资产投资增长8.5%。", title=title)
    assert (item.role, item.year) == ("change", told_of)
