"""One POST to a far end, and what its answer means; no secret ever leaves in a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

from watcher.channels._escape import clean
from watcher.errors import ConfigError, FetchError, Refused
from watcher.settings import Channel
from watcher.types import Answer, Delivered, Delivery, Undelivered, Wire
from watcher.words import both, told, tr

JSON_HEADERS = {"content-type": "application/json; charset=utf-8", "accept": "application/json, text/plain"}
SHOWN = 200
"""Characters of a far end's answer that are kept."""
PUBLIC = frozenset(
    {"cgi-bin", "webhook", "webhooks", "open-apis", "services", "workflows", "triggers", "invoke", "version"}
)
"""Words of the robots' published addresses: no secrets, and far ends use them in their answers."""
MAX_WAIT = 86400.0
"""The longest Retry-After that is believed, in seconds."""


def encode(payload: Mapping[str, object]) -> bytes:
    """JSON as UTF-8 without needless spaces; Chinese as it is, because sizes are counted in bytes of UTF-8."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def parse(answer: Answer) -> dict[str, object] | None:
    """The JSON object that the far end answered, or None where it is something else."""
    try:
        value = json.loads(answer.body[:100_000])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def number(value: object) -> int | None:
    """An error code as an integer; some gateways send it as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value) else None


def said(answer: Answer) -> str:
    """What the far end answered, one line, shortened."""
    return clean(answer.body[: 4 * SHOWN].decode("utf-8", "replace"))[:SHOWN]


def told_code(
    name: str, code: int, body: Mapping[str, object], answer: Answer, todo: Mapping[int, tuple[str, str]]
) -> str:
    """Why a robot did not take a message: its code and its own words, and what to do about it where that is known."""
    given = next(
        (text for key in ("errmsg", "msg", "StatusMessage") if isinstance(text := body.get(key), str) and text), ""
    )
    reason = f"{name} {code}: {clean(given)[:SHOWN] or said(answer)}"
    return both(f"{reason}；{todo[code][0]}", f"{reason}; {todo[code][1]}") if code in todo else reason


def retry_after(answer: Answer, now: datetime | None = None) -> float | None:
    """Seconds from ``Retry-After`` (a number or a date) or Slack's and Standard Webhooks' use of it; None without one."""
    value = answer.headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    if seconds != seconds:
        return None
    return min(max(seconds, 0.0), MAX_WAIT)


def from_status(answer: Answer) -> Undelivered | None:
    """What a status says by itself: None for 2xx, else a refusal that knows whether another try can help.

    Only a refused key (401, 403) and 410 stop a channel, only 413 gives up a message: a 404, a 400 or a redirect may as
    well come from a proxy or from a receiver that is being restarted, and the number of tries ends those.
    """
    status = answer.status
    if 200 <= status < 300:
        return None
    reason = f"HTTP {status}: {said(answer)}" if answer.body else f"HTTP {status}"
    wait = retry_after(answer)
    return Undelivered(reason, permanent=status in (401, 403, 410), rejected=status == 413, retry_after=wait)


def not_theirs(answer: Answer, who: str) -> Undelivered:
    """The answer of somebody in between (a proxy, a login page): it says nothing about the robot, so it is tried again."""
    what = f": {text}" if (text := said(answer)) else ""
    zh, en = told(who, "zh"), told(who, "en")
    reason = both(f"HTTP {answer.status}，不是{zh}的应答{what}", f"HTTP {answer.status}, not an answer of {en}{what}")
    return Undelivered(reason, retry_after=retry_after(answer))


def hide(text: str, *secrets: str) -> str:
    """The text with every secret and every telling part of a secret address replaced by ``***``."""
    for part in _telling(secrets):
        text = text.replace(part, "***")
    return text


