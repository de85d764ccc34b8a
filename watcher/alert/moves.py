"""Indicator moves and text edits of a diff as lines that a person reads in ten seconds, weightiest first. Pure.

Input is the JSON of ``watcher diff`` (moves and edits as dicts); anything missing in it is left out of the line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from watcher.alert.words import EFFECTS, NATURES, OPS, ORIGINS, Language, pick
from watcher.text import squeeze, tidy
from watcher.types import Change, EditLine, Effect, MoveLine

Json = Mapping[str, object]

EDITS_SHOWN = 3
WORD = 20
"""Characters of a unit, a year or a nature."""
LINE = 160
"""Characters of one side of a move or edit; longer ones are shortened in the middle of nowhere, with an ellipsis."""
SECTION = 40
"""Characters of a section or a table's label."""
SMALL = 1.0
"""The weight of an edit of one word; less have those of the letter and those that only carry a move."""
LETTER = 300
"""Characters of a paragraph in which the words of a letter are looked for."""
CONTEXT = 12
"""Characters shown on either side of what changed in a paragraph."""
FORMAT_ONLY = frozenset({"format"})
"""Kinds of edit that change width or spacing only: no message of their own."""

_ORDER = {name: place for place, name in enumerate(EFFECTS)}
_BASE = re.compile(r"^1(?=/)/")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(
    r"联系(?:人|电话|方式|地址)|邮箱|电子邮件|传真|邮编|[〔\[（(]\d{4}[〕\]）)]\s?\d{1,4}号|此件|印发给你们|征求意见|征集意见|反馈意见"
    r"|^各[^。]{1,60}[：:]$|^\d{4}年\d{1,2}月\d{1,2}日$"
)
"""Parts of the letter around a plan: they change with every stage and say nothing about the plan."""
_LETTER_SECTION = re.compile("(?:通知|公告|公示|启事|函|征求意见稿?[）)]?)$")
_FORCE = re.compile("约束性|预期性|不得|必须|应当|严禁|鼓励|可以|不低于|不超过|以上|以下|全部|废止|取消|新增|暂缓")


def objects(value: object) -> list[Json]:
    """The dicts in a JSON list; ``[]`` for anything else."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def string(value: object) -> str:
    """A JSON string or number as one tidy line, ``""`` for null and containers."""
    if isinstance(value, str):
        return tidy(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def shorten(text: str, limit: int = LINE) -> str:
    """At most ``limit`` characters, an ellipsis for the rest."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def effect_of(move: Json) -> str:
    """The key in ``EFFECTS`` of a move: its effect, else its kind, else ``changed``."""
    effect, kind = move.get("effect"), move.get("kind")
    if isinstance(effect, str) and effect in EFFECTS:
        return effect
    return kind if isinstance(kind, str) and kind in EFFECTS else "changed"


