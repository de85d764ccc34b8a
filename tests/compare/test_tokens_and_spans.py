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
