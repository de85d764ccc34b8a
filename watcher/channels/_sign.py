"""Signatures that receivers check: Standard Webhooks, 钉钉 and 飞书. Pure: time and secrets are given.

Sources: standardwebhooks/standard-webhooks, spec/standard-webhooks.md (symmetric signatures);
open.dingtalk.com/document/robots/customize-robot-security-settings (加签);
open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (签名校验).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from urllib.parse import quote_plus

from watcher.errors import ConfigError
from watcher.words import tr

PREFIX = "whsec_"


def _digest(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode("ascii")


def webhook_keys(secret: str) -> tuple[bytes, ...]:
    """The keys in a secret: one or, while keys are changed, several ``whsec_…`` divided by spaces.

    Raises ``ConfigError`` (without the secret) where one is not base64 or has fewer than 24 or more than 64 bytes,
    as the specification demands.
    """
    keys = []
    for part in secret.split():
        try:
            key = base64.b64decode(part.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            raise ConfigError(
                tr(
                    "webhook 的签名密钥不是 base64（whsec_…）",
                    "the signing secret of the webhook is not base64 (whsec_…)",
                )
            ) from None
        if not 24 <= len(key) <= 64:
            raise ConfigError(
                tr(
                    f"webhook 的签名密钥有 {len(key)} 字节；须为 24 至 64 字节",
                    f"the signing secret of the webhook has {len(key)} bytes; 24 to 64 are allowed",
                )
            )
        keys.append(key)
    return tuple(keys)


def webhook_headers(message_id: str, timestamp: int, body: bytes, keys: tuple[bytes, ...]) -> dict[str, str]:
    """``webhook-id``, ``webhook-timestamp`` (Unix seconds) and, with keys, ``webhook-signature`` (one ``v1,…`` a key)."""
    headers = {"webhook-id": message_id, "webhook-timestamp": str(timestamp)}
    if keys:
        content = f"{message_id}.{timestamp}.".encode() + body
        headers["webhook-signature"] = " ".join(f"v1,{_digest(key, content)}" for key in keys)
    return headers


def dingtalk_query(secret: str, timestamp_ms: int) -> str:
    """``timestamp=…&sign=…`` to append to the robot's address; good for an hour around ``timestamp_ms``."""
    sign = _digest(secret.encode(), f"{timestamp_ms}\n{secret}".encode())
    return f"timestamp={timestamp_ms}&sign={quote_plus(sign)}"


def feishu_sign(secret: str, timestamp: int) -> str:
    """The ``sign`` field: the key is ``timestamp\\nsecret``, the signed text is empty. ``timestamp`` in seconds."""
    return _digest(f"{timestamp}\n{secret}".encode(), b"")
