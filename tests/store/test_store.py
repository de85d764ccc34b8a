"""The store: what is written comes back, small edits stay small, damage is found, upgrades are safe."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils.migrations import Migrations

from watcher.errors import StoreError
from watcher.pipeline.restoring import put_back
from watcher.settings import ColumnSource, DocumentSource, Page, Sources
from watcher.store import CheckResult, NewVersion, Store, codec
from watcher.store.content import Content
from watcher.store.database import check_file
from watcher.store.terms import terms_of
from watcher.types import Block, Event, Fetched, Indicator, Item, Link, Reading

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def sources(tmp_path: Path) -> Sources:
    return Sources(
        file=tmp_path / "sources.yaml",
        database=tmp_path / "w.db",
        documents=(
            DocumentSource("plan", "规划", (Page("http://a.example/draft"), Page("http://a.example/final", "final"))),
            DocumentSource("other", "另一规划", (Page("http://b.example/"),)),
        ),
        columns=(ColumnSource("column", "http://a.example/list/", "卫生"),),
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "w.db") as found:
        found.sources.sync(sources(tmp_path), NOW)
        yield found


def reading(value: str = "5", paragraphs: int = 300) -> Reading:
    blocks = [
        Block("paragraph", f"第{at}段,推进卫生健康事业高质量发展,完善第{at * 7}项服务体系建设。")
        for at in range(paragraphs)
    ]
    blocks.insert(paragraphs // 2, Block("paragraph", f"到2025年,婴儿死亡率控制在{value}‰以下。"))
    return Reading("document", "规划", tuple(blocks), stage="draft", region="呼和浩特市")


def indicators(of: Reading, value: str = "5") -> tuple[Indicator, ...]:
    sentence = f"到2025年,婴儿死亡率控制在{value}‰以下"
    at = of.text.index(sentence) + sentence.index(value + "‰")
    return (
        Indicator("婴儿死亡率", "infant-mortality", "‰", 2025, "target", "<=", value, f"{value}‰以下", None, "prose", "第一章", sentence, at, at + len(value) + 3),
    )  # fmt: skip


def add(
    store: Store, value: str = "5", at: datetime = NOW, near: int | None = None, cause: str = "content"
) -> tuple[int, int]:
    row = next(one for one in store.sources.active() if one.url.endswith("draft"))
    text = reading(value)
    page = f"<html><head><title>规划</title></head><body><div class=menu>{'导航 ' * 400}</div>{text.text}</body></html>"
    with store.atomic():
        snapshot = store.snapshots.add(
            row.id,
            Fetched(row.url, row.url, 200, {"content-type": "text/html", "date": str(at)}, page.encode(), at),
            "document",
            near,
        )
        version = store.versions.add(
            NewVersion("plan", row.id, snapshot, "draft", cause, "r1", at, Content.of(text, indicators(text, value)))  # type: ignore[arg-type]
        )
    return version, snapshot


def test_a_version_comes_back_as_it_was(store: Store) -> None:
    version, snapshot = add(store)
    found = store.versions.get(version)
    assert found.reading == reading()
    assert found.indicators == indicators(reading())
    assert (found.number, found.stage, found.title) == (1, "draft", "规划")
    assert store.snapshots.get(snapshot).headers == {"content-type": "text/html", "date": str(NOW)}


def test_a_small_edit_costs_a_few_hundred_bytes(store: Store) -> None:
    _, snapshot = add(store)
    for number, value in enumerate(("4.5", "4", "3.2"), start=1):
        _, snapshot = add(store, value, NOW + timedelta(days=number), snapshot)
    sizes = store.db.execute(
        "SELECT length(v.delta), v.content_id, length(b.data), b.base_id FROM versions v JOIN snapshots p ON p.id = v.snapshot_id "
        "JOIN blobs b ON b.id = p.blob_id ORDER BY v.id"
    ).fetchall()
    assert sizes[0][0] is None
    assert sizes[0][3] is None
    for delta, content, page, base in sizes[1:]:
        assert content == sizes[0][1]
        assert base is not None
        assert delta < 300
        assert page < 1000


def test_the_history_of_an_indicator_is_one_row_as_long_as_it_stays(store: Store) -> None:
    add(store, "5")
    add(store, "5", NOW + timedelta(days=1))
    add(store, "4", NOW + timedelta(days=2))
    rows = list(store.db.query("SELECT value, since_number, until_number FROM indicator_history ORDER BY since_number"))
    assert rows == [
        {"value": "5", "since_number": 1, "until_number": 3},
        {"value": "4", "since_number": 3, "until_number": None},
    ]


@pytest.mark.parametrize("up", [True, False])
def test_plans_are_sorted_by_what_they_say_page_after_page(store: Store, tmp_path: Path, *, up: bool) -> None:
    plans = tuple(DocumentSource(f"d{at}", f"第{at}号规划", (Page(f"http://h{at}.example/"),)) for at in range(40))
    store.sources.sync(Sources(tmp_path / "sources.yaml", tmp_path / "w.db", documents=plans), NOW)
    rows = {row.document_id: row for row in store.sources.active()}
    for at, plan in enumerate(plans):
        for value in (str(at), str(at * 7 % 40 // 2)):  # the first is no longer what it says; half of them say the same
            row, text = rows[plan.id], reading(value, 2)
            with store.atomic():
                answer = Fetched(row.url, row.url, 200, {}, f"<p>{at}: {value}".encode(), NOW)
                snapshot = store.snapshots.add(row.id, answer, "document")
                store.versions.add(
                    NewVersion(
                        plan.id,
                        row.id,
                        snapshot,
                        "draft",
                        "content",
                        "r1",
                        NOW,
                        Content.of(text, indicators(text, value)),
                    )
                )
    found: list[tuple[float, int]] = []
    while more := store.pages.ranked("infant-mortality", "target", up=up, cursor=found[-1] if found else None, limit=7):
        found += [(row["amount"], row["id"]) for row in more]
    assert [amount for amount, _ in found] == sorted((at * 7 % 40 // 2 / 1000 for at in range(40)), reverse=not up)
    assert found == sorted(set(found), reverse=not up)


def flip(store: Store, which: str) -> int:
    """Flips a bit in the middle of a blob; returns its row."""
    (blob_id,) = store.db.execute(which).fetchone()
    (data,) = store.db.execute("SELECT data FROM blobs WHERE id = ?", [blob_id]).fetchone()
    at = len(data) // 2
    store.db.execute(
        "UPDATE blobs SET data = ? WHERE id = ?", [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], blob_id]
    )
    return int(blob_id)


def test_a_flipped_byte_is_found(store: Store) -> None:
    add(store)
    assert store.verify() == []
    flip(store, "SELECT blob_id FROM snapshots")
    assert len(store.verify()) == 1


def test_search_finds_chinese_words_in_the_newest_text_only(store: Store) -> None:
    add(store, "5")
    assert store.versions.search("婴儿死亡率") == ["plan"]
    assert store.versions.search("高质量发展 服务体系") == ["plan"]
    assert store.versions.search("孕产妇") == []
    assert store.versions.search("卫生、健康") == [], "its pairs of characters stand in the text, but not as written"
    add(store, "4.4", NOW + timedelta(days=1))
    assert store.versions.search("4.4") == ["plan"]


def test_edits_keep_the_index_equal_to_the_newest_text(store: Store) -> None:
    chance = random.Random(3)
    seen: set[str] = set()
    for step in range(12):
        add(store, "".join(chance.choice("床位医师张万人4.2，") for _ in range(8)), NOW + timedelta(days=step))
        newest = store.versions.newest("plan", 1)[0].reading
        terms = set(terms_of(newest.title + "\n" + newest.text))
        seen |= terms
        for term in seen:
            found = store.db.execute("SELECT rowid FROM search WHERE search MATCH ?", [f'"{term}"']).fetchall()
            assert bool(found) == (term in terms), (step, term)
    store.db.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_two_versions_in_one_transaction_leave_the_index_right(store: Store) -> None:
    add(store, "5")
    with store.atomic():
        add(store, "4.4", NOW + timedelta(days=1))
        add(store, "3.2", NOW + timedelta(days=2))
        add(store, "3.2", NOW + timedelta(days=3))
    assert store.versions.search("3.2") == ["plan"]
    assert store.db.execute("SELECT rowid FROM search WHERE search MATCH ?", ['"4.4"']).fetchall() == []
    store.db.execute("INSERT INTO search (search) VALUES ('integrity-check')")


def test_a_transaction_that_fails_leaves_the_index_as_it_was(store: Store) -> None:
    add(store, "5")

    def half() -> None:
        with store.atomic():
            add(store, "4.4", NOW + timedelta(days=1))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    add(store, "3.2", NOW + timedelta(days=2))
    assert store.versions.search("3.2") == ["plan"]
    assert store.versions.search("4.4") == []


@given(st.text(max_size=60))
def test_search_terms_are_plain_words(text: str) -> None:
    assert all(term and not set(term) & set("\"'*():^-") for term in terms_of(text))


def test_unchanged_checks_are_one_row_with_a_count(store: Store) -> None:
    row = store.sources.active()[0]
    for hours in range(50):
        with store.atomic():
            store.sources.record(
                [
                    CheckResult(
                        row.id,
                        NOW + timedelta(hours=hours),
                        "document",
                        304,
                        next_at=NOW + timedelta(hours=hours + 6),
                        good=False,
                    )
                ]
            )
    counts = store.db.execute("SELECT count FROM checks WHERE source_id = ?", [row.id]).fetchall()
    assert counts == [(50,)]
    assert store.sources.get(row.id).next_at is not None


def test_what_is_due_comes_longest_waiting_first(store: Store) -> None:
    rows = store.sources.active()
    for hours, row in zip((5, 1, 9), rows, strict=False):
        store.sources.postpone([row.id], NOW + timedelta(hours=hours))
    due = store.sources.due_places(NOW + timedelta(hours=6))
    assert [source_id for source_id, _ in due] == [rows[3].id, rows[1].id, rows[0].id]


def test_lists_can_be_cut_and_still_say_how_much_there_is(store: Store) -> None:
    assert [row["id"] for row in store.documents(limit=1)] == ["other"]
    assert store.count() == len(store.documents()) == 2
    assert len(store.sources.active(3)) == 3
    assert store.sources.count() == len(store.sources.active()) == 4
    assert store.known("plan")
    assert not store.known("规划")


def test_whole_lists_as_json_say_what_their_rows_say(store: Store) -> None:
    add(store)
    row = store.sources.active()[0]
    note = '引号" 反斜线\\ 换行\n 控制\x1b\x1f\u202e 中文“十四五”'
    store.sources.record([CheckResult(row.id, NOW, "empty", 200, note=note)])
    assert [json.loads(one) for one in store.documents_json()] == store.documents()
    assert [json.loads(one) for one in store.documents_json(removed=True)] == store.documents(removed=True)
    listed = store.sources.listed()
    assert [json.loads(one) for one in store.sources.listed_json()] == listed
    assert next(one for one in listed if one["name"] == row.name)["note"] == note
    assert [one["name"] for one in listed] == [one.name for one in store.sources.active()]
    assert store.sources.listed(2) == listed[:2]


def test_a_removed_source_keeps_its_history(store: Store, tmp_path: Path) -> None:
    add(store)
    store.sources.sync(Sources(tmp_path / "s", tmp_path / "w.db"), NOW)
    assert store.sources.active() == []
    assert store.documents() == []
    assert len(store.versions.log("plan")) == 1
    store.sources.sync(sources(tmp_path), NOW)
    assert len(store.sources.active()) == 4


def test_a_list_that_is_reordered_or_redated_invents_nothing(store: Store) -> None:
    column = next(row for row in store.sources.active() if row.kind == "column")
    items = [Item(f"规划{at}", f"http://a.example/{at}", "2026-01-01") for at in range(5)]
    assert len(store.lineage.new_items(column.id, items, NOW)) == 5
    again = [Item(item.title, item.url, "2026-02-02") for item in reversed(items)]
    assert store.lineage.new_items(column.id, again, NOW) == []


def test_a_draft_that_our_rules_read_anew_stays_behind_its_final(store: Store) -> None:
    add(store, cause="first")
    row = next(one for one in store.sources.active() if one.url.endswith("final"))
    text = reading("4")
    with store.atomic():
        snapshot = store.snapshots.add(row.id, Fetched(row.url, row.url, 200, {}, b"final", NOW), "document")
        store.versions.add(
            NewVersion("plan", row.id, snapshot, "final", "first", "r1", NOW, Content.of(text, indicators(text, "4")))
        )
    add(store, "4.5", NOW + timedelta(days=1), cause="rules")
    assert [one["stage"] for one in store.versions.log("plan")] == ["draft", "final", "draft"]
    assert [one.stage for one in store.versions.newest("plan")] == ["final", "draft"]
    listed = next(one for one in store.documents() if one["id"] == "plan")
    assert (listed["stage"], listed["versions"]) == ("final", 3)
    assert [(one["stage"], one["versions"]) for one in store.pages.documents()] == [("final", 3)]
    assert store.pages.documents(stage="draft") == []
    add(store, "3", NOW + timedelta(days=2), cause="content")
    assert [one.stage for one in store.versions.newest("plan")] == ["final", "draft"], (
        "an edited draft stays behind, too"
    )
    assert [(one["stage"], one["versions"]) for one in store.pages.documents()] == [("final", 4)]
    assert store.versions.holding("plan")[1] == "final"
    with store.atomic():
        snapshot = store.snapshots.add(row.id, Fetched(row.url, row.url, 200, {}, b"new", NOW), "document")
        store.versions.add(
            NewVersion(
                "plan",
                row.id,
                snapshot,
                "final",
                "content",
                "r1",
                NOW,
                Content.of(again := reading("6"), indicators(again, "6")),
            )
        )
    assert [one.number for one in store.versions.newest("plan")] == [5, 2]


def test_a_link_can_be_made_undone_and_is_kept(store: Store) -> None:
    add(store)
    row = next(one for one in store.sources.active() if one.document_id == "other")
    text = reading("4")
    with store.atomic():
        snapshot = store.snapshots.add(row.id, Fetched(row.url, row.url, 200, {}, b"final", NOW), "document")
        store.versions.add(
            NewVersion("other", row.id, snapshot, "final", "first", "r1", NOW, Content.of(text, indicators(text, "4")))
        )
        link = store.lineage.add_link(
            "plan", "other", Link(True, "final", 0.95, ("同名",)), state="linked", by="rules", now=NOW
        )
        store.lineage.join("plan", "other")
    assert link is not None
    assert [one["stage"] for one in store.versions.log("plan")] == ["final", "draft"]
    assert [one["id"] for one in store.documents()] == ["plan"]
    with store.atomic():
        assert store.lineage.decide(link, "undone", NOW)
        store.lineage.part("plan", "other")
    assert [one["stage"] for one in store.versions.log("plan")] == ["draft"]
    assert [one["stage"] for one in store.versions.log("other")] == ["final"]
    assert [one["state"] for one in store.lineage.links()] == ["undone"]


def _alert(store: Store, thread: str = "plan", channel: str = "team") -> int:
    with store.atomic():
        event = store.changes.add_event(Event("document.changed", NOW, {"document": thread}), document_id=None)
        return store.outbox.add(event, channel, thread, NOW, NOW)


def test_order_is_kept_in_a_thread_and_only_there(store: Store) -> None:
    first, second, elsewhere = _alert(store), _alert(store), _alert(store, "other")
    claimed = store.outbox.claim("team", NOW)
    assert claimed is not None
    assert claimed.id == first
    other = store.outbox.claim("team", NOW)
    assert other is not None
    assert other.id == elsewhere
    assert store.outbox.claim("team", NOW) is None
    store.outbox.failed(first, "503", NOW + timedelta(minutes=1))
    assert store.outbox.claim("team", NOW) is None, "what follows waits for what is tried again"
    assert store.outbox.channels_with_work(NOW) == []
    assert store.outbox.channels_with_work(NOW + timedelta(minutes=1)) == ["team"]
    store.outbox.sent(first, "ok", NOW)
    then = store.outbox.claim("team", NOW)
    assert then is not None
    assert then.id == second


def test_an_alert_is_claimed_by_one(store: Store, tmp_path: Path) -> None:
    _alert(store)
    with Store(tmp_path / "w.db") as other:
        assert (store.outbox.claim("team", NOW) is None) != (other.outbox.claim("team", NOW) is None)


def test_a_claim_whose_owner_died_is_given_back_under_the_same_message_id(store: Store) -> None:
    _alert(store)
    claimed = store.outbox.claim("team", NOW)
    assert claimed is not None
    assert store.outbox.release_abandoned(NOW) == 0
    assert store.outbox.release_abandoned(NOW + timedelta(minutes=6)) == 1
    again = store.outbox.claim("team", NOW + timedelta(minutes=6))
    assert again is not None
    assert again.message_id == claimed.message_id
    assert again.tries == 2


def test_an_incident_is_open_once(store: Store) -> None:
    with store.atomic():
        assert store.incidents.open("plan http://a", "blocked", "521", NOW) is not None
        assert store.incidents.open("plan http://a", "error", "500", NOW) is None
        assert len(store.incidents.close("plan http://a", NOW)) == 1
        assert store.incidents.open("plan http://a", "error", "500", NOW) is not None


def test_trimming_keeps_every_byte_that_a_version_needs(store: Store) -> None:
    _, snapshot = add(store)
    row = store.sources.active()[0]
    with store.atomic():
        for number in range(9):
            store.snapshots.add(
                row.id, Fetched(row.url, row.url, 521, {}, f"wall {number}".encode(), NOW), "challenge", snapshot
            )
    assert store.snapshots.trim(3) == 6
    assert store.snapshots.get(snapshot).body
    assert store.verify() == []


def test_a_newer_schema_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    Store(path).close()
    db = sqlite3.connect(path)
    db.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('watcher', 'of_the_future', 'x')"
    )
    db.commit()
    db.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="更新版本"):
        Store(path)
    assert path.read_bytes() == before


def test_an_older_schema_is_upgraded_with_a_backup_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watcher.store import schema

    path = tmp_path / "w.db"
    Store(path).close()
    later = [
        *schema.migrations._migrations,
        Migrations._Migration("second", lambda db: db.execute("CREATE TABLE added (x)")),
    ]
    monkeypatch.setattr(schema.migrations, "_migrations", later)
    with Store(path) as store:
        assert store.db.table("added").exists()
    assert len(list(tmp_path.glob("w.db.before-upgrade-*"))) == 1


def test_a_failed_upgrade_leaves_the_old_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from watcher.store import schema

    path = tmp_path / "w.db"
    Store(path).close()
    bad = [
        *schema.migrations._migrations,
        Migrations._Migration("bad", lambda db: db.execute("CREATE TABLE half (x); SELECT nonsense")),
    ]
    monkeypatch.setattr(schema.migrations, "_migrations", bad)
    with pytest.raises((StoreError, sqlite3.Error)):
        Store(path)
    monkeypatch.undo()
    with Store(path) as store:
        assert not store.db.table("half").exists()


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE recipes (x)")
    db.close()
    with pytest.raises(StoreError, match="别的程序"):
        Store(path)
    (tmp_path / "text.db").write_text("no database at all, only words" * 50)
    with pytest.raises(StoreError):
        Store(tmp_path / "text.db")


def test_reading_needs_something_stored(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="watcher check"):
        Store(tmp_path / "none.db", read_only=True)


def test_a_backup_is_whole_and_a_bad_one_is_refused(store: Store, tmp_path: Path) -> None:
    add(store)
    copy = tmp_path / "copy.db"
    store.backup(copy)
    check_file(copy)
    add(store, "4", NOW + timedelta(days=1))
    store.close()
    broken = tmp_path / "broken.db"
    broken.write_bytes(copy.read_bytes()[:5000])
    with pytest.raises(StoreError):
        put_back(tmp_path / "w.db", broken)
    kept = put_back(tmp_path / "w.db", copy)
    assert kept is not None
    with Store(tmp_path / "w.db") as again, Store(kept) as old:
        assert len(again.versions.log("plan")) == 1
        assert len(old.versions.log("plan")) == 2


def test_a_read_only_store_cannot_write(store: Store, tmp_path: Path) -> None:
    add(store)
    with Store(tmp_path / "w.db", read_only=True) as other:
        assert other.versions.search("死亡率") == ["plan"]
        with pytest.raises(sqlite3.OperationalError):
            other.db.execute("DELETE FROM versions")


@settings(max_examples=60)
@given(st.binary(max_size=4000), st.binary(max_size=4000))
def test_what_is_packed_comes_back(data: bytes, base: bytes) -> None:
    assert codec.unpack(codec.pack(data)) == data
    assert codec.unpack(codec.pack(data, base), base) == data


_LINE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=30)


@settings(max_examples=60)
@given(st.lists(_LINE, min_size=1, max_size=8), st.data())
def test_indicators_keep_their_places(lines: list[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    found = []
    position = 0
    for _ in range(data.draw(st.integers(0, 5))):
        line = data.draw(st.integers(0, len(lines) - 1))
        base = sum(len(one) + 1 for one in lines[:line])
        start = base + data.draw(st.integers(0, len(lines[line])))
        end = data.draw(st.integers(start, base + len(lines[line])))
        position = start
        found.append(
            Indicator(
                "名",
                None,
                "%",
                2025,
                "target",
                "=",
                "1",
                text[start:end],
                None,
                "prose",
                "节",
                lines[line],
                position,
                end,
            )
        )
    assert codec.decode_indicators(codec.encode_indicators(found, text), text) == tuple(found)
