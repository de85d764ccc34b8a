"""ntfy: a push message to a topic of ntfy.sh or of a server of one's own.

Published shape: docs.ntfy.sh/publish/#publish-as-json (POST to the server's root with ``topic``, ``title``, ``message``,
``priority`` 1 to 5, ``tags``, ``click``, ``actions`` with at most three; ``message`` at most 4,096 bytes, longer ones become
a file), docs.ntfy.sh/publish/#limitations. Success is the JSON of the stored message with its ``id``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from watcher.channels._cut import clip, fit
from watcher.channels._escape import plain
from watcher.channels._layout import Style, lines, links
from watcher.channels._limits import limits
from watcher.channels._options import Check
from watcher.channels._post import (
    JSON_HEADERS,
    broken,
    encode,
    from_status,
    http_address,
    not_theirs,
    number,
    parse,
    post,
    said,
)
from watcher.errors import ConfigError
from watcher.settings import Channel
from watcher.types import Answer, Delivered, Delivery, Event, Message, Undelivered, Wire
from watcher.words import both, tr

OPTIONS: Mapping[str, Check] = {}
REQUIRED: frozenset[str] = frozenset({"url"})

PRIORITY = {"info": 2, "notice": 3, "warning": 4, "critical": 5}
TAGS = {"info": "page_facing_up", "notice": "bar_chart", "warning": "warning", "critical": "rotating_light"}
ACTIONS = 3
TITLE = 250
"""Characters, at most 1,000 bytes: newer servers take 1 KB."""

STYLE = Style(
    text=plain,
    title=lambda text: text,
    strong=lambda text: text,
    effect=lambda word, _: f"【{word}】",
    link=lambda label, url: label,
    dim=lambda text: text,
    bullet="• ",
    gap=True,
)


def payload(message: Message, topic: str, message_id: str = "") -> dict[str, object]:
    """The JSON to publish; ``sequence_id`` (from 2.16 on) makes a repeat replace the message that it repeats. Plain text (``markdown`` is not asked for), links as actions."""

    def text(part: Message) -> str:
        shown = lines(part, STYLE)[1:]
        labels = STYLE.between.join(plain(link.label) for link in links(part))
        return "\n".join(line for line in shown if not labels or line != labels)

    content = fit(message, text, lambda body: len(body.encode("utf-8", "replace")) <= limits("ntfy").size)
    body: dict[str, object] = {
        "topic": topic,
        "title": clip(plain(message.title), TITLE),
        "message": content,
        "priority": PRIORITY[message.severity],
        "tags": [TAGS[message.severity]],
    }
    if message_id:
        body["sequence_id"] = re.sub(r"[^A-Za-z0-9_-]", "-", message_id)[:64]
    if shown := links(message):
        body["click"] = shown[0].url
        body["actions"] = [
            {"action": "view", "label": plain(link.label), "url": link.url} for link in shown[:ACTIONS]
        ]  # fmt: skip
    return body


def split(url: str) -> tuple[str, str]:
    """The server's root and the topic of a topic's address. Raises ``ConfigError`` where there is no topic."""
    parts = urlsplit(url)
    topic = unquote(parts.path.strip("/"))
    if not topic or "/" in topic:
        raise ConfigError(
            tr(
                "ntfy 地址须以一个主题名结尾，如 https://ntfy.sh/topic",
                "the ntfy address must end with the name of one topic, as in https://ntfy.sh/topic",
            )
        )
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/", topic


def usable(channel: Channel) -> None:
    """Raises ``ConfigError``, without the address, where the channel cannot be used as it is set."""
    split(http_address(channel))


def verdict(answer: Answer) -> Delivery:
    """The stored message's ``id`` is success; ntfy's own codes 401xx, 403xx and 404xx mean that no try can help."""
    body = parse(answer) or {}
    code = number(body.get("code"))
    if code is not None and code >= 40000:
        status = code // 100 if code < 100_000 else 0
        reason = f"code {code}: {said(answer)}"
        if status == 429 or status >= 500:
            return from_status(answer) or Undelivered(reason, retry_after=60.0)
        return Undelivered(reason, permanent=status in (401, 403, 404), rejected=status in (400, 413))
    if refusal := from_status(answer):
        return refusal
    if isinstance(body.get("id"), str) and body.get("event") == "message":
        return Delivered(f"message {said(answer)}")
    return not_theirs(answer, both(" ntfy ", "ntfy"))


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Publishes; ``secret`` is an access token (``tk_…``) where the topic is protected. Never raises for the far end."""
    try:
        url = http_address(channel)
        token = channel.secret.reveal() if channel.secret else ""
        root, topic = split(url)
        if token and (not token.isascii() or not token.isprintable()):
            raise ConfigError(
                tr(
                    f"渠道 {channel.name} 的访问令牌含有请求头不能携带的字符",
                    f"the access token of channel {channel.name} has characters that no header can carry",
                )
            )
    except ConfigError as error:
        return broken(error)
    headers = {**JSON_HEADERS, **({"authorization": f"Bearer {token}"} if token else {})}
    return await post(
        wire,
        root,
        encode(payload(message, topic, message_id)),
        verdict,
        message_id,
        headers=headers,
        secrets=(url, topic, token),
    )
