"""Items that a list announces a second time under another address: its documents have moved, they are no new ones. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from watcher.text import squeeze
from watcher.types import Item

_MOST = 3
"""Titles that come back under new addresses at once: then the site has moved, and their days may be printed otherwise, too."""


def moves(fresh: Sequence[Item], shown: Sequence[Item], known: Sequence[Mapping[str, str | None]]) -> dict[str, str]:
    """New address -> old address of the ``fresh`` items that are ``known`` ones under another address.

    Such an item has the title and the day of exactly one known item that is not among the ``shown`` ones, though these go back behind that day.
    Where a site has moved, so that most of what is fresh comes back by its title, the title is enough.
    """
    there = {item.url for item in shown}
    reached = min((item.date for item in shown if item.date), default="")
    before: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for one in known:
        if one["url"] not in there:
            before[squeeze(one["title"] or "")].append((one["url"] or "", one["date"]))
    twins = {item.url: before.get(squeeze(item.title), []) for item in fresh}
    back = sum(len(found) == 1 for found in twins.values())
    moved = back >= _MOST and 2 * back > len(fresh)
    found: dict[str, str] = {}
    for item in fresh:
        same = [url for url, day in twins[item.url] if moved or (day is not None and reached < day == item.date)]
        if len(same) == 1 and same[0] not in found.values():
            found[item.url] = same[0]
    return found
