"""The order of a message's lines, the same in every channel that takes text; a :class:`Style` gives them their form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from watcher.channels._cut import more_line
from watcher.channels._escape import safe_url
from watcher.types import EditLine, Effect, Message, MessageLink, MoveLine

WARN: frozenset[Effect] = frozenset({"relaxed", "removed", "unbinding"})
"""Effects that weaken a promise; where a channel has colours, these get the warning colour. The word stands there too."""
GOOD: frozenset[Effect] = frozenset({"tightened", "raised", "added", "binding"})


@dataclass(frozen=True, slots=True)
class Style:
    """How one channel writes the parts of a message. ``text`` escapes; everything else receives escaped text."""

    text: Callable[[str], str]
    title: Callable[[str], str]
    strong: Callable[[str], str]
    effect: Callable[[str, Effect | None], str]
    link: Callable[[str, str], str]
    dim: Callable[[str], str]
    bullet: str
    between: str = " | "
    """Between two links on one line."""
    gap: bool = False
    """An empty line around each group of lines, where a quotation would else go on."""


def words(message: Message) -> tuple[str, str]:
    """The two labels of a message's parts: moves and edits."""
    return ("指标变动", "文字改动") if message.language == "zh" else ("Indicator moves", "Text edits")


def edit_text(edit: EditLine, language: str) -> str:
    """An edit on one line, its section before it."""
    return f"{edit.section}{'：' if language == 'zh' else ': '}{edit.text}" if edit.section else edit.text


def links(message: Message) -> tuple[MessageLink, ...]:
    """The links whose addresses may stand in a message, percent-encoded."""
    found = ((link.label, safe_url(link.url)) for link in message.links)
    return tuple(MessageLink(label, url) for label, url in found if url)


def facts_head(message: Message) -> str:
    """What stands above further lines that would else be read as the last document's, ``""`` where nothing must."""
    if not message.facts or not any(move.head for move in message.moves):
        return ""
    return "其他消息" if message.language == "zh" else "Other messages"


def fact_lines(message: Message, text: Callable[[str], str]) -> list[str]:
    """The further lines, under the head that they need."""
    over = facts_head(message)
    return [*["", over] * bool(over), *(f"• {text(fact)}" for fact in message.facts)]


def move_lines(message: Message, text: Callable[[str], str]) -> list[str]:
    """The moves where there are no colours, each under the head that it has."""
    found: list[str] = []
    for move in message.moves:
        if move.head:
            found += [*[""] * bool(found), text(move.head)]
        found.append(f"• {text(move.text)} {text(effect_text(move, message))}")
    return found


def effect_text(move: MoveLine, message: Message) -> str:
    """An effect where there are no colours: 【收紧】, ``[tightened]``."""
    return _brackets(f"【{move.word}】", message)


def _brackets(text: str, message: Message) -> str:
    return text if message.language == "zh" else text.replace("【", "[").replace("】", "]")


def lines(message: Message, style: Style) -> list[str]:
    """The message as lines of the channel's language, empty parts left out."""
    text = style.text
    gap = [""] if style.gap else []
    result = [style.title(text(message.title))]
    if message.place:
        result.append(text(message.place))
    result.append(style.strong(text(message.summary)))
    for move in message.moves:
        if move.head:
            result += [*gap, style.strong(text(move.head))]
        effect = _brackets(style.effect(text(move.word), move.effect), message)
        result.append(f"{style.bullet}{text(move.text)} {effect}")
    if message.moves and message.facts:
        result += gap
    if over := facts_head(message):
        result.append(style.strong(over))
    result += [style.bullet + text(fact) for fact in message.facts]
    if message.moves or message.facts:
        result += gap
    if message.edits:
        result.append(words(message)[1] + (":" if message.language == "en" else "："))
    result += [style.bullet + text(edit_text(edit, message.language)) for edit in message.edits]
    if message.edits:
        result += gap
    if more := more_line(message):
        # Moves that are not shown are no side note.
        result.append((style.strong if message.hidden_moves else style.dim)(text(more)))
    if shown := links(message):
        result.append(style.between.join(style.link(text(link.label), link.url) for link in shown))
    if message.footer:
        result.append(style.dim(text(message.footer)))
    return result
