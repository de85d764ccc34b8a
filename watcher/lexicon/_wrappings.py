"""A title without its wrappings, and what stands inside and around its 《》. Part of ``titles``."""

from __future__ import annotations

import re
import unicodedata

from watcher.lexicon._frames import (
    ADJUSTED_OUTSIDE,
    ANNOUNCED,
    CONSULT,
    FOLD,
    INTERPRET,
    INVALID,
    KIND,
    LABEL,
    LABEL_ORGAN,
    NEWS_TAIL,
    ORGAN_BEHIND,
    PASSED,
    SPACE,
    STANDARD_FIRST,
    TEXT_TAIL,
    VALID,
    WRAPS,
    YEARS_OUTSIDE,
)
from watcher.lexicon.periods import DASHED

LONGEST = 400
"""Titles are cut here; nobody prints longer ones, and every pattern below stays cheap."""


def book_titles(whole: str) -> tuple[str, ...]:
    """Contents of the outermost 《…》, in order; an unclosed one runs to the end, less the frame behind it."""
    found, depth, start = [], 0, 0
    for at, character in enumerate(whole):
        if character == "《":
            depth += 1
            if depth == 1:
                start = at + 1
        elif character == "》" and depth:
            depth -= 1
            # 《关于印发《X》的通知 (never closed): the next 《 at depth 1 would swallow it; real titles nest once at most.
            if depth == 0:
                found.append(whole[start:at])
    if depth and not found and len(whole) - start > 3:
        rest = whole[start:]
        found.append(rest.replace("《", "") if "》" not in rest else max(re.split("[《》]", rest), key=len))
    return tuple(book for book in found if len(book) > 1)


def outside(whole: str) -> str:
    """``whole`` with each outermost 《…》 replaced by □."""
    out, depth = [], 0
    for character in whole:
        if character == "《":
            if depth == 0:
                out.append("□")
            depth += 1
        elif character == "》":
            depth = max(0, depth - 1)
        elif depth == 0:
            out.append(character)
    return "".join(out)


def fold(title: str) -> str:
    folded = SPACE.sub("", unicodedata.normalize("NFKC", title[:LONGEST].translate(FOLD))).translate(FOLD)
    return DASHED.sub("-", folded)


def unwrap(title: str) -> str:
    text = fold(title)
    for _ in range(3):
        before = text
        for wrap in WRAPS:
            text = wrap.sub("", text)
        text = VALID.sub("", INVALID.sub("", text)).strip(":.、;,-_|")
        if text == before:
            break
    text = STANDARD_FIRST.sub(r"\g<name>(\1)", NEWS_TAIL.sub("", PASSED.sub("", text)))
    text = TEXT_TAIL.sub("", _without_label(text))
    if announced := ANNOUNCED.match(text):
        text = announced["plan"]
    text = YEARS_OUTSIDE.sub(r"\1》", ORGAN_BEHIND.sub("", text))
    return ADJUSTED_OUTSIDE.sub(r"\1》", text)


def _without_label(text: str) -> str:
    """A label before a colon goes; what it says of the plan (asked about, explained) stays."""
    if not (match := LABEL.match(text)) or INTERPRET.search(match["label"]):
        return text
    label, rest = match["label"], match["rest"]
    if CONSULT.search(label) or label.endswith("征集公告"):
        return rest if CONSULT.search(rest) else f"{rest}征求意见"
    return rest if LABEL_ORGAN.search(label) or (not KIND.search(label) and len(label) <= 8) else text
