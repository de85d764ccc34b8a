"""What the replay portal prints: the five seeds taken apart into head fields, paragraphs and tables again.

A seed is the text that somebody once scraped from a page; here the way back is gone, so that the pages of the demo have
real head tables, real cells and real paragraphs. This file may know the seeds one by one: it is the demo's data, not a
rule of the product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TABLE_ENDS = {"预期", "约束", "预期性", "约束性"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the category, how many rows its cell spans (0: a row above spans this one), the other cells."""

    category: str
    span: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a category column. ``repeat_at``: rows before which the header stands once more (a page break)."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    repeat_at: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as a page prints it: paragraphs and tables in their order, and the fields that stand around them."""

    title: str
    parts: tuple[str | Table, ...]
    fields: dict[str, str] = field(default_factory=dict)


def seed(folder: Path, number: str) -> str:
    """The text of the seed whose file begins with ``number``. Raises ``FileNotFoundError`` when it is not there."""
    found = sorted(folder.glob(f"{number}_*.txt"))
    if not found:
        raise FileNotFoundError(f"no seed {number} in {folder}")
    return found[0].read_text(encoding="utf-8")


def lines(text: str) -> list[str]:
    """The lines that hold something, without the white space around them."""
    return [line for line in (line.strip() for line in text.splitlines()) if line]


def between(text: str, start: str, end: str) -> str:
    """What stands from ``start`` (included) to ``end`` (excluded). Raises ``ValueError`` when one is missing."""
    begin = text.index(start)
    return text[begin : text.index(end, begin + len(start))]


def spanned(rows: Iterable[tuple[str, Sequence[str]]]) -> tuple[Row, ...]:
    """Rows with the length of their category cells; ``""`` means: the category of the row above."""
    listed = list(rows)
    out: list[Row] = []
    for number, (category, cells) in enumerate(listed):
        span = 0
        if category:
            span = 1
            while number + span < len(listed) and not listed[number + span][0]:
                span += 1
        out.append(Row(category, span, tuple(cells)))
    return tuple(out)


def flat_rows(cells: Sequence[str]) -> list[list[str]]:
    """Cells of a table that was printed one below the other, cut into rows after every nature (预期, 约束性 …)."""
    rows: list[list[str]] = [[]]
    for cell in cells:
        rows[-1].append(cell)
        if cell in TABLE_ENDS:
            rows.append([])
    return [row for row in rows if row]


def draft(text: str) -> Paper:
    """Seed 000 as its reposting site shows it: everything in paragraphs, the table too."""
    body = lines(text[: text.index("标签:")])
    return Paper(title=body[0], parts=tuple(body[1:]))


def hohhot_final(text: str) -> Paper:
    """The plan of seed 000 (already changed by final.yaml) as the government prints it, its table with real cells."""
    plan = text[text.index("\n呼和浩特市“十四五”") : text.index("标签:")]
    table_text = between(plan, "主??要??指标", "第三章")
    before, after = plan.split(table_text)
    cells = lines(table_text)
    rows: list[tuple[str, list[str]]] = []
    for row in flat_rows(cells[4:]):
        category = "" if row[0].isdigit() else row.pop(0)
        name, *values, nature = row[1:]
        # A row may lack its 2020 cell, or break one cell over two lines.
        pair = ["", values[0]] if len(values) == 1 else [values[0], "".join(values[1:])]
        rows.append((category, [str(len(rows) + 1), name, *pair, nature]))
    table = Table(("类别", "序号", "主要指标", "2020年", "2025年", "指标性质"), spanned(rows))
    paragraphs = [line for line in lines(before) if line != "(征求意见稿)"]
    return Paper(title=paragraphs[0], parts=(*paragraphs, table, *lines(after)))


def shuozhou(text: str) -> Paper:
    """Seed 001: head fields, then the notice and the plan, its table with spanned categories."""
    head, body = re.split(r"主\s*题\s*词:", text, maxsplit=1)
    fields: dict[str, str] = {}
    for line in lines(head)[4:]:
        label, _, value = line.partition(":")
        fields[re.sub(r"\s", "", label)] = value.strip()
    body = body[: body.index("\n附件:")]
    start = body.index("领域\n")
    end = body.index("(一)完善疾病预防控制体系")
    cells = lines(body[start:end])
    rows = [("" if len(row) == 4 else row[0], row[-4:]) for row in flat_rows(cells[5:])]
    table = Table(tuple(cells[:5]), spanned(rows))
    return Paper(title=fields["标题"], parts=(*lines(body[:start]), table, *lines(body[end:])), fields=fields)


def ordos(text: str) -> Paper:
    """Seed 002: the plan alone; its table was pasted from a word processor, header repeated after a page break."""
    start = text.index("\t指标类别")
    end = text.index("\n主要任务及举措\n")
    groups = [
        [cell.strip() for cell in group.splitlines()] for group in re.split(r"\n\n(?=\t)", text[start:end].strip("\n"))
    ]
    cells = [cell for group in groups for cell in group]
    quads = [cells[at : at + 4] for at in range(0, len(cells), 4)]
    header = tuple(quads[0])
    repeats = [number for number, quad in enumerate(quads[1:]) if tuple(quad) == header]
    rows = [(quad[0], quad[1:]) for quad in quads[1:] if tuple(quad) != header]
    repeat_at = tuple(number - before for before, number in enumerate(repeats))
    body = lines(text[:start])
    return Paper(
        title=body[0],
        parts=(*body[1:], Table(header, spanned(rows), repeat_at), *lines(text[end:])),
    )


_HEADING = re.compile(r"(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）])[^\s,，。;；]{2,24}(?= |$)")
_NEXT = re.compile(r" (?=[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|\d{1,2}\.)")


def shangyu(text: str) -> Paper:
    """Seed 003: a head table and one line of text, cut into paragraphs again at its headings and numbers."""
    rows = text.splitlines()
    cells = [cell.strip() for row in rows[2:5] for cell in row.split("|")]
    fields = {
        "索引号": cells[1],
        "公开方式": "主动公开",
        "文号": "",
        "公开日期": "2023-12-21 14:52",
        "发布单位": "区卫生健康局",
    }
    body = next(row for row in rows if len(row) > 1000).rstrip(" |")
    paragraphs: list[str] = []
    for piece in _NEXT.split(body):
        heading = _HEADING.match(piece)
        if heading and heading.end() < len(piece):
            paragraphs += [heading[0], piece[heading.end() :].strip()]
        else:
            paragraphs.append(piece.strip())
    return Paper(title=rows[5].split("|")[0].strip(), parts=tuple(paragraphs), fields=fields)


def ulanqab(text: str) -> Paper:
    """Seed 004: a speech on an essay site."""
    body = lines(text[: text.index("\n221381")])
    return Paper(title=body[1], parts=tuple(body[3:]))
