"""The words in which changes are told, Chinese and English, and the few texts that every rendering shares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from watcher.compare.context import sections
from watcher.compare.values import letters, same_figure
from watcher.lexicon.units import with_unit
from watcher.types import Change, Edit, EditKind, Indicator, Move
from watcher.words import Language, effect_word

_EDITS: dict[Language, dict[EditKind, str]] = {
    "zh": {
        "replace": "修改", "insert": "新增", "delete": "删除", "move": "移动", "format": "格式", "cell": "表格",
        "row": "表格行", "column": "表格列",
    },
    "en": {
        "replace": "changed", "insert": "added", "delete": "deleted", "move": "moved", "format": "format only",
        "cell": "cell", "row": "row", "column": "column",
    },
}  # fmt: skip
_ORDER = (
    "tightened", "relaxed", "postponed", "advanced", "raised", "lowered", "binding", "unbinding", "added", "removed", "split", "merged",
    "restated", "reworded", "changed",
)  # fmt: skip
"""What moved, the heaviest first."""
_OPS = {"=": "", "<": "<", "<=": "≤", ">": ">", ">=": "≥", "~": "约", "text": ""}
_NATURES = {"预期性": "anticipatory", "约束性": "binding", "建议性": "advisory"}
_STEP = re.compile("[增减升降]|提高|缩小|扩大|变化|翻")
"""Words in a name that say it is a change."""
_BASE = re.compile(r"^1/(?=[0-9])")
"""1/10万 is a base and not a factor: ≤12/10万, never ≤121/10万."""


def word(move: Move, language: Language = "zh") -> str:
    """What happened to an indicator in a word: 收紧, 放宽, 新增 …; of what was split or merged, its effect as well."""
    if move.kind in ("split", "merged") and move.effect:
        return ("并" if language == "zh" else ", ").join(effect_word(one, language) for one in (move.kind, move.effect))
    return effect_word(sort(move), language)


def sort(move: Move) -> str:
    """What a move counts as: its kind where it was split or merged, else its effect, else whether it is due later, else ``changed``."""
    return move.kind if move.kind in ("split", "merged") else move.effect or _due(move) or "changed"


def _due(move: Move) -> str:
    """``postponed`` or ``advanced`` where nothing but the year of a promise moved, else ``""``."""
    before, after = move.before, move.after
    if not before or not after or before.op != after.op or not same_figure(before, after):
        return ""
    one, other = (str(side.year)[-4:] for side in (before, after))
    if before.year is None or after.year is None or one == other or len(str(before.year)) != len(str(after.year)):
        return ""
    return "postponed" if other > one else "advanced"


def edit_word(edit: Edit, language: Language = "zh") -> str:
    """A text edit's kind in words; of rows and columns, whether they came, went or moved."""
    if edit.kind not in ("row", "column"):
        return _EDITS[language][edit.kind]
    what: EditKind = (
        "insert" if not edit.before else "delete" if not edit.after else "move" if edit.kind == "row" else "replace"
    )
    noun, verb = _EDITS[language][edit.kind], _EDITS[language][what]
    return noun + verb if language == "zh" else f"{noun} {verb}"


def headline(change: Change, language: Language = "zh") -> str:
    """The first line: how many indicators moved and which way, then how much of the text.

    ``3项指标变动：1项收紧、1项放宽、1项新增；文字修改5处``
    """
    if not change:
        return "没有差异" if language == "zh" else "No difference"
    return ("；" if language == "zh" else "; ").join(
        filter(None, (_moved(change.moves, language), _edited(change.edits, language)))
    )


def _moved(moves: Sequence[Move], language: Language) -> str:
    if not moves:
        return "指标无变动" if language == "zh" else "No indicator moved"
    counts = Counter(map(sort, moves))
    ordered = [(counts[name], effect_word(name, language)) for name in _ORDER if counts[name]]
    if language == "zh":
        return f"{len(moves)}项指标变动：" + "、".join(f"{count}项{name}" for count, name in ordered)
    noun = "indicator" if len(moves) == 1 else "indicators"
    return f"{len(moves)} {noun} moved: " + ", ".join(f"{count} {name}" for count, name in ordered)


def _edited(edits: Sequence[Edit], language: Language) -> str:
    """Content, moves and form counted apart; a new column counts once, whatever its cells."""
    kinds: Counter[str] = Counter()
    for _, groups in sections(edits):
        for group in groups:
            kinds[_weight(group.first)] += 1 if group.first.kind == "column" else len(group.edits)
    content, moved, form = kinds["content"], kinds["moved"], kinds["form"]
    if language == "zh":
        parts = [
            f"文字修改{content}处" * bool(content),
            f"移动{moved}处" * bool(moved),
            f"格式或编号{form}处" * bool(form),
        ]
        return "、".join(filter(None, parts))
    parts = [
        f"{content} text edit{'s' * (content != 1)}" * bool(content),
        f"{moved} moved" * bool(moved),
        f"{form} in form or numbering only" * bool(form),
    ]
    return ", ".join(filter(None, parts))


