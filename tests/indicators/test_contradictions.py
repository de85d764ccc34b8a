"""Contradictions inside one document: value, operator and scope told apart."""

import pytest

from tests.indicators.grids import reading, table
from watcher.indicators import contradictions, extract
from watcher.types import Block


def kinds(*blocks: Block) -> list[tuple[str, str, str]]:
    found = contradictions(extract(reading(*blocks)))
    return [(one.kind, one.first.text, one.second.text) for one in found]


def text(words: str) -> Block:
    return Block("paragraph", words)


def past(words: str) -> tuple[Block, Block]:
    return Block("heading", "一、发展现状", 1), Block("paragraph", words)


GOALS = Block("heading", "三、发展目标", 1)


def targets(*rows: tuple[str, str]) -> Block:
    return table([["指标", "2025年"], *[list(row) for row in rows]])


def test_two_numbers_are_a_value() -> None:
    assert kinds(GOALS, text("到2025年，人均预期寿命达到76.3岁。"), targets(("人均预期寿命（岁）", "76.8"))) == [
        ("value", "76.3岁", "76.8")
    ]
    assert kinds(
        GOALS, text("重大慢性病过早死亡率降低到10%以下。"), targets(("重大慢性疾病过早死亡率（%）", "＜13.5"))
    ) == [("value", "10%以下", "＜13.5")]


def test_another_sign_is_an_operator_and_nothing_is_disputed() -> None:
    document = reading(
        GOALS,
        text("全民健康素养水平提高至25%。每万人口全科医生达到3.2名以上。"),
        targets(("居民健康素养水平（%）", "≥25"), ("每万人全科医生数(人)", "3.2")),
    )
    items = extract(document)
    assert [one.kind for one in contradictions(items)] == ["operator", "operator"]
    assert not any(item.disputed for item in items)


def test_a_value_makes_both_places_disputed() -> None:
    items = extract(
        reading(
            GOALS, text("人均预期寿命达到76.3岁。"), targets(("人均预期寿命（岁）", "76.8"), ("婴儿死亡率（‰）", "＜6"))
        )
    )
    assert [item.disputed for item in items] == [True, True, False]


def test_two_counts_may_be_of_different_things() -> None:
    assert kinds(*past("组建652个家庭医生团队。全市累计组建663个家庭医生团队。")) == [("scope", "652个", "663个")]


def test_a_share_that_its_own_counts_do_not_give() -> None:
    found = kinds(*past("全市共有医疗卫生机构1747个。民营医疗卫生机构共计839个，占全市医疗机构总数的49.8%。"))
    assert found == [("scope", "1747个", "49.8%")]
    assert kinds(*past("全市共有医疗卫生机构1747个。民营医疗卫生机构共计839个，占全市医疗机构总数的48.0%。")) == []


def test_the_same_figure_of_a_wider_and_a_narrower_group() -> None:
    found = kinds(
        GOALS,
        text(
            "打造不少于14个优势明显、综合竞争力强的自治区级以上医学重点学科。到2025年，在市直5家公立医院建设14个医学重点学科。"
        ),
    )
    assert found == [("scope", "不少于14个", "14个")]


def test_a_result_and_the_baseline_of_the_table() -> None:
    rows = table([["指标", "2020年", "2025年"], ["适龄儿童免疫规划疫苗接种率(%)", "95.31", "≥95"]])
    found = kinds(*past("“十三五”期间，适龄儿童免疫规划疫苗接种率达到98%以上。"), GOALS, rows)
    assert found == [("value", "98%以上", "95.31")]
    assert kinds(*past("“十三五”期间，适龄儿童免疫规划疫苗接种率达到90%以上。"), GOALS, rows) == []


def test_falling_in_words_and_a_ceiling_above_today() -> None:
    rows = table([["指标", "2020年", "2025年"], ["婴儿死亡率(‰)", "3.18", "<5"]])
    assert kinds(GOALS, text("到2025年，婴儿死亡率逐步降低。"), rows) == [("value", "逐步降低", "<5")]
    fine = table([["指标", "2020年", "2025年"], ["婴儿死亡率(‰)", "6.18", "<5"]])
    assert kinds(GOALS, text("到2025年，婴儿死亡率逐步降低。"), fine) == []


def test_one_per_twenty_thousand_against_so_many_per_ten_thousand() -> None:
    found = kinds(
        GOALS, text("到2025年，力争实现按照每2万人口配置一辆救护车。"), targets(("每万人口急救车数量(辆)", "0.32"))
    )
    assert found == [("value", "一辆", "0.32")]
    assert (
        kinds(GOALS, text("到2025年，按照每2万人口配置一辆救护车。"), targets(("每万人口急救车数量(辆)", "0.5"))) == []
    )


def test_a_share_of_one_whole_told_at_two_lengths() -> None:
    found = kinds(
        GOALS,
        targets(("专业技术人员占疾病预防控制机构人员编制总额的比例(%)", "85")),
        text("到2025年，专业技术人员不低于编制总额的85%。"),
    )
    assert [kind for kind, *_ in found] == ["operator"]


@pytest.mark.parametrize(
    "words",
    [
        "2022年甲覆盖率达到50%；2025年甲覆盖率达到80%。",
        "甲县设置床位40张，建筑面积3000平方米；乙县设置床位80张，建筑面积9600平方米。",
        "开展6类10项中医药适宜技术。",
        "到2025年，婴儿死亡率由3.13‰下降到2.62‰。",
        "每千人口床位数6.17张，每万人口床位数61张。",
    ],
)
def test_what_does_not_contradict(words: str) -> None:
    assert kinds(GOALS, text(words)) == []


def test_so_many_of_none_is_no_division() -> None:
    assert kinds(GOALS, text("每0万人口救护车达到1辆，每2万人口救护车达到1辆。")) == []
