"""Indicator moves between two versions, each told once, in the order of the new text with the tables first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from msgspec import structs

from watcher.compare.matching import Matched, by_new_names, idea, match, one_name, renamed, tense
from watcher.compare.shape import shape
from watcher.compare.values import Verdict, graded, judge, number, same_figure
from watcher.lexicon.names import normal
from watcher.lexicon.units import scale
from watcher.types import Effect, Indicator, Move

_JOINT = re.compile(r"[、和及与]")
_NATURES = frozenset(("binding", "unbinding"))
_PART = 0.4
"""How much of a joint name a part has to cover."""


def moves(before: Sequence[Indicator], after: Sequence[Indicator]) -> tuple[Move, ...]:
    """What happened to the promises. Pure; empty when nothing moved."""
    state = match(before, after)
    joints = [*_split(state), *_merged(state)]
    state.take(found_anew := renamed(state))
    state.take(by_new_names(state, found_anew, before, after))
    blank_before, blank_after = _has_natures(before), _has_natures(after)
    found: list[Move] = []
    for old, new in state.pairs:
        if _blank(old) and _blank(new):
            continue
        verdict = judge(
            old,
            new,
            blank_before=blank_before and old.origin == "table",
            blank_after=blank_after and new.origin == "table",
        )
        if verdict:
            found.append(_move(old, new, verdict))
    found.extend(joints)
    left = state.before or state.after
    stated, states = (_by_idea(before), _by_idea(after)) if left else ({}, {})
    gone = [item for item in state.before if not _blank(item) and not _still_promised(item, stated, states)]
    came = [item for item in state.after if not _blank(item) and not _said_elsewhere(item, stated, states)]
    elsewhere = [pair for pair in state.pairs if pair[0].origin != pair[1].origin]
    found.extend(_removed(item) for item in _with_targets(gone, [*state.before, *(old for old, _ in elsewhere)]))
    found.extend(_added(item) for item in _with_targets(came, [*state.after, *(new for _, new in elsewhere)]))
    return tuple(sorted(_folded(_once(found)), key=_place))


def _has_natures(indicators: Sequence[Indicator]) -> bool:
    """Whether the tables have a column of natures, so that a missing one is a blank cell."""
    return any(item.nature for item in indicators if item.origin == "table")


def _move(before: Indicator, after: Indicator, verdict: Verdict) -> Move:
    kind, effect = verdict
    return Move(after.name, after.key or before.key, after.year or before.year, after.unit, kind, effect, before, after)


def _removed(item: Indicator) -> Move:
    return Move(item.name, item.key, item.year, item.unit, "removed", "removed", item, None)


def _added(item: Indicator) -> Move:
    return Move(item.name, item.key, item.year, item.unit, "added", "added", None, item)


def _like(item: Indicator, other: Indicator) -> bool:
    """Whether two statements promise the same amount of the same thing, wherever they stand."""
    if idea(item) != idea(other) or tense(item) != tense(other) or not same_figure(item, other):
        return False
    return item.year == other.year or item.year is None or other.year is None


_Index = dict[str, list[Indicator]]
_MANY = 50
"""Statements of one idea that are looked at when asking whether another place says the same."""


def _by_idea(items: Sequence[Indicator]) -> _Index:
    index: _Index = {}
    for item in items:
        index.setdefault(idea(item), []).append(item)
    return index


def _said(item: Indicator, index: _Index, origin: str) -> bool:
    same = index.get(idea(item), ())
    return any(other.origin == origin and _like(item, other) for other in same[:_MANY])


def _known(item: Indicator, index: _Index, origin: str) -> bool:
    """Whether the other origin speaks of the same thing for that year, whatever the amount."""
    return any(
        other.origin == origin
        and tense(other) == tense(item)
        and (other.year == item.year or other.year is None or item.year is None)
        for other in index.get(idea(item), ())[:_MANY]
    )


def _still_promised(item: Indicator, before: _Index, after: _Index) -> bool:
    """A sentence that went, while the table said the same and still speaks of it. (A row that goes is always told.)"""
    return item.origin == "prose" and _said(item, before, "table") and _known(item, after, "table")


def _said_elsewhere(item: Indicator, before: _Index, after: _Index) -> bool:
    """Nothing new: the other origin says the same, and spoke of it before; what moved there is told there."""
    other = "prose" if item.origin == "table" else "table"
    return _known(item, before, other) and _said(item, after, other)


def _blank(item: Indicator) -> bool:
    """An empty cell of a row (—): nothing that could come or go."""
    return item.value is None and not shape(item.text).strip("-/…")


def _with_targets(told: Sequence[Indicator], left: Sequence[Indicator]) -> list[Indicator]:
    """Without base values of rows whose target is no news (a table that repeats what the sentences promise) or went on in running text."""
    known = {id(item) for item in told}
    old_news = {(item.name, item.quote) for item in left if item.role == "target" and id(item) not in known}
    return [item for item in told if item.role == "target" or (item.name, item.quote) not in old_news]


def _split(state: Matched) -> list[Move]:
    """One row of two indicators becomes two rows."""
    found: list[Move] = []
    for joint, parts in _joints(state.before, state.after):
        total = _together(parts)
        found.extend(_move(joint, part, ("split", _effect(joint, total or part))) for part in parts)
        state.before = [item for item in state.before if item is not joint]
        gone = {id(part) for part in parts}
        state.after = [item for item in state.after if id(item) not in gone]
    return found


def _merged(state: Matched) -> list[Move]:
    """Two rows become one."""
    found: list[Move] = []
    for joint, parts in _joints(state.after, state.before):
        total = _together(parts)
        found.extend(_move(part, joint, ("merged", _effect(total or part, joint))) for part in parts)
        state.after = [item for item in state.after if item is not joint]
        gone = {id(part) for part in parts}
        state.before = [item for item in state.before if id(item) not in gone]
    return found


def _together(parts: Sequence[Indicator]) -> Indicator | None:
    """What the parts of a stock (公里, 张) make together; ``None`` of rates, whose parts each stand for themselves."""
    first = parts[0]
    figures = [number(part) for part in parts]
    if len({scale(part.unit) for part in parts}) != 1 or graded(first.unit) or None in figures:
        return None
    return structs.replace(first, value=f"{sum(figure for figure in figures if figure is not None):f}")


def _effect(before: Indicator, after: Indicator) -> Effect | None:
    verdict = judge(before, after)
    return verdict[1] if verdict and verdict[1] != "reworded" else None


def _joints(whole: Sequence[Indicator], parts: Sequence[Indicator]) -> list[tuple[Indicator, list[Indicator]]]:
    """Names that join others (孕产妇和儿童系统管理率), each with the two or more it joins; every part is used once."""
    found: list[tuple[Indicator, list[Indicator]]] = []
    used: set[int] = set()
    for joint in whole:
        if not _JOINT.search(joint.name) or len(found) > 200:
            continue
        name = normal(joint.name)
        members = [
            part
            for part in parts[:400]
            if id(part) not in used
            and part.role == joint.role
            and part.origin == joint.origin
            and (part.year == joint.year or part.year is None or joint.year is None)
            and _is_part(normal(part.name), name)
        ]
        if len(members) >= 2:
            used.update(map(id, members))
            found.append((joint, members))
    return found


def _is_part(part: str, whole: str) -> bool:
    if not _PART * len(whole) <= len(part) < len(whole):
        return False
    rest = iter(whole)
    return all(char in rest for char in part)


def _once(found: Sequence[Move]) -> list[Move]:
    """A promise that table and prose change alike is one move; the table's is kept."""
    result: list[Move] = []
    told: dict[object, list[Move]] = {}
    for move in sorted(found, key=lambda move: _origin(move) != "table"):
        side = move.after or move.before
        same = told.setdefault((move.kind, idea(side) if side else None), [])
        alike = told.setdefault((move.kind, _amounts(move)), [])
        if not any(_same_move(move, other) for other in same[:_MANY]) and not any(
            _by_another_name(move, other) for other in alike[:_MANY]
        ):
            same.append(move)
            alike.append(move)
            result.append(move)
    return result


