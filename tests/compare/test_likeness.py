"""Likeness of texts: bounded, symmetric, near the truth."""

from __future__ import annotations

import random
import time

from hypothesis import given
from hypothesis import strategies as st

from watcher.compare.likeness import sketch, sketch_likeness, text_digest


def _text(seed: int, length: int) -> str:
    pick = random.Random(seed)
    return "".join(chr(pick.randrange(0x4E00, 0x9000)) for _ in range(length))


def test_a_small_edit_leaves_texts_alike_and_another_text_is_not() -> None:
    text = _text(1, 20_000)
    mine = sketch(text)
    assert sketch_likeness(mine, sketch(text.replace(text[500:505], "六点八张", 1))) > 0.95
    assert sketch_likeness(mine, sketch(text[:10_000] + _text(2, 10_000))) < 0.45
    assert sketch_likeness(mine, sketch(_text(3, 20_000))) < 0.05


def test_spaces_and_quotes_make_no_other_text() -> None:
    assert text_digest("“十四五” 规划") == text_digest("「十四五」规划")
    assert text_digest("6.8张") != text_digest("7.5张")


def test_a_huge_text_is_bounded() -> None:
    start = time.process_time()
    sketch("规划" * 5_000_000)
    assert time.process_time() - start < 5


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_symmetric_and_between_zero_and_one(a: str, b: str) -> None:
    one, other = sketch(a), sketch(b)
    assert sketch_likeness(one, other) == sketch_likeness(other, one)
    assert 0 <= sketch_likeness(one, other) <= 1
    assert sketch_likeness(one, one) == bool(one)
    assert sketch_likeness(one, ()) == 0
