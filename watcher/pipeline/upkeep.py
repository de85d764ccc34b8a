"""What keeps the database small and safe: folding, trimming, backups with rotation, the weekly check."""

from __future__ import annotations

from datetime import timedelta

from watcher.pipeline.context import Context
from watcher.store.database import moment

KEPT_FOR_INSPECTION = 5
"""Bytes of other verdicts than ``document`` that are kept, a source."""
CHECK_EVERY = timedelta(days=7)


async def keep_up(context: Context) -> list[str]:
    """Does what is due; returns what was done, in words for the log."""
    store, now, settings = context.store, context.now(), context.sources.upkeep
    done: list[str] = []
    folded = store.sources.fold(now - timedelta(seconds=settings.keep_checks))
    trimmed = store.snapshots.trim(KEPT_FOR_INSPECTION)
    if folded or trimmed:
        done.append(f"folded {folded} checks, dropped {trimmed} snapshots")
    store.outbox.release_abandoned(now)
    if settings.backup_every is not None and _due(context, "backup", timedelta(seconds=settings.backup_every)):
        name = store.path.name
        store.backup(store.path.with_name(f"{name}.backup-{now:%Y%m%dT%H%M%SZ}"))
        for old in sorted(store.path.parent.glob(f"{name}.backup-*Z"))[: -settings.backups]:
            old.unlink()
        store.set_fact("backup", store.stamp(now))
        done.append("backup written")
    if _due(context, "verified", CHECK_EVERY):
        bad = store.verify()
        store.set_fact("verified", store.stamp(now))
        done.append("verified" if not bad else f"DAMAGED: {bad[0]}")
        if bad:
            context.log.error("store.damaged", places=len(bad), first=bad[0])
    for one in done:
        context.log.info("upkeep", done=one)
    return done


def _due(context: Context, name: str, every: timedelta) -> bool:
    last = context.store.fact(name)
    return last is None or context.now() - moment(last) >= every
