"""From an event to a message for a person with ten seconds. Pure; rendered when it is delivered, from the event alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from watcher.alert import incidents, links
from watcher.alert.edits import edit_count, edit_lines, real_edits
from watcher.alert.events import document_of, from_json, spoken
from watcher.alert.moves import Json, count_words, disputed, effect_of, move_lines, objects, shorten, string
from watcher.alert.parts import TITLE, WORD, Parts, json_object
from watcher.alert.sentences import SENTENCES
from watcher.alert.words import stage
from watcher.types import Event, Message, MessageLink, MoveLine, Severity
from watcher.words import Language

TIMEZONE: Final = "Asia/Shanghai"
ALSO: Final = 20
"""Further pages with the same edit that are named."""
_WEAKER = frozenset({"relaxed", "removed", "reversed", "unbinding"})
_RANKS: Final[tuple[Severity, ...]] = ("info", "notice", "warning", "critical")


def compose(event: Event, language: Language = "zh", link: str = "", timezone: str = TIMEZONE) -> Message:
    """The message of an event. ``link`` is the public address of our page, ``""`` leaves those links out.

    Never empty: every kind has a title and a summary, whatever is missing in ``data``.
    """
    parts = Parts(spoken(event, language), language, link, ZoneInfo(timezone))
    if event.type in ("document.changed", "document.stage_changed"):
        return _change(parts)
    if event.type == "digest":
        return _digest(parts)
    if event.type in ("incident.opened", "incident.closed"):
        return _incident(parts)
    said = SENTENCES[event.type](parts)
    return parts.message(said.summary, facts=said.facts, severity=said.severity, extra=said.links)


def _change(parts: Parts) -> Message:
    data = parts.data
    moves, edits = objects(data.get("moves")), objects(data.get("edits"))
    title = parts.text("title")
    shown, hidden = edit_lines(edits, moves, parts.language, title=title)
    staged = parts.event.type == "document.stage_changed"
    severity: Severity = "notice" if moves or staged else "info"
    if any(effect_of(move) in _WEAKER for move in moves):
        severity = "warning"
    if parts.text("holding"):
        severity = "info"
    message = parts.message(
        _change_summary(parts, moves, edit_count(real_edits(edits, title)), staged),
        facts=(
            *_renamed(parts),
            *_behind(parts),
            *_disputed(parts, moves),
            *_also(parts),
            *_shared(parts),
            *_merged(parts),
        ),
        severity=severity,
        extra=_diff_link(parts),
    )
    return replace(message, moves=move_lines(moves, parts.language), edits=shown, hidden_edits=hidden)


def _change_summary(parts: Parts, moves: list[Json], edits: int, staged: bool) -> str:
    if moves and all(effect_of(move) == "reworded" for move in moves):
        english = f"no value moved, {parts.count(len(moves), '', 'indicator')} only put in other words"
        return parts.tr(f"指标数值未变，{len(moves)}项仅表述调整", english)
    if moves:
        return count_words(moves, parts.language)
    if edits:
        return parts.tr(f"{edits}处文字改动，未涉及指标", parts.count(edits, "", "text edit") + ", no indicator moved")
    if _renamed(parts):
        return parts.tr("标题改动，正文未变", "the title changed, the text did not")
    if staged:
        return parts.tr("与上一阶段文本一致，指标无变动", "same text as the stage before, no indicator moved")
    return parts.tr("仅有格式改动", "format only")


def _diff_link(parts: Parts) -> tuple[MessageLink, ...]:
    ends = [json_object(parts.data.get(end)).get("version") for end in ("from", "to")]
    document = parts.text("document")
    if not parts.base or not document or not isinstance(ends[0], int) or not isinstance(ends[1], int):
        return ()
    path = links.diff_path(document, ends[0], ends[1])
    return (MessageLink(parts.tr("查看对比", "See the diff"), links.join(parts.base, path)),)


def _renamed(parts: Parts) -> tuple[str, ...]:
    """The page's title before and after, where it says something else: it stands in no edit of the text."""
    titles = json_object(parts.data.get("renamed"))
    before, after = (shorten(string(titles.get(side)), TITLE) for side in ("before", "after"))
    if not before or not after:
        return ()
    return (parts.tr(f"标题：「{before}」→「{after}」", f"title: “{before}” → “{after}”"),)


def _behind(parts: Parts) -> tuple[str, ...]:
    """An edit of the draft's page after the final was issued: who reads 放宽 must not take it for the text that holds."""
    holding = stage(parts.text("holding"), parts.language)
    if not holding:
        return ()
    mine = stage(json_object(parts.data.get("to")).get("stage"), parts.language) or parts.tr("较早文本", "earlier text")
    english = f"only the {mine} was edited; the text that holds is the {holding}"
    return (parts.tr(f"改动的只是{mine}页面，现行文本仍是{holding}", english),)


def _disputed(parts: Parts, moves: list[Json]) -> tuple[str, ...]:
    count = disputed(moves)
    if not count:
        return ()
    english = f"{parts.count(count, '', 'value')} contradicted elsewhere in the document, please check the original"
    return (parts.tr(f"其中{count}项在文中前后不一致，请核对原文", english),)


def _also(parts: Parts) -> tuple[str, ...]:
    others = objects(parts.data.get("also"))
    if not others:
        return ()
    count = len(others) + 1
    chinese = f"同一处改动同时出现在本站{count}个页面（可能是模板改动），除本文件外还有："
    english = f"the same edit stands on {count} pages of this site (probably its template), also on:"
    titles = [shorten(string(other.get("title")) or string(other.get("document"))) for other in others[:ALSO]]
    return (parts.tr(chinese, english), *titles)


