"""What the small rows leave out is there for who asks: instants, titles, addresses, the history in its order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import example, given
from hypothesis import strategies as st

from tests.store.test_store import NOW, add, indicators, reading, sources
from watcher.errors import StoreError
from watcher.store import NewVersion, Store, codec
from watcher.store.content import Content
from watcher.store.database import instant, iso, millis, stamp
from watcher.types import Change, Edit, Event, Fetched, Indicator, Reading

CLOCK = sqlite3.connect(":memory:")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "w.db") as found:
        found.sources.sync(sources(tmp_path), NOW)
        yield found


@given(
    st.datetimes(
        min_value=datetime(1971, 1, 1),  # noqa: DTZ001
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
    )
)
def test_an_instant_kept_as_a_number_is_shown_as_it_was_written_before(at: datetime) -> None:
    (shown,) = CLOCK.execute(f"SELECT {iso('?')}", [millis(at)]).fetchone()
    assert shown == stamp(at)
    assert stamp(instant(millis(at))) == stamp(at)


def test_an_instant_that_is_not_there_stays_so() -> None:
    assert CLOCK.execute(f"SELECT {iso('NULL')}").fetchone() == (None,)


def test_the_views_spell_out_what_the_tables_hold(store: Store) -> None:
    version, _ = add(store)
    event = store.changes.add_event(Event("incident.opened", NOW, {}), document_id="plan")
    alert = store.outbox.add(event, "team", "plan", NOW, NOW)
    (shown,) = store.db.query("SELECT title, seen_at, fetched_at, rules, url FROM version_history")
    assert shown == {
        "title": "规划",
        "seen_at": stamp(NOW),
        "fetched_at": stamp(NOW),
        "rules": "r1",
        "url": "http://a.example/draft",
    }
    (newest,) = store.db.query("SELECT title, seen_at, version_id FROM latest_versions")
    assert newest == {"title": "规划", "seen_at": stamp(NOW), "version_id": version}
    (told,) = store.db.query("SELECT message_id, not_before, sent_at, created_at FROM alert_history")
    assert told == {
        "message_id": store.outbox.get(alert).message_id,
        "not_before": stamp(NOW),
        "sent_at": None,
        "created_at": stamp(NOW),
    }


def test_a_title_that_moves_is_that_of_its_version_alone(store: Store) -> None:
    first, snapshot = add(store)
    row = store.versions.get(first)
    names = {"规划": 1, "规划（修订）": 2}
    text = Reading("document", "关于印发规划的通知", reading().blocks, "draft", plan_title="规划（修订）")
    with store.atomic():
        second = store.versions.add(
            NewVersion("plan", row.source_id, snapshot, "draft", "content", "r2", NOW, Content.of(text, ()))
        )
    assert {one["title"]: one["number"] for one in store.versions.log("plan")} == names
    assert (store.versions.get(first).title, store.versions.get(second).title) == tuple(names)
    assert [one["rules"] for one in store.versions.log("plan")] == ["r2", "r1"]
    assert store.lineage.titles_of(["plan"])[0][1] == "规划（修订）"
    assert [one["printed_title"] for one in store.documents() if one["id"] == "plan"] == ["规划（修订）"]


def rows(store: Store) -> list[tuple[int, str | None, int, int | None]]:
    """Row id, value, versions since and until of every indicator."""
    return store.db.execute("SELECT id, value, since_version, until_version FROM indicators ORDER BY id").fetchall()


def test_an_indicator_keeps_its_row_while_its_value_moves(store: Store) -> None:
    versions = [add(store, value, NOW + timedelta(days=day))[0] for day, value in enumerate(("5", "4", "4.5"))]
    one, two, three = versions
    assert rows(store) == [(1, "4.5", three, None), (2, "5", one, two), (3, "4", two, three)]
    assert [(row["value"], row["since"], row["until"]) for row in store.pages.history("plan")] == [
        ("5", 1, 2),
        ("4", 2, 3),
        ("4.5", 3, None),
    ]
    assert [row["value"] for row in store.pages.values(["plan"])] == ["4.5"]
    assert store.pages.ranked("infant-mortality", "target", up=True)[0]["amount"] == pytest.approx(0.0045)


def test_twins_in_a_text_move_and_go_one_by_one(store: Store) -> None:
    first, snapshot = add(store)
    row = store.versions.get(first)
    text = reading()
    (one,) = indicators(text)

    def say(*values: str) -> None:
        said = tuple(
            Indicator(one.name, one.key, one.unit, one.year, one.role, one.op, value, value, None, one.origin, one.section, one.quote, one.start, one.end)
            for value in values
        )  # fmt: skip
        with store.atomic():
            store.versions.add(
                NewVersion("plan", row.source_id, snapshot, "draft", "content", "r1", NOW, Content.of(text, said))
            )

    def standing() -> list[str]:
        return sorted(str(value) for _, value, _, until in rows(store) if until is None)

    say("1", "2")
    assert standing() == ["1", "2"]
    say("2", "3")
    assert standing() == ["2", "3"]
    say("3", "3", "9")
    assert standing() == ["3", "3", "9"]
    say()
    assert standing() == []
    assert sorted(str(one["value"]) for one in store.pages.history("plan")) == ["1", "2", "3", "3", "5", "9"]


def tell(store: Store, before: int, after: int) -> tuple[int, int, dict[str, Any]]:
    """A change with its event; rows and what was written."""
    diff: dict[str, Any] = {
        "document": "plan",
        "edits": [{"kind": "paragraph", "before": "婴儿死亡率控制在5‰", "after": "4‰"}],
    }
    edit = Edit("replace", "", "5", "4", (), (0, 1), (0, 1))
    with store.atomic():
        change = store.changes.add(before, after, "content", Change(edits=(edit,)), diff, NOW)
        event = Event("document.changed", NOW, {**diff, "title": "规划"})
        return change, store.changes.add_event(event, document_id="plan", change_id=change), diff


def test_diffs_and_events_outlive_the_documents_that_they_were_of(store: Store, tmp_path: Path) -> None:
    before, snapshot = add(store)
    after, _ = add(store, "4", NOW + timedelta(days=1), snapshot)
    change, event, diff = tell(store, before, after)
    alert = store.outbox.add(event, "team", "plan", NOW, NOW)
    with store.atomic():
        store.lineage.join("other", "plan")
        store.db.execute("UPDATE sources SET url = 'http://moved.example/', stage = 'final'")
    with Store(tmp_path / "w.db", read_only=True) as later:
        assert later.changes.diff(change) == diff
        assert later.outbox.get(alert).event.data == {**diff, "title": "规划"}
        assert [one["document_id"] for one in later.changes.feed()] == ["other"]
        assert [one["document_id"] for one in later.changes.feed(document_id="other")] == ["other"]
        assert later.changes.feed(document_id="plan") == []


def test_message_ids_are_random_and_long_enough_to_be_nobody_elses(store: Store) -> None:
    event = store.changes.add_event(Event("incident.opened", NOW, {}))
    sent = {store.outbox.get(store.outbox.add(event, "team", str(at), NOW, NOW)).message_id for at in range(50)}
    assert len(sent) == 50
    assert {len(one) for one in sent} == {len("msg_") + 24}
    assert all(one.startswith("msg_") and bytes.fromhex(one[4:]) for one in sent)


def test_counts_of_alerts_name_every_state_that_has_some(store: Store) -> None:
    event = store.changes.add_event(Event("incident.opened", NOW, {}))
    first, second, _ = (store.outbox.add(event, "team", str(at), NOW, NOW) for at in range(3))
    assert store.outbox.counts() == {"waiting": 3}
    store.outbox.sent(first, "ok", NOW)
    store.outbox.failed(second, "no", None)
    assert store.outbox.counts() == {"waiting": 1, "sent": 1, "dead": 1}
    assert store.outbox.sent_times("team", NOW) == [stamp(NOW)]
    assert store.outbox.sent_times("other", NOW) == []


def test_after_a_trim_the_database_guards_its_references_again(store: Store) -> None:
    _, snapshot = add(store)
    row = store.sources.active()[0]
    with store.atomic():
        store.snapshots.add(row.id, Fetched(row.url, row.url, 521, {}, b"wall", NOW), "challenge", snapshot)
    assert store.snapshots.trim(0) == 1
    assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []
    with pytest.raises(sqlite3.IntegrityError):
        store.db.execute("DELETE FROM snapshots")


@given(st.binary(max_size=300), st.binary(min_size=1, max_size=300))
@example(b"said", b"short")
def test_bytes_that_another_library_wrote_for_earlier_releases_come_back(data: bytes, base: bytes) -> None:
    """With zstd's mark in front as the first one did, and without as later ones did."""
    near = zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    unmarked = zstandard.ZstdCompressionParameters.from_level(9, format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    assert codec.unpack(zstandard.ZstdCompressor(level=3, dict_data=near).compress(data), base) == data
    assert (
        codec.unpack(zstandard.ZstdCompressor(compression_params=unmarked, dict_data=near).compress(data), base) == data
    )
    assert codec.unpack(codec.pack(data, base, fine=True), base) == data


def test_a_torn_blob_is_told_from_a_whole_one() -> None:
    data, base = bytes(range(256)) * 40, bytes(reversed(range(256))) * 40
    for blob, near in ((codec.pack(data), None), (codec.pack(data, base), base)):
        with pytest.raises(StoreError):
            codec.unpack(blob[:-3], near)


def test_an_edit_of_each_of_many_documents_costs_a_kilobyte_with_its_message(tmp_path: Path) -> None:
    """What a hundred edits let the file grow by, their pages left out: no row and no index is forgotten in the count."""
    from tests.bench.store_scale import fill, furnish

    def size(versions: int) -> int:
        folder = tmp_path / str(versions)
        folder.mkdir()
        with fill(folder, 100, versions) as filled:
            furnish(filled, 0)
            free, total = filled.space()
            (pages,) = filled.db.execute("SELECT sum(length(data)) FROM blobs").fetchone()
            return (total - free) * 4096 - int(pages)

    assert (size(4) - size(2)) / 200 < 1024
