"""What is stored, by a part of its name; and the diff of any two stored versions. Needs no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from watcher.compare import compare
from watcher.compare.render_json import to_json
from watcher.errors import NotFound
from watcher.store import Version
from watcher.text import plain
from watcher.words import STAGE_WORDS, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from watcher.pipeline.context import Context
    from watcher.types import Change, Indicator, Reading, VersionRef

NEVER = "\0"
"""Parts names: the matching form keeps it."""


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

    Who names a plan does not mean the interpretation that a column found beside it. Raises ``NotFound`` with the closest
    ones when none or several answer to it.
    """
    if context.store.known(words):
        return words
    names = context.store.names()
    wanted = plain(words)
    parts = [part for part in re.split(r"\s+", words.strip()) if part]
    hits = _holding(wanted, names, 1) or _holding(wanted, names, 2)
    hits = hits or [one[0] for one in names if words.lower() in one[0]]
    hits = hits or [one[0] for one in names if parts and all(plain(part) in plain(" ".join(one)) for part in parts)]
    if len(hits) > 1 and len(plans := _without_interpretations(hits, names)) == 1:
        hits = plans
    if len(hits) == 1:
        return hits[0]
    if hits:
        listed = ", ".join(hits[:8])
        raise NotFound(
            tr(
                f"“{words}”对应 {len(hits)} 份文件，请写明是哪一份：{listed}",
                f"{words!r} means {len(hits)} documents; say which: {listed}",
            ),
            nearest=tuple(hits[:8]),
        )
    if not names:
        raise NotFound(
            tr("库里还没有文件；请先运行 watcher check", "no document is stored yet; run `watcher check` first")
        )
    near = _nearest(words, names)
    listed = ", ".join(near)
    raise NotFound(
        tr(
            f"没有“{words}”这份文件；最接近的是：{listed}",
            f"no document answers to {words!r}; the closest are: {listed}",
        ),
        nearest=near,
    )


def _holding(wanted: str, names: Sequence[tuple[str, str, str]], column: int) -> list[str]:
    """Ids whose title or region holds ``wanted`` in the matching form: all are brought into that form at once, in a tenth of the time."""
    if not wanted:
        return []
    together = plain(NEVER.join([one[column].replace(NEVER, "") for one in names])).split(NEVER)
    return [one[0] for one, text in zip(names, together, strict=True) if wanted in text]


def _without_interpretations(ids: list[str], names: Sequence[tuple[str, str, str]]) -> list[str]:
    from watcher.lexicon.titles import parse

    titles = {one[0]: one[1] for one in names}
    return [one for one in ids if parse(titles[one]).act != "interpret"]


def nothing_stored(document_id: str) -> NotFound:
    """The error for a document of which no version is stored."""
    return NotFound(
        tr(
            f"{document_id} 还没有任何版本；请先运行 watcher check",
            f"nothing is stored of {document_id} yet; run `watcher check` first",
        )
    )


def _nearest(words: str, names: list[tuple[str, str, str]]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    table = {one[0]: f"{one[0]} {one[1]} {one[2]}" for one in names}
    found = process.extract(words, table, scorer=fuzz.partial_ratio, limit=3)
    return tuple(key for _, _, key in found)


def pick_version(context: Context, document_id: str, which: str) -> Version:
    """The version that a number, a date or a stage (``draft``, 征求意见稿) names. Raises ``NotFound`` with what there is."""
    versions = context.store.versions
    which = next((stage for stage, (zh, _) in STAGE_WORDS.items() if which == zh), which)
    found: Version | None = None
    if re.fullmatch(r"v?\d{1,6}", which):
        found = versions.numbered(document_id, int(which.lstrip("v")))
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", which):
        found = versions.at(document_id, _end_of_day(which, context.sources.schedule.timezone))
    elif which in STAGE_WORDS:
        found = versions.newest_of_stage(document_id, which)
    else:
        stages = ", ".join(STAGE_WORDS)
        raise NotFound(
            tr(
                f"“{which}”不是版本：请给版本号、日期（YYYY-MM-DD）或阶段（{stages}）",
                f"{which!r} names no version: give a number, a date (YYYY-MM-DD) or a stage ({stages})",
            )
        )
    if found is None:
        log = versions.log(document_id)
        if not log:
            raise nothing_stored(document_id)
        stages = ", ".join(dict.fromkeys(row["stage"] for row in log))
        newest, since = log[0]["number"], log[-1]["seen_at"][:10]
        raise NotFound(
            tr(
                f"{document_id} 没有版本“{which}”；现有 1 至 {newest}（{stages}），始于 {since}",
                f"{document_id} has no version {which!r}; it has 1 to {newest} ({stages}) since {since}",
            )
        )
    return found


def _end_of_day(day: str, timezone: str) -> datetime:
    """The instant at which a day is over, in the time zone of sources.yaml. Raises ``NotFound`` for 2022-02-30."""
    try:
        start = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(timezone))
    except ValueError:
        raise NotFound(tr(f"{day} 不是日期", f"{day} is not a date")) from None
    return start + timedelta(days=1)


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
            raise nothing_stored(one)
        sides.append(side_of(newest[0]))
    return difference(context, other_id, sides[0], sides[1])


def stored(context: Context, document_id: str) -> Difference:
    """The last two stored versions. Raises ``NotFound`` when there are not two."""
    newest = context.store.versions.newest(document_id, 2)
    if not newest:
        raise nothing_stored(document_id)
    if len(newest) < 2:
        raise NotFound(
            tr(
                f"{document_id} 只有一个版本，还没有可比较的",
                f"only one version is stored of {document_id}; there is nothing to compare yet",
            )
        )
    return difference(context, document_id, side_of(newest[1]), side_of(newest[0]))


def stored_indicators(context: Context, document_id: str) -> Version:
    """The newest version of a document, for its indicators. Raises ``NotFound``."""
    newest = context.store.versions.newest(document_id, 1)
    if not newest:
        raise nothing_stored(document_id)
    return newest[0]
