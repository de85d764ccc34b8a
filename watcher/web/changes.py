"""变动: the newest changes as cards, and what waits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from watcher.alert.links import diff_path
from watcher.alert.moves import weigh
from watcher.alert.reasons import of_link
from watcher.lexicon.names import title
from watcher.store import Store
from watcher.store.shown import LAST
from watcher.web import asked
from watcher.web.figures import MoveView, move_view
from watcher.web.outages import LOOKED, by_site
from watcher.web.reply import language_of, page, site_of
from watcher.web.texts import say
from watcher.words import EFFECT_WORDS, Language, effect_word

CARDS = 15
SHOWN = 6
"""Moves on a card; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Card:
    """One change."""

    row: dict[str, Any]
    moves: tuple[MoveView, ...]
    hidden: int
    link: str
    summary: str
    """``3 项收紧、1 项新增``: what the moves come to, the weightiest first."""


def summary(effects: str | None, language: Language) -> str:
    """The counts of a change's effects (JSON) in words; ``""`` when there are none."""
    counts: dict[str, int] = json.loads(effects) if effects else {}
    order = {name: place for place, name in enumerate(EFFECT_WORDS)}
    parts = [
        say("{n} 项{word}", language, n=counts[name], word=effect_word(name, language))
        for name in sorted(counts, key=lambda name: order.get(name, len(order)))
        if counts[name]
    ]
    return ("、" if language == "zh" else ", ").join(parts)


def cards(store: Store, rows: Sequence[dict[str, Any]], language: Language) -> list[Card]:
    """Rows of changes with their weightiest moves."""
    moves = store.shown.moves_of([row["id"] for row in rows if row["move_count"]])
    found = []
    for row in rows:
        mine = sorted(moves.get(row["id"], ()), key=weigh)
        link = diff_path(row["document_id"], row["from_number"], row["to_number"])
        # "One more" takes as much room as the one.
        views = tuple(move_view(move, language) for move in mine[: len(mine) if len(mine) <= SHOWN + 2 else SHOWN])
        found.append(Card(row, views, len(mine) - len(views), link, summary(row["effects"], language)))
    return found


def home(request: Request) -> Response:
    """The newest changes."""
    site, language = site_of(request), language_of(request)
    before = asked.cursor(request)
    with site.open() as store:
        wanted, unknown = asked.change_filter(request, store)
        rows, following = asked.leaf(store.shown.changes(wanted, before=before, limit=CARDS + 1), CARDS, "id")
        filtered = any(request.query_params.get(name) for name in ("q", "region", "stage", "indicator", "effect"))
        data: dict[str, Any] = {
            "cards": cards(store, rows, language),
            "next": following,
            "filtered": filtered,
            "narrowed": any(request.query_params.get(name) for name in ("region", "stage", "indicator", "effect")),
            "unknown": unknown,
            "first": before == LAST,
            "regions": store.pages.regions(limit=200),
            "names": [title(key) for key, _ in store.pages.keys(limit=150)],
            "effects": asked.EFFECTS,
            "stages": asked.STAGES,
            "links": [{**row, "why": _reasons(row["reasons"], language)} for row in store.pages.proposed(4)],
            "incidents": by_site(store.pages.incidents(limit=LOOKED), 5),
            "queue": store.pages.waiting(),
            "closing": store.pages.consultations(
                first=site.today, last=_later(site.today, 45), limit=5, today=site.today
            ),
            "nothing": not rows and not filtered and not store.pages.documents(limit=1),
        }
    return page(request, "home.html", data)


def _reasons(stored: str | None, language: Language) -> str:
    """Why two documents may be one, in a line."""
    found = json.loads(stored or "[]")
    said = [of_link(str(one), language) for one in found[:4]] if isinstance(found, list) else []
    return ("；" if language == "zh" else "; ").join(said)


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
