"""robots.txt: what it says about an address, kept for a while (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

TTL = 12 * 3600.0
"""Seconds that a copy is used; RFC 9309 section 2.4 allows a day."""
MAX_BYTES = 512 * 1024
MAX_CRAWL_DELAY = 30.0
MAX_KEPT = 4096
_VERSION = re.compile(
    r"^([ \t]{0,20}user-agent[ \t]{0,20}:[ \t]{0,20}[^\s/#]{1,100})/[^\s#]{0,100}", re.IGNORECASE | re.MULTILINE
)
"""A group that names a version (watcher/1.0) means the product."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin's robots.txt says. ``parsed`` is None where nothing is forbidden to anybody."""

    parsed: Protego | None
    until: float
    crawl_delay: float = 0.0

    def allow(self, url: str, agent: str) -> bool:
        """May ``agent`` (a product token) ask ``url``?"""
        return self.parsed is None or bool(self.parsed.can_fetch(url, agent))


def rules(status: int, body: bytes, agent: str, until: float) -> Rules | None:
    """The rules that an answer means; None where it tells nothing (5xx: the site counts as closed, section 2.3.1.4).

    2xx is read (the first 512 KiB), 3xx that led nowhere and 4xx mean that there are no rules (2.3.1.2, 2.3.1.3).
    """
    if status >= 500:
        return None
    if not 200 <= status < 300:
        return Rules(None, until)
    text = _VERSION.sub(r"\1", _text(body[:MAX_BYTES]))
    lowered = text.lower()
    if "disallow" not in lowered and "crawl-delay" not in lowered:
        return Rules(None, until)
    parsed = Protego.parse(text)
    delay = parsed.crawl_delay(agent) or 0.0
    return Rules(parsed, until, min(max(0.0, float(delay)), MAX_CRAWL_DELAY))


def _text(body: bytes) -> str:
    """As section 2.2 wants it (UTF-8), and as editors on Windows save it: a byte-order mark is no part of the first line."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    return body.decode("utf-8-sig", "replace")


def product(user_agent: str) -> str:
    """The product token that robots.txt groups name: ``watcher`` of ``watcher/0.1 (…)``."""
    words = user_agent.split("/", 1)[0].split()
    return words[0] if words else "*"


class Kept:
    """Rules by origin, each until its time is up; the oldest go first when there are too many."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rules: dict[str, Rules] = {}

    def fresh(self, origin: str) -> Rules | None:
        """The rules of an origin while they are good."""
        found = self._rules.get(origin)
        return found if found is not None and found.until > self._clock() else None

    def stale(self, origin: str) -> Rules | None:
        """The rules of an origin however old: a copy may be used while the file cannot be had (section 2.4)."""
        return self._rules.get(origin)

    def keep(self, origin: str, found: Rules) -> None:
        """Remembers."""
        self._rules.pop(origin, None)
        self._rules[origin] = found
        while len(self._rules) > MAX_KEPT:
            del self._rules[next(iter(self._rules))]
