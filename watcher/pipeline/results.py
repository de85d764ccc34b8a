"""What became of the opinions (采纳情况): a column's item that reports on a consultation that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from watcher.alert import events
from watcher.alert.events import DocumentFacts
from watcher.lexicon.titles import kernel, parse
from watcher.pipeline.telling import tell

if TYPE_CHECKING:
    from watcher.pipeline.context import Context
    from watcher.types import Item


def tell_result(context: Context, item: Item) -> bool:
    """Tells of a published result when its title carries the plan of a known document. Call inside a transaction."""
    if parse(item.title).act != "result":
        return False
    wanted = kernel(item.title)
    if not wanted:
        return False
    # Results are rare: reading all titles then costs less than an index that is kept for them.
    for row in context.store.documents():
        if kernel(row["printed_title"] or row["title"]) != wanted:
            continue
        about = DocumentFacts(row["id"], row["title"], row["region"], row["stage"], column=row["column_id"])
        event = events.consultation_result(about, context.now(), result_title=item.title, result_url=item.url)
        tell(context, event, document_id=row["id"], column_id=row["column_id"])
        return True
    return False
