"""Rows of indicators that are moved by what is known of an edit are those that a look at all of them would have left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from tests.store.test_store import NOW, indicators, reading, sources
from watcher.store import NewVersion, Store
from watcher.store.content import Content
from watcher.store.identity import moved_rows
from watcher.types import Fetched, Indicator

(SOMETHING, *_) = indicators(reading())
SAID = st.builds(
    lambda name, value, year, nature, section: structs.replace(
        SOMETHING, name=name, key=name, value=value, text=value, year=year, nature=nature, section=section
    ),
    st.sampled_from("甲乙"),
    st.sampled_from("12"),
    st.sampled_from([None, 2025, "2021-2025"]),
    st.sampled_from([None, "约束性"]),
    st.sampled_from(["", "第一章"]),
)
VERSIONS = st.lists(st.tuples(st.sampled_from(["draft", "final"]), st.lists(SAID, max_size=5)), min_size=2, max_size=6)


def _rows(folder: Path, versions: list[tuple[str, list[Indicator]]], *, told: bool) -> list[tuple[object, ...]]:
    """What both addresses of a plan say in turn, one edition of it; ``told``: what moved is told with each version."""
    text = reading()
    last: dict[str, tuple[int, tuple[Indicator, ...]]] = {}
    with Store(folder / f"{told}.db") as store:
        store.sources.sync(sources(folder), NOW)
        for number, (address, said) in enumerate(versions):
            row = next(one for one in store.sources.active() if one.url.endswith(address))
            new = NewVersion(
                "plan", row.id, 0, "draft", "content", "r", NOW + timedelta(days=number), Content.of(text, tuple(said))
            )
            if told and address in last:
                before, known = last[address]
                new = replace(new, moved=(before, "", ""), rows=moved_rows(known, said))
            with store.atomic():
                page = Fetched(row.url, row.url, 200, {}, bytes([number]), NOW)
                version = store.versions.add(replace(new, snapshot_id=store.snapshots.add(row.id, page, "document")))
            last[address] = version, tuple(said)
        return store.db.execute("SELECT * FROM indicators ORDER BY id").fetchall()


@settings(max_examples=40, deadline=None)
@given(VERSIONS)
def test_what_moved_alone_leaves_the_rows_that_a_look_at_all_would(versions: list[tuple[str, list[Indicator]]]) -> None:
    with TemporaryDirectory() as folder:
        assert _rows(Path(folder), versions, told=True) == _rows(Path(folder), versions, told=False)
