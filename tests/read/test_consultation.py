"""The window of a consultation in the ways that notices state it."""

from __future__ import annotations

import pytest

from watcher.read.consultation import window


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        ("现公开征求意见，请于9月18日前将意见反馈至我局。", None, "2022-09-18"),
        ("征求意见时间：2022年8月20日至2022年9月20日。", "2022-08-20", "2022-09-20"),
        ("征求意见时间为8月20日至9月20日。", "2022-08-20", "2022-09-20"),
        ("公示期为8月22日—26日，请将意见反馈我委。", "2022-08-22", "2022-08-26"),
        ("现向社会公开征求意见，时间为即日起至2022年9月5日。", "2022-08-18", "2022-09-05"),
        ("意见反馈截止日期为2022年9月10日。", None, "2022-09-10"),
        ("公示期7个工作日，如有意见请反馈。", "2022-08-18", "2022-08-29"),
        ("公开征求意见，期限为自公布之日起30日。", "2022-08-18", "2022-09-17"),
        ("公开征求意见，为期一个月。", "2022-08-18", "2022-09-18"),
        ("欢迎各界朋友提出宝贵意见。", None, None),
        ("请于 2022 年 9 月 1 日 17:00 前将意见反馈至市发展改革委。", None, "2022-09-01"),
    ],
)
def test_windows(text: str, opens: str | None, closes: str | None) -> None:
    found = window([text], published="2022-08-18", written=None)
    assert (found.opens, found.closes) == (opens, closes)


def test_a_day_without_a_year_may_lie_in_the_next_one() -> None:
    assert window(["公开征求意见，请于1月10日前反馈。"], published="2021-12-20", written=None).closes == "2022-01-10"


def test_without_any_date_a_day_without_a_year_stays_unknown() -> None:
    assert window(["公开征求意见，请于1月10日前反馈。"], published=None, written=None).closes is None


def test_dates_of_other_things_are_not_the_window() -> None:
    lines = ["到2025年9月1日前，全市建成示范区。", "现公开征求意见，请于2022年9月18日前反馈。"]
    assert window(lines, published="2022-08-18", written=None).closes == "2022-09-18"


def test_contacts_are_kept_as_printed() -> None:
    lines = ["现公开征求意见。", "联系人：王先生，联系电话：0571-85000000", "电子邮箱：a@b.example.cn。"]
    assert (
        window(lines, published=None, written=None).contact
        == "联系人：王先生，联系电话：0571-85000000；电子邮箱：a@b.example.cn"
    )


@pytest.mark.parametrize(
    ("line", "closes"),
    [
        ("征求意见截止日期为二〇二四年八月三十一日。", "2024-08-31"),
        ("反馈意见请于2024年9月底前报送。", "2024-09-30"),
        ("请于2月底前反馈意见。", "2025-02-28"),
        ("请于13月底前反馈意见。", None),
    ],
)
def test_chinese_numerals_and_ends_of_months_close_a_window(line: str, closes: str | None) -> None:
    assert window([line], published="2024-08-01", written=None).closes == closes


def test_a_telephone_on_a_line_of_its_own_belongs_to_the_contact() -> None:
    lines = ["现公开征求意见。", "联系人：李明", "电 话：029-33210000"]
    assert window(lines, published=None, written=None).contact == "联系人：李明；电 话：029-33210000"
