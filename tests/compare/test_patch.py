"""The edits of a diff are a patch: applied to the old text they give the new one, whatever the texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compare.patching import apply
from tests.compare.support import reading, table
from watcher.compare import compare
from watcher.types import Block, Change, Reading

_LINES = st.sampled_from(
    [
        "", " ", "第一章 总则", "第二章 总则", "第一节 目标", "一、目标", "二、目标", "到2025年，婴儿死亡率控制在5‰以内。",
        "到2025年，婴儿死亡率控制在6‰以内。", "每千人口床位数达到7.5张。", "每千人口床位数达到７.５张。", "附件", "全部移动的一段话，足够长了。",
        "全部移动的一段话，也足够长了。", "a b c", "a\tb\tc", "a\tb\td", "b\ta", "\t", "\t\t", "“引号”里的话", "引号里的话", "95%→85%", "\U000f0001\ue000",
    ]
)  # fmt: skip
_TEXTS = st.lists(_LINES, max_size=12).map("\n".join)
_CELLS = st.sampled_from(
    ["", "1", "2", "≥95", "≥90", "婴儿死亡率", "床位数", "预期性", "约束性", "指标", "2025年", "2030年", " 1"]
)


@st.composite
def _tables(draw: st.DrawFn) -> Block:
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(_CELLS, min_size=width, max_size=width), min_size=1, max_size=5))
    return table(rows, draw(st.integers(0, 1)))


_BLOCKS = st.lists(st.one_of(_LINES.map(lambda line: Block("paragraph", line)), _tables()), max_size=6)
_READINGS = _BLOCKS.map(lambda blocks: Reading("document", "t", tuple(blocks)))


def _difference(before: Reading, after: Reading) -> Change:
    change = compare(before, after, (), ())
    assert apply(before.text, change.edits) == after.text
    for edit in change.edits:
        assert "".join(text for kind, text in edit.spans if kind != "insert") == edit.before
        assert "".join(text for kind, text in edit.spans if kind != "delete") == edit.after
        assert before.text[slice(*edit.before_at)] == edit.before
        assert after.text[slice(*edit.after_at)] == edit.after
    return change


@given(_TEXTS, _TEXTS)
@settings(max_examples=400, deadline=None)
def test_a_diff_of_plan_like_texts_is_a_patch(before: str, after: str) -> None:
    assert bool(_difference(reading(before), reading(after))) == (before != after)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_a_diff_of_any_two_texts_is_a_patch(before: str, after: str) -> None:
    assert bool(_difference(reading(before), reading(after))) == (before != after)


@given(_READINGS, _READINGS)
@settings(max_examples=500, deadline=None)
def test_a_diff_of_readings_with_tables_is_a_patch(before: Reading, after: Reading) -> None:
    assert bool(_difference(before, after)) == (before.text != after.text)


@given(_READINGS)
@settings(max_examples=100, deadline=None)
def test_equal_texts_have_no_diff(same: Reading) -> None:
    assert not compare(same, same, (), ())


def test_moved_blocks_are_part_of_the_patch() -> None:
    lines = [f"第{n}段话各不相同，写的是第{n * 7}件事情。" for n in range(20)]
    change = _difference(reading("\n".join(lines)), reading("\n".join(lines[10:] + lines[:10])))
    assert {edit.kind for edit in change.edits} == {"move"}
    assert len(change.edits) == 10
