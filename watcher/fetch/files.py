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
        raise Refused(f"the address {url!r} is not a file: address of this machine", url=url)
    root = folder.resolve()
    try:
        path = (root / name).resolve(strict=True)
        if not path.is_relative_to(root):
            raise Refused(f"the file {name!r} is refused: it lies outside {root}", url=url)
        # What was resolved is opened without following links again; a pipe must not make us wait.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, RuntimeError) as error:
        said = getattr(error, "strerror", None) or "it links to itself"
        raise FetchError(f"the file {name!r} cannot be read: {said}", kind="file", url=url) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Refused(f"{name!r} is refused: it is not a regular file", url=url)
        with os.fdopen(os.dup(handle), "rb") as file:
            body = file.read(max_body + 1)
    except OSError as error:
        raise FetchError(f"the file {name!r} cannot be read: {error.strerror}", kind="file", url=url) from error
    finally:
        os.close(handle)
    if len(body) > max_body:
        raise FetchError(f"the file {name!r} is larger than max_body ({max_body} bytes)", kind="too-large", url=url)
    address = path.as_uri()
    return Fetched(url, address, 200, {"content-length": str(len(body))}, body, datetime.now(UTC))


def _decodable(text: str) -> bool:
    try:
        unquote(text, errors="strict")
    except UnicodeDecodeError:
        return False
    return True
