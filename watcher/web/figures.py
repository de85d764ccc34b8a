"""Values and moves as the pages print them: plain texts and numbers, which templates escape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup

from watcher.alert.moves import effect_of, figure, shorten, string
from watcher.compare.render_text import clean
from watcher.lexicon.units import scale
from watcher.words import Language, effect_word

_SIGNS = {
    "tightened": "▲", "relaxed": "▽", "raised": "↑", "lowered": "↓", "binding": "●", "unbinding": "○", "added": "+",
    "postponed": "»", "reversed": "⇄", "advanced": "«", "removed": "−", "restated": "≠", "reworded": "≈", "changed": "→", "split": "⑂", "merged": "⑃",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MoveView:
    """One move as a card or a row shows it."""

    name: str
    key: str | None
    year: str
    before: str
    after: str
    before_nature: str
    after_nature: str
    effect: str
    word: str
    section: str
    origin: str
    before_quote: Markup
    """The sentence or row that proves it, with what moved marked; ``""`` when there is none."""
    after_quote: Markup
    before_at: str
    """``start-end`` in the text of the earlier version, ``""`` when it has none."""
    after_at: str
    disputed: bool


def move_view(move: Mapping[str, Any], language: Language) -> MoveView:
    """From the JSON of a diff's move."""
    unit = string(move.get("unit"))
    before, after = move.get("before") or {}, move.get("after") or {}
    names = [string(side.get("name")) for side in (before, after)]
    name = string(move.get("name"))
    if all(names) and names[0] != names[1]:
        name = f"{names[0]} → {names[1]}"
    years = [string(side.get("year")) for side in (before, after) if string(side.get("year"))]
    year = " → ".join(dict.fromkeys(years)) or string(move.get("year"))
    side = after or before
    return MoveView(
        name=shorten(name, 120),
        key=move.get("key"),
        year=shorten(year, 40),
        before=figure(before, unit, language) if before else "",
        after=figure(after, unit, language) if after else "",
        before_nature=shorten(string(before.get("nature")), 20),
        after_nature=shorten(string(after.get("nature")), 20),
        effect=effect_of(move),
        word=effect_word(effect_of(move), language),
        section=string(side.get("section")),
        origin=string(side.get("origin")),
        before_quote=quoted(before, after),
        after_quote=quoted(after, before),
        before_at=_at(before),
        after_at=_at(after),
        disputed=bool(after.get("disputed")),
    )


def _at(side: Mapping[str, Any]) -> str:
    start, end = side.get("start"), side.get("end")
    return f"{start}-{end}" if isinstance(start, int) and isinstance(end, int) else ""


QUOTE = 150
"""Characters of a quote that a row shows."""


def quoted(side: Mapping[str, Any], other: Mapping[str, Any]) -> Markup:
    """The quote of one side with its figure marked (its nature where only that differs), cut around the mark when long."""
    text = clean(string(side.get("quote")))
    if not text:
        return Markup("")
    nature = string(side.get("nature"))
    same = side.get("value") == other.get("value") and side.get("op") == other.get("op")
    # A table prints 约束 where the nature is 约束性.
    wanted = [nature, nature[:2]] if same and nature and nature != string(other.get("nature")) else []
    wanted += [clean(string(side.get("text"))), string(side.get("value"))]
    at, length = next(((text.rfind(one), len(one)) for one in wanted if one and one in text), (0, 0))
    begin = max(0, min(at - QUOTE * 2 // 3, len(text) - QUOTE)) if len(text) > QUOTE else 0
    end = max(begin + QUOTE, at + length)
    return Markup("{}{}{}{}{}").format(
        "…" if begin else "",
        text[begin:at],
        Markup("<mark>{}</mark>").format(text[at : at + length]) if length else "",
        text[at + length : end],
        "…" if end < len(text) else "",
    )


def sign(effect: str) -> str:
    """A mark for an effect, so that colour is not all that tells them apart."""
    return _SIGNS.get(effect, "→")


def shown(row: Mapping[str, Any], language: Language = "zh") -> str:
    """Operator, value and unit of a stored value, or its words."""
    return figure(row, str(row.get("unit") or ""), language)


def aligned(value: str | None, unit: str, to: str) -> str | None:
    """A value in another unit of its family (2.5万人 in 人 is 25000); ``None`` where the two cannot be compared."""
    if value is None:
        return None
    (size, family), (other, other_family) = scale(unit), scale(to)
    if family != other_family or not other:
        return None
    try:
        number = Decimal(value) * size / other
    except (InvalidOperation, ArithmeticError):
        return None
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    return text if text not in ("", "-0") else "0"


def number(value: str | None) -> float | None:
    """A stored decimal as a number for drawing; ``None`` for words and what is out of reason."""
    try:
        found = float(value) if value is not None else None
    except ValueError:
        return None
    return found if found is not None and abs(found) < 1e15 else None
