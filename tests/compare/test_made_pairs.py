"""Made plans, moved from draft to final as real ones are: every true move is found, none is invented."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.compare.patching import apply
from watcher.compare import compare
from watcher.indicators import extract
from watcher.read import read
from watcher.types import Move, Reading

CASES = sorted((Path(__file__).parents[1] / "cases" / "compare").iterdir())


def _read(file: Path) -> Reading:
    kind = "text/html; charset=utf-8" if file.suffix == ".html" else None
    return read(file.read_bytes(), content_type=kind)


def _text(move: Move, side: str) -> str | None:
    indicator = move.before if side == "before" else move.after
    return indicator.text if indicator else None


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_every_true_move_is_found_and_none_is_invented(folder: Path) -> None:
    before, after = (_read(next(folder.glob(f"{side}.*"))) for side in ("before", "after"))
    change = compare(before, after, extract(before), extract(after))
    assert apply(before.text, change.edits) == after.text
    wanted = yaml.safe_load((folder / "moves.yaml").read_text("utf-8"))["moves"]
    found = list(change.moves)
    missing = []
    for label in wanted:
        hit = next((move for move in found if _fits(move, label)), None)
        if hit is None:
            missing.append(label)
        else:
            found.remove(hit)
    assert (missing, found) == ([], [])


def _fits(move: Move, label: dict[str, object]) -> bool:
    """``effect: "*"`` accepts any direction word, ``loose`` a value and a name that only contain the label's."""
    loose = bool(label.get("loose"))
    name, wanted = move.name, str(label["name"])
    if (wanted not in name and name not in wanted) if loose else name != wanted:
        return False
    if label["year"] not in ("*", move.year) or move.kind != label["kind"]:
        return False
    if label["effect"] == "*":
        if move.effect not in ("raised", "lowered", "tightened", "relaxed"):
            return False
    elif move.effect != label["effect"]:
        return False
    for side in ("before", "after"):
        said, expected = _text(move, side), label[side]
        if loose:
            if (said is None) != (expected is None) or (
                said and str(expected)[:2] not in said and said not in str(expected)
            ):
                return False
        elif said != expected:
            return False
    origin = (move.after or move.before).origin if (move.after or move.before) else None  # type: ignore[union-attr]
    return "origin" not in label or origin == label["origin"]