def _shared(parts: Parts) -> tuple[str, ...]:
    """One address under several documents is one page: its edit is told once."""
    others = objects(parts.data.get("shared"))
    titles = [shorten(string(other.get("title")) or string(other.get("document"))) for other in others[:ALSO]]
    if not titles:
        return ()
    return (parts.tr(f"同一网址也列在：{'、'.join(titles)}", f"the same address is watched as: {', '.join(titles)}"),)


def _merged(parts: Parts) -> tuple[str, ...]:
    times, restored = parts.data.get("changes"), parts.data.get("restored")
    if not isinstance(times, int) or times < 2:
        return ()
    lines = [parts.tr(f"短时间内改动了{times}次，合并为一条", f"{times} changes within a short time, told together")]
    if isinstance(restored, int) and restored:
        english = parts.count(restored, "", "indicator") + " moved and came back meanwhile"
        lines.append(parts.tr(f"其间有{restored}项指标改动后又恢复原值", english))
    return tuple(lines)


def _incident(parts: Parts) -> Message:
    kind = shorten(parts.text("kind"), WORD)
    word = incidents.name(kind, parts.language) or parts.tr("原因不明", "of unknown kind")
    meaning, todo = incidents.advice(kind, parts.language)
    name = parts.name()
    title = f"{parts.kind()}{parts.colon}{word}"
    if name:
        title = parts.tr(f"{parts.kind()}（{word}）：{name}", f"{parts.kind()} ({word}): {name}")
    since = parts.moment(parts.data.get("since"))
    if parts.event.type == "incident.closed":
        began = (parts.tr(f"异常始于 {since}", f"it had begun at {since}"),) if since else ()
        left = parts.data.get("left")
        if parts.site and isinstance(left, int) and left:
            said = parts.tr(
                f"网站已恢复，仍有{left}个页面读不出", f"the site is back, {parts.count(left, '', 'page')} still unread"
            )
            return parts.message(said, facts=(*_pages(parts, left), *began), title=title, severity="notice")
        return parts.message(parts.tr("已恢复正常，无须处理", "works again, nothing to do"), facts=began, title=title)
    lines = list(_pages(parts, parts.pages))
    failures = parts.data.get("failures")
    if isinstance(failures, int) and failures > 1:
        lines.append(parts.tr(f"已连续失败{failures}次", f"{failures} failures in a row"))
    if since:
        lines.append(parts.tr(f"始于 {since}", f"since {since}"))
    if reason := shorten(parts.text("reason")):
        lines.append(parts.tr("详情：", "Details: ") + reason)
    if todo:
        lines.append(parts.tr("怎么办：", "What to do: ") + todo)
    return parts.message(meaning or word, facts=tuple(lines), severity="warning", title=title)


def _pages(parts: Parts, count: int) -> tuple[str, ...]:
    """Which pages of a site an incident is about."""
    titles = parts.data.get("titles")
    named = [shorten(string(title)) for title in titles] if isinstance(titles, list | tuple) else []
    if not parts.site or not named:
        return ()
    listed = parts.tr("、", "; ").join(named)
    more = count - len(named)
    if more > 0:
        listed += parts.tr(f"，等{count}个", f" and {more} more")
    lines = [parts.tr("页面：", "Pages: ") + listed]
    watched = parts.data.get("watched")
    if isinstance(watched, int):
        lines.append(
            parts.tr(
                f"本站共监测{watched}个页面；其余页面若同样出错不再逐个通知，恢复时再通知一次",
                f"{parts.count(watched, '', 'page')} of this site watched; others that fail alike are not told one by one, the end is told once",
            )
        )
    return tuple(lines)


def _digest(parts: Parts) -> Message:
    events = [from_json(dict(item)) for item in objects(parts.data.get("events"))]
    inner = [compose(event, parts.language, parts.base, str(parts.zone)) for event in events]
    every: list[Json] = []
    moves: list[MoveLine] = []
    for event, message in zip(events, inner, strict=True):
        if event.type.startswith("document."):
            every += objects(event.data.get("moves"))
        # What changed stands above its first move; those that follow are read as its own.
        head = message.title + _edits_beside(parts, message)
        moves += [replace(line, head="" if at else head) for at, line in enumerate(message.moves)]
    documents = len({document_of(event) for event in events if not event.type.startswith("incident.")})
    summary = parts.count(documents, "份文件", "document") + parts.tr("，", ", ") if documents else ""
    summary += parts.count(len(events), "条消息", "message")
    if every:
        summary += parts.tr("；", "; ") + count_words(every, parts.language)
    weekly = parts.data.get("period") == "weekly"
    link = links.join(parts.base, "/")
    return Message(
        kind="digest",
        title=parts.tr("每周变动汇总" if weekly else "每日变动汇总", "Weekly digest" if weekly else "Daily digest"),
        summary=summary,
        moves=tuple(moves),
        facts=tuple(
            f"{message.title}{parts.tr('——', ' - ')}{message.summary}" for message in inner if not message.moves
        ),
        links=(MessageLink(parts.tr("全部变动", "All changes"), link),) if link else (),
        footer=parts.moment(parts.event.timestamp),
        severity=max((message.severity for message in inner), key=_RANKS.index, default="info"),
        language=parts.language,
    )


def _edits_beside(parts: Parts, message: Message) -> str:
    """How many text edits a digest leaves to the page."""
    count = len(message.edits) + message.hidden_edits
    return parts.tr(f"（另有{count}处文字改动）", f" (and {parts.count(count, '', 'text edit')})") if count else ""
