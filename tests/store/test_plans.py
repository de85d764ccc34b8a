"""What a round and a page ask of the store looks things up: nothing walks a table that grows with history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.store.test_store import add, sources
from watcher.store import Store
from watcher.store.shown import ChangeFilter

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
QUESTIONS: dict[str, Callable[[Store], object]] = {
    "titles since": lambda store: store.lineage.titles_since(5),
    "titles of": lambda store: store.lineage.titles_of(["plan"]),
    "what waits": lambda store: store.versions.waiting(),
    "last of a source": lambda store: store.versions.last_of_source(1),
    "older stages": lambda store: store.versions.stages("plan", 9),
    "head": lambda store: store.versions.heads_of_source(1),
    "forms": lambda store: store.versions.digests(1, 9, 8),
    "newest": lambda store: store.versions.newest("plan"),
    "log": lambda store: store.versions.log("plan"),
    "snapshot": lambda store: store.snapshots.same_bytes(1, 2),
    "diffs": lambda store: store.changes.diffs([1, 2]),
    "claim": lambda store: store.outbox.claim("team", NOW),
    "changes": lambda store: store.shown.changes(ChangeFilter()),
    "changes of a key": lambda store: store.shown.changes(ChangeFilter(key="life-expectancy")),
    "changes of a stage": lambda store: store.shown.changes(ChangeFilter(stage="final")),
    "values": lambda store: store.pages.values(["plan"]),
    "values of a key": lambda store: store.pages.values(["plan"], "life-expectancy"),
    "history": lambda store: store.pages.history("plan"),
    "ranked": lambda store: store.pages.ranked("life-expectancy", "target", up=True),
    "placed": lambda store: store.pages.placed("life-expectancy"),
    "documents of a stage": lambda store: store.pages.documents(stage="final"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_that_grows_is_walked(tmp_path: Path, name: str) -> None:
    with Store(tmp_path / "w.db") as store:
        asked: list[tuple[str, Any]] = []
        store.db._tracer = lambda sql, values: asked.append((sql, values))
        QUESTIONS[name](store)
        store.db._tracer = None
        grows = {
            "versions",
            "snapshots",
            "blobs",
            "changes",
            "moves",
            "events",
            "alerts",
            "indicators",
            "sections",
            "checks",
        }
        for sql, values in asked:
            if not sql.startswith("SELECT"):
                continue
            for *_, step in store.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}", values or []):
                words = step.split()
                if words[0] != "SCAN":
                    continue
                table = next((one for one in grows if f" {one} {words[1]} " in f" {sql} "), words[1])
                assert table not in grows or "versions_waiting" in step, f"{step}\n{sql}"


def test_a_new_text_is_stored_without_a_look_at_the_versions_of_other_documents(tmp_path: Path) -> None:
    with Store(tmp_path / "w.db") as store:
        store.sources.sync(sources(tmp_path), NOW)
        asked: list[tuple[str, Any]] = []
        store.db._tracer = lambda sql, values: asked.append((sql, values))
        add(store, cause="first")
        store.db._tracer = None
        looked = [
            (step, sql)
            for sql, values in asked
            if sql.startswith("SELECT") and " versions" in sql
            for *_, step in store.db.conn.execute(f"EXPLAIN QUERY PLAN {sql}", values or [])
        ]
        assert looked
        # The index over stages has as many entries under a stage as there are versions of it.
        assert not [one for one in looked if "versions_stage" in one[0] or one[0].startswith("SCAN")]
