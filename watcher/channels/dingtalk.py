"""钉钉 custom robot: markdown, signed (加签), with mentions that only sources.yaml can ask for.

Published shape: open.dingtalk.com/document/orgapp/custom-robot-access (``msgtype`` ``markdown`` with ``title`` and
``text``; ``at`` with ``atMobiles``, ``atUserIds``, ``isAtAll``; the body at most 20,000 bytes; 20 messages a minute, then
ten minutes of refusal). ``errcode`` 0 is success whatever the status. Codes: the same page, "错误码", and 310000 for the
three kinds of security settings (keyword, signature, IP), told apart only by its text.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from watcher.channels._cut import clip, fit
from watcher.channels._escape import clean, markdown, plain
from watcher.channels._layout import Style, lines
from watcher.channels._limits import limits
from watcher.channels._options import Check, flag, mobiles, users, word
from watcher.channels._post import broken, encode, http_address, not_theirs, number, parse, post, said, told_code
from watcher.channels._sign import dingtalk_query
from watcher.errors import ConfigError
from watcher.settings import Channel
from watcher.types import Answer, Delivered, Delivery, Event, Message, Undelivered, Wire
from watcher.words import both

OPTIONS: Mapping[str, Check] = {"at_mobiles": mobiles, "at_users": users, "at_all": flag, "keyword": word}
REQUIRED: frozenset[str] = frozenset({"url"})
usable = http_address

RATE_CODES = frozenset({130101, 410100})
"""send too fast, exceed 20 times per minute; 发送速度太快而限流."""
GONE_CODES = frozenset({300001, 300005, 400013, 400101, 400102, 400106, 310000, 40014, 88, 404})
"""Token not known, group dissolved, robot stopped or not known, security settings not met."""
REFUSED_CODES = frozenset({40035, 43004, 400105, 430101, 430102, 430103, 430104, 460100, 460101})
"""Parameters, type, unsafe link, improper text or picture, too long."""
_ADDRESS = (
    "机器人不存在或已停用：在群设置里核对机器人的地址",
    "there is no such robot, or it was stopped: check its address in the settings of the group",
)
REMEDIES: Mapping[int, tuple[str, str]] = {
    310000: (
        "机器人的安全设置不符：按上面的说明把关键词写到渠道的 keyword、加签密钥写到 secret，或放行本机的 IP",
        "the robot's security settings: as it says, give the channel its keyword or its secret, or allow this machine's IP",
    ),
    **dict.fromkeys((300001, 300005, 400013, 400101, 400102, 400106), _ADDRESS),
}
"""What to do about a refusal that a person has to mend."""
REFUSAL = 600.0
"""Seconds for which a robot that was too fast is refused."""

STYLE = Style(
    text=markdown,
    title=lambda text: f"### {text}",
    strong=lambda text: f"**{text}**",
    effect=lambda word, _: f"**{word}**",
    link=lambda label, url: f"[{label}]({url})",
    dim=lambda text: f"> {text}",
    bullet="- ",
)


def _strings(value: object) -> list[str]:
    items = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return [clean(str(item)) for item in items]


def payload(message: Message, options: Mapping[str, object] | None = None) -> dict[str, object]:
    """The robot's JSON, within 20,000 bytes as a whole. ``title`` is what the list of chats shows.

    Mentions come from ``options`` alone; a robot with a keyword (自定义关键词) gets it in the last line.
    """
    options = options or {}
    mobiles, users = _strings(options.get("at_mobiles")), _strings(options.get("at_users"))
    everyone = options.get("at_all") is True
    named = [f"@{name}" for name in (*mobiles, *users)] + (["@所有人"] if everyone else [])
    keyword = plain(str(options.get("keyword") or ""))

    def build(part: Message) -> dict[str, object]:
        # Two line feeds: 钉钉 joins lines that only one divides.
        tail = [*([keyword] if keyword else []), *([" ".join(named)] if named else [])]
        body: dict[str, object] = {
            "msgtype": "markdown",
            "markdown": {"title": clip(plain(part.title), 60), "text": "\n\n".join([*lines(part, STYLE), *tail])},
        }
        if named:
            return {**body, "at": {"atMobiles": mobiles, "atUserIds": users, "isAtAll": everyone}}
        return body

    return fit(message, build, lambda body: len(encode(body)) <= limits("dingtalk").size)


def verdict(answer: Answer) -> Delivery:
    """What the robot's body says; a body without ``errcode`` is not the robot's."""
    body = parse(answer)
    code = number(body.get("errcode")) if body else None
    if code is None:
        return not_theirs(answer, both("钉钉机器人", "a 钉钉 robot"))
    reason = told_code("errcode", code, body or {}, answer, REMEDIES)
    if code == 0:
        return Delivered(said(answer))
    if code in RATE_CODES:
        return Undelivered(reason, retry_after=REFUSAL if code == 130101 else 60.0)
    return Undelivered(reason, permanent=code in GONE_CODES, rejected=code in REFUSED_CODES)


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Posts the message, signed where the channel has a secret. Never raises for the far end or the settings."""
    try:
        url = http_address(channel)
        secret = channel.secret.reveal() if channel.secret else ""
    except ConfigError as error:
        return broken(error)
    target = url
    if secret:
        target += ("&" if "?" in url else "?") + dingtalk_query(secret, int(time.time() * 1000))
    body = encode(payload(message, channel.options))
    return await post(wire, target, body, verdict, message_id, secrets=(url, secret))
