"""The decisive part of a page as the store keeps it: enough to know an unchanged page without parsing it."""

from __future__ import annotations

import msgspec

from watcher.read.decisive import Decisive, same
from watcher.types import Fetched


class _Kept(msgspec.Struct, array_like=True):
    content_type: str
    decisive: Decisive


_decoder = msgspec.msgpack.Decoder(_Kept)


def hint_of(fetched: Fetched, found: Decisive | None) -> bytes | None:
    """What to look at next time; None where only a full read can tell."""
    content_type = fetched.headers.get("content-type", "")
    return None if found is None else msgspec.msgpack.encode(_Kept(content_type, found))


def still(hint: bytes | None, fetched: Fetched) -> bool:
    """Whether the decisive part stands as it stood."""
    if hint is None:
        return False
    try:
        kept = _decoder.decode(hint)
    except msgspec.MsgspecError:
        return False  # written by an older release, in another form
    return kept.content_type == fetched.headers.get("content-type", "") and same(fetched.body, kept.decisive)
