"""Questions to the world that write nothing: a diff with what stands there now, one page or file read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from watcher.decoding import decode
from watcher.errors import FetchError, WatcherError
from watcher.pipeline.bringing import fetch, run
from watcher.pipeline.context import Context
from watcher.pipeline.examine import Job
from watcher.pipeline.finding import Difference, Side, difference, nothing_stored, side_of
from watcher.pipeline.rules import rules_of
from watcher.pipeline.visiting import remake, visit
from watcher.read import read
from watcher.read.columns import is_column
from watcher.read.reader import is_binary
from watcher.settings import Selectors
from watcher.types import Fetched, Indicator, Reading, Verdict, VersionRef
from watcher.words import system, told, tr


async def now(context: Context, document_id: str) -> Difference:
    """Fetches now and compares with the last stored version; writes nothing.

    Of a document with several addresses the most advanced one that can be read now is taken: when the final has just
    appeared it is compared with the stored draft. Raises ``NotFound`` when nothing is stored, ``FetchError`` when the
    page cannot be read.
    """
    rows = [row for row in context.store.sources.of_document(document_id) if row.kind == "page"]
    newest = context.store.versions.newest(document_id, 1)
    if not newest:
        raise nothing_stored(document_id)
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
        seen = await visit(context, fresh, plan, mine, whole=True)
        if not seen.good or seen.examined is None or seen.examined.reading is None:
            if row.id == last.source_id:
                said = told(seen.note)
                trouble = f"{row.url}: {said if row.url.startswith('file:') else f'{seen.verdict}: {said}'}"
            continue
        before = side_of(last)
        if seen.remade is not None and seen.remade[0].reading is not None:
            before = Side(last.ref, seen.remade[0].reading, seen.remade[0].indicators)
        elif row.id != last.source_id and last.rules != rules_of(plan.selectors, mine):
            remade = await remake(context, plan, mine, last)
            if remade is not None and remade.reading is not None:
                before = Side(last.ref, remade.reading, remade.indicators)
        number = context.store.versions.log(document_id, 1)[0]["number"]
        stage = row.stage or seen.examined.reading.stage
        ref = VersionRef(number + 1, stage, seen.at, seen.fetched.final_url if seen.fetched else row.url)
        return difference(context, document_id, before, Side(ref, seen.examined.reading, seen.examined.indicators))
    raise FetchError(
        trouble or tr(f"{document_id} 的网址现在都读不出", f"no page of {document_id} can be read now"),
        kind="unreadable",
    )


@dataclass(frozen=True, slots=True)
class Looked:
    """A page or file that was asked for."""

    reading: Reading
    verdict: Verdict
    reason: str
    indicators: tuple[Indicator, ...] = ()


async def bytes_of(context: Context, place: str) -> Fetched:
    """The bytes of a file on this machine (the user named it) or of an address. Raises ``WatcherError``."""
    if place.partition(":")[0].lower() in ("http", "https"):
        return await fetch(context, place, context.sources.network)
    return _file(context, place)


def _file(context: Context, place: str) -> Fetched:
    path = Path(place.removeprefix("file:"))
    try:
        if path.is_dir():
            raise WatcherError(tr(f"{place}：是文件夹，请给出其中的文件", f"{place}: is a folder; name a file in it"))
        if not path.is_file():
            raise WatcherError(tr(f"{place}：没有这个文件", f"{place}: there is no such file"))
        size = path.stat().st_size
        if size > context.sources.network.max_body:
            raise WatcherError(
                tr(
                    f"{place}：{size} 字节，超过 max_body（{context.sources.network.max_body}）",
                    f"{place}: {size} bytes are more than max_body allows ({context.sources.network.max_body})",
                )
            )
        body = path.read_bytes()
    except OSError as error:
        said = told(system(error))
        raise WatcherError(tr(f"{place}：读不出（{said}）", f"{place}: cannot be read ({said})")) from None
    return Fetched(place, path.resolve().as_uri(), 200, {}, body, context.now())


async def look(context: Context, place: str, *, selectors: Selectors = Selectors(), indicators: bool = False) -> Looked:  # noqa: B008
    """Reads one file or address: the cleaned reading, of a column page its items. Raises ``WatcherError``."""
    fetched = await bytes_of(context, place)
    content_type = fetched.headers.get("content-type")
    if not is_binary(fetched.body) and selectors == Selectors():
        decoded = decode(fetched.body, content_type)
        if is_column(decoded.text):
            # Links of a page on disk are shown as printed: resolved against the file they would lead nowhere.
            address = "" if fetched.final_url.startswith("file:") else fetched.final_url
            column = read(fetched.body, decoded=decoded, url=address, column=True)
            if column.items:
                return Looked(column, "document", "")
    examined = await run(context, Job(fetched, selectors, extract=indicators))
    if examined.reading is None:
        if examined.incident is not None:
            raise WatcherError(f"{place}: {told(examined.reason)}")
        return Looked(Reading("document", ""), examined.verdict, told(examined.reason))
    return Looked(examined.reading, examined.verdict, told(examined.reason), examined.indicators)
