"""The quick looks before reading: they find what the slow look finds, and leave nothing out."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.indicators import cutting, extract, prose, verbs
from watcher.indicators.context import times_of
from watcher.indicators.glance import TELLING, first_of
from watcher.indicators.when import Frame
from watcher.indicators.years import _YEARS, year_marks
from watcher.types import Block, Indicator, Reading

WORDS = ["分之", "以上", "以内", "成的", "达到(?=全)", "达"]
PIECES = st.sampled_from(
    [
        "截至2020年末", "到2025年", "十四五", "“十三五”期间", "今年", "，", "。", "；", "！”", "、", "一是", "2.", "覆盖率", "床位数", "医院", "达到", "控制在", "由", "提高到",
        "85%", "95%以上", "7495张", "12个", "三年", "六种以上", "七成", "三分之二", "稳步提高", "达到全国平均水平", "全覆盖", "目前", "力争", "较上年增长", "其中", "分别", "和",
    ]
)  # fmt: skip


@given(st.text(alphabet="0分之以上内成的达到全，", max_size=30))
def test_a_set_of_first_characters_finds_what_the_alternation_finds(text: str) -> None:
    slow = re.search("|".join(["[0-9]", *WORDS]), text)
    quick = first_of("0123456789", WORDS).search(text)
    assert (slow and slow.start()) == (quick and quick.start())


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_stepping_over_sentences_that_tell_nothing_changes_nothing(text: str) -> None:
    times = times_of(Reading("document", "某市“十四五”规划"))
    telling = TELLING.search(text)

    def found(told_at: int) -> list[Indicator]:
        return prose.read([cutting.sentences(text, 0, "", Frame(times, ("一、目标",)), told_at)])

    assert found(0) == (found(telling.start()) if telling else [])


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join), st.text(alphabet="某市卫生健康事业稳步发展，", max_size=80))
def test_years_are_found_whatever_stands_around_them(sentence: str, around: str) -> None:
    times = times_of(Reading("document", "某市“十四五”规划"))
    marks = [match.span() for match in _YEARS.finditer(f"{around}{sentence}{around}")]
    found = [(mark.start, mark.end) for mark in year_marks(f"{around}{sentence}{around}", times)]
    assert set(found) <= set(marks)
    for year in re.finditer("20[0-9]{2}年末?", f"{around}{sentence}{around}"):
        assert any(start <= year.start() and year.end() <= end for start, end in found)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("覆盖率逐步提高到", "覆盖率"), ("床位总数已达到了", "床位总数"), ("签约", "签约"), ("居民可支配收入约为", "居民可支配收入"), ("人均寿命", "人均寿命"), ("控制在", ""),
    ],
)  # fmt: skip
def test_states_leave_the_name(words: str, name: str) -> None:
    assert verbs.without_state(words) == name


@pytest.mark.parametrize(
    ("words", "verb", "than"),
    [
        ("床位数较2015年增加", "增加", "较2015年"), ("总量年均增长", "年均增长", None), ("发病率同比下降了约", "下降", "同比"), ("覆盖率达到", None, None), ("增长点", None, None),
    ],
)  # fmt: skip
def test_changes_are_found_at_the_end_only(words: str, verb: str | None, than: str | None) -> None:
    found = verbs.change(words)
    assert (found and found["verb"], found and found["than"]) == (verb, than)


def test_a_title_of_years_takes_no_time() -> None:
    begun = time.process_time()
    extract(Reading("document", "2024年2025年" * 20_000, (Block("paragraph", "床位数7495张。"),)))
    assert time.process_time() - begun < 1
