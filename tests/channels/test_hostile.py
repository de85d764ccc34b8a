"""Whole messages whose every field is an attack: what a channel sends has our mark-up and our links, and nobody is mentioned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.channels.rendering import RENDER
from tests.channels.samples import MOVES, NOW, PAGE, diff, move, side
from watcher.alert import events
from watcher.alert.events import AttachmentMove, DocumentFacts, ReadFacts
from watcher.alert.message import compose
from watcher.channels import apprise, dingtalk, email, feishu, ntfy, slack, teams, wecom
from watcher.types import Event, Link, Message
from watcher.words import Language

ATTACKS = [
    "<at id=all></at>", "<at user_id=\"all\">所有人</at>", "@所有人", "＠all", "＠所有人", "@\u200ball", "@\u202eall", "<!channel>", "<!here|here>",
    "<@U024BE7LH>", "<@all>", "&lt;!channel&gt;", "&#60;!channel&#62;", "[x](javascript:alert(1))", "[x](https://evil.example)",
    "![i](https://evil.example/i.png)", "<https://evil.example|原文>", "https://evil.example/", "www.evil.example", "mailto:a@evil.example",
    "<a href='https://evil.example'>x</a>", "<img src=x onerror=alert(1)>", "<font color='warning'>假</font>", "`code`", "```\nblock\n```",
    "# 标题", "> 引用", "- 项", "1. 项", "| a | b |\n|---|---|", "---", "***", "~~删~~", "[ref]: https://evil.example", "a\n\n<!everyone>\n\nb",
    "\r\nBcc: victim@evil.example", "\u2028换行\u2029", "\u202e倒写\u202c", "\u2066隔\u2069", "零\u200b宽\u200d\ufeff", "\U000e0041\U000e0042", "\ud83d", "\ude00",
    "👨‍👩‍👧", "𠮷" * 50, "字" * 5000, "W" * 5000, "\x1b[31m", "\x00", "{{card}}", "${x}", "%s%n", "<u>", "ａｔ＠ｅｖｅｒｙｏｎｅ",
]  # fmt: skip
HOSTILE = st.lists(st.one_of(st.sampled_from(ATTACKS), st.text(max_size=12)), min_size=1, max_size=5).map("".join)
OUR_LINKS = re.compile(r"https://(?:watch\.example\.org|ok\.example\.gov\.cn)/[^\s]*")
OUR_TAGS = {'<font color="info">', '<font color="warning">', '<font color="comment">', "</font>"}


def all_kinds(text: str) -> Iterator[Event]:
    """Events with ``text`` wherever a page, a file or a far end can put any."""
    document = DocumentFacts("x", text, text, "final", "https://ok.example.gov.cn/a?b=1")
    other = DocumentFacts("y", text, text, "draft", "javascript:alert(1)")
    moves = [
        move(text, text, "changed", "relaxed", side("text", None, text=text, nature=text), side("<=", text), year=text),
        MOVES[0],
    ]
    edits: list[dict[str, object]] = [
        {"kind": "replace", "section": text, "label": text, "before": text, "after": "新" + text, "spans": [["delete", text], ["insert", "新" + text]]}
    ]  # fmt: skip
    changed = events.changed(document, diff(moves, edits, document=document), NOW, read=ReadFacts(text, files=(text,)))
    yield changed
    yield events.stage_changed(document, diff([], [], document=document), NOW, read=ReadFacts(format=text))
    yield events.gone(document, NOW, reason=text)
    yield events.consultation_closing(document, NOW, days=2, closes=text, opens=text, contact=text)
    yield events.consultation_result(document, NOW, result_title=text, result_url="javascript:" + text)
    yield events.attachment_changed(document, [AttachmentMove("added", text, "https://ok.example.gov.cn/f")], NOW)
    yield events.link_proposed(document, other, Link(True, "final", 0.7, (text,)), NOW)
    yield events.incident_opened(document, "channel-dead", NOW, reason=text)
    yield events.incident_opened(document, text, NOW, reason=text)
    yield events.digest([changed, events.back(document, NOW)], NOW)


def shown(value: object) -> Iterator[str]:
    """Every text in a payload, addresses apart."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("url", "click", "$schema", "contentType"):
                yield from shown(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from shown(inner)
    elif isinstance(value, str):
        yield value


def unlinked(text: str) -> str:
    """The text without our own links."""
    return OUR_LINKS.sub("", text)


def harmless(text: str) -> None:
    """No mention, no address, nothing that cannot be seen."""
    rest = unlinked(text)
    assert not re.search(r"[@＠](?![\u200b…]|$)", rest), rest
    assert not re.search(r"(?i)[a-z]://|www\.[a-z]", rest), rest
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]", text)
    text.encode("utf-8")


