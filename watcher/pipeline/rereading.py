"""After a change of rules: every source's last version is re-made from its own snapshot. Never touches the wire."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from watcher.pipeline.context import Context
from watcher.pipeline.keeping import store_remade
from watcher.pipeline.rules import rules_of
from watcher.pipeline.visiting import remake
from watcher.settings import DocumentSource, Page
from watcher.store import SourceRow


@dataclass(slots=True)
class Reread:
    """How a rereading went."""

    looked: int = 0
    remade: int = 0
    failed: int = 0


async def reread(context: Context, rows: list[SourceRow], progress: Callable[[str, str], None] | None = None) -> Reread:
    """Reads the last version of each row again by today's rules; what reads otherwise becomes a version of cause ``rules``."""
    report = Reread()
    chrome = context.store.sources.chrome()
    for row in rows:
        if row.version_id is None:
            continue
        report.looked += 1
        known = context.document(row)
        mine = chrome.get(row.id, frozenset())
        if known is not None and row.rules == rules_of(known.selectors, mine):
            continue
        last = context.store.versions.last_of_source(row.id)
        if last is None:
            continue
        plan = known or DocumentSource(last.document_id, last.title, (Page(row.url),))
        rules = rules_of(plan.selectors, mine)
        if last.rules == rules:
            continue
        await asyncio.sleep(0)  # the service reads anew while it works
        remade = await remake(context, plan, mine, last)
        if remade is None:
            report.failed += 1
            if progress is not None:
                progress(row.name, "the new rules make no document of it; the old reading stays")
            continue
        with context.store.atomic():
            head = context.store.versions.heads_of_source(row.id)
            if head is None or head.version_id != last.id:
                continue  # a visit was quicker, and it re-made the last version itself
            changed = store_remade(context, row, last.id, last.digest, remade, rules, context.now())
        report.remade += changed
        if progress is not None:
            progress(row.name, "read otherwise" if changed else "reads the same")
    return report
