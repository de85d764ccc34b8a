"""Cells that hold several values: told apart by words (男78 女82), by years, or in the order of the names of their row (10/12)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from watcher.indicators import joint
from watcher.indicators.values import UNIT_PATTERN

_LONGEST = 80
_NUMBER = re.compile("[0-9０-９][0-9０-９.．,，]*")
_VALUE = re.compile(
    rf"(?:[≥≤≧≦<>＜＞约]|不低于|不少于|不高于|不超过|达到?)?[0-9]+(?:\.[0-9]+)?(?:{UNIT_PATTERN})?(?:及?以[上下内]|左右)?"
)
_LABEL = re.compile(
    r"(?P<year>20\d\d)年?[底末]?[:：]?|(?P<word>[\u4e00-\u9fff（）()]{1,10}?)(?:[:：为达]|达到)?(?=[≥≤≧≦<>＜＞约不0-9])"
)
_BETWEEN = re.compile(r"[\s，,、；;/／]*")
_APART = re.compile(r"\s*[、/／；;]\s*|\s+")
_OPENS = re.compile(r"[（(](?:其中[:：]?)?")
_NO_LABEL = re.compile(
    r"建|新增|达|其中|共|完成|[提增降减超高低约不每到至由从较比前近]|上升|下降|累计|年均|力争|控制|保持|稳定|培训|以上|以下|左右|以内"
)
_SLASH = re.compile(r"[/／]")
_LISTED = re.compile(r"[、/／]")
_MEASURED = frozenset("率数量")
"""The last characters of a name that says itself what is counted."""
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\s[0-9]{3})+")


class Part(NamedTuple):
    """One of several values of a cell."""

    name: str
    text: str
    """As printed."""
    year: int | None
    """The year printed before it, ``None`` where there is none."""
    unit: str
    """Of a row whose unit lists one for each of its names; ``""`` for the row's own."""


def parts(name: str, text: str, unit: str = "") -> list[Part]:
    """The values of a cell, each with its own name; ``[]`` where the cell holds one value, or words.

    A word before a value goes behind the row's name in brackets (人均预期寿命（男）); a figure before the brackets is the
    row's own. Bare values go to the names that the row lists, if it lists as many.
    """
    if len(text) > _LONGEST or len(_NUMBER.findall(text)) < 2:
        return []
    return _told_apart(name, text) or _in_turn(name, text, unit)


def apart(text: str) -> bool:
    """Whether a cell holds bare values parted by spaces (its lines), so that they must not run together."""
    values = text.split(" ")
    return len(values) > 1 and all(map(_VALUE.fullmatch, values)) and not _GROUPED.fullmatch(text)


def placed(told: Sequence[Part], printed: str, start: int, end: int) -> Iterator[tuple[Part, tuple[int, int]]]:
    """Each part with where it stands in the text of its cell, which takes ``start`` to ``end``; the whole cell where it is broken."""
    at = 0
    exact = len(printed) == end - start
    for part in told:
        found = printed.find(part.text, at) if exact else -1
        at = found + len(part.text) if found >= 0 else at
        yield part, (start + found, start + at) if found >= 0 else (start, end)


def _told_apart(name: str, text: str) -> list[Part]:
    found: list[Part] = []
    at = 0
    if (whole := _VALUE.match(text)) and (opened := _OPENS.match(text, whole.end())) and text[-1] in "）)":
        found.append(Part(name, whole[0], None, ""))
        at, text = opened.end(), text[:-1]
    labels: list[str] = []
    while at < len(text):
        label = _LABEL.match(text, at)
        value = _VALUE.match(text, label.end()) if label else None
        if label is None or value is None:
            return []
        if label["year"]:
            found.append(Part(name, value[0], int(label["year"]), ""))
        elif _NO_LABEL.match(label["word"]):
            return []
        else:
            found.append(Part(f"{name}（{label['word']}）", value[0], None, ""))
        labels.append(label["year"] or label["word"])
        between = _BETWEEN.match(text, value.end())
        at = between.end() if between else value.end()
    sizes = [len(label) for label in labels]
    fewest = 1 if len(found) > len(labels) else 2
    if len(set(labels)) < max(fewest, len(labels)) or max(sizes) - min(sizes) > 2:
        return []
    return found if len({label.isdigit() for label in labels}) == 1 else []


def _in_turn(name: str, text: str, unit: str) -> list[Part]:
    if _GROUPED.fullmatch(text):
        return []
    values = _APART.split(text)
    if len(values) < 2 or not all(map(_VALUE.fullmatch, values)):
        return []
    names = _sharing_an_end(name, len(values)) or joint.for_values(_SLASH.sub("、", name), len(values))
    units = _SLASH.split(unit)
    own = units if len(units) == len(values) else [""] * len(values)
    return [Part(*one, None, of) for one, of in zip(zip(names, values, strict=True), own, strict=True)] if names else []


def _sharing_an_end(name: str, count: int) -> list[str]:
    """三级医院/二级医院数量: names whose own end the last one has, too, before what it says for all; ``[]`` for others."""
    *pieces, last = _LISTED.split(name)
    if len(pieces) + 1 != count:
        return []
    if last[-1:] in _MEASURED and name[0] != "每" and all(len(piece) > 2 and piece[-1] == last[-1] for piece in pieces):
        return [*pieces, last]
    names: list[str] = []
    for piece in pieces:
        shared = next((piece[at:] for at in range(len(piece) - 1) if piece[at:] in last), "")
        if not shared or shared == piece:
            return []
        names.append(piece + last.rpartition(shared)[2])
    return [*names, last]
