"""飞书 or Lark custom robot: an interactive card, signed where the robot asks for it.

Published shape: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (``msg_type`` ``interactive`` with ``card``;
``timestamp`` and ``sign`` in the body; 20 KB a request; codes 9499, 19001, 19002, 19007, 19021, 19022, 19024, 11232) and
open.feishu.cn/document/feishu-cards/card-json-structure. All text of a page stands in ``plain_text`` elements, which
interpret nothing; links are buttons.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from watcher.channels._cut import fit, more_line
from watcher.channels._escape import plain
from watcher.channels._layout import edit_text, fact_lines, links, move_lines, words
from watcher.channels._limits import limits
from watcher.channels._options import Check, word
from watcher.channels._post import broken, encode, http_address, not_theirs, number, parse, post, said, told_code
from watcher.channels._sign import feishu_sign
from watcher.errors import ConfigError
from watcher.settings import Channel
from watcher.types import Answer, Delivered, Delivery, Event, Message, Undelivered, Wire
from watcher.words import both

OPTIONS: Mapping[str, Check] = {"keyword": word}
REQUIRED: frozenset[str] = frozenset({"url"})
usable = http_address

RATE_CODES = frozenset({11232, 11233, 230020, 99991400})
GONE_CODES = frozenset({19001, 19007, 19021, 19022, 19024, 10003})
"""Token not valid, robot not enabled, signature, IP not allowed, keyword missing."""
REMEDIES: Mapping[int, tuple[str, str]] = {
    19021: (
        "签名不符：渠道的 secret 须是机器人的签名校验密钥，本机时间须准确",
        "the signature: the channel's secret must be the robot's signing key, and this machine's clock right",
    ),
    19022: ("本机 IP 不在机器人的白名单里", "this machine's IP is not on the robot's list"),
    19024: (
        "缺少关键词：把机器人的自定义关键词写到渠道的 keyword",
        "the keyword: give the channel the robot's keyword",
    ),
    19001: (
        "地址无效：在群设置里核对机器人的 Webhook 地址",
        "the address is not valid: check it in the settings of the group",
    ),
    19007: ("机器人没有启用：在群设置里启用它", "the robot is not enabled: do so in the settings of the group"),
}
"""What to do about a refusal that a person has to mend."""
REFUSED_CODES = frozenset({9499, 19002, 19036, 11246, 230025, 230099})
"""Bad request, parameters, card or content refused."""
SIGNATURE_BYTES = 120
"""Room that ``timestamp`` and ``sign`` take in the body."""
COLOURS = {"info": "blue", "notice": "green", "warning": "orange", "critical": "red"}


def _text(content: str) -> dict[str, object]:
    return {"tag": "div", "text": {"tag": "plain_text", "content": content}}


def card(message: Message, keyword: str = "") -> dict[str, object]:
    """The card: header, place and summary, moves, edits, buttons, a note."""
    elements: list[dict[str, object]] = []
    if message.place:
        elements.append(_text(plain(message.place)))
    elements.append(_text(plain(message.summary)))
    if body := move_lines(message, plain) + fact_lines(message, plain):
        elements.append(_text("\n".join(body)))
    if message.edits:
        edits = [f"• {plain(edit_text(edit, message.language))}" for edit in message.edits]
        elements += [{"tag": "hr"}, _text("\n".join([words(message)[1], *edits]))]
    if more := more_line(message):
        elements.append(_text(plain(more)))
    buttons = [
        {
            "tag": "button",
            "text": {"tag": "plain_text", "content": plain(link.label)},
            "type": "default",
            "url": link.url,
        }
        for link in links(message)
    ]
    if buttons:
        elements.append({"tag": "action", "actions": buttons})
    note = "；".join(part for part in (plain(message.footer), plain(keyword)) if part)
    if note:
        elements.append({"tag": "note", "elements": [{"tag": "plain_text", "content": note}]})
    return {
        "config": {"wide_screen_mode": True},
        "header": {
            "title": {"tag": "plain_text", "content": plain(message.title)},
            "template": COLOURS[message.severity],
        },
        "elements": elements,
    }


def payload(message: Message, options: Mapping[str, object] | None = None) -> dict[str, object]:
    """The robot's JSON without signature, small enough that the signed body keeps the limit."""
    keyword = str((options or {}).get("keyword") or "")
    most = limits("feishu").size - SIGNATURE_BYTES
    return fit(
        message,
        lambda part: {"msg_type": "interactive", "card": card(part, keyword)},
        lambda body: len(encode(body)) <= most,
    )


def verdict(answer: Answer) -> Delivery:
    """What the robot's body says: ``code`` or, from the older interface, ``StatusCode``."""
    body = parse(answer)
    code = None
    if body:
        code = number(body.get("code"))
        code = number(body.get("StatusCode")) if code is None else code
    if code is None:
        return not_theirs(answer, both("飞书机器人", "a 飞书 robot"))
    reason = told_code("code", code, body or {}, answer, REMEDIES)
    if code == 0:
        return Delivered(said(answer))
    if code in RATE_CODES or answer.status == 429:
        return Undelivered(reason, retry_after=60.0)
    return Undelivered(reason, permanent=code in GONE_CODES, rejected=code in REFUSED_CODES)


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Posts the card, signed where the channel has a secret. Never raises for the far end or the settings."""
    try:
        url = http_address(channel)
        secret = channel.secret.reveal() if channel.secret else ""
    except ConfigError as error:
        return broken(error)
    body = payload(message, channel.options)
    if secret:
        now = int(time.time())
        body = {"timestamp": str(now), "sign": feishu_sign(secret, now), **body}
    return await post(wire, url, encode(body), verdict, message_id, secrets=(secret,))
