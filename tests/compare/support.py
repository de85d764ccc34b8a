"""Small makers of readings and indicators for the tests of this room."""

from __future__ import annotations

from watcher.types import Block, Cell, Grid, Indicator, Nature, Op, Origin, Reading, Role


def reading(text: str) -> Reading:
    """A reading whose blocks are the lines of a text; 第…章 and 第…节 are headings."""
    return Reading("document", "规划", tuple(_block(line) for line in text.split("\n")))


def _block(line: str) -> Block:
    if line.startswith("第") and "章" in line[:5]:
        return Block("heading", line, 1)
    if line.startswith("第") and "节" in line[:5]:
        return Block("heading", line, 2)
    return Block("paragraph", line)


def table(rows: list[list[str]], heads: int = 1) -> Block:
    """A table block without spans."""
    grid = Grid(tuple(tuple(Cell(cell) for cell in row) for row in rows), heads)
    return Block("table", "\n".join("\t".join(row) for row in rows), grid=grid)


def document(*blocks: Block | str) -> Reading:
    """A reading of blocks and lines."""
    return Reading("document", "规划", tuple(_block(b) if isinstance(b, str) else b for b in blocks))


def indicator(
    name: str,
    value: str | None = None,
    unit: str = "",
    *,
    op: Op = "=",
    year: int | str | None = 2025,
    role: Role = "target",
    nature: Nature | None = None,
    origin: Origin = "table",
    section: str = "第二章 主要目标",
    text: str | None = None,
    quote: str | None = None,
    key: str | None = "?",
    start: int = 0,
) -> Indicator:
    """An indicator; ``key`` is looked up in the synonyms unless given."""
    from watcher.lexicon.names import canonical

    said = (
        text
        if text is not None
        else f"{ {'=': '', '>=': '≥', '<=': '≤', '>': '>', '<': '<', '~': '约', 'text': ''}[op] }{value or ''}"
    )
    return Indicator(
        name=name,
        key=canonical(name) if key == "?" else key,
        unit=unit,
        year=year,
        role=role,
        op=op if value is not None else "text",
        value=value,
        text=said,
        nature=nature,
        origin=origin,
        section=section,
        quote=quote if quote is not None else f"{name} {said}{unit}",
        start=start,
        end=start + len(said),
    )
