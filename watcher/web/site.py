"""What every page is given: settings, a door to the store, the key of this process, the templates."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from watcher.compare import compare
from watcher.settings import Sources
from watcher.store import Store, Version
from watcher.types import Change

HERE = Path(__file__).parent
_COMPARED = 32
"""Comparisons that are remembered: versions never change, so neither does what lies between two of them."""


@dataclass(slots=True)
class Site:
    """One page over one database. ``read_only``: nothing can be done from it, only looked at."""

    sources: Sources
    database: Path
    read_only: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Signs sessions and form tokens; a restart ends all sessions."""
    started: float = field(default_factory=time.monotonic)
    _compared: OrderedDict[tuple[int, int], Change] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def open(self, *, write: bool = False) -> AbstractContextManager[Store]:
        """A store of the caller's own: it must not cross threads. Raises ``StoreError``."""
        return closing(Store(self.database, read_only=not write))

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which times are shown."""
        return ZoneInfo(self.sources.schedule.timezone)

    @property
    def today(self) -> str:
        """The day it is for the readers, ``YYYY-MM-DD``."""
        return self.now().astimezone(self.zone).date().isoformat()

    def change(self, before: Version, after: Version) -> Change:
        """What differs between two versions, remembered."""
        place = (before.id, after.id)
        with self._lock:
            if place in self._compared:
                self._compared.move_to_end(place)
                return self._compared[place]
        change = compare(before.reading, after.reading, before.indicators, after.indicators)
        with self._lock:
            self._compared[place] = change
            while len(self._compared) > _COMPARED:
                self._compared.popitem(last=False)
        return change
