"""指标: the list of keys, one indicator over all places, several plans side by side."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from watcher.lexicon.names import entries, polarity, title
from watcher.store import Store
from watcher.store.pages import NOWHERE
from watcher.web import asked, charts, export, figures, matrix
from watcher.web.reply import download, language_of, page, site_of
from watcher.web.texts import ROLES, say

ROWS = 60
_BETWEEN = re.compile(r"[、，,;；/|\n]")
SORTS = ("place", "target", "baseline")
MOST = 5000
"""Rows of an exported file."""


def index(request: Request) -> Response:
    """All indicators that stand in a current text."""
    text = asked.word(request, "q")
    if text and (key := asked.key_of(text)):
        return RedirectResponse(f"/indicators/{key}", 302)
    with site_of(request).open() as store:
        found = dict(store.pages.keys())
        newest = store.pages.documents(limit=60)
    known = [(entry, found[entry.key]) for entry in entries().values() if entry.key in found]
    known.sort(key=lambda pair: -pair[1])
    return page(request, "indicators.html", {"keys": known, "newest": newest, "asked": text}, title="指标")


def _pack(cursor: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(cursor)).encode()).decode().rstrip("=")


def _unpack(text: str, kinds: tuple[type, ...]) -> tuple[Any, ...] | None:
    if not text:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(text[:400] + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError, UnicodeDecodeError):
        raise asked.bad("after: not one of our cursors") from None
    if not isinstance(found, list) or len(found) != len(kinds):
        raise asked.bad("after: not one of our cursors")
    if not all(isinstance(one, kind) for one, kind in zip(found, kinds, strict=True)):
        raise asked.bad("after: not one of our cursors")
    return tuple(found)


def places_of(request: Request) -> list[str]:
    """The places that are asked for: ``?place=A&place=B`` or ``?place=A、B``."""
    asked_for = [one for text in request.query_params.getlist("place")[:40] for one in _BETWEEN.split(text[:400])]
    return [" ".join(one.split())[:40] for one in asked_for if one.strip()][:40]


def select(store: Store, request: Request, key: str, most: int) -> tuple[list[str], str | None]:
    """Ids of the documents on this page of the matrix, and the cursor of the next one."""
    places = places_of(request)
    after = request.query_params.get("after", "")
    if places:
        regions = [region for one in places for region in store.pages.regions(one, 20)]
        rows = store.pages.values(store.pages.documents_in(regions), key)
        return list(dict.fromkeys(row["document_id"] for row in rows))[:most], None
    sort = asked.one_of(request, "sort", SORTS) or "place"
    if sort == "place":
        start = _unpack(after, (str, str)) or ("", "")
        found = store.pages.placed(key, cursor=start, limit=most + 1)
        ids = [row["id"] for row in found[:most]]
        last = found[most - 1] if len(found) > most else None
        return ids, _pack((last["region"] if last["region"] is not None else NOWHERE, last["id"])) if last else None
    up = request.query_params.get("order") != "down"
    start_at = _unpack(after, (float, int))
    rows = store.pages.ranked(key, sort, up=up, cursor=start_at, limit=3 * most)
    ids, last_row = [], None
    for row in rows:
        if row["document_id"] not in ids:
            if len(ids) == most:
                break
            ids.append(row["document_id"])
        last_row = row
    else:
        if len(rows) < 3 * most:
            return ids, None
    return ids, _pack((last_row["amount"], last_row["id"])) if last_row else None


def show(request: Request) -> Response:
    """One indicator over places and plans."""
    key = str(request.path_params["key"])
    with site_of(request).open() as store:
        ids, following = select(store, request, key, ROWS)
        rows = store.pages.values(ids, key)
        if not rows and key not in entries():
            raise asked.missing("no such indicator")
        unit = matrix.shared_unit(key, rows)
        lines = matrix.plans(rows, ids, unit)
        disputes = _disputes(store, [line for line in lines if line.disputed][:8], key)
    language = language_of(request)
    return page(
        request,
        "indicator.html",
        {
            "key": key,
            "name": title(key),
            "entry": entries().get(key),
            "better": polarity(key),
            "unit": unit,
            "lines": lines,
            "next": following,
            "disputes": disputes,
            "bars": charts.bars(matrix.bars(lines, unit), say("{name}：各地目标值", language, name=title(key))),
            "years": charts.lines(matrix.years(lines), say("{name}：按年份", language, name=title(key))),
            "sort": request.query_params.get("sort", "place"),
            "order": request.query_params.get("order", "up"),
            "places": places_of(request),
        },
        title=title(key),
    )


def _disputes(store: Store, lines: Sequence[matrix.PlanRow], key: str) -> list[dict[str, Any]]:
    """Of each plan that contradicts itself, the places that do, with their quotes."""
    found = []
    for line in lines:
        version = asked.newest(store, line.document_id)
        if version is None:
            continue
        said = [one for one in version.indicators if one.key == key and one.disputed]
        found.append({"line": line, "number": version.number, "said": said[:6]})
    return found


def save(request: Request) -> Response:
    """The matrix as csv or xlsx: one row a value, as printed and in the shared unit."""
    key, form = str(request.path_params["key"]), str(request.path_params["form"])
    language = language_of(request)
    with site_of(request).open() as store:
        ids, _ = select(store, request, key, MOST)
        rows = store.pages.values(ids, key)
    if not rows:
        raise asked.missing("no such indicator")
    unit = matrix.shared_unit(key, rows)
    header = [
        say(one, language)
        for one in ("地区", "文件", "阶段", "年份", "类别", "原文数值", "单位", "统一数值", "性质", "章节", "存疑")
    ]
    header[7] += f"（{unit}）" if unit else ""
    table: list[list[object]] = []
    for row in sorted(
        rows, key=lambda row: (ids.index(row["document_id"]), row["role"] == "target", row["year"] or "")
    ):
        same = figures.aligned(row["value"], row["unit"], unit)
        table.append(
            [
                row["region"], row["title"], row["stage"], row["year"], ROLES[row["role"]][language == "en"], row["text"], row["unit"],
                float(same) if same is not None else None, row["nature"], row["section"], "!" if row["disputed"] else "",
            ]
        )  # fmt: skip
    if form == "csv":
        return download(request, export.to_csv(header, table), "text/csv; charset=utf-8", f"{key}.csv")
    if form == "xlsx":
        return download(request, export.to_xlsx(title(key), header, table), export.XLSX, f"{key}.xlsx")
    raise asked.missing("there are csv and xlsx")


def compare(request: Request) -> Response:
    """Several plans side by side: ``?document=a&document=b``, at most eight."""
    wanted = list(dict.fromkeys(request.query_params.getlist("document")))[:8]
    with site_of(request).open() as store:
        found = [about for one in wanted if (about := store.pages.document(one[:100])) is not None]
        ids = [about["id"] for about in found]
        rows = matrix.compared(store.pages.values(ids), ids) if ids else []
    first = asked.cursor(request, "row", 0)
    data = {
        "documents": found,
        "rows": rows[first : first + 90],
        "more": first + 90 if len(rows) > first + 90 else None,
        "total": len(rows),
        "shared": sum(all(cell is not None for cell in row.cells) for row in rows),
    }
    return page(request, "compare.html", data, title="并排比较")
