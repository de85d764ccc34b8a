"""对比: any two versions, on the page and as files for a report."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from watcher.alert.links import diff_path
from watcher.alert.moves import weigh
from watcher.compare import render
from watcher.compare.render_markdown import escape
from watcher.store import Store, Version
from watcher.web import asked, diffing, export, pdf
from watcher.web.feeds import base_of
from watcher.web.figures import move_view
from watcher.web.reply import download, language_of, page, shown_day, site_of
from watcher.web.texts import say, stage_word
from watcher.words import Language

MOVES = 30
_PAIR = re.compile(r"([0-9]{1,9})\.\.\.([0-9]{1,9})")


def choose(request: Request) -> Response:
    """``?from=&to=`` (numbers or stages) leads to the address of the pair; without them, the last two versions."""
    with site_of(request).open() as store:
        about = asked.document_of(request, store)
        last = store.versions.newest(about["id"], 2)
        if not last:
            raise asked.missing("nothing is stored of this document yet")
        ends = [last[-1].number, last[0].number]
        for place, name in enumerate(("from", "to")):
            if which := asked.word(request, name):
                ends[place] = asked.version_of(store, about["id"], which).number
    path = diff_path(about["id"], *ends)
    view = request.query_params.get("view")
    return RedirectResponse(path + (f"?view={view}" if view in ("inline", "split") else ""), 302)


def pair_of(request: Request, store: Store) -> tuple[dict[str, Any], Version, Version]:
    """The document and the two versions of the path ``1...2``."""
    about = asked.document_of(request, store)
    found = _PAIR.fullmatch(str(request.path_params["pair"]))
    if found is None:
        raise asked.missing("no such pair of versions")
    before, after = (asked.version_of(store, about["id"], number) for number in found.groups())
    return about, before, after


def show(request: Request) -> Response:
    """Indicators first, then the text."""
    site, language = site_of(request), language_of(request)
    with site.open() as store:
        about, before, after = pair_of(request, store)
        versions = _offered(store.pages.numbers(about["id"], 80), before, after)
    change = site.change(before, after)
    moves = [render.move_json(move) for move in change.moves]
    moves.sort(key=weigh)
    first = asked.cursor(request, "move", 0)
    leaves = diffing.leaves(diffing.hunks(change, after.reading, language))
    leaf = max(1, min(asked.cursor(request, "part", 1), len(leaves) or 1))
    view = asked.one_of(request, "view", ("split", "inline")) or "split"
    return page(
        request,
        "diff.html",
        {
            "about": about,
            "before": before,
            "after": after,
            "versions": versions,
            "headline": render.headline(change, language),
            "moves": [move_view(move, language) for move in moves[first : first + MOVES]],
            "move_total": len(moves),
            "move_more": first + MOVES if len(moves) > first + MOVES else None,
            "hunks": leaves[leaf - 1].hunks if leaves else (),
            "hunk_total": sum(len(one.hunks) for one in leaves),
            "part": leaf,
            "parts_total": len(leaves),
            "view": view,
        },
        title=about["title"],
    )


def _offered(rows: list[dict[str, Any]], *chosen: Version) -> list[dict[str, Any]]:
    """The newest versions to choose from, and the chosen ones whatever their age."""
    known = {row["number"] for row in rows}
    more = {
        one.number: {"number": one.number, "stage": one.stage, "seen_at": one.seen_at.isoformat()} for one in chosen
    }
    return rows + [more[number] for number in sorted(more.keys() - known, reverse=True)]


def save(request: Request) -> Response:
    """The comparison as a file: html, markdown, docx or pdf."""
    site, language = site_of(request), language_of(request)
    with site.open() as store:
        about, before, after = pair_of(request, store)
    change = site.change(before, after)
    form = str(request.path_params["form"])
    name = f"{about['id']}-{before.number}-{after.number}"
    note = f"{said(before, site.zone, language)} → {said(after, site.zone, language)}"
    if form == "html":
        body = render.html(change, language, title=about["title"], note=note).encode()
        return download(request, body, "text/html; charset=utf-8", f"{name}.html")
    if form == "md":
        head = f"# {escape(about['title'])}\n\n{escape(note)}\n\n"
        return download(
            request, (head + render.markdown(change, language)).encode(), "text/markdown; charset=utf-8", f"{name}.md"
        )
    if form == "docx":
        return download(request, export.docx(change, about["title"], note, language), export.DOCX, f"{name}.docx")
    if form == "pdf":
        links = [
            (say("对比", language), base_of(request) + diff_path(about["id"], before.number, after.number)),
            (say("旧文", language), before.url),
            (say("新文", language), after.url),
        ]
        body = pdf.pdf(change, about["title"], note, language, links=links)
        return download(request, body, pdf.PDF, f"{name}.pdf")
    raise asked.missing("there are html, md, docx and pdf")


def said(version: Version, zone: tzinfo, language: Language) -> str:
    """Number, stage and day of a version."""
    number = say("第 {n} 版", language, n=version.number)
    return f"{number} {stage_word(version.stage, language)} {shown_day(version.seen_at, zone)}"
