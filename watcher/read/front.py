"""The front of an article's container, as blocks: head tables, bylines, the page's own copy of the title; what they say becomes facts."""

from __future__ import annotations

import re

from watcher.read import headinfo, labels, printed, titles
from watcher.read.boilerplate import is_chrome
from watcher.read.draft import Draft
from watcher.read.pagehead import dated, is_byline, strong
from watcher.text import squeeze
from watcher.types import Block, Dropped

_FRONT = 30
"""Blocks at most that may belong to a page's head."""
_FIRST = 6


def without_front(blocks: list[Block], draft: Draft) -> list[Block]:
    """Takes head tables, bylines and a page's copy of the title from the front of an article; a title that stands there once stays."""
    at = 0
    found: list[tuple[str, str, str]] = []
    while at < min(len(blocks), _FIRST) and blocks[at].kind != "table" and is_chrome(blocks[at].text, "head"):
        draft.dropped.append(Dropped(blocks[at].text, "phrase"))
        at += 1
    if at < len(blocks) and blocks[at].kind != "table" and is_byline(blocks[at].text):
        found += dated(blocks[at].text)
        draft.dropped.append(Dropped(blocks[at].text, "byline"))
        at += 1
    title, blocks = _without_byline(blocks[at:], draft, found)
    at = 0 if title == 1 and titles.equal(blocks[0].text, draft.title) else title
    kept = blocks[:at]
    while at < min(len(blocks), _FRONT):
        taken = _labelled(blocks, at, draft, found, below=bool(kept))
        block = blocks[at]
        if taken:
            at += taken
            continue
        if block.kind != "table" and is_chrome(block.text, "head"):
            draft.dropped.append(Dropped(block.text, "phrase"))
        elif titles.equal(block.text, draft.title) and _again(blocks, at, draft.title):
            draft.dropped.append(Dropped(block.text, "the page's copy of the title"))
        elif not kept and titles.equal(block.text, draft.title):
            kept = [block]
        else:
            break
        at += 1
    for field, value in labels.collect(found).items():
        draft.facts.setdefault(field, value)
    return kept + blocks[at:]


def _labelled(blocks: list[Block], at: int, draft: Draft, found: list[tuple[str, str, str]], *, below: bool) -> int:
    """Takes the labels and values that stand at one block: how many blocks they are. ``below`` a title only those that no document begins with."""
    block = blocks[at]
    if block.kind == "table":
        pairs = _table_pairs(block)
        found += pairs
        return _dropped(blocks[at : at + 1], "head table", draft) if pairs else 0
    pairs = labels.pairs(labels.parted(block.text)) if len(block.text) <= 400 else []
    field = labels.field_of(block.text) if 2 < len(squeeze(block.text)) <= 24 else None
    if below and not found and not (pairs and strong(pairs)):
        return 0
    if field == "byline":
        return _dropped(blocks[at : at + 1], "metadata", draft)
    value = blocks[at + 1] if at + 1 < len(blocks) else None
    if field is not None and value is not None and len(value.text) <= 120 and value.kind != "table":
        if labels.begins(value.text) or titles.equal(value.text, draft.title) or value.text[-1] in "：:。":
            # Behind 信息名称 stands the title; behind another label it is the document's own.
            return _dropped(blocks[at : at + 1 + (field == "title" and below)], "metadata", draft)
        found.append((field, block.text, value.text))
        return _dropped(blocks[at : at + 2], "metadata", draft)
    if pairs and (found or strong(pairs)):
        found += pairs
        return _dropped(blocks[at : at + 1], "metadata", draft)
    return _dropped(blocks[at : at + _between_labels(blocks, at, draft.title)], "metadata", draft) if found else 0


def _dropped(blocks: list[Block], reason: str, draft: Draft) -> int:
    draft.dropped += [Dropped(block.text, reason) for block in blocks]
    return len(blocks)


def _between_labels(blocks: list[Block], at: int, title: str) -> int:
    """How many blocks of a head table whose labels are not known stand before the next known label or the title; 0 where anything else does."""
    end = at
    while end < min(len(blocks), at + _UNKNOWN) and blocks[end].kind != "table":
        text = blocks[end].text
        known = titles.equal(text, title) or labels.begins(text) or _SALUTES.fullmatch(text) is not None
        if end > at and known:
            return end - at
        if _LABEL.fullmatch(text) and end + 1 < len(blocks) and len(blocks[end + 1].text) <= _VALUE:
            end += 2
        elif len(text) <= 2 * _VALUE and _LABELLED.match(text):
            end += 1
        else:
            return 0
    return 0


