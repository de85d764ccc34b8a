"""Numbers in both scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.lexicon.numbers import arabic, chinese, fraction, half_width, number


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,156.37", "1156.37"),
        ("１２０６１", "12061"),
        ("99.90", "99.90"),
        ("1" * 19, None),
        ("1.", None),
        ("二", None),
        ("", None),
    ],
)
def test_western_numbers_keep_what_was_printed(printed: str, value: str | None) -> None:
    assert arabic(printed) == value


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("三十五", 35),
        ("十", 10),
        ("一千二百", 1200),
        ("二〇二五", 2025),
        ("两万三千", 23000),
        ("一亿零五百", 100000500),
        ("甲", None),
        ("", None),
    ],
)
def test_chinese_numerals_are_read(printed: str, value: int | None) -> None:
    assert chinese(printed) == value


def test_a_decimal_point_may_be_a_word() -> None:
    assert number("九十五点三") == "95.3"


def test_fractions_have_four_places_and_no_zero_below() -> None:
    assert fraction("2", "3") == "0.6667"
    assert fraction("一", "四") == "0.25"
    assert fraction("1", "0") is None


@given(st.integers(min_value=0, max_value=10**17))
def test_a_number_with_separators_is_the_number(value: int) -> None:
    assert arabic(f"{value:,}") == str(value)


@given(st.text(max_size=40))
def test_folding_keeps_offsets(text: str) -> None:
    assert len(half_width(text)) == len(text)
