"""What came where a file was asked for: the file, or a page that says why there is none; and what the last version had of it."""

from __future__ import annotations

from watcher.decoding import decode
from watcher.fetch.verdict import judge
from watcher.pipeline.context import Context
from watcher.pipeline.examine import JUDGED
from watcher.read.page import looks_like_html
from watcher.read.reader import is_binary
from watcher.read.webarchive import page_in
from watcher.types import Attachment, Fetched
from watcher.words import both

_NEVER_PAGES = frozenset(("", "pdf", "docx", "xlsx", "ofd", "zip", "rar", "odt", "ods", "csv"))
"""Formats as which no office program saves a web page, as it does under .doc, .wps and .xls; ``""`` is an unknown one."""


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
