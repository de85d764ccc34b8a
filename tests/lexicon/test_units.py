"""Units: families, magnitudes, rates."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.lexicon.units import MAGNITUDES, UNITS, apart_from_name, comparable, is_unit, scale, with_unit


@pytest.mark.parametrize(
    ("unit", "size", "family"),
    [
        ("%", "0.01", "ratio"),
        ("％", "0.01", "ratio"),
        ("‰", "0.001", "ratio"),
        ("/10万", "0.00001", "ratio"),
        ("1/10万", "0.00001", "ratio"),
        ("万人", "10000", "persons"),
        ("亿千瓦时", "100000000", "electricity"),
        ("万管/日", "10000", "tests/日"),
        ("", "1", ""),
        ("万", "10000", ""),
        ("小时", "60", "minutes"),
    ],
)
def test_a_printed_unit_has_a_size_and_a_family(unit: str, size: str, family: str) -> None:
    assert scale(unit) == (Decimal(size), family)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("名", "人"),
        ("所", "家"),
        ("个", "所"),
        ("％", "%"),
        ("1/10万", "/10万"),
        ("万名", "万人"),
        ("μg/m³", "微克/立方米"),
        ("µg/m3", "ug/m³"),
        ("万m²", "万平方米"),
    ],
)
def test_units_that_mean_the_same_are_the_same(a: str, b: str) -> None:
    assert scale(a) == scale(b)


@pytest.mark.parametrize(
    ("a", "b"), [("%", "‰"), ("人", "万人"), ("张", "个"), ("%", "个百分点"), ("元", "万元"), ("人", "人次")]
)
def test_units_that_mean_something_else_are_not(a: str, b: str) -> None:
    assert scale(a) != scale(b)


def test_figures_of_one_family_can_be_compared_after_scaling() -> None:
    assert comparable("万人", "名")
    assert comparable("%", "‰")
    assert not comparable("%", "个百分点")


def test_a_word_that_is_no_unit_is_not_taken_for_one() -> None:
    assert not is_unit("助理")
    assert not is_unit("")
    assert is_unit("万立方米")


@given(st.sampled_from(UNITS), st.sampled_from(sorted(MAGNITUDES)))
def test_a_magnitude_multiplies_the_size_of_its_unit(unit: str, magnitude: str) -> None:
    if unit.startswith("/") or unit in ("%", "‰", "成"):
        return
    size, family = scale(unit)
    assert scale(magnitude + unit) == (size * MAGNITUDES[magnitude], family)


@given(st.text(max_size=12))
def test_any_text_has_a_scale(text: str) -> None:
    size, _ = scale(text)
    assert size > 0


@pytest.mark.parametrize(
    ("name", "unit", "apart"),
    [
        ("每千人口床位数", "张/千人", "张"),
        ("每千常住人口注册护士数", "人／千人口", "人"),
        ("每万人口全科医生数", "人/万人", "人"),
        ("每万人口全科医生数", "人/千人", "人/千人"),
        ("孕产妇死亡率", "1/10万", "1/10万"),
        ("核酸检测能力", "万管/日", "万管/日"),
    ],
)
def test_a_base_that_the_name_says_already_is_no_part_of_the_unit(name: str, unit: str, apart: str) -> None:
    assert apart_from_name(name, unit) == apart


@pytest.mark.parametrize(
    ("printed", "unit", "whole"),
    [
        ("78-82", "%", "78-82%"),
        ("25以内", "%", "25%以内"),
        ("[15]以上", "万人次", "[15]万人次以上"),
        ("下降15%", "/10万", "下降15%"),
        ("提高5个百分点", "%", "提高5个百分点"),
        ("稳步提高", "%", "稳步提高"),
        ("1:1.2", "", "1:1.2"),
    ],
)
def test_words_with_a_figure_take_the_unit_of_their_header_unless_they_say_one(
    printed: str, unit: str, whole: str
) -> None:
    assert with_unit(printed, unit) == whole


@pytest.mark.parametrize(
    ("printed", "usual"), [("万头（只）", "万头"), ("件（套）", "件"), ("万人（次）", "万人次"), ("个（处）", "个")]
)
def test_a_second_unit_in_brackets_makes_no_other_family(printed: str, usual: str) -> None:
    assert scale(printed) == scale(usual)
