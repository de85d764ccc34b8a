"""What is stored, by a part of its name; and the diff of any two stored versions. Needs no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from watcher.compare import compare
from watcher.compare.render import to_json
from watcher.errors import NotFound
from watcher.store import Version
from watcher.text import plain

if TYPE_CHECKING:
    from watcher.pipeline.context import Context
    from watcher.types import Change, Indicator, Reading, VersionRef

STAGES = ("draft", "review", "final", "amended", "repealed", "interpretation", "other")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a diff."""

    ref: VersionRef
    reading: Reading
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A diff that was asked for."""

    document_id: str
    title: str
    region: str | None
    before: Side
    after: Side
    change: Change

    def to_json(self) -> dict[str, Any]:
        """The shape of ``watcher diff --format json``."""
        return to_json(self.change, self.document_id, self.before.ref, self.after.ref)


def find_document(context: Context, words: str) -> str:
    """The id of the one document that ``words`` means: its id, or a part of its title or region.

    Raises ``NotFound`` with the closest ones when none or several answer to it.
    """
    names = context.store.names()
    if any(one[0] == words for one in names):
        return words
    wanted = plain(words)
    parts = [part for part in re.split(r"\s+", words.strip()) if part]
    hits = [one[0] for one in names if wanted and wanted in plain(one[1])]
    hits = hits or [one[0] for one in names if wanted and wanted in plain(one[2])]
    hits = hits or [one[0] for one in names if words.lower() in one[0]]
    hits = hits or [one[0] for one in names if parts and all(plain(part) in plain(" ".join(one)) for part in parts)]
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise NotFound(
            f"{words!r} means {len(hits)} documents; say which: {', '.join(hits[:8])}", nearest=tuple(hits[:8])
        )
    if not names:
        raise NotFound("no document is stored yet; run `watcher check` first")
    near = _nearest(words, names)
    raise NotFound(f"no document answers to {words!r}; the closest are: {', '.join(near)}", nearest=near)


def _nearest(words: str, names: list[tuple[str, str, str]]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    table = {one[0]: f"{one[0]} {one[1]} {one[2]}" for one in names}
    found = process.extract(words, table, scorer=fuzz.partial_ratio, limit=3)
    return tuple(key for _, _, key in found)


def pick_version(context: Context, document_id: str, which: str) -> Version:
    """The version that a number, a date or a stage names. Raises ``NotFound`` with what there is."""
    versions = context.store.versions
    found: Version | None = None
    if re.fullmatch(r"v?\d{1,6}", which):
        found = versions.numbered(document_id, int(which.lstrip("v")))
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", which):
        found = versions.at(document_id, which)
    elif which in STAGES:
        found = versions.newest_of_stage(document_id, which)
    else:
        raise NotFound(
            f"{which!r} names no version: give a number, a date (YYYY-MM-DD) or a stage ({', '.join(STAGES)})"
        )
    if found is None:
        log = versions.log(document_id)
        if not log:
            raise NotFound(f"nothing is stored of {document_id} yet; run `watcher check` first")
        stages = ", ".join(dict.fromkeys(row["stage"] for row in log))
        raise NotFound(
            f"{document_id} has no version {which!r}; it has 1 to {log[0]['number']} ({stages}) since {log[-1]['seen_at'][:10]}"
        )
    return found


def side_of(version: Version) -> Side:
    """A stored version as one side of a diff."""
    return Side(version.ref, version.reading, version.indicators)


def difference(context: Context, document_id: str, before: Side, after: Side) -> Difference:
    """The diff of two sides under a document's name."""
    about = context.store.document(document_id)
    change = compare(before.reading, after.reading, before.indicators, after.indicators)
    return Difference(document_id, about["title"], about["region"] or after.reading.region, before, after, change)


def between(context: Context, document_id: str, older: str, newer: str) -> Difference:
    """Any two stored versions of a document."""
    before, after = pick_version(context, document_id, older), pick_version(context, document_id, newer)
    return difference(context, document_id, side_of(before), side_of(after))


def across(context: Context, document_id: str, other_id: str) -> Difference:
    """The newest versions of two documents (of different places, say)."""
    sides = []
    for one in (document_id, other_id):
        newest = context.store.versions.newest(one, 1)
        if not newest:
            raise NotFound(f"nothing is stored of {one} yet; run `watcher check` first")
        sides.append(side_of(newest[0]))
    return difference(context, other_id, sides[0], sides[1])


def stored(context: Context, document_id: str) -> Difference:
    """The last two stored versions. Raises ``NotFound`` when there are not two."""
    newest = context.store.versions.newest(document_id, 2)
    if len(newest) < 2:
        what = "nothing is" if not newest else "only one version is"
        raise NotFound(f"{what} stored of {document_id}; there is nothing to compare yet")
    return difference(context, document_id, side_of(newest[1]), side_of(newest[0]))


def stored_indicators(context: Context, document_id: str) -> Version:
    """The newest version of a document, for its indicators. Raises ``NotFound``."""
    newest = context.store.versions.newest(document_id, 1)
    if not newest:
        raise NotFound(f"nothing is stored of {document_id} yet; run `watcher check` first")
    return newest[0]
