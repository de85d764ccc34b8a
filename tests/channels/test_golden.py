"""Every kind of event on every channel looks as it was read and found good; WATCHER_GOLDEN=1 writes the files anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.channels.rendering import RENDER, render
from tests.channels.samples import samples
from watcher import drawers
from watcher.words import Language

CASES = Path(__file__).parent.parent / "cases" / "channels"
EVENTS = samples()
WEBHOOK_ONLY = {"document.changed", "document.stage_changed", "incident.opened", "test"}
"""The webhook posts data as it is: a few of them show its shape."""
ENGLISH = (
    "document.changed",
    "consultation.closing",
    "incident.opened",
    "digest",
    "document.gone",
    "link.proposed",
    "test",
)
SUFFIX = {"slack": "json", "teams": "json", "feishu": "json", "ntfy": "json", "webhook": "json"}

WANTED: list[tuple[str, str, Language]] = [
    (kind, name, "zh") for kind in RENDER for name in EVENTS if kind != "webhook" or name in WEBHOOK_ONLY
]
WANTED += [("console", name, "en") for name in EVENTS if name not in ("hostile", "long")]
WANTED += [(kind, name, "en") for kind in RENDER if kind not in ("console", "webhook") for name in ENGLISH]


def test_every_channel_is_rendered() -> None:
    assert set(RENDER) == set(drawers.names("channels"))


@pytest.mark.parametrize(("kind", "name", "language"), WANTED)
def test_a_message_reads_as_its_golden_file(kind: str, name: str, language: Language) -> None:
    file = CASES / kind / f"{name}.{language}.{SUFFIX.get(kind, 'txt')}"
    text = render(kind, EVENTS[name], language)
    if os.environ.get("WATCHER_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(RENDER))
def test_no_golden_file_is_left_over(kind: str) -> None:
    wanted = {f"{name}.{language}" for own, name, language in WANTED if own == kind}
    assert {file.name.rpartition(".")[0] for file in (CASES / kind).iterdir()} == wanted
