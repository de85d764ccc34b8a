"""The figures of docs/accuracy.md hold: labelled seeds, and plans of other fields written for these tests."""

import pytest

from tests.indicators.documents import LABELS, case, cases, seed
from tests.indicators.scoring import labels, score_prose, score_table
from watcher.indicators import extract


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_tables_of_the_seeds_are_read_without_a_fault(number: str) -> None:
    score = score_table(labels(LABELS / f"tables_{number}.csv"), extract(seed(number)))
    assert (score.missed, score.extra) == ((), ())
    assert (score.unit, score.nature, score.role) == (score.wanted,) * 3


@pytest.mark.parametrize("number", ["002", "003"])
def test_running_text_of_the_seeds(number: str) -> None:
    score = score_prose(labels(LABELS / f"prose_{number}.csv"), extract(seed(number)))
    assert score.precision >= 0.95, [item.name for item in score.extra]
    assert score.recall >= 0.95, [row["name"] for row in score.missed]
    assert score.share(score.year) >= 0.97
    assert score.share(score.unit) >= 0.99
    assert score.share(score.role) >= 0.97


@pytest.mark.parametrize("name", cases())
def test_running_text_of_other_fields(name: str) -> None:
    score = score_prose(labels(LABELS.parent / "cases" / "indicators" / name / "labels.csv"), extract(case(name)))
    assert score.precision >= 0.95, [item.name for item in score.extra]
    assert score.recall >= 0.95, [row["name"] for row in score.missed]
    assert score.share(score.year) >= 0.95
    assert score.share(score.unit) >= 0.99
    assert score.share(score.role) >= 0.95


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_evidence_of_every_seed_holds(number: str) -> None:
    reading = seed(number)
    text = reading.text
    items = extract(reading)
    assert items
    for item in items:
        assert "".join(item.text.split()) in "".join(text[item.start : item.end].split())
        if item.origin == "prose":
            assert item.quote in text