def figure(side: Json, unit: str, language: Language = "zh") -> str:
    """``≤6‰``, ``约3万人``, ``1-1.5名``, ``持续增长``: operator, value and unit of one side, or its words."""
    value, op, printed = string(side.get("value")), string(side.get("op")), string(side.get("text"))
    # 1/10万 is a base, not a factor: ≤10/10万.
    unit = _BASE.sub("/", shorten(string(side.get("unit")) or unit, WORD))
    if value and op in OPS:
        sign = OPS[op] if op != "~" or language == "zh" else "about "
        return shorten(f"{sign}{value}{unit}", LINE // 2)
    if unit and _DIGIT.search(printed) and squeeze(unit) not in squeeze(printed):
        printed += unit
    return shorten(printed, LINE // 2)


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
    year = f"({when})" if (when := shorten(string(move.get("year")), WORD)) else ""
    figures = [figure(side, unit, language) if side else "" for side in (old, new)]
    natures = [_nature(side, language) if side else "" for side in (old, new)]
    if old and new:
        names = [string(side.get("name")) for side in (old, new)]
        if word == "reworded" and all(names) and names[0] != names[1]:
            name = f"{shorten(names[0], 60)} → {shorten(names[1], 60)}"
        years = [shorten(string(side.get("year")), WORD) for side in (old, new)]
        if all(years) and years[0] != years[1]:
            figures = [f"{part}({when})" for part, when in zip(figures, years, strict=True)]
            year = ""
        body = _pair(figures, natures)
    else:
        at = 0 if old else 1
        body = figures[at] + (f" {natures[at]}" if natures[at] else "")
    effect = move.get("effect")
    known = effect if isinstance(effect, str) and effect in EFFECTS else None
    return MoveLine(_head(name, year, body) + body, pick(EFFECTS[word], language), cast("Effect | None", known))


def _pair(figures: list[str], natures: list[str]) -> str:
    moved = all(natures) and natures[0] != natures[1]
    if figures[0] == figures[1]:
        return f"{figures[0]} {natures[0]} → {natures[1]}".strip() if moved else figures[0]
    if moved:
        return f"{figures[0]} {natures[0]} → {figures[1]} {natures[1]}"
    return f"{figures[0]} → {figures[1]}"


def weigh(move: Json) -> tuple[int, int, int]:
    """Sort key, smallest first: effect, then binding targets, then indicators that we know by key."""
    sides = [side for side in (move.get("before"), move.get("after")) if isinstance(side, Mapping)]
    binding = any(side.get("nature") == "约束性" for side in sides)
    return (_ORDER[effect_of(move)], 0 if binding else 1, 0 if move.get("key") else 1)


def move_lines(moves: Sequence[Json], language: Language = "zh") -> tuple[MoveLine, ...]:
    """All moves as lines, weightiest first, in the order of the document where they weigh the same.

    Where table and running text move the same indicator each line says which of the two it was read from.
    """
    named = Counter(_subject(move) for move in moves)
    lines = []
    for move in sorted(moves, key=weigh):
        line = move_line(move, language)
        if named[_subject(move)] > 1 and (place := ORIGINS.get(_last(move, "origin"))):
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
        return f"{len(moves)}项指标变动：" + "、".join(f"{n}项{pick(EFFECTS[word], 'zh')}" for word, n in ordered)
    plural = "s" if len(moves) > 1 else ""
    return f"{len(moves)} indicator move{plural}: " + ", ".join(
        f"{n} {pick(EFFECTS[word], 'en')}" for word, n in ordered
    )


def real_edits(edits: Sequence[Json]) -> list[Json]:
    """The edits that say something: not width or spacing alone, and with some text on one side."""
    return [
        edit
        for edit in edits
        if str(edit.get("kind")) not in FORMAT_ONLY and (string(edit.get("before")) or string(edit.get("after")))
    ]


def edit_weight(edit: Json, quotes: Sequence[str] = ()) -> float:
    """How much an edit deserves one of the few lines: figures and words of obligation, then length.

    Edits that only carry a move which has a line of its own (``quotes`` of the moves) weigh little, and so does the
    letter around a plan: document number, salutation, contact, date.
    """
    parts = [(str(span[0]), str(span[1])) for span in _spans(edit)]
    touched = "".join(text for kind, text in parts if kind != "equal")
    if not parts:
        touched = string(edit.get("before")) + string(edit.get("after"))
    weight = (
        SMALL
        + min(len(squeeze(touched)), 150) / 10
        + 8 * bool(_DIGIT.search(touched))
        + 6 * len(_FORCE.findall(touched)[:5])
    )
    if edit.get("kind") == "move":
        weight /= 10
    elif edit.get("kind") in ("cell", "row", "column"):
        weight /= 3  # a table speaks through its moves
    whole = string(edit.get("after")) or string(edit.get("before"))
    letter = _LETTER.search(whole[:LETTER]) or any(
        _LETTER_SECTION.search(text) for text in (whole[:LETTER], string(edit.get("section")))
    )
    if letter:
        weight = min(weight / 20, 0.9 * SMALL)
    sides = (squeeze(string(edit.get("before"))), squeeze(string(edit.get("after"))))
    if any(quote and any(quote in side or side in quote for side in sides if side) for quote in quotes):
        weight /= 100
    return weight


def _spans(edit: Json) -> list[tuple[str, str]]:
    spans = edit.get("spans")
    if not isinstance(spans, list | tuple):
        return []
    return [(str(span[0]), str(span[1])) for span in spans if isinstance(span, list | tuple) and len(span) == 2]


def _windows(spans: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Before and after around the first run of changes that stand close together."""
    first = next((at for at, (kind, _) in enumerate(spans) if kind != "equal"), None)
    if first is None:
        return "", ""
    last = first
    for at in range(first + 1, len(spans)):
        if spans[at][0] != "equal":
            last = at
        elif len(spans[at][1]) > 2 * CONTEXT:
            break
    lead = spans[first - 1][1] if first else ""
    tail = spans[last + 1][1] if last + 1 < len(spans) else ""
    lead = ("…" if len(lead) > CONTEXT or first > 1 else "") + lead[-CONTEXT:]
    tail = tail[:CONTEXT] + ("…" if len(tail) > CONTEXT or last + 2 < len(spans) else "")
    run = spans[first : last + 1]
    sides = ("".join(text for kind, text in run if kind != other) for other in ("insert", "delete"))
    old, new = (tidy(lead + side + tail) for side in sides)
    return old, new


def _ending(text: str, limit: int) -> str:
    return text if len(text) <= limit else "…" + text[1 - limit :]


_EDIT_WORDS = {"insert": ("新增", "added"), "delete": ("删去", "deleted"), "move": ("移动", "moved")}


def edit_line(edit: Json, language: Language = "zh") -> EditLine:
    """One edit as one line: 「…6.8张…」→「…7.5张…」, or 新增「…」, 删去「…」, 移动「…」."""
    before, after = string(edit.get("before")), string(edit.get("after"))
    # Of a long path the end says where we are; of a table edit the label does.
    places = [string(edit.get("section")), string(edit.get("label"))]
    section = " ".join(_ending(place, SECTION) for place in places if place)
    left, right = ("「", "」") if language == "zh" else ("“", "”")
    kind = str(edit.get("kind"))
    if kind == "move" or not before or not after:
        word = "move" if kind == "move" else "insert" if after else "delete"
        label = pick(_EDIT_WORDS[word], language) + ("" if language == "zh" else " ")
        return EditLine(section, f"{label}{left}{shorten(after or before, LINE // 2)}{right}")
    old, new = _windows(_spans(edit))
    old, new = (old, new) if old or new else (before, after)
    return EditLine(section, f"{left}{shorten(old, LINE // 2)}{right} → {left}{shorten(new, LINE // 2)}{right}")


def edit_lines(
    edits: Sequence[Json], moves: Sequence[Json] = (), language: Language = "zh", shown: int = EDITS_SHOWN
) -> tuple[tuple[EditLine, ...], int]:
    """The weightiest edits as lines, and how many more there are."""
    real = real_edits(edits)
    quotes = [
        squeeze(string(side.get("quote")))
        for move in moves
        for side in (move.get("before"), move.get("after"))
        if isinstance(side, Mapping)
    ]
    ranked = sorted(real, key=lambda edit: -edit_weight(edit, quotes))
    # Beside moves only what has something to say of its own; without them the little there is.
    chosen = [edit for edit in ranked if edit_weight(edit, quotes) >= SMALL][:shown] or (
        [] if moves else ranked[:shown]
    )
    return tuple(edit_line(edit, language) for edit in chosen), len(real) - len(chosen)


def worth_telling(change: Change) -> bool:
    """Whether a change may become an alert: an indicator moved, or text changed by more than width and spacing."""
    if change.moves:
        return True
    return any(edit.kind not in FORMAT_ONLY and (tidy(edit.before) or tidy(edit.after)) for edit in change.edits)
