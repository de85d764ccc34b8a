"""The rules that read a page, as a digest: what differs in it reads differently."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from watcher.settings import Selectors

ROOMS = ("decoding.py", "markup.py", "text.py", "lexicon", "portals", "formats", "read", "indicators")
"""What decides how bytes are read: a change in any of it is a change of rules."""


@cache
def code_rules() -> str:
    """A digest of everything that reads: code and data files. Another release of the same rules has the same digest."""
    home = Path(__file__).parent.parent
    total = blake2b(digest_size=8)
    for name in ROOMS:
        place = home / name
        files = [place] if place.is_file() else sorted(file for file in place.rglob("*") if file.is_file())
        for file in files:
            if "__pycache__" not in file.parts:
                total.update(file.relative_to(home).as_posix().encode())
                total.update(file.read_bytes())
    return total.hexdigest()


def rules_of(selectors: Selectors, chrome: frozenset[str]) -> str:
    """The rules that read one source: the code's, its selectors, and what the page itself taught."""
    if not chrome and selectors == Selectors():
        return code_rules()
    own = repr((selectors, sorted(chrome))).encode()
    return code_rules() + blake2b(own, digest_size=6).hexdigest()
