"""Values as printed: numbers, units, operators, ranges, words; time linear in hostile text."""

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.indicators.values import cell, is_blank_mark, mentions, split_unit


def read(text: str) -> list[tuple[str, str | None, str, str]]:
    return [(m.value.op, m.value.number, m.value.unit, m.value.text) for m in mentions(text)]


@pytest.mark.parametrize(
    ("text", "op", "number", "unit", "printed"),
    [
        ("达到 90%", "=", "90", "%", "90%"),
        ("达89.82 %", "=", "89.82", "%", "89.82 %"),
        ("达73.62％", "=", "73.62", "%", "73.62％"),
        ("控制在15/10万以下", "<=", "15", "/10万", "控制在15/10万以下"),
        ("１２０６１张", "=", "12061", "张", "１２０６１张"),
        ("达1,156.37万人次", "=", "1156.37", "万人次", "1,156.37万人次"),
        ("不少于14个", ">=", "14", "个", "不少于14个"),
        ("进入前270位", "<=", "270", "位", "前270位"),
        ("共有30余人", ">", "30", "人", "30余人"),
        ("约3000多万元", ">", "3000", "万元", "约3000多万元"),
        ("达18.2万以上", ">=", "18.2", "万", "18.2万以上"),
        ("达到4.4万管/日", "=", "4.4", "万管/日", "4.4万管/日"),
        ("保持在107左右", "~", "107", "", "107左右"),
        ("2/3以上村卫生室", ">=", "0.6667", "", "2/3以上"),
        ("三分之二以上的机关", ">=", "0.6667", "", "三分之二以上"),
        ("百分之九十五点三以上", ">=", "95.3", "%", "百分之九十五点三以上"),
        ("千分之六", "=", "6", "‰", "千分之六"),
        ("三成以上", ">=", "30", "%", "三成以上"),
        ("六种以上诊疗方法", ">=", "6", "种", "六种以上"),
        ("超过50%", ">", "50", "%", "超过50%"),
        ("8万余人", ">", "8", "万人", "8万余人"),
        ("接种172万剂次", "=", "172", "万剂次", "172万剂次"),
        ("近3万人", "~", "3", "万人", "近3万人"),
        ("提高0.5个百分点", "=", "0.5", "个百分点", "0.5个百分点"),
        ("降至300克标准煤/千瓦时以下", "<=", "300", "克标准煤/千瓦时", "300克标准煤/千瓦时以下"),
    ],
)
def test_quantities_in_running_text(text: str, op: str, number: str, unit: str, printed: str) -> None:
    assert read(text) == [(op, number, unit, printed)]


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("1-1.5名", "1", "1.5", "名"),
        ("5-10%", "5", "10", "%"),
        ("2%--5%", "2", "5", "%"),
        ("3至4个", "3", "4", "个"),
        ("10—20公里", "10", "20", "公里"),
    ],
)
def test_ranges_are_words_with_two_ends(text: str, low: str, high: str, unit: str) -> None:
    (mention,) = mentions(text)
    assert (mention.value.op, mention.value.number) == ("text", None)
    assert (mention.value.low, mention.value.high, mention.value.unit) == (low, high, unit)


def test_from_to_is_no_range() -> None:
    assert [value for _, value, _, _ in read("由3.13‰下降到2.62‰5岁以下")] == ["3.13", "2.62", "5"]


@pytest.mark.parametrize(
    ("text", "op", "number"),
    [
        ("<5", "<", "5"), ("＜13.5", "<", "13.5"), ("≥25", ">=", "25"), ("≤15", "<=", "15"), (">5.5", ">", "5.5"), ("27左右", "~", "27"),
        ("[20]", "=", "20"), ("60.6*", "=", "60.6"), ("85%", "=", "85"), ("达到80%以上", ">=", "80"), ("-3.5", "=", "-3.5"), ("0", "=", "0"),
        ("12,345", "=", "12345"), ("比基期降低10%", "text", None), ("高于自治区平均水平", "text", None), ("1:1.2", "text", None), ("13.5（累计）", "=", "13.5"), ("累计13.5", "=", "13.5"), ("5.5%以内", "<=", "5.5"),
        ("--", "text", None), ("—", "text", None), ("1-1.5", "text", None),
    ],
)  # fmt: skip
def test_table_cells(text: str, op: str, number: str | None) -> None:
    value = cell(text)
    assert value is not None
    assert (value.op, value.number, value.text) == (op, number, text)


def test_blank_is_no_value_and_no_dash() -> None:
    assert cell("  ") is None
    assert is_blank_mark("--")
    assert is_blank_mark("—")
    assert not is_blank_mark("")
    assert not is_blank_mark("0")


@pytest.mark.parametrize(
    ("name", "bare", "unit"),
    [
        ("婴儿死亡率(‰)", "婴儿死亡率", "‰"),
        ("居民健康素养水平(%", "居民健康素养水平", "%"),
        ("每千人执业（助理）医师数（人）", "每千人执业（助理）医师数", "人"),
        ("每千人执业（助理）医师", "每千人执业（助理）医师", ""),
        ("孕产妇死亡率（/10万）", "孕产妇死亡率", "/10万"),
        ("能源综合生产能力（亿吨标准煤）", "能源综合生产能力", "亿吨标准煤"),
        ("细颗粒物(PM2.5)浓度", "细颗粒物(PM2.5)浓度", ""),
    ],
)
def test_units_leave_names(name: str, bare: str, unit: str) -> None:
    assert split_unit(name) == (bare, unit)


@given(st.text(alphabet="0123456789.,，%‰万个名至-—~以上下不低于达到分之一二三（）、。 ", max_size=60))
def test_what_a_mention_says_stands_where_it_says(text: str) -> None:
    for mention in mentions(text):
        assert text[mention.start : mention.end] == mention.value.text
        assert mention.start <= mention.number_start < mention.end


@given(st.text(max_size=60))
def test_any_cell_can_be_read(text: str) -> None:
    value = cell(text)
    assert value is None or value.text == text.strip()


@pytest.mark.parametrize("unit", ["1", "、", "(", "（）", " ", "分别", "“"])
def test_a_million_characters_of_one_kind_take_no_second(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    limit = 1.0 if sys.gettrace() is None else 5.0
    begun = time.process_time()
    mentions(text)
    assert time.process_time() - begun < limit
