"""A reading in a process of its own: whatever a hostile file does to a library, time and memory end there.

The members look at the clock between pages and sheets, but a call into a C library cannot be interrupted. Who reads
files of strangers in a long-lived process calls ``isolated`` in place of ``member.blocks``; it costs about 0.3 s.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from watcher import drawers
from watcher.errors import FormatError
from watcher.formats import _limits, _run
from watcher.types import Block
from watcher.words import both

_CHILD = """
import sys
sys.path[:0] = sys.argv[1].split(sys.argv[2])
from watcher.formats import _isolate
_isolate.child(sys.argv[3], sys.argv[4], sys.argv[5])
"""


def isolated(
    member: str,
    body: bytes,
    *,
    name: str = "",
    seconds: float = _limits.ISOLATED_SECONDS,
) -> tuple[Block, ...]:
    """What ``watcher.formats.<member>.blocks`` gives, read in a child with limits in time and address space.

    Raises ``FormatError`` as the member does; ``timeout`` or ``damaged`` when the child was stopped or died.
    """
    import msgspec

    with tempfile.TemporaryDirectory(prefix="watcher-read-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        (folder / "body").write_bytes(body)
        paths = "\n".join(path for path in sys.path if path)
        printed = _run.run(
            [sys.executable, "-I", "-c", _CHILD, paths, "\n", member, "body", name],
            folder, seconds=seconds,
            memory=_limits.HELPER_MEMORY if member in _WITH_HELPERS else _limits.ISOLATED_MEMORY,
        )  # fmt: skip
    try:
        answer = msgspec.msgpack.decode(printed, type=tuple[str, str, tuple[Block, ...]])
    except msgspec.DecodeError:
        raise _limits.damaged(both("读取它的进程意外结束", "the process that read it died")) from None
    kind, message, blocks = answer
    if kind:
        raise FormatError(message, kind=kind)
    return blocks


_WITH_HELPERS = frozenset({"doc", "odf", "wps", "rtf", "zip"})


def child(member: str, file: str, name: str) -> None:
    """In the child: reads ``file`` and prints ``(error kind, message, blocks)`` as MessagePack."""
    import msgspec

    try:
        read = drawers.member("formats", member).blocks(Path(file).read_bytes(), name=name)
        answer: tuple[str, str, tuple[Block, ...]] = ("", "", read)
    except FormatError as error:
        answer = (error.kind, error.both, ())
    except MemoryError:
        answer = ("too-large", _limits.too_large(both("占用内存过多", "it needs too much memory")).both, ())
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
