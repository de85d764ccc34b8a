"""The only SQL of the product."""

from watcher.store.content import Content
from watcher.store.database import MEMORY, PASSING, TROUBLE
from watcher.store.outbox import CLAIM_LASTS
from watcher.store.rows import AlertRow, Head, SourceRow, Version
from watcher.store.snapshots import Snapshot
from watcher.store.sources import CheckResult
from watcher.store.store import Store
from watcher.store.versions import NewVersion
from watcher.store.wanted import source_name

__all__ = [
    "CLAIM_LASTS",
    "MEMORY",
    "PASSING",
    "TROUBLE",
    "AlertRow",
    "CheckResult",
    "Content",
    "Head",
    "NewVersion",
    "Snapshot",
    "SourceRow",
    "Store",
    "Version",
    "source_name",
]
