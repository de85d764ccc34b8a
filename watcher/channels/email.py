"""E-mail over SMTP: text and HTML, one thread a document.

``url`` is ``smtps://user:password@host:465`` (TLS from the start) or ``smtp://user:password@host:587`` (STARTTLS, which
is demanded unless ``tls: none``; a password is never sent without TLS). Threads follow RFC 5322, 3.6.4: every message of
a document refers to one root of its own. The host passes the gate's check and the checked address is the one that is
connected to; certificates are verified against the host's name, with ``ca`` against an authority of one's own.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import re
import socket
import ssl
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE_POLICY
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from watcher.channels._cut import clip, fit
from watcher.channels._escape import clean, html, plain
from watcher.channels._layout import GOOD, WARN, Style, lines
from watcher.channels._options import Check, choice, readable
from watcher.channels._post import broken, hide, needs_url, refused, silent
from watcher.errors import ConfigError, FetchError, Refused
from watcher.settings import Channel
from watcher.types import Delivered, Delivery, Effect, Event, Message, Undelivered, Wire
from watcher.words import both, mistrust, system, told, tr

TLS = ("implicit", "starttls", "none")


def _addresses(value: object) -> None:
    try:
        found = mailboxes(value)
    except ConfigError as error:
        raise ValueError(str(error)) from None
    if not found:
        raise ValueError(tr("必须写邮件地址", "must name a mail address"))


OPTIONS: Mapping[str, Check] = {"to": _addresses, "from": _addresses, "tls": choice(*TLS), "ca": readable}
REQUIRED: frozenset[str] = frozenset({"url", "to"})

PORTS = {"implicit": 465, "starttls": 587, "none": 25}
TIMEOUT = 30.0
SLOW = 50.0
"""Seconds for the answer to the mail itself: who takes it and is not heard would get it again (RFC 5321, 4.5.3.2.6)."""
SUBJECT = 180
SIZE = 400_000
"""Bytes of one part; servers take 10 MB and more, mail programs fold above 100 kB."""
DOMAIN = "watcher.invalid"
"""Right side of our message ids; ``.invalid`` (RFC 2606) names no host."""

TEXT = Style(
    text=plain,
    title=lambda text: text,
    strong=lambda text: text,
    effect=lambda word, _: f"【{word}】",
    link=lambda label, url: f"{label}: {url}",
    dim=lambda text: text,
    bullet="  • ",
    between="\n",
)


def _effect(word: str, effect: Effect | None) -> str:
    colour = "#9a3412" if effect in WARN else "#166534" if effect in GOOD else "#374151"
    return f'<strong style="color:{colour}">{word}</strong>'


HTML = Style(
    text=html,
    title=lambda text: f'<strong style="font-size:18px">{text}</strong>',
    strong=lambda text: f"<strong>{text}</strong>",
    effect=_effect,
    link=lambda label, url: f'<a href="{url.replace("&", "&amp;")}" rel="noopener noreferrer">{label}</a>',
    dim=lambda text: f'<span style="color:#4b5563;font-size:13px">{text}</span>',
    bullet="• ",
)


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to hand mail over."""

    host: str
    port: int
    tls: str
    user: str
    password: str


def _no_server() -> str:
    return tr(
        "邮件服务器的地址不是 smtp://用户:密码@主机:端口 的形式",
        "the address of the mail server is not smtp://user:password@host:port",
    )


def usable(channel: Channel) -> None:
    """Raises ``ConfigError``, without the address, where the channel cannot be used as it is set."""
    if channel.url is None:
        raise ConfigError(needs_url(channel))
    target = server(channel.url.reveal(), channel.options.get("tls"))
    if "from" not in channel.options and "@" not in target.user:
        raise ConfigError(tr(f"邮件渠道 {channel.name} 须写明 from", f"the e-mail channel {channel.name} needs from"))


