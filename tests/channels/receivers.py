"""Far ends on loopback that refuse what the real services refuse, by their published shapes (see each channel's source).

Each is an aiohttp handler with a list of what it took. They are strict: unknown fields, wrong types, sizes, signatures,
rates and keys are answered as the vendor answers, most of them with HTTP 200.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

KEY = "693a91f6-7b7e-4bc4-97a0-0ec2sifa5aaa"
TOKEN = "566cc69da782ec33b42ffc1b2ba4c3d6ac0e0d9c"
SECRET = "SEC0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"
WHSEC = "whsec_" + base64.b64encode(bytes(range(32))).decode()

Handler = Callable[["Receiver", web.Request, bytes], Awaitable[web.StreamResponse]]


class Receiver:
    """One far end: what it took, what it was asked, and an answer it may be told to give instead."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.taken: list[Any] = []
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.instead: Callable[[web.Request, bytes], web.StreamResponse] | None = None
        self.url = ""

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Keeps the request, then judges it."""
        body = await request.read()
        self.requests.append((str(request.rel_url), {k.lower(): v for k, v in request.headers.items()}, body))
        if self.instead is not None:
            return self.instead(request, body)
        return await self.handler(self, request, body)


@contextlib.asynccontextmanager
async def serving(handler: Handler, path: str = "/") -> AsyncIterator[Receiver]:
    """The receiver on a port of its own; ``url`` is where it stands with ``path``."""
    receiver = Receiver(handler)
    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", receiver.__call__)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    receiver.url = f"http://127.0.0.1:{port}{path}"
    try:
        yield receiver
    finally:
        await runner.cleanup()


def only(value: Any, required: set[str], optional: set[str] = frozenset()) -> bool:  # type: ignore[assignment]
    """Whether an object has just these fields."""
    return isinstance(value, dict) and required <= set(value) and set(value) <= required | set(optional)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


async def wecom(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """企业微信: key, type, 4,096 bytes, no mention."""

    def say(code: int, text: str) -> web.Response:
        return web.json_response({"errcode": code, "errmsg": text})

    if request.query.get("key") != KEY or request.path != "/cgi-bin/webhook/send":
        return say(93000, "invalid webhook url, hint: [1], from ip: 127.0.0.1")
    value = _json(body)
    kind = value.get("msgtype") if isinstance(value, dict) else None
    if kind not in ("markdown", "markdown_v2"):
        return say(40008, "invalid message type")
    if not only(value, {"msgtype", kind}) or not only(value[kind], {"content"}):
        return say(40058, f"{kind} has unknown fields")
    content = value[kind]["content"]
    if not isinstance(content, str) or not content.strip():
        return say(44004, "empty content")
    if len(content.encode()) > 4096:
        return say(40058, f"{kind}.content exceed max length 4096")
    receiver.taken.append(content)
    return say(0, "ok")


async def dingtalk(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """钉钉: token, signature within an hour, fields, 20,000 bytes."""

    def say(code: int, text: str) -> web.Response:
        return web.json_response({"errcode": code, "errmsg": text})

    if request.query.get("access_token") != TOKEN:
        return say(300005, "token is not exist")
    stamp = request.query.get("timestamp", "")
    if not stamp.isdigit() or abs(time.time() * 1000 - int(stamp)) > 3600_000:
        return say(310000, "invalid timestamp")
    digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    if parse_qs(request.query_string).get("sign") != [base64.b64encode(digest).decode()]:
        return say(310000, "sign not match")
    if "application/json" not in request.headers.get("content-type", ""):
        return say(43004, "无效的HTTP HEADER Content-Type")
    value = _json(body)
    if len(body) > 20_000:
        return say(460101, "message too long, exceed 20000 bytes")
    if not only(value, {"msgtype", "markdown"}, {"at"}) or not only(value["markdown"], {"title", "text"}):
        return say(40035, "缺少参数 json")
    if value["msgtype"] != "markdown" or not value["markdown"]["title"] or not value["markdown"]["text"]:
        return say(40035, "缺少参数 json")
    if "at" in value and not only(value["at"], set(), {"atMobiles", "atUserIds", "isAtAll"}):
        return say(40035, "缺少参数 json")
    receiver.taken.append(value)
    return say(0, "ok")


CARD_TAGS = {
    "div": ({"tag", "text"}, {"fields", "extra"}),
    "hr": ({"tag"}, set()),
    "action": ({"tag", "actions"}, {"layout"}),
    "note": ({"tag", "elements"}, set()),
    "button": ({"tag", "text"}, {"type", "url", "value", "multi_url", "confirm"}),
    "plain_text": ({"tag", "content"}, {"lines"}),
}


def _card_ok(element: Any) -> bool:
    if not isinstance(element, dict) or element.get("tag") not in CARD_TAGS:
        return False
    required, optional = CARD_TAGS[element["tag"]]
    if not only(element, required, optional):
        return False
    if element["tag"] == "plain_text":
        return isinstance(element["content"], str) and bool(element["content"])
    inner = [element["text"]] if "text" in element else []
    inner += element.get("elements", []) + element.get("actions", [])
    return all(_card_ok(part) for part in inner)


async def feishu(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """飞书: token, signature within an hour, 20 KB, card shape."""

    def say(code: int, text: str) -> web.Response:
        return web.json_response({"code": code, "msg": text, "data": {}})

    if request.path != f"/open-apis/bot/v2/hook/{TOKEN}":
        return say(19001, "param invalid: incoming webhook access token invalid")
    value = _json(body)
    if not only(value, {"timestamp", "sign", "msg_type", "card"}):
        return say(9499, "Bad Request")
    stamp = value["timestamp"]
    if not isinstance(stamp, str) or not stamp.isdigit() or abs(time.time() - int(stamp)) > 3600:
        return say(19021, "sign match fail or timestamp is not within one hour from current time")
    sign = base64.b64encode(hmac.new(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256).digest()).decode()
    if value["sign"] != sign:
        return say(19021, "sign match fail or timestamp is not within one hour from current time")
    if len(body) > 20_000:
        return say(9499, "Bad Request: body too large")
    card = value["card"]
    shape = (
        value["msg_type"] == "interactive"
        and only(card, {"elements"}, {"config", "header"})
        and only(card["header"], {"title"}, {"template"})
        and _card_ok(card["header"]["title"])
        and card["elements"]
        and all(_card_ok(element) for element in card["elements"])
    )
    if not shape:
        return say(9499, "Bad Request")
    receiver.taken.append(value)
    return web.json_response({"StatusCode": 0, "StatusMessage": "success", "code": 0, "msg": "success", "data": {}})


def _slack_block_ok(block: Any) -> bool:
    if not isinstance(block, dict):
        return False
    kind = block.get("type")
    if kind == "divider":
        return only(block, {"type"})
    if kind == "context":
        elements = block.get("elements", [])
        return only(block, {"type", "elements"}) and 0 < len(elements) <= 10 and all(map(_slack_text_ok, elements))
    if kind not in ("header", "section") or not only(block, {"type", "text"}) or not _slack_text_ok(block["text"]):
        return False
    text = block["text"]
    if kind == "header":
        return text["type"] == "plain_text" and len(text["text"]) <= 150
    return len(text["text"]) <= 3000


def _slack_text_ok(text: Any) -> bool:
    if not isinstance(text, dict) or not text.get("text"):
        return False
    if text.get("type") == "plain_text":
        return only(text, {"type", "text"}, {"emoji"})
    return text.get("type") == "mrkdwn" and only(text, {"type", "text"}, {"verbatim"})


async def slack(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """Slack: address, blocks and their limits."""
    if request.path != f"/services/T000/B000/{TOKEN}":
        return web.Response(status=404, text="no_service")
    value = _json(body)
    if not only(value, {"text"}, {"blocks", "unfurl_links", "unfurl_media", "mrkdwn"}):
        return web.Response(status=400, text="invalid_payload")
    blocks = value.get("blocks", [])
    if len(blocks) > 50 or not all(map(_slack_block_ok, blocks)) or len(value["text"]) > 40_000:
        return web.Response(status=400, text="invalid_blocks")
    receiver.taken.append(value)
    return web.Response(text="ok")


TEAMS_BLOCK = {"type", "inlines"}
TEAMS_RUN = ({"type", "text"}, {"weight", "size", "color", "isSubtle"})


async def teams(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """Teams workflow: signature in the address, 28 KB, one Adaptive Card."""
    if request.query.get("sig") != TOKEN:
        return web.json_response({"error": {"code": "DirectApiAuthorizationRequired", "message": "no"}}, status=401)
    if len(body) > 28 * 1024:
        return web.Response(status=413, text="Request Entity Too Large")
    value = _json(body)
    bad = web.json_response({"error": {"code": "TriggerInputSchemaMismatch", "message": "schema"}}, status=400)
    if not only(value, {"type", "attachments"}) or value["type"] != "message" or len(value["attachments"]) != 1:
        return bad
    attachment = value["attachments"][0]
    if not only(attachment, {"contentType", "content"}, {"contentUrl"}):
        return bad
    if attachment["contentType"] != "application/vnd.microsoft.card.adaptive":
        return bad
    card = attachment["content"]
    if not only(card, {"type", "version", "body"}, {"$schema", "actions", "msteams", "fallbackText"}):
        return bad
    for block in card["body"]:
        runs = block.get("inlines", [])
        if block.get("type") != "RichTextBlock" or not only(block, TEAMS_BLOCK, {"spacing", "separator"}):
            return bad
        if not runs or not all(only(run, *TEAMS_RUN) and run["type"] == "TextRun" for run in runs):
            return bad
    actions = card.get("actions", [])
    if len(actions) > 6 or not all(only(action, {"type", "title", "url"}) for action in actions):
        return bad
    receiver.taken.append(value)
    return web.Response(status=202)


async def webhook(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """Any program that checks with the reference library of Standard Webhooks."""
    try:
        value = Webhook(WHSEC).verify(body, dict(request.headers))
    except WebhookVerificationError:
        return web.json_response({"error": "signature"}, status=401)
    if not only(value, {"type", "timestamp", "data"}):
        return web.json_response({"error": "shape"}, status=400)
    receiver.taken.append((request.headers["webhook-id"], value))
    return web.json_response({"ok": True})


NTFY_OPTIONAL = {
    "title",
    "message",
    "tags",
    "priority",
    "click",
    "attach",
    "markdown",
    "icon",
    "actions",
    "delay",
    "sequence_id",
}


async def ntfy(receiver: Receiver, request: web.Request, body: bytes) -> web.StreamResponse:
    """ntfy: JSON at the root, access token, limits."""

    def say(code: int, text: str) -> web.Response:
        return web.json_response({"code": code, "http": code // 100, "error": text}, status=code // 100)

    if request.headers.get("authorization") != f"Bearer {TOKEN}":
        return say(40301, "forbidden")
    value = _json(body)
    if request.path != "/" or not only(value, {"topic"}, NTFY_OPTIONAL) or value["topic"] != "watch_secret_topic":
        return say(40024, "invalid request: body must be valid JSON")
    if value.get("priority") not in (1, 2, 3, 4, 5) or len(value.get("actions", [])) > 3:
        return say(40007, "invalid priority parameter")
    if len(value["message"].encode()) > 4096:
        return say(41301, "attachment too large, or bandwidth limit reached")
    receiver.taken.append(value)
    return web.json_response({"id": "a1b2c3d4e5f6", "time": int(time.time()), "event": "message", **value})