def only_ours(markdown: str) -> None:
    """A renderer of CommonMark, with raw HTML and bare links, finds our tags and our links only."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for block in parser.parse(markdown):
        assert block.type not in ("fence", "code_block", "table_open", "html_block", "hr"), block
        for token in block.children or []:
            assert token.type not in ("image", "code_inline", "s_open"), token
            if token.type == "html_inline":
                assert token.content in OUR_TAGS
            if token.type == "link_open":
                assert OUR_LINKS.fullmatch(str(token.attrs["href"]))


def checked(message: Message, event: Event) -> None:
    """Everything that is sent of one message, by every channel."""
    for form in wecom.FORMATS:
        body = wecom.payload(message, form)[form]
        assert isinstance(body, dict)
        only_ours(body["content"])
        harmless(body["content"])
        assert len(body["content"].encode()) <= 4096
    body = dingtalk.payload(message)["markdown"]
    assert isinstance(body, dict)
    only_ours(body["text"])
    assert "at" not in dingtalk.payload(message)
    for payload in (
        feishu.payload(message),
        teams.payload(message),
        ntfy.payload(message, "topic"),
        apprise.payload(message),
        body,
    ):
        for text in shown(payload):
            harmless(text)
    tags = set(re.findall(r'"tag": "(\w+)"', json.dumps(feishu.payload(message))))
    assert tags <= {"div", "plain_text", "hr", "action", "button", "note"}
    kinds = set(re.findall(r'"type": "(\w[\w.]*)"', json.dumps(teams.payload(message))))
    assert kinds <= {"message", "AdaptiveCard", "RichTextBlock", "TextRun", "Action.OpenUrl"}
    blocks = slack.payload(message)
    for text in shown(blocks):
        rest = re.sub(r"<https://(?:watch\.example\.org|ok\.example\.gov\.cn)/[^|>\s]*\|[^<>]*>", "", text)
        harmless(rest)
    for block in blocks["blocks"]:  # type: ignore[attr-defined]
        if block.get("text", {}).get("type") == "mrkdwn":
            assert not re.search(r"<(?!https://)", block["text"]["text"])
    page = email.page(message)
    assert set(re.findall(r"<(\w+)", page)) <= {"html", "head", "meta", "body", "p", "strong", "span", "a", "doctype"}
    assert all(OUR_LINKS.fullmatch(href) for href in re.findall(r'href="([^"]*)"', page))
    harmless(re.sub(r'href="[^"]*"', "", page))


@pytest.mark.parametrize("attack", ATTACKS, ids=[str(at) for at in range(len(ATTACKS))])
def test_no_attack_gets_through_any_channel(attack: str) -> None:
    for event in all_kinds(attack):
        checked(compose(event, "zh", PAGE), event)


@given(HOSTILE, st.sampled_from(["zh", "en"]))
@settings(max_examples=25, deadline=None)
def test_nor_does_any_mixture_of_them(text: str, language: Language) -> None:
    for event in all_kinds(text):
        checked(compose(event, language, PAGE), event)


@given(st.lists(st.sampled_from(["𠮷", "é", "字", "👨‍👩‍👧", "a"]), min_size=1, max_size=3), st.integers(1, 400))
@settings(max_examples=40, deadline=None)
def test_a_cut_never_falls_within_a_character(letters: list[str], count: int) -> None:
    names = ["".join(letters) * 7 + str(at) for at in range(count)]
    moves = [move(name, "%", "changed", "raised", side("=", "1"), side("=", "2")) for name in names]
    body = wecom.payload(compose(events.changed(DocumentFacts("x", "规划"), diff(moves, []), NOW), "zh", PAGE))[
        "markdown"
    ]
    assert isinstance(body, dict)
    content: str = body["content"]
    assert len(content.encode()) <= 4096
    assert "\ufffd" not in content
    lines = [line for line in content.split("\n") if line.startswith("> ")]
    assert all(line.endswith("</font>") for line in lines)
    assert len(lines) == count or f"另有{count - len(lines)}项指标变动" in content


def test_no_message_of_any_kind_is_empty_whatever_is_missing() -> None:
    from typing import get_args

    from watcher.types import EventType

    for kind in get_args(EventType):
        data: dict[str, object] = {
            "events": [{"type": "document.back", "timestamp": "2026-03-09T01:30:00Z", "data": {}}]
        }
        event = Event(kind, NOW, data if kind == "digest" else {})
        for language in ("zh", "en"):
            message = compose(event, language)
            assert message.title.strip()
            assert message.summary.strip()
            for channel, render in RENDER.items():
                assert len(render(message, event).strip()) > 10, channel
