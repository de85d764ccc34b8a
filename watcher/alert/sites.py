"""When several pages of one site fail together, which is one thing to tell. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

AWAY: Final = "away"
_GROUPS: Final[dict[str, str]] = {
    "unreachable": AWAY,
    "blocked": AWAY,
    "error": AWAY,
    "login": AWAY,
    "gone": "gone",
    "empty": "empty",
    "degraded": "degraded",
    "configuration": "configuration",
}
"""Kinds that a whole site can have at once. A dead site times out on one page and gives a gateway's error on the next: one group."""
_VERDICTS: Final[dict[str, tuple[str, ...]]] = {
    AWAY: ("unreachable", "challenge", "error", "login"),
    "gone": ("gone",),
    "empty": ("empty",),
}
"""Last verdicts of pages that fail in the way of a group, whether or not their incident is open yet."""


@dataclass(frozen=True, slots=True)
class SitePage:
    """One watched page or column of a site."""

    source_id: int
    kind: str
    name: str
    document_id: str | None
    column_id: str | None
    title: str
    out: bool
    """It fails in the way that is asked for."""
    told: bool
    """Its incident of such a kind is open."""
    well: bool
    """Its last check was good."""
    checked_at: str | None


def group(kind: str) -> str | None:
    """What a kind of incident is counted with over a site; None for what is a page's own affair."""
    return _GROUPS.get(kind)


def site_of(url: str) -> str:
    """The site of an address: its host, with the port where one is named; ``""`` for a file."""
    return urlsplit(url).netloc


def members(named: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of incident and the last verdicts of a group."""
    return tuple(kind for kind, one in _GROUPS.items() if one == named), _VERDICTS.get(named, ())


def is_out(pages: list[SitePage]) -> bool:
    """Whether the site fails and not only a page of it: two at least, and more of them than were read well meanwhile."""
    out = [page for page in pages if page.out]
    if len(out) < 2:
        return False
    since = min(page.checked_at or "" for page in out)
    return len(out) > sum(page.well and (page.checked_at or "") >= since for page in pages)
