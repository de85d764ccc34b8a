"""Running text: the level behind a growth, values year by year, differences from a norm, what money and bounds are about."""

import pytest

from tests.indicators.documents import reading_of
from watcher.indicators import extract

PLAN = "某市“十四五”卫生健康规划"
REPORT = "2023年全市经济运行情况"


def told(text: str, title: str = PLAN, heading: str = "") -> list[tuple[str, str, str | None, str]]:
    items = extract(reading_of("\n".join(filter(None, (f"# {title}", heading and f"## {heading}", text)))))
    return [(item.name, item.op, item.value, item.unit) for item in items]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("营业收入增长12%，达到3000亿元。", ("营业收入", "=", "3000", "亿元")),
        ("营业收入年均增长10%左右、2025年突破3000亿元。", ("营业收入", ">", "3000", "亿元")),
        ("发病率较2022年下降15%以上，降至65/10万以下。", ("发病率", "<=", "65", "/10万")),
        ("次均住院费用同比下降6.3%至8126元。", ("次均住院费用", "=", "8126", "元")),
        ("护士持证比例超过70%，达到74.6%。", ("护士持证比例", "=", "74.6", "%")),
        ("重污染天数比例为0.9%，首次降低到1%以内。", ("重污染天数比例", "<=", "1", "%")),
        ("每年安排专项资金600万元，三年计1800万元。", ("专项资金", "=", "1800", "万元")),
    ],
)
def test_the_level_behind_a_growth_or_a_bound(text: str, second: tuple[str, str, str, str]) -> None:
    assert told(text)[1] == second


def test_a_whole_told_year_by_year() -> None:
    items = extract(reading_of(f"# {PLAN}\n改建农村户厕3.2万座，其中2023年1.2万座、2024年1.1万座、2025年0.9万座。"))
    assert [(item.name, item.year, item.value) for item in items] == [
        ("改建农村户厕", None, "3.2"),
        ("改建农村户厕", 2023, "1.2"),
        ("改建农村户厕", 2024, "1.1"),
        ("改建农村户厕", 2025, "0.9"),
    ]


def test_years_before_a_list_of_changes_stand_in_no_name() -> None:
    items = extract(reading_of(f"# {PLAN}\n过早死亡率2025年和2030年分别较2015年降低10%和20%。"))
    assert [(item.year, item.value) for item in items] == [(2025, "10"), (2030, "20")]
    assert all(item.name.startswith("过早死亡率") and "年" not in item.name for item in items)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("居民健康素养水平和健康行为形成率分别提高到25%、60%。", ["居民健康素养水平", "健康行为形成率"]),
        ("初中和高中毛入学率分别达到99%和95%。", ["初中毛入学率", "高中毛入学率"]),
        ("医师1186人、护士1327人，每千人口分别为2.31人、2.59人。", ["医师", "护士", "每千人口医师", "每千人口护士"]),
        ("存贷款余额达到831.8亿元、406.7亿元。", ["存款余额", "贷款余额"]),
        ("春、夏、秋、冬四季平均气温分别为16℃、27℃、18℃和5℃。", [f"{season}平均气温" for season in "春夏秋冬"]),
        ("浓度最高的3个城市分别为94、84和81微克/立方米。", ["浓度最高的3个城市"] * 3),
    ],
)
def test_names_that_are_told_together(text: str, names: list[str]) -> None:
    assert [name for name, *_ in told(text, REPORT)] == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("平均降水量631.5mm，比多年平均值偏少2.0%。", ("平均降水量", "=", "2.0", "%")),
        ("高温日数28.6天，较常年偏多9.4天。", ("高温日数", "=", "9.4", "天")),
        ("人均生活用水量为176L/d。", ("人均生活用水量", "=", "176", "L/d")),
        ("统筹资金9.95亿元支持培育新兴产业。", ("统筹资金", "=", "9.95", "亿元")),
        ("慢性病患者约有1亿人。", ("慢性病患者", "~", "1", "亿人")),
        ("按人员全时工作量计算的人均经费为48.4万元。", ("按人员全时工作量计算的人均经费", "=", "48.4", "万元")),
        ("系统恢复时间目标小于15分钟。", ("系统恢复时间目标", "<", "15", "分钟")),
    ],
)
def test_differences_means_and_bounds(text: str, found: tuple[str, str, str, str]) -> None:
    assert told(text, REPORT)[-1] == found


def test_a_life_expectancy_is_no_expectation_and_a_whole_is_no_share() -> None:
    text = "# 2023年卫生健康事业发展统计公报\n我国人均预期寿命达到78.6岁，教育经费占一般公共预算支出203330.03亿元的比例为14.71%。"
    assert [(item.role, item.year, item.value) for item in extract(reading_of(text))] == [
        ("actual", 2023, "78.6"),
        ("actual", 2023, "14.71"),
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("产值过500亿元的企业达3家，签约过亿元项目101个。", ["3", "101"]),
        ("情节严重的，并处违法所得3倍以上5倍以下罚款。", []),
        ("平均得分612.4分，列全省第5位、前进2位。", ["612.4"]),
        ("注册资本100万元至5亿元的企业占30%。", ["30"]),
        ("最低的3个城市依次是甲市、乙市和丙市。", []),
    ],
)
def test_what_tells_which_are_meant_is_no_value(text: str, values: list[str]) -> None:
    assert [value for _, _, value, _ in told(text, REPORT)] == values


def test_a_title_that_says_nothing_leaves_it_to_the_text() -> None:
    text = "全市处置量142万吨，较2021年增加2万吨，处置率98.5%。"
    items = extract(reading_of(f"# 2022年固体废物信息公告\n## 二、主要指标\n{text}"))
    assert [(item.role, item.year) for item in items] == [("actual", 2022), ("change", 2022), ("actual", 2022)]


def test_lines_of_years_divide_a_report_without_numbers() -> None:
    text = (
        "# 2020年县人民政府工作报告\n2019年工作回顾\n固定资产投资增长13.5%。\n2020年工作安排\n固定资产投资增长10%以上。"
    )
    items = extract(reading_of(text))
    assert [(item.year, item.role, item.value) for item in items] == [(2019, "change", "13.5"), (2020, "target", "10")]


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("2017年农民工监测调查报告", "actual"), ("关于第12号建议的答复", "actual"), ("某县概况", "actual"),
        ("2023年度部门决算公开说明", "actual"), ("关于养老服务的调研报告", "actual"), ("某市养老服务实施方案", "target"),
    ],
)  # fmt: skip
def test_titles_that_tell_of_what_is(title: str, role: str) -> None:
    items = extract(reading_of(f"# {title}\n老年人口84.77万人。"))
    assert [item.role for item in items] == [role]
