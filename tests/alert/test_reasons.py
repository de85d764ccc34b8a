"""Why two documents may be one is said in the reader's language."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watcher import drawers
from watcher.alert import events, reasons
from watcher.alert.message import compose
from watcher.alert.words import PORTALS
from watcher.compare.lineage import explain
from watcher.words import SEAM, both

NOW = datetime(2026, 3, 9, tzinfo=UTC)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_an_event_speaks_the_language_of_the_settings_in_a_digest_too() -> None:
    about = events.DocumentFacts("silent", "某规划")
    reason = both("域名 a.example 没有地址", "the name a.example has no address")
    opened = events.incident_opened(about, "unreachable", NOW, failures=3, reason=reason)
    for event in (opened, events.digest([opened, events.gone(about, NOW, reason=reason)], NOW)):
        for language, mine, other in (("zh", "没有地址", "has no address"), ("en", "has no address", "没有地址")):
            posted = json.dumps(events.to_json(events.spoken(event, language)), ensure_ascii=False)
            assert mine in posted
            assert other not in posted
            assert SEAM not in posted
            message = str(compose(event, "zh" if language == "zh" else "en"))
            assert other not in message
    assert "没有地址" in str(compose(opened, "zh"))


@pytest.mark.parametrize(
    ("reason", "english"),
    [
        ("地区一致：云州市", "same region: 云州市"),
        ("阶段：征求意见稿 → 印发稿", "stages: draft → final"),
        ("正文相似度87%", "texts 87% alike"),
        ("两份印发稿相隔40天", "40 days apart"),
        ("均未写明规划期", "neither names a period"),
    ],
)
def test_why_two_documents_may_be_one_is_said_in_english_too(reason: str, english: str) -> None:
    assert reasons.of_link(reason, "en") == english
    assert reasons.of_link(reason, "zh") == reason


def test_every_reason_of_a_doubtful_link_is_said_in_english() -> None:
    file = Path(__file__).parents[1] / "cases/lineage/pairs.tsv"
    pairs = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("doubt")]
    found = {reason for _, first, second in pairs for reason in explain(first, second).reasons}
    assert len(found) > 20
    assert [reason for reason in found if CHINESE.search(reasons.of_link(reason, "en").partition(":")[0])] == []


def test_every_way_of_reading_has_a_name_for_people() -> None:
    assert set(PORTALS) == {*drawers.names("portals"), "generic", "text"}
    for chinese, english in PORTALS.values():
        assert CHINESE.search(chinese)
        assert not CHINESE.search(english)
