"""What differs inside one changed text, in spans that read well.

Tokens become private code points and go through diff-match-patch, so that its diff and its semantic clean-up work on
whole numbers and words. Long texts go through rapidfuzz's bit-parallel alignment first, which is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from watcher.compare.tokens import tokens
from watcher.types import SpanKind

Spans = tuple[tuple[SpanKind, str], ...]

_SMALL = 60_000
"""Products of token counts up to which diff-match-patch alone is quick enough (some milliseconds)."""
_MOSTLY = 0.6
"""Share of a text from which on what stayed is shown word by word; below, scattered words that happen to be equal would only confuse."""
_LARGE = 60_000_000
"""Products up to which an alignment matrix is made (one bit a cell: 8 MB)."""
_STOPS = "。；;\n"
_PAUSES = "，、,：:"
_SHIFT = 200
"""Characters that a change is moved by at most."""
_SENTENCE = re.compile(r"[^。；;！!？?\n]*[。；;！!？?\n]|[^。；;！!？?\n]+")

_Ops = list[tuple[int, Sequence[str]]]


def spans(before: str, after: str) -> Spans:
    """Equal, deleted and inserted stretches; the equal and deleted ones joined are ``before``, the equal and inserted
    ones are ``after``. Neighbours never share a kind, and a deletion stands before its insertion.
    """
    if before == after:
        return (("equal", before),) if before else ()
    if not before:
        return (("insert", after),)
    if not after:
        return (("delete", before),)
    head, tail = _ends(before, after)
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    ends = ([(0, [before[:head]])], [(0, [before[len(before) - tail :]])])
    return _settled(_join([*ends[0], *_align(tokens(left), tokens(right)), *ends[1]]))


def _settled(found: Spans) -> Spans:
    """What came or went alone begins behind a full stop (or a comma) where it may as well: 机构。{每县至少1所示范机构。}, never {机构。每县至少1所示范}机构。"""
    result = list(found)
    for at in range(1, len(result) - 1):
        (left, head), (kind, text), (right, tail) = result[at - 1 : at + 2]
        if left != "equal" or kind == "equal" or right != "equal" or head[-1] in _STOPS:
            continue
        # Neighbours of a kind never meet: an equal stretch between two changes keeps a character.
        back = min(_common(head[::-1][:_SHIFT], text[::-1]), len(head) - (at > 1))
        ahead = min(_common(text[:_SHIFT], tail), len(tail) - (at + 2 < len(result)))
        whole = head + text + tail
        places = range(len(head) - back, len(head) + ahead + 1)
        for stops in (_STOPS, _PAUSES):
            if start := next((one for one in places if one and whole[one - 1] in stops), 0):
                end = start + len(text)
                result[at - 1 : at + 2] = [(left, whole[:start]), (kind, whole[start:end]), (right, whole[end:])]
                break
            if head[-1] in _PAUSES:
                break
    return tuple(span for span in result if span[1])


def _ends(before: str, after: str) -> tuple[int, int]:
    """Lengths of the whole sentences that both texts begin and end with: these need no tokens."""
    limit = min(len(before), len(after))
    head = _shared(limit, lambda size: before[:size] == after[:size])
    head = max(before.rfind(mark, 0, head) for mark in _STOPS) + 1
    rest = limit - head
    tail = _shared(rest, lambda size: not size or before[-size:] == after[-size:])
    marks = [at for mark in _STOPS if tail and (at := before.find(mark, len(before) - tail)) >= 0]
    return head, len(before) - min(marks) - 1 if marks else 0


def _shared(limit: int, agree: Callable[[int], bool]) -> int:
    """The greatest size up to ``limit`` that agrees, by halving."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if agree(middle) else (low, middle - 1)
    return low


def _align(before: list[str], after: list[str]) -> _Ops:
    """The token diff: common ends first, then by size."""
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    left, right = before[head : len(before) - tail], after[head : len(after) - tail]
    middle: _Ops
    if not left or not right:
        middle = [(-1, left), (1, right)]
    elif len(left) * len(right) <= _SMALL:
        middle = _fine(left, right)
    elif len(left) * len(right) <= _LARGE:
        middle = _tidy(_coarse(left, right))
    else:
        middle = _by_sentence(left, right)
    return [(0, before[:head]), *middle, (0, before[len(before) - tail :])]


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    size = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        size += 1
    return size


def _matcher() -> Any:
    from diff_match_patch import diff_match_patch

    matcher = diff_match_patch()
    matcher.Diff_Timeout = 0  # the result must not depend on the clock
    return matcher


