"""Pages fetched twice: what stands around a document changes unseen, the smallest edit of the document is seen and told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from watcher.alert.edits import worth_telling
from watcher.compare import compare
from watcher.indicators import extract
from watcher.read import read_closely
from watcher.read.decisive import Decisive, same
from watcher.types import Reading

FILES = sorted((Path(__file__).parents[1] / "cases/noise").glob("*.yaml"))
ALL = [yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) for file in FILES]
DATA: dict[str, Any] = {
    "pages": {name: page for data in ALL for name, page in data["pages"].items()},
    "noise": [case for data in ALL for case in data["noise"]],
    "edits": [case for data in ALL for case in data["edits"]],
}
URL = "http://www.portal.test/zwgk/202603/t20260313_1.html"


def _body(case: dict[str, Any], side: str) -> bytes:
    page: str = DATA["pages"][case["page"]]
    return (page.replace(*case[side]) if side in case else page).encode()


def _read(body: bytes) -> tuple[Reading, Decisive | None]:
    return read_closely(body, content_type="text/html; charset=utf-8", url=URL)[:2]


def _told(before: Reading, after: Reading) -> bool:
    """Whether somebody would hear of it: of the text, or of its files."""
    change = compare(before, after, extract(before), extract(after))
    return worth_telling(change) or before.attachments != after.attachments


@pytest.mark.parametrize("case", DATA["noise"], ids=lambda case: f"{case['page']}-{case['name']}")
def test_nobody_hears_of_what_stands_around_a_document(case: dict[str, Any]) -> None:
    before, after = _body(case, "before"), _body(case, "after")
    assert before != after
    old, new = _read(before)[0], _read(after)[0]
    assert (old.title, old.metadata.published_on, old.stage) == (new.title, new.metadata.published_on, new.stage)
    assert not _told(old, new)


@pytest.mark.parametrize("case", DATA["edits"], ids=lambda case: f"{case['page']}-{case['name']}")
def test_a_small_edit_of_a_document_is_neither_passed_over_nor_untold(case: dict[str, Any]) -> None:
    before, after = _body(case, "before"), _body(case, "after")
    (old, known), new = _read(before), _read(after)[0]
    assert known is None or not same(after, known)
    assert _told(old, new) or old.metadata != new.metadata
