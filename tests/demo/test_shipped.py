"""What the repository ships and what the demo plays are the same five documents."""

from __future__ import annotations

from pathlib import Path

from watcher.demo.portal import Portal
from watcher.sources import load


def test_sources_yaml_watches_the_documents_that_the_portal_plays(root: Path, seeds: Path) -> None:
    shipped = load(root / "sources.yaml")
    assert {document.id for document in shipped.documents} == set(Portal(seeds).documents)
    assert all((root / page.url.removeprefix("file:")).is_file() for one in shipped.documents for page in one.pages)


def test_the_columns_to_start_from_are_off_until_somebody_looked_at_them(root: Path) -> None:
    text = (root / "sources.yaml").read_text(encoding="utf-8")
    assert load(root / "sources.yaml").columns == ()
    assert text.count("enabled: false") >= 30
    assert "UNVERIFIED" in text
