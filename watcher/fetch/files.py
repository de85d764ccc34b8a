"""``file:`` sources: regular files inside the folder of sources.yaml, and nothing else on the disk.

Only sources.yaml may name a file; the gate refuses the scheme in every spelling, so no page, redirect or web form can.
"""

from __future__ import annotations

import os
import re
import stat
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from watcher.errors import FetchError, Refused
from watcher.types import Fetched
from watcher.words import both, system, told

_FILE = re.compile(r"(?i)file:(?://(?:localhost)?(?=/))?([^?#]*)\Z")


def read_file(url: str, folder: Path, max_body: int) -> Fetched:
    """The file that ``url`` names: absolute (``file:///…``, ``file:/…``) or relative to ``folder`` (``file:seeds/a.txt``).

    Links are followed, but where they end must lie in ``folder``; sockets, pipes, devices and folders are refused.
    Raises ``Refused`` outside the folder, ``FetchError`` ``too-large`` over ``max_body`` bytes or ``file`` when it cannot
    be read.
    """
    match = _FILE.match(url)
    name = unquote(match[1], errors="strict") if match and _decodable(match[1]) else ""
    if not name or "\x00" in name or name.startswith("//"):
        raise Refused(
            both(f"{url!r} 不是本机的 file: 地址", f"the address {url!r} is not a file: address of this machine"),
            url=url,
        )
    root = folder.resolve()
    try:
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root):
            raise Refused(
                both(
                    f"文件 {name!r} 不能读：它在 {root} 之外", f"the file {name!r} is refused: it lies outside {root}"
                ),
                url=url,
            )
        # What was resolved is opened without following links again; a pipe must not make us wait.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, RuntimeError) as error:
        raise _unreadable(name, error, url) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Refused(
                both(f"{name!r} 不能读：不是普通文件", f"{name!r} is refused: it is not a regular file"), url=url
            )
        with os.fdopen(os.dup(handle), "rb") as file:
            body = file.read(max_body + 1)
    except OSError as error:
        raise _unreadable(name, error, url) from error
    finally:
        os.close(handle)
    if len(body) > max_body:
        raise FetchError(
            both(
                f"文件 {name!r} 超过 max_body（{max_body} 字节）",
                f"the file {name!r} is larger than max_body ({max_body} bytes)",
            ),
            kind="too-large",
            url=url,
        )
    address = path.as_uri()
    return Fetched(url, address, 200, {"content-length": str(len(body))}, body, datetime.now(UTC))


def _unreadable(name: str, error: OSError | RuntimeError, url: str) -> FetchError:
    """Why a file cannot be read; ``RuntimeError`` is what ``pathlib`` raises for a link that leads to itself."""
    said = system(error) if isinstance(error, OSError) else both("它链接到自己", "it links to itself")
    return FetchError(
        both(f"文件 {name!r} 读不出：{told(said, 'zh')}", f"the file {name!r} cannot be read: {told(said, 'en')}"),
        kind="file",
        url=url,
    )


def _decodable(text: str) -> bool:
    try:
        unquote(text, errors="strict")
    except UnicodeDecodeError:
        return False
    return True
