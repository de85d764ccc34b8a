"""What belongs to a page: its files and the further parts of its article, or why they cannot be had, and what the last version had of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from watcher import drawers
from watcher.decoding import decode
from watcher.errors import FetchError
from watcher.fetch.verdict import judge
from watcher.pipeline.bringing import fetch
from watcher.pipeline.context import Context
from watcher.pipeline.examine import JUDGED, PART
from watcher.read.page import looks_like_html
from watcher.read.reader import is_binary
from watcher.read.webarchive import page_in
from watcher.settings import DocumentSource
from watcher.store import Head
from watcher.store.content import About
from watcher.types import Attachment, Fetched, Reading
from watcher.words import both, told

MAX_ATTACHMENTS = 12
MAX_PARTS = 50
"""Parts of a split article that are joined."""
_KNOWN = frozenset(("doc", "docx", "pdf", "xls", "xlsx", "wps", "et", "ofd", "zip", "txt", "rtf", "odt", "ods"))
_NEVER_PAGES = frozenset(("", "pdf", "docx", "xlsx", "ofd", "zip", "rar", "odt", "ods", "csv"))
"""Formats as which no office program saves a web page, as it does under .doc, .wps and .xls; ``""`` is an unknown one."""


@dataclass(frozen=True, slots=True)
class FetchedAttachment:
    """An attachment of a page: its bytes, or why there are none."""

    attachment: Attachment
    fetched: Fetched | None
    note: str = ""
    lost: bool = False
    """It cannot be had any more; ``fetched`` is what the last version has of it."""


async def files_of(
    context: Context, plan: DocumentSource, about: About, last: Head | None
) -> tuple[FetchedAttachment, ...]:
    """The files of a page that a drawer can read, each fetched through the gate; what fails is noted, never lost.

    Where a file cannot be had, or a page came in its place, what the last version has of it stands: an outage is no edit.
    """
    known = _KNOWN.union(drawers.names("formats"))
    found: list[FetchedAttachment] = []
    for one in about.attachments[:MAX_ATTACHMENTS]:
        if one.format and one.format not in known:
            found.append(
                FetchedAttachment(
                    one,
                    None,
                    both(f"不读取 {one.format} 格式", f"format {one.format} is not read"),
                )
            )
            continue
        answer: Fetched | None = None
        try:
            answer = await fetch(context, one.url, plan.network, found=True)
            note = file_trouble(answer, one.format)
        except FetchError as error:
            note = error.both
        if note:
            answer = earlier(context, last.version_id, one) if last is not None else None
        found.append(FetchedAttachment(one, answer, note, lost=bool(note) and answer is not None))
    return tuple(found)


async def parts_of(context: Context, plan: DocumentSource, about: About) -> tuple[FetchedAttachment, ...]:
    """The further parts of a split article. Raises ``FetchError``: half an article is not a reading."""
    found: list[FetchedAttachment] = []
    for number, url in enumerate(about.pages[:MAX_PARTS], start=2):
        answer = await fetch(context, url, plan.network, found=True)
        if trouble := part_trouble(answer):
            zh, en = told(trouble, "zh"), told(trouble, "en")
            raise FetchError(
                both(f"第 {number} 页：{zh}", f"part {number}: {en}"),
                kind="protocol",
                url=url,
                transient=True,
            )
        found.append(FetchedAttachment(Attachment(f"part {number}", url, PART), answer))
    return tuple(found)


def noted(attachments: tuple[FetchedAttachment, ...], reading: Reading | None) -> tuple[FetchedAttachment, ...]:
    """Attachments with the reason why one of them could not be read."""
    said = {} if reading is None else {one.text: one.reason for one in reading.dropped}
    return tuple(replace(one, note=one.note or said.get(one.attachment.name, "")) for one in attachments)


def with_bytes(attachments: tuple[FetchedAttachment, ...]) -> tuple[tuple[Attachment, bytes], ...]:
    """Those that can be read, with what is in them."""
    return tuple((one.attachment, one.fetched.body) for one in attachments if one.fetched is not None)


def file_trouble(answer: Fetched, kind: str) -> str:
    """Why an answer is not the file of this format that was asked for, ``""`` where it may be: never a page in its place."""
    if answer.status >= 300:
        return f"HTTP {answer.status}"
    if is_binary(answer.body) or page_in(answer.body):
        return ""
    text = _text(answer)
    judgement = judge(answer, text, None, None)
    if judgement.verdict != "document":
        return judgement.reason
    if kind in _NEVER_PAGES and looks_like_html(text):
        return both("返回的是网页,不是文件", "a web page came, not the file")
    return ""


def part_trouble(answer: Fetched) -> str:
    """Why an answer is not the further part of an article that was asked for, ``""`` where it may be."""
    if answer.status != 200:
        return f"HTTP {answer.status}"
    judgement = judge(answer, _text(answer), None, None)
    return "" if judgement.verdict in ("document", "empty") else judgement.reason


def _text(answer: Fetched) -> str:
    return decode(answer.body, answer.headers.get("content-type")).text[:JUDGED]


def earlier(context: Context, version_id: int, wanted: Attachment) -> Fetched | None:
    """The file as a version has it: by its address, else by its name; ``None`` where it has none."""
    had = [one for one in context.store.versions.attachments(version_id) if one["snapshot_id"] is not None]
    same = [one for one in had if one["url"] == wanted.url] or [one for one in had if one["name"] == wanted.name]
    if not same:
        return None
    kept = context.store.snapshots.get(same[0]["snapshot_id"])
    return Fetched(kept.url, kept.url, kept.status, kept.headers, kept.body, kept.fetched_at)
