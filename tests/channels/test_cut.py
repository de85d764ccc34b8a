"""A message that is too long is cut at a line, keeps its moves longest, says how many more and keeps its links."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.samples import PAGE, long_change
from watcher.alert.message import compose
from watcher.channels import _cut, console, dingtalk, feishu, limits, ntfy, slack, teams, wecom
from watcher.channels._layout import lines
from watcher.channels._post import encode
from watcher.types import EditLine, Message, MessageLink, MoveLine

WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=60)


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """Messages of any length, with any letters."""
    return Message(
        kind="document.changed",
        title=draw(WORDS) * draw(st.integers(1, 30)),
        summary=draw(WORDS),
        place=draw(WORDS),
        moves=tuple(MoveLine(text, "收紧", "tightened") for text in draw(st.lists(WORDS, max_size=200))),
        edits=tuple(EditLine("第一章", text) for text in draw(st.lists(WORDS, max_size=3))),
        facts=tuple(draw(st.lists(WORDS, max_size=40))),
        links=(MessageLink("查看对比", "https://watch.example.org/d"),),
        footer=draw(WORDS),
        hidden_edits=draw(st.integers(0, 9)),
    )


@given(messages())
@settings(max_examples=40)
def test_no_channel_ever_exceeds_its_own_limit(message: Message) -> None:
    content = wecom.payload(message)["markdown"]
    assert isinstance(content, dict)
    assert len(content["content"].encode()) <= 4096
    assert len(encode(dingtalk.payload(message))) <= 20_000
    assert len(encode(feishu.payload(message))) <= 20_000 - feishu.SIGNATURE_BYTES
    assert len(encode(teams.payload(message))) <= 28_000
    assert slack.fits(slack.payload(message))
    assert len(str(ntfy.payload(message, "t")["message"]).encode()) <= 4096


@given(messages(), st.integers(0, 300))
@settings(max_examples=60)
def test_nothing_is_lost_from_the_count(message: Message, lines: int) -> None:
    kept = _cut.keep(message, lines)
    assert len(kept.moves) + kept.hidden_moves == len(message.moves)
    assert len(kept.facts) + kept.hidden_facts == len(message.facts)
    assert len(kept.edits) + kept.hidden_edits == len(message.edits) + message.hidden_edits
    assert kept.moves == message.moves[: len(kept.moves)]
    if kept.hidden_moves:
        assert not kept.facts
        assert not kept.edits


def test_the_cut_is_as_late_as_it_can_be() -> None:
    message = compose(long_change(), "zh", PAGE)
    content = str(wecom.payload(message)["markdown"]["content"])  # type: ignore[index]
    shown = content.count("> 第")
    longer = "\n".join(lines(_cut.keep(message, shown + 1), wecom.STYLE))
    assert len(content.encode()) <= 4096 < len(longer.encode())
    assert f"另有{400 - shown}项指标变动、400处文字改动" in content
    assert f"[查看对比]({PAGE}/" in content
    assert "\ufffd" not in content


def test_one_limit_does_not_touch_another_channel() -> None:
    message = compose(long_change(60), "zh", PAGE)
    assert "另有" in str(wecom.payload(message))
    assert "第59项" in str(dingtalk.payload(message))
    assert "第59项" in console.payload(message)


def test_a_title_of_any_length_is_clipped_before_the_links_go() -> None:
    message = Message(
        kind="test", title="标" * 5000, summary="要" * 5000, links=(MessageLink("原文", "https://a.cn/" + "x" * 1500),)
    )
    content = str(wecom.payload(message)["markdown"]["content"])  # type: ignore[index]
    assert "https://a.cn/" in content
    assert "标…" in content


def test_links_too_long_for_a_message_go_last() -> None:
    link = MessageLink("原文", "https://a.cn/" + "x" * 1900)
    message = Message(
        kind="test", title="标题", summary="摘要", links=(link, replace(link, label="又"), replace(link, label="再"))
    )
    content = str(wecom.payload(message)["markdown"]["content"])  # type: ignore[index]
    assert len(content.encode()) <= 4096
    assert content.startswith("### 标题")
    assert content.count("https://a.cn/") == 2


@pytest.mark.parametrize(
    ("hidden", "chinese", "english"),
    [
        ((0, 0, 0), "", ""),
        ((3, 0, 0), "另有3项指标变动", "3 more indicator moves"),
        ((1, 0, 5), "另有1项指标变动、5处文字改动", "1 more indicator move, 5 more text edits"),
        ((0, 2, 0), "另有2条其他内容", "2 more other lines"),
    ],
)
def test_it_says_how_many_more(hidden: tuple[int, int, int], chinese: str, english: str) -> None:
    moves, facts, edits = hidden
    message = Message("test", "t", "s", hidden_moves=moves, hidden_facts=facts, hidden_edits=edits)
    assert _cut.more_line(message) == chinese
    assert _cut.more_line(replace(message, language="en")) == english


def test_every_figure_of_the_table_has_its_source() -> None:
    for kind in ("wecom", "dingtalk", "feishu", "slack", "teams", "ntfy", "email", "apprise"):
        known = limits(kind)
        assert known.rates
        assert all(rate.source and rate.count > 0 and rate.seconds > 0 for rate in known.rates)
        assert not known.size or known.source
    assert [(rate.count, rate.seconds) for rate in limits("feishu").rates] == [(5, 1), (100, 60)]
    assert limits("console").rates == ()
