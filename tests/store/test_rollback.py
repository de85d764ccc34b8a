"""What was remembered of a change that was rolled back is not told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.test_store import NOW, add, sources
from watcher.store import Store
from watcher.types import Change, Edit, Event


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
