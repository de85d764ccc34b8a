"""Re-checks in numbers: ``python -m tests.read.rechecks [PAGES] [EDITS]`` (10,000 and 400 when left out).

Fetches of made-up plans in every structure, with other counters, tokens, banners, related links and mark-up each time, judged
as a visit judges them: an equal decisive part is unchanged, anything else is read. Prints how many of the re-checks would have
become versions (none should), how many were known without a parse, and how many edits of one character were seen (all).
"""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime

from tests.read.portal_pages import STRUCTURES, Doc, document, edited, page
from watcher.pipeline.examine import Examined, Job, examine
from watcher.pipeline.hints import still
from watcher.store.codec import reading_digest
from watcher.types import Fetched

URL = "http://www.liaoyang.gov.cn/zwgk/202112/t20211203_1.html"
A_PAGE = 50
"""Re-checks of one page."""


def fetched(structure: str, doc: Doc, seed: int, *, markup: int = 0) -> Fetched:
    """One fetch of a page."""
    body = page(structure, doc, seed, markup=markup)
    headers = {"content-type": "text/html; charset=utf-8"}
    return Fetched(URL, URL, 200, headers, body, datetime(2026, 3, 2, tzinfo=UTC))


def digest(examined: Examined) -> bytes:
    """What makes a version."""
    assert examined.reading is not None, examined.reason
    return reading_digest(examined.reading)


def main(pages: int = 10_000, edits: int = 400) -> None:
    """Prints one line."""
    chance = random.Random(20261122)
    known = false = seen = tried = asked = 0
    names = list(STRUCTURES)
    number = 0
    while asked < pages or tried < edits:
        structure, doc = names[number % len(names)], document(number, 24)
        first = examine(Job(fetched(structure, doc, 0), extract=False, hint=True))
        for seed in range(1, A_PAGE + 1) if asked < pages else ():
            again = fetched(structure, doc, seed, markup=seed % 7 if seed % 5 == 0 else 0)
            asked += 1
            if still(first.hint, again):
                known += 1
            elif digest(examine(Job(again, extract=False))) != digest(first):
                false += 1
        for seed in range(1, 9) if tried < edits else ():
            again = fetched(structure, edited(doc, chance), seed, markup=seed % 3)
            tried += 1
            seen += not still(first.hint, again) and digest(examine(Job(again, extract=False))) != digest(first)
        number += 1
    print(f"{asked} re-checks: {false} false, {known} known without a parse; {tried} edits: {seen} seen")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:3]))
