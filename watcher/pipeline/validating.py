"""``watcher validate --fetch``: every page is fetched twice and must say the same both times, every column must list something."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from watcher.alert.words import PORTALS, pick
from watcher.errors import WatcherError
from watcher.pipeline.bringing import fetch, run
from watcher.pipeline.columns import follows, listed
from watcher.pipeline.context import Context
from watcher.pipeline.examine import Job
from watcher.settings import ColumnSource, DocumentSource, Page
from watcher.words import Options, told, tr


@dataclass(frozen=True, slots=True)
class Validated:
    """What became of one address."""

    name: str
    holds: bool
    said: str


async def twice(context: Context) -> list[Validated]:
    """Fetches every page of every document twice and demands a document with equal text; of every column the first page, with items."""
    pages = [_one(context, document, page) for document in context.sources.documents for page in document.pages]
    columns = [_column(context, column) for column in context.sources.columns]
    return list(await asyncio.gather(*pages, *columns))


async def _column(context: Context, column: ColumnSource) -> Validated:
    name = f"{column.id} {column.url}"
    try:
        found = await listed(context, column)
    except WatcherError as error:
        return Validated(name, False, str(error))
    if not found.items:
        return Validated(
            name, False, told(found.note) or tr("列表页上没有找到条目", "no items were found on the list page")
        )
    wanted = sum(follows(column.follow, item.title) for item in found.items)
    return Validated(
        name,
        True,
        tr(
            f"列表有 {len(found.items)} 条，其中 {wanted} 条符合 follow",
            f"{len(found.items)} items, {wanted} of them wanted by follow",
        ),
    )


async def _one(context: Context, document: DocumentSource, page: Page) -> Validated:
    name = f"{document.id} {page.url}"
    texts: list[str] = []
    said = ""
    for _ in range(2):
        try:
            fetched = await fetch(context, page.url, document.network)
            examined = await run(context, Job(fetched, document.selectors))
        except WatcherError as error:
            return Validated(name, False, str(error))
        if examined.verdict != "document" or examined.reading is None:
            why = told(examined.reason)
            return Validated(name, False, tr(why, f"{examined.verdict}: {why}") or examined.verdict)
        texts.append(examined.reading.text)
        characters, values = len(texts[0]), len(examined.indicators)
        way = pick(PORTALS.get(examined.reading.portal, (examined.reading.portal,) * 2), Options.language)
        said = tr(
            f"{way}，{characters} 字，{values} 项指标数值", f"{way}, {characters} characters, {values} indicator values"
        )
        if examined.reading.degraded and document.selectors.body:
            lost = document.selectors.body
            return Validated(
                name,
                False,
                tr(
                    f"selectors.body {lost!r} 在网页上找不到；请核对",
                    f"selectors.body {lost!r} finds nothing on the page; check it",
                ),
            )
        if examined.reading.degraded:
            said += tr(
                "（没有模板认得这个页面，正文是推断的；请设置 selectors）",
                " (no CMS family knows this page: the body is a guess; set selectors)",
            )
    if texts[0] != texts[1]:
        old, new = texts[0].split("\n"), texts[1].split("\n")
        lines = [line for line in new if line not in set(old)][:3]
        differ = " / ".join(line[:60] for line in lines)
        return Validated(name, False, tr(f"两次读出的正文不同：{differ}", f"two fetches read differently: {differ}"))
    return Validated(name, True, said)
