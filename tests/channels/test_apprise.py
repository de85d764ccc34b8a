"""Apprise runs behind the gate: it reaches what the gate allows and nothing else, and hides nothing that failed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from aiohttp import web

from tests.channels.conftest import MakeChannel
from tests.channels.receivers import Receiver, serving
from tests.channels.samples import samples
from watcher.alert.message import compose
from watcher.channels import apprise
from watcher.fetch.gate import Gate
from watcher.settings import Network
from watcher.types import Delivered, Undelivered

pytest.importorskip("apprise", reason="the extra watcher[apprise] is not installed")
EVENT = samples()["document.changed"]
TOPIC = "SecretPathOfTheHook"


async def take(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """A service that takes apprise's own JSON."""
    receiver.taken.append(json.loads(body))
    return web.json_response({"ok": True})


async def refuse(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """A service that is down."""
    return web.Response(status=503, text=str(request.url))


async def test_a_message_passes_the_gate_and_arrives(gate: Gate, channel: MakeChannel) -> None:
    async with serving(take, "/" + TOPIC) as receiver:
        made = channel("apprise", receiver.url.replace("http://127.0.0.1", "json://localhost"))
        result = await apprise.send(compose(EVENT), EVENT, "msg_1", made, gate)
        assert isinstance(result, Delivered), result
        taken = receiver.taken[0]
    assert taken["title"].startswith("文件有变动")
    assert "婴儿死亡率(2030)≤6‰ → ≤5‰ 【收紧】" in taken["message"]


async def test_the_gate_refuses_a_private_address(channel: MakeChannel) -> None:
    async with serving(take, "/" + TOPIC) as receiver, Gate(Network()) as strict:
        for host in ("127.0.0.1", "localhost"):
            made = channel("apprise", receiver.url.replace("http://127.0.0.1", f"json://{host}"))
            result = await apprise.send(compose(EVENT), EVENT, "msg_1", made, strict)
            assert isinstance(result, Undelivered)
            assert "访问规则" in result.reason
        assert receiver.requests == []


async def test_a_service_that_fails_is_tried_again(gate: Gate, channel: MakeChannel) -> None:
    async with serving(refuse, "/" + TOPIC) as receiver:
        made = channel("apprise", receiver.url.replace("http://", "json://"))
        result = await apprise.send(compose(EVENT), EVENT, "msg_1", made, gate)
        assert len(receiver.requests) >= 1
    assert isinstance(result, Undelivered)
    assert not result.permanent
    assert TOPIC not in result.reason


@pytest.mark.parametrize(
    "url",
    [
        "wecombot://key/", "feishu://token/", "lark://token/", "dingtalk://token/",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "https://open.feishu.cn/open-apis/bot/v2/hook/abc",
    ],
)  # fmt: skip
async def test_the_chinese_robots_have_channels_of_their_own(gate: Gate, channel: MakeChannel, url: str) -> None:
    result = await apprise.send(compose(EVENT), EVENT, "msg_1", channel("apprise", url), gate)
    assert isinstance(result, Undelivered)
    assert result.permanent
    assert "请用 kind: " in result.reason


async def test_an_address_apprise_does_not_know_stops_the_channel(gate: Gate, channel: MakeChannel) -> None:
    result = await apprise.send(compose(EVENT), EVENT, "msg_1", channel("apprise", f"nonsense://{TOPIC}"), gate)
    assert isinstance(result, Undelivered)
    assert result.permanent
    assert TOPIC not in result.reason


def child(*lines: str, code: str = "from watcher.channels._apprise_child import main; main()") -> list[str]:
    """The lines that a child prints when it hears these."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="".join(line + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout.splitlines()


def test_the_child_asks_before_it_connects_and_obeys_a_refusal() -> None:
    order = json.dumps({"url": f"json://10.0.0.7:8080/{TOPIC}", "title": "t", "body": "b"})
    asked, said = (json.loads(line) for line in child(order, json.dumps({"address": None})))
    assert asked == {"host": "10.0.0.7", "port": 8080}
    assert said == {"sent": False, "why": "service"}


def test_the_child_connects_to_nothing_that_was_not_allowed() -> None:
    code = (
        "import io, socket\n"
        "from watcher.channels._apprise_child import Parent, guard\n"
        'guard(Parent(io.StringIO(), io.StringIO(\'{"address": "192.0.2.1"}\')))\n'
        "for kind, call in (('tcp', 'connect'), ('tcp', 'connect_ex'), ('udp', 'sendto')):\n"
        "    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == 'tcp' else socket.SOCK_DGRAM) as sock:\n"
        "        try:\n"
        "            place = ('127.0.0.1', 9)\n"
        "            getattr(sock, call)(*((b'x', place) if call == 'sendto' else (place,)))\n"
        "        except PermissionError as error:\n"
        "            print(call, error)\n"
        "print(socket.gethostbyname('mail.example.org'))\n"
    )
    refused = "connections go to checked addresses only"
    assert child(code=code) == [f"connect {refused}", f"connect_ex {refused}", f"sendto {refused}", "192.0.2.1"]
