"""Who hears of what: a column's channels hear of the documents that it announced, and nobody else does."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from watcher.alert import events
from watcher.pipeline.context import Context
from watcher.pipeline.telling import facts_of, tell
from watcher.sources import load
from watcher.store import Store

NOW = datetime(2026, 3, 2, tzinfo=UTC)
YAML = """\
settings: {database: watcher.db}
channels:
  team: {kind: console}
  desk: {kind: console}
columns:
  - {id: notices, url: "https://wjw.example.gov.cn/list/", follow: 规划, channels: [team]}
"""


def test_a_document_that_a_column_announced_is_told_where_the_column_is(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(YAML, encoding="utf-8")
    sources = load(file)
    with Store(sources.database) as store:
        store.sources.sync(sources, NOW)
        context = Context(sources, store, now=lambda: NOW)
        found = store.sources.add_found(
            "plan", "临江县规划", None, "notices", "https://wjw.example.gov.cn/1.html", ("team",), NOW
        )
        facts = facts_of(context, store.sources.get(found))
        with store.atomic():
            tell(context, events.changed(facts, {"moves": [], "edits": []}, NOW), document_id="plan")
            tell(context, events.incident_opened(facts, "error", NOW), document_id="plan", source_id=found)
            column = next(row for row in store.sources.active() if row.kind == "column")
            tell(context, events.incident_opened(facts_of(context, column), "error", NOW), source_id=column.id)
        assert [one["channel"] for one in store.outbox.recent()] == ["team"] * 3
