"""What is remembered of what was stored a moment ago is what the file says, also after a transaction that failed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.test_store import NOW, add, reading, sources
from watcher.store import NewVersion, Store
from watcher.store.fresh import HELD, Fresh
from watcher.store.rows import Content
from watcher.types import Block, Change, Dropped, Edit, Event, Reading


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(tmp_path / "w.db")
    found.sources.sync(sources(tmp_path), NOW)
    return found


def test_a_version_to_compare_is_the_one_in_the_file(store: Store) -> None:
    first, snapshot = add(store)
    edited, _ = add(store, "4", NOW + timedelta(days=1), snapshot)
    for version in (first, edited):
        fresh, again = store.versions.to_compare(version), store.versions.to_compare(version)
        assert fresh == again == store.versions.get(version)
        assert fresh.reading is not again.reading  # the second time it was decoded
        assert store.versions.printed(version) == (fresh.reading.title, fresh.reading.text)
        assert store.versions.get(version).about == fresh.about


def test_a_version_with_dropped_parts_is_compared_without_them(store: Store) -> None:
    version, snapshot = add(store)
    row = store.versions.get(version)
    text = Reading("document", "规划", (Block("paragraph", "正文。"),), dropped=(Dropped("页脚", "menu"),))
    with store.atomic():
        other = store.versions.add(NewVersion("plan", row.source_id, snapshot, "draft", "content", "r1", NOW, text, ()))
    assert store.versions.to_compare(other).reading == store.versions.get(other).reading


def test_the_shelf_is_bounded_and_the_oldest_give_way() -> None:
    shelf = Fresh()
    said = Content.of(reading(), ())
    for number in range(5):
        shelf.put((bytes([number]), None), said, HELD // 3)
    assert [shelf.take((bytes([number]), None)) is not None for number in range(5)] == [False, False, True, True, True]
    shelf.put((b"large", None), said, HELD + 1)
    assert shelf.take((b"large", None)) is None


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
