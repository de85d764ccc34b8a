"""Every try of one alert carries the same id, on every channel that can carry one."""

from __future__ import annotations

import pytest
from aiohttp import web

from tests.channels.conftest import MakeChannel
from tests.channels.receivers import Receiver, serving
from tests.channels.samples import samples
from watcher import drawers
from watcher.alert.message import compose
from watcher.channels import email, ntfy
from watcher.channels.email import mailboxes
from watcher.fetch.gate import Gate

EVENT = samples()["document.changed"]
MESSAGE = compose(EVENT)
HTTP = ("wecom", "dingtalk", "feishu", "slack", "teams", "webhook", "ntfy")


async def busy(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """A far end that takes nothing."""
    return web.Response(status=503)


@pytest.mark.parametrize("kind", HTTP)
async def test_a_repeat_has_the_id_of_the_first_try(gate: Gate, channel: MakeChannel, kind: str) -> None:
    async with serving(busy, "/topic") as receiver:
        made = channel(kind, receiver.url)
        for message_id in ("msg_1", "msg_1", "msg_2"):
            await drawers.member("channels", kind).send(MESSAGE, EVENT, message_id, made, gate)
        ids = [headers["idempotency-key"] for _, headers, _ in receiver.requests]
        assert ids == ['"msg_1"', '"msg_1"', '"msg_2"']
        if kind == "webhook":
            assert [headers["webhook-id"] for _, headers, _ in receiver.requests] == ["msg_1", "msg_1", "msg_2"]


def test_a_repeated_push_replaces_the_one_that_came_before() -> None:
    first, again = (ntfy.payload(MESSAGE, "topic", "msg_0123456789abcdef01234567") for _ in range(2))
    assert first == again
    assert first["sequence_id"] == "msg_0123456789abcdef01234567"


def test_a_repeated_mail_is_the_same_mail() -> None:
    boxes = mailboxes("a@example.org")
    first, again, other = (email.payload(MESSAGE, EVENT, one, boxes[0], boxes) for one in ("msg_1", "msg_1", "msg_2"))
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Date"] == again["Date"]
