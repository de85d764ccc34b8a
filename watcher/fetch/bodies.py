"""Content codings taken off under a cap: gzip, deflate, br, zstd, also one over another. No I/O.

The output never grows past ``limit``, whatever a bomb promises: every decoder is asked for a bounded piece at a time.
zlib-ng stands in for the standard library's zlib: it unpacks a page in half the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import brotli
from zlib_ng import zlib_ng as zlib

from watcher import zstd
from watcher.errors import FetchError
from watcher.words import both

ACCEPT = "gzip, deflate, br, zstd"
MAX_CODINGS = 3
MAX_MEMBERS = 1024
INLINE = 4 * 1024 * 1024
"""Bytes of output that are unpacked without leaving the loop (some 15 ms)."""
PIECE = 1024 * 1024
"""Bytes asked of a decoder at a time."""
_WINDOW: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
"""What a sender may make us keep of what came before: 8 MiB, as RFC 9659 has it."""
_DAMAGED: tuple[type[Exception], ...] = (
    zlib.error,  # type: ignore[assignment]  # its stub calls the class an instance
    brotli.error,
    zstd.ZstdError,
    EOFError,
)


def codings(header: str) -> tuple[str, ...]:
    """The codings of a Content-Encoding header in the order to take them off. Raises ``FetchError`` for unknown ones."""
    names = tuple(reversed([name for part in header.lower().split(",") if (name := part.strip())]))
    names = tuple(name for name in names if name != "identity")
    if len(names) > MAX_CODINGS:
        raise FetchError(
            both(f"内容被压缩了 {len(names)} 层", f"the body is packed {len(names)} times over"), kind="protocol"
        )
    for name in names:
        if name not in _DECODERS:
            raise FetchError(
                both(
                    f"内容用没有请求过的方式压缩：{name[:40]!r}",
                    f"the body is packed as {name[:40]!r}, which nobody asked for",
                ),
                kind="protocol",
            )
    return names


def unpack(body: bytes, header: str, limit: int) -> bytes:
    """The entity without its content codings, at most ``limit`` bytes.

    A body that does not begin as its coding does is taken as it is: servers exist that set the header and forget to pack.
    Raises ``FetchError``: ``too-large`` past the limit, ``protocol`` (transient) for a torn or damaged body.
    """
    for name in codings(header):
        if not body:
            return body
        begins, pieces = _DECODERS[name]
        if not begins(body):
            continue
        whole: list[bytes] = []
        size = 0
        try:
            for piece in pieces(body, limit):
                size += len(piece)
                if size > limit:
                    raise FetchError(
                        both(f"解压后超过 {limit} 字节", f"the unpacked body is larger than {limit} bytes"),
                        kind="too-large",
                    )
                whole.append(piece)
        except _DAMAGED as error:
            raise FetchError(
                both(f"{name} 压缩的内容已损坏或不完整", f"the {name} body is damaged or torn"),
                kind="protocol",
                transient=True,
            ) from error
        body = whole[0] if len(whole) == 1 else b"".join(whole)
    return body


def _gzip(body: bytes, limit: int) -> Iterator[bytes]:
    yield from _zlib(body, limit, 31)


def _deflate(body: bytes, limit: int) -> Iterator[bytes]:
    """RFC 9110 says zlib; many servers send raw deflate. The two-byte zlib header tells them apart."""
    wrapped = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    yield from _zlib(body, limit, 15 if wrapped else -15)


def _zlib(body: bytes, limit: int, window: int) -> Iterator[bytes]:
    rest = body
    for _ in range(MAX_MEMBERS):
        decoder = zlib.decompressobj(window)
        yield decoder.decompress(rest, min(PIECE, limit + 1))
        while not decoder.eof:
            # Input may all be read while output still waits inside: an empty piece then means that the body is torn.
            piece = decoder.decompress(decoder.unconsumed_tail, PIECE)
            if not piece and not decoder.eof:
                raise EOFError
            yield piece
        rest = decoder.unused_data
        # Several members may follow one another; anything else behind the last one is padding.
        if window != 31 or rest[:2] != b"\x1f\x8b":
            return
    raise EOFError


def _brotli(body: bytes, limit: int) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    bound = min(PIECE, limit + 1)
    yield decoder.process(body, output_buffer_limit=bound)
    while not decoder.is_finished():
        if decoder.can_accept_more_data():
            raise EOFError
        yield decoder.process(b"", output_buffer_limit=bound)


def _zstd(body: bytes, limit: int) -> Iterator[bytes]:
    rest = body
    for _ in range(MAX_MEMBERS):
        decoder = zstd.ZstdDecompressor(options=_WINDOW)
        yield decoder.decompress(rest, min(PIECE, limit + 1))
        while not decoder.eof:
            if decoder.needs_input:
                raise EOFError
            yield decoder.decompress(b"", PIECE)
        rest = decoder.unused_data
        if not rest:
            return
    raise EOFError


def _begins_gzip(body: bytes) -> bool:
    return body[:2] == b"\x1f\x8b"


def _begins_text(body: bytes) -> bool:
    """Mark-up in the clear, where the header promised something packed."""
    head = body[:64].lstrip()
    return head[:1] == b"<" or head[:4] == b"\xef\xbb\xbf<"


def _begins_packed(body: bytes) -> bool:
    return not _begins_text(body)


def _begins_zstd(body: bytes) -> bool:
    return body.startswith(zstd.MAGIC)


_DECODERS: dict[str, tuple[Any, Any]] = {
    "gzip": (_begins_gzip, _gzip),
    "x-gzip": (_begins_gzip, _gzip),
    "deflate": (_begins_packed, _deflate),
    "br": (_begins_packed, _brotli),
    "zstd": (_begins_zstd, _zstd),
}
