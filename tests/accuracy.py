"""Prints the figures of docs/accuracy.md: ``python -m tests.accuracy`` (or ``make accuracy``); ``--show`` lists misses.

Needs nothing but the project: labels in ``tests/labels`` and ``tests/cases/indicators``, the seeds in ``seeds``.
"""

from __future__ import annotations

import sys
import time

from tests.indicators.documents import CASES, LABELS, case, cases, seed
from tests.indicators.scoring import Score, labels, score_prose, score_table, unit, year_of
from watcher.indicators import contradictions, extract
from watcher.types import Reading


def main(show: bool) -> int:
    """Prints one line a document; returns the exit status."""
    print("tables            labels found extra precision recall    f1   unit nature   role")
    for number in ("000", "001", "002"):
        _line(f"seed {number}", score_table(labels(LABELS / f"tables_{number}.csv"), extract(seed(number))), True, show)
    for name in cases("tables.csv"):
        _line(name, score_table(labels(CASES / name / "tables.csv"), extract(case(name))), True, show)
    print("running text      labels found extra precision recall    f1   year   unit   role")
    for number in ("002", "003"):
        _line(f"seed {number}", score_prose(labels(LABELS / f"prose_{number}.csv"), extract(seed(number))), False, show)
    for name in cases():
        _line(name, score_prose(labels(CASES / name / "labels.csv"), extract(case(name))), False, show)
    print("contradictions   value operator scope")
    for number in ("000", "001", "002", "003", "004"):
        kinds = [one.kind for one in contradictions(extract(seed(number)))]
        print(f"seed {number}        {kinds.count('value'):5} {kinds.count('operator'):8} {kinds.count('scope'):5}")
    print(
        f"CPU milliseconds per 30,000 characters: {_speed([seed(n) for n in ('000', '001', '002', '003', '004')]):.1f}"
    )
    return 0


def _line(name: str, score: Score, table: bool, show: bool) -> None:
    sides = (score.unit, score.nature, score.role) if table else (score.year, score.unit, score.role)
    figures = f"{score.precision:9.3f} {score.recall:6.3f} {score.f1:5.3f} " + " ".join(
        f"{score.share(side):6.3f}" for side in sides
    )
    print(f"{name:18}{score.wanted:6} {len(score.hits):5} {len(score.extra):5} {figures}")
    if not show:
        return
    for row in score.missed:
        print(f"    missed {row['name']} {row['value_raw']}")
    for item in score.extra:
        print(f"    extra  {item.name} {item.text} | {item.quote}")
    for row, item in score.hits:
        if row["year"] and year_of(row["year"]) != year_of(item.year):
            print(f"    year   {item.name} {item.text}: {item.year}, label {row['year']}")
        if unit(row["unit"]) != unit(item.unit):
            print(f"    unit   {item.name} {item.text}: {item.unit}, label {row['unit']}")
        if row["role"] != item.role:
            print(f"    role   {item.name} {item.text}: {item.role}, label {row['role']}")


def _speed(readings: list[Reading]) -> float:
    for reading in readings:
        extract(reading)
    begun = time.process_time()
    for _ in range(5):
        for reading in readings:
            extract(reading)
    spent = (time.process_time() - begun) / 5
    return spent * 1000 * 30_000 / sum(len(reading.text) for reading in readings)


if __name__ == "__main__":
    sys.exit(main("--show" in sys.argv))
