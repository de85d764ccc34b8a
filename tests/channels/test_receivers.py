"""Every channel is taken by a far end that checks the published shape; what it refuses is understood."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from aiohttp import web

from tests.channels import receivers
from tests.channels.conftest import MakeChannel
from tests.channels.receivers import KEY, SECRET, TOKEN, WHSEC, Handler, Receiver, serving
from tests.channels.samples import PAGE, samples
from watcher import drawers
from watcher.alert.message import compose
from watcher.fetch.gate import Gate
from watcher.settings import Network
from watcher.types import Delivered, Delivery, Event, Undelivered


@dataclass(frozen=True)
class Kind:
    """How to reach one kind's receiver, rightly and with a wrong key."""

    handler: Handler
    path: str
    wrong_path: str
    secret: str = ""


KINDS = {
    "wecom": Kind(receivers.wecom, f"/cgi-bin/webhook/send?key={KEY}", "/cgi-bin/webhook/send?key=wrong-key"),
    "dingtalk": Kind(
        receivers.dingtalk, f"/robot/send?access_token={TOKEN}", "/robot/send?access_token=wrong-token", SECRET
    ),
    "feishu": Kind(receivers.feishu, f"/open-apis/bot/v2/hook/{TOKEN}", "/open-apis/bot/v2/hook/wrong", SECRET),
    "slack": Kind(receivers.slack, f"/services/T000/B000/{TOKEN}", "/services/T000/B000/wrong"),
    "teams": Kind(receivers.teams, f"/workflows/1/run?api-version=1&sig={TOKEN}", "/workflows/1/run?sig=wrong"),
    "webhook": Kind(receivers.webhook, "/hook", "/hook", WHSEC),
    "ntfy": Kind(receivers.ntfy, "/watch_secret_topic", "/other_topic", TOKEN),
}
EVENTS = samples()


async def sent(gate: Gate, make: MakeChannel, kind: str, receiver: Receiver, event: Event) -> Delivery:
    """One message through a channel's ``send``."""
    own = KINDS[kind]
    channel = make(kind, receiver.url, own.secret)
    message = compose(event, "zh", PAGE)
    result: Delivery = await drawers.member("channels", kind).send(message, event, "msg_42", channel, gate)
    return result


def test_every_channel_that_speaks_http_has_a_receiver() -> None:
    assert set(KINDS) == set(drawers.names("channels")) - {"console", "email", "apprise"}


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_the_far_end_takes_every_kind_of_message(gate: Gate, channel: MakeChannel, kind: str, name: str) -> None:
    own = KINDS[kind]
    async with serving(own.handler, own.path) as receiver:
        result = await sent(gate, channel, kind, receiver, EVENTS[name])
        assert isinstance(result, Delivered), result
        assert len(receiver.taken) == 1
        assert receiver.requests[0][1]["idempotency-key"] == '"msg_42"'


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"webhook"}))
async def test_a_wrong_key_stops_the_channel(gate: Gate, channel: MakeChannel, kind: str) -> None:
    own = KINDS[kind]
    async with serving(own.handler, own.wrong_path) as receiver:
        result = await sent(gate, channel, kind, receiver, EVENTS["test"])
        assert isinstance(result, Undelivered)
        # A topic that does not exist is ntfy's own matter: it refuses the message, our receiver as a bad request.
        assert result.permanent or (kind == "ntfy" and result.rejected)
        assert receiver.taken == []


@pytest.mark.parametrize("kind", ["dingtalk", "feishu", "webhook"])
async def test_a_wrong_signature_stops_the_channel(gate: Gate, channel: MakeChannel, kind: str) -> None:
    own = KINDS[kind]
    wrong = "whsec_" + "QUJD" * 8 if kind == "webhook" else "SEC-not-the-right-one"
    async with serving(own.handler, own.path) as receiver:
        made = channel(kind, receiver.url, wrong)
        event = EVENTS["document.changed"]
        result = await drawers.member("channels", kind).send(compose(event), event, "msg_1", made, gate)
        assert isinstance(result, Undelivered)
        assert result.permanent
        assert receiver.taken == []


@pytest.mark.parametrize(
    ("kind", "status"),
    # Any 2xx is success for Standard Webhooks.
    [(kind, status) for kind in KINDS for status in (200, 500, 502, 503) if (kind, status) != ("webhook", 200)],
)
async def test_garbage_is_no_success_and_is_tried_again(
    gate: Gate, channel: MakeChannel, kind: str, status: int
) -> None:
    own = KINDS[kind]
    async with serving(own.handler, own.path) as receiver:
        receiver.instead = lambda request, body: web.Response(status=status, text="<html>Welcome to the proxy</html>")
        result = await sent(gate, channel, kind, receiver, EVENTS["test"])
        assert isinstance(result, Undelivered)
        assert not result.permanent
        assert not result.rejected


