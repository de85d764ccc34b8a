"""Which known documents a new one may be an edition of: an index over titles, so that one is compared with few."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from watcher.store import Store
from watcher.types import Stage

if TYPE_CHECKING:
    from watcher.compare.kernels import KernelIndex
    from watcher.compare.lineage import Facts


@dataclass(slots=True)
class Relatives:
    """An index of the newest titles in one store; it catches up by itself with what anybody stored since."""

    index: KernelIndex | None = None
    """Made when it is first asked: most commands never do, and what it needs takes a while to import."""
    ids: list[str] = field(default_factory=list)
    seen: int = 0
    """The newest version that the index knows."""
    left: deque[tuple[int, str, str, str | None, Stage]] = field(default_factory=deque)
    """Titles that were asked of the store and are not in the index yet."""

    def learn(self, store: Store, at_most: int | None = None) -> bool:
        """Takes in up to so many titles that were stored since; whether more are left.

        Twenty thousand take seconds: who must not stop for so long asks for some at a time.
        """
        from watcher.compare.kernels import KernelIndex
        from watcher.compare.lineage import Facts

        if self.index is None:
            self.index = KernelIndex()
        if not self.left:
            self.left.extend(store.lineage.titles_since(self.seen))
        for _ in range(len(self.left) if at_most is None else min(at_most, len(self.left))):
            version_id, known_id, title, region, stage = self.left.popleft()
            self.index.add(Facts(title=title, region=region, stage=stage))
            self.ids.append(known_id)
            self.seen = max(self.seen, version_id)
        return bool(self.left)

    @property
    def ready(self) -> bool:
        """Whether ``near`` answers at once: no more than the newest titles must be learnt."""
        return self.index is not None and not self.left

    def near(self, store: Store, document_id: str, facts: Facts) -> list[tuple[str, Facts]]:
        """Other documents that may be editions of the same one, with what is known of them now."""
        from watcher.compare.lineage import Facts

        if self.left:
            self.learn(store)
        self.learn(store)
        assert self.index is not None
        found = dict.fromkeys(self.ids[position] for _, position in self.index.propose(facts, limit=LIMIT))
        found.pop(document_id, None)
        return [
            (known_id, Facts(title=title, region=region, stage=stage))
            for known_id, title, region, stage in store.lineage.titles_of(list(found))
        ]


LIMIT = 20
"""Candidates that are looked at; the document's own earlier titles are among them."""
