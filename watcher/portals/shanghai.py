"""Shanghai: ``#ivs_content``; addresses ``/YYYYMMDD/<32 hex>.html``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 60
NEEDLES: tuple[str, ...] = ("ivs_content",)
BODY: tuple[str, ...] = ("#ivs_content", ".Article_content")
DROP: tuple[str, ...] = (".share", "#share", ".qrcode")
TITLE: tuple[str, ...] = ("#ivs_title", ".Article-title", "h1", "h2")
HEAD: tuple[str, ...] = (".xxgk-head", "table.xxgk", ".Gov_xxgk")
FILES: tuple[str, ...] = (".attachment", ".fjxz")


def recognises(page: Source) -> bool:
    """By the id of its article."""
    return page.has(*NEEDLES)
