"""What a request asks for: numbers, names and filters out of its path and parameters, checked before anything is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, get_args

from starlette.exceptions import HTTPException
from starlette.requests import Request

from watcher.alert.links import document_path
from watcher.lexicon.names import canonical, entries, suggest
from watcher.store import Store, Version
from watcher.store.shown import LAST, ChangeFilter
from watcher.types import Stage

_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_NUMBER = re.compile(r"[0-9]{1,15}")
_WORD = 80
Row = TypeVar("Row", bound=Mapping[str, Any])
STAGES: tuple[str, ...] = get_args(Stage)
EFFECTS = (
    "tightened", "relaxed", "raised", "lowered", "binding", "unbinding", "added", "removed", "restated", "reworded",
)  # fmt: skip


def bad(message: str) -> HTTPException:
    """A request that makes no sense."""
    return HTTPException(400, message)


def missing(message: str) -> HTTPException:
    """There is no such thing."""
    return HTTPException(404, message)


class Moved(Exception):
    """The document turned out to be an edition of another one; ``path`` is where it stands now."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def word(request: Request, name: str) -> str | None:
    """A parameter as one short line; ``None`` when it is empty."""
    found = " ".join(request.query_params.get(name, "").split())[:_WORD]
    return found or None


def one_of(request: Request, name: str, allowed: tuple[str, ...]) -> str | None:
    """A parameter out of a list; 400 for another word."""
    found = word(request, name)
    if found is not None and found not in allowed:
        raise bad(f"{name}: one of {', '.join(allowed)}")
    return found


def cursor(request: Request, name: str = "before", start: int = LAST) -> int:
    """A numeric cursor."""
    found = request.query_params.get(name, "")
    if not found:
        return start
    if not _NUMBER.fullmatch(found):
        raise bad(f"{name}: a number")
    return int(found)


def limit(request: Request, usual: int, most: int) -> int:
    """How many rows are wanted."""
    return max(1, min(cursor(request, "limit", usual), most))


def leaf(rows: Sequence[Row], most: int, key: str) -> tuple[Sequence[Row], Any]:
    """The rows of one page and the cursor of the next one, ``None`` where it is the last. ``rows``: one more than a page holds, if there are."""
    return rows[:most], rows[most - 1][key] if len(rows) > most else None


def document_of(request: Request, store: Store) -> dict[str, Any]:
    """The document of the path; 404 when nothing is stored of it. Raises ``Moved`` for one that was joined to another."""
    document_id = str(request.path_params["id"])
    found = store.pages.document(document_id) if _ID.fullmatch(document_id) else None
    if found is None:
        raise missing("no such document")
    if found["merged_into"]:
        base = "/api/v1" if request.url.path.startswith("/api/") else ""
        raise Moved(base + document_path(found["merged_into"]))
    return found


def number(text: str) -> int:
    """A version number or row id; 404 for anything else."""
    if not _NUMBER.fullmatch(text):
        raise missing("no such number")
    return int(text)


def version_of(store: Store, document_id: str, which: str) -> Version:
    """A version by number or stage (``draft``); 404 with what there is."""
    found = None
    if _NUMBER.fullmatch(which):
        found = store.versions.numbered(document_id, int(which))
    elif which in STAGES:
        found = store.versions.newest_of_stage(document_id, which)
    if found is None:
        raise missing(f"no version {which[:20]!r}")
    return found


def newest(store: Store, document_id: str) -> Version | None:
    """The newest version; ``None`` while nothing could be read."""
    found = store.versions.newest(document_id, 1)
    return found[0] if found else None


def key_of(text: str) -> str | None:
    """The key that a key, a printed name or a part of one means."""
    if text in entries():
        return text
    found = canonical(text)
    if found is None:
        parts = [entry.key for entry in entries().values() if text in entry.name]
        near = suggest(text, 1)
        found = parts[0] if parts else near[0][0] if near else None
    return found


def change_filter(request: Request, store: Store) -> tuple[ChangeFilter, str | None]:
    """The filters of the list of changes, and what of them means nothing here (then nothing is found)."""
    region, indicator, text = (word(request, name) for name in ("region", "indicator", "q"))
    key = key_of(indicator) if indicator else None
    return ChangeFilter(
        document_id=word(request, "document"),
        regions=tuple(store.pages.regions(region)) if region else None,
        stage=one_of(request, "stage", STAGES),
        key=key or indicator,
        effect=one_of(request, "effect", EFFECTS),
        documents=tuple(found_documents(store, text)) if text else None,
    ), indicator if indicator and key is None else None


def found_documents(store: Store, text: str) -> list[str]:
    """Documents whose newest text or title holds the words."""
    return store.versions.search(text, 300)


def documents(request: Request, store: Store, name: str, most: int) -> tuple[Sequence[dict[str, Any]], Any]:
    """One page of the list of documents under its filters, from the cursor called ``name`` on, and the cursor of the next."""
    region, text = word(request, "region"), word(request, "q")
    rows = store.pages.documents(
        before=cursor(request, name),
        limit=most + 1,
        regions=store.pages.regions(region) if region else None,
        stage=one_of(request, "stage", STAGES),
        ids=found_documents(store, text) if text else None,
    )
    return leaf(rows, most, "cursor")


def offsets(request: Request, length: int) -> tuple[int, int] | None:
    """``?at=120-140``: a range of characters of a text; ``None`` when it is not asked for, or lies outside."""
    found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})", request.query_params.get("at", ""))
    if not found:
        return None
    start, end = int(found[1]), int(found[2])
    return (start, end) if start < end <= length else None
