"""What each channel makes of a message, as text for golden files."""

from __future__ import annotations

import json
from collections.abc import Callable
from email.headerregistry import Address

from tests.channels.samples import PAGE
from watcher.alert.message import compose
from watcher.channels import apprise, console, dingtalk, email, feishu, ntfy, slack, teams, webhook, wecom
from watcher.types import Event, Message
from watcher.words import Language


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _email(message: Message, event: Event) -> str:
    mail = email.payload(
        message, event, "msg_1", Address("watcher", addr_spec="w@example.org"), (Address(addr_spec="t@example.org"),)
    )
    parts = [part.get_content() for part in mail.iter_parts()]
    head = "\n".join(f"{name}: {mail[name]}" for name in mail if name != "Content-Type" and not name.startswith("MIME"))
    return f"{head}\n\n{parts[0]}\n{parts[1]}\n".replace("\r", "")


def _markdown(body: dict[str, object], field: str) -> str:
    inner = body["markdown"]
    assert isinstance(inner, dict)
    return f"{inner[field]}\n"


RENDER: dict[str, Callable[[Message, Event], str]] = {
    "apprise": lambda message, _: "{title}\n{body}\n".format(**apprise.payload(message)),
    "console": lambda message, _: console.payload(message),
    "dingtalk": lambda message, _: _markdown(dingtalk.payload(message), "text"),
    "email": _email,
    "feishu": lambda message, _: _json(feishu.payload(message)),
    "ntfy": lambda message, _: _json(ntfy.payload(message, "topic")),
    "slack": lambda message, _: _json(slack.payload(message)),
    "teams": lambda message, _: _json(teams.payload(message)),
    "webhook": lambda _, event: _json(webhook.payload(event)),
    "wecom": lambda message, _: _markdown(wecom.payload(message), "content"),
}
"""Renderer of every channel kind; a test demands that none is missing."""


def render(kind: str, event: Event, language: Language = "zh") -> str:
    """The text of one golden file."""
    return RENDER[kind](compose(event, language, PAGE), event)
