"""The pieces that messages of several kinds share: title, place, links, time, how it was read. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast
from zoneinfo import ZoneInfo

from watcher.alert import incidents, links
from watcher.alert.events import document_of
from watcher.alert.moves import Json, shorten, string
from watcher.alert.words import KINDS, PORTALS, REACHED, pick, stage
from watcher.types import Event, Message, MessageLink, Severity
from watcher.words import Language

TITLE: Final = 120
"""Characters of a document's title that a message shows."""
WORD: Final = 40
"""Characters of a region, a portal's name and other single words."""


def json_object(value: object) -> Json:
    """The JSON object, or an empty one for anything else."""
    return cast(Json, value) if isinstance(value, Mapping) else {}


class Parts:
    """An event's data in one language, ready to be put into a message."""

    def __init__(self, event: Event, language: Language, base: str, zone: ZoneInfo) -> None:
        self.event = event
        self.data: Json = event.data
        self.language = language
        self.base = base
        self.zone = zone

    def tr(self, chinese: str, english: str) -> str:
        """The text in the message's language."""
        return chinese if self.language == "zh" else english

    def count(self, number: int, chinese: str, english: str) -> str:
        """A number with its noun: 3项, ``3 items``; ``english`` is the singular."""
        return self.tr(f"{number}{chinese}", f"{number} {english}{'' if number == 1 else 's'}")

    @property
    def colon(self) -> str:
        """Between a label and what it labels."""
        return self.tr("：", ": ")

    def text(self, key: str) -> str:
        """A field of the data as one line, ``""`` where it is missing."""
        return string(self.data.get(key))

    def kind(self) -> str:
        """What kind of message it is, in words; of another stage which one."""
        if self.event.type == "document.stage_changed":
            reached = REACHED.get(string(json_object(self.data.get("to")).get("stage")))
            if reached:
                return pick(reached, self.language)
        return pick(KINDS[self.event.type], self.language)

    def name(self) -> str:
        """The document's title, in Chinese with 《》 unless it names a plan in 《》 itself; the id of what has none (a channel)."""
        title = shorten(self.text("title"), TITLE)
        if self.ours():
            return title if self.text("kind") == "channel-dead" else ""
        if self.site:
            return self.tr(f"{title} 的{self.pages}个页面", f"{self.count(self.pages, '', 'page')} of {title}")
        if self.listed():
            return self.tr(f"栏目“{title}”", f"column {title}") if title else ""
        if self.language == "zh" and title and "《" not in title:
            return f"《{title}》"
        return title or shorten(self.text("document"), TITLE)

    def ours(self) -> bool:
        """Whether an incident is one of the product itself: no document, no page at a government."""
        return self.event.type.startswith("incident.") and self.text("kind") in incidents.OURS

    @property
    def site(self) -> str:
        """The site that an incident is about, ``""`` for that of one page."""
        return self.text("site")

    @property
    def pages(self) -> int:
        """How many pages of a site an incident is about."""
        count = self.data.get("pages")
        return count if isinstance(count, int) else 0

    def listed(self) -> bool:
        """Whether the event is about a column and not about a document."""
        return bool(self.text("column")) and self.text("column") == self.text("document")

    def message(
        self,
        summary: str,
        *,
        facts: tuple[str, ...] = (),
        severity: Severity = "info",
        title: str = "",
        extra: tuple[MessageLink, ...] = (),
    ) -> Message:
        """A message of the event with the shared parts filled in."""
        name = self.name()
        return Message(
            kind=self.event.type,
            title=title or (f"{self.kind()}{self.colon}{name}" if name else self.kind()),
            summary=self.sentence(summary),
            place=self.place(),
            facts=tuple(map(self.sentence, facts)),
            links=(*extra, *self.links()),
            footer=self.footer(),
            severity=severity,
            language=self.language,
            thread=document_of(self.event),
        )

    def sentence(self, text: str) -> str:
        """The text as a line of its own: English ones begin with a capital."""
        return text if self.language == "zh" or text.startswith("watcher") else text[:1].upper() + text[1:]

    def place(self) -> str:
        """Region and stage; both stages where they differ."""
        ends = [stage(json_object(self.data.get(end)).get("stage"), self.language) for end in ("from", "to")]
        stages = list(dict.fromkeys(word for word in ends if word)) or [stage(self.data.get("stage"), self.language)]
        return " · ".join(part for part in (shorten(self.text("region"), WORD), " → ".join(stages)) if part)

    def links(self) -> tuple[MessageLink, ...]:
        """Our page of the document and the government's."""
        found = []
        document = self.text("document")
        known = document and self.text("title") and not (self.ours() or self.listed() or self.site)
        page = self.text("page_link") or (links.document_path(document) if known else "")
        if page.startswith("/") and (own := links.join(self.base, page)):
            found.append(MessageLink(self.tr("文件页", "Document"), own))
        elif self.event.type.startswith("incident.") and (own := links.join(self.base, links.INCIDENTS)):
            found.append(MessageLink(self.tr("全部异常", "All incidents"), own))
        if url := self.text("url"):
            found.append(
                MessageLink(self.tr("其中一页", "One of them") if self.site else self.tr("原文", "Original"), url)
            )
        return tuple(found)

    def moment(self, value: object) -> str:
        """An instant in the reader's time zone, to the minute; ``""`` for what is none."""
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return ""
        if not isinstance(value, datetime) or value.tzinfo is None:
            return ""
        return value.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def footer(self) -> str:
        """When it was fetched (or happened) and how it was read."""
        when = self.moment(self.event.timestamp)
        if "read" not in self.data and "to" not in self.data:
            return when
        seen = json_object(self.data.get("to")).get("seen_at") or self.data.get("seen_at")
        fetched = self.tr("抓取于 ", "Fetched ") + (self.moment(seen) or when)
        return self.tr("；", "; ").join([fetched, *self.how_read()])

    def how_read(self) -> list[str]:
        """Template, format, and what makes the text doubtful."""
        read = json_object(self.data.get("read"))
        if not read:
            return []
        portal = shorten(string(read.get("portal")), WORD)
        known = PORTALS.get(portal)
        form = shorten(string(read.get("format")), WORD)
        if form and form not in ("html", "txt"):
            way = self.tr(f"{form.upper()} 文件", f"the reader of {form.upper()} files")
        else:
            way = pick(known, self.language) if known else self.tr(f"{portal} 模板", f"{portal} template")
        files = read.get("files")
        if isinstance(files, list | tuple) and files:
            kinds = sorted({shorten(string(file), WORD).upper() for file in files} - {""})
            listed = self.tr("、", ", ").join(kinds)
            count = self.count(len(files), "个附件", "attachment")
            way += self.tr(f"，连同{count}（{listed}）", f" with {count} ({listed})")
        parts = [self.tr("读取方式：", "read by ") + way]
        if read.get("degraded") is True:
            parts.append(self.tr("正文为推断所得，请核对原文", "body guessed, please check the original"))
        if read.get("suspect") is True:
            parts.append(self.tr("编码可疑，可能有乱码", "encoding doubtful, characters may be wrong"))
        return parts