def server(url: str, tls: object = None) -> Server:
    """The server of an ``smtp(s)`` address. Raises ``ConfigError`` without the address in its text."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ConfigError(_no_server()) from None
    if parts.scheme not in ("smtp", "smtps") or not host:
        raise ConfigError(_no_server())
    mode = "implicit" if parts.scheme == "smtps" else "starttls" if tls is None else str(tls)
    if mode not in TLS or (parts.scheme == "smtps" and tls not in (None, "implicit")):
        raise ConfigError(
            tr(f"tls 可为 {'、'.join(TLS)}；smtps: 即 implicit", f"tls is {', '.join(TLS)}; smtps: is implicit")
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if password and mode == "none":
        raise ConfigError(
            tr(
                "不经 TLS 不发送密码：请删去 tls: none，或去掉密码",
                "a password is not sent without TLS: remove tls: none, or the password",
            )
        )
    return Server(host, port or PORTS[mode], mode, user, password)


def mailboxes(value: object) -> tuple[Address, ...]:
    """The mail addresses of an option, text or list. Raises ``ConfigError`` for one that is none."""
    items = value if isinstance(value, list | tuple) else [value] if value else []
    found = []
    for item in items:
        text = clean(str(item))
        match = re.fullmatch(r"(?:([^<>@]{0,100})<)?([^\s<>@\",;:]{1,64}@[A-Za-z0-9.-]{1,255})>?", text)
        if not match:
            raise ConfigError(tr(f"{clip(text, 60)!r} 不是邮件地址", f"{clip(text, 60)!r} is not a mail address"))
        found.append(Address((match.group(1) or "").strip(), addr_spec=match.group(2)))
    return tuple(found)


def payload(message: Message, event: Event, message_id: str, sender: Address, to: tuple[Address, ...]) -> EmailMessage:
    """The mail. Its ``Message-ID`` is the same at every try; ``References`` makes one thread of a document's messages."""
    mail = EmailMessage(policy=WIRE_POLICY)
    mail["Subject"] = clip(plain(message.title), SUBJECT)
    mail["From"] = sender
    mail["To"] = to
    mail["Date"] = format_datetime(event.timestamp.astimezone(UTC))
    mail["Message-ID"] = f"<{re.sub(r'[^A-Za-z0-9._-]', '', message_id)[:120] or 'none'}@{DOMAIN}>"
    if message.thread:
        root = f"<thread.{hashlib.sha256(message.thread.encode('utf-8', 'replace')).hexdigest()[:32]}@{DOMAIN}>"
        mail["In-Reply-To"] = root
        mail["References"] = root
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(fit(message, text, _small), cte="base64")
    mail.add_alternative(fit(message, page, _small), subtype="html", cte="base64")
    return mail


def _small(body: str) -> bool:
    return len(body.encode("utf-8", "replace")) <= SIZE


def text(message: Message) -> str:
    """The plain part."""
    return "\n".join(lines(message, TEXT)) + "\n"


def page(message: Message) -> str:
    """The HTML part: paragraphs with inline style, no scripts, no pictures."""
    rows = "".join(f'<p style="margin:4px 0">{line}</p>' for line in lines(message, HTML))
    language = "zh-CN" if message.language == "zh" else "en"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>'
        f'<body style="font-family:sans-serif;font-size:15px;line-height:1.5">{rows}</body></html>'
    )


_SAID: tuple[tuple[type[aiosmtplib.SMTPException], tuple[str, str]], ...] = (
    (
        aiosmtplib.SMTPAuthenticationError,
        (
            "登录被拒绝：核对用户名和口令（不少邮箱要用“授权码”）",
            "login refused: check user and password (many providers want an app password)",
        ),
    ),
    (aiosmtplib.SMTPSenderRefused, ("发件人被拒绝：核对 from", "sender refused: check `from`")),
    (aiosmtplib.SMTPRecipientsRefused, ("收件人被拒绝：核对 to", "recipients refused: check `to`")),
    (aiosmtplib.SMTPDataError, ("邮件服务器拒收这封邮件", "the mail server refused this message")),
    (aiosmtplib.SMTPTimeoutError, ("邮件服务器没有应答", "the mail server did not answer")),
    (aiosmtplib.SMTPServerDisconnected, ("邮件服务器中断了连接", "the mail server closed the connection")),
    (aiosmtplib.SMTPConnectResponseError, ("邮件服务器拒绝连接", "the mail server refuses the connection")),
    (
        aiosmtplib.SMTPException,
        (
            "邮件服务器的应答不合 SMTP，或没有可用的登录方式：核对主机和端口",
            "the mail server does not answer as SMTP has it, or offers no way to log in: check host and port",
        ),
    ),
)
"""What a failed hand-over is called; the last is any other."""
_LATER = ("邮件服务器暂时不收，稍后再试", "the mail server does not take it now; it is tried again")
_NO_STARTTLS = (
    "邮件服务器没有 STARTTLS，未登录也未发送：改用 smtps://…:465，内网中继可设 tls: none（不带口令）",
    "the mail server has no STARTTLS, nothing was sent: use smtps://…:465, or tls: none (without a password) for a relay inside",
)
_NO_LOGIN = (
    "邮件服务器不提供登录：从地址中去掉用户名和口令，或核对端口",
    "the mail server takes no login: leave user and password out of the address, or check the port",
)
_NO_TLS = (
    "与邮件服务器建立不了 TLS 连接：核对端口（465 用 smtps:，587 用 smtp:）",
    "no TLS connection to the mail server: check the port (smtps: for 465, smtp: for 587)",
)


def verdict(error: aiosmtplib.SMTPException) -> Undelivered:
    """What a failed hand-over means: 5xx for login, sender or recipients stops the channel, for the text this message."""
    if isinstance(error.__cause__, ssl.SSLError):
        return insecure(error.__cause__)
    code = error.code if isinstance(error, aiosmtplib.SMTPResponseException) else 0
    recipients = error.recipients if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else []
    if recipients:
        code = min(single.code for single in recipients)  # one that is put off is tried again
    later = 400 <= code < 500
    zh, en = _LATER if later else next(words for kind, words in _SAID if isinstance(error, kind))
    number = f" {code}" if code > 0 else ""
    reason = both(f"{zh}（SMTP{number}）", f"{en} (SMTP{number})")
    permanent = 500 <= code < 600
    if permanent and isinstance(error, aiosmtplib.SMTPDataError):
        return Undelivered(reason, rejected=True)
    return Undelivered(reason, permanent=permanent)


