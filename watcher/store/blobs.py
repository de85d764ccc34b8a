"""Bytes by content, each stored once and compressed against what it resembles.

A new page is written against two texts: a **key page** of its host (another page with the same head, menu and foot) and
the reading that was made of it, so that what remains is little more than its own mark-up. A later form of the page is
written against its first one. Key pages and readings stand for themselves; so bytes come back by at most three
decompressions, whatever the history: edit → first form → key page and reading.
"""

from __future__ import annotations

from codecs import utf_8_decode
from dataclasses import dataclass

from sqlite_utils import Database

from watcher.errors import NotFound, StoreError
from watcher.store import codec
from watcher.store.content import Content
from watcher.store.recent import Recent
from watcher.words import both

KEYS = 3
"""Key pages that a host may have at a time: sites have a few templates, and redesign them."""
GOOD = 0.5
"""A page written against a key page that saves less than this share of it is tried against the next."""
WORTH = 0.7
"""Bytes that keep more than this share of what they cost alone stand for themselves."""
CLOSE = 8
"""A form that costs less than this part of its page is taken at once, without trying anything else."""
HEAD = 16 * 1024
"""Bytes by which it is told how a page is encoded, unless they are the same in every encoding."""
KEYS_HELD = 5 * 512 * 1024
"""Bytes of key pages that are remembered: some twenty-five; as many as hosts are asked at a time would be a few more, and memory is dear."""
READINGS_HELD = 3 * 512 * 1024
"""Bytes of readings that are remembered, from a visit until its edit is told."""
_HELD_ONE = 512 * 1024


@dataclass(frozen=True, slots=True)
class _Written:
    """The compressed bytes of a new page, and what they stand against."""

    data: bytes
    key: int | None = None
    words: bool = False
    charset: str | None = None
    is_key: bool = False


