"""Questions that write nothing: an ad-hoc diff, one page or file read, its indicators."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from watcher.compare import compare
from watcher.compare.render import to_json
from watcher.decoding import decode
from watcher.errors import FetchError, NotFound, WatcherError
from watcher.pipeline.context import Context, rules_of
from watcher.pipeline.examine import Job
from watcher.pipeline.visiting import fetch, remake, run, visit
from watcher.read.columns import is_column, read_column
from watcher.read.reader import is_binary
from watcher.settings import Selectors
from watcher.store import Version
from watcher.text import plain
from watcher.types import Change, Fetched, Indicator, Reading, Verdict, VersionRef

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


def _side(version: Version) -> Side:
    return Side(version.ref, version.reading, version.indicators)


def _difference(context: Context, document_id: str, before: Side, after: Side) -> Difference:
    about = context.store.document(document_id)
    change = compare(before.reading, after.reading, before.indicators, after.indicators)
    return Difference(document_id, about["title"], about["region"] or after.reading.region, before, after, change)


def between(context: Context, document_id: str, older: str, newer: str) -> Difference:
    """Any two stored versions of a document."""
    before, after = pick_version(context, document_id, older), pick_version(context, document_id, newer)
    return _difference(context, document_id, _side(before), _side(after))


def across(context: Context, document_id: str, other_id: str) -> Difference:
    """The newest versions of two documents (of different places, say)."""
    sides = []
    for one in (document_id, other_id):
        newest = context.store.versions.newest(one, 1)
        if not newest:
            raise NotFound(f"nothing is stored of {one} yet; run `watcher check` first")
        sides.append(_side(newest[0]))
    return _difference(context, other_id, sides[0], sides[1])


def stored(context: Context, document_id: str) -> Difference:
    """The last two stored versions. Raises ``NotFound`` when there are not two."""
    newest = context.store.versions.newest(document_id, 2)
    if len(newest) < 2:
        what = "nothing is" if not newest else "only one version is"
        raise NotFound(f"{what} stored of {document_id}; there is nothing to compare yet")
    return _difference(context, document_id, _side(newest[1]), _side(newest[0]))


async def now(context: Context, document_id: str) -> Difference:
    """Fetches now and compares with the last stored version; writes nothing.

    Of a document with several addresses the most advanced one that can be read now is taken: when the final has just
    appeared it is compared with the stored draft. Raises ``NotFound`` when nothing is stored, ``FetchError`` when the
    page cannot be read.
    """
    rows = [row for row in context.store.sources.of_document(document_id) if row.kind == "page"]
    newest = context.store.versions.newest(document_id, 1)
    if not newest:
        raise NotFound(f"nothing is stored of {document_id} yet; run `watcher check` first")
    last = newest[0]
    chrome = context.store.sources.chrome()
    trouble: str | None = None
    order = sorted(rows, key=lambda row: (row.version_id is None, row.id == last.source_id), reverse=True)
    for row in order:
        if row.version_id is not None and row.id != last.source_id:
            continue
        plan = context.document(row)
        if plan is None:
            continue
        mine = chrome.get(row.id, frozenset())
        fresh = replace(row, etag=None, last_modified=None, body=None, hint=None)
        seen = await visit(context, fresh, plan, mine)
        if not seen.good or seen.examined is None or seen.examined.reading is None:
            if row.id == last.source_id:
                trouble = (
                    f"{row.url}: {seen.verdict}: {seen.note}"
                    if not row.url.startswith("file:")
                    else f"{row.url}: {seen.note}"
                )
            continue
        before = _side(last)
        if seen.remade is not None and seen.remade[0].reading is not None:
            before = Side(last.ref, seen.remade[0].reading, seen.remade[0].indicators)
        elif row.id != last.source_id and last.rules != rules_of(plan.selectors, mine):
            remade = await remake(context, plan, mine, last)
            if remade is not None and remade.reading is not None:
                before = Side(last.ref, remade.reading, remade.indicators)
        number = context.store.versions.log(document_id, 1)[0]["number"]
        stage = row.stage or seen.examined.reading.stage
        ref = VersionRef(number + 1, stage, seen.at, seen.fetched.final_url if seen.fetched else row.url)
        return _difference(context, document_id, before, Side(ref, seen.examined.reading, seen.examined.indicators))
    raise FetchError(trouble or f"no page of {document_id} can be read now", kind="unreadable")


@dataclass(frozen=True, slots=True)
class Looked:
    """A page or file that was asked for."""

    reading: Reading
    verdict: Verdict
    reason: str
    indicators: tuple[Indicator, ...] = ()


async def bytes_of(context: Context, place: str) -> Fetched:
    """The bytes of a file on this machine (the user named it) or of an address. Raises ``WatcherError``."""
    if urlsplit(place).scheme in ("http", "https"):
        return await fetch(context, place, context.sources.network)
    return _file(context, place)


def _file(context: Context, place: str) -> Fetched:
    path = Path(place.removeprefix("file:"))
    try:
        if not path.is_file():
            raise WatcherError(f"{place}: there is no such file")
        size = path.stat().st_size
        if size > context.sources.network.max_body:
            raise WatcherError(
                f"{place}: {size} bytes are more than max_body allows ({context.sources.network.max_body})"
            )
        body = path.read_bytes()
    except OSError as error:
        raise WatcherError(f"{place}: cannot be read: {error.strerror}") from None
    return Fetched(place, path.resolve().as_uri(), 200, {}, body, context.now())


async def look(context: Context, place: str, *, selectors: Selectors = Selectors(), indicators: bool = False) -> Looked:  # noqa: B008
    """Reads one file or address: the cleaned reading, of a column page its items. Raises ``WatcherError``."""
    fetched = await bytes_of(context, place)
    content_type = fetched.headers.get("content-type")
    text = ""
    if not is_binary(fetched.body):
        text = decode(fetched.body, content_type).text
        if selectors == Selectors() and is_column(text):
            page = read_column(text, fetched.final_url)
            if page.items:
                following = page.next if isinstance(page.next, str) or page.next is None else page.next.url
                column = Reading("column", _title(text), items=page.items, next=following)
                return Looked(column, "document", "")
    examined = await run(context, Job(fetched, selectors, extract=indicators))
    if examined.reading is None:
        if examined.incident is not None:
            raise WatcherError(f"{place}: {examined.reason}")
        return Looked(Reading("document", ""), examined.verdict, examined.reason)
    return Looked(examined.reading, examined.verdict, examined.reason, examined.indicators)


def _title(text: str) -> str:
    """What an HTML page calls itself."""
    found = re.search(r"<title[^>]{0,200}>([^<]{0,400})", text[:65_536], re.IGNORECASE)
    return html.unescape(" ".join(found[1].split())) if found else ""


def stored_indicators(context: Context, document_id: str) -> Version:
    """The newest version of a document, for its indicators. Raises ``NotFound``."""
    newest = context.store.versions.newest(document_id, 1)
    if not newest:
        raise NotFound(f"nothing is stored of {document_id} yet; run `watcher check` first")
    return newest[0]
