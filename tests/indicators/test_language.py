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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("千人口献血率为10.8‰，比上年的10.4‰提高0.4个千分点。", [("10.8", "actual"), ("10.4", "baseline"), ("0.4", "change")]),
        ("常住人口为378万人，与2010年第六次全国人口普查的356万人相比，增加22万人。", [("378", "actual"), ("356", "baseline"), ("22", "change")]),
        ("台站间距由40公里加密到20公里。", [("40", "baseline"), ("20", "actual")]),
        ("食盐摄入量由10.5克下降10%。", [("10.5", "baseline"), ("10", "change")]),
        ("业务量完成35.27亿件，首次突破35亿件，同比增长19.8%。", [("35.27", "actual"), ("35", "actual"), ("19.8", "change")]),
        ("接待观众486万人次，其中未成年人121万人次，受疫情影响2023年降至203万人次。", [("486", "actual"), ("121", "actual"), ("203", "actual")]),
        ("门诊费用和住院费用分别上涨3.7%和2.2%，低于平均涨幅1.0个百分点和0.2个百分点。", [
            ("3.7", "change"), ("2.2", "change"), ("1.0", "change"), ("0.2", "change"),
        ]),
    ],
)  # fmt: skip
def test_a_value_told_in_relation_keeps_the_name_of_what_it_is_held_against(
    text: str, expected: list[tuple[str, str]]
) -> None:
    found = read(text, title=BULLETIN)
    assert [(item.value, item.role) for item in found] == expected
    names = {item.name for item in found}
    assert len(names) == (2 if "未成年人" in text or "分别" in text else 1)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("管网里程翻一番，突破8000公里。", "管网里程", "8000"),
        ("粮食产量稳定在43万吨以上，力争达到45万吨。", "粮食产量", "45"),
        ("冷库容量比2021年增长50%以上、达到200万立方米。", "冷库容量", "200"),
        ("总人口2022年控制在300万人以内，2025年在315万人以内。", "总人口", "315"),
        ("系统管理率（95.2%）、访视率（96.1%）均高于平均水平。", "访视率", "96.1"),
        ("预冷设施仅覆盖18.6%的种植基地。", "预冷设施覆盖种植基地的比例", "18.6"),
        ("400毫升献血比例为71.5%。", "400毫升献血比例", "71.5"),
        ("各级各类学校[2]52.93万所。", "各级各类学校", "52.93"),
        ("500平方米以上海岛188个。", "500平方米以上海岛", "188"),
        ("航线达到118条。", "航线", "118"),
        ("新建、改建、扩建工程设防达标率100%。", "新建、改建、扩建工程设防达标率", "100"),
        ("殡仪馆（站）、公墓信息化覆盖率达到100%。", "殡仪馆（站）、公墓信息化覆盖率", "100"),
        ("农民人均收入为9800元，日均27元。", "日均农民人均收入", "27"),
    ],
)
def test_names_that_stand_apart_from_their_value(text: str, name: str, value: str) -> None:
    found = [(item.name, item.value) for item in read(text)]
    assert found[-1] == (name, value), found


@pytest.mark.parametrize(
    "text",
    [
        "开标时间为4月8日9点30分。", "闸室尺度为200米×23米×4.0米。", "通航1000吨级船舶。", "性别比以女性为100。",
        "建立14个部门参加的联席会议制度。", "对照26项措施逐项督查。", "包含6个一级指标的评价体系。", "全省16个设区市全部通气。",
        "代理服务费按标准的80%收取。", "对新建1万立方米以上高标准冷库给予补助。", "400万元以下的工程项目面向中小企业。",
        "消除使用年限超过20年的管道。", "贯彻民政部等16部门意见。", "提出16个具体工作指标。",
    ],
)  # fmt: skip
def test_rules_clocks_and_sizes_are_no_indicators(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1994年被公布为历史文化名城。登记文物3521处。", "2016-2020"),
        ("58%的泊位建于2005年以前，从业人员49人。", "2016-2020"),
        ("2019年起，完成评价37个。", "2019-2020"),
        ("存栏量恢复到2017年末的102.4%。牛存栏3.15万头。", "2016-2020"),
    ],
)
def test_years_of_something_else_do_not_govern(text: str, year: int | str) -> None:
    assert {item.year for item in read(text, heading="一、发展基础")} == {year}


def test_a_term_counted_from_a_year_ends_with_its_last() -> None:
    (one,) = read("自2022年1月1日起，力争用三年时间，火化率达到100%。", title="关于深化改革的实施意见")
    assert (one.year, one.role) == ("2022-2024", "target")


def test_an_older_value_in_a_plan_s_goal_is_of_the_year_before_the_plan() -> None:
    older, newer = read("到2025年，设防率由58%提高到75%。", heading="二、发展目标")
    assert (older.year, older.role, newer.year, newer.role) == (2020, "baseline", 2025, "target")


def test_years_told_together_share_one_older_value() -> None:
    found = read("到2020年和2025年，规范管理率由目前的50%分别提升至60%和70%。", title="防治规划（2017—2025年）")
    assert [(item.name, item.value, item.year) for item in found] == [
        ("规范管理率", "50", 2016), ("规范管理率", "60", 2020), ("规范管理率", "70", 2025),
    ]  # fmt: skip


def test_a_chapter_that_looks_back_and_ahead_tells_what_is() -> None:
    (one,) = read("博物馆达到38座。", heading="一、回顾与展望")
    assert one.role == "actual"


def test_what_is_told_of_each_goes_to_all_levels_before_it() -> None:
    found = read("婴儿死亡率为6.1‰，5岁以下儿童死亡率为8.4‰，均比上年下降0.7个千分点。", title=BULLETIN)
    assert [(item.name, item.value) for item in found if item.role == "change"] == [
        ("婴儿死亡率", "0.7"), ("5岁以下儿童死亡率", "0.7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        "健康管理服务率63.9%（全年任务62%）",
        "健康管理服务率63.9%，高于60%和62%的《纲要》目标",
        "健康管理服务率63.9%，已超过60%的规划目标",
    ],
)
def test_the_task_a_result_is_held_against_is_passed_over(words: str) -> None:
    assert told(f"{words}。", title=BULLETIN) == [("健康管理服务率", "63.9", "%")]


def test_a_heading_of_the_year_a_report_tells_of_plans_nothing() -> None:
    (one,) = read(
        "村卫生室21家。", title="卫生健康委2023年工作总结和2024年工作计划", heading="一、2023年重点工作平稳推进"
    )
    assert (one.role, one.year) == ("actual", 2023)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("“十三五”经济社会发展取得新突破", "actual"),
        ("全省贫困县经济发展亮点频现", "actual"),
        ("全县经济社会发展规划", "target"),
    ],
)
def test_a_headline_may_tell_what_was_reached(title: str, role: str) -> None:
    assert {item.role for item in read("行政村客运覆盖率达100%。", title=title)} == {role}


def test_what_a_census_found_is_told() -> None:
    found = read("据第七次全国人口普查，60岁及以上人口61.2万人。", title="关于加强养老服务的实施意见")
    assert [(item.role, item.year) for item in found] == [("actual", 2020)]
