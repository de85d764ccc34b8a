"""The figures of docs/accuracy.md hold: labelled seeds, and plans of other fields written for these tests."""

import pytest

from tests.indicators.documents import CASES, LABELS, case, cases, seed
from tests.indicators.scoring import labels, score_prose, score_table
from watcher.indicators import contradictions, extract


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
    score = score_prose(labels(CASES / name / "labels.csv"), extract(case(name)))
    assert score.precision >= 0.95, [item.name for item in score.extra]
    assert score.recall >= 0.95, [row["name"] for row in score.missed]
    assert score.share(score.year) >= 0.95
    assert score.share(score.unit) >= 0.99
    assert score.share(score.role) >= 0.95


@pytest.mark.parametrize("name", cases("tables.csv"))
def test_tables_of_other_kinds_are_read_without_a_fault(name: str) -> None:
    score = score_table(labels(CASES / name / "tables.csv"), extract(case(name)))
    assert (score.missed, score.extra) == ((), ())
    assert (score.unit, score.nature, score.role) == (score.wanted,) * 3


KNOWN = {
    "000": {
        ("value", "98%以上", "95.31"), ("value", "≥95", "90%以上"), ("value", "逐步降低", "<5"), ("value", "逐步降低", "<6"),
        ("value", "逐步降低", "≤15"), ("operator", "≥25", "25%"),
    },
    "001": {("value", "0.32", "一辆"), ("operator", "85", "85%"), ("operator", "70", "70%以上"), ("operator", "2", "不少于2")},
    "002": {
        ("value", "76.3岁", "76.8"), ("value", "＜13.5", "10%以下"), ("scope", "1747个", "49.8%"), ("scope", "652个", "663个"),
        ("operator", "25%", "≥25"), ("operator", "25%", "25%以上"), ("operator", "80%", "≥80"), ("operator", "80%", "80%以上"),
        ("operator", "3.2", "3.2名以上"), ("operator", "＜15", "控制在15/10万以下"), ("operator", "＜6", "控制在6‰"),
        ("operator", "＜7.5", "7.5‰以下"), ("scope", "不少于14个", "14个"),
    },
    "003": set(),
    "004": {("scope", "7个", "8个"), ("scope", "49名", "49名")},
}  # fmt: skip


@pytest.mark.parametrize("number", sorted(KNOWN))
def test_the_contradictions_of_the_seeds_and_no_others(number: str) -> None:
    found = contradictions(extract(seed(number)))
    assert {(one.kind, one.first.text, one.second.text) for one in found} == KNOWN[number]


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
