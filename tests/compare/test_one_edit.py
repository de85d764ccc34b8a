"""One edit of a long document is told as what it is, and nothing else is: figures, years, whole paragraphs of the seeds and of other plans."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.compare.patching import apply
from watcher.compare import compare
from watcher.indicators import extract
from watcher.read import read
from watcher.types import Change, Indicator, Reading

ROOT = Path(__file__).parents[2]
TEXTS = [
    *sorted((ROOT / "seeds").glob("*.txt")),
    *sorted((ROOT / "tests/cases/indicators").glob("[a-h]*/text.txt"))[::4],
]
EACH = 4


def _compared(before: str, after: str) -> tuple[Reading, tuple[Indicator, ...], Change]:
    old, new = read(before.encode()), read(after.encode())
    indicators = extract(old)
    change = compare(old, new, indicators, extract(new))
    assert apply(old.text, change.edits) == new.text
    return old, indicators, change


@pytest.fixture(params=TEXTS, ids=lambda file: f"{file.parent.name}-{file.name[:3]}")
def text(request: pytest.FixtureRequest) -> str:
    file: Path = request.param
    return file.read_text("utf-8")


def _alone(text: str, part: str) -> bool:
    return len(part) > 5 and text.count(part) == 1


def test_a_figure_that_moves_is_told_and_no_other(text: str) -> None:
    reading = read(text.encode())
    printed = reading.text
    plain = [item for item in extract(reading) if item.value and re.fullmatch(r"\d{1,6}(\.\d+)?", item.value)]
    tried = 0
    for item in random.Random(1).sample(plain, len(plain)):
        at = printed.find(item.value or "", item.start, item.end)
        around = printed[max(0, at - 12) : at] + str(item.value) + printed[at + len(str(item.value)) :][:6]
        if at < 0 or not _alone(text, around):
            continue
        old, new = (
            str(item.value),
            f"{float(str(item.value)) + 0.7:.1f}" if "." in str(item.value) else str(int(str(item.value)) + 3),
        )
        start = text.index(around) + min(12, at)
        _, _, change = _compared(text, text[:start] + new + text[start + len(old) :])
        told = [move for move in change.moves if move.before and move.after and move.before.start == item.start]
        assert told, item
        # 甲率、乙率均达到100%: one figure is two statements.
        assert {(move.before.value, move.after.value) for move in change.moves if move.before and move.after} == {
            (told[0].before.value, told[0].after.value)  # type: ignore[union-attr]
        }
        assert {move.kind for move in change.moves} == {"changed"}
        tried += 1
        if tried == EACH:
            break


def test_a_paragraph_that_goes_takes_its_own_promises_and_no_others(text: str) -> None:
    lines = text.split("\n")
    long = [at for at, line in enumerate(lines) if len(line.strip()) > 60 and _alone(text, line)]
    for at in random.Random(2).sample(long, min(EACH, len(long))):
        old, _, change = _compared(text, "\n".join([*lines[:at], *lines[at + 1 :]]))
        start = old.text.find(lines[at].strip())
        if start < 0:
            continue
        for move in change.moves:
            assert move.kind == "removed", move
            assert move.before is not None
            assert start <= move.before.start < start + len(lines[at]), move


def test_a_year_that_moves_makes_nothing_come_or_go(text: str) -> None:
    years = list(re.finditer(r"到(20\d\d)年", text))
    for match in random.Random(3).sample(years, min(EACH, len(years))):
        later = f"到{int(match[1]) + 2}年"
        _, _, change = _compared(text, text[: match.start()] + later + text[match.end() :])
        assert {move.kind for move in change.moves} <= {"changed"}
        assert {move.effect for move in change.moves} <= {None, "restated"}
