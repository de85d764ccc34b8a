"""Each member has a case: a file as a portal offers it, and beside it what must be read from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from watcher import drawers
from watcher.errors import FormatError
from watcher.formats import _run
from watcher.types import Block

FOLDER = Path(__file__).parent.parent / "cases" / "formats"
CASES = sorted(path for path in FOLDER.glob("*/*") if path.suffix != ".json")
NEEDS_OFFICE = {"doc", "odf", "wps"}


def told(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    """Blocks as the case files have them."""
    out: list[dict[str, Any]] = []
    for block in blocks:
        item: dict[str, Any] = {"kind": block.kind, "level": block.level, "text": block.text}
        if block.grid is not None:
            item["rows"] = [[cell.text for cell in row] for row in block.grid.rows]
            item["inherited"] = [
                [r, c] for r, row in enumerate(block.grid.rows) for c, cell in enumerate(row) if cell.inherited
            ]
            item["caption"], item["notes"] = block.grid.caption, list(block.grid.notes)
        out.append(item)
    return out


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_case_reads_as_written_beside_it(path: Path) -> None:
    body = path.read_bytes()
    expected = json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8"))
    member = drawers.member("formats", path.parent.name)
    assert member.recognises(body, path.name)
    if "error" in expected:
        with pytest.raises(FormatError) as caught:
            member.blocks(body, name=path.name)
        assert caught.value.kind == expected["error"]
    elif path.parent.name in NEEDS_OFFICE and not _run.found("soffice"):
        check_without_libreoffice(member, body, expected["blocks"])
    else:
        assert told(member.blocks(body, name=path.name)) == expected["blocks"]


def check_without_libreoffice(member: Any, body: bytes, expected: list[dict[str, Any]]) -> None:
    """Smaller helpers lose spans, never words; without any the error names the package to install."""
    if (_run.found("antiword") or _run.found("catdoc")) and not member.__name__.endswith(".odf"):
        read = "".join("".join(block.text for block in member.blocks(body)).split())
        words = {cell for block in expected for row in block.get("rows", []) for cell in row}
        assert all(word in read for word in words)
    else:
        with pytest.raises(FormatError, match="libreoffice-writer-nogui") as caught:
            member.blocks(body)
        assert caught.value.kind == "helper-missing"


def test_every_member_has_a_case() -> None:
    assert {path.parent.name for path in CASES} == set(drawers.names("formats"))