def _encode(a: list[str], b: list[str]) -> tuple[str, str, list[str]]:
    """Both sides as strings of one private code point a token (U+E000…, then plane 15), and the tokens in that order."""
    numbers: dict[str, int] = {}
    for token in a:
        numbers.setdefault(token, len(numbers))
    for token in b:
        numbers.setdefault(token, len(numbers))
    return "".join(_code(numbers[t]) for t in a), "".join(_code(numbers[t]) for t in b), list(numbers)


def _code(number: int) -> str:
    return chr(0xE000 + number) if number < 0x1900 else chr(0xF0000 + number - 0x1900)


def _number(char: str) -> int:
    code = ord(char)
    return code - 0xE000 if code < 0xF0000 else code - 0xF0000 + 0x1900


def _fine(a: list[str], b: list[str]) -> _Ops:
    """diff-match-patch over tokens; at most 60,001 different ones come here, so the code points suffice."""
    left, right, known = _encode(a, b)
    matcher = _matcher()
    found = matcher.diff_main(left, right, False)
    size = {
        kind: sum(len(known[_number(char)]) for one, text in found if one == kind for char in text)
        for kind in (-1, 0, 1)
    }
    if size[0] < _MOSTLY * (size[0] + max(size[-1], size[1])):
        matcher.diff_cleanupSemantic(found)
    return [(kind, [known[_number(char)] for char in text]) for kind, text in found]


def _coarse(a: Sequence[str], b: Sequence[str]) -> _Ops:
    """A longest common subsequence in compiled code, for what is too long for pure Python."""
    from rapidfuzz.distance import Indel

    result: _Ops = []
    deleted: list[str] = []
    inserted: list[str] = []
    for step in Indel.opcodes(a, b):
        if step.tag == "equal":
            result.extend([(-1, deleted), (1, inserted), (0, a[step.src_start : step.src_end])])
            deleted, inserted = [], []
        else:
            deleted.extend(a[step.src_start : step.src_end])
            inserted.extend(b[step.dest_start : step.dest_end])
    return [*result, (-1, deleted), (1, inserted)]


def _tidy(found: _Ops) -> _Ops:
    """Swallows equal stretches that are no longer than the changes on both sides of them, as the semantic clean-up does."""
    joined: list[tuple[list[str], list[str], list[str]]] = []  # (deleted, inserted, equal after them)
    for kind, part in found:
        if not part:
            continue
        if not joined or (kind != 0 and joined[-1][2]):
            joined.append(([], [], []))
        joined[-1][(2, 1, 0)[kind] if kind != 0 else 2].extend(part)
    result: list[tuple[list[str], list[str], list[str]]] = []
    for deleted, inserted, equal in joined:
        if result:
            past = result[-1]
            here, there = max(len(past[0]), len(past[1])), max(len(deleted), len(inserted))
            if len(past[2]) <= min(here, there):
                past[0].extend([*past[2], *deleted])
                past[1].extend([*past[2], *inserted])
                past[2][:] = equal
                continue
        result.append((deleted, inserted, equal))
    return [step for d, i, e in result for step in ((-1, d), (1, i), (0, e))]


def _by_sentence(a: list[str], b: list[str]) -> _Ops:
    """Sentences first, then the tokens of those that differ; what is still too long is replaced whole."""
    left, right = _SENTENCE.findall("".join(a)), _SENTENCE.findall("".join(b))
    if len(left) * len(right) > _LARGE:
        return [(-1, a), (1, b)]
    result: _Ops = []
    found = _coarse(left, right)
    for place, (kind, part) in enumerate(found):
        if kind == 0:
            result.append((0, part))
        elif kind == -1 and (part or found[place + 1][1]):
            old, new = tokens("".join(part)), tokens("".join(found[place + 1][1]))
            size = len(old) * len(new)
            if 0 < size <= _SMALL:
                result.extend(_fine(old, new))
            elif 0 < size <= _LARGE:
                result.extend(_tidy(_coarse(old, new)))
            else:
                result.extend([(-1, old), (1, new)])
    return result


def _join(found: _Ops) -> Spans:
    """Texts again: runs of one kind joined, empty ones dropped, deletions before insertions."""
    result: list[tuple[SpanKind, str]] = []
    deleted: list[str] = []
    inserted: list[str] = []
    equal: list[str] = []

    def flush() -> None:
        for kind, parts in (("delete", deleted), ("insert", inserted)):
            if text := "".join(parts):
                result.append((kind, text))  # type: ignore[arg-type]
            parts.clear()

    for kind, part in found:
        text = "".join(part)
        if not text:
            continue
        if kind == 0:
            flush()
            equal.append(text)
        else:
            if equal:
                result.append(("equal", "".join(equal)))
                equal.clear()
            (deleted if kind < 0 else inserted).append(text)
    flush()
    if equal:
        result.append(("equal", "".join(equal)))
    return tuple(result)
