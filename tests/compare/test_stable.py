"""No move without a change of content behind it: noise of a template never becomes an indicator move."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.compare.support import indicator, reading
from watcher.compare import compare
from watcher.indicators import extract
from watcher.read import read
from watcher.types import Indicator

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
NOISE: dict[str, Callable[[str], str]] = {
    "narrow": lambda text: text.translate(str.maketrans("，；：（）％＜＞", ",;:()%<>")),
    "wide": lambda text: text.replace("(", "（").replace(")", "）").replace("%", "％"),
    "quotes": lambda text: re.sub("[“”]", '"', text),
    "spaces": lambda text: re.sub(r"(?<=[\u4e00-\u9fff])(\d+(?:\.\d+)?[%‰]?)(?=[\u4e00-\u9fff])", r" \1 ", text),
    "natures": lambda text: text.replace("预期性", "预期").replace("约束性", "约束"),
}

PHRASES: dict[str, Callable[[str], str]] = {
    "verbs": lambda text: text.replace("达到", "提升到"),
    "bounds": lambda text: text.replace("不低于", "不少于").replace("不超过", "不高于"),
    "years": lambda text: re.sub("到(?=20[0-9]{2}年)", "至", text),
    "whose": lambda text: text.replace("全市", "我市").replace("全区", "我区"),
}
"""Other words for the same promise: edits of the text, and no moves."""


@pytest.mark.parametrize("phrase", PHRASES.values(), ids=list(PHRASES))
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:3])
def test_other_words_for_the_same_promise_are_edits_alone(seed: Path, phrase: Callable[[str], str]) -> None:
    text = seed.read_text("utf-8")
    before, after = read(text.encode(), content_type=None), read(phrase(text).encode(), content_type=None)
    change = compare(before, after, extract(before), extract(after))
    assert change.moves == ()
    assert bool(change.edits) == (text != phrase(text))


@pytest.mark.parametrize("noise", NOISE.values(), ids=list(NOISE))
@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name[:3])
def test_noise_moves_no_indicator(seed: Path, noise: Callable[[str], str]) -> None:
    text = seed.read_text("utf-8")
    before, after = read(text.encode()), read(noise(text).encode())
    change = compare(before, after, extract(before), extract(after))
    assert change.moves == ()
    assert {edit.kind for edit in change.edits} <= {"format"}


def _said(text: str, value: str, name: str = "某项率", year: int = 2025) -> Indicator:
    start = text.index(value)
    return indicator(name, value.rstrip("%"), "%", origin="prose", quote=text, text=value, start=start, year=year)


def test_a_sentence_that_reads_differently_without_a_change_is_no_move() -> None:
    before, after = "到2025年，某项率达到95%。\n别的话。", "到2025年，某项率达到95%。\n别的话改了。"
    misread = _said(after, "95%", name="到2025年某项率")
    assert compare(reading(before), reading(after), [_said(before, "95%")], [misread]).moves == ()
    assert compare(reading(before), reading(after), [_said(before, "95%")], []).moves == ()
    assert compare(reading(before), reading(after), [], [misread]).moves == ()


def test_the_heading_above_may_move_the_year_of_an_untouched_sentence() -> None:
    before, after = "第一章 2025年目标\n某项率达到95%。", "第一章 2030年目标\n某项率达到95%。"
    change = compare(reading(before), reading(after), [_said(before, "95%")], [_said(after, "95%", year=2030)])
    assert [(move.kind, move.effect, move.year) for move in change.moves] == [("changed", None, 2030)]


@pytest.mark.parametrize(
    ("before", "after"),
    [("建成2所三级医院，新增护士300名。", "建成两所三级医院，新增护士310名。"), ("新建十二个中心。", "新建12个中心。")],
)
def test_a_figure_in_other_numerals_neither_comes_nor_goes(before: str, after: str) -> None:
    old, new = (
        read(f"某市医疗规划\n第一章 目标\n到2025年，{text}".encode(), content_type=None) for text in (before, after)
    )
    change = compare(old, new, extract(old), extract(new))
    assert change.edits
    assert {move.kind for move in change.moves} <= {"changed"}


def test_a_paragraph_that_goes_dates_nothing_anew() -> None:
    kept = "某项率达到95%。"
    before, after = f"2023年，工作取得进展。\n{kept}", kept
    change = compare(
        reading(before), reading(after), [_said(before, "95%", year=2023)], [_said(after, "95%", year=2020)]
    )
    assert change.edits
    assert change.moves == ()


def test_equal_texts_have_no_moves_whatever_was_read_from_them() -> None:
    same = reading("某项率达到95%。")
    assert not compare(same, same, [_said(same.text, "95%")], [])
