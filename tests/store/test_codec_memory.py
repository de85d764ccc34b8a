"""A small blob takes little memory, however much it stands for."""

from __future__ import annotations

import random
import tracemalloc

from watcher.store import codec


def test_what_is_packed_takes_no_more_room_than_its_bytes() -> None:
    page = random.Random(1).randbytes(60_000)
    others = [page[:30_000] + number.to_bytes(4) + page[30_000:] for number in range(20)]
    codec.pack(page, page)
    tracemalloc.start()
    try:
        kept = [codec.pack(other, page, fine=True) for other in others] + [codec.pack(bytes(60_000)) for _ in range(20)]
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 40_000, (held, sum(map(len, kept)))
    assert [codec.unpack(blob, page) for blob in kept[:20]] == others
