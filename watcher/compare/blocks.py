"""Text edits between two readings: units aligned, then what changed inside them."""

from __future__ import annotations

from watcher.compare.align import align
from watcher.compare.joins import joined
from watcher.compare.shape import kernel, shape
from watcher.compare.spans import spans
from watcher.compare.tables import table_edits
from watcher.compare.units import Unit, ends, lines, units
from watcher.types import Edit, EditKind, Reading


def text_edits(before: Reading, after: Reading) -> tuple[Edit, ...]:
    """All edits in the order of the new text (a deletion stands where its text stood); empty for equal texts."""
    if before.text == after.text:
        return ()
    head, tail = ends(before, after)
    shared = lines(before, head, tail) & lines(after, head, tail)
    old, new = units(before, shared, head, tail), units(after, shared, head, tail)
    pairs, moved = align([unit.key for unit in old], [unit.key for unit in new])
    return tuple(_Edits(old, new, pairs, moved).all())


def differs_as(before: str, after: str) -> EditKind:
    """``format`` where only width, spacing, quotation marks or the leading number differ, else ``replace``."""
    return "format" if shape(before) == shape(after) or kernel(before) == kernel(after) else "replace"


class _Edits:
    """Walks both texts at once and writes down what differs."""

    def __init__(self, old: list[Unit], new: list[Unit], pairs: list[tuple[int, int]], moved: list[tuple[int, int]]):
        self.old, self.new = old, new
        self.spans = joined(old, new, pairs, moved)
        self.source = {j: i for i, j in moved}
        self.gone = {i for i, _ in moved}
        self.old_end = old[-1].at[1]
        self.new_end = new[-1].at[1]

    def all(self) -> list[Edit]:
        found: list[Edit] = []
        last_i, last_j = 0, 0
        for i, past_i, j, past_j in [*self.spans, (len(self.old), 0, len(self.new), 0)]:
            after_at = self.new[last_j].start if last_j < len(self.new) else self.new_end
            found.extend(self._deleted(self.old[n], after_at) for n in range(last_i, i) if n not in self.gone)
            before_at = self.old[i].start if i < len(self.old) else self.old_end
            found.extend(self._arrived(n, before_at) for n in range(last_j, j))
            if past_i - i == past_j - j == 1:
                found.extend(self._paired(self.old[i], self.new[j]))
            elif past_i:
                found.append(self._joined(self.old[i:past_i], self.new[j:past_j]))
            last_i, last_j = past_i, past_j
        return found

    def _deleted(self, unit: Unit, at: int) -> Edit:
        return Edit("delete", unit.section, unit.text, "", spans(unit.text, ""), unit.at, (at, at))

    def _arrived(self, number: int, at: int) -> Edit:
        unit = self.new[number]
        if number in self.source:
            old = self.old[self.source[number]]
            return Edit("move", unit.section, old.text, unit.text, spans(old.text, unit.text), old.at, unit.at)
        return Edit("insert", unit.section, "", unit.text, spans("", unit.text), (at, at), unit.at)

    def _joined(self, old: list[Unit], new: list[Unit]) -> Edit:
        """One text in another number of paragraphs: ``before`` and ``after`` hold their line breaks."""
        before, after = "\n".join(unit.text for unit in old), "\n".join(unit.text for unit in new)
        kind: EditKind = "format" if shape(before) == shape(after) else "replace"
        before_at, after_at = (old[0].start, old[-1].at[1]), (new[0].start, new[-1].at[1])
        return Edit(kind, new[0].section, before, after, spans(before, after), before_at, after_at)

    def _paired(self, old: Unit, new: Unit) -> list[Edit]:
        if old.text == new.text:
            return []
        if old.kind == new.kind == "table":
            return table_edits(old, new)
        kind = differs_as(old.text, new.text)
        return [Edit(kind, new.section, old.text, new.text, spans(old.text, new.text), old.at, new.at)]
