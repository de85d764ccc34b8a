"""An edited text is read where it was edited, and gives what the whole of it gives."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.indicators.documents import case, cases, seed
from tests.indicators.grids import reading, table
from watcher.indicators import extract, extract_again
from watcher.indicators.again import from_before
from watcher.store.codec import decode_content, encode_content
from watcher.types import Block, Reading


def heading(text: str, level: int = 1) -> Block:
    return Block("heading", text, level)


def line(text: str) -> Block:
    return Block("paragraph", text)


TABLE = table(
    [["指标", "单位", "2020年", "2025年"], ["婴儿死亡率", "‰", "4.8", "≤4.5"], ["床位数", "张", "5000", "6000"]]
)
GOALS, TASKS, INNER = heading("第二章 发展目标"), heading("第三章 主要任务"), heading("（一）主要目标", 2)
NEXT = heading("（二）分项目标", 2)
BLOCKS = (
    GOALS, TASKS, INNER, NEXT, heading("2019年工作回顾"), heading("第一章 发展基础"), heading("专栏1", 3),
    line("到2030年，主要健康指标居全省前列。"), line("到2025年，主要目标是："), line("——居民健康素养水平达到25%；"), line("一、普惠托育"),
    line("婴儿死亡率降到5‰以下。"), line("到2022年和2030年，森林覆盖率分别达到23%和25%。"), line("绿化覆盖率达到40%和45%。"), line("签约率分别达到60%和75%。"),
    line("2020年全市床位数达到5000张，较2015年增加600张；每千人口拥有医师3.2人。"), line("床位数达到7000张。"), line("人均预期寿命逐步提高。"), line("表2 主要指标（单位：张）"),
    Block("list", "人均预期寿命达到80岁。"), Block("list", "——到2027年，登记率达到85%："), TABLE, table([["年份", "床位数"], ["2020年", "12"], ["2025年", "15"]]),
)  # fmt: skip
_TEXTS = st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=14)
_EDITS = st.lists(
    st.tuples(
        st.sampled_from(("in", "out", "other", "swap", "figure", "cut", "kind")),
        st.integers(0, 99),
        st.sampled_from(BLOCKS),
    ),
    min_size=1,
    max_size=3,
)


def edited(blocks: list[Block], edits: list[tuple[str, int, Block]]) -> tuple[Block, ...]:
    """The blocks after insertions, removals, exchanges, moves, figures that moved, and halves that went."""
    for how, place, block in edits:
        at = place % (len(blocks) or 1)
        if how == "in" or not blocks:
            blocks.insert(at, block)
        elif how == "out":
            del blocks[at]
        elif how == "other":
            blocks[at] = block
        elif how == "swap":
            blocks[at], blocks[-1] = blocks[-1], blocks[at]
        elif blocks[at].kind != "table":
            text, kind = blocks[at].text, blocks[at].kind
            if how == "figure":
                text = re.sub(r"([0-9]+)", rf"\g<1>{place}", text, count=1 + place % 2)
            elif how == "cut":
                text = text[: len(text) // 2] if place % 2 else text[len(text) // 2 :]
            else:
                kind = "heading" if kind != "heading" else "paragraph"
            blocks[at] = Block(kind, text, 1 if kind == "heading" else 0)
    return tuple(blocks)


def same(before: Reading, after: Reading) -> bool:
    """Whether both ways agree; True where less than the whole was read."""
    # As a version keeps them.
    old, known = decode_content(encode_content(before, extract(before)))
    assert extract_again(after, old, known) == extract(after)
    return from_before(after, old, known) is not None


@settings(max_examples=250)
@given(_TEXTS, _EDITS, st.sampled_from(("某市“十四五”规划", "2023年政府工作报告")))
def test_any_edit_gives_what_the_whole_text_gives(
    blocks: list[Block], edits: list[tuple[str, int, Block]], title: str
) -> None:
    before = reading(*blocks, title=title, period=None)
    same(before, reading(*edited(blocks, edits), title=title, period=None))


@pytest.mark.parametrize("name", [*cases()[::12], *cases("tables.csv")[::8], "000", "002"])
def test_a_figure_that_moves_anywhere_in_a_plan(name: str) -> None:
    plan = seed(name) if name.isdigit() else case(name)
    at = [n for n, block in enumerate(plan.blocks) if block.kind != "table" and re.search("[0-9]%", block.text)]
    read = []
    for n in at[:: len(at) // 5 + 1]:
        text = re.sub("[0-9]%", "17%", plan.blocks[n].text, count=1)
        read.append(same(plan, replace(plan, blocks=(*plan.blocks[:n], line(text), *plan.blocks[n + 1 :]))))
    assert all(read) or any(re.search(r"20\d\d年?[、和与]20\d\d", block.text) for block in plan.blocks) or len(at) < 2


def test_only_what_an_edit_touches_is_read() -> None:
    before = reading(GOALS, line("床位数达到7000张。"), TASKS, line("签约率达到75%。"), NEXT, TABLE)
    wrong = [structs.replace(item, name="not read") for item in extract(before)]
    after = replace(before, blocks=(*before.blocks[:3], line("签约率达到85.5%。"), *before.blocks[4:]))
    assert [item.name for item in extract_again(after, before, wrong)] == [
        "not read", "签约率", "not read", "not read", "not read", "not read"
    ]  # fmt: skip


TOGETHER = line("到2022年和2030年，森林覆盖率分别达到23%和25%。")
AIM, LATER_AIM = line("到2025年，主要目标如下。"), line("到2027年，主要目标如下。")
DEALT = line("重点人群签约率分别达到60%和75%。")
PLAIN = line("签约率达到75%。")


RATE = table([["指标", "单位", "2025年"], ["婴儿死亡率", "‰", "≤4.5"]])
AGREES, DISAGREES = line("到2025年，婴儿死亡率不超过4.5‰。"), line("到2025年，婴儿死亡率不超过6‰。")


def last(plan: Reading) -> tuple[object, ...]:
    """The last indicator but for where it stands; ``()`` where there is none."""
    return next(
        ((one.name, one.year, one.role, one.unit, one.section, one.disputed) for one in reversed(extract(plan))), ()
    )


@pytest.mark.parametrize(
    ("blocks", "others"),
    [
        pytest.param((GOALS, AIM, NEXT, PLAIN), (GOALS, LATER_AIM, NEXT, PLAIN), id="the year of a chapter of goals"),
        pytest.param((INNER, line("到2025年。"), NEXT, DEALT), (INNER, TOGETHER, NEXT, DEALT), id="years told together"),
        pytest.param((GOALS, NEXT, PLAIN), (heading("2019年工作回顾"), NEXT, PLAIN), id="the heading above"),
        pytest.param((heading("第一节"), INNER, PLAIN), (heading("第一节"), heading("（一）主要目标", 1), PLAIN), id="its depth"),
        pytest.param((TASKS, line("到2025年要求："), PLAIN), (TASKS, heading("到2025年要求："), PLAIN), id="what is a heading"),
        pytest.param(
            (TASKS, AIM, Block("list", "床位达到300张。")), (TASKS, AIM, line("床位达到300张。")), id="what is a list"
        ),
        pytest.param(
            (TASKS, table([["指标", "2025年"], ["床位", "12"]], notes=("单位：张",))),
            (TASKS, table([["指标", "2025年"], ["床位", "12"]], notes=("单位：万张",))),
            id="the notes of a table",
        ),
        pytest.param(
            (TASKS, AGREES, NEXT, RATE), (TASKS, DISAGREES, NEXT, RATE), id="a contradiction"
        ),
    ],
)  # fmt: skip
def test_what_an_edit_means_elsewhere_is_seen(blocks: tuple[Block, ...], others: tuple[Block, ...]) -> None:
    before, after = reading(*blocks), reading(*others)
    assert last(before) != last(after)
    for more in ((), (heading("附则"), PLAIN)):
        one, other = replace(before, blocks=(*blocks, *more)), replace(after, blocks=(*others, *more))
        same(one, other)
        same(other, one)


def test_years_told_together_in_an_earlier_chapter_are_kept() -> None:
    before = reading(GOALS, TOGETHER, TASKS, line("全面推进。"), DEALT)
    assert not same(before, replace(before, blocks=(*before.blocks[:3], line("全面推进各项工作。"), DEALT)))


def test_a_contradiction_that_ends_frees_a_chapter_nobody_touched() -> None:
    before = reading(TASKS, DISAGREES, NEXT, RATE)
    assert last(before)[-1]
    assert same(before, replace(before, blocks=(TASKS, AGREES, NEXT, RATE)))


def test_another_title_is_another_frame_of_time() -> None:
    before = reading(line("床位数达到7000张。"), period=None)
    after = replace(before, title="2023年政府工作报告")
    assert last(before) != last(after)
    assert not same(before, after)


def test_an_edit_above_moves_what_stands_below() -> None:
    before = reading(INNER, line("床位数达到7张。"), NEXT, line("签约率达到75%。"))
    after = replace(before, blocks=(INNER, line("床位数达到七百二十多、约7000张。"), *before.blocks[2:]))
    assert same(before, after)
