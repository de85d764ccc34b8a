"""Scores extracted indicators against labels made by hand, by the rules of ``docs/accuracy.md``.

Table labels: a match needs the same name, year, operator and value (or the same words). Prose labels: the same operator
and value, and a name at least 60 % alike or a quote that holds the label's. Labels tagged core or output are demanded;
others (norm, level, project, event, optional) are neither demanded nor held against the reader.
"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from watcher.types import Indicator

Label = Mapping[str, str]

_SAME_UNIT = {
    "所": "个",
    "家": "个",
    "名": "人",
    "年岁": "岁",
    "1/10万": "/10万",
    "例/10万": "/10万",
    "每10万": "/10万",
}


@dataclass(frozen=True)
class Score:
    """What was found of one document: labels demanded, matched pairs, misses, and finds that no label knows."""

    wanted: int
    hits: tuple[tuple[Label, Indicator], ...]
    missed: tuple[Label, ...]
    extra: tuple[Indicator, ...]
    year: int = 0
    unit: int = 0
    role: int = 0
    nature: int = 0

    @property
    def recall(self) -> float:
        return len(self.hits) / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        found = len(self.hits) + len(self.extra)
        return len(self.hits) / found if found else 1.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def share(self, count: int) -> float:
        return count / len(self.hits) if self.hits else 1.0


def labels(path: Path) -> list[dict[str, str]]:
    """The rows of a label file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(text: str | None) -> str:
    folded = re.sub(r"[—–―－~～]+", "-", unicodedata.normalize("NFKC", text or ""))
    return re.sub(r"[\s()\[\]{}<>《》“”\"'‘’【】、,，。;；:：]+", "", folded).lower()


def squeeze(text: str | None) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def unit(text: str | None) -> str:
    folded = plain(text).replace("十万", "10万")
    return _SAME_UNIT.get(folded, folded)


def number(text: str | None) -> Decimal | None:
    try:
        return Decimal(str(text).replace(",", "")).normalize()
    except InvalidOperation:
        return None


def year_of(year: object) -> str:
    found = re.findall(r"\d{4}", str(year or ""))
    return found[-1] if found else ""


def same_value(label: Label, item: Indicator) -> bool:
    if "ambiguous" in label["note"]:
        return number(label["value"]) is not None and number(label["value"]) == number(item.value)
    if label["op"] == "text":
        wanted, got = plain(label["value_raw"]), plain(item.text)
        return bool(got) and (wanted in got or got in wanted)
    value = number(label["value"])
    return value is not None and value == number(item.value) and item.op == label["op"]


def alike(a: str, b: str) -> float:
    one, other = plain(a), plain(b)
    if not one or not other:
        return 0.0
    if one in other or other in one:
        return 1.0
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()


def score_table(rows: Sequence[Label], items: Sequence[Indicator]) -> Score:
    """Tables: every printed cell is demanded."""
    wanted = [row for row in rows if row["value_raw"].strip()]
    pool = [item for item in items if item.origin == "table"]
    used: set[int] = set()
    hits: list[tuple[Label, Indicator]] = []
    missed: list[Label] = []
    for row in wanted:
        for at, item in enumerate(pool):
            fits = (
                plain(item.name) == plain(row["name"]) and year_of(item.year) == row["year"] and same_value(row, item)
            )
            if at not in used and fits:
                used.add(at)
                hits.append((row, item))
                break
        else:
            missed.append(row)
    extra = tuple(item for at, item in enumerate(pool) if at not in used)
    return Score(
        len(wanted), tuple(hits), tuple(missed), extra,
        year=len(hits),
        unit=sum(unit(row["unit"]) == unit(item.unit) for row, item in hits),
        role=sum(row["role"] == item.role for row, item in hits),
        nature=sum((row["nature"] or None) == item.nature for row, item in hits),
    )  # fmt: skip


def score_prose(rows: Sequence[Label], items: Sequence[Indicator]) -> Score:
    """Running text: best pairs first, each label and each find used once."""
    pool = [item for item in items if item.origin == "prose"]
    pairs: list[tuple[float, int, int]] = []
    for li, row in enumerate(rows):
        for ii, item in enumerate(pool):
            if not same_value(row, item):
                continue
            likeness = max(alike(row["name"], item.name), alike(row["name_raw"], item.name))
            mine, theirs = squeeze(item.quote), squeeze(row["quote"])
            holds = theirs in mine or mine in theirs
            if likeness >= 0.6 or (holds and likeness >= 0.3):
                pairs.append((likeness + 0.5 * holds, li, ii))
    taken_rows: set[int] = set()
    taken: set[int] = set()
    hits: list[tuple[Label, Indicator]] = []
    for _, li, ii in sorted(pairs, key=lambda pair: -pair[0]):
        if li in taken_rows or ii in taken:
            continue
        taken_rows.add(li)
        taken.add(ii)
        hits.append((rows[li], pool[ii]))
    demanded = [row for row in rows if row["tag"] in ("core", "output")]
    hits = [(row, item) for row, item in hits if row["tag"] in ("core", "output")]
    missed = [row for li, row in enumerate(rows) if li not in taken_rows and row["tag"] in ("core", "output")]
    loose = [squeeze(row["quote"]) for row in rows if row["tag"] not in ("core", "output")]
    extra = [
        item
        for ii, item in enumerate(pool)
        if ii not in taken and not any(quote in squeeze(item.quote) and squeeze(item.text) in quote for quote in loose)
    ]
    return Score(
        len(demanded), tuple(hits), tuple(missed), tuple(extra),
        year=sum(not row["year"] or year_of(row["year"]) == year_of(item.year) for row, item in hits),
        unit=sum(unit(row["unit"]) == unit(item.unit) for row, item in hits),
        role=sum(row["role"] == item.role for row, item in hits),
    )  # fmt: skip
