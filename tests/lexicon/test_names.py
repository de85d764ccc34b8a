"""Names: what is one indicator, what only looks like one."""

import pytest

from watcher.lexicon.names import canonical, entries, normal, polarity, suggest, title, usual_unit
from watcher.lexicon.units import is_unit


def test_the_file_holds_enough_and_every_entry_its_source() -> None:
    known = entries()
    assert len(known) >= 1000
    assert all(entry.source and entry.name for entry in known.values())
    assert all(entry.unit == "" or is_unit(entry.unit) for entry in known.values())


def test_every_printed_name_leads_to_its_entry() -> None:
    for key, entry in entries().items():
        for name in (entry.name, *entry.also):
            assert canonical(name) == key, name


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("人均期望寿命(岁)", "人均预期寿命（岁）"),
        ("每千人3岁以下婴幼儿托位数", "每千人口拥有3岁以下婴幼儿托位数（个）"),
        ("每千常住人口床位数", "每千人医疗卫生机构床位数(张)"),
        ("以街道(乡镇)为单位适龄儿童免疫规划疫苗接种率", "以苏木乡镇（街道）为单位适龄儿童规划免疫疫苗接种率（%）"),
        ("个人卫生支出占卫生总费用的比重(%)", "个人卫生支出占卫生总费用的比例"),
        ("重大慢性疾病过早死亡率", "重大慢性病过早死亡率"),
        ("居民健康素养水平(%", "全民健康素养水平"),
        ("全市婴儿死亡率", "婴儿死亡率(‰)"),
        ("单位GDP能耗降低", "单位地区生产总值能耗下降"),
    ],
)
def test_one_indicator_under_several_names(a: str, b: str) -> None:
    assert canonical(a) == canonical(b) is not None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("产前筛查率", "产前检查率"),
        ("每万人公共卫生人员数", "每千人口公共卫生人员数"),
        ("每万人口公共卫生人员数", "每万人口专业公共卫生机构人员数"),
        ("县域就诊率", "基层就诊率"),
        ("基层就诊率", "基层医疗卫生机构门诊就诊率"),
        ("婴儿死亡率", "5岁以下儿童死亡率"),
        ("某某甲率", "某某乙率"),
    ],
)
def test_what_looks_alike_is_not_merged(a: str, b: str) -> None:
    assert (canonical(a) or normal(a)) != (canonical(b) or normal(b))


def test_the_direction_of_progress() -> None:
    assert polarity("infant-mortality") == "lower"
    assert polarity("life-expectancy") == "higher"
    assert polarity("birth-rate") is None
    assert polarity(None) is None
    assert usual_unit("infant-mortality") == "‰"
    assert usual_unit("nothing") is None
    assert title("life-expectancy") == "人均预期寿命"
    assert title("nothing") == "nothing"


def test_suggestions_propose_and_respect_bases_and_numbers() -> None:
    assert suggest("居民健康素养提升水平")[0][0] == "health-literacy"
    assert all("-per-10000" in key for key, _ in suggest("每万人口注册护士数"))
    assert canonical("居民健康素养提升水平") is None


def test_the_normal_form_keeps_bases() -> None:
    assert normal("每千人口床位数") != normal("每万人口床位数")
    assert normal("每千名常住人口拥有床位数") == normal("每千人床位数")
