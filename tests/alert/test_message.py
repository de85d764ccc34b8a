"""Every event becomes a message that is never empty, in both languages, whatever its data misses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alert.test_moves import JSON
from tests.channels.samples import DRAFT, NOW, PAGE, PLAN, READ, diff, move, samples, side
from watcher.alert import events
from watcher.alert.message import compose
from watcher.alert.settle import merge
from watcher.alert.words import KINDS
from watcher.channels._layout import lines
from watcher.channels.console import STYLE
from watcher.types import Event, EventType

KEYS = [
    "document", "title", "region", "stage", "url", "page_link", "column", "from", "to", "moves", "edits", "read", "opens",
    "closes", "days", "contact", "attachments", "other", "confidence", "reasons", "kind", "since", "failures", "reason",
    "also", "changes", "restored", "renamed", "indicators", "seen_at", "result_title", "result_url", "channel",
]  # fmt: skip


def test_every_type_of_event_has_a_name_and_a_sample() -> None:
    assert set(KINDS) == set(get_args(EventType))
    assert {event.type for event in samples().values()} == set(get_args(EventType))


@pytest.mark.parametrize("kind", sorted(set(get_args(EventType)) - {"digest"}))
@given(data=st.dictionaries(st.sampled_from(KEYS), JSON, max_size=10))
@settings(max_examples=20)
def test_no_data_makes_an_empty_message(kind: EventType, data: dict[str, object]) -> None:
    for language in ("zh", "en"):
        message = compose(Event(kind, NOW, data), language, PAGE)
        assert message.title.strip()
        assert message.summary.strip()
        assert message.kind == kind


def test_a_change_says_what_a_reader_needs_in_ten_seconds() -> None:
    message = compose(events.stage_changed(PLAN, diff(stages=("draft", "final")), NOW, read=READ), "zh", PAGE)
    assert message.title == "正式印发：《云州市“十五五”卫生健康发展规划》"
    assert message.place == "云州市 · 征求意见稿 → 印发稿"
    assert message.summary.startswith("9项指标变动：1项收紧、1项放宽")
    assert len(message.moves) == 9
    assert len(message.edits) == 3
    assert [link.label for link in message.links] == ["查看对比", "文件页", "原文"]
    assert message.links[0].url == f"{PAGE}/documents/yunzhou-health-15-5/diff/2...3"
    assert message.footer == "抓取于 2026-03-09 09:29；读取方式：拓尔思（TRS）网站模板"
    assert message.severity == "warning"
    assert message.thread == PLAN.id


def test_a_title_that_names_a_plan_in_brackets_gets_none_around_it() -> None:
    notice = replace(PLAN, title="关于公开征求《云州市卫生健康规划（征求意见稿）》意见的公告")
    assert compose(events.back(notice, NOW)).title == f"页面已恢复：{notice.title}"


def test_times_are_told_in_the_zone_of_the_source() -> None:
    event = events.back(PLAN, datetime(2026, 1, 1, 23, 30, tzinfo=UTC))
    assert compose(event).footer == "2026-01-02 07:30"
    assert compose(event, timezone="America/New_York").footer == "2026-01-01 18:30"


def test_without_a_public_address_there_are_no_links_to_us() -> None:
    labels = [link.label for link in compose(samples()["document.changed"]).links]
    assert labels == ["原文"]


def test_a_guessed_body_says_so() -> None:
    footer = compose(samples()["document.changed-degraded"]).footer
    assert "正文为推断所得，请核对原文" in footer
    assert "读取方式：通用规则" in footer
    assert compose(samples()["document.changed-file"]).footer.endswith("读取方式：PDF 文件")
    assert compose(samples()["document.first_seen"]).footer.endswith("，连同2个附件（DOCX、PDF）")


def test_a_value_that_the_document_contradicts_is_marked() -> None:
    doubtful = move("婴儿死亡率", "‰", "changed", "tightened", side("<=", "6"), {**side("<=", "5"), "disputed": True})
    event = events.changed(PLAN, diff([doubtful], []), NOW)
    assert compose(event).facts == ("其中1项在文中前后不一致，请核对原文",)
    assert "1 value contradicted" in compose(event, "en").facts[0]


def test_a_digest_tells_which_document_each_move_belongs_to() -> None:
    other = events.DocumentFacts("b", "乙市教育规划", "乙市", "final", "https://b.example")
    both = events.digest(
        [events.changed(PLAN, diff(), NOW), events.changed(other, diff(document=other), NOW), events.back(DRAFT, NOW)],
        NOW,
    )
    message = compose(both)
    heads = {at: line.head for at, line in enumerate(message.moves) if line.head}
    also = "（另有4处文字改动）"
    first, second = f"文件有变动：《云州市“十五五”卫生健康发展规划》{also}", f"文件有变动：《乙市教育规划》{also}"
    assert heads == {0: first, 9: second}, "above its first move"
    assert message.summary.startswith("3份文件，3条消息；18项指标变动：2项收紧")
    assert message.facts == ("页面已恢复：《云州市老龄事业发展规划（征求意见稿）》——页面重新可以打开，继续监测",)
    told = "\n".join(lines(message, STYLE))
    assert told.index("其他消息") > told.index("乙市教育规划")


@pytest.mark.parametrize(
    ("reached", "title"),
    [
        ("final", "正式印发"),
        ("review", "形成送审稿"),
        ("amended", "已修订"),
        ("repealed", "已废止"),
        ("draft", "重新征求意见"),
        ("other", "文件进入新阶段"),
    ],
)
def test_another_stage_says_in_its_title_which(reached: str, title: str) -> None:
    event = events.stage_changed(PLAN, diff(stages=("review", reached)), NOW)
    assert compose(event).title.partition("：")[0] == title


def test_an_empty_digest_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs events"):
        events.digest([], NOW)


@pytest.mark.parametrize("name", samples())
def test_an_event_survives_its_json(name: str) -> None:
    event = samples()[name]
    again = events.from_json(json.loads(json.dumps(events.to_json(event))))
    assert again == event
    assert compose(again, "en", PAGE) == compose(event, "en", PAGE)


@pytest.mark.parametrize(
    "value", [[], {"type": "x", "timestamp": "2026-01-01T00:00:00Z", "data": {}}, {"type": "test"}, "nonsense"]
)
def test_what_is_no_event_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not an event"):
        events.from_json(value)


def test_the_webhook_data_of_a_change_is_the_diff_and_the_document() -> None:
    data = samples()["document.changed"].data
    assert data["document"] == PLAN.id
    assert data["title"] == PLAN.title
    assert data["region"] == "云州市"
    assert data["url"] == PLAN.url
    assert isinstance(data["from"], dict)
    assert set(data["from"]) == {"version", "stage", "seen_at", "url"}


def test_a_title_that_moved_is_shown_and_two_moves_of_it_are_one() -> None:
    first = events.changed(PLAN, {"moves": [], "edits": []}, NOW, renamed=("第一季度公示", "第二季度公示"))
    second = events.changed(PLAN, {"moves": [], "edits": []}, NOW, renamed=("第二季度公示", "第三季度公示"))
    message = compose(first, "zh", PAGE)
    assert message.summary == "标题改动，正文未变"
    assert "标题：「第一季度公示」→「第二季度公示」" in message.facts
    assert merge([first, second]).data["renamed"] == {"before": "第一季度公示", "after": "第三季度公示"}
    back = events.changed(PLAN, {"moves": [], "edits": []}, NOW, renamed=("第二季度公示", "第一季度公示"))
    assert "renamed" not in merge([first, back]).data
