"""Open incidents as the page lists them: pages of one site that fail alike are one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from watcher.alert import sites

LOOKED = 300
"""Newest open incidents that are looked at for what belongs together."""


def by_site(rows: Sequence[Mapping[str, Any]], limit: int) -> list[dict[str, Any]]:
    """At most ``limit`` lines of incidents (``kind``, ``url`` …), each the newest of its kind; ``pages`` and ``site`` where it stands for several."""
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in rows:
        site, named = sites.site_of(row["url"] or ""), sites.group(row["kind"])
        key = (site, named) if site and named else (row["id"],)
        line = found.setdefault(key, {**row, "site": site, "pages": 0})
        line["pages"] += 1
    return list(found.values())[:limit]
