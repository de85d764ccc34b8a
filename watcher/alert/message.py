"""From an event to a message for a person with ten seconds. Pure; rendered when it is delivered, from the event alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from watcher.alert import incidents, links
from watcher.alert.events import document_of, from_json
from watcher.alert.moves import (
    Json,
    count_words,
    edit_lines,
    effect_of,
    move_lines,
    objects,
    real_edits,
    shorten,
    string,
)
from watcher.alert.words import PORTALS, Language, pick, stage
from watcher.types import Event, Message, MessageLink, Severity

TIMEZONE = "Asia/Shanghai"
TITLE = 120
"""Characters of a document's title that a message shows."""

_KINDS = {
    "document.first_seen": ("新文件", "New document"),
    "document.changed": ("文件有变动", "Document changed"),
    "document.stage_changed": ("文件进入新阶段", "Document moved to another stage"),
    "document.gone": ("页面已不存在", "Page gone"),
    "document.back": ("页面已恢复", "Page back"),
    "consultation.opened": ("开始征求意见", "Consultation opened"),
    "consultation.closing": ("征求意见即将截止", "Consultation closes soon"),
    "consultation.closed": ("征求意见已截止", "Consultation closed"),
    "consultation.result": ("意见采纳情况已公布", "Consultation result published"),
    "attachment.changed": ("附件有变动", "Attachments changed"),
    "link.proposed": ("疑似同一文件，请确认", "Possibly the same document, please decide"),
    "incident.opened": ("监测异常", "Incident"),
    "incident.closed": ("异常已恢复", "Recovered"),
    "digest": ("变动汇总", "Digest"),
    "test": ("测试通知", "Test message"),
}


def compose(event: Event, language: Language = "zh", link: str = "", timezone: str = TIMEZONE) -> Message:
    """The message of an event. ``link`` is the public address of our page, ``""`` leaves those links out.

    Never empty: every kind has a title and a summary, whatever is missing in ``data``.
    """
    parts = _Parts(event, language, link, ZoneInfo(timezone))
    kind = event.type
    if kind in ("document.changed", "document.stage_changed"):
        return parts.change()
    if kind == "digest":
        return parts.digest()
    if kind in ("incident.opened", "incident.closed"):
        return parts.incident()
    summary, facts, severity = parts.said()
    return parts.message(summary, facts=facts, severity=severity)


