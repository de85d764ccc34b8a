"""Cutting a message to what a channel takes: at a line, moves last, and it says how many more there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from watcher.types import Message

T = TypeVar("T")


def more_line(message: Message) -> str:
    """「另有3项指标变动、5处文字改动」, or ``""`` when everything is shown."""
    chinese = message.language == "zh"
    counts = (message.hidden_moves, message.hidden_facts, message.hidden_edits)
    if chinese:
        words = ("项指标变动", "条其他内容", "处文字改动")
        parts = [f"{count}{word}" for count, word in zip(counts, words, strict=True) if count]
        return f"另有{'、'.join(parts)}" if parts else ""
    names = ("indicator move", "other line", "text edit")
    parts = [
        f"{count} more {name}{'s' if count > 1 else ''}" for count, name in zip(counts, names, strict=True) if count
    ]
    return ", ".join(parts)


def keep(message: Message, lines: int) -> Message:
    """The message with ``lines`` of its lines: moves first, then facts, then edits; the rest is counted as hidden."""
    moves = message.moves[:lines]
    facts = message.facts[: max(0, lines - len(message.moves))]
    edits = message.edits[: max(0, lines - len(message.moves) - len(message.facts))]
    return replace(
        message,
        moves=moves,
        facts=facts,
        edits=edits,
        hidden_moves=message.hidden_moves + len(message.moves) - len(moves),
        hidden_facts=message.hidden_facts + len(message.facts) - len(facts),
        hidden_edits=message.hidden_edits + len(message.edits) - len(edits),
    )


def clip(text: str, characters: int) -> str:
    """The text with at most that many characters, the last one an ellipsis where something was taken away."""
    return text if len(text) <= characters else text[: max(0, characters - 1)].rstrip() + "…"


def fit(message: Message, build: Callable[[Message], T], fits: Callable[[T], bool]) -> T:
    """The payload of as much of the message as ``fits``.

    Lines are left out from the end of edits, then facts, then moves. Where even a message without lines is too
    large its title and summary are clipped and at last its links go, largest first. ``build`` and ``fits`` are pure;
    a payload grows with its message, so a bisection finds the cut in a few builds.
    """
    total = len(message.moves) + len(message.facts) + len(message.edits)
    whole = build(message)
    if fits(whole):
        return whole
    low, high = 0, total
    while low < high:
        middle = (low + high) // 2
        if fits(build(keep(message, middle))):
            low = middle + 1
        else:
            high = middle
    if low > 0:
        return build(keep(message, low - 1))
    bare = keep(message, 0)
    for characters in (300, 120, 60, 30):
        bare = replace(
            bare,
            title=clip(bare.title, characters),
            summary=clip(bare.summary, characters),
            place=clip(bare.place, characters),
            footer=clip(bare.footer, characters),
        )
        payload = build(bare)
        if fits(payload):
            return payload
    while bare.links:
        longest = max(bare.links, key=lambda link: len(link.url))
        bare = replace(bare, links=tuple(link for link in bare.links if link is not longest))
        payload = build(bare)
        if fits(payload):
            return payload
    return payload