class BlobTable:
    """The ``blobs`` and ``page_keys`` tables."""

    def __init__(self, db: Database) -> None:
        self.db = db
        # By content address, so that a row that was rolled back or dropped can do no harm. Apart, or the readings of many hosts would
        # push out the key page of each before its next page comes.
        self._keys_recent: Recent[bytes] = Recent(KEYS_HELD, _HELD_ONE, in_turn=True)
        self._readings_recent: Recent[bytes] = Recent(READINGS_HELD, _HELD_ONE)
        self._paired: tuple[Content, int] | None = None

    def add(
        self,
        body: bytes,
        *,
        near: int | None = None,
        host: str | None = None,
        content: Content | None = None,
        address: bytes | None = None,
    ) -> int:
        """Keeps bytes and returns their row. Call inside a transaction.

        ``near`` is a blob that they may resemble; ``host`` and ``content`` are those of a page that became a version, ``address`` the content address where it is at hand.
        """
        address = address or codec.digest(body)
        known = self.find(address)
        if known is not None:
            return known
        delta = b""
        base_id, base = self._form(near)
        if base:
            delta = codec.pack(body, base, fine=True, closely=True)
            if len(delta) * CLOSE < len(base):
                return self._insert(address, len(body), delta, base_id)
        if content is not None:
            return self._add_page(address, body, host, content)
        full = codec.pack(body)
        if base and len(delta) < len(full) * WORTH:
            return self._insert(address, len(body), delta, base_id)
        return self._insert(address, len(body), full)

    def add_content(self, content: Content) -> int:
        """Keeps what a version says, which stands for itself. Call inside a transaction."""
        known = self.find(content.address)
        return self._insert(content.address, len(content.encoded), content.packed) if known is None else known

    def paired(self, content: Content) -> int | None:
        """The row of what the page says that was written last, where it is this (the very object): its version is written next."""
        last, self._paired = self._paired, None
        return last[1] if last is not None and last[0] is content else None

    def forget(self) -> None:
        """Drops what a transaction wrote that was rolled back."""
        self._paired = None

    def find(self, address: bytes) -> int | None:
        """The row of bytes with this content address."""
        row = self.db.execute(
            "SELECT id FROM blobs WHERE substr(digest, 1, 6) = ? AND digest = ?", [address[:6], address]
        ).fetchone()
        return None if row is None else int(row[0])

    def address(self, blob_id: int) -> bytes:
        """The content address of a row. Raises ``NotFound``."""
        row = self.db.execute("SELECT digest FROM blobs WHERE id = ?", [blob_id]).fetchone()
        if row is None:
            raise NotFound(both(f"库中没有字节 {blob_id}", f"no stored bytes {blob_id}"))
        return bytes(row[0])

    def _insert(
        self, address: bytes, size: int, data: bytes, base: int | None = None, text: int | None = None, charset: str | None = None
    ) -> int:  # fmt: skip
        cursor = self.db.execute(
            "INSERT INTO blobs (digest, size, base_id, text_id, charset, data) VALUES (?, ?, ?, ?, ?, ?)",
            [address, size, base, text, charset, data],
        )
        return int(cursor.lastrowid or 0)

    def _form(self, near: int | None) -> tuple[int | None, bytes]:
        """The first form of a page that an earlier blob is, or is written against: its row and its bytes."""
        if near is None:
            return None, b""
        row = self.db.execute("SELECT base_id, text_id FROM blobs WHERE id = ?", [near]).fetchone()
        if row is None:
            return None, b""
        first = near if row[1] is not None or row[0] is None else int(row[0])
        return first, self._base(first)

    def _add_page(self, address: bytes, body: bytes, host: str | None, content: Content) -> int:
        made = self._written(body, host, content.encoded)
        text_id = self.add_content(content) if made.words else None
        self._paired = None if text_id is None else (content, text_id)
        blob_id = self._insert(address, len(body), made.data, made.key, text_id, made.charset)
        if made.is_key and host is not None:
            self._make_key(host, blob_id)
        return blob_id

    def rewrite(self, blob_id: int, host: str, content: Content) -> None:
        """Writes a page that stands for itself as ``add`` would write it today. Call inside a transaction."""
        row = self.db.execute("SELECT base_id, text_id FROM blobs WHERE id = ?", [blob_id]).fetchone()
        key = self.db.execute("SELECT 1 FROM page_keys WHERE blob_id = ?", [blob_id]).fetchone()
        if row != (None, None) or key is not None:
            return
        made = self._written(self.get(blob_id), host, content.encoded)
        if made.is_key:
            self._make_key(host, blob_id)
        elif made.words:
            self.db.execute(
                "UPDATE blobs SET base_id = ?, text_id = ?, charset = ?, data = ? WHERE id = ?",
                [made.key, self.add_content(content), made.charset, made.data, blob_id],
            )

    def _written(self, body: bytes, host: str | None, content: bytes) -> _Written:
        """How a new page is written; reads only."""
        charset = None if _is_utf8(body) else "gbk"
        words = _words(content, charset)
        if host is None or not _is_markup(body):
            full, best = codec.pack(body), codec.pack(body, words)
            if len(best) < len(full) * WORTH:
                return _Written(best, None, words=True, charset=charset)
            return _Written(full)
        found: list[_Written] = []
        for key_id, size, stored in self._keys(host):
            one = _Written(codec.pack(body, self._base(key_id) + words), key_id, words=True, charset=charset)
            if len(one.data) * size <= GOOD * stored * len(body):
                return one
            found.append(one)
        full = codec.pack(body)
        best_one = min(found, key=lambda one: len(one.data), default=None)
        if best_one is not None and len(best_one.data) < len(full) * GOOD:
            return best_one
        return _Written(full, is_key=True)

    def _keys(self, host: str) -> list[tuple[int, int, int]]:
        """Key pages of a host, the newest first: row, bytes, what they cost."""
        return self.db.execute(
            "SELECT b.id, b.size, length(b.data) FROM page_keys k CROSS JOIN blobs b ON b.id = k.blob_id WHERE k.host = ? "
            "ORDER BY k.blob_id DESC",
            [host],
        ).fetchall()

    def _make_key(self, host: str, blob_id: int) -> None:
        self.db.execute("INSERT INTO page_keys (host, blob_id) VALUES (?, ?)", [host, blob_id])
        self.db.execute(
            "DELETE FROM page_keys WHERE host = ? AND blob_id NOT IN "
            "(SELECT blob_id FROM page_keys WHERE host = ? ORDER BY blob_id DESC LIMIT ?)",
            [host, host, KEYS],
        )

    def get(self, blob_id: int) -> bytes:
        """Bytes. Raises ``StoreError`` when they, or what they are written against, are damaged, ``NotFound`` without them."""
        return self._get(blob_id)[1]

    def kept(self, blob_id: int) -> bytes:
        """``get`` of a reading: what was asked for lately is remembered."""
        return self._recalled(blob_id, self._readings_recent)

    def _base(self, blob_id: int) -> bytes:
        """What a page is written against: a key page, which is remembered, or its first form, which is nobody else's neighbour:
        remembering it would only push out what is.
        """
        return self._recalled(blob_id, self._keys_recent)

    def _recalled(self, blob_id: int, recent: Recent[bytes]) -> bytes:
        row = self.db.execute(
            "SELECT digest, base_id IS NULL AND text_id IS NULL FROM blobs WHERE id = ?", [blob_id]
        ).fetchone()
        if row is not None and (known := recent.get(row[0])) is not None:
            return known
        address, data = self._get(blob_id)
        if row is not None and row[1]:
            recent.add(address, data)
        return data

    def _get(self, blob_id: int) -> tuple[bytes, bytes]:
        row = self.db.execute(
            "SELECT digest, base_id, text_id, charset, data FROM blobs WHERE id = ?", [blob_id]
        ).fetchone()
        if row is None:
            raise NotFound(f"no stored bytes {blob_id}")
        address, base_id, text_id, charset, packed = row
        near = b"" if base_id is None else self._base(base_id)
        if text_id is not None:
            near += _words(self.kept(text_id), charset)
        data = codec.unpack(packed, near)
        if not codec.is_at(data, address):
            raise StoreError(
                both(
                    f"库中字节 {blob_id} 与内容地址不符；请运行 watcher verify",
                    f"stored bytes {blob_id} do not match their content address; run `watcher verify`",
                )
            )
        return address, data

    def verify(self) -> list[tuple[int, str]]:
        """Checks every blob against its content address; row and trouble of each that is damaged.

        Bytes that are whole themselves but written against damaged ones are damaged too: nothing brings them back.
        """
        bad: list[tuple[int, str]] = []
        last = 0
        while rows := self.db.execute("SELECT id FROM blobs WHERE id > ? ORDER BY id LIMIT 500", [last]).fetchall():
            for (blob_id,) in rows:
                try:
                    self.get(blob_id)
                except StoreError as error:
                    bad.append((blob_id, error.both))
            last = rows[-1][0]
        return bad

    def sweep(self) -> None:
        """Drops what no snapshot, no version and no other bytes need. Call inside a transaction."""
        while (
            self.db.execute(
                "DELETE FROM blobs WHERE id NOT IN (SELECT blob_id FROM snapshots) AND id NOT IN (SELECT content_id FROM versions) "
                "AND id NOT IN (SELECT base_id FROM blobs WHERE base_id IS NOT NULL) "
                "AND id NOT IN (SELECT text_id FROM blobs WHERE text_id IS NOT NULL) AND id NOT IN (SELECT blob_id FROM page_keys)"
            ).rowcount
            > 0
        ):
            pass  # what the dropped ones were written against may be free now


def _words(content: bytes, charset: str | None) -> bytes:
    """A reading in the bytes of its page, so that the two have them in common."""
    return content if charset is None else content.decode().encode(charset, "ignore")


def _is_utf8(body: bytes) -> bool:
    """As far as what comes first tells: another answer would cost some bytes, no more."""
    head = body[:HEAD]
    try:
        utf_8_decode(body if head.isascii() else head, "strict", False)
    except UnicodeDecodeError:
        return False
    return True


def _is_markup(body: bytes) -> bool:
    return body[:256].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"
