"""Every other service, through the apprise library (optional extra ``watcher[apprise]``).

``url`` is an apprise address (``tgram://…``, ``discord://…``, see github.com/caronc/apprise/wiki). Apprise runs in a process
of its own, where every connection must pass our gate (:mod:`watcher.channels._apprise_child`); what hangs is ended after
a minute. The Chinese robots are refused here: apprise takes their HTTP 200 for success, our own channels read the body.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from watcher.channels._cut import clip, fit
from watcher.channels._escape import markdown, plain
from watcher.channels._layout import Style, lines
from watcher.channels._options import Check
from watcher.channels._post import broken, needs_url
from watcher.errors import ConfigError, FetchError
from watcher.settings import Channel
from watcher.types import Delivered, Delivery, Event, Message, Undelivered, Wire
from watcher.words import both, tr

OPTIONS: Mapping[str, Check] = {}
REQUIRED: frozenset[str] = frozenset({"url"})

SIZE = 3500
"""Characters of the body: below what most services take (Telegram 4,096), above what a person reads."""
TIMEOUT = 60.0
QUESTIONS = 50
"""Hosts that one message may ask for."""
OWN = {"wecombot": "wecom", "dingtalk": "dingtalk", "feishu": "feishu", "lark": "feishu"}
OWN_HOSTS = {
    "qyapi.weixin.qq.com": "wecom",
    "oapi.dingtalk.com": "dingtalk",
    "open.feishu.cn": "feishu",
    "open.larksuite.com": "feishu",
}

STYLE = Style(
    text=markdown,
    title=lambda text: text,
    strong=lambda text: text,
    effect=lambda word, _: f"【{word}】",
    link=lambda label, url: f"{label}: {url}",
    dim=lambda text: text,
    bullet="• ",
    between="\n",
)


def payload(message: Message) -> dict[str, str]:
    """``title`` and ``body``: plain text that is inert as Markdown and HTML too, since services differ."""
    body = fit(message, lambda part: "\n".join(lines(part, STYLE)[1:]), lambda text: len(text) <= SIZE)
    return {"title": clip(plain(message.title), 200), "body": body}


def address(channel: Channel) -> str:
    """The apprise address, read now. Raises ``ConfigError`` where it is none, or one of a channel of our own."""
    if channel.url is None:
        raise ConfigError(needs_url(channel))
    url = channel.url.reveal()
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    except ValueError:
        scheme, host = "", ""
    if not scheme or not url.isprintable():
        raise ConfigError(
            tr(
                f"渠道 {channel.name} 的 {channel.url.name} 不是 apprise 地址",
                f"{channel.url.name} of channel {channel.name} is not an apprise address",
            )
        )
    if own := OWN.get(scheme) or OWN_HOSTS.get(host):
        raise ConfigError(
            tr(
                f"渠道 {channel.name}：apprise 不看这种机器人的应答；请用 kind: {own}",
                f"channel {channel.name}: apprise does not read this robot's answer; use kind: {own}",
            )
        )
    return url


usable = address


def verdict(line: dict[str, Any]) -> Delivery:
    """What the child's last line means."""
    if line.get("sent") is True:
        return Delivered(both("apprise 报告已发出", "apprise says that it was sent"))
    why = line.get("why")
    if why == "missing":
        return Undelivered(
            both("没有安装 apprise：请安装 watcher[apprise]", "apprise is not installed: install watcher[apprise]"),
            permanent=True,
        )
    if why == "address":
        return Undelivered(both("apprise 不认识这种地址", "apprise does not know this kind of address"), permanent=True)
    return Undelivered(both("apprise 报告对方没有收下", "apprise says that the service did not take it"))


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Sends through the child. Never raises for what the far end or the settings do."""
    try:
        url = address(channel)
    except ConfigError as error:
        return broken(error)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ", "SSL_CERT_FILE") if name in os.environ}
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "watcher.channels._apprise_child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONIOENCODING": "utf-8"},
    )
    try:
        return await asyncio.wait_for(_talk(child, {"url": url, **payload(message)}, wire), TIMEOUT)
    except TimeoutError:
        return Undelivered(both(f"{TIMEOUT:.0f} 秒内没有应答", f"no answer within {TIMEOUT:.0f} seconds"))
    except (OSError, ValueError) as error:
        return Undelivered(
            both(
                f"apprise 没有应答就结束了（{type(error).__name__}）",
                f"apprise ended without an answer ({type(error).__name__})",
            )
        )
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


async def _talk(child: asyncio.subprocess.Process, order: dict[str, str], wire: Wire) -> Delivery:
    """Gives the order and answers questions for addresses until the last line comes."""
    if child.stdin is None or child.stdout is None:
        raise OSError("no pipes")
    refused = False
    await _say(child.stdin, order)
    for _ in range(QUESTIONS):
        line = await child.stdout.readline()
        if not line:
            raise ValueError("the child ended")
        heard = json.loads(line)
        if "sent" in heard:
            result = verdict(heard)
            if refused and isinstance(result, Undelivered):
                return Undelivered(
                    both(
                        "访问规则不允许连接该地址，或没有应答",
                        "the address is refused by the network policy, or has no answer",
                    ),
                    permanent=result.permanent,
                )
            return result
        try:
            found: str | None = await wire.address(str(heard.get("host")), int(heard.get("port") or 443))
        except FetchError:
            found, refused = None, True
        await _say(child.stdin, {"address": found})
    return Undelivered(
        both(f"apprise 要连接的地址超过 {QUESTIONS} 个", f"apprise asked for more than {QUESTIONS} addresses")
    )


async def _say(stdin: asyncio.StreamWriter, line: object) -> None:
    stdin.write(json.dumps(line).encode() + b"\n")
    await stdin.drain()
