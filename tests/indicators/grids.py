"""Builds table blocks as readers make them."""

from collections.abc import Sequence

from watcher.types import Block, Cell, Grid, Metadata, Reading


def table(
    rows: Sequence[Sequence[str | None]], *, header_rows: int = 1, caption: str = "", notes: tuple[str, ...] = ()
) -> Block:
    """A table block; ``None`` is a cell that inherits from the one above (or, in the first row, from its left)."""
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        made: list[Cell] = []
        for at, text in enumerate(row):
            if text is None:
                source = made[at - 1].text if not cells else cells[-1][at].text
                made.append(Cell(source, inherited=True))
            else:
                made.append(Cell(text))
        cells.append(tuple(made))
    text = "\n".join("\t".join("" if cell.inherited else cell.text for cell in row) for row in cells)
    return Block("table", text, grid=Grid(tuple(cells), header_rows, caption, notes))


def reading(*blocks: Block, title: str = "某市“十四五”规划", period: str | None = "2021-2025") -> Reading:
    return Reading("document", title, blocks, metadata=Metadata(period=period))
