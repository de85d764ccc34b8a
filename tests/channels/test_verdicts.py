"""What the far ends' documented answers mean: taken, wait, this message not, this channel never again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher import drawers
from watcher.channels import _post
from watcher.types import Answer, Delivered, Undelivered
from watcher.words import told

Meaning = Literal["taken", "again", "wait", "rejected", "stopped"]
HTTP = ("wecom", "dingtalk", "feishu", "slack", "teams", "webhook", "ntfy")


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    """An answer; objects as JSON."""
    raw = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw.encode())


def ding(code: int, text: str) -> Answer:
    """钉钉 and 企业微信 answer in one shape."""
    return answer({"errcode": code, "errmsg": text})


def lark(code: int, text: str) -> Answer:
    """飞书's shape."""
    return answer({"code": code, "msg": text, "data": {}})


CASES: list[tuple[str, Answer, Meaning]] = [
    ("wecom", ding(0, "ok"), "taken"),
    ("wecom", ding(45009, "api freq out of limit"), "wait"),
    ("wecom", ding(45033, "api concurrent out of limit"), "wait"),
    ("wecom", ding(93000, "invalid webhook url"), "stopped"),
    ("wecom", ding(93004, "robot is stopped"), "stopped"),
    ("wecom", ding(40058, "markdown.content exceed max length 4096"), "rejected"),
    ("wecom", ding(44004, "empty content"), "rejected"),
    ("wecom", ding(-1, "system busy"), "again"),
    ("wecom", ding(99999, "a code of tomorrow"), "again"),
    ("wecom", answer({"errmsg": "ok"}), "again"),
    ("wecom", answer({"errcode": "0", "errmsg": "ok"}), "taken"),
    ("wecom", answer({"errcode": True}), "again"),
    ("wecom", answer("<html>403 by the proxy</html>", 403), "again"),
    ("dingtalk", ding(0, "ok"), "taken"),
    ("dingtalk", ding(130101, "send too fast, exceed 20 times per minute"), "wait"),
    ("dingtalk", ding(410100, "发送速度太快而限流"), "wait"),
    ("dingtalk", ding(310000, "sign not match"), "stopped"),
    ("dingtalk", ding(310000, "keywords not in content"), "stopped"),
    ("dingtalk", ding(300001, "token is not exist"), "stopped"),
    ("dingtalk", ding(400013, "群已被解散"), "stopped"),
    ("dingtalk", ding(400102, "机器人已停用"), "stopped"),
    ("dingtalk", ding(460101, "message too long, exceed 20000 bytes"), "rejected"),
    ("dingtalk", ding(430102, "含有不合适的文本"), "rejected"),
    ("dingtalk", ding(-1, "系统繁忙"), "again"),
    ("feishu", answer({"StatusCode": 0, "StatusMessage": "success"}), "taken"),
    ("feishu", lark(0, "success"), "taken"),
    ("feishu", lark(11232, "frequency limited"), "wait"),
    ("feishu", answer({"code": 99991400, "msg": "request trigger frequency limit"}, 400), "wait"),
    ("feishu", lark(19001, "param invalid: incoming webhook access token invalid"), "stopped"),
    ("feishu", lark(19021, "sign match fail or timestamp is not within one hour"), "stopped"),
    ("feishu", lark(19022, "Ip Not Allowed"), "stopped"),
    ("feishu", lark(19024, "Key Words Not Found"), "stopped"),
    ("feishu", lark(9499, "Bad Request"), "rejected"),
    ("feishu", answer({"msg": "success"}), "again"),
    ("slack", answer("ok"), "taken"),
    ("slack", answer({"ok": True}), "taken"),
    ("slack", answer({"ok": False, "error": "channel_is_archived"}), "stopped"),
    ("slack", answer("no_service", 404), "stopped"),
    ("slack", answer("channel_is_archived", 410), "stopped"),
    ("slack", answer("invalid_token", 403), "stopped"),
    ("slack", answer("invalid_payload", 400), "rejected"),
    ("slack", answer("invalid_blocks", 400), "rejected"),
    ("slack", answer("rate_limited", 429, retry_after="3"), "wait"),
    ("slack", answer("rollup_error", 500), "again"),
    ("slack", answer("<html>ok</html>"), "again"),
    ("slack", answer("ok, come in"), "again"),
    ("teams", answer("\x00"), "again"),
    ("teams", answer("", 202), "taken"),
    ("teams", answer("1"), "taken"),
    ("teams", answer("Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x"), "wait"),
    ("teams", answer("Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413"), "rejected"),
    ("teams", answer("Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 403"), "stopped"),
    ("teams", answer({"error": {"code": "TriggerInputSchemaMismatch"}}, 400), "rejected"),
    ("teams", answer({"error": {"code": "WorkflowNotFound"}}, 404), "stopped"),
    ("teams", answer({"error": {"code": "DirectApiAuthorizationRequired"}}, 401), "stopped"),
    ("teams", answer("", 502), "again"),
    ("teams", answer("welcome to the hotel's network"), "again"),
    ("webhook", answer(""), "taken"),
    ("webhook", answer("", 204), "taken"),
    ("webhook", answer({"ok": False}), "again"),
    ("webhook", answer({"errcode": 310000}), "again"),
    ("webhook", answer("gone", 410), "stopped"),
    ("webhook", answer("", 401), "stopped"),
    ("webhook", answer("", 404), "again"),
    ("webhook", answer("", 413), "rejected"),
    ("webhook", answer("", 301, location="https://elsewhere.example"), "again"),
    ("webhook", answer("", 503, retry_after="120"), "wait"),
    ("ntfy", answer({"id": "x", "event": "message", "topic": "t"}), "taken"),
    ("ntfy", answer({"code": 42901, "http": 429, "error": "limit reached"}, 429, retry_after="9"), "wait"),
    ("ntfy", answer({"code": 42908, "http": 429, "error": "daily quota"}, 429), "again"),
    ("ntfy", answer({"code": 40301, "http": 403, "error": "forbidden"}, 403), "stopped"),
    ("ntfy", answer({"code": 40007, "http": 400, "error": "invalid priority"}, 400), "rejected"),
    ("ntfy", answer("<html>"), "again"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "said", "meaning"), CASES, ids=[f"{kind}-{at}-{meaning}" for at, (kind, _, meaning) in enumerate(CASES)]
)
def test_a_documented_answer_means_what_it_says(kind: str, said: Answer, meaning: Meaning) -> None:
    verdict = drawers.member("channels", kind).verdict(said)
    if meaning == "taken":
        assert isinstance(verdict, Delivered)
        return
    assert isinstance(verdict, Undelivered)
    assert verdict.permanent is (meaning == "stopped")
    assert verdict.rejected is (meaning == "rejected")
    assert (verdict.retry_after is not None) is (meaning == "wait")


