"""Tokens are what a reader calls one thing, and spans never cut through them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.compare.spans import spans
from watcher.compare.tokens import tokens


@pytest.mark.parametrize(
    "token",
    [
        "95%", "≤5‰", "98.5％", "15/10万", "1/10万", "18.2万人", "10,294人", "-3.5", "≥ 90", "0.5个百分点", "4.4万管/日",
        "2025年", "COVID-19", "5G", "百分之九十五", "三分之二", "三百名", "第三节", "死亡率", "＜28", "7.5张", "3000平方米",
    ],
)  # fmt: skip
def test_one_thing_is_one_token(token: str) -> None:
    assert token in tokens(f"，{token}，")


def test_a_range_is_two_numbers_and_not_a_minus() -> None:
    assert tokens("1-1.5名") == ["1", "-", "1.5名"]


@given(st.text(alphabet="甲乙婴儿死亡率一二三百分之95.,，%‰万人年≥<- aB\n\t", max_size=80))
@settings(max_examples=200, deadline=None)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_spans_are_both_texts_and_never_repeat_a_kind(before: str, after: str) -> None:
    found = spans(before, after)
    assert "".join(text for kind, text in found if kind != "insert") == before
    assert "".join(text for kind, text in found if kind != "delete") == after
    kinds = [kind for kind, _ in found]
    assert all(one != other for one, other in pairwise(kinds))
    assert all(text for _, text in found)


@pytest.mark.parametrize(
    ("before", "after", "deleted", "inserted"),
    [
        ("接种率由95%提高", "接种率由85%提高", "95%", "85%"),
        ("达到14.5/10万，全市", "达到14.0/10万，全市", "14.5/10万", "14.0/10万"),
        ("控制在≤6‰以内", "控制在<6‰以内", "≤6‰", "<6‰"),
        ("床位６.８张。", "床位７.５张。", "６.８张", "７.５张"),
        ("培养三百名医生", "培养四百名医生", "三百名", "四百名"),
        ("比重1.65%", "比重1.65‰", "1.65%", "1.65‰"),
        ("占比<28", "占比≥28", "<28", "≥28"),
    ],
)
def test_a_number_changes_whole(before: str, after: str, deleted: str, inserted: str) -> None:
    changes = [span for span in spans(before, after) if span[0] != "equal"]
    assert changes == [("delete", deleted), ("insert", inserted)]


def test_one_number_never_marks_the_paragraph() -> None:
    before = "到2025年，" + "持续推进健康中国建设，" * 40 + "每千人口床位数达到6.8张。" + "强化保障措施。" * 40
    changes = [text for kind, text in spans(before, before.replace("6.8张", "7.5张")) if kind != "equal"]
    assert changes == ["6.8张", "7.5张"]


def test_long_texts_are_diffed_by_sentence_and_still_exactly() -> None:
    before = "".join(f"第{n}句话说的是第{n * 3}件事情，各不相同。" for n in range(3000))
    after = before.replace("第1500句话", "第1500句新话").replace("第77件事情", "第78件事情")
    found = spans(before, after)
    assert "".join(text for kind, text in found if kind != "delete") == after
    assert sum(len(text) for kind, text in found if kind != "equal") < 40


def _valid(before: str, after: str) -> list[tuple[str, str]]:
    found = spans(before, after)
    assert "".join(text for kind, text in found if kind != "insert") == before
    assert "".join(text for kind, text in found if kind != "delete") == after
    return [span for span in found if span[0] != "equal"]


def test_a_long_line_changed_at_both_ends_keeps_its_middle() -> None:
    middle = "".join(f"第{n}句话说的是第{n * 3}件事情，各不相同。" for n in range(1500))
    changes = _valid("甲" + middle + "6%", "乙" + middle.replace("第750句话", "第750句新话") + "5%")
    assert changes == [("delete", "甲"), ("insert", "乙"), ("insert", "新"), ("delete", "6%"), ("insert", "5%")]


def test_a_long_line_rewritten_in_part_is_replaced_there_only() -> None:
    keep = "".join(f"第{n}句话说的是第{n * 3}件事情，各不相同。" for n in range(900))
    old = "".join(f"旧的第{n}处安排，" for n in range(1200))
    new = "".join(f"换成另外{n}种办法，" for n in range(1200))
    changes = _valid("头" + keep + old + "尾", "首" + keep + new + "末")
    assert sum(len(text) for _, text in changes) <= len(old) + len(new) + 4


def test_what_is_too_long_to_align_is_replaced_whole() -> None:
    old, new = "".join(f"甲{n}，" for n in range(9000)), "".join(f"乙{n}、" for n in range(9000))
    assert _valid(old, new) == [("delete", old), ("insert", new)]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_middling_texts_are_aligned_in_compiled_code_and_still_exactly(data: st.DataObject) -> None:
    words = ["健全", "体系", "95%", "，", "提升", "能力", "3.5张", "。"]
    size = 400
    picks = data.draw(st.lists(st.integers(0, 7), min_size=size, max_size=size))
    other = list(picks)
    for at in data.draw(st.lists(st.integers(0, size - 1), max_size=30)):
        other[at] = (other[at] + 1) % 8
    _valid("始" + "".join(words[n] for n in picks) + "甲", "初" + "".join(words[n] for n in other) + "乙")


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("鼓励举办医养结合机构。", "鼓励举办医养结合机构。每县建成1所示范机构。", "每县建成1所示范机构。"),
        ("健全体系，强化监督。", "健全体系，加强管理，强化监督。", "加强管理，"),
        ("建成甲市场、丙市场、乙市场。", "建成甲市场、乙市场。", "丙市场、"),
        ("机构数达到30家。", "机构数达到30家，床位数达到30张。", "，床位数达到30张"),
    ],
)
def test_what_comes_or_goes_alone_is_a_whole_clause(before: str, after: str, change: str) -> None:
    assert [text for kind, text in spans(before, after) if kind != "equal"] == [change]
