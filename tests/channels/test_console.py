"""The console prints what it was given and says when it cannot."""

from __future__ import annotations

import io
import sys

import pytest

from tests.channels.samples import PAGE, hostile, samples
from watcher.alert.message import compose
from watcher.channels import console
from watcher.fetch.gate import Gate
from watcher.settings import Channel
from watcher.types import Delivered, Undelivered
from watcher.words import told

CHANNEL = Channel("here", "console")
EVENT = samples()["document.changed"]


async def test_a_message_is_printed(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    result = await console.send(compose(EVENT, "zh", PAGE), EVENT, "msg_1", CHANNEL, gate)
    assert isinstance(result, Delivered)
    assert told(result.answer, "zh") == "已打印"
    printed = capsys.readouterr().out
    assert printed.startswith("■ 文件有变动：《云州市“十五五”卫生健康发展规划》\n  云州市 · 印发稿\n")
    assert printed.endswith("\n\n")


async def test_no_control_sequence_reaches_the_terminal(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    event = hostile()
    await console.send(compose(event), event, "msg_1", CHANNEL, gate)
    assert not set(capsys.readouterr().out) & {"\x1b", "\u202e", "\u202c", "\x07", "\r"}


async def test_a_terminal_that_cannot_show_it_is_a_failure(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    result = await console.send(compose(EVENT), EVENT, "msg_1", CHANNEL, gate)
    assert isinstance(result, Undelivered)
    assert told(result.reason, "zh") == "标准输出不可用（UnicodeEncodeError）"
    assert told(result.reason, "en") == "standard output: UnicodeEncodeError"
