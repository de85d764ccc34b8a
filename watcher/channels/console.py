"""The terminal: a message as plain text on standard output."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from watcher.channels._escape import clean
from watcher.channels._layout import Style, lines
from watcher.channels._options import Check
from watcher.settings import Channel
from watcher.types import Delivered, Delivery, Event, Message, Undelivered, Wire
from watcher.words import both

OPTIONS: Mapping[str, Check] = {}
REQUIRED: frozenset[str] = frozenset()

STYLE = Style(
    text=clean,
    title=lambda text: f"■ {text}",
    strong=lambda text: f"  {text}",
    effect=lambda word, _: f"【{word}】",
    link=lambda label, url: f"{label} {url}",
    dim=lambda text: text,
    bullet="• ",
    between="\n",
)


def payload(message: Message) -> str:
    """The message as text, two spaces before every line but the first; no control characters, a line feed at the end."""
    first, *rest = "\n".join(lines(message, STYLE)).split("\n")
    return "\n".join([first, *("  " + line.strip() for line in rest)]) + "\n"


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Prints. Not delivered where standard output is closed or cannot show the characters."""
    try:
        sys.stdout.write(payload(message) + "\n")
        sys.stdout.flush()
    except (OSError, ValueError) as error:
        return Undelivered(
            both(f"标准输出不可用（{type(error).__name__}）", f"standard output: {type(error).__name__}")
        )
    return Delivered(both("已打印", "printed"))