@lru_cache(maxsize=64)
def _telling(secrets: tuple[str, ...]) -> tuple[str, ...]:
    """What must not be shown of some secrets, the longest first."""
    parts: set[str] = set()
    for secret in filter(None, secrets):
        parts.update({secret, unquote(secret)})
        if "://" not in secret:
            parts.update(secret.split())
            continue
        try:
            split = urlsplit(secret)
            values = [value for _, value in parse_qsl(split.query)] + split.query.split("&")
            values += [value.partition("=")[2] for value in split.query.split("&")]
            values += [split.username or "", split.password or "", split.path, *split.path.split("/"), split.fragment]
        except ValueError:
            values = re.split(r"[/?&=#:@]+", secret)
        parts.update(value for value in [*values, *map(unquote, values)] if len(value) >= 6 and value not in PUBLIC)
        if split_password := _password(secret):
            parts.update({split_password, unquote(split_password)})
    return tuple(part for part in sorted(parts, key=len, reverse=True) if len(part) >= 3)


def _password(secret: str) -> str:
    try:
        return urlsplit(secret).password or ""
    except ValueError:
        return ""


def sheltered(delivery: Delivery, *secrets: str) -> Delivery:
    """The same delivery without secrets in its text."""
    if isinstance(delivery, Delivered):
        return Delivered(hide(delivery.answer, *secrets))
    return Undelivered(
        hide(delivery.reason, *secrets),
        permanent=delivery.permanent,
        retry_after=delivery.retry_after,
        rejected=delivery.rejected,
    )


def needs_url(channel: Channel) -> str:
    """What to say of a channel without an address."""
    return tr(
        f"渠道 {channel.name}（{channel.kind}）须写明 url", f"channel {channel.name} ({channel.kind}) needs a url"
    )


def http_address(channel: Channel) -> str:
    """The channel's http(s) address, read now. Raises ``ConfigError`` that names the setting, never the address."""
    if channel.url is None:
        raise ConfigError(needs_url(channel))
    url = channel.url.reveal()
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or not url.isascii() or not url.isprintable() or " " in url:
        raise ConfigError(
            tr(
                f"渠道 {channel.name} 的 {channel.url.name} 不是 http(s) 网址",
                f"{channel.url.name} of channel {channel.name} is not an http(s) address",
            )
        )
    return url


async def post(
    wire: Wire,
    url: str,
    body: bytes,
    verdict: Callable[[Answer], Delivery],
    message_id: str,
    *,
    headers: Mapping[str, str] = JSON_HEADERS,
    secrets: tuple[str, ...] = (),
) -> Delivery:
    """Sends and judges; failures of the wire become an :class:`Undelivered` that names their kind only.

    Every try of one alert carries its id as ``Idempotency-Key`` (draft-ietf-httpapi-idempotency-key-header), so that
    a repeat can be known as one wherever somebody looks.
    """
    try:
        answer = await wire.request("POST", url, headers={**headers, "idempotency-key": f'"{message_id}"'}, body=body)
    except Refused as error:
        return refused(error)
    except FetchError as error:
        return silent(error)
    return sheltered(verdict(answer), url, *secrets)


_SILENCE = {
    "timeout": ("超时", "timeout"),
    "dns": ("域名无法解析", "dns"),
    "connect": ("无法连接", "connect"),
    "tls": ("证书不可信，或 TLS 握手失败", "tls: certificate not accepted, or no handshake"),
    "too-large": ("应答过大", "too-large"),
    "protocol": ("不是有效的 HTTP 应答", "protocol"),
}


def silent(error: FetchError) -> Undelivered:
    """No answer came back: it is tried again."""
    zh, en = _SILENCE.get(error.kind, (error.kind, error.kind))
    return Undelivered(both(f"没有应答（{zh}）", f"no answer ({en})"), retry_after=error.retry_after)


def refused(error: Refused) -> Undelivered:
    """Our own policy forbids the address: the channel stops."""
    return Undelivered(
        both("访问规则不允许连接该地址", f"the address is refused by the network policy ({error.kind})"), permanent=True
    )


def broken(error: ConfigError) -> Undelivered:
    """A setting that cannot be used: the channel stops until somebody mends it."""
    return Undelivered(error.both, permanent=True)
