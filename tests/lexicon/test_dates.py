"""Dates: what pages print becomes ISO, what is damaged stays unread."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.lexicon.dates import find_date, find_dates, iso


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年1月29日", "2022-01-29"),
        ("成文日期: 2022年05月31日", "2022-05-31"),
        ("二〇二二年五月三十一日", "2022-05-31"),
        ("二○二一年十二月二十日", "2021-12-20"),
        ("二零二三年十月一日", "2023-10-01"),
        ("公开日期: | 2022-06-03 14:52", "2022-06-03"),
        ("2022/6/3", "2022-06-03"),
        ("[2022.06.03]", "2022-06-03"),
        ("２０２２年６月３日", "2022-06-03"),
        ("2020年08月02日（星期日）", "2020-08-02"),
    ],
)
def test_a_printed_date_is_found(text: str, expected: str) -> None:
    assert find_date(text) == expected
    assert iso(text) == expected


@pytest.mark.parametrize(
    "text", ["2022531", "2021年13月1日", "2022年2月30日", "20215", "1.2022.06.03.4", "没有日期", "", "十月三十二日"]
)
def test_a_damaged_date_stays_unread(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20220603", "2022-06-03"),
        ("1654214400000", "2022-06-03"),
        ("1654214400", "2022-06-03"),
        ("2022 -\n06-\t03", "2022-06-03"),
        ("03 2022-06", "2022-06-03"),
    ],
)
def test_list_cells_and_json_fields_are_read(text: str, expected: str) -> None:
    assert iso(text) == expected


def test_a_date_without_a_year_needs_one() -> None:
    assert iso("请于9月18日前反馈") is None
    assert iso("请于9月18日前反馈", year=2023) == "2023-09-18"
    assert iso("09-18", year=2023) == "2023-09-18"
    assert iso("2月30日", year=2023) is None


def test_an_epoch_counts_in_beijing_time() -> None:
    assert iso("1640966400000") == "2022-01-01"


def test_all_dates_come_in_order() -> None:
    assert find_dates("征集时间：2022-09-17至2022年10月17日") == ("2022-09-17", "2022-10-17")


@given(
    st.dates(datetime.date(1990, 1, 1), datetime.date(2099, 12, 31)),
    st.sampled_from(["{}年{}月{}日", "{}-{:02}-{:02}", "{}/{}/{}", "{}.{:02}.{:02}"]),
)
def test_every_date_survives_every_spelling(day: datetime.date, form: str) -> None:
    assert iso(form.format(day.year, day.month, day.day)) == day.isoformat()


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    for found in (find_date(text), iso(text), iso(text, year=2024)):
        assert found is None or datetime.date.fromisoformat(found)