@pytest.mark.parametrize("kind", KINDS)
async def test_too_many_requests_carry_the_time_to_wait(gate: Gate, channel: MakeChannel, kind: str) -> None:
    own = KINDS[kind]
    async with serving(own.handler, own.path) as receiver:
        receiver.instead = lambda request, body: web.Response(
            status=429, headers={"retry-after": "17"}, text="slow down"
        )
        result = await sent(gate, channel, kind, receiver, EVENTS["test"])
        assert isinstance(result, Undelivered)
        assert result.retry_after == 17
        assert not result.permanent


@pytest.mark.parametrize("kind", KINDS)
async def test_nobody_there_is_tried_again(gate: Gate, channel: MakeChannel, kind: str) -> None:
    own = KINDS[kind]
    async with serving(own.handler, own.path) as receiver:
        url = receiver.url
    made = channel(kind, url, own.secret)
    event = EVENTS["test"]
    result = await drawers.member("channels", kind).send(compose(event), event, "msg_1", made, gate)
    assert isinstance(result, Undelivered)
    assert not result.permanent


@pytest.mark.parametrize("kind", KINDS)
async def test_the_gate_refuses_a_private_address(channel: MakeChannel, kind: str) -> None:
    own = KINDS[kind]
    event = EVENTS["test"]
    async with serving(own.handler, own.path) as receiver, Gate(Network()) as strict:
        made = channel(kind, receiver.url, own.secret)
        result = await drawers.member("channels", kind).send(compose(event), event, "msg_1", made, strict)
        assert receiver.requests == []
    assert isinstance(result, Undelivered)
    assert result.permanent


@pytest.mark.parametrize("kind", KINDS)
async def test_a_redirect_is_not_followed(gate: Gate, channel: MakeChannel, kind: str) -> None:
    own = KINDS[kind]
    async with serving(own.handler, own.path) as receiver:
        receiver.instead = lambda request, body: web.Response(status=302, headers={"location": "/elsewhere"})
        result = await sent(gate, channel, kind, receiver, EVENTS["test"])
        assert len(receiver.requests) == 1
    assert isinstance(result, Undelivered)


async def test_a_repeat_carries_the_same_webhook_id(gate: Gate, channel: MakeChannel) -> None:
    own = KINDS["webhook"]
    async with serving(own.handler, own.path) as receiver:
        for _ in range(2):
            await sent(gate, channel, "webhook", receiver, EVENTS["document.changed"])
        assert [identity for identity, _ in receiver.taken] == ["msg_42", "msg_42"]
        _, headers, body = receiver.requests[0]
    assert headers["webhook-timestamp"].isdigit()
    value = json.loads(body)
    assert value["type"] == "document.changed"
    assert value["timestamp"] == "2026-03-09T01:30:00Z"
    assert {"document", "from", "to", "moves", "edits", "title", "region", "url"} <= set(value["data"])


async def test_two_secrets_give_two_signatures(gate: Gate, channel: MakeChannel) -> None:
    own = KINDS["webhook"]
    event = EVENTS["test"]
    async with serving(own.handler, own.path) as receiver:
        made = channel("webhook", receiver.url, "whsec_" + "QUJD" * 8 + " " + WHSEC)
        result = await drawers.member("channels", "webhook").send(compose(event), event, "msg_1", made, gate)
        assert isinstance(result, Delivered)
        assert receiver.requests[0][1]["webhook-signature"].count("v1,") == 2


async def test_a_webhook_without_secret_is_not_signed(gate: Gate, channel: MakeChannel) -> None:
    async def take(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
        return web.Response(status=204)

    event = EVENTS["test"]
    async with serving(take) as receiver:
        made = channel("webhook", receiver.url)
        result = await drawers.member("channels", "webhook").send(compose(event), event, "msg_1", made, gate)
        assert isinstance(result, Delivered)
        assert "webhook-signature" not in receiver.requests[0][1]


async def test_mentions_come_from_the_settings_alone(gate: Gate, channel: MakeChannel) -> None:
    own = KINDS["dingtalk"]
    event = EVENTS["hostile"]
    async with serving(own.handler, own.path) as receiver:
        plain = channel("dingtalk", receiver.url, SECRET)
        asked = channel("dingtalk", receiver.url, SECRET, at_mobiles=["13900000000"], keyword="监测")
        send = drawers.member("channels", "dingtalk").send
        assert isinstance(await send(compose(event), event, "msg_1", plain, gate), Delivered)
        assert isinstance(await send(compose(event), event, "msg_2", asked, gate), Delivered)
        first, second = receiver.taken
    assert "at" not in first
    assert second["at"] == {"atMobiles": ["13900000000"], "atUserIds": [], "isAtAll": False}
    assert second["markdown"]["text"].endswith("监测\n\n@13900000000")


async def test_markdown_v2_is_taken_too(gate: Gate, channel: MakeChannel) -> None:
    own = KINDS["wecom"]
    event = EVENTS["long"]
    async with serving(own.handler, own.path) as receiver:
        made = channel("wecom", receiver.url, format="markdown_v2")
        result = await drawers.member("channels", "wecom").send(compose(event, "zh", PAGE), event, "m", made, gate)
        assert isinstance(result, Delivered)
        content = receiver.taken[0]
    assert 3500 < len(content.encode()) <= 4096
    assert "<font" not in content
