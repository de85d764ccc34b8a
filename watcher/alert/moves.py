"""Indicator moves of a diff as lines that a person reads in ten seconds, weightiest first. Pure.

Input is the JSON of ``watcher diff``; anything missing in it is left out of the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

from watcher.alert.words import NATURES, OPS, ORIGINS, ROLES, pick
from watcher.lexicon.units import with_unit
from watcher.settings import WEIGHTS, Weight
from watcher.text import plain, tidy
from watcher.types import Effect, MoveLine
from watcher.words import EFFECT_WORDS, Language, effect_word

Json = Mapping[str, object]

WORD = 20
"""Characters of a unit, a year or a nature."""
LINE = 160
"""Characters of one side of a move or edit; longer ones are shortened in the middle of nowhere, with an ellipsis."""

LEAD = 12
"""Characters shown before what differs in two long texts."""

_SIDE = {">=": "floor", ">": "floor", "<=": "ceiling", "<": "ceiling"}
_ORDER = {name: place for place, name in enumerate(EFFECT_WORDS)}
_BASE = re.compile(r"^1(?=/)/")
_FORM = re.compile(
    "^[(（][一二三四五六七八九十0-9]{1,3}[)）]|^第[一二三四五六七八九十百0-9]{1,4}条|及(?=以[上下])|的|(?<=设)[立置]"
)
"""The number of an item before a name, 及 in 二级及以上, 的 and 设立 for 设: nobody calls that another name."""
_STEP = re.compile("[增减升降]|提高|缩小|扩大|变化|翻")
"""Words in a name that say it is a change."""
_BRACKETS = re.compile(r"[()\[\]{}〔〕【】]")


def objects(value: object) -> list[Json]:
    """The dicts in a JSON list; ``[]`` for anything else."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def string(value: object) -> str:
    """A JSON string or number as one tidy line, ``""`` for null, containers, and text of which nothing can be seen."""
    if isinstance(value, str):
        line = tidy(value)
        return line if any(map(_seen, line)) else ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _seen(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CZ"


def shorten(text: str, limit: int = LINE) -> str:
    """At most ``limit`` characters, an ellipsis for the rest."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def effect_of(move: Json) -> str:
    """The key in ``EFFECT_WORDS`` of a move: its effect, else whether it is only due later or sooner or turned its bound round, else its
    kind, else ``changed``. A sum that rose by a row's splitting is told as the split: 18人 → 8人 is no rise to who reads it.
    """
    effect, kind = move.get("effect"), move.get("kind")
    if kind in ("split", "merged") and effect in ("raised", "lowered"):
        return str(kind)
    if isinstance(effect, str) and effect in EFFECT_WORDS:
        return effect
    if isinstance(kind, str) and kind in EFFECT_WORDS and kind != "changed":
        return kind
    return _due(move) or ("reversed" if _reversed(move) else "changed")


def _reversed(move: Json) -> bool:
    """Whether what was a ceiling is a floor now, or the reverse: a slip of the pen or another promise, and either must be seen."""
    sides = {_SIDE.get(string(json_side(move.get(end)).get("op"))) for end in ("before", "after")}
    return sides == {"floor", "ceiling"}


def _due(move: Json) -> str:
    """``postponed`` or ``advanced`` where nothing but the year of a promise moved, else ``""``."""
    sides = [side for side in (move.get("before"), move.get("after")) if isinstance(side, Mapping)]
    if len(sides) < 2 or any(sides[0].get(part) != sides[1].get(part) for part in ("op", "value")):
        return ""
    one, other = (string(side.get("year")) for side in sides)
    if not one or len(one) != len(other) or one[-4:] == other[-4:]:
        return ""
    if sides[0].get("value") is None and sides[0].get("text") != sides[1].get("text"):
        return ""
    return "postponed" if other[-4:] > one[-4:] else "advanced"


def figure(side: Json, unit: str, language: Language = "zh") -> str:
    """``≤6‰``, ``约3万人``, ``1-1.5名``, ``持续增长``: operator, value and unit of one side, or its words."""
    return shorten(_printed(side, unit, language), LINE // 2)


def _printed(side: Json, unit: str, language: Language) -> str:
    value, op, printed = string(side.get("value")), string(side.get("op")), string(side.get("text"))
    # 1/10万 is a base, not a factor: ≤10/10万.
    unit = _BASE.sub("/", shorten(string(side.get("unit")) or unit, WORD))
    if value and op in OPS and ("分之" not in printed or unit):
        sign = OPS[op] if op != "~" or language == "zh" else "about "
        return f"{sign}{value}{unit}"
    return with_unit(printed, unit)


def _apart(old: str, new: str) -> list[str]:
    """Both sides short enough for a line, and where long words begin alike from shortly before the first difference."""
    pairs = enumerate(zip(old, new, strict=False))
    alike = next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))
    if old != new and max(len(old), len(new)) > LINE // 2 and alike > LEAD:
        old, new = ("…" + side[alike - LEAD :] for side in (old, new))
    return [shorten(old, LINE // 2), shorten(new, LINE // 2)]


def _nature(side: Json, language: Language) -> str:
    nature = shorten(string(side.get("nature")), WORD)
    return nature if language == "zh" else NATURES.get(nature, nature)


def _head(name: str, year: str, after: str) -> str:
    # 婴儿死亡率(2025)≤6‰ reads on; words and bare figures need a space after a name that ends in neither.
    head = name + year
    return head if year or not after else head + " "


def move_line(move: Json, language: Language = "zh") -> MoveLine:
    """One move as one line: name, year, before → after, and its effect in words."""
    word = effect_of(move)
    unit = string(move.get("unit"))
    before = move.get("before") if isinstance(move.get("before"), Mapping) else None
    after = move.get("after") if isinstance(move.get("after"), Mapping) else None
    old, new = cast("Json | None", before), cast("Json | None", after)
    name = shorten(string(move.get("name")), 80) or ("未命名指标" if language == "zh" else "unnamed indicator")
    year = _when(string(move.get("year")), new or old or {}, language)
    figures = _apart(*(_printed(side, unit, language) if side else "" for side in (old, new)))
    natures = [_nature(side, language) if side else "" for side in (old, new)]
    if old and new:
        name = _names(move, old, new, language) or name
        years = [shorten(string(side.get("year")), WORD) for side in (old, new)]
        if all(years) and years[0] != years[1] and figures[0] == figures[1]:
            # Only the time moved: 达标率 ≥90%(2025 → 2027).
            body, year = f"{_pair(figures, natures)}({years[0]} → {years[1]})", ""
        elif all(years) and years[0][-4:] != years[1][-4:]:
            body, year = _pair([f"{part}({when})" for part, when in zip(figures, years, strict=True)], natures), ""
        else:
            body = _pair(figures, natures)
    else:
        at = 0 if old else 1
        body = figures[at] + (f" {natures[at]}" if natures[at] else "")
    effect = move.get("effect")
    known = effect if isinstance(effect, str) and effect in EFFECT_WORDS else None
    return MoveLine(_head(name, year, body) + body, effect_word(word, language), cast("Effect | None", known))


def _when(year: str, side: Json, language: Language) -> str:
    """(2025), and of what promises nothing (2020基数): who reads 新增 must not take a fact for a target, nor a growth for a stock."""
    role = string(side.get("role"))
    note = None if role == "change" and _STEP.search(string(side.get("name"))) else ROLES.get(role)
    word = pick(note, language) if note else ""
    inside = shorten(year, WORD) + (" " if year and word and language == "en" else "") + word
    return f"({inside})" if inside else ""


def _names(move: Json, old: Json, new: Json, language: Language) -> str:
    """Both names where they are not one: whether it was renamed or replaced the reader judges."""
    past, now = (shorten(string(side.get("name")), 60) for side in (old, new))
    if not past or not now or _letters(past) == _letters(now):
        return ""
    if new.get("origin") == "prose" and move.get("kind") == "changed" and (past in now or now in past):
        return ""  # in running text more or fewer words around a name are no other name
    if move.get("kind") in ("reworded", "split", "merged"):
        return f"{past} → {now}"
    return f"{now}（原{past}）" if language == "zh" else f"{now} (was {past})"


def _letters(name: str) -> str:
    return _BRACKETS.sub("", _FORM.sub("", plain(name).replace("降低", "下降")))


def _pair(figures: list[str], natures: list[str]) -> str:
    moved = all(natures) and natures[0] != natures[1]
    if figures[0] == figures[1]:
        return f"{figures[0]} {natures[0]} → {natures[1]}".strip() if moved else figures[0]
    if moved:
        return f"{figures[0]} {natures[0]} → {figures[1]} {natures[1]}"
    return f"{figures[0]} → {figures[1]}"


BINDING: Final = "约束性"
WEAKER: Final = frozenset({"relaxed", "removed", "reversed"})
NATURE: Final = frozenset({"binding", "unbinding"})
SLIGHT: Final = frozenset({"reworded", "restated"})
"""Effects that leave every promise as it was."""

PAST: Final = frozenset({"baseline", "actual"})
"""Roles of values that promise nothing."""


def move_weight(move: Json) -> Weight:
    """The weight of one indicator's move."""
    effect = effect_of(move)
    sides = (json_side(move.get("before")), json_side(move.get("after")))
    if effect in SLIGHT or any(side.get("role") in PAST for side in sides):
        return "low"
    if effect in WEAKER | NATURE or any(side.get("nature") == BINDING for side in sides):
        return "high"
    return "medium"


def weigh(move: Json) -> tuple[int, int, int, int]:
    """Sort key, smallest first: weight, effect, then binding targets, then indicators that we know by key."""
    binding = any(json_side(move.get(end)).get("nature") == BINDING for end in ("before", "after"))
    return (
        -WEIGHTS.index(move_weight(move)),
        _ORDER[effect_of(move)],
        0 if binding else 1,
        0 if move.get("key") else 1,
    )


def move_lines(moves: Sequence[Json], language: Language = "zh") -> tuple[MoveLine, ...]:
    """All moves as lines, weightiest first, in the order of the document where they weigh the same.

    Where table and running text move the same indicator each line says which of the two it was read from.
    """
    places = Counter(subject for subject, _ in {(_subject(move), _last(move, "origin")) for move in moves})
    lines = []
    for move in sorted(moves, key=weigh):
        line = move_line(move, language)
        if places[_subject(move)] > 1 and (place := ORIGINS.get(_last(move, "origin"))):
            line = replace(line, text=f"{line.text} {pick(place, language)}")
        lines.append(line)
    return tuple(lines)


def disputed(moves: Sequence[Json]) -> int:
    """How many moves end at a value that the same document contradicts elsewhere."""
    return sum(1 for move in moves if json_side(move.get("after")).get("disputed") is True)


def json_side(value: object) -> Json:
    """One side of a move, empty where there is none."""
    return cast(Json, value) if isinstance(value, Mapping) else {}


def _subject(move: Json) -> tuple[str, str]:
    return string(move.get("name")), string(move.get("year"))


def _last(move: Json, field: str) -> str:
    return string(json_side(move.get("after") or move.get("before")).get(field))


def count_words(moves: Sequence[Json], language: Language = "zh") -> str:
    """「3项指标变动：1项收紧、1项放宽、1项新增」; ``""`` for no moves."""
    if not moves:
        return ""
    counts = Counter(effect_of(move) for move in moves)
    ordered = sorted(counts.items(), key=lambda pair: _ORDER[pair[0]])
    if language == "zh":
        return f"{len(moves)}项指标变动：" + "、".join(f"{n}项{effect_word(word, 'zh')}" for word, n in ordered)
    plural = "s" if len(moves) > 1 else ""
    return f"{len(moves)} indicator move{plural}: " + ", ".join(f"{n} {effect_word(word, 'en')}" for word, n in ordered)