class _Parts:
    """The pieces that messages of several kinds share."""

    def __init__(self, event: Event, language: Language, base: str, zone: ZoneInfo) -> None:
        self.event = event
        self.data: Json = event.data
        self.language = language
        self.base = base
        self.zone = zone

    def tr(self, chinese: str, english: str) -> str:
        return chinese if self.language == "zh" else english

    def text(self, key: str) -> str:
        return string(self.data.get(key))

    def name(self) -> str:
        title = shorten(self.text("title") or self.text("document"), TITLE)
        if not title:
            return ""
        return f"《{title}》" if self.language == "zh" and not title.startswith("《") else title

    def message(
        self,
        summary: str,
        *,
        facts: tuple[str, ...] = (),
        severity: Severity = "info",
        title: str = "",
        extra: tuple[MessageLink, ...] = (),
        footer: str | None = None,
    ) -> Message:
        label = pick(_KINDS[self.event.type], self.language)
        name = self.name()
        colon = self.tr("：", ": ")
        return Message(
            kind=self.event.type,
            title=title or (f"{label}{colon}{name}" if name else label),
            summary=summary,
            place=self.place(),
            facts=facts,
            links=(*extra, *self.links()),
            footer=self.footer() if footer is None else footer,
            severity=severity,
            language=self.language,
            thread=document_of(self.event),
        )

    def place(self) -> str:
        ends = [stage(_object(self.data.get(end)).get("stage"), self.language) for end in ("from", "to")]
        stages = [word for word in ends if word] or [
            word for word in [stage(self.data.get("stage"), self.language)] if word
        ]
        if len(stages) == 2 and stages[0] == stages[1]:
            stages = stages[:1]
        return " · ".join(part for part in (self.text("region"), " → ".join(stages)) if part)

    def links(self) -> tuple[MessageLink, ...]:
        found = []
        document = self.text("document")
        page = self.text("page_link") or (links.document_path(document) if document else "")
        if page.startswith("/") and (own := links.join(self.base, page)):
            found.append(MessageLink(self.tr("文件页", "Document"), own))
        if url := self.text("url"):
            found.append(MessageLink(self.tr("原文", "Original"), url))
        return tuple(found)

    def moment(self, value: object) -> str:
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return ""
        if not isinstance(value, datetime) or value.tzinfo is None:
            return ""
        return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def footer(self) -> str:
        seen = _object(self.data.get("to")).get("seen_at") or self.data.get("seen_at")
        parts = []
        if "read" in self.data or "to" in self.data:
            parts.append(self.tr("抓取于 ", "Fetched ") + (self.moment(seen) or self.moment(self.event.timestamp)))
        else:
            parts.append(self.moment(self.event.timestamp))
        parts += self.how_read()
        return self.tr("；", "; ").join(part for part in parts if part)

    def how_read(self) -> list[str]:
        read = _object(self.data.get("read"))
        if not read:
            return []
        portal = string(read.get("portal"))
        known = PORTALS.get(portal)
        template = pick(known, self.language) if known else self.tr(f"{portal} 模板", f"{portal} template")
        parts = [self.tr("读取方式：", "read by ") + template]
        form = string(read.get("format"))
        if form and form not in ("html", "txt"):
            parts[0] += self.tr(f"（{form} 文件）", f" ({form} file)")
        if read.get("degraded") is True:
            parts.append(self.tr("正文为推断所得，请核对原文", "body guessed, please check the original"))
        if read.get("suspect") is True:
            parts.append(self.tr("编码可疑，可能有乱码", "encoding doubtful, characters may be wrong"))
        return parts

    def change(self) -> Message:
        data = self.data
        moves, edits = objects(data.get("moves")), objects(data.get("edits"))
        shown, hidden = edit_lines(edits, moves, self.language)
        real = len(real_edits(edits))
        if moves:
            summary = count_words(moves, self.language)
        elif real:
            plural = "s" if real > 1 else ""
            summary = self.tr(f"{real}处文字改动，未涉及指标", f"{real} text edit{plural}, no indicator moved")
        elif self.event.type == "document.stage_changed":
            summary = self.tr("与上一阶段文本一致，指标无变动", "same text as the stage before, no indicator moved")
        else:
            summary = self.tr("仅有格式改动", "format only")
        facts = self.also() + self.merged()
        before, after = _object(data.get("from")).get("version"), _object(data.get("to")).get("version")
        extra: tuple[MessageLink, ...] = ()
        document = self.text("document")
        if self.base and document and isinstance(before, int) and isinstance(after, int):
            path = links.diff_path(document, before, after)
            extra = (MessageLink(self.tr("查看对比", "See the diff"), links.join(self.base, path)),)
        severity: Severity = "notice" if moves or self.event.type == "document.stage_changed" else "info"
        if any(effect_of(move) in ("relaxed", "removed", "unbinding") for move in moves):
            severity = "warning"
        plain = self.message(summary, facts=facts, severity=severity, extra=extra)
        return Message(
            kind=plain.kind,
            title=plain.title,
            summary=plain.summary,
            place=plain.place,
            moves=move_lines(moves, self.language),
            edits=shown,
            facts=plain.facts,
            links=plain.links,
            footer=plain.footer,
            severity=severity,
            language=self.language,
            thread=plain.thread,
            hidden_edits=hidden,
        )

    def also(self) -> tuple[str, ...]:
        others = objects(self.data.get("also"))
        if not others:
            return ()
        count = len(others) + 1
        head = self.tr(
            f"同一处改动同时出现在本站{count}个页面（可能是模板改动）",
            f"the same edit stands on {count} pages of this site (probably its template)",
        )
        return (head, *(shorten(string(other.get("title")) or string(other.get("document"))) for other in others))

    def merged(self) -> tuple[str, ...]:
        times = self.data.get("changes")
        if not isinstance(times, int) or times < 2:
            return ()
        lines = [self.tr(f"短时间内改动了{times}次，合并为一条", f"{times} changes within a short time, told together")]
        restored = self.data.get("restored")
        if isinstance(restored, int) and restored:
            english = f"{restored} indicator{'s' if restored > 1 else ''} moved and came back meanwhile"
            lines.append(self.tr(f"其间有{restored}项指标改动后又恢复原值", english))
        return tuple(lines)

    def incident(self) -> Message:
        kind = self.text("kind")
        word = incidents.name(kind, self.language)
        meaning, todo = incidents.advice(kind, self.language)
        label = pick(_KINDS[self.event.type], self.language)
        colon = self.tr("：", ": ")
        name = self.name()
        title = f"{label}{colon}{word}" + (f" {name}" if name else "")
        since = self.moment(self.data.get("since"))
        if self.event.type == "incident.closed":
            summary = self.tr(f"已恢复正常（{word}）", f"works again ({word})")
            facts = (self.tr(f"异常始于 {since}", f"it had begun at {since}"),) if since else ()
            return self.message(summary, facts=facts, title=title)
        lines = []
        failures = self.data.get("failures")
        if isinstance(failures, int) and failures > 1:
            lines.append(self.tr(f"已连续失败{failures}次", f"{failures} failures in a row"))
        if since:
            lines.append(self.tr(f"始于 {since}", f"since {since}"))
        if reason := shorten(self.text("reason")):
            lines.append(self.tr("详情：", "Details: ") + reason)
        if todo:
            lines.append(self.tr("怎么办：", "What to do: ") + todo)
        return self.message(meaning or word, facts=tuple(lines), severity="warning", title=title)

    def digest(self) -> Message:
        events = [from_json(dict(item)) for item in objects(self.data.get("events"))]
        period = self.tr(
            "每周" if self.data.get("period") == "weekly" else "每日", string(self.data.get("period")) + " "
        )
        inner = [compose(event, self.language, self.base, str(self.zone)) for event in events]
        facts: list[str] = []
        every: list[Json] = []
        moves = []
        severity: Severity = "info"
        for event, message in zip(events, inner, strict=True):
            facts.append(f"{message.title}{self.tr('——', ' - ')}{message.summary}")
            own = objects(event.data.get("moves")) if event.type.startswith("document.") else []
            every += own
            name = string(event.data.get("region")) or shorten(string(event.data.get("title")), 40)
            prefix = f"[{name}] " if name else ""
            moves += [type(line)(prefix + line.text, line.word, line.effect) for line in message.moves]
            severity = _worse(severity, message.severity)
        documents = len({document_of(event) for event in events})
        summary = self.tr(f"{documents}份文件，{len(events)}条消息", f"{documents} documents, {len(events)} messages")
        if every:
            summary += self.tr("；", "; ") + count_words(every, self.language)
        return Message(
            kind="digest",
            title=period + pick(_KINDS["digest"], self.language).lower()
            if self.language == "en"
            else period + "变动汇总",
            summary=summary,
            moves=tuple(moves),
            facts=tuple(facts),
            links=(MessageLink(self.tr("全部变动", "All changes"), links.join(self.base, "/")),) if self.base else (),
            footer=self.moment(self.event.timestamp),
            severity=severity,
            language=self.language,
        )

    def said(self) -> tuple[str, tuple[str, ...], Severity]:
        """Summary, further lines and severity of the kinds that are one sentence."""
        said: tuple[str, tuple[str, ...], Severity] = getattr(self, "_" + self.event.type.replace(".", "_"))()
        return said

    def _document_first_seen(self) -> tuple[str, tuple[str, ...], Severity]:
        count = self.data.get("indicators")
        if not isinstance(count, int) or not count:
            return self.tr("首次发现，已开始监测", "seen for the first time, now watched"), (), "info"
        english = f"seen for the first time, {count} indicators read, now watched"
        return self.tr(f"首次发现，读出{count}项指标，已开始监测", english), (), "info"

    def _document_gone(self) -> tuple[str, tuple[str, ...], Severity]:
        meaning, todo = incidents.advice("gone", self.language)
        facts = [self.tr("详情：", "Details: ") + shorten(self.text("reason"))] if self.text("reason") else []
        return meaning, (*facts, self.tr("怎么办：", "What to do: ") + todo), "warning"

    def _document_back(self) -> tuple[str, tuple[str, ...], Severity]:
        return self.tr("页面重新可以打开，继续监测", "the page opens again, watching goes on"), (), "info"

    def _window(self) -> str:
        opens, closes = self.text("opens"), self.text("closes")
        if opens and closes:
            return self.tr(f"{opens} 至 {closes}", f"{opens} to {closes}")
        if closes:
            return self.tr(f"截止日期 {closes}", f"until {closes}")
        return self.tr(f"自 {opens} 起", f"from {opens}") if opens else ""

    def _contact(self) -> tuple[str, ...]:
        contact = shorten(self.text("contact"), 200)
        return (self.tr("反馈方式：", "How to answer: ") + contact,) if contact else ()

    def _consultation_opened(self) -> tuple[str, tuple[str, ...], Severity]:
        window = self._window()
        plain = self.tr("开始征求意见，截止日期未写明", "comments are invited, no closing day is given")
        summary = self.tr(f"征求意见时间：{window}", f"comments are invited {window}") if window else plain
        return summary, self._contact(), "notice"

    def _consultation_closing(self) -> tuple[str, tuple[str, ...], Severity]:
        days, closes = self.data.get("days"), self.text("closes")
        if not isinstance(days, int) or days <= 0:
            summary = self.tr(f"今天（{closes}）是最后一天", f"today ({closes}) is the last day")
        else:
            plural = "s" if days > 1 else ""
            summary = self.tr(f"还有{days}天截止（{closes}）", f"closes in {days} day{plural} ({closes})")
        return summary, self._contact(), "warning" if isinstance(days, int) and days <= 1 else "notice"

    def _consultation_closed(self) -> tuple[str, tuple[str, ...], Severity]:
        closes = self.text("closes")
        return self.tr(f"已于 {closes} 截止，等待印发稿", f"closed on {closes}, the final text is awaited"), (), "info"

    def _consultation_result(self) -> tuple[str, tuple[str, ...], Severity]:
        title = shorten(self.text("result_title"), TITLE)
        url = self.text("result_url")
        facts = (self.tr("网址：", "Address: ") + url,) if url else ()
        return title or self.tr("采纳情况已公布", "the result was published"), facts, "notice"

    def _attachment_changed(self) -> tuple[str, tuple[str, ...], Severity]:
        words = {"added": ("新增", "added"), "replaced": ("替换", "replaced"), "removed": ("移除", "removed")}
        files = [item for item in objects(self.data.get("attachments")) if item.get("kind") in words]
        lines = tuple(
            f"{pick(words[str(item['kind'])], self.language)}{self.tr('：', ': ')}{shorten(string(item.get('name')))}"
            for item in files
        )
        plural = "s" if len(files) != 1 else ""
        return self.tr(f"{len(files)}个附件有变动", f"{len(files)} attachment{plural} changed"), lines, "notice"

    def _link_proposed(self) -> tuple[str, tuple[str, ...], Severity]:
        other = _object(self.data.get("other"))
        title = shorten(string(other.get("title")), TITLE)
        confidence = self.data.get("confidence")
        sure = f"{confidence:.0%}" if isinstance(confidence, int | float) else "?"
        reasons = self.data.get("reasons")
        listed = [shorten(string(reason)) for reason in reasons] if isinstance(reasons, list | tuple) else []
        number = self.text("proposal")
        command = f"watcher link --accept {number}" if number else "watcher link"
        facts = (
            *(self.tr("理由：", "Reason: ") + reason for reason in listed if reason),
            self.tr(f"确认或否决：{command}", f"Decide with: {command}"),
        )
        summary = self.tr(
            f"可能与《{title}》是同一文件（把握 {sure}）", f"may be one document with {title} ({sure} sure)"
        )
        return summary, facts, "notice"

    def _test(self) -> tuple[str, tuple[str, ...], Severity]:
        channel = self.text("channel")
        chinese = f"渠道 {channel} 可以收到通知" if channel else "渠道可以收到通知"
        sample = self.tr("示例：婴儿死亡率(2025)≤6‰ → ≤5‰ 收紧", "Example: infant mortality (2025) ≤6‰ → ≤5‰ tightened")
        return self.tr(chinese, f"channel {channel} receives messages"), (sample,), "info"


def _object(value: object) -> Json:
    return cast(Json, value) if isinstance(value, Mapping) else {}


_RANKS: tuple[Severity, ...] = ("info", "notice", "warning", "critical")


def _worse(one: Severity, other: Severity) -> Severity:
    return max(one, other, key=_RANKS.index)
