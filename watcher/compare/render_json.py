"""The JSON shape of a diff (README, "JSON")."""

from __future__ import annotations

from watcher.types import Change, Edit, Indicator, Move, VersionRef

Json = dict[str, object]


def to_json(change: Change, document: str, from_ref: VersionRef, to_ref: VersionRef) -> Json:
    """``{"document", "from", "to", "moves", "edits"}`` with JSON types only; instants are ISO 8601 with offset."""
    return {
        "document": document,
        "from": ref_json(from_ref),
        "to": ref_json(to_ref),
        "moves": [move_json(move) for move in change.moves],
        "edits": [edit_json(edit) for edit in change.edits],
    }


def ref_json(ref: VersionRef) -> Json:
    """One version's reference."""
    return {"version": ref.version, "stage": ref.stage, "seen_at": ref.seen_at.isoformat(), "url": ref.url}


def move_json(move: Move) -> Json:
    """One move; a side that is missing is null."""
    return {
        "name": move.name,
        "key": move.key,
        "year": move.year,
        "unit": move.unit,
        "kind": move.kind,
        "effect": move.effect,
        "before": _side(move.before),
        "after": _side(move.after),
    }


def _side(side: Indicator | None) -> Json | None:
    if side is None:
        return None
    return {
        "op": side.op,
        "value": side.value,
        "text": side.text,
        "nature": side.nature,
        "quote": side.quote,
        "name": side.name,
        "unit": side.unit,
        "year": side.year,
        "role": side.role,
        "origin": side.origin,
        "section": side.section,
        "start": side.start,
        "end": side.end,
        "disputed": side.disputed,
    }


def edit_json(edit: Edit) -> Json:
    """One text edit; ``before_at`` and ``after_at`` are character ranges in the two texts."""
    return {
        "kind": edit.kind,
        "section": edit.section,
        "label": edit.label,
        "before": edit.before,
        "after": edit.after,
        "spans": [[kind, text] for kind, text in edit.spans],
        "before_at": list(edit.before_at),
        "after_at": list(edit.after_at),
    }