@pytest.mark.parametrize("kind", HTTP)
@given(body=st.binary(max_size=300), status=st.integers(100, 599))
@settings(max_examples=60)
def test_no_bytes_break_a_verdict_and_garbage_is_no_success(kind: str, body: bytes, status: int) -> None:
    verdict = drawers.member("channels", kind).verdict(Answer(status, {}, body))
    if kind != "webhook" and body.strip() not in (b"", b"1", b"ok"):
        assert isinstance(verdict, Undelivered)
    assert len(repr(verdict)) < 1000


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("17", 17.0), ("0", 0.0), ("-5", 0.0), ("1e99", 86400.0), ("nan", None), ("soon", None), ("", None),
        ("Mon, 09 Mar 2026 01:31:00 GMT", 60.0), ("Mon, 09 Mar 2026 01:00:00 GMT", 0.0),
    ],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(value: str, seconds: float | None) -> None:
    now = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
    assert _post.retry_after(Answer(429, {"retry-after": value}, b""), now) == seconds


@pytest.mark.parametrize(
    ("kind", "far", "own", "todo"),
    [
        ("dingtalk", ding(310000, "keywords not in content"), "keywords not in content", "keyword"),
        ("dingtalk", ding(300001, "token is not exist"), "token is not exist", "地址"),
        ("wecom", ding(93000, "invalid webhook url"), "invalid webhook url", "Webhook 地址"),
        ("feishu", lark(19024, "Key Words Not Found"), "Key Words Not Found", "keyword"),
        ("feishu", lark(19021, "sign match fail"), "sign match fail", "secret"),
    ],
)
def test_a_refusal_that_a_person_must_mend_says_how(kind: str, far: Answer, own: str, todo: str) -> None:
    result = drawers.member("channels", kind).verdict(far)
    assert isinstance(result, Undelivered)
    assert own in told(result.reason, "zh")
    assert "{" not in result.reason, "its words, not its JSON"
    assert todo in told(result.reason, "zh")
    assert told(result.reason, "en") != told(result.reason, "zh")
