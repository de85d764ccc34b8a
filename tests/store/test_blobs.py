"""Bytes by content: pages of a host share what they have in common, and come back whole."""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.errors import StoreError
from watcher.store import Store
from watcher.store.blobs import KEYS, BlobTable
from watcher.store.content import Content
from watcher.store.database import MEMORY

_RARE = [chr(code) for code in range(0x4E00, 0x9F00)]


def words(dice: random.Random, count: int) -> str:
    """Characters that nothing else has in common with."""
    return "".join(dice.choice(_RARE) for _ in range(count))


class Site:
    """Pages of one template: a head and a foot of their own, a text that differs with every page."""

    def __init__(self, name: str) -> None:
        dice = random.Random(name)
        self.head = "".join(f"<li><a href=/{dice.randrange(10**9)}.html>{words(dice, 9)}</a>" for _ in range(200))

    def page(self, number: int, *, edit: int = 0, charset: str = "utf-8") -> tuple[bytes, bytes]:
        """A page, and what a version says that is made of it."""
        dice = random.Random(number)
        text = "\n".join(words(dice, 80) for _ in range(20)) + f"到2025年达到{edit}%"
        paragraphs = "".join(f"<p class=a>{line}</p>" for line in text.split("\n"))
        page = f"<!doctype html><title>{number}</title>{self.head}<div id=zoom>{paragraphs}</div>"
        return page.encode(charset, "replace"), f'{{"text":"{text}"}}\n[]'.encode()


@pytest.fixture
def blobs() -> Iterator[BlobTable]:
    with Store(MEMORY) as store:
        yield BlobTable(store.db)


def cost(blobs: BlobTable, blob_id: int) -> int:
    (size,) = blobs.db.execute("SELECT length(data) FROM blobs WHERE id = ?", [blob_id]).fetchone()
    return int(size)


def against(blobs: BlobTable, blob_id: int) -> tuple[int | None, int | None]:
    row = blobs.db.execute("SELECT base_id, text_id FROM blobs WHERE id = ?", [blob_id]).fetchone()
    return row[0], row[1]


def put(blobs: BlobTable, page: tuple[bytes, bytes], host: str = "a.example", near: int | None = None) -> int:
    return blobs.add(page[0], near=near, host=host, content=Content.stored(page[1]))


def flip(blobs: BlobTable, blob_id: int) -> None:
    (data,) = blobs.db.execute("SELECT data FROM blobs WHERE id = ?", [blob_id]).fetchone()
    at = len(data) // 2
    flipped = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
    blobs.db.execute("UPDATE blobs SET data = ? WHERE id = ?", [flipped, blob_id])


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_a_second_page_of_a_host_costs_little_more_than_its_mark_up(blobs: BlobTable, charset: str) -> None:
    site = Site("a")
    first, second = (site.page(number, charset=charset) for number in (1, 2))
    key, other = put(blobs, first), put(blobs, second)
    assert against(blobs, key) == (None, None)
    base, text = against(blobs, other)
    assert base == key
    assert text is not None
    assert blobs.get(text) == second[1]
    assert cost(blobs, other) * 8 < cost(blobs, key)
    assert (blobs.get(key), blobs.get(other)) == (first[0], second[0])


def test_hosts_share_nothing(blobs: BlobTable) -> None:
    site = Site("a")
    put(blobs, site.page(1))
    elsewhere = put(blobs, site.page(2), host="b.example")
    assert against(blobs, elsewhere) == (None, None)


def test_a_redesigned_site_gets_a_new_key_page(blobs: BlobTable) -> None:
    before, after = Site("before"), Site("after")
    put(blobs, before.page(1))
    put(blobs, before.page(2))
    fresh = put(blobs, after.page(3))
    assert against(blobs, fresh) == (None, None)
    assert against(blobs, put(blobs, after.page(4)))[0] == fresh
    old = put(blobs, before.page(5))
    assert against(blobs, old)[0] == 1
    assert blobs.get(old) == before.page(5)[0]


def test_a_host_of_many_templates_keeps_a_few_key_pages(blobs: BlobTable) -> None:
    for number in range(KEYS + 3):
        put(blobs, Site(f"template {number}").page(number))
    (keys,) = blobs.db.execute("SELECT count(*) FROM page_keys").fetchone()
    assert keys == KEYS


def test_later_forms_stand_against_the_first_whatever_the_history(blobs: BlobTable) -> None:
    site = Site("a")
    put(blobs, site.page(1))
    forms = [put(blobs, site.page(2))]
    for edit in range(1, 6):
        forms.append(put(blobs, site.page(2, edit=edit), near=forms[-1]))
    assert {against(blobs, one) for one in forms[1:]} == {(forms[0], None)}
    assert max(cost(blobs, one) for one in forms[1:]) < 200
    fresh = BlobTable(blobs.db)
    assert [fresh.get(one) for one in forms] == [site.page(2, edit=edit)[0] for edit in range(6)]