def _weight(edit: Edit) -> str:
    if edit.kind == "format":
        return "form"
    return "moved" if edit.kind == "move" or (edit.kind == "row" and edit.before and edit.after) else "content"


def value(indicator: Indicator, language: Language = "zh") -> str:
    """A value as people write it: ``≤6‰``, ``7.5张``, ``≤12/10万``; words as printed, a range with its unit."""
    unit = _BASE.sub("/", " ".join(indicator.unit.split()))
    if indicator.value is None or indicator.op == "text":
        printed = " ".join(indicator.text.split())
        if not printed:
            return "（空）" if language == "zh" else "(empty)"
        return with_unit(printed, unit)
    figure = indicator.value
    try:
        if "E" in f"{Decimal(figure)}":
            figure = f"{Decimal(figure):f}"
    except InvalidOperation:
        pass
    sign = "about " if indicator.op == "~" and language == "en" else _OPS[indicator.op]
    return f"{sign}{figure}{' ' if unit[:1].isalpha() and unit[:1].isascii() else ''}{unit}"


def nature(indicator: Indicator, language: Language = "zh") -> str:
    """约束性, 预期性, 建议性 in the language, ``""`` where none is said."""
    said = indicator.nature or ""
    return said if language == "zh" else _NATURES.get(said, "")


def describe(move: Move, language: Language = "zh") -> str:
    """One line: ``婴儿死亡率（2025年）≤6‰ → ≤5‰ 收紧``. An added or removed indicator has one side only; natures, years and
    names that differ are said on both sides, and so is a contradiction that the new value makes.
    """
    zh = language == "zh"
    before, after = move.before, move.after
    name, year, what = " ".join(move.name.split()), when(move, language), word(move, language)
    gap = "" if year and zh else " "
    if before is None or after is None:
        side = after or before
        return f"{name}{year}{gap}{_said(side, language, True) if side else ''} {what}"
    natures = before.nature != after.nature
    old, new = _said(before, language, natures), _said(after, language, natures)
    if after.disputed and not before.disputed:
        new += "（与文中他处不一致）" if zh else " (contradicts another place)"
    if before.year != after.year and before.year is not None and after.year is not None:
        old, new = (f"{side.year}{'年' if zh else ' '}{text}" for side, text in ((before, old), (after, new)))
        year, gap = "", " "
    past = " ".join(before.name.split())
    if move.kind in ("reworded", "split", "merged") and past != name:
        return f"{past} {old} → {name} {new}{year} {what}"
    return f"{name_of(move, language)}{year}{gap}{old} → {new} {what}"


def name_of(move: Move, language: Language = "zh") -> str:
    """The indicator's name, and the one it had where that is another: whether it was renamed or replaced the reader judges."""
    name = " ".join(move.name.split())
    past = " ".join(move.before.name.split()) if move.before and move.after else name
    if letters(past) == letters(name):
        return name
    if move.after and move.after.origin == "prose" and (past in name or name in past):
        return name  # in running text more or fewer words around a name are no other name
    return f"{name}（原{past}）" if language == "zh" else f"{name} (was {past})"


def _said(side: Indicator, language: Language, natures: bool) -> str:
    """The value, and the nature in brackets where it matters."""
    text, kind = value(side, language), nature(side, language)
    if not natures or not kind:
        return text
    return f"{text}（{kind}）" if language == "zh" else f"{text} ({kind})"


def when(move: Move, language: Language) -> str:
    """（2025年）, with the words baseline or actual where it is not a target; （2025年 → 2027年） where the year moved."""
    side = move.after or move.before
    role = side.role if side else "target"
    if side and role == "change" and _STEP.search(side.name):
        role = "target"
    ends = [end.year for end in (move.before, move.after) if end and end.year is not None]
    years = list(dict.fromkeys(ends)) or [year for year in (move.year,) if year is not None]
    year = " → ".join(f"{one}年" if language == "zh" else str(one) for one in years)
    if language == "zh":
        note = {"baseline": "基数", "actual": "现状", "change": "增减", "target": ""}[role]
        inside = year + note
        return f"（{inside}）" if inside else ""
    note = {"baseline": "baseline", "actual": "actual", "change": "change", "target": ""}[role]
    inside = " ".join(filter(None, (year, note)))
    return f" ({inside})" if inside else ""
