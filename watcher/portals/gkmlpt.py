"""gkmlpt, the disclosure platform of Guangdong: ``window._CONFIG`` with ``SID`` and ``TREE``, addresses ``/gkmlpt/content/…/post_N.html``."""

from __future__ import annotations

from watcher.portals._family import Source

RANK = 15
BODY: tuple[str, ...] = (".article-content", "#zoomcon", ".content-article")
DROP: tuple[str, ...] = (".share", ".article-related", ".qrcode")
TITLE: tuple[str, ...] = ("h1.title", ".article-title", "h1")
HEAD: tuple[str, ...] = (".classify", "table.classify", ".doc-info")
FILES: tuple[str, ...] = (".nfw-cms-attachment", ".attachment")


def recognises(page: Source) -> bool:
    """By its configuration script."""
    return page.has("window._CONFIG", "/gkmlpt/") and page.has("article-content", "gkmlpt")