def _amounts(move: Move) -> tuple[Decimal | None, ...]:
    """From what to what, whatever the magnitude."""
    figures = [number(side) if side else None for side in (move.before, move.after)]
    return tuple(
        None if figure is None or side is None else (figure * scale(side.unit)[0]).normalize()
        for figure, side in zip(figures, (move.before, move.after), strict=True)
    )


def _by_another_name(move: Move, other: Move) -> bool:
    """Whether running text tells the move of a table's row, whose name it says more or less fully, for the same year or the period that ends in it."""
    if None in (move.before, move.after, other.before, other.after) or _origin(move) == _origin(other):
        return False
    if None in _amounts(move) or scale(move.unit)[1] != scale(other.unit)[1]:
        return False
    if move.year is not None and other.year is not None and str(move.year)[-4:] != str(other.year)[-4:]:
        return False
    return one_name(move.name, other.name)


def _folded(found: Sequence[Move]) -> list[Move]:
    """A table row is one indicator to its reader: its base value does not come, go or change its name apart from its
    target, and a new name is told once for all years.
    """
    found = _natures_folded(found)
    leaders: dict[object, Move] = {}
    for move in sorted(found, key=lambda move: (_role(move) == "baseline", str(move.year))):
        leaders.setdefault(_row(move), move)
    return [
        move
        for move in found
        if move.kind == "changed"
        or leaders[_row(move)] is move
        or (move.kind != "reworded" and _role(move) != "baseline")
    ]


