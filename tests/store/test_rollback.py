"""What was remembered of a change that was rolled back is not told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from tests.store.test_store import NOW, add, indicators, reading, sources
from watcher.store import NewVersion, Store
from watcher.store.content import Content
from watcher.types import Change, Edit, Event, Fetched


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "w.db") as found:
        found.sources.sync(sources(tmp_path), NOW)
        yield found


def _tell(store: Store, before: int, after: int, said: str) -> tuple[int, int]:
    diff = {"edits": [{"kind": "paragraph", "before": "旧", "after": said}]}
    change = Change(edits=(Edit("replace", "", "旧", said, (), (0, 1), (0, len(said))),))
    change_id = store.changes.add(before, after, "content", change, diff, NOW)
    event = Event("document.changed", NOW, {"diff": diff})
    return change_id, store.changes.add_event(event, document_id="plan", change_id=change_id)


def _told_and_failed(store: Store, before: int, after: int) -> None:
    with store.atomic():
        _tell(store, before, after, "那一次没有写成,后来的字也多少不一")
        raise ZeroDivisionError


def test_an_event_stands_against_the_diff_in_the_file_also_after_a_rollback(store: Store, tmp_path: Path) -> None:
    before, snapshot = add(store)
    after, _ = add(store, "4", NOW + timedelta(days=1), snapshot)
    with pytest.raises(ZeroDivisionError):
        _told_and_failed(store, before, after)
    with Store(tmp_path / "w.db") as other, other.atomic():  # another process gets the row id that was rolled back
        change_id, event_id = _tell(other, before, after, "写成了")
        other.outbox.add(event_id, "team", "plan", NOW, NOW)
    assert change_id == 1
    mine = store.outbox.claim("team", NOW)
    assert mine is not None
    assert mine.event.data == {"diff": {"edits": [{"kind": "paragraph", "before": "旧", "after": "写成了"}]}}
    assert store.changes.diff(change_id) == mine.event.data["diff"]


def test_a_change_written_again_after_a_rollback_is_told_as_it_is_now(store: Store, tmp_path: Path) -> None:
    before, snapshot = add(store)
    after, _ = add(store, "4", NOW + timedelta(days=1), snapshot)
    with pytest.raises(ZeroDivisionError):
        _told_and_failed(store, before, after)
    with store.atomic():
        _, event_id = _tell(store, before, after, "写成了")
        store.outbox.add(event_id, "team", "plan", NOW, NOW)
    with Store(tmp_path / "w.db") as other:  # remembers nothing
        mine = other.outbox.claim("team", NOW)
    assert mine is not None
    assert mine.event.data == {"diff": {"edits": [{"kind": "paragraph", "before": "旧", "after": "写成了"}]}}


def test_an_alert_says_the_same_to_who_wrote_it_and_to_another_and_knows_its_visit(
    store: Store, tmp_path: Path
) -> None:
    before, snapshot = add(store)
    seen = NOW + timedelta(days=1)
    after, _ = add(store, "4", seen, snapshot)
    with store.atomic():
        _, event_id = _tell(store, before, after, "写成了")
        alerts = [store.outbox.add(event_id, channel, "plan", NOW, NOW) for channel in ("team", "other")]
        plain = store.changes.add_event(Event("incident.opened", NOW, {"incident": {"kind": "blocked"}}))
        alone = store.outbox.add(plain, "team", "source", NOW, NOW)
    with Store(tmp_path / "w.db") as other:  # remembers nothing
        for alert in (*alerts, alone):
            assert store.outbox.get(alert) == other.outbox.get(alert)
        source = other.versions.get(after).source_id
    assert store.outbox.get(alerts[1]).origin == (source, seen)
    assert store.outbox.get(alone).origin is None


def test_what_a_rolled_back_version_brought_is_not_taken_for_stored(store: Store, tmp_path: Path) -> None:
    """Its rules, its keys, its row id: another process may have given them to something else since."""
    row = next(one for one in store.sources.active() if one.url.endswith("draft"))

    def written(into: Store, title: str, key: str, rules: str) -> int:
        text = replace(reading(), title=title)
        found = tuple(structs.replace(one, key=key) for one in indicators(text))
        with into.atomic():
            page = Fetched(row.url, row.url, 200, {}, title.encode(), NOW)
            snapshot = into.snapshots.add(row.id, page, "document")
            version = into.versions.add(
                NewVersion("plan", row.id, snapshot, "draft", "content", rules, NOW, Content.of(text, found))
            )
            if title == "没有写成":
                raise ZeroDivisionError
        return version

    with pytest.raises(ZeroDivisionError):
        written(store, "没有写成", "beds", "r1")
    with Store(tmp_path / "w.db") as other:
        first = written(other, "别的进程写的", "doctors", "r2")
    assert store.versions.outline(first).about.title == "别的进程写的"
    second = written(store, "这次写成了", "beds", "r1")
    with Store(tmp_path / "w.db") as fresh:
        assert [fresh.versions.get(one).rules for one in (first, second)] == ["r2", "r1"]
        keys = "SELECT DISTINCT k.key FROM indicators i JOIN keys k ON k.id = i.key_id WHERE i.until_version IS NULL"
        assert fresh.db.execute(keys).fetchall() == [("beds",)]
        assert fresh.db.execute("PRAGMA foreign_key_check").fetchall() == []
