"""Every version not yet compared is compared with its predecessor; change, moves and alerts in one transaction."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import deque

from watcher.alert import events
from watcher.compare.render import to_json
from watcher.errors import WatcherError
from watcher.pipeline.changed import Told, compared_stored, facts_now, predecessor, tell_content, tell_stage
from watcher.pipeline.comparing import Compared
from watcher.pipeline.context import Context
from watcher.pipeline.joining import tell_first
from watcher.pipeline.telling import facts_of, tell
from watcher.store import PASSING, Content
from watcher.words import both
from watcher.words import told as told_in

BREATH = 0.004
"""Seconds of comparing after which the loop breathes, where nobody else has much to do."""
LONG_BREATH = 0.05
"""Where others are busy it goes on for as long as they did, at most for so many seconds: what they bring is worked off while they bring it."""
LEARNT = 50
"""Titles that are learnt between two breaths of the loop."""


async def catch_up(context: Context, seconds: float | None = None) -> Told:
    """Drains the versions that wait; safe to be stopped anywhere and run again. Lets the loop breathe now and then.

    Ends after about ``seconds`` though more may wait: they are rows, and the next call goes on with them.
    """
    breath, share = time.monotonic(), BREATH
    until = None if seconds is None else breath + seconds
    told = Told()
    while waiting := deque(context.store.versions.waiting(but=context.puzzling)):
        while waiting:
            known, mine = True, Told()
            # All of a breath in one transaction: each by itself would write the same pages of the file again.
            with context.store.atomic():
                while waiting and (known := _tried(context, waiting[0], mine)):
                    waiting.popleft()
                    if time.monotonic() - breath >= share:
                        break
            told.add(mine)
            if not known:
                while context.relatives.learn(context.store, LEARNT):
                    await asyncio.sleep(0)
                    if until is not None and time.monotonic() > until:
                        return told
            stopped = time.monotonic()
            await asyncio.sleep(0)
            breath = time.monotonic()
            share = min(max(breath - stopped, BREATH), LONG_BREATH)
            if until is not None and breath > until:
                return told
    return told


def settle(context: Context, version_id: int, content: Content, compared: Compared, told: Told) -> None:
    """Tells what an edit changed that was compared where it was read. Call inside the transaction that stores the version.

    Where that goes wrong the version is stored all the same, and waits for ``catch_up``.
    """
    versions = context.store.versions
    change, before, version = compared.change, versions.outline(compared.before), versions.get(version_id, content)
    mine = Told()
    try:
        with context.store.db.atomic():
            versions.mark_compared(version_id)
            diff = to_json(change, version.document_id, before.ref, version.ref)
            tell_content(context, before, version, change, diff, mine)
    except PASSING:
        raise
    except Exception as error:
        context.store.changes.forget()
        _logged(context, version_id, error)
    else:
        told.add(mine)


def _logged(context: Context, version_id: int, error: Exception) -> None:
    context.log.error("check.bug", version=version_id, error=type(error).__name__, trace=traceback.format_exc(limit=12))


def _tried(context: Context, version_id: int, told: Told) -> bool:
    """``_one``; a version that cannot be compared (its bytes are damaged, a bug) becomes an incident, keeps waiting for the next
    start, and holds up no other.
    """
    try:
        return _one(context, version_id, told)
    except PASSING:
        raise
    except Exception as error:
        _logged(context, version_id, error)
        context.puzzling.add(version_id)
        store, now = context.store, context.now()
        row = store.sources.get(store.versions.outline(version_id).source_id)
        what = error.both if isinstance(error, WatcherError) else type(error).__name__
        reason = both(
            f"新版本无法比较：{told_in(what, 'zh')}", f"a new version cannot be compared: {told_in(what, 'en')}"
        )
        with store.atomic():
            opened = store.incidents.open(row.name, "bug", reason, now, row.id)
            if opened is not None:
                event = events.incident_opened(facts_of(context, row), "bug", now, reason=reason, incident=opened)
                tell(context, event, document_id=row.document_id, source_id=row.id)
        return True


def _one(context: Context, version_id: int, told: Told) -> bool:
    """Compares one version; False, and nothing was done, where the titles of all documents must be learnt first."""
    store = context.store
    version = store.versions.outline(version_id)
    if version.cause == "rules":
        with store.atomic():
            store.versions.mark_compared(version_id)
        return True
    before = predecessor(context, version)
    if before is None:
        if not context.relatives.ready:
            return False
        with store.atomic():
            tell_first(context, version, told)
            store.versions.mark_compared(version_id)
        return True
    change, diff = compared_stored(before, version)
    with store.atomic():
        store.versions.mark_compared(version_id)
        for closed in store.incidents.close(store.sources.get(version.source_id).name, context.now(), kind="bug"):
            event = events.incident_closed(facts_now(context, version), "bug", context.now(), incident=closed["id"])
            tell(context, event, document_id=version.document_id, source_id=version.source_id)
        if version.edition_id == before.edition_id:
            tell_content(context, before, version, change, diff, told)
        else:
            tell_stage(context, before, version, change, diff, told)
    return True
