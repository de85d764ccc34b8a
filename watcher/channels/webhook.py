"""Any program: the event as JSON, signed as Standard Webhooks says (spec/standard-webhooks.md).

Body: ``{"type", "timestamp", "data"}``; headers ``webhook-id`` (the same at every try of one alert, so that a receiver
can drop repeats), ``webhook-timestamp`` and ``webhook-signature``. Any 2xx is success, 410 means that the receiver is
gone for good, ``Retry-After`` is honoured.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC

from watcher.channels._options import Check
from watcher.channels._post import broken, encode, from_status, http_address, number, parse, post, said
from watcher.channels._sign import webhook_headers, webhook_keys
from watcher.errors import ConfigError
from watcher.settings import Channel
from watcher.types import Answer, Delivered, Delivery, Event, Message, Undelivered, Wire
from watcher.words import both

OPTIONS: Mapping[str, Check] = {}
REQUIRED: frozenset[str] = frozenset({"url"})
COMPOSED = False
"""Programs get the event, not our words for it: composing those would be a quarter of a delivery."""
usable = http_address


def payload(event: Event) -> dict[str, object]:
    """The body. ``timestamp`` is when the event happened (RFC 3339, UTC), not when it was sent."""
    stamp = event.timestamp.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return {"type": event.type, "timestamp": stamp, "data": dict(event.data)}


def verdict(answer: Answer) -> Delivery:
    """2xx is success unless the body itself says otherwise (``ok`` or ``success`` false, ``errcode`` not 0)."""
    if refusal := from_status(answer):
        return refusal
    body = parse(answer) or {}
    if body.get("ok") is False or body.get("success") is False or number(body.get("errcode")) not in (None, 0):
        return Undelivered(both(f"接收方拒收: {said(answer)}", f"the receiver says no: {said(answer)}"))
    return Delivered(said(answer) or f"HTTP {answer.status}")


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Posts the event. Never raises for what the far end or the settings do."""
    try:
        url = http_address(channel)
        secret = channel.secret.reveal() if channel.secret else ""
        keys = webhook_keys(secret)
    except ConfigError as error:
        return broken(error)
    body = encode(payload(event))
    headers = {
        "content-type": "application/json; charset=utf-8",
        **webhook_headers(message_id, int(time.time()), body, keys),
    }
    return await post(wire, url, body, verdict, message_id, headers=headers, secrets=(secret,))
