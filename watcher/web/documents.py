"""文件: the list, a document's story, its text, its snapshots."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from watcher.decoding import decode
from watcher.web import asked, diffing, story
from watcher.web.diffing import Piece
from watcher.web.reply import answer, download, page, site_of

ROWS = 40
LINES = 80
"""Indicators on one page of a document."""
LEAF = 18_000
"""Characters of text on one page."""


def index(request: Request) -> Response:
    """All documents, the one with the newest version first."""
    site = site_of(request)
    region, text = asked.word(request, "region"), asked.word(request, "q")
    with site.open() as store:
        rows, following = asked.documents(request, store, "before", ROWS)
        data = {
            "rows": rows,
            "next": following,
            "unread": store.pages.unread() if not (region or text or request.query_params.get("before")) else [],
            "regions": store.pages.regions(limit=200),
            "stages": asked.STAGES,
            "filtered": any(request.query_params.get(name) for name in ("q", "region", "stage")),
        }
    return page(request, "documents.html", data, title="文件")


def show(request: Request) -> Response:
    """A document's story."""
    site = site_of(request)
    with site.open() as store:
        about = asked.document_of(request, store)
        below = asked.cursor(request, "below")
        log, older = asked.leaf(store.pages.log(about["id"], below=below, limit=21), 20, "number")
        version = asked.newest(store, about["id"])
        history = store.pages.history(about["id"]) if version else []
        attachments = store.versions.attachments(version.id) if version else []
        sources = store.pages.sources(document_id=about["id"], limit=20)
    lines = story.lines(version.indicators, history) if version else []
    first = asked.cursor(request, "row", 0)
    return page(
        request,
        "document.html",
        {
            "about": about,
            "log": log,
            "older": older,
            "version": version,
            "lines": lines[first : first + LINES],
            "row": first,
            "more": first + LINES if len(lines) > first + LINES else None,
            "total": len(lines),
            "attachments": attachments,
            "sources": sources,
        },
        title=about["title"],
    )


def text(request: Request) -> Response:
    """A version's text with its outline, in pages; ``?at=start-end`` shows and marks a place."""
    site = site_of(request)
    with site.open() as store:
        about = asked.document_of(request, store)
        version = asked.version_of(store, about["id"], str(request.path_params["number"]))
    reading = version.reading
    at = asked.offsets(request, len(reading.text))
    pieces = list(diffing.pieces(reading))
    starts = _leaves(pieces)
    number = asked.cursor(request, "part", 1) - 1
    if at is not None:
        number = bisect_right(starts, at[0]) - 1
    number = max(0, min(number, len(starts) - 1))
    begin = starts[number] if starts else 0
    end = starts[number + 1] if number + 1 < len(starts) else len(reading.text) + 1
    data = {
        "about": about,
        "version": version,
        "blocks": _shown(pieces, begin, end, at),
        "outline": _outline(pieces, starts),
        "part": number + 1,
        "parts_total": len(starts),
        "at": at,
    }
    return page(request, "text.html", data, title=about["title"])


def _leaves(pieces: Sequence[Piece]) -> list[int]:
    """Offsets at which the pages of a text begin: whole pieces, at a heading where one is near."""
    starts, last = [0], 0
    for one in pieces:
        heading = one.kind == "heading" and one.start - last > LEAF * 2 // 3
        if one.start > last and (one.start + len(one.text) - last > LEAF or heading):
            starts.append(one.start)
            last = one.start
    return starts


def _shown(pieces: Sequence[Piece], begin: int, end: int, at: tuple[int, int] | None) -> list[dict[str, Any]]:
    """What one page of a text shows, with the place that was asked for marked."""
    found = []
    marks = [at] if at else []
    for one in pieces:
        if not begin <= one.start < end:
            continue
        rows: list[list[Markup]] = []
        offset = one.start
        for line in one.text.split("\n") if one.kind == "table" else ():
            cells = []
            for cell in line.split("\t"):
                cells.append(diffing.marked(cell, marks, offset))
                offset += len(cell) + 1
            rows.append(cells)
        found.append(
            {
                "kind": one.kind,
                "level": max(2, min(one.level + 2, 6)),
                "body": "" if rows else diffing.marked(one.text, marks, one.start),
                "rows": rows,
                "start": one.start,
                "hit": at is not None and one.start <= at[0] < one.start + max(len(one.text), 1),
            }
        )
    return found


def _outline(pieces: Sequence[Piece], starts: list[int]) -> list[dict[str, Any]]:
    found = [
        {"text": one.text[:60], "level": min(one.level, 3), "start": one.start, "part": bisect_right(starts, one.start)}
        for one in pieces
        if one.kind == "heading"
    ]
    return found[:160]


def snapshot(request: Request) -> Response:
    """The bytes as fetched, to be saved; ``?as=text`` shows them decoded, as plain text in a sandbox."""
    with site_of(request).open() as store:
        about = asked.document_of(request, store)
        number = asked.number(str(request.path_params["snapshot"]))
        if not store.pages.snapshot_of(about["id"], number):
            raise asked.missing("no such snapshot")
        found = store.snapshots.get(number)
    if request.query_params.get("as") == "text":
        plain = decode(found.body, found.headers.get("content-type")).text
        return answer(
            request, plain.encode("utf-8", "replace"), "text/plain; charset=utf-8",
            headers={"content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'"},
        )  # fmt: skip
    name = f"{about['id']}-{found.fetched_at:%Y%m%dT%H%M%S}.bin"
    return download(request, found.body, "application/octet-stream", name)
