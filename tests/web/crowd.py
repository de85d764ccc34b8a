"""A crowd: thousands of documents with versions, changes, moves, indicators, alerts, as years of watching leave them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from watcher.store import Store, codec
from watcher.store.database import millis, stamp
from watcher.store.history import amount
from watcher.types import Block, Indicator, Reading, Role

KEYS = (
    "infant-mortality",
    "life-expectancy",
    "beds-per-1000",
    "physicians-per-1000",
    "nurses-per-1000",
    "health-literacy",
)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
VERSIONS = 5
SOURCES = "sources (id, kind, name, document_id, url, active, edition_id, version_id, verdict, note, failures, checked_at, changed_at, next_at)"
_STAGES = ("draft", "draft", "final", "final", "final")
_EFFECTS = ("tightened", "relaxed", "raised", "lowered", "added", "removed", "reworded")


def region(number: int) -> str:
    """The region of a document: 1,500 of them, some with many documents."""
    return f"第{number % 1500:04d}市"


def _reading(number: int) -> tuple[Reading, tuple[Indicator, ...]]:
    rng = random.Random(number)
    blocks: list[Block] = []
    found: list[Indicator] = []
    at = 0
    for chapter in range(6):
        heading = f"第{chapter + 1}章 发展目标与主要任务"
        blocks.append(Block("heading", heading, 1))
        at += len(heading) + 1
        for place, key in enumerate(KEYS):
            value = f"{rng.uniform(1, 99):.2f}"
            line = (
                f"到2025年，{key}达到{value}%以上，"
                + "推进健康中国建设，完善卫生健康服务体系，提升服务能力。" * rng.randint(2, 6)
            )
            start = at + line.index(value)
            role: Role = "target" if place % 2 else "baseline"
            found.append(
                Indicator(
                    key, key, "%", 2025 if role == "target" else 2020, role, ">=", value, value, "预期性", "prose", heading, line[:60],
                    start, start + len(value),
                )
            )  # fmt: skip
            blocks.append(Block("paragraph", line))
            at += len(line) + 1
    return Reading("document", f"第{number}号规划", tuple(blocks), "final"), tuple(found)


def _move(number: int, key: str) -> dict[str, Any]:
    side = {
        "op": ">=",
        "value": "5",
        "text": "5",
        "nature": None,
        "quote": "到2025年达到5%以上",
        "name": key,
        "unit": "%",
        "year": 2025,
    }
    return {
        "name": key, "key": key, "year": 2025, "unit": "%", "kind": "changed", "effect": _EFFECTS[number % len(_EFFECTS)],
        "before": side, "after": {**side, "value": "6", "text": "6"},
    }  # fmt: skip


def fill(path: Path, documents: int) -> None:
    """Writes the crowd; about 2 ms a document."""
    with Store(path) as store:
        conn = store.db.conn
        made = [_reading(number) for number in range(40)]
        said = [codec.encode_content(one, mine) for one, mine in made]
        diffs = [
            codec.pack_json(
                msgspec.json.encode(
                    {"moves": [_move(number + at, key) for at, key in enumerate(KEYS[:3])], "edits": []}
                )
            )
            for number in range(len(_EFFECTS))
        ]
        with store.atomic():
            pages = [b"<html></html>", *said]
            conn.executemany(
                "INSERT INTO blobs VALUES (?, ?, ?, NULL, NULL, NULL, ?)",
                [(at + 1, codec.digest(one), len(one), codec.pack(one)) for at, one in enumerate(pages)],
            )
            conn.execute("INSERT INTO rules VALUES (1, 'r')")
            conn.executemany("INSERT INTO keys VALUES (?, ?)", [(at + 1, key) for at, key in enumerate(KEYS)])
            for first in range(0, documents, 1000):
                numbers = range(first, min(first + 1000, documents))
                for table, rows in _rows(numbers, documents, made, diffs):
                    if rows:
                        marks = ", ".join("?" * len(rows[0]))
                        conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        conn.execute("ANALYZE")


def _rows(
    numbers: range, documents: int, made: list[Any], diffs: list[bytes]
) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    found: dict[str, list[tuple[Any, ...]]] = {
        name: []
        for name in (
            "documents", "editions", SOURCES, "snapshots", "versions", "changes", "moves", "events", "alerts",
            "consultations", "incidents", "search_rows", "search(rowid, title, body)",
            "sections",
            "indicators (edition_id, name, key_id, unit, year, role, op, value, text, nature, origin, section, disputed, "
            "since_version, until_version, amount)",
        )
    }  # fmt: skip
    *_, indicators = found
    for number in numbers:
        name, kind = f"doc-{number:06d}", number % len(made)
        at = NOW - timedelta(minutes=documents - number)
        found["documents"].append(
            (name, f"{region(number)}卫生健康规划{number}", region(number), None, None, "[]", stamp(at), None)
        )
        for place, stage in enumerate(("draft", "final")):
            found["editions"].append((2 * number + place + 1, name, stage, "t", stamp(at)))
        verdict = "challenge" if number % 97 == 0 else "document"
        url = f"https://www.example.gov.cn/{number}.html"
        last = VERSIONS * number + VERSIONS
        found[SOURCES].append(
            (
                number + 1, "page", f"{name} {url}", name, url, 1, 2 * number + 2, last, verdict, "", int(verdict != "document"),
                stamp(at), stamp(at), stamp(NOW),
            )
        )  # fmt: skip
        found["search_rows"].append((number + 1, name, VERSIONS * number + VERSIONS))
        found["search(rowid, title, body)"].append(
            (number + 1, f"规划 {number}", "卫生 生健 健康" + (" 罕见" if number == 7 else ""))
        )
        for place in range(VERSIONS):
            version, seen = VERSIONS * number + place + 1, at + timedelta(seconds=place)
            edition = 2 * number + (1 if place < 2 else 2)
            found["snapshots"].append(
                (
                    version,
                    number + 1,
                    f"https://www.example.gov.cn/{number}.html",
                    200,
                    b"",
                    millis(seen),
                    "document",
                    1,
                )
            )
            found["versions"].append(
                (
                    version, name, place + 1, edition, number + 1, version, _STAGES[place], "first" if place == 0 else "content", 1,
                    millis(seen), f"第{number}号规划", b"%d" % version, 2000, 0, 0, len(made[kind][1]), 1, 2 + kind, None,
                )
            )  # fmt: skip
            if place:
                effects = json.dumps({_EFFECTS[number % len(_EFFECTS)]: 3})
                found["changes"].append(
                    (
                        version,
                        version - 1,
                        version,
                        "content",
                        millis(seen),
                        3,
                        0,
                        effects,
                        _STAGES[place],
                        diffs[number % len(diffs)],
                    )
                )
                for step, key in enumerate(KEYS[:3]):
                    effect = _EFFECTS[(number + step) % len(_EFFECTS)]
                    found["moves"].append(
                        (
                            3 * version + step,
                            version,
                            key,
                            KEYS.index(key) + 1,
                            "2025",
                            "%",
                            "changed",
                            effect,
                            "5",
                            "6",
                        )
                    )
                found["events"].append(
                    (version, "document.changed", name, None, version, millis(seen), codec.pack_json(b"{}"))
                )
                state = "dead" if number % 500 == 0 else "sent"
                found["alerts"].append(
                    (version, version.to_bytes(12), version, "team", name, state, 1, millis(seen), None, millis(seen), "ok", millis(seen), None)
                )  # fmt: skip
        titles = list(dict.fromkeys(one.section for one in made[kind][1]))
        found["sections"] += [(2 * number + 2, at, title) for at, title in enumerate(titles)]
        for one in made[kind][1]:
            mine = (
                2 * number + 2, one.name, KEYS.index(one.key) + 1, one.unit, str(one.year), one.role, one.op, one.value, one.text, one.nature,
                one.origin, titles.index(one.section), 0,
            )  # fmt: skip
            found[indicators].append((*mine, VERSIONS * number + 3, None, amount(one.value, one.unit)))
            if one.key == KEYS[0]:
                found[indicators].append(
                    (*mine, VERSIONS * number + 1, VERSIONS * number + 3, amount(one.value, one.unit))
                )
        if number % 20 == 0:
            closes = (NOW + timedelta(days=number % 90 - 30)).date().isoformat()
            found["consultations"].append((name, None, closes, None, number + 1, "[]"))
        if number % 97 == 0:
            found["incidents"].append(
                (number + 1, name, "blocked", "x", number + 1, stamp(at), None if number % 2 else stamp(at))
            )
    yield from found.items()
