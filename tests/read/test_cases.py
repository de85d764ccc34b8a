"""Every trap of reading has a case: a page, and beside it what must be read from it. ``tests/cases/read/NAME/``.

Some have a second fetch (``again.*``): other counters, tokens, related pages, remarks and order of attributes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from watcher.read import read, read_closely
from watcher.store.codec import reading_digest
from watcher.types import Reading

CASES = sorted((Path(__file__).parents[1] / "cases" / "read").iterdir())
URL = "http://www.example.gov.cn/zwgk/t20220120_51234.html"


def _found(reading: Reading, key: str, wanted: Any) -> Any:
    """What a reading says to one key of ``expected.json``."""
    if key == "text":
        return reading.text.split("\n")
    if key == "rows":
        return [[[cell.text for cell in row] for row in block.grid.rows] for block in reading.blocks if block.grid]
    if key == "headings":
        return [block.text for block in reading.blocks if block.kind == "heading"]
    if key == "metadata":
        return {name: getattr(reading.metadata, name) for name in wanted}
    if key == "closes":
        return reading.metadata.consultation.closes
    if key == "attachments":
        return [[one.name, one.url] for one in reading.attachments]
    return list(reading.pages) if key == "pages" else getattr(reading, key)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case_is_read_as_written_beside_it(folder: Path) -> None:
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    assert expected
    reading = read(next(folder.glob("page.*")).read_bytes(), url=URL, column=False)
    assert {key: _found(reading, key, wanted) for key, wanted in expected.items()} == expected


AGAIN = [folder for folder in CASES if any(folder.glob("again.*"))]


@pytest.mark.parametrize("folder", AGAIN, ids=lambda folder: folder.name)
def test_a_second_fetch_with_other_noise_says_the_same(folder: Path) -> None:
    first, second = (next(folder.glob(name)).read_bytes() for name in ("page.*", "again.*"))
    assert first != second
    digests = [reading_digest(read_closely(body, url=URL)[0]) for body in (first, second)]
    assert digests[0] == digests[1]