def insecure(error: ssl.SSLError) -> Undelivered:
    """A certificate that is not accepted, or no TLS at all; nothing was sent."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return Undelivered(both(*_NO_TLS))
    said = error.verify_message or ""
    zh = mistrust(said)
    return Undelivered(
        both(
            f"邮件服务器的证书不可信{f'（{zh}）' if zh else ''}；自建的签发机构用 ca 指定",
            f"the mail server's certificate is not accepted: {said or 'it does not verify'}; name an authority of your own with ca",
        )
    )


async def _connected(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ipaddress.ip_address(address).version == 6 else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        await asyncio.wait_for(asyncio.get_running_loop().sock_connect(sock, (address, port)), TIMEOUT)
    except BaseException:
        sock.close()
        raise
    return sock


_taken: OrderedDict[str, frozenset[str]] = OrderedDict()
"""Who has (or will never have) a mail that others are still to get, by message id. After a restart all get it again under its id."""
REMEMBERED = 1000


async def _hand_over(mail: EmailMessage, target: Server, address: str, context: ssl.SSLContext) -> Delivery:
    sock = await _connected(address, target.port)
    client = aiosmtplib.SMTP(
        hostname=target.host,
        sock=sock,
        use_tls=target.tls == "implicit",
        start_tls=False,
        tls_context=context if target.tls != "none" else None,
        local_hostname="localhost",
        timeout=TIMEOUT,
    )
    try:
        async with client:
            await client.ehlo()
            if target.tls == "starttls":
                if not client.supports_extension("starttls"):
                    return Undelivered(both(*_NO_STARTTLS))
                await client.starttls(tls_context=context)
                await client.ehlo()
            if target.user:
                if not client.supports_extension("auth"):
                    return Undelivered(both(*_NO_LOGIN))
                await client.login(target.user, target.password)
            return await _to_all(client, mail, target)
    finally:
        # The transport owns the socket now; closing that itself would cut off the end of TLS.
        client.close()


async def _to_all(client: aiosmtplib.SMTP, mail: EmailMessage, target: Server) -> Delivery:
    """To all who do not have it yet. Who is put off (4xx) while others have it gets it with the next try, alone."""
    key, before = str(mail["Message-ID"]), _taken.get(str(mail["Message-ID"]), frozenset())
    everybody = [one.addr_spec for one in mail["To"].addresses]
    wanted = [one for one in everybody if one not in before]
    if not wanted:
        return Delivered("")
    rejected, answer = await client.send_message(mail, recipients=wanted, timeout=SLOW)
    later = [one for one, (code, _) in rejected.items() if code < 500]
    if later:
        _taken[key] = before | {one for one in wanted if one not in later}
        while len(_taken) > REMEMBERED:
            _taken.popitem(last=False)
        said = "、".join(later[:3])
        return Undelivered(both(f"{_LATER[0]}：{said}；其余收件人已收到", f"{_LATER[1]}: {said}; the others have it"))
    _taken.pop(key, None)
    taken = clip(hide(clean(answer), target.password, target.user), 200)
    if not rejected:
        return Delivered(taken)
    refused = "、".join(f"{one} {code}" for one, (code, _) in list(rejected.items())[:3])
    return Delivered(
        both(
            f"{taken}（{len(rejected)} 个收件人被拒：{refused}）",
            f"{taken} ({len(rejected)} of the recipients refused: {refused})",
        )
    )


async def send(message: Message, event: Event, message_id: str, channel: Channel, wire: Wire) -> Delivery:
    """Hands the mail over. Never raises for what the far end or the settings do; no reason quotes the far end."""
    try:
        if channel.url is None:
            raise ConfigError(needs_url(channel))
        target = server(channel.url.reveal(), channel.options.get("tls"))
        to = mailboxes(channel.options.get("to"))
        sender = mailboxes(channel.options.get("from") or (target.user if "@" in target.user else None))
        if not to or not sender:
            raise ConfigError(
                tr(f"邮件渠道 {channel.name} 须写明 to 与 from", f"the e-mail channel {channel.name} needs to and from")
            )
        ca = channel.options.get("ca")
        context = ssl.create_default_context(cafile=str(ca) if ca else None)
    except ConfigError as error:
        return broken(error)
    except (OSError, ssl.SSLError):
        return Undelivered(
            both(f"渠道 {channel.name} 的 ca 读不出", f"ca of channel {channel.name} cannot be read"), permanent=True
        )
    mail = payload(message, event, message_id, sender[0], to)
    try:
        address = await wire.address(target.host, target.port)
        return await _hand_over(mail, target, address, context)
    except Refused as error:
        return refused(error)
    except FetchError as error:
        return silent(error)
    except aiosmtplib.SMTPException as error:
        return verdict(error)
    except ssl.SSLError as error:
        return insecure(error)
    except (OSError, ValueError) as error:
        said = system(error) if isinstance(error, OSError) and error.errno else type(error).__name__
        return Undelivered(both(f"无法连接（{told(said, 'zh')}）", f"no connection ({told(said, 'en')})"))