def _natures_folded(found: Sequence[Move]) -> list[Move]:
    """A row's nature is one for all its years: told with a value that moved (not with a mere year), else once, for the last year."""
    last: dict[object, Move] = {}
    told: set[object] = set()
    for move in found:
        if move.kind != "changed" or not move.before or not move.after or move.before.nature == move.after.nature:
            continue
        row = _nature_row(move)
        if move.effect in _NATURES:
            if row not in last or str(move.year) > str(last[row].year):
                last[row] = move
        elif move.effect is not None or not same_figure(move.before, move.after):
            told.add(row)
    return [
        move
        for move in found
        if move.effect not in _NATURES
        or not (move.before and move.after)
        or (last.get(_nature_row(move)) is move and _nature_row(move) not in told)
    ]


def _nature_row(move: Move) -> object:
    before, after = move.before, move.after
    return before and before.quote, after and after.quote, after and idea(after)


def _row(move: Move) -> object:
    before, after = move.before, move.after
    if before and after:
        # The unit of a blank cell stands in no cell.
        units = (before.unit, after.unit) if move.kind == "reworded" else None
        return move.kind, before.name, after.name, units, _origin(move), before.section
    side = before or after
    return move.kind, side and (side.name, side.quote)


def _role(move: Move) -> str:
    side = move.after or move.before
    return side.role if side else ""


def _origin(move: Move) -> str:
    side = move.after or move.before
    return side.origin if side else ""


def _same_move(move: Move, other: Move) -> bool:
    if move.kind != other.kind or (move.before is None) != (other.before is None):
        return False
    for mine, theirs in ((move.before, other.before), (move.after, other.after)):
        if mine is None or theirs is None:
            if mine is not theirs:
                return False
        elif not _like(mine, theirs):
            return False
    return True


def _place(move: Move) -> tuple[bool, int, int]:
    side = move.after or move.before
    start = side.start if side else 0
    return _origin(move) != "table", start, move.before.start if move.before else 0