def test_a_page_that_was_made_anew_stands_against_the_host_again(blobs: BlobTable) -> None:
    before, after = Site("before"), Site("after")
    put(blobs, before.page(1))
    first = put(blobs, before.page(2))
    key = put(blobs, after.page(3))
    again = put(blobs, after.page(2, edit=1), near=first)
    assert against(blobs, again)[0] == key
    later = put(blobs, after.page(2, edit=2), near=again)
    assert against(blobs, later) == (again, None)
    assert BlobTable(blobs.db).get(later) == after.page(2, edit=2)[0]


def test_what_is_no_page_is_no_key_page(blobs: BlobTable) -> None:
    dice = random.Random(1)
    blobs.add(b"%PDF-1.7 " + dice.randbytes(4000), host="a.example", content=Content.stored(b"{}\n[]"))
    text = words(dice, 3000)
    plain = blobs.add(text.encode(), host="a.example", content=Content.stored(f'{{"text":"{text}"}}\n[]'.encode()))
    assert against(blobs, plain)[0] is None
    assert cost(blobs, plain) < 200
    assert blobs.db.execute("SELECT count(*) FROM page_keys").fetchone() == (0,)
    assert blobs.get(plain) == text.encode()


def test_a_flipped_byte_of_a_key_page_is_found_with_all_that_stands_against_it(blobs: BlobTable) -> None:
    site = Site("a")
    key, other = put(blobs, site.page(1)), put(blobs, site.page(2))
    edit = put(blobs, site.page(2, edit=1), near=other)
    elsewhere = put(blobs, Site("b").page(3), host="b.example")
    assert BlobTable(blobs.db).verify() == []
    flip(blobs, key)
    damaged = {blob_id for blob_id, _ in BlobTable(blobs.db).verify()}
    assert {key, other, edit} <= damaged
    assert elsewhere not in damaged
    with pytest.raises(StoreError, match="库中"):
        BlobTable(blobs.db).get(edit)


def test_a_flipped_byte_of_a_page_or_a_reading_is_found(blobs: BlobTable) -> None:
    site = Site("a")
    put(blobs, site.page(1))
    other = put(blobs, site.page(2))
    _, text = against(blobs, other)
    assert text is not None
    flip(blobs, text)
    assert {one for one, _ in BlobTable(blobs.db).verify()} == {text, other}


def test_sweeping_drops_chains_and_keeps_what_others_stand_against(tmp_path: Path) -> None:
    with Store(tmp_path / "w.db") as store:
        blobs, site = store.snapshots.blobs, Site("a")
        key, other = put(blobs, site.page(1)), put(blobs, site.page(2))
        put(blobs, site.page(2, edit=1), near=other)
        blobs.sweep()
        # Nothing needs any of them; the key page stays for the pages to come.
        assert store.db.execute("SELECT id FROM blobs").fetchall() == [(key,)]
        again = put(blobs, site.page(4))
        assert against(blobs, again)[0] == key
        assert blobs.get(again) == site.page(4)[0]


def test_a_row_that_was_rolled_back_is_not_remembered(tmp_path: Path) -> None:
    with Store(tmp_path / "w.db") as store:
        blobs = store.snapshots.blobs
        one, other = Site("a").page(1), Site("b").page(2)
        try:
            with store.atomic():
                blobs.kept(put(blobs, one))
                raise RuntimeError
        except RuntimeError:
            pass
        with store.atomic():
            blob_id = put(blobs, other)
        assert blobs.kept(blob_id) == other[0]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=300), st.text(max_size=80), st.booleans()), min_size=1, max_size=6))
def test_whatever_is_kept_comes_back(pages: list[tuple[bytes, str, bool]]) -> None:
    with Store(MEMORY) as store:
        blobs = BlobTable(store.db)
        near = None
        kept: list[tuple[int, bytes]] = []
        for body, text, page in pages:
            whole = b"<html>" + body * 20 if page else body
            content = text.encode("utf-8", "replace")
            near = blobs.add(whole, near=near, host="a.example", content=Content.stored(content))
            kept.append((near, whole))
        fresh = BlobTable(store.db)
        assert [fresh.get(blob_id) for blob_id, _ in kept] == [body for _, body in kept]


def test_addresses_of_the_first_release_still_say_whether_bytes_are_whole() -> None:
    """They were made with another hash: nothing is written anew for that, and damage under them is found as ever."""
    with Store(MEMORY) as store:
        table = BlobTable(store.db)
        with store.atomic():
            whole, damaged = table.add(b"<html>1</html>"), table.add(b"<html>2</html>")
            first = blake2b(b"<html>1</html>", digest_size=20).digest()
            store.db.execute("UPDATE blobs SET digest = ? WHERE id = ?", [first, whole])
            other = blake2b(b"<html>3</html>", digest_size=20).digest()
            store.db.execute("UPDATE blobs SET digest = ? WHERE id = ?", [other, damaged])
        assert table.get(whole) == b"<html>1</html>"
        assert [blob_id for blob_id, _ in table.verify()] == [damaged]
