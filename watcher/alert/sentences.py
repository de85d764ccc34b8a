"""The kinds of message that are one sentence with a few facts: documents, consultations, attachments, links. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from watcher.alert import incidents, reasons
from watcher.alert.moves import objects, shorten, string
from watcher.alert.parts import TITLE, WORD, Parts, json_object
from watcher.alert.words import pick
from watcher.types import EventType, MessageLink, Severity

CONTACT: Final = 200
LINKS: Final = 3
"""Attachments that get a link of their own."""
LABEL: Final = 20
"""Characters of a file's name on its link."""
ATTACHMENTS: Final = {"added": ("新增", "added"), "replaced": ("替换", "replaced"), "removed": ("移除", "removed")}


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says: its summary, its further lines, how loud it is."""

    summary: str
    facts: tuple[str, ...] = ()
    severity: Severity = "info"
    links: tuple[MessageLink, ...] = ()


def first_seen(parts: Parts) -> Said:
    """A document nobody knew."""
    count = parts.data.get("indicators")
    if not isinstance(count, int) or not count:
        return Said(parts.tr("首次发现，已开始监测", "seen for the first time, now watched"))
    read = parts.tr(f"读出{count}项指标", parts.count(count, "", "indicator") + " read")
    return Said(parts.tr(f"首次发现，{read}，已开始监测", f"seen for the first time, {read}, now watched"))


def gone(parts: Parts) -> Said:
    """The page says that it is no longer there."""
    meaning, todo = incidents.advice("gone", parts.language)
    reason = shorten(parts.text("reason"))
    facts = [parts.tr("详情：", "Details: ") + reason] if reason else []
    return Said(meaning, (*facts, parts.tr("怎么办：", "What to do: ") + todo), "warning")


def back(parts: Parts) -> Said:
    """A page that was gone opens again."""
    return Said(parts.tr("页面重新可以打开，继续监测", "the page opens again, watching goes on"))


def _window(parts: Parts) -> str:
    opens, closes = shorten(parts.text("opens"), WORD), shorten(parts.text("closes"), WORD)
    if opens and closes:
        return parts.tr(f"{opens} 至 {closes}", f"{opens} to {closes}")
    if closes:
        return parts.tr(f"截至 {closes}", f"until {closes}")
    return parts.tr(f"自 {opens} 起", f"from {opens}") if opens else ""


def _contact(parts: Parts) -> tuple[str, ...]:
    contact = shorten(parts.text("contact"), CONTACT)
    return (parts.tr("反馈方式：", "How to answer: ") + contact,) if contact else ()


def consultation_opened(parts: Parts) -> Said:
    """Comments are invited."""
    window = _window(parts)
    if not window:
        return Said(
            parts.tr("开始征求意见，未写明截止日期", "comments are invited, no closing day is given"),
            _contact(parts),
            "notice",
        )
    return Said(parts.tr(f"征求意见时间：{window}", f"comments are invited {window}"), _contact(parts), "notice")


def consultation_closing(parts: Parts) -> Said:
    """Few days are left."""
    days, closes = parts.data.get("days"), shorten(parts.text("closes"), WORD)
    if not isinstance(days, int) or days <= 0:
        return Said(
            parts.tr(f"今天（{closes}）是最后一天", f"today ({closes}) is the last day"), _contact(parts), "warning"
        )
    summary = parts.tr(f"还有{days}天截止（{closes}）", f"closes in {parts.count(days, '', 'day')} ({closes})")
    return Said(summary, _contact(parts), "warning" if days <= 1 else "notice")


def consultation_closed(parts: Parts) -> Said:
    """The last day is over."""
    closes = shorten(parts.text("closes"), WORD)
    return Said(parts.tr(f"已于 {closes} 截止，等待印发稿", f"closed on {closes}, the final text is awaited"))


def consultation_result(parts: Parts) -> Said:
    """What became of the comments."""
    title, url = shorten(parts.text("result_title"), TITLE), parts.text("result_url")
    links = (MessageLink(parts.tr("采纳情况", "Result"), url),) if url else ()
    return Said(title or parts.tr("采纳情况已公布", "the result was published"), (), "notice", links)


def attachment_changed(parts: Parts) -> Said:
    """Files added, replaced or removed."""
    files = [item for item in objects(parts.data.get("attachments")) if str(item.get("kind")) in ATTACHMENTS]
    lines = tuple(
        pick(ATTACHMENTS[str(item["kind"])], parts.language) + parts.colon + shorten(string(item.get("name")))
        for item in files
    )
    links = tuple(
        MessageLink(shorten(string(item.get("name")), LABEL) or parts.tr("附件", "File"), string(item.get("url")))
        for item in files[:LINKS]
        if item.get("kind") != "removed"
    )
    summary = parts.count(len(files), "个附件有变动", "attachment") + parts.tr("", " changed")
    return Said(summary, lines, "notice", links)


def link_proposed(parts: Parts) -> Said:
    """Two documents may be one."""
    other = json_object(parts.data.get("other"))
    title, url = shorten(string(other.get("title")), TITLE), string(other.get("url"))
    confidence = parts.data.get("confidence")
    sure = f"{confidence:.0%}" if isinstance(confidence, int | float) else "?"
    given = parts.data.get("reasons")
    said = [shorten(string(reason)) for reason in given[:5]] if isinstance(given, list | tuple) else []
    listed = [reasons.of_link(reason, parts.language) for reason in said]
    facts = [parts.tr("理由：", "Reason: ") + reason for reason in listed if reason]
    facts.append(parts.tr("确认或否决：运行 watcher link", "To decide, run: watcher link"))
    summary = parts.tr(f"可能与《{title}》是同一文件（把握 {sure}）", f"may be one document with {title} ({sure} sure)")
    links = (MessageLink(parts.tr("另一网址", "The other page"), url),) if url else ()
    return Said(summary, tuple(facts), "notice", links)


def test(parts: Parts) -> Said:
    """The sample of ``watcher test-channel``."""
    channel = shorten(parts.text("channel"), WORD)
    sample = parts.tr("示例：婴儿死亡率(2025)≤6‰ → ≤5‰ 收紧", "Example: infant mortality (2025) ≤6‰ → ≤5‰ tightened")
    return Said(parts.tr(f"渠道 {channel} 可以收到通知", f"channel {channel} receives messages"), (sample,))


SENTENCES: Final[dict[EventType, Callable[[Parts], Said]]] = {
    "document.first_seen": first_seen,
    "document.gone": gone,
    "document.back": back,
    "consultation.opened": consultation_opened,
    "consultation.closing": consultation_closing,
    "consultation.closed": consultation_closed,
    "consultation.result": consultation_result,
    "attachment.changed": attachment_changed,
    "link.proposed": link_proposed,
    "test": test,
}
