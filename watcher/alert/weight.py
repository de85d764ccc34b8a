"""How much an event weighs for somebody who answers for a plan: 高, 中 or 低. Pure; routes ask for it (``min_weight``).

The order is the field's own. A plan's 约束性 indicators bind the government that issued it and are examined at its end
(《国民经济和社会发展规划》编制 divides all indicators into 约束性 and 预期性); a target that is weakened or dropped is what a
reader must not miss; a text that changes nothing that is counted can wait for the digest.

- **high** 高: another stage of a text (征求意见稿 → 印发稿); a 约束性 indicator that moves, is added or dropped; a nature that
  changes; any target that is relaxed or removed; the last day of a consultation.
- **medium** 中: every other move of a target; a consultation that opens, closes or has a result; files, new documents,
  pages that go or come back, doubtful links, incidents.
- **low** 低: text edits alone; indicators only said in other words; values of the past that
  were corrected, added or dropped; edits of a draft whose final holds already.
"""

from __future__ import annotations

from watcher.alert.moves import move_weight as move_weight
from watcher.alert.moves import objects
from watcher.settings import WEIGHTS, Weight
from watcher.types import Event


def weight(event: Event) -> Weight:
    """The weight of an event: of its weightiest move, or of its kind where it has none."""
    if event.type == "document.stage_changed":
        return "high"
    if event.type == "document.changed" and event.data.get("holding"):
        return "low"
    if event.type == "document.changed":
        weights: list[Weight] = [move_weight(move) for move in objects(event.data.get("moves"))]
        return max(weights, key=WEIGHTS.index, default="low")
    if event.type == "consultation.closing":
        days = event.data.get("days")
        return "high" if isinstance(days, int) and days <= 1 else "medium"
    return "medium"


def at_least(event: Event, wanted: Weight) -> bool:
    """Whether an event weighs as much as a route asks for."""
    return WEIGHTS.index(weight(event)) >= WEIGHTS.index(wanted)