_LABEL = re.compile("[\u4e00-\u9fff\\s]{2,8}[:：]")
_LABELLED = re.compile("[\u4e00-\u9fff]{2,6}[:：][^。；]{1,40}$")
_SALUTES = re.compile("各[^。；]{1,80}[:：]")
_UNKNOWN, _VALUE = 10, 40
"""Blocks without a known label in a row of a head table; characters of what stands behind a label there."""


def _without_byline(blocks: list[Block], draft: Draft, found: list[tuple[str, str, str]]) -> tuple[int, list[Block]]:
    """``(lines of the title, blocks)`` without the byline that stands directly below the title, when the container holds both.

    What it says goes to ``found``; the document's number above the byline stays.
    """
    title = titles.run([block.text if block.kind != "table" else "" for block in blocks[:4]], 0, draft.title)
    title = title or int(bool(blocks) and titles.copy_of(draft.title, blocks[0].text))
    at = title
    numbers: list[Block] = []
    while 0 < title <= at < min(len(blocks), title + 8):
        if at == title and blocks[at].kind != "table" and printed.number([blocks[at].text]):
            numbers = blocks[at : at + 1]
            at += 1
            continue
        if blocks[at].kind == "table":
            if not (facts := _table_pairs(blocks[at])):
                break
            found += facts
            draft.dropped.append(Dropped(blocks[at].text, "head table"))
            at += 1
            continue
        rest, posted = headinfo.after_date(labels.parted(blocks[at].text))
        pairs = (labels.pairs(rest) or labels.glued(rest)) if len(rest) <= 300 else []
        if not posted and (day := _DATED.fullmatch(blocks[at].text)):
            posted, pairs = day[1] or day[2] or day[3], []
        elif not posted and not pairs and (day := _BYLINE.fullmatch(blocks[at].text)):
            posted = day[1]
        days = printed.window([blocks[at].text]) if "。" not in blocks[at].text else ("", "")
        found += [(name, "", day) for name, day in zip(("opens", "closes"), days, strict=True) if day]
        if posted:
            found.append(("published_on", "", posted))
        elif not (pairs and strong(pairs)) and not any(days) and not is_chrome(blocks[at].text, "head"):
            break
        found += pairs
        draft.dropped.append(Dropped(blocks[at].text, "byline"))
        at += 1
    return title, blocks[:title] + numbers + blocks[at:]


_DATED = re.compile(
    "((?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2})(?:\\s*[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?)?(?:[^。；，0-9][^。；，]{0,40})?"
    "|((?:19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日)\\s?[/|｜·•]\\s?[^。；，]{1,40}"
    "|[\u4e00-\u9fff]{2,16}\\s?((?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2})(?:\\s*[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?)?"
)
"""A line below the title that begins with a day as sites print it: who posted it and how often it was read goes with it."""


_BYLINE = re.compile(
    "(?:(?:公示|公告|挂网|上网|上线|推送|刊登)(?:日期|时间)[:：]|(?:[^。；，：:]{2,24}\\s)?(?:发布|发表)于|发布|更新|发表|时间|日期|来源|作者)[^。；，：:]{0,12}?((?:19|20)[0-9]{2}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}日?)[^。；，]{0,40}"
)
"""A byline whose labels and values run into each other (``发布2022年3月30日来源X局``)."""


def _again(blocks: list[Block], at: int, title: str) -> bool:
    """Whether the title is printed again within the next lines, with nothing but page lines between."""
    for block in blocks[at + 1 : at + 14]:
        if titles.equal(block.text, title):
            return True
        if not (labels.pairs(block.text) or is_chrome(block.text, "head") or len(block.text) <= 30):
            return False
    return False


def _table_pairs(block: Block) -> list[tuple[str, str, str]]:
    """Labels and values of a head table; ``[]`` when the table is the document's own."""
    if block.grid is None or len(block.grid.rows) > 20:
        return []
    cells = [cell.text for row in block.grid.rows for cell in row if not cell.inherited]
    named = sum(labels.field_of(text) is not None or bool(labels.pairs(text)) for text in cells)
    if named < 2 or named * 3 < sum(bool(text) for text in cells):
        return []
    found: list[tuple[str, str, str]] = []
    at = 0
    while at < len(cells):
        field = labels.field_of(cells[at])
        pairs = labels.pairs(cells[at])
        if pairs and labels.value_of(pairs[-1][2]):
            found += pairs
        elif field is not None or pairs:
            name = field if field is not None else pairs[-1][0]
            value = cells[at + 1] if at + 1 < len(cells) else ""
            if labels.field_of(value) is None and not labels.pairs(value):
                found.append((name, cells[at], value))
                at += 1
        at += 1
    return found
