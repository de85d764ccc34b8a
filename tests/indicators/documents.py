"""The labelled documents: the project's seeds read as the product reads them, and plans written for these tests."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from watcher.types import Block, Reading

ROOT = Path(__file__).parents[2]
LABELS = ROOT / "tests" / "labels"
CASES = ROOT / "tests" / "cases" / "indicators"
_HEADING = re.compile(
    r"^(?:第[一二三四五六七八九十]+[章节]|[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）)[^。；]{0,38}$"
)
_MARKED = re.compile(r"(#+)\s*(.*)")


def reading_of(text: str) -> Reading:
    """A reading of a plain text: one block a line, ``#`` the title, ``##`` chapters; unmarked headings by their numbers."""
    blocks: list[Block] = []
    title = ""
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        marked = _MARKED.match(line)
        if marked:
            depth = len(marked[1])
            title = marked[2] if depth == 1 else title
            blocks.append(Block("heading", marked[2], max(1, depth - 1)))
        elif _HEADING.match(line):
            blocks.append(Block("heading", line, 2 if "节" in line[:4] or line[0] == "（" else 1))
        else:
            blocks.append(Block("paragraph", line))
    return Reading("document", title, tuple(blocks))


def cases(labels: str = "labels.csv") -> list[str]:
    """The names of the plans written for the tests: with labels of their running text, or of their tables (``tables.csv``)."""
    return sorted(folder.name for folder in CASES.iterdir() if (folder / labels).is_file())


@cache
def case(name: str) -> Reading:
    """One plan written for the tests; a page, or a text without ``#`` marks, goes through the reading room."""
    from watcher.read import read

    page, text = CASES / name / "page.html", CASES / name / "text.txt"
    if page.is_file():
        return read(page.read_bytes())
    body = text.read_text("utf-8")
    return reading_of(body) if body.startswith("#") else read(text.read_bytes())


@cache
def seed(number: str) -> Reading:
    """One of the seeds, through the reading room."""
    from watcher.read import read

    path = next((ROOT / "seeds").glob(f"{number}_*"))
    return read(path.read_bytes())
