"""Sites of departments that no family knows but whose article has a name of its own (``.main_con_zw``, ``#artibody``, ``.yMain``)."""

from __future__ import annotations

import re

from watcher.portals._family import Source
from watcher.portals._named import NAMES

RANK = 95
NEEDLES: tuple[str, ...] = tuple(name[1:] for name in NAMES)
BODY: tuple[str, ...] = NAMES
DROP: tuple[str, ...] = (".share", "#share", ".ewm", ".qrcode", ".moe-detail-shuxing")
TITLE: tuple[str, ...] = ("h1",)
HEAD: tuple[str, ...] = (".moe-detail-shuxing",)
FILES: tuple[str, ...] = (".fjlist", ".fujian", ".fj", ".attach", "table.enclosure")

_NAMED = re.compile(
    "<\\w{1,10}\\s(?:[^<>]{0,300}\\s)?(?:class|id)\\s*=\\s*(?:\"[^\"<>]{0,200}?|'[^'<>]{0,200}?|)(?<![\\w-])(?:"
    + "|".join(re.escape(name) for name in NEEDLES)
    + ")(?![\\w-])"
)


def recognises(page: Source) -> bool:
    """By an element of one of these names; a longer name that only begins so (``article_content``) is another one."""
    return page.has(*NEEDLES) and _NAMED.search(page.html) is not None
