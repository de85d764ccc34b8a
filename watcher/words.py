"""Words that the command line and the demo share: the language of texts for people, the names of stages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal


class Options:
    """Options that stand before the command; one set a process."""

    sources = Path("sources.yaml")
    language: Literal["zh", "en"] = "zh"


def tr(zh: str, en: str) -> str:
    """A text in the language that was asked for."""
    return zh if Options.language == "zh" else en


STAGE_WORDS: Mapping[str, tuple[str, str]] = {
    "draft": ("征求意见稿", "draft"),
    "review": ("送审稿", "review"),
    "final": ("印发稿", "final"),
    "amended": ("修订", "amended"),
    "repealed": ("废止", "repealed"),
    "interpretation": ("解读", "interpretation"),
    "other": ("其他", "other"),
}
