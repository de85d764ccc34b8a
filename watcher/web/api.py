"""The JSON API: the shapes of the command line, lists by cursor (``{"items": […], "next": cursor or null}``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from watcher.alert.links import diff_path, document_path
from watcher.compare import render
from watcher.indicators.show import to_json as indicators_json
from watcher.lexicon.names import entries, title
from watcher.read.shape import to_json as reading_json
from watcher.web import asked, plans
from watcher.web.diffs import pair_of
from watcher.web.openapi import DOCUMENT
from watcher.web.reply import json_answer, site_of


def _listed(request: Request, items: Sequence[Any], following: object) -> Response:
    return json_answer(request, {"items": items, "next": following})


def openapi(request: Request) -> Response:
    """The description of all this."""
    return json_answer(request, DOCUMENT)


def documents(request: Request) -> Response:
    """Documents, the newest version first."""
    many = asked.limit(request, 50, 200)
    with site_of(request).open() as store:
        rows, following = asked.documents(request, store, "cursor", many)
    items = [
        {
            "document": row["id"], "title": row["title"], "region": row["region"], "stage": row["stage"], "versions": row["versions"],
            "indicators": row["indicators"], "seen_at": row["seen_at"], "page": document_path(row["id"]),
        }
        for row in rows
    ]  # fmt: skip
    return _listed(request, items, following)


def document(request: Request) -> Response:
    """One document with its addresses."""
    with site_of(request).open() as store:
        about = asked.document_of(request, store)
        sources = store.pages.sources(document_id=about["id"])
        newest = store.pages.log(about["id"], limit=1)
    return json_answer(
        request,
        {
            "document": about["id"], "title": about["title"], "region": about["region"],
            "stage": newest[0]["stage"] if newest else None, "versions": newest[0]["number"] if newest else 0,
            "indicators": newest[0]["indicator_count"] if newest else 0, "seen_at": newest[0]["seen_at"] if newest else None,
            "page": document_path(about["id"]),
            "sources": [
                {name: row[name] for name in ("url", "stage", "verdict", "checked_at", "changed_at", "next_at", "failures")}
                for row in sources
            ],
        },
    )  # fmt: skip


def versions(request: Request) -> Response:
    """Versions of a document, newest first."""
    many = asked.limit(request, 50, 200)
    with site_of(request).open() as store:
        about = asked.document_of(request, store)
        log = store.pages.log(about["id"], below=asked.cursor(request, "cursor"), limit=many + 1)
    rows, following = asked.leaf(log, many, "number")
    items = [
        {
            "version": row["number"], "stage": row["stage"], "cause": row["cause"], "seen_at": row["seen_at"], "url": row["url"],
            "title": row["title"], "indicators": row["indicator_count"], "moves": row["move_count"], "edits": row["edit_count"],
            "effects": json.loads(row["effects"]) if row["effects"] else None,
            "snapshot": f"{document_path(about['id'])}/snapshots/{row['snapshot_id']}",
        }
        for row in rows
    ]  # fmt: skip
    return _listed(request, items, following)


def reading(request: Request) -> Response:
    """The cleaned reading of a version."""
    with site_of(request).open() as store:
        about = asked.document_of(request, store)
        version = asked.version_of(store, about["id"], str(request.path_params["number"]))
    return json_answer(request, reading_json(version.reading))


def indicators(request: Request) -> Response:
    """The indicators of a version (``?version=``, else the newest)."""
    with site_of(request).open() as store:
        about = asked.document_of(request, store)
        which = asked.word(request, "version")
        version = asked.version_of(store, about["id"], which) if which else asked.newest(store, about["id"])
    return json_answer(request, indicators_json(version.indicators) if version else [])


def diff(request: Request) -> Response:
    """Two versions compared (``?from=&to=``: numbers or stages; else the last two)."""
    with site_of(request).open() as store:
        about = asked.document_of(request, store)
        last = store.versions.newest(about["id"], 2)
        if not last:
            raise asked.missing("nothing is stored of this document yet")
        wanted = [asked.word(request, name) for name in ("from", "to")]
        before = asked.version_of(store, about["id"], wanted[0] or str(last[-1].number))
        after = asked.version_of(store, about["id"], wanted[1] or str(last[0].number))
    change = site_of(request).change(before, after)
    return json_answer(request, render.to_json(change, about["id"], before.ref, after.ref))


def pair(request: Request) -> Response:
    """Two versions compared, by the same address as the page's."""
    with site_of(request).open() as store:
        about, before, after = pair_of(request, store)
    return json_answer(
        request, render.to_json(site_of(request).change(before, after), about["id"], before.ref, after.ref)
    )


def changes(request: Request) -> Response:
    """Changes newest first, with their moves."""
    many = asked.limit(request, 20, 100)
    with site_of(request).open() as store:
        wanted, _ = asked.change_filter(request, store)
        found = store.shown.changes(wanted, before=asked.cursor(request, "cursor"), limit=many + 1)
        rows, following = asked.leaf(found, many, "id")
        moves = store.shown.moves_of([row["id"] for row in rows if row["move_count"]])
    items = [
        {
            "id": row["id"], "document": row["document_id"], "title": row["title"], "region": row["region"], "kind": row["kind"],
            "created_at": row["created_at"], "from": {"version": row["from_number"], "stage": row["from_stage"]},
            "to": {"version": row["to_number"], "stage": row["to_stage"], "url": row["url"]}, "moves": moves.get(row["id"], []),
            "edits": row["edit_count"], "effects": json.loads(row["effects"]),
            "page": diff_path(row["document_id"], row["from_number"], row["to_number"]),
        }
        for row in rows
    ]  # fmt: skip
    return _listed(request, items, following)


def keys(request: Request) -> Response:
    """Indicators that stand in a current text."""
    with site_of(request).open() as store:
        found = store.pages.keys()
    items = [
        {"key": key, "name": title(key), "unit": entries()[key].unit if key in entries() else "", "documents": count}
        for key, count in found
    ]
    return _listed(request, items, None)


def key(request: Request) -> Response:
    """One indicator over documents: current values with place, plan and stage."""
    name = str(request.path_params["key"])
    with site_of(request).open() as store:
        ids, following = plans.select(store, request, name, asked.limit(request, 50, 500))
        rows = sorted(store.pages.values(ids, name), key=lambda row: ids.index(row["document_id"]))
    fields = (
        "title",
        "region",
        "stage",
        "name",
        "key",
        "unit",
        "year",
        "role",
        "op",
        "value",
        "text",
        "nature",
        "origin",
        "section",
    )
    items = [
        {"document": row["document_id"], **{one: row[one] for one in fields}, "disputed": bool(row["disputed"])}
        for row in rows
    ]
    return _listed(request, items, following)


def consultations(request: Request) -> Response:
    """Windows that have not closed yet."""
    with site_of(request).open() as store:
        today = site_of(request).today
        rows = store.pages.consultations(first=today, limit=asked.limit(request, 100, 500), today=today)
    fields = ("title", "region", "opens", "closes", "contact", "url")
    return _listed(
        request, [{"document": row["document_id"], **{one: row[one] for one in fields}} for row in rows], None
    )
