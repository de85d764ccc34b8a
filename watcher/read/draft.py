"""What the readers of each form (HTML, text, files) hand to the common end: blocks, labelled facts, what was dropped."""

from __future__ import annotations

from dataclasses import dataclass, field

from watcher.types import Attachment, Block, Dropped


@dataclass(slots=True)
class Draft:
    """A document on its way to a Reading; built up by one reader, then frozen by ``watcher.read.finish``."""

    blocks: list[Block] = field(default_factory=list)
    title: str = ""
    """The page's title as printed, ``""`` when only the body can tell."""
    own_title: str = ""
    """The document's own title where it stands apart from the page's."""
    facts: dict[str, str] = field(default_factory=dict)
    """Labelled metadata: field of ``labels.LABELS`` -> printed value."""
    dropped: list[Dropped] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    site: str = ""
    """Name of the site, for the region when nothing else names one."""
