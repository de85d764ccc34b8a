"""Spans of an edit in which only the way of writing differs: ≥95% and 达到95%以上, 百分之七十 and 70%, the number before a paragraph. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from watcher.alert.moves import LINE
from watcher.lexicon.numbers import chinese
from watcher.text import plain

FIGURE = re.compile(r"\d+(?:\.\d+)?")
_NUMBERING = re.compile(
    "(?:第[〇零一二三四五六七八九十百0-9]{1,5}[章节条款项]|[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．]|[①-⑳])[ \u3000]?"
)
"""The number before a paragraph. Who is told of an edit need not hear that what follows was renumbered."""
_BOUNDS = (
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),
    (re.compile(r"(?<=\d)\.0+(?!\d)|(?<=\.\d)0(?!\d)|(?<=\.\d\d)0(?!\d)"), ""),
    (re.compile("(?:下降|降低|减少|降)[到至]"), "降"),
    (re.compile("(?:提高|提升|增加|上升|升)[到至]"), "升"),
    (re.compile("[≥>]|不(?:得|能)?(?:低|少|小)于|及?以上"), "↑"),
    (re.compile("[≤<]|不(?:得|能)?(?:超过|[高多大]于)|以[内下]"), "↓"),
    (re.compile("达到?|[至到为在]"), ""),
)
"""Words and signs that say the same of a figure: ≥95% and 达到95%以上, 降至 and 下降到."""
_BOUND = re.compile("(?:达到?|左右|约|(?:高|低|多|少|大|小)于|超过|控制在|保持在?|[≥≤><～~↑↓])+")
_UNBOUND = dict.fromkeys(map(ord, "↑↓"))
_NUMERAL = re.compile("(百分之)?([〇零一二两三四五六七八九十百千]{1,12})")


def both(parts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """What the parts take away, and what they put in."""
    gone, came = ("".join(text for kind, text in parts if kind == side) for side in ("delete", "insert"))
    return gone, came


def telling(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The spans in which what differs in form only (brackets, ≥95% and 达到95%以上, the number before the paragraph) is equal.

    None differ where that is all.
    """
    result: list[tuple[str, str]] = []
    run: list[tuple[str, str]] = []
    for part in (*_around(parts), ("equal", "")):
        if part[0] != "equal":
            run.append(part)
            continue
        gone, came = both(run)
        if run and (_one_form(gone, came) or _numbers(result, gone, came, part[1])):
            run = [("equal", came)]
        for kind, text in (*run, part):
            if result and result[-1][0] == kind == "equal":
                result[-1] = (kind, result[-1][1] + text)
            elif text:
                result.append((kind, text))
        run = []
    return result


def _numbers(before: Sequence[tuple[str, str]], gone: str, came: str, after: str) -> bool:
    """Whether a run only sets another number before the paragraph, whole or within what stays of it (第「八」条, （「二」）)."""
    if len(before) > 1 or any(kind != "equal" for kind, _ in before):
        return False
    heads = [(before[0][1] if before else "") + side for side in (gone, came)]
    return all(
        not head or ((number := _NUMBERING.match(head + after[:2])) is not None and number.end() >= len(head))
        for head in heads
    )


def same_words(spans: Sequence[tuple[str, str]]) -> bool:
    """Whether only the way of writing differs: 百分之七十 and 70%, 1,200 and 1200, 第八条 and 第九条."""
    if not spans:
        return False
    whole = ["".join(text for kind, text in spans if kind != other) for other in ("insert", "delete")]
    return all(kind == "equal" for kind, _ in telling(spans)) and FIGURE.findall(_usual(whole[0])) == FIGURE.findall(
        _usual(whole[1])
    )


def _usual(text: str) -> str:
    number = _NUMBERING.match(text)
    text = _NUMERAL.sub(_in_digits, plain(text[number.end() if number else 0 :]))
    for pattern, usual in _BOUNDS[:2]:
        text = pattern.sub(usual, text)
    return text


def _in_digits(numeral: re.Match[str]) -> str:
    size = chinese(numeral[2])
    return numeral[0] if size is None else f"{size}{'%' * bool(numeral[1])}"


def only_bounds(text: str) -> bool:
    """Whether all that came and went are words or signs that bound a figure: 不低于, 以上, 左右."""
    text = plain(text)
    for pattern, usual in _BOUNDS[4:6]:
        text = pattern.sub(usual, text)
    return _BOUND.fullmatch(text) is not None


def _around(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The spans with a bound that passed from before a figure to behind it (不少于300份, 300份以上), or back, as one run of changes."""
    result: list[tuple[str, str]] = []
    at = 0
    while at < len(parts):
        three = parts[at : at + 3]
        kinds = [kind for kind, _ in three]
        if kinds in (["delete", "equal", "insert"], ["insert", "equal", "delete"]) and len(three[1][1]) <= _LONGEST:
            gone, came = (
                "".join(text for kind, text in three if kind in ("equal", side)) for side in ("delete", "insert")
            )
            alone = len(parts) == at + 3 or parts[at + 3][0] == "equal"
            if (
                alone
                and (not result or result[-1][0] == "equal")
                and FIGURE.search(three[1][1])
                and _one_form(gone, came)
            ):
                result += [("delete", gone), ("insert", came)]
                at += 3
                continue
        result.append(parts[at])
        at += 1
    return result


_LONGEST = 16
"""Characters of a figure with its unit."""


def _one_form(gone: str, came: str) -> bool:
    if not gone or not came or len(gone) + len(came) > LINE:
        return False
    one, other = (_NUMERAL.sub(_in_digits, plain(side)) for side in (gone, came))
    for pattern, usual in _BOUNDS:
        one, other = pattern.sub(usual, one), pattern.sub(usual, other)
    if one == other:
        return True
    # ≥95% and 95%以上: the bound stands before or behind.
    return Counter(one) == Counter(other) and one.translate(_UNBOUND) == other.translate(_UNBOUND)
