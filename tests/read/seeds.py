"""The five documents that the repository carries, with their labels made by hand."""

from __future__ import annotations

import csv
from functools import cache
from html import escape
from pathlib import Path

from watcher.read import read
from watcher.types import Reading

SEEDS = ("000", "001", "002", "003", "004")
_ROOT = Path(__file__).parents[2] / "seeds"
_LABELS = Path(__file__).parent / "labels"


@cache
def body(seed: str) -> bytes:
    (file,) = _ROOT.glob(f"{seed}_*.txt")
    return file.read_bytes()


@cache
def reading(seed: str) -> Reading:
    return read(body(seed))


def labels(name: str, seed: str | None = None) -> list[dict[str, str]]:
    with (_LABELS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if seed is None or row["seed"] == seed]


def expected_characters(seed: str) -> str:
    """The document's characters: the file without the labelled lines and fragments."""
    text = list(body(seed).decode())
    for row in labels("boilerplate", seed):
        start = int(row["offset"])
        text[start : start + int(row["length"])] = [""] * int(row["length"])
    return "".join(text)


def as_html(of: Reading) -> str:
    """A reading as the article of a page."""
    parts = []
    for block in of.blocks:
        if block.grid is None:
            parts.append(f"<p>{escape(block.text)}</p>")
            continue
        rows = "".join(
            "<tr>" + "".join(f"<td>{'' if cell.inherited else escape(cell.text)}</td>" for cell in row) + "</tr>"
            for row in block.grid.rows
        )
        parts.append(f"<table>{rows}</table>")
    return "\n".join(parts)
