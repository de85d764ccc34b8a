"""企业微信 group robot: ``markdown`` or, with ``format: markdown_v2``, its newer dialect.

Published shape: developer.work.weixin.qq.com/document/path/99110 (消息推送配置说明; formerly 91770): ``content`` at most
4,096 bytes of UTF-8, 20 messages a minute a robot, ``errcode`` 0 is success whatever the status. Codes:
developer.work.weixin.qq.com/document/path/90313 (全局错误码).
"""

from __future__ import annotations

from collections.abc import Mapping

from watcher.channels._cut import fit
from watcher.channels._escape import markdown
from watcher.channels._layout import GOOD, WARN, Style, lines
from watcher.channels._limits import limits
from watcher.channels._options import Check, choice
from watcher.channels._post import broken, encode, http_address, not_theirs, number, parse, post, said, told_code
from watcher.errors import ConfigError
from watcher.settings import Channel
from watcher.types import Answer, Delivered, Delivery, Effect, Event, Message, Undelivered, Wire
from watcher.words import both

FORMATS = ("markdown", "markdown_v2")
OPTIONS: Mapping[str, Check] = {"format": choice(*FORMATS)}
REQUIRED: frozenset[str] = frozenset({"url"})
usable = http_address

RATE_CODES = frozenset({45009, 45033})
"""接口调用超过限制, 并发调用超过限制."""
GONE_CODES = frozenset({93000, 93004, 93008, 93017, 40001, 40014, 42001})
"""Address not valid or robot removed from the group (93000), robot stopped, robot not in the group, key not valid."""
REMEDIES: Mapping[int, tuple[str, str]] = dict.fromkeys(
    GONE_CODES,
    (
        "地址无效，或机器人已移出群：在群里核对机器人的 Webhook 地址",
        "the address is not valid, or the robot left the group: check its webhook address in the group",
    ),
)
"""What to do about a refusal that a person has to mend."""
REFUSED_CODES = frozenset({40008, 40033, 40058, 44004, 45002, 301019, 40063, 47001})
"""Type, characters, length or fields of one message."""


def _effect(word: str, effect: Effect | None) -> str:
    colour = "warning" if effect in WARN else "info" if effect in GOOD else "comment"
    return f'<font color="{colour}">{word}</font>'


STYLE = Style(
    text=markdown,
    title=lambda text: f"### {text}",
    strong=lambda text: f"**{text}**",
    effect=_effect,
    link=lambda label, url: f"[{label}]({url})",
    dim=lambda text: f'<font color="comment">{text}</font>',
    bullet="> ",
    gap=True,
)
STYLE_V2 = Style(
    text=markdown,
    title=STYLE.title,
    strong=STYLE.strong,
    effect=lambda word, _: f"**{word}**",
    link=STYLE.link,
    dim=lambda text: text,
    bullet="- ",
    gap=True,
)


def payload(message: Message, form: str = "markdown") -> dict[str, object]:
    """The robot's JSON; ``content`` within its 4,096 bytes."""
    style = STYLE_V2 if form == "markdown_v2" else STYLE
    content = fit(
        message,
        lambda part: "\n".join(lines(part, style)),
        lambda text: len(text.encode("utf-8", "replace")) <= limits("wecom").size,
    )
    return {"msgtype": form, form: {"content": content}}


def verdict(answer: Answer) -> Delivery:
    """What the robot's body says; a body without ``errcode`` is not the robot's."""
    body = parse(answer)
    code = number(body.get("errcode")) if body else None
    if code is None:
        return not_theirs(answer, both("企业微信机器人", "a 企业微信 robot"))
    reason = told_code("errcode", code, body or {}, answer, REMEDIES)
    if code == 0:
        return Delivered(said(answer))
    if code in RATE_CODES:
        return Undelivered(reason, retry_after=60.0)
    return Undelivered(reason, permanent=code in GONE_CODES, rejected=code in REFUSED_CODES)


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Posts the message to the robot. Never raises for what the far end or the settings do."""
    form = str(channel.options.get("format", "markdown"))
    try:
        if form not in FORMATS:
            raise ConfigError(f"{channel.name}: format: {', '.join(FORMATS)}")
        url = http_address(channel)
    except ConfigError as error:
        return broken(error)
    return await post(wire, url, encode(payload(message, form)), verdict, message_id)
